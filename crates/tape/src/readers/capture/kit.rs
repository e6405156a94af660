//! What the tests of the venues share.

use tickwright_types::{Instrument, Tick};

use crate::readers::{Input, ReadReport, ReadRequest, Reader};
use crate::{quiet, TapeError};

/// Lines of a small capture and the instruments in them.
pub(super) struct Sample {
    pub(super) reader: &'static str,
    pub(super) lines: &'static [&'static str],
    /// Symbol, tick size, lot size.
    pub(super) grid: &'static [(&'static str, &'static str, &'static str)],
}

impl Sample {
    pub(super) fn request(&self, lines: &[&str]) -> ReadRequest {
        let input = Input::Bytes("in".into(), lines.join("\n").into_bytes());
        ReadRequest::new(vec![input], self.grid.iter().map(|grid| instrument(*grid)).collect())
    }

    pub(super) fn read(&self) -> (Vec<Tick>, ReadReport) {
        self.read_lines(self.lines).unwrap()
    }

    /// Reads these lines instead of its own.
    pub(super) fn read_lines(&self, lines: &[&str]) -> Result<(Vec<Tick>, ReadReport), TapeError> {
        read(self.reader, &self.request(lines))
    }

    /// Reads its own lines and one more.
    pub(super) fn read_with(&self, line: &str) -> Result<(Vec<Tick>, ReadReport), TapeError> {
        self.read_lines(&[self.lines, &[line]].concat())
    }
}

pub(super) fn read(reader: &str, request: &ReadRequest) -> Result<(Vec<Tick>, ReadReport), TapeError> {
    let mut ticks = Vec::new();
    let mut take = |block: &[Tick]| {
        ticks.extend_from_slice(block);
        Ok(())
    };
    let report = Reader::by_name(reader)?.read(request, &mut take, &mut quiet)?;
    Ok((ticks, report))
}

pub(super) fn instrument((symbol, tick, lot): (&str, &str, &str)) -> Instrument {
    let id = symbol.replace('/', "-");
    let text = format!(
        r#"{{"id":"{id}","venue":"v","symbol":"{symbol}","kind":"spot","tick_size":"{tick}","lot_size":"{lot}",
            "base":"B","quote":"Q","settlement":"Q"}}"#
    );
    serde_json::from_str(&text).unwrap()
}

/// `kind side price size flags` of each record.
pub(super) fn shown(ticks: &[Tick]) -> Vec<String> {
    let line =
        |t: &Tick| format!("{} {} {} {} {}", t.kind().unwrap().name(), t.side, t.price_ticks, t.size_lots, t.flags);
    ticks.iter().map(line).collect()
}
