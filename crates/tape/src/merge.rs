use std::path::{Path, PathBuf};

use tickwright_types::{Instrument, InstrumentSpec, Tick};

use crate::metadata::check_instruments;
use crate::writer::{fault, TapeOptions, TapeWriter};
use crate::{OnProgress, Progress, Stage, TapeError, TapeInfo, TapeReader, TickSource};

/// Records in a block.
const BLOCK: usize = 8_192;

/// Several sources as one, by (receive time, instrument, sequence): records of one source keep their order, and of
/// records received at the same time those of the instrument named first come first.
///
/// The instruments of all sources are one list, in the order met; one that several sources define alike is one
/// instrument. Costs about 5 ns a record for two sources.
pub struct Merge {
    instruments: Vec<Instrument>,
    heads: Vec<Head>,
    ticks_total: Option<u64>,
    done: bool,
}

/// One source and the record it has to give next.
struct Head {
    source: Box<dyn TickSource>,
    /// Index of the merged list for each of the source's own.
    remap: Vec<u16>,
    block: Vec<Tick>,
    next: usize,
}

impl Merge {
    /// Merges sources; the names are for errors.
    ///
    /// Returns `E_INSTRUMENT_CONFLICT` if two define an instrument differently, or what their first blocks return.
    pub fn new(sources: Vec<(PathBuf, Box<dyn TickSource>)>) -> Result<Self, TapeError> {
        let mut instruments: Vec<Instrument> = Vec::new();
        let ticks_total = sources.iter().map(|(_, source)| source.ticks_total()).sum();
        let mut heads = Vec::with_capacity(sources.len());
        for (name, source) in sources {
            let indices = source.instruments().iter().map(|instrument| place(&mut instruments, instrument, &name));
            let remap = indices.collect::<Result<Vec<u16>, TapeError>>()?;
            let mut head = Head { source, remap, block: Vec::new(), next: 0 };
            if head.refill()? {
                heads.push(head);
            }
        }
        check_instruments(&instruments)?;
        Ok(Self { instruments, heads, ticks_total, done: false })
    }

    /// Merges tapes.
    pub fn of_tapes(paths: &[PathBuf]) -> Result<Self, TapeError> {
        let open = |path: &PathBuf| -> Result<(PathBuf, Box<dyn TickSource>), TapeError> {
            Ok((path.clone(), Box::new(TapeReader::open(path)?)))
        };
        Self::new(paths.iter().map(open).collect::<Result<_, _>>()?)
    }

    fn fill(&mut self, block: &mut Vec<Tick>) -> Result<(), TapeError> {
        while block.len() < BLOCK {
            let Some(first) = (0..self.heads.len()).min_by_key(|&at| (self.heads[at].key(), at)) else { return Ok(()) };
            // As long as this source stays first, its records are taken without looking at the others again.
            let others = (0..self.heads.len()).filter(|&at| at != first);
            let limit = others.map(|at| (self.heads[at].key(), at)).min();
            let head = &mut self.heads[first];
            while block.len() < BLOCK && limit.is_none_or(|limit| (head.key(), first) < limit) {
                block.push(head.take());
                if head.next == head.block.len() && !head.refill()? {
                    self.heads.remove(first);
                    break;
                }
            }
        }
        Ok(())
    }
}

impl TickSource for Merge {
    fn instruments(&self) -> &[Instrument] {
        &self.instruments
    }

    fn ticks_total(&self) -> Option<u64> {
        self.ticks_total
    }

    fn next_block(&mut self, block: &mut Vec<Tick>) -> Result<bool, TapeError> {
        block.clear();
        if self.done {
            return Ok(false);
        }
        let filled = self.fill(block);
        self.done = filled.is_err() || block.is_empty();
        if filled.is_err() {
            block.clear();
        }
        filled.map(|()| !block.is_empty())
    }
}

impl Head {
    fn key(&self) -> (i64, u16) {
        let tick = &self.block[self.next];
        (tick.recv_ns, tick.instrument)
    }

