use std::fs::File;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::path::{Path, PathBuf};

use parquet::column::reader::{get_typed_column_reader, ColumnReader, ColumnReaderImpl};
use parquet::data_type::{DataType, Int32Type, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData};
use parquet::file::reader::{FileReader, RowGroupReader};
use parquet::file::serialized_reader::SerializedFileReader;
use parquet::schema::types::Type;
use tickwright_types::{Instrument, Tick};

use crate::content::{hex, Checksum, ContentHasher};
use crate::format::{COLUMNS, SCHEMA_TYPE, WIDE};
use crate::metadata::Tally;
use crate::source::TickSource;
use crate::writer::fault;
use crate::{TapeError, TapeInfo};

/// Records of a block: nine columns of that many rows stay in the second-level cache while they become records.
const BLOCK_ROWS: usize = 8_192;

/// Reads a tape from beginning to end.
///
/// Opening checks version, columns and metadata; reading checks every record, and at the end the counts and a fast
/// checksum. Costs 40 to 60 ns a record. The content hash, which finds forgery too, is compared on request
/// ([`with_content_hash`](TapeReader::with_content_hash)).
///
/// ```no_run
/// use tickwright_tape::{TapeReader, TickSource};
/// let mut tape = TapeReader::open("btc.tape.parquet".as_ref())?;
/// let mut block = Vec::new();
/// while tape.next_block(&mut block)? {
///     println!("{} records from {}", block.len(), block[0].recv_ns);
/// }
/// # Ok::<(), tickwright_tape::TapeError>(())
/// ```
pub struct TapeReader {
    path: PathBuf,
    parquet: SerializedFileReader<File>,
    info: TapeInfo,
    next_group: usize,
    group: Option<Group>,
    checksum: Checksum,
    /// There when the content hash is to be compared.
    hasher: Option<ContentHasher>,
    tally: Tally,
    sought: bool,
    done: bool,
}

impl TapeReader {
    /// Opens a tape.
    ///
    /// Returns `E_NOT_FOUND`, `E_IO`, `E_NOT_A_TAPE`, `E_TAPE_VERSION` or `E_TAPE_CORRUPT`.
    pub fn open(path: &Path) -> Result<Self, TapeError> {
        let file = File::open(path).map_err(TapeError::io(path, "open"))?;
        let file_bytes = file.metadata().map_err(TapeError::io(path, "open"))?.len();
        let parquet = guarded(|| SerializedFileReader::new(file)).map_err(|e| not_parquet(path, e))?;
        let footer = parquet.metadata().file_metadata();
        check_columns(path, footer.schema())?;
        check_chunks(path, parquet.metadata(), file_bytes)?;
        let info = TapeInfo::from_key_values(path, footer.key_value_metadata(), footer.num_rows())?;
        let (path, tally, checksum) = (path.to_owned(), Tally::default(), Checksum::new());
        Ok(Self {
            path,
            parquet,
            info,
            next_group: 0,
            group: None,
            checksum,
            hasher: None,
            tally,
            sought: false,
            done: false,
        })
    }

    /// Compares the content hash too, at the end; costs 25 to 200 ns a record more.
    #[must_use]
    pub fn with_content_hash(mut self) -> Self {
        self.hasher = Some(ContentHasher::new(&self.info.instruments));
        self
    }

    /// Passes over whole row groups before record number `offset` and returns how many records are still to be passed
    /// over by the caller. Hash and counts are left unchecked from then on.
    pub(crate) fn seek(&mut self, offset: u64) -> u64 {
        self.sought = true;
        let mut rest = offset;
        while self.next_group < self.parquet.num_row_groups() {
            let rows = self.parquet.metadata().row_group(self.next_group).num_rows().max(0) as u64;
            if rest < rows {
                break;
            }
            rest -= rows;
            self.next_group += 1;
        }
        rest
    }

