//! Messages that other projects keep of the venues' documentation: shapes are right, numbers partly made up.

use std::fmt::Write;

use tickwright_tape::{Input, ReadReport, ReadRequest};
use tickwright_types::{flags, Tick};

use crate::lines::folder;
use crate::{instruments, read};

/// Reads these files of `adapter-fixtures`, each one message over several lines, after `first`.
fn messages(
    reader: &str,
    first: &str,
    grid: (&'static str, &'static str, &'static str),
    files: &[&str],
) -> Option<(Vec<Tick>, ReadReport)> {
    let folder = folder("adapter-fixtures")?;
    let mut text = format!("{first}\n");
    for (second, file) in files.iter().enumerate() {
        // One snapshot there is of another depth than its updates.
        let message = std::fs::read_to_string(folder.join(file)).unwrap().replace("book-100", "book-10");
        writeln!(text, "{second}.5: {}", message.replace(['\n', '\r'], " ").trim()).unwrap();
    }
    let input = Input::Bytes("documented".into(), text.into_bytes());
    Some(read(reader, &ReadRequest::new(vec![input], vec![instruments::instrument(grid)])).unwrap())
}

fn kinds(ticks: &[Tick]) -> Vec<&'static str> {
    ticks.iter().filter(|tick| tick.is_last()).map(|tick| tick.kind().unwrap().name()).collect()
}

#[test]
fn documented_messages_of_kraken_v2_are_read() {
    let acknowledged =
        r#"0.1: {"method":"subscribe","result":{"channel":"book","depth":10,"symbol":"BTC/USD"},"success":true}"#;
    let files = [
        "kraken/nautilus/ws_subscribe_response.json",
        "kraken/nautilus/ws_book_snapshot.json",
        "kraken/nautilus/ws_book_update.json",
        "kraken/nautilus/ws_trade_update.json",
        "kraken/nautilus/ws_ticker_snapshot.json",
        "kraken/nautilus/ws_ohlc_update.json",
        "kraken/nautilus/ws_l3_snapshot.json",
        "kraken/nautilus/ws_pong.json",
    ];
    let grid = ("BTC/USD", "0.01", "0.00000001");
    let Some((ticks, report)) = messages("kraken-ws", acknowledged, grid, &files) else { return };
    assert_eq!(kinds(&ticks), ["snapshot_end", "book_delta", "trade"]);
    assert_eq!((report.checksums.checked, report.checksums.equal), (2, 0), "their books are not whole");
    assert!(ticks.iter().any(|tick| tick.flags & flags::BAD_CHECKSUM != 0));
    let ignored: Vec<&str> = report.ignored.keys().map(String::as_str).collect();
    assert_eq!(ignored, ["level3", "ohlc", "pong", "subscribe", "ticker"]);
}

#[test]
fn documented_messages_of_kraken_v1_are_read() {
    let files = [
        "kraken/xchange-stream/connectionDetails.json",
        "kraken/xchange-stream/subscriptionConfirmation.json",
        "kraken/xchange-stream/orderBookMessageSnapshot.json",
        "kraken/xchange-stream/orderBookMessageUpdate00.json",
        "kraken/xchange-stream/orderBookMessageUpdate01.json",
        "kraken/xchange-stream/orderBookMessageUpdate02.json",
        "kraken/xchange-stream/trades.json",
        "kraken/xchange-stream/ticker.json",
    ];
    let grid = ("XBT/USD", "0.1", "0.00000001");
    let Some((ticks, report)) = messages("kraken-ws", "", grid, &files) else { return };
    assert_eq!(kinds(&ticks), ["snapshot_end", "book_delta", "book_delta", "book_delta", "trade"]);
    assert_eq!(report.checksums.checked, 3);
}

#[test]
fn documented_messages_of_kraken_futures_are_read() {
    let files = [
        "kraken/nautilus/ws_futures_book_snapshot.json",
        "kraken/nautilus/ws_futures_book_snapshot_with_zero_qty.json",
        "kraken/nautilus/ws_futures_book_delta.json",
        "kraken/nautilus/ws_futures_trade.json",
        "kraken/nautilus/ws_futures_trade_snapshot.json",
        "kraken/nautilus/ws_futures_ticker.json",
    ];
    let grid = ("PI_XBTUSD", "0.5", "1");
    let Some((ticks, report)) = messages("kraken-futures-ws", "", grid, &files) else { return };
    assert_eq!(kinds(&ticks), ["snapshot_end", "snapshot_end", "book_delta", "trade"]);
    assert_eq!((ticks.len(), report.gaps), (6 + 5 + 1 + 1, 1), "levels of size 0 are none; the delta is another day's");
}
