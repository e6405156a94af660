//! Step, frames read ahead and advance differ in how far they go before they return, never in what happens.

mod support;

use support::driver::{Driver, Entry, Mode};
use support::trader::Trader;
use support::{bench_market, random_market};
use tickwright_engine::layout::{hit, status, FRAME_CELLS, INSTRUMENTS_AT};
use tickwright_engine::{Every, Interests};
use tickwright_types::{flags, Tick, TickBlock};

const FILL: u32 = 3;

const LATENCIES: [&str; 3] =
    [r#"{"kind":"none"}"#, r#"{"kind":"fixed","ns":1000000}"#, r#"{"kind":"uniform","min_ns":0,"max_ns":3000000}"#];

/// Everything that a run leaves behind.
#[derive(PartialEq, Eq)]
struct Outcome {
    events: Vec<Entry>,
    reports: (String, String),
    snapshot: Vec<u8>,
    calls: u64,
    /// What the controller saw of the block at its action points, as one number each.
    sights: Vec<u64>,
    /// What every frame showed, but for what only the end of a call can know.
    frames: Vec<[u64; FRAME_CELLS]>,
}

impl Outcome {
    fn fills(&self) -> usize {
        self.events.iter().filter(|entry| entry[0] as u32 == FILL).count()
    }
}

/// Indicators of the first instrument's quotes, which plain records feed too, and bars of its trades.
const READERS: &str = r#""bars":[{"interval_ms":1000}],
    "indicators":[{"name":"ema","kind":"ema","period":20},{"name":"atr","kind":"atr","period":5,"on":"record"}]"#;

/// Readers of trades, bars and mids, and one of quotes of each rarer shape. No record of the first instrument is plain.
const MORE_READERS: &str = r#""bars":[{"interval_ms":1000},{"name":"mids","from":"mids","ticks":20}],
    "indicators":[{"name":"rsi","kind":"rsi","period":3,"on":"bar","bars":"mids"},
        {"name":"bb","kind":"bollinger","period":9},{"name":"vwap","kind":"vwap","period":5},
        {"name":"day","kind":"session_vwap","on":"bar"},{"name":"macd","kind":"macd","fast":2,"slow":4,"signal":3},
        {"name":"max","kind":"max","period":7,"on":"record","instrument":"BBB"},
        {"name":"ema","kind":"ema","period":7,"on":"trade","instrument":"BBB"}]"#;

fn config(instruments: &str, latency: &str, event_ring: usize, readers: &str) -> String {
    format!(
        r#"{{"instruments":[{instruments}],"deposits":{{"USD":"100000","USDT":"100000000"}},"seed":11,
        "entry_latency":{latency},"response_latency":{latency},"sample_ms":20,"markouts_ms":[5,50],
        "event_ring":{event_ring},"frame_ring":64,{readers}}}"#
    )
}

/// Every way of naming action points that there is.
fn action_points() -> Vec<Interests> {
    let never = Interests { every: Every::Never, ..Interests::default() };
    let crosses_ticks = vec![random_market::START_TICKS, 995, 1_005, 99_995, 100_000, 100_010];
    let mut points: Vec<_> = [Every::Record, Every::Nth(2), Every::Nth(7), Every::Nth(100), Every::Message]
        .map(|every| Interests { every, ..Interests::default() })
        .to_vec();
    points.extend([
        Interests { every: Every::Nth(97), own_event: true, ..never.clone() },
        Interests { interval_ns: 3_000_000, ..never.clone() },
        Interests { trade: true, ..never.clone() },
        Interests { best_price: true, ..never.clone() },
        Interests { mid_moved_ticks: 2, ..never.clone() },
        Interests { crosses_ticks, ..never.clone() },
        Interests { bar_close: true, interval_ns: 50_000_000, trade: true, mid_moved_ticks: 1, ..never },
    ]);
    points
}

fn run(config: &str, interests: &Interests, ticks: &TickBlock, mode: Mode) -> Outcome {
    let mut driver = Driver::new(config, interests.clone());
    driver.load(ticks.clone());
    let mut trader = Trader::new(5);
    let (mut frames, mut sights) = (Vec::new(), Vec::new());
    driver.run(
        mode,
        |driver| {
            sights.push(sight(driver));
            trader.act(driver);
        },
        |frame| frames.push(shown(frame)),
    );
    let reports = driver.reports();
    Outcome { reports, snapshot: driver.snapshot(), events: driver.events, calls: trader.calls, sights, frames }
}

fn shown(frame: &[f64]) -> [u64; FRAME_CELLS] {
    let mut bits: [u64; FRAME_CELLS] = std::array::from_fn(|cell| frame[cell].to_bits());
    bits[0] &= !u64::from(u32::MAX) | u64::from(hit::ALL | status::LIVE);
    bits
}

/// The live frame, every instrument's block and the own orders.
fn sight(driver: &Driver) -> u64 {
    let blocks = &driver.cells[INSTRUMENTS_AT..driver.map.orders_at];
    let orders = driver.live().into_iter().map(|(id, state)| u64::from(id) << 32 | u64::from(state));
    let all = shown(&driver.cells).into_iter().chain(blocks.iter().map(|cell| cell.to_bits())).chain(orders);
    all.fold(0xcbf2_9ce4_8422_2325, |hash, bits| (hash ^ bits).wrapping_mul(0x100_0000_01b3).rotate_left(23))
}

