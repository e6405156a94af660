use serde::{Deserialize, Serialize};
use tickwright_types::{InstrumentSpec, Money, MONEY_DECIMALS, MONEY_ONE};

use super::exact::{common_divisor, half_even, scaled_half_even, scaled_up};
use crate::Reason;

/// Largest value of one order or position: 10^14 whole units, far from where an i128 of 1e-12 ends.
const MAX_VALUE: i128 = 10i128.pow(26);

/// What lots of an instrument are worth at a price, in units of 1e-12 of its settlement asset.
///
/// | | value of n lots at p ticks | profit of a long from p to q |
/// | --- | --- | --- |
/// | linear | n × p × (tick × lot × multiplier), exact | value(q) − value(p) |
/// | inverse | n × (lot × multiplier) ÷ (p × tick), rounded half to even | value(p) − value(q) |
///
/// The inverse forms are those of `BitMEX` (*Inverse Perpetuals Guide*: contract value = multiplier ÷ price, profit =
/// contracts × multiplier × (1 ÷ entry − 1 ÷ exit)), Binance COIN-M and Bybit (*P&L calculations, Inverse Contracts*).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Contract {
    /// Value rises with the price.
    Linear {
        /// Units of money in one tick × one lot.
        tick_lot: i128,
    },
    /// Value falls with the price: a fixed amount of the quote asset, counted in the base asset.
    Inverse {
        /// A lot at one tick is worth `lot / per` units of money.
        lot: i128,
        per: i128,
        /// Units of 1e-12 of the quote asset in a lot.
        lot_quote: i128,
    },
}

/// A value before it is rounded.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Exact {
    over: i128,
    under: i128,
}

impl Contract {
    /// Reads an inverse contract; the reason where its numbers are too fine or too large to be counted.
    pub(crate) fn inverse(spec: &InstrumentSpec) -> Result<Self, String> {
        if spec.settlement != spec.base {
            return Err(format!(
                "an inverse contract settles in its base asset {}, not {}",
                spec.base, spec.settlement
            ));
        }
        let too_fine = || {
            format!(
                "tick {}, lot {} and multiplier {} are too fine for an inverse contract",
                spec.tick_size, spec.lot_size, spec.multiplier
            )
        };
        let size = spec.lot_size.checked_mul(spec.multiplier).ok_or_else(too_fine)?;
        let power = |digits: u32| 10i128.checked_pow(digits);
        let lot = power(MONEY_DECIMALS + spec.tick_size.scale())
            .and_then(|unit| size.mantissa().checked_mul(unit))
            .ok_or_else(too_fine)?;
        let per = power(size.scale()).and_then(|unit| spec.tick_size.mantissa().checked_mul(unit));
        let per = per.ok_or_else(too_fine)?;
        let common = common_divisor(lot, per);
        let (lot, per) = (lot / common, per / common);
        let lot_quote = size.scaled_to(MONEY_DECIMALS).filter(|_| lot <= 10i128.pow(22) && per <= 10i128.pow(6));
        Ok(Self::Inverse { lot, per, lot_quote: lot_quote.ok_or_else(too_fine)? })
    }

    /// Units of money in one unit of cost basis.
    ///
    /// A linear basis counts ticks × lots. An inverse one counts money itself: the average of inverse entries is
    /// harmonic, contracts ÷ value (Bybit: 1 000 at 5 000 and 2 000 at 6 000 average 5 625), which no sum of ticks × lots
    /// gives.
    pub(crate) fn basis_unit(&self) -> i128 {
        match self {
            Self::Linear { tick_lot } => *tick_lot,
            Self::Inverse { .. } => 1,
        }
    }

    /// +1 where a rising value is a long's profit, −1 where it is its loss.
    pub(crate) fn direction(&self) -> i128 {
        match self {
            Self::Linear { .. } => 1,
            Self::Inverse { .. } => -1,
        }
    }

