use serde::Deserialize;
use tickwright_book::{BookConfig, L2Book};
use tickwright_indicators::{
    Atr, BarConfig, BarRule, BollingerBands, Divisor, Ema, Macd, PriceBuffer, PriceBufferConfig, RollingMax,
    RollingMin, RollingStd, RollingVwap, Rsi, SessionVwap, Sma, VolumeRatio, ZScore,
};

use super::aggregator::Aggregator;
use super::bars::Bars;
use super::tape_reader::Tape;
use super::{bad_argument, Objects};
use crate::raw::Raised;

/// Bars of a gap that one call may hand out.
const MOST_GAP_BARS: u32 = 100_000;

/// Settings of one object, by its class.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Settings {
    Book(BookSettings),
    Ema(EmaSettings),
    Sma(PeriodSettings),
    Std(StdSettings),
    Rsi(PeriodSettings),
    ZScore(PeriodSettings),
    Min(PeriodSettings),
    Max(PeriodSettings),
    VolumeRatio(RatioSettings),
    Vwap(PeriodSettings),
    SessionVwap(SessionSettings),
    Bollinger(BollingerSettings),
    Macd(MacdSettings),
    Atr(AtrSettings),
    Bars(BarSettings),
    Aggregator(AggregatorSettings),
    Buffer(BufferSettings),
    Tape(TapeSettings),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct BookSettings {
    max_band_ticks: Option<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EmaSettings {
    period: Option<u32>,
    alpha: Option<f64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PeriodSettings {
    period: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StdSettings {
    period: u32,
    #[serde(default)]
    divisor: DivisorName,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "snake_case")]
enum DivisorName {
    #[default]
    Population,
    Sample,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AtrSettings {
    period: u32,
    #[serde(default)]
    seed: AtrSeed,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "snake_case")]
enum AtrSeed {
    #[default]
    Wilder,
    Running,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct BarSettings {
    interval_ms: Option<u32>,
    ticks: Option<u32>,
    volume_lots: Option<i64>,
    notional_tick_lots: Option<i64>,
    #[serde(default)]
    max_gap_bars: u32,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct AggregatorSettings {
    interval_ms: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RatioSettings {
    period: u32,
    #[serde(default = "one")]
    recent: u32,
}

fn one() -> u32 {
    1
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct SessionSettings {
    #[serde(default = "a_day")]
    session_s: u32,
    #[serde(default)]
    offset_s: u32,
}

fn a_day() -> u32 {
    86_400
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BollingerSettings {
    period: u32,
    #[serde(default = "two")]
    deviations: f64,
}

fn two() -> f64 {
    2.0
}

#[derive(Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct MacdSettings {
    fast: u32,
    slow: u32,
    signal: u32,
}

impl Default for MacdSettings {
    fn default() -> Self {
        Self { fast: 12, slow: 26, signal: 9 }
    }
}

impl BarSettings {
    fn config(&self) -> Result<BarConfig, Raised> {
        let rule = match (self.interval_ms, self.ticks, self.volume_lots, self.notional_tick_lots) {
            (Some(ms), None, None, None) => BarRule::Time { period_ns: i64::from(ms) * 1_000_000 },
            (None, Some(count), None, None) => BarRule::Ticks { count: u64::from(count) },
            (None, None, Some(lots), None) => BarRule::Volume { lots },
            (None, None, None, Some(tick_lots)) => BarRule::Notional { tick_lots },
            _ => return Err(bad_argument("give one of intervalMs, ticks, volumeLots, notionalTickLots".to_owned())),
        };
        let max_gap_bars = self.max_gap_bars;
        if max_gap_bars > MOST_GAP_BARS {
            return Err(bad_argument(format!("maxGapBars is {max_gap_bars}: give up to {MOST_GAP_BARS}")));
        }
        Ok(BarConfig { rule, max_gap_bars })
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct BufferSettings {
    sample_s: Option<u32>,
    bar_samples: Option<u32>,
    ema_period: Option<u32>,
    band_period: Option<u32>,
    drift_window_s: Option<u32>,
    drift_alpha: Option<f64>,
    max_carry_samples: Option<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TapeSettings {
    path: String,
}

impl BufferSettings {
    fn config(&self) -> PriceBufferConfig {
        let default = PriceBufferConfig::default();
        PriceBufferConfig {
            sample_s: self.sample_s.unwrap_or(default.sample_s),
            bar_samples: self.bar_samples.unwrap_or(default.bar_samples),
            ema_period: self.ema_period.unwrap_or(default.ema_period),
            band_period: self.band_period.unwrap_or(default.band_period),
            drift_window_s: self.drift_window_s.unwrap_or(default.drift_window_s),
            drift_alpha: self.drift_alpha.unwrap_or(default.drift_alpha),
            max_carry_samples: self.max_carry_samples.unwrap_or(default.max_carry_samples),
        }
    }
}

impl Objects {
    /// Makes an object and returns its handle.
    pub(super) fn open(&mut self, settings: Settings) -> Result<u32, Raised> {
        match settings {
            Settings::Book(BookSettings { max_band_ticks }) => {
                let default = BookConfig::default();
                let max_band_ticks = max_band_ticks.unwrap_or(default.max_band_ticks);
                self.books.insert(L2Book::new(BookConfig { max_band_ticks, ..default }))
            }
            Settings::Ema(settings) => self.emas.insert(ema(&settings)?),
            Settings::Sma(PeriodSettings { period }) => self.smas.insert(Sma::period(period)?),
            Settings::Std(StdSettings { period, divisor }) => {
                let divisor = match divisor {
                    DivisorName::Population => Divisor::Population,
                    DivisorName::Sample => Divisor::Sample,
                };
                self.stds.insert(RollingStd::period(period, divisor)?)
            }
            Settings::Rsi(PeriodSettings { period }) => self.rsis.insert(Rsi::period(period)?),
            Settings::ZScore(PeriodSettings { period }) => self.z_scores.insert(ZScore::period(period)?),
            Settings::Min(PeriodSettings { period }) => self.mins.insert(RollingMin::period(period)?),
            Settings::Max(PeriodSettings { period }) => self.maxs.insert(RollingMax::period(period)?),
            Settings::VolumeRatio(RatioSettings { period, recent }) => {
                self.ratios.insert(VolumeRatio::new(recent, period)?)
            }
            Settings::Vwap(PeriodSettings { period }) => self.vwaps.insert(RollingVwap::period(period)?),
            Settings::SessionVwap(SessionSettings { session_s, offset_s }) => {
                self.sessions.insert(SessionVwap::sessions(session_s, offset_s)?)
            }
            Settings::Bollinger(BollingerSettings { period, deviations }) => {
                self.bands.insert(BollingerBands::new(period, deviations)?)
            }
            Settings::Macd(MacdSettings { fast, slow, signal }) => self.macds.insert(Macd::new(fast, slow, signal)?),
            Settings::Atr(AtrSettings { period, seed }) => self.atrs.insert(match seed {
                AtrSeed::Wilder => Atr::wilder(period)?,
                AtrSeed::Running => Atr::running(period)?,
            }),
            Settings::Bars(settings) => self.bars.insert(Bars::new(settings.config()?)?),
            Settings::Aggregator(AggregatorSettings { interval_ms }) => {
                self.aggregators.insert(Aggregator::new(i64::from(interval_ms) * 1_000_000)?)
            }
            Settings::Buffer(settings) => self.buffers.insert(PriceBuffer::new(settings.config())?),
            Settings::Tape(TapeSettings { path }) => self.tapes.insert(Tape::open(&path)?),
        }
    }

    /// Drops an object of a kind, as `open` names it; one that is gone is no error. Whether there is such a kind.
    pub(super) fn close(&mut self, kind: &str, handle: u32) -> bool {
        match kind {
            "book" => self.books.remove(handle),
            "ema" => self.emas.remove(handle),
            "sma" => self.smas.remove(handle),
            "std" => self.stds.remove(handle),
            "rsi" => self.rsis.remove(handle),
            "z_score" => self.z_scores.remove(handle),
            "min" => self.mins.remove(handle),
            "max" => self.maxs.remove(handle),
            "volume_ratio" => self.ratios.remove(handle),
            "vwap" => self.vwaps.remove(handle),
            "session_vwap" => self.sessions.remove(handle),
            "bollinger" => self.bands.remove(handle),
            "macd" => self.macds.remove(handle),
            "atr" => self.atrs.remove(handle),
            "bars" => self.bars.remove(handle),
            "aggregator" => self.aggregators.remove(handle),
            "buffer" => self.buffers.remove(handle),
            "tape" => self.tapes.remove(handle),
            _ => return false,
        }
        true
    }
}

fn ema(settings: &EmaSettings) -> Result<Ema, Raised> {
    match *settings {
        EmaSettings { period: Some(period), alpha: None } => Ok(Ema::period(period)?),
        EmaSettings { period: None, alpha: Some(alpha) } => Ok(Ema::alpha(alpha)?),
        _ => Err(bad_argument("give an Ema either a period or an alpha".to_owned())),
    }
}
