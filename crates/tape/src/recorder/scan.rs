use std::fmt;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

use bytemuck::Zeroable;
use tickwright_types::{Instrument, Tick};

use super::layout::{
    sum, u32_at, u64_at, Frame, BLOCK, BLOCK_TICKS, CHECKSUM, FOOTER, FRAME, MAGIC, MAX_DEFINITIONS, PREFIX, RECORD,
    VERSION,
};
use crate::error::quoted;
use crate::metadata::check_instruments;
use crate::writer::fault;
use crate::TapeError;

/// What a segment still holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recovery {
    /// The segment.
    pub path: PathBuf,
    /// Its definitions; a record's instrument is an index into them.
    pub instruments: Vec<Instrument>,
    /// Records in whole blocks.
    pub ticks: u64,
    /// Whole blocks.
    pub blocks: u32,
    /// Receive time of the first record, ns since the Unix epoch.
    pub first_ts_ns: Option<i64>,
    /// Receive time of the last record, ns since the Unix epoch.
    pub last_ts_ns: Option<i64>,
    /// Bytes up to the end of the last whole block, or of the footer.
    pub kept_bytes: u64,
    /// Whether it was closed and its footer agrees with its blocks. Else the process ended without closing it, or the
    /// file was cut.
    pub closed: bool,
    /// What had to be left out.
    pub loss: Option<Loss>,
}

/// What was left out of a recording.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loss {
    /// The segment.
    pub path: PathBuf,
    /// Bytes of it after the last whole block; 0 of a segment that is missing.
    pub bytes: u64,
    /// Why.
    pub why: LossReason,
}

impl fmt::Display for Loss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} bytes dropped: {}", quoted(&self.path), self.bytes, self.why)
    }
}

/// Why bytes of a segment cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LossReason {
    /// The file ends inside a block or footer.
    Torn,
    /// A block or footer is not the one its checksum was taken of.
    WrongChecksum,
    /// Bytes that begin neither a block nor a footer.
    NoBlock,
    /// A block or footer that its checksum agrees with and that no recorder writes.
    WrongRecords,
    /// Something follows the footer.
    AfterFooter,
    /// There are segments before and after it, and it is not there.
    Missing,
}

impl fmt::Display for LossReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Torn => "torn block: the file ends inside it",
            Self::WrongChecksum => "wrong checksum",
            Self::NoBlock => "bytes that begin no block",
            Self::WrongRecords => "records or counts that no recorder writes",
            Self::AfterFooter => "bytes after the footer",
            Self::Missing => "the segment is missing between others",
        })
    }
}

/// Reads a whole segment and says what it still holds: every whole block up to the first that is torn or damaged. The
/// file is not changed.
///
/// Returns `E_SEGMENT` if the header is damaged, foreign or of another version, `E_NOT_FOUND` or `E_IO`. No bytes make
/// it panic, and none make it hold more than one block in memory.
pub fn recover(path: &Path) -> Result<Recovery, TapeError> {
    let mut scan = Scan::open(path)?;
    let mut block = Vec::new();
    while scan.next_block(&mut block)? {}
    Ok(scan.found)
}

/// One pass over the whole blocks of a segment.
pub(super) struct Scan {
    file: BufReader<File>,
    length: u64,
    checksum: u64,
    pub(super) found: Recovery,
}

impl Scan {
    /// Reads the header.
    pub(super) fn open(path: &Path) -> Result<Self, TapeError> {
        let failed = || TapeError::io(path, "read");
        let file = File::open(path).map_err(failed())?;
        let length = file.metadata().map_err(failed())?.len();
        let mut file = BufReader::with_capacity(1 << 16, file);
        let (instruments, checksum, kept_bytes) = read_header(&mut file, length, path)?;
        let found = Recovery {
            path: path.to_owned(),
            instruments,
            ticks: 0,
            blocks: 0,
            first_ts_ns: None,
            last_ts_ns: None,
            kept_bytes,
            closed: false,
            loss: None,
        };
        Ok(Self { file, length, checksum, found })
    }

    /// Replaces `block` by the next whole block and returns whether there was one.
    pub(super) fn next_block(&mut self, block: &mut Vec<Tick>) -> Result<bool, TapeError> {
        block.clear();
        if self.found.closed || self.found.loss.is_some() || self.found.kept_bytes >= self.length {
            return Ok(false);
        }
        let next = match self.read_frame(block) {
            Err(e) if e.kind() == io::ErrorKind::UnexpectedEof => Err(LossReason::Torn),
            Err(e) => return Err(TapeError::io(&self.found.path, "read")(e)),
            Ok(next) => next,
        };
        match next {
            Ok(frame) if frame.tag == BLOCK => {
                self.keep(frame);
                return Ok(true);
            }
            Ok(_) => self.close(),
            Err(why) => self.lose(why),
        }
        block.clear();
        Ok(false)
    }

