use bytemuck::{Pod, Zeroable};
use serde::{Deserialize, Serialize};

/// Bits of [`Tick::flags`].
pub mod flags {
    /// The last record of a venue message: only now is the book whole.
    pub const LAST: u8 = 1;
    /// The reader saw a sequence gap before this record's message.
    pub const GAP: u8 = 2;
    /// The venue's checksum of the book after this message did not match (set by readers that verify it).
    pub const BAD_CHECKSUM: u8 = 4;
    /// An order event that another record brings into the book: a venue's report of a fill before the change it makes.
    pub const REPORT: u8 = 8;
}

/// What a [`Tick`] says. The numbers are part of the tape format and never change.
///
/// | kind | `price_ticks` | `size_lots` | `id` | `side` |
/// | --- | --- | --- | --- | --- |
/// | `BookDelta`, `SnapshotLevel` | level | new total, 0 deletes | last update id | book side |
/// | `SnapshotBegin`, `SnapshotEnd` | 0 | 0 | last update id | none |
/// | `Trade` | price | size | trade id | aggressor, or none |
/// | `Quote` | best price | its size, 0 = side empty | update id | book side |
/// | `BarOpen`, `BarHigh`, `BarLow`, `BarClose` | price | volume so far (whole on `BarClose`) | bar length in ns | none, or the side that the bar is of |
/// | `FundingRate` | rate in 1e-12 | 0 | 0 | none |
/// | `MarkPrice` | price | 0 | 0 | none |
/// | `Timer` | 0 | 0 | timer id | none |
/// | `OrderAdd`, `OrderModify`, `OrderCancel`, `OrderExecute` | order price | order size or change | order id | book side |
/// | `BookClear` | 0 | 0 | sequence | none |
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[repr(u8)]
pub enum TickKind {
    /// A level's new total size.
    BookDelta = 0,
    /// A trade; `side` is the aggressor's.
    Trade = 1,
    /// One side of the best quote; a venue's quote is two records, the bid's first.
    Quote = 2,
    /// A whole book follows.
    SnapshotBegin = 3,
    /// One level of a whole book.
    SnapshotLevel = 4,
    /// The whole book is complete.
    SnapshotEnd = 5,
    /// First of a bar's four records.
    BarOpen = 6,
    /// Highest price of the bar.
    BarHigh = 7,
    /// Lowest price of the bar.
    BarLow = 8,
    /// Close and whole volume of the bar; carries LAST.
    BarClose = 9,
    /// A funding rate that is paid now.
    FundingRate = 10,
    /// The venue's mark price.
    MarkPrice = 11,
    /// A timer recorded with the market.
    Timer = 12,
    /// By-order book: a new order.
    OrderAdd = 13,
    /// By-order book: price or size replaced.
    OrderModify = 14,
    /// By-order book: size taken away by its owner.
    OrderCancel = 15,
    /// By-order book: size traded.
    OrderExecute = 16,
    /// Every level or order of the book is gone.
    BookClear = 17,
}

impl TickKind {
    /// Every kind, in the order of its number.
    pub const ALL: [TickKind; 18] = [
        Self::BookDelta,
        Self::Trade,
        Self::Quote,
        Self::SnapshotBegin,
        Self::SnapshotLevel,
        Self::SnapshotEnd,
        Self::BarOpen,
        Self::BarHigh,
        Self::BarLow,
        Self::BarClose,
        Self::FundingRate,
        Self::MarkPrice,
        Self::Timer,
        Self::OrderAdd,
        Self::OrderModify,
        Self::OrderCancel,
        Self::OrderExecute,
        Self::BookClear,
    ];

    /// The kind of that number, or `None`.
    #[inline]
    pub fn from_u8(n: u8) -> Option<Self> {
        Self::ALL.get(n as usize).copied()
    }

    /// Whether it changes an order of a by-order book.
    #[inline]
    pub fn is_order_event(self) -> bool {
        matches!(self, Self::OrderAdd | Self::OrderModify | Self::OrderCancel | Self::OrderExecute)
    }

    /// Its name in tapes, reports and JSON, for example `book_delta`.
    pub fn name(self) -> &'static str {
        match self {
            Self::BookDelta => "book_delta",
            Self::Trade => "trade",
            Self::Quote => "quote",
            Self::SnapshotBegin => "snapshot_begin",
            Self::SnapshotLevel => "snapshot_level",
            Self::SnapshotEnd => "snapshot_end",
            Self::BarOpen => "bar_open",
            Self::BarHigh => "bar_high",
            Self::BarLow => "bar_low",
            Self::BarClose => "bar_close",
            Self::FundingRate => "funding_rate",
            Self::MarkPrice => "mark_price",
            Self::Timer => "timer",
            Self::OrderAdd => "order_add",
            Self::OrderModify => "order_modify",
            Self::OrderCancel => "order_cancel",
            Self::OrderExecute => "order_execute",
            Self::BookClear => "book_clear",
        }
    }
}

/// A side of the book, or the direction of an order or aggressor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[repr(u8)]
pub enum Side {
    /// Buyers.
    Bid = 0,
    /// Sellers.
    Ask = 1,
}

/// The value of [`Tick::side`] where there is none.
pub const NO_SIDE: u8 = 2;

impl Side {
    /// 0 for bid, 1 for ask: hot paths index by side instead of branching on it.
    #[inline(always)]
    pub fn index(self) -> usize {
        self as usize
    }

