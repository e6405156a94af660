use serde::{Deserialize, Serialize};
use tickwright_types::Money;

use super::exact::{floor_share, half_even};

/// A one-way position: what is held, what it cost, and what became of it. Money is in the settlement asset.
///
/// The cost basis counts ticks × lots and is exact. Taking away `r` of `n` lots takes `floor(basis × r / n)` of it; the
/// rest stays, so that whatever a rounding leaves is realized by a later reduction and nothing is ever lost.
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
    /// Cost of the lots held, in ticks × lots, positive on both sides.
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
    /// Whether deposited lots still wait for their first price.
    pub(super) unpriced: bool,
}

impl Position {
    /// Average entry price in ticks, fees left out, for reading; `None` when flat.
    pub fn avg_entry_ticks(&self) -> Option<f64> {
        (self.lots != 0).then(|| self.basis as f64 / self.lots.unsigned_abs() as f64)
    }

    /// Profit of what is held at the mark.
    pub(super) fn unrealized(&self, tick_lot: i128) -> Money {
        let Some(mark) = self.mark_half_ticks.filter(|_| self.lots != 0) else { return Money::ZERO };
        let doubled = i128::from(mark) * i128::from(self.lots) - 2 * self.signed_basis();
        Money(half_even(doubled.checked_mul(tick_lot).expect("profit out of range")))
    }

    /// Average entry price in ticks with the fees of the position's life added to a long's cost or taken off a short's
    /// proceeds, for reading; `None` when flat.
    pub(super) fn avg_entry_with_fees_ticks(&self, tick_lot: i128) -> Option<f64> {
        let fees_ticks = self.fees.0 as f64 / (tick_lot as f64 * self.lots.unsigned_abs() as f64);
        Some(self.avg_entry_ticks()? + fees_ticks * self.lots.signum() as f64)
    }

    pub(super) fn signed_basis(&self) -> i128 {
        self.basis * i128::from(self.lots.signum())
    }

    /// Trades `lots` (above 0 bought, below 0 sold) and returns the profit in ticks × lots.
    pub(super) fn trade(&mut self, lots: i64, price_ticks: i64) -> i128 {
        let closed = if self.lots.signum() == -lots.signum() { lots.abs().min(self.lots.abs()) } else { 0 };
        let opened = lots.abs() - closed;
        let mut profit = 0;
        if closed > 0 {
            let cost = floor_share(self.basis, closed, self.lots.abs());
            profit = (i128::from(price_ticks) * i128::from(closed) - cost) * i128::from(self.lots.signum());
            self.basis -= cost;
        }
        self.basis += i128::from(price_ticks) * i128::from(opened);
        self.lots = self.lots.checked_add(lots).expect("position out of range");
        profit
    }
}
