use serde::{Deserialize, Serialize};

use crate::input::{checked_period, usable};
use crate::window::{Rolling, Traded};
use crate::{IndicatorError, SECOND_NS};

/// Longest session: a week.
const LONGEST_SESSION_S: u32 = 7 * 86_400;

/// Volume-weighted average price of the last `n` trades or bars: `Σ price · size / Σ size`.
///
/// Products are exact and sums have 32 digits. Of a bar, give the price that stands for it (its own volume-weighted
/// price, or `(high + low + close) / 3`) and its volume.
///
/// - **Seed**: none; [`RollingVwap::raw`] is the price of what there is.
/// - **Warm-up**: `n` updates, of which one at least has a size: without volume there is no price.
/// - **Refused**: a number that is not finite or beyond [`crate::LARGEST_INPUT`], or a size below 0, changes nothing.
///
/// ```
/// use tickwright_indicators::RollingVwap;
/// let mut vwap = RollingVwap::period(2)?;
/// vwap.update(61_800.0, 3.0);
/// vwap.update(61_804.0, 1.0);
/// assert_eq!(vwap.value(), Some(61_801.0));
/// # Ok::<(), tickwright_indicators::IndicatorError>(())
/// ```
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RollingVwap {
    raw: f64,
    window: Rolling<Traded>,
}

impl RollingVwap {
    /// The price of the last `period` updates.
    ///
    /// Returns `E_INDICATOR_SETTING` unless it is 1 to [`crate::LONGEST_PERIOD`].
    pub fn period(period: u32) -> Result<Self, IndicatorError> {
        Ok(Self { raw: f64::NAN, window: Rolling::new(checked_period("vwap period", period)?) })
    }

    /// Takes the next price and the size traded at it.
    #[inline]
    pub fn update(&mut self, price: f64, size: f64) {
        if !is_trade(price, size) {
            return;
        }
        self.window.push((price, size));
        self.raw = self.window.sums().vwap();
    }

    /// The price, or `None` during the warm-up and where nothing traded.
    #[inline(always)]
    pub fn value(&self) -> Option<f64> {
        (self.window.is_full() && !self.raw.is_nan()).then_some(self.raw)
    }

    /// The price of what there is, NaN where nothing traded; a plain field.
    #[inline(always)]
    pub fn raw(&self) -> f64 {
        self.raw
    }

    /// Forgets every trade.
    pub fn reset(&mut self) {
        self.window.clear();
        self.raw = f64::NAN;
    }
}

/// Volume-weighted average price since the session began: `Σ price · size / Σ size`.
///
/// Sessions follow each other without a gap, all of one length, from an offset to the Unix epoch on; the first trade of
/// a new one starts afresh. Where sessions shift against UTC, as exchanges' do in summer, call [`SessionVwap::reset`]
/// at their begin.
///
/// - **Seed**: none.
/// - **Warm-up**: the first trade of the session with a size: without volume there is no price.
/// - **Refused**: a number that is not finite or beyond [`crate::LARGEST_INPUT`], a size below 0, or a time before the
///   current session changes nothing.
///
/// ```
/// use tickwright_indicators::{SessionVwap, SECOND_NS};
/// let mut vwap = SessionVwap::daily();
/// vwap.update(0, 61_800.0, 3.0);
/// vwap.update(86_399 * SECOND_NS, 61_804.0, 1.0);
/// assert_eq!(vwap.value(), Some(61_801.0));
/// vwap.update(86_400 * SECOND_NS, 61_900.0, 2.0);
/// assert_eq!(vwap.value(), Some(61_900.0));
/// ```
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SessionVwap {
    raw: f64,
    traded: Traded,
    /// Number of the session, `i64::MIN` before the first trade.
    session: i64,
    length_ns: i64,
    offset_ns: i64,
}

impl SessionVwap {
    /// Sessions of UTC days.
    pub fn daily() -> Self {
        Self {
            raw: f64::NAN,
            traded: Traded::default(),
            session: i64::MIN,
            length_ns: 86_400 * SECOND_NS,
            offset_ns: 0,
        }
    }

    /// Sessions of `length_s` seconds, of which one begins `offset_s` seconds after the Unix epoch: 86 400 and 79 200
    /// are days from 22:00 UTC on.
    ///
    /// Returns `E_INDICATOR_SETTING` unless the length is 1 s to 7 d and the offset less than a session.
    pub fn sessions(length_s: u32, offset_s: u32) -> Result<Self, IndicatorError> {
        if !(1..=LONGEST_SESSION_S).contains(&length_s) {
            let allowed = "give 1 to 604800 seconds (7 d)";
            return Err(IndicatorError::setting("vwap session length_s", length_s, allowed));
        }
        if offset_s >= length_s {
            return Err(IndicatorError::setting("vwap session offset_s", offset_s, "give less than a session"));
        }
        let [length_ns, offset_ns] = [length_s, offset_s].map(|seconds| i64::from(seconds) * SECOND_NS);
        Ok(Self { length_ns, offset_ns, ..Self::daily() })
    }

    /// Takes a time in ns since the Unix epoch, a price, and the size traded at it.
    #[inline]
    pub fn update(&mut self, ts_ns: i64, price: f64, size: f64) {
        let session = ts_ns.saturating_sub(self.offset_ns).div_euclid(self.length_ns);
        if session < self.session || !is_trade(price, size) {
            return;
        }
        if session > self.session {
            self.session = session;
            self.traded = Traded::default();
        }
        self.traded.add((price, size));
        self.raw = self.traded.vwap();
    }

    /// The price, or `None` before anything traded in the session.
    #[inline(always)]
    pub fn value(&self) -> Option<f64> {
        (!self.raw.is_nan()).then_some(self.raw)
    }

    /// The same as a plain number, NaN for none; a plain field.
    #[inline(always)]
    pub fn raw(&self) -> f64 {
        self.raw
    }

    /// Starts afresh, in whatever session comes next.
    pub fn reset(&mut self) {
        (self.raw, self.traded, self.session) = (f64::NAN, Traded::default(), i64::MIN);
    }
}

#[inline(always)]
fn is_trade(price: f64, size: f64) -> bool {
    usable(price) && usable(size) && size >= 0.0
}
