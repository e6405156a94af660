//! Money and sizes under random orders and random markets: after every record the accounts add up exactly, and the news
//! alone tells the same positions, fees and funding as the ledger.

mod support;

use std::collections::BTreeMap;

use proptest::prelude::*;
use support::driver::{Driver, Entry};
use support::random_market;
use support::trader::Trader;
use tickwright_engine::layout::status;
use tickwright_engine::{Every, Interests, LedgerReport};

const ACCEPTED: u32 = 1;
const FILL: u32 = 3;
const CANCELLED: u32 = 4;
const EXPIRED: u32 = 5;
const AMENDED: u32 = 6;
const FUNDING: u32 = 9;

const MONEY_ONE: i128 = 1_000_000_000_000;

/// Lots of the spot instrument's base asset at the start.
const BASE_LOTS: i64 = 20_000;

/// A spot and a linear instrument of one account, and a linear one elsewhere whose tick × lot is the smallest unit of
/// money there is; fees that have to be rounded.
fn config(fill_model: &str, latency: &str) -> String {
    let one = |id: &str, venue: &str, kind: &str, tick: &str, lot: &str| {
        format!(
            r#"{{"id":"{id}","venue":"{venue}","symbol":"{id}","kind":"{kind}","tick_size":"{tick}","lot_size":"{lot}",
            "base":"BTC","quote":"USD","settlement":"USD","maker_fee":"-0.0000333","taker_fee":"0.000555","max_leverage":"5"}}"#
        )
    };
    let spot = one("SPOT", "v", "spot", "0.07", "0.003");
    let linear = one("PERP", "v", "linear_perpetual", "0.5", "0.01");
    let fine = one("FINE", "w", "linear_perpetual", "0.000001", "0.000001");
    format!(
        r#"{{"instruments":[{spot},{linear},{fine}],"deposits":{{"USD":"100000.000000000001","BTC":"60"}},"seed":3,
        "fill_model":"{fill_model}","entry_latency":{latency},"response_latency":{latency}}}"#
    )
}

/// A decimal of at most twelve places in units of 1e-12.
fn units(text: &str) -> i128 {
    let (negative, digits) = text.strip_prefix('-').map_or((false, text), |digits| (true, digits));
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    assert!(part.len() <= 12, "{text} is finer than money");
    let amount = whole.parse::<i128>().unwrap() * MONEY_ONE + format!("{part:0<12}").parse::<i128>().unwrap();
    if negative {
        -amount
    } else {
        amount
    }
}

/// What the news of one order says so far.
#[derive(Default)]
struct Told {
    size: i64,
    filled: i64,
    leaves: i64,
    over: bool,
}

/// What the news alone says.
#[derive(Default)]
struct Books {
    orders: BTreeMap<u32, Told>,
    lots: [i64; 3],
    fees: [i128; 3],
    funding: [i128; 3],
    fills: usize,
    payments: usize,
}

impl Books {
    fn take(&mut self, entry: &Entry) {
        let (kind, id) = (entry[0] as u32, entry[1] as u32);
        let what = (entry[1] >> 32) as u32;
        let (instrument, side) = ((what & 0xffff) as usize, what >> 16);
        let lots = |cell: usize| f64::from_bits(entry[cell]) as i64;
        let money = i128::from(entry[10]) | (i128::from(entry[11] as i64) << 64);
        if kind == FUNDING {
            self.funding[instrument] += money;
            self.payments += 1;
            return;
        }
        let told = self.orders.entry(id).or_default();
        match kind {
            ACCEPTED => *told = Told { size: lots(3), leaves: lots(3), ..Told::default() },
            AMENDED => (told.size, told.leaves) = (lots(3), lots(3) - told.filled),
            FILL => {
                let signed = if side == 0 { lots(3) } else { -lots(3) };
                assert!(!told.over && lots(3) > 0 && lots(3) <= told.leaves, "order {id} fills beyond its size");
                told.filled += lots(3);
                told.leaves -= lots(3);
                self.lots[instrument] += signed;
                self.fees[instrument] += money;
                self.fills += 1;
            }
            CANCELLED | EXPIRED => told.over = true,
            _ => return,
        }
        // Fills + leaves + what was cancelled = size, at every moment of an order's life.
        assert_eq!((lots(4), lots(5)), (told.leaves, told.filled), "order {id}: leaves and filled");
        assert_eq!(told.filled + told.leaves, told.size, "order {id}");
    }

    fn check(&self, ledger: &LedgerReport) {
        for asset in &ledger.assets {
            let [deposits, realized, unrealized, fees, funding, equity] =
                [&asset.deposits, &asset.realized, &asset.unrealized, &asset.fees, &asset.funding, &asset.equity]
                    .map(|text| units(text));
            assert_eq!(deposits + realized + unrealized - fees + funding, equity, "{asset:?}");
        }
        for (index, report) in ledger.instruments.iter().enumerate() {
            let opening = if index == 0 { BASE_LOTS } else { 0 };
            let lots: i64 = report.position_lots.parse().unwrap();
            assert_eq!(lots, opening + self.lots[index], "{}: position against the sum of fills", report.id);
            assert_eq!(units(&report.fees), self.fees[index], "{}: fees", report.id);
            assert_eq!(units(&report.funding), self.funding[index], "{}: funding", report.id);
        }
    }
}

/// Trades at random and checks after every record; fills and funding payments.
fn trade(config: &str, market: u64, trader: u64, records: usize) -> (usize, usize) {
    let mut driver = Driver::new(config, Interests { every: Every::Record, ..Interests::default() });
    driver.load(random_market::ticks(market, records, 3).into());
    let (mut trader, mut books) = (Trader::new(trader), Books::default());
    while driver.step().expect("a good record") & status::END == 0 {
        driver.drain();
        driver.events.iter().for_each(|entry| books.take(entry));
        driver.events.clear();
        books.check(&driver.engine.ledger());
        trader.act(&mut driver);
    }
    for (id, _) in driver.live() {
        assert!(!books.orders.get(&id).is_some_and(|told| told.over), "order {id} is over but still listed");
    }
    (books.fills, books.payments)
}

const LATENCIES: [&str; 3] =
    [r#"{"kind":"none"}"#, r#"{"kind":"fixed","ns":1000000}"#, r#"{"kind":"uniform","min_ns":0,"max_ns":3000000}"#];

const MODELS: [&str; 4] = ["conservative", "probabilistic", "hft_no_partial", "hft_partial"];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn accounts_add_up_exactly_after_every_record(
        model in prop::sample::select(MODELS.to_vec()), latency in prop::sample::select(LATENCIES.to_vec()),
        market: u64, trader: u64, records in 1usize..1_200,
    ) {
        trade(&config(model, latency), market, trader, records);
    }
}

#[test]
fn long_runs_under_every_fill_model_add_up_with_hundreds_of_fills_and_funding_payments() {
    for (n, model) in MODELS.into_iter().enumerate() {
        let (fills, payments) = trade(&config(model, LATENCIES[n % 3]), 50 + n as u64, 60, 8_000);
        assert!(fills > 500, "{model}: only {fills} fills");
        assert!(payments > 10, "{model}: only {payments} funding payments");
    }
}
