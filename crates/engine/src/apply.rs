use tickwright_paper::EventKind;
use tickwright_types::{flags, Tick, TickKind};

use crate::engine::Core;
use crate::events::{self, Entry};
use crate::instruments::Market;
use crate::layout::{hit, instrument_cell, status, Layout, Memory};
use crate::EngineError;

impl Core {
    /// What comes before a record: its instrument and time are checked, what is due by time is done, and requests that
    /// reached the venue are applied to the book as it was. Returns the hits, with `ERROR` if the record is refused.
    #[inline(never)]
    pub(crate) fn before(&mut self, tick: &Tick, memory: &mut Memory<'_>) -> u32 {
        let now_ns = tick.recv_ns.saturating_add(self.feed_latency_ns);
        let Some(market) = self.markets.get(usize::from(tick.instrument)) else { return self.unknown_instrument(tick) };
        let at = market.venue;
        // A record that is refused must change nothing: it is met again by the next call.
        let Some(kind) = tick.kind() else { return self.unknown_kind(tick) };
        if tick.side > 1
            && matches!(kind, TickKind::BookDelta | TickKind::SnapshotLevel | TickKind::Quote | TickKind::OrderAdd)
        {
            return self.no_side(tick);
        }
        if now_ns < self.now_ns {
            return self.time_backwards(now_ns);
        }
        let mut hits = hit::RECORD;
        if now_ns >= self.due_ns {
            hits |= self.wake(now_ns, memory);
        }
        let (venue, markets) = (&mut self.venues[at], &self.markets);
        venue.time_ns = venue.time_ns.max(tick.exch_ns);
        if venue.paper.next_request_ns() < venue.time_ns {
            venue.paper.process_requests(venue.time_ns, markets.as_slice());
        }
        hits
    }

    /// What comes after a record: own events whose time has come, and interests in prices. Returns the hits.
    #[inline(never)]
    pub(crate) fn after(&mut self, instrument: usize, memory: &mut Memory<'_>) -> u32 {
        let mut hits = 0;
        if self.venues.iter().any(|venue| venue.paper.next_event_ns() <= self.now_ns) {
            hits |= self.deliver(self.now_ns, memory);
        }
        if self.watches {
            hits |= self.watched(instrument);
        }
        hits
    }

    /// One record of any kind, the long way round. Returns the hits, with `ERROR` if it is refused.
    ///
    /// For levels and trades it does what [`Lane::run`](crate::lane::Lane::run) does.
    pub(crate) fn apply(&mut self, tick: &Tick, memory: &mut Memory<'_>) -> u32 {
        let now_ns = tick.recv_ns.saturating_add(self.feed_latency_ns);
        self.now_ns = now_ns;
        let index = usize::from(tick.instrument);
        let venue = &mut self.venues[self.markets[index].venue];
        venue.time_ns = venue.time_ns.max(tick.exch_ns);
        let venue_ns = venue.time_ns;
        let mut hits = hit::RECORD;
        if self.awaits_books {
            hits |= self.begin_book(tick, venue_ns);
        }
        let market = &mut self.markets[index];
        let venue = &mut self.venues[market.venue];
        note_flags(market, tick, now_ns);
        match tick.kind() {
            Some(TickKind::BookDelta) => {
                let side = usize::from(tick.side & 1);
                if tick.size_lots < 0 {
                    market.monitor.on_negative_size(now_ns, tick.id);
                }
                let new_lots = tick.size_lots.max(0);
                let applied = market.book.apply_level(side, tick.price_ticks, new_lots);
                hits |= market.refresh_side(side);
                let (bid, ask) = (market.book.best_price(0), market.book.best_price(1));
                venue.paper.on_level(index, side, tick.price_ticks, applied.old_lots, new_lots, bid, ask, venue_ns);
            }
            Some(TickKind::Trade) => {
                venue.paper.on_trade(index, tick.side, tick.price_ticks, tick.size_lots, venue_ns);
                market.monitor.on_trade(now_ns);
                market.read_trade(tick, now_ns);
                hits |= hit::TRADE | self.bar_trade(tick, memory);
            }
            Some(kind) if kind.is_order_event() => hits |= self.apply_order(tick, venue_ns),
            Some(kind) => hits |= self.apply_other(kind, tick, venue_ns),
            None => return self.unknown_kind(tick),
        }
        let market = &mut self.markets[index];
        if tick.is_last() {
            hits |= hit::LAST;
            market.end_message::<true>(now_ns, tick.id);
            let reads_mids = market.reads()[1];
            let (bid, ask) = (market.book.best_price(0), market.book.best_price(1));
            self.venues[market.venue].paper.on_message(index, bid, ask, venue_ns);
            if reads_mids {
                hits |= self.bar_mid(index, memory);
            }
        }
        let market = &mut self.markets[index];
        market.on_record.update::<true>(&market.top, &mut market.shown);
        hits
    }

