//! Each rule by which a book becomes or stops being trusted.

use tickwright_book::{BookMonitor, BookState, MonitorConfig, Offence, StaleCauses, NO_ASK, NO_BID};
use BookState::{Empty, Live, Stale, Syncing};

const MS: i64 = 1_000_000;
const SECOND: i64 = 1_000 * MS;
/// 8 Aug 2024 23:54:15 UTC, where a recording starts.
const START: i64 = 1_723_161_255 * SECOND;

fn needing_snapshot() -> BookMonitor {
    BookMonitor::new(MonitorConfig { needs_snapshot: true, ..MonitorConfig::default() })
}

/// A book that is live since `START`.
fn live() -> BookMonitor {
    let mut monitor = BookMonitor::default();
    assert_eq!(monitor.on_last(START, 1, 618_001, 618_002), Live);
    monitor
}

fn snapshot(monitor: &mut BookMonitor, recv_ns: i64, id: u64) -> BookState {
    monitor.on_snapshot_begin();
    monitor.on_snapshot_end(recv_ns, id);
    monitor.on_last(recv_ns, id, 618_000, 618_003)
}

#[test]
fn a_new_book_is_empty() {
    let monitor = BookMonitor::default();
    assert_eq!((monitor.state(), monitor.causes()), (Empty, StaleCauses::NONE));
    assert_eq!(monitor.last_message_ns(), None);
}

#[test]
fn a_book_without_snapshots_is_live_from_the_first_message_end_with_both_sides() {
    let mut monitor = BookMonitor::default();
    assert_eq!(monitor.on_last(START, 1, NO_BID, NO_ASK), Empty);
    assert_eq!(monitor.on_last(START + 1, 2, 618_001, NO_ASK), Stale);
    assert_eq!(monitor.on_last(START + 2, 3, 618_001, 618_002), Live);
}

#[test]
fn one_empty_side_is_stale_and_two_are_empty() {
    let mut monitor = live();
    assert_eq!(monitor.on_last(START + 1, 2, 618_001, NO_ASK), Stale);
    assert_eq!(monitor.causes().names().collect::<Vec<_>>(), ["one_sided"]);
    assert_eq!(monitor.on_last(START + 2, 3, NO_BID, NO_ASK), Empty);
    assert_eq!(monitor.on_last(START + 3, 4, NO_BID, 618_002), Stale);
    assert_eq!(monitor.on_last(START + 4, 5, 618_001, 618_002), Live);
    assert_eq!(monitor.causes(), StaleCauses::NONE);
}

#[test]
fn a_gap_makes_a_live_book_stale_until_a_snapshot_is_complete() {
    let mut monitor = live();
    monitor.on_gap(START + 1, 7);
    assert_eq!((monitor.state(), monitor.causes()), (Stale, StaleCauses::GAP));
    assert_eq!(monitor.on_last(START + 1, 7, 618_001, 618_002), Stale);
    monitor.on_snapshot_begin();
    assert_eq!(monitor.state(), Stale);
    monitor.on_snapshot_end(START + 2, 8);
    assert_eq!(monitor.on_last(START + 2, 8, 618_000, 618_003), Live);
    let gaps = monitor.counts().gaps;
    assert_eq!((gaps.count, gaps.first), (1, Some(Offence { recv_ns: START + 1, id: 7 })));
}

#[test]
fn a_bad_checksum_makes_a_live_book_stale_until_a_snapshot_is_complete() {
    let mut monitor = live();
    monitor.on_bad_checksum(START + 1, 7);
    assert_eq!((monitor.state(), monitor.causes()), (Stale, StaleCauses::BAD_CHECKSUM));
    assert_eq!(snapshot(&mut monitor, START + 2, 8), Live);
    assert_eq!(monitor.counts().bad_checksums.count, 1);
}

#[test]
fn a_gap_inside_a_snapshot_outlives_it() {
    let mut monitor = live();
    monitor.on_snapshot_begin();
    monitor.on_gap(START + 1, 7);
    monitor.on_snapshot_end(START + 2, 8);
    assert_eq!(monitor.on_last(START + 2, 8, 618_000, 618_003), Stale);
    assert_eq!(snapshot(&mut monitor, START + 3, 9), Live);
}

