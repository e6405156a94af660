use tickwright_types::{flags, Tick, TickKind, NO_SIDE};

use crate::quiet;
use crate::readers::{Input, ReadOptions, ReadReport, ReadRequest, Reader};
use crate::TapeError;

const MESSAGES: &str = "34200.01746,5,0,1,2238200,-1\n\
    34200.18961,1,11885113,21,2238100,1\n\
    34200.18962,4,900,100,2239500,-1\n\
    34200.2,2,11885113,1,2238100,1\n\
    34200.3,7,0,0,-1,-1\n\
    34200.3,6,-1,500,2238200,1\n";
const BOOKS: &str = "2239500,100,2231800,100\n\
    2239500,100,2238100,21\n\
    2239600,300,2238100,21\n\
    2239600,300,2238100,20\n\
    2239600,300,2238100,20\n\
    2239600,300,2238100,20\n";

/// 09:30 in New York on that day.
const OPEN_NS: i64 = 1_340_285_400_000_000_000;

fn request(texts: &[&str]) -> ReadRequest {
    let instrument = serde_json::from_str(
        r#"{"id":"AMZN","venue":"nasdaq","symbol":"AMZN","kind":"equity","tick_size":"0.01","lot_size":"1",
            "base":"AMZN","quote":"USD","settlement":"USD"}"#,
    );
    let inputs =
        texts.iter().enumerate().map(|(n, text)| Input::Bytes(format!("{n}.csv").into(), text.as_bytes().into()));
    let options =
        ReadOptions { date: Some("2012-06-21".into()), tz: Some("America/New_York".into()), ..ReadOptions::default() };
    ReadRequest { options, ..ReadRequest::new(inputs.collect(), vec![instrument.unwrap()]) }
}

fn read(request: &ReadRequest) -> Result<(Vec<Tick>, ReadReport), TapeError> {
    let mut ticks = Vec::new();
    let mut take = |block: &[Tick]| {
        ticks.extend_from_slice(block);
        Ok(())
    };
    let report = Reader::by_name("lobster")?.read(request, &mut take, &mut quiet)?;
    Ok((ticks, report))
}

fn told(ticks: &[Tick]) -> Vec<(TickKind, u8, i64, i64)> {
    ticks.iter().map(|t| (t.kind().unwrap(), t.side, t.price_ticks, t.size_lots)).collect()
}

#[test]
fn an_execution_is_a_trade_of_the_other_side_and_an_event_of_the_order() {
    let (ticks, report) = read(&request(&[MESSAGES])).unwrap();
    let expected = [
        (TickKind::Trade, 0, 22_382, 1),
        (TickKind::OrderAdd, 0, 22_381, 21),
        (TickKind::Trade, 0, 22_395, 100),
        (TickKind::OrderExecute, 1, 22_395, 100),
        (TickKind::OrderCancel, 0, 22_381, 1),
        (TickKind::Trade, NO_SIDE, 22_382, 500),
    ];
    assert_eq!(told(&ticks), expected);
    assert_eq!((ticks[0].recv_ns, ticks[0].exch_ns), (OPEN_NS + 17_460_000, OPEN_NS + 17_460_000));
    let ends: Vec<bool> = ticks.iter().map(Tick::is_last).collect();
    assert_eq!(ends, [true, true, false, true, true, true]);
    assert_eq!((report.rows, report.ignored["halts"]), (6, 1));
}

#[test]
fn with_the_books_unknown_orders_are_seeded_and_what_scrolls_away_is_taken_out() {
    let (ticks, report) = read(&request(&[BOOKS, MESSAGES])).unwrap();
    let messages: Vec<_> = ticks.split_inclusive(Tick::is_last).map(told).collect();
    let quote =
        |bid: (i64, i64), ask: (i64, i64)| [(TickKind::Quote, 0, bid.0, bid.1), (TickKind::Quote, 1, ask.0, ask.1)];
    let first = [
        (TickKind::Trade, 0, 22_382, 1),
        (TickKind::BookClear, NO_SIDE, 0, 0),
        (TickKind::OrderAdd, 0, 22_318, 100),
        (TickKind::OrderAdd, 1, 22_395, 100),
    ];
    assert_eq!(messages[0], [&first[..], &quote((22_318, 100), (22_395, 100))].concat());
    let second = [(TickKind::OrderAdd, 0, 22_381, 21), (TickKind::OrderCancel, 0, 22_318, 100)];
    assert_eq!(messages[1], [&second[..], &quote((22_381, 21), (22_395, 100))].concat());
    let third = [
        (TickKind::Trade, 0, 22_395, 100),
        (TickKind::OrderExecute, 1, 22_395, 100),
        (TickKind::OrderAdd, 1, 22_396, 300),
    ];
    assert_eq!(messages[2], [&third[..], &quote((22_381, 21), (22_396, 300))].concat());
    assert_eq!((messages.len(), report.gaps, report.snapshots), (6, 0, 1));
}

