use serde::{Deserialize, Serialize};
use tickwright_indicators::{Bar, BarBuilder, BarConfig as BuilderConfig, CompletedBars};
use tickwright_types::Tick;

use crate::config::{BarSource, EngineConfig, IndicatorConfig, UpdateOn};
use crate::engine::Core;
use crate::events::{self, Entry};
use crate::indicators::Readers;
use crate::layout::{hit, Memory};
use crate::EngineError;

/// A series of bars of an instrument, and the indicators fed with them.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct BarSeries {
    builder: BarBuilder,
    /// Made of mids, in half ticks, and not of trades.
    pub of_mids: bool,
    pub readers: Readers,
}

impl BarSeries {
    /// Every series of an instrument, with what of its indicators reads them.
    pub(crate) fn of_instrument(
        config: &EngineConfig,
        index: usize,
        mine: &[(usize, &IndicatorConfig)],
    ) -> Result<Vec<Self>, EngineError> {
        let mut all = Vec::new();
        for (at, (path, bars)) in config.bars_of(index).enumerate() {
            let rule = bars.rule(&path, &config.instruments[index])?;
            let builder = BarBuilder::new(BuilderConfig::of(rule))
                .map_err(|error| EngineError::config(path, error.to_string()))?;
            let mut readers = Vec::new();
            for &(slot, indicator) in mine.iter().filter(|(_, indicator)| indicator.on() == UpdateOn::Bar) {
                if config.series_of(indicator, index)? == at {
                    readers.push((slot, indicator));
                }
            }
            all.push(Self { builder, of_mids: bars.from == BarSource::Mids, readers: Readers::new(readers.iter())? });
        }
        Ok(all)
    }

    /// When the clock completes a bar, if ever.
    pub(crate) fn due_ns(&self) -> Option<i64> {
        self.builder.due_ns()
    }

    /// Ticks that one step of its prices stands for.
    pub(crate) fn ticks_a_step(&self) -> f64 {
        if self.of_mids {
            0.5
        } else {
            1.0
        }
    }
}

impl Core {
    /// Trades count in bars when they are known, as the clock that closes them does.
    pub(crate) fn bar_trade(&mut self, tick: &Tick, memory: &mut Memory<'_>) -> u32 {
        let now_ns = self.now_ns;
        self.feed_bars(usize::from(tick.instrument), false, memory, |builder| {
            builder.on_trade(now_ns, tick.price_ticks, tick.size_lots)
        })
    }

    /// The mid counts in bars of mids as often as a message ends while both sides are there.
    #[inline(never)]
    pub(crate) fn bar_mid(&mut self, index: usize, memory: &mut Memory<'_>) -> u32 {
        let Some(half_ticks) = self.markets[index].mark_half_ticks() else { return 0 };
        let now_ns = self.now_ns;
        self.feed_bars(index, true, memory, |builder| builder.on_mid(now_ns, half_ticks))
    }

    /// Closes bars whose time is over though no price came.
    pub(crate) fn close_bars(&mut self, now_ns: i64, memory: &mut Memory<'_>) -> u32 {
        let mut hits = 0;
        for index in 0..self.markets.len() {
            for of_mids in [false, true] {
                hits |= self.feed_bars(index, of_mids, memory, |builder| builder.on_time(now_ns));
            }
        }
        hits
    }

    fn feed_bars(
        &mut self,
        index: usize,
        of_mids: bool,
        memory: &mut Memory<'_>,
        mut take: impl FnMut(&mut BarBuilder) -> CompletedBars,
    ) -> u32 {
        let mut hits = 0;
        for at in 0..self.markets[index].bars.len() {
            let series = &mut self.markets[index].bars[at];
            if series.of_mids != of_mids {
                continue;
            }
            let ticks_a_step = series.ticks_a_step();
            let completed = take(&mut series.builder);
            self.due_ns = self.due_ns.min(series.due_ns().unwrap_or(i64::MAX));
            for bar in completed {
                self.markets[index].read_bar(at, &bar);
                hits |= self.emit_bar(index as u16, &bar, ticks_a_step, memory);
            }
        }
        hits
    }

    fn emit_bar(&mut self, instrument: u16, bar: &Bar, ticks_a_step: f64, memory: &mut Memory<'_>) -> u32 {
        if events::room(&self.map, memory) == 0 {
            self.lost_samples += 1;
            return 0;
        }
        let prices = [bar.open, bar.high, bar.low, bar.close].map(|price| price as f64 * ticks_a_step);
        Entry::new(events::kind::BAR, 0, 0, instrument, 0)
            .with(2, &prices)
            .with(6, &[bar.volume_lots as f64, bar.trades as f64])
            .with_ns(8, bar.open_ns)
            .with_ns(9, bar.close_ns)
            .push(&self.map, memory);
        hit::BAR | self.drain_wish(memory)
    }
}