#[test]
fn a_book_that_needs_a_snapshot_syncs_until_it_is_complete() {
    let mut monitor = needing_snapshot();
    assert_eq!(monitor.state(), Empty);
    assert_eq!(monitor.on_last(START, 1, 618_001, 618_002), Syncing);
    monitor.on_gap(START + 1, 2);
    assert_eq!(monitor.state(), Syncing);
    monitor.on_snapshot_begin();
    assert_eq!(monitor.on_last(START + 2, 3, 618_001, 618_002), Syncing);
    monitor.on_snapshot_end(START + 3, 4);
    assert_eq!(monitor.on_last(START + 3, 4, 618_000, 618_003), Live);
}

#[test]
fn a_gap_before_everything_leaves_a_book_that_needs_a_snapshot_syncing() {
    let mut monitor = needing_snapshot();
    monitor.on_gap(START, 1);
    assert_eq!(monitor.state(), Syncing);
}

#[test]
fn the_first_snapshot_under_way_is_syncing_also_where_none_is_needed() {
    let mut monitor = BookMonitor::default();
    monitor.on_snapshot_begin();
    assert_eq!(monitor.state(), Syncing);
    monitor.on_snapshot_begin();
    monitor.on_snapshot_end(START, 1);
    assert_eq!(monitor.on_last(START, 1, 618_000, 618_003), Live);
    assert_eq!(monitor.counts().snapshots.count, 1);
}

#[test]
fn a_later_snapshot_under_way_leaves_a_live_book_live() {
    let mut monitor = live();
    monitor.on_snapshot_begin();
    assert_eq!(monitor.state(), Live);
    assert_eq!(monitor.on_last(START + 1, 2, 618_001, 618_003), Live);
}

#[test]
fn the_end_of_a_snapshot_without_its_beginning_is_counted_and_changes_nothing() {
    let mut monitor = live();
    monitor.on_gap(START + 1, 2);
    monitor.on_snapshot_end(START + 2, 3);
    assert_eq!(monitor.on_last(START + 2, 3, 618_001, 618_002), Stale);
    assert_eq!((monitor.counts().snapshots.count, monitor.counts().stray_snapshot_ends.count), (0, 1));
}

#[test]
fn a_book_crossed_for_250_ms_is_live_and_for_longer_is_stale_until_uncrossed() {
    let mut monitor = live();
    let crossed = START + SECOND;
    assert_eq!(monitor.on_last(crossed, 10, 618_003, 618_002), Live);
    assert_eq!(monitor.on_last(crossed + 250 * MS, 11, 618_003, 618_002), Live);
    assert_eq!(monitor.on_last(crossed + 250 * MS + 1, 12, 618_004, 618_002), Stale);
    assert_eq!(monitor.causes(), StaleCauses::CROSSED);
    assert_eq!(monitor.on_last(crossed + 251 * MS, 13, 618_001, 618_002), Live);
    let offence = Some(Offence { recv_ns: crossed, id: 10 });
    assert_eq!((monitor.counts().crossed.first, monitor.counts().crossed.latest), (offence, offence));
}

#[test]
fn locked_then_crossed_is_one_of_each_and_one_stretch_of_time() {
    let mut monitor = live();
    let locked = START + SECOND;
    assert_eq!(monitor.on_last(locked, 10, 618_002, 618_002), Live);
    assert_eq!(monitor.on_last(locked + 200 * MS, 11, 618_003, 618_002), Live);
    assert_eq!(monitor.on_last(locked + 300 * MS, 12, 618_003, 618_002), Stale);
    assert_eq!((monitor.counts().locked.count, monitor.counts().crossed.count), (1, 1));
}

