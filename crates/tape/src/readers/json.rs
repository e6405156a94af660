use std::path::Path;

use super::feed::Fault;
use super::lines::MAX_LINE;
use super::text::Text;
use crate::error::shown;
use crate::{RowError, RowFault, TapeError};

/// Deepest nesting of arrays and objects; a message with levels has three.
const MOST_DEPTH: u32 = 32;

/// The values of a JSON text one after the other: the elements of its array, or its only object.
///
/// Memory is one value, whatever the length of the text. Brackets and strings are followed here; what a value holds is
/// the reader's matter.
pub(super) struct JsonValues<'a> {
    text: Text<'a>,
    value: Vec<u8>,
    /// Where the next byte stands, from 1.
    line: u64,
    column: u64,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Start,
    /// In the array: before its first value.
    Open,
    /// In the array: after a value.
    After,
    /// After the last bracket.
    End,
}

/// One value as it stands in the text.
#[derive(Clone, Copy)]
pub(super) struct Value<'a> {
    pub(super) json: &'a [u8],
    line: u64,
    column: u64,
}

impl<'a> Value<'a> {
    /// Line of the text at which a fault lies, and the fault with its column there.
    ///
    /// Faults of a value count columns from 1 at its first byte, over all of its lines.
    pub(super) fn placed(self, fault: Fault) -> (u64, Fault) {
        let before = &self.json[..(fault.column.saturating_sub(1) as usize).min(self.json.len())];
        let feeds = feeds_in(before).0;
        let in_line = before.iter().rev().take_while(|&&b| b != b'\n').count() as u64;
        let column = if feeds == 0 { self.column + in_line } else { in_line + 1 };
        (self.line + feeds, Fault::at(column, fault.fault))
    }

    /// The value as a type of the reader.
    pub(super) fn parse<T: serde::Deserialize<'a>>(self) -> Result<T, Fault> {
        let text = std::str::from_utf8(self.json)
            .map_err(|e| Fault::at(e.valid_up_to() as u64 + 1, RowFault::Json("the text is not UTF-8".to_owned())))?;
        serde_json::from_str(text).map_err(|e| {
            let reason = e.to_string();
            let reason = reason.split(" at line ").next().unwrap_or(&reason);
            Fault::at(self.offset(&e) as u64 + 1, RowFault::Json(shown(reason, 160)))
        })
    }

    /// Where `part` of the value stands in it, from 1.
    pub(super) fn column_of(self, part: &str) -> u64 {
        let offset = (part.as_ptr() as usize).wrapping_sub(self.json.as_ptr() as usize);
        if offset < self.json.len() {
            offset as u64 + 1
        } else {
            1
        }
    }

    fn offset(self, error: &serde_json::Error) -> usize {
        let feeds = error.line().saturating_sub(1);
        let start: usize = self.json.split_inclusive(|&b| b == b'\n').take(feeds).map(<[u8]>::len).sum();
        (start + error.column().saturating_sub(1)).min(self.json.len().saturating_sub(1))
    }
}

impl<'a> JsonValues<'a> {
    pub(super) fn of(text: Text<'a>) -> Self {
        Self { text, value: Vec::new(), line: 1, column: 1, state: State::Start }
    }

    pub(super) fn path(&self) -> &Path {
        self.text.path()
    }

    pub(super) fn bytes_read(&self) -> u64 {
        self.text.bytes_read()
    }

