use std::collections::VecDeque;

use serde::{Deserialize, Serialize};
use tickwright_paper::OwnEvent;

use crate::bars::BarSeries;
use crate::config::{BookSettings, EngineConfig};
use crate::engine::Core;
use crate::events::{self, micros, Entry};
use crate::layout::{hit, Memory};

const MS: i64 = 1_000_000;

/// Room made for fills that wait for a markout, before the first record.
const FILLS: usize = 4096;

/// Everything that happens at a time and not at a record. One number says when the next of it is due.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Wake {
    interval_ns: i64,
    interval_due: i64,
    sample_ns: i64,
    sample_due: i64,
    markouts: Vec<Markouts>,
}

/// Fills whose mid is looked at one horizon later; times within one horizon never decrease.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Markouts {
    horizon_ms: u64,
    pending: VecDeque<MarkedFill>,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct MarkedFill {
    due_ns: i64,
    trade_id: u64,
    instrument: u16,
    side: u8,
    price_ticks: i64,
    size_lots: i64,
}

impl Wake {
    pub(crate) fn new(config: &EngineConfig) -> Self {
        let sample_ns = config.sample_ms as i64 * MS;
        let pending = || VecDeque::with_capacity(FILLS);
        let markouts =
            config.markouts_ms.iter().map(|&horizon_ms| Markouts { horizon_ms, pending: pending() }).collect();
        Self { interval_ns: 0, interval_due: i64::MAX, sample_ns, sample_due: i64::MIN, markouts }
    }

    /// Sets the controller's interval, 0 for none; whether it is another one.
    pub(crate) fn set_interval(&mut self, interval_ns: i64) -> bool {
        let another = interval_ns != self.interval_ns;
        if another {
            self.interval_ns = interval_ns;
            self.interval_due = i64::MIN;
        }
        another
    }

    /// Remembers a fill for its markouts; returns when the first of them is due.
    pub(crate) fn remember(&mut self, event: &OwnEvent, now_ns: i64) -> i64 {
        let mut first_ns = i64::MAX;
        for markouts in &mut self.markouts {
            let due_ns = now_ns.saturating_add((markouts.horizon_ms as i64).saturating_mul(MS));
            markouts.pending.push_back(MarkedFill {
                due_ns,
                trade_id: event.trade_id,
                instrument: event.instrument,
                side: event.side,
                price_ticks: event.price_ticks,
                size_lots: event.size_lots,
            });
            first_ns = first_ns.min(due_ns);
        }
        first_ns
    }
}

impl Core {
    /// Does what is due at `now_ns`, before the record of that time is applied: samples and markouts see the market as it
    /// was when they fell due. Returns the hits it makes.
    #[inline(never)]
    pub(crate) fn wake(&mut self, now_ns: i64, memory: &mut Memory<'_>) -> u32 {
        let mut hits = 0;
        let wake = &mut self.wake;
        if wake.interval_ns > 0 && now_ns >= wake.interval_due {
            // The very first record only starts the clock.
            hits |= if wake.interval_due == i64::MIN { 0 } else { hit::TIMER };
            wake.interval_due = next_multiple(now_ns, wake.interval_ns);
        }
        if wake.sample_ns > 0 && now_ns >= wake.sample_due {
            wake.sample_due = next_multiple(now_ns, wake.sample_ns);
            self.sample(now_ns, memory);
        }
        self.markouts(now_ns, memory);
        hits |= self.close_bars(now_ns, memory);
        self.check_silence(now_ns);
        // `step` writes only the block of the record's instrument, but silence is judged of all.
        self.write_markets(memory);
        // A markout that found no room in the ring waits for the next record, not for this one again.
        self.due_ns = if self.awaits_books { i64::MIN } else { self.next_wake().max(now_ns.saturating_add(1)) };
        hits | self.drain_wish(memory)
    }

    fn next_wake(&self) -> i64 {
        let wake = &self.wake;
        let interval = if wake.interval_ns > 0 { wake.interval_due } else { i64::MAX };
        let sample = if wake.sample_ns > 0 { wake.sample_due } else { i64::MAX };
        let markouts = wake.markouts.iter().filter_map(|m| m.pending.front()).map(|fill| fill.due_ns);
        let bars = self.markets.iter().flat_map(|market| &market.bars).filter_map(BarSeries::due_ns);
        let silence = self.markets.iter().map(|market| market.monitor.next_deadline_ns());
        markouts.chain(silence).chain(bars).chain([interval, sample]).min().unwrap_or(i64::MAX)
    }

    /// Emits one look at each instrument. Where the ring is full of unread news, the look is left out and counted.
    fn sample(&mut self, now_ns: i64, memory: &mut Memory<'_>) {
        for index in 0..self.markets.len() {
            if events::room(&self.map, memory) == 0 {
                self.lost_samples += 1;
                continue;
            }
            let view = self.money_view(index);
            Entry::new(events::kind::SAMPLE, 0, 0, index as u16, 0)
                .with(2, &[view.position_lots as f64, view.realized, view.unrealized, view.fees, view.funding])
                .with(7, &[micros(now_ns)])
                .with_ns(8, now_ns)
                .with(12, &[view.equity, view.mid])
                .push(&self.map, memory);
        }
    }

    fn markouts(&mut self, now_ns: i64, memory: &mut Memory<'_>) {
        for markouts in &mut self.wake.markouts {
            while let Some(fill) = markouts.pending.front().filter(|fill| fill.due_ns <= now_ns).copied() {
                if events::room(&self.map, memory) == 0 {
                    return;
                }
                markouts.pending.pop_front();
                let market = &self.markets[fill.instrument as usize];
                let mid = market.top.mid;
                let horizon = markouts.horizon_ms as f64;
                Entry::new(events::kind::MARKOUT, 0, 0, fill.instrument, fill.side)
                    .with(2, &[fill.price_ticks as f64, fill.size_lots as f64, horizon, mid, fill.trade_id as f64])
                    .with(7, &[micros(now_ns)])
                    .with_ns(8, now_ns)
                    .push(&self.map, memory);
            }
        }
    }

    fn check_silence(&mut self, now_ns: i64) {
        // The two latest messages: what went on elsewhere is the first, or the second for the one that had the first.
        let (mut first, mut second) = ((i64::MIN, usize::MAX), i64::MIN);
        for (index, market) in self.markets.iter().enumerate() {
            let heard_ns = market.monitor.last_message_ns().unwrap_or(i64::MIN);
            if heard_ns > first.0 {
                second = first.0;
                first = (heard_ns, index);
            } else {
                second = second.max(heard_ns);
            }
        }
        for (index, market) in self.markets.iter_mut().enumerate() {
            market.monitor.check_silence(now_ns, if index == first.1 { second } else { first.0 });
        }
    }
}

/// The first multiple of `step` after `now`.
fn next_multiple(now: i64, step: i64) -> i64 {
    (now.div_euclid(step) + 1).saturating_mul(step)
}

impl BookSettings {
    pub(crate) fn monitor(&self) -> tickwright_book::MonitorConfig {
        tickwright_book::MonitorConfig {
            crossed_ms: self.crossed_ms,
            feed_silence_ms: self.feed_silence_ms,
            top_unchanged_ms: self.top_unchanged_ms,
            ..tickwright_book::MonitorConfig::default()
        }
    }
}
