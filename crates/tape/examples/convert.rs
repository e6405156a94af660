//! Converts a recording and says what is in it.
//!
//! `cargo run --release -p tickwright-tape --example convert -- binance-raw INSTRUMENT.json OUT.tape.parquet IN…`

use std::path::PathBuf;

use tickwright_tape::{convert, verify, ConvertRequest, Flow, Input, Progress, ReadRequest, BASE_LATENCY_NS};
use tickwright_types::Instrument;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(from), Some(instrument), Some(out)) = (arguments.next(), arguments.next(), arguments.next()) else {
        return Err("give the format, the instrument's JSON file, the tape and the files of the recording".into());
    };
    let instrument: Instrument = serde_json::from_str(&std::fs::read_to_string(instrument)?)?;
    let inputs = arguments.map(|path| Input::File(PathBuf::from(path))).collect();
    let request = ConvertRequest {
        from,
        read: ReadRequest::new(inputs, vec![instrument]),
        out: out.into(),
        overwrite: false,
        base_latency_ns: BASE_LATENCY_NS,
    };
    let mut show = |progress: Progress| {
        eprintln!("{:?} {} of {}, {} records", progress.stage, progress.done, progress.total, progress.ticks);
        Flow::Continue
    };
    let report = convert(&request, &mut show)?;
    println!("{}", serde_json::to_string_pretty(&report)?);
    println!("{}", serde_json::to_string_pretty(&verify(&request.out, &mut show)?)?);
    Ok(())
}
