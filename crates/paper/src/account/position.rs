use serde::{Deserialize, Serialize};
use tickwright_types::{Money, MONEY_ONE};

use super::contract::Contract;
use super::exact::{floor_share, half_even};
use super::terms::Terms;

/// A position: what is held, what it cost, and what became of it. Money is in the settlement asset.
///
/// The cost basis is an exact integer. Taking away `r` of `n` lots takes `floor(basis × r / n)` of it; the rest stays, so
/// that whatever a rounding leaves is realized by a later reduction and nothing is ever lost.
///
/// ```text
/// buy 2 at 100, buy 1 at 103   lots 3, basis 303
/// sell 1 at 110                takes floor(303 / 3) = 101, realizes 9; lots 2, basis 202
/// sell 5 at 90                 closes 2 at a loss of 22, opens 3 short; lots −3, basis 270
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// Lots held; below 0 when short.
    pub lots: i64,
    /// Cost of the lots held, positive on both sides: in ticks × lots, or for an inverse contract in 1e-12 of the
    /// settlement asset.
    pub basis: i128,
    /// Profit of what was closed, without fees.
    pub realized: Money,
    /// Fees paid, rebates subtracted.
    pub fees: Money,
    /// Funding paid, what was received subtracted.
    pub funding_paid: Money,
    /// Mark price in half ticks: a mid between two ticks is exact. `None` until a mark or fill was seen.
    pub mark_half_ticks: Option<i64>,
    /// Lots that were deposited, spot only.
    pub deposited_lots: i64,
    /// Value of the deposited base asset when its first price was seen; spot only.
    pub opening_value: Money,
    /// What is set aside for an isolated position; 0 for others.
    pub margin: Money,
    /// Whether deposited lots still wait for their first price.
    pub(super) unpriced: bool,
}

/// What a trade did to a position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Traded {
    /// Profit in units of basis.
    pub(super) profit: i128,
    /// Lots that it closed, and lots that it opened.
    pub(super) closed: i64,
    pub(super) opened: i64,
}

impl Position {
    /// Trades `lots` (above 0 bought, below 0 sold).
    pub(super) fn trade(&mut self, lots: i64, price_ticks: i64, contract: &Contract) -> Traded {
        let closed = if self.lots.signum() == -lots.signum() { lots.abs().min(self.lots.abs()) } else { 0 };
        let opened = lots.abs() - closed;
        let mut profit = 0;
        if closed > 0 {
            let cost = floor_share(self.basis, closed, self.lots.abs());
            let gain = contract.cost(price_ticks, closed) - cost;
            profit = gain * i128::from(self.lots.signum()) * contract.direction();
            self.margin.0 -= floor_share(self.margin.0, closed, self.lots.abs());
            self.basis -= cost;
        }
        if opened > 0 {
            self.basis += contract.cost(price_ticks, opened);
        }
        self.lots = self.lots.checked_add(lots).expect("position out of range");
        Traded { profit, closed, opened }
    }

    /// Prices deposited lots, which count as bought then and there.
    pub(super) fn open_at(&mut self, half_ticks: i64, tick_lot: i128) {
        self.unpriced = false;
        self.basis = i128::from(half_ticks.div_euclid(2)) * i128::from(self.lots);
        self.opening_value = Money(self.basis.checked_mul(tick_lot).expect("deposit out of range"));
    }

    pub(super) fn signed_basis(&self) -> i128 {
        self.basis * i128::from(self.lots.signum())
    }

    /// Profit of what is held at the mark.
    pub(super) fn unrealized(&self, contract: &Contract) -> Money {
        let Some(mark) = self.mark_half_ticks.filter(|_| self.lots != 0) else { return Money::ZERO };
        Money(match contract {
            Contract::Linear { tick_lot } => {
                let doubled = i128::from(mark) * i128::from(self.lots) - 2 * self.signed_basis();
                half_even(doubled.checked_mul(*tick_lot).expect("profit out of range"))
            }
            Contract::Inverse { .. } => {
                let value = contract.at_mark(mark, self.lots.abs()).rounded();
                (self.basis - value) * i128::from(self.lots.signum())
            }
        })
    }

    /// Value at the mark, or at cost before the first, in units of money; positive on both sides.
    pub(super) fn value(&self, contract: &Contract) -> i128 {
        match self.mark_half_ticks.filter(|_| self.lots != 0) {
            Some(mark) => contract.at_mark(mark, self.lots.abs()).rounded().abs(),
            None => self.basis * contract.basis_unit(),
        }
    }

    /// What equity must exceed for this position to be kept: value at the mark × maintenance rate, rounded up.
    pub(super) fn maintenance(&self, terms: &Terms) -> i128 {
        if self.lots == 0 || terms.maintenance_rate == 0 {
            return 0;
        }
        match self.mark_half_ticks {
            Some(mark) => {
                terms.contract.at_mark(mark, self.lots.abs()).times_up(terms.maintenance_rate, MONEY_ONE).abs()
            }
            None => 0,
        }
    }
}
