use tickwright_types::{flags, TickKind};

use super::{files, instrument, options, read, recording, steps};

#[test]
fn every_truefx_quote_is_read_as_it_stands() {
    let Some(path) = recording("fx-ticks/truefx_usdjpy_ticks.csv") else { return };
    let usdjpy = instrument("USD/JPY", "fx", "0.001", "1000");
    let size = options(|o| o.quote_size = Some("1000000".into()));
    let (ticks, report) = read("truefx", files(std::slice::from_ref(&path)), usdjpy, size).unwrap();
    assert_eq!((ticks.len(), report.rows), (2_000, 1_000));
    assert_eq!((ticks[0].recv_ns, ticks[1_999].recv_ns), (1_357_077_600_295_000_000, 1_357_079_713_494_000_000));
    let text = std::fs::read_to_string(path).unwrap();
    for (row, quote) in text.lines().skip(1).zip(ticks.chunks_exact(2)) {
        let fields: Vec<&str> = row.split(',').collect();
        let seen = [quote[0].price_ticks, quote[1].price_ticks];
        assert_eq!(seen, [steps(fields[1], 3), steps(fields[2], 3)], "{row}");
        assert_eq!((quote[0].side, quote[1].side, quote[1].flags), (0, 1, flags::LAST));
        assert!(quote.iter().all(|t| t.size_lots == 1_000 && t.kind() == Some(TickKind::Quote)));
    }
}

#[test]
fn tardis_changes_make_one_snapshot_of_one_message() {
    let Some(path) = recording("tardis-format-samples/deribit_incremental_book_L2_BTC-PERPETUAL.csv") else { return };
    let btc = instrument("BTC-PERPETUAL", "inverse_perpetual", "0.5", "10");
    let (ticks, report) = read("tardis-book", files(std::slice::from_ref(&path)), btc, options(|_| ())).unwrap();
    assert_eq!((ticks.len(), report.snapshots, report.rows), (17, 1, 15));
    let text = std::fs::read_to_string(path).unwrap();
    for (row, level) in text.lines().skip(1).zip(&ticks[1..16]) {
        let fields: Vec<&str> = row.split(',').collect();
        assert_eq!((level.price_ticks * 5, level.size_lots * 10), (steps(fields[6], 1), steps(fields[7], 0)));
        assert_eq!((level.kind(), level.side), (Some(TickKind::SnapshotLevel), 1));
        assert_eq!((level.exch_ns, level.recv_ns), (1_585_699_200_245_000_000, 1_585_699_200_355_684_000));
    }
}

#[test]
fn tardis_books_of_5_and_25_levels_agree_with_each_other() {
    let mut best = Vec::new();
    for depth in [5, 25] {
        let name = format!("tardis-format-samples/binance-futures_book_snapshot_{depth}_BTCUSDT.csv");
        let Some(path) = recording(&name) else { return };
        let btc = instrument("BTCUSDT", "linear_perpetual", "0.01", "0.001");
        let (ticks, report) = read("tardis-book", files(&[path]), btc, options(|_| ())).unwrap();
        assert_eq!(ticks.len() as u64, report.rows * (2 * depth + 2));
        let books: Vec<_> = ticks.chunks_exact(2 * depth as usize + 2).collect();
        assert!(books.iter().all(|book| book[1].price_ticks < book[depth as usize + 1].price_ticks), "never crossed");
        let first = books[0];
        best.push([first[1], first[depth as usize + 1]].map(|t| (t.price_ticks, t.size_lots, t.side)));
    }
    assert_eq!(best[0], best[1]);
}

#[test]
fn tardis_trades_and_quotes_are_read_as_they_stand() {
    let Some(path) = recording("tardis-format-samples/bitmex_trades_XBTUSD.csv") else { return };
    let xbt = instrument("XBTUSD", "inverse_perpetual", "0.5", "1");
    let (trades, _) = read("tardis-trades", files(&[path]), xbt, options(|_| ())).unwrap();
    assert_eq!(trades.len(), 10);
    let first = trades[0];
    assert_eq!((first.price_ticks, first.size_lots, first.side, first.id), (17_063, 2_152, 1, 1));
    assert_eq!((first.exch_ns, first.recv_ns), (1_583_020_803_145_000_000, 1_583_020_803_307_160_000));

    let path = recording("tardis-format-samples/huobi-dm-swap_quotes_BTC-USD.csv").unwrap();
    let btc = instrument("BTC-USD", "inverse_perpetual", "0.1", "1");
    let (quotes, report) = read("tardis-quotes", files(&[path]), btc, options(|_| ())).unwrap();
    assert_eq!(quotes.len() as u64, 2 * report.rows);
    let [bid, ask] = [quotes[0], quotes[1]];
    assert_eq!((bid.price_ticks, bid.size_lots, ask.price_ticks, ask.size_lots), (86_292, 806, 86_293, 5_494));
}
