/// Everything that can be wrong with an indicator's settings or a bar given to it.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum IndicatorError {
    /// A setting outside its range.
    #[error("{what} is {given}: {allowed}")]
    Setting {
        /// Which setting of which indicator, as in `ema period`.
        what: &'static str,
        /// What was given.
        given: String,
        /// What would have been accepted.
        allowed: &'static str,
    },
    /// Columns of one batch that differ in length.
    #[error("{what} has {given} values where the first column has {expected}: give columns of one length")]
    Columns {
        /// The column at fault.
        what: &'static str,
        /// Its length.
        given: usize,
        /// The length of the first column.
        expected: usize,
    },
    /// A bar that begins before the last one taken has ended.
    #[error("a bar from {open_ns} ns overlaps what was taken up to {taken_ns} ns: give each bar once, in order")]
    BarOrder {
        /// Begin of the bar given.
        open_ns: i64,
        /// End of the last bar taken.
        taken_ns: i64,
    },
    /// A bar that does not lie inside one larger bar.
    #[error("a bar from {open_ns} to {close_ns} ns lies in no single bar of {period_ns} ns: give bars that divide it")]
    BarSpan {
        /// Begin of the bar given.
        open_ns: i64,
        /// Its exclusive end.
        close_ns: i64,
        /// Length of the larger bar.
        period_ns: i64,
    },
}

impl IndicatorError {
    /// The stable code of this error, the same in Rust, TypeScript and on the command line.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Setting { .. } => "E_INDICATOR_SETTING",
            Self::Columns { .. } => "E_INDICATOR_COLUMNS",
            Self::BarOrder { .. } => "E_BAR_ORDER",
            Self::BarSpan { .. } => "E_BAR_SPAN",
        }
    }

    pub(crate) fn setting(what: &'static str, given: impl std::fmt::Display, allowed: &'static str) -> Self {
        Self::Setting { what, given: format!("{given}"), allowed }
    }
}
