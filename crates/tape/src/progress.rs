use serde::Serialize;

use crate::TapeError;

/// What a long operation is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Reading a recording or tape; `done` and `total` are bytes of the input files, or ticks of a tape.
    Read,
    /// Writing a tape or cache; `done` and `total` are ticks.
    Write,
}

/// How far a long operation has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Progress {
    /// What is being done.
    pub stage: Stage,
    /// How much of it is done.
    pub done: u64,
    /// How much there is to do.
    pub total: u64,
    /// Ticks so far.
    pub ticks: u64,
}

/// What the caller answers to [`Progress`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// Go on.
    Continue,
    /// Stop: the operation returns [`TapeError::Cancelled`] and leaves nothing behind.
    Cancel,
}

/// Who is told how far it has come; called a few times per million ticks.
pub type OnProgress<'a> = &'a mut dyn FnMut(Progress) -> Flow;

/// A listener that never cancels and shows nothing.
pub fn quiet(_: Progress) -> Flow {
    Flow::Continue
}

pub(crate) fn report(on_progress: OnProgress<'_>, progress: Progress) -> Result<(), TapeError> {
    match on_progress(progress) {
        Flow::Continue => Ok(()),
        Flow::Cancel => Err(TapeError::Cancelled),
    }
}
