use tickwright_types::{flags, Tick, TickKind};

use super::ids::Ids;
use super::slab::{Node, Queue, Slab};
use super::{Ignored, Order, OrderCounts};
use crate::ladder::{flip, BookConfig, Ladder, NO_KEY};

/// A book by order: who stands where in the queue of every price.
///
/// Prices are ticks and sizes lots of the instrument; a side is an index, 0 for bids and 1 for asks, and methods that
/// take one panic on any other number. An order keeps its place in the queue when it becomes smaller and goes to the
/// back when its price changes or it becomes larger, which is the rule of CME, NASDAQ and most venues; a feed with
/// another rule sends a removal and a new order. A change of an order that is not there is counted and ignored.
///
/// With 50 000 resting orders an addition, change or removal costs about 20 ns, a fill of [`Self::take`] less. Nothing
/// is allocated once the book has held as many orders and prices as it holds now.
///
/// ```
/// use tickwright_book::{BookConfig, Ignored, L3Book};
/// let mut book = L3Book::new(BookConfig::default());
/// book.add(1, 0, 480_000, 5)?;
/// book.add(2, 0, 480_000, 7)?;
/// assert_eq!((book.best_price(0), book.best_size(0)), (480_000, 12));
/// assert_eq!(book.lots_ahead(2), Some(5));
/// book.modify(1, 480_000, 3)?; // smaller: it keeps its place
/// assert_eq!(book.lots_ahead(2), Some(3));
/// book.modify(1, 480_000, 4)?; // larger: it goes to the back
/// assert_eq!((book.lots_ahead(2), book.lots_ahead(1)), (Some(0), Some(7)));
/// let before = book.execute(2, 2)?;
/// assert_eq!((before.size_lots, book.best_size(0)), (7, 9));
/// assert_eq!(book.cancel(99, 1), Err(Ignored::UnknownOrder));
/// assert_eq!(book.counts().unknown, 1);
/// # Ok::<(), Ignored>(())
/// ```
#[derive(Clone, Debug)]
pub struct L3Book {
    pub(super) sides: [Ladder<Queue>; 2],
    pub(super) slab: Slab,
    pub(super) ids: Ids,
    pub(super) counts: OrderCounts,
}

impl L3Book {
    /// An empty book; it takes memory when its first order comes.
    pub fn new(config: BookConfig) -> Self {
        Self {
            sides: [Ladder::new(config), Ladder::new(config)],
            slab: Slab::new(),
            ids: Ids::new(),
            counts: OrderCounts::default(),
        }
    }

    /// The configuration in force: lengths are powers of two.
    pub fn config(&self) -> BookConfig {
        self.sides[0].config()
    }

    /// What did not fit so far.
    pub fn counts(&self) -> OrderCounts {
        self.counts
    }

    /// Applies an order record or a clearing of the book; any other record changes nothing.
    ///
    /// A record flagged [`REPORT`](flags::REPORT) tells of a change that another record makes and is passed over.
    /// Returns the order as it was before, where there was one.
    #[inline]
    pub fn apply(&mut self, tick: &Tick) -> Result<Option<Order>, Ignored> {
        if tick.flags & flags::REPORT != 0 {
            return Ok(None);
        }
        match tick.kind() {
            Some(TickKind::OrderAdd) if tick.side().is_none() => Err(self.out_of_range()),
            Some(TickKind::OrderAdd) => self.add(tick.id, usize::from(tick.side), tick.price_ticks, tick.size_lots),
            Some(TickKind::OrderModify) => self.modify(tick.id, tick.price_ticks, tick.size_lots).map(Some),
            Some(TickKind::OrderCancel) => self.cancel(tick.id, tick.size_lots).map(Some),
            Some(TickKind::OrderExecute) => self.execute(tick.id, tick.size_lots).map(Some),
            Some(TickKind::BookClear) => {
                self.clear();
                Ok(None)
            }
            _ => Ok(None),
        }
    }

    /// Puts a new order at the back of the queue of its price.
    ///
    /// If the id is known, the new order replaces that one, which is returned. Refused as
    /// [`OutOfRange`](Ignored::OutOfRange): a size of 0 or less, [`NO_BID`](crate::NO_BID) as a bid,
    /// [`NO_ASK`](crate::NO_ASK) as an ask, and a level whose total would not fit 64 bits.
    #[inline(always)]
    pub fn add(&mut self, id: u64, side: usize, price_ticks: i64, size_lots: i64) -> Result<Option<Order>, Ignored> {
        let order = Order { id, side: side as u8, price_ticks, size_lots };
        if size_lots <= 0 || flip(side, price_ticks) == NO_KEY {
            return Err(self.out_of_range());
        }
        self.ids.reserve();
        let (at, known) = self.ids.probe(id, &self.slab);
        if known != 0 {
            return self.replace(known, order).map(Some);
        }
        let node = self.place(order)?;
        self.ids.insert(at, id, node);
        Ok(None)
    }

    /// Gives an order another price and size; 0 lots or less remove it. Returns the order as it was.
    ///
    /// At the same price a size that is not larger keeps the place in the queue; anything else loses it.
    #[inline(always)]
    pub fn modify(&mut self, id: u64, price_ticks: i64, size_lots: i64) -> Result<Order, Ignored> {
        let (at, node) = self.find(id)?;
        let before = self.slab.node(node).order();
        if size_lots <= 0 {
            self.remove(at, node);
            return Ok(before);
        }
        if price_ticks == before.price_ticks && size_lots <= before.size_lots {
            self.shrink(node, before.size_lots - size_lots);
            return Ok(before);
        }
        self.requeue(node, Order { price_ticks, size_lots, ..before })
    }

