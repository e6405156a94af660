use tickwright_types::{Tick, TickBlock};

/// Records copied at a time where several runs of ticks are merged or repeated.
const CHUNK: usize = 16_384;

/// Where the records come from: one run of ticks, several merged, one repeated, or what is pushed.
#[derive(Debug)]
pub(crate) struct Source {
    current: Current,
    pos: usize,
    feed: Feed,
}

#[derive(Debug)]
enum Current {
    Shared(TickBlock),
    Chunk(Vec<Tick>),
}

#[derive(Debug)]
enum Feed {
    /// Nothing after the current run.
    Done,
    /// Several runs, merged by (receive time, instrument, place in its run).
    Merge(Vec<Lane>),
    /// One run again and again, each time later by `shift_ns`.
    Repeat { ticks: TickBlock, shift_ns: i64, at: usize, left: u64, round: i64 },
    /// Whatever is pushed next.
    Live,
}

#[derive(Debug)]
struct Lane {
    ticks: TickBlock,
    at: usize,
    /// Engine's index of each instrument of the run.
    instruments: Vec<u16>,
}

impl Lane {
    fn head(&self) -> Option<Tick> {
        let mut tick = *self.ticks.get(self.at)?;
        tick.instrument = self.instruments.get(tick.instrument as usize).copied().unwrap_or(u16::MAX);
        Some(tick)
    }
}

impl Source {
    pub(crate) fn empty() -> Self {
        Self { current: Current::Chunk(Vec::new()), pos: 0, feed: Feed::Done }
    }

    pub(crate) fn one(ticks: TickBlock) -> Self {
        Self { current: Current::Shared(ticks), pos: 0, feed: Feed::Done }
    }

    /// Merges runs of ticks; each comes with the engine's index of its instruments.
    pub(crate) fn merged(runs: Vec<(TickBlock, Vec<u16>)>) -> Self {
        let lanes = runs.into_iter().map(|(ticks, instruments)| Lane { ticks, at: 0, instruments }).collect();
        Self { current: Current::Chunk(Vec::with_capacity(CHUNK)), pos: 0, feed: Feed::Merge(lanes) }
    }

    /// Repeats a run of ticks, each round later than the one before by the run's length and one second.
    pub(crate) fn repeated(ticks: TickBlock, rounds: u64) -> Self {
        let shift_ns = match (ticks.first(), ticks.last()) {
            (Some(first), Some(last)) => last.recv_ns - first.recv_ns + 1_000_000_000,
            _ => 0,
        };
        let feed = Feed::Repeat { ticks, shift_ns, at: 0, left: rounds, round: 0 };
        Self { current: Current::Chunk(Vec::with_capacity(CHUNK)), pos: 0, feed }
    }

    pub(crate) fn live() -> Self {
        Self { current: Current::Chunk(Vec::new()), pos: 0, feed: Feed::Live }
    }

    pub(crate) fn is_live(&self) -> bool {
        matches!(self.feed, Feed::Live)
    }

    /// The records at hand and the place of the next one among them.
    #[inline(always)]
    pub(crate) fn rest(&mut self) -> (&[Tick], &mut usize) {
        let ticks = match &self.current {
            Current::Shared(block) => &block[..],
            Current::Chunk(chunk) => &chunk[..],
        };
        (ticks, &mut self.pos)
    }

    /// Brings the next records to hand once the present ones are used up; false at the end.
    #[inline(never)]
    pub(crate) fn refill(&mut self) -> bool {
        let Current::Chunk(chunk) = &mut self.current else { return false };
        chunk.clear();
        match &mut self.feed {
            Feed::Done | Feed::Live => {}
            Feed::Merge(lanes) => merge(lanes, chunk),
            Feed::Repeat { ticks, shift_ns, at, left, round } => {
                while *left > 0 && chunk.len() < CHUNK && !ticks.is_empty() {
                    let end = (*at + CHUNK - chunk.len()).min(ticks.len());
                    chunk.extend(ticks[*at..end].iter().map(|tick| later(tick, *round * *shift_ns)));
                    *at = end;
                    if end == ticks.len() {
                        (*at, *left, *round) = (0, *left - 1, *round + 1);
                    }
                }
            }
        }
        self.pos = 0;
        !chunk.is_empty()
    }