    /// What the tape says of itself.
    pub fn info(&self) -> &TapeInfo {
        &self.info
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn fill(&mut self, block: &mut Vec<Tick>) -> Result<bool, TapeError> {
        block.clear();
        while block.is_empty() {
            if self.group.is_none() && !self.open_group()? {
                return self.check_end().map(|()| false);
            }
            let group = self.group.as_mut().expect("a row group is open");
            let path = &self.path;
            guarded(|| group.read(block)).map_err(|e| TapeError::corrupt(path, e))?;
            if group.rows_left == 0 {
                self.group = None;
            }
        }
        self.check_block(block).map(|()| true)
    }

    fn open_group(&mut self) -> Result<bool, TapeError> {
        if self.next_group >= self.parquet.num_row_groups() {
            return Ok(false);
        }
        let (path, parquet, index) = (&self.path, &self.parquet, self.next_group);
        let open = || Group::open(parquet.get_row_group(index)?.as_ref());
        self.group = Some(guarded(open).map_err(|e| TapeError::corrupt(path, e))?);
        self.next_group += 1;
        Ok(true)
    }

    fn check_block(&mut self, block: &[Tick]) -> Result<(), TapeError> {
        let instruments = self.info.instruments.len();
        if let Some((at, reason)) = block.iter().enumerate().find_map(|(at, t)| Some((at, fault(t, instruments)?))) {
            let index = self.tally.ticks() + at as u64;
            return Err(TapeError::corrupt(&self.path, format!("record {index}: {reason}")));
        }
        if let Some(hasher) = &mut self.hasher {
            hasher.update(block);
        }
        self.checksum.update(block);
        self.tally.update(block);
        Ok(())
    }

    fn check_end(&mut self) -> Result<(), TapeError> {
        if self.sought {
            return Ok(());
        }
        if !self.tally.matches(&self.info) {
            let reason = format!("{} records, which are not those stated", self.tally.ticks());
            return Err(TapeError::corrupt(&self.path, reason));
        }
        let (stated, found) = (self.info.checksum, self.checksum.finish());
        if stated != found {
            return Err(self.other_hash(format!("{stated:016x}"), format!("{found:016x}")));
        }
        match self.hasher.take().map(|hasher| hex(&hasher.finish())) {
            Some(found) if found != self.info.content_sha256 => {
                Err(self.other_hash(self.info.content_sha256.clone(), found))
            }
            _ => Ok(()),
        }
    }

    fn other_hash(&self, stated: String, found: String) -> TapeError {
        TapeError::Hash { path: self.path.clone(), stated, found }
    }
}

impl TickSource for TapeReader {
    fn instruments(&self) -> &[Instrument] {
        &self.info.instruments
    }

    fn ticks_total(&self) -> Option<u64> {
        Some(self.info.ticks)
    }

    fn next_block(&mut self, block: &mut Vec<Tick>) -> Result<bool, TapeError> {
        if self.done {
            block.clear();
            return Ok(false);
        }
        let more = self.fill(block);
        if !matches!(more, Ok(true)) {
            self.done = true;
            block.clear();
        }
        more
    }
}

/// The columns of one row group, read side by side.
struct Group {
    wide: Vec<Column<Int64Type>>,
    small: Vec<Column<Int32Type>>,
    rows_left: usize,
}

impl Group {
    fn open(group: &dyn RowGroupReader) -> Result<Self, ParquetError> {
        let rows_left = usize::try_from(group.metadata().num_rows())?;
        let column = |index| group.get_column_reader(index);
        let wide = (0..WIDE).map(|i| Ok(Column::new(column(i)?))).collect::<Result<_, ParquetError>>()?;
        let small = (WIDE..COLUMNS).map(|i| Ok(Column::new(column(i)?))).collect::<Result<_, ParquetError>>()?;
        Ok(Self { wide, small, rows_left })
    }

