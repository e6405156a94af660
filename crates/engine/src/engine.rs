use serde::{Deserialize, Serialize};
use tickwright_paper::{Account, MatchOn, PaperVenue};
use tickwright_types::{prefetch_read, Tick, TickBlock, TickKind};

use crate::config::EngineConfig;
use crate::events;
use crate::instruments::{clear_block, Market, Top};
use crate::interests::{Every, Interests};
use crate::layout::{cell, head, hit, status, Layout, Memory, FRAME_CELLS};
use crate::orders::OwnOrders;
use crate::queue::TickQueue;
use crate::source::Source;
use crate::wake::Wake;
use crate::EngineError;

/// How far ahead of the record at hand the stream is fetched: about 2 KB, measured best on recorded and random tapes.
const PREFETCH_RECORDS: usize = 40;
/// How far ahead the book's slot of a level is fetched: two out of five levels lie far from the touch.
const PREFETCH_LEVELS: usize = 6;

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
    /// When a book may have been silent for too long.
    pub silence_ns: i64,
    pub feed_latency_ns: i64,
    pub records: u64,
    /// Number of records at which to stop.
    pub stop_at: u64,
    pub traded: Vec<Traded>,
    pub late_commands: u64,
    pub lost_samples: u64,
    #[serde(skip, default = "no_map")]
    pub map: Layout,
}

fn no_map() -> Layout {
    Layout::new(1, 16, 16, 16).expect("16 is a power of two")
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
    /// The last record applied, for details on request.
    pub(crate) last: Tick,
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
            last_top: vec![Top { price: [f64::NAN; 2], lots: [0.0; 2] }; count],
            acted_mid2: vec![f64::NAN; count],
            now_ns: i64::MIN,
            silence_ns: i64::MIN,
            feed_latency_ns: config.feed_latency_ns,
            records: 0,
            stop_at: u64::MAX,
            traded: vec![Traded::default(); count],
            late_commands: 0,
            lost_samples: 0,
            map,
        };
        (0..count).for_each(|index| clear_block(index, memory));
        Ok(Self { core, config, source: Source::empty(), queue: None, last: Tick::of(TickKind::Timer) })
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
        core.wake.set_interval(interests.interval_ns);
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
        let drain_at = core.map.event_ring / 2;
        let mut frames = 0;
        let mut word;
        'run: loop {
            let (ticks, pos) = self.source.rest();
            if *pos >= ticks.len() {
                if Self::refill(&mut self.source, self.queue.as_mut()) {
                    continue;
                }
                word = if self.source.is_live() { status::IDLE } else { status::END };
                break;
            }
            while let Some(tick) = ticks.get(*pos) {
                *pos += 1;
                prefetch_read(ticks, *pos + PREFETCH_RECORDS);
                if let Some(coming) = ticks.get(*pos + PREFETCH_LEVELS) {
                    core.prefetch_level(coming);
                }
                let hits = core.apply(tick, memory)?;
                self.last = *tick;
                let acts = hits & core.mask != 0;
                word = hits | u32::from(acts);
                let waiting = memory.words(cell::EVENTS);
                if waiting.0 != waiting.1 {
                    word |= status::EVENTS;
                    if events::waiting(&core.map, memory) >= drain_at {
                        word |= status::DRAIN;
                    }
                }
                if FRAMES {
                    core.write_frame(core.map.frames_at + frames * FRAME_CELLS, word, tick, memory);
                    frames += 1;
                    if frames == core.map.frame_ring && word & (status::ACTION | status::DRAIN) == 0 {
                        word |= status::MORE;
                        break 'run;
                    }
                }
                if core.records == core.stop_at {
                    word |= status::LIMIT;
                }
                if ONE || word & (status::ACTION | status::DRAIN | status::LIMIT) != 0 {
                    break 'run;
                }
            }
        }
        core.finish::<FRAMES>(word, frames, &self.last, memory);
        Ok(())
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
    /// When the next own event of any venue is to be known.
    #[inline(always)]
    pub(crate) fn next_event_ns(&self) -> i64 {
        match self.venues.as_slice() {
            [one] => one.paper.next_event_ns(),
            many => many.iter().map(|venue| venue.paper.next_event_ns()).min().unwrap_or(i64::MAX),
        }
    }

    #[inline(always)]
    fn prefetch_level(&self, coming: &Tick) {
        if coming.kind == TickKind::BookDelta as u8 {
            if let Some(market) = self.markets.get(usize::from(coming.instrument)) {
                market.book.prefetch(usize::from(coming.side & 1), coming.price_ticks);
            }
        }
    }

    #[inline(always)]
    fn write_frame(&self, at: usize, word: u32, tick: &Tick, memory: &mut Memory<'_>) {
        let market = &self.markets[usize::from(tick.instrument)];
        let word = word | if market.is_live() { status::LIVE } else { 0 };
        let frame = [
            head(word, tick),
            events::micros(self.now_ns),
            market.top.price[0],
            market.top.price[1],
            market.top.lots[0],
            market.top.lots[1],
            tick.price_ticks as f64,
            tick.size_lots as f64,
        ];
        memory.set_frame(at, &frame);
    }

    /// Leaves the block as the controller shall find it.
    #[inline(always)]
    fn finish<const FRAMES: bool>(&mut self, word: u32, frames: usize, last: &Tick, memory: &mut Memory<'_>) {
        if word & (status::END | status::IDLE) != 0 {
            let (_, what) = memory.words(cell::HEAD);
            let waiting = events::waiting(&self.map, memory) > 0;
            memory.set_words(cell::HEAD, word | if waiting { status::EVENTS } else { 0 }, what);
        } else {
            self.write_frame(0, word, last, memory);
        }
        memory.set_words(cell::CALL, frames as u32, 0);
        memory.set(cell::RECORDS, self.records as f64);
        for (index, market) in self.markets.iter().enumerate() {
            market.write(Layout::instrument_at(index), memory);
        }
        if self.watches && word & status::ACTION != 0 {
            for (acted, market) in self.acted_mid2.iter_mut().zip(&self.markets) {
                *acted = market.top.price[0] + market.top.price[1];
            }
        }
    }
}
