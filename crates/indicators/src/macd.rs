use serde::{Deserialize, Serialize};

use crate::input::usable;
use crate::{Ema, IndicatorError};

/// Moving average convergence and divergence: a fast average less a slow one, and an average of that.
///
/// `line = ema(fast) - ema(slow)`, `signal = ema(signal)` of the line, `histogram = line - signal`.
///
/// - **Seed**: each average starts from its first value; that of the signal from the line after `slow` values.
/// - **Warm-up**: `slow + signal - 1` values, for all three.
/// - **Refused**: a number that is not finite or beyond [`crate::LARGEST_INPUT`] changes nothing.
/// - **Precision**: a difference of two averages is right to 1e-14 of the values, not of itself.
/// - **Source**: G. Appel, "The Moving Average Convergence Divergence Trading Method" (1979): 12, 26 and 9 values.
///
/// ```
/// use tickwright_indicators::Macd;
/// let mut macd = Macd::new(1, 3, 1)?; // the price less an average of alpha 0.5
/// for price in [61_800.0, 61_800.0, 61_804.0] {
///     macd.update(price);
/// }
/// let now = macd.value().expect("three values are enough");
/// assert_eq!((now.line, now.signal, now.histogram), (2.0, 2.0, 0.0));
/// # Ok::<(), tickwright_indicators::IndicatorError>(())
/// ```
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Macd {
    raw: MacdLines,
    fast: Ema,
    slow: Ema,
    signal: Ema,
}

/// What [`Macd`] gives, in the unit of the values.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct MacdLines {
    /// The fast average less the slow one.
    pub line: f64,
    /// The average of the line.
    pub signal: f64,
    /// The line less the signal.
    pub histogram: f64,
}

impl MacdLines {
    const NONE: Self = Self { line: f64::NAN, signal: f64::NAN, histogram: f64::NAN };
}

impl Macd {
    /// Periods of the two averages and of the signal, in updates.
    ///
    /// Returns `E_INDICATOR_SETTING` unless each is 1 to [`crate::LONGEST_PERIOD`] and `fast` is below `slow`.
    pub fn new(fast: u32, slow: u32, signal: u32) -> Result<Self, IndicatorError> {
        if fast >= slow {
            return Err(IndicatorError::setting("macd fast period", fast, "give less than the slow period"));
        }
        let (fast, slow, signal) = (Ema::period(fast)?, Ema::period(slow)?, Ema::period(signal)?);
        Ok(Self { raw: MacdLines::NONE, fast, slow, signal })
    }

    /// Takes the next value.
    #[inline]
    pub fn update(&mut self, x: f64) {
        if !usable(x) {
            return;
        }
        self.fast.update(x);
        self.slow.update(x);
        let line = self.fast.raw() - self.slow.raw();
        if self.slow.value().is_some() {
            self.signal.update(line);
        }
        let signal = self.signal.raw();
        self.raw = MacdLines { line, signal, histogram: line - signal };
    }

    /// The three, or `None` during the warm-up.
    #[inline(always)]
    pub fn value(&self) -> Option<MacdLines> {
        self.signal.value().is_some().then_some(self.raw)
    }

    /// The three as far as they are known: the line from the first value on, signal and histogram NaN until the slow
    /// average is ready; a plain field.
    #[inline(always)]
    pub fn raw(&self) -> MacdLines {
        self.raw
    }

    /// Values of the warm-up.
    pub fn warm_up(&self) -> u32 {
        self.slow.warm_up() + self.signal.warm_up() - 1
    }

    /// Forgets every value.
    pub fn reset(&mut self) {
        self.raw = MacdLines::NONE;
        self.fast.reset();
        self.slow.reset();
        self.signal.reset();
    }
}
