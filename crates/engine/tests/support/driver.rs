//! Plays the controller's side of an engine through the shared block, exactly as the TypeScript façade does.

use tickwright_engine::layout::{cell, status, COMMAND_CELLS, EVENT_CELLS, ORDER_CELLS, ORDER_SLOTS};
use tickwright_engine::{Engine, EngineConfig, EngineError, Interests, Layout, Memory};
use tickwright_types::TickBlock;

/// How the driver takes turns with the engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    Step,
    Frames,
    Advance,
}

pub const MODES: [Mode; 3] = [Mode::Step, Mode::Frames, Mode::Advance];

/// One entry of the event ring, as plain numbers that can be compared bit by bit.
pub type Entry = [u64; EVENT_CELLS];

/// What an order needs beyond price and size, as the ring has it: 0 for none.
#[derive(Clone, Copy, Default)]
pub struct Conditions {
    pub parent: u32,
    pub group: u32,
    pub trigger: f64,
    /// Good till, in µs since the Unix epoch.
    pub until: f64,
}

pub struct Driver {
    pub engine: Engine,
    pub cells: Vec<f64>,
    pub map: Layout,
    pub events: Vec<Entry>,
    /// Status word of the last call.
    pub word: u32,
}

impl Driver {
    pub fn new(config: &str, interests: Interests) -> Self {
        let config = EngineConfig::from_json(config).expect("a good config");
        let map = config.layout().expect("good capacities");
        let mut cells = vec![0.0; map.cells];
        let mut engine = Engine::new(config, &mut Memory::new(&mut cells)).expect("an engine");
        engine.set_interests(interests).expect("good interests");
        Self { engine, cells, map, events: Vec::new(), word: 0 }
    }

    pub fn load(&mut self, ticks: TickBlock) {
        self.engine.load(ticks);
    }

    /// Runs to the end or the limit, calling `act` at every action point and `see` at every frame there is.
    pub fn run(&mut self, mode: Mode, mut act: impl FnMut(&mut Self), mut see: impl FnMut(&[f64])) {
        loop {
            let memory = &mut Memory::new(&mut self.cells);
            match mode {
                Mode::Step => self.engine.step(memory),
                Mode::Frames => self.engine.read_ahead(memory),
                Mode::Advance => self.engine.advance(memory),
            }
            .expect("a good tape");
            let (word, _) = memory.words(cell::HEAD);
            let (frames, _) = memory.words(cell::CALL);
            self.word = word;
            match mode {
                Mode::Frames => {
                    for k in 0..frames as usize {
                        let at = self.map.frames_at + 8 * k;
                        see(&self.cells[at..at + 8]);
                    }
                }
                _ if word & status::END == 0 => see(&self.cells[..8]),
                _ => {}
            }
            if word & (status::ACTION | status::DRAIN | status::END | status::LIMIT) != 0 {
                self.drain();
            }
            if word & status::ACTION != 0 {
                act(self);
            }
            if word & (status::END | status::LIMIT) != 0 {
                return;
            }
        }
    }

    pub fn drain(&mut self) {
        let mut memory = Memory::new(&mut self.cells);
        let (written, read) = memory.words(cell::EVENTS);
        memory.set_words(cell::EVENTS, written, written);
        for k in 0..written.wrapping_sub(read) {
            let k = read.wrapping_add(k);
            let at = self.map.events_at + (k as usize & (self.map.event_ring - 1)) * EVENT_CELLS;
            let mut entry = [0; EVENT_CELLS];
            entry.iter_mut().zip(&self.cells[at..]).for_each(|(out, cell)| *out = cell.to_bits());
            self.events.push(entry);
        }
    }

    /// One record, in the mode `step`; the status word.
    pub fn step(&mut self) -> Result<u32, EngineError> {
        let memory = &mut Memory::new(&mut self.cells);
        self.engine.step(memory)?;
        self.word = memory.words(cell::HEAD).0;
        Ok(self.word)
    }

    /// Up to the next action point, in the mode `advance`; the status word.
    pub fn advance(&mut self) -> Result<u32, EngineError> {
        let memory = &mut Memory::new(&mut self.cells);
        self.engine.advance(memory)?;
        self.word = memory.words(cell::HEAD).0;
        Ok(self.word)
    }

