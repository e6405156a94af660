//! What an account holds, in integers: the same type keeps the venue's books (for margin at arrival and liquidation) and
//! the owner's ledger (what is known so far).

mod config;
mod contract;
mod exact;
mod funding;
mod funds;
mod leg;
mod liquidation;
mod margin;
mod position;
mod terms;
mod trade;

use serde::{Deserialize, Serialize};
use tickwright_types::{Instrument, Money, Side};

pub use self::config::{AccountConfig, InstrumentMargin, MarginMode, PositionMode};
use self::funds::OpenOrders;
pub use self::leg::Leg;
pub(crate) use self::liquidation::Judgement;
use self::liquidation::Watch;
pub use self::margin::MarginState;
pub use self::position::Position;
use self::terms::Book;
pub(crate) use self::terms::Terms;
use crate::PaperError;

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

/// What an account keeps for an instrument beside its positions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct State {
    open: OpenOrders,
    watch: Watch,
    /// Whether its last moment of trading is over.
    is_expired: bool,
    /// Number of the interval in which funding was last paid.
    funding_interval: i64,
}

/// Assets and positions of one account, exact after every event.
///
/// For each settlement asset `deposits + realized + unrealized − fees − funding paid = equity` holds in integers.
/// Equity is the asset's cash, plus what positions on margin would realize at their marks, plus the value of spot holdings
/// that were bought with it or deposited. Deposited base assets enter at the first price seen of the first spot instrument
/// that trades them (a mark, or a fill if that comes first) and count as a deposit of that value.
///
/// Fills cost no allocation. Overflow is a broken invariant and panics.
///
/// ```
/// use tickwright_paper::{Account, AccountConfig};
/// use tickwright_types::{Instrument, Side};
/// # let perpetual: Instrument = serde_json::from_str(r#"{ "id": "BTCUSD_PERP", "venue": "binance-coinm",
/// #   "symbol": "BTCUSD_PERP", "kind": "inverse_perpetual", "tick_size": "0.1", "lot_size": "1", "multiplier": "100",
/// #   "base": "BTC", "quote": "USD", "settlement": "BTC", "max_leverage": "20" }"#).unwrap();
/// let mut config = AccountConfig::default();
/// config.deposits.insert("BTC".to_owned(), "1".parse().unwrap());
/// let mut account = Account::new(&config, &[perpetual])?;
/// let fee = account.fee(0, 500_000, 600, false);
/// // 600 contracts of 100 USD at 50 000.0 are 1.2 BTC; sold at 60 000.0 they are 1 BTC.
/// account.fill(0, Side::Bid, 500_000, 600, fee);
/// let profit = account.fill(0, Side::Ask, 600_000, 600, account.fee(0, 600_000, 600, true));
/// assert_eq!((fee.to_string(), profit.to_string()), ("0.00072".to_owned(), "0.2".to_owned()));
/// # Ok::<(), tickwright_paper::PaperError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    terms: Vec<Terms>,
    assets: Vec<Asset>,
    /// One an instrument, or in hedge mode two: the long, then the short.
    positions: Vec<Position>,
    states: Vec<State>,
    check_funds: bool,
    is_hedged: bool,
    /// Counts what may have changed the margin of positions: watches of an earlier count are void.
    epoch: u64,
}

/// What the sides of the positions of an instrument are called.
const NET: [Side; 1] = [Side::Bid];
const LONG_AND_SHORT: [Side; 2] = [Side::Bid, Side::Ask];

impl Account {
    /// An account with its deposits.
    ///
    /// Returns `E_ACCOUNT` for a negative or too fine deposit, a leverage, fee or maintenance rate that cannot be, or the
    /// margin of an instrument that there is not. Instruments that no account can keep exactly are taken and refuse
    /// orders: [`tradable`](Self::tradable).
    pub fn new(config: &AccountConfig, instruments: &[Instrument]) -> Result<Self, PaperError> {
        if let Some(id) = config.instruments.keys().find(|id| instruments.iter().all(|known| known.id() != *id)) {
            let known: Vec<&str> = instruments.iter().map(Instrument::id).collect();
            let reason = format!("{id:?} is none of {}", known.join(", "));
            return Err(PaperError::Account { field: "instruments", reason });
        }
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
        let is_hedged = config.position_mode == PositionMode::Hedge;
        let watch = if config.check_funds { Watch::VOID } else { Watch::NEVER };
        let state = State { open: OpenOrders::default(), watch, is_expired: false, funding_interval: i64::MIN };
        let mut account = Self {
            assets,
            positions: vec![Position::default(); terms.len() * if is_hedged { 2 } else { 1 }],
            states: vec![state; terms.len()],
            terms,
            check_funds: config.check_funds,
            is_hedged,
            epoch: 0,
        };
        account.place_base_deposits();
        Ok(account)
    }

