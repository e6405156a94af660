use serde::{Deserialize, Serialize};
use tickwright_types::{Decimal, Instrument, InstrumentKind, Money, MONEY_DECIMALS, MONEY_ONE};

use super::exact::{scaled_half_even, unscaled_up};
use super::AccountConfig;
use crate::{PaperError, Reason};

/// Largest value of one order or position: 10^14 whole units, far from where an i128 of 1e-12 ends.
const MAX_VALUE: i128 = 10i128.pow(26);

/// How positions of an instrument are kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Book {
    /// The base asset is bought with the quote asset.
    Spot {
        /// Units of 1e-12 of the base asset in a lot.
        lot_base: i128,
    },
    /// Profit in the settlement asset, linear in price.
    Linear,
    /// Cannot be traded, and why.
    None(String),
}

/// An instrument's numbers in integers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Terms {
    pub(crate) book: Book,
    /// Units of money in one tick × one lot.
    pub(crate) tick_lot: i128,
    /// In units of 1e-12 of the value.
    pub(crate) maker_rate: i128,
    pub(crate) taker_rate: i128,
    pub(crate) min_size_lots: i64,
    pub(crate) min_notional: Money,
    /// In units of 1e-12.
    pub(crate) leverage: i128,
    /// Index of the settlement asset in the account.
    pub(crate) settlement: usize,
    /// Index of the base asset in the account.
    pub(crate) base: usize,
}

impl Terms {
    /// Reads an instrument; `asset` gives the index of an asset's name.
    pub(crate) fn new(
        instrument: &Instrument,
        config: &AccountConfig,
        mut asset: impl FnMut(&str) -> usize,
    ) -> Result<Self, PaperError> {
        let spec = instrument.spec();
        let fee = |field, given: Option<Decimal>, own: Decimal| rate(field, given.unwrap_or(own));
        let leverage = config.leverage.map_or(spec.max_leverage, |cap| smaller(cap, spec.max_leverage));
        let settlement = asset(&spec.settlement);
        let base = asset(&spec.base);
        let mut terms = Self {
            book: Book::Linear,
            tick_lot: 0,
            maker_rate: fee("maker_fee", config.maker_fee, spec.maker_fee)?,
            taker_rate: fee("taker_fee", config.taker_fee, spec.taker_fee)?,
            min_size_lots: 1,
            min_notional: Money::ZERO,
            leverage: leverage
                .scaled_to(MONEY_DECIMALS)
                .filter(|l| (1..=1_000_000 * MONEY_ONE).contains(l))
                .ok_or_else(|| PaperError::Account {
                    field: "leverage",
                    reason: format!("{leverage} is not above 0 and at most 1000000 with at most 12 decimals"),
                })?,
            settlement,
            base,
        };
        if let Err(reason) = terms.read_grid(instrument) {
            terms.book = Book::None(reason);
        }
        Ok(terms)
    }

    fn read_grid(&mut self, instrument: &Instrument) -> Result<(), String> {
        let spec = instrument.spec();
        self.tick_lot = instrument.tick_lot_value().map_err(|error| error.to_string())?;
        self.min_size_lots = spec
            .min_size
            .whole_steps_of(spec.lot_size)
            .map(|(lots, cut)| (lots + i64::from(cut)).max(1))
            .ok_or_else(|| format!("min_size {} is more lots than can be counted", spec.min_size))?;
        self.min_notional = Money::from_decimal(spec.min_notional)
            .ok_or_else(|| format!("min_notional {} is finer than money", spec.min_notional))?;
        match spec.kind {
            InstrumentKind::LinearPerpetual => Ok(()),
            InstrumentKind::Spot => {
                if spec.settlement != spec.quote {
                    return Err(format!("spot settles in its quote asset {}, not {}", spec.quote, spec.settlement));
                }
                let lot_base = spec
                    .lot_size
                    .checked_mul(spec.multiplier)
                    .and_then(|lot| lot.scaled_to(MONEY_DECIMALS))
                    .ok_or_else(|| format!("lot_size {} is finer than money", spec.lot_size))?;
                self.book = Book::Spot { lot_base };
                Ok(())
            }
            kind => Err(format!("accounts of kind {kind:?} are not part of this release")),
        }
    }

    pub(crate) fn is_spot(&self) -> bool {
        matches!(self.book, Book::Spot { .. })
    }

    /// The exact value of lots at a price, or why an order of it cannot be taken.
    pub(crate) fn value(&self, price_ticks: i64, lots: i64) -> Result<Money, Reason> {
        (i128::from(price_ticks) * i128::from(lots))
            .checked_mul(self.tick_lot)
            .filter(|value| value.abs() <= MAX_VALUE)
            .map(Money)
            .ok_or(Reason::OutOfRange)
    }

    /// The fee of a value, rounded once, half to even.
    pub(crate) fn fee(&self, value: Money, maker: bool) -> Money {
        let rate = if maker { self.maker_rate } else { self.taker_rate };
        Money(scaled_half_even(value.0, rate, MONEY_ONE))
    }

    /// The most that fees of a value can come to, rounded up; 0 where both are rebates.
    pub(crate) fn most_fee(&self, value: i128) -> i128 {
        let rate = self.maker_rate.max(self.taker_rate).max(0);
        scaled_half_even(value, rate, MONEY_ONE) + i128::from(rate > 0)
    }

    /// The initial margin of an exposure given as twice its ticks × lots, rounded up.
    pub(crate) fn margin(&self, doubled_tick_lots: i128) -> i128 {
        let doubled = doubled_tick_lots.abs().checked_mul(self.tick_lot).expect("exposure out of range");
        unscaled_up((doubled + 1) / 2, MONEY_ONE, self.leverage)
    }
}

fn rate(field: &'static str, given: Decimal) -> Result<i128, PaperError> {
    given.scaled_to(MONEY_DECIMALS).filter(|rate| rate.abs() < MONEY_ONE).ok_or_else(|| PaperError::Account {
        field,
        reason: format!("{given} must be a fraction between -1 and 1 with at most 12 decimals (0.0002 = 2 bps)"),
    })
}

fn smaller(a: Decimal, b: Decimal) -> Decimal {
    match (a.scaled_to(18), b.scaled_to(18)) {
        (Some(x), Some(y)) if x > y => b,
        _ => a,
    }
}
