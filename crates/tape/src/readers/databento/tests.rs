use std::ffi::c_char;
use std::io::Write;

use dbn::encode::dbn::Encoder;
use dbn::encode::{DbnEncodable, EncodeRecord};
use dbn::{rtype, BidAskPair, FlagSet, Metadata, RecordHeader, SType};
use proptest::prelude::*;
use tickwright_types::{flags, Tick, TickKind};

use super::*;
use crate::quiet;
use crate::readers::{ReadReport, Reader};

const NUMBER: u32 = 17_077;
const LAST: u8 = 128;
const TS: u64 = 1_703_545_200_000_000_000;

fn instrument(kind: &str, multiplier: &str) -> Instrument {
    let text = format!(
        r#"{{"id":"ESH4","venue":"cme","symbol":"{NUMBER}","kind":"{kind}","tick_size":"0.25","lot_size":"1",
            "multiplier":"{multiplier}","base":"ES","quote":"USD","settlement":"USD"}}"#
    );
    serde_json::from_str(&text).unwrap()
}

fn hd<T: dbn::HasRType<Header = RecordHeader>>(rtype: u8) -> RecordHeader {
    RecordHeader::new::<T>(rtype, 1, NUMBER, TS)
}

fn mbo(action: u8, side: u8, order_id: u64, price: i64, size: u32, flags: u8) -> MboMsg {
    MboMsg {
        order_id,
        price,
        size,
        flags: FlagSet::new(flags),
        action: action as c_char,
        side: side as c_char,
        ts_recv: TS + 100,
        sequence: 7,
        hd: hd::<MboMsg>(rtype::MBO),
        ..MboMsg::default()
    }
}

