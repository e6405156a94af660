use tickwright_types::{Money, Side};

use super::contract::Contract;
use super::position::Position;
use super::terms::Terms;
use super::Account;

/// A position with the terms that it is kept by, for reading.
#[derive(Clone, Copy, Debug)]
pub struct Leg<'a> {
    account: &'a Account,
    instrument: usize,
    side: Option<Side>,
}

impl<'a> Leg<'a> {
    pub(super) fn new(account: &'a Account, instrument: usize, side: Option<Side>) -> Self {
        Self { account, instrument, side }
    }

    fn terms(&self) -> &'a Terms {
        &self.account.terms[self.instrument]
    }

    /// The numbers that are kept.
    pub fn position(&self) -> &'a Position {
        self.account.position_of(self.instrument, self.side.unwrap_or(Side::Bid))
    }

    /// `net` in one-way mode, else `long` or `short`.
    pub fn name(&self) -> &'static str {
        match self.side {
            None => "net",
            Some(Side::Bid) => "long",
            Some(Side::Ask) => "short",
        }
    }

    /// What the lots held cost when they were bought, or brought when they were sold; positive on both sides.
    pub fn entry_value(&self) -> Money {
        Money(self.position().basis * self.terms().contract.basis_unit())
    }

    /// Profit of what is held at the mark; 0 before the first mark or fill.
    pub fn unrealized(&self) -> Money {
        self.position().unrealized(&self.terms().contract)
    }

    /// Value at the mark; positive on both sides.
    pub fn value(&self) -> Money {
        Money(self.position().value(&self.terms().contract))
    }

    /// What its equity must exceed: value at the mark × `maintenance_margin_rate`, rounded up.
    pub fn maintenance(&self) -> Money {
        Money(self.position().maintenance(self.terms()))
    }

    /// Average entry price in ticks, fees left out, for reading; `None` when flat.
    ///
    /// Linear: Σ price × lots ÷ Σ lots. Inverse: contracts ÷ value, the harmonic mean (Bybit, *P&L calculations, Inverse
    /// Contracts*).
    pub fn avg_entry_ticks(&self) -> Option<f64> {
        avg_entry_ticks(self.position(), self.position().basis as f64, &self.terms().contract)
    }

    /// Average entry price in ticks with the fees of the position's life added to a long's cost or taken off a short's
    /// proceeds, for reading; `None` when flat.
    pub fn avg_entry_with_fees_ticks(&self) -> Option<f64> {
        let (position, contract) = (self.position(), &self.terms().contract);
        let fees = position.fees.0 as f64 / contract.basis_unit() as f64;
        let worse = (position.lots.signum() * contract.direction() as i64) as f64;
        avg_entry_ticks(position, position.basis as f64 + fees * worse, contract)
    }

    /// The first price in ticks, going from the mark, at which this position is liquidated if all else stays as it is;
    /// `None` where there is none. See [`Account::liquidation_price_ticks`].
    pub fn liquidation_price_ticks(&self) -> Option<i64> {
        self.account.liquidation_price_ticks(self.instrument, self.side.unwrap_or(Side::Bid))
    }
}

fn avg_entry_ticks(position: &Position, basis: f64, contract: &Contract) -> Option<f64> {
    let lots = position.lots.unsigned_abs() as f64;
    (position.lots != 0).then(|| match contract {
        Contract::Linear { .. } => basis / lots,
        Contract::Inverse { lot, per, .. } => lots * (*lot as f64) / (basis * *per as f64),
    })
}
