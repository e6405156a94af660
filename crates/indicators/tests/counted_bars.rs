//! Bars that end when they are full: by ticks, volume and notional.

use proptest::prelude::*;
use tickwright_indicators::{Bar, BarAggregator, BarBuilder, BarConfig, BarRule, SECOND_NS};

/// Time in ns, price in ticks, size in lots.
type Trade = (i64, i64, i64);

/// Trades in order of time, some at one time, some without a size.
fn trades() -> impl Strategy<Value = Vec<Trade>> {
    prop::collection::vec((0i64..3, -50i64..1_000, prop_oneof![Just(0i64), 1i64..100, 1_000i64..5_000]), 1..300)
        .prop_map(|trades| {
            let mut ts_ns = -100;
            let mut next = |(pause_ns, price, size)| {
                ts_ns += pause_ns;
                (ts_ns, price, size)
            };
            trades.into_iter().map(&mut next).collect()
        })
}

fn rules() -> impl Strategy<Value = BarRule> {
    prop_oneof![
        (1u64..50).prop_map(|count| BarRule::Ticks { count }),
        (1i64..3_000).prop_map(|lots| BarRule::Volume { lots }),
        (1i64..1_000_000).prop_map(|tick_lots| BarRule::Notional { tick_lots }),
    ]
}

/// How much a trade fills of a bar, and how much a bar takes.
fn measure(rule: BarRule, trade: &Trade) -> (i128, i128) {
    let (price, size) = (i128::from(trade.1), i128::from(trade.2));
    match rule {
        BarRule::Ticks { count } => (1, i128::from(count)),
        BarRule::Volume { lots } => (size, i128::from(lots)),
        BarRule::Notional { tick_lots } => ((price * size).abs(), i128::from(tick_lots)),
        _ => unreachable!("a bar by time"),
    }
}

fn plain_bar(trades: &[Trade]) -> Bar {
    Bar {
        open_ns: trades[0].0,
        close_ns: trades[trades.len() - 1].0,
        open: trades[0].1,
        high: trades.iter().map(|t| t.1).max().unwrap(),
        low: trades.iter().map(|t| t.1).min().unwrap(),
        close: trades[trades.len() - 1].1,
        volume_lots: trades.iter().map(|t| t.2).sum(),
        trades: trades.len() as u64,
        notional: trades.iter().map(|t| i128::from(t.1) * i128::from(t.2)).sum(),
    }
}

/// Bars by their definition: the shortest runs of trades that fill one, and what is left.
fn plain_bars(trades: &[Trade], rule: BarRule) -> Vec<Bar> {
    let mut bars = Vec::new();
    let mut from = 0;
    while from < trades.len() {
        let filled = |end: usize| trades[from..end].iter().map(|trade| measure(rule, trade).0).sum::<i128>();
        let full = (from + 1..=trades.len()).find(|&end| filled(end) >= measure(rule, &trades[0]).1);
        let end = full.unwrap_or(trades.len());
        bars.push(plain_bar(&trades[from..end]));
        from = end;
    }
    bars
}

proptest! {
    #[test]
    fn each_bar_is_the_shortest_run_of_trades_that_fills_it(trades in trades(), rule in rules()) {
        let mut builder = BarBuilder::new(BarConfig::of(rule)).unwrap();
        let mut bars: Vec<Bar> = trades.iter().flat_map(|&(ts, px, size)| builder.on_trade(ts, px, size)).collect();
        prop_assert_eq!(builder.current().copied(), builder.flush().inspect(|bar| bars.push(*bar)));
        prop_assert_eq!(bars, plain_bars(&trades, rule));
        prop_assert_eq!((builder.refused(), builder.due_ns(), builder.flush()), (0, None, None));
    }

    #[test]
    fn a_full_bar_comes_with_the_trade_that_fills_it(trades in trades(), rule in rules()) {
        let mut builder = BarBuilder::new(BarConfig::of(rule)).unwrap();
        for &(ts, px, size) in &trades {
            let made: Vec<Bar> = builder.on_trade(ts, px, size).collect();
            prop_assert!(made.len() <= 1);
            prop_assert!(made.iter().all(|bar| (bar.close_ns, bar.close) == (ts, px)));
            prop_assert_eq!(builder.on_time(ts + 86_400 * SECOND_NS).count(), 0, "the clock ends no such bar");
        }
    }
}

