use std::path::Path;

use crate::readers::lines::{Line, Lines};
use crate::readers::Input;
use crate::TapeError;

use super::line::sort_time;

/// The lines of all files of a capture, merged by receive time; equal times go by the order of the files.
///
/// Captures keep each connection and each kind of request in a file of its own, so their times overlap.
pub(super) struct Inputs<'a> {
    sources: Vec<Source<'a>>,
}

/// One file and the line of it that comes next.
struct Source<'a> {
    name: &'a Path,
    lines: Lines<'a>,
    next: Vec<u8>,
    too_long: bool,
    /// Receive time of the next line, or of the last one that had a time; `None` at the end of the file.
    at_ns: Option<i64>,
}

/// A line and where it stands.
pub(super) struct Placed<'a> {
    pub(super) input: usize,
    pub(super) name: &'a Path,
    pub(super) number: u64,
    /// Bytes taken of all files so far.
    pub(super) bytes_done: u64,
    /// Its text, `None` if it was too long to be read.
    pub(super) text: Option<&'a [u8]>,
}

impl<'a> Inputs<'a> {
    /// Returns `E_EMPTY_INPUT` for a file without a line, and what opening and reading return.
    pub(super) fn open(inputs: &'a [Input]) -> Result<Self, TapeError> {
        let open = |input: &'a Input| {
            let lines = Lines::open(input)?;
            let mut source = Source { name: input.name(), lines, next: Vec::new(), too_long: false, at_ns: Some(0) };
            source.advance()?;
            match source.at_ns {
                Some(_) => Ok(source),
                None => Err(TapeError::Empty { path: input.name().to_owned() }),
            }
        };
        Ok(Self { sources: inputs.iter().map(open).collect::<Result<_, _>>()? })
    }

    /// Gives the next line to `take`; `false` at the end.
    pub(super) fn next(
        &mut self,
        take: &mut dyn FnMut(&Placed<'_>) -> Result<(), TapeError>,
    ) -> Result<bool, TapeError> {
        let earliest = |(index, source): (usize, &Source<'a>)| source.at_ns.map(|ns| (ns, index));
        let Some((_, input)) = self.sources.iter().enumerate().filter_map(earliest).min() else { return Ok(false) };
        let bytes_done = self.sources.iter().map(|source| source.lines.bytes_read()).sum();
        let source = &mut self.sources[input];
        take(&Placed {
            input,
            name: source.name,
            number: source.lines.number(),
            bytes_done,
            text: (!source.too_long).then_some(source.next.as_slice()),
        })?;
        source.advance()?;
        Ok(true)
    }
}

impl Source<'_> {
    fn advance(&mut self) -> Result<(), TapeError> {
        self.next.clear();
        match self.lines.next()? {
            Some(Line::Whole(line)) => {
                self.next.extend_from_slice(line);
                self.too_long = false;
            }
            Some(Line::TooLong) => self.too_long = true,
            None => {
                self.at_ns = None;
                return Ok(());
            }
        }
        // A line without a time, or with a bad one, follows the line before it.
        self.at_ns = sort_time(&self.next).or(self.at_ns);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn merged(files: &[&str]) -> Vec<String> {
        let inputs: Vec<Input> = files.iter().map(|text| Input::Bytes("in".into(), text.as_bytes().to_vec())).collect();
        let mut inputs = Inputs::open(&inputs).unwrap();
        let mut seen = Vec::new();
        let mut take = |placed: &Placed<'_>| {
            let text = String::from_utf8_lossy(placed.text.unwrap()).into_owned();
            seen.push(format!("{}:{} {text}", placed.input, placed.number));
            Ok(())
        };
        while inputs.next(&mut take).unwrap() {}
        seen
    }

    #[test]
    fn files_that_overlap_are_merged_by_receive_time() {
        let seen = merged(&["u <-> 9.0\n2.0: a\n4.0: b\n", "1.0: c\n2.0: d\nodd\n5.0: e"]);
        assert_eq!(
            seen,
            ["0:1 u <-> 9.0", "1:1 1.0: c", "0:2 2.0: a", "1:2 2.0: d", "1:3 odd", "0:3 4.0: b", "1:4 5.0: e"]
        );
    }

    #[test]
    fn a_time_that_goes_back_within_a_file_comes_at_once() {
        assert_eq!(
            merged(&["3.0: a\n1.0: b\n", "2.0: c\n4.0: d"]),
            ["1:1 2.0: c", "0:1 3.0: a", "0:2 1.0: b", "1:2 4.0: d"]
        );
    }

    #[test]
    fn a_file_without_a_line_is_an_error() {
        let inputs = [Input::Bytes("in".into(), Vec::new())];
        assert_eq!(Inputs::open(&inputs).err().unwrap().code(), "E_EMPTY_INPUT");
    }
}
