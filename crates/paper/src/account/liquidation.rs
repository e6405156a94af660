use serde::{Deserialize, Serialize};
use tickwright_types::Side;

use super::contract::Contract;
use super::exact::scaled_floor;
use super::Account;

/// Marks of an instrument between which nothing can be liquidated: what makes looking at margin free on most records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Watch {
    /// In half ticks, themselves outside.
    low: i64,
    high: i64,
    epoch: u64,
}

impl Watch {
    /// Asks to be looked at.
    pub(super) const VOID: Self = Self { low: i64::MAX, high: i64::MIN, epoch: 0 };
    /// Is never looked at.
    pub(super) const NEVER: Self = Self { low: i64::MIN, high: i64::MAX, epoch: 0 };
}

/// What a look at the margin of an instrument's positions found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Judgement {
    /// Everything can be kept.
    Kept,
    /// The isolated position of that side cannot.
    Isolated(Side),
    /// No cross position in the instrument's settlement asset can.
    Cross,
}

/// What is left for positions that are liquidated together, shared by their value at the marks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Estate {
    equity: i128,
    value: i128,
}

/// Rounding of unrealized profit, maintenance margin and shares together stays below this many units.
const ROUNDING: i128 = 8;

/// When positions are liquidated, and at which price.
///
/// A position is liquidated when a mark brings its [`MarginState`](super::MarginState) to `equity <= maintenance`. It is
/// then taken over at the price at which nothing of its equity is left, its bankruptcy price (Bybit: "the position will
/// be settled at the bankruptcy price"; `BitMEX`, *Liquidation*: "liquidated by the liquidation engine at the bankruptcy
/// price"), rounded to the tick that leaves the owner the rest. A mark that has gone past it changes nothing: an account
/// never owes. Cross positions go together, each giving up a share of the equity by its value.
impl Account {
    /// Whether no position can have to be liquidated at a mark, seen in a few nanoseconds.
    #[inline(always)]
    pub(crate) fn is_safe(&self, instrument: usize, mark_half_ticks: i64) -> bool {
        let watch = &self.states[instrument].watch;
        mark_half_ticks > watch.low && mark_half_ticks < watch.high && watch.epoch == self.epoch
    }

    /// Says that margin has to be looked at anew.
    pub(super) fn void_watches(&mut self) {
        self.epoch += u64::from(self.check_funds);
    }

    /// Looks at the margin of an instrument's positions and all that stands behind them, at the marks as they are.
    pub(crate) fn judge(&mut self, instrument: usize) -> Judgement {
        if !self.check_funds {
            return Judgement::Kept;
        }
        let asset = self.terms[instrument].settlement;
        for &side in self.sides() {
            if self.terms[instrument].isolated && self.isolated_margin(instrument, side).is_liquidated() {
                return Judgement::Isolated(side);
            }
        }
        if self.cross_margin(asset).is_liquidated() {
            return Judgement::Cross;
        }
        self.set_watches(asset);
        Judgement::Kept
    }

    /// Says how far the mark of each instrument may move before anything can have to be liquidated.
    fn set_watches(&mut self, asset: usize) {
        let cross = self.cross_margin(asset);
        let room = (cross.equity - cross.maintenance).0 / (cross.positions.max(1) as i128);
        for instrument in 0..self.terms.len() {
            if self.terms[instrument].settlement != asset {
                continue;
            }
            let mut room = room;
            if self.terms[instrument].isolated {
                let states = self.sides().iter().map(|&side| self.isolated_margin(instrument, side));
                let held = states.filter(|state| state.positions > 0);
                room = held.map(|state| (state.equity - state.maintenance).0).min().unwrap_or(i128::MAX);
            }
            let (low, high) = self.safe_marks(instrument, room);
            self.states[instrument].watch = Watch { low, high, epoch: self.epoch };
        }
    }

    /// Marks between which the positions of an instrument lose less than `room`, maintenance margin included.
    fn safe_marks(&self, instrument: usize, room: i128) -> (i64, i64) {
        let contract = &self.terms[instrument].contract;
        let lots: i128 = self.sides().iter().map(|&s| i128::from(self.position_of(instrument, s).lots.abs())).sum();
        let Some(mark) = self.position(instrument).mark_half_ticks.filter(|_| lots != 0) else {
            return (i64::MIN, i64::MAX);
        };
        let room = room - ROUNDING;
        let mark_wide = i128::from(mark);
        let half_ticks = match contract {
            // Half a tick moves profit by half a tick × lots, and the maintenance margin by less.
            Contract::Linear { tick_lot } => room / (lots * tick_lot),
            // Down to half the mark a value moves by less than twice its share of the move.
            Contract::Inverse { .. } => {
                let value: i128 = self.sides().iter().map(|&s| self.position_of(instrument, s).value(contract)).sum();
                scaled_floor(room, mark_wide, 4 * (value + 1)).0.min(mark_wide / 2)
            }
        };
        let half_ticks = i64::try_from(half_ticks).unwrap_or(i64::MAX).max(0);
        (mark.saturating_sub(half_ticks), mark.saturating_add(half_ticks))
    }

