//! Recordings by order against what independent replays of them found. None may ship: they are read from the folder in
//! `TICKWRIGHT_TEST_DATA`.

use std::collections::BTreeMap;
use std::io::{stderr, Read, Write};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;
use tickwright_book::{L3Book, OrderCounts};
use tickwright_tape::{quiet, verify_source, Input, MemorySource, ReadOptions, ReadReport, ReadRequest, Reader};
use tickwright_types::{flags, Instrument, Tick, TickKind, NO_SIDE};

/// A file of the folder, or `None`, said aloud, if there is no such folder.
fn other(name: &str) -> Option<PathBuf> {
    let Ok(folder) = std::env::var("TICKWRIGHT_TEST_DATA") else {
        // Not `println!`, which the test harness swallows when a test passes.
        let said = writeln!(stderr(), "SKIPPED: {name:?} does not ship and TICKWRIGHT_TEST_DATA is not set");
        said.expect("standard error takes a line");
        return None;
    };
    Some(Path::new(&folder).join(name))
}

fn unpacked(path: &Path) -> String {
    let mut text = String::new();
    MultiGzDecoder::new(std::fs::File::open(path).unwrap()).read_to_string(&mut text).unwrap();
    text
}

fn instrument(symbol: &str, kind: &str, tick_size: &str, lot_size: &str, multiplier: &str) -> Instrument {
    let text = format!(
        r#"{{"id":"{symbol}","venue":"v","symbol":"{symbol}","kind":"{kind}","tick_size":"{tick_size}",
            "lot_size":"{lot_size}","multiplier":"{multiplier}","base":"B","quote":"USD","settlement":"USD"}}"#
    );
    serde_json::from_str(&text).unwrap()
}

struct Recording {
    ticks: Vec<Tick>,
    report: ReadReport,
    instruments: Vec<Instrument>,
}

fn read(from: &str, files: Vec<PathBuf>, instruments: Vec<Instrument>, options: ReadOptions) -> Recording {
    let inputs = files.into_iter().map(Input::File).collect();
    let request = ReadRequest { options, ..ReadRequest::new(inputs, instruments.clone()) };
    let mut ticks = Vec::new();
    let mut take = |block: &[Tick]| {
        ticks.extend_from_slice(block);
        Ok(())
    };
    let report = Reader::by_name(from).unwrap().read(&request, &mut take, &mut quiet).unwrap();
    assert_eq!(report.ticks, ticks.len() as u64);
    Recording { ticks, report, instruments }
}

mod cme {
    use super::*;

    fn esh4() -> Vec<Instrument> {
        vec![instrument("ESH4", "future", "0.25", "1", "50")]
    }

    fn day() -> Option<Recording> {
        let file = other("cme-es-mbo/esh4-glbx-mdp3-20231225.mbo.dbn.zst")?;
        Some(read("databento", vec![file], esh4(), ReadOptions::default()))
    }

    #[test]
    fn a_day_of_orders_has_no_unknown_order_and_ends_in_the_known_book() {
        let Some(Recording { ticks, .. }) = day() else { return };
        let mut book = L3Book::default();
        let (mut changes, mut ends) = (0, 0);
        let mut crossed = Vec::new();
        for tick in &ticks {
            book.apply(tick).unwrap();
            changes += u32::from(matches!(tick.kind(), Some(TickKind::OrderCancel | TickKind::OrderModify)));
            if tick.is_last() {
                ends += 1;
                if book.best_price(0) >= book.best_price(1) {
                    crossed.push(tick.exch_ns);
                }
            }
        }
        assert_eq!((changes, ends, book.counts()), (30_232, 47_022, OrderCounts::default()));
        // 25 December 2023, 22:39:55.2168 to 22:59:59.9997 UTC: the pre-open, when a crossed book is legal.
        assert_eq!(crossed.len(), 891);
        let pre_open_ns = 1_703_543_995_216_000_000..1_703_545_199_999_800_000i64;
        assert!(crossed.iter().all(|ns| pre_open_ns.contains(ns)), "{:?} {:?}", crossed.first(), crossed.last());
        assert_eq!(book.order_count(), 11_217);
        assert_eq!([0, 1].map(|side| book.level_count(side)), [922, 565]);
        assert_eq!([0, 1].map(|side| book.best_price(side)), [4_810 * 4, 4_810 * 4 + 1]);
    }

