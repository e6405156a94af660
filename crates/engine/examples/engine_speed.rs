//! Prints the native cost of a record: the engine with two indicators and nobody trading, from a file of 48-byte ticks.
//!
//! `cargo run --release -p tickwright-engine --example engine_speed -- FILE [ROUNDS [advance | step]]`
#![allow(clippy::disallowed_methods, reason = "a measurement reads the clock")]

use std::time::Instant;

use tickwright_engine::layout::{cell, status};
use tickwright_engine::{Engine, EngineConfig, Every, Interests, Memory};
use tickwright_types::{Tick, TickBlock, TickKind};

const CONFIG: &str = r#"{"instruments":[{"id":"B","venue":"b","symbol":"B","kind":"linear_perpetual","tick_size":"0.1",
    "lot_size":"0.001","base":"BTC","quote":"USDT","settlement":"USDT"}],"fill_model":"hft_no_partial",
    "indicators":[{"name":"ema","kind":"ema","alpha":0.01,"on":"record"},
                  {"name":"atr","kind":"atr","period":14,"on":"record"}]}"#;

fn main() {
    let mut args = std::env::args().skip(1);
    let path = args.next().expect("give a file of 48-byte ticks");
    let rounds: usize = args.next().map_or(7, |text| text.parse().expect("rounds"));
    let bytes = std::fs::read(path).expect("a readable file");
    let mut ticks = vec![Tick::of(TickKind::Timer); bytes.len() / size_of::<Tick>()];
    bytemuck::cast_slice_mut::<Tick, u8>(&mut ticks).copy_from_slice(&bytes);
    let ticks: TickBlock = ticks.into();
    let only = args.next();
    for (name, every) in [("advance 100", Every::Nth(100)), ("step", Every::Record)] {
        if only.as_deref().is_some_and(|wanted| !name.starts_with(wanted)) {
            continue;
        }
        for _ in 0..rounds {
            let config = EngineConfig::from_json(CONFIG).expect("a config");
            let mut cells = vec![0.0; config.layout().expect("a layout").cells];
            let mut engine = Engine::new(config, &mut Memory::new(&mut cells)).expect("an engine");
            engine.set_interests(Interests { every, ..Interests::default() }).expect("interests");
            engine.load(ticks.clone());
            let start = Instant::now();
            loop {
                let memory = &mut Memory::new(&mut cells);
                if every == Every::Record { engine.step(memory) } else { engine.advance(memory) }.expect("a good tape");
                if memory.words(cell::HEAD).0 & status::END != 0 {
                    break;
                }
            }
            println!("{name}: {:.2} ns a record", start.elapsed().as_secs_f64() * 1e9 / ticks.len() as f64);
        }
    }
}
