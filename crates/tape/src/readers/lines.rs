use std::io::{BufRead, Read};
use std::path::Path;

use super::text::Text;
use super::Input;
use crate::TapeError;

/// Longest line that is read; a snapshot of 5 000 levels a side has 0.4 MB.
pub(super) const MAX_LINE: usize = 16 << 20;

/// The lines of a text.
pub(super) struct Lines<'a> {
    text: Text<'a>,
    line: Vec<u8>,
    number: u64,
}

/// One line without its line feed.
pub(super) enum Line<'a> {
    /// A whole line.
    Whole(&'a [u8]),
    /// A line longer than [`MAX_LINE`], already passed over.
    TooLong,
}

impl<'a> Lines<'a> {
    /// Those of a plain or gzip file.
    pub(super) fn open(input: &'a Input) -> Result<Self, TapeError> {
        Ok(Self::of(Text::open(input)?))
    }

    pub(super) fn of(text: Text<'a>) -> Self {
        Self { text, line: Vec::new(), number: 0 }
    }

    /// Name of the text in errors.
    pub(super) fn path(&self) -> &Path {
        self.text.path()
    }

    /// The next bytes, empty at the end; they are still to be read.
    pub(super) fn peek(&mut self) -> Result<&[u8], TapeError> {
        self.text.peek(self.number)
    }

    /// Number of the line read last, from 1.
    pub(super) fn number(&self) -> u64 {
        self.number
    }

    /// Bytes of the file taken so far, compressed as they are.
    pub(super) fn bytes_read(&self) -> u64 {
        self.text.bytes_read()
    }

    /// The next line, or `None` at the end.
    ///
    /// Returns `E_GZIP_TRUNCATED`, `E_GZIP`, `E_ZIP` or `E_IO`.
    pub(super) fn next(&mut self) -> Result<Option<Line<'_>>, TapeError> {
        self.line.clear();
        let mut limited = self.text.bytes().take(MAX_LINE as u64 + 1);
        let read = limited.read_until(b'\n', &mut self.line);
        if read.map_err(|e| self.text.failed(self.number, e))? == 0 {
            return Ok(None);
        }
        self.number += 1;
        if self.line.len() > MAX_LINE && self.line.last() != Some(&b'\n') {
            self.skip_rest()?;
            return Ok(Some(Line::TooLong));
        }
        let line = self.line.strip_suffix(b"\n").unwrap_or(&self.line);
        Ok(Some(Line::Whole(line.strip_suffix(b"\r").unwrap_or(line))))
    }

    fn skip_rest(&mut self) -> Result<(), TapeError> {
        let skipped = self.text.bytes().skip_until(b'\n');
        skipped.map(drop).map_err(|e| self.text.failed(self.number, e))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{write::GzEncoder, Compression};
    use std::io::Write;

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    fn read(bytes: Vec<u8>) -> Result<Vec<String>, TapeError> {
        let input = Input::Bytes("in".into(), bytes);
        let mut lines = Lines::open(&input)?;
        let mut all = Vec::new();
        while let Some(line) = lines.next()? {
            all.push(match line {
                Line::Whole(line) => String::from_utf8(line.to_vec()).unwrap(),
                Line::TooLong => "too long".to_owned(),
            });
        }
        Ok(all)
    }

    #[test]
    fn plain_and_gzip_files_have_the_same_lines() {
        let text = b"one\r\ntwo\n\nfour";
        assert_eq!(read(text.to_vec()).unwrap(), ["one", "two", "", "four"]);
        assert_eq!(read(gzip(text)).unwrap(), ["one", "two", "", "four"]);
        let two_members = [gzip(b"one\n"), gzip(b"two\n")].concat();
        assert_eq!(read(two_members).unwrap(), ["one", "two"]);
    }

    #[test]
    fn a_gzip_file_cut_at_any_byte_is_an_error_that_says_so() {
        let whole = gzip(b"1 {}\n2 {}\n3 {}\n");
        for cut in 2..whole.len() {
            assert_eq!(read(whole[..cut].to_vec()).unwrap_err().code(), "E_GZIP_TRUNCATED", "cut at {cut}");
        }
    }

    #[test]
    fn a_damaged_gzip_file_is_an_error() {
        let mut bytes = gzip(&b"1 {}\n".repeat(100));
        let middle = bytes.len() - 6;
        bytes[middle] ^= 0xff;
        assert_eq!(read(bytes).unwrap_err().code(), "E_GZIP");
    }

    #[test]
    fn an_endless_line_is_passed_over_in_bounded_memory() {
        let mut text = vec![b'x'; MAX_LINE + 10];
        text.extend_from_slice(b"\nnext\n");
        assert_eq!(read(text).unwrap(), ["too long", "next"]);
    }
}