    /// The first price in ticks, going from the mark, at which a position is liquidated if all other marks stay as they
    /// are; `None` where there is none, or no position.
    ///
    /// It is where `equity = maintenance` (see [`MarginState`](super::MarginState)), rounded to the tick that is reached
    /// last: Binance's formulas without maintenance amounts,
    ///
    /// ```text
    /// USD-M   (WB − TMM + UPNL − side × size × EP) ÷ (size × MMR − side × size)
    /// COIN-M  size × (MMR + side) ÷ ((WB − TMM + UPNL) ÷ contract size + side × size ÷ EP)
    /// ```
    ///
    /// with TMM and UPNL of the other cross positions in the asset, or for an isolated position both 0 and WB its margin.
    /// The long and the short of hedge mode have one price in common when they are cross.
    pub fn liquidation_price_ticks(&self, instrument: usize, side: Side) -> Option<i64> {
        let position = self.position_of(instrument, side);
        let now = position.mark_half_ticks.filter(|_| position.lots != 0 && self.terms[instrument].is_margin())?;
        if self.margin_of(instrument, side).is_liquidated() {
            return Some(now / 2);
        }
        let mut trial = self.clone();
        let mut fails = |ticks: i64| {
            trial.set_mark(instrument, ticks.saturating_mul(2));
            trial.margin_of(instrument, side).is_liquidated()
        };
        let (mut kept, mut failing) = ((now + 1) / 2, 1);
        if !fails(failing) {
            (kept, failing) = (now / 2, self.largest_price(instrument).max(now / 2));
            if !fails(failing) {
                return None;
            }
        }
        // Between a price that is kept and one that fails, halved until they are neighbours.
        while (kept - failing).abs() > 1 {
            let middle = kept + (failing - kept) / 2;
            *(if fails(middle) { &mut failing } else { &mut kept }) = middle;
        }
        Some(failing)
    }

    /// A price far above any market at which the value of the positions can still be counted.
    fn largest_price(&self, instrument: usize) -> i64 {
        let lots: i128 = self.sides().iter().map(|&s| i128::from(self.position_of(instrument, s).lots.abs())).sum();
        let most = match self.terms[instrument].contract {
            Contract::Linear { tick_lot } => 10i128.pow(33) / (lots.max(1) * tick_lot),
            Contract::Inverse { .. } => 10i128.pow(15),
        };
        most.min(10i128.pow(15)) as i64
    }

    /// What the cross positions in an asset leave, before any of them is taken over.
    pub(crate) fn estate(&self, asset: usize) -> Estate {
        let cross = self.settled_in(asset).filter(|(terms, _)| terms.is_margin() && !terms.isolated);
        let value = cross.map(|(terms, position)| position.value(&terms.contract)).sum();
        Estate { equity: self.cross_margin(asset).equity.0, value }
    }

    /// Whether the positions of an instrument share what backs their settlement asset.
    pub(crate) fn is_cross_in(&self, instrument: usize, asset: usize) -> bool {
        let terms = &self.terms[instrument];
        terms.settlement == asset && terms.is_margin() && !terms.isolated
    }

    /// The price in ticks at which a cross position is taken over.
    pub(crate) fn shared_bankruptcy_ticks(&self, instrument: usize, side: Side, estate: &Estate) -> i64 {
        let value = self.position_of(instrument, side).value(&self.terms[instrument].contract);
        self.takeover_ticks(instrument, side, scaled_floor(estate.equity, value, estate.value.max(1)).0)
    }

    /// The price in ticks at which an isolated position is taken over.
    pub(crate) fn own_bankruptcy_ticks(&self, instrument: usize, side: Side) -> i64 {
        self.takeover_ticks(instrument, side, self.isolated_margin(instrument, side).equity.0)
    }

    /// The price at which a position is worth `given_up` less to its owner than at its mark, or up to a tick better.
    fn takeover_ticks(&self, instrument: usize, side: Side, given_up: i128) -> i64 {
        let (contract, position) = (&self.terms[instrument].contract, self.position_of(instrument, side));
        let is_long = position.lots > 0;
        // A falling value is a loss to a linear long and an inverse short.
        let worse = if is_long == (contract.direction() > 0) { -given_up } else { given_up };
        // The value of half a tick is rounded, so one unit more is left than could be taken.
        let value =
            (position.value(contract) + worse + contract.direction() * i128::from(position.lots.signum())).max(0);
        let lots = position.lots.abs();
        let ticks = if is_long { contract.price_up(value, lots) } else { contract.price_down(value, lots) };
        ticks.clamp(1, 10i128.pow(15)) as i64
    }
}
