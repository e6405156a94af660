//! The fast book by order against a slow, obvious one, after every record of random streams.

use std::collections::{BTreeMap, VecDeque};

use proptest::prelude::*;
use tickwright_book::{BookConfig, Fill, Ignored, L2Book, L3Book, Order, OrderCounts, NO_ASK, NO_BID};

/// A queue of orders at every price, and every answer by its definition.
#[derive(Clone, Default)]
struct Model {
    sides: [BTreeMap<i64, VecDeque<Order>>; 2],
    counts: OrderCounts,
}

fn total(queue: &VecDeque<Order>) -> i128 {
    queue.iter().map(|order| i128::from(order.size_lots)).sum()
}

impl Model {
    fn prices(&self, side: usize) -> Vec<i64> {
        let prices = self.sides[side].keys().copied();
        if side == 0 {
            prices.rev().collect()
        } else {
            prices.collect()
        }
    }

    fn orders(&self, side: usize) -> Vec<Order> {
        self.prices(side).iter().flat_map(|price| self.sides[side][price].iter().copied()).collect()
    }

    fn levels(&self, side: usize) -> Vec<(i64, i64)> {
        self.prices(side).into_iter().map(|price| (price, total(&self.sides[side][&price]) as i64)).collect()
    }

    fn order(&self, id: u64) -> Option<Order> {
        (0..2).flat_map(|side| self.orders(side)).find(|order| order.id == id)
    }

    fn lots_ahead(&self, id: u64) -> Option<i64> {
        let order = self.order(id)?;
        let queue = &self.sides[usize::from(order.side)][&order.price_ticks];
        Some(queue.iter().take_while(|ahead| ahead.id != id).map(|ahead| ahead.size_lots).sum())
    }

    fn fits(&self, order: Order, without: Option<u64>) -> bool {
        let price_is_none = order.price_ticks == [NO_BID, NO_ASK][usize::from(order.side)];
        let queue = self.sides[usize::from(order.side)].get(&order.price_ticks);
        let others: i128 = queue
            .into_iter()
            .flatten()
            .filter(|other| Some(other.id) != without)
            .map(|other| i128::from(other.size_lots))
            .sum();
        order.size_lots > 0 && !price_is_none && others + i128::from(order.size_lots) <= i128::from(i64::MAX)
    }

    fn refuse<T>(&mut self) -> Result<T, Ignored> {
        self.counts.out_of_range += 1;
        Err(Ignored::OutOfRange)
    }

    fn known(&mut self, id: u64) -> Result<Order, Ignored> {
        self.order(id).ok_or_else(|| {
            self.counts.unknown += 1;
            Ignored::UnknownOrder
        })
    }

    fn remove(&mut self, order: Order) {
        let side = &mut self.sides[usize::from(order.side)];
        let queue = side.get_mut(&order.price_ticks).unwrap();
        queue.retain(|other| other.id != order.id);
        if queue.is_empty() {
            side.remove(&order.price_ticks);
        }
    }

    fn push(&mut self, order: Order) {
        self.sides[usize::from(order.side)].entry(order.price_ticks).or_default().push_back(order);
    }

    fn resize(&mut self, order: Order, size_lots: i64) {
        let queue = self.sides[usize::from(order.side)].get_mut(&order.price_ticks).unwrap();
        queue.iter_mut().find(|other| other.id == order.id).unwrap().size_lots = size_lots;
    }

    fn add(&mut self, order: Order) -> Result<Option<Order>, Ignored> {
        if !self.fits(order, Some(order.id)) {
            return self.refuse();
        }
        let known = self.order(order.id);
        if let Some(known) = known {
            self.counts.duplicates += 1;
            self.remove(known);
        }
        self.push(order);
        Ok(known)
    }

    fn modify(&mut self, id: u64, price_ticks: i64, size_lots: i64) -> Result<Order, Ignored> {
        let before = self.known(id)?;
        let after = Order { price_ticks, size_lots, ..before };
        if size_lots <= 0 {
            self.remove(before);
        } else if price_ticks == before.price_ticks && size_lots <= before.size_lots {
            self.resize(before, size_lots);
        } else if self.fits(after, Some(id)) {
            self.remove(before);
            self.push(after);
        } else {
            return self.refuse();
        }
        Ok(before)
    }