    /// Takes lots off an order at its owner's wish; the order is gone with its last lot. Returns the order as it was.
    ///
    /// More lots than it has take all of it and are counted as oversized; 0 or less is refused.
    #[inline(always)]
    pub fn cancel(&mut self, id: u64, size_lots: i64) -> Result<Order, Ignored> {
        self.reduce(id, size_lots)
    }

    /// Takes traded lots off an order, wherever it stands in its queue; otherwise as [`Self::cancel`].
    #[inline(always)]
    pub fn execute(&mut self, id: u64, size_lots: i64) -> Result<Order, Ignored> {
        self.reduce(id, size_lots)
    }

    /// Removes a whole order, which is returned.
    #[inline(always)]
    pub fn delete(&mut self, id: u64) -> Result<Order, Ignored> {
        let (at, node) = self.find(id)?;
        Ok(self.remove(at, node))
    }

    /// Removes every order; the memory and the counts are kept.
    pub fn clear(&mut self) {
        self.sides.iter_mut().for_each(Ladder::clear);
        self.slab.clear();
        self.ids.clear();
    }

    /// Asks the processor for what a change of that order will read. Worth it some 8 to 16 records ahead.
    #[inline(always)]
    pub fn prefetch(&self, id: u64, side: usize, price_ticks: i64) {
        if let Some(node) = self.slab.get(self.ids.first_node(id)) {
            tickwright_types::prefetch_ahead(node, 0);
        }
        if let Some(cell) = self.sides[side].place(flip(side, price_ticks)) {
            tickwright_types::prefetch_ahead(cell, 0);
        }
    }

    #[inline(always)]
    fn reduce(&mut self, id: u64, size_lots: i64) -> Result<Order, Ignored> {
        let (at, node) = self.find(id)?;
        if size_lots <= 0 {
            return Err(self.out_of_range());
        }
        let had_lots = self.slab.node(node).lots();
        if size_lots < had_lots {
            let before = self.slab.node(node).order();
            self.shrink(node, size_lots);
            return Ok(before);
        }
        self.counts.oversized += u64::from(size_lots > had_lots);
        Ok(self.remove(at, node))
    }

    #[inline(always)]
    fn find(&mut self, id: u64) -> Result<(usize, u32), Ignored> {
        self.ids.find(id, &self.slab).ok_or_else(|| {
            self.counts.unknown += 1;
            Ignored::UnknownOrder
        })
    }

    /// Puts an order at the back of its queue in the next free node, which is returned.
    #[inline(always)]
    fn place(&mut self, order: Order) -> Result<u32, Ignored> {
        let node = self.slab.next_free();
        let side = usize::from(order.side);
        let mut ahead = None;
        self.sides[side].update(flip(side, order.price_ticks), |queue| {
            let Some(lots) = queue.lots.checked_add(order.size_lots) else { return };
            ahead = Some(queue.last);
            let first = if queue.first == 0 { node } else { queue.first };
            *queue = Queue { lots, first, last: node };
        });
        let Some(ahead) = ahead else { return Err(self.out_of_range()) };
        self.slab.take(Node::new(order, ahead));
        Ok(node)
    }

    /// Takes an order out of its queue; its node stays taken.
    #[inline(always)]
    fn unlink(&mut self, node: u32) -> Node {
        let gone = *self.slab.node(node);
        self.slab.unlink(gone.ahead, gone.behind);
        self.sides[gone.side()].update(gone.key, |queue| {
            queue.lots -= gone.lots();
            queue.first = if gone.ahead == 0 { gone.behind } else { queue.first };
            queue.last = if gone.behind == 0 { gone.ahead } else { queue.last };
        });
        gone
    }

    #[inline(always)]
    fn remove(&mut self, at: usize, node: u32) -> Order {
        let gone = self.unlink(node);
        self.ids.remove(at);
        self.slab.give_back(node);
        gone.order()
    }

    /// Takes lots off an order that keeps some.
    #[inline(always)]
    fn shrink(&mut self, node: u32, lots: i64) {
        let shrunk = self.slab.node_mut(node);
        shrunk.set_lots(shrunk.lots() - lots);
        let (side, key) = (shrunk.side(), shrunk.key);
        self.sides[side].update(key, |queue| queue.lots -= lots);
    }

    /// Moves an order to the back of the queue of its new price.
    fn requeue(&mut self, node: u32, order: Order) -> Result<Order, Ignored> {
        let (old, side) = (*self.slab.node(node), usize::from(order.side));
        let key = flip(side, order.price_ticks);
        let same_queue = old.side() == side && old.key == key;
        let others = self.sides[side].cell(key).lots - if same_queue { old.lots() } else { 0 };
        if key == NO_KEY || others.checked_add(order.size_lots).is_none() {
            return Err(self.out_of_range());
        }
        self.unlink(node);
        // The node that was given back last is the one that is taken next: the order keeps its node.
        self.slab.give_back(node);
        self.place(order)?;
        Ok(old.order())
    }

    #[cold]
    #[inline(never)]
    fn replace(&mut self, node: u32, order: Order) -> Result<Order, Ignored> {
        let before = self.requeue(node, order)?;
        self.counts.duplicates += 1;
        Ok(before)
    }

    #[cold]
    #[inline(never)]
    fn out_of_range(&mut self) -> Ignored {
        self.counts.out_of_range += 1;
        Ignored::OutOfRange
    }
}

impl Default for L3Book {
    fn default() -> Self {
        Self::new(BookConfig::default())
    }
}

impl PartialEq for L3Book {
    /// Equal when the orders and their places in the queues are, and the counts.
    fn eq(&self, other: &Self) -> bool {
        self.counts == other.counts && (0..2).all(|side| self.orders(side).eq(other.orders(side)))
    }
}

impl Eq for L3Book {}
