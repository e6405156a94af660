//! A run that is stopped, saved, restored and continued equals an uninterrupted one byte for byte.

mod support;

use support::driver::{Driver, Entry, Mode, MODES};
use support::trader::Trader;
use support::{bench_market, random_market};
use tickwright_engine::layout::cell;
use tickwright_engine::{Engine, EngineConfig, Every, Interests, LiveBooks, Memory};
use tickwright_types::TickBlock;

fn config(seed: u64) -> String {
    format!(
        r#"{{"instruments":[{}],"deposits":{{"USD":"100000"}},"seed":{seed},
        "entry_latency":{{"kind":"uniform","min_ns":0,"max_ns":3000000}},
        "response_latency":{{"kind":"exponential","min_ns":1000,"mean_ns":500000,"max_ns":9000000}},
        "fill_model":"probabilistic","sample_ms":20,"markouts_ms":[5,50],
        "bars":[{{"interval_ms":1000}},{{"from":"mids","ticks":9,"name":"mids"}}],
        "indicators":[{{"name":"ema","kind":"ema","period":20}},{{"name":"atr","kind":"atr","period":5,"on":"record"}},
                      {{"name":"sma","kind":"sma","period":9}},{{"name":"std","kind":"std","period":30,"on":"record"}},
                      {{"name":"rsi","kind":"rsi","period":5,"on":"bar","bars":"mids"}},
                      {{"name":"vwap","kind":"vwap","period":5}},{{"name":"bb","kind":"bollinger","period":5}}]}}"#,
        random_market::instruments(["a", "b"])
    )
}

fn interests() -> Interests {
    Interests { every: Every::Nth(7), trade: true, own_event: true, interval_ns: 5_000_000, ..Interests::default() }
}

fn market() -> TickBlock {
    random_market::ticks(21, 6_000, 2).into()
}

fn load_one(driver: &mut Driver) {
    driver.load(market());
}

/// One instrument of each run, the second under another number.
fn load_merged(driver: &mut Driver) {
    let of = |seed| TickBlock::from(random_market::ticks(seed, 3_000, 1));
    driver.engine.load_merged(vec![(of(22), vec![1]), (of(23), vec![0])]);
}

fn load_repeated(driver: &mut Driver) {
    driver.engine.load_repeated(random_market::ticks(24, 2_000, 2).into(), 3);
}

/// The run in pieces that end after those numbers of records; every piece is a new engine.
fn run(load: fn(&mut Driver), pieces: &[u64], mode: Mode) -> (Vec<Entry>, Vec<u8>, (String, String)) {
    let mut trader = Trader::new(9);
    let mut events = Vec::new();
    let mut saved: Option<Vec<u8>> = None;
    for piece in pieces.iter().copied().map(Some).chain([None]) {
        let mut driver = Driver::new(&config(1), interests());
        load(&mut driver);
        if let Some(bytes) = &saved {
            driver.engine.restore(bytes, &mut Memory::new(&mut driver.cells)).expect("a good snapshot");
            assert!(&driver.snapshot() == bytes, "saved again at once, the bytes are others");
            driver.engine.set_interests(interests()).expect("the same interests");
        }
        driver.engine.stop_after(piece);
        driver.run(mode, |driver| trader.act(driver), |_| {});
        events.append(&mut driver.events);
        saved = Some(driver.snapshot());
        if piece.is_none() {
            return (events, driver.snapshot(), driver.reports());
        }
    }
    unreachable!("the last piece has no end")
}

#[test]
fn a_run_in_pieces_equals_an_uninterrupted_one_byte_for_byte() {
    for (load, name) in [(load_one as fn(&mut Driver), "one"), (load_merged, "merged"), (load_repeated, "repeated")] {
        for mode in MODES {
            let whole = run(load, &[], mode);
            let fills = whole.0.iter().filter(|entry| entry[0] as u32 == 3).count();
            assert!(fills > 100, "{name}: only {fills} fills");
            for pieces in [&[1u64][..], &[2_500], &[700, 1, 6, 1_400, 1_999]] {
                let parts = run(load, pieces, mode);
                assert!(parts.0 == whole.0, "{name}, {mode:?}, {pieces:?}: events");
                assert_eq!(parts.2, whole.2, "{name}, {mode:?}, {pieces:?}: reports");
                assert!(parts.1 == whole.1, "{name}, {mode:?}, {pieces:?}: final snapshots");
            }
        }
    }
}

/// A driver that has done 500 records and traded.
fn half_way() -> Driver {
    let mut driver = Driver::new(&config(1), interests());
    driver.load(market());
    driver.engine.stop_after(Some(500));
    let mut trader = Trader::new(9);
    driver.run(Mode::Advance, |driver| trader.act(driver), |_| {});
    driver
}

fn refused(driver: &mut Driver, bytes: &[u8], reason: &str) {
    let error = driver.engine.restore(bytes, &mut Memory::new(&mut driver.cells)).unwrap_err();
    assert_eq!(error.code(), "E_SNAPSHOT");
    assert!(error.to_string().contains(reason), "{error}");
}

