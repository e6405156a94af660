use std::collections::VecDeque;

use tickwright_indicators::{Bar, BarAggregator, IndicatorError};

use super::bars::write;
use super::raw::Numbers;
use super::slab::Slab;
use super::{bad_argument, ns_of, whole, Done};
use crate::raw::Raised;

/// Numbers of a bar in a row: begin, end, open, high, low, close, volume, trades, notional.
const ROW: usize = 9;

/// An aggregator and the bars that nobody has fetched yet.
pub(super) struct Aggregator {
    large: BarAggregator,
    completed: VecDeque<Bar>,
}

impl Aggregator {
    pub(super) fn new(period_ns: i64) -> Result<Self, IndicatorError> {
        Ok(Self { large: BarAggregator::new(period_ns)?, completed: VecDeque::new() })
    }
}

/// Takes bars, row by row; leaves the first larger one completed. Nothing is taken if one of them cannot be.
pub(super) fn on_bars(slab: &mut Slab<Aggregator>, cells: Numbers<'_>, rows: Numbers<'_>) -> Done {
    if !rows.len().is_multiple_of(ROW) {
        return Err(bad_argument(format!("the bars have {} numbers: give {ROW} a bar", rows.len())));
    }
    let bars = (0..rows.len() / ROW).map(|at| bar_of(rows, at * ROW)).collect::<Result<Vec<_>, _>>()?;
    slab.with(cells.handle(), |aggregator| {
        let mut large = aggregator.large.clone();
        let mut completed = Vec::new();
        for bar in &bars {
            completed.extend(large.on_bar(bar)?);
        }
        aggregator.large = large;
        aggregator.completed.extend(completed);
        write(aggregator.completed.pop_front().as_ref(), cells);
        Ok(())
    })
}

/// Leaves the next completed bar.
pub(super) fn next(slab: &mut Slab<Aggregator>, cells: Numbers<'_>) -> Done {
    slab.with(cells.handle(), |aggregator| {
        write(aggregator.completed.pop_front().as_ref(), cells);
        Ok(())
    })
}

/// Leaves the bar under construction.
pub(super) fn current(slab: &mut Slab<Aggregator>, cells: Numbers<'_>) -> Done {
    slab.with(cells.handle(), |aggregator| {
        write(aggregator.large.current(), cells);
        Ok(())
    })
}

/// Leaves the unfinished bar, which is complete from now on.
pub(super) fn flush(slab: &mut Slab<Aggregator>, cells: Numbers<'_>) -> Done {
    slab.with(cells.handle(), |aggregator| {
        write(aggregator.large.flush().as_ref(), cells);
        Ok(())
    })
}

fn bar_of(rows: Numbers<'_>, at: usize) -> Result<Bar, Raised> {
    let number = |what, k: usize| whole(what, rows.get(at + k));
    let trades = number("trades of a bar", 7)?;
    Ok(Bar {
        open_ns: ns_of("openUs of a bar", rows.get(at))?,
        close_ns: ns_of("closeUs of a bar", rows.get(at + 1))?,
        open: number("openTicks of a bar", 2)?,
        high: number("highTicks of a bar", 3)?,
        low: number("lowTicks of a bar", 4)?,
        close: number("closeTicks of a bar", 5)?,
        volume_lots: number("volumeLots of a bar", 6)?,
        trades: u64::try_from(trades)
            .map_err(|_| bad_argument(format!("trades of a bar is {trades}: give 0 or more")))?,
        notional: i128::from(number("notionalTickLots of a bar", 8)?),
    })
}
