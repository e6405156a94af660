use std::path::PathBuf;

use serde::Serialize;
use tickwright_types::Tick;

use crate::progress::report;
use crate::spool::Spool;
use crate::{
    OnProgress, Progress, ReadReport, ReadRequest, Reader, Stage, TapeError, TapeInfo, TapeOptions, TapeWriter,
    NO_EXCH_TIME,
};

/// The default of [`ConvertRequest::base_latency_ns`]: 1 ms.
pub const BASE_LATENCY_NS: i64 = 1_000_000;

/// A recording to turn into a tape.
#[derive(Clone, Debug)]
pub struct ConvertRequest {
    /// Name of the format, one of [`READERS`](crate::READERS).
    pub from: String,
    /// What to read.
    pub read: ReadRequest,
    /// The tape to write.
    pub out: PathBuf,
    /// Whether `out` may be replaced.
    pub overwrite: bool,
    /// The smallest receive − exchange time of the tape, if some record of the recording was received before the
    /// exchange made it: then the recorder's clock was behind, and one constant is added to every exchange time.
    pub base_latency_ns: i64,
}

/// What [`convert`] did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ConvertReport {
    /// The tape.
    pub tape: TapeInfo,
    /// What the reader saw.
    pub read: ReadReport,
}

/// Reads a recording and writes it as a tape; nothing is left under the final name unless all went well.
///
/// Memory stays bounded: records wait on the tape's disk until the last one is known.
///
/// Returns what the reader or writer returns, or `E_CANCELLED`.
pub fn convert(request: &ConvertRequest, on_progress: OnProgress<'_>) -> Result<ConvertReport, TapeError> {
    let reader = Reader::by_name(&request.from)?;
    if request.base_latency_ns < 0 {
        let reason = format!("{} ns: nothing is received before it was made, give 0 or more", request.base_latency_ns);
        return Err(TapeError::Option { option: "base-latency", reason });
    }
    if !request.overwrite && request.out.exists() {
        return Err(TapeError::Exists { path: request.out.clone() });
    }
    let mut spool = Spool::beside(&request.out)?;
    let mut clock = Clock::default();
    let mut take = |ticks: &[Tick]| {
        clock.see(ticks);
        spool.push(ticks)
    };
    let read = reader.read(&request.read, &mut take, on_progress)?;
    let shift_ns = clock.shift(request.base_latency_ns);
    let options = TapeOptions {
        overwrite: request.overwrite,
        exch_shift_ns: Some(shift_ns),
        off_lot: read.off_lot,
        skipped: read.bad_rows.len() as u64,
    };
    let mut writer = TapeWriter::create(&request.out, request.read.instruments.clone(), options)?;
    let mut times = ExchangeTimes::new(shift_ns, request.base_latency_ns);
    let (mut done, total) = (0, spool.ticks());
    spool.drain(|ticks| {
        times.settle(ticks);
        writer.write(ticks)?;
        done += ticks.len() as u64;
        report(on_progress, Progress { stage: Stage::Write, done, total, ticks: done })
    })?;
    let tape = writer.finish()?;
    Ok(ConvertReport { tape, read })
}

/// Finds how far the recorder's clock was behind the exchange's.
struct Clock {
    /// Smallest receive − exchange time.
    least_ns: i64,
}

impl Default for Clock {
    fn default() -> Self {
        Self { least_ns: i64::MAX }
    }
}

impl Clock {
    fn see(&mut self, ticks: &[Tick]) {
        for tick in ticks.iter().filter(|tick| tick.exch_ns != NO_EXCH_TIME) {
            self.least_ns = self.least_ns.min(tick.recv_ns.saturating_sub(tick.exch_ns));
        }
    }

    fn shift(&self, base_latency_ns: i64) -> i64 {
        if self.least_ns < 0 {
            self.least_ns.saturating_sub(base_latency_ns)
        } else {
            0
        }
    }
}

/// Shifts exchange times and fills in those that a recording lacks at its beginning.
struct ExchangeTimes {
    shift_ns: i64,
    latency_ns: i64,
    latest: Option<i64>,
}

impl ExchangeTimes {
    fn new(shift_ns: i64, base_latency_ns: i64) -> Self {
        let latency_ns = if shift_ns == 0 { 0 } else { base_latency_ns };
        Self { shift_ns, latency_ns, latest: None }
    }

    fn settle(&mut self, ticks: &mut [Tick]) {
        for tick in ticks {
            tick.exch_ns = if tick.exch_ns == NO_EXCH_TIME {
                self.latest.unwrap_or(tick.recv_ns.saturating_sub(self.latency_ns))
            } else {
                tick.exch_ns.saturating_add(self.shift_ns)
            };
            self.latest = Some(tick.exch_ns);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tickwright_types::TickKind;

    fn tick(recv_ns: i64, exch_ns: i64) -> Tick {
        Tick { recv_ns, exch_ns, ..Tick::of(TickKind::Trade) }
    }

    fn settled(times: &[(i64, i64)]) -> (i64, Vec<i64>) {
        let mut ticks: Vec<Tick> = times.iter().map(|(recv, exch)| tick(*recv, *exch)).collect();
        let mut clock = Clock::default();
        clock.see(&ticks);
        let shift = clock.shift(1_000);
        ExchangeTimes::new(shift, 1_000).settle(&mut ticks);
        (shift, ticks.iter().map(|t| t.exch_ns).collect())
    }

    #[test]
    fn a_clock_that_is_behind_moves_every_exchange_time_by_one_constant() {
        let (shift, exch) = settled(&[(10_000, 12_000), (11_000, 14_000), (20_000, 21_000)]);
        assert_eq!((shift, exch), (-4_000, vec![8_000, 10_000, 17_000]));
    }

    #[test]
    fn a_clock_that_is_not_behind_moves_nothing() {
        assert_eq!(settled(&[(10, 10), (20, 5)]), (0, vec![10, 5]));
    }

    #[test]
    fn a_recording_that_begins_without_exchange_times_takes_them_from_receive_times() {
        assert_eq!(settled(&[(10, NO_EXCH_TIME), (20, 15)]), (0, vec![10, 15]));
        assert_eq!(settled(&[(10_000, NO_EXCH_TIME), (20_000, 21_000)]).1[0], 9_000);
        assert_eq!(settled(&[]), (0, vec![]));
    }
}
