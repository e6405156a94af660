use std::collections::BTreeMap;

use dbn::{InstrumentDefMsg, Metadata, TsSymbolMap};

use crate::readers::feed::Fault;
use crate::readers::symbols::{Known, Symbols};
use crate::readers::ReadRequest;
use crate::{RowFault, TapeError};

const DAY_NS: u64 = 86_400_000_000_000;

/// Which instrument a record's number stands for.
///
/// A name is looked for in the definitions read so far, then in the file's own list for the day; a number without a name
/// is its own name.
pub(super) struct Names {
    symbols: Symbols,
    list: TsSymbolMap,
    defined: BTreeMap<u32, String>,
    /// What was found, by number and day.
    found: BTreeMap<(u32, u64), Option<u16>>,
    latest: Option<((u32, u64), Option<u16>)>,
}

impl Names {
    pub(super) fn new(request: &ReadRequest) -> Result<Self, TapeError> {
        Ok(Self {
            symbols: Symbols::new(request)?,
            list: TsSymbolMap::new(),
            defined: BTreeMap::new(),
            found: BTreeMap::new(),
            latest: None,
        })
    }

    /// Takes the list of a file.
    pub(super) fn begin_file(&mut self, metadata: &Metadata) -> Result<(), String> {
        let has_names = !metadata.mappings.is_empty();
        self.list = if has_names { metadata.symbol_map().map_err(|e| e.to_string())? } else { TsSymbolMap::new() };
        self.forget();
        Ok(())
    }

    /// Takes the name of a definition.
    pub(super) fn define(&mut self, definition: &InstrumentDefMsg) -> Result<(), Fault> {
        let name = definition
            .raw_symbol()
            .map_err(|_| Fault::at(1, RowFault::Field("raw_symbol is not UTF-8: the file is damaged".to_owned())))?;
        self.defined.insert(definition.hd.instrument_id, name.to_owned());
        self.forget();
        Ok(())
    }

    /// The instrument of a record; `None` where its records are left out, which is an error in the end unless they were
    /// not chosen.
    #[inline]
    pub(super) fn find(&mut self, number: u32, ts_ns: u64) -> Option<u16> {
        let key = (number, ts_ns / DAY_NS);
        match self.latest {
            Some((latest, index)) if latest == key => index,
            _ => self.look_up(key, ts_ns),
        }
    }

    fn look_up(&mut self, key: (u32, u64), ts_ns: u64) -> Option<u16> {
        let index = self.found.get(&key).copied().unwrap_or_else(|| self.search(key.0, ts_ns));
        self.found.insert(key, index);
        self.latest = Some((key, index));
        index
    }

    fn search(&mut self, number: u32, ts_ns: u64) -> Option<u16> {
        let name = self.defined.get(&number).or_else(|| self.list.get_for_ts(ts_ns, number));
        match self.symbols.find(&name.map_or_else(|| number.to_string(), Clone::clone)) {
            Known::Instrument(index) => Some(index),
            Known::NotChosen | Known::Unknown => None,
        }
    }

    fn forget(&mut self) {
        self.found.clear();
        self.latest = None;
    }

    pub(super) fn check(&mut self) -> Result<(), TapeError> {
        self.symbols.check()
    }

    pub(super) fn finish(&self) -> Result<(), TapeError> {
        self.symbols.finish()
    }
}
