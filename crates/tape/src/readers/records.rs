//! What the readers of CSV and JSON share: files and the texts in them one after the other, their rows or values, and
//! the place of each fault.

use std::path::Path;

use super::csv::{CsvRow, Fields};
use super::feed::{Fault, Feed};
use super::json::{JsonValues, Value};
use super::lines::{Line, Lines, MAX_LINE};
use super::text::Text;
use super::ReadRequest;
use crate::{RowError, RowFault, TapeError};

/// What a format makes of rows and values.
///
/// A row or value whose outcome is a fault has changed nothing. Its records go to [`Feed::add`] after the last check,
/// which is that of the order.
pub(super) trait Records {
    /// Begins a text, which has this name; whether it is to be read.
    fn begin(&mut self, path: &Path, feed: &mut Feed<'_>) -> Result<bool, TapeError> {
        let _ = (path, feed);
        Ok(true)
    }

    /// Learns the columns from the first row of a CSV text, and says whether that is a header.
    fn header(&mut self, row: CsvRow<'_>) -> Result<bool, Fault>;

    /// A row of a CSV text.
    fn row(&mut self, row: CsvRow<'_>, feed: &mut Feed<'_>) -> Result<(), Fault>;

    /// A value of a JSON text.
    fn value(&mut self, value: Value<'_>, feed: &mut Feed<'_>) -> Result<(), Fault> {
        let _ = (value, feed);
        Err(Fault::at(1, RowFault::Json("this format is CSV, not JSON".to_owned())))
    }

    /// The error of an input without a row.
    fn empty(&self, path: &Path) -> TapeError {
        TapeError::Empty { path: path.to_owned() }
    }

    /// Gives up where rows before have shown that there is no use in going on.
    fn check(&mut self) -> Result<(), TapeError> {
        Ok(())
    }

    /// The end of the last text.
    fn finish(&mut self, feed: &mut Feed<'_>) -> Result<(), TapeError> {
        let _ = feed;
        Ok(())
    }
}

/// Reads every text of every input: CSV, or JSON where it begins with a bracket.
pub(super) fn read(request: &ReadRequest, feed: &mut Feed<'_>, records: &mut impl Records) -> Result<(), TapeError> {
    let mut bytes_before = 0;
    for input in &request.inputs {
        let mut rows = 0;
        Text::each(input, &mut |mut text| {
            let path = text.path().to_owned();
            if records.begin(&path, feed)? {
                let json = is_json(text.peek(0)?);
                rows += if json {
                    read_json(JsonValues::of(text), feed, records, bytes_before)?
                } else {
                    read_csv(Lines::of(text), feed, records, bytes_before)?
                };
            }
            Ok(())
        })?;
        if rows == 0 {
            return Err(records.empty(input.name()));
        }
        bytes_before += input.length()?;
    }
    records.finish(feed)
}

fn is_json(start: &[u8]) -> bool {
    let start = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start);
    matches!(start.iter().find(|b| !b.is_ascii_whitespace()), Some(b'[' | b'{'))
}

fn read_csv(
    mut lines: Lines<'_>,
    feed: &mut Feed<'_>,
    records: &mut impl Records,
    bytes_before: u64,
) -> Result<u64, TapeError> {
    let (path, mut fields, mut rows, mut first) = (lines.path().to_owned(), Fields::default(), 0, true);
    while let Some(line) = lines.next()? {
        let outcome = match line {
            Line::Whole(line) if first => {
                let line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
                let learnt = fields.split(line).and_then(|row| Ok((row, records.header(row)?)));
                first = false;
                match learnt {
                    Ok((_, true)) => continue,
                    Ok((row, false)) => records.row(row, feed),
                    // Without a header no row can be read: this one is not skipped.
                    Err(fault) => return Err(refused(&path, 1, fault)),
                }
            }
            Line::Whole(line) => fields.split(line).and_then(|row| records.row(row, feed)),
            Line::TooLong if first => return Err(refused(&path, 1, Fault::at(1, RowFault::TooLong(MAX_LINE)))),
            Line::TooLong => Err(Fault::at(1, RowFault::TooLong(MAX_LINE))),
        };
        rows += 1;
        feed.row_done(&path, lines.number(), bytes_before + lines.bytes_read(), outcome)?;
        records.check()?;
    }
    Ok(rows)
}

fn refused(path: &Path, line: u64, Fault { column, fault }: Fault) -> TapeError {
    TapeError::Row(Box::new(RowError { file: path.to_owned(), line, column, fault }))
}

fn read_json(
    mut values: JsonValues<'_>,
    feed: &mut Feed<'_>,
    records: &mut impl Records,
    bytes_before: u64,
) -> Result<u64, TapeError> {
    let (path, mut rows) = (values.path().to_owned(), 0);
    while let Some(value) = values.next()? {
        rows += 1;
        let outcome = records.value(value, feed);
        let (line, _) = value.placed(Fault::at(1, RowFault::Json(String::new())));
        let (line, outcome) = match outcome {
            Ok(()) => (line, Ok(())),
            Err(fault) => {
                let (line, fault) = value.placed(fault);
                (line, Err(fault))
            }
        };
        feed.row_done(&path, line, bytes_before + values.bytes_read(), outcome)?;
        records.check()?;
    }
    Ok(rows)
}
