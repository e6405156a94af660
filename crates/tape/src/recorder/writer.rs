use std::fs;
use std::path::{Path, PathBuf};

use tickwright_types::{Instrument, Tick};

use super::layout::{segments_of, BLOCK_TICKS, FRAME, RECORD};
use super::recording::same_instruments;
use super::scan::recover;
use super::segment::Segment;
use crate::writer::fault;
use crate::TapeError;

const SECOND_NS: i64 = 1_000_000_000;

/// Smallest size of a segment before the next is begun.
const MIN_SEGMENT_BYTES: u64 = 4_096;

/// When a recorder syncs and when it begins the next segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecorderOptions {
    /// Size in bytes from which on a segment is closed and the next begun, 4 096 or more; it may end one block (about
    /// 200 kB) larger.
    pub segment_bytes: u64,
    /// How long a record may stay unsynced, in ns: 0 (sync at every call) to 1 000 000 000.
    pub sync_every_ns: i64,
}

impl Default for RecorderOptions {
    /// Segments of 256 MiB, synced once a second.
    fn default() -> Self {
        Self { segment_bytes: 256 << 20, sync_every_ns: SECOND_NS }
    }
}

/// Appends records to the segments of a folder. One recorder writes to a folder at a time.
///
/// The clock is an argument: `now_ns` is any clock of the caller in ns, and a clock that is set back syncs at once. A
/// killed process loses what was not synced, so [`poll`](Recorder::poll) has to be called when no records come.
/// Dropped without [`close`](Recorder::close) it leaves what a killed one leaves.
///
/// ```
/// use tickwright_tape::{Recorder, RecorderOptions, Recording, TickSource};
/// use tickwright_types::{Instrument, Tick, TickKind};
/// # let folder = tempfile::tempdir().unwrap();
/// # let folder = folder.path();
/// let btc: Instrument = serde_json::from_str(
///     r#"{"id":"BTC","venue":"v","symbol":"BTCUSDT","kind":"spot","tick_size":"0.1","lot_size":"0.001",
///         "base":"BTC","quote":"USDT","settlement":"USDT"}"#,
/// )
/// .unwrap();
/// let trade = Tick { recv_ns: 5, price_ticks: 618_002, size_lots: 2_507, ..Tick::of(TickKind::Trade) };
/// let mut recorder = Recorder::start(folder, vec![btc], RecorderOptions::default())?;
/// recorder.record(&[trade], 0)?;
/// assert_eq!(recorder.synced_ticks(), 0);
/// recorder.poll(1_000_000_000)?;
/// assert_eq!(recorder.synced_ticks(), 1);
/// drop(recorder);
/// assert_eq!(Recording::open(folder)?.read_all()?, [trade]);
/// # Ok::<(), tickwright_tape::TapeError>(())
/// ```
pub struct Recorder {
    folder: PathBuf,
    options: RecorderOptions,
    instruments: Vec<Instrument>,
    segment: Segment,
    /// Records of the block to come.
    pending: Vec<Tick>,
    /// A block as it goes to the file, so that one write hands it over.
    bytes: Vec<u8>,
    last_recv_ns: i64,
    recorded: u64,
    synced: u64,
    unsynced_since_ns: Option<i64>,
    stopped: Option<String>,
}

impl Recorder {
    /// Starts in a folder (made if missing), in a segment after all that are there.
    ///
    /// Reads the last segment that holds records, which records to come must not go back behind. Returns
    /// `E_INSTRUMENT_CONFLICT` if it defines other instruments, `E_OPTION`, `E_IO`, or what
    /// [`recover`](crate::recover) returns.
    pub fn start(folder: &Path, instruments: Vec<Instrument>, options: RecorderOptions) -> Result<Self, TapeError> {
        check_options(options)?;
        fs::create_dir_all(folder).map_err(TapeError::io(folder, "create"))?;
        let before = segments_of(folder)?;
        let last_recv_ns = last_recv_ns(&before, &instruments)?;
        Ok(Self {
            segment: Segment::after(before.last().map_or(0, |(number, _)| *number), folder, &instruments)?,
            folder: folder.to_owned(),
            options,
            instruments,
            pending: Vec::with_capacity(BLOCK_TICKS),
            bytes: Vec::with_capacity(FRAME + BLOCK_TICKS * RECORD),
            last_recv_ns,
            recorded: 0,
            synced: 0,
            unsynced_since_ns: None,
            stopped: None,
        })
    }

    /// Adds records in the order received, and syncs if it is time. Costs a copy of 48 bytes a record and a write
    /// every 4 096; allocates nothing.
    ///
    /// Returns `E_RECORD` for one that goes back in time, names an unknown instrument, kind or side, or has its
    /// reserved bytes set: none of the slice is recorded then, and the recorder goes on. After `E_IO` it is stopped,
    /// and every call returns `E_RECORDER_STOPPED`.
    pub fn record(&mut self, ticks: &[Tick], now_ns: i64) -> Result<(), TapeError> {
        self.check_running()?;
        self.check(ticks)?;
        let added = self.append(ticks, now_ns);
        self.stop_on_error(added)
    }

    /// Syncs if it is time: call it at least once a second.
    ///
    /// Returns `E_IO` or `E_RECORDER_STOPPED`.
    pub fn poll(&mut self, now_ns: i64) -> Result<(), TapeError> {
        self.check_running()?;
        let synced = self.sync_if_due(now_ns);
        self.stop_on_error(synced)
    }

