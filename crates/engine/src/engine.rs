use serde::{Deserialize, Serialize};
use tickwright_paper::{Account, MatchOn, PaperVenue};
use tickwright_types::{Tick, TickBlock, TickKind};

use crate::config::EngineConfig;
use crate::instruments::{clear_block, Market, Top};
use crate::interests::{Every, Interests};
use crate::lane::{Lane, Left};
use crate::layout::{cell, hit, instrument_cell, status, Layout, Memory, FRAME_CELLS};
use crate::orders::OwnOrders;
use crate::queue::TickQueue;
use crate::source::Source;
use crate::wake::Wake;
use crate::EngineError;

/// A venue: its own clock, its matching, and the account as we know it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Venue {
    pub name: String,
    /// Running maximum of the venue's own times.
    pub time_ns: i64,
    pub paper: PaperVenue,
    pub ledger: Account,
}

/// What was traded of one instrument so far.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Traded {
    pub fills: u64,
    pub lots: i64,
}

/// All state that a snapshot holds; the source and the shared block are lent to it.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Core {
    pub markets: Vec<Market>,
    pub venues: Vec<Venue>,
    pub orders: OwnOrders,
    pub wake: Wake,
    pub interests: Interests,
    pub mask: u32,
    /// Whether any interest in prices has to be looked at.
    pub watches: bool,
    pub nth: u64,
    pub until_nth: u64,
    pub last_top: Vec<Top>,
    pub acted_mid2: Vec<f64>,
    pub now_ns: i64,
    /// When something is due by time: see `wake`.
    pub due_ns: i64,
    pub feed_latency_ns: i64,
    pub records: u64,
    /// Number of records at which to stop.
    pub stop_at: u64,
    pub traded: Vec<Traded>,
    pub late_commands: u64,
    pub lost_samples: u64,
    /// The last record applied, for details on request.
    #[serde(skip, default = "no_tick")]
    pub last: Tick,
    /// Why the last record could not be applied.
    #[serde(skip)]
    pub fault: Option<EngineError>,
    #[serde(skip, default = "no_map")]
    pub map: Layout,
}

fn no_map() -> Layout {
    Layout::new(1, 16, 16, 16).expect("16 is a power of two")
}

fn no_tick() -> Tick {
    Tick::of(TickKind::Timer)
}

/// One engine: ticks in, frames and own events out, commands back.
///
/// The caller lends the shared block to each call. Between two calls it may read everything and write only commands
/// and the read counter of the event ring.
#[derive(Debug)]
pub struct Engine {
    pub(crate) core: Core,
    pub(crate) config: EngineConfig,
    pub(crate) source: Source,
    pub(crate) queue: Option<TickQueue>,
}

impl Engine {
    /// Sets up an engine and writes the first state of the block.
    ///
    /// Returns `E_CONFIG`, or what the paper venue or an indicator has against its settings.
    pub fn new(config: EngineConfig, memory: &mut Memory<'_>) -> Result<Self, EngineError> {
        let map = config.layout()?;
        let mut names: Vec<&str> = Vec::new();
        let mut markets = Vec::with_capacity(config.instruments.len());
        for (index, instrument) in config.instruments.iter().enumerate() {
            let name = instrument.spec().venue.as_str();
            let venue = names.iter().position(|known| *known == name).unwrap_or_else(|| {
                names.push(name);
                names.len() - 1
            });
            markets.push(Market::new(&config, index, venue)?);
        }
        let venues = names.iter().map(|name| config.venue(name)).collect::<Result<_, _>>()?;
        let count = markets.len();
        let core = Core {
            markets,
            venues,
            orders: OwnOrders::new(),
            wake: Wake::new(&config),
            interests: Interests::default(),
            mask: Interests::default().mask(),
            watches: false,
            nth: u64::MAX,
            until_nth: u64::MAX,
            last_top: vec![Top::EMPTY; count],
            acted_mid2: vec![f64::NAN; count],
            now_ns: i64::MIN,
            due_ns: i64::MIN,
            feed_latency_ns: config.feed_latency_ns,
            records: 0,
            stop_at: u64::MAX,
            traded: vec![Traded::default(); count],
            late_commands: 0,
            lost_samples: 0,
            last: no_tick(),
            fault: None,
            map,
        };
        (0..count).for_each(|index| clear_block(index, memory));
        core.write_positions(memory);
        Ok(Self { core, config, source: Source::empty(), queue: None })
    }

    /// Its config.
    pub fn config(&self) -> &EngineConfig {
        &self.config
    }

