//! Tapes and caches there and back, damaged, merged and cut.

use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use tickwright_tape::{
    cat, merge, quiet, slice, verify, verify_source, CachedTape, ContentHasher, Flow, MemorySource, Merge, Slice,
    SliceOptions, TapeError, TapeOptions, TapeReader, TapeWriter, TickSource, ROW_GROUP_ROWS,
};
use tickwright_types::{flags, Instrument, Side, Tick, TickKind};

fn instrument(id: &str) -> Instrument {
    let text = format!(
        r#"{{"id":"{id}","venue":"v","symbol":"{id}","kind":"spot","tick_size":"0.1","lot_size":"0.01",
            "base":"B","quote":"Q","settlement":"Q"}}"#
    );
    serde_json::from_str(&text).unwrap()
}

fn write(path: &Path, instruments: &[&str], ticks: &[Tick]) -> tickwright_tape::TapeInfo {
    let instruments = instruments.iter().map(|id| instrument(id)).collect();
    let mut writer =
        TapeWriter::create(path, instruments, TapeOptions { overwrite: true, ..Default::default() }).unwrap();
    for some in ticks.chunks(1_000) {
        writer.write(some).unwrap();
    }
    writer.finish().unwrap()
}

fn read(path: &Path) -> Result<Vec<Tick>, TapeError> {
    TapeReader::open(path)?.read_all()
}

fn level(recv_ns: i64, instrument: u16, side: Side, price_ticks: i64, size_lots: i64) -> Tick {
    let (side, id) = (side as u8, recv_ns as u64);
    Tick {
        recv_ns,
        exch_ns: recv_ns - 3,
        instrument,
        side,
        price_ticks,
        size_lots,
        id,
        ..Tick::of(TickKind::BookDelta)
    }
}

fn ended(tick: Tick) -> Tick {
    Tick { flags: tick.flags | flags::LAST, ..tick }
}

