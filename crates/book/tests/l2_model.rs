//! The fast book against a slow, obvious one, after every record of random streams.

use std::collections::BTreeMap;

use proptest::prelude::*;
use tickwright_book::{Applied, BookConfig, FillCost, L2Book, NO_ASK, NO_BID};

/// Two ordered maps a book, and every answer by its definition.
#[derive(Clone, Default)]
struct Model {
    visible: [BTreeMap<i64, i64>; 2],
    snapshot: Option<[BTreeMap<i64, i64>; 2]>,
}

fn put(sides: &mut [BTreeMap<i64, i64>; 2], side: usize, price: i64, size: i64) -> i64 {
    if size > 0 {
        sides[side].insert(price, size).unwrap_or(0)
    } else {
        sides[side].remove(&price).unwrap_or(0)
    }
}

impl Model {
    fn levels(&self, side: usize) -> Vec<(i64, i64)> {
        let pairs = self.visible[side].iter().map(|(&price, &size)| (price, size));
        if side == 0 {
            pairs.rev().collect()
        } else {
            pairs.collect()
        }
    }

    fn best(&self, side: usize) -> (i64, i64) {
        self.levels(side).first().copied().unwrap_or(([NO_BID, NO_ASK][side], 0))
    }

    fn apply_level(&mut self, side: usize, price: i64, size: i64) -> Applied {
        let before = self.best(side);
        let old_lots = put(&mut self.visible, side, price, size);
        Applied { old_lots, best_changed: before != self.best(side) }
    }

    fn snapshot_end(&mut self) -> bool {
        let before = [self.best(0), self.best(1)];
        match self.snapshot.take() {
            Some(snapshot) => self.visible = snapshot,
            None => return false,
        }
        before != [self.best(0), self.best(1)]
    }

    fn cumulative_to(&self, side: usize, price: i64) -> i64 {
        let reached = |&&(p, _): &&(i64, i64)| if side == 0 { p >= price } else { p <= price };
        self.levels(side).iter().filter(reached).map(|&(_, size)| size).fold(0, i64::saturating_add)
    }

    fn fill_cost(&self, side: usize, lots: i64) -> Option<FillCost> {
        let (mut left, mut cost) = (lots, None);
        for (price, size) in self.levels(side) {
            if left <= 0 {
                break;
            }
            let taken = size.min(left);
            left -= taken;
            let before = cost.map_or(0, |c: FillCost| c.ticks_times_lots);
            cost = Some(FillCost {
                ticks_times_lots: before + i128::from(price) * i128::from(taken),
                worst_price_ticks: price,
                filled_lots: lots - left,
            });
        }
        cost
    }

    fn imbalance(&self, n: usize) -> Option<f64> {
        let sum = |side| self.levels(side).iter().take(n).map(|&(_, size)| i128::from(size)).sum::<i128>();
        let (bids, asks): (i128, i128) = (sum(0), sum(1));
        (bids + asks > 0).then(|| (bids - asks) as f64 / (bids + asks) as f64)
    }
}

/// One record of a stream.
#[derive(Clone, Copy, Debug)]
enum Record {
    Level(usize, i64, i64),
    /// The same level again: a duplicate.
    Again,
    /// Deletes that many best levels of a side, one after the other: a flash crash, or the gap left by a lost message.
    Sweep(usize, usize),
    /// Everything that follows is priced around here: a jump.
    Jump(i64),
    Begin,
    SnapshotLevel(usize, i64, i64),
    End,
    Clear,
}

fn size() -> impl Strategy<Value = i64> {
    prop_oneof![3 => Just(0), 1 => Just(-7), 8 => 1..50i64, 1 => Just(i64::MAX), 1 => 1..=1i64 << 53]
}

