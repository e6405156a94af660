use std::collections::BTreeMap;
use std::path::Path;

use parquet::file::metadata::KeyValue;
use serde::{Serialize, Serializer};
use tickwright_types::{Instrument, Tick, TickKind};

use crate::content::{canonical_json, sha256_hex};
use crate::error::shown;
use crate::format::{key_value, FORMAT_VERSION};
use crate::TapeError;

const VERSION: &str = "tape_version";
const INSTRUMENTS: &str = "instruments";
const CONTENT: &str = "content_sha256";
const CHECKSUM: &str = "records_xxh3";
const METADATA: &str = "metadata_sha256";

/// What a tape says of itself, read from its footer without touching a record.
///
/// As JSON, times are decimal strings: they do not fit a double.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TapeInfo {
    /// How many records it has.
    pub ticks: u64,
    /// How many of each kind, by the kind's name; kinds without records are absent.
    pub by_kind: BTreeMap<&'static str, u64>,
    /// Receive time of the first record.
    #[serde(serialize_with = "optional_text")]
    pub first_ts_ns: Option<i64>,
    /// Receive time of the last record.
    #[serde(serialize_with = "optional_text")]
    pub last_ts_ns: Option<i64>,
    /// The definitions; a record's instrument is an index into them.
    pub instruments: Vec<Instrument>,
    /// The hash of records and definitions, see [`ContentHasher`](crate::ContentHasher).
    pub content_sha256: String,
    /// What was added to every exchange time when the recording was converted, 0 in most tapes; `None` where tapes with
    /// different shifts were merged.
    #[serde(serialize_with = "optional_text")]
    pub exch_shift_ns: Option<i64>,
    /// How many sizes were cut to whole lots.
    pub off_lot: u64,
    /// How many rows of the recording were skipped as bad.
    pub skipped: u64,
    /// Version of the format.
    pub format_version: u32,
    /// The fast checksum of the records.
    #[serde(skip)]
    pub(crate) checksum: u64,
}

impl TapeInfo {
    pub(crate) fn to_key_values(&self) -> Vec<KeyValue> {
        let mut pairs = self.pairs();
        pairs.push((METADATA, sha256_hex(&joined(&pairs))));
        pairs.into_iter().map(|(key, value)| key_value(key, value)).collect()
    }

    fn pairs(&self) -> Vec<(&'static str, String)> {
        let time = |ns: Option<i64>| ns.map_or_else(String::new, |ns| ns.to_string());
        vec![
            (VERSION, self.format_version.to_string()),
            (INSTRUMENTS, canonical_json(&self.instruments)),
            (CONTENT, self.content_sha256.clone()),
            (CHECKSUM, format!("{:016x}", self.checksum)),
            ("ticks", self.ticks.to_string()),
            ("by_kind", serde_json::to_string(&self.by_kind).expect("counts are plain data")),
            ("first_ts_ns", time(self.first_ts_ns)),
            ("last_ts_ns", time(self.last_ts_ns)),
            ("exch_shift_ns", time(self.exch_shift_ns)),
            ("off_lot", self.off_lot.to_string()),
            ("skipped", self.skipped.to_string()),
        ]
    }

    /// Reads and checks the footer's key-value pairs; `rows` is what the footer counts.
    pub(crate) fn from_key_values(path: &Path, pairs: Option<&Vec<KeyValue>>, rows: i64) -> Result<Self, TapeError> {
        let fields = Fields { path, pairs: pairs.map_or(&[], Vec::as_slice) };
        let version = fields.text(VERSION)?;
        if version != FORMAT_VERSION.to_string() {
            let found = shown(version, 20);
            return Err(TapeError::Version { path: path.to_owned(), found, supported: FORMAT_VERSION });
        }
        let info = Self {
            ticks: fields.number("ticks")?,
            by_kind: fields.by_kind()?,
            first_ts_ns: fields.time("first_ts_ns")?,
            last_ts_ns: fields.time("last_ts_ns")?,
            instruments: fields.instruments()?,
            content_sha256: fields.text(CONTENT)?.to_owned(),
            exch_shift_ns: fields.time("exch_shift_ns")?,
            off_lot: fields.number("off_lot")?,
            skipped: fields.number("skipped")?,
            format_version: FORMAT_VERSION,
            checksum: fields.checksum()?,
        };
        let (stated, found) = (fields.text(METADATA)?, sha256_hex(&joined(&info.pairs())));
        if stated != found {
            return Err(TapeError::corrupt(path, format!("its metadata have the hash {found}, not {stated}")));
        }
        if i64::try_from(info.ticks) != Ok(rows) {
            return Err(TapeError::corrupt(path, format!("{rows} rows where {} are stated", info.ticks)));
        }
        Ok(info)
    }
}

/// Counts records as they pass: what a footer states and a reader checks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    counts: [u64; TickKind::ALL.len()],
    first_ns: Option<i64>,
    last_ns: Option<i64>,
}

