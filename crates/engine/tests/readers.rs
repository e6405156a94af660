//! Indicators and bars of an engine against the same objects fed by hand with what the frames show.

mod support;

use support::driver::{Driver, Entry, Mode, MODES};
use support::random_market;
use support::records::{level, touch, trade};
use tickwright_engine::layout::{cell, instrument_cell, MAX_INDICATORS};
use tickwright_engine::{EngineConfig, Every, Interests, Layout};
use tickwright_indicators::{
    Atr, Bar, BarBuilder, BarConfig, BarRule, BollingerBands, Divisor, Ema, Indicator, Macd, RollingMax, RollingMin,
    RollingStd, RollingVwap, Rsi, SessionVwap, Sma, VolumeRatio, ZScore,
};
use tickwright_types::{Tick, TickKind};

const BAR: u32 = 22;
const MS: i64 = 1_000_000;

/// One tick is 0.5, one lot 0.01.
fn config(extra: &str) -> String {
    format!(r#"{{"instruments":[{}],"check_margin":false,{extra}}}"#, random_market::instruments(["v", "v"]))
}

fn at_every_record() -> Interests {
    Interests { every: Every::Record, ..Interests::default() }
}

/// The outputs of the first instrument.
fn outputs(driver: &Driver) -> [f64; MAX_INDICATORS] {
    let at = Layout::instrument_at(0) + instrument_cell::INDICATORS;
    std::array::from_fn(|slot| driver.cells[at + slot])
}

/// The outputs after each record of the first instrument, with bid and ask in units of price, by `step`.
fn shown(config: &str, ticks: &[Tick]) -> Vec<([f64; MAX_INDICATORS], f64, f64)> {
    let mut driver = Driver::new(config, at_every_record());
    driver.load(ticks.to_vec().into());
    let mut seen = Vec::new();
    let see = |driver: &mut Driver| {
        seen.push((outputs(driver), driver.cells[cell::BID] * 0.5, driver.cells[cell::ASK] * 0.5));
    };
    driver.run(Mode::Step, see, |_| {});
    assert_eq!(seen.len(), ticks.len());
    seen
}

fn assert_same(at: usize, shown: &[f64], expected: &[f64]) {
    let same = shown.iter().zip(expected).all(|(a, b)| a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan()));
    assert!(same, "after record {at}: {shown:?} is not {expected:?}");
}

fn mine(ticks: &[Tick]) -> impl Iterator<Item = (usize, &Tick)> {
    ticks.iter().enumerate().filter(|(_, tick)| tick.instrument == 0)
}

#[test]
fn each_kind_reads_the_top_of_the_book_as_if_it_were_fed_by_hand() {
    let ticks = random_market::ticks(31, 5_000, 2);
    let config = config(
        r#""indicators":[{"name":"sma","kind":"sma","period":9},{"name":"ema","kind":"ema","period":9},
        {"name":"std","kind":"std","period":9},{"name":"rsi","kind":"rsi","period":9},
        {"name":"bb","kind":"bollinger","period":9,"deviations":1.5},{"name":"z","kind":"z_score","period":9},
        {"name":"macd","kind":"macd","fast":3,"slow":9,"signal":4},{"name":"min","kind":"min","period":9},
        {"name":"max","kind":"max","period":9},{"name":"atr","kind":"atr","period":9}]"#,
    );
    let (mut sma, mut ema) = (Sma::period(9).unwrap(), Ema::period(9).unwrap());
    let (mut std, mut rsi) = (RollingStd::period(9, Divisor::Population).unwrap(), Rsi::period(9).unwrap());
    let (mut bands, mut z) = (BollingerBands::new(9, 1.5).unwrap(), ZScore::period(9).unwrap());
    let (mut macd, mut atr) = (Macd::new(3, 9, 4).unwrap(), Atr::running(9).unwrap());
    let (mut min, mut max) = (RollingMin::period(9).unwrap(), RollingMax::period(9).unwrap());
    let seen = shown(&config, &ticks);
    for (at, tick) in mine(&ticks) {
        let (got, bid, ask) = seen[at];
        let mid = (bid / 0.5 + ask / 0.5) * 0.5 * 0.5;
        if tick.is_last() && !mid.is_nan() {
            sma.update(mid);
            ema.update(mid);
            std.update(mid);
            rsi.update(mid);
            bands.update(mid);
            z.update(mid);
            macd.update(mid);
            min.update(bid);
            max.update(ask);
            atr.update(ask, bid, mid);
        }
        let ([b0, b1, b2], [m0, m1, m2]) = (bands.outputs(), macd.outputs());
        let [sma, ema, std, rsi] = [sma.outputs(), ema.outputs(), std.outputs(), rsi.outputs()].map(|[x]| x);
        let [z, min, max, atr] = [z.outputs(), min.outputs(), max.outputs(), atr.outputs()].map(|[x]| x);
        assert_same(at, &got[..14], &[sma, ema, std, rsi, b0, b1, b2, z, m0, m1, m2, min, max, atr]);
    }
    assert!(seen[ticks.len() - 1].0[..14].iter().all(|x| !x.is_nan()), "all are ready at the end");
}

