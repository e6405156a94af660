use serde::{Deserialize, Serialize};

use crate::guard::Guard;
use crate::market::TopOfBook;
use crate::MatchOn;

/// One resting order in its lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Rested {
    /// Smaller is better: the price of an ask, minus the price of a bid.
    pub(super) rank: i64,
    pub(super) slot: u16,
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
            match_on: MatchOn::Depth,
            top: TopOfBook::EMPTY,
            marked: false,
        }
    }

    pub(super) fn lane(&self, side: usize) -> &[Rested] {
        &self.lanes[side]
    }

    pub(super) fn is_empty(&self) -> bool {
        self.lanes.iter().all(Vec::is_empty)
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
    pub(super) fn rest(&mut self, side: usize, price_ticks: i64, slot: u16) {
        let rank = rank(side, price_ticks);
        let place = self.lanes[side].partition_point(|other| other.rank <= rank);
        self.lanes[side].insert(place, Rested { rank, slot });
    }

    pub(super) fn leave_at(&mut self, side: usize, place: usize) {
        self.lanes[side].remove(place);
    }

    pub(super) fn leave(&mut self, side: usize, price_ticks: i64, slot: u16) {
        let rank = rank(side, price_ticks);
        let from = self.lanes[side].partition_point(|other| other.rank < rank);
        let place = self.lanes[side][from..].iter().position(|other| other.slot == slot);
        self.lanes[side].remove(from + place.expect("a resting order lies in its lane"));
    }

    pub(super) fn leave_all(&mut self, side: usize) {
        self.lanes[side].clear();
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