    fn read(&mut self, block: &mut Vec<Tick>) -> Result<(), ParquetError> {
        let rows = self.rows_left.min(BLOCK_ROWS);
        for column in &mut self.wide {
            column.read(rows)?;
        }
        for column in &mut self.small {
            column.read(rows)?;
        }
        self.rows_left -= rows;
        let [recv, exch, price, size, id] = self.wide.as_slice() else { unreachable!("five wide columns") };
        let [instrument, kind, side, flags] = self.small.as_slice() else { unreachable!("four small columns") };
        let (recv, exch, price) = (&recv.values[..rows], &exch.values[..rows], &price.values[..rows]);
        let (size, id, instrument) = (&size.values[..rows], &id.values[..rows], &instrument.values[..rows]);
        let (kind, side, flags) = (&kind.values[..rows], &side.values[..rows], &flags.values[..rows]);
        // A number that does not fit its field shows in the bits above it: collected here, judged once a block.
        let mut beyond = 0u32;
        block.extend((0..rows).map(|i| {
            beyond |= (instrument[i] as u32) >> 16;
            beyond |= (kind[i] as u32 | side[i] as u32 | flags[i] as u32) >> 8;
            Tick {
                recv_ns: recv[i],
                exch_ns: exch[i],
                price_ticks: price[i],
                size_lots: size[i],
                id: id[i] as u64,
                instrument: instrument[i] as u16,
                kind: kind[i] as u8,
                side: side[i] as u8,
                flags: flags[i] as u8,
                reserved: [0; 3],
            }
        }));
        if beyond != 0 {
            return Err(ParquetError::General("an instrument, kind, side or flag is out of range".to_owned()));
        }
        Ok(())
    }
}

struct Column<T: DataType> {
    reader: ColumnReaderImpl<T>,
    values: Vec<T::T>,
}

impl<T: DataType> Column<T> {
    fn new(reader: ColumnReader) -> Self {
        Self { reader: get_typed_column_reader(reader), values: Vec::with_capacity(BLOCK_ROWS) }
    }

    fn read(&mut self, rows: usize) -> Result<(), ParquetError> {
        self.values.clear();
        while self.values.len() < rows {
            let before = self.values.len();
            self.reader.read_records(rows - before, None, None, &mut self.values)?;
            if self.values.len() == before {
                return Err(ParquetError::EOF(format!("a column has {before} rows where {rows} are stated")));
            }
        }
        if self.values.len() > rows {
            return Err(ParquetError::General("a column has more rows than are stated".to_owned()));
        }
        Ok(())
    }
}

/// Runs a step of the decoder, which was not written for hostile files, and turns a panic in it into an error.
fn guarded<T>(step: impl FnOnce() -> Result<T, ParquetError>) -> Result<T, ParquetError> {
    catch_unwind(AssertUnwindSafe(step))
        .unwrap_or_else(|_| Err(ParquetError::General("the decoder gave up on it".to_owned())))
}

/// Checks that every column chunk lies within the file, which the decoder takes for granted.
fn check_chunks(path: &Path, metadata: &ParquetMetaData, file_bytes: u64) -> Result<(), TapeError> {
    let within = |column: &ColumnChunkMetaData| {
        let start = column.dictionary_page_offset().unwrap_or(column.data_page_offset());
        let end = start.checked_add(column.compressed_size());
        let end = end.filter(|_| start >= 0 && column.compressed_size() >= 0);
        end.is_some_and(|end| end as u64 <= file_bytes)
    };
    for (index, group) in metadata.row_groups().iter().enumerate() {
        if group.num_rows() < 0 || !group.columns().iter().all(within) {
            return Err(TapeError::corrupt(path, format!("row group {index} reaches beyond the file")));
        }
    }
    Ok(())
}

fn not_parquet(path: &Path, error: ParquetError) -> TapeError {
    let mut start = [0; 4];
    let magic = File::open(path).and_then(|mut file| std::io::Read::read_exact(&mut file, &mut start));
    if magic.is_ok() && &start != b"PAR1" {
        let reason = "it does not begin as a Parquet file".to_owned();
        return TapeError::NotATape { path: path.to_owned(), reason };
    }
    TapeError::corrupt(path, error)
}

fn check_columns(path: &Path, schema: &Type) -> Result<(), TapeError> {
    let shape =
        |schema: &Type| -> Vec<String> { schema.get_fields().iter().map(|field| format!("{field:?}")).collect() };
    if shape(schema) == shape(&SCHEMA_TYPE) {
        return Ok(());
    }
    let names: Vec<&str> = schema.get_fields().iter().take(12).map(|field| field.name()).collect();
    let reason = format!("its columns are {names:?}, or of other types than a tape's");
    Err(TapeError::NotATape { path: path.to_owned(), reason })
}
