//! What an account holds, in integers: the same type keeps the venue's books (for margin at arrival) and the owner's
//! ledger (what is known so far).

mod exact;
mod funds;
mod position;
mod terms;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use tickwright_types::{Decimal, Instrument, Money, Side};

use self::funds::OpenOrders;
pub use self::position::Position;
use self::terms::Book;
pub(crate) use self::terms::Terms;
use crate::{EventKind, OwnEvent, PaperError};

/// Settings of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AccountConfig {
    /// What is paid in at the start, by asset. A base asset that a spot instrument trades must come in whole lots to be
    /// wholly for sale.
    pub deposits: BTreeMap<String, Decimal>,
    /// Cap on the instruments' `max_leverage`.
    pub leverage: Option<Decimal>,
    /// Maker fee in place of the instruments', as a fraction; negative is a rebate.
    pub maker_fee: Option<Decimal>,
    /// Taker fee in place of the instruments', as a fraction.
    pub taker_fee: Option<Decimal>,
    /// Whether orders that the account cannot carry are rejected.
    pub check_funds: bool,
}

impl Default for AccountConfig {
    fn default() -> Self {
        Self { deposits: BTreeMap::new(), leverage: None, maker_fee: None, taker_fee: None, check_funds: true }
    }
}

/// One asset of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asset {
    /// Its name.
    pub name: String,
    /// What was paid in.
    pub deposited: Money,
    /// What is there now: deposits, profits realized in it, spot bought less sold, less fees and funding.
    pub cash: Money,
}

/// Assets and positions of one account, exact after every event.
///
/// For each settlement asset `deposits + realized + unrealized − fees − funding paid = equity` holds in integers.
/// Equity is the asset's cash, plus what linear positions would realize at their marks, plus the value of spot holdings
/// that were bought with it or deposited. Deposited base assets enter at the first price seen of the first spot instrument
/// that trades them (a mark, or a fill if that comes first) and count as a deposit of that value.
///
/// Fills cost no allocation. Overflow is a broken invariant and panics.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    terms: Vec<Terms>,
    assets: Vec<Asset>,
    positions: Vec<Position>,
    open: Vec<OpenOrders>,
    check_funds: bool,
}

impl Account {
    /// An account with its deposits.
    ///
    /// Returns `E_ACCOUNT` for a negative or too fine deposit, a leverage or a fee that cannot be. Instruments that have
    /// no account yet are taken and refuse orders: [`tradable`](Self::tradable).
    pub fn new(config: &AccountConfig, instruments: &[Instrument]) -> Result<Self, PaperError> {
        let mut assets: Vec<Asset> = Vec::new();
        for (name, &given) in &config.deposits {
            let deposited =
                Money::from_decimal(given).filter(|m| m.0 >= 0 && m.0 <= 10i128.pow(32)).ok_or_else(|| {
                    let reason = format!("{given} {name}: give 0 to 10^20 with at most 12 decimals");
                    PaperError::Account { field: "deposits", reason }
                })?;
            assets.push(Asset { name: name.clone(), deposited, cash: deposited });
        }
        let mut terms = Vec::with_capacity(instruments.len());
        for instrument in instruments {
            terms.push(Terms::new(instrument, config, |name| asset_index(&mut assets, name))?);
        }
        let mut account = Self {
            assets,
            positions: vec![Position::default(); terms.len()],
            open: vec![OpenOrders::default(); terms.len()],
            terms,
            check_funds: config.check_funds,
        };
        account.place_base_deposits();
        Ok(account)
    }

    /// Hands each deposited base asset to the first spot instrument that trades it.
    fn place_base_deposits(&mut self) {
        let mut placed = vec![false; self.assets.len()];
        for (terms, position) in self.terms.iter().zip(&mut self.positions) {
            let Book::Spot { lot_base } = terms.book else { continue };
            let lots = self.assets[terms.base].deposited.0 / lot_base;
            if lots > 0 && !placed[terms.base] {
                placed[terms.base] = true;
                position.lots = i64::try_from(lots).unwrap_or(i64::MAX).min(1 << 53);
                position.deposited_lots = position.lots;
                position.unpriced = true;
            }
        }
    }

