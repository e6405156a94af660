use crate::IndicatorError;

/// Largest magnitude that an indicator takes; beyond it the squares of a long window leave the range of a double.
pub const LARGEST_INPUT: f64 = 1e140;

/// Longest period of an indicator, in updates.
pub const LONGEST_PERIOD: u32 = 1_000_000;

/// Whether an indicator takes that number; false for NaN and infinities too.
#[inline(always)]
pub(crate) fn usable(x: f64) -> bool {
    x.abs() <= LARGEST_INPUT
}

/// Tells the compiler that the branch it stands in is rarely taken, so that the other one runs straight through.
#[cold]
#[inline(always)]
pub(crate) fn rare() {}

/// Checks a period of updates.
pub(crate) fn checked_period(what: &'static str, period: u32) -> Result<u32, IndicatorError> {
    if (1..=LONGEST_PERIOD).contains(&period) {
        return Ok(period);
    }
    Err(IndicatorError::setting(what, period, "give 1 to 1000000 updates"))
}

/// Checks that columns have the length of the first.
pub(crate) fn checked_columns(expected: usize, names: &[&'static str], given: &[usize]) -> Result<(), IndicatorError> {
    match names.iter().zip(given).find(|(_, given)| **given != expected) {
        Some((&what, &given)) => Err(IndicatorError::Columns { what, given, expected }),
        None => Ok(()),
    }
}
