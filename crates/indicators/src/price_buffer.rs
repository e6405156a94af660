use serde::{Deserialize, Serialize};

use crate::bars::span_of;
use crate::input::{checked_period, usable};
use crate::window::Window;
use crate::{Atr, Ema, IndicatorError, SECOND_NS};

/// Settings of a [`PriceBuffer`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PriceBufferConfig {
    /// Length of a sample period in seconds, 1 to 86 400.
    pub sample_s: u32,
    /// Samples a bar. 1 makes each sample a bar; 6 of 10 s make minute bars, to be compared with minute candles.
    pub bar_samples: u32,
    /// Period of the average of closes, in bars.
    pub ema_period: u32,
    /// Period of the band's average true range, in bars.
    pub band_period: u32,
    /// Window of the drift in seconds; rounded up to whole samples.
    pub drift_window_s: u32,
    /// Weight of each new sample in the smoothed drift, above 0 and up to 1.
    pub drift_alpha: f64,
    /// Most samples in a row that repeat the mid in force; a longer silence resets the buffer.
    pub max_carry_samples: u32,
}

impl Default for PriceBufferConfig {
    /// Samples of 10 s, EMA 50, band 14, drift over 30 s smoothed by 0.2, silence of up to an hour.
    fn default() -> Self {
        Self {
            sample_s: 10,
            bar_samples: 1,
            ema_period: 50,
            band_period: 14,
            drift_window_s: 30,
            drift_alpha: 0.2,
            max_carry_samples: 360,
        }
    }
}

/// What a market maker knows of the recent price: average, band and drift of the mid, sampled on a grid of time.
///
/// - **Sample**: the first mid of each sample period (aligned to the Unix epoch). A period without a mid repeats the
///   mid in force, for at most `max_carry_samples` periods in a row; a longer silence resets the buffer, because an
///   average of that old market would pass for one of this.
/// - **Bar**: open, high, low and close of `bar_samples` samples, completed as they come.
/// - **EMA**: [`Ema`] of the closes; ready after `ema_period` bars.
/// - **Band**: [`Atr::wilder`] of the bars over the last close. The first bar only lends its close, for it has none
///   before it; ready after `band_period + 1` bars.
/// - **Drift**: `last sample / sample one window earlier - 1`, or against the oldest sample while there are fewer;
///   ready after two samples. A maker quotes both sides, so the adverse drift is its magnitude.
/// - **Refused**: a mid that is not finite, beyond [`crate::LARGEST_INPUT`] or not above 0 changes nothing, and so
///   does one whose time lies before the current sample period.
///
/// ```
/// use tickwright_indicators::{PriceBuffer, PriceBufferConfig, SECOND_NS};
/// let mut buffer = PriceBuffer::new(PriceBufferConfig::default())?;
/// buffer.on_mid(1_700_000_000 * SECOND_NS, 61_800.0);
/// assert_eq!(buffer.adverse_drift(), None);
/// buffer.on_mid(1_700_000_010 * SECOND_NS, 61_861.8);
/// assert!((buffer.adverse_drift().unwrap() - 0.001).abs() < 1e-12); // 10 bps
/// # Ok::<(), tickwright_indicators::IndicatorError>(())
/// ```
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PriceBuffer {
    config: PriceBufferConfig,
    sample_ns: i64,
    /// Begin of the current sample period and of the next one; both `i64::MIN` before the first mid.
    period_ns: i64,
    next_sample_ns: i64,
    mid: f64,
    bar: SampleBar,
    close: f64,
    ema: Ema,
    atr: Atr,
    drift_window: Window,
    smoothed_drift: Ema,
}

/// The bar under construction, in samples.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
struct SampleBar {
    samples: u32,
    high: f64,
    low: f64,
}

impl SampleBar {
    fn with(self, sample: f64) -> Self {
        if self.samples == 0 {
            return Self { samples: 1, high: sample, low: sample };
        }
        Self { samples: self.samples + 1, high: self.high.max(sample), low: self.low.min(sample) }
    }
}

impl PriceBuffer {
    /// An empty buffer.
    ///
    /// Returns `E_INDICATOR_SETTING` naming the first setting out of its range.
    pub fn new(config: PriceBufferConfig) -> Result<Self, IndicatorError> {
        let range = |what, seconds: u32| match seconds {
            1..=86_400 => Ok(seconds),
            _ => Err(IndicatorError::setting(what, seconds, "give 1 to 86400 seconds")),
        };
        let sample_s = range("price buffer sample_s", config.sample_s)?;
        let drift_samples = range("price buffer drift_window_s", config.drift_window_s)?.div_ceil(sample_s);
        checked_period("price buffer bar_samples", config.bar_samples)?;
        checked_period("price buffer max_carry_samples", config.max_carry_samples)?;
        Ok(Self {
            sample_ns: i64::from(sample_s) * SECOND_NS,
            period_ns: i64::MIN,
            next_sample_ns: i64::MIN,
            mid: f64::NAN,
            bar: SampleBar::default(),
            close: f64::NAN,
            ema: Ema::period(config.ema_period)?,
            atr: Atr::wilder(config.band_period)?,
            drift_window: Window::new(drift_samples + 1),
            smoothed_drift: Ema::alpha(config.drift_alpha)?,
            config,
        })
    }