    #[test]
    fn a_day_of_orders_has_the_known_traded_sizes() {
        let Some(Recording { ticks, report, .. }) = day() else { return };
        let lots = |kind: TickKind| ticks.iter().filter(|t| t.kind() == Some(kind)).map(|t| t.size_lots).sum::<i64>();
        assert_eq!((lots(TickKind::Trade), lots(TickKind::OrderExecute)), (9_892, 10_201));
        assert_eq!((report.rows, report.ticks, report.gaps), (68_792, 68_792, 0));
    }

    #[test]
    fn verify_counts_the_same_crossed_books_and_no_unknown_order() {
        let Some(day) = day() else { return };
        let found = verify_source(MemorySource::new(day.ticks, day.instruments), &mut quiet).unwrap();
        assert_eq!((found.messages, found.crossed.count + found.locked.count), (47_022, 891));
        assert_eq!((found.unknown_orders.count, found.faults.len()), (0, 0));
    }

    #[test]
    fn the_records_equal_the_published_twin_one_by_one() {
        let Some(Recording { ticks, .. }) = day() else { return };
        let twin = unpacked(&other("cme-es-mbo/esh4_20231225_mbo.csv.gz").unwrap());
        let rows: Vec<&str> = twin.lines().skip(1).collect();
        assert_eq!(rows.len(), 68_792);
        let instrument = ticks[0].instrument;
        for (tick, row) in ticks.iter().zip(rows) {
            let fields: Vec<&str> = row.split(',').collect();
            let [ts_recv, ts_event, sequence, action, side, order_id, price, size, bits, ..] = fields[..] else {
                panic!("{row}")
            };
            let bits: u8 = bits.parse().unwrap();
            let is_trade = action == "T";
            let kind = match action {
                "A" => TickKind::OrderAdd,
                "C" => TickKind::OrderCancel,
                "M" => TickKind::OrderModify,
                "F" => TickKind::OrderExecute,
                "T" => TickKind::Trade,
                other => panic!("{other}"),
            };
            let expected = Tick {
                recv_ns: ts_recv.parse().unwrap(),
                exch_ns: ts_event.parse().unwrap(),
                price_ticks: (price.parse::<f64>().unwrap() * 4.0) as i64,
                size_lots: size.parse().unwrap(),
                id: if is_trade { sequence } else { order_id }.parse().unwrap(),
                side: match side {
                    "B" => 0,
                    "A" => 1,
                    _ => NO_SIDE,
                },
                flags: u8::from(bits & 128 != 0) * flags::LAST + u8::from(action == "F") * flags::REPORT,
                instrument,
                ..Tick::of(kind)
            };
            assert_eq!(*tick, expected, "{row}");
        }
    }

    #[test]
    fn the_morning_snapshot_is_a_book_of_its_orders() {
        let Some(file) = other("cme-es-mbo/esh4-glbx-mdp3-20231224.mbo.dbn.zst") else { return };
        let Recording { ticks, .. } = read("databento", vec![file], esh4(), ReadOptions::default());
        let mut book = L3Book::default();
        ticks.iter().for_each(|tick| {
            book.apply(tick).unwrap();
        });
        assert_eq!((ticks.len(), book.order_count()), (8_725, 8_725));
    }

    fn futures(name: &str) -> Option<Recording> {
        let file = other("cme-es-mbp1-trades-bars")?.join(name);
        let symbols = [("ESU4", "50"), ("NQU4", "20")];
        let instruments = symbols.map(|(symbol, multiplier)| instrument(symbol, "future", "0.25", "1", multiplier));
        Some(read("databento", vec![file], instruments.to_vec(), ReadOptions::default()))
    }