impl Tally {
    pub(crate) fn update(&mut self, ticks: &[Tick]) {
        let (Some(first), Some(last)) = (ticks.first(), ticks.last()) else { return };
        self.first_ns.get_or_insert(first.recv_ns);
        self.last_ns = Some(last.recv_ns);
        for tick in ticks {
            if let Some(count) = self.counts.get_mut(tick.kind as usize) {
                *count += 1;
            }
        }
    }

    pub(crate) fn ticks(&self) -> u64 {
        self.counts.iter().sum()
    }

    pub(crate) fn last_ns(&self) -> Option<i64> {
        self.last_ns
    }

    pub(crate) fn by_kind(&self) -> BTreeMap<&'static str, u64> {
        let counted = TickKind::ALL.iter().zip(self.counts).filter(|(_, n)| *n > 0);
        counted.map(|(kind, n)| (kind.name(), n)).collect()
    }

    pub(crate) fn fill(&self, info: &mut TapeInfo) {
        info.ticks = self.ticks();
        info.by_kind = self.by_kind();
        info.first_ts_ns = self.first_ns;
        info.last_ts_ns = self.last_ns;
    }

    pub(crate) fn matches(&self, info: &TapeInfo) -> bool {
        (self.ticks(), self.first_ns, self.last_ns) == (info.ticks, info.first_ts_ns, info.last_ts_ns)
            && self.by_kind() == info.by_kind
    }
}

/// The pairs of a footer, which may hold anything.
struct Fields<'a> {
    path: &'a Path,
    pairs: &'a [KeyValue],
}

impl<'a> Fields<'a> {
    fn text(&self, key: &str) -> Result<&'a str, TapeError> {
        let pair = self.pairs.iter().find(|pair| pair.key == key);
        pair.and_then(|pair| pair.value.as_deref()).ok_or_else(|| TapeError::NotATape {
            path: self.path.to_owned(),
            reason: format!("its metadata have no {key:?}: only files made by tape convert, slice or merge are tapes"),
        })
    }

    fn number<N: std::str::FromStr>(&self, key: &str) -> Result<N, TapeError> {
        let text = self.text(key)?;
        text.parse().map_err(|_| self.odd(key, text))
    }

    fn time(&self, key: &str) -> Result<Option<i64>, TapeError> {
        if self.text(key)?.is_empty() {
            return Ok(None);
        }
        self.number(key).map(Some)
    }

    fn checksum(&self) -> Result<u64, TapeError> {
        let text = self.text(CHECKSUM)?;
        u64::from_str_radix(text, 16).map_err(|_| self.odd(CHECKSUM, text))
    }

    fn by_kind(&self) -> Result<BTreeMap<&'static str, u64>, TapeError> {
        let text = self.text("by_kind")?;
        let counts: BTreeMap<String, u64> = serde_json::from_str(text).map_err(|_| self.odd("by_kind", text))?;
        let named = |(name, n): (String, u64)| {
            let kind = TickKind::ALL.iter().find(|kind| kind.name() == name)?;
            Some((kind.name(), n))
        };
        counts.into_iter().map(|pair| named(pair).ok_or_else(|| self.odd("by_kind", text))).collect()
    }

    fn instruments(&self) -> Result<Vec<Instrument>, TapeError> {
        let text = self.text(INSTRUMENTS)?;
        let odd = |e: serde_json::Error| TapeError::corrupt(self.path, format!("its instruments: {e}"));
        let instruments: Vec<Instrument> = serde_json::from_str(text).map_err(odd)?;
        check_instruments(&instruments)?;
        Ok(instruments)
    }

    fn odd(&self, key: &str, text: &str) -> TapeError {
        TapeError::corrupt(self.path, format!("its metadata say {key} is {:?}", shown(text, 40)))
    }
}

/// Checks that there is at least one definition, no more than an index can name, and no id twice.
pub(crate) fn check_instruments(instruments: &[Instrument]) -> Result<(), TapeError> {
    let refuse = |reason: String| Err(TapeError::Option { option: "instrument", reason });
    if instruments.is_empty() {
        return refuse("none was given: name the instrument that the records belong to".to_owned());
    }
    if instruments.len() > usize::from(u16::MAX) {
        return refuse(format!("{} were given, a tape holds at most {}", instruments.len(), u16::MAX));
    }
    let mut ids: Vec<&str> = instruments.iter().map(Instrument::id).collect();
    ids.sort_unstable();
    match ids.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => refuse(format!("{:?} was given twice: ids are unique in a tape", pair[0])),
        None => Ok(()),
    }
}

fn joined(pairs: &[(&'static str, String)]) -> String {
    pairs.iter().flat_map(|(key, value)| [key, "=", value, "\n"]).collect()
}

#[allow(clippy::trivially_copy_pass_by_ref)] // serde hands fields over by reference
pub(crate) fn text<S: Serializer>(ns: &i64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(ns)
}

#[allow(clippy::ref_option)] // serde hands fields over by reference
pub(crate) fn optional_text<S: Serializer>(ns: &Option<i64>, serializer: S) -> Result<S::Ok, S::Error> {
    match ns {
        Some(ns) => serializer.collect_str(ns),
        None => serializer.serialize_none(),
    }
}