#[test]
fn headers_and_the_order_of_the_files_change_nothing() {
    let headed = [
        format!("Time,Type,OrderId,Size,Price,Direction\n{MESSAGES}"),
        format!("BestAsk,BestAskVolume,BestBid,BestBidVolume\n{}", BOOKS.trim_end()),
    ];
    let plain = read(&request(&[BOOKS, MESSAGES])).unwrap().0;
    assert_eq!(read(&request(&[&headed[0], &headed[1]])).unwrap().0, plain);
}

#[test]
fn rows_that_do_not_follow_from_their_message_are_a_gap_and_the_book_begins_again() {
    let books = BOOKS.replace("2239600,300,2238100,20", "2239600,300,2238100,19");
    let (ticks, report) = read(&request(&[MESSAGES, &books])).unwrap();
    assert_eq!(report.gaps, 1);
    let again = ticks.iter().position(|tick| tick.flags & flags::GAP != 0).unwrap();
    assert_eq!(
        told(&ticks[again..again + 2]),
        [(TickKind::BookClear, NO_SIDE, 0, 0), (TickKind::OrderAdd, 0, 22_381, 19)]
    );
}

#[test]
fn a_bad_message_that_is_left_out_is_a_gap_and_the_files_keep_step() {
    let messages = MESSAGES.replace("34200.18962,4", "34200.18962,9");
    let mut request = request(&[&messages, BOOKS]);
    let err = read(&request).unwrap_err();
    assert_eq!((err.code(), err.line(), err.column()), ("E_EVENT", Some(3), Some(13)));
    request.skip_bad = 1;
    let (ticks, report) = read(&request).unwrap();
    assert_eq!((report.gaps, report.bad_rows.len()), (1, 1));
    let last: Vec<_> = ticks[ticks.len() - 2..].iter().map(|tick| tick.price_ticks).collect();
    assert_eq!(last, [22_381, 22_396]);
}

#[test]
fn files_that_do_not_belong_together_are_refused() {
    let shorter = &BOOKS[..BOOKS.len() - 48];
    let err = read(&request(&[MESSAGES, shorter])).unwrap_err();
    assert!(err.to_string().contains("the file of books ends before the messages do"), "{err}");
    let err = read(&request(&[MESSAGES, &format!("{BOOKS}{BOOKS}")])).unwrap_err();
    assert_eq!((err.code(), err.line()), ("E_FIELD", Some(7)));
    assert_eq!(read(&request(&[BOOKS])).unwrap_err().code(), "E_OPTION");
    assert_eq!(read(&request(&[MESSAGES, MESSAGES])).unwrap_err().code(), "E_OPTION");
    assert_eq!(read(&request(&["1,2,3\n"])).unwrap_err().code(), "E_FIELD");
    assert_eq!(read(&request(&[""])).unwrap_err().code(), "E_EMPTY_INPUT");
}

#[test]
fn what_cannot_be_is_a_fault_with_its_line_and_column() {
    for (row, code, column) in [
        ("x,1,1,1,2238200,1", "E_TIME", 1),
        ("86400,1,1,1,2238200,1", "E_TIME", 1),
        ("34200,1,1,0,2238200,1", "E_FIELD", 11),
        ("34200,1,1,1,2238250,1", "E_OFF_GRID", 13),
        ("34200,1,1,1,2238200,0", "E_FIELD", 21),
        ("34200,1,x,1,2238200,1", "E_FIELD", 9),
        ("34200,1,1,1,2238200", "E_FIELD", 20),
        ("34199,1,1,1,2238200,1", "E_TIME_BACKWARDS", 1),
    ] {
        let err = read(&request(&[&format!("34200,1,9,1,2238200,1\n{row}\n")])).unwrap_err();
        assert_eq!((err.code(), err.line(), err.column()), (code, Some(2), Some(column)), "{row}");
    }
    let err = read(&request(&[MESSAGES, &BOOKS.replace("2239600,300", "2239600,0")])).unwrap_err();
    assert_eq!(
        (err.code(), err.line(), err.column(), err.file().unwrap().to_str()),
        ("E_FIELD", Some(3), Some(9), Some("1.csv"))
    );
}
