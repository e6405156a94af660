use tickwright_types::{flags, prefetch_ahead, Tick, TickKind, NO_SIDE};

use crate::engine::Venue;
use crate::instruments::Market;
use crate::layout::{hit, FRAME_CELLS};

/// How far ahead of the record at hand the stream is fetched: about 2 KB, measured best on recorded and random tapes.
const PREFETCH_RECORDS: usize = 40;

/// Why a run of plain records ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Left {
    /// An action point, or no room for more.
    Room,
    /// The record at hand, not applied yet, needs more than a run of plain records gives.
    Before,
    /// The last record applied needs something done after it.
    After,
}

/// Where plain records go: kept between calls, so that nothing is looked up again while the instrument stays the same.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lane {
    pub index: usize,
    pub venue: usize,
    /// The first word of a plain level and a plain trade of the instrument, with side and LAST left out.
    level: u64,
    trade: u64,
}

/// What plain records must stop for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Until {
    /// Hits that make an action point.
    pub mask: u32,
    /// When something is due by time.
    pub due_ns: i64,
    /// When news of another venue is due; the beginning of time where each record has to be looked at afterwards.
    pub other_event_ns: i64,
    pub feed_latency_ns: i64,
}

/// Side 0 or 1 and the flag LAST: what may differ between plain levels.
const LEVEL_FREE: u64 = !word(0, 0, 1, flags::LAST);
/// Side 0, 1 or none and the flag LAST.
const TRADE_FREE: u64 = !word(0, 0, 1 | NO_SIDE, flags::LAST);

/// [`Tick::tail`] of such a tick.
const fn word(instrument: u16, kind: u8, side: u8, flags: u8) -> u64 {
    instrument as u64 | (kind as u64) << 16 | (side as u64) << 24 | (flags as u64) << 32
}

impl Lane {
    /// The lane of no instrument: whatever is asked first looks its own up.
    pub(crate) const NOWHERE: Self = Self { index: usize::MAX, venue: usize::MAX, level: u64::MAX, trade: u64::MAX };

    /// The lane of an instrument. Where something is made of each trade, none is plain, and no record where something
    /// is made of each mid.
    pub(crate) fn new(index: usize, market: &Market) -> Self {
        let [reads_trades, reads_mids] = market.reads();
        let plain = |kind, unless| if unless { u64::MAX } else { word(index as u16, kind as u8, 0, 0) };
        Self {
            index,
            venue: market.venue,
            level: plain(TickKind::BookDelta, reads_mids),
            trade: plain(TickKind::Trade, reads_trades || reads_mids),
        }
    }

    /// Applies one record if it is a plain one with nothing due before it; its hits, or 0 with nothing done.
    #[inline(always)]
    #[allow(clippy::needless_bitwise_bool, reason = "one branch that is nearly never taken beats three")]
    fn record<const SHOW: bool>(
        &self,
        until: &Until,
        tick: &Tick,
        market: &mut Market,
        venue: &mut Venue,
        last_ns: &mut i64,
    ) -> u32 {
        let now_ns = tick.recv_ns.saturating_add(until.feed_latency_ns);
        let venue_ns = venue.time_ns.max(tick.exch_ns);
        if (venue.paper.next_request_ns() < venue_ns) | (now_ns >= until.due_ns) | (now_ns < *last_ns) {
            return 0;
        }
        let word = tick.tail();
        let mut hits;
        if (word & LEVEL_FREE == self.level) & (tick.size_lots >= 0) {
            hits = hit::RECORD;
            let side = usize::from(tick.side);
            let applied = market.book.apply_level(side, tick.price_ticks, tick.size_lots);
            if applied.best_changed {
                hits |= market.refresh_side(side);
            }
            let (bid, ask) = (market.book.best_price(0), market.book.best_price(1));
            let (price, old, new) = (tick.price_ticks, applied.old_lots, tick.size_lots);
            venue.paper.on_level(self.index, side, price, old, new, bid, ask, venue_ns);
        } else if word & TRADE_FREE == self.trade {
            hits = hit::RECORD | hit::TRADE;
            venue.paper.on_trade(self.index, tick.side, tick.price_ticks, tick.size_lots, venue_ns);
            market.monitor.on_trade(now_ns);
        } else {
            return 0;
        }
        venue.time_ns = venue_ns;
        *last_ns = now_ns;
        if tick.is_last() {
            hits |= hit::LAST;
            market.end_message::<SHOW>(now_ns, tick.id);
            let (bid, ask) = (market.book.best_price(0), market.book.best_price(1));
            venue.paper.on_message(self.index, bid, ask, venue_ns);
        }
        market.on_record.update::<SHOW>(&market.top, &mut market.shown);
        hits
    }

    /// One record by itself: its hits, and whether it is done with, must be looked at afterwards, or goes another way.
    #[inline(always)]
    pub(crate) fn one(
        &self,
        until: &Until,
        tick: &Tick,
        market: &mut Market,
        venue: &mut Venue,
        last_ns: &mut i64,
    ) -> (u32, Left) {
        prefetch_ahead(tick, PREFETCH_RECORDS);
        let hits = self.record::<true>(until, tick, market, venue, last_ns);
        let after = venue.paper.next_event_ns().min(until.other_event_ns) <= *last_ns;
        let left = if after { Left::After } else { Left::Room };
        (hits, if hits == 0 { Left::Before } else { left })
    }

    /// How many records were applied, the hits of the last one, and why the run ended.
    ///
    /// This is the loop everything else makes way for: levels and trades of one instrument with nothing due in between.
    /// It allocates nothing, and leaves as soon as a record needs more than instrument and venue.
    #[inline(never)]
    pub(crate) fn run<const FRAMES: bool>(
        &self,
        until: &Until,
        ticks: &[Tick],
        market: &mut Market,
        venue: &mut Venue,
        last_ns: &mut i64,
        frames: &mut [[f64; FRAME_CELLS]],
    ) -> (usize, u32, Left) {
        let mut hits = 0;
        let mut done = 0;
        for tick in ticks {
            prefetch_ahead(tick, PREFETCH_RECORDS);
            hits = self.record::<false>(until, tick, market, venue, last_ns);
            if hits == 0 {
                return (done, 0, Left::Before);
            }
            if FRAMES {
                frames[done] = market.frame(hits, tick, *last_ns);
            }
            done += 1;
            if venue.paper.next_event_ns().min(until.other_event_ns) <= *last_ns {
                return (done, hits, Left::After);
            }
            if hits & until.mask != 0 {
                break;
            }
        }
        (done, hits, Left::Room)
    }
}
