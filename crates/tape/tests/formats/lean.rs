use std::collections::BTreeMap;
use std::path::PathBuf;

use tickwright_tape::ReadOptions;
use tickwright_types::{Tick, TickKind};

use super::bars::bars_of;
use super::{files, instrument, options, read, recording};

const S: i64 = 1_000_000_000;

fn zone(tz: &str) -> ReadOptions {
    options(|o| o.tz = Some(tz.into()))
}

fn of_days(folder: &str, days: &[&str], what: &str) -> Option<Vec<PathBuf>> {
    days.iter().map(|day| recording(&format!("lean/{folder}/{day}_{what}.zip"))).collect()
}

/// Open, high, low, close of one side in each span that has ticks.
fn aggregated(ticks: &[Tick], side: u8, span_ns: i64) -> BTreeMap<i64, [i64; 4]> {
    let mut bars: BTreeMap<i64, [i64; 4]> = BTreeMap::new();
    for t in ticks.iter().filter(|t| t.side == side) {
        let px = t.price_ticks;
        let bar = bars.entry(t.recv_ns.div_euclid(span_ns) * span_ns).or_insert([px; 4]);
        *bar = [bar[0], bar[1].max(px), bar[2].min(px), px];
    }
    bars
}

#[test]
fn eurusd_ticks_make_exactly_the_published_second_and_minute_bars() {
    let days = ["20140501", "20140502", "20140505", "20140506"];
    let Some(paths) = of_days("forex-fxcm/tick/eurusd", &days, "quote") else { return };
    let eurusd = || instrument("EURUSD", "fx", "0.00001", "1");
    let mut ticked = zone("-05:00");
    ticked.quote_size = Some("1".into());
    let (ticks, _) = read("lean", files(&paths), eurusd(), ticked).unwrap();
    assert_eq!(ticks.len(), 2 * 308_284);
    for (name, span_ns, count) in [("second", S, 80_610), ("minute", 60 * S, 5_225)] {
        let paths = of_days(&format!("forex-fxcm/{name}/eurusd"), &days, "quote").unwrap();
        let (bars, report) = read("lean", files(&paths), eurusd(), zone("-05:00")).unwrap();
        assert_eq!(report.rows, count, "{name}");
        for side in [0, 1] {
            let published: Vec<Tick> = bars.iter().filter(|t| t.side == side).copied().collect();
            let published: BTreeMap<_, _> = bars_of(&published).into_iter().map(|bar| (bar.0, bar.1)).collect();
            assert_eq!(published.len() as u64, count, "{name}");
            assert!(published == aggregated(&ticks, side, span_ns), "{name}, side {side}");
        }
    }
}

#[test]
fn ibm_trades_and_quotes_of_five_days_are_all_read() {
    let days = ["20131007", "20131008", "20131009", "20131010", "20131011"];
    let Some(trades) = of_days("equity-usa/tick/ibm", &days, "trade") else { return };
    let ibm = || instrument("IBM", "equity", "0.0001", "1");
    let new_york = || zone("America/New_York");
    let (ticks, _) = read("lean", files(&trades), ibm(), new_york()).unwrap();
    assert_eq!(ticks.len(), 126_395);
    // 04:00:30.270 in New York, where summer time held.
    assert_eq!(
        (ticks[0].recv_ns, ticks[0].price_ticks, ticks[0].size_lots),
        (1_381_132_830_270_000_000, 1_815_200, 283)
    );
    let quotes = of_days("equity-usa/tick/ibm", &days, "quote").unwrap();
    let (ticks, report) = read("lean", files(&quotes), ibm(), new_york()).unwrap();
    assert_eq!((report.rows, ticks.len()), (575_589, 575_589));
    assert!(ticks.iter().all(|t| t.kind() == Some(TickKind::Quote) && t.is_last() && t.size_lots > 0));
    for (folder, trade_bars, quote_bars) in [("second", 26_505, 59_650), ("minute", 2_155, 2_853)] {
        for (what, count, records) in [("trade", trade_bars, 4), ("quote", quote_bars, 8)] {
            let paths = of_days(&format!("equity-usa/{folder}/ibm"), &days, what).unwrap();
            let (ticks, report) = read("lean", files(&paths), ibm(), new_york()).unwrap();
            assert_eq!(report.rows, count, "{folder} {what}");
            assert!(ticks.len() as u64 <= count * records && ticks.len() % 4 == 0);
        }
    }
}