/// A walk of any records: extreme values, every kind, times that stand still or jump.
fn any_ticks(most: usize) -> impl Strategy<Value = Vec<Tick>> {
    let wide = prop_oneof![any::<i64>(), -1000i64..1000, Just(i64::MIN), Just(i64::MAX)];
    let one = (
        (prop_oneof![Just(0i64), 0i64..1_000_000, 0i64..1 << 40], wide.clone(), wide.clone(), wide),
        (any::<u64>(), 0u16..3, 0u8..18, 0u8..3, any::<u8>()),
    );
    prop::collection::vec(one, 0..most).prop_map(|rows| {
        let mut recv_ns = -5;
        rows.into_iter()
            .map(|((step, exch_ns, price_ticks, size_lots), (id, instrument, kind, side, flags))| {
                recv_ns += step;
                Tick { recv_ns, exch_ns, price_ticks, size_lots, id, instrument, kind, side, flags, reserved: [0; 3] }
            })
            .collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn records_go_through_a_tape_and_its_cache_unchanged(ticks in any_ticks(3_000)) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.tape.parquet");
        let info = write(&path, &["A", "B", "C"], &ticks);
        prop_assert_eq!(&read(&path).unwrap(), &ticks);
        let tape = TapeReader::open(&path).unwrap();
        prop_assert_eq!(tape.info(), &info);
        let cached = CachedTape::open(&path, &dir.path().join("cache"), &mut quiet).unwrap();
        prop_assert_eq!(cached.ticks(), ticks.as_slice());
        cached.verify().unwrap();
        prop_assert!(verify_source(MemorySource::new(ticks, vec![instrument("A"), instrument("B"), instrument("C")]), &mut quiet).is_ok());
    }

    #[test]
    fn a_merge_is_the_stable_sort_of_all_records(lengths in prop::collection::vec(any_ticks(400), 1..5)) {
        let ids = ["A", "B", "C", "D", "E"];
        let mut expected = Vec::new();
        let mut sources: Vec<(PathBuf, Box<dyn TickSource>)> = Vec::new();
        for (n, mut ticks) in lengths.into_iter().enumerate() {
            for tick in &mut ticks {
                tick.instrument = 0;
            }
            expected.extend(ticks.iter().map(|tick| Tick { instrument: n as u16, ..*tick }));
            sources.push((PathBuf::from(ids[n]), Box::new(MemorySource::new(ticks, vec![instrument(ids[n])]))));
        }
        expected.sort_by_key(|tick| (tick.recv_ns, tick.instrument));
        prop_assert_eq!(Merge::new(sources).unwrap().read_all().unwrap(), expected);
    }

    #[test]
    fn a_slice_without_books_is_a_filter(ticks in any_ticks(500), from in 0i64..1 << 30, length in 1i64..1 << 42) {
        let keep = |t: &&Tick| t.recv_ns >= from && t.recv_ns < from + length && t.instrument != 1;
        let moved = |t: &Tick| Tick { instrument: t.instrument / 2, ..*t };
        // A gap before the slice is owed to its first record: compared apart, in a test of its own.
        let ticks: Vec<Tick> = ticks.into_iter().map(|t| Tick { flags: t.flags & !flags::GAP, ..t }).collect();
        let expected: Vec<Tick> = ticks.iter().filter(keep).map(moved).collect();
        let options = SliceOptions {
            from_ns: Some(from),
            to_ns: Some(from + length),
            instruments: vec!["A".into(), "C".into()],
            without_books: true,
            ..Default::default()
        };
        let all = vec![instrument("A"), instrument("B"), instrument("C")];
        let mut slice = Slice::new(MemorySource::new(ticks, all), options).unwrap();
        prop_assert_eq!(slice.read_all().unwrap(), expected);
    }
}

/// A tape of several row groups with the look of a market.
fn market(rows: usize) -> Vec<Tick> {
    let mut rng = tickwright_types::Rng::new(7);
    let mut recv_ns = 1_700_000_000_000_000_000;
    (0..rows)
        .map(|n| {
            recv_ns += (rng.next_u64() % 200_000) as i64;
            let side = if rng.next_u64().is_multiple_of(2) { Side::Bid } else { Side::Ask };
            let price = 618_000 + (rng.next_u64() % 1_000) as i64 * if side == Side::Bid { -1 } else { 1 };
            let tick = level(recv_ns, 0, side, price, (rng.next_u64() % 5_000) as i64);
            if n % 5 == 4 {
                ended(tick)
            } else {
                tick
            }
        })
        .collect()
}

#[test]
fn row_groups_are_filled_whatever_the_size_of_what_is_written() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.tape.parquet");
    let ticks = market(ROW_GROUP_ROWS * 2 + 5);
    write(&path, &["A"], &ticks);
    assert_eq!(read(&path).unwrap(), ticks);
    let blocks = TapeReader::open(&path).unwrap().blocks();
    let sizes: Vec<usize> = blocks.map(|block| block.unwrap().len()).collect();
    assert_eq!(sizes.iter().sum::<usize>(), ticks.len());
    let rows = cat(&path, ROW_GROUP_ROWS as u64 + 3, 2).unwrap();
    let expected: Vec<String> = ticks[ROW_GROUP_ROWS + 3..][..2].iter().map(|t| t.recv_ns.to_string()).collect();
    assert_eq!(rows.iter().map(|row| row.recv_ns.clone()).collect::<Vec<_>>(), expected);
    assert!(cat(&path, ticks.len() as u64, 10).unwrap().is_empty());
}

#[test]
fn the_content_hash_does_not_depend_on_the_writer() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.tape.parquet");
    let ticks = market(1_000);
    let stated = write(&path, &["A"], &ticks).content_sha256;
    let mut hasher = ContentHasher::new(&[instrument("A")]);
    for tick in &ticks {
        hasher.update(std::slice::from_ref(tick));
    }
    let found = hasher.finish();
    let stated = (0..32).map(|at| u8::from_str_radix(&stated[2 * at..2 * at + 2], 16).unwrap());
    assert!(stated.eq(found));
}

