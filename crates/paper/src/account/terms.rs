use serde::{Deserialize, Serialize};
use tickwright_types::{Decimal, Instrument, InstrumentKind, InstrumentSpec, Money, MONEY_DECIMALS, MONEY_ONE};

use super::config::{AccountConfig, MarginMode};
use super::contract::Contract;
use crate::PaperError;

/// How positions of an instrument are kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Book {
    /// The base asset is bought with the quote asset.
    Spot {
        /// Units of 1e-12 of the base asset in a lot.
        lot_base: i128,
    },
    /// Contracts, shares or currency that are held on margin: profit goes to the settlement asset.
    Margin,
    /// Cannot be traded, and why.
    None(String),
}

/// An instrument's numbers in integers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Terms {
    pub(crate) book: Book,
    /// What lots are worth at a price.
    pub(crate) contract: Contract,
    /// In units of 1e-12 of the value.
    pub(crate) maker_rate: i128,
    pub(crate) taker_rate: i128,
    pub(crate) min_size_lots: i64,
    /// In the quote asset.
    pub(crate) min_notional: Money,
    /// In units of 1e-12.
    pub(crate) leverage: i128,
    /// Share of the value at the mark that equity must exceed, in units of 1e-12.
    pub(crate) maintenance_rate: i128,
    /// Whether each position answers for itself only.
    pub(crate) isolated: bool,
    /// Whether funding rates concern it.
    pub(crate) pays_funding: bool,
    /// Time between funding payments in ns; 0 where every rate is paid.
    pub(crate) funding_interval_ns: i64,
    /// Last moment of trading in ns since the Unix epoch; `i64::MAX` for none.
    pub(crate) expiry_ns: i64,
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
        let own = config.instruments.get(&spec.id);
        let margin_mode = own.and_then(|own| own.margin_mode).unwrap_or(config.margin_mode);
        let mut terms = Self {
            book: Book::Margin,
            contract: Contract::Linear { tick_lot: 1 },
            maker_rate: fee("maker_fee", config.maker_fee, spec.maker_fee)?,
            taker_rate: fee("taker_fee", config.taker_fee, spec.taker_fee)?,
            min_size_lots: 1,
            min_notional: Money::ZERO,
            leverage: leverage(spec, own.and_then(|own| own.leverage).or(config.leverage))?,
            maintenance_rate: 0,
            isolated: margin_mode == MarginMode::Isolated && spec.kind != InstrumentKind::Spot,
            pays_funding: matches!(spec.kind, InstrumentKind::LinearPerpetual | InstrumentKind::InversePerpetual),
            funding_interval_ns: 0,
            expiry_ns: i64::MAX,
            settlement: asset(&spec.settlement),
            base: asset(&spec.base),
        };
        terms.maintenance_rate = maintenance_rate(spec, terms.leverage)?;
        if let Err(reason) = terms.read_grid(instrument).and_then(|()| terms.read_times(instrument)) {
            terms.book = Book::None(reason);
        }
        Ok(terms)
    }

    fn read_grid(&mut self, instrument: &Instrument) -> Result<(), String> {
        let spec = instrument.spec();
        self.contract = if is_inverse(spec) {
            Contract::inverse(spec)?
        } else {
            Contract::Linear { tick_lot: instrument.tick_lot_value().map_err(|error| error.to_string())? }
        };
        self.min_size_lots = spec
            .min_size
            .whole_steps_of(spec.lot_size)
            .map(|(lots, cut)| (lots + i64::from(cut)).max(1))
            .ok_or_else(|| format!("min_size {} is more lots than can be counted", spec.min_size))?;
        self.min_notional = Money::from_decimal(spec.min_notional)
            .ok_or_else(|| format!("min_notional {} is finer than money", spec.min_notional))?;
        let in_quote = matches!(spec.kind, InstrumentKind::Spot | InstrumentKind::Equity | InstrumentKind::Fx);
        if in_quote && spec.settlement != spec.quote {
            return Err(format!("{:?} settles in its quote asset {}, not {}", spec.kind, spec.quote, spec.settlement));
        }
        if spec.kind == InstrumentKind::Spot {
            let lot_base = spec
                .lot_size
                .checked_mul(spec.multiplier)
                .and_then(|lot| lot.scaled_to(MONEY_DECIMALS))
                .ok_or_else(|| format!("lot_size {} is finer than money", spec.lot_size))?;
            self.book = Book::Spot { lot_base };
        }
        Ok(())
    }

    fn read_times(&mut self, instrument: &Instrument) -> Result<(), String> {
        let spec = instrument.spec();
        self.expiry_ns = instrument.expiry_ns().unwrap_or(i64::MAX);
        if spec.kind == InstrumentKind::Future && spec.expiry.is_none() {
            return Err("a future is settled at its expiry: give expiry as RFC 3339, 2024-06-28T08:00:00Z".to_owned());
        }
        let hours = spec.funding_interval.unwrap_or_default();
        self.funding_interval_ns = hours
            .checked_mul_int(3_600)
            .and_then(|seconds| seconds.scaled_to(9))
            .and_then(|ns| i64::try_from(ns).ok())
            .ok_or_else(|| format!("funding_interval {hours} is no whole number of ns: give hours such as 8"))?;
        Ok(())
    }

    pub(crate) fn is_spot(&self) -> bool {
        matches!(self.book, Book::Spot { .. })
    }

    /// Whether positions need margin.
    pub(crate) fn is_margin(&self) -> bool {
        self.book == Book::Margin
    }

    pub(crate) fn fee_rate(&self, maker: bool) -> i128 {
        if maker {
            self.maker_rate
        } else {
            self.taker_rate
        }
    }
}

