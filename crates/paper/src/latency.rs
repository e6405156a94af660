use serde::{Deserialize, Serialize};
use tickwright_types::Rng;

use crate::ln::ln;
use crate::PaperError;

/// Most nanoseconds a leg may take: an hour.
const MAX_NS: i64 = 3_600_000_000_000;

/// One recorded round trip, in ns since the Unix epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LatencyRow {
    /// When the request left us.
    pub req_ns: i64,
    /// When the venue had it; 0 if the venue refused it.
    pub exch_ns: i64,
    /// When the answer reached us.
    pub resp_ns: i64,
}

/// The delay of one leg, to the venue or back. Draws come from a seeded generator and integer or exactly defined
/// arithmetic: the same on every machine.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum LatencyModel {
    /// No delay at all: a command is in force from the next record, news comes with the record that caused it.
    #[default]
    None,
    /// Always the same.
    Fixed {
        /// Nanoseconds.
        ns: i64,
    },
    /// Evenly distributed, both ends included.
    Uniform {
        /// Least nanoseconds.
        min_ns: i64,
        /// Most nanoseconds.
        max_ns: i64,
    },
    /// A least delay and an exponentially distributed remainder, cut off at a most.
    Exponential {
        /// Least nanoseconds.
        min_ns: i64,
        /// Mean of what comes on top.
        mean_ns: i64,
        /// Most nanoseconds.
        max_ns: i64,
    },
    /// Any other distribution, by its quantiles.
    Quantiles {
        /// Rising nanoseconds at equal steps of probability from 0 to 1; draws lie between them on straight lines.
        ns: Vec<i64>,
    },
    /// Recorded round trips, between which straight lines are drawn; before the first and after the last row constant.
    Recorded {
        /// In the order of their request times. A request near a row with `exch_ns` 0 is refused.
        rows: Vec<LatencyRow>,
        /// Added to this leg.
        #[serde(default)]
        offset_ns: i64,
    },
}

/// What becomes of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Entry {
    /// In force from the next record.
    Immediate,
    /// Arrives after that many ns.
    After(i64),
    /// Refused; we learn it after that many ns.
    Refused(i64),
}

/// One leg with its generator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Leg {
    /// The one delay there is, or −1 where it must be looked up: most runs have a fixed one.
    fixed_ns: i64,
    model: LatencyModel,
    rng: Rng,
}

impl Leg {
    pub(crate) fn entry(model: &LatencyModel, seed: u64) -> Result<Self, PaperError> {
        model.check("entry")?;
        Ok(Self::of(model.clone(), seed))
    }

    pub(crate) fn response(model: &LatencyModel, seed: u64) -> Result<Self, PaperError> {
        model.check("response")?;
        let mut model = model.clone();
        if let LatencyModel::Recorded { rows, .. } = &mut model {
            rows.retain(|row| row.exch_ns != 0);
            if rows.is_empty() {
                return Err(fault("response", "every recorded row was refused (exch_ns 0): none tells a delay"));
            }
            if !rows.is_sorted_by_key(|row| row.exch_ns) {
                return Err(fault("response", "the recorded rows' exch_ns must not fall"));
            }
        }
        Ok(Self::of(model, seed ^ 0x5265_7370_6F6E_7365))
    }

    fn of(model: LatencyModel, seed: u64) -> Self {
        let fixed_ns = if let LatencyModel::Fixed { ns } = model { ns } else { -1 };
        Self { fixed_ns, model, rng: Rng::new(seed) }
    }

    #[inline]
    pub(crate) fn is_immediate(&self) -> bool {
        self.model == LatencyModel::None
    }

    /// The fate of a request that leaves us now.
    #[inline]
    pub(crate) fn enter(&mut self, now_ns: i64) -> Entry {
        if self.fixed_ns >= 0 {
            return Entry::After(self.fixed_ns);
        }
        self.look_up_entry(now_ns)
    }

    fn look_up_entry(&mut self, now_ns: i64) -> Entry {
        match &self.model {
            LatencyModel::None => Entry::Immediate,
            LatencyModel::Recorded { rows, offset_ns } => {
                let (from, to) = around(rows, now_ns, |row| row.req_ns);
                if from.exch_ns == 0 || to.exch_ns == 0 {
                    let delay = between(from, to, now_ns, |row| (row.req_ns, row.resp_ns - row.req_ns));
                    return Entry::Refused((delay + 2 * offset_ns).max(0));
                }
                let delay = between(from, to, now_ns, |row| (row.req_ns, row.exch_ns - row.req_ns));
                Entry::After((delay + offset_ns).max(0))
            }
            _ => Entry::After(self.draw()),
        }
    }

    /// How long news of something that happened then takes to reach us.
    #[inline]
    pub(crate) fn answer_ns(&mut self, venue_ns: i64) -> i64 {
        if self.fixed_ns >= 0 {
            return self.fixed_ns;
        }
        self.look_up_answer_ns(venue_ns)
    }

