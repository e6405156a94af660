use serde::{Deserialize, Serialize};

use super::bars::BarPrices;
use crate::guard::Guard;
use crate::market::TopOfBook;
use crate::MatchOn;

/// One resting order in its lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Rested {
    /// Smaller is better: the price of an ask, minus the price of a bid.
    pub(super) rank: i64,
    pub(super) slot: u16,
    reduces_only: bool,
}

/// What own orders took from a level since the feed last changed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Used {
    price_ticks: i64,
    lots: i64,
}

/// Own orders and used-up liquidity of one instrument.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Desk {
    /// Resting orders of each side: best price first, earliest first at one price.
    lanes: [Vec<Rested>; 2],
    used: [Vec<Used>; 2],
    /// Slots of orders that wait for a trigger or a parent, in the order in which they came.
    pub(super) waiting: Vec<u16>,
    /// Reduce-only orders in the lanes.
    pub(super) reducers: u32,
    /// Lots of the last bar that may still fill, where only bars are known.
    pub(super) bar_left: i64,
    /// What is known of the present bar.
    pub(super) bar: BarPrices,
    pub(super) match_on: MatchOn,
    pub(super) top: TopOfBook,
    /// Whether the feed gives mark prices; until then positions are valued at the mid.
    pub(super) marked: bool,
}

/// Smaller is better on either side, so that both sides share one code path.
pub(super) fn rank(side: usize, price_ticks: i64) -> i64 {
    if side == 0 {
        price_ticks.saturating_neg()
    } else {
        price_ticks
    }
}

impl Desk {
    pub(super) fn new() -> Self {
        Self {
            lanes: [Vec::with_capacity(64), Vec::with_capacity(64)],
            used: [Vec::with_capacity(16), Vec::with_capacity(16)],
            waiting: Vec::with_capacity(16),
            reducers: 0,
            bar_left: 0,
            bar: BarPrices::default(),
            match_on: MatchOn::Depth,
            top: TopOfBook::EMPTY,
            marked: false,
        }
    }

    pub(super) fn lane(&self, side: usize) -> &[Rested] {
        &self.lanes[side]
    }

    /// The orders of a side that rest at a rank.
    pub(super) fn at_rank(&self, side: usize, rank: i64) -> &[Rested] {
        let lane = &self.lanes[side];
        let from = lane.iter().position(|rested| rested.rank >= rank).unwrap_or(lane.len());
        let count = lane[from..].iter().take_while(|rested| rested.rank == rank).count();
        &lane[from..from + count]
    }

    /// Whether the best order of a side is at that rank or better.
    pub(super) fn reaches(&self, side: usize, rank: i64) -> bool {
        self.lanes[side].first().is_some_and(|best| best.rank <= rank)
    }

    /// Puts an order behind all others at its price.
    pub(super) fn rest(&mut self, side: usize, price_ticks: i64, slot: u16, reduces_only: bool) {
        let rank = rank(side, price_ticks);
        let place = self.lanes[side].partition_point(|other| other.rank <= rank);
        self.lanes[side].insert(place, Rested { rank, slot, reduces_only });
        self.reducers += u32::from(reduces_only);
    }

    pub(super) fn leave_at(&mut self, side: usize, place: usize) {
        let left = self.lanes[side].remove(place);
        self.reducers -= u32::from(left.reduces_only);
    }

    pub(super) fn leave(&mut self, side: usize, price_ticks: i64, slot: u16) {
        let rank = rank(side, price_ticks);
        let from = self.lanes[side].partition_point(|other| other.rank < rank);
        let place = self.lanes[side][from..].iter().position(|other| other.slot == slot);
        self.leave_at(side, from + place.expect("a resting order lies in its lane"));
    }

    /// Takes out of both lanes whoever is not to stay.
    pub(super) fn keep_only(&mut self, stays: impl Fn(u16) -> bool) {
        for lane in &mut self.lanes {
            lane.retain(|rested| stays(rested.slot));
        }
        self.reducers = self.lanes.iter().flatten().map(|rested| u32::from(rested.reduces_only)).sum();
    }

    pub(super) fn used(&self, side: usize, price_ticks: i64) -> i64 {
        self.used[side].iter().find(|used| used.price_ticks == price_ticks).map_or(0, |used| used.lots)
    }

    pub(super) fn use_up(&mut self, side: usize, price_ticks: i64, lots: i64) {
        match self.used[side].iter_mut().find(|used| used.price_ticks == price_ticks) {
            Some(used) => used.lots += lots,
            None => self.used[side].push(Used { price_ticks, lots }),
        }
    }

    /// The feed stated that level anew: all of it is there again. Returns whether some of it was used up.
    pub(super) fn renew(&mut self, side: usize, price_ticks: i64) -> bool {
        let place = self.used[side].iter().position(|used| used.price_ticks == price_ticks);
        place.map(|place| self.used[side].swap_remove(place)).is_some()
    }

    pub(super) fn renew_all(&mut self, side: usize) {
        self.used[side].clear();
    }

    /// What a record must touch to concern this desk.
    pub(super) fn guard(&self) -> Guard {
        let mut guard = Guard::NONE;
        for side in [0, 1] {
            for rested in &self.lanes[side] {
                guard.watch(side, rank(side, rested.rank));
            }
            for used in &self.used[side] {
                guard.watch(side, used.price_ticks);
            }
            if let Some(best) = self.lanes[side].first() {
                guard.best[side] = rank(side, best.rank);
            }
        }
        guard
    }
}