    /// The next value, or `None` at the end.
    ///
    /// Returns `E_JSON` where the text is no array of values nor an object, `E_LINE_TOO_LONG` for a value beyond all
    /// measure, or what the text returns. None of them can be skipped: what follows has no certain begin.
    pub(super) fn next(&mut self) -> Result<Option<Value<'_>>, TapeError> {
        loop {
            match (self.state, self.first()?) {
                (State::End, None) => return Ok(None),
                (State::End, Some(_)) => return Err(self.fault("the text goes on after its end")),
                (State::Start, Some(b'[')) => {
                    self.take()?;
                    self.state = State::Open;
                }
                (State::Start, Some(b'{')) => {
                    self.state = State::End;
                    return self.scan().map(Some);
                }
                (State::Start, _) => return Err(self.fault("neither an array nor an object begins here")),
                (State::Open | State::After, Some(b']')) => {
                    self.take()?;
                    self.state = State::End;
                }
                (State::After, Some(b',')) => {
                    self.take()?;
                    if matches!(self.first()?, None | Some(b',' | b']')) {
                        return Err(self.fault("a value was expected after the comma"));
                    }
                    return self.scan().map(Some);
                }
                (State::Open, Some(byte)) if byte != b',' => {
                    self.state = State::After;
                    return self.scan().map(Some);
                }
                (State::Open | State::After, Some(_)) => return Err(self.fault("a comma or the end was expected")),
                (State::Open | State::After, None) => return Err(self.fault("the array is not closed: cut off?")),
            }
        }
    }

    /// Takes the value that begins at the next byte.
    fn scan(&mut self) -> Result<Value<'_>, TapeError> {
        self.value.clear();
        let (line, column) = (self.line, self.column);
        let mut scan = Scan::default();
        loop {
            let bytes = self.text.peek(self.line - 1)?;
            if bytes.is_empty() && scan.is_scalar() {
                break;
            }
            if bytes.is_empty() {
                return Err(self.fault("the text ends within a value: cut off?"));
            }
            let (taken, done) = scan.over(bytes);
            self.value.extend_from_slice(&bytes[..taken]);
            let (feeds, last) = feeds_in(&bytes[..taken]);
            self.line += feeds;
            self.column = if feeds == 0 { self.column + taken as u64 } else { (taken - last) as u64 };
            self.text.bytes().consume(taken);
            if self.value.len() > MAX_LINE {
                return Err(self.refused(RowFault::TooLong(MAX_LINE)));
            }
            match done {
                Done::No => {}
                Done::Yes => break,
                Done::TooDeep => return Err(self.fault(&format!("nested deeper than {MOST_DEPTH}"))),
                Done::Unopened => return Err(self.fault("a bracket closes what was not opened")),
            }
        }
        Ok(Value { json: &self.value, line, column })
    }

    /// The next byte that is no white space.
    fn first(&mut self) -> Result<Option<u8>, TapeError> {
        loop {
            let start = self.state == State::Start && (self.line, self.column) == (1, 1);
            let bytes = self.text.peek(self.line - 1)?;
            match bytes.first() {
                // A byte order mark, as some editors leave it.
                Some(0xef) if start && bytes.starts_with(b"\xef\xbb\xbf") => {
                    self.text.bytes().consume(3);
                    self.column += 3;
                }
                Some(b' ' | b'\t' | b'\r' | b'\n') => self.take()?,
                other => return Ok(other.copied()),
            }
        }
    }

    /// Passes over the next byte.
    fn take(&mut self) -> Result<(), TapeError> {
        let is_feed = self.text.peek(self.line - 1)?.first() == Some(&b'\n');
        self.text.bytes().consume(1);
        (self.line, self.column) = if is_feed { (self.line + 1, 1) } else { (self.line, self.column + 1) };
        Ok(())
    }

    fn fault(&self, reason: &str) -> TapeError {
        self.refused(RowFault::Json(reason.to_owned()))
    }

    fn refused(&self, fault: RowFault) -> TapeError {
        let file = self.path().to_owned();
        TapeError::Row(Box::new(RowError { file, line: self.line, column: self.column, fault }))
    }
}

/// How many line feeds there are, and the place of the last one.
fn feeds_in(bytes: &[u8]) -> (u64, usize) {
    let feeds = bytes.split(|&b| b == b'\n').count() - 1;
    (feeds as u64, bytes.iter().rposition(|&b| b == b'\n').unwrap_or(0))
}

/// Where a value's end lies, seen over pieces of it.
#[derive(Default)]
struct Scan {
    depth: u32,
    in_text: bool,
    escaped: bool,
    begun: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Done {
    No,
    Yes,
    TooDeep,
    Unopened,
}

impl Scan {
    /// Whether what was seen is a number or a word, which the end of the text may end.
    fn is_scalar(&self) -> bool {
        self.begun && self.depth == 0 && !self.in_text
    }

