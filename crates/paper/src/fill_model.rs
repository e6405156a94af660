use serde::{Deserialize, Serialize};
use tickwright_types::Decimal;

use crate::PaperError;

/// One, as parts per million.
pub(crate) const WHOLE_PPM: i128 = 1_000_000;

/// Which function a probabilistic queue weighs the two parts of a level with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// f(x) = x^n.
    Power(u32),
    /// f(x) = ln(1 + x), computed the same on every machine.
    Log,
}

/// How a probabilistic queue forms p, the chance that what was cancelled stood behind us, from F lots ahead and B behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Variant {
    /// p = f(B) / (f(B) + f(F)).
    V1,
    /// p = f(B) / f(B + F).
    V2,
    /// p = 1 − f(F / (F + B)).
    V3,
}

/// What brings a resting order forward in the queue of its level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QueueModel {
    /// Only trades. Cancellations count as behind us until the level itself is smaller than what stood ahead.
    Conservative,
    /// Trades, and cancellations in proportion to what stands ahead and behind.
    Probabilistic {
        /// The weighing function.
        shape: Shape,
        /// How the chance is formed.
        variant: Variant,
    },
}

/// How much a resting order gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PassiveFill {
    /// The whole order at once, each order by itself, as soon as anything reaches it.
    Whole,
    /// At its own price what a trade leaves over; the whole order when the market goes through its price.
    PartialAtPrice,
    /// Never more than traded or shown, shared between own orders by priority.
    Partial,
}

/// How the price walks through a bar where nothing else is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BarPath {
    /// Every stop inside the bar fires before any limit inside it fills: the worst order of events.
    #[default]
    StopFirst,
    /// Open, then the end that lies nearer to it (in the middle the low), then the other end, then the close.
    AdaptiveOhlc,
}

/// What an arriving order takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TakerFill {
    /// Everything at the best price, whatever its size.
    WholeAtBest,
    /// Level after level of what is shown.
    WalkDepth,
}

/// How orders are filled from a recorded market that does not know of them.
///
/// Fill quantities are whole lots in every model; only the estimate of a probabilistic queue position is a float.
///
/// ```
/// use tickwright_paper::{FillModel, PassiveFill, QueueModel};
/// let model = FillModel::named("conservative").expect("a preset");
/// assert_eq!((model.queue, model.passive), (QueueModel::Conservative, PassiveFill::Partial));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FillModel {
    /// What brings a resting order forward.
    pub queue: QueueModel,
    /// How much a resting order gets.
    pub passive: PassiveFill,
    /// What an arriving order takes.
    pub taker: TakerFill,
    /// Share of each shown level that a taker may use: above 0, at most 1, at most 6 decimals.
    pub participation: Decimal,
    /// Whether what we took from a level is gone until the feed states another size of it.
    pub consume_liquidity: bool,
    /// Share of the volume that reaches a resting order where only best quotes exist: 0 to 1, at most 6 decimals.
    pub passive_fill_ratio: Decimal,
    /// How the price walks through a bar where nothing else is known.
    #[serde(default)]
    pub bar_path: BarPath,
}

