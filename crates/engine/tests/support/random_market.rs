//! Random tapes of several instruments: messages of one or more records, trades, snapshots, gaps, funding, silences,
//! records of one time and exchange times that run backwards.

use std::collections::BTreeMap;

use tickwright_types::{flags, Rng, Tick, TickKind};

/// When the tapes begin, in ns since the Unix epoch.
pub const START_NS: i64 = 1_700_000_000_000_000_000;

/// Where the prices begin, in ticks.
pub const START_TICKS: i64 = 1_000;

/// Two instruments, on the named venues. One tick is 0.5, one lot 0.01.
pub fn instruments(venues: [&str; 2]) -> String {
    let one = |id: &str, venue: &str| {
        format!(
            r#"{{"id":"{id}","venue":"{venue}","symbol":"{id}","kind":"linear_perpetual","tick_size":"0.5",
            "lot_size":"0.01","base":"{id}","quote":"USD","settlement":"USD","max_leverage":"20"}}"#
        )
    };
    format!("{},{}", one("AAA", venues[0]), one("BBB", venues[1]))
}

struct RandomMarket {
    rng: Rng,
    now_ns: i64,
    id: u64,
    books: Vec<[BTreeMap<i64, i64>; 2]>,
    out: Vec<Tick>,
}

/// At least `count` records of `instruments` instruments, the last of them the end of its message.
pub fn ticks(seed: u64, count: usize, instruments: usize) -> Vec<Tick> {
    let books = vec![[BTreeMap::new(), BTreeMap::new()]; instruments];
    let mut market = RandomMarket { rng: Rng::new(seed), now_ns: START_NS, id: 0, books, out: Vec::new() };
    for instrument in 0..instruments {
        market.build(instrument);
        market.snapshot(instrument);
    }
    while market.out.len() < count {
        let instrument = market.rng.up_to(instruments as u64 - 1) as usize;
        market.message(instrument);
    }
    market.out
}

impl RandomMarket {
    fn best(&self, instrument: usize, side: usize) -> i64 {
        let book = &self.books[instrument][side];
        *if side == 0 { book.keys().next_back() } else { book.keys().next() }.expect("a side is never empty")
    }

    fn build(&mut self, instrument: usize) {
        for far in 1..=10 {
            self.books[instrument][0].insert(START_TICKS - far, 10);
            self.books[instrument][1].insert(START_TICKS + far, 10);
        }
    }

    fn message(&mut self, instrument: usize) {
        self.now_ns += match self.rng.up_to(999) {
            0..=99 => 0,
            100 => 2_500_000_000,
            _ => self.rng.up_to(800_000) as i64,
        };
        self.id += 1;
        match self.rng.up_to(99) {
            0 => self.snapshot(instrument),
            1 => {
                self.level(instrument);
                self.out.last_mut().expect("a level").flags |= flags::GAP;
            }
            2 => {
                let rate = self.rng.up_to(2_000_000) as i64 - 1_000_000;
                self.put(instrument, TickKind::FundingRate, 2, rate, 0);
            }
            3 => self.put(instrument, TickKind::Timer, 2, 0, 0),
            4..=39 => self.trade(instrument),
            _ => {
                for _ in 0..=self.rng.up_to(3) {
                    self.level(instrument);
                }
                if self.rng.up_to(9) == 0 {
                    self.trade(instrument);
                }
            }
        }
        self.out.last_mut().expect("a message has records").flags |= flags::LAST;
    }

    fn level(&mut self, instrument: usize) {
        let side = self.rng.up_to(1) as usize;
        let mut distance = 1;
        while self.rng.up_to(3) != 0 {
            distance += 1;
        }
        let away = if side == 0 { -1 } else { 1 };
        let price_ticks = self.best(instrument, side ^ 1) + away * distance;
        let book = &mut self.books[instrument][side];
        let gone = book.len() > 1 && book.contains_key(&price_ticks) && self.rng.up_to(99) < 45;
        let size_lots = if gone { 0 } else { 1 + self.rng.up_to(30) as i64 };
        if gone {
            book.remove(&price_ticks);
        } else {
            book.insert(price_ticks, size_lots);
        }
        self.put(instrument, TickKind::BookDelta, side as u8, price_ticks, size_lots);
    }

    fn trade(&mut self, instrument: usize) {
        let aggressor = self.rng.up_to(2) as u8;
        let hit = usize::from(aggressor == 0);
        let price_ticks = self.best(instrument, hit) + self.rng.up_to(2) as i64 - 1;
        let size_lots = 1 + self.rng.up_to(20) as i64;
        self.put(instrument, TickKind::Trade, aggressor, price_ticks, size_lots);
    }

    fn snapshot(&mut self, instrument: usize) {
        if self.rng.up_to(3) == 0 {
            self.put(instrument, TickKind::BookClear, 2, 0, 0);
        }
        self.put(instrument, TickKind::SnapshotBegin, 2, 0, 0);
        for side in 0..2 {
            for (price_ticks, size_lots) in self.books[instrument][side].clone() {
                self.put(instrument, TickKind::SnapshotLevel, side as u8, price_ticks, size_lots);
            }
        }
        self.put(instrument, TickKind::SnapshotEnd, 2, 0, 0);
        self.out.last_mut().expect("an end").flags |= flags::LAST;
    }

    fn put(&mut self, instrument: usize, kind: TickKind, side: u8, price_ticks: i64, size_lots: i64) {
        let exch_ns = self.now_ns - self.rng.up_to(2_000_000) as i64;
        let (recv_ns, id, instrument) = (self.now_ns, self.id, instrument as u16);
        self.out.push(Tick { recv_ns, exch_ns, price_ticks, size_lots, id, instrument, side, ..Tick::of(kind) });
    }
}
