use std::collections::BTreeSet;

use tickwright_types::Instrument;

use super::ReadRequest;
use crate::error::shown;
use crate::TapeError;

/// Rows that are read after the first unknown symbol to find the others before giving up.
const ROWS_TO_SEARCH: u64 = 200_000;

/// The instrument of a format whose rows name no symbol.
///
/// Returns `E_OPTION` if there is not exactly one, or if symbols are to be chosen.
pub(super) fn only_instrument(request: &ReadRequest) -> Result<&Instrument, TapeError> {
    let [instrument] = request.instruments.as_slice() else {
        let reason = format!("{} were given; a row names no symbol, so give exactly one", request.instruments.len());
        return Err(TapeError::Option { option: "instrument", reason });
    };
    if !request.only.is_empty() {
        let reason = "a row names no symbol: there is nothing to choose".to_owned();
        return Err(TapeError::Option { option: "only", reason });
    }
    Ok(instrument)
}

/// Which symbol of a recording is which instrument.
pub(super) struct Symbols {
    /// Symbol and index into the instruments of the request, sorted.
    known: Vec<(String, u16)>,
    only: Vec<String>,
    unknown: BTreeSet<String>,
    searched: u64,
}

/// What to do with a row of some symbol.
pub(super) enum Known {
    /// It belongs to that instrument.
    Instrument(u16),
    /// It was not chosen.
    NotChosen,
    /// No instrument was given for it: the read will fail, but first goes on to find others.
    Unknown,
}

impl Symbols {
    /// Returns `E_OPTION` if two instruments have one symbol or a chosen symbol has none.
    pub(super) fn new(request: &ReadRequest) -> Result<Self, TapeError> {
        let mut known: Vec<(String, u16)> = Vec::new();
        for (index, instrument) in request.instruments.iter().enumerate() {
            let symbol = &instrument.spec().symbol;
            if let Some((_, other)) = known.iter().find(|(known, _)| known == symbol) {
                let other = request.instruments[usize::from(*other)].id();
                let reason = format!("{other:?} and {:?} have the same symbol {symbol:?}", instrument.id());
                return Err(TapeError::Option { option: "instrument", reason });
            }
            known.push((symbol.clone(), index as u16));
        }
        known.sort();
        for chosen in &request.only {
            if !known.iter().any(|(symbol, _)| symbol == chosen) {
                let given: Vec<&str> = known.iter().map(|(symbol, _)| symbol.as_str()).collect();
                let reason = format!("no instrument has the symbol {:?}, they have {given:?}", shown(chosen, 64));
                return Err(TapeError::Option { option: "only", reason });
            }
        }
        Ok(Self { known, only: request.only.clone(), unknown: BTreeSet::new(), searched: 0 })
    }

    pub(super) fn find(&mut self, symbol: &str) -> Known {
        if !self.only.is_empty() && !self.only.iter().any(|chosen| chosen == symbol) {
            return Known::NotChosen;
        }
        if let Ok(at) = self.known.binary_search_by(|(known, _)| known.as_str().cmp(symbol)) {
            return Known::Instrument(self.known[at].1);
        }
        if !self.unknown.contains(symbol) {
            self.unknown.insert(symbol.to_owned());
        }
        Known::Unknown
    }

    /// Call once a row: gives up when unknown symbols were met and enough rows were searched for more.
    pub(super) fn check(&mut self) -> Result<(), TapeError> {
        if self.unknown.is_empty() {
            return Ok(());
        }
        self.searched += 1;
        if self.searched < ROWS_TO_SEARCH {
            return Ok(());
        }
        self.finish()
    }

    /// Returns `E_UNKNOWN_SYMBOL` if any row's symbol had no instrument.
    pub(super) fn finish(&self) -> Result<(), TapeError> {
        if self.unknown.is_empty() {
            return Ok(());
        }
        Err(TapeError::UnknownSymbols { symbols: self.unknown.iter().cloned().collect() })
    }
}
