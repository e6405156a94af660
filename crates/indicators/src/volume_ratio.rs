use serde::{Deserialize, Serialize};

use crate::input::{checked_period, usable};
use crate::window::{Rolling, Volume};
use crate::IndicatorError;

/// How much trades now against what is usual: the mean of the last few volumes over that of the last `n`.
///
/// 1 is as usual, 3 is three times as much. The recent volumes are among the usual ones.
///
/// - **Seed**: none; [`VolumeRatio::raw`] is the ratio within what there is.
/// - **Warm-up**: `n` volumes, of which one at least is above 0: to nothing there is no ratio.
/// - **Refused**: a number that is not finite, beyond [`crate::LARGEST_INPUT`] or below 0 changes nothing.
///
/// ```
/// use tickwright_indicators::VolumeRatio;
/// let mut ratio = VolumeRatio::new(1, 4)?;
/// for volume in [10.0, 20.0, 10.0, 40.0] {
///     ratio.update(volume);
/// }
/// assert_eq!(ratio.value(), Some(2.0)); // 40 against 20
/// # Ok::<(), tickwright_indicators::IndicatorError>(())
/// ```
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct VolumeRatio {
    raw: f64,
    recent: Rolling<Volume>,
    usual: Rolling<Volume>,
}

impl VolumeRatio {
    /// The last `recent` volumes against the last `usual`; mostly 1 against 20.
    ///
    /// Returns `E_INDICATOR_SETTING` unless both are 1 to [`crate::LONGEST_PERIOD`] and `recent` is below `usual`.
    pub fn new(recent: u32, usual: u32) -> Result<Self, IndicatorError> {
        let usual = checked_period("volume ratio period", usual)?;
        let recent = checked_period("volume ratio recent period", recent)?;
        if recent >= usual {
            let allowed = "give less than the period it is compared with";
            return Err(IndicatorError::setting("volume ratio recent period", recent, allowed));
        }
        Ok(Self { raw: f64::NAN, recent: Rolling::new(recent), usual: Rolling::new(usual) })
    }

    /// Takes the next volume.
    #[inline]
    pub fn update(&mut self, volume: f64) {
        if !usable(volume) || volume < 0.0 {
            return;
        }
        self.recent.push(volume);
        self.usual.push(volume);
        let recent = self.recent.sums().value() * self.usual.len() as f64;
        let usual = self.usual.sums().value() * self.recent.len() as f64;
        // 0 over 0 is NaN, as it should be.
        self.raw = recent / usual;
    }

    /// The ratio, or `None` during the warm-up and where nothing traded.
    #[inline(always)]
    pub fn value(&self) -> Option<f64> {
        (self.usual.is_full() && !self.raw.is_nan()).then_some(self.raw)
    }

    /// The ratio within what there is, NaN where nothing traded; a plain field.
    #[inline(always)]
    pub fn raw(&self) -> f64 {
        self.raw
    }

    /// Forgets every volume.
    pub fn reset(&mut self) {
        self.recent.clear();
        self.usual.clear();
        self.raw = f64::NAN;
    }
}