/// Runs one market in all modes under all action points and returns the fills of one mode.
fn fills_of_equal_runs(name: &str, instruments: &str, event_ring: usize, readers: &str, ticks: Vec<Tick>) -> usize {
    let records = ticks.len();
    let ticks = TickBlock::from(ticks);
    let mut fills = 0;
    for latency in LATENCIES {
        let config = config(instruments, latency, event_ring, readers);
        for interests in action_points() {
            let step = run(&config, &interests, &ticks, Mode::Step);
            assert_eq!(step.frames.len(), records);
            assert!(step.calls > 0, "{name}, {latency}, {interests:?}: never called");
            fills += step.fills();
            for mode in [Mode::Frames, Mode::Advance] {
                let other = run(&config, &interests, &ticks, mode);
                let what = format!("{name}, {latency}, {interests:?}: step against {mode:?}");
                assert_eq!(step.calls, other.calls, "{what}: calls");
                let same = step.events.iter().zip(&other.events).take_while(|(a, b)| a == b).count();
                assert!(step.events == other.events, "{what}: events differ from number {same} on");
                assert_eq!(step.reports, other.reports, "{what}: reports");
                let same = step.sights.iter().zip(&other.sights).take_while(|(a, b)| a == b).count();
                assert!(step.sights == other.sights, "{what}: the block differs at action point {same}");
                assert!(step.snapshot == other.snapshot, "{what}: snapshots");
                assert!(mode == Mode::Advance || step.frames == other.frames, "{what}: frames");
            }
        }
    }
    fills
}

#[test]
fn step_frames_and_advance_agree_bit_for_bit_on_random_tapes_of_two_instruments() {
    let mut fills = 0;
    for seed in [1, 2] {
        let ticks = random_market::ticks(seed, 4_000, 2);
        fills += fills_of_equal_runs("one venue", &random_market::instruments(["v", "v"]), 4096, READERS, ticks);
    }
    assert!(fills >= 1_000, "only {fills} fills were compared");
}

#[test]
fn step_frames_and_advance_agree_bit_for_bit_on_two_venues_with_a_small_event_ring() {
    let ticks = random_market::ticks(3, 4_000, 2);
    let fills = fills_of_equal_runs("two venues", &random_market::instruments(["a", "b"]), 16, READERS, ticks);
    assert!(fills >= 1_000, "only {fills} fills were compared");
}

#[test]
fn step_frames_and_advance_agree_bit_for_bit_where_trades_bars_and_mids_are_read() {
    let ticks = random_market::ticks(5, 4_000, 2);
    let instruments = random_market::instruments(["v", "v"]);
    let fills = fills_of_equal_runs("more readers", &instruments, 4096, MORE_READERS, ticks);
    assert!(fills >= 500, "only {fills} fills were compared");
}

#[test]
fn records_that_take_the_long_way_round_do_the_same_as_plain_ones() {
    let plain = random_market::ticks(4, 8_000, 2);
    // A flag makes a record anything but plain, and this one moves nothing but the state of the book.
    let flagged: Vec<Tick> = plain.iter().map(|t| Tick { flags: t.flags | flags::BAD_CHECKSUM, ..*t }).collect();
    for latency in LATENCIES {
        let config = config(&random_market::instruments(["a", "b"]), latency, 4096, READERS);
        for interests in action_points() {
            let [short, long] =
                [&plain, &flagged].map(|ticks| run(&config, &interests, &ticks.clone().into(), Mode::Advance));
            assert!(short.events == long.events, "{latency}, {interests:?}: events");
            assert_eq!(short.reports.0, long.reports.0, "{latency}, {interests:?}: ledgers");
        }
    }
}

#[test]
fn step_frames_and_advance_agree_bit_for_bit_when_things_go_wrong() {
    let faults = [
        r#"{"fault":{"kind":"ack_delay","ns":7000000},"share":"0.2"}"#,
        r#"{"fault":{"kind":"lost_ack","timeout_ns":9000000},"share":"0.1"}"#,
        r#"{"fault":{"kind":"duplicate_fill"},"share":"0.3"}"#,
        r#"{"fault":{"kind":"late_fill","ns":20000000},"share":"0.2"}"#,
        r#"{"fault":{"kind":"reject_burst"},"share":"0.1"}"#,
    ]
    .join(",");
    let ticks: TickBlock = random_market::ticks(6, 6_000, 2).into();
    let plain = config(&random_market::instruments(["a", "b"]), LATENCIES[1], 4096, READERS);
    let config = plain.replacen('{', &format!(r#"{{"faults":[{faults}],"#), 1);
    for interests in action_points() {
        let step = run(&config, &interests, &ticks, Mode::Step);
        assert!(!step.reports.1.contains(r#""duplicate_fills":0"#), "{}", step.reports.1);
        for mode in [Mode::Frames, Mode::Advance] {
            let other = run(&config, &interests, &ticks, mode);
            assert!(step.events == other.events && step.sights == other.sights, "{interests:?}: {mode:?}");
            assert!(step.reports == other.reports && step.snapshot == other.snapshot, "{interests:?}: {mode:?}");
        }
    }
}

#[test]
fn step_frames_and_advance_agree_bit_for_bit_on_the_bench_market() {
    let fills = fills_of_equal_runs("bench", bench_market::INSTRUMENT, 4096, READERS, bench_market::ticks(12_000));
    assert!(fills >= 1_000, "only {fills} fills were compared");
}
