use serde::{Deserialize, Serialize};

/// The largest of the last values: a queue of those that no later one has passed, which falls from front to back.
///
/// A value comes in and goes out once, so that an update costs the same on average, whatever the period; one that
/// passes many costs a step for each.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct MonotonicQueue {
    /// A ring of values and of how many came before each.
    waiting: Box<[(f64, u64)]>,
    front: usize,
    len: usize,
    taken: u64,
}

impl MonotonicQueue {
    pub(crate) fn new(period: u32) -> Self {
        Self { waiting: vec![(0.0, 0); period as usize].into_boxed_slice(), front: 0, len: 0, taken: 0 }
    }

    #[inline]
    pub(crate) fn push(&mut self, x: f64) {
        let period = self.waiting.len();
        if self.len > 0 && self.taken - self.waiting[self.front].1 >= period as u64 {
            self.front = self.place(1);
            self.len -= 1;
        }
        while self.len > 0 && self.waiting[self.place(self.len - 1)].0 <= x {
            self.len -= 1;
        }
        let back = self.place(self.len);
        self.waiting[back] = (x, self.taken);
        self.len += 1;
        self.taken += 1;
    }

    #[inline(always)]
    fn place(&self, from_front: usize) -> usize {
        let at = self.front + from_front;
        if at < self.waiting.len() {
            at
        } else {
            at - self.waiting.len()
        }
    }

    /// The largest value there is, NaN before the first.
    #[inline(always)]
    pub(crate) fn largest(&self) -> f64 {
        if self.len == 0 {
            f64::NAN
        } else {
            self.waiting[self.front].0
        }
    }

    #[inline(always)]
    pub(crate) fn is_full(&self) -> bool {
        self.taken >= self.waiting.len() as u64
    }

    pub(crate) fn clear(&mut self) {
        self.waiting.fill((0.0, 0));
        (self.front, self.len, self.taken) = (0, 0, 0);
    }
}
