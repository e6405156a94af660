use serde::{Deserialize, Serialize};

use super::sums::Sums;
use super::Window;

/// Sums over the last values of a stream.
///
/// They have 32 digits and start afresh each time the ring comes round, so that they neither drift nor lose small
/// values beside a large one that passes through.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(bound = "")]
pub(crate) struct Rolling<S: Sums> {
    sums: S,
    /// The sums of what came since the ring last came round.
    fresh: S,
    window: Window<S::Item>,
}

impl<S: Sums> Rolling<S> {
    pub(crate) fn new(period: u32) -> Self {
        Self { sums: S::default(), fresh: S::default(), window: Window::new(period) }
    }

    #[inline(always)]
    pub(crate) fn push(&mut self, item: S::Item) {
        let pushed = self.window.push(item);
        self.sums.put(item, 1.0);
        self.sums.put(pushed.left, -1.0);
        self.fresh.put(item, 1.0);
        if pushed.came_round {
            self.sums = std::mem::take(&mut self.fresh);
        }
    }

    #[inline(always)]
    pub(crate) fn sums(&self) -> &S {
        &self.sums
    }

    #[inline(always)]
    pub(crate) fn len(&self) -> usize {
        self.window.len()
    }

    #[inline(always)]
    pub(crate) fn is_full(&self) -> bool {
        self.window.is_full()
    }

    pub(crate) fn clear(&mut self) {
        self.window.clear();
        (self.sums, self.fresh) = (S::default(), S::default());
    }
}
