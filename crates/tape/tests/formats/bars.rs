use std::collections::BTreeMap;

use tickwright_tape::ReadOptions;
use tickwright_types::{Tick, TickKind};

use super::{bundled, files, instrument, options, read, recording, steps, text_of};

const MINUTE: i64 = 60_000_000_000;

fn bars(bar: &str, unit: Option<&str>, tz: Option<&str>) -> ReadOptions {
    options(|o| {
        o.bar = Some(bar.into());
        o.bar_time = Some("open".into());
        o.time_unit = unit.map(str::to_owned);
        o.tz = tz.map(str::to_owned);
    })
}

/// Open time, prices and volume of each bar.
pub(super) fn bars_of(ticks: &[Tick]) -> Vec<(i64, [i64; 4], i64)> {
    ticks
        .chunks_exact(4)
        .map(|bar| {
            let kinds = [TickKind::BarOpen, TickKind::BarHigh, TickKind::BarLow, TickKind::BarClose];
            assert!(bar.iter().zip(kinds).all(|(t, kind)| t.kind() == Some(kind)));
            assert_eq!(bar.iter().map(Tick::is_last).collect::<Vec<_>>(), [false, false, false, true]);
            let prices = std::array::from_fn(|at| bar[at].price_ticks);
            (bar[3].recv_ns - bar[3].id as i64, prices, bar[3].size_lots)
        })
        .collect()
}

/// The bars that trades make: open, high, low, close and volume of each span that has some.
fn aggregated(trades: &[Tick], span_ns: i64) -> Vec<(i64, [i64; 4], i64)> {
    let mut bars: BTreeMap<i64, ([i64; 4], i64)> = BTreeMap::new();
    for t in trades {
        let px = t.price_ticks;
        let (bar, volume) = bars.entry(t.recv_ns / span_ns * span_ns).or_insert(([px; 4], 0));
        *bar = [bar[0], bar[1].max(px), bar[2].min(px), px];
        *volume += t.size_lots;
    }
    bars.into_iter().map(|(open, (prices, volume))| (open, prices, volume)).collect()
}

#[test]
fn freqtrade_trades_make_exactly_the_published_bars() {
    let Some(path) = recording("trades/freqtrade_XRP_ETH_trades.json.gz") else { return };
    let xrp = || instrument("XRPETH", "spot", "0.00000001", "0.00000001");
    let (trades, report) = read("freqtrade-trades", files(&[path]), xrp(), options(|_| ())).unwrap();
    assert_eq!((trades.len(), report.off_lot), (12_477, 0));
    assert_eq!((trades[0].recv_ns, trades[12_476].recv_ns), (1_570_752_011_620_000_000, 1_570_965_568_844_000_000));
    assert_eq!((trades[0].id, trades[0].side, trades[3].side), (13_519_807, 1, 0));
    for (name, span, bar, count) in [("1m", MINUTE, "1m", 2_469), ("5m", 5 * MINUTE, "5m", 706)] {
        let path = recording(&format!("ohlcv/freqtrade_XRP_ETH_{name}.csv.gz")).unwrap();
        let (ticks, _) = read("ohlcv", files(&[path]), xrp(), bars(bar, Some("ms"), None)).unwrap();
        let (published, made) = (bars_of(&ticks), aggregated(&trades, span));
        // The publisher fills spans without trades with the last close and no volume.
        let traded: Vec<_> = published.iter().filter(|bar| bar.2 != 0).copied().collect();
        assert_eq!((published.len(), traded.len()), (count, made.len()), "{name}");
        assert!(traded == made, "{name}");
    }
}