#[test]
fn kinds_of_volume_read_each_trade() {
    let ticks = random_market::ticks(32, 5_000, 2);
    let config = config(
        r#""indicators":[{"name":"vwap","kind":"vwap","period":9},{"name":"hour","kind":"session_vwap","session_s":2},
        {"name":"ratio","kind":"volume_ratio","period":9,"recent":2},{"name":"ema","kind":"ema","period":9,"on":"trade"},
        {"name":"atr","kind":"atr","period":9,"on":"trade"}]"#,
    );
    let (mut vwap, mut session) = (RollingVwap::period(9).unwrap(), SessionVwap::sessions(2, 0).unwrap());
    let (mut ratio, mut ema) = (VolumeRatio::new(2, 9).unwrap(), Ema::period(9).unwrap());
    let mut atr = Atr::running(9).unwrap();
    let seen = shown(&config, &ticks);
    let mut trades = 0;
    for (at, tick) in mine(&ticks) {
        if tick.kind == TickKind::Trade as u8 {
            let (price, size) = (tick.price_ticks as f64 * 0.5, tick.size_lots as f64 * 0.01);
            vwap.update(price, size);
            ratio.update(size);
            ema.update(price);
            atr.update(price, price, price);
            session.update(tick.recv_ns, price, size);
            trades += 1;
        }
        let [vwap, session, ratio] = [vwap.outputs(), session.outputs(), ratio.outputs()].map(|[x]| x);
        assert_same(at, &seen[at].0[..5], &[vwap, session, ratio, ema.outputs()[0], atr.outputs()[0]]);
    }
    assert!(trades > 400, "{trades}");
}

/// Bars of an instrument as the event ring has them: prices, volume, trades, begin and end.
fn bars_of(driver: &Driver, instrument: u16) -> Vec<[f64; 8]> {
    let is_mine = |entry: &&Entry| entry[0] as u32 == BAR && (entry[0] >> 32) as u16 == instrument;
    let bar =
        |b: &Entry| std::array::from_fn(|k| if k < 6 { f64::from_bits(b[2 + k]) } else { b[2 + k] as i64 as f64 });
    driver.events.iter().filter(is_mine).map(bar).collect()
}

/// The same of bars made by hand, with prices in steps of so many ticks.
fn shape(bar: &Bar, step: f64) -> [f64; 8] {
    let [open, high, low, close] = [bar.open, bar.high, bar.low, bar.close].map(|price| price as f64 * step);
    let counts = [bar.volume_lots as f64, bar.trades as f64, bar.open_ns as f64, bar.close_ns as f64];
    [open, high, low, close, counts[0], counts[1], counts[2], counts[3]]
}

