use serde::{Deserialize, Serialize};
use tickwright_book::{BookMonitor, BookState, L2Book, L3Book, NO_ASK, NO_BID};
use tickwright_indicators::Bar;
use tickwright_paper::MarketView;
use tickwright_types::Tick;

use crate::bars::BarSeries;
use crate::config::{EngineConfig, IndicatorConfig, UpdateOn};
use crate::events::micros;
use crate::indicators::{IndicatorSet, Look, Readers};
use crate::layout::{head, hit, instrument_cell, status, Layout, Memory, FRAME_CELLS, MAX_INDICATORS};
use crate::EngineError;

/// Indicators that are shown at no cost worth a branch.
const FEW_INDICATORS: usize = 4;

/// Everything the engine keeps for one instrument.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Market {
    pub book: L2Book,
    pub monitor: BookMonitor,
    pub top: Top,
    pub on_record: IndicatorSet,
    pub on_message: IndicatorSet,
    /// What controllers see of the indicators, by slot; NaN until ready.
    pub shown: [f64; MAX_INDICATORS],
    /// Whether there are more than a few of them.
    many: bool,
    /// Indicators of trades.
    on_trade: Readers,
    pub bars: Vec<BarSeries>,
    /// Which venue it trades on.
    pub venue: usize,
    /// Whether quotes make the book because nothing else does.
    pub quotes_drive: bool,
    pub tick_size: f64,
    lot_size: f64,
    /// The orders that the book is made of, from the first record of one on.
    pub orders: Option<Box<L3Book>>,
}

/// The top of the book as doubles: what frames show and indicators read. NaN where a side is empty.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Top {
    /// Best prices in ticks.
    pub price: [f64; 2],
    /// Sizes at them in lots.
    pub lots: [f64; 2],
    /// Best bid, best ask and mid in units of price.
    pub bid: f64,
    pub ask: f64,
    pub mid: f64,
}

impl Market {
    pub(crate) fn new(config: &EngineConfig, index: usize, venue: usize) -> Result<Self, EngineError> {
        let spec = config.instruments[index].spec();
        let is_mine = |indicator: &&IndicatorConfig| {
            config.instrument_index("indicators", indicator.instrument.as_deref()) == Ok(index)
        };
        let mut slots = 0;
        let place = |indicator| {
            let slot = slots;
            slots += IndicatorConfig::outputs(indicator).len();
            (slot, indicator)
        };
        let mine: Vec<(usize, &IndicatorConfig)> = config.indicators.iter().filter(is_mine).map(place).collect();
        let bars = BarSeries::of_instrument(config, index, &mine)?;
        Ok(Self {
            book: L2Book::new(tickwright_book::BookConfig::default()),
            monitor: BookMonitor::new(config.book.monitor()),
            top: Top::EMPTY,
            on_record: IndicatorSet::new(&mine, UpdateOn::Record)?,
            on_message: IndicatorSet::new(&mine, UpdateOn::Message)?,
            shown: [f64::NAN; MAX_INDICATORS],
            many: slots > FEW_INDICATORS,
            on_trade: Readers::new(mine.iter().filter(|(_, indicator)| indicator.on() == UpdateOn::Trade))?,
            bars,
            venue,
            quotes_drive: false,
            tick_size: spec.tick_size.to_f64(),
            lot_size: spec.lot_size.to_f64(),
            orders: None,
        })
    }

    /// Reads the whole top anew, after anything but a single level changed.
    pub(crate) fn refresh_top(&mut self) {
        for side in 0..2 {
            self.refresh_price(side);
            self.top.lots[side] = self.book.best_size(side) as f64;
        }
    }

    #[inline(always)]
    pub(crate) fn refresh_price(&mut self, side: usize) {
        let price = self.book.best_price(side);
        self.top.price[side] = if price == EMPTY[side] { f64::NAN } else { price as f64 };
        self.top.bid = self.top.price[0] * self.tick_size;
        self.top.ask = self.top.price[1] * self.tick_size;
        self.top.mid = (self.top.price[0] + self.top.price[1]) * 0.5 * self.tick_size;
    }

    /// A venue message has ended.
    #[inline(always)]
    pub(crate) fn end_message<const SHOW: bool>(&mut self, now_ns: i64, id: u64) {
        self.monitor.on_last(now_ns, id, self.book.best_price(0), self.book.best_price(1));
        self.on_message.update::<SHOW>(&self.top, &mut self.shown);
    }

    /// Whether something is made of each trade or of each mid, so that they go the long way round.
    pub(crate) fn reads(&self) -> [bool; 2] {
        let of_mids = |of_mids| self.bars.iter().any(|bars| bars.of_mids == of_mids);
        [of_mids(false) || !self.on_trade.is_empty(), of_mids(true)]
    }

