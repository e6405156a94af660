use tickwright_paper::PaperError;
use tickwright_types::TypesError;

/// Everything that can go wrong in setting up or running an engine.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EngineError {
    /// A setting that cannot be used.
    #[error("{path}: {reason}")]
    Config {
        /// Where in the config.
        path: String,
        /// What was given and what is allowed.
        reason: String,
    },
    /// A definition or number that cannot be used.
    #[error(transparent)]
    Types(#[from] TypesError),
    /// The paper venue refused its settings.
    #[error(transparent)]
    Paper(#[from] PaperError),
    /// A command that the ring cannot have been given through the documented calls.
    #[error("command ring: {reason}")]
    Command {
        /// What is wrong with it.
        reason: String,
    },
    /// A record of an instrument that the engine does not have.
    #[error("record {record} is of instrument {instrument}, but the engine has {known} (0 to {})", known - 1)]
    UnknownInstrument {
        /// Number of the record, from 0.
        record: u64,
        /// Its instrument.
        instrument: u16,
        /// How many the engine has.
        known: usize,
    },
    /// A record of a kind that does not exist.
    #[error("record {record} has kind {kind}; kinds are 0 to 17")]
    UnknownKind {
        /// Number of the record, from 0.
        record: u64,
        /// Its kind.
        kind: u8,
    },
    /// A level that belongs to no side.
    #[error("record {record} is a book level of side {side}; give 0 (bid) or 1 (ask)")]
    NoSide {
        /// Number of the record, from 0.
        record: u64,
        /// Its side.
        side: u8,
    },
    /// Receive times that run backwards.
    #[error("record {record} was received at {recv_ns} ns, before the one ahead of it at {last_ns} ns")]
    TimeBackwards {
        /// Number of the record, from 0.
        record: u64,
        /// Its receive time.
        recv_ns: i64,
        /// The latest receive time so far.
        last_ns: i64,
    },
    /// A snapshot that cannot be restored.
    #[error("engine snapshot: {reason}")]
    Snapshot {
        /// What is wrong with it.
        reason: String,
    },
    /// The bounded queue cannot take more.
    #[error("the tick queue holds {capacity} records that may not be dropped; drain it before pushing more")]
    QueueFull {
        /// Its capacity.
        capacity: usize,
    },
}

impl EngineError {
    /// A fault of the config.
    pub fn config(path: impl Into<String>, reason: impl Into<String>) -> Self {
        Self::Config { path: path.into(), reason: reason.into() }
    }

    /// The same fault, that many records further on.
    pub(crate) fn further(mut self, records: u64) -> Self {
        if let Self::UnknownInstrument { record, .. }
        | Self::UnknownKind { record, .. }
        | Self::NoSide { record, .. }
        | Self::TimeBackwards { record, .. } = &mut self
        {
            *record += records;
        }
        self
    }

    /// The stable code of this error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Config { .. } => "E_CONFIG",
            Self::Types(error) => error.code(),
            Self::Paper(error) => error.code(),
            Self::UnknownInstrument { .. } => "E_UNKNOWN_INSTRUMENT",
            Self::UnknownKind { .. } | Self::NoSide { .. } => "E_TICK_RECORD",
            Self::TimeBackwards { .. } => "E_TIME_BACKWARDS",
            Self::Command { .. } => "E_COMMAND",
            Self::Snapshot { .. } => "E_SNAPSHOT",
            Self::QueueFull { .. } => "E_QUEUE_FULL",
        }
    }
}
