use tickwright_paper::EventKind;
use tickwright_types::{flags, Tick, TickKind};

use crate::engine::Core;
use crate::events::{self, Entry};
use crate::instruments::Market;
use crate::layout::{hit, instrument_cell, Layout, Memory};
use crate::EngineError;

const BOOK_DELTA: u8 = TickKind::BookDelta as u8;
const TRADE: u8 = TickKind::Trade as u8;

impl Core {
    /// One record: due requests, book, resting orders, own events, indicators, what is due by time. Returns the hits.
    #[inline(always)]
    pub(crate) fn apply(&mut self, tick: &Tick, memory: &mut Memory<'_>) -> Result<u32, EngineError> {
        let now_ns = tick.recv_ns + self.feed_latency_ns;
        if tick.instrument as usize >= self.markets.len() {
            return Err(self.unknown_instrument(tick));
        }
        if now_ns < self.now_ns {
            return Err(self.time_backwards(now_ns));
        }
        self.now_ns = now_ns;
        if now_ns >= self.silence_ns {
            self.check_silence(now_ns);
        }
        let market = &self.markets[tick.instrument as usize];
        let venue = &mut self.venues[market.venue];
        venue.time_ns = venue.time_ns.max(tick.exch_ns);
        let venue_ns = venue.time_ns;
        if venue.paper.next_request_ns() < venue_ns {
            let at = market.venue;
            self.process_requests(at);
        }

        let market = &mut self.markets[tick.instrument as usize];
        let paper = &mut self.venues[market.venue].paper;
        let mut hits = hit::RECORD;
        if tick.kind == BOOK_DELTA {
            let side = usize::from(tick.side & 1);
            let applied = market.book.apply_level(side, tick.price_ticks, tick.size_lots);
            if applied.best_changed {
                market.refresh_price(side);
                hits |= hit::BEST;
            }
            market.top.lots[side] = market.book.best_size(side) as f64;
            let best = [market.book.best_price(0), market.book.best_price(1)];
            let new_lots = tick.size_lots.max(0);
            let at = usize::from(tick.instrument);
            paper.on_level(at, side, tick.price_ticks, applied.old_lots, new_lots, best[0], best[1], venue_ns);
            if tick.size_lots < 0 {
                market.monitor.on_negative_size(now_ns, tick.id);
            }
        } else if tick.kind == TRADE {
            paper.on_trade(usize::from(tick.instrument), tick.side, tick.price_ticks, tick.size_lots, venue_ns);
            market.monitor.on_trade(now_ns);
            hits |= hit::TRADE;
            if !market.bars.is_empty() {
                hits |= self.bar_trade(tick, memory);
            }
        } else {
            hits |= self.apply_rare(tick, venue_ns)?;
        }

        let market = &mut self.markets[tick.instrument as usize];
        if tick.flags != 0 {
            if tick.flags & !flags::LAST != 0 {
                note_flags(market, tick, now_ns);
            }
            if tick.is_last() {
                hits |= hit::LAST;
                market.monitor.on_last(now_ns, tick.id, market.book.best_price(0), market.book.best_price(1));
                market.on_message.update(&market.top, market.tick_size);
            }
        }
        market.on_record.update(&market.top, market.tick_size);

        if self.next_event_ns() <= now_ns {
            hits |= self.deliver(now_ns, memory);
        }
        if now_ns >= self.wake.next_ns {
            hits |= self.wake(now_ns, memory);
        }
        self.until_nth -= 1;
        if self.until_nth == 0 {
            self.until_nth = self.nth;
            hits |= hit::NTH;
        }
        if self.watches {
            hits |= self.watched(tick.instrument);
        }
        self.records += 1;
        Ok(hits)
    }

    /// Requests that reached the venue before this record, against the book as it was.
    #[inline(never)]
    fn process_requests(&mut self, venue: usize) {
        let (state, markets) = (&mut self.venues[venue], &self.markets);
        state.paper.process_requests(state.time_ns, markets.as_slice());
    }

    /// The kinds that are rare on a tape of levels and trades.
    #[inline(never)]
    fn apply_rare(&mut self, tick: &Tick, venue_ns: i64) -> Result<u32, EngineError> {
        let Some(kind) = tick.kind() else { return Err(self.unknown_kind(tick)) };
        let market = &mut self.markets[tick.instrument as usize];
        let paper = &mut self.venues[market.venue].paper;
        let side = usize::from(tick.side & 1);
        let before = market.top.price;
        match kind {
            TickKind::SnapshotBegin => {
                market.book.snapshot_begin();
                market.monitor.on_snapshot_begin();
            }
            TickKind::SnapshotLevel => market.book.snapshot_level(side, tick.price_ticks, tick.size_lots),
            TickKind::SnapshotEnd => {
                market.book.snapshot_end();
                market.monitor.on_snapshot_end(self.now_ns, tick.id);
                market.refresh_top();
                paper.on_book_replaced(usize::from(tick.instrument), &*market, venue_ns);
            }
            TickKind::BookClear => {
                market.book.clear();
                market.refresh_top();
                paper.on_book_replaced(usize::from(tick.instrument), &*market, venue_ns);
            }
            TickKind::Quote if market.quotes_drive => {
                let old = market.book.best_price(side);
                if market.book.best_size(side) > 0 && old != tick.price_ticks {
                    market.book.apply_level(side, old, 0);
                }
                market.book.apply_level(side, tick.price_ticks, tick.size_lots);
                market.refresh_top();
                paper.on_quote(usize::from(tick.instrument), side, tick.price_ticks, tick.size_lots, venue_ns);
            }
            TickKind::FundingRate => {
                if let Some(mark) = market.mark_half_ticks() {
                    paper.on_funding(usize::from(tick.instrument), tick.price_ticks, mark, venue_ns);
                }
            }
            TickKind::MarkPrice => paper.on_mark(usize::from(tick.instrument), tick.price_ticks),
            // Quotes beside a book are a second opinion, which `tape verify` holds against it. Marks, recorded timers,
            // bars and orders do not move a book by level.
            _ => {}
        }
        let moved = |a: f64, b: f64| a.to_bits() != b.to_bits();
        let best_changed = moved(before[0], market.top.price[0]) || moved(before[1], market.top.price[1]);
        Ok(if best_changed { hit::BEST } else { 0 })
    }