    /// Records done since the start.
    pub fn records(&self) -> u64 {
        self.core.records
    }

    /// Takes one run of ticks whose instruments are numbered as the engine's.
    pub fn load(&mut self, ticks: TickBlock) {
        self.find_quote_driven(std::slice::from_ref(&ticks), &[]);
        self.source = Source::one(ticks);
        self.queue = None;
    }

    /// Takes several runs, merged by (receive time, instrument, place); each with the engine's index of its instruments.
    pub fn load_merged(&mut self, runs: Vec<(TickBlock, Vec<u16>)>) {
        let (ticks, maps): (Vec<_>, Vec<_>) = runs.iter().cloned().unzip();
        self.find_quote_driven(&ticks, &maps);
        self.source = Source::merged(runs);
        self.queue = None;
    }

    /// Takes one run of ticks several times over, each round a second after the one before, for long runs in benches
    /// and soak tests.
    pub fn load_repeated(&mut self, ticks: TickBlock, rounds: u64) {
        self.find_quote_driven(std::slice::from_ref(&ticks), &[]);
        self.source = Source::repeated(ticks, rounds);
        self.queue = None;
    }

    /// Reads from a bounded queue that [`Engine::push`] fills.
    pub fn go_live(&mut self, capacity: usize) {
        self.source = Source::live();
        self.queue = Some(TickQueue::new(capacity));
    }

    /// Puts ticks into the live queue; see [`TickQueue::push`] for what happens when it is full.
    pub fn push(&mut self, ticks: &[Tick]) -> Result<(), EngineError> {
        let queue = self.queue.as_mut().ok_or_else(|| {
            EngineError::config("source", "ticks can be pushed only after the engine was told to go live")
        })?;
        queue.push(ticks)
    }

    /// The live queue, where there is one.
    pub fn queue(&self) -> Option<&TickQueue> {
        self.queue.as_ref()
    }

    /// Says when the controller wants to act, from the next record on.
    pub fn set_interests(&mut self, interests: Interests) -> Result<(), EngineError> {
        interests.check()?;
        let core = &mut self.core;
        core.mask = interests.mask();
        core.watches = core.mask & (hit::MID | hit::CROSS) != 0;
        let nth = if let Every::Nth(n) = interests.every { n } else { u64::MAX };
        if nth != core.nth {
            (core.nth, core.until_nth) = (nth, nth);
        }
        // Said again, as after a restore, the same interests leave everything as it is.
        if core.wake.set_interval(interests.interval_ns) {
            core.due_ns = i64::MIN;
        }
        core.interests = interests;
        Ok(())
    }

    /// Stops after that many more records, with `LIMIT` in the status; `None` for no limit.
    pub fn stop_after(&mut self, records: Option<u64>) {
        self.core.stop_at = records.map_or(u64::MAX, |more| self.core.records + more);
    }

    /// One record. Cost: about 10 ns with two indicators and two resting orders.
    #[inline]
    pub fn step(&mut self, memory: &mut Memory<'_>) -> Result<(), EngineError> {
        self.drive::<false, true>(memory)
    }

    /// Records up to the next action point.
    #[inline]
    pub fn advance(&mut self, memory: &mut Memory<'_>) -> Result<(), EngineError> {
        self.drive::<false, false>(memory)
    }

    /// Records up to the next action point, leaving a frame of each.
    #[inline]
    pub fn read_ahead(&mut self, memory: &mut Memory<'_>) -> Result<(), EngineError> {
        self.drive::<true, false>(memory)
    }

    #[inline(always)]
    fn drive<const FRAMES: bool, const ONE: bool>(&mut self, memory: &mut Memory<'_>) -> Result<(), EngineError> {
        let core = &mut self.core;
        core.drain_commands(memory)?;
        let mut frames = 0;
        loop {
            let (ticks, pos) = self.source.rest();
            let room = core.room::<ONE>(ticks.len() - *pos, if FRAMES { core.map.frame_ring - frames } else { usize::MAX });
            if room == 0 {
                if Self::refill(&mut self.source, self.queue.as_mut()) {
                    continue;
                }
                let word = if self.source.is_live() { status::IDLE } else { status::END };
                core.finish_dry(word, frames, memory);
                return Ok(());
            }
            let (done, hits) = core.run::<FRAMES>(ticks, *pos, room, frames, memory);
            if hits & status::ERROR != 0 {
                // The record at fault stays where it is: the next call meets it again.
                *pos += done - 1;
                core.records += done as u64 - 1;
                return Err(core.fault.take().expect("a fault was noted").further(done as u64 - 1));
            }
            *pos += done;
            frames += done;
            let word = core.count(done, hits);
            let full = FRAMES && frames == core.map.frame_ring;
            if ONE || full || word & (status::ACTION | status::DRAIN | status::LIMIT) != 0 {
                core.finish::<FRAMES, ONE>(word | if full { status::MORE } else { 0 }, frames, memory);
                return Ok(());
            }
        }
    }

