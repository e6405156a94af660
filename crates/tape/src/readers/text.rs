use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use flate2::bufread::MultiGzDecoder;

use super::Input;
use crate::error::shown;
use crate::TapeError;

/// Most files in a zip.
const MOST_ENTRIES: usize = 4_096;

/// Unpacked bytes from which on a text may not be larger than [`MOST_RATIO`] times what was packed.
const FREE_BYTES: u64 = 64 << 20;

/// Market data packs to a twentieth; only a bomb packs to less than a three hundredth.
const MOST_RATIO: u64 = 300;

/// A text of an input: the file itself, unpacked where it is gzip, or one file of a zip.
pub(super) struct Text<'a> {
    path: PathBuf,
    bytes: Box<dyn BufRead + 'a>,
    consumed: Rc<Cell<u64>>,
    packing: Packing,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Packing {
    Plain,
    Gzip,
    Zip,
}

impl<'a> Text<'a> {
    /// The text of a plain or gzip file, told apart by its first two bytes.
    pub(super) fn open(input: &'a Input) -> Result<Self, TapeError> {
        let path = input.name().to_owned();
        let consumed = Rc::new(Cell::new(0));
        let counted = Counted { inner: input.open()?, consumed: consumed.clone() };
        let mut raw = BufReader::with_capacity(1 << 16, counted);
        let start = raw.fill_buf().map_err(TapeError::io(&path, "read"))?;
        let packing = if start.starts_with(&[0x1f, 0x8b]) { Packing::Gzip } else { Packing::Plain };
        let bytes: Box<dyn BufRead + 'a> = match packing {
            Packing::Gzip => Box::new(guarded(MultiGzDecoder::new(raw), &consumed)),
            _ => Box::new(raw),
        };
        Ok(Self { path, bytes, consumed, packing })
    }

    /// Hands on each text of an input in turn: that of a plain or gzip file, or those of a zip in the order of the zip.
    ///
    /// Nothing is written to disk; a zip's entry whose name is a path is refused all the same.
    ///
    /// Returns `E_ZIP` for a zip that is damaged, encrypted or a bomb, or what `visit` returns.
    pub(super) fn each(
        input: &Input,
        visit: &mut dyn FnMut(Text<'_>) -> Result<(), TapeError>,
    ) -> Result<(), TapeError> {
        if !is_zip(input)? {
            return visit(Text::open(input)?);
        }
        let path = input.name();
        let zip = |reason: String| TapeError::Zip { path: path.to_owned(), reason };
        let consumed = Rc::new(Cell::new(0));
        let source: Box<dyn ReadSeek + '_> = match input {
            Input::File(path) => Box::new(File::open(path).map_err(TapeError::io(path, "open"))?),
            Input::Bytes(_, bytes) => Box::new(Cursor::new(bytes.as_slice())),
        };
        let counted = Counted { inner: source, consumed: consumed.clone() };
        let mut archive = zip::ZipArchive::new(counted).map_err(|e| zip(shown(&e.to_string(), 160)))?;
        if archive.is_empty() || archive.len() > MOST_ENTRIES {
            return Err(zip(format!("it holds {} files, 1 to {MOST_ENTRIES} are read", archive.len())));
        }
        for index in 0..archive.len() {
            let entry = archive.by_index(index).map_err(|e| zip(shown(&e.to_string(), 160)))?;
            let name = entry.name().map_err(|e| zip(shown(&e.to_string(), 160)))?.into_owned();
            if entry.is_dir() || !is_plain_name(&name) {
                let reason = "is a path, a plain file name is allowed: pack the files without folders";
                return Err(zip(format!("its entry \"{}\" {reason}", shown(&name, 80))));
            }
            let bytes = Box::new(guarded(entry, &consumed));
            visit(Text { path: path.join(&name), bytes, consumed: consumed.clone(), packing: Packing::Zip })?;
        }
        Ok(())
    }

    /// Its name in errors; that of a file in a zip is the zip's, a slash and its own.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Bytes of the input taken so far, packed as they are.
    pub(super) fn bytes_read(&self) -> u64 {
        self.consumed.get()
    }

    pub(super) fn bytes(&mut self) -> &mut (dyn BufRead + 'a) {
        &mut *self.bytes
    }

    /// The next bytes, empty at the end; `line` is the last whole one before them.
    ///
    /// Returns `E_GZIP_TRUNCATED`, `E_GZIP`, `E_ZIP` or `E_IO`.
    pub(super) fn peek(&mut self, line: u64) -> Result<&[u8], TapeError> {
        // Asked twice, for a borrow that is returned may not be matched on first.
        if let Err(error) = self.bytes.fill_buf() {
            return Err(self.failed(line, error));
        }
        let (path, packing) = (&self.path, self.packing);
        self.bytes.fill_buf().map_err(|error| failure(path, packing, line, error))
    }

    /// What an error of the bytes means.
    pub(super) fn failed(&self, line: u64, error: io::Error) -> TapeError {
        failure(&self.path, self.packing, line, error)
    }
}

