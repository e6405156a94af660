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
    for tick in &ticks {
        book.apply(tick).unwrap();
    }
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

const MINUTE_NS: i64 = 60_000_000_000;

#[test]
fn the_trades_of_every_minute_make_its_published_bar() {
    let (Some(trades), Some(bars)) = (futures(TRADES), futures(BARS)) else { return };
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
            [trades[0].price_ticks, prices().max().unwrap(), prices().min().unwrap(), prices().next_back().unwrap()];
        assert_eq!([0, 1, 2, 3].map(|part| bar[part].price_ticks), made);
        assert_eq!(bar[3].size_lots, trades.iter().map(|tick| tick.size_lots).sum::<i64>());
    }
}

#[test]
fn the_definitions_agree_with_the_instruments() {
    let Some(Recording { report, .. }) = futures("futures_definition.dbn.zst") else { return };
    assert_eq!((report.rows, report.ticks, report.ignored["definitions"]), (2, 0, 2));
}
