//! How far queue models are from what became of recorded orders.
//!
//! In a market by order the fate of every resting order is known. A watched order is taken out of the levels, and a
//! simulated one of the same size, a ghost, stands in its place. Each model sees levels and trades only.

mod day;
mod ghost;
mod models;
mod report;

use tickwright_book::{BookConfig, L2Book, L3Book};
use tickwright_types::{flags, Instrument, Tick, TickKind, NO_SIDE};

pub use day::{esh4, read, OPEN_NS};
use ghost::{Change, Ghost, Sample};
use models::{Level, Models};
use report::Fate;
pub use report::{Report, Row};

/// When the models see what an event did to the levels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LevelsAfter {
    /// Once at its end, as feeds of levels tell it.
    Event,
    /// At each of its records, as the engine shows a tape by order.
    Record,
}

/// Watches orders that join from `from_ns` on, in records by order of one instrument.
pub fn measure(ticks: &[Tick], instrument: &Instrument, from_ns: i64, levels: LevelsAfter) -> Report {
    let mut replay = Replay::new(ticks, instrument, from_ns);
    for tick in ticks {
        replay.record(tick, levels);
    }
    for number in std::mem::take(&mut replay.resting) {
        replay.note_end(number);
    }
    replay.report()
}

struct Replay {
    sample: Sample,
    now_ns: i64,
    orders: L3Book,
    levels: L2Book,
    models: Models,
    ghosts: Vec<Ghost>,
    /// Fates of all ghosts: one list a model, and last the one by order.
    got: Vec<Vec<Fate>>,
    /// Ghosts whose recorded order rests.
    resting: Vec<usize>,
    /// Ghosts that outlived their recorded order, which was filled.
    outliving: Vec<usize>,
    /// Sides and prices that changed since the levels were shown.
    changed: Vec<(usize, i64)>,
    /// Trades of the event so far: price and lots.
    traded: Vec<(i64, i64)>,
    /// Side of the last trade's aggressor.
    aggressor: u8,
}

impl Replay {
    fn new(ticks: &[Tick], instrument: &Instrument, from_ns: i64) -> Self {
        let room = ticks.iter().filter(|tick| tick.exch_ns >= from_ns && tick.kind() == Some(TickKind::OrderAdd));
        let models = Models::new((room.count() / 4).max(1), instrument);
        Self {
            sample: Sample::new(from_ns),
            now_ns: i64::MIN,
            orders: L3Book::default(),
            levels: L2Book::new(BookConfig::default()),
            got: vec![Vec::new(); models.names().count() + 1],
            models,
            ghosts: Vec::new(),
            resting: Vec::new(),
            outliving: Vec::new(),
            changed: Vec::new(),
            traded: Vec::new(),
            aggressor: NO_SIDE,
        }
    }

    fn record(&mut self, tick: &Tick, levels: LevelsAfter) {
        self.now_ns = self.now_ns.max(tick.exch_ns);
        let is_add = tick.kind() == Some(TickKind::OrderAdd);
        let watched = self.sample.takes(tick, is_add, &self.levels);
        match tick.kind() {
            Some(TickKind::Trade) => self.trade(tick),
            Some(TickKind::OrderExecute) if tick.flags & flags::REPORT != 0 => self.executed(tick),
            _ => self.change(tick),
        }
        if watched {
            self.join(tick);
        }
        if tick.is_last() || levels == LevelsAfter::Record {
            self.show_levels();
        }
        if tick.is_last() {
            self.traded.clear();
            self.retire();
        }
    }

    /// The levels are those before the order came.
    fn join(&mut self, tick: &Tick) {
        let shown_lots = self.levels.size_at(usize::from(tick.side), tick.price_ticks);
        let (number, ghost) = (self.ghosts.len(), Ghost::new(tick, shown_lots));
        self.models.join(number, &ghost, self.now_ns, &self.levels);
        self.got.iter_mut().for_each(|fates| fates.push(Fate::default()));
        self.ghosts.push(ghost);
        self.resting.push(number);
    }

    fn live(&self) -> Vec<usize> {
        self.resting.iter().chain(&self.outliving).copied().collect()
    }

