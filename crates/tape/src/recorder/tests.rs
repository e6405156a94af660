use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use tickwright_types::{flags, Instrument, Tick, TickKind};

use super::*;
use crate::{quiet, TapeError, TapeReader, TickSource};

const SECOND_NS: i64 = 1_000_000_000;

fn instrument(id: &str) -> Instrument {
    let text = format!(
        r#"{{"id":"{id}","venue":"v","symbol":"{id}","kind":"spot","tick_size":"0.1","lot_size":"0.01",
            "base":"B","quote":"Q","settlement":"Q"}}"#
    );
    serde_json::from_str(&text).unwrap()
}

fn two() -> Vec<Instrument> {
    vec![instrument("A"), instrument("B")]
}

fn tick(n: i64) -> Tick {
    let (price_ticks, size_lots, flags) = (600_000 + n * n % 977, n % 31, flags::LAST);
    Tick { recv_ns: n * 10, exch_ns: n * 10 - 3, price_ticks, size_lots, flags, ..Tick::of(TickKind::Trade) }
}

fn ticks(count: i64) -> Vec<Tick> {
    (0..count).map(tick).collect()
}

fn every_call() -> RecorderOptions {
    RecorderOptions { sync_every_ns: 0, ..RecorderOptions::default() }
}

fn start(folder: &Path, options: RecorderOptions) -> Recorder {
    Recorder::start(folder, two(), options).unwrap()
}

fn read(folder: &Path) -> Vec<Tick> {
    Recording::open(folder).unwrap().read_all().unwrap()
}

fn code<T>(result: Result<T, TapeError>) -> &'static str {
    result.err().expect("an error").code()
}

/// A closed segment of five blocks of 3 records, its bytes, and where its header and each block end.
fn sample(folder: &Path) -> (PathBuf, Vec<u8>, Vec<usize>) {
    let path = folder.join("000001.segment");
    let mut recorder = start(folder, every_call());
    let mut ends = vec![fs::metadata(&path).unwrap().len() as usize];
    for block in ticks(15).chunks(3) {
        recorder.record(block, 0).unwrap();
        ends.push(fs::metadata(&path).unwrap().len() as usize);
    }
    assert_eq!(recorder.close().unwrap(), 15);
    (path.clone(), fs::read(path).unwrap(), ends)
}

/// What recovery of these bytes reads, through the file.
fn recovered(path: &Path, bytes: &[u8]) -> (Recovery, Vec<Tick>) {
    fs::write(path, bytes).unwrap();
    let found = recover(path).unwrap();
    (found, read(path.parent().unwrap()))
}

#[test]
fn a_segment_cut_at_any_byte_gives_its_whole_blocks_and_reports_the_rest() {
    let dir = tempfile::tempdir().unwrap();
    let (path, bytes, ends) = sample(dir.path());
    for cut in 0..bytes.len() {
        if cut < ends[0] {
            fs::write(&path, &bytes[..cut]).unwrap();
            assert_eq!(code(recover(&path)), "E_SEGMENT", "cut at {cut}");
            continue;
        }
        let blocks = ends.iter().filter(|&&end| end <= cut).count() - 1;
        let (found, read) = recovered(&path, &bytes[..cut]);
        assert_eq!(read, ticks(blocks as i64 * 3), "cut at {cut}");
        assert_eq!((found.blocks as usize, found.ticks as usize, found.closed), (blocks, blocks * 3, false));
        let torn = (cut - ends[blocks]) as u64;
        let expected = (torn > 0).then_some((torn, LossReason::Torn));
        assert_eq!(found.loss.map(|loss| (loss.bytes, loss.why)), expected, "cut at {cut}");
    }
}

#[test]
fn a_flipped_byte_costs_its_block_and_what_follows_and_is_reported() {
    let dir = tempfile::tempdir().unwrap();
    let (path, bytes, ends) = sample(dir.path());
    for at in 0..bytes.len() {
        let mut damaged = bytes.clone();
        damaged[at] ^= 1 << (at % 8);
        if at < ends[0] {
            fs::write(&path, &damaged).unwrap();
            assert_eq!(code(recover(&path)), "E_SEGMENT", "byte {at}");
            continue;
        }
        let blocks = ends.iter().filter(|&&end| end <= at).count() - 1;
        let (found, read) = recovered(&path, &damaged);
        assert_eq!(read, ticks(blocks as i64 * 3), "byte {at}");
        let loss = found.loss.expect("a loss");
        assert_eq!((loss.bytes as usize, found.closed), (bytes.len() - ends[blocks], false), "byte {at}");
    }
}

