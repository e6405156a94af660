//! The `bench` market: a seeded random walk of levels and trades whose W1 and W2 answers other engines agreed on.

use std::collections::BTreeMap;

use tickwright_types::{flags, Rng, Tick, TickKind};

/// One tick size of price and one lot are 0.1 and 0.001.
pub const INSTRUMENT: &str = r#"{"id":"BENCH","venue":"bench","symbol":"BENCH","kind":"linear_perpetual","tick_size":"0.1",
    "lot_size":"0.001","base":"BTC","quote":"USDT","settlement":"USDT"}"#;

struct Generator {
    rng: Rng,
    sides: [BTreeMap<i64, i64>; 2],
}

impl Generator {
    fn draw(&mut self) -> i64 {
        i64::from(self.rng.next_u32())
    }

    fn best(&self, side: usize) -> i64 {
        let book = &self.sides[side];
        *if side == 0 { book.keys().next_back() } else { book.keys().next() }.expect("a side is never empty")
    }

    fn distance(&mut self) -> i64 {
        if self.draw() % 100 >= 95 {
            return self.draw() % 2000;
        }
        let mut count = 0;
        while self.draw() % 9 != 0 {
            count += 1;
        }
        count
    }

    /// Kind (0, 1 level; 2, 3 trade), price and lots of the next record.
    fn record(&mut self, i: usize) -> (usize, i64, i64) {
        if i < 2000 {
            let (side, far) = (i % 2, (i / 2) as i64);
            let price = if side == 0 { 99_999 - far } else { 100_001 + far };
            return self.level(side, price, None);
        }
        if self.draw() % 1000 < 100 {
            let k = (self.draw() % 2) as usize;
            let price = self.best(k);
            return (2 + k, price, 1 + self.draw() % 2000);
        }
        let side = (self.draw() % 2) as usize;
        let d = self.distance();
        let price = if side == 0 { self.best(1) - 1 - d } else { self.best(0) + 1 + d };
        let wants_delete = self.draw() % 100 < 35;
        let can_delete = self.sides[side].contains_key(&price) && self.sides[side].len() > 1;
        self.level(side, price, (wants_delete && can_delete).then_some(0))
    }

    fn level(&mut self, side: usize, price: i64, lots: Option<i64>) -> (usize, i64, i64) {
        let lots = lots.unwrap_or_else(|| 1 + self.draw() % 5000);
        if lots == 0 {
            self.sides[side].remove(&price);
        } else {
            self.sides[side].insert(price, lots);
        }
        (side, price, lots)
    }
}

/// The first `count` records, received 1 ns after the venue made them, each the end of its message.
pub fn ticks(count: usize) -> Vec<Tick> {
    let mut market =
        Generator { rng: Rng::from_state(0x9E37_79B9_7F4A_7C15), sides: [BTreeMap::new(), BTreeMap::new()] };
    let mut ts = 1_700_000_000_000_000_000;
    let mut out = Vec::with_capacity(count);
    for i in 0..count {
        ts += 1000 + market.draw() % 199_001;
        let (kind, price_ticks, size_lots) = market.record(i);
        let is_trade = kind >= 2;
        out.push(Tick {
            recv_ns: ts + 1,
            exch_ns: ts,
            price_ticks,
            size_lots,
            id: i as u64,
            // Kind 2 is a trade by a seller, 3 by a buyer.
            side: if is_trade { 3 - kind as u8 } else { kind as u8 },
            flags: flags::LAST,
            ..Tick::of(if is_trade { TickKind::Trade } else { TickKind::BookDelta })
        });
    }
    out
}