#[test]
fn a_book_that_uncrosses_in_between_starts_its_250_ms_anew() {
    let mut monitor = live();
    assert_eq!(monitor.on_last(START + 100 * MS, 2, 618_003, 618_002), Live);
    assert_eq!(monitor.on_last(START + 200 * MS, 3, 618_001, 618_002), Live);
    assert_eq!(monitor.on_last(START + 300 * MS, 4, 618_003, 618_002), Live);
    assert_eq!(monitor.on_last(START + 500 * MS, 5, 618_003, 618_002), Live);
    assert_eq!(monitor.counts().crossed.count, 2);
}

#[test]
fn two_seconds_without_a_message_are_stale_until_the_next_one() {
    let mut monitor = live();
    assert_eq!(monitor.check_silence(START + 2 * SECOND - 1, i64::MIN), Live);
    assert_eq!(monitor.next_deadline_ns(), START + 2 * SECOND);
    assert_eq!(monitor.check_silence(START + 2 * SECOND, i64::MIN), Stale);
    assert_eq!(monitor.causes().names().collect::<Vec<_>>(), ["feed_silence"]);
    assert_eq!(monitor.on_last(START + 3 * SECOND, 2, 618_001, 618_002), Live);
}

#[test]
fn silence_does_not_heal_a_gap() {
    let mut monitor = live();
    monitor.on_gap(START + 1, 2);
    monitor.check_silence(START + 5 * SECOND, i64::MIN);
    assert_eq!(monitor.on_last(START + 6 * SECOND, 3, 618_001, 618_002), Stale);
    assert_eq!(monitor.causes(), StaleCauses::GAP);
}

#[test]
fn a_top_that_stands_still_for_30_s_is_stale_when_a_trade_comes_and_until_it_moves() {
    let mut monitor = live();
    monitor.on_trade(START + 30 * SECOND - 1);
    assert_eq!(monitor.on_last(START + 30 * SECOND - 1, 2, 618_001, 618_002), Live);
    monitor.on_trade(START + 30 * SECOND);
    assert_eq!(monitor.on_last(START + 30 * SECOND, 3, 618_001, 618_002), Stale);
    assert_eq!(monitor.causes(), StaleCauses::TOP_UNCHANGED);
    assert_eq!(monitor.on_last(START + 31 * SECOND, 4, 618_001, 618_003), Live);
    monitor.on_trade(START + 60 * SECOND);
    assert_eq!(monitor.state(), Live);
}

#[test]
fn a_top_that_stands_still_is_stale_when_other_instruments_go_on_but_not_by_its_own_deeper_levels() {
    let mut monitor = live();
    for second in 1..=40 {
        let now_ns = START + second * SECOND;
        assert_eq!(monitor.check_silence(now_ns, i64::MIN), Live);
        assert_eq!(monitor.on_last(now_ns, 2, 618_001, 618_002), Live);
    }
    assert_eq!(monitor.check_silence(START + 41 * SECOND, START + 41 * SECOND), Stale);
    assert_eq!(monitor.causes(), StaleCauses::TOP_UNCHANGED);
}

#[test]
fn a_limit_of_zero_is_never_reached() {
    let config = MonitorConfig { crossed_ms: 0, feed_silence_ms: 0, top_unchanged_ms: 0, ..MonitorConfig::default() };
    let mut monitor = BookMonitor::new(config);
    assert_eq!(monitor.on_last(START, 1, 618_003, 618_002), Live);
    let year = 365 * 86_400 * SECOND;
    assert_eq!(monitor.check_silence(START + year, START + year), Live);
    assert_eq!(monitor.next_deadline_ns(), i64::MAX);
    monitor.on_trade(START + year);
    assert_eq!(monitor.on_last(START + year, 2, 618_003, 618_002), Live);
}

#[test]
fn unknown_orders_are_counted_and_stale_only_where_configured() {
    let mut lenient = live();
    lenient.on_unknown_order(START + 1, 42);
    assert_eq!((lenient.state(), lenient.counts().unknown_orders.count), (Live, 1));
    let mut strict = BookMonitor::new(MonitorConfig { unknown_orders_stale: true, ..MonitorConfig::default() });
    strict.on_last(START, 1, 618_001, 618_002);
    strict.on_unknown_order(START + 1, 42);
    assert_eq!((strict.state(), strict.causes()), (Stale, StaleCauses::UNKNOWN_ORDER));
    assert_eq!(snapshot(&mut strict, START + 2, 43), Live);
}

