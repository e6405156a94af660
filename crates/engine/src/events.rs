use tickwright_paper::{EventKind, OwnEvent};

use crate::layout::{cell, Layout, Memory, EVENT_CELLS};

/// Kinds of ring entries beyond those of own orders.
pub(crate) mod kind {
    pub const SAMPLE: u32 = 20;
    pub const MARKOUT: u32 = 21;
    pub const BAR: u32 = 22;
}

/// The way up: entries for the controller's side, one fixed shape for all kinds.
///
/// | cell | own order | sample | markout | bar |
/// | --- | --- | --- | --- | --- |
/// | 0 | kind, reason + 256 if maker + 512 if it could only reduce | kind | kind | kind |
/// | 1 | order id, instrument + side × 65 536 | –, instrument | –, instrument, side | –, instrument |
/// | 2 | price ticks | position lots | fill price ticks | open |
/// | 3 | size lots | realized | size lots | high |
/// | 4 | leaves lots | unrealized | horizon ms | low |
/// | 5 | filled so far | fees | mid (price) | close |
/// | 6 | trade id | funding | trade id | volume lots |
/// | 7 | known at, µs | at, µs | at, µs | trades |
/// | 8 | known at, ns | at, ns | at, ns | opened, ns |
/// | 9 | venue time, ns | 0 | 0 | closed, ns |
/// | 10, 11 | money in 1e-12, low and high word | – | – | – |
/// | 12 | money as a double | equity | – | – |
/// | 13 | – | mid (price) | – | – |
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry {
    cells: [f64; EVENT_CELLS],
}

impl Entry {
    pub(crate) fn new(kind: u32, low: u32, order_id: u32, instrument: u16, side: u8) -> Self {
        let mut cells = [0.0; EVENT_CELLS];
        cells[0] = pair(kind, low);
        cells[1] = pair(order_id, u32::from(instrument) | (u32::from(side) << 16));
        Self { cells }
    }

    pub(crate) fn with(mut self, cell: usize, values: &[f64]) -> Self {
        self.cells[cell..cell + values.len()].copy_from_slice(values);
        self
    }

    pub(crate) fn with_ns(mut self, cell: usize, ns: i64) -> Self {
        self.cells[cell] = f64::from_bits(ns as u64);
        self
    }

    pub(crate) fn of(event: &OwnEvent, known_ns: i64) -> Self {
        let how = u32::from(event.maker) << 8 | u32::from(event.reduces) << 9;
        // A fee is what we pay; a funding payment reads as what we receive.
        let money = if event.kind == EventKind::Funding { -event.fee } else { event.fee };
        let kind = event.kind as u32 + 1;
        Self::new(kind, event.reason as u32 | how, event.order_id, event.instrument, event.side)
            .with(
                2,
                &[event.price_ticks as f64, event.size_lots as f64, event.leaves_lots as f64, event.cum_lots as f64],
            )
            .with(6, &[event.trade_id as f64, micros(known_ns)])
            .with_ns(8, known_ns)
            .with_ns(9, event.venue_ns)
            .with_ns(10, money.0 as i64)
            .with_ns(11, (money.0 >> 64) as i64)
            .with(12, &[money.to_f64()])
    }

    /// Puts the entry into the ring, which must have room.
    pub(crate) fn push(&self, map: &Layout, memory: &mut Memory<'_>) {
        let (written, read) = memory.words(cell::EVENTS);
        let at = map.events_at + (written as usize & (map.event_ring - 1)) * EVENT_CELLS;
        for (offset, value) in self.cells.iter().enumerate() {
            memory.set(at + offset, *value);
        }
        memory.set_words(cell::EVENTS, written.wrapping_add(1), read);
    }
}

/// Free places in the event ring.
#[inline]
pub(crate) fn room(map: &Layout, memory: &Memory<'_>) -> usize {
    map.event_ring - waiting(map, memory)
}

/// Entries that the controller's side has not read. A count that makes no sense, because the block was scribbled on,
/// reads as a full ring.
#[inline]
pub(crate) fn waiting(map: &Layout, memory: &Memory<'_>) -> usize {
    let (written, read) = memory.words(cell::EVENTS);
    (written.wrapping_sub(read) as usize).min(map.event_ring)
}

/// Whole microseconds of a time in ns, exact as a double until the year 2255.
#[inline(always)]
pub(crate) fn micros(ns: i64) -> f64 {
    (ns / 1000) as f64
}

fn pair(lo: u32, hi: u32) -> f64 {
    f64::from_bits(u64::from(lo) | (u64::from(hi) << 32))
}

/// Whether an event moves the account.
pub(crate) fn moves_account(event: &OwnEvent) -> bool {
    matches!(event.kind, EventKind::Fill | EventKind::Funding)
}
