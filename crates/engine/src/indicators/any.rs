use serde::{Deserialize, Serialize};
use tickwright_indicators::{
    Atr, BollingerBands, Divisor, Ema, Indicator, IndicatorError, Macd, RollingMax, RollingMin, RollingStd,
    RollingVwap, Rsi, SessionVwap, Sma, VolumeRatio, ZScore,
};

use crate::config::{IndicatorConfig, IndicatorKind, UpdateOn};
use crate::layout::MAX_INDICATORS;
use crate::EngineError;

/// What an indicator can be fed with, in units of price and size.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Look {
    pub ts_ns: i64,
    pub high: f64,
    pub low: f64,
    pub close: f64,
    /// The price that stands for all that traded.
    pub mean: f64,
    pub volume: f64,
}

/// One indicator of any kind.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum AnyIndicator {
    Ema(Ema),
    Sma(Sma),
    Atr(Atr),
    Std(RollingStd),
    Rsi(Rsi),
    Bollinger(BollingerBands),
    Macd(Macd),
    Min(RollingMin),
    Max(RollingMax),
    ZScore(ZScore),
    Vwap(RollingVwap),
    SessionVwap(SessionVwap),
    VolumeRatio(VolumeRatio),
}

impl AnyIndicator {
    pub(crate) fn new(config: &IndicatorConfig) -> Result<Self, EngineError> {
        Self::of(config).map_err(|error| EngineError::config(format!("indicator {:?}", config.name), error.to_string()))
    }

    fn of(config: &IndicatorConfig) -> Result<Self, IndicatorError> {
        let period = config.period.unwrap_or(1);
        Ok(match config.kind {
            IndicatorKind::Ema => Self::Ema(config.alpha.map_or_else(|| Ema::period(period), Ema::alpha)?),
            IndicatorKind::Sma => Self::Sma(Sma::period(period)?),
            // Quotes are a stream read from its first record; bars are what Wilder had before him.
            IndicatorKind::Atr if config.on() == UpdateOn::Bar => Self::Atr(Atr::wilder(period)?),
            IndicatorKind::Atr => Self::Atr(Atr::running(period)?),
            IndicatorKind::Std => Self::Std(RollingStd::period(period, Divisor::Population)?),
            IndicatorKind::Rsi => Self::Rsi(Rsi::period(period)?),
            IndicatorKind::Bollinger => Self::Bollinger(BollingerBands::new(period, config.deviations.unwrap_or(2.0))?),
            IndicatorKind::Macd => {
                let [fast, slow, signal] = [(config.fast, 12), (config.slow, 26), (config.signal, 9)]
                    .map(|(given, usual)| given.unwrap_or(usual));
                Self::Macd(Macd::new(fast, slow, signal)?)
            }
            IndicatorKind::Min => Self::Min(RollingMin::period(period)?),
            IndicatorKind::Max => Self::Max(RollingMax::period(period)?),
            IndicatorKind::ZScore => Self::ZScore(ZScore::period(period)?),
            IndicatorKind::Vwap => Self::Vwap(RollingVwap::period(period)?),
            IndicatorKind::SessionVwap => {
                let (length_s, offset_s) = (config.session_s.unwrap_or(86_400), config.session_offset_s.unwrap_or(0));
                Self::SessionVwap(SessionVwap::sessions(length_s, offset_s)?)
            }
            IndicatorKind::VolumeRatio => Self::VolumeRatio(VolumeRatio::new(config.recent.unwrap_or(1), period)?),
        })
    }

    /// Takes what is its own of the look, and writes what it gives from the first of `out` on.
    fn feed(&mut self, look: &Look, out: &mut [f64]) {
        match self {
            Self::Ema(ema) => feed(ema, [look.close], out),
            Self::Sma(sma) => feed(sma, [look.close], out),
            Self::Atr(atr) => feed(atr, [look.high, look.low, look.close], out),
            Self::Std(std) => feed(std, [look.close], out),
            Self::Rsi(rsi) => feed(rsi, [look.close], out),
            Self::Bollinger(bands) => feed(bands, [look.close], out),
            Self::Macd(macd) => feed(macd, [look.close], out),
            Self::Min(min) => feed(min, [look.low], out),
            Self::Max(max) => feed(max, [look.high], out),
            Self::ZScore(z) => feed(z, [look.close], out),
            Self::Vwap(vwap) => feed(vwap, [look.mean, look.volume], out),
            Self::SessionVwap(vwap) => feed(vwap, [(look.ts_ns / 1000) as f64, look.mean, look.volume], out),
            Self::VolumeRatio(ratio) => feed(ratio, [look.volume], out),
        }
    }
}

fn feed<const IN: usize, const OUT: usize>(
    indicator: &mut impl Indicator<IN, OUT>,
    inputs: [f64; IN],
    out: &mut [f64],
) {
    indicator.take(inputs);
    out[..OUT].copy_from_slice(&indicator.outputs());
}

/// Indicators that are fed together, each with the slot of its first output.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Readers(Vec<(u8, AnyIndicator)>);

impl Readers {
    pub(crate) fn new<'config>(
        configs: impl Iterator<Item = &'config (usize, &'config IndicatorConfig)>,
    ) -> Result<Self, EngineError> {
        configs.map(|&(slot, config)| Ok((slot as u8, AnyIndicator::new(config)?))).collect::<Result<_, _>>().map(Self)
    }

    pub(crate) fn push(&mut self, slot: u8, indicator: AnyIndicator) {
        self.0.push((slot, indicator));
    }

    #[inline(always)]
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    #[inline(never)]
    pub(crate) fn feed(&mut self, look: &Look, shown: &mut [f64; MAX_INDICATORS]) {
        for (slot, indicator) in &mut self.0 {
            indicator.feed(look, &mut shown[usize::from(*slot)..]);
        }
    }
}
