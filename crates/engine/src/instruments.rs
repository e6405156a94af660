use serde::{Deserialize, Serialize};
use tickwright_book::{BookMonitor, BookState, L2Book, NO_ASK, NO_BID};
use tickwright_indicators::{Atr, BarBuilder, Divisor, Ema, RollingStd, Sma};

use tickwright_paper::MarketView;
use tickwright_types::Tick;

use crate::config::{EngineConfig, IndicatorConfig, IndicatorKind, UpdateOn};
use crate::events::micros;
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
    pub bars: Vec<BarBuilder>,
    pub has_bars: bool,
    /// Which venue it trades on.
    pub venue: usize,
    /// Whether quotes make the book because nothing else does.
    pub quotes_drive: bool,
    pub tick_size: f64,
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
        let tick_size = config.instruments[index].spec().tick_size.to_f64();
        let mine: Vec<(usize, &IndicatorConfig)> = config
            .indicators
            .iter()
            .filter(|indicator| config.instrument_index("indicators", indicator.instrument.as_deref()) == Ok(index))
            .enumerate()
            .collect();
        let mine_bars =
            config.bars.iter().filter(|bars| config.instrument_index("bars", bars.instrument.as_deref()) == Ok(index));
        let bars: Vec<_> =
            mine_bars.map(|bars| crate::wake::bar_builder(bars.interval_ms)).collect::<Result<_, _>>()?;
        Ok(Self {
            book: L2Book::new(tickwright_book::BookConfig::default()),
            monitor: BookMonitor::new(config.book.monitor()),
            top: Top::EMPTY,
            on_record: IndicatorSet::new(&mine, UpdateOn::Record)?,
            on_message: IndicatorSet::new(&mine, UpdateOn::Message)?,
            shown: [f64::NAN; MAX_INDICATORS],
            many: mine.len() > FEW_INDICATORS,
            has_bars: !bars.is_empty(),
            bars,
            venue,
            quotes_drive: false,
            tick_size,
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

/// Indicators that are fed at the same moments, by kind, so that feeding them takes no dispatch.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct IndicatorSet {
    emas: Vec<(u8, Ema)>,
    atrs: Vec<(u8, Atr)>,
    /// The rarer kinds, looked at only when there are any.
    smas: Vec<(u8, Sma)>,
    stds: Vec<(u8, RollingStd)>,
    any: bool,
    rare: bool,
}

impl IndicatorSet {
    fn new(mine: &[(usize, &IndicatorConfig)], on: UpdateOn) -> Result<Self, EngineError> {
        let mut set = Self::default();
        for &(slot, config) in mine.iter().filter(|(_, config)| config.on == on) {
            let slot = slot as u8;
            let fault = |error: tickwright_indicators::IndicatorError| {
                EngineError::config(format!("indicator {:?}", config.name), error.to_string())
            };
            let period = config.period.unwrap_or(1);
            match config.kind {
                IndicatorKind::Ema => {
                    let ema = config.alpha.map_or_else(|| Ema::period(period), Ema::alpha);
                    set.emas.push((slot, ema.map_err(fault)?));
                }
                IndicatorKind::Atr => set.atrs.push((slot, Atr::running(period).map_err(fault)?)),
                IndicatorKind::Sma => set.smas.push((slot, Sma::period(period).map_err(fault)?)),
                IndicatorKind::Std => {
                    let std = RollingStd::period(period, Divisor::Population).map_err(fault)?;
                    set.stds.push((slot, std));
                }
            }
        }
        set.rare = !set.smas.is_empty() || !set.stds.is_empty();
        set.any = set.rare || !set.emas.is_empty() || !set.atrs.is_empty();
        Ok(set)
    }

    /// Feeds the top of the book, in price units; nothing happens while a side is empty. With `SHOW` the outputs follow
    /// at once, otherwise when [`IndicatorSet::show`] is called.
    #[inline(always)]
    pub(crate) fn update<const SHOW: bool>(&mut self, top: &Top, shown: &mut [f64; MAX_INDICATORS]) {
        if !self.any || top.mid.is_nan() {
            return;
        }
        for (slot, ema) in &mut self.emas {
            ema.update(top.mid);
            if SHOW {
                shown[place(*slot)] = ema.shown();
            }
        }
        for (slot, atr) in &mut self.atrs {
            atr.update(top.ask, top.bid, top.mid);
            if SHOW {
                shown[place(*slot)] = atr.shown();
            }
        }
        if self.rare {
            self.update_rare(top.mid, shown);
        }
    }

    #[inline(never)]
    fn update_rare(&mut self, mid: f64, shown: &mut [f64; MAX_INDICATORS]) {
        for (slot, sma) in &mut self.smas {
            sma.update(mid);
            shown[place(*slot)] = sma.shown();
        }
        for (slot, std) in &mut self.stds {
            std.update(mid);
            shown[place(*slot)] = std.shown();
        }
    }

    /// Brings the outputs up to date.
    #[inline]
    fn show(&self, shown: &mut [f64; MAX_INDICATORS]) {
        self.emas.iter().for_each(|(slot, ema)| shown[place(*slot)] = ema.shown());
        self.atrs.iter().for_each(|(slot, atr)| shown[place(*slot)] = atr.shown());
    }
}

/// The slot as an index that needs no check.
#[inline(always)]
fn place(slot: u8) -> usize {
    usize::from(slot) % MAX_INDICATORS
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