    fn reduce(&mut self, id: u64, size_lots: i64) -> Result<Order, Ignored> {
        let before = self.known(id)?;
        if size_lots <= 0 {
            return self.refuse();
        }
        self.counts.oversized += u64::from(size_lots > before.size_lots);
        if size_lots < before.size_lots {
            self.resize(before, before.size_lots - size_lots);
        } else {
            self.remove(before);
        }
        Ok(before)
    }

    fn take(&mut self, side: usize, limit: i64, size_lots: i64) -> (Vec<Fill>, i64) {
        let (mut fills, mut left) = (Vec::new(), size_lots.max(0));
        for resting in self.orders(side) {
            let reached = if side == 0 { resting.price_ticks >= limit } else { resting.price_ticks <= limit };
            if left == 0 || !reached {
                break;
            }
            let size_lots = resting.size_lots.min(left);
            let left_lots = resting.size_lots - size_lots;
            left -= size_lots;
            if left_lots == 0 {
                self.remove(resting);
            } else {
                self.resize(resting, left_lots);
            }
            fills.push(Fill { id: resting.id, price_ticks: resting.price_ticks, size_lots, left_lots });
        }
        (fills, left)
    }
}

/// One record of a stream.
#[derive(Clone, Copy, Debug)]
enum Record {
    Add(u64, usize, i64, i64),
    Modify(u64, i64, i64),
    /// The same price, so many lots more or less.
    Resize(u64, i64),
    Cancel(u64, i64),
    Execute(u64, i64),
    Delete(u64),
    Take(usize, i64, i64),
    Clear,
}

/// Few ids, so that they meet again; some that no order has.
fn id() -> impl Strategy<Value = u64> {
    prop_oneof![20 => 0..60u64, 1 => any::<u64>()]
}

fn size() -> impl Strategy<Value = i64> {
    prop_oneof![30 => 1..20i64, 1 => Just(0), 1 => Just(-3), 1 => Just(i64::MAX), 1 => Just(1 << 62)]
}

/// Few prices, so that queues are long; some far away, some at the ends of the number range.
fn price() -> impl Strategy<Value = i64> {
    let ends = vec![i64::MIN, i64::MIN + 1, i64::MAX, i64::MAX - 1, 0, 1 << 53];
    prop_oneof![
        30 => 480_000..480_008i64,
        6 => 470_000..490_000i64,
        2 => -5_000_000..5_000_000i64,
        1 => prop::sample::select(ends),
    ]
}

fn record() -> impl Strategy<Value = Record> {
    prop_oneof![
        30 => (id(), 0..2usize, price(), size()).prop_map(|(id, side, price, size)| Record::Add(id, side, price, size)),
        8 => (id(), price(), size()).prop_map(|(id, price, size)| Record::Modify(id, price, size)),
        8 => (id(), -4..4i64).prop_map(|(id, by)| Record::Resize(id, by)),
        8 => (id(), size()).prop_map(|(id, size)| Record::Cancel(id, size)),
        6 => (id(), size()).prop_map(|(id, size)| Record::Execute(id, size)),
        4 => id().prop_map(Record::Delete),
        4 => (0..2usize, price(), size()).prop_map(|(side, limit, size)| Record::Take(side, limit, size)),
        1 => Just(Record::Clear),
    ]
}

struct Pair {
    book: L3Book,
    model: Model,
    /// Kept by setting the level of every order that changed, as the book's page says.
    followed: L2Book,
}

impl Pair {
    fn follow(&mut self, before: Option<Order>, id: u64) {
        for order in before.into_iter().chain(self.book.order(id)) {
            let side = usize::from(order.side);
            self.followed.apply_level(side, order.price_ticks, self.book.size_at(side, order.price_ticks));
        }
    }