    /// The next frame and its records, with everything compared that it says.
    fn read_frame(&mut self, block: &mut Vec<Tick>) -> io::Result<Result<Frame, LossReason>> {
        let mut bytes = [0; FRAME];
        self.file.read_exact(&mut bytes)?;
        let frame = Frame::from_bytes(&bytes);
        let count = frame.count as usize;
        if frame.tag == BLOCK {
            if !(1..=BLOCK_TICKS).contains(&count) || frame.length != (count * RECORD) as u64 {
                return Ok(Err(LossReason::NoBlock));
            }
            block.resize(count, Tick::zeroed());
            self.file.read_exact(bytemuck::cast_slice_mut(block))?;
        } else if frame.tag != FOOTER {
            return Ok(Err(LossReason::NoBlock));
        }
        let (expected, checksum) = frame.to_bytes(self.checksum, block);
        if expected != bytes {
            return Ok(Err(LossReason::WrongChecksum));
        }
        if !self.agrees(&frame, block) {
            return Ok(Err(LossReason::WrongRecords));
        }
        self.checksum = checksum;
        Ok(Ok(frame))
    }

    fn agrees(&self, frame: &Frame, block: &[Tick]) -> bool {
        let found = &self.found;
        let (Some(first), Some(last)) = (block.first(), block.last()) else {
            let times = (found.first_ts_ns.unwrap_or(0), found.last_ts_ns.unwrap_or(0));
            let counts = (frame.count, frame.length) == (found.blocks, found.kept_bytes);
            return counts && (frame.first_ns, frame.last_ns) == times;
        };
        let in_order = block.windows(2).all(|pair| pair[0].recv_ns <= pair[1].recv_ns);
        let after = found.last_ts_ns.is_none_or(|before_ns| before_ns <= first.recv_ns);
        let stated = (frame.first_ns, frame.last_ns) == (first.recv_ns, last.recv_ns);
        in_order && after && stated && block.iter().all(|tick| fault(tick, found.instruments.len()).is_none())
    }

    fn keep(&mut self, frame: Frame) {
        let found = &mut self.found;
        found.ticks += u64::from(frame.count);
        found.blocks += 1;
        found.first_ts_ns.get_or_insert(frame.first_ns);
        found.last_ts_ns = Some(frame.last_ns);
        found.kept_bytes += FRAME as u64 + frame.length;
    }

    fn close(&mut self) {
        self.found.closed = true;
        self.found.kept_bytes += FRAME as u64;
        if self.found.kept_bytes < self.length {
            self.lose(LossReason::AfterFooter);
        }
    }

    fn lose(&mut self, why: LossReason) {
        let bytes = self.length.saturating_sub(self.found.kept_bytes);
        self.found.loss = Some(Loss { path: self.found.path.clone(), bytes, why });
    }
}

/// The definitions, the checksum and the length of a header.
fn read_header(file: &mut impl Read, length: u64, path: &Path) -> Result<(Vec<Instrument>, u64, u64), TapeError> {
    let refuse = |reason: String| TapeError::Segment { path: path.to_owned(), reason };
    let failed = |e: io::Error| match e.kind() {
        io::ErrorKind::UnexpectedEof => refuse("the file ends inside its header".to_owned()),
        _ => TapeError::io(path, "read")(e),
    };
    let mut bytes = vec![0; PREFIX];
    file.read_exact(&mut bytes).map_err(failed)?;
    if bytes[..8] != MAGIC[..] {
        return Err(refuse("it does not begin with TWSEGMT".to_owned()));
    }
    let (version, definitions) = (u32_at(&bytes, 8), u32_at(&bytes, 12) as usize);
    if version != VERSION {
        return Err(refuse(format!("it has version {version}, this build reads version {VERSION}")));
    }
    let whole = PREFIX + definitions + CHECKSUM;
    if definitions > MAX_DEFINITIONS || whole as u64 > length {
        return Err(refuse(format!("its header says {whole} bytes, the file has {length}")));
    }
    bytes.resize(whole, 0);
    file.read_exact(&mut bytes[PREFIX..]).map_err(failed)?;
    let (stated, found) = (u64_at(&bytes, whole - CHECKSUM), sum(&bytes[..whole - CHECKSUM]));
    if stated != found {
        return Err(refuse(format!("its header has the checksum {found:016x}, it states {stated:016x}")));
    }
    let instruments: Vec<Instrument> = serde_json::from_slice(&bytes[PREFIX..whole - CHECKSUM])
        .map_err(|e| refuse(format!("its definitions: {e}")))?;
    check_instruments(&instruments)?;
    Ok((instruments, stated, whole as u64))
}
