use std::path::Path;

use crate::readers::csv::{CsvRow, Fields};
use crate::readers::feed::Fault;
use crate::readers::lines::{Line, Lines, MAX_LINE};
use crate::readers::text::Text;
use crate::readers::{Input, ReadRequest};
use crate::{RowError, RowFault, TapeError};

/// Fields of a message; a row of the book has four for each level.
const MESSAGE_FIELDS: usize = 6;

/// The messages of a day and, where they are given, the books.
pub(super) struct Files<'a> {
    pub(super) messages: Rows<'a>,
    pub(super) books: Option<Rows<'a>>,
}

impl<'a> Files<'a> {
    /// Tells messages from books by their number of fields, whichever comes first.
    pub(super) fn open(request: &'a ReadRequest) -> Result<Self, TapeError> {
        let [mut messages, mut books] = [Vec::new(), Vec::new()];
        for input in &request.inputs {
            let (rows, fields) = Rows::open(input)?;
            match fields {
                MESSAGE_FIELDS => messages.push(rows),
                n if n > 0 && n.is_multiple_of(4) => books.push(rows),
                n => {
                    let reason = format!(
                        "the row has {n} fields: a message has {MESSAGE_FIELDS}, a row of the book four for each level"
                    );
                    return Err(rows.first_error(reason));
                }
            }
        }
        let given = (messages.len(), books.len());
        if let (Some(messages), books, (1, 0 | 1)) = (messages.pop(), books.pop(), given) {
            return Ok(Self { messages, books });
        }
        let reason = format!(
            "{} files of messages and {} of books were given: give the one of messages of a day, and with it the one of \
             books or none",
            given.0, given.1
        );
        Err(TapeError::Option { option: "inputs", reason })
    }
}

/// The rows of one file, with or without a header.
pub(super) struct Rows<'a> {
    lines: Lines<'a>,
}

impl<'a> Rows<'a> {
    /// The rows and how many fields the first has.
    fn open(input: &'a Input) -> Result<(Self, usize), TapeError> {
        let mut text = Text::open(input)?;
        let start = text.peek(0)?;
        if start.is_empty() {
            return Err(TapeError::Empty { path: input.name().to_owned() });
        }
        let first = start.split(|&byte| byte == b'\n').next().unwrap_or_default();
        let fields = first.split(|&byte| byte == b',').count();
        Ok((Self { lines: Lines::of(text) }, fields))
    }

    pub(super) fn path(&self) -> &Path {
        self.lines.path()
    }

    pub(super) fn number(&self) -> u64 {
        self.lines.number()
    }

    pub(super) fn bytes_read(&self) -> u64 {
        self.lines.bytes_read()
    }

    /// The next row that is no header.
    pub(super) fn next<'b>(
        &'b mut self,
        fields: &'b mut Fields,
    ) -> Result<Option<Result<CsvRow<'b>, Fault>>, TapeError> {
        if self.lines.number() == 0 && self.begins_with_header()? {
            self.lines.next()?;
        }
        Ok(self.lines.next()?.map(|line| match line {
            Line::Whole(line) => fields.split(line),
            Line::TooLong => Err(Fault::at(1, RowFault::TooLong(MAX_LINE))),
        }))
    }

    /// A row begins with a number, a header with a word.
    fn begins_with_header(&mut self) -> Result<bool, TapeError> {
        let start = self.lines.peek()?;
        let start = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start);
        Ok(start.first().is_some_and(u8::is_ascii_alphabetic))
    }

    /// A fault of the row read last.
    pub(super) fn error(&self, fault: Fault) -> TapeError {
        let (file, line) = (self.path().to_owned(), self.number());
        TapeError::Row(Box::new(RowError { file, line, column: fault.column, fault: fault.fault }))
    }

    fn first_error(&self, reason: String) -> TapeError {
        let fault = RowFault::Field(reason);
        TapeError::Row(Box::new(RowError { file: self.path().to_owned(), line: 1, column: 1, fault }))
    }
}