fn file<R: DbnEncodable>(records: &[R]) -> Vec<u8> {
    let metadata = Metadata::builder()
        .dataset("GLBX.MDP3")
        .schema(None)
        .start(TS)
        .stype_in(Some(SType::RawSymbol))
        .stype_out(SType::InstrumentId)
        .build();
    let mut encoder = Encoder::new(Vec::new(), &metadata).unwrap();
    for record in records {
        encoder.encode_record(record).unwrap();
    }
    encoder.get_ref().clone()
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = zstd::stream::write::Encoder::new(Vec::new(), 1).unwrap();
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn read_as(instrument: Instrument, bytes: Vec<u8>) -> Result<(Vec<Tick>, ReadReport), TapeError> {
    let request = ReadRequest::new(vec![Input::Bytes("in.dbn".into(), bytes)], vec![instrument]);
    let mut ticks = Vec::new();
    let mut take = |block: &[Tick]| {
        ticks.extend_from_slice(block);
        Ok(())
    };
    let report = Reader::by_name("databento")?.read(&request, &mut take, &mut quiet)?;
    Ok((ticks, report))
}

fn read_bytes(bytes: Vec<u8>) -> Result<(Vec<Tick>, ReadReport), TapeError> {
    read_as(instrument("future", "50"), bytes)
}

fn orders() -> Vec<MboMsg> {
    vec![
        mbo(b'R', b'N', 0, dbn::UNDEF_PRICE, 0, 8),
        mbo(b'A', b'B', 1, 4_810_000_000_000, 5, LAST),
        mbo(b'T', b'A', 9, 4_810_000_000_000, 2, 0),
        mbo(b'F', b'B', 1, 4_810_000_000_000, 2, 0),
        mbo(b'M', b'B', 1, 4_810_000_000_000, 3, LAST),
        mbo(b'C', b'B', 1, 4_810_000_000_000, 3, LAST | 4),
        mbo(b'N', b'N', 0, dbn::UNDEF_PRICE, 0, LAST),
    ]
}

#[test]
fn every_action_becomes_the_record_of_its_kind() {
    let (ticks, report) = read_bytes(zstd(&file(&orders()))).unwrap();
    let base = Tick { recv_ns: TS as i64 + 100, exch_ns: TS as i64, ..Tick::of(TickKind::BookClear) };
    let order = |kind: TickKind, size_lots, flags| Tick {
        kind: kind as u8,
        price_ticks: 19_240,
        size_lots,
        flags,
        id: 1,
        side: 0,
        ..base
    };
    let expected = [
        Tick { id: 7, ..base },
        order(TickKind::OrderAdd, 5, flags::LAST),
        Tick { id: 7, side: 1, ..order(TickKind::Trade, 2, 0) },
        order(TickKind::OrderExecute, 2, flags::REPORT),
        order(TickKind::OrderModify, 3, flags::LAST),
        order(TickKind::OrderCancel, 3, flags::LAST | flags::GAP),
    ];
    assert_eq!(ticks, expected);
    assert_eq!((report.rows, report.gaps, report.ignored["records without an effect"]), (7, 1, 1));
}

fn mbp1(action: u8, levels: BidAskPair, flags: u8) -> Mbp1Msg {
    Mbp1Msg {
        hd: hd::<Mbp1Msg>(rtype::MBP_1),
        price: 4_810_250_000_000,
        size: 3,
        action: action as c_char,
        side: b'B' as c_char,
        flags: FlagSet::new(flags),
        ts_recv: TS + 100,
        sequence: 7,
        levels: [levels],
        ..Mbp1Msg::default()
    }
}

#[test]
fn a_quote_is_two_records_and_a_trade_leaves_it_as_it_was() {
    let empty_ask =
        BidAskPair { bid_px: 4_810_000_000_000, bid_sz: 11, ask_px: dbn::UNDEF_PRICE, ..Default::default() };
    let (ticks, _) = read_bytes(file(&[mbp1(b'A', empty_ask.clone(), LAST), mbp1(b'T', empty_ask, 0)])).unwrap();
    let seen: Vec<_> = ticks.iter().map(|t| (t.kind().unwrap(), t.side, t.price_ticks, t.size_lots, t.flags)).collect();
    let expected = [
        (TickKind::Quote, 0, 19_240, 11, 0),
        (TickKind::Quote, 1, 0, 0, flags::LAST),
        (TickKind::Trade, 0, 19_241, 3, 0),
    ];
    assert_eq!(seen, expected);
}

#[test]
fn every_record_of_the_schema_trades_ends_a_message() {
    let trade = TradeMsg {
        hd: hd::<TradeMsg>(rtype::MBP_0),
        price: 4_810_250_000_000,
        size: 3,
        action: b'T' as c_char,
        side: b'N' as c_char,
        ts_recv: TS,
        ..TradeMsg::default()
    };
    let (ticks, _) = read_bytes(file(&[trade])).unwrap();
    assert_eq!((ticks[0].kind(), ticks[0].side(), ticks[0].flags), (Some(TickKind::Trade), None, flags::LAST));
}

fn bar(low: i64) -> OhlcvMsg {
    let [open, high, close] = [4_810_000_000_000, 4_811_000_000_000, 4_810_500_000_000];
    OhlcvMsg { hd: hd::<OhlcvMsg>(rtype::OHLCV_1M), open, high, low, close, volume: 1_234 }
}

#[test]
fn a_bar_is_four_records_at_its_close() {
    let (ticks, _) = read_bytes(file(&[bar(4_809_750_000_000)])).unwrap();
    let seen: Vec<_> = ticks.iter().map(|t| (t.kind().unwrap(), t.price_ticks, t.size_lots, t.flags)).collect();
    let expected = [
        (TickKind::BarOpen, 19_240, 0, 0),
        (TickKind::BarHigh, 19_244, 0, 0),
        (TickKind::BarLow, 19_239, 0, 0),
        (TickKind::BarClose, 19_242, 1_234, flags::LAST),
    ];
    assert_eq!(seen, expected);
    let minute_ns = 60_000_000_000;
    assert!(ticks
        .iter()
        .all(|t| t.recv_ns == TS as i64 + minute_ns && t.exch_ns == t.recv_ns && t.id == 60_000_000_000));
}

#[test]
fn a_bar_whose_prices_lie_outside_of_its_range_is_a_fault() {
    let err = read_bytes(file(&[bar(4_810_250_000_000)])).unwrap_err();
    assert_eq!((err.code(), err.line()), ("E_FIELD", Some(1)));
    assert!(err.to_string().contains("4810.250000000 to 4811.000000000"), "{err}");
}

fn definition(tick: i64, quantity: i64) -> InstrumentDefMsg {
    let mut definition = InstrumentDefMsg {
        hd: hd::<InstrumentDefMsg>(rtype::INSTRUMENT_DEF),
        min_price_increment: tick,
        unit_of_measure_qty: quantity,
        ..InstrumentDefMsg::default()
    };
    for (cell, byte) in definition.raw_symbol.iter_mut().zip(NUMBER.to_string().bytes()) {
        *cell = byte as c_char;
    }
    definition
}

#[test]
fn a_definition_is_held_against_the_instrument() {
    let good = file(&[definition(250_000_000, 50_000_000_000)]);
    let (ticks, report) = read_bytes(good.clone()).unwrap();
    assert_eq!((ticks.len(), report.ignored["definitions"]), (0, 1));
    let err = read_as(instrument("future", "20"), good.clone()).unwrap_err();
    assert!(err.to_string().contains("multiplier 50.000000000, 20 was given"), "{err}");
    read_as(instrument("equity", "1"), good).unwrap();
    let err = read_bytes(file(&[definition(10_000_000, 50_000_000_000)])).unwrap_err();
    assert!(err.to_string().contains("tick_size 0.010000000, 0.25 was given"), "{err}");
}

#[test]
fn a_number_without_an_instrument_is_named_in_the_error() {
    let mut strange = orders();
    strange[1].hd.instrument_id = 5;
    let err = read_bytes(file(&strange)).unwrap_err();
    assert_eq!(err.code(), "E_UNKNOWN_SYMBOL");
    assert!(err.to_string().contains(" 5:"), "{err}");
}

#[test]
fn what_cannot_be_is_a_fault_with_its_record_and_field() {
    let faults = [
        (mbo(b'A', b'B', 1, 4_810_100_000_000, 5, 0), "E_OFF_GRID", column::PRICE),
        (mbo(b'A', b'B', 1, dbn::UNDEF_PRICE, 5, 0), "E_FIELD", column::PRICE),
        (mbo(b'A', b'N', 1, 4_810_000_000_000, 5, 0), "E_EVENT", column::SIDE),
        (mbo(b'A', b'X', 1, 4_810_000_000_000, 5, 0), "E_EVENT", column::SIDE),
        (mbo(b'X', b'B', 1, 4_810_000_000_000, 5, 0), "E_EVENT", column::ACTION),
        (MboMsg { ts_recv: u64::MAX, ..orders().remove(1) }, "E_TIME", column::TS_RECV),
        (MboMsg { ts_recv: TS, ..orders().remove(1) }, "E_TIME_BACKWARDS", column::TS_RECV),
    ];
    for (bad, code, field) in faults {
        let err = read_bytes(file(&[orders().remove(1), bad])).unwrap_err();
        assert_eq!((err.code(), err.line(), err.column()), (code, Some(2), Some(field)));
    }
}

#[test]
fn a_file_cut_at_any_byte_is_an_error_that_says_so() {
    let whole = file(&orders());
    let border = whole.len() - 7 * 56;
    for cut in 1..whole.len() {
        let read = read_bytes(whole[..cut].to_vec());
        if cut > border && (cut - border).is_multiple_of(56) {
            assert_eq!(read.unwrap().1.rows as usize, (cut - border) / 56);
        } else {
            let code = read.unwrap_err().code();
            assert!(code == "E_DBN" || (cut == border && code == "E_EMPTY_INPUT"), "cut at {cut}: {code}");
        }
    }
    let packed = zstd(&whole);
    for cut in 4..packed.len() {
        assert_eq!(read_bytes(packed[..cut].to_vec()).unwrap_err().code(), "E_DBN", "cut at {cut}");
    }
    assert_eq!(read_bytes(Vec::new()).unwrap_err().code(), "E_EMPTY_INPUT");
}

#[test]
fn a_version_or_length_that_is_not_read_is_refused_before_memory_is_taken() {
    let mut other = file(&orders());
    other[3] = 9;
    assert!(read_bytes(other.clone()).unwrap_err().to_string().contains("version 9, 1 to 3 are read"));
    other[3] = 3;
    other[4..8].copy_from_slice(&u32::MAX.to_le_bytes());
    assert!(read_bytes(other).unwrap_err().to_string().contains("4294967295 bytes"));
}

#[test]
fn a_record_of_any_type_and_length_is_read_or_refused_in_every_version() {
    let whole = file(&orders());
    let border = whole.len() - 56 * orders().len();
    for version in 1..=3 {
        for rtype in 0..=u8::MAX {
            for words in 0..=u8::MAX {
                let mut bytes = whole[..border].to_vec();
                bytes[3] = version;
                bytes.extend([words, rtype]);
                bytes.resize(border + usize::from(words).max(1) * 4, 0);
                match read_bytes(bytes) {
                    Ok((ticks, report)) => assert!(ticks.len() <= 4 && report.rows == 1, "{version} {rtype} {words}"),
                    Err(err) => assert!(!err.to_string().is_empty(), "{version} {rtype} {words}"),
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn no_damage_panics(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)) {
        let mut bytes = file(&orders());
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let most = bytes.len() / 56;
        if let Ok((ticks, _)) = read_bytes(bytes) {
            prop_assert!(ticks.len() <= 4 * most);
        }
    }
}
