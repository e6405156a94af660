//! Fills where only bars are known: prices that others document, and what no path may do.

use proptest::prelude::*;
use tickwright_paper::{BarPath, BarPrices, Conditions, EventKind, FillModel, GroupRule, MatchOn, OrderKind, Reason};
use tickwright_types::Side;

use crate::support::Session;

fn bar(open_ticks: i64, high_ticks: i64, low_ticks: i64, close_ticks: i64) -> BarPrices {
    BarPrices { open_ticks, high_ticks, low_ticks, close_ticks, volume_lots: 1_000 }
}

fn market(bar_path: BarPath) -> Session {
    market_of(FillModel { bar_path, ..FillModel::conservative() })
}

fn market_of(model: FillModel) -> Session {
    let mut s = Session::of(model);
    s.venue.set_match_on(0, MatchOn::Bars);
    s.bar(bar(105, 105, 105, 105));
    s
}

impl Session {
    fn bar(&mut self, bar: BarPrices) {
        self.venue.on_bar(0, &bar, self.recv_ns);
        // A bar comes with the next record; what it says is known then.
        self.pass();
    }
}

fn stop(trigger_ticks: i64) -> Conditions {
    Conditions { trigger_ticks, ..Conditions::NONE }
}

const PATHS: [BarPath; 2] = [BarPath::StopFirst, BarPath::AdaptiveOhlc];

#[test]
fn a_gap_past_the_trigger_fills_at_the_open_and_a_move_through_it_at_the_trigger() {
    for path in PATHS {
        let mut s = market(path);
        let gapped = s.order_with(Side::Ask, OrderKind::StopMarket, 0, 5, stop(100));
        s.bar(bar(90, 95, 85, 92));
        assert_eq!(s.fills(gapped), [(90, 5, false)], "trigger 100, open 90");
        let mut s = market(path);
        let moved = s.order_with(Side::Ask, OrderKind::StopMarket, 0, 5, stop(100));
        s.bar(bar(102, 103, 98, 99));
        assert_eq!(s.fills(moved), [(100, 5, false)], "open 102, low 98");
    }
}

#[test]
fn an_order_without_latency_takes_at_the_close_of_the_bar_that_it_saw() {
    for path in PATHS {
        let mut s = market(path);
        s.bar(bar(100, 110, 95, 103));
        let id = s.order(Side::Bid, OrderKind::Market, 0, 5);
        assert_eq!(s.fills(id), [(103, 5, false)]);
    }
}

#[test]
fn a_limit_inside_the_bar_fills_at_its_price_as_maker() {
    for path in PATHS {
        let mut s = market(path);
        let inside = s.order(Side::Bid, OrderKind::Limit, 97, 5);
        let outside = s.order(Side::Bid, OrderKind::Limit, 94, 5);
        s.bar(bar(100, 110, 95, 103));
        assert_eq!(s.fills(inside), [(97, 5, true)]);
        assert_eq!(s.fills(outside), []);
    }
}

#[test]
fn with_stop_and_target_inside_one_bar_the_stop_comes_first_unless_the_path_says_otherwise() {
    // The open lies nearer to the high: open, high, low, close.
    for (path, target_first) in [(BarPath::StopFirst, false), (BarPath::AdaptiveOhlc, true)] {
        let mut s = market(path);
        s.order(Side::Bid, OrderKind::Market, 0, 5);
        let pair = Conditions { group: 1, group_rule: GroupRule::Cancel, reduce_only: true, ..Conditions::NONE };
        let target = s.order_with(Side::Ask, OrderKind::Limit, 108, 5, pair);
        assert_eq!(target, 1);
        let stop = s.order_with(Side::Ask, OrderKind::StopMarket, 0, 5, Conditions { trigger_ticks: 97, ..pair });
        s.bar(bar(106, 110, 95, 100));
        let (filled, ended, price) = if target_first { (target, stop, 108) } else { (stop, target, 97) };
        assert_eq!(s.fills(filled), [(price, 5, target_first)]);
        assert_eq!(s.end(ended), (EventKind::Cancelled, Reason::GroupFilled));
        assert_eq!(s.venue.account().position(0).lots, 0);
    }
}

#[test]
fn an_open_nearer_to_the_low_goes_there_first() {
    let mut s = market(BarPath::AdaptiveOhlc);
    let sell = s.order_with(Side::Ask, OrderKind::StopMarket, 0, 5, stop(97));
    let buy = s.order_with(Side::Bid, OrderKind::StopMarket, 0, 5, stop(107));
    s.bar(bar(98, 110, 95, 100));
    assert_eq!((s.fills(sell), s.fills(buy)), (vec![(97, 5, false)], vec![(107, 5, false)]));
    assert!(s.events.iter().position(|e| e.order_id == sell) < s.events.iter().position(|e| e.order_id == buy));
    let order = |id| s.events.iter().position(|e| e.order_id == id && e.kind == EventKind::Fill).unwrap();
    assert!(order(sell) < order(buy));
}