    const MBP1: &str = "futures_mbp-1_2024-07-01T23-58_2024-07-02T00-02.dbn.zst";
    const TRADES: &str = "futures_trades_2024-07-01T23-58_2024-07-02T00-02.dbn.zst";
    const BARS: &str = "futures_ohlcv-1m_2024-07-01T23-40_2024-07-02T00-10.dbn.zst";

    fn trades_of(ticks: &[Tick]) -> Vec<Tick> {
        ticks.iter().filter(|tick| tick.kind() == Some(TickKind::Trade)).copied().collect()
    }

    #[test]
    fn the_trades_among_the_quotes_are_the_published_trades() {
        let (Some(quotes), Some(trades)) = (futures(MBP1), futures(TRADES)) else { return };
        let bare = |ticks: &[Tick]| -> Vec<Tick> { ticks.iter().map(|tick| Tick { flags: 0, ..*tick }).collect() };
        assert_eq!(trades.ticks.len(), 120);
        assert_eq!(bare(&trades_of(&quotes.ticks)), bare(&trades.ticks));
        let kinds = |kind| quotes.ticks.iter().filter(|tick| tick.kind() == Some(kind)).count();
        assert_eq!((quotes.report.rows, kinds(TickKind::Quote)), (2_288, 2 * (2_288 - 120)));
        let [bids, asks]: [Vec<i64>; 2] = [0, 1].map(|side| {
            let of_side = quotes.ticks.iter().filter(|t| t.kind() == Some(TickKind::Quote) && t.side == side);
            of_side.map(|tick| tick.price_ticks).collect()
        });
        assert!(bids.iter().zip(&asks).all(|(bid, ask)| bid < ask), "never crossed");
    }

    #[test]
    fn the_trades_of_every_minute_make_its_published_bar() {
        let (Some(trades), Some(bars)) = (futures(TRADES), futures(BARS)) else { return };
        const MINUTE_NS: i64 = 60_000_000_000;
        let mut minutes: BTreeMap<i64, Vec<Tick>> = BTreeMap::new();
        for tick in &trades.ticks {
            minutes.entry(tick.recv_ns / MINUTE_NS).or_default().push(*tick);
        }
        assert_eq!((minutes.len(), bars.ticks.len()), (4, 2 * 30 * 4));
        for (minute, trades) in minutes {
            let of_minute =
                |bar: &&[Tick]| bar[0].instrument == trades[0].instrument && bar[0].recv_ns == (minute + 1) * MINUTE_NS;
            let bar = bars.ticks.chunks_exact(4).find(of_minute).unwrap();
            let prices = || trades.iter().map(|tick| tick.price_ticks);
            let made =
                [trades[0].price_ticks, prices().max().unwrap(), prices().min().unwrap(), prices().last().unwrap()];
            assert_eq!([0, 1, 2, 3].map(|part| bar[part].price_ticks), made);
            assert_eq!(bar[3].size_lots, trades.iter().map(|tick| tick.size_lots).sum::<i64>());
        }
    }

    #[test]
    fn the_definitions_agree_with_the_instruments() {
        let Some(Recording { report, .. }) = futures("futures_definition.dbn.zst") else { return };
        assert_eq!((report.rows, report.ticks, report.ignored["definitions"]), (2, 0, 2));
    }
}

mod lobster {
    use super::*;

    /// Price and size of bids and asks, best first.
    type Levels = [Vec<(i64, i64)>; 2];

    fn options() -> ReadOptions {
        ReadOptions { date: Some("2012-06-21".into()), tz: Some("America/New_York".into()), ..ReadOptions::default() }
    }

    /// The published rows, read in another way than the reader's.
    fn published(path: &Path) -> Vec<Levels> {
        let text = unpacked(path);
        let is_row = |line: &&str| line.starts_with(|c: char| c.is_ascii_digit());
        let levels = |line: &str| {
            let numbers: Vec<i64> = line.split(',').map(|field| field.trim().parse().unwrap()).collect();
            let of_side = |from: usize| {
                let pairs = numbers.chunks(4).map(|level| (level[from], level[from + 1]));
                pairs.filter(|(price, _)| price.abs() != 9_999_999_999).collect()
            };
            [of_side(2), of_side(0)]
        };
        text.lines().filter(is_row).map(levels).collect()
    }

