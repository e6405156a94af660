use std::io::{BufWriter, Write};
use std::path::Path;

use tickwright_types::{Instrument, Tick};

use crate::books::{Books, Effect, Touch};
use crate::progress::report;
use crate::{OnProgress, Progress, Stage, TapeError, TickSource};

/// The first line of a file of best bids and asks.
pub const BBO_HEADER: &str = "ts_ns,instrument,sequence,bid_px,bid_qty,ask_px,ask_qty";

/// The best bid and ask of one instrument after a message that touched its book.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bbo {
    /// Receive time of the message.
    pub ts_ns: i64,
    /// Index of the instrument.
    pub instrument: u16,
    /// Last update id of the message.
    pub sequence: u64,
    /// Price in ticks and size in lots of the best bid and ask, where there is one.
    pub touch: Touch,
}

/// Follows the books of a tape and gives the best bid and ask once after every message that touched one.
pub struct BboTracker {
    books: Books,
    touched: Vec<bool>,
}

impl BboTracker {
    /// Starts with empty books.
    pub fn new(instruments: usize) -> Self {
        Self { books: Books::new(instruments), touched: vec![false; instruments] }
    }

    /// Takes a record of a checked source; costs 5–15 ns.
    pub fn update(&mut self, tick: &Tick) -> Option<Bbo> {
        let touched = &mut self.touched[usize::from(tick.instrument)];
        *touched |= self.books.apply(tick) == Effect::Applied;
        if !(*touched && tick.is_last()) {
            return None;
        }
        *touched = false;
        let touch = self.books.touch(tick.instrument);
        Some(Bbo { ts_ns: tick.recv_ns, instrument: tick.instrument, sequence: tick.id, touch })
    }
}

impl Bbo {
    /// Its line of a CSV file, without line feed; an empty side has empty fields.
    pub fn csv(&self, instruments: &[Instrument]) -> String {
        let instrument = &instruments[usize::from(self.instrument)];
        let text = |best: Option<(i64, i64)>| {
            best.map_or_else(
                || ",".to_owned(),
                |(price, size)| format!("{},{}", instrument.price_text(price), instrument.size_text(size)),
            )
        };
        let [bid, ask] = self.touch.map(text);
        format!("{},{},{},{bid},{ask}", self.ts_ns, instrument.id(), self.sequence)
    }
}

/// Writes the best bid and ask after every message that touched a book, and returns how many lines there were.
///
/// Returns what the source returns, `E_IO` or `E_CANCELLED`; `path` is only named in errors.
pub fn write_bbo(
    mut source: impl TickSource,
    out: &mut dyn Write,
    path: &Path,
    on_progress: OnProgress<'_>,
) -> Result<u64, TapeError> {
    let instruments = source.instruments().to_vec();
    let mut tracker = BboTracker::new(instruments.len());
    let mut out = BufWriter::new(out);
    let failed = || TapeError::io(path, "write");
    writeln!(out, "{BBO_HEADER}").map_err(failed())?;
    let (mut block, mut lines, mut done) = (Vec::new(), 0, 0);
    let total = source.ticks_total().unwrap_or(0);
    while source.next_block(&mut block)? {
        for bbo in block.iter().filter_map(|tick| tracker.update(tick)) {
            writeln!(out, "{}", bbo.csv(&instruments)).map_err(failed())?;
            lines += 1;
        }
        done += block.len() as u64;
        report(on_progress, Progress { stage: Stage::Read, done, total: total.max(done), ticks: done })?;
    }
    out.flush().map_err(failed())?;
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{quiet, MemorySource};
    use tickwright_types::{flags, Side, TickKind};

    #[test]
    fn one_line_is_written_after_each_message_that_touched_the_book() {
        let instrument: Instrument = serde_json::from_str(
            r#"{"id":"BTC","venue":"v","symbol":"B","kind":"spot","tick_size":"0.1","lot_size":"0.01",
                "base":"B","quote":"Q","settlement":"Q"}"#,
        )
        .unwrap();
        let level = |side: Side, price_ticks, size_lots, flags| Tick {
            recv_ns: 7,
            id: 42,
            side: side as u8,
            price_ticks,
            size_lots,
            flags,
            ..Tick::of(TickKind::BookDelta)
        };
        let ticks = vec![
            level(Side::Bid, 1000, 150, flags::LAST),
            Tick { flags: flags::LAST, ..Tick::of(TickKind::Trade) },
            level(Side::Bid, 1000, 0, 0),
            level(Side::Ask, 1001, 5, flags::LAST),
        ];
        let mut csv = Vec::new();
        let lines = write_bbo(MemorySource::new(ticks, vec![instrument]), &mut csv, "x".as_ref(), &mut quiet).unwrap();
        assert_eq!(lines, 2);
        assert_eq!(
            String::from_utf8(csv).unwrap(),
            format!("{BBO_HEADER}\n7,BTC,42,100,1.5,,\n7,BTC,42,,,100.1,0.05\n")
        );
    }
}
