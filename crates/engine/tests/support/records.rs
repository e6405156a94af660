//! Records of one instrument written by hand.

use tickwright_types::{flags, Tick, TickKind};

/// A level, received and made at those times, the end of its message.
pub fn level(recv_ns: i64, exch_ns: i64, side: u8, price_ticks: i64, size_lots: i64) -> Tick {
    Tick { recv_ns, exch_ns, price_ticks, size_lots, side, flags: flags::LAST, ..Tick::of(TickKind::BookDelta) }
}

/// A trade, the end of its message; `side` is the aggressor's.
pub fn trade(recv_ns: i64, exch_ns: i64, side: u8, price_ticks: i64, size_lots: i64) -> Tick {
    Tick { kind: TickKind::Trade as u8, ..level(recv_ns, exch_ns, side, price_ticks, size_lots) }
}

/// Any other kind, without a side, the end of its message.
pub fn other(kind: TickKind, recv_ns: i64) -> Tick {
    Tick { recv_ns, exch_ns: recv_ns, flags: flags::LAST, ..Tick::of(kind) }
}

/// A book of 99 bid and 101 asked, 1 000 lots each, at that time.
pub fn touch(recv_ns: i64) -> [Tick; 2] {
    [level(recv_ns, recv_ns, 0, 99, 1_000), level(recv_ns, recv_ns, 1, 101, 1_000)]
}
