use std::collections::BTreeMap;
use std::io::{Cursor, Write};

use serde_json::Value;
use tickwright_tape::Input;
use tickwright_types::{Tick, TickKind};

use super::{files, instrument, options, read, recording, steps, text_of};

const MS: i64 = 1_000_000;
const BTCUSDT: &str = "binance-aggtrades/BTCUSDT_2020-11-01T09_aggTrades.json.gz";

fn ms() -> tickwright_tape::ReadOptions {
    options(|o| o.time_unit = Some("ms".into()))
}

/// Id, time in ms, price in cents, size in 1e-6, whether the aggressor sold: from the JSON as it stands.
fn by_hand(text: &str, price_decimals: usize) -> Vec<(u64, i64, i64, i64, bool)> {
    let trades: Vec<Value> = serde_json::from_str(text).unwrap();
    trades
        .iter()
        .map(|t| {
            let price = steps(t["p"].as_str().unwrap(), price_decimals);
            let size = steps(t["q"].as_str().unwrap(), 8);
            (t["a"].as_u64().unwrap(), t["T"].as_i64().unwrap(), price, size, t["m"].as_bool().unwrap())
        })
        .collect()
}

fn as_read(ticks: &[Tick]) -> Vec<(u64, i64, i64, i64, bool)> {
    assert!(ticks.iter().all(|t| t.kind() == Some(TickKind::Trade) && t.is_last() && t.recv_ns == t.exch_ns));
    ticks.iter().map(|t| (t.id, t.recv_ns / MS, t.price_ticks, t.size_lots, t.side == 1)).collect()
}

#[test]
fn every_aggregate_trade_of_an_hour_is_read_exactly() {
    let Some(path) = recording(BTCUSDT) else { return };
    let btc = instrument("BTCUSDT", "spot", "0.01", "0.00000001");
    let (ticks, report) = read("binance-aggtrades", files(std::slice::from_ref(&path)), btc, ms()).unwrap();
    assert_eq!((ticks.len(), report.gaps, report.off_lot, report.rows), (18_054, 0, 0, 18_054));
    assert_eq!((ticks[0].recv_ns / MS, ticks[18_053].recv_ns / MS), (1_604_221_200_090, 1_604_224_799_976));
    assert_eq!((ticks[0].id, ticks[18_053].id), (408_202_367, 408_220_420));
    assert!(as_read(&ticks) == by_hand(&text_of(&path), 2));

    let Some(path) = recording("binance-ethbtc-l2/ETHBTC_2020-11-01T09_trades.json.gz") else { return };
    let eth = instrument("ETHBTC", "spot", "0.000001", "0.00000001");
    let (ticks, report) = read("binance-aggtrades", files(std::slice::from_ref(&path)), eth, ms()).unwrap();
    assert_eq!((ticks.len(), report.gaps), (1_736, 0));
    assert!(as_read(&ticks) == by_hand(&text_of(&path), 6));
}

/// The same trades as the venue publishes them: with the columns of its spot files or of its futures files.
fn published(trades: &[Value], futures: bool, micros: bool) -> String {
    let header = "agg_trade_id,price,quantity,first_trade_id,last_trade_id,transact_time,is_buyer_maker\n";
    let mut text = if futures { header.to_owned() } else { String::new() };
    for t in trades {
        let field = |name: &str| t[name].as_str().map_or_else(|| t[name].to_string(), str::to_owned);
        let time = format!("{}{}", field("T"), if micros { "000" } else { "" });
        let maker = if futures { field("m") } else { field("m").replace('t', "T").replace('f', "F") };
        let columns = [field("a"), field("p"), field("q"), field("f"), field("l"), time, maker];
        text.push_str(&columns.join(","));
        text.push_str(if futures { "\n" } else { ",True\r\n" });
    }
    text
}

