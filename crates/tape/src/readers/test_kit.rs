//! What the tests of text readers share: one way to read, and every hostile input there is.

use std::io::{Cursor, Write};

use flate2::{write::GzEncoder, Compression};
use tickwright_types::{Instrument, Tick};

use super::lines::MAX_LINE;
use super::{Input, ReadReport, ReadRequest, Reader};
use crate::{quiet, TapeError};

pub(super) fn instrument(symbol: &str, kind: &str, tick_size: &str, lot_size: &str) -> Instrument {
    let text = format!(
        r#"{{"id":"X","venue":"v","symbol":"{symbol}","kind":"{kind}","tick_size":"{tick_size}",
            "lot_size":"{lot_size}","base":"B","quote":"Q","settlement":"Q"}}"#
    );
    serde_json::from_str(&text).unwrap()
}

/// A reader with what it needs and the name of its file.
pub(super) struct Case {
    pub(super) reader: &'static str,
    pub(super) file: &'static str,
    pub(super) request: ReadRequest,
}

impl Case {
    pub(super) fn new(reader: &'static str, file: &'static str, instrument: Instrument) -> Self {
        Self { reader, file, request: ReadRequest::new(Vec::new(), vec![instrument]) }
    }

    pub(super) fn read(&self, bytes: &[u8]) -> Result<(Vec<Tick>, ReadReport), TapeError> {
        self.read_tolerating(bytes, 0)
    }

    pub(super) fn read_tolerating(&self, bytes: &[u8], skip_bad: u64) -> Result<(Vec<Tick>, ReadReport), TapeError> {
        let inputs = vec![Input::Bytes(self.file.into(), bytes.to_vec())];
        let request = ReadRequest { inputs, skip_bad, ..self.request.clone() };
        let mut ticks = Vec::new();
        let mut take = |block: &[Tick]| {
            ticks.extend_from_slice(block);
            Ok(())
        };
        let report = Reader::by_name(self.reader)?.read(&request, &mut take, &mut quiet)?;
        assert_eq!(report.ticks, ticks.len() as u64);
        Ok((ticks, report))
    }

    /// Holds that a text with one bad line is refused with code, line and column of the fault, and that it is read
    /// without that line where one bad row is tolerated.
    pub(super) fn refuses(&self, good: &[&str], bad: (usize, &str), code: &str, at: &str) {
        let (line, row) = bad;
        let mut lines = good.to_vec();
        lines.insert(line - 1, row);
        let text = lines.join("\n");
        let err = self.read(text.as_bytes()).unwrap_err();
        let column = row.find(at).unwrap_or_else(|| panic!("{row:?} does not have {at:?}")) as u64 + 1;
        assert_eq!((err.code(), err.line(), err.column()), (code, Some(line as u64), Some(column)), "{row}: {err}");
        assert!(err.to_string().contains(self.file) && !err.reason().is_empty(), "{err}");
        let (ticks, report) = self.read_tolerating(text.as_bytes(), 1).unwrap();
        assert_eq!((report.bad_rows.len(), report.bad_rows[0].code()), (1, code), "{row}");
        let (without, _) = self.read(good.join("\n").as_bytes()).unwrap();
        let prices = |ticks: &[Tick]| ticks.iter().map(|t| (t.price_ticks, t.size_lots, t.kind)).collect::<Vec<_>>();
        assert_eq!(prices(&ticks), prices(&without), "{row}: a bad row changed something");
    }

    /// Holds that nothing in the world makes the reader panic, and that each error names file and reason.
    pub(super) fn survives(&self, good: &str) {
        self.read(good.as_bytes()).unwrap();
        let refused = |bytes: &[u8], what: &str| {
            let err = self.read(bytes).err().unwrap_or_else(|| panic!("{what} was read"));
            assert!(err.code().starts_with("E_") && !err.reason().is_empty(), "{what}: {err}");
            err
        };
        for cut in 0..good.len() {
            self.ends_well(&good.as_bytes()[..cut]);
        }
        for at in 0..good.len() {
            for flip in [0x01, 0x20, 0x5a, 0xff] {
                let mut changed = good.as_bytes().to_vec();
                changed[at] ^= flip;
                self.ends_well(&changed);
            }
        }
        let first = good.lines().next().unwrap_or_default();
        let long = [first.as_bytes(), b"\n", &vec![b'7'; 4 * MAX_LINE]].concat();
        refused(&long, "a line of 64 MB");
        refused(&[first.as_bytes(), b"\n", &vec![b'['; 10_000]].concat(), "nesting 10 000 deep");
        refused(&vec![b'['; 10_000], "nesting 10 000 deep from the beginning");
        refused(&[first.as_bytes(), b"\n\xff\xfe\n"].concat(), "text that is not UTF-8");
        assert_eq!(refused(b"", "nothing").code(), "E_EMPTY_INPUT");
        assert_eq!(refused(&zipped("../up.csv", good.as_bytes()), "a path in a zip").code(), "E_ZIP");
        let bomb = zipped("a.csv", &vec![b'\n'; 80 << 20]);
        refused(&bomb, "a bomb");
        let gzip = gzipped(good.as_bytes());
        assert_eq!(self.read(&gzip).unwrap().0, self.read(good.as_bytes()).unwrap().0);
        assert_eq!(refused(&gzip[..gzip.len() / 2], "half a gzip").code(), "E_GZIP_TRUNCATED");
    }

    fn ends_well(&self, bytes: &[u8]) {
        for skip_bad in [0, 1_000] {
            if let Err(err) = self.read_tolerating(bytes, skip_bad) {
                assert!(err.code().starts_with("E_") && !err.reason().is_empty(), "{err}");
                let placed = err.line().is_none_or(|line| line > 0) && err.column().is_none_or(|column| column > 0);
                assert!(placed, "{err}");
            }
        }
    }
}

pub(super) fn zipped(name: &str, content: &[u8]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
    zip.write_all(content).unwrap();
    zip.finish().unwrap().into_inner()
}

fn gzipped(content: &[u8]) -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(content).unwrap();
    gzip.finish().unwrap()
}
