use serde::{Deserialize, Serialize};
use tickwright_paper::{Account, MatchOn, PaperVenue, TradeIds};
use tickwright_types::{Tick, TickBlock, TickKind};

use crate::config::EngineConfig;
use crate::feed_faults::FeedFaults;
use crate::instruments::{clear_block, Market};
use crate::interests::{Every, Interests};
use crate::lane::Lane;
use crate::layout::{hit, instrument_cell, Layout, Memory};
use crate::live::makes_book;
use crate::orders::OwnOrders;
use crate::queue::TickQueue;
use crate::source::Source;
use crate::tally::Tally;
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
    /// Fills that were told, so that one that is told twice counts once.
    pub heard: TradeIds,
}

/// What was traded of one instrument so far.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Traded {
    pub fills: u64,
    pub lots: i64,
}

/// What details on request show of a record and no frame does.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Seen {
    pub instrument: u16,
    pub exch_ns: i64,
    pub id: u64,
}

impl Seen {
    #[inline(always)]
    pub(crate) fn of(tick: &Tick) -> Self {
        Self { instrument: tick.instrument, exch_ns: tick.exch_ns, id: tick.id }
    }
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
    /// Last best bid and ask that each instrument had, as far as they were watched; NaN before the first.
    pub last_price: Vec<[f64; 2]>,
    /// Twice the mid of each instrument at the last action point.
    pub acted_mid2: Vec<f64>,
    pub now_ns: i64,
    /// When something is due by time: see `wake`.
    pub due_ns: i64,
    pub feed_latency_ns: i64,
    /// Whether quotes stand in for a book of a live feed that may still come.
    pub awaits_books: bool,
    pub tally: Tally,
    pub traded: Vec<Traded>,
    pub late_commands: u64,
    pub duplicate_fills: u64,
    pub lost_samples: u64,
    /// Of the last record applied, for details on request.
    pub seen: Seen,
    /// Where the next plain record is likely to go.
    #[serde(skip, default = "no_lane")]
    pub lane: Lane,
    /// Why the last record could not be applied.
    #[serde(skip)]
    pub fault: Option<EngineError>,
    #[serde(skip, default = "no_map")]
    pub map: Layout,
}

fn no_map() -> Layout {
    Layout::new(1, 16, 16, 16).expect("16 is a power of two")
}

fn no_lane() -> Lane {
    Lane::NOWHERE
}