    /// Every kind but levels, trades and orders.
    fn apply_other(&mut self, kind: TickKind, tick: &Tick, venue_ns: i64) -> u32 {
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
                market.clear_book();
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
                let index = usize::from(tick.instrument);
                if let Some(mark) = paper.mark_half_ticks(index).or_else(|| market.mark_half_ticks()) {
                    paper.on_funding(usize::from(tick.instrument), tick.price_ticks, mark, venue_ns);
                }
            }
            TickKind::BarOpen | TickKind::BarHigh | TickKind::BarLow | TickKind::BarClose => {
                paper.on_bar_record(usize::from(tick.instrument), kind, tick.price_ticks, tick.size_lots, venue_ns);
            }
            TickKind::MarkPrice => paper.on_mark(usize::from(tick.instrument), tick.price_ticks, venue_ns),
            // Quotes beside a book are a second opinion, which `tape verify` holds against it. Recorded timers
            // move no book.
            _ => {}
        }
        let moved = |a: f64, b: f64| a.to_bits() != b.to_bits();
        let best_changed = moved(before[0], market.top.price[0]) || moved(before[1], market.top.price[1]);
        if best_changed {
            hit::BEST
        } else {
            0
        }
    }

    /// Hands over news whose time has come, as long as the ring has room.
    #[inline(never)]
    fn deliver(&mut self, now_ns: i64, memory: &mut Memory<'_>) -> u32 {
        let mut hits = 0;
        for venue in 0..self.venues.len() {
            while events::room(&self.map, memory) > 0 {
                let Some(event) = self.venues[venue].paper.pop_event(now_ns) else { break };
                if event.kind == EventKind::Fill && !self.venues[venue].heard.is_new(event.trade_id) {
                    self.duplicate_fills += 1;
                    continue;
                }
                if events::moves_account(&event) {
                    self.venues[venue].ledger.apply(&event);
                    let position = self.venues[venue].ledger.net_lots(usize::from(event.instrument));
                    let at = Layout::instrument_at(usize::from(event.instrument));
                    memory.set(at + instrument_cell::POSITION, position as f64);
                }
                if event.kind == EventKind::Fill {
                    self.due_ns = self.due_ns.min(self.wake.remember(&event, now_ns));
                    let traded = &mut self.traded[usize::from(event.instrument)];
                    traded.fills += 1;
                    traded.lots += event.size_lots;
                }
                self.orders.apply(&event, &self.map, memory);
                Entry::of(&event, now_ns).push(&self.map, memory);
                hits = hit::OWN;
            }
        }
        hits | self.drain_wish(memory)
    }

    /// `DRAIN` once the event ring is half full.
    pub(crate) fn drain_wish(&self, memory: &Memory<'_>) -> u32 {
        let half = self.map.event_ring / 2;
        u32::from(events::waiting(&self.map, memory) >= half) * status::DRAIN
    }

    /// Interests in prices: levels and moves of the mid. Called only where there are any.
    ///
    /// A price reaches a level when it goes from one side of it to it or beyond; an empty side has none, and goes on from
    /// the last one that it had.
    #[inline(never)]
    fn watched(&mut self, instrument: usize) -> u32 {
        let top = self.markets[instrument].top.price;
        let mut hits = 0;
        for (last, now) in self.last_price[instrument].iter_mut().zip(top) {
            if now.is_nan() {
                continue;
            }
            let from = std::mem::replace(last, now);
            let reached = |level: f64| (from < level && level <= now) || (now <= level && level < from);
            if self.interests.crosses_ticks.iter().any(|&level| reached(level as f64)) {
                hits |= hit::CROSS;
            }
        }
        let mid2 = top[0] + top[1];
        if (mid2 - self.acted_mid2[instrument]).abs() >= 2.0 * self.interests.mid_moved_ticks as f64 {
            hits |= hit::MID;
        }
        if self.acted_mid2[instrument].is_nan() {
            self.acted_mid2[instrument] = mid2;
        }
        hits
    }

    #[cold]
    #[inline(never)]
    fn unknown_instrument(&mut self, tick: &Tick) -> u32 {
        let known = self.markets.len();
        self.fail(|record| EngineError::UnknownInstrument { record, instrument: tick.instrument, known })
    }

    #[cold]
    #[inline(never)]
    fn no_side(&mut self, tick: &Tick) -> u32 {
        self.fail(|record| EngineError::NoSide { record, side: tick.side })
    }

    #[cold]
    #[inline(never)]
    fn unknown_kind(&mut self, tick: &Tick) -> u32 {
        self.fail(|record| EngineError::UnknownKind { record, kind: tick.kind })
    }

    #[cold]
    #[inline(never)]
    fn time_backwards(&mut self, recv_ns: i64) -> u32 {
        let last_ns = self.now_ns;
        self.fail(|record| EngineError::TimeBackwards { record, recv_ns, last_ns })
    }

    /// Notes a fault; the number of the record is that of the batch's first until `EngineError::further` makes it whole.
    fn fail(&mut self, fault: impl FnOnce(u64) -> EngineError) -> u32 {
        self.fault = Some(fault(self.tally.records));
        status::ERROR
    }
}

/// What a reader noticed about the message that begins or ends here.
fn note_flags(market: &mut Market, tick: &Tick, now_ns: i64) {
    if tick.flags & flags::GAP != 0 {
        market.monitor.on_gap(now_ns, tick.id);
    }
    if tick.flags & flags::BAD_CHECKSUM != 0 {
        market.monitor.on_bad_checksum(now_ns, tick.id);
    }
}