#[test]
fn an_empty_tape_is_a_tape() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.tape.parquet");
    let info = write(&path, &["A"], &[]);
    assert_eq!((info.ticks, info.first_ts_ns), (0, None));
    assert!(read(&path).unwrap().is_empty());
    assert!(CachedTape::open(&path, dir.path(), &mut quiet).unwrap().ticks().is_empty());
}

#[test]
fn a_record_that_goes_back_in_time_or_names_no_instrument_is_not_written() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.tape.parquet");
    let mut writer = TapeWriter::create(&path, vec![instrument("A")], TapeOptions::default()).unwrap();
    writer.write(&[level(10, 0, Side::Bid, 1, 1)]).unwrap();
    let err = writer.write(&[level(11, 0, Side::Bid, 1, 1), level(9, 0, Side::Bid, 1, 1)]).unwrap_err();
    assert_eq!(err.to_string(), "record 2: received at 9 after 11");
    assert_eq!(writer.write(&[level(12, 1, Side::Bid, 1, 1)]).unwrap_err().code(), "E_RECORD");
    drop(writer);
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
}

#[test]
fn a_tape_cut_at_any_byte_is_an_error() {
    let dir = tempfile::tempdir().unwrap();
    let (path, cut) = (dir.path().join("a.tape.parquet"), dir.path().join("cut.tape.parquet"));
    write(&path, &["A"], &market(2_000));
    let whole = fs::read(&path).unwrap();
    let near_the_end = whole.len().saturating_sub(3_000)..whole.len();
    for at in (0..whole.len()).step_by(23).chain(near_the_end) {
        fs::write(&cut, &whole[..at]).unwrap();
        let err = read(&cut).unwrap_err();
        assert!(matches!(err.code(), "E_TAPE_CORRUPT" | "E_NOT_A_TAPE"), "cut at {at}: {err}");
    }
}

#[test]
fn a_flipped_byte_is_an_error_or_changes_nothing_that_a_tape_says() {
    let dir = tempfile::tempdir().unwrap();
    let (path, bad) = (dir.path().join("a.tape.parquet"), dir.path().join("bad.tape.parquet"));
    let ticks = market(2_000);
    let info = write(&path, &["A"], &ticks);
    let whole = fs::read(&path).unwrap();
    let mut unnoticed = 0;
    let data_sampled_footer_whole = (0..whole.len() - 4_000).step_by(7).chain(whole.len() - 4_000..whole.len());
    for at in data_sampled_footer_whole {
        let mut changed = whole.clone();
        changed[at] ^= 1 << (at % 8);
        fs::write(&bad, &changed).unwrap();
        let Ok(mut tape) = TapeReader::open(&bad) else { continue };
        let same_info = *tape.info() == info;
        match tape.read_all() {
            Ok(found) => {
                assert!(found == ticks && same_info, "byte {at}");
                unnoticed += 1;
            }
            Err(err) => assert!(matches!(err.code(), "E_TAPE_CORRUPT" | "E_TAPE_HASH"), "byte {at}: {err}"),
        }
    }
    println!("{unnoticed} of {} bytes can flip without a change of what is read", whole.len());
}

#[test]
fn a_wrong_hash_another_version_and_files_that_are_no_tapes_have_codes_of_their_own() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.tape.parquet");
    assert_eq!(read(&path).unwrap_err().code(), "E_NOT_FOUND");
    fs::write(&path, "recv_ns,kind\n1,2\n").unwrap();
    assert_eq!(read(&path).unwrap_err().code(), "E_NOT_A_TAPE");
    let info = write(&path, &["A"], &market(100));
    let whole = fs::read(&path).unwrap();
    let replaced = |from: &str, to: &str| {
        assert_eq!(from.len(), to.len());
        let at = whole.windows(from.len()).rposition(|w| w == from.as_bytes()).unwrap();
        let mut changed = whole.clone();
        changed[at..at + to.len()].copy_from_slice(to.as_bytes());
        fs::write(&path, changed).unwrap();
        read(&path).unwrap_err()
    };
    let other =
        format!("{}{}", if info.content_sha256.starts_with('0') { '1' } else { '0' }, &info.content_sha256[1..]);
    assert_eq!(replaced(&info.content_sha256, &other).code(), "E_TAPE_CORRUPT");
    assert_eq!(replaced("tape_version\u{18}\u{1}1", "tape_version\u{18}\u{1}2").code(), "E_TAPE_VERSION");
    assert_eq!(replaced("tape_version", "tape_verzion").code(), "E_NOT_A_TAPE");
}