#[test]
fn under_stop_first_an_entry_can_be_stopped_out_in_its_own_bar_and_not_reach_its_target() {
    let mut s = market(BarPath::StopFirst);
    let entry = s.order(Side::Bid, OrderKind::Limit, 100, 5);
    let exit = Conditions { parent: entry, group: entry + 1, group_rule: GroupRule::Reduce, ..Conditions::NONE };
    let target = s.order_with(Side::Ask, OrderKind::Limit, 108, 5, exit);
    let stopped = s.order_with(Side::Ask, OrderKind::StopMarket, 0, 5, Conditions { trigger_ticks: 97, ..exit });
    s.bar(bar(105, 110, 95, 106));
    assert_eq!(s.fills(entry), [(100, 5, true)]);
    assert_eq!(s.fills(stopped), [(97, 5, false)]);
    assert_eq!(s.end(target), (EventKind::Cancelled, Reason::GroupFilled));
}

#[test]
fn all_fills_of_a_bar_share_the_part_of_its_volume_that_may_be_used() {
    let quarter = FillModel { participation: "0.25".parse().unwrap(), ..FillModel::conservative() };
    let mut s = market_of(quarter);
    let ids: Vec<u32> = [99, 98].iter().map(|&p| s.order(Side::Bid, OrderKind::Limit, p, 200)).collect();
    s.bar(bar(100, 101, 95, 100));
    assert_eq!(s.fills(ids[0]), [(99, 200, true)]);
    assert_eq!(s.fills(ids[1]), [(98, 50, true)], "a quarter of 1 000 lots");
    let taker = s.order(Side::Ask, OrderKind::Market, 0, 5);
    assert_eq!(s.end(taker), (EventKind::Expired, Reason::NoLiquidity), "nothing is left until the next bar");
}

#[test]
fn the_passive_fill_ratio_scales_what_rests_on_bars_too() {
    let model = FillModel { passive_fill_ratio: "0.1".parse().unwrap(), ..FillModel::conservative() };
    let mut s = market_of(model);
    let id = s.order(Side::Bid, OrderKind::Limit, 99, 500);
    s.bar(bar(100, 101, 99, 100));
    assert_eq!(s.fills(id).iter().map(|fill| fill.1).sum::<i64>(), 100);
}

#[test]
fn a_bar_without_volume_or_with_prices_that_contradict_each_other_fills_nothing() {
    for path in PATHS {
        let mut s = market(path);
        let id = s.order(Side::Bid, OrderKind::Limit, 99, 5);
        s.bar(BarPrices { volume_lots: 0, ..bar(100, 101, 95, 100) });
        s.bar(bar(100, 99, 95, 100));
        assert_eq!(s.fills(id), []);
        assert_eq!(s.leaves(id), 5);
    }
}

#[test]
fn a_trailing_stop_follows_the_high_of_a_bar() {
    let mut s = market(BarPath::AdaptiveOhlc);
    let trail = Conditions { trail_ticks: 6, ..Conditions::NONE };
    let id = s.order_with(Side::Ask, OrderKind::TrailingStop, 0, 5, trail);
    s.bar(bar(105, 112, 104, 111));
    assert_eq!(s.venue.order(id).unwrap().conditions.trigger_ticks, 106);
    s.bar(bar(110, 111, 100, 101));
    assert_eq!(s.fills(id), [(106, 5, false)]);
}

fn any_bar() -> impl Strategy<Value = BarPrices> {
    (90i64..110, 90i64..110, 90i64..110, 90i64..110, 0i64..60).prop_map(|(a, b, c, d, volume_lots)| {
        let (high_ticks, low_ticks) = (a.max(b).max(c).max(d), a.min(b).min(c).min(d));
        BarPrices { open_ticks: a, high_ticks, low_ticks, close_ticks: b, volume_lots }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn no_bar_fills_more_than_its_volume_or_outside_its_range(
        bars in proptest::collection::vec(any_bar(), 1..20), adaptive: bool,
        orders in proptest::collection::vec((0usize..2, 0u8..8, 90i64..110, 1i64..30, 90i64..110, 1i64..9), 1..20),
    ) {
        let mut s = market(if adaptive { BarPath::AdaptiveOhlc } else { BarPath::StopFirst });
        let mut last = bar(105, 105, 105, 105);
        let mut heard = 0;
        let mut used = 0;
        for (k, this) in bars.iter().enumerate() {
            if let Some(&(side, kind, price, lots, trigger, trail_ticks)) = orders.get(k) {
                let kind = OrderKind::from_u8(kind).unwrap();
                let trails = kind == OrderKind::TrailingStop;
                let trigger_ticks = if kind.is_stop() && !trails { trigger } else { 0 };
                let trail_ticks = if trails { trail_ticks } else { 0 };
                let conditions = Conditions { trigger_ticks, trail_ticks, ..Conditions::NONE };
                s.order_with(Side::from_index(side), kind, price, lots, conditions);
            }
            used += fills_between(&s, &mut heard, &last);
            prop_assert!(used <= last.volume_lots, "{} of {:?}", used, last);
            s.venue.on_bar(0, this, s.recv_ns);
            s.pass();
            used = fills_between(&s, &mut heard, this);
            prop_assert!(used <= this.volume_lots, "{} of {:?}", used, this);
            last = *this;
        }
    }
}

/// Lots of the fills since last asked, each of which must lie inside the bar.
fn fills_between(s: &Session, heard: &mut usize, bar: &BarPrices) -> i64 {
    let fills = s.events[*heard..].iter().filter(|event| event.kind == EventKind::Fill);
    let lots = fills.map(|event| {
        assert!((bar.low_ticks..=bar.high_ticks).contains(&event.price_ticks) || event.maker, "{event:?} in {bar:?}");
        event.size_lots
    });
    let lots = lots.sum();
    *heard = s.events.len();
    lots
}
