use serde::Serialize;
use tickwright_paper::{Account, Leg};
use tickwright_types::{Instrument, Money, MONEY_ONE};

/// One position of a [`LedgerReport`](crate::LedgerReport); amounts are decimal strings of the settlement asset.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PositionReport {
    /// `net` in one-way mode, else `long` or `short`.
    pub side: &'static str,
    /// Held, in lots; negative when short.
    pub lots: String,
    /// Cost of what is held, positive on both sides: in ticks × lots, or for an inverse contract in 1e-12 of the asset.
    pub basis: String,
    /// What that is in money.
    pub entry_value: String,
    /// Average entry without fees, rounded for reading; empty when flat.
    pub avg_entry: String,
    /// The same with the fees of the position's life in it.
    pub avg_entry_with_fees: String,
    /// Profit of what was closed.
    pub realized: String,
    /// Profit of what is held, at the mark.
    pub unrealized: String,
    /// Fees paid.
    pub fees: String,
    /// Funding received.
    pub funding: String,
    /// Set aside for an isolated position.
    pub margin: String,
    /// What the equity behind it must exceed.
    pub maintenance_margin: String,
    /// The price at which it is liquidated if all else stays as it is; empty where there is none.
    pub liquidation_price: String,
}

impl PositionReport {
    pub(crate) fn of(leg: &Leg<'_>, definition: &Instrument) -> Self {
        let position = leg.position();
        let tick_size = definition.spec().tick_size.to_f64();
        let price = |ticks: Option<f64>| ticks.map_or(String::new(), |ticks| (ticks * tick_size).to_string());
        Self {
            side: leg.name(),
            lots: position.lots.to_string(),
            basis: position.basis.to_string(),
            entry_value: leg.entry_value().to_string(),
            avg_entry: price(leg.avg_entry_ticks()),
            avg_entry_with_fees: price(leg.avg_entry_with_fees_ticks()),
            realized: position.realized.to_string(),
            unrealized: leg.unrealized().to_string(),
            fees: position.fees.to_string(),
            funding: (-position.funding_paid).to_string(),
            margin: position.margin.to_string(),
            maintenance_margin: leg.maintenance().to_string(),
            liquidation_price: leg
                .liquidation_price_ticks()
                .map_or(String::new(), |ticks| definition.price_text(ticks)),
        }
    }
}

/// Maintenance ÷ equity of the cross positions in an asset as a decimal, rounded up; empty without positions, `inf` where
/// nothing stands behind them.
pub(crate) fn margin_ratio(account: &Account, asset: usize) -> String {
    match account.cross_margin(asset).ratio() {
        None => String::new(),
        Some(ratio) if ratio > 1_000_000 * MONEY_ONE => "inf".to_owned(),
        Some(ratio) => Money(ratio).to_string(),
    }
}
