use super::{FRAME_CELLS, INSTRUMENTS_AT, INSTRUMENT_CELLS};

/// The shared block, lent to the engine for one call.
///
/// Its fixed first part is an array of its own, so that constant cells need no bounds check.
pub struct Memory<'a> {
    fixed: &'a mut [f64; INSTRUMENTS_AT],
    regions: &'a mut [f64],
}

impl<'a> Memory<'a> {
    /// Wraps the block.
    ///
    /// # Panics
    /// If it is shorter than its fixed first part; the boundary checks the whole length once, at registration.
    #[inline(always)]
    pub fn new(cells: &'a mut [f64]) -> Self {
        let (fixed, regions) = cells.split_first_chunk_mut().expect("a block begins with its fixed part");
        Self { fixed, regions }
    }

    #[inline(always)]
    fn cell(&mut self, cell: usize) -> &mut f64 {
        if cell < INSTRUMENTS_AT {
            &mut self.fixed[cell]
        } else {
            &mut self.regions[cell - INSTRUMENTS_AT]
        }
    }

    /// A cell as a double.
    #[inline(always)]
    pub fn get(&self, cell: usize) -> f64 {
        if cell < INSTRUMENTS_AT {
            self.fixed[cell]
        } else {
            self.regions[cell - INSTRUMENTS_AT]
        }
    }

    /// Writes a cell as a double.
    #[inline(always)]
    pub fn set(&mut self, cell: usize, value: f64) {
        *self.cell(cell) = value;
    }

    /// Writes a cell as a signed integer.
    #[inline(always)]
    pub fn set_i64(&mut self, cell: usize, value: i64) {
        *self.cell(cell) = f64::from_bits(value as u64);
    }

    /// A cell as two words, low first.
    #[inline(always)]
    pub fn words(&self, cell: usize) -> (u32, u32) {
        let bits = self.get(cell).to_bits();
        (bits as u32, (bits >> 32) as u32)
    }

    /// Writes a cell as two words.
    #[inline(always)]
    pub fn set_words(&mut self, cell: usize, lo: u32, hi: u32) {
        *self.cell(cell) = f64::from_bits(u64::from(lo) | (u64::from(hi) << 32));
    }

    /// Writes the live frame.
    #[inline(always)]
    pub fn set_live(&mut self, frame: &[f64; FRAME_CELLS]) {
        self.fixed[..FRAME_CELLS].copy_from_slice(frame);
    }

    /// `count` frames from the cell `at` on, to be written one after another.
    #[inline(always)]
    pub fn frames(&mut self, at: usize, count: usize) -> &mut [[f64; FRAME_CELLS]] {
        let from = at - INSTRUMENTS_AT;
        self.regions[from..from + count * FRAME_CELLS].as_chunks_mut().0
    }

    /// The block of an instrument, which begins at `at`.
    #[inline(always)]
    pub fn instrument(&mut self, at: usize) -> &mut [f64; INSTRUMENT_CELLS] {
        let from = at - INSTRUMENTS_AT;
        (&mut self.regions[from..from + INSTRUMENT_CELLS]).try_into().expect("a slice of that length")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_share_a_cell_without_touching_each_other() {
        let mut cells = vec![0.0; INSTRUMENTS_AT];
        let mut memory = Memory::new(&mut cells);
        memory.set_words(9, 0xFFFF_FFFF, 7);
        assert_eq!(memory.words(9), (0xFFFF_FFFF, 7));
    }
}