    fn apply(&mut self, record: Record) -> Result<(), TestCaseError> {
        let (book, model) = (&mut self.book, &mut self.model);
        let (id, before) = match record {
            Record::Add(id, side, price_ticks, size_lots) => {
                let result = book.add(id, side, price_ticks, size_lots);
                prop_assert_eq!(result, model.add(Order { id, side: side as u8, price_ticks, size_lots }));
                (id, result.ok().flatten())
            }
            Record::Modify(id, price_ticks, size_lots) => {
                let result = book.modify(id, price_ticks, size_lots);
                prop_assert_eq!(result, model.modify(id, price_ticks, size_lots));
                (id, result.ok())
            }
            Record::Resize(id, by) => {
                let (price, size) = model.order(id).map_or((1, 1), |order| (order.price_ticks, order.size_lots));
                let result = book.modify(id, price, size.saturating_add(by));
                prop_assert_eq!(result, model.modify(id, price, size.saturating_add(by)));
                (id, result.ok())
            }
            Record::Cancel(id, size) | Record::Execute(id, size) => {
                let executes = matches!(record, Record::Execute(..));
                let result = if executes { book.execute(id, size) } else { book.cancel(id, size) };
                prop_assert_eq!(result, model.reduce(id, size));
                (id, result.ok())
            }
            Record::Delete(id) => {
                let result = book.delete(id);
                prop_assert_eq!(result, model.known(id));
                if let Ok(order) = result {
                    model.remove(order);
                }
                (id, result.ok())
            }
            Record::Take(side, limit, size) => return self.take(side, limit, size),
            Record::Clear => {
                book.clear();
                self.followed.clear();
                model.sides = Default::default();
                return Ok(());
            }
        };
        self.follow(before, id);
        Ok(())
    }

    fn take(&mut self, side: usize, limit: i64, size: i64) -> Result<(), TestCaseError> {
        let mut fills = Vec::new();
        let left = self.book.take(side, limit, size, |fill| fills.push(fill));
        prop_assert_eq!((&fills, left), (&self.model.take(side, limit, size).0, left_of(size, &fills)));
        for fill in fills {
            self.followed.apply_level(side, fill.price_ticks, self.book.size_at(side, fill.price_ticks));
        }
        Ok(())
    }

    fn compare(&self) -> Result<(), TestCaseError> {
        let (book, model) = (&self.book, &self.model);
        for side in 0..2 {
            let (orders, levels) = (model.orders(side), model.levels(side));
            prop_assert_eq!(book.orders(side).collect::<Vec<_>>(), orders.clone());
            prop_assert_eq!(book.levels(side).collect::<Vec<_>>(), levels.clone());
            prop_assert_eq!(book.level_count(side), levels.len());
            let best = levels.first().copied().unwrap_or(([NO_BID, NO_ASK][side], 0));
            prop_assert_eq!((book.best_price(side), book.best_size(side)), best);
            for order in orders {
                prop_assert_eq!(book.order(order.id), Some(order));
                prop_assert_eq!(book.lots_ahead(order.id), model.lots_ahead(order.id));
                let queue: Vec<_> = model.sides[side][&order.price_ticks].iter().copied().collect();
                prop_assert_eq!(book.orders_at(side, order.price_ticks).collect::<Vec<_>>(), queue);
            }
        }
        prop_assert_eq!(book.order_count(), model.orders(0).len() + model.orders(1).len());
        prop_assert_eq!(book.counts(), model.counts);
        prop_assert_eq!(&book.to_l2(), &self.followed);
        Ok(())
    }

    fn store_and_restore(&mut self) {
        let bytes = postcard::to_allocvec(&self.book).unwrap();
        let restored: L3Book = postcard::from_bytes(&bytes).unwrap();
        assert_eq!(restored, self.book);
        assert_eq!(self.book.clone(), self.book);
        self.book = restored;
    }
}

fn left_of(size: i64, fills: &[Fill]) -> i64 {
    size.max(0) - fills.iter().map(|fill| fill.size_lots).sum::<i64>()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn the_book_by_order_equals_the_model_after_every_record(
        tiny_band in any::<bool>(),
        records in prop::collection::vec(record(), 1..250),
        restore_at in 0..250usize,
    ) {
        let band = if tiny_band { BookConfig { initial_band_ticks: 1, max_band_ticks: 1 } } else { BookConfig::default() };
        let mut pair = Pair { book: L3Book::new(band), model: Model::default(), followed: L2Book::default() };
        for (n, &record) in records.iter().enumerate() {
            pair.apply(record)?;
            pair.compare()?;
            if n == restore_at {
                pair.store_and_restore();
                pair.compare()?;
            }
        }
    }
}