/// A distance from the centre: mostly near, some thousands of ticks off, some millions, some anywhere.
fn offset() -> impl Strategy<Value = i64> {
    prop_oneof![
        12 => -20..20i64,
        4 => -2_000..2_000i64,
        3 => -70_000..70_000i64,
        2 => -5_000_000..5_000_000i64,
        1 => prop::sample::select(vec![1 << 53, -(1 << 53), i64::MAX, i64::MIN, i64::MIN + 1, i64::MAX - 1, 0]),
        1 => any::<i64>(),
    ]
}

fn record() -> impl Strategy<Value = Record> {
    let centre = prop_oneof![4 => -100_000..7_000_000i64, 1 => any::<i64>()];
    prop_oneof![
        60 => (0..2usize, offset(), size()).prop_map(|(side, at, size)| Record::Level(side, at, size)),
        5 => Just(Record::Again),
        4 => (0..2usize, 1..40usize).prop_map(|(side, n)| Record::Sweep(side, n)),
        1 => centre.prop_map(Record::Jump),
        2 => Just(Record::Begin),
        20 => (0..2usize, offset(), size()).prop_map(|(side, at, size)| Record::SnapshotLevel(side, at, size)),
        2 => Just(Record::End),
        1 => Just(Record::Clear),
    ]
}

fn is_no_price(side: usize, price: i64) -> bool {
    price == [NO_BID, NO_ASK][side]
}

struct Pair {
    book: L2Book,
    model: Model,
    centre: i64,
    last: (usize, i64, i64),
}

impl Pair {
    fn level(&mut self, side: usize, price: i64, size: i64) -> Result<(), TestCaseError> {
        self.last = (side, price, size);
        let applied = self.book.apply_level(side, price, size);
        if is_no_price(side, price) {
            prop_assert_eq!(applied, Applied { old_lots: 0, best_changed: false });
            return Ok(());
        }
        prop_assert_eq!(applied, self.model.apply_level(side, price, size));
        prop_assert_eq!(self.book.size_at(side, price), size.max(0));
        Ok(())
    }

    fn apply(&mut self, record: Record) -> Result<(), TestCaseError> {
        match record {
            Record::Level(side, at, size) => self.level(side, self.centre.wrapping_add(at), size)?,
            Record::Again => self.level(self.last.0, self.last.1, self.last.2)?,
            Record::Sweep(side, n) => {
                for (price, _) in self.model.levels(side).into_iter().take(n) {
                    self.level(side, price, 0)?;
                    prop_assert_eq!((self.book.best_price(side), self.book.best_size(side)), self.model.best(side));
                }
            }
            Record::Jump(centre) => self.centre = centre,
            Record::Begin => {
                self.book.snapshot_begin();
                self.model.snapshot = Some(Default::default());
            }
            Record::SnapshotLevel(side, at, size) => {
                let price = self.centre.wrapping_add(at);
                self.book.snapshot_level(side, price, size);
                if let (Some(snapshot), false) = (&mut self.model.snapshot, is_no_price(side, price)) {
                    put(snapshot, side, price, size);
                }
            }
            Record::End => prop_assert_eq!(self.book.snapshot_end(), self.model.snapshot_end()),
            Record::Clear => {
                self.book.clear();
                self.model.visible = Default::default();
            }
        }
        Ok(())
    }

    fn compare(&self) -> Result<(), TestCaseError> {
        let (book, model) = (&self.book, &self.model);
        for side in 0..2 {
            let levels = model.levels(side);
            prop_assert_eq!(book.levels(side).collect::<Vec<_>>(), levels.clone());
            prop_assert_eq!((book.best_price(side), book.best_size(side)), model.best(side));
            prop_assert_eq!(book.level_count(side), levels.len());
            self.compare_depth(side, &levels)?;
        }
        for n in [0, 1, 5, 1000] {
            prop_assert_eq!(book.imbalance(n), model.imbalance(n));
        }
        let ((bid, bid_size), (ask, ask_size)) = (model.best(0), model.best(1));
        let both = bid_size > 0 && ask_size > 0;
        prop_assert_eq!(book.spread_ticks(), both.then(|| ask.saturating_sub(bid)));
        prop_assert_eq!(book.microprice().is_some(), both);
        if let (Some(micro), true) = (book.microprice(), both && bid.abs() < 1 << 53 && ask.abs() < 1 << 53) {
            let (bid, ask) = (bid as f64, ask as f64);
            let expected = (bid * ask_size as f64 + ask * bid_size as f64) / (bid_size as f64 + ask_size as f64);
            let scale = bid.abs().max(ask.abs()).max(1.0);
            prop_assert!((micro - expected).abs() <= 1e-12 * scale, "{} {}", micro, expected);
        }
        Ok(())
    }

