//! Bars from trades, and larger bars from smaller ones.

use proptest::prelude::*;
use std::collections::BTreeMap;
use tickwright_indicators::{Bar, BarAggregator, BarBuilder, BarConfig, BarRule, DAY_NS, SECOND_NS};

const MINUTE_NS: i64 = 60 * SECOND_NS;

/// Time in ns, price in ticks, size in lots.
type Trade = (i64, i64, i64);

/// Trades in order of time, some after long pauses, from before the epoch on.
fn trades() -> impl Strategy<Value = Vec<Trade>> {
    let pause_s = prop_oneof![8 => 0i64..40, 2 => 40i64..400, 1 => 400i64..20_000];
    let trade = (pause_s, 0..SECOND_NS, -50i64..1_000, 0i64..100);
    prop::collection::vec(trade, 1..300).prop_map(|trades| {
        let mut ts_ns = -7 * 3_600 * SECOND_NS;
        let mut next = |(pause_s, ns, price, size)| {
            ts_ns += pause_s * SECOND_NS + ns;
            (ts_ns, price, size)
        };
        trades.into_iter().map(&mut next).collect()
    })
}

/// Bars by their definition: trades grouped by span.
fn plain_bars(trades: &[Trade], period_ns: i64) -> Vec<Bar> {
    let mut spans: BTreeMap<i64, Vec<Trade>> = BTreeMap::new();
    for &trade in trades {
        spans.entry(trade.0.div_euclid(period_ns)).or_default().push(trade);
    }
    let bar = |(span, trades): (i64, Vec<Trade>)| Bar {
        open_ns: span * period_ns,
        close_ns: (span + 1) * period_ns,
        open: trades[0].1,
        high: trades.iter().map(|t| t.1).max().unwrap(),
        low: trades.iter().map(|t| t.1).min().unwrap(),
        close: trades[trades.len() - 1].1,
        volume_lots: trades.iter().map(|t| t.2).sum(),
        trades: trades.len() as u64,
        notional: trades.iter().map(|t| i128::from(t.1) * i128::from(t.2)).sum(),
    };
    spans.into_iter().map(bar).collect()
}

fn built(trades: &[Trade], seconds: u32) -> Vec<Bar> {
    let mut builder = BarBuilder::new(BarConfig::seconds(seconds)).unwrap();
    let mut bars: Vec<Bar> = trades.iter().flat_map(|&(ts, px, size)| builder.on_trade(ts, px, size)).collect();
    bars.extend(builder.flush());
    bars
}

fn aggregated(bars: &[Bar], period_ns: i64) -> Vec<Bar> {
    let mut aggregator = BarAggregator::new(period_ns).unwrap();
    let mut large: Vec<Bar> = bars.iter().flat_map(|bar| aggregator.on_bar(bar).unwrap()).collect();
    large.extend(aggregator.flush());
    large
}

proptest! {
    #[test]
    fn bars_are_the_trades_of_each_span(trades in trades(), seconds in prop_oneof![Just(1u32), Just(60), Just(86_400)]) {
        prop_assert_eq!(built(&trades, seconds), plain_bars(&trades, i64::from(seconds) * SECOND_NS));
    }

    #[test]
    fn hours_and_days_made_of_bars_are_those_made_of_trades(trades in trades()) {
        let five_minutes = built(&trades, 300);
        let hours = aggregated(&five_minutes, 3_600 * SECOND_NS);
        prop_assert_eq!(&hours, &plain_bars(&trades, 3_600 * SECOND_NS));
        prop_assert_eq!(aggregated(&hours, DAY_NS), plain_bars(&trades, DAY_NS));
    }

    #[test]
    fn the_clock_changes_when_a_bar_comes_and_never_which(trades in trades()) {
        let mut builder = BarBuilder::new(BarConfig::seconds(60)).unwrap();
        let mut bars = Vec::new();
        for &(ts_ns, price_ticks, size_lots) in &trades {
            bars.extend(builder.on_time(ts_ns));
            prop_assert_eq!(builder.on_trade(ts_ns, price_ticks, size_lots).count(), 0, "the clock was here before");
        }
        bars.extend(builder.on_time(i64::MAX - DAY_NS));
        prop_assert_eq!(bars, plain_bars(&trades, MINUTE_NS));
    }

    #[test]
    fn filled_gaps_are_flat_and_leave_no_span_out(trades in trades()) {
        let config = BarConfig { rule: BarRule::seconds(60), max_gap_bars: u32::MAX };
        let mut builder = BarBuilder::new(config).unwrap();
        let mut bars: Vec<Bar> = trades.iter().flat_map(|&(ts, px, size)| builder.on_trade(ts, px, size)).collect();
        bars.extend(builder.flush());
        for pair in bars.windows(2) {
            prop_assert_eq!(pair[0].close_ns, pair[1].open_ns);
            let flat = [pair[1].open, pair[1].high, pair[1].low, pair[1].close].map(|price| price == pair[0].close);
            prop_assert!(pair[1].trades > 0 || flat == [true; 4]);
        }
        bars.retain(|bar| bar.trades > 0);
        prop_assert_eq!(bars, plain_bars(&trades, MINUTE_NS));
    }
}

#[test]
fn a_trade_at_the_end_of_a_bar_opens_the_next() {
    let bars = built(&[(MINUTE_NS - 1, 10, 1), (MINUTE_NS, 11, 1)], 60);
    assert_eq!((bars[0].close, bars[1].open, bars[1].open_ns), (10, 11, MINUTE_NS));
}

