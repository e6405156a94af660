use serde::{Deserialize, Serialize};

/// The last values of a stream, a ring of fixed size.
///
/// Slots not yet filled hold the default, 0, so that a running sum may take out what it replaces without asking.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Window<T = f64> {
    values: Box<[T]>,
    next: usize,
    filled: usize,
}

/// What one value did to a [`Window`].
pub(crate) struct Pushed<T> {
    /// The value that left, 0 while the window fills.
    pub(crate) left: T,
    /// Whether the ring came round: what was pushed since the last time is now its whole content.
    pub(crate) came_round: bool,
}

impl<T: Copy + Default> Window<T> {
    pub(crate) fn new(period: u32) -> Self {
        Self { values: vec![T::default(); period as usize].into_boxed_slice(), next: 0, filled: 0 }
    }

    #[inline(always)]
    pub(crate) fn push(&mut self, x: T) -> Pushed<T> {
        let left = std::mem::replace(&mut self.values[self.next], x);
        self.filled += usize::from(self.filled < self.values.len());
        self.next += 1;
        let came_round = self.next == self.values.len();
        if came_round {
            self.next = 0;
        }
        Pushed { left, came_round }
    }

    #[inline(always)]
    pub(crate) fn len(&self) -> usize {
        self.filled
    }

    #[inline(always)]
    pub(crate) fn is_full(&self) -> bool {
        self.filled == self.values.len()
    }

    /// The value pushed `back` values before the last one, or the oldest there is; `None` if there is none.
    pub(crate) fn back(&self, back: usize) -> Option<T> {
        let newest = self.filled.checked_sub(1)?;
        let from_next = 1 + back.min(newest);
        let at = if self.next >= from_next { self.next - from_next } else { self.next + self.values.len() - from_next };
        self.values.get(at).copied()
    }

    pub(crate) fn clear(&mut self) {
        self.values.fill(T::default());
        (self.next, self.filled) = (0, 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looking_back_stops_at_the_oldest_value() {
        let mut window = Window::new(3);
        assert_eq!(window.back(0), None);
        for x in [1.0, 2.0, 3.0, 4.0] {
            window.push(x);
        }
        assert_eq!([0, 1, 2, 3].map(|back| window.back(back)), [Some(4.0), Some(3.0), Some(2.0), Some(2.0)]);
    }
}
