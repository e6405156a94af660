mod bars;
mod faults;
mod indicators;
mod models;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use tickwright_paper::{
    Account, AccountConfig, BarPath, InstrumentMargin, MarginMode, PaperConfig, PaperVenue, PositionMode, RateLimit,
    TradeIds,
};
use tickwright_types::{Decimal, Instrument};

use crate::engine::Venue;
use crate::layout::Layout;
use crate::EngineError;

pub use bars::{BarConfig, BarSource};
pub use faults::{FaultConfig, FeedFaultConfig, FeedFaultKind};
pub use indicators::{IndicatorConfig, IndicatorKind, UpdateOn};
pub use models::{FillModelConfig, LatencyConfig};

/// When a book stops being trustworthy; 0 turns a rule off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct BookSettings {
    /// Crossed or locked for longer than this.
    pub crossed_ms: u32,
    /// No message at all for this long.
    pub feed_silence_ms: u32,
    /// The top unmoved for this long while other things go on.
    pub top_unchanged_ms: u32,
}

impl Default for BookSettings {
    fn default() -> Self {
        Self { crossed_ms: 250, feed_silence_ms: 2_000, top_unchanged_ms: 30_000 }
    }
}

/// Settings of one engine: with the ticks, everything that decides a result.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EngineConfig {
    /// The instruments, in the order of their index.
    pub instruments: Vec<Instrument>,
    /// Running indicators.
    #[serde(default)]
    pub indicators: Vec<IndicatorConfig>,
    /// Bars.
    #[serde(default)]
    pub bars: Vec<BarConfig>,
    /// Added to each receive time.
    #[serde(default)]
    pub feed_latency_ns: i64,
    /// From us to the venue.
    #[serde(default)]
    pub entry_latency: LatencyConfig,
    /// From the venue to us.
    #[serde(default)]
    pub response_latency: LatencyConfig,
    /// Named rule of fills.
    #[serde(default = "default_fill_model")]
    pub fill_model: FillModelConfig,
    /// Share of the visible depth that a taker may use.
    #[serde(default)]
    pub participation: Option<Decimal>,
    /// How the price walks through a bar where nothing else is known, in place of the fill model's own path.
    #[serde(default)]
    pub bar_path: Option<BarPath>,
    /// Deposits by asset.
    #[serde(default)]
    pub deposits: BTreeMap<String, Decimal>,
    /// Most orders and amendments a venue takes in a window of time; all by default.
    #[serde(default)]
    pub rate_limit: Option<RateLimit>,
    /// When the venues' day ends, for day orders, in ms after midnight UTC.
    #[serde(default)]
    pub day_ends_ms: u32,
    /// What goes wrong between us and the venues on demand.
    #[serde(default)]
    pub faults: Vec<FaultConfig>,
    /// What goes wrong with the feed on demand.
    #[serde(default)]
    pub feed_faults: Vec<FeedFaultConfig>,
    /// Cap on the instruments' leverage.
    #[serde(default)]
    pub leverage: Option<Decimal>,
    /// One position an instrument, or a long and a short.
    #[serde(default)]
    pub position_mode: PositionMode,
    /// What answers for losses: the whole account, or each position for itself.
    #[serde(default)]
    pub margin_mode: MarginMode,
    /// Margin mode and leverage of single instruments, by id.
    #[serde(default)]
    pub margins: BTreeMap<String, InstrumentMargin>,
    /// Whether the venue refuses what the account cannot carry, and liquidates it.
    #[serde(default = "yes")]
    pub check_margin: bool,
    /// Seed of every draw.
    #[serde(default)]
    pub seed: u64,
    /// When a book stops being trustworthy.
    #[serde(default)]
    pub book: BookSettings,
    /// Tape time between samples of mid, position and equity; 0 for none.
    #[serde(default)]
    pub sample_ms: u64,
    /// Times after a fill at which the mid is looked at.
    #[serde(default)]
    pub markouts_ms: Vec<u64>,
    /// Capacity of the command ring.
    #[serde(default = "ring")]
    pub command_ring: usize,
    /// Capacity of the event ring.
    #[serde(default = "ring")]
    pub event_ring: usize,
    /// Capacity of the frames' region.
    #[serde(default = "frames")]
    pub frame_ring: usize,
}