#[test]
fn freqtrade_trades_as_csv_are_read_by_their_header() {
    let Some(path) = recording("trades/freqtrade_orderflow_ETHUSDT_trades.csv.gz") else { return };
    let eth = instrument("ETHUSDT", "linear_perpetual", "0.01", "0.001");
    let (trades, report) = read("freqtrade-trades", files(&[path]), eth, options(|_| ())).unwrap();
    assert_eq!((trades.len(), report.off_lot), (1_000, 0));
    let first = (trades[0].id, trades[0].price_ticks, trades[0].size_lots, trades[0].side);
    assert_eq!(first, (1_206_419_187, 166_680, 26_062, 0));
    assert_eq!((trades[0].recv_ns, trades[999].recv_ns), (1_675_329_600_138_000_000, 1_675_329_807_493_000_000));
}

/// A decimal without the decimals after so many.
fn cut(text: &str, decimals: usize) -> &str {
    let end = text.find('.').map_or(text.len(), |dot| (dot + 1 + decimals).min(text.len()));
    &text[..end]
}

/// A file: name, tick and lot size, decimals of both, bar, unit, zone, bars, first and last open in s.
type File = (&'static str, [&'static str; 2], [usize; 2], ReadOptions, usize, i64, i64);

#[test]
fn every_file_of_bars_is_read_row_by_row_as_it_stands() {
    let files_of_bars: [File; 7] = [
        (
            "btc-perp_1m_2021-12-31_2022-02-01",
            ["0.001", "0.0001"],
            [3, 4],
            bars("1m", None, Some("UTC")),
            45_031,
            1_640_991_660,
            1_643_693_460,
        ),
        (
            "6EH4.XCME_1min_bars_20240101_20240131",
            ["0.00005", "1"],
            [5, 0],
            bars("1m", None, None),
            29_996,
            1_704_150_060,
            1_706_745_540,
        ),
        (
            "EURUSD_1h_2017_2018",
            ["0.00001", "1"],
            [5, 0],
            bars("1h", None, Some("UTC")),
            5_000,
            1_492_592_400,
            1_518_015_600,
        ),
        (
            "GOOG_1d_2004_2013",
            ["0.01", "1"],
            [2, 0],
            bars("1d", None, Some("America/New_York")),
            2_148,
            1_092_888_000,
            1_362_114_000,
        ),
        (
            "freqtrade_XRP_ETH_1m",
            ["0.00000001", "0.00000001"],
            [8, 8],
            bars("1m", Some("ms"), None),
            2_469,
            1_570_752_000,
            0,
        ),
        ("fxcm_gbpusd_m1_bid_2012", ["0.00001", "1"], [5, 0], bars("1m", None, None), 30_117, 1_328_054_400, 0),
        ("fxcm_gbpusd_m1_ask_2012", ["0.00001", "1"], [5, 0], bars("1m", None, None), 30_117, 1_328_054_400, 0),
    ];
    for (name, [tick, lot], decimals, options, count, first_s, last_s) in files_of_bars {
        let Some(path) = recording(&format!("ohlcv/{name}.csv.gz")) else { return };
        let x = instrument("X", "spot", tick, lot);
        let (ticks, report) = read("ohlcv", files(std::slice::from_ref(&path)), x, options).unwrap();
        let bars = bars_of(&ticks);
        // 14 volumes of one file have more decimals than the others.
        assert_eq!((bars.len(), report.off_lot), (count, if name.starts_with("btc-perp") { 14 } else { 0 }), "{name}");
        assert_eq!(bars[0].0, first_s * 1_000_000_000, "{name}");
        assert!(last_s == 0 || bars[count - 1].0 == last_s * 1_000_000_000, "{name}: {}", bars[count - 1].0);
        let text = text_of(&path);
        let units = |tick: &str, decimals| steps(tick, decimals);
        for (row, bar) in text.lines().skip(1).zip(&bars) {
            let fields: Vec<&str> = row.split(',').collect();
            for (at, ticks) in bar.1.iter().enumerate() {
                assert_eq!(ticks * units(tick, decimals[0]), steps(fields[at + 1], decimals[0]), "{name}: {row}");
            }
            let volume = fields.get(5).map_or(0, |text| steps(cut(text, decimals[1]), decimals[1]));
            assert_eq!(bar.2 * units(lot, decimals[1]), volume, "{name}: {row}");
        }
    }
}

