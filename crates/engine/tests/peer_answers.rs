//! The works W1 and W2 that other engines of the field were asked to do, with the answers they agreed on.

mod support;

use support::bench_market;
use support::driver::{Driver, Mode, MODES};
use tickwright_engine::layout::{cell, instrument_cell, INSTRUMENTS_AT};
use tickwright_engine::{Every, Interests};

const FILL: u32 = 3;

struct Answers {
    checksum: f64,
    ema: f64,
    atr: f64,
    fills: usize,
    end_position: f64,
}

fn config() -> String {
    format!(
        r#"{{"instruments":[{}],"fill_model":"hft_no_partial","check_margin":false,
        "entry_latency":{{"kind":"fixed","ns":1000000}},"response_latency":{{"kind":"fixed","ns":1000000}},
        "indicators":[{{"name":"ema","kind":"ema","alpha":0.01,"on":"record"}},
                      {{"name":"atr","kind":"atr","period":14,"on":"record"}}]}}"#,
        bench_market::INSTRUMENT
    )
}

/// Every 100th record: cancel what is open, then quote 1.000 on both sides at the touch.
fn work_two(records: usize, mode: Mode) -> Answers {
    let every = if mode == Mode::Step { Every::Record } else { Every::Nth(100) };
    let mut driver = Driver::new(&config(), Interests { every, ..Interests::default() });
    driver.load(bench_market::ticks(records).into());
    let (mut acted, mut seen, mut checksum) = (0u64, 0u64, 0.0);
    driver.run(
        mode,
        |driver| {
            acted += if mode == Mode::Step { 1 } else { 100 };
            if acted % 100 == 0 {
                driver.cancel_open();
                let (bid, ask) = (driver.cells[cell::BID], driver.cells[cell::ASK]);
                driver.submit(0, 1, bid, 1000.0);
                driver.submit(1, 1, ask, 1000.0);
            }
        },
        |frame| {
            seen += if mode == Mode::Advance { 100 } else { 1 };
            if seen % 1000 == 0 {
                checksum += frame[cell::BID] + frame[cell::ASK];
            }
        },
    );
    Answers {
        checksum,
        ema: driver.cells[INSTRUMENTS_AT + instrument_cell::INDICATORS],
        atr: driver.cells[INSTRUMENTS_AT + instrument_cell::INDICATORS + 1],
        fills: driver.count(FILL),
        end_position: driver.cells[INSTRUMENTS_AT + instrument_cell::POSITION] / 1000.0,
    }
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * b.abs()
}

#[test]
fn the_bench_market_gives_the_agreed_answers_in_every_mode() {
    for mode in MODES {
        let answers = work_two(100_000, mode);
        assert_eq!(answers.fills, 1_443, "{mode:?}");
        assert_eq!(answers.end_position, 1.0, "{mode:?}");
        assert_eq!(answers.checksum, 20_010_049.0, "{mode:?}");
        assert!(close(answers.ema, 10012.572676284011), "{mode:?}: {}", answers.ema);
        assert!(close(answers.atr, 0.12533968478420324), "{mode:?}: {}", answers.atr);
    }
}

#[test]
fn a_million_records_of_the_bench_market_give_the_agreed_answers() {
    let answers = work_two(1_000_000, Mode::Advance);
    assert_eq!((answers.fills, answers.end_position, answers.checksum), (14_907, 43.0, 200_335_256.0));
    assert!(close(answers.ema, 10007.452418380764) && close(answers.atr, 0.1568705064622766));
}
