use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};

use parquet::data_type::{Int32Type, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use tickwright_types::{Instrument, Tick, NO_SIDE};

use crate::content::{hex, Checksum, ContentHasher};
use crate::format::{writer_properties, FORMAT_VERSION, ROW_GROUP_ROWS, SCHEMA_TYPE};
use crate::metadata::{check_instruments, Tally};
use crate::publish::PartialFile;
use crate::{TapeError, TapeInfo};

/// What a tape states beside its records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TapeOptions {
    /// Whether a file of that name may be replaced.
    pub overwrite: bool,
    /// What was added to every exchange time; `None` if not the same to all of them.
    pub exch_shift_ns: Option<i64>,
    /// How many sizes were cut to whole lots.
    pub off_lot: u64,
    /// How many rows of the recording were skipped as bad.
    pub skipped: u64,
}

impl Default for TapeOptions {
    fn default() -> Self {
        Self { overwrite: false, exch_shift_ns: Some(0), off_lot: 0, skipped: 0 }
    }
}

/// Writes a tape: nothing is there under its name before [`finish`](TapeWriter::finish), and all of it after.
pub struct TapeWriter {
    path: PathBuf,
    partial: PartialFile,
    parquet: SerializedFileWriter<File>,
    hasher: ContentHasher,
    checksum: Checksum,
    tally: Tally,
    /// Records of the row group to come.
    pending: Vec<Tick>,
    info: TapeInfo,
}

impl TapeWriter {
    /// Starts a tape of these instruments.
    ///
    /// Returns `E_EXISTS`, `E_NOT_FOUND`, `E_IO` or `E_OPTION`.
    pub fn create(path: &Path, instruments: Vec<Instrument>, options: TapeOptions) -> Result<Self, TapeError> {
        check_instruments(&instruments)?;
        let partial = PartialFile::create(path, options.overwrite)?;
        let file = partial.file().try_clone().map_err(TapeError::io(path, "write"))?;
        let parquet = SerializedFileWriter::new(file, SCHEMA_TYPE.clone(), writer_properties().into())
            .map_err(|e| failed(path, e))?;
        Ok(Self {
            path: path.to_owned(),
            partial,
            parquet,
            hasher: ContentHasher::new(&instruments),
            checksum: Checksum::new(),
            tally: Tally::default(),
            pending: Vec::with_capacity(ROW_GROUP_ROWS),
            info: TapeInfo {
                ticks: 0,
                by_kind: BTreeMap::new(),
                first_ts_ns: None,
                last_ts_ns: None,
                instruments,
                content_sha256: String::new(),
                exch_shift_ns: options.exch_shift_ns,
                off_lot: options.off_lot,
                skipped: options.skipped,
                format_version: FORMAT_VERSION,
                checksum: 0,
            },
        })
    }

    /// Adds records, which must be in the order received.
    ///
    /// Returns `E_RECORD` for one that goes back in time, names an unknown instrument, kind or side, or has its
    /// reserved bytes set; `E_IO` if the disk does not take it. The tape cannot be finished after an error.
    pub fn write(&mut self, ticks: &[Tick]) -> Result<(), TapeError> {
        self.check(ticks)?;
        self.hasher.update(ticks);
        self.checksum.update(ticks);
        self.tally.update(ticks);
        let mut rest = ticks;
        while !rest.is_empty() {
            let (now, later) = rest.split_at(rest.len().min(ROW_GROUP_ROWS - self.pending.len()));
            self.pending.extend_from_slice(now);
            rest = later;
            if self.pending.len() == ROW_GROUP_ROWS {
                self.write_group()?;
            }
        }
        Ok(())
    }

    /// Writes the footer, syncs the file and gives it its name.
    pub fn finish(mut self) -> Result<TapeInfo, TapeError> {
        if !self.pending.is_empty() {
            self.write_group()?;
        }
        self.tally.fill(&mut self.info);
        self.info.content_sha256 = hex(&self.hasher.finish());
        self.info.checksum = self.checksum.finish();
        for pair in self.info.to_key_values() {
            self.parquet.append_key_value_metadata(pair);
        }
        self.parquet.close().map_err(|e| failed(&self.path, e))?;
        self.partial.publish()?;
        Ok(self.info)
    }

