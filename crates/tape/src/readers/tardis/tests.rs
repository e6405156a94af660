use tickwright_types::flags;

use crate::readers::test_kit::{instrument, Case};

fn case(reader: &'static str) -> Case {
    let mut case = Case::new(reader, "tardis.csv", instrument("BTCUSDT", "spot", "0.5", "0.001"));
    let mut eth: tickwright_types::InstrumentSpec = instrument("ETHUSDT", "spot", "0.5", "0.001").spec().clone();
    eth.id = "ETH".into();
    case.request.instruments.push(tickwright_types::Instrument::new(eth).unwrap());
    case
}

const BOOK: &str = "exchange,symbol,timestamp,local_timestamp,is_snapshot,side,price,amount";

fn change(symbol: &str, at_us: i64, is_snapshot: bool, side: &str, price: &str, amount: &str) -> String {
    let time = 1_585_699_200_000_000 + at_us;
    format!("binance,{symbol},{time},{},{is_snapshot},{side},{price},{amount}", time + 5)
}

fn book(rows: &[String]) -> String {
    format!("{BOOK}\n{}\n", rows.join("\n"))
}

#[test]
fn rows_of_one_time_are_one_message_with_deletes_first() {
    let rows = [
        change("BTCUSDT", 0, true, "bid", "100", "1"),
        change("BTCUSDT", 0, true, "ask", "101", "2"),
        change("BTCUSDT", 1, false, "ask", "100.5", "3"),
        change("BTCUSDT", 1, false, "bid", "100", "0"),
        change("ETHUSDT", 1, true, "bid", "9", "1"),
        change("BTCUSDT", 2, true, "bid", "99", "4"),
    ];
    let (ticks, report) = case("tardis-book").read(book(&rows).as_bytes()).unwrap();
    let seen: Vec<_> =
        ticks.iter().map(|t| (t.kind().unwrap().name(), t.instrument, t.price_ticks, t.size_lots, t.flags)).collect();
    assert_eq!(
        seen,
        [
            ("snapshot_begin", 0, 0, 0, 0),
            ("snapshot_level", 0, 200, 1_000, 0),
            ("snapshot_level", 0, 202, 2_000, 0),
            ("snapshot_end", 0, 0, 0, flags::LAST),
            ("book_delta", 0, 200, 0, 0),
            ("book_delta", 0, 201, 3_000, flags::LAST),
            ("snapshot_begin", 1, 0, 0, 0),
            ("snapshot_level", 1, 18, 1_000, 0),
            ("snapshot_end", 1, 0, 0, flags::LAST),
            ("snapshot_begin", 0, 0, 0, 0),
            ("snapshot_level", 0, 198, 4_000, 0),
            ("snapshot_end", 0, 0, 0, flags::LAST),
        ]
    );
    assert_eq!((report.snapshots, report.gaps), (3, 0));
    assert_eq!(ticks[0].recv_ns - ticks[0].exch_ns, 5_000);
}

#[test]
fn changes_before_a_snapshot_are_left_out_or_flagged_or_an_error() {
    let before = [change("BTCUSDT", 0, false, "bid", "100", "1"), change("BTCUSDT", 1, true, "bid", "100", "1")];
    let (ticks, report) = case("tardis-book").read(book(&before).as_bytes()).unwrap();
    assert_eq!((ticks.len(), report.stale_messages), (3, 1));
    assert_eq!(case("tardis-book").read(book(&before[..1]).as_bytes()).unwrap_err().code(), "E_NO_SNAPSHOT");
    let mut allowed = case("tardis-book");
    allowed.request.allow_missing_snapshot = true;
    let (ticks, report) = allowed.read(book(&before[..1]).as_bytes()).unwrap();
    assert_eq!((ticks[0].flags, report.gaps), (flags::GAP | flags::LAST, 1));
}

#[test]
fn a_row_that_was_left_out_shows_as_a_gap() {
    let rows = [
        change("BTCUSDT", 0, true, "bid", "100", "1"),
        change("BTCUSDT", 1, false, "bid", "100.3", "1"),
        change("BTCUSDT", 2, false, "bid", "100.5", "1"),
    ];
    let (ticks, report) = case("tardis-book").read_tolerating(book(&rows).as_bytes(), 1).unwrap();
    assert_eq!((ticks.last().unwrap().flags, report.gaps), (flags::GAP | flags::LAST, 1));
}

