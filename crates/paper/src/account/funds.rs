use serde::{Deserialize, Serialize};
use tickwright_types::{Money, Side, MONEY_ONE};

use super::exact::{scaled_half_even, scaled_up};
use super::terms::{Book, Terms};
use super::Account;
use crate::Reason;

/// What the open orders of an instrument could still trade.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct OpenOrders {
    /// Sum over a side of what its orders weigh, in units of basis.
    weight: [i128; 2],
    /// Sum of leaves of a side.
    lots: [i64; 2],
}

impl OpenOrders {
    fn add(&mut self, terms: &Terms, side: Side, price_ticks: i64, lots: i64) {
        // A price of 0 is that of an order which needs no funds.
        if price_ticks > 0 {
            self.weight[side.index()] += terms.contract.weight(price_ticks, lots);
            self.lots[side.index()] += lots;
        }
    }
}

/// Reservations and what they leave over.
///
/// A position on margin needs `max(|position + open buys|, |position − open sells|) / leverage`, the position valued at
/// its mark and the orders at their prices: the larger of the two exposures that fills could lead to. In hedge mode the
/// long with the open buys and the short with the open sells need margin each. Of an isolated position only what its
/// orders add is needed: its own margin is set aside already. A spot buy reserves its value and the dearer of its fees in
/// the settlement asset, a spot sell the base asset.
impl Account {
    /// Whether an order needs funds at all: in hedge mode one that may only reduce opens nothing.
    pub(crate) fn needs_funds(&self, instrument: usize, reduces: bool) -> bool {
        !(reduces && self.is_hedged && self.terms[instrument].is_margin())
    }

    /// Sets aside what an order that becomes live could need.
    pub(crate) fn reserve(&mut self, instrument: usize, side: Side, price_ticks: i64, lots: i64) {
        self.states[instrument].open.add(&self.terms[instrument], side, price_ticks, lots);
    }

    /// Gives back what an order, or part of it, can need no more.
    pub(crate) fn release(&mut self, instrument: usize, side: Side, price_ticks: i64, lots: i64) {
        self.states[instrument].open.add(&self.terms[instrument], side, price_ticks, -lots);
    }

    /// Smallest order of an instrument in lots; `None` where none can be taken.
    pub(crate) fn min_size_lots(&self, instrument: usize) -> Option<i64> {
        let terms = &self.terms[instrument];
        let closed = matches!(terms.book, Book::None(_)) || self.states[instrument].is_expired;
        (!closed).then_some(terms.min_size_lots)
    }

    /// Whether an order's value can be counted and is large enough.
    pub(crate) fn check_value(&self, instrument: usize, price_ticks: i64, lots: i64) -> Result<(), Reason> {
        let terms = &self.terms[instrument];
        if terms.contract.notional(price_ticks, lots)? < terms.min_notional {
            return Err(Reason::BelowMinNotional);
        }
        Ok(())
    }

    /// Whether an order could be carried if it became live now.
    ///
    /// One that does not raise its instrument's need always can: exits pass.
    pub(crate) fn can_carry(&self, instrument: usize, side: Side, price_ticks: i64, lots: i64) -> Result<(), Reason> {
        if !self.check_funds {
            return Ok(());
        }
        let terms = &self.terms[instrument];
        let mut after = self.states[instrument].open;
        after.add(terms, side, price_ticks, lots);
        if terms.is_spot() && side == Side::Ask {
            return self.can_deliver(instrument, after.lots[1]);
        }
        // Nearly every order is far from the limit: it would pass without leverage too, and without the divisions.
        let collateral = self.collateral(terms.settlement).0;
        if self.most_needed(instrument, &after) <= collateral {
            return Ok(());
        }
        let (need_now, need_after) = (self.need(instrument, self.open(instrument)), self.need(instrument, &after));
        let others: i128 = self.needs(terms.settlement) - need_now;
        if need_after <= need_now || others + need_after <= collateral {
            return Ok(());
        }
        Err(if terms.is_spot() { Reason::InsufficientBalance } else { Reason::InsufficientMargin })
    }

    /// Margin of positions and open orders plus what spot buys set aside, in an asset.
    pub fn reserved(&self, asset: usize) -> Money {
        let isolated: Money = self.settled_in(asset).map(|(_, position)| position.margin).sum();
        Money(self.needs(asset)) + isolated
    }

    /// What new orders could use of an asset; below 0 when positions have lost more than they may.
    pub fn available(&self, asset: usize) -> Money {
        self.collateral(asset) - Money(self.needs(asset))
    }

    fn open(&self, instrument: usize) -> &OpenOrders {
        &self.states[instrument].open
    }

