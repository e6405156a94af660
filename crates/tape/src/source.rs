use tickwright_types::{Instrument, Tick};

use crate::TapeError;

/// Records of a fixed set of instruments in the order received, a block at a time.
///
/// A source may be moved to another thread, so that blocks are decoded ahead of their use.
pub trait TickSource: Send {
    /// The definitions; a record's instrument is an index into them.
    fn instruments(&self) -> &[Instrument];

    /// How many records there are in all, where that is known.
    fn ticks_total(&self) -> Option<u64>;

    /// Replaces `block` by the next records and returns whether there were any.
    ///
    /// After an error or `false` there are no more.
    fn next_block(&mut self, block: &mut Vec<Tick>) -> Result<bool, TapeError>;

    /// The blocks as an iterator, each a vector of its own: what a thread that reads ahead sends on.
    fn blocks(self) -> Blocks<Self>
    where
        Self: Sized,
    {
        Blocks { source: self, done: false }
    }

    /// Every record at once.
    fn read_all(&mut self) -> Result<Vec<Tick>, TapeError> {
        let mut all = Vec::with_capacity(self.ticks_total().unwrap_or(0).min(1 << 26) as usize);
        let mut block = Vec::new();
        while self.next_block(&mut block)? {
            all.extend_from_slice(&block);
        }
        Ok(all)
    }
}

impl<S: TickSource + ?Sized> TickSource for Box<S> {
    fn instruments(&self) -> &[Instrument] {
        (**self).instruments()
    }

    fn ticks_total(&self) -> Option<u64> {
        (**self).ticks_total()
    }

    fn next_block(&mut self, block: &mut Vec<Tick>) -> Result<bool, TapeError> {
        (**self).next_block(block)
    }
}

/// The blocks of a source, see [`TickSource::blocks`].
pub struct Blocks<S> {
    source: S,
    done: bool,
}

impl<S: TickSource> Iterator for Blocks<S> {
    type Item = Result<Vec<Tick>, TapeError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        let mut block = Vec::new();
        let next = self.source.next_block(&mut block);
        self.done = !matches!(next, Ok(true));
        match next {
            Ok(true) => Some(Ok(block)),
            Ok(false) => None,
            Err(e) => Some(Err(e)),
        }
    }
}

/// Records in memory as a source: a vector, a mapped cache, anything that lends a slice.
pub struct MemorySource<T> {
    ticks: T,
    instruments: Vec<Instrument>,
    next: usize,
}

/// Records in a block of a [`MemorySource`].
const MEMORY_BLOCK: usize = 16_384;

impl<T: AsRef<[Tick]> + Send> MemorySource<T> {
    /// Records that belong to these instruments.
    pub fn new(ticks: T, instruments: Vec<Instrument>) -> Self {
        Self { ticks, instruments, next: 0 }
    }
}

impl<T: AsRef<[Tick]> + Send> TickSource for MemorySource<T> {
    fn instruments(&self) -> &[Instrument] {
        &self.instruments
    }

    fn ticks_total(&self) -> Option<u64> {
        Some(self.ticks.as_ref().len() as u64)
    }

    fn next_block(&mut self, block: &mut Vec<Tick>) -> Result<bool, TapeError> {
        let rest = &self.ticks.as_ref()[self.next..];
        let taken = &rest[..rest.len().min(MEMORY_BLOCK)];
        block.clear();
        block.extend_from_slice(taken);
        self.next += taken.len();
        Ok(!block.is_empty())
    }
}