    fn trade(&mut self, tick: &Tick) {
        let earlier = self.traded.iter().filter(|(price_ticks, _)| *price_ticks == tick.price_ticks);
        let met_lots = earlier.map(|(_, lots)| lots).sum();
        self.aggressor = tick.side;
        self.traded.push((tick.price_ticks, tick.size_lots));
        let by_order = self.got.len() - 1;
        for number in self.live() {
            let ghost = &self.ghosts[number];
            if tick.side == ghost.order.side || !ghost.is_reached(tick.price_ticks) {
                continue;
            }
            let left_lots = ghost.order.size_lots - self.got[by_order][number].lots;
            let lots = ghost.reached_by(tick, met_lots, &self.orders).min(left_lots);
            self.give(by_order, number, lots);
            self.models.trade(number, tick, self.now_ns);
        }
        self.hear();
    }

    /// An order on the aggressor's side was moved across the spread by its owner: it took.
    fn executed(&mut self, tick: &Tick) {
        let Some(number) = self.watched(tick.id) else { return };
        if tick.side == self.aggressor {
            self.withdraw(number);
        } else {
            self.ghosts[number].executed(tick.size_lots, self.now_ns);
        }
    }

    fn change(&mut self, tick: &Tick) {
        let before = self.orders.apply(tick).expect("a record that fits the book");
        let after = self.orders.order(tick.id);
        self.changed.extend(before.iter().chain(&after).map(|order| (usize::from(order.side), order.price_ticks)));
        if let (Some(before), Some(number)) = (before, self.watched(tick.id)) {
            if matches!(self.ghosts[number].changed(&before, after), Change::Withdrawn) {
                self.withdraw(number);
            }
        }
    }

    fn withdraw(&mut self, number: usize) {
        self.note_end(number);
        self.resting.retain(|&other| other != number);
    }

    fn watched(&self, id: u64) -> Option<usize> {
        self.resting.iter().copied().find(|&number| self.ghosts[number].order.id == id)
    }

    /// Brings changed levels into the book and before every ghost that they concern.
    fn show_levels(&mut self) {
        let mut changed = std::mem::take(&mut self.changed);
        changed.sort_unstable();
        changed.dedup();
        for &(side, price_ticks) in &changed {
            self.levels.apply_level(side, price_ticks, self.orders.size_at(side, price_ticks));
        }
        let best = [0, 1].map(|side| self.levels.best_price(side));
        for &(side, price_ticks) in &changed {
            for number in self.live() {
                self.show_level(number, side, price_ticks, best);
            }
        }
        changed.clear();
        self.changed = changed;
        self.hear();
    }

    fn show_level(&mut self, number: usize, side: usize, price_ticks: i64, best: [i64; 2]) {
        let ghost = &mut self.ghosts[number];
        let (old_lots, new_lots) = if usize::from(ghost.order.side) != side {
            let lots = self.levels.size_at(side, price_ticks);
            (lots, lots)
        } else if price_ticks == ghost.order.price_ticks {
            let lots = ghost.others_lots(&self.orders);
            (std::mem::replace(&mut ghost.shown_lots, lots), lots)
        } else {
            return;
        };
        let concerns =
            if usize::from(ghost.order.side) == side { old_lots != new_lots } else { ghost.is_reached(price_ticks) };
        if concerns {
            self.models.level(number, Level { side, price_ticks, old_lots, new_lots, best }, self.now_ns);
        }
    }

    fn hear(&mut self) {
        for (model, number, lots) in self.models.take_fills() {
            self.give(model, number, lots);
        }
    }

    fn give(&mut self, model: usize, number: usize, lots: i64) {
        if lots > 0 {
            self.got[model][number].add(lots, self.now_ns, self.ghosts[number].order.size_lots);
        }
    }

    fn note_end(&mut self, number: usize) {
        let fates = self.got.iter_mut().map(|fates| &mut fates[number]);
        for fate in fates.chain([&mut self.ghosts[number].truth]) {
            fate.lots_at_end = fate.lots;
        }
    }

    /// After an event: ghosts of filled orders live on until every model has filled them.
    fn retire(&mut self) {
        let (filled, resting) =
            std::mem::take(&mut self.resting).into_iter().partition(|&n| self.ghosts[n].truth.whole_ns.is_some());
        self.resting = resting;
        let filled: Vec<usize> = filled;
        for &number in &filled {
            self.note_end(number);
        }
        self.outliving.extend(filled);
        let got = &self.got;
        self.outliving.retain(|&number| got.iter().any(|fates| fates[number].whole_ns.is_none()));
    }

    fn report(&self) -> Report {
        let truth: Vec<Fate> = self.ghosts.iter().map(|ghost| ghost.truth).collect();
        let names = self.models.names().chain(["by order"]);
        Report::new(&truth, names.zip(self.got.iter().map(Vec::as_slice)))
    }
}