#[test]
fn published_files_of_spot_and_futures_in_ms_and_us_hold_the_same_trades_as_the_json() {
    let Some(path) = recording(BTCUSDT) else { return };
    let btc = || instrument("BTCUSDT", "spot", "0.01", "0.00000001");
    let (expected, _) = read("binance-aggtrades", files(std::slice::from_ref(&path)), btc(), ms()).unwrap();
    let trades: Vec<Value> = serde_json::from_str(&text_of(&path)).unwrap();
    for (futures, micros) in [(false, false), (false, true), (true, false), (true, true)] {
        let csv = published(&trades, futures, micros);
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        zip.start_file("BTCUSDT-aggTrades-2020-11-01.csv", zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(csv.as_bytes()).unwrap();
        let zip = zip.finish().unwrap().into_inner();
        let unit = options(|o| o.time_unit = Some(if micros { "us" } else { "ms" }.into()));
        for bytes in [csv.into_bytes(), zip] {
            let input = Input::Bytes("BTCUSDT-aggTrades-2020-11-01".into(), bytes);
            let (ticks, report) = read("binance-aggtrades", vec![input.clone()], btc(), unit.clone()).unwrap();
            assert!(ticks == expected, "futures {futures}, micros {micros}");
            assert_eq!(report.gaps, 0);
            let other = options(|o| o.time_unit = Some(if micros { "ms" } else { "us" }.into()));
            let err = read("binance-aggtrades", vec![input], btc(), other).unwrap_err();
            assert!(err.to_string().contains("is --time-unit right?"), "{err}");
        }
    }
}

/// Price and size of each level of a REST snapshot, bids then asks.
fn levels(snapshot: &Value) -> [BTreeMap<i64, i64>; 2] {
    ["bids", "asks"].map(|side| {
        let level = |l: &Value| (steps(l[0].as_str().unwrap(), 6), steps(l[1].as_str().unwrap(), 3));
        snapshot[side].as_array().unwrap().iter().map(level).collect()
    })
}

#[test]
fn an_hour_of_updates_on_a_snapshot_gives_the_next_snapshot_where_it_can_be_known() {
    let name = |part: &str| format!("binance-ethbtc-l2/ETHBTC_2020-11-01T{part}.json.gz");
    let Some(snapshot) = recording(&name("09_snapshot")) else { return };
    let (updates, next) = (recording(&name("09_update")).unwrap(), recording(&name("10_update_first3")).unwrap());
    let next: Vec<Value> = serde_json::from_str(&text_of(&next)).unwrap();
    let first = Input::Bytes("first".into(), serde_json::to_vec(&next[..1]).unwrap());
    let eth = instrument("ETHBTC", "spot", "0.000001", "0.001");
    let mut inputs = files(&[snapshot, updates]);
    inputs.push(first);
    let (ticks, report) = read("binance-rest", inputs, eth, options(|_| ())).unwrap();
    assert_eq!((report.snapshots, report.gaps, report.off_lot, report.rows), (1, 0, 0, 3_602));

    let mut book = [BTreeMap::new(), BTreeMap::new()];
    for t in ticks.iter().filter(|t| matches!(t.kind(), Some(TickKind::BookDelta | TickKind::SnapshotLevel))) {
        let side: &mut BTreeMap<i64, i64> = &mut book[usize::from(t.side)];
        if t.size_lots == 0 {
            side.remove(&t.price_ticks);
        } else {
            side.insert(t.price_ticks, t.size_lots);
        }
    }
    let published: Value = serde_json::from_str(&text_of(&recording(&name("10_snapshot")).unwrap())).unwrap();
    // (a) prices in the message that straddles the snapshot; (b) asks beyond the 1 000 levels of the first snapshot.
    let straddling = &next[1];
    assert!(straddling["U"].as_u64() <= published["lastUpdateId"].as_u64());
    let touched = ["b", "a"].map(|side| -> Vec<i64> {
        straddling[side].as_array().unwrap().iter().map(|l| steps(l[0].as_str().unwrap(), 6)).collect()
    });
    let [mut checked, mut equal, mut excused] = [0, 0, 0];
    for (side, theirs) in levels(&published).iter().enumerate() {
        let edge = if side == 0 { *theirs.keys().next().unwrap() } else { *theirs.keys().next_back().unwrap() };
        let within = |price: &&i64| if side == 0 { **price >= edge } else { **price <= edge };
        let mut prices: Vec<i64> = book[side].keys().filter(within).chain(theirs.keys()).copied().collect();
        prices.sort_unstable();
        prices.dedup();
        for price in prices {
            checked += 1;
            if book[side].get(&price) == theirs.get(&price) {
                equal += 1;
            } else {
                assert!(touched[side].contains(&price) || (side == 1 && price > 29_471), "side {side}, price {price}");
                excused += 1;
            }
        }
    }
    assert_eq!((checked, equal, excused), (2_001, 1_975, 26));
}
