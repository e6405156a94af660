use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use tickwright_types::Decimal;

/// How many positions an instrument can have at one time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PositionMode {
    /// One: a sale reduces what was bought, and goes on to open a short.
    #[default]
    OneWay,
    /// A long and a short beside each other. An order that does not reduce opens: a buy the long, a sale the short; one
    /// that reduces closes the other's: a sale the long, a buy the short.
    Hedge,
}

/// What answers for the losses of a position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MarginMode {
    /// All cash of its settlement asset and the profit of the other cross positions in it.
    #[default]
    Cross,
    /// The margin that was set aside when it was opened, and nothing else.
    Isolated,
}

/// What an account says otherwise about one instrument.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct InstrumentMargin {
    /// In place of the account's.
    pub margin_mode: Option<MarginMode>,
    /// In place of the account's; the instrument's `max_leverage` still caps it.
    pub leverage: Option<Decimal>,
}

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
    /// Whether orders that the account cannot carry are rejected, and positions that it cannot carry are liquidated.
    pub check_funds: bool,
    /// One position an instrument, or a long and a short.
    pub position_mode: PositionMode,
    /// What answers for losses, unless an instrument says otherwise.
    pub margin_mode: MarginMode,
    /// Margin mode and leverage of single instruments, by id.
    pub instruments: BTreeMap<String, InstrumentMargin>,
}

impl Default for AccountConfig {
    fn default() -> Self {
        Self {
            deposits: BTreeMap::new(),
            leverage: None,
            maker_fee: None,
            taker_fee: None,
            check_funds: true,
            position_mode: PositionMode::OneWay,
            margin_mode: MarginMode::Cross,
            instruments: BTreeMap::new(),
        }
    }
}