#[test]
fn whole_books_leave_out_levels_that_are_not_there() {
    let text = "exchange,symbol,timestamp,local_timestamp,asks[0].price,asks[0].amount,bids[0].price,bids[0].amount,\
                asks[1].price,asks[1].amount,bids[1].price,bids[1].amount\n\
                binance,BTCUSDT,1598918403696000,1598918403810979,101,1,100,2,,,99.5,3\n";
    let (ticks, report) = case("tardis-book").read(text.as_bytes()).unwrap();
    let levels: Vec<_> = ticks[1..4].iter().map(|t| (t.side, t.price_ticks, t.size_lots)).collect();
    assert_eq!(levels, [(0, 200, 2_000), (0, 199, 3_000), (1, 202, 1_000)]);
    assert_eq!((ticks.len(), report.snapshots), (5, 1));
}

#[test]
fn trades_and_quotes_of_several_symbols_are_told_apart() {
    let trades = "exchange,symbol,timestamp,local_timestamp,id,side,price,amount\n\
                  binance,ETHUSDT,1583020803145000,1583020803307160,77,sell,8531.5,2\n\
                  binance,BTCUSDT,1583020803145000,1583020803307160,a-b,unknown,8531.5,2\n";
    let (ticks, _) = case("tardis-trades").read(trades.as_bytes()).unwrap();
    let seen: Vec<_> = ticks.iter().map(|t| (t.instrument, t.id, t.side)).collect();
    assert_eq!(seen, [(1, 77, 1), (0, 2, 2)]);
    let quotes = "exchange,symbol,timestamp,local_timestamp,ask_amount,ask_price,bid_price,bid_amount\n\
                  binance,BTCUSDT,1588291201099000,1588291201234268,,,8629.5,0.806\n";
    let (ticks, _) = case("tardis-quotes").read(quotes.as_bytes()).unwrap();
    let seen: Vec<_> = ticks.iter().map(|t| (t.side, t.price_ticks, t.size_lots, t.flags)).collect();
    assert_eq!(seen, [(0, 17_259, 806, 0), (1, 0, 0, 1)]);
}

#[test]
fn symbols_without_an_instrument_are_listed_and_only_chooses() {
    let rows = [change("DOGEUSDT", 0, true, "bid", "100", "1"), change("BTCUSDT", 0, true, "bid", "100", "1")];
    let err = case("tardis-book").read(book(&rows).as_bytes()).unwrap_err();
    assert!(err.code() == "E_UNKNOWN_SYMBOL" && err.to_string().contains("DOGEUSDT"), "{err}");
    let mut chosen = case("tardis-book");
    chosen.request.only = vec!["BTCUSDT".into()];
    assert_eq!(chosen.read(book(&rows).as_bytes()).unwrap().1.ignored["symbols not chosen"], 1);
}

#[test]
fn a_row_that_cannot_be_used_names_line_column_and_reason() {
    let good = [BOOK.to_owned(), change("BTCUSDT", 0, true, "bid", "100", "1")];
    let good: Vec<&str> = good.iter().map(String::as_str).collect();
    let row = |price: &str, amount: &str| change("BTCUSDT", 0, true, "ask", price, amount);
    let cases = [
        (row("100.3", "1"), "E_OFF_GRID", "100.3"),
        (row("-1", "1"), "E_NEGATIVE_PRICE", "-1"),
        (row("101", "-7"), "E_NEGATIVE_SIZE", "-7"),
        (row("101", "7").replace("true", "yes"), "E_FIELD", "yes"),
        (row("101", "7").replace("ask", "buy"), "E_FIELD", "buy"),
        (row("101", "7").replace("1585699200000000", "1585699200"), "E_TIME", "1585699200,"),
        (change("BTCUSDT", -9, true, "ask", "101", "1"), "E_TIME_BACKWARDS", "1585699199999996"),
    ];
    for (row, code, at) in cases {
        case("tardis-book").refuses(&good, (3, &row), code, at);
    }
    let err = case("tardis-trades").read(b"exchange,symbol,timestamp,id\n").unwrap_err();
    assert!(err.to_string().contains("no column local_timestamp"), "{err}");
}

#[test]
fn hostile_files_end_in_records_or_an_error() {
    case("tardis-book").survives(&book(&[change("BTCUSDT", 0, true, "bid", "100", "1")]));
    case("tardis-trades").survives(
        "exchange,symbol,timestamp,local_timestamp,id,side,price,amount\n\
         binance,ETHUSDT,1583020803145000,1583020803307160,77,sell,8531.5,2\n",
    );
}
