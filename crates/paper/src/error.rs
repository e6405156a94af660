/// What can be wrong with a paper venue's settings or use. What happens to an order is never an error but an event with
/// a [`Reason`](crate::Reason).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PaperError {
    /// A fill model that cannot be used.
    #[error("fill model: {field}: {reason}")]
    FillModel {
        /// The field at fault.
        field: &'static str,
        /// What was given and what is allowed.
        reason: String,
    },
    /// A latency model that cannot be used.
    #[error("{leg} latency: {reason}")]
    Latency {
        /// `entry` or `response`.
        leg: &'static str,
        /// What was given and what is allowed.
        reason: String,
    },
    /// Account settings that cannot be used.
    #[error("account: {field}: {reason}")]
    Account {
        /// The field at fault.
        field: &'static str,
        /// What was given and what is allowed.
        reason: String,
    },
    /// A fault on demand that cannot be.
    #[error("fault: {reason}")]
    Fault {
        /// What was given and what is allowed.
        reason: String,
    },
    /// More instruments than an index can name.
    #[error("{given} instruments given; a paper venue takes 1 to {allowed}")]
    Instruments {
        /// How many were given.
        given: usize,
        /// How many can be taken.
        allowed: usize,
    },
    /// Orders of this instrument would be rejected.
    #[error("{instrument} cannot be traded on paper: {reason}")]
    NotTradable {
        /// Instrument id.
        instrument: String,
        /// Why not.
        reason: String,
    },
    /// Too many requests are on their way.
    #[error("{allowed} requests are on their way to the venue already: read records before sending more")]
    RequestsFull {
        /// Most requests on their way at one time.
        allowed: usize,
    },
}

impl PaperError {
    /// The stable code of this error, the same in Rust, TypeScript and on the command line.
    pub fn code(&self) -> &'static str {
        match self {
            Self::FillModel { .. } => "E_FILL_MODEL",
            Self::Latency { .. } => "E_LATENCY",
            Self::Account { .. } => "E_ACCOUNT",
            Self::Fault { .. } => "E_FAULT",
            Self::Instruments { .. } => "E_INSTRUMENTS",
            Self::NotTradable { .. } => "E_NOT_TRADABLE",
            Self::RequestsFull { .. } => "E_REQUESTS_FULL",
        }
    }
}
