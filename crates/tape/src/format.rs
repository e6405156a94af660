use std::sync::{Arc, LazyLock};

use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::parser::parse_message_type;
use parquet::schema::types::{ColumnPath, TypePtr};

/// The version of the columns and metadata that this crate writes and reads.
pub const FORMAT_VERSION: u32 = 1;

/// Most rows of a row group.
pub const ROW_GROUP_ROWS: usize = 131_072;

/// The columns in order; every one is required, so a row is a record and nothing else.
const SCHEMA: &str = "
message tape {
  REQUIRED INT64 recv_ns;
  REQUIRED INT64 exch_ns;
  REQUIRED INT64 price_ticks;
  REQUIRED INT64 size_lots;
  REQUIRED INT64 id (INTEGER(64,false));
  REQUIRED INT32 instrument (INTEGER(16,false));
  REQUIRED INT32 kind (INTEGER(8,false));
  REQUIRED INT32 side (INTEGER(8,false));
  REQUIRED INT32 flags (INTEGER(8,false));
}";

/// The first columns are 64 bits wide, the others small numbers.
pub(crate) const WIDE: usize = 5;

/// How many columns there are.
pub(crate) const COLUMNS: usize = 9;

pub(crate) static SCHEMA_TYPE: LazyLock<TypePtr> =
    LazyLock::new(|| Arc::new(parse_message_type(SCHEMA).expect("the schema is valid")));

/// Times, ids and prices lie close to those before them: stored as differences. Sizes repeat: a dictionary is both
/// smaller and faster. Only receive times carry statistics, which is all that a query for a time range needs.
pub(crate) fn writer_properties() -> WriterProperties {
    let mut properties = WriterProperties::builder()
        .set_created_by(concat!("tickwright-tape ", env!("CARGO_PKG_VERSION")).to_owned())
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(3).expect("3 is a zstd level")))
        .set_max_row_group_row_count(Some(ROW_GROUP_ROWS))
        .set_statistics_enabled(EnabledStatistics::None)
        .set_column_statistics_enabled(ColumnPath::from("recv_ns"), EnabledStatistics::Chunk)
        .set_offset_index_disabled(true);
    for delta in ["recv_ns", "exch_ns", "price_ticks", "id"] {
        let column = ColumnPath::from(delta);
        properties = properties
            .set_column_dictionary_enabled(column.clone(), false)
            .set_column_encoding(column, Encoding::DELTA_BINARY_PACKED);
    }
    properties.build()
}

pub(crate) fn key_value(key: &str, value: String) -> KeyValue {
    KeyValue { key: key.to_owned(), value: Some(value) }
}
