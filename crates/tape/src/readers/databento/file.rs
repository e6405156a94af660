use std::cell::{Cell, RefCell};
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use std::rc::Rc;

use dbn::decode::dbn::Decoder;
use dbn::decode::DbnMetadata;
use dbn::VersionUpgradePolicy;

use crate::error::shown;
use crate::readers::Input;
use crate::TapeError;

/// First bytes of a zstd frame.
const ZSTD: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

/// Most metadata that is read: a hundred thousand symbols have some 10 MB.
const MOST_METADATA: u32 = 64 << 20;

/// A DBN file, unpacked where it is zstd.
pub(super) struct DbnFile<'a> {
    pub(super) decoder: Decoder<Box<dyn Read + 'a>>,
    consumed: Rc<Cell<u64>>,
    broken: Rc<RefCell<Option<String>>>,
}

impl<'a> DbnFile<'a> {
    /// Returns `E_DBN` for what is no DBN file of version 1 to 3.
    pub(super) fn open(input: &'a Input) -> Result<Self, TapeError> {
        let path = input.name();
        let consumed = Rc::new(Cell::new(0));
        let mut raw = BufReader::with_capacity(1 << 16, Counted { inner: input.open()?, consumed: consumed.clone() });
        let start = raw.fill_buf().map_err(TapeError::io(path, "read"))?;
        if start.is_empty() {
            return Err(TapeError::Empty { path: path.to_owned() });
        }
        let packed = start.starts_with(&ZSTD);
        let bytes: Box<dyn Read + 'a> = if packed {
            let unpacked = zstd::stream::read::Decoder::with_buffer(raw).map_err(TapeError::io(path, "unpack"))?;
            Box::new(BufReader::with_capacity(1 << 17, unpacked))
        } else {
            Box::new(raw)
        };
        let broken = Rc::new(RefCell::new(None));
        let framed: Box<dyn Read + 'a> =
            Box::new(Framed { inner: bytes, left: Left::prelude(), broken: broken.clone() });
        // As they are: the decoder's own conversion between versions stops the program at a record that is too short.
        let decoder = Decoder::with_upgrade_policy(framed, VersionUpgradePolicy::AsIs)
            .map_err(|e| failed(path, 0, &broken, &e.to_string()))?;
        Ok(Self { decoder, consumed, broken })
    }

    /// The version of its records.
    pub(super) fn version(&self) -> u8 {
        self.decoder.metadata().version
    }

    /// Bytes of the file taken so far, packed as they are.
    pub(super) fn bytes_read(&self) -> u64 {
        self.consumed.get()
    }

    /// What an error of the decoder after some record means.
    pub(super) fn failed(&self, path: &Path, record: u64, error: &dbn::Error) -> TapeError {
        failed(path, record, &self.broken, &error.to_string())
    }

    /// Whether the file ended where a record ends; the decoder says nothing of a record that is cut off.
    pub(super) fn check_end(&self, path: &Path, record: u64) -> Result<(), TapeError> {
        match &*self.broken.borrow() {
            Some(reason) => Err(TapeError::Dbn { path: path.to_owned(), reason: after(record, reason) }),
            None => Ok(()),
        }
    }
}

fn failed(path: &Path, record: u64, broken: &RefCell<Option<String>>, error: &str) -> TapeError {
    let reason = broken.borrow().clone().unwrap_or_else(|| shown(error, 160));
    TapeError::Dbn { path: path.to_owned(), reason: after(record, &reason) }
}

fn after(record: u64, reason: &str) -> String {
    format!("after record {record}: {reason}")
}

struct Counted<R> {
    inner: R,
    consumed: Rc<Cell<u64>>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.consumed.set(self.consumed.get() + read as u64);
        Ok(read)
    }
}

/// Follows the lengths of metadata and records, so that a file that is cut off is told from one that is over.
struct Framed<R> {
    inner: R,
    left: Left,
    broken: Rc<RefCell<Option<String>>>,
}

/// What is to come until the next border.
enum Left {
    /// The first eight bytes: `DBN`, the version, the length of the metadata.
    Prelude([u8; 8], usize),
    /// So many bytes of metadata or of a record; at 0 a record or the end follows.
    Bytes(u64),
}

impl Left {
    fn prelude() -> Self {
        Self::Prelude([0; 8], 0)
    }

    /// Takes note of bytes; `Err` says what is wrong with them.
    fn pass(&mut self, mut bytes: &[u8]) -> Result<(), String> {
        while let Some(&first) = bytes.first() {
            match self {
                Self::Prelude(prelude, have) => {
                    prelude[*have] = first;
                    *have += 1;
                    bytes = &bytes[1..];
                    if *have == prelude.len() {
                        *self = Self::Bytes(metadata_length(*prelude)?);
                    }
                }
                Self::Bytes(0) => *self = Self::Bytes(record_length(first)?),
                Self::Bytes(left) => {
                    let now = (*left).min(bytes.len() as u64);
                    *left -= now;
                    bytes = &bytes[now as usize..];
                }
            }
        }
        Ok(())
    }
}

/// The length is counted in words of four bytes; the decoder stops the program at one that leaves the next record between
/// two of eight.
fn record_length(words: u8) -> Result<u64, String> {
    match u64::from(words) * 4 {
        bytes if bytes >= 16 && bytes.is_multiple_of(8) => Ok(bytes),
        bytes => Err(format!("a record has {bytes} bytes, 16 or more and a multiple of 8 are allowed: it is damaged")),
    }
}

fn metadata_length(prelude: [u8; 8]) -> Result<u64, String> {
    let [b'D', b'B', b'N', version, length @ ..] = prelude else {
        return Err("it does not begin with DBN".to_owned());
    };
    if !(1..=3).contains(&version) {
        return Err(format!("it is of version {version}, 1 to 3 are read"));
    }
    match u32::from_le_bytes(length) {
        length if length <= MOST_METADATA => Ok(u64::from(length)),
        length => Err(format!("its metadata have {length} bytes, at most {MOST_METADATA} are read")),
    }
}

impl<R: Read> Framed<R> {
    fn broken(&mut self, reason: String) -> io::Error {
        *self.broken.borrow_mut() = Some(reason.clone());
        io::Error::new(io::ErrorKind::InvalidData, reason)
    }
}

impl<R: Read> Read for Framed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        // The decoder takes an early end for the end, so no error may look like one.
        let read = match self.inner.read(buffer) {
            Err(e) if e.kind() == io::ErrorKind::Interrupted => return Err(e),
            Err(e) => return Err(self.broken(format!("{}: it is cut off or damaged", shown(&e.to_string(), 100)))),
            Ok(read) => read,
        };
        let at_border = matches!(self.left, Left::Bytes(0));
        if read == 0 && !at_border && !buffer.is_empty() {
            return Err(self.broken("it is cut off within a record: fetch it again".to_owned()));
        }
        match self.left.pass(&buffer[..read]) {
            Ok(()) => Ok(read),
            Err(reason) => Err(self.broken(reason)),
        }
    }
}
