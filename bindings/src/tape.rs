use std::path::{Path, PathBuf};
use std::sync::Arc;

use napi::bindgen_prelude::{FnArgs, Function};
use napi_derive::napi;
use serde::{Deserialize, Serialize};
use tickwright_tape::{
    cat, convert, merge, slice, verify, write_bbo, CachedTape, ConvertRequest, Flow, Input, Merge, Progress,
    ReadOption, ReadOptions, ReadRequest, SliceOptions, Stage, TapeError, TapeReader, TickSource, BASE_LATENCY_NS,
    READERS,
};
use tickwright_types::{Instrument, TickBlock, TickKind};

use crate::engine::NativeEngine;
use crate::error::{fail, Coding, Result};

/// Told how far an operation is: stage, done, total, ticks. False stops it.
#[napi]
pub type OnProgress<'a> = Option<Function<'a, FnArgs<(String, f64, f64, f64)>, bool>>;

fn watched(on_progress: &OnProgress<'_>, progress: Progress) -> Flow {
    let Some(told) = on_progress else { return Flow::Continue };
    let stage = if progress.stage == Stage::Read { "read" } else { "write" }.to_owned();
    let numbers = (stage, progress.done as f64, progress.total as f64, progress.ticks as f64);
    match told.call(numbers.into()) {
        Ok(true) => Flow::Continue,
        // The caller said stop, or threw: its exception is already on the way.
        Ok(false) | Err(_) => Flow::Cancel,
    }
}

fn parsed<T: for<'de> Deserialize<'de>>(what: &str, json: &str) -> Result<T> {
    serde_json::from_str(json).map_err(|error| fail("E_ARGUMENT", format!("{what}: {error}")))
}

fn json<T: Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|error| fail("E_INTERNAL", error))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ConvertOptions {
    from: String,
    inputs: Vec<PathBuf>,
    out: PathBuf,
    instruments: Vec<Instrument>,
    #[serde(default)]
    only: Vec<String>,
    #[serde(default)]
    skip_bad: u64,
    base_latency_ns: Option<i64>,
    #[serde(default)]
    allow_missing_snapshot: bool,
    #[serde(default)]
    overwrite: bool,
    #[serde(default)]
    reading: ReadOptions,
}

/// Converts recordings into a tape; options and report as JSON.
#[napi(catch_unwind)]
pub fn tape_convert(options_json: String, on_progress: OnProgress<'_>) -> Result<String> {
    let options: ConvertOptions = parsed("tape convert", &options_json)?;
    let request = ConvertRequest {
        from: options.from,
        read: ReadRequest {
            inputs: options.inputs.into_iter().map(Input::File).collect(),
            instruments: options.instruments,
            only: options.only,
            skip_bad: options.skip_bad,
            allow_missing_snapshot: options.allow_missing_snapshot,
            options: options.reading,
        },
        out: options.out,
        overwrite: options.overwrite,
        base_latency_ns: options.base_latency_ns.unwrap_or(BASE_LATENCY_NS),
    };
    json(&convert(&request, &mut |progress| watched(&on_progress, progress)).coded()?)
}

#[derive(Serialize)]
struct ReaderInfo {
    name: &'static str,
    about: &'static str,
    example: &'static str,
    needs: Vec<&'static str>,
    takes: Vec<&'static str>,
}

/// The readers: names, a line about each, an example and the options of each, as JSON.
#[napi(catch_unwind)]
pub fn tape_readers() -> Result<String> {
    let names = |options: &[&ReadOption]| options.iter().map(|option| option.name).collect();
    let readers = READERS.iter().map(|reader| ReaderInfo {
        name: reader.name,
        about: reader.about,
        example: reader.example,
        needs: names(reader.needs),
        takes: names(reader.takes),
    });
    json(&readers.collect::<Vec<_>>())
}

/// What a tape says of itself, as JSON.
#[napi(catch_unwind)]
pub fn tape_info(path: String) -> Result<String> {
    json(TapeReader::open(Path::new(&path)).coded()?.info())
}