    /// Applies message after message: each must lead from its row to the next on all levels that are known, and with
    /// what is seeded to the whole row. Returns how many did and how many levels had to be seeded.
    fn transitions(name: &str, levels: usize) -> Option<(usize, usize)> {
        let folder = other("lobster")?;
        let file = |kind: &str| folder.join(format!("{name}_{kind}_{levels}.csv.gz"));
        // Hidden orders trade between two cents.
        let instruments = vec![instrument("X", "equity", "0.0001", "1", "1")];
        let files = vec![file("message"), file("orderbook")];
        let Recording { ticks, report, instruments } = read("lobster", files, instruments, options());
        let rows = published(&file("orderbook"));
        let mut book = L3Book::default();
        let (mut equal, mut seeded) = (0, 0);
        let messages: Vec<&[Tick]> = ticks.split_inclusive(Tick::is_last).collect();
        assert_eq!(messages.len(), rows.len());
        for (n, (message, row)) in messages.iter().zip(&rows).enumerate() {
            // What the reader adds to the message: orders of ids that no venue gives, and orders that scroll away.
            let own =
                message.iter().filter(|t| t.kind().is_some_and(TickKind::is_order_event)).take(usize::from(n > 0));
            let is_seed = |tick: &&Tick| tick.id >= 1 << 63 && tick.kind() == Some(TickKind::OrderAdd);
            let mut known = book.clone();
            own.filter(|tick| !is_seed(tick)).for_each(|tick| {
                known.apply(tick).unwrap();
            });
            message.iter().for_each(|tick| {
                book.apply(tick).unwrap();
            });
            for side in 0..2 {
                assert_eq!(book.levels(side).collect::<Vec<_>>(), row[side], "row {n}");
            }
            if n > 0 {
                let agrees = |side: usize| known.levels(side).zip(&row[side]).all(|(ours, theirs)| ours == *theirs);
                equal += usize::from(agrees(0) && agrees(1));
                seeded += message.iter().filter(is_seed).count();
            }
        }
        assert_eq!((report.gaps, report.snapshots, book.counts()), (0, 1, OrderCounts::default()));
        let found = verify_source(MemorySource::new(ticks, instruments), &mut quiet).unwrap();
        assert_eq!((found.quotes_checked, found.unknown_orders.count), (found.quotes_equal, 0));
        assert!(found.quotes_checked > Some(900) && found.faults.is_empty());
        Some((equal, seeded))
    }

    #[test]
    fn every_transition_of_the_ten_level_sample_is_reproduced() {
        let Some(done) = transitions("AAPL_2012-06-21_first999", 10) else { return };
        assert_eq!(done, (998, 318));
    }

    #[test]
    fn every_transition_of_the_one_level_day_is_reproduced() {
        let Some(done) = transitions("AMZN_2012-06-21_34200000_57600000", 1) else { return };
        assert_eq!(done, (57_514, 13_953));
    }

    #[test]
    fn messages_alone_are_read_as_they_are() {
        let Some(folder) = other("lobster") else { return };
        let file = folder.join("AAPL_2012-06-21_first999_message_10.csv.gz");
        let instruments = vec![instrument("AAPL", "equity", "0.01", "1", "1")];
        let Recording { ticks, .. } = read("lobster", vec![file], instruments, options());
        let count = |kind| ticks.iter().filter(|tick| tick.kind() == Some(kind)).count();
        assert_eq!(count(TickKind::OrderAdd), 471);
        assert_eq!((count(TickKind::OrderCancel), count(TickKind::OrderExecute)), (369, 98));
        assert_eq!(count(TickKind::Trade), 98 + 61);
        // 09:30:00.004241176 in New York in summer.
        assert_eq!(ticks[0].recv_ns, 1_340_285_400_004_241_176);
    }
}

mod bitstamp {
    use super::*;

