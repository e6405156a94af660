use std::fmt::{self, Write};
use std::io;
use std::path::{Path, PathBuf};

use tickwright_types::TypesError;

/// Everything that can be wrong with a tape, its cache or a recording that is read.
///
/// Each variant has a stable [`code`](TapeError::code); text taken from files is cut and escaped, paths are quoted.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TapeError {
    /// The operating system refused.
    #[error("{path:?}: cannot {action}: {source}")]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What was tried.
        action: &'static str,
        /// What the system said.
        source: io::Error,
    },
    /// The output is there already.
    #[error("{path:?} exists already: choose another name or allow overwriting")]
    Exists {
        /// The file that would have been replaced.
        path: PathBuf,
    },
    /// A Parquet file without what makes it a tape.
    #[error("{path:?} is not a tape: {reason}")]
    NotATape {
        /// The file.
        path: PathBuf,
        /// What is missing.
        reason: String,
    },
    /// A tape of another format version.
    #[error(
        "{path:?} is a tape of version {found}, this build reads version {supported}: convert the recording again"
    )]
    Version {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: String,
        /// The version that is read.
        supported: u32,
    },
    /// A file that is cut off or damaged.
    #[error("{path:?} is cut off or damaged: {reason}: fetch or convert it again")]
    Corrupt {
        /// The file.
        path: PathBuf,
        /// What was found.
        reason: String,
    },
    /// Records that are not those the hash was taken of.
    #[error("{path:?}: its records have the hash {found}, it states {stated}: it was changed or damaged")]
    Hash {
        /// The file.
        path: PathBuf,
        /// What its metadata say.
        stated: String,
        /// What its records give.
        found: String,
    },
    /// A row of a recording that cannot be used.
    #[error(transparent)]
    Row(Box<RowError>),
    /// A compressed recording that ends early or is damaged.
    #[error("{path:?}: after line {line}: {reason}")]
    Compressed {
        /// The file.
        path: PathBuf,
        /// Last whole line that was read.
        line: u64,
        /// What was found.
        reason: String,
        /// Whether the stream just ends early.
        truncated: bool,
    },
    /// A zip that is damaged, encrypted, a bomb, or holds what is no plain file.
    #[error("{path:?} is not a zip of recordings: {reason}")]
    Zip {
        /// The file, or the file in it.
        path: PathBuf,
        /// What was found and what was expected.
        reason: String,
    },
    /// A recording without a single record.
    #[error("{path:?} holds no records: was it cut off while it was copied?")]
    Empty {
        /// The file.
        path: PathBuf,
    },
    /// A `.npz` file that is not as the format says.
    #[error("{path:?} is not a hftbacktest v2 file: {reason}")]
    Npz {
        /// The file.
        path: PathBuf,
        /// What was found and what was expected.
        reason: String,
    },
    /// A file of Databento that is not as the encoding says.
    #[error("{path:?} is not a whole DBN file: {reason}")]
    Dbn {
        /// The file.
        path: PathBuf,
        /// What was found, and after which record.
        reason: String,
    },
    /// Symbols of a recording for which no instrument was given.
    #[error("no instrument was given for {}: name one for each, or choose symbols (only)", listed(symbols))]
    UnknownSymbols {
        /// The symbols, sorted.
        symbols: Vec<String>,
    },
    /// A choice, option or combination that makes no sense.
    #[error("{option}: {reason}")]
    Option {
        /// The option's name.
        option: &'static str,
        /// What was given and what is allowed.
        reason: String,
    },
    /// A reader that does not exist.
    #[error("{given:?} is no reader; there are: {known}")]
    UnknownReader {
        /// What was given.
        given: String,
        /// The names that exist.
        known: String,
    },
    /// Depth changes without the book they change.
    #[error(
        "{symbol:?}: {messages} depth messages and no snapshot before them: put the file with the snapshot first, or \
         allow a missing snapshot (the book is then incomplete and flagged so)"
    )]
    NoSnapshot {
        /// The symbol.
        symbol: String,
        /// How many depth messages wait.
        messages: u64,
    },
    /// Two tapes that define an instrument differently.
    #[error("{path:?} defines instrument {instrument:?} otherwise than the tapes before it: {field} differs")]
    InstrumentConflict {
        /// The later tape.
        path: PathBuf,
        /// The instrument's id.
        instrument: String,
        /// The first key that differs.
        field: String,
    },
    /// A file that is no segment of a recorder, or whose header is damaged.
    #[error("{path:?} is no whole segment of a recorder: {reason}: move it away to read the others")]
    Segment {
        /// The file.
        path: PathBuf,
        /// What was found and what was expected.
        reason: String,
    },
    /// A recorder that could not write.
    #[error("{path:?}: the recorder stopped: {reason}: start a new one, it goes on in a segment of its own")]
    RecorderStopped {
        /// The segment that it wrote to.
        path: PathBuf,
        /// The first error.
        reason: String,
    },
    /// Records that may not be written to a tape.
    #[error("record {index}: {reason}")]
    Record {
        /// Place of the record, from 0.
        index: u64,
        /// What is wrong with it.
        reason: String,
    },
    /// An instrument definition or number that cannot be used.
    #[error(transparent)]
    Types(#[from] TypesError),
    /// The caller asked to stop.
    #[error("stopped on request: nothing was left under the final name")]
    Cancelled,
}

