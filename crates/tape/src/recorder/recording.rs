use std::path::Path;

use tickwright_types::{Instrument, Tick};

use super::layout::{segment_path, segments_of};
use super::scan::{recover, Loss, LossReason, Recovery, Scan};
use crate::merge::{first_difference, write_tape};
use crate::{OnProgress, TapeError, TapeInfo, TapeOptions, TickSource};

/// All segments of a folder as one source: each recovered to its last whole block, with the losses known before the
/// first record is read.
///
/// A folder may still be recorded to: what is appended after it was opened is not read.
pub struct Recording {
    segments: Vec<Recovery>,
    losses: Vec<Loss>,
    /// Index of the segment that is read next.
    next: usize,
    scan: Option<Scan>,
}

impl Recording {
    /// Reads every segment once to know what it holds.
    ///
    /// Returns `E_EMPTY_INPUT` for a folder without segments, `E_INSTRUMENT_CONFLICT` if segments define instruments
    /// differently, `E_SEGMENT` if one goes back behind the one before it (no recorder writes that), and what
    /// [`recover`] returns.
    pub fn open(folder: &Path) -> Result<Self, TapeError> {
        let mut segments: Vec<Recovery> = Vec::new();
        let mut losses = Vec::new();
        let mut expected = None;
        for (number, path) in segments_of(folder)? {
            if let Some(missing) = expected.filter(|&expected| expected != number) {
                losses.push(Loss { path: segment_path(folder, missing), bytes: 0, why: LossReason::Missing });
            }
            expected = number.checked_add(1);
            let segment = recover(&path)?;
            follows(&segments, &segment)?;
            losses.extend(segment.loss.clone());
            segments.push(segment);
        }
        if segments.is_empty() {
            return Err(TapeError::Empty { path: folder.to_owned() });
        }
        Ok(Self { segments, losses, next: 0, scan: None })
    }

    /// What each segment holds, by number.
    pub fn segments(&self) -> &[Recovery] {
        &self.segments
    }

    /// What had to be left out, in the order of the segments.
    pub fn losses(&self) -> &[Loss] {
        &self.losses
    }
}

impl TickSource for Recording {
    fn instruments(&self) -> &[Instrument] {
        &self.segments[0].instruments
    }

    fn ticks_total(&self) -> Option<u64> {
        Some(self.segments.iter().map(|segment| segment.ticks).sum())
    }

    fn next_block(&mut self, block: &mut Vec<Tick>) -> Result<bool, TapeError> {
        block.clear();
        while let Some(segment) = self.segments.get(self.next) {
            let scan = match &mut self.scan {
                Some(scan) => scan,
                None => self.scan.insert(Scan::open(&segment.path)?),
            };
            if scan.found.ticks < segment.ticks {
                if scan.next_block(block)? {
                    return Ok(true);
                }
                self.next = self.segments.len();
                return Err(TapeError::corrupt(&segment.path, "it was changed while it was read"));
            }
            self.scan = None;
            self.next += 1;
        }
        Ok(false)
    }
}

/// Writes all that a folder of segments still holds as a tape. The segments stay.
///
/// Returns the tape's facts and what had to be left out of it, or what [`Recording::open`] and a
/// [`TapeWriter`](crate::TapeWriter) return.
pub fn write_recording(
    folder: &Path,
    out: &Path,
    overwrite: bool,
    on_progress: OnProgress<'_>,
) -> Result<(TapeInfo, Vec<Loss>), TapeError> {
    let recording = Recording::open(folder)?;
    let losses = recording.losses().to_vec();
    let options = TapeOptions { overwrite, ..TapeOptions::default() };
    Ok((write_tape(recording, out, options, on_progress)?, losses))
}

/// Checks that a segment has the definitions of those before it and does not go back in time behind them.
fn follows(before: &[Recovery], segment: &Recovery) -> Result<(), TapeError> {
    if let Some(first) = before.first() {
        same_instruments(&first.instruments, &segment.instruments, &segment.path)?;
    }
    let before_ns = before.iter().rev().find_map(|segment| segment.last_ts_ns);
    match (before_ns, segment.first_ts_ns) {
        (Some(before_ns), Some(first_ns)) if first_ns < before_ns => Err(TapeError::Segment {
            path: segment.path.clone(),
            reason: format!("it begins at {first_ns}, the segments before it end at {before_ns}"),
        }),
        _ => Ok(()),
    }
}

/// Checks that a segment at `path` defines the instruments that the ones before it do.
pub(super) fn same_instruments(before: &[Instrument], later: &[Instrument], path: &Path) -> Result<(), TapeError> {
    let differ = |instrument: &Instrument, field: String| {
        Err(TapeError::InstrumentConflict { path: path.to_owned(), instrument: instrument.id().to_owned(), field })
    };
    if let Some((known, given)) = before.iter().zip(later).find(|(known, given)| known != given) {
        return differ(given, first_difference(known.spec(), given.spec()));
    }
    let shorter = before.len().min(later.len());
    match before[shorter..].first().or(later[shorter..].first()) {
        Some(extra) => differ(extra, "its presence".to_owned()),
        None => Ok(()),
    }
}
