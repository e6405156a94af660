/// Everything that can be wrong with a number, an instrument or a buffer of ticks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TypesError {
    /// Text that is not a plain decimal number.
    #[error("{what}: {given:?} is not a decimal number: give digits with at most one dot, as in \"61800.10\"")]
    Decimal {
        /// Which number it was.
        what: String,
        /// What was given, cut to 64 characters.
        given: String,
    },
    /// A number with more digits than fit.
    #[error("{what}: {given:?} is out of range: {allowed}")]
    Range {
        /// Which number it was.
        what: String,
        /// What was given, cut to 64 characters.
        given: String,
        /// What would have been accepted.
        allowed: String,
    },
    /// A price or an order's size that is no whole number of steps.
    #[error("{instrument}: {what} {given} is not on the grid of {step}: use a multiple of {step}")]
    OffGrid {
        /// Instrument id.
        instrument: String,
        /// `price` or `size`.
        what: &'static str,
        /// What was given.
        given: String,
        /// The tick or lot size.
        step: String,
    },
    /// An instrument definition that cannot be used.
    #[error("instrument {instrument:?}: {field}: {reason}")]
    Instrument {
        /// Instrument id as given.
        instrument: String,
        /// The field at fault.
        field: &'static str,
        /// What was given and what is allowed.
        reason: String,
    },
    /// A buffer that holds no whole number of aligned records.
    #[error("a tick buffer holds whole, 8-byte-aligned records of {record} bytes; this one has {bytes} bytes")]
    TickBuffer {
        /// Length of the buffer.
        bytes: usize,
        /// Length of a record.
        record: usize,
    },
    /// A record whose kind or side is not known.
    #[error("record {index} of the tick buffer has kind {kind} and side {side}: kinds are 0 to 17, sides 0 to 2")]
    TickRecord {
        /// Place of the record in the buffer, from 0.
        index: usize,
        /// Its kind.
        kind: u8,
        /// Its side.
        side: u8,
    },
}

impl TypesError {
    /// The stable code of this error, the same in Rust, TypeScript and on the command line.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Decimal { .. } => "E_DECIMAL",
            Self::Range { .. } => "E_RANGE",
            Self::OffGrid { .. } => "E_OFF_GRID",
            Self::Instrument { .. } => "E_INSTRUMENT",
            Self::TickBuffer { .. } => "E_TICK_BUFFER",
            Self::TickRecord { .. } => "E_TICK_RECORD",
        }
    }
}

/// Cuts untrusted text before it goes into a message.
pub(crate) fn shown(text: &str) -> String {
    let mut cut: String = text.chars().take(64).collect();
    if cut.len() < text.len() {
        cut.push('…');
    }
    cut
}
