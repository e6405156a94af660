//! A recorder that is killed: what was synced is there, and what is there was written.

use std::env;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use tickwright_tape::{Recorder, RecorderOptions, Recording, TapeError, TickSource};
use tickwright_types::{Instrument, Rng, Tick, TickKind};

/// Set in the process that records until it is killed: the folder.
const FOLDER: &str = "TICKWRIGHT_TEST_RECORDER_FOLDER";

/// Set there too: how many records the folder holds already.
const BEFORE: &str = "TICKWRIGHT_TEST_RECORDER_BEFORE";

const NAME: &str = "killed_two_hundred_times_it_keeps_all_that_was_synced_and_nothing_else";

const FOLDERS: u32 = 10;
const KILLS_EACH: u32 = 20;

fn instrument() -> Instrument {
    let text = r#"{"id":"A","venue":"v","symbol":"A","kind":"spot","tick_size":"0.1","lot_size":"0.01",
        "base":"B","quote":"Q","settlement":"Q"}"#;
    serde_json::from_str(text).unwrap()
}

fn tick(n: u64) -> Tick {
    let price_ticks = 600_000 + (n * n % 977) as i64;
    Tick { recv_ns: n as i64, price_ticks, size_lots: 1, id: n, ..Tick::of(TickKind::Trade) }
}

/// Records without end, 10 ms of its own clock a call, and says after each sync how many records are safe.
fn record_until_killed(folder: &Path, before: u64) -> ! {
    let options = RecorderOptions { segment_bytes: 1 << 18, ..RecorderOptions::default() };
    let mut recorder = Recorder::start(folder, vec![instrument()], options).unwrap();
    let (mut next, mut said) = (before, 0);
    for call in 0.. {
        let some: Vec<Tick> = (next..next + 1 + next % 61).map(tick).collect();
        next += some.len() as u64;
        recorder.record(&some, call * 10_000_000).unwrap();
        if recorder.synced_ticks() > said {
            said = recorder.synced_ticks();
            std::io::stderr().write_all(&said.to_le_bytes()).unwrap();
        }
    }
    unreachable!("it is killed before it has made 2^63 calls");
}

/// Starts a recorder, kills it after that many syncs and a moment, and returns how many records it said were safe.
fn killed(folder: &Path, before: u64, syncs: u32, moment: Duration) -> u64 {
    let mut child = Command::new(env::current_exe().unwrap())
        .args(["--exact", NAME, "--nocapture"])
        .env(FOLDER, folder)
        .env(BEFORE, before.to_string())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = child.stderr.take().unwrap();
    let (mut bytes, mut one) = (Vec::new(), [0; 8]);
    for _ in 0..syncs {
        said.read_exact(&mut one).unwrap();
        bytes.extend_from_slice(&one);
    }
    thread::sleep(moment);
    child.kill().unwrap();
    let end = child.wait().unwrap();
    assert!(!matches!(end.code(), Some(0 | 101)), "it ended by itself: {end}");
    said.read_to_end(&mut bytes).unwrap();
    let (words, _) = bytes.as_chunks::<8>();
    words.last().map_or(0, |word| u64::from_le_bytes(*word))
}

/// The records of a folder; none where it was killed before its first segment.
fn read(folder: &Path) -> Vec<Tick> {
    match Recording::open(folder) {
        Ok(mut recording) => recording.read_all().unwrap(),
        Err(TapeError::Empty { .. }) => Vec::new(),
        Err(e) => panic!("{e}"),
    }
}

#[test]
fn killed_two_hundred_times_it_keeps_all_that_was_synced_and_nothing_else() {
    if let (Ok(folder), Ok(before)) = (env::var(FOLDER), env::var(BEFORE)) {
        record_until_killed(Path::new(&folder), before.parse().unwrap());
    }
    let mut rng = Rng::new(20);
    let mut segments = 0;
    for _ in 0..FOLDERS {
        let dir = tempfile::tempdir().unwrap();
        let mut before = 0;
        for kill in 0..KILLS_EACH {
            let moment = Duration::from_micros(rng.next_u64() % 8_000);
            let safe = before + killed(dir.path(), before, rng.next_u32() % 8, moment);
            let found = read(dir.path());
            assert!(found.len() as u64 >= safe, "kill {kill}: {} of {safe} synced records", found.len());
            assert!(found.iter().zip(0..).all(|(found, n)| *found == tick(n)), "kill {kill}: other records");
            before = found.len() as u64;
        }
        assert!(before > 0, "no record of {KILLS_EACH} recorders was read");
        segments += Recording::open(dir.path()).unwrap().segments().len() as u32;
    }
    assert!(segments > FOLDERS * KILLS_EACH, "segments were rolled too: {segments}");
}