/// A contract is inverse when its profit is paid in the asset whose price it follows.
fn is_inverse(spec: &InstrumentSpec) -> bool {
    match spec.kind {
        InstrumentKind::InversePerpetual => true,
        InstrumentKind::Future => spec.settlement == spec.base && spec.settlement != spec.quote,
        _ => false,
    }
}

fn rate(field: &'static str, given: Decimal) -> Result<i128, PaperError> {
    given.scaled_to(MONEY_DECIMALS).filter(|rate| rate.abs() < MONEY_ONE).ok_or_else(|| PaperError::Account {
        field,
        reason: format!("{given} must be a fraction between -1 and 1 with at most 12 decimals (0.0002 = 2 bps)"),
    })
}

fn leverage(spec: &InstrumentSpec, cap: Option<Decimal>) -> Result<i128, PaperError> {
    let leverage = cap.map_or(spec.max_leverage, |cap| cap.min(spec.max_leverage));
    leverage.scaled_to(MONEY_DECIMALS).filter(|l| (1..=1_000_000 * MONEY_ONE).contains(l)).ok_or_else(|| {
        PaperError::Account {
            field: "leverage",
            reason: format!("{leverage} is not above 0 and at most 1000000 with at most 12 decimals"),
        }
    })
}

/// The maintenance rate, which must leave something of the initial margin: a position must not be liquidated as it opens.
fn maintenance_rate(spec: &InstrumentSpec, leverage: i128) -> Result<i128, PaperError> {
    let given = spec.maintenance_margin_rate.unwrap_or_default();
    if spec.kind == InstrumentKind::Spot {
        return Ok(0);
    }
    let initial_rate = MONEY_ONE * MONEY_ONE / leverage;
    given.scaled_to(MONEY_DECIMALS).filter(|rate| (0..MONEY_ONE.min(initial_rate)).contains(rate)).ok_or_else(|| {
        PaperError::Account {
            field: "maintenance_margin_rate",
            reason: format!(
                "{given} of {}: give at least 0 with at most 12 decimals and less than 1 / leverage, here {}",
                spec.id,
                Money(initial_rate)
            ),
        }
    })
}