    /// What `lots` at a price add to a cost basis.
    pub(crate) fn cost(&self, price_ticks: i64, lots: i64) -> i128 {
        match self {
            Self::Linear { .. } => i128::from(price_ticks) * i128::from(lots),
            Self::Inverse { .. } => self.at_price(price_ticks, lots).rounded(),
        }
    }

    /// What an order of `lots` at a price weighs among the open orders, in units of basis: whatever is added for an order
    /// is taken off again by its parts, so an inverse lot is rounded up by itself.
    pub(crate) fn weight(&self, price_ticks: i64, lots: i64) -> i128 {
        match self {
            Self::Linear { .. } => i128::from(price_ticks) * i128::from(lots),
            Self::Inverse { .. } => self.at_price(price_ticks, 1).times_up(1, 1) * i128::from(lots),
        }
    }

    /// The value of `lots >= 0` at a price in ticks.
    pub(crate) fn at_price(&self, price_ticks: i64, lots: i64) -> Exact {
        self.at_half_ticks(2 * i128::from(price_ticks), lots)
    }

    /// The value of `lots >= 0` at a mark in half ticks.
    pub(crate) fn at_mark(&self, half_ticks: i64, lots: i64) -> Exact {
        self.at_half_ticks(i128::from(half_ticks), lots)
    }

    fn at_half_ticks(&self, half_ticks: i128, lots: i64) -> Exact {
        match *self {
            Self::Linear { tick_lot } => {
                let over = (half_ticks * i128::from(lots)).checked_mul(tick_lot).expect("value out of range");
                Exact { over, under: 2 }
            }
            // A price of 0 or less means nothing here; such a mark must not divide.
            Self::Inverse { lot, per, .. } => {
                let over = (2 * i128::from(lots)).checked_mul(lot).expect("value out of range");
                Exact { over, under: half_ticks.max(1).checked_mul(per).expect("value out of range") }
            }
        }
    }

    /// The value of an order in the quote asset, which a minimum is stated in, or why such an order cannot be taken.
    pub(crate) fn notional(&self, price_ticks: i64, lots: i64) -> Result<Money, Reason> {
        let (price, lots) = (i128::from(price_ticks), i128::from(lots));
        let in_range = |value: Option<i128>| value.filter(|value| value.abs() <= MAX_VALUE).ok_or(Reason::OutOfRange);
        match *self {
            Self::Linear { tick_lot } => in_range((price * lots).checked_mul(tick_lot)).map(Money),
            Self::Inverse { lot, per, lot_quote } => {
                in_range(lots.checked_mul(lot).map(|over| over / (price * per).max(1)))?;
                in_range(lots.checked_mul(lot_quote)).map(Money)
            }
        }
    }

    /// The price in ticks at which `lots > 0` are worth that value, rounded up.
    pub(crate) fn price_up(&self, value: i128, lots: i64) -> i128 {
        let (over, under) = self.price_of(value, lots);
        scaled_up(over, 1, under)
    }

    /// The same rounded down.
    pub(crate) fn price_down(&self, value: i128, lots: i64) -> i128 {
        let (over, under) = self.price_of(value, lots);
        over.div_euclid(under)
    }

    fn price_of(&self, value: i128, lots: i64) -> (i128, i128) {
        match *self {
            Self::Linear { tick_lot } => (value, i128::from(lots) * tick_lot),
            Self::Inverse { lot, per, .. } => (i128::from(lots) * lot, value.max(1).saturating_mul(per)),
        }
    }
}

impl Exact {
    /// Rounded once, half to even.
    pub(crate) fn rounded(self) -> i128 {
        if self.under == 2 {
            return half_even(self.over);
        }
        scaled_half_even(self.over, 1, self.under)
    }

    /// This value × a rate in 1e-12, rounded once, half to even.
    pub(crate) fn times(self, rate: i128) -> i128 {
        scaled_half_even(self.over, rate, self.under * MONEY_ONE)
    }

    /// This value × `rate / one`, rounded up.
    pub(crate) fn times_up(self, rate: i128, one: i128) -> i128 {
        scaled_up(self.over, rate, self.under.checked_mul(one).expect("value out of range"))
    }
}
