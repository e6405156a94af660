//! What the venue does with positions of its own accord: funding, liquidation, and settlement at expiry.

use tickwright_types::{Money, Side};

use super::PaperVenue;
use crate::account::Judgement;
use crate::{MarketView, Markets, MatchOn, Reason};

impl PaperVenue {
    /// A venue message is over, and these are the best prices after it. Where the feed gives no mark prices the mid is
    /// the mark, and positions that it makes too heavy for their margin are liquidated. A few nanoseconds, but for the
    /// messages after which margin has to be counted.
    #[inline(always)]
    pub fn on_message(&mut self, instrument: usize, best_bid: i64, best_ask: i64, venue_ns: i64) {
        if !self.account.is_safe(instrument, best_bid.wrapping_add(best_ask)) {
            self.judge_mid(instrument, best_bid, best_ask, venue_ns);
        }
    }

    /// The venue's mark price in ticks, which from then on values the position instead of the mid.
    pub fn on_mark(&mut self, instrument: usize, price_ticks: i64, venue_ns: i64) {
        let mark_half_ticks = price_ticks.saturating_mul(2);
        self.desks[instrument].marked = true;
        self.account.set_mark(instrument, mark_half_ticks);
        if !self.account.is_safe(instrument, mark_half_ticks) {
            self.judge(instrument, venue_ns);
        }
    }

    /// Twice the mark price of a feed that gives one, in half ticks; `None` before the first.
    pub fn mark_half_ticks(&self, instrument: usize) -> Option<i64> {
        let mark = self.account.position(instrument).mark_half_ticks;
        mark.filter(|_| self.desks[instrument].marked)
    }

    /// A funding rate in 1e-12 that is paid now on the value of positions at the venue's mark price or, where the feed
    /// gives none, at a mark in *half* ticks (bid + ask). A positive rate debits longs and credits shorts. Where the
    /// instrument has a funding interval, only the first rate in each is paid.
    pub fn on_funding(&mut self, instrument: usize, rate: i64, mark_half_ticks: i64, venue_ns: i64) {
        if !self.account.opens_funding(instrument, venue_ns) {
            return;
        }
        let mark_half_ticks = self.mark_half_ticks(instrument).unwrap_or(mark_half_ticks);
        for &side in self.account.sides() {
            if let Some(paid) = self.account.funding_due_of(instrument, side, rate, mark_half_ticks) {
                self.account.pay_funding_of(instrument, side, paid);
                self.post_funding(instrument, side, paid, mark_half_ticks, venue_ns);
            }
        }
    }

    #[inline(never)]
    fn judge_mid(&mut self, instrument: usize, best_bid: i64, best_ask: i64, venue_ns: i64) {
        if !self.desks[instrument].marked && best_bid > i64::MIN && best_ask < i64::MAX {
            self.account.set_mark(instrument, best_bid.saturating_add(best_ask));
        }
        let mark = self.account.position(instrument).mark_half_ticks;
        if mark.is_some_and(|mark| !self.account.is_safe(instrument, mark)) {
            self.judge(instrument, venue_ns);
        }
    }

    /// Liquidates until what is left can be kept. The orders of what is liquidated end first (Binance, *Liquidation
    /// Protocols*: "all open orders are immediately canceled").
    fn judge(&mut self, instrument: usize, venue_ns: i64) {
        loop {
            match self.account.judge(instrument) {
                Judgement::Kept => return,
                Judgement::Isolated(side) => {
                    self.cancel_all(venue_ns, instrument, Reason::Liquidation);
                    let price_ticks = self.account.own_bankruptcy_ticks(instrument, side);
                    self.close_position(instrument, side, price_ticks, Reason::Liquidation, venue_ns);
                }
                Judgement::Cross => self.liquidate_cross(self.account.settlement(instrument), venue_ns),
            }
        }
    }

    fn liquidate_cross(&mut self, asset: usize, venue_ns: i64) {
        let estate = self.account.estate(asset);
        for instrument in 0..self.desks.len() {
            if !self.account.is_cross_in(instrument, asset) {
                continue;
            }
            self.cancel_all(venue_ns, instrument, Reason::Liquidation);
            for &side in self.account.sides() {
                if self.account.position_of(instrument, side).lots != 0 {
                    let price_ticks = self.account.shared_bankruptcy_ticks(instrument, side, &estate);
                    self.close_position(instrument, side, price_ticks, Reason::Liquidation, venue_ns);
                }
            }
        }
    }

    /// Settles every instrument whose last moment of trading is not after `at_ns`, at its mark: the venue's price, or the
    /// mid of the book as it is, rounded down to a tick.
    pub(super) fn settle_expired<M: Markets + ?Sized>(&mut self, at_ns: i64, markets: &M) {
        while self.next_expiry_ns <= at_ns && self.next_expiry_ns < i64::MAX {
            let expiry_ns = self.next_expiry_ns;
            for instrument in 0..self.desks.len() {
                if self.account.expire(instrument, expiry_ns) {
                    self.settle_instrument(instrument, expiry_ns, markets);
                }
            }
            self.next_expiry_ns = self.account.next_expiry_ns();
        }
    }

    fn settle_instrument<M: Markets + ?Sized>(&mut self, instrument: usize, expiry_ns: i64, markets: &M) {
        let (bid, ask) = match self.desks[instrument].match_on {
            MatchOn::Depth => both_sides(markets.view(instrument)),
            MatchOn::TopOfBook | MatchOn::Bars => both_sides(&self.desks[instrument].top),
        };
        if !self.desks[instrument].marked && bid > i64::MIN && ask < i64::MAX {
            self.account.set_mark(instrument, bid.saturating_add(ask));
        }
        self.cancel_all(expiry_ns, instrument, Reason::Settlement);
        for &side in self.account.sides() {
            let position = self.account.position_of(instrument, side);
            if let (Some(mark), true) = (position.mark_half_ticks, position.lots != 0) {
                let price_ticks = mark.div_euclid(2).max(1);
                self.close_position(instrument, side, price_ticks, Reason::Settlement, expiry_ns);
            }
        }
    }

    /// Closes a whole position against the venue itself, without a fee.
    fn close_position(&mut self, instrument: usize, side: Side, price_ticks: i64, reason: Reason, venue_ns: i64) {
        let held = self.account.position_of(instrument, side).lots;
        let closing = if held > 0 { Side::Ask } else { Side::Bid };
        self.account.reduce(instrument, closing, price_ticks, held.abs(), Money::ZERO);
        self.post_takeover(instrument, closing, price_ticks, held.abs(), reason, venue_ns);
    }

    /// Values positions at the mid where the feed gives no mark price, for margin.
    pub(super) fn value_positions<M: Markets + ?Sized>(&mut self, markets: &M) {
        for (instrument, desk) in self.desks.iter().enumerate() {
            if desk.marked || self.account.is_flat(instrument) {
                continue;
            }
            let (bid, ask) = match desk.match_on {
                MatchOn::Depth => both_sides(markets.view(instrument)),
                MatchOn::TopOfBook | MatchOn::Bars => both_sides(&desk.top),
            };
            if bid > i64::MIN && ask < i64::MAX {
                self.account.set_mark(instrument, bid + ask);
            }
        }
    }
}

fn both_sides<V: MarketView>(view: &V) -> (i64, i64) {
    (view.best_price(0), view.best_price(1))
}