#[test]
fn mids_fill_bars_by_ticks_and_no_others() {
    let mut ticks = BarBuilder::new(BarConfig::of(BarRule::Ticks { count: 2 })).unwrap();
    ticks.on_mid(0, 20).for_each(drop);
    let bar = ticks.on_mid(5, 22).next().unwrap();
    assert_eq!((bar.open, bar.high, bar.volume_lots, bar.trades, bar.notional), (20, 22, 0, 0, 0));
    for rule in [BarRule::Volume { lots: 1 }, BarRule::Notional { tick_lots: 1 }] {
        let mut bars = BarBuilder::new(BarConfig::of(rule)).unwrap();
        assert_eq!((0..100).flat_map(|n| bars.on_mid(n, 20 + n)).count(), 0);
        assert_eq!(bars.on_trade(100, 10, 1).map(|bar| (bar.open, bar.high, bar.low)).next(), Some((20, 119, 10)));
    }
}

#[test]
fn a_large_trade_makes_one_large_bar() {
    let mut bars = BarBuilder::new(BarConfig::of(BarRule::Volume { lots: 10 })).unwrap();
    bars.on_trade(0, 100, 9).for_each(drop);
    assert_eq!(bars.on_trade(1, 101, 95).map(|bar| (bar.volume_lots, bar.trades)).collect::<Vec<_>>(), [(104, 2)]);
    assert_eq!(bars.current(), None);
}

#[test]
fn a_late_trade_is_refused_and_counted() {
    let mut bars = BarBuilder::new(BarConfig::of(BarRule::Ticks { count: 2 })).unwrap();
    bars.on_trade(10, 100, 1).for_each(drop);
    bars.on_trade(9, 500, 1).for_each(drop);
    bars.on_trade(10, 100, -1).for_each(drop);
    assert_eq!(bars.on_trade(12, 101, 1).map(|bar| bar.high).collect::<Vec<_>>(), [101]);
    bars.on_trade(11, 500, 1).for_each(drop);
    assert_eq!((bars.refused(), bars.current()), (3, None));
}

#[test]
fn a_bar_that_nothing_fills_is_refused() {
    let rules = [BarRule::Ticks { count: 0 }, BarRule::Volume { lots: 0 }, BarRule::Notional { tick_lots: -1 }];
    for (rule, what) in rules.into_iter().zip(["ticks count is 0", "volume lots is 0", "notional tick_lots is -1"]) {
        let error = BarBuilder::new(BarConfig::of(rule)).unwrap_err();
        assert_eq!((error.code(), error.to_string()), ("E_INDICATOR_SETTING", format!("bar {what}: give 1 or more")));
    }
    let gaps = BarConfig { rule: BarRule::Ticks { count: 5 }, max_gap_bars: 1 };
    assert_eq!(BarBuilder::new(gaps).unwrap_err().code(), "E_INDICATOR_SETTING");
}

#[test]
fn the_largest_numbers_neither_wrap_nor_hang() {
    let full = [BarRule::Ticks { count: u64::MAX }, BarRule::Volume { lots: i64::MAX }];
    for rule in full.into_iter().chain([BarRule::Notional { tick_lots: i64::MAX }]) {
        let mut bars = BarBuilder::new(BarConfig::of(rule)).unwrap();
        let made: usize = (0..4).map(|_| bars.on_trade(i64::MAX, i64::MIN, i64::MAX).count()).sum();
        assert!(made <= 4);
    }
}

#[test]
fn bars_by_ticks_inside_an_hour_make_an_hour() {
    let mut ticks = BarBuilder::new(BarConfig::of(BarRule::Ticks { count: 3 })).unwrap();
    let mut hours = BarAggregator::new(3_600 * SECOND_NS).unwrap();
    for n in 0..9 {
        for bar in ticks.on_trade(n * 60 * SECOND_NS, 100 + n, 2) {
            hours.on_bar(&bar).unwrap().for_each(drop);
        }
    }
    assert_eq!(hours.flush().map(|bar| (bar.trades, bar.volume_lots, bar.close)), Some((9, 18, 108)));
}
