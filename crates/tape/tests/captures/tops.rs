use tickwright_tape::{convert, quiet, verify, BboTracker, ConvertRequest, TapeReader, TickSource, BASE_LATENCY_NS};
use tickwright_types::{Tick, TickKind};

use crate::capture;

#[test]
fn each_capture_becomes_a_whole_tape_without_a_crossed_book() {
    for reader in
        ["kraken-ws", "bitget-ws", "binance-futures-ws", "coinbase-ws", "bitmex-ws", "kraken-futures-ws", "deribit-ws"]
    {
        let Some((ticks, _, request)) = capture(reader) else { return };
        let dir = tempfile::tempdir().unwrap();
        let out = dir.path().join("a.tape.parquet");
        let request = ConvertRequest {
            from: reader.into(),
            read: request,
            out: out.clone(),
            overwrite: false,
            base_latency_ns: BASE_LATENCY_NS,
        };
        convert(&request, &mut quiet).unwrap();
        let found = verify(&out, &mut quiet).unwrap();
        assert!(found.faults.is_empty(), "{reader}: {:?}", found.faults);
        assert_eq!(found.ticks, ticks.len() as u64, "{reader}");
        assert_eq!((found.crossed.count, found.locked.count), (0, 0), "{reader}");
        let quotes = (found.quotes_checked, found.quotes_equal);
        // Elsewhere the venue sends no numbered best quotes.
        assert!(quotes.0.unwrap_or(0) == 0 || reader == "binance-futures-ws", "{reader}");
        assert!(reader != "binance-futures-ws" || quotes == (Some(731), Some(731)), "{quotes:?}");
        let written = TapeReader::open(&out).unwrap().read_all().unwrap();
        for message in written.split_inclusive(Tick::is_last) {
            assert!(message.iter().all(|tick| tick.recv_ns == message[0].recv_ns), "{reader}");
            let deltas: Vec<_> = message.iter().filter(|tick| tick.kind() == Some(TickKind::BookDelta)).collect();
            assert!(deltas.is_sorted_by_key(|tick| tick.size_lots != 0), "{reader}: deletes come first");
        }
    }
}

#[test]
fn every_best_quote_of_bitmex_is_one_that_its_book_had() {
    let Some((ticks, _, request)) = capture("bitmex-ws") else { return };
    let mut tracker = BboTracker::new(request.instruments.len());
    let tops: Vec<_> = ticks.iter().filter_map(|tick| tracker.update(tick)).collect();
    let (mut quotes, mut found) = (0, 0);
    for pair in ticks.windows(2).filter(|pair| pair.iter().all(|tick| tick.kind() == Some(TickKind::Quote))) {
        let [bid, ask] = [&pair[0], &pair[1]];
        if (bid.side, ask.side) == (0, 1) {
            quotes += 1;
            let touch = [bid, ask].map(|tick| Some((tick.price_ticks, tick.size_lots)));
            found += usize::from(tops.iter().any(|top| top.instrument == bid.instrument && top.touch == touch));
        }
    }
    assert_eq!((found, quotes), (436, 436));
}