    /// How many of these bytes belong to the value, and whether it ends with them.
    fn over(&mut self, bytes: &[u8]) -> (usize, Done) {
        for (at, &byte) in bytes.iter().enumerate() {
            if self.in_text {
                match byte {
                    _ if self.escaped => self.escaped = false,
                    b'\\' => self.escaped = true,
                    b'"' => {
                        self.in_text = false;
                        if self.depth == 0 {
                            return (at + 1, Done::Yes);
                        }
                    }
                    _ => {}
                }
                continue;
            }
            match byte {
                b'"' => self.in_text = true,
                b'[' | b'{' if self.depth == MOST_DEPTH => return (at, Done::TooDeep),
                b'[' | b'{' => self.depth += 1,
                b']' | b'}' | b',' | b' ' | b'\t' | b'\r' | b'\n' if self.depth == 0 => {
                    return (at, if self.begun { Done::Yes } else { Done::Unopened });
                }
                b']' | b'}' => {
                    self.depth -= 1;
                    if self.depth == 0 {
                        return (at + 1, Done::Yes);
                    }
                }
                _ => {}
            }
            self.begun = true;
        }
        (bytes.len(), Done::No)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::readers::Input;
    use proptest::prelude::*;

    fn values(text: &[u8]) -> Result<Vec<String>, TapeError> {
        let input = Input::Bytes("in".into(), text.to_vec());
        let mut values = JsonValues::of(Text::open(&input)?);
        let mut all = Vec::new();
        while let Some(value) = values.next()? {
            all.push(String::from_utf8_lossy(value.json).into_owned());
        }
        Ok(all)
    }

    #[test]
    fn the_elements_of_an_array_and_an_object_alone_are_values() {
        assert_eq!(
            values(br#" [ {"a":[1,"]}\""]} , [2] ,3, "x" , null ] "#).unwrap(),
            [r#"{"a":[1,"]}\""]}"#, "[2]", "3", r#""x""#, "null"]
        );
        assert_eq!(values(b"\xef\xbb\xbf{\"a\":1}\n").unwrap(), [r#"{"a":1}"#]);
        assert!(values(b"[]").unwrap().is_empty());
    }

    #[test]
    fn a_text_that_is_no_array_names_the_place() {
        let cases: [(&[u8], u64, u64); 11] = [
            (b"", 1, 1),
            (b"x", 1, 1),
            (b"[1,]", 1, 4),
            (b"[1 2]", 1, 4),
            (b"[,1]", 1, 2),
            (b"[1,\n2", 2, 2),
            (b"[{\"a\":\n1", 2, 2),
            (b"[\"a", 1, 4),
            (b"[1]]", 1, 4),
            (b"{}{}", 1, 3),
            (b"[1}", 1, 3),
        ];
        for (text, line, column) in cases {
            let err = values(text).unwrap_err();
            let shown = String::from_utf8_lossy(text).into_owned();
            assert_eq!((err.code(), err.line(), err.column()), ("E_JSON", Some(line), Some(column)), "{shown}: {err}");
        }
    }

    #[test]
    fn nesting_and_length_have_limits() {
        let deep = "[".repeat(10_000);
        assert!(values(deep.as_bytes()).unwrap_err().to_string().contains("nested deeper than 32"));
        let long = format!("[\"{}\"]", "x".repeat(MAX_LINE));
        assert_eq!(values(long.as_bytes()).unwrap_err().code(), "E_LINE_TOO_LONG");
    }

    #[test]
    fn a_fault_in_a_value_is_placed_in_the_text() {
        let input = Input::Bytes("in".into(), b"[1,\n {\"a\": 1,\n  \"b\": x}]".to_vec());
        let mut values = JsonValues::of(Text::open(&input).unwrap());
        values.next().unwrap();
        let value = values.next().unwrap().unwrap();
        let fault = value.parse::<serde_json::Value>().unwrap_err();
        let (line, fault) = value.placed(fault);
        assert_eq!((line, fault.column), (3, 8));
        let (line, fault) = value.placed(Fault::at(2, fault.fault));
        assert_eq!((line, fault.column), (2, 3));
    }

    proptest! {
        #[test]
        fn what_serde_writes_is_split_into_the_same_elements(
            texts in prop::collection::vec("[\\x00-\\x7f]{0,8}", 0..8), pretty: bool,
        ) {
            let array: Vec<serde_json::Value> =
                texts.iter().enumerate().map(|(n, t)| serde_json::json!({"t": t, "n": [n, t]})).collect();
            let text = if pretty { serde_json::to_string_pretty(&array) } else { serde_json::to_string(&array) }.unwrap();
            let split = values(text.as_bytes()).unwrap();
            let again: Vec<serde_json::Value> = split.iter().map(|v| serde_json::from_str(v).unwrap()).collect();
            prop_assert_eq!(again, array);
        }

        #[test]
        fn no_text_panics(text in "[\\[\\]{},\":\\\\ a1\n]{0,40}") {
            let _ = values(text.as_bytes());
        }
    }
}