    /// Hands each deposited base asset to the first spot instrument that trades it.
    fn place_base_deposits(&mut self) {
        let mut placed = vec![false; self.assets.len()];
        for instrument in 0..self.terms.len() {
            let terms = &self.terms[instrument];
            let Book::Spot { lot_base } = terms.book else { continue };
            let (base, lots) = (terms.base, self.assets[terms.base].deposited.0 / lot_base);
            if lots > 0 && !placed[base] {
                placed[base] = true;
                let at = self.place(instrument, Side::Bid);
                let position = &mut self.positions[at];
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

    /// Whether profit of an instrument is paid in the asset whose price it follows.
    pub fn is_inverse(&self, instrument: usize) -> bool {
        self.terms[instrument].contract.direction() < 0
    }

    /// Whether an instrument can have a long and a short at one time.
    pub fn is_hedged(&self) -> bool {
        self.is_hedged
    }

    /// The sides of an instrument's positions: in one-way mode a single one, whose side means nothing.
    pub(crate) fn sides(&self) -> &'static [Side] {
        if self.is_hedged {
            &LONG_AND_SHORT
        } else {
            &NET
        }
    }

    fn place(&self, instrument: usize, side: Side) -> usize {
        if self.is_hedged {
            2 * instrument + side.index()
        } else {
            instrument
        }
    }

    /// The position of an instrument; in hedge mode its long, see [`position_of`](Self::position_of).
    pub fn position(&self, instrument: usize) -> &Position {
        self.position_of(instrument, Side::Bid)
    }

    /// The long (bid) or short (ask) position of an instrument; in one-way mode the only one.
    pub fn position_of(&self, instrument: usize, side: Side) -> &Position {
        &self.positions[self.place(instrument, side)]
    }

    /// All positions, by index of their instrument; in hedge mode each long and then its short.
    pub fn positions(&self) -> &[Position] {
        &self.positions
    }

    /// The positions of an instrument with their terms, for reading: one, or in hedge mode the long and the short.
    pub fn legs(&self, instrument: usize) -> impl Iterator<Item = Leg<'_>> {
        let named = self.is_hedged;
        self.sides().iter().map(move |&side| Leg::new(self, instrument, named.then_some(side)))
    }

    /// Lots held of an instrument, the short taken off the long.
    pub fn net_lots(&self, instrument: usize) -> i64 {
        self.sides().iter().map(|&side| self.position_of(instrument, side).lots).sum()
    }

    /// Lots that an order of a side which may only reduce could close: what is held on the other side.
    pub fn reducible_lots(&self, instrument: usize, side: Side) -> i64 {
        let held = self.position_of(instrument, side.opposite()).lots;
        (-side.sign() * held).max(0)
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

    /// Profit of what an instrument's positions hold at its mark; 0 before the first mark or fill.
    pub fn unrealized(&self, instrument: usize) -> Money {
        self.legs(instrument).map(|leg| leg.unrealized()).sum()
    }

    /// What an asset's cash, positions on margin and spot holdings are worth at their marks, in that asset.
    pub fn equity(&self, asset: usize) -> Money {
        let held: Money = self
            .settled_in(asset)
            .map(|(terms, position)| {
                let at_cost = if terms.is_spot() { position.signed_basis() * terms.contract.basis_unit() } else { 0 };
                Money(at_cost) + position.unrealized(&terms.contract)
            })
            .sum();
        self.assets[asset].cash + held
    }

    /// The left side of the identity: deposits + realized + unrealized − fees − funding paid.
    pub fn accounted(&self, asset: usize) -> Money {
        let moved: Money = self
            .settled_in(asset)
            .map(|(terms, p)| p.opening_value + p.realized + p.unrealized(&terms.contract) - p.fees - p.funding_paid)
            .sum();
        // A base asset's cash also moves by what spot instruments bought and sold of it.
        let traded: Money = self
            .terms
            .iter()
            .enumerate()
            .filter(|(_, terms)| terms.base == asset)
            .map(|(instrument, terms)| match terms.book {
                Book::Spot { lot_base } => {
                    let p = self.position(instrument);
                    Money((i128::from(p.lots) - i128::from(p.deposited_lots)) * lot_base)
                }
                _ => Money::ZERO,
            })
            .sum();
        self.assets[asset].deposited + moved + traded
    }

    /// Every position whose profit is paid in an asset.
    fn settled_in(&self, asset: usize) -> impl Iterator<Item = (&Terms, &Position)> {
        let legs = self.sides().len();
        let terms = self.terms.iter().flat_map(move |terms| std::iter::repeat_n(terms, legs));
        terms.zip(&self.positions).filter(move |(terms, _)| terms.settlement == asset)
    }
}

fn asset_index(assets: &mut Vec<Asset>, name: &str) -> usize {
    assets.iter().position(|asset| asset.name == name).unwrap_or_else(|| {
        assets.push(Asset { name: name.to_owned(), deposited: Money::ZERO, cash: Money::ZERO });
        assets.len() - 1
    })
}
