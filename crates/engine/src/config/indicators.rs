use serde::{Deserialize, Serialize};
use tickwright_indicators::{BollingerBands, Indicator, Macd};

use super::EngineConfig;
use crate::indicators::AnyIndicator;
use crate::layout::MAX_INDICATORS;
use crate::EngineError;

/// Which indicator. Where nothing else is said it takes the mid, the price of a trade or the close of a bar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IndicatorKind {
    /// Exponential mean.
    Ema,
    /// Plain mean.
    Sma,
    /// Wilder's true range of high, low and close: of bars, or with ask, bid and mid in their place.
    Atr,
    /// Standard deviation of the population.
    Std,
    /// Wilder's relative strength.
    Rsi,
    /// Bollinger bands: outputs `middle`, `upper` and `lower`.
    Bollinger,
    /// Convergence and divergence of two averages: outputs `line`, `signal` and `histogram`.
    Macd,
    /// Smallest low, or bid.
    Min,
    /// Largest high, or ask.
    Max,
    /// Distance from the mean in deviations.
    ZScore,
    /// Volume-weighted price of the last trades or bars.
    Vwap,
    /// Volume-weighted price since the session began.
    SessionVwap,
    /// Volume of the last trade or bar against what is usual.
    VolumeRatio,
}

/// When an indicator is fed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UpdateOn {
    /// With the top of the book at the last record of each venue message.
    Message,
    /// With the top of the book at every record.
    Record,
    /// With each trade.
    Trade,
    /// With each bar that closes.
    Bar,
}

/// One running indicator of an instrument.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IndicatorConfig {
    /// Its name, unique in the engine.
    pub name: String,
    /// Instrument id; the first one by default.
    #[serde(default)]
    pub instrument: Option<String>,
    /// Which indicator.
    pub kind: IndicatorKind,
    /// Updates it looks back over.
    #[serde(default)]
    pub period: Option<u32>,
    /// Weight of the newest value, for an EMA instead of a period.
    #[serde(default)]
    pub alpha: Option<f64>,
    /// Deviations from the middle to each Bollinger band; 2 by default.
    #[serde(default)]
    pub deviations: Option<f64>,
    /// Period of a MACD's fast average; 12 by default.
    #[serde(default)]
    pub fast: Option<u32>,
    /// Period of a MACD's slow average; 26 by default.
    #[serde(default)]
    pub slow: Option<u32>,
    /// Period of a MACD's signal; 9 by default.
    #[serde(default)]
    pub signal: Option<u32>,
    /// Updates of a volume ratio that are compared with its period; 1 by default.
    #[serde(default)]
    pub recent: Option<u32>,
    /// Length of a session in seconds; a day by default.
    #[serde(default)]
    pub session_s: Option<u32>,
    /// When sessions begin, in seconds from the Unix epoch; 0 by default.
    #[serde(default)]
    pub session_offset_s: Option<u32>,
    /// When it is fed; kinds of volume with each trade, others at each message by default.
    #[serde(default)]
    pub on: Option<UpdateOn>,
    /// Name of the bars that feed it; the first of its instrument by default.
    #[serde(default)]
    pub bars: Option<String>,
}

impl IndicatorKind {
    fn needs_volume(self) -> bool {
        matches!(self, Self::Vwap | Self::SessionVwap | Self::VolumeRatio)
    }

    /// The settings that belong to it.
    fn settings(self) -> &'static [&'static str] {
        match self {
            Self::Ema => &["period", "alpha"],
            Self::Bollinger => &["period", "deviations"],
            Self::Macd => &["fast", "slow", "signal"],
            Self::SessionVwap => &["session_s", "session_offset_s"],
            Self::VolumeRatio => &["period", "recent"],
            _ => &["period"],
        }
    }
}

impl IndicatorConfig {
    /// When it is fed.
    pub(crate) fn on(&self) -> UpdateOn {
        self.on.unwrap_or(if self.kind.needs_volume() { UpdateOn::Trade } else { UpdateOn::Message })
    }