    fn compare_depth(&self, side: usize, levels: &[(i64, i64)]) -> Result<(), TestCaseError> {
        let mut out = [(-1, -1); 5];
        let written = self.book.depth_into(side, &mut out);
        let expected: Vec<_> = levels.iter().take(5).copied().collect();
        prop_assert_eq!(&out[..written], &expected[..]);
        prop_assert_eq!(self.book.depth(side, 5).collect::<Vec<_>>(), expected);
        for price in [self.last.1, self.centre, levels.last().map_or(0, |level| level.0)] {
            prop_assert_eq!(self.book.cumulative_to(side, price), self.model.cumulative_to(side, price));
        }
        for lots in [-1, 0, 1, 17, 400, i64::MAX] {
            prop_assert_eq!(self.book.fill_cost(side, lots), self.model.fill_cost(side, lots));
        }
        Ok(())
    }

    fn store_and_restore(&mut self) {
        let bytes = postcard::to_allocvec(&self.book).unwrap();
        let restored: L2Book = postcard::from_bytes(&bytes).unwrap();
        assert_eq!(restored, self.book);
        assert_eq!(restored.config(), self.book.config());
        assert_eq!(self.book.clone(), self.book);
        self.book = restored;
    }
}

fn configs() -> impl Strategy<Value = BookConfig> {
    // Tiny bands move often; the default grows.
    prop_oneof![
        Just(BookConfig { initial_band_ticks: 1, max_band_ticks: 1 }),
        Just(BookConfig { initial_band_ticks: 1 << 12, max_band_ticks: 1 << 14 }),
        Just(BookConfig::default()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn the_book_equals_the_model_after_every_record(
        config in configs(),
        centre in prop_oneof![4 => 0..7_000_000i64, 1 => any::<i64>()],
        records in prop::collection::vec(record(), 1..250),
        restore_at in 0..250usize,
    ) {
        let mut pair = Pair { book: L2Book::new(config), model: Model::default(), centre, last: (0, centre, 1) };
        for (n, &record) in records.iter().enumerate() {
            pair.apply(record)?;
            pair.compare()?;
            if n == restore_at {
                pair.store_and_restore();
                pair.compare()?;
            }
        }
    }

    #[test]
    fn a_walking_touch_is_followed_for_long_streams(
        config in configs(),
        steps in prop::collection::vec((0..2usize, 0..3_000i64, -300..300i64, 0..4i64), 500..3_000),
    ) {
        let mut pair = Pair { book: L2Book::new(config), model: Model::default(), centre: 0, last: (0, 0, 1) };
        for (n, &(side, depth, drift, size)) in steps.iter().enumerate() {
            pair.centre += drift;
            pair.level(side, pair.centre - (depth + 1) * (1 - 2 * side as i64), size)?;
            let best = pair.model.visible[side].iter();
            let best = if side == 0 { best.last() } else { { best }.next() };
            let best = best.map_or(([NO_BID, NO_ASK][side], 0), |(&price, &size)| (price, size));
            prop_assert_eq!((pair.book.best_price(side), pair.book.best_size(side)), best);
            if n % 200 == 0 {
                pair.compare()?;
            }
        }
        pair.compare()?;
    }
}