    fn check(&self, ticks: &[Tick]) -> Result<(), TapeError> {
        let mut before_ns = self.tally.last_ns().unwrap_or(i64::MIN);
        for (at, tick) in ticks.iter().enumerate() {
            if tick.recv_ns < before_ns {
                return Err(self.refused(at, format!("received at {} after {before_ns}", tick.recv_ns)));
            }
            if let Some(reason) = fault(tick, self.info.instruments.len()) {
                return Err(self.refused(at, reason));
            }
            before_ns = tick.recv_ns;
        }
        Ok(())
    }

    fn refused(&self, at: usize, reason: String) -> TapeError {
        TapeError::Record { index: self.tally.ticks() + at as u64, reason }
    }

    fn write_group(&mut self) -> Result<(), TapeError> {
        write_group(&mut self.parquet, &self.pending).map_err(|e| failed(&self.path, e))?;
        self.pending.clear();
        Ok(())
    }
}

/// What makes a record no record of a tape with that many instruments.
pub(crate) fn fault(tick: &Tick, instruments: usize) -> Option<String> {
    if usize::from(tick.instrument) >= instruments {
        return Some(format!("instrument {} of {instruments}", tick.instrument));
    }
    if tick.kind().is_none() || tick.side > NO_SIDE || tick.reserved != [0; 3] {
        return Some(format!("kind {}, side {}, reserved bytes {:?}", tick.kind, tick.side, tick.reserved));
    }
    None
}

fn write_group(parquet: &mut SerializedFileWriter<File>, ticks: &[Tick]) -> Result<(), ParquetError> {
    let mut group = parquet.next_row_group()?;
    let mut wide = Vec::with_capacity(ticks.len());
    wide_column(&mut group, ticks, &mut wide, |t| t.recv_ns)?;
    wide_column(&mut group, ticks, &mut wide, |t| t.exch_ns)?;
    wide_column(&mut group, ticks, &mut wide, |t| t.price_ticks)?;
    wide_column(&mut group, ticks, &mut wide, |t| t.size_lots)?;
    wide_column(&mut group, ticks, &mut wide, |t| t.id as i64)?;
    let mut small = Vec::with_capacity(ticks.len());
    small_column(&mut group, ticks, &mut small, |t| i32::from(t.instrument))?;
    small_column(&mut group, ticks, &mut small, |t| i32::from(t.kind))?;
    small_column(&mut group, ticks, &mut small, |t| i32::from(t.side))?;
    small_column(&mut group, ticks, &mut small, |t| i32::from(t.flags))?;
    group.close()?;
    Ok(())
}

fn wide_column(
    group: &mut SerializedRowGroupWriter<'_, File>,
    ticks: &[Tick],
    values: &mut Vec<i64>,
    value: impl Fn(&Tick) -> i64,
) -> Result<(), ParquetError> {
    values.clear();
    values.extend(ticks.iter().map(value));
    let mut column = group.next_column()?.expect("the schema has this column");
    column.typed::<Int64Type>().write_batch(values, None, None)?;
    column.close()
}

fn small_column(
    group: &mut SerializedRowGroupWriter<'_, File>,
    ticks: &[Tick],
    values: &mut Vec<i32>,
    value: impl Fn(&Tick) -> i32,
) -> Result<(), ParquetError> {
    values.clear();
    values.extend(ticks.iter().map(value));
    let mut column = group.next_column()?.expect("the schema has this column");
    column.typed::<Int32Type>().write_batch(values, None, None)?;
    column.close()
}

fn failed(path: &Path, error: ParquetError) -> TapeError {
    TapeError::io(path, "write")(std::io::Error::other(error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{quiet, verify, TapeReader, TickSource};
    use tickwright_types::TickKind;

    #[test]
    fn a_content_hash_of_other_records_is_found_by_verify() {
        let instrument: Instrument = serde_json::from_str(
            r#"{"id":"A","venue":"v","symbol":"A","kind":"spot","tick_size":"0.1","lot_size":"0.01",
                "base":"B","quote":"Q","settlement":"Q"}"#,
        )
        .unwrap();
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.tape.parquet");
        let mut writer = TapeWriter::create(&path, vec![instrument], TapeOptions::default()).unwrap();
        writer.write(&[Tick::of(TickKind::Trade)]).unwrap();
        writer.hasher.update(&[Tick::of(TickKind::Trade)]);
        writer.finish().unwrap();
        assert_eq!(verify(&path, &mut quiet).unwrap_err().code(), "E_TAPE_HASH");
        assert_eq!(TapeReader::open(&path).unwrap().read_all().unwrap().len(), 1);
    }
}
