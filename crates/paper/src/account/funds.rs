use serde::{Deserialize, Serialize};
use tickwright_types::{Money, Side, MONEY_ONE};

use super::terms::Book;
use super::Account;
use crate::Reason;

/// What the open orders of an instrument could still trade.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct OpenOrders {
    /// Sum of price × leaves of a side, in ticks × lots.
    tick_lots: [i128; 2],
    /// Sum of leaves of a side.
    lots: [i64; 2],
}

impl OpenOrders {
    fn add(&mut self, side: Side, price_ticks: i64, lots: i64) {
        self.tick_lots[side.index()] += i128::from(price_ticks) * i128::from(lots);
        self.lots[side.index()] += lots;
    }
}

/// Reservations and what they leave over.
///
/// A linear position needs `max(|position + open buys|, |position − open sells|) / leverage`, the position valued at its
/// mark and the orders at their prices: the larger of the two exposures that fills could lead to. A spot buy reserves its
/// value and the dearer of its fees in the settlement asset, a spot sell the base asset.
impl Account {
    /// Sets aside what an order that becomes live could need.
    pub(crate) fn reserve(&mut self, instrument: usize, side: Side, price_ticks: i64, lots: i64) {
        self.open[instrument].add(side, price_ticks, lots);
    }

    /// Gives back what an order, or part of it, can need no more.
    pub(crate) fn release(&mut self, instrument: usize, side: Side, price_ticks: i64, lots: i64) {
        self.open[instrument].add(side, price_ticks, -lots);
    }

    /// Smallest order of an instrument in lots; `None` where none can be taken.
    pub(crate) fn min_size_lots(&self, instrument: usize) -> Option<i64> {
        let terms = &self.terms[instrument];
        (!matches!(terms.book, Book::None(_))).then_some(terms.min_size_lots)
    }

    /// Whether an order's value can be counted and is large enough.
    pub(crate) fn check_value(&self, instrument: usize, price_ticks: i64, lots: i64) -> Result<(), Reason> {
        let terms = &self.terms[instrument];
        if terms.value(price_ticks, lots)? < terms.min_notional {
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
        let mut after = self.open[instrument];
        after.add(side, price_ticks, lots);
        if terms.is_spot() && side == Side::Ask {
            return self.can_deliver(instrument, after.lots[1]);
        }
        // Nearly every order is far from the limit: it would pass without leverage too, and without the divisions.
        let collateral = self.collateral(terms.settlement).0;
        if self.most_needed(instrument, &after) <= collateral {
            return Ok(());
        }
        let (need_now, need_after) = (self.need(instrument, &self.open[instrument]), self.need(instrument, &after));
        let others: i128 = self.needs(terms.settlement) - need_now;
        if need_after <= need_now || others + need_after <= collateral {
            return Ok(());
        }
        Err(if terms.is_spot() { Reason::InsufficientBalance } else { Reason::InsufficientMargin })
    }

    /// Margin of positions and open orders plus what spot buys set aside, in an asset.
    pub fn reserved(&self, asset: usize) -> Money {
        Money(self.needs(asset))
    }

    /// What new orders could use of an asset; below 0 when positions have lost more than they may.
    pub fn available(&self, asset: usize) -> Money {
        self.collateral(asset) - self.reserved(asset)
    }

    /// Initial margin of an instrument's position alone; 0 when flat and on spot.
    pub fn position_margin(&self, instrument: usize) -> Money {
        Money(if self.terms[instrument].is_spot() { 0 } else { self.need(instrument, &OpenOrders::default()) })
    }

    /// Cash and what linear positions would realize: spot holdings back nothing.
    fn collateral(&self, asset: usize) -> Money {
        let open: Money = self
            .settled_in(asset)
            .filter(|(terms, position)| terms.book == Book::Linear && position.lots != 0)
            .map(|(terms, position)| position.unrealized(terms.tick_lot))
            .sum();
        self.assets[asset].cash + open
    }

    fn needs(&self, asset: usize) -> i128 {
        let settled = self.terms.iter().enumerate().filter(|(_, terms)| terms.settlement == asset);
        settled.map(|(instrument, _)| self.need(instrument, &self.open[instrument])).sum()
    }

    fn need(&self, instrument: usize, open: &OpenOrders) -> i128 {
        let (terms, position) = (&self.terms[instrument], &self.positions[instrument]);
        if position.lots == 0 && open.lots == [0, 0] {
            return 0;
        }
        match terms.book {
            Book::Spot { .. } => {
                let value = open.tick_lots[0] * terms.tick_lot;
                if value == 0 {
                    0
                } else {
                    value + terms.most_fee(value)
                }
            }
            Book::Linear => terms.margin(self.exposure(instrument, open)),
            Book::None(_) => 0,
        }
    }

    /// A bound of what would be needed in an instrument's settlement asset if its open orders were those.
    fn most_needed(&self, instrument: usize, after: &OpenOrders) -> i128 {
        let settlement = self.terms[instrument].settlement;
        let mut most = 0i128;
        for (index, terms) in self.terms.iter().enumerate().filter(|(_, terms)| terms.settlement == settlement) {
            let open = if index == instrument { after } else { &self.open[index] };
            let here: i128 = match terms.book {
                Book::Spot { .. } => (2 * open.tick_lots[0]).saturating_mul(terms.tick_lot),
                Book::Linear if terms.leverage >= MONEY_ONE => {
                    self.exposure(index, open).saturating_mul(terms.tick_lot)
                }
                Book::Linear => self.need(index, open),
                Book::None(_) => 0,
            };
            most = here.saturating_add(most);
        }
        most
    }

    /// Twice the larger exposure, in ticks × lots, that fills of these orders could lead to.
    fn exposure(&self, instrument: usize, open: &OpenOrders) -> i128 {
        let position = &self.positions[instrument];
        let held = match position.mark_half_ticks {
            Some(mark) => i128::from(mark) * i128::from(position.lots),
            None => 2 * position.signed_basis(),
        };
        let (long, short) = (held + 2 * open.tick_lots[0], held - 2 * open.tick_lots[1]);
        long.abs().max(short.abs())
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
                    let own = if index == instrument { lots } else { self.open[index].lots[1] };
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