    /// Instrument of the live frame.
    pub fn instrument(&self) -> u32 {
        (self.cells[cell::HEAD].to_bits() >> 32) as u32 & 0xffff
    }

    pub fn snapshot(&mut self) -> Vec<u8> {
        self.engine.snapshot(&mut Memory::new(&mut self.cells)).expect("a snapshot")
    }

    /// Accounts and books as JSON.
    pub fn reports(&mut self) -> (String, String) {
        let text = serde_json::to_string(&self.engine.ledger()).expect("a ledger");
        (text, serde_json::to_string(&self.engine.books()).expect("books"))
    }

    /// Kind, order id and the time at which it became known, of every entry so far.
    pub fn news(&self) -> Vec<(u32, u32, i64)> {
        self.events.iter().map(|entry| (entry[0] as u32, entry[1] as u32, entry[8] as i64)).collect()
    }

    /// Live orders: (id, state + 1).
    pub fn live(&self) -> Vec<(u32, u32)> {
        let word = |cell: usize, high: bool| (self.cells[cell].to_bits() >> if high { 32 } else { 0 }) as u32;
        let count = word(cell::LIVE_ORDERS, false) as usize;
        let ids = (0..count).map(|k| word(self.map.live_at + k / 2, k % 2 == 1));
        ids.map(|id| {
            let slot = self.map.orders_at + (id as usize % ORDER_SLOTS) * ORDER_CELLS;
            (id, word(slot, true) & 0xff)
        })
        .collect()
    }

    pub fn command(&mut self, op: u32, id: u32, what: u32, price: f64, size: f64) {
        self.command_on(0, op, id, what, price, size);
    }

    /// Puts a command into the ring, whatever it says.
    pub fn command_on(&mut self, instrument: u32, op: u32, id: u32, what: u32, price: f64, size: f64) {
        let mut memory = Memory::new(&mut self.cells);
        let (written, read) = memory.words(cell::COMMANDS);
        let at = self.map.commands_at + (written as usize & (self.map.command_ring - 1)) * COMMAND_CELLS;
        memory.set_words(at, op, id);
        memory.set_words(at + 1, instrument, what);
        memory.set(at + 2, price);
        memory.set(at + 3, size);
        memory.set_words(cell::COMMANDS, written.wrapping_add(1), read);
    }

    /// Submits on the first instrument; `side` 0 buys, `order_type` as in the order kinds.
    pub fn submit(&mut self, side: u32, order_type: u32, price: f64, size: f64) -> u32 {
        self.submit_on(0, side, order_type, price, size)
    }

    /// Submits on an instrument.
    pub fn submit_on(&mut self, instrument: u32, side: u32, order_type: u32, price: f64, size: f64) -> u32 {
        let id = (self.cells[cell::ORDER_ID].to_bits() as u32) + 1;
        self.cells[cell::ORDER_ID] = f64::from_bits(u64::from(id));
        self.command_on(instrument, 1, id, side | (order_type << 8), price, size);
        id
    }

    /// Submits with conditions, which go into the ring just before the order.
    pub fn submit_with(&mut self, instrument: u32, what: u32, price: f64, size: f64, conditions: &Conditions) -> u32 {
        let id = (self.cells[cell::ORDER_ID].to_bits() as u32) + 1;
        self.cells[cell::ORDER_ID] = f64::from_bits(u64::from(id));
        self.command_on(conditions.parent, 4, id, conditions.group, conditions.trigger, conditions.until);
        self.command_on(instrument, 1, id, what | 1 << 16, price, size);
        id
    }

    pub fn amend(&mut self, id: u32, price: f64, size: f64) {
        self.command(2, id, 0, price, size);
    }

    pub fn cancel(&mut self, id: u32) {
        self.command(3, id, 0, 0.0, 0.0);
    }

    /// Cancels every live order, whatever is under way.
    pub fn cancel_all(&mut self) {
        for (id, _) in self.live() {
            self.cancel(id);
        }
    }

    /// Cancels every order known to be open and without a cancel under way.
    pub fn cancel_open(&mut self) {
        for (id, state) in self.live() {
            if state == 2 || state == 3 {
                self.cancel(id);
            }
        }
    }

    /// How many entries of a kind came, and the ids of one cell.
    pub fn count(&self, kind: u32) -> usize {
        self.events.iter().filter(|entry| entry[0] as u32 == kind).count()
    }
}