    /// The side of that index.
    ///
    /// # Panics
    /// If `index` is neither 0 nor 1.
    #[inline(always)]
    pub fn from_index(index: usize) -> Self {
        match index {
            0 => Self::Bid,
            1 => Self::Ask,
            _ => panic!("a side has index 0 or 1, not {index}"),
        }
    }

    /// The other side.
    #[inline(always)]
    #[must_use]
    pub fn opposite(self) -> Self {
        match self {
            Self::Bid => Self::Ask,
            Self::Ask => Self::Bid,
        }
    }

    /// +1 for bid, −1 for ask.
    #[inline(always)]
    pub fn sign(self) -> i64 {
        1 - 2 * (self as i64)
    }

    /// `bid` or `ask`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Bid => "bid",
            Self::Ask => "ask",
        }
    }
}

/// One market record for one instrument: 48 bytes, plain old data, the same in memory, in the cache and across the
/// boundary.
///
/// ```
/// use tickwright_types::{flags, Tick, TickKind};
/// let tick = Tick { price_ticks: 618_002, size_lots: 2_507, flags: flags::LAST, ..Tick::of(TickKind::BookDelta) };
/// assert_eq!(std::mem::size_of::<Tick>(), 48);
/// assert!(tick.is_last());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub struct Tick {
    /// When we received it, in ns since the Unix epoch.
    pub recv_ns: i64,
    /// When the venue made it, in ns since the Unix epoch.
    pub exch_ns: i64,
    /// Price in ticks of the instrument (see [`TickKind`]).
    pub price_ticks: i64,
    /// Size in lots of the instrument (see [`TickKind`]).
    pub size_lots: i64,
    /// Order id, update id, trade id or sequence (see [`TickKind`]).
    pub id: u64,
    /// Index of the instrument among those of the tape or engine.
    pub instrument: u16,
    /// A [`TickKind`] as its number.
    pub kind: u8,
    /// 0 bid or buying aggressor, 1 ask or selling aggressor, [`NO_SIDE`] where there is none.
    pub side: u8,
    /// Bits of [`flags`].
    pub flags: u8,
    /// Always zero.
    pub reserved: [u8; 3],
}

impl Tick {
    /// A tick of that kind with all else zero and no side.
    pub fn of(kind: TickKind) -> Self {
        Self { kind: kind as u8, side: NO_SIDE, ..Self::zeroed() }
    }

    /// The last 8 bytes as one number: instrument, kind from bit 16 on, side from 24, flags from 32.
    ///
    /// What a record is can be told by one comparison of it.
    #[inline(always)]
    pub fn tail(&self) -> u64 {
        u64::from_le(bytemuck::cast_ref::<Self, [u64; 6]>(self)[5])
    }

    /// Its kind, or `None` if the number is not one.
    #[inline]
    pub fn kind(&self) -> Option<TickKind> {
        TickKind::from_u8(self.kind)
    }

    /// Its side, or `None` where there is none.
    #[inline]
    pub fn side(&self) -> Option<Side> {
        match self.side {
            0 => Some(Side::Bid),
            1 => Some(Side::Ask),
            _ => None,
        }
    }

    /// Whether it ends a venue message.
    #[inline(always)]
    pub fn is_last(&self) -> bool {
        self.flags & flags::LAST != 0
    }

    /// Reads ticks where they lie in a buffer of whole records.
    ///
    /// Returns an error if the buffer is not a whole number of aligned records or if a record's kind or side is
    /// unknown; nothing is copied.
    pub fn slice_from_bytes(bytes: &[u8]) -> Result<&[Tick], crate::TypesError> {
        let ticks: &[Tick] = bytemuck::try_cast_slice(bytes)
            .map_err(|_| crate::TypesError::TickBuffer { bytes: bytes.len(), record: std::mem::size_of::<Tick>() })?;
        for (index, tick) in ticks.iter().enumerate() {
            if tick.kind().is_none() || tick.side > NO_SIDE {
                return Err(crate::TypesError::TickRecord { index, kind: tick.kind, side: tick.side });
            }
        }
        Ok(ticks)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_the_number_of_its_place() {
        for (n, kind) in TickKind::ALL.iter().enumerate() {
            assert_eq!(*kind as usize, n);
            assert_eq!(TickKind::from_u8(n as u8), Some(*kind));
        }
        assert_eq!(TickKind::from_u8(TickKind::ALL.len() as u8), None);
    }

    #[test]
    fn a_buffer_that_is_no_whole_number_of_records_is_refused() {
        let tick = Tick::of(TickKind::Trade);
        let bytes = bytemuck::bytes_of(&tick);
        assert_eq!(Tick::slice_from_bytes(bytes).unwrap(), &[tick]);
        let err = Tick::slice_from_bytes(&bytes[..47]).unwrap_err();
        assert_eq!(err.code(), "E_TICK_BUFFER");
    }

    #[test]
    fn a_record_of_an_unknown_kind_is_refused_with_its_index() {
        let mut ticks = [Tick::of(TickKind::Trade); 3];
        ticks[2].kind = 99;
        let err = Tick::slice_from_bytes(bytemuck::cast_slice(&ticks)).unwrap_err();
        assert!(err.to_string().contains("record 2"), "{err}");
    }
}
