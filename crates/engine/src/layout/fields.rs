use super::cell;

/// How a field of a frame lies in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// A double, counted from the frame's first cell.
    Frame,
    /// Some bits of a 32-bit word, counted from the frame's first word.
    Word {
        /// How far down the bits are shifted.
        shift: u32,
        /// Which bits stay.
        mask: u32,
    },
    /// A double in a fixed cell, written on request.
    Detail,
    /// A signed 64-bit integer in a fixed cell, written on request.
    DetailLong,
}

/// One field that a controller may read.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Its name in TypeScript.
    pub name: &'static str,
    /// Where it lies.
    pub cell: usize,
    /// How it lies there.
    pub kind: FieldKind,
    /// What one of it is.
    pub unit: &'static str,
    /// What it says, one sentence.
    pub doc: &'static str,
}

/// Every field of a frame: the one definition of which the TypeScript accessors are generated.
pub fn fields() -> Vec<Field> {
    let frame = |name, cell, unit, doc| Field { name, cell, kind: FieldKind::Frame, unit, doc };
    let word =
        |name, cell, shift, mask, unit, doc| Field { name, cell, kind: FieldKind::Word { shift, mask }, unit, doc };
    let detail = |name, cell, unit, doc| Field { name, cell, kind: FieldKind::Detail, unit, doc };
    let long = |name, cell, unit, doc| Field { name, cell, kind: FieldKind::DetailLong, unit, doc };
    vec![
        word("status", cell::HEAD, 0, 0x03ff_ffff, "bits of STATUS and HIT", "What happened and what may be done now."),
        word("instrument", 1, 0, 0xffff, "index", "Instrument of the record."),
        word("kind", 1, 16, 0xff, "TickKind", "Kind of the record."),
        word("side", 1, 24, 0xf, "0 bid or buyer, 1 ask or seller, 2 none", "Side of the record."),
        word("flags", 1, 28, 0xf, "bits", "Flags of the record: 1 LAST, 2 GAP, 4 BAD_CHECKSUM."),
        frame("tsUs", cell::TS_US, "µs since the Unix epoch", "Receive time of the record."),
        frame("bidTicks", cell::BID, "ticks, NaN when the side is empty", "Best bid."),
        frame("askTicks", cell::ASK, "ticks, NaN when the side is empty", "Best ask."),
        frame("bidLots", cell::BID_LOTS, "lots", "Size at the best bid."),
        frame("askLots", cell::ASK_LOTS, "lots", "Size at the best ask."),
        frame("priceTicks", cell::PRICE, "ticks", "Price of the record."),
        frame("sizeLots", cell::SIZE, "lots", "Size of the record."),
        long("tsNs", cell::RECV_NS, "ns since the Unix epoch", "Receive time of the record."),
        long("exchTsNs", cell::EXCH_NS, "ns since the Unix epoch", "Venue time of the record."),
        long("id", cell::ID, "as the feed counts", "Order, update or trade id of the record."),
        detail("records", cell::RECORDS, "records", "Records done since the start."),
        detail("micropriceTicks", cell::MICROPRICE, "ticks", "Mid weighted by the sizes at the touch."),
        detail("imbalance", cell::IMBALANCE, "−1 to 1", "Imbalance of the sizes over five levels."),
        detail("equity", cell::EQUITY, "settlement asset", "Equity of the account at the present mids."),
        detail("realized", cell::REALIZED, "settlement asset", "Profit of what was closed of the instrument."),
        detail("unrealized", cell::UNREALIZED, "settlement asset", "Profit of what is held of the instrument."),
        detail("fees", cell::FEES, "settlement asset", "Fees paid on the instrument."),
        detail("funding", cell::FUNDING, "settlement asset", "Funding received on the instrument."),
        detail("avgEntry", cell::AVG_ENTRY, "price, NaN when flat", "Average entry price without fees."),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_fields_share_a_name_or_the_same_bits() {
        let all = fields();
        for (at, field) in all.iter().enumerate() {
            for other in &all[..at] {
                assert_ne!(field.name, other.name);
                assert!((field.cell, field.kind) != (other.cell, other.kind), "{} and {}", field.name, other.name);
            }
        }
    }
}