/// Some records of a tape for reading, as JSON.
#[napi(catch_unwind)]
pub fn tape_cat(path: String, offset: f64, limit: f64) -> Result<String> {
    json(&cat(Path::new(&path), offset as u64, limit as usize).coded()?)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SliceRequest {
    input: PathBuf,
    out: PathBuf,
    from_ns: Option<String>,
    to_ns: Option<String>,
    #[serde(default)]
    instruments: Vec<String>,
    #[serde(default)]
    kinds: Vec<String>,
    #[serde(default)]
    without_books: bool,
    #[serde(default)]
    overwrite: bool,
}

/// Cuts a piece out of a tape; options and the new tape's info as JSON.
#[napi(catch_unwind)]
pub fn tape_slice(options_json: String, on_progress: OnProgress<'_>) -> Result<String> {
    let request: SliceRequest = parsed("tape slice", &options_json)?;
    let options = SliceOptions {
        from_ns: request.from_ns.as_deref().map(nanoseconds).transpose()?,
        to_ns: request.to_ns.as_deref().map(nanoseconds).transpose()?,
        instruments: request.instruments,
        kinds: request.kinds.iter().map(|name| kind_named(name)).collect::<Result<_>>()?,
        without_books: request.without_books,
    };
    let mut tell = |progress| watched(&on_progress, progress);
    json(&slice(&request.input, &request.out, options, request.overwrite, &mut tell).coded()?)
}

fn nanoseconds(text: &str) -> Result<i64> {
    text.parse().map_err(|_| fail("E_ARGUMENT", format!("{text:?} is not a time in whole ns since the Unix epoch")))
}

fn kind_named(name: &str) -> Result<TickKind> {
    TickKind::ALL.into_iter().find(|kind| kind.name() == name).ok_or_else(|| {
        let known: Vec<&str> = TickKind::ALL.iter().map(|kind| kind.name()).collect();
        fail("E_ARGUMENT", format!("{name:?} is not a kind of record; there are: {}", known.join(", ")))
    })
}

/// Merges tapes into one; returns the new tape's info as JSON.
#[napi(catch_unwind)]
pub fn tape_merge(inputs: Vec<String>, out: String, overwrite: bool, on_progress: OnProgress<'_>) -> Result<String> {
    let inputs: Vec<PathBuf> = inputs.into_iter().map(PathBuf::from).collect();
    let mut tell = |progress| watched(&on_progress, progress);
    json(&merge(&inputs, Path::new(&out), overwrite, &mut tell).coded()?)
}

/// Reads a whole tape and reports what it found, as JSON.
#[napi(catch_unwind)]
pub fn tape_verify(path: String, on_progress: OnProgress<'_>) -> Result<String> {
    json(&verify(Path::new(&path), &mut |progress| watched(&on_progress, progress)).coded()?)
}

/// Writes best bid and ask after every message of some tapes into a CSV file; returns how many lines.
#[napi(catch_unwind)]
pub fn tape_bbo(inputs: Vec<String>, out: String, on_progress: OnProgress<'_>) -> Result<f64> {
    let inputs: Vec<PathBuf> = inputs.into_iter().map(PathBuf::from).collect();
    let source = Merge::of_tapes(&inputs).coded()?;
    let path = Path::new(&out);
    let file = std::fs::File::create(path).map_err(|error| fail("E_FILE", format!("{out:?}: {error}")))?;
    let mut writer = std::io::BufWriter::new(file);
    let lines = write_bbo(source, &mut writer, path, &mut |progress| watched(&on_progress, progress)).coded()?;
    Ok(lines as f64)
}

#[napi]
impl NativeEngine {
    /// Loads tapes, from the memory-mapped cache if a folder for it is given; returns how many ticks there are.
    #[napi(catch_unwind)]
    pub fn load_tapes(&self, paths: Vec<String>, cache_dir: Option<String>) -> Result<f64> {
        if paths.is_empty() {
            return Err(fail("E_ARGUMENT", "no tape was named: give at least one path"));
        }
        let mut runs = Vec::with_capacity(paths.len());
        for path in &paths {
            let (ticks, instruments) = open(Path::new(path), cache_dir.as_deref().map(Path::new)).coded()?;
            runs.push((ticks, self.indices(path, &instruments)?));
        }
        let count: usize = runs.iter().map(|(ticks, _)| ticks.len()).sum();
        self.handle().with(|engine, _| {
            match runs.as_slice() {
                [(ticks, map)] if map.iter().enumerate().all(|(at, &index)| at == usize::from(index)) => {
                    engine.load(ticks.clone());
                }
                _ => engine.load_merged(runs),
            }
            Ok(count as f64)
        })
    }

    /// The engine's index of each instrument of a tape, which must mean the same by a tick and a lot.
    fn indices(&self, path: &str, instruments: &[Instrument]) -> Result<Vec<u16>> {
        let config = self.handle().with(|engine, _| Ok(engine.config().instruments.clone()))?;
        instruments
            .iter()
            .map(|theirs| {
                let at = config.iter().position(|ours| ours.id() == theirs.id()).ok_or_else(|| {
                    let known: Vec<&str> = config.iter().map(Instrument::id).collect();
                    let id = theirs.id();
                    fail(
                        "E_CONFIG",
                        format!("{path:?} holds {id}, which the engine does not have: {}", known.join(", ")),
                    )
                })?;
                let (ours, theirs) = (config[at].spec(), theirs.spec());
                if (ours.tick_size, ours.lot_size) != (theirs.tick_size, theirs.lot_size) {
                    let message = format!(
                        "{}: the tape counts ticks of {} and lots of {}, the engine {} and {}: they must be equal",
                        ours.id, theirs.tick_size, theirs.lot_size, ours.tick_size, ours.lot_size
                    );
                    return Err(fail("E_CONFIG", message));
                }
                Ok(at as u16)
            })
            .collect()
    }
}

fn open(path: &Path, cache: Option<&Path>) -> std::result::Result<(TickBlock, Vec<Instrument>), TapeError> {
    if let Some(folder) = cache {
        let tape = CachedTape::open(path, folder, &mut |_| Flow::Continue)?;
        let instruments = tape.instruments().to_vec();
        return Ok((TickBlock::new(Arc::new(tape)), instruments));
    }
    let mut reader = TapeReader::open(path)?;
    let instruments = reader.instruments().to_vec();
    Ok((reader.read_all()?.into(), instruments))
}