/// A zip: name, symbol, kind, tick and lot size, bar, rows.
type Zip = (&'static str, &'static str, &'static str, [&'static str; 2], Option<&'static str>, u64);

#[test]
fn every_other_class_and_resolution_is_read() {
    let fine = "0.00000001";
    let zips: [Zip; 13] = [
        ("equity-usa/hour/aapl", "aapl", "equity", ["0.0001", "1"], Some("1h"), 40_831),
        ("equity-usa/hour/ibm", "ibm", "equity", ["0.0001", "1"], Some("1h"), 40_813),
        ("equity-usa/daily/aapl", "aapl", "equity", ["0.0001", "1"], Some("1d"), 5_849),
        ("equity-usa/daily/ibm", "ibm", "equity", ["0.0001", "1"], Some("1d"), 5_849),
        ("forex-fxcm/hour/eurusd", "eurusd", "fx", ["0.00001", "1"], Some("1h"), 69_928),
        ("forex-fxcm/daily/eurusd", "eurusd", "fx", ["0.00001", "1"], Some("1d"), 3_487),
        ("crypto-bitfinex/hour/btcusd_trade", "btcusd", "spot", [fine, fine], Some("1h"), 733),
        ("crypto-coinbase/daily/btcusd_trade", "btcusd", "spot", [fine, fine], Some("1d"), 1_318),
        ("crypto-coinbase/daily/btcusd_quote", "btcusd", "spot", [fine, fine], Some("1d"), 1_332),
        (
            "cryptofuture-binance/minute/btcusd/20221213_trade",
            "BTCUSD_PERP",
            "inverse_perpetual",
            ["0.1", "1"],
            None,
            1_439,
        ),
        (
            "cryptofuture-binance/minute/btcusd/20221213_quote",
            "BTCUSD_PERP",
            "inverse_perpetual",
            ["0.1", "1"],
            None,
            1_104,
        ),
        (
            "cryptofuture-dydx/minute/btcusd/20260101_trade",
            "BTCUSD_PERP",
            "linear_perpetual",
            ["1", "0.0001"],
            None,
            1_410,
        ),
        (
            "cryptofuture-dydx/minute/btcusd/20260101_quote",
            "BTCUSD_PERP",
            "linear_perpetual",
            ["1", "0.0001"],
            None,
            1_440,
        ),
    ];
    for (name, symbol, kind, [tick, lot], bar, rows) in zips {
        let Some(path) = recording(&format!("lean/{name}.zip")) else { return };
        let tz = if name.starts_with("equity") {
            "America/New_York"
        } else if name.starts_with("forex") {
            "-05:00"
        } else {
            "UTC"
        };
        let mut options = zone(tz);
        options.bar = bar.map(str::to_owned);
        let x = instrument(symbol, kind, tick, lot);
        let (ticks, report) = read("lean", files(&[path]), x, options).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!((report.rows, ticks.len() % 4), (rows, 0), "{name}");
    }
}

#[test]
fn of_a_zip_of_contracts_only_the_chosen_one_is_read() {
    let days: Vec<String> = (6..=11).chain([14]).map(|day| format!("201310{day:02}")).collect();
    let days: Vec<&str> = days.iter().map(String::as_str).collect();
    let mut rows = [0, 0];
    for (what, rows) in ["trade", "quote"].into_iter().zip(&mut rows) {
        for (day, contract) in days.iter().flat_map(|day| ["1312", "1403", "1406", "1409", "1412"].map(|c| (*day, c))) {
            let Some(paths) = of_days("future-cme-es/minute", &[day], what) else { return };
            let es = instrument(&format!("es_20{contract}"), "future", "0.25", "1");
            match read("lean", files(&paths), es, zone("UTC")) {
                Ok((_, report)) => *rows += report.rows,
                Err(e) => assert_eq!(e.code(), "E_UNKNOWN_SYMBOL", "{day} {contract}: {e}"),
            }
        }
    }
    assert_eq!(rows, [9_913, 20_996]);
    let paths = of_days("future-cme-es/minute", &days[..1], "trade").unwrap();
    let err = read("lean", files(&paths), instrument("es_202006", "future", "0.25", "1"), zone("UTC")).unwrap_err();
    assert_eq!(err.code(), "E_UNKNOWN_SYMBOL");
    assert!(err.to_string().contains("es_201312, es_201403"), "{err}");
}