    /// Feeds the indicators of trades.
    #[inline]
    pub(crate) fn read_trade(&mut self, tick: &Tick, now_ns: i64) {
        if !self.on_trade.is_empty() {
            let (price, size) = (tick.price_ticks as f64 * self.tick_size, tick.size_lots as f64 * self.lot_size);
            let look = Look { ts_ns: now_ns, high: price, low: price, close: price, mean: price, volume: size };
            self.on_trade.feed(&look, &mut self.shown);
        }
    }

    /// Feeds the indicators of a series of bars.
    pub(crate) fn read_bar(&mut self, at: usize, bar: &Bar) {
        let series = &mut self.bars[at];
        let unit = series.ticks_a_step() * self.tick_size;
        let mean = if bar.volume_lots > 0 { bar.notional as f64 / bar.volume_lots as f64 } else { bar.close as f64 };
        let look = Look {
            ts_ns: bar.open_ns,
            high: bar.high as f64 * unit,
            low: bar.low as f64 * unit,
            close: bar.close as f64 * unit,
            mean: mean * unit,
            volume: bar.volume_lots as f64 * self.lot_size,
        };
        series.readers.feed(&look, &mut self.shown);
    }

    /// The frame of a record that was just applied.
    #[inline(always)]
    pub(crate) fn frame(&self, word: u32, tick: &Tick, now_ns: i64) -> [f64; FRAME_CELLS] {
        let word = word | (u32::from(self.is_live()) * status::LIVE);
        [
            head(word, tick),
            micros(now_ns),
            self.top.price[0],
            self.top.price[1],
            self.top.lots[0],
            self.top.lots[1],
            tick.price_ticks as f64,
            tick.size_lots as f64,
        ]
    }

    /// Reads one side of the top anew; the hit if its best price is another.
    #[inline(always)]
    pub(crate) fn refresh_side(&mut self, side: usize) -> u32 {
        let before = self.top.price[side].to_bits();
        self.refresh_price(side);
        self.top.lots[side] = self.book.best_size(side) as f64;
        if self.top.price[side].to_bits() == before {
            0
        } else {
            hit::BEST
        }
    }

    #[inline(always)]
    pub(crate) fn is_live(&self) -> bool {
        self.monitor.state() == BookState::Live
    }

    /// Bid + ask in ticks: twice the mid, exact; `None` where a side is empty.
    #[inline]
    pub(crate) fn mark_half_ticks(&self) -> Option<i64> {
        let (bid, ask) = (self.book.best_price(0), self.book.best_price(1));
        (bid != NO_BID && ask != NO_ASK).then(|| bid.saturating_add(ask))
    }

    /// Writes state and indicator outputs into the instrument's block.
    #[inline]
    pub(crate) fn write(&mut self, at: usize, memory: &mut Memory<'_>) {
        self.on_record.show(&mut self.shown);
        self.on_message.show(&mut self.shown);
        self.write_shown(at, memory);
    }

    /// The same where the outputs are up to date.
    #[inline(always)]
    pub(crate) fn write_shown(&self, at: usize, memory: &mut Memory<'_>) {
        let block = memory.instrument(at);
        block[instrument_cell::STATE] = f64::from_bits(self.monitor.state() as u64);
        let outputs = &mut block[instrument_cell::INDICATORS..][..MAX_INDICATORS];
        outputs[..FEW_INDICATORS].copy_from_slice(&self.shown[..FEW_INDICATORS]);
        if self.many {
            outputs.copy_from_slice(&self.shown);
        }
    }
}

impl MarketView for Market {
    fn best_price(&self, side: usize) -> i64 {
        self.book.best_price(side)
    }

    fn best_size(&self, side: usize) -> i64 {
        self.book.best_size(side)
    }

    fn size_at(&self, side: usize, price_ticks: i64) -> i64 {
        self.book.size_at(side, price_ticks)
    }

    fn walk(&self, side: usize, visit: &mut dyn FnMut(i64, i64) -> bool) {
        for (price_ticks, size_lots) in self.book.levels(side) {
            if !visit(price_ticks, size_lots) {
                return;
            }
        }
    }
}

const EMPTY: [i64; 2] = [NO_BID, NO_ASK];

impl Top {
    pub(crate) const EMPTY: Self =
        Self { price: [f64::NAN; 2], lots: [0.0; 2], bid: f64::NAN, ask: f64::NAN, mid: f64::NAN };
}

/// Marks every indicator output as not ready, before the first record.
pub(crate) fn clear_block(index: usize, memory: &mut Memory<'_>) {
    let at = Layout::instrument_at(index);
    for slot in 0..MAX_INDICATORS {
        memory.set(at + instrument_cell::INDICATORS + slot, f64::NAN);
    }
    for cell in 0..4 {
        memory.set(at + instrument_cell::TOP + cell, f64::NAN);
    }
    memory.set(at + instrument_cell::POSITION, 0.0);
    memory.set_words(at + instrument_cell::STATE, 0, 0);
}