fn default_fill_model() -> FillModelConfig {
    FillModelConfig::Named("conservative".to_owned())
}

fn yes() -> bool {
    true
}

/// 226 own orders in flight were seen in bursts stamped 1 ns apart at 1 ms latency; 4 096 leaves room.
fn ring() -> usize {
    4096
}

fn frames() -> usize {
    1024
}

impl EngineConfig {
    /// Reads a config from JSON; an error names the place in it.
    pub fn from_json(text: &str) -> Result<Self, EngineError> {
        let config: Self =
            serde_json::from_str(text).map_err(|error| EngineError::config("engine", error.to_string()))?;
        config.check()?;
        Ok(config)
    }

    /// The memory map of an engine of this config.
    pub fn layout(&self) -> Result<Layout, EngineError> {
        Layout::new(self.instruments.len(), self.command_ring, self.event_ring, self.frame_ring)
    }

    /// Index of an instrument, the first one where none is named.
    pub(crate) fn instrument_index(&self, path: &str, id: Option<&str>) -> Result<usize, EngineError> {
        let Some(id) = id else { return Ok(0) };
        self.instruments.iter().position(|known| known.id() == id).ok_or_else(|| {
            let known: Vec<&str> = self.instruments.iter().map(Instrument::id).collect();
            EngineError::config(path, format!("{id:?} is not an instrument of this engine: {}", known.join(", ")))
        })
    }

    /// A venue of that name with its own matching and account.
    ///
    /// Deposits are paid in at each venue: an engine of several venues has as many accounts.
    pub(crate) fn venue(&self, name: &str) -> Result<Venue, EngineError> {
        let mut fill_model = self.fill_model.model()?;
        if let Some(share) = self.participation {
            fill_model.participation = share;
        }
        if let Some(path) = self.bar_path {
            fill_model.bar_path = path;
        }
        let account = AccountConfig {
            deposits: self.deposits.clone(),
            leverage: self.leverage,
            check_funds: self.check_margin,
            position_mode: self.position_mode,
            margin_mode: self.margin_mode,
            instruments: self.margins.clone(),
            ..AccountConfig::default()
        };
        let ledger = Account::new(&account, &self.instruments)?;
        let paper = PaperConfig {
            fill_model,
            entry_latency: self.entry_latency.model("entry_latency")?,
            response_latency: self.response_latency.model("response_latency")?,
            account,
            rate_limit: self.rate_limit,
            day_ends_ns: i64::from(self.day_ends_ms) * 1_000_000,
            faults: self.faults.iter().map(FaultConfig::fault).collect(),
            seed: self.seed,
        };
        let paper = PaperVenue::new(&paper, &self.instruments)?;
        Ok(Venue { name: name.to_owned(), time_ns: i64::MIN, paper, ledger, heard: TradeIds::default() })
    }

    fn check(&self) -> Result<(), EngineError> {
        if self.instruments.is_empty() || self.instruments.len() > 4096 {
            return Err(EngineError::config("instruments", "give 1 to 4096 instruments"));
        }
        for (index, instrument) in self.instruments.iter().enumerate() {
            if self.instruments[..index].iter().any(|other| other.id() == instrument.id()) {
                return Err(EngineError::config("instruments", format!("{:?} is given twice", instrument.id())));
            }
        }
        if self.feed_latency_ns < 0 {
            return Err(EngineError::config("feed_latency_ns", format!("{} is below 0", self.feed_latency_ns)));
        }
        self.check_bars()?;
        self.check_indicators()
    }
}