    /// Syncs what was recorded, whatever the time.
    ///
    /// Returns `E_IO` or `E_RECORDER_STOPPED`.
    pub fn sync(&mut self) -> Result<(), TapeError> {
        self.check_running()?;
        let synced = self.write_block().and_then(|()| self.sync_file());
        self.stop_on_error(synced)
    }

    /// How many records this recorder has synced: neither a killed process nor a power cut takes them.
    pub fn synced_ticks(&self) -> u64 {
        self.synced
    }

    /// Writes what is left and the footer, syncs, and returns how many records this recorder has written.
    ///
    /// Returns `E_IO` or `E_RECORDER_STOPPED`.
    pub fn close(mut self) -> Result<u64, TapeError> {
        self.check_running()?;
        self.write_block()?;
        self.write_footer()?;
        Ok(self.synced)
    }

    fn check_running(&self) -> Result<(), TapeError> {
        match &self.stopped {
            Some(reason) => {
                Err(TapeError::RecorderStopped { path: self.segment.path().to_owned(), reason: reason.clone() })
            }
            None => Ok(()),
        }
    }

    /// Bytes after a failed write may be half a block: nothing that followed it would be found again.
    fn stop_on_error(&mut self, result: Result<(), TapeError>) -> Result<(), TapeError> {
        if let Err(e) = &result {
            self.stopped = Some(e.to_string());
        }
        result
    }

    fn check(&self, ticks: &[Tick]) -> Result<(), TapeError> {
        let mut before_ns = self.last_recv_ns;
        for (at, tick) in ticks.iter().enumerate() {
            let refused = |reason: String| TapeError::Record { index: self.recorded + at as u64, reason };
            if tick.recv_ns < before_ns {
                return Err(refused(format!("received at {} after {before_ns}", tick.recv_ns)));
            }
            if let Some(reason) = fault(tick, self.instruments.len()) {
                return Err(refused(reason));
            }
            before_ns = tick.recv_ns;
        }
        Ok(())
    }

    fn append(&mut self, ticks: &[Tick], now_ns: i64) -> Result<(), TapeError> {
        let mut rest = ticks;
        while let Some(last) = rest.last() {
            let (now, later) = rest.split_at(rest.len().min(BLOCK_TICKS - self.pending.len()));
            self.unsynced_since_ns.get_or_insert(now_ns);
            self.pending.extend_from_slice(now);
            self.recorded += now.len() as u64;
            self.last_recv_ns = last.recv_ns;
            if self.pending.len() == BLOCK_TICKS {
                self.write_block()?;
            }
            rest = later;
        }
        self.sync_if_due(now_ns)
    }

    fn sync_if_due(&mut self, now_ns: i64) -> Result<(), TapeError> {
        let Some(since_ns) = self.unsynced_since_ns else { return Ok(()) };
        if now_ns >= since_ns && now_ns.saturating_sub(since_ns) < self.options.sync_every_ns {
            return Ok(());
        }
        self.write_block()?;
        self.sync_file()
    }

    /// Writes the pending records as a block, and begins the next segment where this one is large enough.
    fn write_block(&mut self) -> Result<(), TapeError> {
        let (Some(first), Some(last)) = (self.pending.first(), self.pending.last()) else { return Ok(()) };
        let times_ns = (first.recv_ns, last.recv_ns);
        self.segment.write_block(&self.pending, times_ns, &mut self.bytes)?;
        self.pending.clear();
        if self.segment.length() < self.options.segment_bytes {
            return Ok(());
        }
        self.write_footer()?;
        self.segment = Segment::after(self.segment.number(), &self.folder, &self.instruments)?;
        Ok(())
    }

    fn write_footer(&mut self) -> Result<(), TapeError> {
        self.segment.write_footer(&mut self.bytes)?;
        self.sync_file()
    }

    /// Syncs the blocks that were written; nothing is pending when it is called.
    fn sync_file(&mut self) -> Result<(), TapeError> {
        self.segment.sync()?;
        self.synced = self.recorded;
        self.unsynced_since_ns = None;
        Ok(())
    }
}

/// Receive time of the last record of these segments, which must define these instruments.
fn last_recv_ns(segments: &[(u32, PathBuf)], instruments: &[Instrument]) -> Result<i64, TapeError> {
    for (_, path) in segments.iter().rev() {
        let segment = recover(path)?;
        same_instruments(&segment.instruments, instruments, path)?;
        if let Some(last_ns) = segment.last_ts_ns {
            return Ok(last_ns);
        }
    }
    Ok(i64::MIN)
}

fn check_options(options: RecorderOptions) -> Result<(), TapeError> {
    if options.segment_bytes < MIN_SEGMENT_BYTES {
        let reason = format!("{} was given, the smallest is {MIN_SEGMENT_BYTES}", options.segment_bytes);
        return Err(TapeError::Option { option: "segment_bytes", reason });
    }
    if !(0..=SECOND_NS).contains(&options.sync_every_ns) {
        let reason = format!("{} was given, allowed are 0 to {SECOND_NS} ns", options.sync_every_ns);
        return Err(TapeError::Option { option: "sync_every_ns", reason });
    }
    Ok(())
}

#[cfg(test)]
impl Recorder {
    /// Makes every later write fail.
    pub(super) fn break_file(&mut self) {
        self.segment.break_file();
    }
}
