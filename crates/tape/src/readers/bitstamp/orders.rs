use std::collections::BTreeMap;

use tickwright_types::{flags, Side, Tick, TickKind};

/// What a venue says of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Action {
    Created,
    Changed,
    Deleted,
}

/// An order's event with the lots that are left of the order.
#[derive(Clone, Copy, Debug)]
pub(super) struct OrderEvent {
    pub(super) action: Action,
    pub(super) id: u64,
    pub(super) side: Side,
    pub(super) price_ticks: i64,
    pub(super) left_lots: i64,
    pub(super) recv_ns: i64,
    pub(super) exch_ns: i64,
}

/// Lots left of every order that was announced, by id: the feed tells what is left, a record what was taken.
#[derive(Default)]
pub(super) struct Orders {
    left_lots: BTreeMap<u64, i64>,
}

impl Orders {
    /// The records of an event. An order becomes smaller only by trading; what a deletion leaves was cancelled.
    pub(super) fn apply(&mut self, event: &OrderEvent) -> Records {
        let OrderEvent { id, left_lots: left, .. } = *event;
        let mut records = Records::new(event);
        let had = match event.action {
            Action::Created => self.left_lots.insert(id, left),
            Action::Changed => self.left_lots.get_mut(&id).map(|had| std::mem::replace(had, left)),
            Action::Deleted => self.left_lots.remove(&id),
        };
        match (event.action, had) {
            (Action::Created, _) => records.push(TickKind::OrderAdd, left),
            (Action::Changed, None) => records.push(TickKind::OrderModify, left),
            (Action::Deleted, None) => records.push(TickKind::OrderCancel, left),
            (action, Some(had)) => {
                if left < had {
                    records.push(TickKind::OrderExecute, had - left);
                } else if left > had || action == Action::Changed {
                    records.push(TickKind::OrderModify, left);
                }
                if action == Action::Deleted && left > 0 {
                    records.push(TickKind::OrderCancel, left);
                }
            }
        }
        records
    }
}

/// One or two records, the last of which ends the message.
pub(super) struct Records {
    base: Tick,
    ticks: [Tick; 2],
    len: usize,
}

impl Records {
    fn new(event: &OrderEvent) -> Self {
        let OrderEvent { id, price_ticks, recv_ns, exch_ns, .. } = *event;
        let base = Tick { id, price_ticks, recv_ns, exch_ns, side: event.side as u8, ..Tick::of(TickKind::OrderAdd) };
        Self { base, ticks: [base; 2], len: 0 }
    }

    fn push(&mut self, kind: TickKind, size_lots: i64) {
        self.ticks[self.len] = Tick { kind: kind as u8, size_lots, ..self.base };
        self.len += 1;
    }

    pub(super) fn ticks(&mut self) -> &[Tick] {
        let ticks = &mut self.ticks[..self.len];
        if let Some(last) = ticks.last_mut() {
            last.flags = flags::LAST;
        }
        ticks
    }
}