#[test]
fn the_reason_of_a_loss_tells_torn_wrong_foreign_and_trailing_bytes_apart() {
    let dir = tempfile::tempdir().unwrap();
    let (path, bytes, ends) = sample(dir.path());
    let why = |bytes: &[u8]| recovered(&path, bytes).0.loss.map(|loss| (loss.bytes, loss.why));
    assert_eq!(why(&bytes), None);
    assert_eq!(why(&bytes[..=ends[1]]), Some((1, LossReason::Torn)));
    let zeros = [&bytes[..ends[1]], &[0; 100]].concat();
    assert_eq!(why(&zeros), Some((100, LossReason::NoBlock)));
    let doubled = [&bytes[..ends[2]], &bytes[ends[1]..ends[2]]].concat();
    assert_eq!(why(&doubled), Some(((ends[2] - ends[1]) as u64, LossReason::WrongChecksum)));
    let left_out = [&bytes[..ends[1]], &bytes[ends[2]..]].concat();
    assert_eq!(why(&left_out), Some(((bytes.len() - ends[2]) as u64, LossReason::WrongChecksum)));
    let longer = [&bytes[..], &[7; 5]].concat();
    assert_eq!(why(&longer), Some((5, LossReason::AfterFooter)));
    assert_eq!(recovered(&path, &longer).1, ticks(15));
}

#[test]
fn records_that_no_recorder_writes_are_left_out_though_their_checksum_is_right() {
    let dir = tempfile::tempdir().unwrap();
    let (path, bytes, ends) = sample(dir.path());
    let chain = layout::u64_at(&bytes, ends[0] - 8);
    let backwards = [tick(5), tick(4)];
    let unknown = [Tick { instrument: 2, ..tick(4) }, tick(5)];
    for block in [backwards, unknown] {
        let (first_ns, last_ns) = (block[0].recv_ns, block[1].recv_ns);
        let frame = layout::Frame { tag: layout::BLOCK, count: 2, length: 96, first_ns, last_ns };
        let (frame, _) = frame.to_bytes(chain, &block);
        let forged = [&bytes[..ends[0]], &frame, bytemuck::cast_slice(&block)].concat();
        let (found, read) = recovered(&path, &forged);
        assert_eq!((found.loss.unwrap().why, read.len()), (LossReason::WrongRecords, 0));
    }
}

#[test]
fn records_are_synced_once_a_second_by_the_clock_that_is_passed() {
    let dir = tempfile::tempdir().unwrap();
    let mut recorder = start(dir.path(), RecorderOptions::default());
    recorder.poll(0).unwrap();
    recorder.record(&[tick(1)], 5 * SECOND_NS).unwrap();
    recorder.record(&[tick(2)], 6 * SECOND_NS - 1).unwrap();
    assert_eq!((recorder.synced_ticks(), read(dir.path()).len()), (0, 0));
    recorder.poll(6 * SECOND_NS).unwrap();
    assert_eq!((recorder.synced_ticks(), read(dir.path()).len()), (2, 2));
    recorder.record(&[tick(3)], 6 * SECOND_NS).unwrap();
    recorder.poll(7 * SECOND_NS - 1).unwrap();
    assert_eq!(recorder.synced_ticks(), 2);
    recorder.poll(6 * SECOND_NS - 1).unwrap();
    assert_eq!(recorder.synced_ticks(), 3, "a clock that is set back syncs at once");
    recorder.record(&[tick(4)], 0).unwrap();
    recorder.sync().unwrap();
    assert_eq!((recorder.synced_ticks(), read(dir.path())), (4, (1..5).map(tick).collect()));
}

#[test]
fn a_recorder_goes_on_after_a_torn_segment_in_one_of_its_own() {
    let dir = tempfile::tempdir().unwrap();
    let (path, bytes, ends) = sample(dir.path());
    fs::write(&path, &bytes[..ends[3] - 1]).unwrap();
    let mut recorder = start(dir.path(), every_call());
    assert_eq!(code(recorder.record(&[tick(4)], 0)), "E_RECORD");
    recorder.record(&[tick(20)], 0).unwrap();
    drop(recorder);
    start(dir.path(), every_call()).close().unwrap();
    let recording = Recording::open(dir.path()).unwrap();
    let torn = (ends[3] - 1 - ends[2]) as u64;
    assert!(recording.losses()[0].to_string().ends_with("bytes dropped: torn block: the file ends inside it"));
    assert_eq!(recording.losses(), [Loss { path, bytes: torn, why: LossReason::Torn }]);
    let closed: Vec<bool> = recording.segments().iter().map(|segment| segment.closed).collect();
    assert_eq!(closed, [false, false, true]);
    assert_eq!(read(dir.path()), [ticks(6), vec![tick(20)]].concat());
    fs::remove_file(dir.path().join("000002.segment")).unwrap();
    assert_eq!(Recording::open(dir.path()).unwrap().losses()[1].why, LossReason::Missing);
}

#[test]
fn what_cannot_be_recorded_is_refused_whole_and_the_recorder_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    let mut recorder = start(dir.path(), every_call());
    for bad in [Tick { instrument: 2, ..tick(9) }, Tick { kind: 99, ..tick(9) }, Tick { side: 3, ..tick(9) }, tick(1)] {
        assert_eq!(code(recorder.record(&[tick(8), bad], 0)), "E_RECORD");
    }
    recorder.record(&[tick(2)], 0).unwrap();
    assert_eq!(recorder.close().unwrap(), 1);
    assert_eq!(read(dir.path()), [tick(2)]);
}