impl TapeError {
    /// The stable code of this error, the same in Rust, TypeScript and on the command line.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Io { source, .. } if source.kind() == io::ErrorKind::NotFound => "E_NOT_FOUND",
            Self::Io { .. } => "E_IO",
            Self::Exists { .. } => "E_EXISTS",
            Self::NotATape { .. } => "E_NOT_A_TAPE",
            Self::Version { .. } => "E_TAPE_VERSION",
            Self::Corrupt { .. } => "E_TAPE_CORRUPT",
            Self::Hash { .. } => "E_TAPE_HASH",
            Self::Row(row) => row.code(),
            Self::Compressed { truncated: true, .. } => "E_GZIP_TRUNCATED",
            Self::Compressed { .. } => "E_GZIP",
            Self::Zip { .. } => "E_ZIP",
            Self::Empty { .. } => "E_EMPTY_INPUT",
            Self::Npz { .. } => "E_NPZ",
            Self::Dbn { .. } => "E_DBN",
            Self::UnknownSymbols { .. } => "E_UNKNOWN_SYMBOL",
            Self::Option { .. } => "E_OPTION",
            Self::UnknownReader { .. } => "E_UNKNOWN_READER",
            Self::NoSnapshot { .. } => "E_NO_SNAPSHOT",
            Self::InstrumentConflict { .. } => "E_INSTRUMENT_CONFLICT",
            Self::Segment { .. } => "E_SEGMENT",
            Self::RecorderStopped { .. } => "E_RECORDER_STOPPED",
            Self::Record { .. } => "E_RECORD",
            Self::Types(types) => types.code(),
            Self::Cancelled => "E_CANCELLED",
        }
    }

    /// The file it speaks of.
    pub fn file(&self) -> Option<&Path> {
        match self {
            Self::Io { path, .. }
            | Self::Exists { path }
            | Self::NotATape { path, .. }
            | Self::Version { path, .. }
            | Self::Corrupt { path, .. }
            | Self::Hash { path, .. }
            | Self::Compressed { path, .. }
            | Self::Zip { path, .. }
            | Self::Empty { path }
            | Self::Segment { path, .. }
            | Self::RecorderStopped { path, .. }
            | Self::Npz { path, .. }
            | Self::Dbn { path, .. }
            | Self::InstrumentConflict { path, .. } => Some(path),
            Self::Row(row) => Some(&row.file),
            _ => None,
        }
    }

    /// The line (text) or row (binary formats) it speaks of, from 1.
    pub fn line(&self) -> Option<u64> {
        match self {
            Self::Row(row) => Some(row.line),
            Self::Compressed { line, .. } => Some(*line),
            _ => None,
        }
    }

    /// The byte (text) or field (binary formats) in that line, from 1.
    pub fn column(&self) -> Option<u64> {
        match self {
            Self::Row(row) => Some(row.column),
            _ => None,
        }
    }

    /// What is wrong, without file, line and column.
    pub fn reason(&self) -> String {
        match self {
            Self::Row(row) => row.fault.to_string(),
            Self::NotATape { reason, .. }
            | Self::Corrupt { reason, .. }
            | Self::Compressed { reason, .. }
            | Self::Npz { reason, .. }
            | Self::Dbn { reason, .. }
            | Self::Zip { reason, .. }
            | Self::Segment { reason, .. }
            | Self::RecorderStopped { reason, .. }
            | Self::Option { reason, .. }
            | Self::Record { reason, .. } => reason.clone(),
            other => other.to_string(),
        }
    }

    pub(crate) fn io(path: &Path, action: &'static str) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { path, action, source }
    }

    pub(crate) fn corrupt(path: &Path, reason: impl fmt::Display) -> Self {
        Self::Corrupt { path: path.to_owned(), reason: shown(&reason.to_string(), 200) }
    }
}