#[test]
fn bars_as_json_arrays_are_read_with_their_exponents() {
    let Some(path) = recording("ohlcv/freqtrade_UNITTEST_BTC_1m.json.gz") else { return };
    let btc = instrument("UNITTESTBTC", "spot", "0.00000001", "0.00000001");
    let (ticks, report) = read("ohlcv", files(std::slice::from_ref(&path)), btc, bars("1m", Some("ms"), None)).unwrap();
    let bars = bars_of(&ticks);
    assert_eq!((bars.len(), report.off_lot), (13_681, 0));
    let rows: Vec<[f64; 6]> = serde_json::from_str(&text_of(&path)).unwrap();
    for (row, bar) in rows.iter().zip(&bars) {
        let steps = |value: f64| (value * 1e8).round() as i64;
        assert_eq!((bar.0 / 1_000_000, bar.2), (row[0] as i64, steps(row[5])));
        assert_eq!(bar.1, [row[1], row[2], row[3], row[4]].map(steps));
    }
}

#[test]
fn the_bundled_bars_are_read_exactly() {
    let path = bundled("ohlcv/binance_btcusdt_1m_2026-04.csv.gz");
    let btc = instrument("BTCUSDT", "spot", "0.01", "0.00001");
    let (ticks, report) = read("ohlcv", files(&[path]), btc, bars("1m", Some("ms"), None)).unwrap();
    let bars = bars_of(&ticks);
    assert_eq!((bars.len(), report.off_lot), (3_000, 0));
    assert_eq!(bars[0], (1_776_606_960_000_000_000, [7_590_145, 7_592_859, 7_590_145, 7_592_145], 349_275));
    assert_eq!(bars[2_999].0, 1_776_786_900_000_000_000);
}

#[test]
fn prices_that_were_kept_as_doubles_or_adjusted_are_refused_or_rounded_on_request() {
    let cases = [
        ("freqtrade_XRP_USDT_USDT_5m_futures", "0.0001", bars("5m", Some("ms"), None), (14, 22), 1e4),
        ("AAPL_1d_2013_2023", "0.01", bars("1d", None, Some("America/New_York")), (2, 12), 1e2),
        ("AAPL_1d_with_indicators", "0.01", bars("1d", None, None), (2, 27), 1e2),
    ];
    for (name, tick, options, (line, column), scale) in cases {
        let Some(path) = recording(&format!("ohlcv/{name}.csv.gz")) else { return };
        let x = || instrument("X", "equity", tick, "0.1");
        let err = read("ohlcv", files(std::slice::from_ref(&path)), x(), options.clone()).unwrap_err();
        assert_eq!((err.code(), err.line(), err.column()), ("E_OFF_GRID", Some(line), Some(column)), "{name}: {err}");
        let rounding = ReadOptions { off_grid: Some("round".into()), ..options };
        let (ticks, report) = read("ohlcv", files(std::slice::from_ref(&path)), x(), rounding).unwrap();
        let text = text_of(&path);
        let mut off_grid = 0;
        for (row, bar) in text.lines().skip(1).zip(bars_of(&ticks)) {
            let prices = row.split(',').skip(1).take(4).map(|text| text.parse::<f64>().unwrap() * scale);
            for (exact, ticks) in prices.zip(bar.1) {
                assert!((exact - ticks as f64).abs() <= 0.5 + 1e-6, "{name}: {row}");
                off_grid += u64::from((exact - ticks as f64).abs() > 1e-7);
            }
        }
        assert_eq!(report.rows as usize, text.lines().count() - 1);
        assert!(report.rounded >= off_grid && report.rounded > 0, "{name}: {} rounded, {off_grid}", report.rounded);
    }
}
