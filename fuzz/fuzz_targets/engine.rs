//! The engine's side of the boundary: any records, and a shared block into which anything was written between calls.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tickwright_engine::layout::{cell, COMMAND_CELLS};
use tickwright_engine::{Engine, EngineConfig, Memory};
use tickwright_types::Tick;

const CONFIG: &str = r#"{"instruments":[{"id":"X","venue":"v","symbol":"X","kind":"linear_perpetual","tick_size":"0.1",
    "lot_size":"0.001","base":"BTC","quote":"USDT","settlement":"USDT"}],"fill_model":"conservative",
    "deposits":{"USDT":"10000"},"indicators":[{"name":"ema","kind":"ema","period":5}],"command_ring":64,"event_ring":256}"#;

type Write = (u8, [u64; COMMAND_CELLS]);

fuzz_target!(|input: (Vec<[u64; 6]>, Vec<Write>)| {
    let (records, writes) = input;
    let bytes: &[u8] = bytemuck::cast_slice(&records);
    let Ok(ticks) = Tick::slice_from_bytes(bytes) else { return };
    let config = EngineConfig::from_json(CONFIG).expect("a good config");
    let map = config.layout().expect("good capacities");
    let mut cells = vec![0.0; map.cells];
    let mut engine = Engine::new(config, &mut Memory::new(&mut cells)).expect("an engine");
    engine.load(ticks.to_vec().into());
    for k in 0..=records.len() {
        let outcome = engine.step(&mut Memory::new(&mut cells));
        if let Err(error) = outcome {
            assert!(error.code().starts_with("E_"), "{error}");
            return;
        }
        if let Some((count, command)) = writes.get(k) {
            // A command as JavaScript would write it, with any words in it, and any number of them announced.
            let mut memory = Memory::new(&mut cells);
            let (written, read) = memory.words(cell::COMMANDS);
            let at = map.commands_at + (written as usize & (map.command_ring - 1)) * COMMAND_CELLS;
            for (offset, word) in command.iter().enumerate() {
                memory.set(at + offset, f64::from_bits(*word));
            }
            memory.set_words(cell::COMMANDS, written.wrapping_add(u32::from(*count)), read);
        }
    }
    engine.ledger();
});
