/// Everything that a book can refuse.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BookError {
    /// A change of tick size by a fraction that is not positive.
    #[error("prices cannot be scaled by {numerator}/{denominator}: give two whole numbers above 0")]
    Scale {
        /// Numerator as given.
        numerator: i64,
        /// Denominator as given.
        denominator: i64,
    },
    /// A level that has no place on the grid of the new tick size.
    #[error(
        "the {side} level at {price_ticks} ticks times {numerator}/{denominator} is no whole 64-bit number of new ticks: \
         clear the book and take a snapshot in the new tick size"
    )]
    OffNewGrid {
        /// `bid` or `ask`.
        side: &'static str,
        /// Price in old ticks.
        price_ticks: i64,
        /// Numerator of the scale.
        numerator: i64,
        /// Denominator of the scale.
        denominator: i64,
    },
}

impl BookError {
    /// The stable code of this error, the same in Rust, TypeScript and on the command line.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Scale { .. } => "E_BOOK_SCALE",
            Self::OffNewGrid { .. } => "E_BOOK_OFF_NEW_GRID",
        }
    }
}
