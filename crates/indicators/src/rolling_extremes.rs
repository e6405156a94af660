use serde::{Deserialize, Serialize};

use crate::input::{checked_period, usable};
use crate::window::MonotonicQueue;
use crate::IndicatorError;

/// The largest of the last `n` values, exactly.
///
/// - **Seed**: none; [`RollingMax::raw`] is the largest of what there is.
/// - **Warm-up**: `n` values.
/// - **Refused**: a number that is not finite or beyond [`crate::LARGEST_INPUT`] changes nothing.
/// - **Source**: the monotonic queue, as in D. Lemire, "Streaming maximum-minimum filter using no more than three
///   comparisons per element" (2006).
///
/// ```
/// use tickwright_indicators::RollingMax;
/// let mut max = RollingMax::period(2)?;
/// max.update(61_804.0);
/// assert_eq!((max.value(), max.raw()), (None, 61_804.0));
/// max.update(61_801.0);
/// assert_eq!(max.value(), Some(61_804.0));
/// max.update(61_802.0);
/// assert_eq!(max.value(), Some(61_802.0));
/// # Ok::<(), tickwright_indicators::IndicatorError>(())
/// ```
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RollingMax {
    queue: MonotonicQueue,
}

impl RollingMax {
    /// The largest of the last `period` values.
    ///
    /// Returns `E_INDICATOR_SETTING` unless it is 1 to [`crate::LONGEST_PERIOD`].
    pub fn period(period: u32) -> Result<Self, IndicatorError> {
        Ok(Self { queue: MonotonicQueue::new(checked_period("rolling max period", period)?) })
    }

    /// Takes the next value. A few ns on average; a value above many that wait costs a step for each of them, once.
    #[inline]
    pub fn update(&mut self, x: f64) {
        if usable(x) {
            self.queue.push(x);
        }
    }

    /// The largest value, or `None` during the warm-up.
    #[inline(always)]
    pub fn value(&self) -> Option<f64> {
        self.queue.is_full().then(|| self.raw())
    }

    /// The largest of what there is, NaN before the first value.
    #[inline(always)]
    pub fn raw(&self) -> f64 {
        self.queue.largest()
    }

    /// Forgets every value.
    pub fn reset(&mut self) {
        self.queue.clear();
    }
}

/// The smallest of the last `n` values, exactly; everything else as [`RollingMax`].
///
/// ```
/// use tickwright_indicators::RollingMin;
/// let mut min = RollingMin::period(2)?;
/// for price in [61_804.0, 61_801.0, 61_802.0] {
///     min.update(price);
/// }
/// assert_eq!(min.value(), Some(61_801.0));
/// # Ok::<(), tickwright_indicators::IndicatorError>(())
/// ```
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RollingMin {
    /// Of the values with their signs turned.
    queue: MonotonicQueue,
}

impl RollingMin {
    /// The smallest of the last `period` values.
    ///
    /// Returns `E_INDICATOR_SETTING` unless it is 1 to [`crate::LONGEST_PERIOD`].
    pub fn period(period: u32) -> Result<Self, IndicatorError> {
        Ok(Self { queue: MonotonicQueue::new(checked_period("rolling min period", period)?) })
    }

    /// Takes the next value. A few ns on average, as [`RollingMax::update`].
    #[inline]
    pub fn update(&mut self, x: f64) {
        if usable(x) {
            self.queue.push(-x);
        }
    }

    /// The smallest value, or `None` during the warm-up.
    #[inline(always)]
    pub fn value(&self) -> Option<f64> {
        self.queue.is_full().then(|| self.raw())
    }

    /// The smallest of what there is, NaN before the first value.
    #[inline(always)]
    pub fn raw(&self) -> f64 {
        -self.queue.largest()
    }

    /// Forgets every value.
    pub fn reset(&mut self) {
        self.queue.clear();
    }
}
