use serde::{Deserialize, Serialize};
use tickwright_paper::{FillModel, LatencyModel, LatencyRow};

use crate::EngineError;

/// A delay between us and the venue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum LatencyConfig {
    /// Nothing happens in between: commands are in force from the next record, news arrives with its record.
    #[default]
    None,
    /// Always the same.
    Fixed {
        /// Nanoseconds.
        ns: i64,
    },
    /// Drawn evenly, seeded.
    Uniform {
        /// Least nanoseconds.
        min_ns: i64,
        /// Most nanoseconds.
        max_ns: i64,
    },
    /// A least delay and an exponentially distributed remainder, seeded.
    Exponential {
        /// Least nanoseconds.
        min_ns: i64,
        /// Mean of what comes on top.
        mean_ns: i64,
        /// Most nanoseconds.
        max_ns: i64,
    },
    /// Any other distribution, by quantiles at equal steps of probability, seeded.
    Quantiles {
        /// Rising nanoseconds.
        ns: Vec<i64>,
    },
    /// Interpolated between recorded rows of (request, venue, response) times in ns since the Unix epoch, as decimal
    /// strings, since JSON numbers of JavaScript would round them.
    Recorded {
        /// The rows, in the order of their request times.
        rows: Vec<[String; 3]>,
    },
}

impl LatencyConfig {
    pub(super) fn model(&self, path: &str) -> Result<LatencyModel, EngineError> {
        Ok(match self {
            Self::None => LatencyModel::None,
            Self::Fixed { ns } => LatencyModel::Fixed { ns: *ns },
            Self::Uniform { min_ns, max_ns } => LatencyModel::Uniform { min_ns: *min_ns, max_ns: *max_ns },
            Self::Exponential { min_ns, mean_ns, max_ns } => {
                LatencyModel::Exponential { min_ns: *min_ns, mean_ns: *mean_ns, max_ns: *max_ns }
            }
            Self::Quantiles { ns } => LatencyModel::Quantiles { ns: ns.clone() },
            Self::Recorded { rows } => {
                let rows = rows.iter().map(|row| latency_row(path, row)).collect::<Result<_, _>>()?;
                LatencyModel::Recorded { rows, offset_ns: 0 }
            }
        })
    }
}

fn latency_row(path: &str, row: &[String; 3]) -> Result<LatencyRow, EngineError> {
    let ns = |text: &String| {
        text.parse::<i64>().map_err(|_| EngineError::config(path, format!("{text:?} is not a whole number of ns")))
    };
    Ok(LatencyRow { req_ns: ns(&row[0])?, exch_ns: ns(&row[1])?, resp_ns: ns(&row[2])? })
}

/// A fill model by name or written out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum FillModelConfig {
    /// One of [`FillModel::NAMES`].
    Named(String),
    /// All its settings.
    Custom(FillModel),
}

impl FillModelConfig {
    pub(super) fn model(&self) -> Result<FillModel, EngineError> {
        match self {
            Self::Custom(model) => Ok(model.clone()),
            Self::Named(name) => FillModel::named(name).ok_or_else(|| {
                let names = FillModel::NAMES.join(", ");
                EngineError::config("fill_model", format!("{name:?} is not known: give one of {names}"))
            }),
        }
    }
}
