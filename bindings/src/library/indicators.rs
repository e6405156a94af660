use tickwright_indicators::Indicator;

use super::raw::Numbers;
use super::slab::Slab;
use super::{cell, Done};
use crate::raw::Raised;

/// Rows that are fetched at once: memory of JavaScript is read as atomics, which would keep the running value of an
/// indicator from its register.
const BLOCK: usize = 64;

/// Takes a row from the arguments and leaves what the indicator gives, NaN where it is not ready.
#[inline(always)]
pub(super) fn update<const IN: usize, const OUT: usize, T: Indicator<IN, OUT>>(
    slab: &mut Slab<T>,
    cells: Numbers<'_>,
) -> Done {
    let row: [f64; IN] = std::array::from_fn(|k| cells.get(cell::ARGS + k));
    let outputs = slab.with(cells.handle(), |indicator| {
        indicator.take(row);
        Ok(indicator.outputs())
    })?;
    leave(outputs, cells);
    Ok(())
}

/// Takes columns: first those that go in, then one for each output, which may be left out. Leaves what the last row gave.
pub(super) fn update_many<const IN: usize, const OUT: usize, T: Indicator<IN, OUT>>(
    slab: &mut Slab<T>,
    cells: Numbers<'_>,
    columns: &[Option<Numbers<'_>>],
) -> Done {
    let missing = || super::bad_argument("an argument is missing: give a Float64Array".to_owned());
    let mut inputs = [columns[0].ok_or_else(missing)?; IN];
    for (input, column) in inputs.iter_mut().zip(columns) {
        *input = column.ok_or_else(missing)?;
    }
    let out: [Option<Numbers<'_>>; OUT] = std::array::from_fn(|k| columns[IN + k]);
    for (name, column) in T::INPUT_NAMES.iter().zip(inputs) {
        same_length(&[(name, Some(column))], inputs[0])?;
    }
    for (name, column) in T::OUTPUT_NAMES.iter().zip(out) {
        same_length(&[(if OUT == 1 { "out" } else { name }, column)], inputs[0])?;
    }
    let outputs = slab.with(cells.handle(), |indicator| {
        let (mut rows, mut given) = ([[0.0; BLOCK]; IN], [[0.0; BLOCK]; OUT]);
        for from in (0..inputs[0].len()).step_by(BLOCK) {
            let len = BLOCK.min(inputs[0].len() - from);
            for (rows, column) in rows.iter_mut().zip(inputs) {
                column.read(from, &mut rows[..len]);
            }
            let rows = rows.each_ref().map(|rows| &rows[..len]);
            indicator.update_many_into(rows, given.each_mut().map(|given| &mut given[..len]))?;
            for (given, column) in given.iter().zip(out) {
                if let Some(column) = column {
                    column.write(from, &given[..len]);
                }
            }
        }
        Ok(indicator.outputs())
    })?;
    leave(outputs, cells);
    Ok(())
}

/// Forgets every value.
pub(super) fn reset<const IN: usize, const OUT: usize, T: Indicator<IN, OUT>>(
    slab: &mut Slab<T>,
    cells: Numbers<'_>,
) -> Done {
    slab.with(cells.handle(), |indicator| {
        indicator.reset();
        Ok(())
    })
}

#[inline(always)]
fn leave<const OUT: usize>(outputs: [f64; OUT], cells: Numbers<'_>) {
    for (k, value) in outputs.into_iter().enumerate() {
        cells.set(cell::RESULTS + k, value);
    }
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
