//! After warm-up the venue does not allocate, whatever is sent: counted, not believed.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicU64, Ordering};

use tickwright_paper::{
    Conditions, FillModel, GroupRule, LatencyModel, MarketView, NewOrder, OrderKind, PaperConfig, PaperVenue, Request,
    TimeInForce,
};
use tickwright_types::{Instrument, Rng, Side};

struct Counting;

static ALLOCATIONS: AtomicU64 = AtomicU64::new(0);

// SAFETY: every call goes to the system's allocator unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        // SAFETY: the caller's contract is the system allocator's.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, ptr: *mut u8, layout: Layout) {
        // SAFETY: the pointer came from `alloc` above.
        unsafe { System.dealloc(ptr, layout) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

/// Ten levels a side around a middle that moves.
struct Ladder {
    middle: i64,
    lots: [[i64; 10]; 2],
}

impl Ladder {
    fn price(&self, side: usize, level: usize) -> i64 {
        self.middle + (1 + level as i64) * if side == 0 { -1 } else { 1 }
    }
}

impl MarketView for Ladder {
    fn best_price(&self, side: usize) -> i64 {
        self.price(side, 0)
    }

    fn best_size(&self, side: usize) -> i64 {
        self.lots[side][0]
    }

    fn size_at(&self, side: usize, price_ticks: i64) -> i64 {
        (0..10).find(|&level| self.price(side, level) == price_ticks).map_or(0, |level| self.lots[side][level])
    }

    fn walk(&self, side: usize, visit: &mut dyn FnMut(i64, i64) -> bool) {
        for level in 0..10 {
            if !visit(self.price(side, level), self.lots[side][level]) {
                return;
            }
        }
    }
}

fn venue(model: &str) -> PaperVenue {
    let perpetual: Instrument = serde_json::from_str(
        r#"{"id":"X","venue":"v","symbol":"X","kind":"linear_perpetual","tick_size":"0.1","lot_size":"0.001",
            "base":"BTC","quote":"USDT","settlement":"USDT","max_leverage":"5"}"#,
    )
    .unwrap();
    let mut config = PaperConfig {
        fill_model: FillModel::named(model).unwrap(),
        entry_latency: LatencyModel::Uniform { min_ns: 0, max_ns: 50_000 },
        response_latency: LatencyModel::Exponential { min_ns: 0, mean_ns: 20_000, max_ns: 90_000 },
        ..PaperConfig::default()
    };
    config.account.deposits.insert("USDT".to_owned(), "5000".parse().unwrap());
    PaperVenue::new(&config, &[perpetual]).unwrap()
}

/// Stops that are reached soon, dates, groups and parents, most orders without.
fn conditions(kind: OrderKind, order_id: u32, now: i64, rng: &mut Rng) -> Conditions {
    let mut conditions = Conditions::NONE;
    if kind == OrderKind::TrailingStop {
        conditions.trail_ticks = 1 + rng.up_to(2) as i64;
    } else if kind.is_stop() {
        conditions.trigger_ticks = 998 + rng.up_to(4) as i64;
    }
    match rng.up_to(9) {
        0 => conditions.until = TimeInForce::Gtd(now + 100_000 + rng.up_to(100_000) as i64),
        1 => conditions.reduce_only = true,
        2 => conditions.parent = rng.up_to(60) as u32,
        3 => conditions.group = order_id,
        4 => (conditions.group, conditions.group_rule) = (rng.up_to(60) as u32, GroupRule::Reduce),
        _ => {}
    }
    conditions
}

/// Orders, amendments, cancels, levels and trades for a number of records.
fn trade(venue: &mut PaperVenue, book: &mut [Ladder; 1], rng: &mut Rng, from: i64, records: i64) {
    for n in from..from + records {
        let now = n * 1_000;
        if venue.next_request_ns() < now {
            venue.process_requests(now, &*book);
        }
        let (side, level) = (rng.up_to(1) as usize, rng.up_to(9) as usize);
        let new_lots = 1 + rng.up_to(40) as i64;
        let old_lots = std::mem::replace(&mut book[0].lots[side][level], new_lots);
        let price = book[0].price(side, level);
        venue.on_level(0, side, price, old_lots, new_lots, book[0].best_price(0), book[0].best_price(1), now);
        venue.on_trade(0, 1 - side as u8, book[0].best_price(side), 1 + rng.up_to(20) as i64, now);
        while venue.pop_event(now).is_some() {}
        let order_id = rng.up_to(60) as u32;
        let side = Side::from_index(rng.up_to(1) as usize);
        let kind = OrderKind::from_u8(rng.up_to(7) as u8).unwrap();
        let price_ticks = book[0].middle + rng.up_to(8) as i64 - 4;
        let size_lots = 1 + rng.up_to(30) as i64;
        let request = match rng.up_to(9) {
            0..=4 => Request::Submit(NewOrder {
                order_id,
                instrument: 0,
                side,
                kind,
                price_ticks,
                size_lots,
                conditions: conditions(kind, order_id, now, rng),
            }),
            5 | 6 => Request::Amend { order_id, price_ticks, size_lots },
            7 | 8 => Request::Cancel { order_id },
            _ => Request::CancelAll { instrument: None },
        };
        venue.send(now, request).unwrap();
    }
}

#[test]
fn after_warm_up_nothing_is_allocated() {
    for model in FillModel::NAMES {
        let (mut venue, mut rng) = (venue(model), Rng::new(1));
        let mut book = [Ladder { middle: 1_000, lots: [[10; 10]; 2] }];
        trade(&mut venue, &mut book, &mut rng, 1, 5_000);
        let (before, fills) = (ALLOCATIONS.load(Ordering::Relaxed), venue.fills());
        trade(&mut venue, &mut book, &mut rng, 5_001, 100_000);
        assert_eq!(ALLOCATIONS.load(Ordering::Relaxed), before, "{model}");
        assert!(venue.fills() > fills + 10_000, "{model}: {} fills", venue.fills() - fills);
    }
}