    /// Takes the mid in force from `ts_ns` on; whether samples were taken.
    ///
    /// Call it with each new mid, and from a timer with the old one where a quiet market must be sampled at once.
    /// About 1 ns inside a sample period; a sample costs some tens, times the silent periods before it.
    #[inline]
    pub fn on_mid(&mut self, ts_ns: i64, mid: f64) -> bool {
        if !(mid > 0.0 && usable(mid)) || ts_ns < self.period_ns {
            return false;
        }
        if ts_ns < self.next_sample_ns {
            self.mid = mid;
            return false;
        }
        self.sample_until(ts_ns, mid)
    }

    /// Starts afresh from recorded mids in order of time; O(n) once, the same as one [`PriceBuffer::on_mid`] each.
    pub fn bootstrap(&mut self, mids: impl IntoIterator<Item = (i64, f64)>) {
        self.reset();
        for (ts_ns, mid) in mids {
            self.on_mid(ts_ns, mid);
        }
    }

    #[inline(never)]
    fn sample_until(&mut self, ts_ns: i64, mid: f64) -> bool {
        let Some((period_ns, next_sample_ns)) = span_of(ts_ns, self.sample_ns) else {
            return false;
        };
        if self.is_started() {
            let silent = period_ns.saturating_sub(self.next_sample_ns) / self.sample_ns;
            if silent > i64::from(self.config.max_carry_samples) {
                self.reset();
            } else {
                (0..silent).for_each(|_| self.take_sample(self.mid));
            }
        }
        self.take_sample(mid);
        (self.mid, self.period_ns, self.next_sample_ns) = (mid, period_ns, next_sample_ns);
        true
    }

    fn take_sample(&mut self, sample: f64) {
        self.drift_window.push(sample);
        if let Some(drift) = self.adverse_drift() {
            self.smoothed_drift.update(drift);
        }
        self.bar = self.bar.with(sample);
        if self.bar.samples == self.config.bar_samples {
            self.complete_bar(sample);
        }
    }

    fn complete_bar(&mut self, close: f64) {
        let bar = std::mem::take(&mut self.bar);
        if !self.close.is_nan() {
            self.atr.update(bar.high.max(self.close), bar.low.min(self.close), close);
        }
        self.ema.update(close);
        self.close = close;
    }

    fn is_started(&self) -> bool {
        !self.mid.is_nan()
    }

    /// The average of closes in the unit of the mids, or `None` during its warm-up.
    pub fn ema(&self) -> Option<f64> {
        self.ema.value()
    }

    /// The average true range in the unit of the mids, or `None` during its warm-up.
    pub fn atr(&self) -> Option<f64> {
        self.atr.value()
    }

    /// The average true range as a fraction of the last close (0.004 = 40 bps), or `None` during its warm-up.
    pub fn band_pct(&self) -> Option<f64> {
        Some(self.atr()? / self.close)
    }

    /// The signed move over the window as a fraction of where it began, or `None` before the second sample.
    pub fn drift(&self) -> Option<f64> {
        if self.drift_window.len() < 2 {
            return None;
        }
        let (last, first) = (self.drift_window.back(0)?, self.drift_window.back(usize::MAX)?);
        Some((last - first) / first)
    }

    /// The magnitude of [`PriceBuffer::drift`], to be compared with [`PriceBuffer::band_pct`].
    pub fn adverse_drift(&self) -> Option<f64> {
        self.drift().map(f64::abs)
    }

    /// The adverse drift smoothed by `drift_alpha` a sample from the first on, or `None` before the second sample.
    pub fn smoothed_drift(&self) -> Option<f64> {
        let raw = self.smoothed_drift.raw();
        (!raw.is_nan()).then_some(raw)
    }

    /// The mid in force, or `None` before the first.
    pub fn mid(&self) -> Option<f64> {
        self.is_started().then_some(self.mid)
    }

    /// When the next sample is due, in ns since the Unix epoch; `i64::MIN` before the first mid.
    pub fn next_sample_ns(&self) -> i64 {
        self.next_sample_ns
    }

    /// Its settings.
    pub fn config(&self) -> &PriceBufferConfig {
        &self.config
    }

    /// Forgets every mid.
    pub fn reset(&mut self) {
        (self.period_ns, self.next_sample_ns) = (i64::MIN, i64::MIN);
        (self.mid, self.close, self.bar) = (f64::NAN, f64::NAN, SampleBar::default());
        self.ema.reset();
        self.atr.reset();
        self.drift_window.clear();
        self.smoothed_drift.reset();
    }
}
