use napi::bindgen_prelude::{Object, Unknown};
use napi::{Env, JsValue};
use napi_derive::napi;
use serde::Deserialize;
use tickwright_book::{BookConfig, L2Book};
use tickwright_indicators::{Atr, BarConfig, BarRule, Divisor, Ema, PriceBuffer, PriceBufferConfig, RollingStd, Sma};

use super::bars::Bars;
use super::raw::SessionHandle;
use super::tape_reader::Tape;
use super::{bad_argument, Objects};
use crate::error::{fail, Result};
use crate::raw::Raised;

/// Bars of a gap that one call may hand out.
const MOST_GAP_BARS: u32 = 100_000;

/// Settings of one object, by its class.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Settings {
    Book(BookSettings),
    Ema(EmaSettings),
    Sma(PeriodSettings),
    Std(StdSettings),
    Atr(AtrSettings),
    Bars(BarSettings),
    Buffer(BufferSettings),
    Tape(TapeSettings),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct BookSettings {
    max_band_ticks: Option<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EmaSettings {
    period: Option<u32>,
    alpha: Option<f64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PeriodSettings {
    period: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StdSettings {
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
struct AtrSettings {
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
struct BarSettings {
    interval_ms: u32,
    #[serde(default)]
    max_gap_bars: u32,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct BufferSettings {
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
struct TapeSettings {
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

/// The objects of one environment. Made once; its hot functions serve all of them.
#[napi]
pub struct NativeLibrary {
    session: SessionHandle,
}

#[napi]
impl NativeLibrary {
    /// Makes a library whose arguments and results pass through a `Float64Array` over a `SharedArrayBuffer`.
    #[napi(constructor, catch_unwind)]
    pub fn new(env: Env, block: Unknown<'_>) -> Result<Self> {
        Ok(Self { session: SessionHandle::new(env.raw(), block.raw())? })
    }

    /// Every hot function, by name.
    #[napi(catch_unwind)]
    pub fn functions<'env>(&self, env: &'env Env) -> Result<Object<'env>> {
        let functions = Object::new(env).map_err(|error| fail("E_INTERNAL", error.reason))?;
        self.session.put_functions(env.raw(), functions.raw())?;
        Ok(functions)
    }

    /// Makes an object of settings such as `{"ema":{"period":14}}` and returns its handle.
    #[napi(catch_unwind)]
    pub fn open(&self, settings_json: String) -> Result<u32> {
        let settings = serde_json::from_str(&settings_json).map_err(|error| fail("E_ARGUMENT", error))?;
        self.session.with(|objects| open(objects, settings))
    }

    /// Drops an object of a kind, as `open` names it; one that is gone is no error.
    #[napi(catch_unwind)]
    pub fn close(&self, kind: String, handle: u32) -> Result<()> {
        self.session.with(|objects| {
            match kind.as_str() {
                "book" => objects.books.remove(handle),
                "ema" => objects.emas.remove(handle),
                "sma" => objects.smas.remove(handle),
                "std" => objects.stds.remove(handle),
                "atr" => objects.atrs.remove(handle),
                "bars" => objects.bars.remove(handle),
                "buffer" => objects.buffers.remove(handle),
                "tape" => objects.tapes.remove(handle),
                other => return Err(bad_argument(format!("{other:?} is not a kind of object of the library"))),
            }
            Ok(())
        })
    }

    /// What an open tape says of itself, as JSON.
    #[napi(catch_unwind)]
    pub fn tape_info_json(&self, handle: u32) -> Result<String> {
        let info = self.session.with(|objects| objects.tapes.with(handle, |tape| Ok(tape.info().clone())))?;
        serde_json::to_string(&info).map_err(|error| fail("E_INTERNAL", error))
    }
}

fn open(objects: &mut Objects, settings: Settings) -> std::result::Result<u32, Raised> {
    match settings {
        Settings::Book(BookSettings { max_band_ticks }) => {
            let default = BookConfig::default();
            let max_band_ticks = max_band_ticks.unwrap_or(default.max_band_ticks);
            objects.books.insert(L2Book::new(BookConfig { max_band_ticks, ..default }))
        }
        Settings::Ema(settings) => objects.emas.insert(ema(&settings)?),
        Settings::Sma(PeriodSettings { period }) => objects.smas.insert(Sma::period(period)?),
        Settings::Std(StdSettings { period, divisor }) => {
            let divisor = match divisor {
                DivisorName::Population => Divisor::Population,
                DivisorName::Sample => Divisor::Sample,
            };
            objects.stds.insert(RollingStd::period(period, divisor)?)
        }
        Settings::Atr(AtrSettings { period, seed }) => objects.atrs.insert(match seed {
            AtrSeed::Wilder => Atr::wilder(period)?,
            AtrSeed::Running => Atr::running(period)?,
        }),
        Settings::Bars(BarSettings { interval_ms, max_gap_bars }) => {
            if max_gap_bars > MOST_GAP_BARS {
                return Err(bad_argument(format!("maxGapBars is {max_gap_bars}: give up to {MOST_GAP_BARS}")));
            }
            let rule = BarRule::Time { period_ns: i64::from(interval_ms) * 1_000_000 };
            objects.bars.insert(Bars::new(BarConfig { rule, max_gap_bars })?)
        }
        Settings::Buffer(settings) => objects.buffers.insert(PriceBuffer::new(settings.config())?),
        Settings::Tape(TapeSettings { path }) => objects.tapes.insert(Tape::open(&path)?),
    }
}

fn ema(settings: &EmaSettings) -> std::result::Result<Ema, Raised> {
    match *settings {
        EmaSettings { period: Some(period), alpha: None } => Ok(Ema::period(period)?),
        EmaSettings { period: None, alpha: Some(alpha) } => Ok(Ema::alpha(alpha)?),
        _ => Err(bad_argument("give an Ema either a period or an alpha".to_owned())),
    }
}