    #[inline(never)]
    fn refill(source: &mut Source, queue: Option<&mut TickQueue>) -> bool {
        match (source.live_chunk(), queue) {
            (Some(chunk), Some(queue)) => queue.drain_into(chunk),
            _ => source.refill(),
        }
    }

    /// An instrument of which a run holds quotes but nothing of a book is driven by its quotes.
    fn find_quote_driven(&mut self, runs: &[TickBlock], maps: &[Vec<u16>]) {
        let count = self.core.markets.len();
        let mut has_book = vec![false; count];
        for (run, ticks) in runs.iter().enumerate() {
            let mut missing = count;
            for tick in ticks.iter() {
                let index = maps.get(run).map_or(Some(tick.instrument), |map| map.get(usize::from(tick.instrument)).copied());
                let makes_book = matches!(
                    tick.kind(),
                    Some(TickKind::BookDelta | TickKind::SnapshotLevel | TickKind::OrderAdd)
                );
                if let (true, Some(seen)) = (makes_book, index.and_then(|i| has_book.get_mut(usize::from(i)))) {
                    missing -= usize::from(!std::mem::replace(seen, true));
                    if missing == 0 {
                        break;
                    }
                }
            }
        }
        for (index, (market, has_book)) in self.core.markets.iter_mut().zip(has_book).enumerate() {
            market.quotes_drive = !has_book;
            let match_on = if has_book { MatchOn::Depth } else { MatchOn::TopOfBook };
            self.core.venues[market.venue].paper.set_match_on(index, match_on);
        }
    }
}

impl Core {
    /// How many records may run before something must be counted again.
    #[inline(always)]
    fn room<const ONE: bool>(&self, at_hand: usize, frames: usize) -> usize {
        if ONE {
            return at_hand.min(1);
        }
        let counted = self.until_nth.min(self.stop_at - self.records).max(1);
        at_hand.min(frames).min(usize::try_from(counted).unwrap_or(usize::MAX))
    }

    /// Runs up to `room` records, until one of them is an action point or fails; how many, and the hits of the last.
    ///
    /// Runs of plain records of one instrument go through [`Lane::run`]; whatever needs the rest of the engine is done
    /// here, in between.
    #[inline(always)]
    fn run<const FRAMES: bool>(
        &mut self,
        ticks: &[Tick],
        from: usize,
        room: usize,
        frames: usize,
        memory: &mut Memory<'_>,
    ) -> (usize, u32) {
        let stop = self.mask | status::DRAIN | status::ERROR;
        let mut done = 0;
        loop {
            let (passed, mut hits, left) =
                self.plain_run::<FRAMES>(&ticks[from + done..from + room], frames + done, memory);
            done += passed;
            if left != Left::Room {
                let at = from + done;
                let tick = if left == Left::After { &ticks[at - 1] } else { &ticks[at] };
                hits = self.one(left, tick, hits, memory);
                done += usize::from(left != Left::After);
                if FRAMES && hits & status::ERROR == 0 {
                    self.put_frame(frames + done - 1, hits, tick, memory);
                }
            }
            if hits & stop != 0 || done == room {
                self.last = ticks[from + done - 1];
                return (done, hits);
            }
        }
    }

    /// Does for one record what a run of plain ones left to do. Returns its hits, with `ERROR` if it is refused.
    #[inline(never)]
    fn one(&mut self, left: Left, tick: &Tick, hits: u32, memory: &mut Memory<'_>) -> u32 {
        let mut hits = if left == Left::After { hits } else { self.before(tick, memory) };
        if left != Left::After && hits & status::ERROR == 0 {
            hits |= self.apply(tick, memory);
        }
        if hits & status::ERROR == 0 {
            hits |= self.after(usize::from(tick.instrument), memory);
        }
        hits
    }

