use crate::readers::capture::kit::{shown, Sample};

pub(in crate::readers::capture) const DERIBIT: Sample = Sample {
    reader: "deribit-ws",
    grid: &[("BTC-24SEP21-8000-P", "0.0005", "0.1")],
    lines: &[
        r#"1.1: {"jsonrpc":"2.0","id":0,"result":["book.BTC-24SEP21-8000-P.raw"]}"#,
        r#"1.2: {"jsonrpc":"2.0","method":"subscription","params":{"channel":"book.BTC-24SEP21-8000-P.raw","data":{"type":"snapshot","timestamp":1626993723632,"instrument_name":"BTC-24SEP21-8000-P","change_id":100,"bids":[["new",0.001,2.6]],"asks":[["new",0.0025,8.0]]}}}"#,
        r#"1.3: {"jsonrpc":"2.0","method":"subscription","params":{"channel":"book.BTC-24SEP21-8000-P.raw","data":{"type":"change","timestamp":1626993724318,"prev_change_id":100,"instrument_name":"BTC-24SEP21-8000-P","change_id":104,"bids":[["change",0.001,3.6]],"asks":[["new",0.002,1.0],["delete",0.0025,0.0]]}}}"#,
        r#"1.4: {"jsonrpc":"2.0","method":"subscription","params":{"channel":"trades.BTC-24SEP21-8000-P.raw","data":[{"trade_seq":30289442,"trade_id":"48079269","timestamp":1590484512188,"price":0.001,"instrument_name":"BTC-24SEP21-8000-P","direction":"sell","amount":1.0}]}}"#,
        r#"1.5: {"jsonrpc":"2.0","method":"subscription","params":{"channel":"ticker.BTC-24SEP21-8000-P.raw","data":{"best_bid_price":0.001}}}"#,
    ],
};

#[test]
fn books_and_trades_become_records_with_deletes_first() {
    let (ticks, report) = DERIBIT.read();
    assert_eq!(
        shown(&ticks),
        [
            "snapshot_begin 2 0 0 0",
            "snapshot_level 0 2 26 0",
            "snapshot_level 1 5 80 0",
            "snapshot_end 2 0 0 1",
            "book_delta 1 5 0 0",
            "book_delta 0 2 36 0",
            "book_delta 1 4 10 1",
            "trade 1 2 10 1",
        ]
    );
    assert_eq!((ticks[6].id, ticks[7].id, ticks[6].exch_ns), (104, 30_289_442, 1_626_993_724_318_000_000));
    assert_eq!((report.gaps, report.ignored["ticker"]), (0, 1));
}

#[test]
fn a_change_that_names_another_change_before_it_is_a_gap() {
    let next = DERIBIT.lines[2].replace("1.3:", "2.0:").replace(r#""change_id":104"#, r#""change_id":109"#);
    let (ticks, report) =
        DERIBIT.read_with(&next.replace(r#""prev_change_id":100"#, r#""prev_change_id":104"#)).unwrap();
    assert_eq!((report.gaps, ticks[8].flags), (0, 0));
    let (ticks, report) = DERIBIT.read_with(&next).unwrap();
    assert_eq!((report.gaps, ticks[8].flags), (1, 2));
}
