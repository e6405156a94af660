use napi::bindgen_prelude::{Buffer, Object, Unknown};
use napi::{Env, JsValue};
use napi_derive::napi;
use tickwright_engine::{Engine, EngineConfig, Interests, LiveBooks, TickQueue};
use tickwright_types::Tick;

use crate::error::{fail, Coding, Result};
use crate::raw::EngineHandle;

/// Where everything lies in an engine's block.
#[napi(object)]
pub struct BlockLayout {
    pub cells: u32,
    pub command_ring: u32,
    pub event_ring: u32,
    pub frame_ring: u32,
    pub orders_at: u32,
    pub live_at: u32,
    pub commands_at: u32,
    pub events_at: u32,
    pub frames_at: u32,
}

/// How large a block an engine of that config needs, and what lies where in it.
#[napi(catch_unwind)]
pub fn engine_layout(config_json: String) -> Result<BlockLayout> {
    let map = EngineConfig::from_json(&config_json).and_then(|config| config.layout()).coded()?;
    Ok(BlockLayout {
        cells: map.cells as u32,
        command_ring: map.command_ring as u32,
        event_ring: map.event_ring as u32,
        frame_ring: map.frame_ring as u32,
        orders_at: map.orders_at as u32,
        live_at: map.live_at as u32,
        commands_at: map.commands_at as u32,
        events_at: map.events_at as u32,
        frames_at: map.frames_at as u32,
    })
}

/// The set-up side of one engine. Its hot functions come from `hot()`.
#[napi]
pub struct NativeEngine {
    handle: EngineHandle,
}

impl NativeEngine {
    pub(crate) fn handle(&self) -> &EngineHandle {
        &self.handle
    }
}

#[napi]
impl NativeEngine {
    /// Makes an engine on a block that `engineLayout` sized.
    #[napi(constructor, catch_unwind)]
    pub fn new(env: Env, config_json: String, block: Unknown<'_>) -> Result<Self> {
        let config = EngineConfig::from_json(&config_json).coded()?;
        let cells = config.layout().coded()?.cells;
        let handle = EngineHandle::new(env.raw(), block.raw(), cells)?;
        let engine = handle.with_block(|memory| Engine::new(config, memory)).coded()?;
        handle.set(engine);
        Ok(Self { handle })
    }

    /// Makes this the engine that `step`, `readAhead`, `advance` and `details` work on.
    #[napi]
    pub fn enter(&self) {
        self.handle.enter();
    }

    /// Goes back to the engine that was current before.
    #[napi]
    #[allow(clippy::unused_self, reason = "the way back reads like the way in")]
    pub fn leave(&self) {
        EngineHandle::leave();
    }

    /// Copies whole 48-byte records in; they are replayed `rounds` times.
    #[napi(catch_unwind)]
    pub fn load_ticks(&self, bytes: &[u8], rounds: u32) -> Result<f64> {
        let ticks = copied(bytes)?;
        let count = ticks.len() as f64 * f64::from(rounds.max(1));
        self.handle.with(|engine, _| {
            if rounds > 1 {
                engine.load_repeated(ticks.into(), u64::from(rounds));
            } else {
                engine.load(ticks.into());
            }
            Ok(count)
        })
    }

    /// Switches to a live queue of that capacity; books are made of `levels`, of `quotes`, or of quotes until there are
    /// levels (`await`, the default).
    #[napi(catch_unwind)]
    pub fn go_live(&self, capacity: f64, books: Option<String>) -> Result<()> {
        let largest = TickQueue::LARGEST_CAPACITY;
        if !(1.0..=largest as f64).contains(&capacity) || capacity.fract() != 0.0 {
            return Err(fail("E_ARGUMENT", format!("a live queue of {capacity} records: give 1 to {largest}")));
        }
        let name = books.as_deref().unwrap_or("await");
        let books = LiveBooks::named(name)
            .ok_or_else(|| fail("E_ARGUMENT", format!("books of {name:?}: give await, levels or quotes")))?;
        self.handle.with(|engine, _| engine.go_live(capacity as usize, books))
    }

    /// Copies whole records into the live queue.
    #[napi(catch_unwind)]
    pub fn push_ticks(&self, bytes: &[u8]) -> Result<()> {
        let ticks = copied(bytes)?;
        self.handle.with(|engine, _| engine.push(&ticks))
    }