    /// The chunk of a live source, for the queue to write into.
    pub(crate) fn live_chunk(&mut self) -> Option<&mut Vec<Tick>> {
        if !self.is_live() {
            return None;
        }
        self.pos = 0;
        match &mut self.current {
            Current::Chunk(chunk) => Some(chunk),
            Current::Shared(_) => None,
        }
    }

    /// How many records are left, of a live source those at hand.
    pub(crate) fn remaining(&self) -> u64 {
        let current = match &self.current {
            Current::Shared(block) => block.len(),
            Current::Chunk(chunk) => chunk.len(),
        };
        let behind = match &self.feed {
            Feed::Done | Feed::Live => 0,
            Feed::Merge(lanes) => lanes.iter().map(|lane| (lane.ticks.len() - lane.at) as u64).sum(),
            Feed::Repeat { ticks, at, left, .. } => (ticks.len() as u64).saturating_mul(*left) - *at as u64,
        };
        ((current - self.pos) as u64).saturating_add(behind)
    }

    /// Passes over that many records; false if there are fewer.
    pub(crate) fn skip(&mut self, mut records: u64) -> bool {
        while records > 0 {
            let (ticks, pos) = self.rest();
            let step = ((ticks.len() - *pos) as u64).min(records);
            *pos += step as usize;
            records -= step;
            if records > 0 && !self.refill() {
                return false;
            }
        }
        true
    }
}

fn merge(lanes: &mut [Lane], chunk: &mut Vec<Tick>) {
    while chunk.len() < CHUNK {
        let next = lanes
            .iter()
            .enumerate()
            .filter_map(|(index, lane)| lane.head().map(|tick| (tick.recv_ns, tick.instrument, index, tick)))
            .min_by_key(|&(recv_ns, instrument, index, _)| (recv_ns, instrument, index));
        let Some((_, _, index, tick)) = next else { return };
        lanes[index].at += 1;
        chunk.push(tick);
    }
}

fn later(tick: &Tick, shift_ns: i64) -> Tick {
    Tick { recv_ns: tick.recv_ns + shift_ns, exch_ns: tick.exch_ns + shift_ns, ..*tick }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tickwright_types::TickKind;

    fn run(times: &[i64]) -> TickBlock {
        times.iter().map(|&recv_ns| Tick { recv_ns, ..Tick::of(TickKind::Trade) }).collect::<Vec<_>>().into()
    }

    fn drain(source: &mut Source) -> Vec<(i64, u16)> {
        let mut out = Vec::new();
        loop {
            let (ticks, pos) = source.rest();
            out.extend(ticks[*pos..].iter().map(|t| (t.recv_ns, t.instrument)));
            *pos = ticks.len();
            if !source.refill() {
                return out;
            }
        }
    }

    #[test]
    fn merged_runs_come_in_receive_order_and_ties_go_to_the_lower_instrument() {
        let mut source = Source::merged(vec![(run(&[1, 5, 5]), vec![1]), (run(&[2, 5]), vec![0])]);
        assert_eq!(drain(&mut source), [(1, 1), (2, 0), (5, 0), (5, 1), (5, 1)]);
    }

    #[test]
    fn a_repeated_run_goes_on_a_second_after_its_last_record() {
        let mut source = Source::repeated(run(&[10, 20]), 2);
        assert_eq!(drain(&mut source), [(10, 0), (20, 0), (1_000_000_020, 0), (1_000_000_030, 0)]);
    }

    #[test]
    fn skipping_lands_on_the_same_record_as_reading() {
        let times: Vec<i64> = (0..40_000).collect();
        let mut source = Source::repeated(run(&times), 3);
        assert_eq!(source.remaining(), 120_000);
        assert!(source.skip(100_001));
        assert_eq!(source.remaining(), 19_999);
        let (ticks, pos) = source.rest();
        assert_eq!(ticks[*pos].recv_ns, 2 * (39_999 + 1_000_000_000) + 20_001);
        assert!(!source.skip(20_000));
    }
}