    /// Whether orders of an instrument can be taken; `E_NOT_TRADABLE` says why not.
    pub fn tradable(&self, instrument: usize, id: &str) -> Result<(), PaperError> {
        match self.terms.get(instrument).map(|terms| &terms.book) {
            Some(Book::None(reason)) => {
                Err(PaperError::NotTradable { instrument: id.to_owned(), reason: reason.clone() })
            }
            Some(_) => Ok(()),
            None => Err(PaperError::NotTradable {
                instrument: id.to_owned(),
                reason: format!("index {instrument} is beyond the {} instruments of the account", self.terms.len()),
            }),
        }
    }

    /// Applies a fill or funding payment; other events change nothing. Returns the profit realized by it.
    pub fn apply(&mut self, event: &OwnEvent) -> Money {
        let instrument = usize::from(event.instrument);
        match event.kind {
            EventKind::Fill => {
                let side = Side::from_index(usize::from(event.side));
                self.fill(instrument, side, event.price_ticks, event.size_lots, event.fee)
            }
            EventKind::Funding => {
                self.pay_funding(instrument, event.fee);
                Money::ZERO
            }
            _ => Money::ZERO,
        }
    }

    /// Applies a fill and returns the profit realized by it.
    ///
    /// # Panics
    /// If the instrument is not one of the account's or cannot be traded, or if a number leaves its range.
    pub fn fill(&mut self, instrument: usize, side: Side, price_ticks: i64, lots: i64, fee: Money) -> Money {
        let terms = &self.terms[instrument];
        let position = &mut self.positions[instrument];
        if position.unpriced {
            position.open_at(price_ticks.saturating_mul(2), terms.tick_lot);
        }
        position.mark_half_ticks.get_or_insert(price_ticks.saturating_mul(2));
        let signed = lots * side.sign();
        let profit = position.trade(signed, price_ticks);
        let realized = Money(profit.checked_mul(terms.tick_lot).expect("profit out of range"));
        position.realized += realized;
        position.fees += fee;
        match terms.book {
            Book::Spot { lot_base } => {
                let paid = i128::from(price_ticks) * i128::from(signed) * terms.tick_lot;
                self.assets[terms.settlement].cash -= Money(paid) + fee;
                self.assets[terms.base].cash += Money(i128::from(signed) * lot_base);
            }
            Book::Linear => self.assets[terms.settlement].cash += realized - fee,
            Book::None(_) => panic!("a fill of instrument {instrument}, which cannot be traded"),
        }
        realized
    }

    /// The fee of a fill, rounded once, half to even; negative is a rebate.
    pub fn fee(&self, instrument: usize, price_ticks: i64, lots: i64, maker: bool) -> Money {
        let terms = &self.terms[instrument];
        let value = (i128::from(price_ticks) * i128::from(lots)).checked_mul(terms.tick_lot);
        terms.fee(Money(value.expect("value out of range")), maker)
    }

    /// What a funding rate (in 1e-12) costs the position at a mark: a positive rate debits longs and credits shorts.
    /// `None` when flat, on spot, or where nothing can be held.
    pub fn funding_due(&self, instrument: usize, rate: i64, mark_half_ticks: i64) -> Option<Money> {
        let (terms, position) = (self.terms.get(instrument)?, self.positions.get(instrument)?);
        if position.lots == 0 || terms.book != Book::Linear {
            return None;
        }
        let doubled = i128::from(mark_half_ticks) * i128::from(position.lots) * terms.tick_lot;
        Some(Money(exact::scaled_half_even(doubled, i128::from(rate), 2 * tickwright_types::MONEY_ONE)))
    }

    /// Pays (or receives, if negative) a funding payment.
    pub fn pay_funding(&mut self, instrument: usize, paid: Money) {
        self.positions[instrument].funding_paid += paid;
        self.assets[self.terms[instrument].settlement].cash -= paid;
    }