/// One engine: ticks in, frames and own events out, commands back.
///
/// The caller lends the shared block to each call. Between two calls it may read everything and write only commands
/// and the read counter of the event ring.
#[derive(Debug)]
pub struct Engine {
    pub(crate) core: Core,
    pub(crate) config: EngineConfig,
    feed_faults: FeedFaults,
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
            last_price: vec![[f64::NAN; 2]; count],
            acted_mid2: vec![f64::NAN; count],
            now_ns: i64::MIN,
            due_ns: i64::MIN,
            feed_latency_ns: config.feed_latency_ns,
            awaits_books: false,
            tally: Tally::new(),
            traded: vec![Traded::default(); count],
            late_commands: 0,
            duplicate_fills: 0,
            lost_samples: 0,
            seen: Seen::default(),
            lane: Lane::NOWHERE,
            fault: None,
            map,
        };
        (0..count).for_each(|index| clear_block(index, memory));
        core.write_positions(memory);
        Ok(Self { core, feed_faults: FeedFaults::new(&config)?, config, source: Source::empty(), queue: None })
    }

    /// Its config.
    pub fn config(&self) -> &EngineConfig {
        &self.config
    }

    /// Records done since the start.
    pub fn records(&self) -> u64 {
        self.core.tally.records
    }

    /// Takes one run of ticks whose instruments are numbered as the engine's.
    pub fn load(&mut self, ticks: TickBlock) {
        let ticks = self.feed_faults.apply(0, ticks, None);
        self.find_quote_driven(std::slice::from_ref(&ticks), &[]);
        self.source = Source::one(ticks);
        self.queue = None;
    }

    /// Takes several runs, merged by (receive time, instrument, place); each with the engine's index of its instruments.
    pub fn load_merged(&mut self, mut runs: Vec<(TickBlock, Vec<u16>)>) {
        for (run, (ticks, map)) in runs.iter_mut().enumerate() {
            *ticks = self.feed_faults.apply(run, ticks.clone(), Some(map));
        }
        let (ticks, maps): (Vec<_>, Vec<_>) = runs.iter().cloned().unzip();
        self.find_quote_driven(&ticks, &maps);
        self.source = Source::merged(runs);
        self.queue = None;
    }

    /// Takes one run of ticks several times over, each round a second after the one before, for long runs in benches
    /// and soak tests.
    pub fn load_repeated(&mut self, ticks: TickBlock, rounds: u64) {
        let ticks = self.feed_faults.apply(0, ticks, None);
        self.find_quote_driven(std::slice::from_ref(&ticks), &[]);
        self.source = Source::repeated(ticks, rounds);
        self.queue = None;
    }

    /// Says when the controller wants to act, from the next record on.
    pub fn set_interests(&mut self, interests: Interests) -> Result<(), EngineError> {
        interests.check()?;
        let core = &mut self.core;
        core.mask = interests.mask();
        core.watches = core.mask & (hit::MID | hit::CROSS) != 0;
        let nth = if let Every::Nth(n) = interests.every { n } else { u64::MAX };
        core.tally.set_nth(nth);
        // Said again, as after a restore, the same interests leave everything as it is.
        if core.wake.set_interval(interests.interval_ns) {
            core.due_ns = i64::MIN;
        }
        if core.interests != interests {
            core.watch_from_now();
        }
        core.interests = interests;
        Ok(())
    }

    /// Stops after that many more records, with `LIMIT` in the status; `None` for no limit.
    pub fn stop_after(&mut self, records: Option<u64>) {
        self.core.tally.stop_after(records);
    }

    /// An instrument of which a run holds quotes but nothing of a book is driven by its quotes.
    fn find_quote_driven(&mut self, runs: &[TickBlock], maps: &[Vec<u16>]) {
        let count = self.core.markets.len();
        let mut has_book = vec![false; count];
        let (mut has_bars, mut has_ticks) = (vec![false; count], vec![false; count]);
        for (run, ticks) in runs.iter().enumerate() {
            let mut missing = count;
            for tick in ticks.iter() {
                let index =
                    maps.get(run).map_or(Some(tick.instrument), |map| map.get(usize::from(tick.instrument)).copied());
                let Some(index) = index.map(usize::from).filter(|index| *index < count) else { continue };
                let kind = tick.kind();
                has_bars[index] |= kind == Some(TickKind::BarClose);
                has_ticks[index] |= matches!(kind, Some(TickKind::Quote | TickKind::Trade));
                if kind.is_some_and(makes_book) {
                    missing -= usize::from(!std::mem::replace(&mut has_book[index], true));
                    if missing == 0 {
                        break;
                    }
                }
            }
        }
        self.core.awaits_books = false;
        for (index, market) in self.core.markets.iter_mut().enumerate() {
            market.quotes_drive = !has_book[index];
            let match_on = match (has_book[index], has_bars[index] && !has_ticks[index]) {
                (true, _) => MatchOn::Depth,
                (false, true) => MatchOn::Bars,
                (false, false) => MatchOn::TopOfBook,
            };
            self.core.venues[market.venue].paper.set_match_on(index, match_on);
        }
    }
}

impl Core {
    /// Prices are watched from here on: what they did before is not looked at.
    fn watch_from_now(&mut self) {
        for (index, market) in self.markets.iter().enumerate() {
            self.last_price[index] = market.top.price;
            self.acted_mid2[index] = market.top.price[0] + market.top.price[1];
        }
    }

    /// Writes every position, at the start and after a restore; later ones follow their fills.
    pub(crate) fn write_positions(&self, memory: &mut Memory<'_>) {
        for (index, market) in self.markets.iter().enumerate() {
            let lots = self.venues[market.venue].ledger.net_lots(index);
            memory.set(Layout::instrument_at(index) + instrument_cell::POSITION, lots as f64);
        }
    }
}
