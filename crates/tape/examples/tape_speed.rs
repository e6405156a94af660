//! How fast a recording converts, a tape decodes and a cache reads.
//!
//! `cargo run --release -p tickwright-tape --example tape_speed -- RECORDING.gz`
#![allow(clippy::disallowed_methods)]

use std::hint::black_box;
use std::time::Instant;

use tickwright_tape::{
    convert, quiet, CachedTape, ConvertRequest, Input, ReadRequest, Reader, TapeReader, TickSource, BASE_LATENCY_NS,
};
use tickwright_types::Instrument;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let bundled = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/data/binance-l2-raw/usdm_btcusdt_20240808.gz");
    let recording = std::env::args().nth(1).unwrap_or_else(|| bundled.to_owned());
    let btc: Instrument = serde_json::from_str(
        r#"{"id":"BTCUSDT-PERP","venue":"binance","symbol":"BTCUSDT","kind":"linear_perpetual","tick_size":"0.1",
            "lot_size":"0.001","base":"BTC","quote":"USDT","settlement":"USDT"}"#,
    )?;
    let dir = tempfile::tempdir()?;
    let tape = dir.path().join("a.tape.parquet");
    let mut request = ConvertRequest {
        from: "binance-raw".into(),
        read: ReadRequest::new(vec![Input::File(recording.into())], vec![btc]),
        out: tape.clone(),
        overwrite: true,
        base_latency_ns: BASE_LATENCY_NS,
    };
    let mut seen = 0;
    let ticks = convert(&request, &mut quiet)?.tape.ticks;
    let size = std::fs::metadata(&tape)?.len();
    println!("{ticks} records, tape of {size} bytes ({:.2} a record)", size as f64 / ticks as f64);
    let reader = Reader::by_name("binance-raw")?;
    best("read the recording, gzip", ticks, || {
        reader.read(&request.read, &mut |t| count(&mut seen, t), &mut quiet).map(drop)
    })?;
    let mut plain = Vec::new();
    std::io::Read::read_to_end(
        &mut flate2::read::MultiGzDecoder::new(std::fs::File::open(request.read.inputs[0].name())?),
        &mut plain,
    )?;
    let in_memory = ReadRequest::new(vec![Input::Bytes("plain".into(), plain)], request.read.instruments.clone());
    best("read the recording, plain", ticks, || {
        reader.read(&in_memory, &mut |t| count(&mut seen, t), &mut quiet).map(drop)
    })?;
    request.overwrite = true;
    best("convert", ticks, || convert(&request, &mut quiet).map(drop))?;
    let mut block = Vec::new();
    best("decode the tape", ticks, || drain(TapeReader::open(&tape)?, &mut block))?;
    best("decode and compare the content hash", ticks, || {
        drain(TapeReader::open(&tape)?.with_content_hash(), &mut block)
    })?;
    let cache = dir.path().join("cache");
    best("build the cache", ticks, || {
        let _ = std::fs::remove_dir_all(&cache);
        CachedTape::open(&tape, &cache, &mut quiet).map(drop)
    })?;
    best("open the cache and sum every price", ticks, || {
        let cached = CachedTape::open(&tape, &cache, &mut quiet)?;
        black_box(cached.ticks().iter().fold(0i64, |sum, t| sum.wrapping_add(t.price_ticks)));
        Ok(())
    })?;
    let cached = CachedTape::open(&tape, &cache, &mut quiet)?;
    best("sum every price of an open cache", ticks, || {
        black_box(cached.ticks().iter().fold(0i64, |sum, t| sum.wrapping_add(t.price_ticks)));
        Ok(())
    })?;
    println!("{seen} records read in all");
    Ok(())
}

fn count(seen: &mut usize, ticks: &[tickwright_types::Tick]) -> Result<(), tickwright_tape::TapeError> {
    *seen = seen.checked_add(ticks.len()).ok_or(tickwright_tape::TapeError::Cancelled)?;
    Ok(())
}

fn drain(mut tape: TapeReader, block: &mut Vec<tickwright_types::Tick>) -> Result<(), tickwright_tape::TapeError> {
    while tape.next_block(block)? {
        black_box(block.len());
    }
    Ok(())
}

/// The best of nine runs.
fn best(
    what: &str,
    records: u64,
    mut work: impl FnMut() -> Result<(), tickwright_tape::TapeError>,
) -> Result<(), tickwright_tape::TapeError> {
    let mut least = f64::INFINITY;
    for _ in 0..9 {
        let start = Instant::now();
        work()?;
        least = least.min(start.elapsed().as_secs_f64());
    }
    let ns = least * 1e9 / records as f64;
    println!("{what:36} {ns:8.1} ns a record {:8.2} M records/s", 1e3 / ns);
    Ok(())
}
