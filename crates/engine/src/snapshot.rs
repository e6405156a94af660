use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::engine::{Core, Engine};
use crate::layout::{cell, Memory};
use crate::EngineError;

/// First bytes of every snapshot; the number is the version of what follows.
const MAGIC: &[u8; 8] = b"TWSNAP03";
const HASH_BYTES: usize = 32;

/// What the engine's state needs beside itself to be taken up again.
#[derive(Serialize, Deserialize)]
struct Header {
    /// Hash of the config that decides results.
    config: [u8; HASH_BYTES],
    records: u64,
    /// The latest order id given out.
    order_id: u32,
}

impl Engine {
    /// The whole state as bytes, with a version and a hash. Commands that wait are sent first, as the next call would.
    /// News that waits in the event ring must have been read.
    ///
    /// Returns `E_SNAPSHOT` while events wait, or when a live queue is not empty: they would be lost.
    pub fn snapshot(&mut self, memory: &mut Memory<'_>) -> Result<Vec<u8>, EngineError> {
        let (written, read) = memory.words(cell::EVENTS);
        if written != read {
            return Err(fault("events wait in the ring: read them before saving"));
        }
        self.core.drain_commands(memory)?;
        if self.waiting() > 0 {
            return Err(fault("ticks wait in the live queue: run on until it is dry before saving"));
        }
        let header = Header {
            config: self.config_hash(),
            records: self.core.tally.records,
            order_id: memory.words(cell::ORDER_ID).0,
        };
        let mut bytes = MAGIC.to_vec();
        let body = postcard::to_stdvec(&(&header, &self.core)).map_err(|error| fault(error.to_string()))?;
        bytes.extend(Sha256::digest(&body));
        bytes.extend(body);
        Ok(bytes)
    }

    /// Takes up a saved state. The engine must have been made with the same config and loaded with the same ticks; it
    /// goes on with the record after the last one done.
    ///
    /// Returns `E_SNAPSHOT` for bytes of another version, damaged bytes, or another config; the engine is then as it
    /// was.
    pub fn restore(&mut self, bytes: &[u8], memory: &mut Memory<'_>) -> Result<(), EngineError> {
        let rest = bytes
            .strip_prefix(MAGIC)
            .ok_or_else(|| fault("these bytes are no snapshot of this version: it begins with TWSNAP03"))?;
        if rest.len() < HASH_BYTES || Sha256::digest(&rest[HASH_BYTES..]).as_slice() != &rest[..HASH_BYTES] {
            return Err(fault("the bytes are damaged or cut short: their hash does not match"));
        }
        let (header, mut core): (Header, Core) =
            postcard::from_bytes(&rest[HASH_BYTES..]).map_err(|error| fault(error.to_string()))?;
        if header.config != self.config_hash() {
            return Err(fault("it was saved with another config: make the engine with the same one"));
        }
        if self.core.tally.records != 0 {
            return Err(fault("this engine has already run: restore into a new one"));
        }
        if !self.source.is_live() {
            if self.source.remaining() < header.records {
                let reason = format!("it stands at record {}, but the ticks loaded now are fewer", header.records);
                return Err(fault(reason));
            }
            self.source.skip(header.records);
        }
        core.map = self.core.map.clone();
        core.tally.stop_after(None);
        self.core = core;
        memory.set_words(cell::ORDER_ID, header.order_id, 0);
        self.write_block(memory);
        Ok(())
    }

    fn write_block(&mut self, memory: &mut Memory<'_>) {
        self.core.orders.write_all(&self.core.map, memory);
        self.core.write_positions(memory);
        self.core.write_markets(memory);
    }

    fn config_hash(&self) -> [u8; HASH_BYTES] {
        let text = serde_json::to_vec(&self.config).expect("a config has no map with keys that are not strings");
        Sha256::digest(text).into()
    }
}

fn fault(reason: impl Into<String>) -> EngineError {
    EngineError::Snapshot { reason: reason.into() }
}
