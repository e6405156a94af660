//! The memory map: where each cell of the shared block lies, and the one definition from which the TypeScript
//! accessors are generated.
//!
//! A cell is 8 bytes, read as a double, as a signed 64-bit integer, or as two 32-bit words (`lo`, `hi`). Prices and
//! sizes are counts of ticks and lots as doubles, exact to 2^53; an empty side of the book is NaN.
//!
//! ```text
//! 0        line 0: the live frame, written at every return
//! 8        line 1: ring counters, status of the call
//! 16       details: written on request
//! 64       one block of 32 cells an instrument: position, state, indicators, top
//! orders   slots of 8 cells, one for each order id modulo the slots
//! live     ids of live orders, oldest first, two a cell
//! commands ring of 4-cell commands, written by the controller's side
//! events   ring of 16-cell events, written by the engine
//! frames   frames read ahead, 8 cells each
//! ```

mod fields;
mod memory;

pub use fields::{fields, Field, FieldKind};
pub use memory::Memory;
use tickwright_types::Tick;

use crate::EngineError;

/// Cells of one frame.
pub const FRAME_CELLS: usize = 8;
/// Cells of one command.
pub const COMMAND_CELLS: usize = 4;
/// Cells of one event.
pub const EVENT_CELLS: usize = 16;
/// Cells of one order slot.
pub const ORDER_CELLS: usize = 8;
/// Cells of one instrument's block.
pub const INSTRUMENT_CELLS: usize = 32;
/// Indicator outputs an instrument can have.
pub const MAX_INDICATORS: usize = 16;
/// Order slots; an order id lives in slot `id % ORDER_SLOTS`.
pub const ORDER_SLOTS: usize = 4096;
/// First cell of the instruments' blocks.
pub const INSTRUMENTS_AT: usize = 64;

/// Bits of the status word, the `lo` word of a frame's first cell.
pub mod status {
    /// The controller may act now.
    pub const ACTION: u32 = 1;
    /// The source has no more records.
    pub const END: u32 = 2;
    /// The event ring is half full: drain it and call again.
    pub const DRAIN: u32 = 4;
    /// The frames' region is full: read it and call again.
    pub const MORE: u32 = 8;
    /// The record could not be applied; the call fails.
    pub const ERROR: u32 = 16;
    /// Events wait in the ring.
    pub const EVENTS: u32 = 32;
    /// The book of the record's instrument is LIVE.
    pub const LIVE: u32 = 64;
    /// A live queue has run dry for now.
    pub const IDLE: u32 = 128;
    /// The number of records that was asked for is done.
    pub const LIMIT: u32 = 256;
}

/// Bits that say what happened at a record, in the status word from bit 16 on; interests are masks of them.
pub mod hit {
    /// Any record.
    pub const RECORD: u32 = 1 << 16;
    /// The last record of a venue message.
    pub const LAST: u32 = 1 << 17;
    /// A trade.
    pub const TRADE: u32 = 1 << 18;
    /// A best price changed.
    pub const BEST: u32 = 1 << 19;
    /// News of own orders was delivered.
    pub const OWN: u32 = 1 << 20;
    /// The controller's interval began anew.
    pub const TIMER: u32 = 1 << 21;
    /// The n-th record.
    pub const NTH: u32 = 1 << 22;
    /// A bar closed.
    pub const BAR: u32 = 1 << 23;
    /// The mid moved far enough since the last action point.
    pub const MID: u32 = 1 << 24;
    /// A best price reached or crossed a watched level.
    pub const CROSS: u32 = 1 << 25;
    /// All of them.
    pub const ALL: u32 = 0x3ff << 16;
}

/// Single cells by name.
pub mod cell {
    // Cells 0 to 7 are a frame, 8 to 15 belong to the call, 16 on are details.
    /// Frame: status word (`lo`), instrument, kind, side and flags (`hi`).
    pub const HEAD: usize = 0;
    /// Frame: receive time in µs.
    pub const TS_US: usize = 1;
    /// Frame: best bid in ticks.
    pub const BID: usize = 2;
    /// Frame: best ask in ticks.
    pub const ASK: usize = 3;
    /// Frame: size at the best bid in lots.
    pub const BID_LOTS: usize = 4;
    /// Frame: size at the best ask in lots.
    pub const ASK_LOTS: usize = 5;
    /// Frame: price of the record in ticks.
    pub const PRICE: usize = 6;
    /// Frame: size of the record in lots.
    pub const SIZE: usize = 7;
    /// Commands written (`lo`, by the controller's side) and read (`hi`, by the engine).
    pub const COMMANDS: usize = 8;
    /// Events written (`lo`, by the engine) and read (`hi`, by the controller's side).
    pub const EVENTS: usize = 9;
    /// Frames filled by the last read-ahead (`lo`).
    pub const CALL: usize = 10;
    /// Live orders (`lo`).
    pub const LIVE_ORDERS: usize = 12;
    /// The latest order id given out (`lo`, by the controller's side).
    pub const ORDER_ID: usize = 13;
    /// Details: records done.
    pub const RECORDS: usize = 27;
    /// Details: receive time in ns.
    pub const RECV_NS: usize = 16;
    /// Details: venue time in ns.
    pub const EXCH_NS: usize = 17;
    /// Details: order id, update id, trade id or sequence of the record.
    pub const ID: usize = 18;
    /// Details: microprice in ticks.
    pub const MICROPRICE: usize = 19;
    /// Details: imbalance over five levels, −1 to 1.
    pub const IMBALANCE: usize = 20;
    /// Details: equity in the settlement asset.
    pub const EQUITY: usize = 21;
    /// Details: realized profit of the instrument.
    pub const REALIZED: usize = 22;
    /// Details: unrealized profit of the instrument.
    pub const UNREALIZED: usize = 23;
    /// Details: fees paid on the instrument.
    pub const FEES: usize = 24;
    /// Details: funding received on the instrument.
    pub const FUNDING: usize = 25;
    /// Details: average entry price of the instrument.
    pub const AVG_ENTRY: usize = 26;
}

