use std::fs::File;
use std::io::{BufWriter, Read, Seek, Write};
use std::path::{Path, PathBuf};

use tickwright_types::Tick;

use crate::TapeError;

/// Records read back at once.
const BLOCK: usize = 16_384;

/// Records on their way to a tape, in a file without a name that vanishes with the process.
///
/// What is added to exchange times is known only after the last record: this keeps memory bounded until then.
pub(crate) struct Spool {
    file: BufWriter<File>,
    beside: PathBuf,
    ticks: u64,
}

impl Spool {
    /// A spool on the disk of `target`.
    pub(crate) fn beside(target: &Path) -> Result<Self, TapeError> {
        let folder = crate::publish::folder_of(target);
        let file = tempfile::tempfile_in(folder).map_err(TapeError::io(target, "create a temporary file beside"))?;
        Ok(Self { file: BufWriter::with_capacity(1 << 20, file), beside: target.to_owned(), ticks: 0 })
    }

    pub(crate) fn push(&mut self, ticks: &[Tick]) -> Result<(), TapeError> {
        self.ticks += ticks.len() as u64;
        self.file.write_all(bytemuck::cast_slice(ticks)).map_err(self.failed())
    }

    pub(crate) fn ticks(&self) -> u64 {
        self.ticks
    }

    /// Hands every record back in order; `each` may change them.
    pub(crate) fn drain(mut self, mut each: impl FnMut(&mut [Tick]) -> Result<(), TapeError>) -> Result<(), TapeError> {
        let failed = self.failed();
        let rewind = |file: &mut BufWriter<File>| {
            file.flush()?;
            file.get_mut().rewind()
        };
        rewind(&mut self.file).map_err(failed)?;
        let mut block = vec![Tick::of(tickwright_types::TickKind::Timer); BLOCK];
        let mut left = self.ticks;
        while left > 0 {
            let now = &mut block[..left.min(BLOCK as u64) as usize];
            let read = self.file.get_mut().read_exact(bytemuck::cast_slice_mut(now));
            read.map_err(self.failed())?;
            each(now)?;
            left -= now.len() as u64;
        }
        Ok(())
    }

    fn failed(&self) -> impl FnOnce(std::io::Error) -> TapeError {
        TapeError::io(&self.beside, "use the temporary file beside")
    }
}