/// One row of a recording that cannot be used, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file:?}, line {line}, column {column}: {fault}")]
pub struct RowError {
    /// The file.
    pub file: PathBuf,
    /// Line (text) or row (binary formats), from 1.
    pub line: u64,
    /// Byte (text) or field (binary formats) in that line, from 1.
    pub column: u64,
    /// What is wrong there.
    pub fault: RowFault,
}

impl RowError {
    /// The stable code of the fault.
    pub fn code(&self) -> &'static str {
        self.fault.code()
    }
}

/// What can be wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RowFault {
    /// Text that is not the JSON it should be.
    #[error("{0}")]
    Json(String),
    /// A field that is absent or of the wrong kind.
    #[error("{0}")]
    Field(String),
    /// A number that is malformed, out of range or off the grid.
    #[error(transparent)]
    Number(TypesError),
    /// A size below zero.
    #[error("size {0} is below zero")]
    NegativeSize(String),
    /// A price below zero where the venue has none.
    #[error("price {0} is below zero")]
    NegativePrice(String),
    /// A receive time before the one of the row before.
    #[error("receive time {ns} lies before {before_ns} of the row before: rows must be in the order received")]
    Backwards {
        /// This row's time.
        ns: i64,
        /// The time of the row before.
        before_ns: i64,
    },
    /// A time that is no time.
    #[error("{0}")]
    Time(String),
    /// A line that is longer than any message.
    #[error("the line is longer than {0} bytes")]
    TooLong(usize),
    /// A record of a kind that this reader does not know.
    #[error("{0}")]
    Event(String),
}

impl RowFault {
    /// The stable code of this fault.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Json(_) => "E_JSON",
            Self::Field(_) => "E_FIELD",
            Self::Number(types) => types.code(),
            Self::NegativeSize(_) => "E_NEGATIVE_SIZE",
            Self::NegativePrice(_) => "E_NEGATIVE_PRICE",
            Self::Backwards { .. } => "E_TIME_BACKWARDS",
            Self::Time(_) => "E_TIME",
            Self::TooLong(_) => "E_LINE_TOO_LONG",
            Self::Event(_) => "E_EVENT",
        }
    }
}

/// Cuts and escapes text that came from a file before it goes into a message.
pub(crate) fn shown(text: &str, most: usize) -> String {
    let mut cut: String = text.chars().take(most).flat_map(char::escape_debug).collect();
    if text.chars().nth(most).is_some() {
        cut.push('…');
    }
    cut
}

/// A path, quoted and escaped.
pub(crate) fn quoted(path: &Path) -> String {
    format!("{:?}", path.to_string_lossy())
}

fn listed(symbols: &[String]) -> String {
    let mut text = symbols.iter().take(20).map(|s| shown(s, 64)).collect::<Vec<_>>().join(", ");
    if symbols.len() > 20 {
        let _ = write!(text, " and {} more", symbols.len() - 20);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_error_names_file_line_column_and_reason() {
        let row =
            RowError { file: "a\u{1b}b.gz".into(), line: 7, column: 12, fault: RowFault::NegativeSize("-1".into()) };
        let err = TapeError::Row(Box::new(row));
        assert_eq!((err.code(), err.line(), err.column()), ("E_NEGATIVE_SIZE", Some(7), Some(12)));
        assert_eq!(err.to_string(), r#""a\u{1b}b.gz", line 7, column 12: size -1 is below zero"#);
    }

    #[test]
    fn a_long_list_of_symbols_is_cut() {
        let err = TapeError::UnknownSymbols { symbols: (0..30).map(|n| format!("S{n}")).collect() };
        assert!(err.to_string().contains("S19 and 10 more"), "{err}");
    }
}
