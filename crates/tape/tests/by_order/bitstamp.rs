use super::*;

fn recording(from: &str, name: &str) -> Option<Recording> {
    let file = other("bitstamp-l3")?.join(name);
    let instruments = vec![instrument("BTCUSD", "spot", "0.01", "0.00000001", "1")];
    Some(read(from, vec![file], instruments, ReadOptions::default()))
}

fn log() -> Option<Recording> {
    recording("bitstamp-log", "BTCUSD_2015-05-01.log.gz")
}

/// What each event left of its order, and what it took: told by the records alone.
fn events(ticks: &[Tick]) -> Vec<(Tick, i64, i64)> {
    let mut left: BTreeMap<u64, i64> = BTreeMap::new();
    let orders: Vec<Tick> = ticks.iter().filter(|t| t.kind().is_some_and(TickKind::is_order_event)).copied().collect();
    let messages = orders.split_inclusive(Tick::is_last);
    messages
        .map(|message| {
            let (id, mut taken, mut says) = (message[0].id, 0, 0);
            for tick in message {
                let had = left.get(&id).copied();
                (says, taken) = match (tick.kind().unwrap(), had) {
                    (TickKind::OrderExecute, Some(had)) => (had - tick.size_lots, tick.size_lots),
                    // A cancellation says what was left.
                    _ => (tick.size_lots, taken),
                };
                match (tick.kind().unwrap(), had) {
                    (TickKind::OrderCancel, _) => drop(left.remove(&id)),
                    (TickKind::OrderAdd, _) | (_, Some(_)) => drop(left.insert(id, says)),
                    _ => {}
                }
            }
            (message[0], says, taken)
        })
        .collect()
}

#[test]
fn the_volumes_of_the_csv_are_those_of_the_log_cut_instead_of_rounded() {
    let Some(csv) = recording("bitstamp-orders", "BTCUSD_2015-05-01_orders.csv.gz") else { return };
    let (ours, theirs) = (events(&csv.ticks), events(&log().unwrap().ticks));
    assert_eq!((ours.len(), theirs.len(), csv.report.rows), (50_414, 50_414, 50_414));
    let (mut equal, mut lower) = (0, 0);
    for ((cut, cut_lots, _), (exact, exact_lots, _)) in ours.iter().zip(&theirs) {
        let event = |tick: &Tick| (tick.recv_ns, tick.id, tick.side, tick.price_ticks);
        assert_eq!(event(cut), event(exact));
        equal += u32::from(cut_lots == exact_lots);
        lower += u32::from(cut_lots + 1 == *exact_lots);
    }
    assert_eq!((equal, lower), (46_348, 4_066));
}

#[test]
fn every_trade_has_a_reduction_of_an_order_of_its_size_within_five_seconds() {
    let Some(Recording { ticks, report, .. }) = log() else { return };
    let mut by_lots: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    for (tick, _, taken) in events(&ticks).into_iter().filter(|event| event.2 > 0) {
        by_lots.entry(taken).or_default().push(tick.recv_ns);
    }
    let trades: Vec<&Tick> = ticks.iter().filter(|tick| tick.kind() == Some(TickKind::Trade)).collect();
    let near = |trade: &&&Tick| {
        let times = by_lots.get(&trade.size_lots);
        times.is_some_and(|times| times.iter().any(|ns| (ns - trade.recv_ns).abs() <= 5_000_000_000))
    };
    assert_eq!((trades.len(), trades.iter().filter(near).count()), (575, 575));
    assert_eq!((report.rows, report.ignored["order_book"], report.off_lot), (56_000, 5_011, 0));
}

#[test]
fn an_order_that_was_created_before_the_recording_is_unknown_and_nothing_else_is() {
    let Some(Recording { ticks, .. }) = log() else { return };
    let mut book = L3Book::default();
    let unknown = ticks.iter().filter(|tick| book.apply(tick).is_err()).count() as u64;
    let counts = book.counts();
    assert_eq!(counts, OrderCounts { unknown, ..OrderCounts::default() });
    assert_eq!(unknown, 208 + 5);
}
