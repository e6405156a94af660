//! A market by order that anybody can make again: 50 000 additions, then additions and cancellations of random orders
//! with 50 000 of them resting, within 10 000 ticks of the touch.

use tickwright_types::Rng;

/// Orders that rest once the book is full.
pub const RESTING: usize = 50_000;

/// One record; the size is the order's when it was added.
#[derive(Clone, Copy, Debug)]
pub struct Event {
    pub id: u64,
    pub price_ticks: i64,
    pub size_lots: i64,
    pub side: u8,
    pub add: bool,
}

pub fn events(records: usize) -> Vec<Event> {
    let mut rng = Rng::from_state(0x9E37_79B9_7F4A_7C15 + 1);
    let mut live: Vec<Event> = Vec::with_capacity(RESTING + 1);
    let mut out = Vec::with_capacity(records);
    for n in 0..records {
        let full = n >= RESTING && live.len() >= RESTING;
        if full && (live.len() > RESTING || rng.next_u32().is_multiple_of(2)) {
            let chosen = rng.next_u32() as usize % live.len();
            out.push(Event { add: false, ..live.swap_remove(chosen) });
            continue;
        }
        let side = (rng.next_u32() % 2) as u8;
        let distance = i64::from(rng.next_u32() % 10_000);
        let price_ticks = if side == 0 { 99_999 - distance } else { 100_001 + distance };
        let size_lots = 1 + i64::from(rng.next_u32() % 5_000);
        let event = Event { id: n as u64 + 1, price_ticks, size_lots, side, add: true };
        live.push(event);
        out.push(event);
    }
    out
}
