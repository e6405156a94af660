use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use crate::Tick;

/// Memory that holds ticks for as long as it lives.
///
/// # Safety
/// Every call of `ticks` on one value must return the same slice, and its records must not change while the value
/// lives.
#[allow(unsafe_code)]
pub unsafe trait TickOwner: Send + Sync {
    /// The records.
    fn ticks(&self) -> &[Tick];
}

// SAFETY: a `Vec` behind a shared reference neither moves its elements nor changes them; `Tick` has no cell inside.
#[allow(unsafe_code)]
unsafe impl TickOwner for Vec<Tick> {
    fn ticks(&self) -> &[Tick] {
        self
    }
}

/// A shared run of ticks, in memory or mapped from a file: cheap to clone, read as a slice without indirection.
///
/// ```
/// use tickwright_types::{Tick, TickBlock, TickKind};
/// let block = TickBlock::from(vec![Tick::of(TickKind::Trade); 3]);
/// assert_eq!(block.clone().len(), 3);
/// ```
#[derive(Clone)]
pub struct TickBlock {
    ticks: *const [Tick],
    // Keeps what `ticks` points at alive.
    _owner: Arc<dyn TickOwner>,
}

// SAFETY: the records are read only and their owner is `Send + Sync`.
#[allow(unsafe_code)]
unsafe impl Send for TickBlock {}
// SAFETY: as above.
#[allow(unsafe_code)]
unsafe impl Sync for TickBlock {}

impl TickBlock {
    /// Shares the ticks of that owner.
    pub fn new(owner: Arc<dyn TickOwner>) -> Self {
        Self { ticks: std::ptr::from_ref(owner.ticks()), _owner: owner }
    }
}

impl From<Vec<Tick>> for TickBlock {
    fn from(ticks: Vec<Tick>) -> Self {
        Self::new(Arc::new(ticks))
    }
}

impl Deref for TickBlock {
    type Target = [Tick];

    #[inline(always)]
    #[allow(unsafe_code)]
    fn deref(&self) -> &[Tick] {
        // SAFETY: the pointer came from `owner.ticks()`, which the owner promises to keep unchanged, and the owner lives
        // as long as this block.
        unsafe { &*self.ticks }
    }
}

impl fmt::Debug for TickBlock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TickBlock({} ticks)", self.len())
    }
}