#[test]
fn negative_sizes_are_counted_with_their_first_and_latest_tick() {
    let mut monitor = live();
    for id in 5..8 {
        monitor.on_negative_size(START + id as i64, id);
    }
    let sizes = monitor.counts().negative_sizes;
    assert_eq!(sizes.count, 3);
    assert_eq!(sizes.first, Some(Offence { recv_ns: START + 5, id: 5 }));
    assert_eq!(sizes.latest, Some(Offence { recv_ns: START + 7, id: 7 }));
    assert_eq!(monitor.state(), Live);
}

#[test]
fn the_kept_minimum_of_deadlines_never_misses_a_silence() {
    let config = MonitorConfig { feed_silence_ms: 2_000, top_unchanged_ms: 3_000, ..MonitorConfig::default() };
    let mut rng = tickwright_types::Rng::new(7);
    for _ in 0..200 {
        let (mut lazy, mut eager) = (BookMonitor::new(config), BookMonitor::new(config));
        let (mut now_ns, mut elsewhere_ns, mut kept_ns) = (START, i64::MIN, i64::MIN);
        for id in 0..100 {
            now_ns += rng.up_to(900) as i64 * MS;
            let elsewhere = rng.up_to(3) == 0;
            elsewhere_ns = if elsewhere { now_ns } else { elsewhere_ns };
            eager.check_silence(now_ns, elsewhere_ns);
            if now_ns >= kept_ns {
                lazy.check_silence(now_ns, elsewhere_ns);
                kept_ns = lazy.next_deadline_ns();
            }
            // Feed silence is found at once, a top that stands still at most a sixteenth of its limit late.
            let silent = |m: &BookMonitor| m.causes().contains(StaleCauses::FEED_SILENCE);
            assert_eq!(silent(&lazy), silent(&eager));
            if rng.up_to(5) == 0 && !elsewhere {
                let bid = 618_000 + rng.up_to(1) as i64;
                lazy.on_last(now_ns, id, bid, 618_002);
                eager.on_last(now_ns, id, bid, 618_002);
            }
        }
    }
}

#[test]
fn a_stored_monitor_goes_on_as_if_it_had_never_stopped() {
    let mut monitor = live();
    monitor.on_last(START + SECOND, 10, 618_003, 618_002);
    monitor.on_snapshot_begin();
    monitor.on_gap(START + SECOND, 11);
    let bytes = postcard::to_allocvec(&monitor).unwrap();
    let restored: BookMonitor = postcard::from_bytes(&bytes).unwrap();
    assert_eq!(restored, monitor);
}

#[test]
fn states_and_causes_have_stable_numbers_and_names() {
    let states = [Empty, Syncing, Live, Stale].map(|state| (state as u8, state.name()));
    assert_eq!(states, [(0, "EMPTY"), (1, "SYNCING"), (2, "LIVE"), (3, "STALE")]);
    assert_eq!(StaleCauses::GAP.bits() | StaleCauses::TOP_UNCHANGED.bits(), 33);
}

#[test]
fn a_check_before_the_first_message_hides_nothing() {
    let mut monitor = needing_snapshot();
    assert_eq!(monitor.check_silence(START, START), Empty);
    assert_eq!(monitor.on_last(START, 1, NO_BID, NO_ASK), Syncing);
    assert_eq!(monitor.on_last(START + 1, 2, 618_001, 618_002), Syncing);
}

#[test]
fn an_instrument_without_a_book_stays_empty_also_after_silence() {
    let mut monitor = BookMonitor::default();
    assert_eq!(monitor.on_last(START, 1, NO_BID, NO_ASK), Empty);
    assert_eq!(monitor.check_silence(START + 3 * SECOND, i64::MIN), Empty);
    assert_eq!(monitor.causes(), StaleCauses::FEED_SILENCE);
    assert_eq!(monitor.on_last(START + 4 * SECOND, 2, NO_BID, NO_ASK), Empty);
    assert_eq!(monitor.causes(), StaleCauses::NONE);
}