#[test]
fn bars_end_by_ticks_volume_and_notional_in_every_mode() {
    let ticks = random_market::ticks(33, 5_000, 2);
    // 10 lots are 0.1; 5 000 ticks × lots are 5 000 × 0.5 × 0.01.
    let rules = [
        (r#""ticks":7"#, BarRule::Ticks { count: 7 }),
        (r#""volume":"0.1""#, BarRule::Volume { lots: 10 }),
        (r#""notional":"25""#, BarRule::Notional { tick_lots: 5_000 }),
    ];
    for (setting, rule) in rules {
        let mut builder = BarBuilder::new(BarConfig::of(rule)).unwrap();
        let trades = mine(&ticks).filter(|(_, tick)| tick.kind == TickKind::Trade as u8);
        let made: Vec<Bar> =
            trades.flat_map(|(_, t)| builder.on_trade(t.recv_ns, t.price_ticks, t.size_lots)).collect();
        let expected: Vec<[f64; 8]> = made.iter().map(|bar| shape(bar, 1.0)).collect();
        assert!(expected.len() > 50, "{setting}: {}", expected.len());
        for mode in MODES {
            let mut driver = Driver::new(&config(&format!(r#""bars":[{{{setting}}}]"#)), at_every_record());
            driver.load(ticks.clone().into());
            driver.run(mode, |_| {}, |_| {});
            assert_eq!(bars_of(&driver, 0), expected, "{setting}, {mode:?}");
        }
    }
}

#[test]
fn bars_of_mids_take_the_mid_at_the_end_of_each_message_between_ticks_too() {
    let at = |ms: i64, side, price, size| level(ms * MS, ms * MS, side, price, size);
    let mut ticks = touch(0).to_vec();
    ticks.extend([at(100, 0, 100, 5), at(300, 0, 100, 0), at(999, 1, 100, 1), trade(999 * MS, 999 * MS, 0, 500, 9)]);
    ticks.extend([at(1_500, 1, 100, 0), at(2_500, 0, 98, 1)]);
    for mode in MODES {
        let mut driver = Driver::new(&config(r#""bars":[{"from":"mids","interval_ms":1000}]"#), at_every_record());
        driver.load(ticks.clone().into());
        driver.run(mode, |_| {}, |_| {});
        // Mids: 100, 100.5, 100, 99.5, 99.5 in the first second; the ask comes back in the second.
        let [first, second] = [(0.0, 1e9), (1e9, 2e9)];
        let expected = [
            [100.0, 100.5, 99.5, 99.5, 0.0, 0.0, first.0, first.1],
            [100.0, 100.0, 100.0, 100.0, 0.0, 0.0, second.0, second.1],
        ];
        assert_eq!(bars_of(&driver, 0), expected, "{mode:?}");
    }
}

#[test]
fn indicators_of_bars_read_each_bar_as_it_closes_and_find_it_by_name() {
    let ticks = random_market::ticks(34, 8_000, 2);
    let text = config(
        r#""bars":[{"interval_ms":1000},{"name":"small","ticks":5}],
        "indicators":[{"name":"rsi","kind":"rsi","period":5,"on":"bar","bars":"small"},
        {"name":"atr","kind":"atr","period":5,"on":"bar","bars":"small"},
        {"name":"ratio","kind":"volume_ratio","period":5,"on":"bar","bars":"small"},
        {"name":"vwap","kind":"vwap","period":5,"on":"bar","bars":"small"},
        {"name":"second","kind":"max","period":1,"on":"bar"}]"#,
    );
    let (mut rsi, mut atr) = (Rsi::period(5).unwrap(), Atr::wilder(5).unwrap());
    let (mut ratio, mut vwap) = (VolumeRatio::new(1, 5).unwrap(), RollingVwap::period(5).unwrap());
    let mut small = BarBuilder::new(BarConfig::of(BarRule::Ticks { count: 5 })).unwrap();
    let seen = shown(&text, &ticks);
    for (at, tick) in mine(&ticks) {
        if tick.kind == TickKind::Trade as u8 {
            for bar in small.on_trade(tick.recv_ns, tick.price_ticks, tick.size_lots) {
                let (high, low, close) = (bar.high as f64 * 0.5, bar.low as f64 * 0.5, bar.close as f64 * 0.5);
                let volume = bar.volume_lots as f64 * 0.01;
                let mean = bar.notional as f64 / bar.volume_lots as f64 * 0.5;
                rsi.update(close);
                atr.update(high, low, close);
                ratio.update(volume);
                vwap.update(mean, volume);
            }
        }
        let [rsi, ratio, vwap] = [rsi.outputs(), ratio.outputs(), vwap.outputs()].map(|[x]| x);
        assert_same(at, &seen[at].0[..4], &[rsi, atr.outputs()[0], ratio, vwap]);
    }
    let mut driver = Driver::new(&text, Interests { every: Every::Never, bar_close: true, ..Interests::default() });
    driver.load(ticks.into());
    driver.run(Mode::Advance, |_| {}, |_| {});
    let seconds: Vec<[f64; 8]> = bars_of(&driver, 0).into_iter().filter(|bar| bar[7] - bar[6] == 1e9).collect();
    assert_eq!(outputs(&driver)[4], seconds[seconds.len() - 1][1] * 0.5, "the high of the last second");
}

#[test]
fn a_setting_that_cannot_be_meant_is_named() {
    let indicator = |rest: &str| format!(r#""indicators":[{{"name":"x",{rest}}}]"#);
    let cases = [
        (indicator(r#""kind":"rsi""#), "give a period of 1 to 1000000"),
        (indicator(r#""kind":"rsi","period":5,"alpha":0.1"#), "alpha is no setting of a \"rsi\": it takes period"),
        (indicator(r#""kind":"rsi","period":0"#), "rsi period is 0: give 1 to 1000000 updates"),
        (indicator(r#""kind":"macd","fast":26"#), "macd fast period is 26: give less than the slow period"),
        (indicator(r#""kind":"vwap","period":5,"on":"message""#), "needs volume: give on: trade or on: bar"),
        (indicator(r#""kind":"sma","period":5,"on":"bar""#), "no bars of its instrument feed it"),
        (indicator(r#""kind":"sma","period":5,"bars":"m""#), "not fed with bars: give on: bar"),
        (
            r#""bars":[{"ticks":5,"name":"a"}],"indicators":[{"name":"x","kind":"sma","period":5,"on":"bar","bars":"b"}]"#
                .to_owned(),
            r#"no bars named "b" feed it: the instrument's have the names ["a"]"#,
        ),
        (
            r#""indicators":[{"name":"b","kind":"bollinger","period":5},{"name":"b.upper","kind":"sma","period":5}]"#
                .to_owned(),
            r#"the name "b.upper" is given twice"#,
        ),
        (
            format!(
                r#""indicators":[{}]"#,
                (0..6).map(|n| format!(r#"{{"name":"m{n}","kind":"macd"}}"#)).collect::<Vec<_>>().join(",")
            ),
            "18 outputs on one instrument; at most 16",
        ),
        (r#""bars":[{}]"#.to_owned(), "give one of interval_ms, ticks, volume and notional, above 0"),
        (r#""bars":[{"ticks":5,"interval_ms":1000}]"#.to_owned(), "give one of interval_ms"),
        (r#""bars":[{"interval_ms":1500}]"#.to_owned(), "interval_ms 1500 is not whole seconds"),
        (r#""bars":[{"volume":"0.005"}]"#.to_owned(), "volume 0.005 is not whole lots of 0.01"),
        (r#""bars":[{"volume":"1","from":"mids"}]"#.to_owned(), "mids have no size"),
        (r#""bars":[{"ticks":5,"name":"a"},{"ticks":6,"name":"a"}]"#.to_owned(), "is given twice"),
    ];
    for (extra, words) in cases {
        let error = EngineConfig::from_json(&config(&extra)).unwrap_err();
        assert_eq!(error.code(), "E_CONFIG");
        assert!(error.to_string().contains(words), "{extra}: {error}");
    }
}

#[test]
fn bars_by_notional_count_the_multiplier_and_are_refused_for_contracts_of_a_fixed_value() {
    let instrument = |kind: &str, multiplier: &str| {
        format!(
            r#"{{"instruments":[{{"id":"F","venue":"v","symbol":"F","kind":"{kind}","tick_size":"0.25","lot_size":"1",
            "multiplier":"{multiplier}","base":"F","quote":"USD","settlement":"USD"}}],
            "check_margin":false,"bars":[{{"notional":"100000"}}]}}"#
        )
    };
    let mut driver = Driver::new(&instrument("future", "50"), at_every_record());
    // 4 000 × 0.25 × 50 a lot is 50 000: two lots make a bar.
    driver.load((0..6).map(|n| trade(n * MS, n * MS, 0, 4_000, 1)).collect::<Vec<_>>().into());
    driver.run(Mode::Advance, |_| {}, |_| {});
    assert_eq!(bars_of(&driver, 0).iter().map(|bar| bar[4]).collect::<Vec<_>>(), [2.0, 2.0, 2.0]);
    let error = EngineConfig::from_json(&instrument("inverse_perpetual", "50")).unwrap_err();
    assert!(error.to_string().contains("counts contracts of a fixed value"), "{error}");
}