fn failure(path: &Path, packing: Packing, line: u64, error: io::Error) -> TapeError {
    let truncated = error.kind() == io::ErrorKind::UnexpectedEof;
    let damage = shown(&error.to_string(), 160);
    match packing {
        Packing::Plain => TapeError::io(path, "read")(error),
        Packing::Zip => {
            TapeError::Zip { path: path.to_owned(), reason: format!("after line {line}: {damage}: fetch it again") }
        }
        Packing::Gzip => {
            let reason = if truncated {
                "the gzip stream ends early: the file was cut off, fetch it again".to_owned()
            } else {
                format!("the gzip stream is damaged ({damage}): fetch it again")
            };
            TapeError::Compressed { path: path.to_owned(), line, reason, truncated }
        }
    }
}

fn is_zip(input: &Input) -> Result<bool, TapeError> {
    let mut start = [0; 4];
    let mut bytes = input.open()?.take(4);
    let mut read = 0;
    loop {
        match bytes.read(&mut start[read..]).map_err(TapeError::io(input.name(), "read"))? {
            0 => break,
            more => read += more,
        }
    }
    // A zip with files in it, or the directory of an empty one.
    Ok(matches!(&start[..read], b"PK\x03\x04" | b"PK\x05\x06"))
}

/// Whether a name names a file and no place: no folder, no drive, no way up.
fn is_plain_name(name: &str) -> bool {
    !name.is_empty() && name != "." && name != ".." && !name.contains(['/', '\\', ':', '\0'])
}

trait ReadSeek: Read + Seek {}
impl<T: Read + Seek> ReadSeek for T {}

/// Counts the bytes that are taken from a file.
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

impl<R: Seek> Seek for Counted<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.inner.seek(to)
    }
}

/// Stops at text that grows out of all proportion to what was packed.
struct Guarded<R> {
    inner: R,
    unpacked: u64,
    before: u64,
    consumed: Rc<Cell<u64>>,
}

fn guarded<R: Read>(inner: R, consumed: &Rc<Cell<u64>>) -> BufReader<Guarded<R>> {
    let guarded = Guarded { inner, unpacked: 0, before: consumed.get(), consumed: consumed.clone() };
    BufReader::with_capacity(1 << 18, guarded)
}

impl<R: Read> Read for Guarded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.unpacked += read as u64;
        let packed = self.consumed.get().saturating_sub(self.before);
        if self.unpacked > FREE_BYTES && self.unpacked / MOST_RATIO > packed {
            let reason = format!("{packed} packed bytes hold more than {} bytes of text", self.unpacked);
            return Err(io::Error::other(format!("{reason}, more than {MOST_RATIO} times as many: no market data")));
        }
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{write::GzEncoder, Compression};
    use std::io::Write;
    use zip::write::SimpleFileOptions;

    fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in files {
            zip.start_file(*name, SimpleFileOptions::default()).unwrap();
            zip.write_all(content).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    fn texts(bytes: Vec<u8>) -> Result<Vec<(String, String)>, TapeError> {
        let mut all = Vec::new();
        Text::each(&Input::Bytes("in".into(), bytes), &mut |mut text| {
            let mut content = String::new();
            let name = text.path().to_string_lossy().into_owned();
            text.bytes().read_to_string(&mut content).map_err(|e| text.failed(0, e))?;
            all.push((name, content));
            Ok(())
        })?;
        Ok(all)
    }

    #[test]
    fn the_texts_of_a_zip_come_one_by_one_under_their_names() {
        let all = texts(zipped(&[("b.csv", b"1"), ("a.csv", b"2")])).unwrap();
        assert_eq!(all, [("in/b.csv".to_owned(), "1".to_owned()), ("in/a.csv".to_owned(), "2".to_owned())]);
        assert_eq!(texts(b"plain".to_vec()).unwrap(), [("in".to_owned(), "plain".to_owned())]);
    }

    #[test]
    fn an_entry_that_is_a_path_is_refused() {
        for name in ["../a.csv", "/etc/a.csv", "a/b.csv", "a\\b.csv", "c:a.csv", "..", "folder/"] {
            let err = texts(zipped(&[(name, b"1")])).unwrap_err();
            assert_eq!(err.code(), "E_ZIP", "{name}");
            assert!(err.to_string().contains("plain file name"), "{err}");
        }
        assert_eq!(texts(zipped(&[])).unwrap_err().code(), "E_ZIP");
    }

    #[test]
    fn a_bomb_is_refused_before_it_is_unpacked() {
        let zeros = vec![b'0'; 200 << 20];
        let zip = texts(zipped(&[("a.csv", &zeros)])).unwrap_err();
        assert_eq!(zip.code(), "E_ZIP");
        assert!(zip.to_string().contains("no market data"), "{zip}");
        let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
        gzip.write_all(&zeros).unwrap();
        assert_eq!(texts(gzip.finish().unwrap()).unwrap_err().code(), "E_GZIP");
    }

    #[test]
    fn a_zip_cut_or_changed_at_any_byte_is_an_error_or_the_same_text() {
        let text: Vec<u8> = (0..400).flat_map(|n| format!("{},{}\n", n, n * n % 97).into_bytes()).collect();
        let whole = zipped(&[("a.csv", &text)]);
        for cut in 4..whole.len() {
            assert_eq!(texts(whole[..cut].to_vec()).unwrap_err().code(), "E_ZIP", "cut at {cut}");
        }
        for at in 4..whole.len() {
            let mut changed = whole.clone();
            changed[at] ^= 0x5a;
            if let Ok(all) = texts(changed) {
                assert!(all[0].1.as_bytes() == text, "changed at {at}: other text and no error");
            }
        }
    }
}