#[test]
fn a_cache_is_built_once_and_built_again_when_it_is_damaged() {
    let dir = tempfile::tempdir().unwrap();
    let (path, cache) = (dir.path().join("a.tape.parquet"), dir.path().join("cache"));
    let ticks = market(20_000);
    write(&path, &["A"], &ticks);
    let mut calls = 0;
    let mut open = || {
        let before = calls;
        let cached = CachedTape::open(&path, &cache, &mut |_| {
            calls += 1;
            Flow::Continue
        })
        .unwrap();
        assert_eq!(cached.ticks(), ticks.as_slice());
        (cached.path().to_owned(), calls > before)
    };
    let (file, built) = open();
    assert!(built && !open().1, "built the first time, found the second");
    let whole = fs::read(&file).unwrap();
    for damaged in [whole[..whole.len() - 1].to_vec(), whole[..50].to_vec(), [b"XX", &whole[2..]].concat(), vec![]] {
        fs::remove_file(&file).unwrap();
        fs::write(&file, damaged).unwrap();
        assert!(open().1, "built again");
    }
    let mut changed = whole;
    changed[300] ^= 1;
    fs::remove_file(&file).unwrap();
    fs::write(&file, changed).unwrap();
    let cached = CachedTape::open(&path, &cache, &mut quiet).unwrap();
    assert_eq!(cached.verify().unwrap_err().code(), "E_TAPE_HASH");
}

#[test]
fn a_cancelled_operation_leaves_nothing_behind() {
    let dir = tempfile::tempdir().unwrap();
    let (path, out) = (dir.path().join("a.tape.parquet"), dir.path().join("out"));
    fs::create_dir(&out).unwrap();
    write(&path, &["A"], &market(20_000));
    let mut stop = |_| Flow::Cancel;
    let err = CachedTape::open(&path, &out, &mut stop).unwrap_err();
    assert_eq!(err.code(), "E_CANCELLED");
    let copy = out.join("b.tape.parquet");
    assert_eq!(merge(std::slice::from_ref(&path), &copy, false, &mut stop).unwrap_err().code(), "E_CANCELLED");
    assert_eq!(slice(&path, &copy, SliceOptions::default(), false, &mut stop).unwrap_err().code(), "E_CANCELLED");
    assert_eq!(fs::read_dir(&out).unwrap().count(), 0);
}

#[test]
fn tapes_of_one_instrument_are_joined_and_other_definitions_of_it_refused() {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    let ticks = market(1_000);
    write(&at("1"), &["A"], &ticks[..500]);
    write(&at("2"), &["B", "A"], &ticks[500..].iter().map(|t| Tick { instrument: 1, ..*t }).collect::<Vec<_>>());
    let info = merge(&[at("1"), at("2")], &at("both"), false, &mut quiet).unwrap();
    assert_eq!(info.instruments.iter().map(Instrument::id).collect::<Vec<_>>(), ["A", "B"]);
    assert_eq!(read(&at("both")).unwrap(), ticks);

    let mut other = instrument("A").spec().clone();
    other.lot_size = "0.5".parse().unwrap();
    let other = Instrument::new(other).unwrap();
    TapeWriter::create(&at("3"), vec![other], TapeOptions::default()).unwrap().finish().unwrap();
    let err = merge(&[at("1"), at("3")], &at("no"), false, &mut quiet).unwrap_err();
    assert_eq!(err.code(), "E_INSTRUMENT_CONFLICT");
    assert!(err.to_string().contains("lot_size"), "{err}");
}

