use tickwright_types::{Tick, TickKind, NO_SIDE};

use crate::readers::{Input, ReadReport, ReadRequest, Reader};
use crate::{quiet, TapeError, NO_EXCH_TIME};

const CSV: &str = "id,timestamp,exchange.timestamp,price,volume,action,direction\n\
    7,1430438404518,1430438404000,236.47,200000000,created,bid\n\
    7,1430438404635,1430438404000,236.47,178855669,changed,bid\n\
    7,1430438404640,1430438404000,236.47,0,deleted,bid\n\
    8,1430438404700,1430438404000,236.5,5,created,ask\n\
    8,1430438404800,1430438404000,236.5,3,deleted,ask\n\
    5,1430438404900,1430438300000,236.5,4,deleted,ask\n";

const LOG: &str = r#"1430438404518 order_created {"price": "236.47", "amount": "2.00000000", "datetime": "1430438404", "id": 7, "order_type": 0}
1430438404635 order_changed {"price": "236.47", "amount": "1.78855669", "datetime": "1430438404", "id": 7, "order_type": 0}
1430438404640 order_deleted {"price": "236.47", "amount": "0.00000000", "datetime": "1430438404", "id": 7, "order_type": 0}
1430438404645 trade {"price": 236.61000000000001, "amount": 1.7885566900000001, "id": 8111042}
1430438404646 order_book {"bids": [], "asks": []}
"#;

fn read(reader: &str, text: &str) -> Result<(Vec<Tick>, ReadReport), TapeError> {
    let instrument = serde_json::from_str(
        r#"{"id":"BTCUSD","venue":"bitstamp","symbol":"BTCUSD","kind":"spot","tick_size":"0.01",
            "lot_size":"0.00000001","base":"BTC","quote":"USD","settlement":"USD"}"#,
    );
    let input = Input::Bytes("in".into(), text.as_bytes().into());
    let mut ticks = Vec::new();
    let mut take = |block: &[Tick]| {
        ticks.extend_from_slice(block);
        Ok(())
    };
    let request = ReadRequest::new(vec![input], vec![instrument.unwrap()]);
    let report = Reader::by_name(reader)?.read(&request, &mut take, &mut quiet)?;
    Ok((ticks, report))
}

fn told(ticks: &[Tick]) -> Vec<(TickKind, u64, u8, i64, i64, bool)> {
    let of = |t: &Tick| (t.kind().unwrap(), t.id, t.side, t.price_ticks, t.size_lots, t.is_last());
    ticks.iter().map(of).collect()
}

#[test]
fn an_order_becomes_smaller_by_trading_and_what_a_deletion_leaves_is_cancelled() {
    let (ticks, _) = read("bitstamp-orders", CSV).unwrap();
    let expected = [
        (TickKind::OrderAdd, 7, 0, 23_647, 200_000_000, true),
        (TickKind::OrderExecute, 7, 0, 23_647, 21_144_331, true),
        (TickKind::OrderExecute, 7, 0, 23_647, 178_855_669, true),
        (TickKind::OrderAdd, 8, 1, 23_650, 5, true),
        (TickKind::OrderExecute, 8, 1, 23_650, 2, false),
        (TickKind::OrderCancel, 8, 1, 23_650, 3, true),
        (TickKind::OrderCancel, 5, 1, 23_650, 4, true),
    ];
    assert_eq!(told(&ticks), expected);
    assert_eq!((ticks[0].recv_ns, ticks[0].exch_ns), (1_430_438_404_518_000_000, 1_430_438_404_000_000_000));
    assert!(ticks[1..3].iter().all(|tick| tick.exch_ns == NO_EXCH_TIME), "the creation's time is not the event's");
}

#[test]
fn the_log_has_the_same_orders_and_trades_beside_them() {
    let (ticks, report) = read("bitstamp-log", LOG).unwrap();
    assert_eq!(ticks[..3], read("bitstamp-orders", CSV).unwrap().0[..3]);
    assert_eq!(told(&ticks[3..]), [(TickKind::Trade, 8_111_042, NO_SIDE, 23_661, 178_855_669, true)]);
    assert_eq!((report.rows, report.ignored["order_book"]), (5, 1));
}

#[test]
fn what_cannot_be_is_a_fault_with_its_line_and_column() {
    for (row, code, column) in [
        ("7,1,1430438404000,236.47,5,created,bid", "E_TIME", 3),
        ("7,1430438404518,1430438404000,236.475,5,created,bid", "E_OFF_GRID", 31),
        ("7,1430438404518,1430438404000,236.47,-5,created,bid", "E_FIELD", 38),
        ("7,1430438404518,1430438404000,236.47,5,made,bid", "E_FIELD", 40),
        ("7,1430438404518,1430438404000,236.47,5,created,both", "E_FIELD", 48),
        ("7,1430438404518,1430438404000,236.47,5,created", "E_FIELD", 47),
        ("7,1430438300000,1430438404000,236.47,5,created,bid", "E_TIME_BACKWARDS", 3),
    ] {
        let lines: Vec<&str> = CSV.lines().take(2).chain([row]).collect();
        let err = read("bitstamp-orders", &lines.join("\n")).unwrap_err();
        assert_eq!((err.code(), err.line(), err.column()), (code, Some(3), Some(column)), "{row}");
    }
    for (line, code, column) in [
        ("1430438404518", "E_FIELD", 1),
        ("1430438404518 trade", "E_FIELD", 15),
        ("x trade {}", "E_TIME", 1),
        ("1430438404518 trade {\"price\": 1}", "E_JSON", 32),
        ("1430438404518 trade {\"price\": 1, \"amount\": -1, \"id\": 1}", "E_NEGATIVE_SIZE", 21),
    ] {
        let err = read("bitstamp-log", line).unwrap_err();
        assert_eq!((err.code(), err.line(), err.column()), (code, Some(1), Some(column)), "{line}");
    }
    assert_eq!(read("bitstamp-orders", "a,b\n").unwrap_err().code(), "E_FIELD");
    assert_eq!(read("bitstamp-log", "").unwrap_err().code(), "E_EMPTY_INPUT");
}