#[test]
fn a_recorder_that_could_not_write_stays_stopped_and_says_why() {
    let dir = tempfile::tempdir().unwrap();
    let mut recorder = start(dir.path(), every_call());
    recorder.record(&[tick(1)], 0).unwrap();
    recorder.break_file();
    assert_eq!(code(recorder.record(&[tick(2)], 0)), "E_IO");
    assert_eq!(code(recorder.record(&[tick(3)], 0)), "E_RECORDER_STOPPED");
    assert_eq!(code(recorder.poll(SECOND_NS)), "E_RECORDER_STOPPED");
    let stopped = recorder.sync().unwrap_err();
    assert!(stopped.to_string().contains("cannot write"), "{stopped}");
    assert_eq!(recorder.synced_ticks(), 1);
    assert_eq!(code(recorder.close()), "E_RECORDER_STOPPED");
    assert_eq!(read(dir.path()), [tick(1)]);
}

#[test]
fn foreign_files_other_definitions_and_odd_options_have_codes_of_their_own() {
    let dir = tempfile::tempdir().unwrap();
    assert_eq!(code(Recording::open(dir.path())), "E_EMPTY_INPUT");
    assert_eq!(code(Recording::open(&dir.path().join("no"))), "E_NOT_FOUND");
    for options in [
        RecorderOptions { segment_bytes: 4_095, ..every_call() },
        RecorderOptions { sync_every_ns: -1, ..every_call() },
        RecorderOptions { sync_every_ns: SECOND_NS + 1, ..every_call() },
    ] {
        assert_eq!(code(Recorder::start(dir.path(), two(), options)), "E_OPTION");
    }
    assert_eq!(code(Recorder::start(dir.path(), vec![], every_call())), "E_OPTION");
    let (path, mut bytes, _) = sample(dir.path());
    let one = Recorder::start(dir.path(), vec![instrument("A")], every_call());
    assert_eq!(code(one), "E_INSTRUMENT_CONFLICT");
    fs::copy(&path, dir.path().join("000002.segment")).unwrap();
    assert_eq!(code(Recording::open(dir.path())), "E_SEGMENT", "the second begins before the first ends");
    bytes[8] = 2;
    fs::write(&path, &bytes).unwrap();
    let newer = recover(&path).unwrap_err();
    assert!(newer.to_string().contains("it has version 2, this build reads version 1"), "{newer}");
}

fn calls() -> impl Strategy<Value = Vec<(usize, i64, bool)>> {
    prop::collection::vec((0usize..9_000, 0..2 * SECOND_NS, any::<bool>()), 1..12)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn what_was_recorded_is_read_back_and_becomes_the_same_tape(
        calls in calls(), segment_bytes in 4_096u64..1 << 20, restarts in any::<bool>(),
    ) {
        let dir = tempfile::tempdir().unwrap();
        let options = RecorderOptions { segment_bytes, ..RecorderOptions::default() };
        let (mut recorder, mut now_ns, mut all) = (start(dir.path(), options), 0, Vec::new());
        for (count, wait_ns, closes) in calls {
            let next = all.len() as i64;
            let some: Vec<Tick> = (next..next + count as i64).map(tick).collect();
            now_ns += wait_ns;
            recorder.record(&some, now_ns).unwrap();
            all.extend(some);
            if restarts && closes {
                recorder.close().unwrap();
                recorder = start(dir.path(), options);
            }
        }
        recorder.close().unwrap();
        let recording = Recording::open(dir.path()).unwrap();
        prop_assert!(recording.losses().is_empty() && recording.segments().iter().all(|segment| segment.closed));
        let bytes = all.len() as u64 * 48;
        prop_assert!(recording.segments().len() as u64 >= bytes / (segment_bytes + (1 << 18)));
        prop_assert!(recording.ticks_total() == Some(all.len() as u64) && read(dir.path()) == all);
        let out = dir.path().join("a.tape.parquet");
        let (info, losses) = write_recording(dir.path(), &out, false, &mut quiet).unwrap();
        prop_assert!(losses.is_empty() && info.instruments == two());
        prop_assert!(TapeReader::open(&out).unwrap().read_all().unwrap() == all);
    }

    #[test]
    fn no_bytes_make_recovery_panic(header in any::<bool>(), tag in 0..3, noise in prop::collection::vec(any::<u8>(), 0..300)) {
        let dir = tempfile::tempdir().unwrap();
        let (path, bytes, ends) = sample(dir.path());
        let begin = if header { &bytes[..ends[1]] } else { &bytes[..12] };
        let tag: &[u8] = [&b""[..], b"BLCK", b"FOOT"][tag as usize];
        fs::write(&path, [begin, tag, &noise].concat()).unwrap();
        match recover(&path) {
            Ok(found) => {
                prop_assert!(header && found.ticks == 3);
                prop_assert_eq!(found.loss.is_some(), !(tag.is_empty() && noise.is_empty()));
            }
            Err(e) => prop_assert!(!header && e.code() == "E_SEGMENT"),
        }
    }
}