impl FillModel {
    /// The names of the presets.
    pub const NAMES: [&'static str; 4] = ["conservative", "probabilistic", "hft_no_partial", "hft_partial"];

    /// The preset of that name.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "conservative" => Some(Self::conservative()),
            "probabilistic" => Some(Self::probabilistic()),
            "hft_no_partial" => Some(Self::hft_no_partial()),
            "hft_partial" => Some(Self::hft_partial()),
            _ => None,
        }
    }

    /// The default: only trades advance the queue, and nothing fills beyond what traded or was shown.
    pub fn conservative() -> Self {
        Self {
            queue: QueueModel::Conservative,
            passive: PassiveFill::Partial,
            taker: TakerFill::WalkDepth,
            participation: one(),
            consume_liquidity: true,
            passive_fill_ratio: one(),
            bar_path: BarPath::StopFirst,
        }
    }

    /// As [`conservative`](Self::conservative), but cancellations ahead count too: p = B² / (B² + F²).
    pub fn probabilistic() -> Self {
        let queue = QueueModel::Probabilistic { shape: Shape::Power(2), variant: Variant::V1 };
        Self { queue, ..Self::conservative() }
    }

    /// hftbacktest's `no_partial_fill_exchange` with `risk_adverse_queue_model`: a resting order fills whole when the
    /// quantity ahead falls below zero, when a trade goes through its price, or when the best price of the other side
    /// reaches it; a taker fills whole at the best price.
    pub fn hft_no_partial() -> Self {
        Self {
            passive: PassiveFill::Whole,
            taker: TakerFill::WholeAtBest,
            consume_liquidity: false,
            ..Self::conservative()
        }
    }

    /// hftbacktest's `partial_fill_exchange` with `risk_adverse_queue_model`, but one trade's volume is shared.
    pub fn hft_partial() -> Self {
        Self { passive: PassiveFill::PartialAtPrice, consume_liquidity: false, ..Self::conservative() }
    }

    pub(crate) fn compile(&self) -> Result<FillRules, PaperError> {
        if let QueueModel::Probabilistic { shape: Shape::Power(n), .. } = self.queue {
            if !(1..=16).contains(&n) {
                return Err(PaperError::FillModel {
                    field: "queue",
                    reason: format!("power {n} is not between 1 and 16"),
                });
            }
        }
        let participation_ppm = share("participation", self.participation)?;
        if participation_ppm == 0 {
            return Err(PaperError::FillModel {
                field: "participation",
                reason: "0 would never take: give a share above 0 and at most 1".to_owned(),
            });
        }
        Ok(FillRules {
            queue: self.queue,
            passive: self.passive,
            taker: self.taker,
            participation_ppm,
            consume: self.consume_liquidity,
            passive_ppm: share("passive_fill_ratio", self.passive_fill_ratio)?,
            bar_path: self.bar_path,
        })
    }
}

impl Default for FillModel {
    fn default() -> Self {
        Self::conservative()
    }
}

/// A checked fill model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FillRules {
    pub(crate) queue: QueueModel,
    pub(crate) passive: PassiveFill,
    pub(crate) taker: TakerFill,
    participation_ppm: u32,
    passive_ppm: u32,
    pub(crate) bar_path: BarPath,
    pub(crate) consume: bool,
}

impl FillRules {
    /// What a taker may use of a level.
    pub(crate) fn takeable(&self, lots: i64) -> i64 {
        part(lots, self.participation_ppm)
    }

    /// What reaches a resting order of a volume at the best quote.
    pub(crate) fn reaches_resting(&self, lots: i64) -> i64 {
        part(lots, self.passive_ppm)
    }
}

fn part(lots: i64, ppm: u32) -> i64 {
    (i128::from(lots) * i128::from(ppm) / WHOLE_PPM) as i64
}

pub(crate) fn share(field: &'static str, given: Decimal) -> Result<u32, PaperError> {
    given.scaled_to(6).filter(|ppm| (0..=WHOLE_PPM).contains(ppm)).map(|ppm| ppm as u32).ok_or_else(|| {
        PaperError::FillModel { field, reason: format!("{given} is not between 0 and 1 with at most 6 decimals") }
    })
}

fn one() -> Decimal {
    Decimal::new(1, 0).expect("1 is a decimal")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_named_preset_compiles_and_survives_json() {
        for name in FillModel::NAMES {
            let model = FillModel::named(name).unwrap();
            model.compile().unwrap();
            let text = serde_json::to_string(&model).unwrap();
            assert_eq!(serde_json::from_str::<FillModel>(&text).unwrap(), model, "{name}");
        }
        assert_eq!(FillModel::named("optimistic"), None);
    }

    #[test]
    fn shares_outside_zero_to_one_are_refused_with_the_field() {
        for (share, good) in [("0", false), ("-0.1", false), ("1.000001", false), ("0.0000001", false), ("0.25", true)]
        {
            let model = FillModel { participation: share.parse().unwrap(), ..FillModel::conservative() };
            assert_eq!(model.compile().is_ok(), good, "{share}");
        }
        let model = FillModel { passive_fill_ratio: "2".parse().unwrap(), ..FillModel::conservative() };
        assert!(model.compile().unwrap_err().to_string().contains("passive_fill_ratio: 2 is not between 0 and 1"));
    }

    #[test]
    fn shares_round_down_to_whole_lots() {
        let model = FillModel { participation: "0.3".parse().unwrap(), ..FillModel::conservative() };
        assert_eq!(model.compile().unwrap().takeable(9), 2);
    }
}
