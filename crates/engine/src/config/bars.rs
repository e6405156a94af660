use serde::{Deserialize, Serialize};
use tickwright_indicators::BarRule;
use tickwright_types::{Decimal, Instrument, InstrumentKind};

use super::EngineConfig;
use crate::EngineError;

/// What bars are made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum BarSource {
    /// Trades.
    #[default]
    Trades,
    /// The mid at the end of each venue message.
    Mids,
}

/// Bars of an instrument. One of interval, ticks, volume and notional says what ends them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub struct BarConfig {
    /// Its name, by which indicators find it.
    #[serde(default)]
    pub name: Option<String>,
    /// Instrument id; the first one by default.
    #[serde(default)]
    pub instrument: Option<String>,
    /// What they are made of.
    #[serde(default)]
    pub from: BarSource,
    /// Length in milliseconds: whole seconds, 1 s to 1 d.
    #[serde(default)]
    pub interval_ms: Option<u64>,
    /// So many prices.
    #[serde(default)]
    pub ticks: Option<u64>,
    /// So much traded, in the unit of sizes.
    #[serde(default)]
    pub volume: Option<Decimal>,
    /// So much money traded, price × size × multiplier.
    #[serde(default)]
    pub notional: Option<Decimal>,
}

impl BarConfig {
    /// What ends a bar, in ns, ticks and lots of the instrument.
    pub(crate) fn rule(&self, path: &str, instrument: &Instrument) -> Result<BarRule, EngineError> {
        let fault = |reason: String| EngineError::config(path, reason);
        let sizes = self.volume.is_some() || self.notional.is_some();
        if sizes && self.from == BarSource::Mids {
            return Err(fault("mids have no size: give bars of mids an interval_ms or ticks".to_owned()));
        }
        match (self.interval_ms, self.ticks, self.volume, self.notional) {
            (Some(ms), None, None, None) if (1_000..=86_400_000).contains(&ms) && ms % 1_000 == 0 => {
                Ok(BarRule::Time { period_ns: ms as i64 * 1_000_000 })
            }
            (Some(ms), None, None, None) => {
                Err(fault(format!("interval_ms {ms} is not whole seconds between 1000 (1 s) and 86400000 (1 d)")))
            }
            (None, Some(count), None, None) if count > 0 => Ok(BarRule::Ticks { count }),
            (None, None, Some(volume), None) if volume.is_positive() => {
                let lot = instrument.spec().lot_size;
                let lots =
                    volume.steps_of(lot).ok_or_else(|| fault(format!("volume {volume} is not whole lots of {lot}")))?;
                Ok(BarRule::Volume { lots })
            }
            (None, None, None, Some(notional)) if notional.is_positive() => notional_rule(notional, instrument, &fault),
            _ => Err(fault("give one of interval_ms, ticks, volume and notional, above 0".to_owned())),
        }
    }
}

/// Money in ticks × lots, rounded up.
fn notional_rule(
    notional: Decimal,
    instrument: &Instrument,
    fault: &impl Fn(String) -> EngineError,
) -> Result<BarRule, EngineError> {
    let spec = instrument.spec();
    if spec.kind == InstrumentKind::InversePerpetual {
        let reason = format!("{} counts contracts of a fixed value: give its bars a volume", spec.id);
        return Err(fault(reason));
    }
    let tick_lot = spec.tick_size.checked_mul(spec.lot_size).and_then(|value| value.checked_mul(spec.multiplier));
    let steps = tick_lot.and_then(|tick_lot| notional.whole_steps_of(tick_lot));
    let (whole, cut) = steps.ok_or_else(|| fault(format!("notional {notional} is more than can be counted")))?;
    Ok(BarRule::Notional { tick_lots: whole.saturating_add(i64::from(cut)) })
}

impl EngineConfig {
    /// The series of an instrument with their places in the config, in its order.
    pub(crate) fn bars_of(&self, index: usize) -> impl Iterator<Item = (String, &BarConfig)> {
        let of = move |bars: &BarConfig| self.instrument_index("bars", bars.instrument.as_deref()) == Ok(index);
        self.bars.iter().enumerate().filter(move |(_, bars)| of(bars)).map(|(at, bars)| (format!("bars[{at}]"), bars))
    }

    pub(super) fn check_bars(&self) -> Result<(), EngineError> {
        for (at, bars) in self.bars.iter().enumerate() {
            let path = format!("bars[{at}]");
            let instrument = self.instrument_index(&path, bars.instrument.as_deref())?;
            if self.bars[..at].iter().any(|other| other.name.is_some() && other.name == bars.name) {
                return Err(EngineError::config(path, format!("the name {:?} is given twice", bars.name)));
            }
            bars.rule(&path, &self.instruments[instrument])?;
        }
        Ok(())
    }
}