    fn look_up_answer_ns(&mut self, venue_ns: i64) -> i64 {
        match &self.model {
            LatencyModel::Recorded { rows, offset_ns } => {
                let (from, to) = around(rows, venue_ns, |row| row.exch_ns);
                let delay = between(from, to, venue_ns, |row| (row.exch_ns, row.resp_ns - row.exch_ns));
                (delay + offset_ns).max(0)
            }
            _ => self.draw(),
        }
    }

    fn draw(&mut self) -> i64 {
        match &self.model {
            LatencyModel::None | LatencyModel::Recorded { .. } => 0,
            LatencyModel::Fixed { ns } => *ns,
            LatencyModel::Uniform { min_ns, max_ns } => min_ns + self.rng.up_to((max_ns - min_ns) as u64) as i64,
            LatencyModel::Exponential { min_ns, mean_ns, max_ns } => {
                // 53 random bits make a number in (0, 1] that a double holds exactly.
                let uniform = ((self.rng.next_u64() >> 11) + 1) as f64 / (1u64 << 53) as f64;
                (*min_ns + (*mean_ns as f64 * -ln(uniform)) as i64).min(*max_ns)
            }
            LatencyModel::Quantiles { ns } => {
                let steps = (ns.len() - 1) as u128;
                let place = u128::from(self.rng.next_u64()) * steps;
                let (step, part) = ((place >> 64) as usize, i128::from(place as u64));
                ns[step] + ((i128::from(ns[step + 1] - ns[step]) * part) >> 64) as i64
            }
        }
    }
}

impl LatencyModel {
    fn check(&self, leg: &'static str) -> Result<(), PaperError> {
        let in_range = |ns: i64| (0..=MAX_NS).contains(&ns);
        let range = format!("give 0 to {MAX_NS} ns (an hour)");
        match self {
            Self::Fixed { ns } if !in_range(*ns) => Err(fault(leg, format!("{ns} ns: {range}"))),
            Self::Uniform { min_ns, max_ns } if !in_range(*min_ns) || !in_range(*max_ns) || min_ns > max_ns => {
                Err(fault(leg, format!("uniform from {min_ns} to {max_ns} ns: {range}, the least first")))
            }
            Self::Exponential { min_ns, mean_ns, max_ns }
                if !in_range(*min_ns) || !in_range(*mean_ns) || !in_range(*max_ns) || min_ns > max_ns =>
            {
                Err(fault(leg, format!("exponential {min_ns} + {mean_ns} up to {max_ns} ns: {range}")))
            }
            Self::Quantiles { ns } if ns.len() < 2 || !ns.is_sorted() || !ns.iter().all(|ns| in_range(*ns)) => {
                Err(fault(leg, format!("quantiles: give two or more rising numbers, each {range}")))
            }
            Self::Recorded { rows, offset_ns } => check_rows(leg, rows, *offset_ns),
            _ => Ok(()),
        }
    }
}

fn check_rows(leg: &'static str, rows: &[LatencyRow], offset_ns: i64) -> Result<(), PaperError> {
    if rows.is_empty() {
        return Err(fault(leg, "give at least one recorded row"));
    }
    if offset_ns.abs() > MAX_NS {
        return Err(fault(leg, format!("offset_ns {offset_ns} is beyond {MAX_NS} ns (an hour)")));
    }
    for (index, row) in rows.iter().enumerate() {
        let order = (row.exch_ns == 0 || (row.req_ns <= row.exch_ns && row.exch_ns <= row.resp_ns))
            && row.req_ns >= 0
            && row.req_ns <= row.resp_ns
            && row.resp_ns - row.req_ns <= MAX_NS;
        if !order {
            let LatencyRow { req_ns, exch_ns, resp_ns } = row;
            let reason = format!(
                "recorded row {index} ({req_ns}, {exch_ns}, {resp_ns}): the times must rise within an hour, exch_ns may be 0"
            );
            return Err(fault(leg, reason));
        }
    }
    if !rows.is_sorted_by_key(|row| row.req_ns) {
        return Err(fault(leg, "the recorded rows' req_ns must not fall"));
    }
    Ok(())
}

/// The rows on both sides of a time; the same row twice before the first and after the last.
fn around(rows: &[LatencyRow], time_ns: i64, key: impl Fn(&LatencyRow) -> i64) -> (LatencyRow, LatencyRow) {
    let after = rows.partition_point(|row| key(row) <= time_ns);
    (rows[after.saturating_sub(1)], rows[after.min(rows.len() - 1)])
}

/// The straight line between two (time, delay) points, rounded down.
fn between(from: LatencyRow, to: LatencyRow, time_ns: i64, point: impl Fn(LatencyRow) -> (i64, i64)) -> i64 {
    let ((t0, d0), (t1, d1)) = (point(from), point(to));
    if t1 <= t0 {
        return d0;
    }
    let rise = i128::from(d1 - d0) * i128::from(time_ns - t0);
    d0 + rise.div_euclid(i128::from(t1 - t0)) as i64
}

fn fault(leg: &'static str, reason: impl Into<String>) -> PaperError {
    PaperError::Latency { leg, reason: reason.into() }
}
