use tickwright_types::{Money, Side, MONEY_ONE};

use super::exact::scaled_up;
use super::funds::OpenOrders;
use super::Account;

/// What stands behind positions, and what they need to be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MarginState {
    /// Cash and profit that answer for the positions.
    pub equity: Money,
    /// Value at the marks × maintenance rates.
    pub maintenance: Money,
    /// How many positions there are.
    pub positions: usize,
}

impl MarginState {
    /// Whether equity has fallen to the maintenance margin: margin ratio 100 % (Binance, *Liquidation Protocols*).
    pub fn is_liquidated(&self) -> bool {
        self.positions > 0 && self.equity <= self.maintenance
    }

    /// Maintenance ÷ equity in units of 1e-12, rounded up: at 1 or above positions are liquidated. `None` without
    /// positions, `i128::MAX` where nothing stands behind them.
    pub fn ratio(&self) -> Option<i128> {
        (self.positions > 0).then(|| {
            if self.equity > Money::ZERO {
                scaled_up(self.maintenance.0, MONEY_ONE, self.equity.0)
            } else {
                i128::MAX
            }
        })
    }
}

/// Margin of positions.
impl Account {
    /// Initial margin of an instrument's positions alone: value ÷ leverage, rounded up, or what was set aside for
    /// isolated ones; 0 when flat and on spot.
    pub fn position_margin(&self, instrument: usize) -> Money {
        let terms = &self.terms[instrument];
        if terms.isolated {
            return self.sides().iter().map(|&side| self.position_of(instrument, side).margin).sum();
        }
        Money(if terms.is_margin() { self.need(instrument, &OpenOrders::default()) } else { 0 })
    }

    /// What answers together for the cross positions that settle in an asset.
    pub fn cross_margin(&self, asset: usize) -> MarginState {
        let mut maintenance = 0;
        let mut positions = 0;
        for (terms, position) in self.settled_in(asset).filter(|(terms, _)| terms.is_margin() && !terms.isolated) {
            maintenance += position.maintenance(terms);
            positions += usize::from(position.lots != 0);
        }
        MarginState { equity: self.collateral(asset), maintenance: Money(maintenance), positions }
    }

    /// What answers for one isolated position.
    pub fn isolated_margin(&self, instrument: usize, side: Side) -> MarginState {
        let (terms, position) = (&self.terms[instrument], self.position_of(instrument, side));
        MarginState {
            equity: position.margin + position.unrealized(&terms.contract),
            maintenance: Money(position.maintenance(terms)),
            positions: usize::from(position.lots != 0),
        }
    }

    /// What answers for a position: its own margin, or everything in its settlement asset.
    pub fn margin_of(&self, instrument: usize, side: Side) -> MarginState {
        if self.terms[instrument].isolated {
            self.isolated_margin(instrument, side)
        } else {
            self.cross_margin(self.settlement(instrument))
        }
    }

    /// Cash that is not set aside for isolated positions, and what cross positions would realize; spot holdings back
    /// nothing.
    pub(super) fn collateral(&self, asset: usize) -> Money {
        let mut sum = self.assets[asset].cash;
        for (terms, position) in self.settled_in(asset).filter(|(terms, p)| terms.is_margin() && p.lots != 0) {
            if terms.isolated {
                sum -= position.margin;
            } else {
                sum += position.unrealized(&terms.contract);
            }
        }
        sum
    }

    /// What free cash could not pay of a fee, loss or funding payment comes out of the isolated position that owed it
    /// (Bybit, *Position Margin*: funding is deducted from the available balance, then from the position margin).
    pub(super) fn pay_from_margin(&mut self, instrument: usize, side: Side) {
        let terms = &self.terms[instrument];
        if !terms.isolated {
            return;
        }
        let asset = terms.settlement;
        let set_aside: Money = self.settled_in(asset).map(|(_, position)| position.margin).sum();
        let short = set_aside - self.assets[asset].cash;
        if short > Money::ZERO {
            let at = self.place(instrument, side);
            let margin = &mut self.positions[at].margin;
            *margin -= short.min(*margin);
        }
    }
}
