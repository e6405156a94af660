use tickwright_indicators::{Atr, Ema, RollingStd, Sma};

use super::raw::Numbers;
use super::slab::Slab;
use super::{cell, shown, Done};
use crate::raw::Raised;

/// Indicators of one value at a time.
pub(super) trait Running {
    fn update(&mut self, x: f64);
    fn value(&self) -> Option<f64>;
    fn reset(&mut self);
}

macro_rules! running {
    ($($indicator:ty),*) => {$(
        impl Running for $indicator {
            #[inline(always)]
            fn update(&mut self, x: f64) {
                self.update(x);
            }
            #[inline(always)]
            fn value(&self) -> Option<f64> {
                self.value()
            }
            fn reset(&mut self) {
                self.reset();
            }
        }
    )*};
}

running!(Ema, Sma, RollingStd);

/// Takes the value in the first argument and leaves the indicator's.
#[inline(always)]
pub(super) fn update<T: Running>(slab: &mut Slab<T>, cells: Numbers<'_>) -> Done {
    let x = cells.get(cell::ARGS);
    let value = slab.with(cells.handle(), |indicator| {
        indicator.update(x);
        Ok(indicator.value())
    })?;
    cells.set(cell::RESULTS, shown(value));
    Ok(())
}

/// Takes a column, writes the value after each into `out` where there is one, and leaves the last.
pub(super) fn update_many<T: Running>(
    slab: &mut Slab<T>,
    cells: Numbers<'_>,
    xs: Numbers<'_>,
    out: Option<Numbers<'_>>,
) -> Done {
    same_length(&[("out", out)], xs)?;
    let value = slab.with(cells.handle(), |indicator| {
        for i in 0..xs.len() {
            indicator.update(xs.get(i));
            if let Some(out) = out {
                out.set(i, shown(indicator.value()));
            }
        }
        Ok(indicator.value())
    })?;
    cells.set(cell::RESULTS, shown(value));
    Ok(())
}

/// Forgets every value.
pub(super) fn reset<T: Running>(slab: &mut Slab<T>, cells: Numbers<'_>) -> Done {
    slab.with(cells.handle(), |indicator| {
        indicator.reset();
        Ok(())
    })
}

/// Takes high, low and close, and leaves the average true range.
#[inline(always)]
pub(super) fn atr_update(slab: &mut Slab<Atr>, cells: Numbers<'_>) -> Done {
    let [high, low, close] = [0, 1, 2].map(|k| cells.get(cell::ARGS + k));
    let value = slab.with(cells.handle(), |atr| {
        atr.update(high, low, close);
        Ok(atr.value())
    })?;
    cells.set(cell::RESULTS, shown(value));
    Ok(())
}

/// Takes columns of high, low and close; otherwise as [`update_many`].
pub(super) fn atr_update_many(
    slab: &mut Slab<Atr>,
    cells: Numbers<'_>,
    [high, low, close]: [Numbers<'_>; 3],
    out: Option<Numbers<'_>>,
) -> Done {
    same_length(&[("low", Some(low)), ("close", Some(close)), ("out", out)], high)?;
    let value = slab.with(cells.handle(), |atr| {
        for i in 0..high.len() {
            atr.update(high.get(i), low.get(i), close.get(i));
            if let Some(out) = out {
                out.set(i, shown(atr.value()));
            }
        }
        Ok(atr.value())
    })?;
    cells.set(cell::RESULTS, shown(value));
    Ok(())
}

/// Forgets every bar.
pub(super) fn atr_reset(slab: &mut Slab<Atr>, cells: Numbers<'_>) -> Done {
    slab.with(cells.handle(), |atr| {
        atr.reset();
        Ok(())
    })
}

/// Refuses columns that differ in length from the first.
pub(super) fn same_length(others: &[(&str, Option<Numbers<'_>>)], first: Numbers<'_>) -> Done {
    let expected = first.len();
    let odd = others.iter().find_map(|(name, column)| {
        let given = column.as_ref()?.len();
        (given != expected).then_some((name, given))
    });
    match odd {
        None => Ok(()),
        Some((name, given)) => Err(Raised {
            code: "E_INDICATOR_COLUMNS",
            message: format!(
                "{name} has {given} values where the first column has {expected}: give columns of one length"
            ),
        }),
    }
}
