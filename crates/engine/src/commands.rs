use tickwright_paper::{Conditions, NewOrder, OrderKind, OrderState, Request};
use tickwright_types::Side;

use crate::engine::Core;
use crate::layout::{cell, Memory, COMMAND_CELLS};
use crate::orders::OwnOrder;
use crate::EngineError;

/// Operations of the command ring.
mod op {
    pub(super) const SUBMIT: u32 = 1;
    pub(super) const AMEND: u32 = 2;
    pub(super) const CANCEL: u32 = 3;
}

/// A command as it lies in the ring: op and order id, instrument and side + 256 × type, price ticks, size lots.
struct Command {
    op: u32,
    id: u32,
    instrument: u32,
    side: u32,
    order_type: u32,
    price: f64,
    size: f64,
}

impl Core {
    /// Takes every command out of the ring and sends it on its way, as given at the last record's receive time.
    #[inline(always)]
    pub(crate) fn drain_commands(&mut self, memory: &mut Memory<'_>) -> Result<(), EngineError> {
        let (written, read) = memory.words(cell::COMMANDS);
        if written == read {
            return Ok(());
        }
        self.drain_slow(written, read, memory)
    }

    #[inline(never)]
    fn drain_slow(&mut self, written: u32, read: u32, memory: &mut Memory<'_>) -> Result<(), EngineError> {
        let waiting = written.wrapping_sub(read);
        if waiting as usize > self.map.command_ring {
            memory.set_words(cell::COMMANDS, written, written);
            return Err(EngineError::Command {
                reason: format!("{waiting} commands in a ring of {}", self.map.command_ring),
            });
        }
        for k in 0..waiting {
            let slot = read.wrapping_add(k);
            let at = self.map.commands_at + (slot as usize & (self.map.command_ring - 1)) * COMMAND_CELLS;
            let command = Command::read(at, memory);
            memory.set_words(cell::COMMANDS, written, slot.wrapping_add(1));
            self.obey(&command, memory)?;
        }
        Ok(())
    }

    fn obey(&mut self, command: &Command, memory: &mut Memory<'_>) -> Result<(), EngineError> {
        let order_id = command.id;
        let (asked, request) = match (command.op, whole(command.price), whole(command.size)) {
            (op::SUBMIT, ..) => return self.submit(command, memory),
            (op::AMEND, Some(price_ticks), Some(size_lots)) => {
                (OrderState::PendingAmend, Request::Amend { order_id, price_ticks, size_lots })
            }
            (op::CANCEL, ..) => (OrderState::PendingCancel, Request::Cancel { order_id }),
            _ => return Err(command.malformed("unknown operation, price or size")),
        };
        let Some(order) = self.orders.get(order_id).copied() else {
            // Its end was on the way when the command was given: nothing is left to change.
            self.late_commands += 1;
            return Ok(());
        };
        self.send(usize::from(order.instrument), request)?;
        self.orders.ask(order_id, asked, &self.map, memory);
        Ok(())
    }

    fn submit(&mut self, command: &Command, memory: &mut Memory<'_>) -> Result<(), EngineError> {
        let kind = u8::try_from(command.order_type).ok().and_then(OrderKind::from_u8);
        let (Some(price_ticks), Some(size_lots), Some(kind)) = (whole(command.price), whole(command.size), kind) else {
            return Err(command.malformed("price and size must be whole numbers and the type 0 to 3"));
        };
        if (command.instrument as usize) >= self.markets.len() || command.side > 1 {
            return Err(command.malformed("unknown instrument or side"));
        }
        if command.id == 0 || !self.orders.is_free(command.id) {
            return Err(command.malformed("an order id must be above 0 and its slot free"));
        }
        let (order_id, instrument) = (command.id, command.instrument as u16);
        let side = Side::from_index(command.side as usize);
        let order = NewOrder { order_id, instrument, side, kind, price_ticks, size_lots, conditions: Conditions::NONE };
        self.send(usize::from(instrument), Request::Submit(order))?;
        self.orders.insert(OwnOrder::of(&order), &self.map, memory);
        Ok(())
    }

    fn send(&mut self, instrument: usize, request: Request) -> Result<(), EngineError> {
        let venue = self.markets[instrument].venue;
        self.venues[venue].paper.send(self.now_ns, request)?;
        Ok(())
    }
}

impl Command {
    #[cold]
    fn malformed(&self, reason: &str) -> EngineError {
        EngineError::Command { reason: format!("operation {} of order {}: {reason}", self.op, self.id) }
    }

    fn read(at: usize, memory: &Memory<'_>) -> Self {
        let (op, id) = memory.words(at);
        let (instrument, what) = memory.words(at + 1);
        Self {
            op,
            id,
            instrument,
            side: what & 0xff,
            order_type: (what >> 8) & 0xff,
            price: memory.get(at + 2),
            size: memory.get(at + 3),
        }
    }
}

/// A double that is a whole number a controller may mean: finite and within ±2^53.
fn whole(value: f64) -> Option<i64> {
    let number = value as i64;
    (value.abs() <= 9_007_199_254_740_992.0 && number as f64 == value).then_some(number)
}