    fn take(&mut self) -> Tick {
        self.next += 1;
        self.block[self.next - 1]
    }

    fn refill(&mut self) -> Result<bool, TapeError> {
        self.next = 0;
        if !self.source.next_block(&mut self.block)? {
            return Ok(false);
        }
        for tick in &mut self.block {
            if let Some(reason) = fault(tick, self.remap.len()) {
                return Err(TapeError::Record { index: 0, reason });
            }
            tick.instrument = self.remap[usize::from(tick.instrument)];
        }
        Ok(true)
    }
}

/// The index of an instrument in the merged list, added if it is new.
fn place(merged: &mut Vec<Instrument>, instrument: &Instrument, name: &Path) -> Result<u16, TapeError> {
    let at = match merged.iter().position(|known| known.id() == instrument.id()) {
        Some(at) if merged[at] == *instrument => at,
        Some(at) => {
            return Err(TapeError::InstrumentConflict {
                path: name.to_owned(),
                instrument: instrument.id().to_owned(),
                field: first_difference(merged[at].spec(), instrument.spec()),
            })
        }
        None => {
            merged.push(instrument.clone());
            merged.len() - 1
        }
    };
    u16::try_from(at).map_err(|_| TapeError::Option {
        option: "inputs",
        reason: format!("they have more than {} instruments", u16::MAX),
    })
}

/// The first key in which two definitions differ.
pub(crate) fn first_difference(a: &InstrumentSpec, b: &InstrumentSpec) -> String {
    let fields = |spec| serde_json::to_value(spec).unwrap_or_default();
    let (a, b) = (fields(a), fields(b));
    let names =
        |v: &serde_json::Value| v.as_object().map(|o| o.keys().cloned().collect::<Vec<_>>()).unwrap_or_default();
    names(&a).into_iter().chain(names(&b)).find(|name| a.get(name) != b.get(name)).unwrap_or_default()
}

/// Writes several tapes as one.
///
/// Returns what reading and writing return, `E_INSTRUMENT_CONFLICT` or `E_CANCELLED`.
pub fn merge(
    inputs: &[PathBuf],
    out: &Path,
    overwrite: bool,
    on_progress: OnProgress<'_>,
) -> Result<TapeInfo, TapeError> {
    let infos = inputs.iter().map(|path| Ok(TapeReader::open(path)?.info().clone()));
    let infos = infos.collect::<Result<Vec<TapeInfo>, TapeError>>()?;
    let source = Merge::of_tapes(inputs)?;
    write_tape(source, out, options_of(&infos, overwrite), on_progress)
}

/// What a tape made of these tapes states: sums of their counts, and their shift if they have the same.
pub(crate) fn options_of(infos: &[TapeInfo], overwrite: bool) -> TapeOptions {
    let shift = infos.first().and_then(|info| info.exch_shift_ns);
    TapeOptions {
        overwrite,
        exch_shift_ns: shift.filter(|_| infos.iter().all(|info| info.exch_shift_ns == shift)),
        off_lot: infos.iter().map(|info| info.off_lot).sum(),
        skipped: infos.iter().map(|info| info.skipped).sum(),
    }
}

/// Writes all records of a source as a tape.
pub(crate) fn write_tape(
    mut source: impl TickSource,
    out: &Path,
    options: TapeOptions,
    on_progress: OnProgress<'_>,
) -> Result<TapeInfo, TapeError> {
    let mut writer = TapeWriter::create(out, source.instruments().to_vec(), options)?;
    let (mut block, mut done, total) = (Vec::new(), 0, source.ticks_total().unwrap_or(0));
    while source.next_block(&mut block)? {
        writer.write(&block)?;
        done += block.len() as u64;
        let progress = Progress { stage: Stage::Write, done, total: total.max(done), ticks: done };
        crate::progress::report(on_progress, progress)?;
    }
    writer.finish()
}
