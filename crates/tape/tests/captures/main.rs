//! Captured websockets of live venues against what the venues themselves say of them: checksums, numbers, best quotes,
//! and a plain replay of the same lines. The captures do not ship; they are read from the folder in
//! `TICKWRIGHT_TEST_DATA`.

mod checksums;
mod documented;
mod instruments;
mod lines;
mod model;
mod samples;
mod sequences;
mod tops;

use tickwright_tape::{quiet, Input, ReadReport, ReadRequest, Reader, TapeError};
use tickwright_types::Tick;

/// Reads these inputs as these instruments.
fn read(name: &str, request: &ReadRequest) -> Result<(Vec<Tick>, ReadReport), TapeError> {
    let mut ticks = Vec::new();
    let mut take = |block: &[Tick]| {
        ticks.extend_from_slice(block);
        Ok(())
    };
    let report = Reader::by_name(name)?.read(request, &mut take, &mut quiet)?;
    Ok((ticks, report))
}

/// The capture of a venue, or `None`, said aloud, if there is no folder of such.
fn capture(name: &str) -> Option<(Vec<Tick>, ReadReport, ReadRequest)> {
    let (files, instruments) = instruments::of(name);
    let inputs = lines::files(files)?.into_iter().map(Input::File).collect();
    let mut request = ReadRequest::new(inputs, instruments);
    if name == "kraken-ws" {
        // The file of trades has five pairs more than the file of books.
        request.only = request.instruments.iter().map(|instrument| instrument.spec().symbol.clone()).collect();
    }
    let (ticks, report) = read(name, &request).unwrap();
    Some((ticks, report, request))
}
