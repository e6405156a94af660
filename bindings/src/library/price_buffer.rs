use tickwright_indicators::PriceBuffer;

use super::indicators::same_length;
use super::raw::Numbers;
use super::slab::Slab;
use super::{cell, ns_of, shown, Done};

/// Takes a time and the mid in force from then on; leaves whether samples were taken and, if so, the figures.
#[inline(always)]
pub(super) fn on_mid(slab: &mut Slab<PriceBuffer>, cells: Numbers<'_>) -> Done {
    let (ts_us, mid) = (cells.get(cell::ARGS), cells.get(cell::ARGS + 1));
    slab.with(cells.handle(), |buffer| {
        let sampled = buffer.on_mid(ns_of("ts_us", ts_us)?, mid);
        cells.set(cell::RESULTS, f64::from(u8::from(sampled)));
        if sampled {
            write(buffer, cells);
        }
        Ok(())
    })
}

/// Starts afresh from columns of times and mids.
pub(super) fn bootstrap(slab: &mut Slab<PriceBuffer>, cells: Numbers<'_>, [times, mids]: [Numbers<'_>; 2]) -> Done {
    same_length(&[("mids", Some(mids))], times)?;
    for i in 0..times.len() {
        ns_of("ts_us", times.get(i))?;
    }
    slab.with(cells.handle(), |buffer| {
        buffer.reset();
        for i in 0..times.len() {
            buffer.on_mid(ns_of("ts_us", times.get(i))?, mids.get(i));
        }
        write(buffer, cells);
        Ok(())
    })
}

/// Forgets every mid.
pub(super) fn reset(slab: &mut Slab<PriceBuffer>, cells: Numbers<'_>) -> Done {
    slab.with(cells.handle(), |buffer| {
        buffer.reset();
        write(buffer, cells);
        Ok(())
    })
}

fn write(buffer: &PriceBuffer, cells: Numbers<'_>) {
    let figures = [buffer.ema(), buffer.atr(), buffer.band_pct(), buffer.drift(), buffer.smoothed_drift()];
    for (k, figure) in figures.into_iter().enumerate() {
        cells.set(cell::RESULTS + 1 + k, shown(figure));
    }
}