    /// Depth, deepest depth and conflated records of the live queue, as JSON.
    #[napi(catch_unwind)]
    pub fn queue_json(&self) -> Result<String> {
        self.handle.with(|engine, _| {
            let queue = engine.queue();
            let number = |f: fn(&TickQueue) -> u64| queue.map_or(0, f);
            Ok(format!(
                r#"{{"depth":{},"deepest":{},"conflated":{}}}"#,
                engine.waiting(),
                number(|q| q.deepest() as u64),
                number(TickQueue::conflated)
            ))
        })
    }

    /// Says when the controller wants to act.
    #[napi(catch_unwind)]
    pub fn set_interests(&self, json: String) -> Result<()> {
        let interests: Interests =
            serde_json::from_str(&json).map_err(|error| fail("E_CONFIG", format!("interests: {error}")))?;
        self.handle.with(|engine, _| engine.set_interests(interests))
    }

    /// Records done since the start.
    #[napi(catch_unwind)]
    pub fn records(&self) -> Result<f64> {
        self.handle.with(|engine, _| Ok(engine.records() as f64))
    }

    /// Stops after that many more records; without a number, never.
    #[napi(catch_unwind)]
    pub fn stop_after(&self, records: Option<f64>) -> Result<()> {
        let records = match records {
            Some(n) if n >= 1.0 && n.fract() == 0.0 && n <= 9e15 => Some(n as u64),
            Some(n) => return Err(fail("E_ARGUMENT", format!("{n} is not a number of records: give 1 or more"))),
            None => None,
        };
        self.handle.with(|engine, _| {
            engine.stop_after(records);
            Ok(())
        })
    }

    /// The account as the controller knows it, as JSON.
    #[napi(catch_unwind)]
    pub fn ledger_json(&self) -> Result<String> {
        let report = self.handle.with(|engine, _| Ok(engine.ledger()))?;
        serde_json::to_string(&report).map_err(|error| fail("E_INTERNAL", error))
    }

    /// State and integrity of every book, and the engine's counters, as JSON.
    #[napi(catch_unwind)]
    pub fn books_json(&self) -> Result<String> {
        let report = self.handle.with(|engine, _| Ok(engine.books()))?;
        serde_json::to_string(&report).map_err(|error| fail("E_INTERNAL", error))
    }

    /// Up to `levels` levels of a side of a book, best first: price and size in turn.
    #[napi(catch_unwind)]
    pub fn depth(&self, instrument: u32, side: u32, levels: u32) -> Result<Vec<f64>> {
        self.handle.with(|engine, _| engine.depth(instrument as usize, side as usize, levels as usize))
    }

    /// The whole state as bytes.
    #[napi(catch_unwind)]
    pub fn snapshot(&self) -> Result<Buffer> {
        self.handle.with(Engine::snapshot).map(Buffer::from)
    }

    /// Takes up a saved state.
    #[napi(catch_unwind)]
    pub fn restore(&self, bytes: &[u8]) -> Result<()> {
        self.handle.with(|engine, memory| engine.restore(bytes, memory))
    }

    /// Frees the engine; its functions throw `E_CLOSED` from now on.
    #[napi(catch_unwind)]
    pub fn close(&self) -> Result<()> {
        self.handle.close()
    }
}

/// `step`, `readAhead`, `advance` and `details`: one of each for all engines of a thread. Called once.
#[napi(catch_unwind)]
pub fn hot_functions(env: &Env) -> Result<Object<'_>> {
    let functions = Object::new(env).map_err(|error| fail("E_INTERNAL", error.reason))?;
    crate::raw::put_hot_functions(env.raw(), functions.raw())?;
    Ok(functions)
}

/// Checked records out of bytes that may lie unaligned.
pub(crate) fn copied(bytes: &[u8]) -> Result<Vec<Tick>> {
    let size = std::mem::size_of::<Tick>();
    if !bytes.len().is_multiple_of(size) {
        return Err(fail("E_TICK_BUFFER", format!("{} bytes are no whole number of {size}-byte records", bytes.len())));
    }
    let mut ticks = vec![Tick::of(tickwright_types::TickKind::Timer); bytes.len() / size];
    bytemuck::cast_slice_mut::<Tick, u8>(&mut ticks).copy_from_slice(bytes);
    Tick::slice_from_bytes(bytemuck::cast_slice(&ticks)).coded()?;
    Ok(ticks)
}
