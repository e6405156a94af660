use std::path::Path;

use tickwright_tape::{Input, ReadRequest, Reader, READERS};

use crate::{instruments, read};

fn request(reader: &Reader) -> ReadRequest {
    let grid = match reader.name {
        "kraken-ws" => ("BTC/USD", "0.1", "0.00000001"),
        "okx-ws" => ("BTC-USDT", "0.1", "0.00000001"),
        "bitget-ws" => ("BTCUSDT", "0.01", "0.00001"),
        "coinbase-ws" => ("BTC-USD", "0.01", "0.00000001"),
        "binance-futures-ws" => ("BTCUSDT", "0.1", "0.001"),
        "bitmex-ws" => ("XBTUSD", "0.5", "100"),
        "kraken-futures-ws" => ("PI_XBTUSD", "0.5", "1"),
        "deribit-ws" => ("BTC-PERPETUAL", "0.5", "10"),
        other => panic!("{other} has no sample"),
    };
    let file = format!("{}/../../tests/data/samples/{}.txt", env!("CARGO_MANIFEST_DIR"), reader.name);
    ReadRequest::new(vec![Input::File(Path::new(&file).to_owned())], vec![instruments::instrument(grid)])
}

#[test]
fn the_sample_of_each_reader_has_a_book_a_trade_and_no_gap() {
    let of_captures: Vec<&Reader> = READERS.iter().filter(|reader| reader.name.ends_with("-ws")).collect();
    assert_eq!(of_captures.len(), 8);
    for reader in of_captures {
        let (ticks, report) = read(reader.name, &request(reader)).unwrap();
        assert_eq!((report.snapshots, report.gaps, report.off_lot), (1, 0, 0), "{}", reader.name);
        assert_eq!(report.checksums.checked, report.checksums.equal, "{}", reader.name);
        assert!(["book_delta", "trade"].iter().all(|kind| ticks.iter().any(|t| t.kind().unwrap().name() == *kind)));
        assert!(reader.example.contains(&format!("tests/data/samples/{}.txt", reader.name)), "{}", reader.example);
    }
}
