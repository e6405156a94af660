use tickwright_paper::{Conditions, GroupRule, NewOrder, OrderKind, Request, TimeInForce, TriggerBy, NO_ORDER};
use tickwright_types::Side;

use crate::engine::Core;
use crate::layout::{cell, Memory, COMMAND_CELLS};
use crate::orders::{Asked, OwnOrder};
use crate::EngineError;

/// Operations of the command ring.
mod op {
    pub(super) const SUBMIT: u32 = 1;
    pub(super) const AMEND: u32 = 2;
    pub(super) const CANCEL: u32 = 3;
    pub(super) const CONDITIONS: u32 = 4;
    pub(super) const MOVE_TRIGGER: u32 = 5;
    pub(super) const QUERY: u32 = 6;
}

/// Bits of a submission beyond side and type.
mod term {
    pub(super) const CONDITIONS: u32 = 1 << 16;
    pub(super) const REDUCE_ONLY: u32 = 1 << 17;
    pub(super) const DAY: u32 = 1 << 18;
    pub(super) const BY_TOUCH: u32 = 1 << 19;
    pub(super) const REDUCE_GROUP: u32 = 1 << 20;
}

/// A command as it lies in the ring. Nearly every order is one; what few orders need comes in one before it.
///
/// | cell | submit | conditions | amend, cancel, query | move trigger |
/// | --- | --- | --- | --- | --- |
/// | 0 | op, order id | op, id of the order that follows | op, order id | op, order id |
/// | 1 | instrument, side + 256 × type + terms | parent, group; 0 for none | – | – |
/// | 2 | price ticks, or a trailing stop's distance | trigger ticks | price ticks | trigger ticks |
/// | 3 | size lots | good till, µs since the Unix epoch; 0 for none | size lots | – |
#[derive(Clone, Copy)]
struct Command {
    op: u32,
    id: u32,
    instrument: u32,
    what: u32,
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
        let mut conditions = None;
        for k in 0..waiting {
            let slot = read.wrapping_add(k);
            let at = self.map.commands_at + (slot as usize & (self.map.command_ring - 1)) * COMMAND_CELLS;
            let command = Command::read(at, memory);
            memory.set_words(cell::COMMANDS, written, slot.wrapping_add(1));
            if command.op == op::CONDITIONS {
                conditions = Some(command);
                continue;
            }
            self.obey(&command, conditions.take(), memory)?;
        }
        Ok(())
    }

    fn obey(
        &mut self,
        command: &Command,
        conditions: Option<Command>,
        memory: &mut Memory<'_>,
    ) -> Result<(), EngineError> {
        let order_id = command.id;
        let (asked, request) = match (command.op, whole(command.price), whole(command.size)) {
            (op::SUBMIT, ..) => {
                let taken = self.submit(command, conditions, memory);
                if taken.is_err() {
                    // The controller's side shows an order from the moment it is written.
                    self.orders.show(order_id, &self.map, memory);
                }
                return taken;
            }
            (op::AMEND, Some(price_ticks), Some(size_lots)) => {
                (Asked::Amend, Request::Amend { order_id, price_ticks, size_lots })
            }
            (op::MOVE_TRIGGER, Some(trigger_ticks), _) => {
                (Asked::Amend, Request::MoveTrigger { order_id, trigger_ticks })
            }
            (op::CANCEL, ..) => (Asked::Cancel, Request::Cancel { order_id }),
            (op::QUERY, ..) => (Asked::Query, Request::Query { order_id }),
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

    fn submit(
        &mut self,
        command: &Command,
        conditions: Option<Command>,
        memory: &mut Memory<'_>,
    ) -> Result<(), EngineError> {
        let kind = OrderKind::from_u8((command.what >> 8) as u8);
        let (Some(price), Some(size_lots), Some(kind)) = (whole(command.price), whole(command.size), kind) else {
            return Err(command.malformed("price and size must be whole numbers and the type 0 to 7"));
        };
        let side = command.what & 0xff;
        if (command.instrument as usize) >= self.markets.len() || side > 1 {
            return Err(command.malformed("unknown instrument or side"));
        }
        if command.id == 0 || !self.orders.is_free(command.id) {
            return Err(command.malformed("an order id must be above 0 and its slot free"));
        }
        let (order_id, instrument) = (command.id, command.instrument as u16);
        let mut conditions = command.conditions(conditions)?;
        let mut price_ticks = price;
        if kind == OrderKind::TrailingStop {
            (conditions.trail_ticks, price_ticks) = (price, 0);
        }
        let side = Side::from_index(side as usize);
        let order = NewOrder { order_id, instrument, side, kind, price_ticks, size_lots, conditions };
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
    /// The conditions of a submission: its own bits, and what the command before it says.
    fn conditions(&self, before: Option<Self>) -> Result<Conditions, EngineError> {
        let is = |term: u32| self.what & term != 0;
        let mut conditions = Conditions {
            reduce_only: is(term::REDUCE_ONLY),
            until: if is(term::DAY) { TimeInForce::Day } else { TimeInForce::Gtc },
            ..Conditions::NONE
        };
        if !is(term::CONDITIONS) {
            return Ok(conditions);
        }
        let Some(before) = before.filter(|before| before.id == self.id) else {
            return Err(self.malformed("its conditions must come just before it"));
        };
        let (Some(trigger_ticks), Some(until_us)) = (whole(before.price), whole(before.size)) else {
            return Err(self.malformed("trigger and time must be whole numbers"));
        };
        if until_us != 0 {
            conditions.until = TimeInForce::Gtd(until_us.saturating_mul(1_000));
        }
        let linked = |id: u32| if id == 0 { NO_ORDER } else { id };
        Ok(Conditions {
            trigger_ticks,
            trigger_by: if is(term::BY_TOUCH) { TriggerBy::Touch } else { TriggerBy::Trade },
            parent: linked(before.instrument),
            group: linked(before.what),
            group_rule: if is(term::REDUCE_GROUP) { GroupRule::Reduce } else { GroupRule::Cancel },
            ..conditions
        })
    }

    #[cold]
    fn malformed(&self, reason: &str) -> EngineError {
        EngineError::Command { reason: format!("operation {} of order {}: {reason}", self.op, self.id) }
    }

    fn read(at: usize, memory: &Memory<'_>) -> Self {
        let (op, id) = memory.words(at);
        let (instrument, what) = memory.words(at + 1);
        Self { op, id, instrument, what, price: memory.get(at + 2), size: memory.get(at + 3) }
    }
}

/// A double that is a whole number a controller may mean: finite and within ±2^53.
fn whole(value: f64) -> Option<i64> {
    let number = value as i64;
    (value.abs() <= 9_007_199_254_740_992.0 && number as f64 == value).then_some(number)
}
