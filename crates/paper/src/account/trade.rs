use tickwright_types::{Money, Side, MONEY_ONE};

use super::terms::Book;
use super::Account;
use crate::{EventKind, OwnEvent};

/// Fills and what they cost.
impl Account {
    /// Applies a fill or funding payment; other events change nothing. Returns the profit realized by it.
    pub fn apply(&mut self, event: &OwnEvent) -> Money {
        let instrument = usize::from(event.instrument);
        match event.kind {
            EventKind::Fill => {
                let side = Side::from_index(usize::from(event.side));
                let trade = if event.reduces { Self::reduce } else { Self::fill };
                trade(self, instrument, side, event.price_ticks, event.size_lots, event.fee)
            }
            EventKind::Funding => {
                self.pay_funding_of(instrument, Side::from_index(usize::from(event.side)), event.fee);
                Money::ZERO
            }
            _ => Money::ZERO,
        }
    }

    /// Applies a fill and returns the profit realized by it.
    ///
    /// In hedge mode it opens: a buy adds to the long, a sale to the short.
    ///
    /// # Panics
    /// If the instrument is not one of the account's or cannot be traded, or if a number leaves its range.
    pub fn fill(&mut self, instrument: usize, side: Side, price_ticks: i64, lots: i64, fee: Money) -> Money {
        self.trade(instrument, side, side, price_ticks, lots, fee)
    }

    /// Applies a fill of an order that may only reduce and returns the profit realized by it: in hedge mode a sale
    /// closes what is long and a buy what is short. In one-way mode it is [`fill`](Self::fill).
    ///
    /// # Panics
    /// As [`fill`](Self::fill), and in hedge mode if more is closed than held.
    pub fn reduce(&mut self, instrument: usize, side: Side, price_ticks: i64, lots: i64, fee: Money) -> Money {
        if self.is_hedged {
            let held = self.reducible_lots(instrument, side);
            assert!(lots <= held, "a fill that reduces closes {lots} lots where {held} are held");
        }
        self.trade(instrument, side, side.opposite(), price_ticks, lots, fee)
    }

    fn trade(&mut self, instrument: usize, side: Side, of: Side, price_ticks: i64, lots: i64, fee: Money) -> Money {
        let half_ticks = price_ticks.saturating_mul(2);
        self.first_mark(instrument, half_ticks);
        // A spot instrument has holdings on one side only, whatever the mode.
        let of = if self.terms[instrument].is_spot() { Side::Bid } else { of };
        let at = self.place(instrument, of);
        let (terms, position) = (&self.terms[instrument], &mut self.positions[at]);
        let signed = lots * side.sign();
        let traded = position.trade(signed, price_ticks, &terms.contract);
        let unit = terms.contract.basis_unit();
        let realized = Money(traded.profit.checked_mul(unit).expect("profit out of range"));
        position.realized += realized;
        position.fees += fee;
        match terms.book {
            Book::Spot { lot_base } => {
                let paid = i128::from(price_ticks) * i128::from(signed) * unit;
                self.assets[terms.settlement].cash -= Money(paid) + fee;
                self.assets[terms.base].cash += Money(i128::from(signed) * lot_base);
            }
            Book::Margin => {
                self.assets[terms.settlement].cash += realized - fee;
                if terms.isolated && traded.opened > 0 {
                    let value = terms.contract.at_price(price_ticks, traded.opened);
                    position.margin += Money(value.times_up(MONEY_ONE, terms.leverage));
                }
            }
            Book::None(_) => panic!("a fill of instrument {instrument}, which cannot be traded"),
        }
        self.pay_from_margin(instrument, of);
        self.void_watches();
        realized
    }

    /// A first fill is also a first mark.
    fn first_mark(&mut self, instrument: usize, half_ticks: i64) {
        let unit = self.terms[instrument].contract.basis_unit();
        for &side in self.sides() {
            let at = self.place(instrument, side);
            let position = &mut self.positions[at];
            if position.unpriced {
                position.open_at(half_ticks, unit);
            }
            position.mark_half_ticks.get_or_insert(half_ticks);
        }
    }

    /// The fee of a fill: value × rate, rounded once, half to even; negative is a rebate.
    pub fn fee(&self, instrument: usize, price_ticks: i64, lots: i64, maker: bool) -> Money {
        let terms = &self.terms[instrument];
        Money(terms.contract.at_price(price_ticks, lots).times(terms.fee_rate(maker)))
    }

    /// Sets the price at which positions are valued, in half ticks (bid + ask of a mid). Plain stores.
    #[inline]
    pub fn set_mark(&mut self, instrument: usize, mark_half_ticks: i64) {
        for &side in self.sides() {
            let at = self.place(instrument, side);
            let position = &mut self.positions[at];
            position.mark_half_ticks = Some(mark_half_ticks);
            if position.unpriced {
                position.open_at(mark_half_ticks, self.terms[instrument].contract.basis_unit());
            }
        }
    }
}
