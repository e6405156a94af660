//! A controller that trades at random, the same way for the same seed and the same sights.

use tickwright_engine::layout::cell;
use tickwright_types::Rng;

use super::driver::{Conditions, Driver};

/// Orders that may be open at one time.
const MOST_ORDERS: usize = 24;

pub struct Trader {
    rng: Rng,
    /// How often it was called.
    pub calls: u64,
}

impl Trader {
    pub fn new(seed: u64) -> Self {
        Self { rng: Rng::new(seed), calls: 0 }
    }

    /// One decision at an action point.
    pub fn act(&mut self, driver: &mut Driver) {
        self.calls += 1;
        let live = driver.live();
        if live.len() >= MOST_ORDERS {
            return driver.cancel_all();
        }
        match self.rng.up_to(19) {
            0..=9 => self.quote(driver),
            10 => self.take(driver, 2),
            11 => self.take(driver, 3),
            12..=14 if !live.is_empty() => {
                let (id, _) = self.pick(&live);
                let (price, size) = (self.price(driver, 0), 1 + self.rng.up_to(40));
                driver.amend(id, price, size as f64);
            }
            15 | 16 if !live.is_empty() => {
                let (id, _) = self.pick(&live);
                driver.cancel(id);
            }
            17 => driver.cancel_all(),
            18 => self.condition(driver),
            _ => {}
        }
    }

    fn pick(&mut self, live: &[(u32, u32)]) -> (u32, u32) {
        live[self.rng.up_to(live.len() as u64 - 1) as usize]
    }

    fn quote(&mut self, driver: &mut Driver) {
        let (side, order_type) = (self.rng.up_to(1) as u32, self.rng.up_to(1) as u32);
        let (price, size) = (self.price(driver, side), 1 + self.rng.up_to(15));
        driver.submit_on(driver.instrument(), side, order_type, price, size as f64);
    }

    fn take(&mut self, driver: &mut Driver, order_type: u32) {
        let (side, size) = (self.rng.up_to(1) as u32, 1 + self.rng.up_to(25));
        let other = driver.cells[if side == 0 { cell::ASK } else { cell::BID }];
        let price = if other.is_nan() { 1.0 } else { other };
        driver.submit_on(driver.instrument(), side, order_type, price, size as f64);
    }

    /// A stop, a dated or linked order, or a fill-or-kill: what needs more than one command, or bits beyond the type.
    fn condition(&mut self, driver: &mut Driver) {
        let (side, size) = (self.rng.up_to(1) as u32, 1 + self.rng.up_to(25));
        let latest = driver.cells[cell::ORDER_ID].to_bits() as u32;
        let (order_type, price) = match self.rng.up_to(4) {
            4 => (7, 1.0 + self.rng.up_to(3) as f64),
            other => (other as u32 + if other == 0 { 0 } else { 3 }, self.price(driver, side)),
        };
        let is_stop = order_type == 5 || order_type == 6;
        let trigger = if is_stop { self.price(driver, 1 - side) } else { 0.0 };
        let now_us = driver.cells[cell::TS_US];
        let until = if self.rng.up_to(3) == 0 { now_us + 1.0 + self.rng.up_to(50_000) as f64 } else { 0.0 };
        let parent = if self.rng.up_to(3) == 0 { latest } else { 0 };
        let group = [0, latest, latest + 1][self.rng.up_to(2) as usize];
        let terms = (1 + 2 * self.rng.up_to(1) + 4 * self.rng.up_to(1)) as u32 | (self.rng.up_to(3) as u32) << 3;
        let conditions = Conditions { parent, group, trigger, until };
        let what = side | (order_type << 8) | (terms << 16);
        driver.submit_with(driver.instrument(), what, price, size as f64, &conditions);
    }

    /// A price up to two ticks from the own side's best.
    fn price(&mut self, driver: &Driver, side: u32) -> f64 {
        let best = driver.cells[if side == 0 { cell::BID } else { cell::ASK }];
        let offset = self.rng.up_to(4) as f64 - 2.0;
        if best.is_nan() {
            1.0
        } else {
            best + offset
        }
    }
}