#[test]
fn damaged_or_cut_bytes_are_refused_wherever_the_damage_is() {
    let bytes = half_way().snapshot();
    let mut driver = Driver::new(&config(1), interests());
    driver.load(market());
    for at in (8..bytes.len()).step_by(997).chain([8, 39, 40, bytes.len() - 1]) {
        let mut damaged = bytes.clone();
        damaged[at] ^= 0x10;
        refused(&mut driver, &damaged, "hash does not match");
        refused(&mut driver, &bytes[..at], "hash does not match");
    }
    let mut longer = bytes.clone();
    longer.push(0);
    refused(&mut driver, &longer, "hash does not match");
    for other in [&b""[..], b"TWSNAP99", b"PAR1PAR1PAR1", &bytes[1..]] {
        refused(&mut driver, other, "no snapshot of this version");
    }
    driver.engine.restore(&bytes, &mut Memory::new(&mut driver.cells)).expect("the engine is as it was");
}

#[test]
fn a_snapshot_of_another_config_is_refused() {
    let bytes = half_way().snapshot();
    let mut driver = Driver::new(&config(2), interests());
    driver.load(market());
    refused(&mut driver, &bytes, "another config");
}

#[test]
fn an_engine_with_too_few_ticks_is_left_as_it_was() {
    let bytes = half_way().snapshot();
    let loads: [fn(&mut Driver); 3] = [
        |driver| driver.load(random_market::ticks(21, 300, 2).into()),
        |driver| driver.engine.load_repeated(random_market::ticks(21, 100, 1).into(), 2),
        |driver| driver.engine.load_merged(vec![(random_market::ticks(21, 400, 1).into(), vec![0])]),
    ];
    for load in loads {
        let mut driver = Driver::new(&config(1), interests());
        load(&mut driver);
        refused(&mut driver, &bytes, "it stands at record 500, but the ticks loaded now are fewer");
        driver.run(Mode::Advance, |_| {}, |_| {});
        assert!(driver.engine.records() > 150, "only {} records are left", driver.engine.records());
    }
}

#[test]
fn an_engine_that_has_run_takes_no_snapshot_up() {
    let mut driver = half_way();
    let bytes = driver.snapshot();
    refused(&mut driver, &bytes, "has already run");
}

#[test]
fn nothing_is_saved_while_news_waits_to_be_read() {
    let config = format!(r#"{{"instruments":[{}],"check_margin":false}}"#, bench_market::INSTRUMENT);
    let mut driver = Driver::new(&config, Interests { every: Every::Record, ..Interests::default() });
    driver.load(bench_market::ticks(2_100).into());
    driver.submit(0, 0, 1.0, 1.0);
    driver.step().expect("a record");
    let error = driver.engine.snapshot(&mut Memory::new(&mut driver.cells)).unwrap_err();
    assert_eq!(error.code(), "E_SNAPSHOT");
    assert!(error.to_string().contains("events wait"), "{error}");
    driver.drain();
    driver.snapshot();
}

#[test]
fn commands_that_wait_are_sent_before_saving() {
    let config = format!(r#"{{"instruments":[{}],"check_margin":false}}"#, bench_market::INSTRUMENT);
    let interests = Interests { every: Every::Record, ..Interests::default() };
    let ticks = TickBlock::from(bench_market::ticks(50));
    let mut saved = Driver::new(&config, interests.clone());
    saved.load(ticks.clone());
    saved.step().expect("a record");
    let id = saved.submit(0, 0, 1.0, 7.0);
    let bytes = saved.snapshot();
    let mut restored = Driver::new(&config, interests);
    restored.load(ticks);
    restored.engine.restore(&bytes, &mut Memory::new(&mut restored.cells)).expect("a good snapshot");
    assert_eq!((restored.live(), restored.live()), (vec![(id, 1)], saved.live()), "pending new");
    for driver in [&mut saved, &mut restored] {
        driver.step().expect("a record");
        driver.drain();
    }
    assert_eq!(restored.events, saved.events);
    assert_eq!(restored.cells[cell::ORDER_ID].to_bits() as u32, id, "ids go on after the latest one");
}

#[test]
fn nothing_is_saved_while_live_ticks_wait() {
    let config = EngineConfig::from_json(&format!(r#"{{"instruments":[{}]}}"#, bench_market::INSTRUMENT)).unwrap();
    let mut cells = vec![0.0; config.layout().unwrap().cells];
    let memory = &mut Memory::new(&mut cells);
    let mut engine = Engine::new(config, memory).unwrap();
    engine.go_live(16, LiveBooks::Await).unwrap();
    engine.push(&bench_market::ticks(3)).unwrap();
    assert_eq!(engine.snapshot(memory).unwrap_err().code(), "E_SNAPSHOT", "three in the queue");
    engine.step(memory).unwrap();
    assert_eq!(engine.snapshot(memory).unwrap_err().code(), "E_SNAPSHOT", "two out of the queue, not done yet");
    engine.step(memory).unwrap();
    engine.step(memory).unwrap();
    engine.snapshot(memory).expect("all three are done");
}
