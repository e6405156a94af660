use std::fs::{self, File};
use std::io::{BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use memmap2::Mmap;
use tickwright_types::{Instrument, Tick};

use crate::content::{hex, ContentHasher};
use crate::mapping::map;
use crate::progress::report;
use crate::publish::PartialFile;
use crate::writer::fault;
use crate::{OnProgress, Progress, Stage, TapeError, TapeInfo, TapeReader, TickSource};

const MAGIC: &[u8; 8] = b"TWTICKS\n";
const VERSION: u32 = 1;

/// Bytes before the first record; a multiple of the alignment of a record.
const HEADER: usize = 128;

const RECORD: usize = std::mem::size_of::<Tick>();

/// A tape as a flat file of records that is mapped into memory: opening it costs microseconds, reading a record the
/// time to touch 48 bytes, and every process and worker that has it open shares the same memory.
///
/// The file is keyed by the content hash of the tape, so a changed tape never meets an old cache; it is written once,
/// from a tape whose checksum was right, and may be deleted at any time.
///
/// ```no_run
/// use std::sync::Arc;
/// use tickwright_tape::{quiet, CachedTape};
/// let tape = CachedTape::open("btc.tape.parquet".as_ref(), ".cache".as_ref(), &mut quiet)?;
/// let ticks: Arc<dyn AsRef<[tickwright_types::Tick]> + Send + Sync> = Arc::new(tape);
/// # Ok::<(), tickwright_tape::TapeError>(())
/// ```
#[derive(Debug)]
pub struct CachedTape {
    path: PathBuf,
    map: Mmap,
    info: TapeInfo,
}

impl CachedTape {
    /// Opens the cache of a tape, building it in `folder` (made if missing) where it is absent or unusable.
    ///
    /// Checked when it is opened: magic, version, length, count and content hash of the header. The records
    /// themselves were checked when the cache was built; [`verify`](Self::verify) does it again.
    ///
    /// Returns what reading the tape returns, `E_IO`, or `E_CANCELLED`.
    pub fn open(tape: &Path, folder: &Path, on_progress: OnProgress<'_>) -> Result<Self, TapeError> {
        let reader = TapeReader::open(tape)?;
        let info = reader.info().clone();
        let path = folder.join(format!("{}.v{VERSION}.ticks", info.content_sha256));
        if let Some(map) = open_valid(&path, &info) {
            return Ok(Self { path, map, info });
        }
        fs::create_dir_all(folder).map_err(TapeError::io(folder, "create"))?;
        build(reader, &path, on_progress)?;
        match open_valid(&path, &info) {
            Some(map) => Ok(Self { path, map, info }),
            None => Err(TapeError::corrupt(&path, "a cache that was just written cannot be read back")),
        }
    }

    /// Every record of the tape, in order, as it lies in the file.
    pub fn ticks(&self) -> &[Tick] {
        bytemuck::cast_slice(&self.map[HEADER..])
    }

    /// What the tape says of itself.
    pub fn info(&self) -> &TapeInfo {
        &self.info
    }

    /// The definitions; a record's instrument is an index into them.
    pub fn instruments(&self) -> &[Instrument] {
        &self.info.instruments
    }

    /// The cache file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Reads every record again and compares the content hash.
    ///
    /// Returns `E_TAPE_CORRUPT` or `E_TAPE_HASH`; delete the file then, the next open builds it anew.
    pub fn verify(&self) -> Result<(), TapeError> {
        let instruments = self.info.instruments.len();
        let odd = self.ticks().iter().enumerate().find_map(|(at, tick)| Some((at, fault(tick, instruments)?)));
        if let Some((at, reason)) = odd {
            return Err(TapeError::corrupt(&self.path, format!("record {at}: {reason}")));
        }
        let mut hasher = ContentHasher::new(&self.info.instruments);
        hasher.update(self.ticks());
        let found = hex(&hasher.finish());
        if found == self.info.content_sha256 {
            return Ok(());
        }
        Err(TapeError::Hash { path: self.path.clone(), stated: self.info.content_sha256.clone(), found })
    }
}

impl AsRef<[Tick]> for CachedTape {
    fn as_ref(&self) -> &[Tick] {
        self.ticks()
    }
}

/// The header states everything that the tape does too, so it can be compared as a whole.
fn header(info: &TapeInfo) -> [u8; HEADER] {
    let mut header = [0; HEADER];
    header[..8].copy_from_slice(MAGIC);
    header[8..12].copy_from_slice(&VERSION.to_le_bytes());
    header[12..16].copy_from_slice(&(RECORD as u32).to_le_bytes());
    header[16..24].copy_from_slice(&info.ticks.to_le_bytes());
    let hash = info.content_sha256.as_bytes();
    let shown = hash.len().min(64);
    header[24..24 + shown].copy_from_slice(&hash[..shown]);
    header
}

/// The mapped file if it is there and whole.
fn open_valid(path: &Path, info: &TapeInfo) -> Option<Mmap> {
    let mut file = File::open(path).ok()?;
    let mut found = [0; HEADER];
    file.read_exact(&mut found).ok()?;
    let expected = info.ticks.checked_mul(RECORD as u64)?.checked_add(HEADER as u64)?;
    if found != header(info) || file.metadata().ok()?.len() != expected {
        return None;
    }
    map(&file).ok().filter(|map| map.len() as u64 == expected)
}

fn build(mut tape: TapeReader, path: &Path, on_progress: OnProgress<'_>) -> Result<(), TapeError> {
    let partial = PartialFile::create(path, true)?;
    let mut file = BufWriter::with_capacity(1 << 20, partial.file());
    let failed = || TapeError::io(path, "write");
    file.write_all(&header(tape.info())).map_err(failed())?;
    let (mut block, mut done, total) = (Vec::new(), 0, tape.info().ticks);
    while tape.next_block(&mut block)? {
        file.write_all(bytemuck::cast_slice(&block)).map_err(failed())?;
        done += block.len() as u64;
        report(on_progress, Progress { stage: Stage::Write, done, total, ticks: done })?;
    }
    file.flush().map_err(failed())?;
    drop(file);
    #[cfg(unix)]
    {
        let read_only = std::os::unix::fs::PermissionsExt::from_mode(0o444);
        partial.file().set_permissions(read_only).map_err(failed())?;
    }
    partial.publish()
}