/// Cells of an instrument's block, from its start.
pub mod instrument_cell {
    /// Position in lots, as far as the controller knows.
    pub const POSITION: usize = 0;
    /// State of the book (`lo`): 0 EMPTY, 1 SYNCING, 2 LIVE, 3 STALE.
    pub const STATE: usize = 1;
    /// Best bid, best ask and their sizes, written on request.
    pub const TOP: usize = 4;
    /// Indicator outputs, NaN until ready.
    pub const INDICATORS: usize = 8;
}

/// How large each region is and where it starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    /// How many instruments.
    pub instruments: usize,
    /// Capacity of the command ring, a power of two.
    pub command_ring: usize,
    /// Capacity of the event ring, a power of two.
    pub event_ring: usize,
    /// Capacity of the frames' region.
    pub frame_ring: usize,
    /// First cell of the order slots.
    pub orders_at: usize,
    /// First cell of the live ids.
    pub live_at: usize,
    /// First cell of the command ring.
    pub commands_at: usize,
    /// First cell of the event ring.
    pub events_at: usize,
    /// First cell of the frames.
    pub frames_at: usize,
    /// Cells in all.
    pub cells: usize,
}

impl Layout {
    /// The map for that many instruments and those capacities.
    ///
    /// Returns `E_CONFIG` where a capacity is no power of two from 16 to 1 048 576.
    pub fn new(
        instruments: usize,
        command_ring: usize,
        event_ring: usize,
        frame_ring: usize,
    ) -> Result<Self, EngineError> {
        for (name, size) in [("command_ring", command_ring), ("event_ring", event_ring), ("frame_ring", frame_ring)] {
            if !size.is_power_of_two() || !(16..=1 << 20).contains(&size) {
                return Err(EngineError::config(name, format!("{size} is not a power of two from 16 to 1048576")));
            }
        }
        let orders_at = INSTRUMENTS_AT + instruments * INSTRUMENT_CELLS;
        let live_at = orders_at + ORDER_SLOTS * ORDER_CELLS;
        let commands_at = live_at + ORDER_SLOTS / 2;
        let events_at = commands_at + command_ring * COMMAND_CELLS;
        let frames_at = events_at + event_ring * EVENT_CELLS;
        let cells = frames_at + frame_ring * FRAME_CELLS;
        Ok(Self {
            instruments,
            command_ring,
            event_ring,
            frame_ring,
            orders_at,
            live_at,
            commands_at,
            events_at,
            frames_at,
            cells,
        })
    }

    /// First cell of an instrument's block.
    #[inline]
    pub fn instrument_at(index: usize) -> usize {
        INSTRUMENTS_AT + index * INSTRUMENT_CELLS
    }
}

/// The words of a frame's head: status, and what the record is.
#[inline(always)]
pub fn head(status: u32, tick: &Tick) -> f64 {
    let tail = tick.tail();
    let what = tail as u32 | ((tail >> 4) as u32 & 0xf000_0000);
    f64::from_bits(u64::from(status) | (u64::from(what) << 32))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_follow_each_other_without_overlap() {
        let map = Layout::new(3, 64, 128, 32).unwrap();
        let starts =
            [INSTRUMENTS_AT, map.orders_at, map.live_at, map.commands_at, map.events_at, map.frames_at, map.cells];
        assert!(starts.windows(2).all(|pair| pair[0] < pair[1]), "{starts:?}");
        assert_eq!(map.cells - map.frames_at, 32 * FRAME_CELLS);
    }

    #[test]
    fn a_head_tells_what_the_record_is() {
        let tick = Tick { instrument: 513, side: 1, flags: 0b1011, ..Tick::of(tickwright_types::TickKind::Trade) };
        let bits = head(0x8000_0001, &tick).to_bits();
        let what = 0x0201 | (tickwright_types::TickKind::Trade as u64) << 16 | 1 << 24 | 0b1011 << 28;
        assert_eq!(bits, 0x8000_0001 | what << 32);
    }

    #[test]
    fn a_capacity_that_is_no_power_of_two_is_refused() {
        assert_eq!(Layout::new(1, 100, 128, 32).unwrap_err().code(), "E_CONFIG");
    }
}