    fn recording(from: &str, name: &str) -> Option<Recording> {
        let file = other("bitstamp-l3")?.join(name);
        let instruments = vec![instrument("BTCUSD", "spot", "0.01", "0.00000001", "1")];
        Some(read(from, vec![file], instruments, ReadOptions::default()))
    }

    fn log() -> Option<Recording> {
        recording("bitstamp-log", "BTCUSD_2015-05-01.log.gz")
    }

    /// What each event left of its order, and what it took: told by the records alone.
    fn events(ticks: &[Tick]) -> Vec<(Tick, i64, i64)> {
        let mut left: BTreeMap<u64, i64> = BTreeMap::new();
        let orders: Vec<Tick> =
            ticks.iter().filter(|t| t.kind().is_some_and(TickKind::is_order_event)).copied().collect();
        let messages = orders.split_inclusive(Tick::is_last);
        messages
            .map(|message| {
                let (id, mut taken, mut says) = (message[0].id, 0, 0);
                for tick in message {
                    let had = left.get(&id).copied();
                    (says, taken) = match (tick.kind().unwrap(), had) {
                        (TickKind::OrderExecute, Some(had)) => (had - tick.size_lots, tick.size_lots),
                        // A cancellation says what was left.
                        _ => (tick.size_lots, taken),
                    };
                    match (tick.kind().unwrap(), had) {
                        (TickKind::OrderCancel, _) => drop(left.remove(&id)),
                        (TickKind::OrderAdd, _) | (_, Some(_)) => drop(left.insert(id, says)),
                        _ => {}
                    }
                }
                (message[0], says, taken)
            })
            .collect()
    }

    #[test]
    fn the_volumes_of_the_csv_are_those_of_the_log_cut_instead_of_rounded() {
        let Some(csv) = recording("bitstamp-orders", "BTCUSD_2015-05-01_orders.csv.gz") else { return };
        let (ours, theirs) = (events(&csv.ticks), events(&log().unwrap().ticks));
        assert_eq!((ours.len(), theirs.len(), csv.report.rows), (50_414, 50_414, 50_414));
        let (mut equal, mut lower) = (0, 0);
        for ((cut, cut_lots, _), (exact, exact_lots, _)) in ours.iter().zip(&theirs) {
            let event = |tick: &Tick| (tick.recv_ns, tick.id, tick.side, tick.price_ticks);
            assert_eq!(event(cut), event(exact));
            equal += u32::from(cut_lots == exact_lots);
            lower += u32::from(cut_lots + 1 == *exact_lots);
        }
        assert_eq!((equal, lower), (46_348, 4_066));
    }

    #[test]
    fn every_trade_has_a_reduction_of_an_order_of_its_size_within_five_seconds() {
        let Some(Recording { ticks, report, .. }) = log() else { return };
        let mut by_lots: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
        for (tick, _, taken) in events(&ticks).into_iter().filter(|event| event.2 > 0) {
            by_lots.entry(taken).or_default().push(tick.recv_ns);
        }
        let trades: Vec<&Tick> = ticks.iter().filter(|tick| tick.kind() == Some(TickKind::Trade)).collect();
        let near = |trade: &&&Tick| {
            let times = by_lots.get(&trade.size_lots);
            times.is_some_and(|times| times.iter().any(|ns| (ns - trade.recv_ns).abs() <= 5_000_000_000))
        };
        assert_eq!((trades.len(), trades.iter().filter(near).count()), (575, 575));
        assert_eq!((report.rows, report.ignored["order_book"], report.off_lot), (56_000, 5_011, 0));
    }

    #[test]
    fn an_order_that_was_created_before_the_recording_is_unknown_and_nothing_else_is() {
        let Some(Recording { ticks, .. }) = log() else { return };
        let mut book = L3Book::default();
        let unknown = ticks.iter().filter(|tick| book.apply(tick).is_err()).count() as u64;
        let counts = book.counts();
        assert_eq!(counts, OrderCounts { unknown, ..OrderCounts::default() });
        assert_eq!(unknown, 208 + 5);
    }
}