    /// Sets the price at which a position is valued, in half ticks (bid + ask of a mid). A plain store.
    #[inline]
    pub fn set_mark(&mut self, instrument: usize, mark_half_ticks: i64) {
        let position = &mut self.positions[instrument];
        position.mark_half_ticks = Some(mark_half_ticks);
        if position.unpriced {
            position.open_at(mark_half_ticks, self.terms[instrument].tick_lot);
        }
    }

    /// The position of an instrument.
    pub fn position(&self, instrument: usize) -> &Position {
        &self.positions[instrument]
    }

    /// All positions, by index of their instrument.
    pub fn positions(&self) -> &[Position] {
        &self.positions
    }

    /// All assets: those deposited by name, then those of the instruments in their order.
    pub fn assets(&self) -> &[Asset] {
        &self.assets
    }

    /// Index of an asset among [`assets`](Self::assets).
    pub fn asset(&self, name: &str) -> Option<usize> {
        self.assets.iter().position(|asset| asset.name == name)
    }

    /// Index of the asset in which an instrument's profit, fees and funding are paid.
    pub fn settlement(&self, instrument: usize) -> usize {
        self.terms[instrument].settlement
    }

    /// Profit of what an instrument's position holds at its mark; 0 before the first mark or fill.
    pub fn unrealized(&self, instrument: usize) -> Money {
        self.positions[instrument].unrealized(self.terms[instrument].tick_lot)
    }

    /// Average entry in ticks with the position's fees in it, for reading; `None` when flat.
    pub fn avg_entry_with_fees_ticks(&self, instrument: usize) -> Option<f64> {
        self.positions[instrument].avg_entry_with_fees_ticks(self.terms[instrument].tick_lot)
    }

    /// What an asset's cash, linear positions and spot holdings are worth at their marks, in that asset.
    pub fn equity(&self, asset: usize) -> Money {
        let held: Money = self
            .settled_in(asset)
            .map(|(terms, position)| {
                let at_cost = if terms.is_spot() { position.signed_basis() * terms.tick_lot } else { 0 };
                Money(at_cost) + position.unrealized(terms.tick_lot)
            })
            .sum();
        self.assets[asset].cash + held
    }

    /// The left side of the identity: deposits + realized + unrealized − fees − funding paid.
    pub fn accounted(&self, asset: usize) -> Money {
        let moved: Money = self
            .settled_in(asset)
            .map(|(terms, p)| p.opening_value + p.realized + p.unrealized(terms.tick_lot) - p.fees - p.funding_paid)
            .sum();
        // A base asset's cash also moves by what spot instruments bought and sold of it.
        let traded: Money = self
            .terms
            .iter()
            .zip(&self.positions)
            .filter(|(terms, _)| terms.base == asset)
            .map(|(terms, p)| match terms.book {
                Book::Spot { lot_base } => Money((i128::from(p.lots) - i128::from(p.deposited_lots)) * lot_base),
                _ => Money::ZERO,
            })
            .sum();
        self.assets[asset].deposited + moved + traded
    }

    fn settled_in(&self, asset: usize) -> impl Iterator<Item = (&Terms, &Position)> {
        self.terms.iter().zip(&self.positions).filter(move |(terms, _)| terms.settlement == asset)
    }
}

impl Position {
    /// Prices deposited lots, which count as bought then and there.
    fn open_at(&mut self, half_ticks: i64, tick_lot: i128) {
        self.unpriced = false;
        self.basis = i128::from(half_ticks.div_euclid(2)) * i128::from(self.lots);
        self.opening_value = Money(self.basis.checked_mul(tick_lot).expect("deposit out of range"));
    }
}

fn asset_index(assets: &mut Vec<Asset>, name: &str) -> usize {
    assets.iter().position(|asset| asset.name == name).unwrap_or_else(|| {
        assets.push(Asset { name: name.to_owned(), deposited: Money::ZERO, cash: Money::ZERO });
        assets.len() - 1
    })
}