#[test]
fn a_late_trade_is_refused_and_counted() {
    let mut builder = BarBuilder::new(BarConfig::seconds(60)).unwrap();
    builder.on_trade(MINUTE_NS, 10, 1).for_each(drop);
    builder.on_trade(MINUTE_NS - 1, 99, 1).for_each(drop);
    assert_eq!(builder.on_time(2 * MINUTE_NS).map(|bar| bar.high).collect::<Vec<_>>(), [10]);
    builder.on_trade(2 * MINUTE_NS - 1, 99, 1).for_each(drop);
    builder.on_trade(2 * MINUTE_NS, 12, -1).for_each(drop);
    assert_eq!((builder.refused(), builder.current()), (3, None));
}

#[test]
fn mids_make_bars_without_volume() {
    let mut builder = BarBuilder::new(BarConfig::seconds(1)).unwrap();
    builder.on_mid(0, 20).for_each(drop);
    builder.on_mid(5, 22).for_each(drop);
    let bar = builder.flush().unwrap();
    assert_eq!((bar.high, bar.volume_lots, bar.trades, bar.notional), (22, 0, 0, 0));
}

#[test]
fn the_clock_fills_gaps_too_and_says_when_it_is_next_needed() {
    let config = BarConfig { rule: BarRule::seconds(60), max_gap_bars: 3 };
    let mut builder = BarBuilder::new(config).unwrap();
    assert_eq!((builder.due_ns(), builder.on_time(0).count()), (None, 0));
    builder.on_trade(0, 10, 1).for_each(drop);
    assert_eq!(builder.due_ns(), Some(MINUTE_NS));
    assert_eq!(builder.on_time(3 * MINUTE_NS).map(|bar| bar.volume_lots).collect::<Vec<_>>(), [1, 0, 0]);
    assert_eq!(builder.due_ns(), Some(4 * MINUTE_NS));
    assert_eq!(builder.on_time(4 * MINUTE_NS - 1).count(), 0);
    assert_eq!(builder.on_time(4 * MINUTE_NS).count(), 1);
}

#[test]
fn a_gap_beyond_the_bound_is_left_open() {
    let config = BarConfig { rule: BarRule::seconds(60), max_gap_bars: 3 };
    let bars_over = |silent: i64| {
        let mut builder = BarBuilder::new(config).unwrap();
        builder.on_trade(0, 10, 1).for_each(drop);
        builder.on_trade((silent + 1) * MINUTE_NS, 11, 1).count()
    };
    assert_eq!([0, 3, 4].map(bars_over), [1, 4, 1]);
}

#[test]
fn an_hour_is_complete_with_its_last_small_bar() {
    let mut hours = BarAggregator::new(3_600 * SECOND_NS).unwrap();
    let bars = built(&(0..12).map(|n| (n * 300 * SECOND_NS, n, 1)).collect::<Vec<_>>(), 300);
    let made: Vec<usize> = bars.iter().map(|bar| hours.on_bar(bar).unwrap().count()).collect();
    assert_eq!(made, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
}

#[test]
fn one_small_bar_can_complete_two_large_ones() {
    let mut hours = BarAggregator::new(3_600 * SECOND_NS).unwrap();
    let bars = built(&[(0, 1, 1), (7_199 * SECOND_NS, 2, 1)], 300);
    hours.on_bar(&bars[0]).unwrap().for_each(drop);
    let made: Vec<i64> = hours.on_bar(&bars[1]).unwrap().map(|bar| bar.close).collect();
    assert_eq!((made, hours.flush()), (vec![1, 2], None));
}

#[test]
fn a_bar_given_twice_is_an_error_and_counts_once() {
    let mut hours = BarAggregator::new(3_600 * SECOND_NS).unwrap();
    let bars = built(&[(0, 1, 5)], 300);
    hours.on_bar(&bars[0]).unwrap().for_each(drop);
    assert_eq!(hours.on_bar(&bars[0]).unwrap_err().code(), "E_BAR_ORDER");
    assert_eq!(hours.flush().map(|bar| bar.volume_lots), Some(5));
    assert_eq!(hours.on_bar(&built(&[(300 * SECOND_NS, 1, 1)], 300)[0]).unwrap_err().code(), "E_BAR_ORDER");
}

#[test]
fn a_bar_across_two_large_ones_is_an_error() {
    let mut seven_minutes = BarAggregator::new(7 * MINUTE_NS).unwrap();
    let bar = built(&[(5 * MINUTE_NS, 1, 1)], 300)[0];
    assert_eq!(seven_minutes.on_bar(&bar).unwrap_err().code(), "E_BAR_SPAN");
    let upside_down = Bar { close_ns: bar.open_ns, ..bar };
    assert_eq!(seven_minutes.on_bar(&upside_down).unwrap_err().code(), "E_BAR_SPAN");
}

#[test]
fn periods_outside_a_second_to_a_day_are_refused() {
    for period_ns in [0, -1, SECOND_NS - 1, SECOND_NS + 1, DAY_NS + SECOND_NS] {
        let config = BarConfig { rule: BarRule::Time { period_ns }, max_gap_bars: 0 };
        assert_eq!(BarBuilder::new(config).unwrap_err().code(), "E_INDICATOR_SETTING", "{period_ns}");
        assert_eq!(BarAggregator::new(period_ns).unwrap_err().code(), "E_INDICATOR_SETTING", "{period_ns}");
    }
}

#[test]
fn the_ends_of_time_neither_wrap_nor_hang() {
    let config = BarConfig { rule: BarRule::seconds(1), max_gap_bars: 10 };
    let mut builder = BarBuilder::new(config).unwrap();
    for ts_ns in [i64::MIN, 0, i64::MAX, i64::MAX - 2 * SECOND_NS] {
        assert!(builder.on_trade(ts_ns, i64::MAX, i64::MAX).count() <= 11);
        assert!(builder.on_time(i64::MAX).count() <= 11);
    }
    assert_eq!(builder.refused(), 2);
}