    /// Hands over news whose time has come, as long as the ring has room.
    #[inline(never)]
    fn deliver(&mut self, now_ns: i64, memory: &mut Memory<'_>) -> u32 {
        let mut hits = 0;
        for venue in 0..self.venues.len() {
            while events::room(&self.map, memory) > 0 {
                let Some(event) = self.venues[venue].paper.pop_event(now_ns) else { break };
                if events::moves_account(&event) {
                    self.venues[venue].ledger.apply(&event);
                    let position = self.venues[venue].ledger.position(usize::from(event.instrument)).lots;
                    let at = Layout::instrument_at(usize::from(event.instrument));
                    memory.set(at + instrument_cell::POSITION, position as f64);
                }
                if event.kind == EventKind::Fill {
                    self.wake.remember(&event, now_ns);
                    let traded = &mut self.traded[usize::from(event.instrument)];
                    traded.fills += 1;
                    traded.lots += event.size_lots;
                }
                self.orders.apply(&event, &self.map, memory);
                Entry::of(&event, now_ns).push(&self.map, memory);
                hits = hit::OWN;
            }
        }
        hits
    }

    /// Interests in prices: levels and moves of the mid. Called only where there are any.
    #[inline(never)]
    fn watched(&mut self, instrument: u16) -> u32 {
        let market = &self.markets[usize::from(instrument)];
        let top = market.top.price;
        let mut hits = 0;
        let last = &mut self.last_top[usize::from(instrument)];
        let crossed = |level: &i64| {
            let level = *level as f64;
            let reached = |side: usize| (last.price[side] < level) != (top[side] < level);
            !last.price[0].is_nan() && !last.price[1].is_nan() && (reached(0) || reached(1))
        };
        if self.interests.crosses_ticks.iter().any(crossed) {
            hits |= hit::CROSS;
        }
        last.price = top;
        let mid2 = top[0] + top[1];
        if (mid2 - self.acted_mid2[usize::from(instrument)]).abs() >= 2.0 * self.interests.mid_moved_ticks as f64 {
            hits |= hit::MID;
        }
        if self.acted_mid2[usize::from(instrument)].is_nan() && !mid2.is_nan() {
            self.acted_mid2[usize::from(instrument)] = mid2;
        }
        hits
    }

    fn bar_trade(&mut self, tick: &Tick, memory: &mut Memory<'_>) -> u32 {
        let mut hits = 0;
        for at in 0..self.markets[tick.instrument as usize].bars.len() {
            let bars = &mut self.markets[tick.instrument as usize].bars[at];
            for bar in bars.on_trade(tick.recv_ns, tick.price_ticks, tick.size_lots) {
                hits |= self.emit_bar(tick.instrument, &bar, memory);
            }
        }
        hits
    }

    /// Closes bars whose time is over though no trade came.
    pub(crate) fn close_bars(&mut self, now_ns: i64, memory: &mut Memory<'_>) -> u32 {
        let mut hits = 0;
        for instrument in 0..self.markets.len() {
            for at in 0..self.markets[instrument].bars.len() {
                let bars = &mut self.markets[instrument].bars[at];
                for bar in bars.on_time(now_ns) {
                    hits |= self.emit_bar(instrument as u16, &bar, memory);
                }
            }
        }
        hits
    }

    fn emit_bar(&mut self, instrument: u16, bar: &tickwright_indicators::Bar, memory: &mut Memory<'_>) -> u32 {
        if events::room(&self.map, memory) == 0 {
            self.lost_samples += 1;
            return 0;
        }
        let prices = [bar.open, bar.high, bar.low, bar.close].map(|ticks| ticks as f64);
        Entry::new(events::kind::BAR, 0, 0, instrument, 0)
            .with(2, &prices)
            .with(6, &[bar.volume_lots as f64, bar.trades as f64])
            .with_ns(8, bar.open_ns)
            .with_ns(9, bar.close_ns)
            .push(&self.map, memory);
        hit::BAR
    }

    #[cold]
    fn unknown_instrument(&self, tick: &Tick) -> EngineError {
        let known = self.markets.len();
        EngineError::UnknownInstrument { record: self.records, instrument: tick.instrument, known }
    }

    #[cold]
    fn unknown_kind(&self, tick: &Tick) -> EngineError {
        EngineError::UnknownKind { record: self.records, kind: tick.kind }
    }

    #[cold]
    fn time_backwards(&self, recv_ns: i64) -> EngineError {
        EngineError::TimeBackwards { record: self.records, recv_ns, last_ns: self.now_ns }
    }
}

/// What a reader noticed about the message that begins or ends here.
#[cold]
fn note_flags(market: &mut Market, tick: &Tick, now_ns: i64) {
    if tick.flags & flags::GAP != 0 {
        market.monitor.on_gap(now_ns, tick.id);
    }
    if tick.flags & flags::BAD_CHECKSUM != 0 {
        market.monitor.on_bad_checksum(now_ns, tick.id);
    }
}