    /// The names of its outputs, each with a slot of its own: its own name, or `name.output` where there are several.
    pub(crate) fn outputs(&self) -> Vec<String> {
        let of = |names: [&str; 3]| names.map(|output| format!("{}.{output}", self.name)).to_vec();
        match self.kind {
            IndicatorKind::Bollinger => of(BollingerBands::OUTPUT_NAMES),
            IndicatorKind::Macd => of(Macd::OUTPUT_NAMES),
            _ => vec![self.name.clone()],
        }
    }

    fn check(&self, path: &str) -> Result<(), EngineError> {
        let fault = |reason: String| Err(EngineError::config(path, reason));
        let kind = serde_json::to_string(&self.kind).unwrap_or_default();
        let given = [
            ("period", self.period.is_some()),
            ("alpha", self.alpha.is_some()),
            ("deviations", self.deviations.is_some()),
            ("fast", self.fast.is_some()),
            ("slow", self.slow.is_some()),
            ("signal", self.signal.is_some()),
            ("recent", self.recent.is_some()),
            ("session_s", self.session_s.is_some()),
            ("session_offset_s", self.session_offset_s.is_some()),
        ];
        let own = self.kind.settings();
        if let Some((name, _)) = given.iter().find(|(name, is_given)| *is_given && !own.contains(name)) {
            return fault(format!("{name} is no setting of a {kind}: it takes {}", own.join(", ")));
        }
        if own[0] == "period" && self.period.is_some() == self.alpha.is_some() {
            return fault(
                "give a period of 1 to 1000000, or for an ema an alpha above 0 and at most 1 instead".to_owned(),
            );
        }
        if self.kind.needs_volume() && !matches!(self.on(), UpdateOn::Trade | UpdateOn::Bar) {
            return fault(format!("a {kind} needs volume: give on: trade or on: bar"));
        }
        if self.bars.is_some() && self.on() != UpdateOn::Bar {
            return fault("bars are named for an indicator that is not fed with bars: give on: bar".to_owned());
        }
        AnyIndicator::new(self).map(drop)
    }
}

impl EngineConfig {
    /// Which of the series of its instrument feeds an indicator.
    pub(crate) fn series_of(&self, indicator: &IndicatorConfig, index: usize) -> Result<usize, EngineError> {
        let wanted = indicator.bars.as_ref();
        let found = self.bars_of(index).position(|(_, bars)| wanted.is_none() || bars.name.as_ref() == wanted);
        found.ok_or_else(|| {
            let known: Vec<_> = self.bars_of(index).filter_map(|(_, bars)| bars.name.clone()).collect();
            let reason = format!(
                "no bars {} feed it: the instrument's have the names {known:?}",
                wanted.map_or("of its instrument".to_owned(), |name| format!("named {name:?}"))
            );
            EngineError::config(format!("indicator {:?}", indicator.name), reason)
        })
    }

    pub(super) fn check_indicators(&self) -> Result<(), EngineError> {
        let mut names: Vec<String> = Vec::new();
        let mut slots = vec![0; self.instruments.len()];
        for (at, indicator) in self.indicators.iter().enumerate() {
            let path = format!("indicators[{at}]");
            indicator.check(&path)?;
            let instrument = self.instrument_index(&path, indicator.instrument.as_deref())?;
            if indicator.on() == UpdateOn::Bar {
                self.series_of(indicator, instrument)?;
            }
            let mut own = indicator.outputs();
            slots[instrument] += own.len();
            if own.len() > 1 {
                own.push(indicator.name.clone());
            }
            if let Some(name) = own.iter().find(|name| names.contains(name)) {
                return Err(EngineError::config(path, format!("the name {name:?} is given twice")));
            }
            names.extend(own);
        }
        match slots.into_iter().find(|&count| count > MAX_INDICATORS) {
            Some(count) => {
                let reason = format!("{count} outputs on one instrument; at most {MAX_INDICATORS}");
                Err(EngineError::config("indicators", reason))
            }
            None => Ok(()),
        }
    }
}
