use super::*;

/// Price and size of bids and asks, best first.
type Levels = [Vec<(i64, i64)>; 2];

pub(super) fn options() -> ReadOptions {
    ReadOptions { date: Some("2012-06-21".into()), tz: Some("America/New_York".into()), ..ReadOptions::default() }
}

/// The published rows, read in another way than the reader's.
fn published(path: &Path) -> Vec<Levels> {
    let text = unpacked(path);
    let is_row = |line: &&str| line.starts_with(|c: char| c.is_ascii_digit());
    let levels = |line: &str| {
        let numbers: Vec<i64> = line.split(',').map(|field| field.trim().parse().unwrap()).collect();
        let of_side = |from: usize| {
            let pairs = numbers.chunks(4).map(|level| (level[from], level[from + 1]));
            pairs.filter(|(price, _)| price.abs() != 9_999_999_999).collect()
        };
        [of_side(2), of_side(0)]
    };
    text.lines().filter(is_row).map(levels).collect()
}

/// Applies message after message: each must lead from its row to the next on all levels that are known, and with
/// what is seeded to the whole row. Returns how many did and how many levels had to be seeded.
fn transitions(name: &str, levels: usize) -> Option<(usize, usize)> {
    let folder = other("lobster")?;
    let file = |kind: &str| folder.join(format!("{name}_{kind}_{levels}.csv.gz"));
    // Hidden orders trade between two cents.
    let instruments = vec![instrument("X", "equity", "0.0001", "1", "1")];
    let files = vec![file("message"), file("orderbook")];
    let Recording { ticks, report, instruments } = read("lobster", files, instruments, options());
    let rows = published(&file("orderbook"));
    let mut book = L3Book::default();
    let (mut equal, mut seeded) = (0, 0);
    let messages: Vec<&[Tick]> = ticks.split_inclusive(Tick::is_last).collect();
    assert_eq!(messages.len(), rows.len());
    for (n, (message, row)) in messages.iter().zip(&rows).enumerate() {
        // What the reader adds to the message: orders of ids that no venue gives, and orders that scroll away.
        let own = message.iter().filter(|t| t.kind().is_some_and(TickKind::is_order_event)).take(usize::from(n > 0));
        let is_seed = |tick: &&Tick| tick.id >= 1 << 63 && tick.kind() == Some(TickKind::OrderAdd);
        let mut known = book.clone();
        for tick in own.filter(|tick| !is_seed(tick)) {
            known.apply(tick).unwrap();
        }
        for tick in *message {
            book.apply(tick).unwrap();
        }
        for (side, levels) in row.iter().enumerate() {
            assert_eq!(&book.levels(side).collect::<Vec<_>>(), levels, "row {n}");
        }
        if n > 0 {
            let agrees = |side: usize| known.levels(side).zip(&row[side]).all(|(ours, theirs)| ours == *theirs);
            equal += usize::from(agrees(0) && agrees(1));
            seeded += message.iter().filter(is_seed).count();
        }
    }
    assert_eq!((report.gaps, report.snapshots, book.counts()), (0, 1, OrderCounts::default()));
    let found = verify_source(MemorySource::new(ticks, instruments), &mut quiet).unwrap();
    assert_eq!((found.quotes_checked, found.unknown_orders.count), (found.quotes_equal, 0));
    assert!(found.quotes_checked > Some(900) && found.faults.is_empty());
    Some((equal, seeded))
}

#[test]
fn every_transition_of_the_ten_level_sample_is_reproduced() {
    let Some(done) = transitions("AAPL_2012-06-21_first999", 10) else { return };
    assert_eq!(done, (998, 318));
}

#[test]
fn every_transition_of_the_one_level_day_is_reproduced() {
    let Some(done) = transitions("AMZN_2012-06-21_34200000_57600000", 1) else { return };
    assert_eq!(done, (57_514, 13_953));
}

#[test]
fn messages_alone_are_read_as_they_are() {
    let Some(folder) = other("lobster") else { return };
    let file = folder.join("AAPL_2012-06-21_first999_message_10.csv.gz");
    let instruments = vec![instrument("AAPL", "equity", "0.01", "1", "1")];
    let Recording { ticks, .. } = read("lobster", vec![file], instruments, options());
    let count = |kind| ticks.iter().filter(|tick| tick.kind() == Some(kind)).count();
    assert_eq!(count(TickKind::OrderAdd), 471);
    assert_eq!((count(TickKind::OrderCancel), count(TickKind::OrderExecute)), (369, 98));
    assert_eq!(count(TickKind::Trade), 98 + 61);
    // 09:30:00.004241176 in New York in summer.
    assert_eq!(ticks[0].recv_ns, 1_340_285_400_004_241_176);
}
