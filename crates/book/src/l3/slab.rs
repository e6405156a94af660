use bytemuck::Zeroable;

use super::Order;
use crate::ladder::{flip, Cell};

/// The link that leads nowhere: the first node is never an order, so that writing through it does no harm.
pub(super) const NOWHERE: u32 = 0;

/// An order and its neighbours in the queue of its price: 32 bytes, two to a cache line.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(32))]
pub(super) struct Node {
    pub(super) id: u64,
    pub(super) key: i64,
    /// Lots of a bid, `!lots` of an ask: both above or below 0, so that the sign is the side.
    sided_lots: i64,
    /// The order before it in the queue.
    pub(super) ahead: u32,
    /// The order after it in the queue, or the next free node.
    pub(super) behind: u32,
}

impl Node {
    #[inline(always)]
    pub(super) fn new(order: Order, ahead: u32) -> Self {
        let side = usize::from(order.side);
        Self {
            id: order.id,
            key: flip(side, order.price_ticks),
            sided_lots: flip(side, order.size_lots),
            ahead,
            behind: NOWHERE,
        }
    }

    #[inline(always)]
    pub(super) fn side(&self) -> usize {
        usize::from(self.sided_lots < 0)
    }

    #[inline(always)]
    pub(super) fn lots(&self) -> i64 {
        flip(self.side(), self.sided_lots)
    }

    #[inline(always)]
    pub(super) fn set_lots(&mut self, lots: i64) {
        self.sided_lots = flip(self.side(), lots);
    }

    #[inline(always)]
    pub(super) fn order(&self) -> Order {
        let side = self.side();
        Order { id: self.id, side: side as u8, price_ticks: flip(side, self.key), size_lots: self.lots() }
    }
}

/// The queue of a price: its size and the orders at its ends.
#[derive(Clone, Copy, Debug, Zeroable)]
#[repr(C)]
pub(super) struct Queue {
    pub(super) lots: i64,
    pub(super) first: u32,
    pub(super) last: u32,
}

impl Cell for Queue {
    #[inline(always)]
    fn lots(&self) -> i64 {
        self.lots
    }
}

/// Every node, taken and free. The last one freed is the next one taken: it is the likeliest to be in the cache.
#[derive(Clone, Debug)]
pub(super) struct Slab {
    nodes: Vec<Node>,
    free: u32,
}

impl Slab {
    pub(super) fn new() -> Self {
        Self { nodes: Vec::new(), free: NOWHERE }
    }

    #[inline(always)]
    pub(super) fn node(&self, at: u32) -> &Node {
        &self.nodes[at as usize]
    }

    #[inline(always)]
    pub(super) fn node_mut(&mut self, at: u32) -> &mut Node {
        &mut self.nodes[at as usize]
    }

    #[inline(always)]
    pub(super) fn get(&self, at: u32) -> Option<&Node> {
        self.nodes.get(at as usize)
    }

    /// The node that the next order takes.
    #[inline(always)]
    pub(super) fn next_free(&mut self) -> u32 {
        if self.free == NOWHERE {
            self.extend();
        }
        self.free
    }

    /// Takes the node of [`Self::next_free`] for an order at the end of its queue.
    #[inline(always)]
    pub(super) fn take(&mut self, node: Node) {
        let at = self.free;
        self.free = std::mem::replace(self.node_mut(at), node).behind;
        self.node_mut(node.ahead).behind = at;
    }

    #[inline(always)]
    pub(super) fn give_back(&mut self, at: u32) {
        self.node_mut(at).behind = self.free;
        self.free = at;
    }

    /// Joins the neighbours of a node, which keeps its own links.
    #[inline(always)]
    pub(super) fn unlink(&mut self, ahead: u32, behind: u32) {
        self.node_mut(ahead).behind = behind;
        self.node_mut(behind).ahead = ahead;
    }

    #[cold]
    #[inline(never)]
    fn extend(&mut self) {
        let unused = Node { id: 0, key: 0, sided_lots: 0, ahead: NOWHERE, behind: NOWHERE };
        if self.nodes.is_empty() {
            self.nodes.push(unused);
        }
        self.free = u32::try_from(self.nodes.len()).expect("a book holds at most 2^32 - 1 orders");
        self.nodes.push(unused);
    }

    /// Forgets every node; the memory is kept.
    pub(super) fn clear(&mut self) {
        self.nodes.clear();
        self.free = NOWHERE;
    }
}