    /// What is needed of an asset beside the margin of isolated positions.
    fn needs(&self, asset: usize) -> i128 {
        let settled = self.terms.iter().enumerate().filter(|(_, terms)| terms.settlement == asset);
        settled.map(|(instrument, _)| self.need(instrument, self.open(instrument))).sum()
    }

    pub(super) fn need(&self, instrument: usize, open: &OpenOrders) -> i128 {
        let terms = &self.terms[instrument];
        match terms.book {
            Book::Spot { .. } => {
                let value = open.weight[0] * terms.contract.basis_unit();
                if value == 0 {
                    0
                } else {
                    value + most_fee(terms, value)
                }
            }
            Book::Margin if open.lots == [0, 0] && self.is_flat(instrument) => 0,
            Book::Margin => {
                let all = margin(terms, self.exposure(instrument, open));
                let own =
                    if terms.isolated { margin(terms, self.exposure(instrument, &OpenOrders::default())) } else { 0 };
                all - own
            }
            Book::None(_) => 0,
        }
    }

    pub(crate) fn is_flat(&self, instrument: usize) -> bool {
        self.sides().iter().all(|&side| self.position_of(instrument, side).lots == 0)
    }

    /// A bound of what would be needed in an instrument's settlement asset if its open orders were those.
    fn most_needed(&self, instrument: usize, after: &OpenOrders) -> i128 {
        let settlement = self.terms[instrument].settlement;
        let mut most = 0i128;
        for (index, terms) in self.terms.iter().enumerate().filter(|(_, terms)| terms.settlement == settlement) {
            let open = if index == instrument { after } else { self.open(index) };
            let here: i128 = match terms.book {
                Book::Spot { .. } => (2 * open.weight[0]).saturating_mul(terms.contract.basis_unit()),
                Book::Margin if terms.leverage >= MONEY_ONE => {
                    self.exposure(index, open).saturating_mul(terms.contract.basis_unit())
                }
                Book::Margin => self.need(index, open),
                Book::None(_) => 0,
            };
            most = here.saturating_add(most);
        }
        most
    }

    /// Twice the largest exposure, in units of basis, that fills of these orders could lead to.
    fn exposure(&self, instrument: usize, open: &OpenOrders) -> i128 {
        let held = |side: Side| self.held(instrument, side);
        if self.is_hedged {
            return held(Side::Bid) + 2 * open.weight[0] - held(Side::Ask) + 2 * open.weight[1];
        }
        let held = held(Side::Bid);
        let (long, short) = (held + 2 * open.weight[0], held - 2 * open.weight[1]);
        long.abs().max(short.abs())
    }

    /// Twice what a position weighs, below 0 when short: at its mark or, isolated, at what its margin was computed from.
    fn held(&self, instrument: usize, side: Side) -> i128 {
        let (terms, position) = (&self.terms[instrument], self.position_of(instrument, side));
        match position.mark_half_ticks.filter(|_| position.lots != 0 && !terms.isolated) {
            Some(mark) if terms.contract.direction() > 0 => i128::from(mark) * i128::from(position.lots),
            Some(_) => 2 * position.value(&terms.contract) * i128::from(position.lots.signum()),
            None => 2 * position.signed_basis(),
        }
    }

    /// Whether the base asset covers what would then be for sale on all instruments that trade it.
    fn can_deliver(&self, instrument: usize, lots: i64) -> Result<(), Reason> {
        let base = self.terms[instrument].base;
        let for_sale: i128 = self
            .terms
            .iter()
            .enumerate()
            .filter(|(_, terms)| terms.base == base)
            .map(|(index, terms)| match terms.book {
                Book::Spot { lot_base } => {
                    let own = if index == instrument { lots } else { self.open(index).lots[1] };
                    i128::from(own) * lot_base
                }
                _ => 0,
            })
            .sum();
        if for_sale <= self.assets[base].cash.0 {
            Ok(())
        } else {
            Err(Reason::InsufficientBalance)
        }
    }
}

/// The initial margin of an exposure given as twice its units of basis, rounded up.
fn margin(terms: &Terms, doubled: i128) -> i128 {
    let doubled = doubled.abs().checked_mul(terms.contract.basis_unit()).expect("exposure out of range");
    scaled_up((doubled + 1) / 2, MONEY_ONE, terms.leverage)
}

/// The most that fees of a value can come to, rounded up; 0 where both are rebates.
fn most_fee(terms: &Terms, value: i128) -> i128 {
    let rate = terms.maker_rate.max(terms.taker_rate).max(0);
    scaled_half_even(value, rate, MONEY_ONE) + i128::from(rate > 0)
}
