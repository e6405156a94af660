//! What the block shows of the last record: the same in every mode, and after a restore.

mod support;

use support::driver::{Driver, Mode, MODES};
use support::random_market;
use tickwright_engine::layout::{cell, status, FRAME_CELLS};
use tickwright_engine::{Every, Interests, LiveBooks, Memory};
use tickwright_types::Tick;

fn driver(every: Every, ticks: &[Tick]) -> Driver {
    let config = format!(r#"{{"instruments":[{}]}}"#, random_market::instruments(["a", "b"]));
    let mut driver = Driver::new(&config, Interests { every, ..Interests::default() });
    driver.load(ticks.to_vec().into());
    driver
}

/// What is written on request.
fn details(driver: &mut Driver) -> Vec<u64> {
    driver.engine.write_details(&mut Memory::new(&mut driver.cells));
    driver.cells[cell::RECV_NS..=cell::RECORDS].iter().map(|cell| cell.to_bits()).collect()
}

/// The live frame but for its status word, then the details.
fn shown(driver: &mut Driver) -> Vec<u64> {
    let details = details(driver);
    let what = driver.cells[cell::HEAD].to_bits() >> 32;
    let frame = driver.cells[1..FRAME_CELLS].iter().map(|cell| cell.to_bits());
    [what].into_iter().chain(frame).chain(details).collect()
}

#[test]
fn at_the_end_each_mode_shows_the_last_record_though_it_was_no_action_point() {
    let ticks = random_market::ticks(19, 1_234, 2);
    let mut each = driver(Every::Record, &ticks);
    each.run(Mode::Step, |_| {}, |_| {});
    let expected = shown(&mut each);
    let last = ticks.last().unwrap();
    assert_eq!(each.cells[cell::TS_US], (last.recv_ns / 1_000) as f64);
    for mode in MODES {
        let mut driver = driver(Every::Nth(1_000), &ticks);
        driver.run(mode, |_| {}, |_| {});
        assert_ne!(driver.word & status::END, 0);
        assert_eq!(shown(&mut driver), expected, "{mode:?}");
    }
}

#[test]
fn a_live_queue_that_runs_dry_shows_its_last_record_too() {
    let ticks = random_market::ticks(20, 300, 2);
    let mut live = driver(Every::Nth(1_000), &[]);
    live.engine.go_live(1_000, LiveBooks::Await).unwrap();
    let mut tape = driver(Every::Record, &ticks);
    for part in ticks.chunks(77) {
        live.engine.push(part).unwrap();
        assert_ne!(live.advance().unwrap() & status::IDLE, 0);
        for _ in part {
            tape.step().unwrap();
            tape.drain();
        }
        assert_eq!(shown(&mut live), shown(&mut tape));
    }
}

#[test]
fn before_the_first_record_there_is_none_to_show() {
    for mode in [Mode::Step, Mode::Advance] {
        let mut driver = driver(Every::Record, &[]);
        driver.run(mode, |_| {}, |_| {});
        assert_eq!((driver.word & status::END, driver.cells[cell::TS_US]), (status::END, 0.0));
    }
}

#[test]
fn a_restored_engine_gives_the_details_of_the_record_it_was_saved_at() {
    let ticks = random_market::ticks(21, 900, 2);
    let mut saved = driver(Every::Record, &ticks);
    for _ in 0..555 {
        saved.step().unwrap();
        saved.drain();
    }
    let bytes = saved.snapshot();
    let mut restored = driver(Every::Record, &ticks);
    restored.engine.restore(&bytes, &mut Memory::new(&mut restored.cells)).unwrap();
    assert_eq!(details(&mut restored), details(&mut saved));
    assert_eq!(restored.cells[cell::EXCH_NS].to_bits() as i64, ticks[554].exch_ns);
}
