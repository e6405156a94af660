use std::io::{Cursor, Write};

use super::npy::tests::{header, DESCR};
use super::*;
use crate::quiet;
use crate::readers::{ReadReport, Reader};
use zip::write::SimpleFileOptions;
use zip::CompressionMethod;

const EXCH: u64 = 1 << 31;
const BOTH: u64 = EXCH | LOCAL;

fn instrument() -> Instrument {
    serde_json::from_str(
        r#"{"id":"BTC","venue":"binance","symbol":"BTCUSDT","kind":"linear_perpetual","tick_size":"0.1",
            "lot_size":"0.001","base":"BTC","quote":"USDT","settlement":"USDT"}"#,
    )
    .unwrap()
}

fn event(ev: u64, local_ts: i64, px: f64, qty: f64) -> Event {
    Event { ev, exch_ts: local_ts - 5, local_ts, px, qty, order_id: 0 }
}

fn npz(events: &[Event], method: CompressionMethod) -> Vec<u8> {
    let mut array = header(&format!("{{'descr': {DESCR}, 'fortran_order': False, 'shape': ({},), }}", events.len()));
    for e in events {
        array.extend(e.ev.to_le_bytes());
        array.extend(e.exch_ts.to_le_bytes());
        array.extend(e.local_ts.to_le_bytes());
        array.extend(e.px.to_le_bytes());
        array.extend(e.qty.to_le_bytes());
        array.extend(e.order_id.to_le_bytes());
        array.extend([0; 16]);
    }
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("data.npy", SimpleFileOptions::default().compression_method(method)).unwrap();
    zip.write_all(&array).unwrap();
    zip.finish().unwrap().into_inner()
}

fn read_bytes(bytes: Vec<u8>, skip_bad: u64) -> Result<(Vec<Tick>, ReadReport), TapeError> {
    let mut request = ReadRequest::new(vec![Input::Bytes("in.npz".into(), bytes)], vec![instrument()]);
    request.skip_bad = skip_bad;
    let mut ticks = Vec::new();
    let mut take = |block: &[Tick]| {
        ticks.extend_from_slice(block);
        Ok(())
    };
    let report = Reader::by_name("hftbacktest")?.read(&request, &mut take, &mut quiet)?;
    Ok((ticks, report))
}

fn sample() -> Vec<Event> {
    vec![
        event(DEPTH_SNAPSHOT | BOTH | BUY, 10, 61800.1, 1.5),
        event(DEPTH_SNAPSHOT | BOTH | SELL, 10, 61800.2, 2.0004),
        event(DEPTH | EXCH | BUY, 0, 61800.0, 1.0),
        event(DEPTH | LOCAL | BUY, 11, 61800.0, 0.7),
        event(TRADE | BOTH | SELL, 12, 61800.1, 0.004),
        event(DEPTH_CLEAR | BOTH | BUY, 13, 61800.05 + 0.05, 0.0),
        event(TRADE | BOTH, 14, 61800.1, 0.004),
    ]
}

#[test]
fn rows_become_records_that_each_end_a_message() {
    for method in [CompressionMethod::Stored, CompressionMethod::Deflated] {
        let (ticks, report) = read_bytes(npz(&sample(), method), 0).unwrap();
        let seen: Vec<_> = ticks
            .iter()
            .map(|t| (t.kind().unwrap().name(), t.side, t.price_ticks, t.size_lots, t.recv_ns, t.exch_ns, t.id))
            .collect();
        assert_eq!(
            seen,
            [
                ("book_delta", 0, 618_001, 1_500, 10, 5, 1),
                ("book_delta", 1, 618_002, 2_000, 10, 5, 2),
                ("book_delta", 0, 618_000, 700, 11, 6, 4),
                ("trade", 1, 618_001, 4, 12, 7, 5),
                ("book_delta", 0, 618_001, 0, 13, 8, 6),
                ("trade", 2, 618_001, 4, 14, 9, 7),
            ]
        );
        assert!(ticks.iter().all(Tick::is_last));
        assert_eq!((report.off_lot, report.rows, report.ignored["rows of the exchange side only"]), (1, 7, 1));
    }
}

#[test]
fn a_row_that_cannot_be_used_names_row_and_field() {
    let cases = [
        (event(TRADE | BOTH, 12, 61800.13, 1.0), "E_OFF_GRID", 4),
        (event(TRADE | BOTH, 12, f64::NAN, 1.0), "E_RANGE", 4),
        (event(TRADE | BOTH, 12, 1e300, 1.0), "E_RANGE", 4),
        (event(TRADE | BOTH, 12, 61800.1, -1.0), "E_NEGATIVE_SIZE", 5),
        (event(TRADE | BOTH, 12, 61800.1, f64::INFINITY), "E_RANGE", 5),
        (event(TRADE | BOTH, 3, 61800.1, 1.0), "E_TIME", 2),
        (event(TRADE | BOTH, 6, 61800.1, 1.0), "E_TIME_BACKWARDS", 3),
        (event(0xa | BOTH | BUY, 12, 61800.1, 1.0), "E_EVENT", 1),
        (event(DEPTH | BOTH, 12, 61800.1, 1.0), "E_EVENT", 1),
        (event(DEPTH | BOTH | BUY | SELL, 12, 61800.1, 1.0), "E_EVENT", 1),
    ];
    for (bad, code, column) in cases {
        let rows = [sample()[0], bad, sample()[4]];
        let err = read_bytes(npz(&rows, CompressionMethod::Stored), 0).unwrap_err();
        assert_eq!((err.code(), err.line(), err.column()), (code, Some(2), Some(column)), "{bad:?}: {err}");
        let (ticks, report) = read_bytes(npz(&rows, CompressionMethod::Stored), 1).unwrap();
        assert_eq!((ticks.len(), report.bad_rows.len()), (2, 1));
    }
}

#[test]
fn a_file_cut_or_changed_at_any_byte_never_panics() {
    let whole = npz(&sample(), CompressionMethod::Deflated);
    for cut in 0..whole.len() {
        let err = read_bytes(whole[..cut].to_vec(), 0).unwrap_err();
        assert_eq!(err.code(), "E_NPZ", "cut at {cut}: {err}");
    }
    for at in 0..whole.len() {
        let mut changed = whole.clone();
        changed[at] ^= 0x5a;
        let _ = read_bytes(changed, 100);
    }
}

#[test]
fn more_than_one_instrument_is_refused() {
    let mut second: tickwright_types::InstrumentSpec = instrument().spec().clone();
    second.id = "B".into();
    let instruments = vec![instrument(), Instrument::new(second).unwrap()];
    let input = Input::Bytes("in.npz".into(), npz(&sample(), CompressionMethod::Stored));
    let request = ReadRequest::new(vec![input], instruments);
    let reader = Reader::by_name("hftbacktest").unwrap();
    let err = reader.read(&request, &mut |_| Ok(()), &mut quiet).unwrap_err();
    assert_eq!(err.code(), "E_OPTION");
}
