use std::collections::VecDeque;

use tickwright_indicators::{Bar, BarBuilder, BarConfig, CompletedBars, IndicatorError};
use tickwright_types::{Tick, TickKind};

use super::indicators::same_length;
use super::raw::Numbers;
use super::slab::Slab;
use super::{cell, ns_of, whole, Done};

/// A builder and the bars that nobody has fetched yet.
pub(super) struct Bars {
    builder: BarBuilder,
    completed: VecDeque<Bar>,
}

impl Bars {
    pub(super) fn new(config: BarConfig) -> Result<Self, IndicatorError> {
        Ok(Self { builder: BarBuilder::new(config)?, completed: VecDeque::new() })
    }

    /// Keeps completed bars and leaves the first one; mostly there is none.
    #[inline(always)]
    fn hand_out(&mut self, mut completed: CompletedBars, cells: Numbers<'_>) {
        match completed.next() {
            None => cells.set(cell::RESULTS, 0.0),
            Some(first) => {
                self.completed.extend(completed);
                write(Some(&first), cells);
            }
        }
    }

    fn hand_out_oldest(&mut self, cells: Numbers<'_>) {
        write(self.completed.pop_front().as_ref(), cells);
    }
}

/// Takes time, price and size of a trade; leaves the first bar that it completed.
#[inline(always)]
pub(super) fn on_trade(slab: &mut Slab<Bars>, cells: Numbers<'_>) -> Done {
    let [ts_us, price_ticks, size_lots] = [0, 1, 2].map(|k| cells.get(cell::ARGS + k) as i64);
    slab.with(cells.handle(), |bars| {
        let completed = bars.builder.on_trade(ts_us.saturating_mul(1000), price_ticks, size_lots);
        bars.hand_out(completed, cells);
        Ok(())
    })
}

/// Takes time and price of a mid; leaves the first bar that it completed.
#[inline(always)]
pub(super) fn on_mid(slab: &mut Slab<Bars>, cells: Numbers<'_>) -> Done {
    let [ts_us, price_ticks] = [0, 1].map(|k| cells.get(cell::ARGS + k) as i64);
    slab.with(cells.handle(), |bars| {
        let completed = bars.builder.on_mid(ts_us.saturating_mul(1000), price_ticks);
        bars.hand_out(completed, cells);
        Ok(())
    })
}

/// Takes columns of times and mids; otherwise as [`on_trades`].
pub(super) fn on_mids(slab: &mut Slab<Bars>, cells: Numbers<'_>, [times, prices]: [Numbers<'_>; 2]) -> Done {
    same_length(&[("price_ticks", Some(prices))], times)?;
    for i in 0..times.len() {
        ns_of("a ts_us", times.get(i))?;
        whole("a price in ticks", prices.get(i))?;
    }
    slab.with(cells.handle(), |bars| {
        for i in 0..times.len() {
            let ts_ns = (times.get(i) as i64).saturating_mul(1000);
            bars.completed.extend(bars.builder.on_mid(ts_ns, prices.get(i) as i64));
        }
        bars.hand_out_oldest(cells);
        Ok(())
    })
}

/// Takes columns of times, prices and sizes; leaves the first bar completed. A number that is not whole stops it there.
pub(super) fn on_trades(slab: &mut Slab<Bars>, cells: Numbers<'_>, columns: [Numbers<'_>; 3]) -> Done {
    let [times, prices, sizes] = columns;
    same_length(&[("price_ticks", Some(prices)), ("size_lots", Some(sizes))], times)?;
    for i in 0..times.len() {
        ns_of("a ts_us", times.get(i))?;
        whole("a price in ticks", prices.get(i))?;
        whole("a size in lots", sizes.get(i))?;
    }
    slab.with(cells.handle(), |bars| {
        for i in 0..times.len() {
            let ts_ns = (times.get(i) as i64).saturating_mul(1000);
            bars.completed.extend(bars.builder.on_trade(ts_ns, prices.get(i) as i64, sizes.get(i) as i64));
        }
        bars.hand_out_oldest(cells);
        Ok(())
    })
}

/// Takes the trades of one instrument, by receive time; leaves the first bar completed.
pub(super) fn apply_ticks(slab: &mut Slab<Bars>, cells: Numbers<'_>, ticks: &[Tick]) -> Done {
    let instrument = whole("instrument", cells.get(cell::ARGS))?;
    let wanted = |tick: &&Tick| tick.kind == TickKind::Trade as u8 && i64::from(tick.instrument) == instrument;
    slab.with(cells.handle(), |bars| {
        for tick in ticks.iter().filter(wanted) {
            bars.completed.extend(bars.builder.on_trade(tick.recv_ns, tick.price_ticks, tick.size_lots));
        }
        bars.hand_out_oldest(cells);
        Ok(())
    })
}

/// Takes the time of the clock; leaves the first bar that is over by then.
pub(super) fn on_time(slab: &mut Slab<Bars>, cells: Numbers<'_>) -> Done {
    let ts_ns = ns_of("ts_us", cells.get(cell::ARGS))?;
    slab.with(cells.handle(), |bars| {
        let completed = bars.builder.on_time(ts_ns);
        bars.hand_out(completed, cells);
        Ok(())
    })
}

/// Leaves the next completed bar.
pub(super) fn next(slab: &mut Slab<Bars>, cells: Numbers<'_>) -> Done {
    slab.with(cells.handle(), |bars| {
        bars.hand_out_oldest(cells);
        Ok(())
    })
}

/// Leaves the bar under construction.
pub(super) fn current(slab: &mut Slab<Bars>, cells: Numbers<'_>) -> Done {
    slab.with(cells.handle(), |bars| {
        write(bars.builder.current(), cells);
        Ok(())
    })
}

/// Leaves the unfinished bar, which is complete from now on.
pub(super) fn flush(slab: &mut Slab<Bars>, cells: Numbers<'_>) -> Done {
    slab.with(cells.handle(), |bars| {
        write(bars.builder.flush().as_ref(), cells);
        Ok(())
    })
}

/// Leaves how many trades were refused.
pub(super) fn refused(slab: &mut Slab<Bars>, cells: Numbers<'_>) -> Done {
    slab.with(cells.handle(), |bars| {
        cells.set(cell::RESULTS, bars.builder.refused() as f64);
        Ok(())
    })
}

/// Whether there is a bar, then its fields; times in µs.
pub(super) fn write(bar: Option<&Bar>, cells: Numbers<'_>) {
    cells.set(cell::RESULTS, f64::from(u8::from(bar.is_some())));
    let Some(bar) = bar else { return };
    let vwap = if bar.volume_lots > 0 { bar.notional as f64 / bar.volume_lots as f64 } else { f64::NAN };
    let whole = [
        bar.open_ns / 1000,
        bar.close_ns / 1000,
        bar.open,
        bar.high,
        bar.low,
        bar.close,
        bar.volume_lots,
        bar.trades as i64,
    ];
    for (k, value) in whole.into_iter().enumerate() {
        cells.set(cell::RESULTS + 1 + k, value as f64);
    }
    cells.set(cell::RESULTS + 1 + whole.len(), bar.notional as f64);
    cells.set(cell::RESULTS + 2 + whole.len(), vwap);
}