#[test]
fn a_slice_begins_with_the_books_that_stood_there() {
    use TickKind::{BookDelta, SnapshotBegin, SnapshotEnd, SnapshotLevel};
    let ticks = vec![
        level(10, 0, Side::Bid, 100, 5),
        ended(level(10, 0, Side::Ask, 102, 6)),
        ended(level(11, 0, Side::Bid, 101, 7)),
        Tick { flags: flags::GAP | flags::LAST, ..level(12, 0, Side::Bid, 99, 1) },
        ended(level(20, 0, Side::Bid, 101, 0)),
        ended(level(30, 0, Side::Bid, 98, 2)),
    ];
    let source = MemorySource::new(ticks, vec![instrument("A")]);
    let options = SliceOptions { from_ns: Some(15), to_ns: Some(30), ..Default::default() };
    let found = Slice::new(source, options).unwrap().read_all().unwrap();
    let seen: Vec<_> =
        found.iter().map(|t| (t.kind().unwrap(), t.recv_ns, t.price_ticks, t.size_lots, t.id, t.flags)).collect();
    assert_eq!(
        seen,
        [
            (SnapshotBegin, 15, 0, 0, 12, 0),
            (SnapshotLevel, 15, 101, 7, 12, 0),
            (SnapshotLevel, 15, 100, 5, 12, 0),
            (SnapshotLevel, 15, 99, 1, 12, 0),
            (SnapshotLevel, 15, 102, 6, 12, 0),
            (SnapshotEnd, 15, 0, 0, 12, flags::LAST),
            (BookDelta, 20, 101, 0, 20, flags::LAST | flags::GAP),
        ]
    );
}

#[test]
fn a_message_whose_end_is_not_kept_ends_with_what_is() {
    let trade = Tick { recv_ns: 10, ..Tick::of(TickKind::Trade) };
    let first = Tick { flags: flags::GAP, ..level(10, 0, Side::Bid, 1, 1) };
    let ticks = vec![first, trade, ended(level(10, 0, Side::Ask, 3, 1)), ended(level(11, 0, Side::Ask, 3, 1))];
    let options = SliceOptions { kinds: vec![TickKind::Trade], ..Default::default() };
    let mut cut = Slice::new(MemorySource::new(ticks, vec![instrument("A")]), options).unwrap();
    assert_eq!(cut.read_all().unwrap(), [Tick { flags: flags::GAP | flags::LAST, ..trade }]);
}

#[test]
fn verify_counts_what_is_wrong_and_names_the_first() {
    let sideless = Tick { side: 2, ..ended(level(12, 0, Side::Bid, 1, 1)) };
    let ticks = vec![
        ended(level(10, 0, Side::Bid, 100, 5)),
        ended(level(11, 0, Side::Ask, 99, 5)),
        ended(level(9, 0, Side::Bid, 100, 0)),
        Tick { flags: flags::LAST | flags::GAP, ..level(12, 0, Side::Bid, 99, 1) },
        ended(level(12, 0, Side::Bid, 99, -4)),
        sideless,
    ];
    let found = verify_source(MemorySource::new(ticks, vec![instrument("A")]), &mut quiet).unwrap();
    let counts = [found.crossed, found.backwards, found.locked, found.gaps, found.negative_sizes, found.without_side];
    let seen: Vec<_> = counts.iter().map(|f| (f.count, f.first.as_ref().map(|place| place.index))).collect();
    assert_eq!(seen, [(1, Some(1)), (1, Some(2)), (1, Some(3)), (1, Some(3)), (1, Some(4)), (1, Some(5))]);
    assert_eq!((found.messages, found.faults.len(), found.quotes_checked), (6, 3, None));
}

#[test]
fn verify_of_a_file_checks_its_hash() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.tape.parquet");
    write(&path, &["A"], &market(1_000));
    assert!(verify(&path, &mut quiet).unwrap().faults.is_empty());
}