    /// Runs plain records of one instrument; see [`Lane::run`].
    #[inline(always)]
    fn plain_run<const FRAMES: bool>(
        &mut self,
        ticks: &[Tick],
        frame: usize,
        memory: &mut Memory<'_>,
    ) -> (usize, u32, Left) {
        let index = usize::from(ticks[0].instrument);
        let other_event_ns = if self.watches { i64::MIN } else { self.other_event_ns(index) };
        let lane = Lane::new(index, self.mask, self.due_ns, other_event_ns, self.feed_latency_ns);
        let Some(market) = self.markets.get_mut(index) else { return (0, 0, Left::Before) };
        let Some(venue) = self.venues.get_mut(market.venue) else { return (0, 0, Left::Before) };
        let frames =
            if FRAMES { memory.frames(self.map.frames_at + frame * FRAME_CELLS, ticks.len()) } else { &mut [] };
        lane.run::<FRAMES>(ticks, market, venue, &mut self.now_ns, frames)
    }

    fn put_frame(&self, frame: usize, hits: u32, tick: &Tick, memory: &mut Memory<'_>) {
        memory.frames(self.map.frames_at + frame * FRAME_CELLS, 1)[0] =
            self.markets[usize::from(tick.instrument)].frame(hits, tick, self.now_ns);
    }

    /// When the next own event of another venue than this instrument's is to be known.
    #[inline(always)]
    fn other_event_ns(&self, index: usize) -> i64 {
        if self.venues.len() == 1 {
            return i64::MAX;
        }
        let mine = self.markets.get(index).map_or(usize::MAX, |market| market.venue);
        let others = self.venues.iter().enumerate().filter(|(at, _)| *at != mine);
        others.map(|(_, venue)| venue.paper.next_event_ns()).min().unwrap_or(i64::MAX)
    }

    /// Counts records done and makes the status word of the last one.
    #[inline(always)]
    fn count(&mut self, done: usize, mut hits: u32) -> u32 {
        self.records += done as u64;
        self.until_nth -= done as u64;
        if self.until_nth == 0 {
            self.until_nth = self.nth;
            hits |= hit::NTH;
        }
        if self.records == self.stop_at {
            hits |= status::LIMIT;
        }
        hits | u32::from(hits & self.mask != 0)
    }

    /// Leaves the block as the controller shall find it.
    #[inline(always)]
    fn finish<const FRAMES: bool, const ONE: bool>(&mut self, word: u32, frames: usize, memory: &mut Memory<'_>) {
        let last = self.last;
        let market = &self.markets[usize::from(last.instrument)];
        let frame = market.frame(word | self.events_wait(memory), &last, self.now_ns);
        memory.set_live(&frame);
        if FRAMES {
            // What became clear only afterwards, such as the n-th record, belongs to the last frame too.
            memory.frames(self.map.frames_at + (frames - 1) * FRAME_CELLS, 1)[0] = frame;
            memory.set_words(cell::CALL, frames as u32, 0);
        }
        if ONE {
            let index = usize::from(last.instrument);
            self.markets[index].write(Layout::instrument_at(index), memory);
        } else {
            self.write_markets(memory);
        }
        if self.watches && word & status::ACTION != 0 {
            self.note_mids();
        }
    }

    /// The same where no record was left.
    #[cold]
    fn finish_dry(&mut self, word: u32, frames: usize, memory: &mut Memory<'_>) {
        let (_, what) = memory.words(cell::HEAD);
        memory.set_words(cell::HEAD, word | self.events_wait(memory), what);
        memory.set_words(cell::CALL, frames as u32, 0);
        self.write_markets(memory);
    }

    #[inline(always)]
    fn events_wait(&self, memory: &Memory<'_>) -> u32 {
        let (written, read) = memory.words(cell::EVENTS);
        u32::from(written != read) * status::EVENTS
    }

    pub(crate) fn write_markets(&self, memory: &mut Memory<'_>) {
        for (index, market) in self.markets.iter().enumerate() {
            market.write(Layout::instrument_at(index), memory);
        }
    }

    /// Writes every position, at the start and after a restore; later ones follow their fills.
    pub(crate) fn write_positions(&self, memory: &mut Memory<'_>) {
        for (index, market) in self.markets.iter().enumerate() {
            let lots = self.venues[market.venue].ledger.position(index).lots;
            memory.set(Layout::instrument_at(index) + instrument_cell::POSITION, lots as f64);
        }
    }

    fn note_mids(&mut self) {
        for (acted, market) in self.acted_mid2.iter_mut().zip(&self.markets) {
            *acted = market.top.price[0] + market.top.price[1];
        }
    }
}

