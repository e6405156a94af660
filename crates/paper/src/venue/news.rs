use std::collections::VecDeque;

use serde::{Deserialize, Serialize};
use tickwright_types::{Money, Side, NO_SIDE};

use super::order::Order;
use super::PaperVenue;
use crate::faults::Fate;
use crate::latency::Leg;
use crate::{EventKind, NewOrder, OrderState, OwnEvent, Reason, Request, NO_INSTRUMENT, NO_ORDER};

/// News on its way to the owner.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct News {
    pub(super) next_ns: i64,
    response: Leg,
    /// In the order in which it happened.
    ring: VecDeque<OwnEvent>,
    last_delivery_ns: i64,
    /// What a fault made come out of its turn, the earliest first.
    held: VecDeque<OwnEvent>,
    told_ns: i64,
    seq: u64,
}

impl News {
    pub(super) fn new(response: Leg, room: usize) -> Self {
        Self {
            next_ns: i64::MAX,
            response,
            ring: VecDeque::with_capacity(room),
            last_delivery_ns: i64::MIN,
            held: VecDeque::new(),
            told_ns: i64::MIN,
            seq: 0,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.ring.len() + self.held.len()
    }

    /// The next piece of news, which must be due at `recv_ns`.
    pub(super) fn pop(&mut self, recv_ns: i64) -> Option<OwnEvent> {
        let turn_ns = self.ring.front().map_or(i64::MAX, |event| event.deliver_at_ns);
        let held_first = self.held.front().is_some_and(|event| event.deliver_at_ns <= recv_ns.min(turn_ns));
        let event = if held_first { self.held.pop_front() } else { self.ring.pop_front() };
        self.look_ahead();
        let event = event?;
        self.told_ns = self.told_ns.max(event.deliver_at_ns);
        let seq = self.seq;
        self.seq += 1;
        Some(OwnEvent { deliver_at_ns: self.told_ns, seq, ..event })
    }

    fn answer_ns(&mut self, venue_ns: i64) -> i64 {
        venue_ns + self.response.answer_ns(venue_ns)
    }

    fn post_at(&mut self, deliver_at_ns: i64, event: OwnEvent) {
        self.last_delivery_ns = self.last_delivery_ns.max(deliver_at_ns);
        self.ring.push_back(OwnEvent { deliver_at_ns: self.last_delivery_ns, ..event });
        self.look_ahead();
    }

    fn hold(&mut self, deliver_at_ns: i64, event: OwnEvent) {
        let place = self.held.partition_point(|other| other.deliver_at_ns <= deliver_at_ns);
        self.held.insert(place, OwnEvent { deliver_at_ns, ..event });
        self.look_ahead();
    }

    fn look_ahead(&mut self) {
        let turn_ns = match self.ring.front() {
            Some(_) if self.response.is_immediate() => i64::MIN,
            Some(event) => event.deliver_at_ns,
            None => i64::MAX,
        };
        self.next_ns = turn_ns.min(self.held.front().map_or(i64::MAX, |event| event.deliver_at_ns));
    }
}

/// An event of that kind with nothing else known.
fn blank(kind: EventKind, reason: Reason, venue_ns: i64) -> OwnEvent {
    OwnEvent {
        deliver_at_ns: venue_ns,
        venue_ns,
        seq: 0,
        trade_id: 0,
        price_ticks: 0,
        size_lots: 0,
        leaves_lots: 0,
        cum_lots: 0,
        touch_ticks: 0,
        fee: Money::ZERO,
        order_id: NO_ORDER,
        instrument: NO_INSTRUMENT,
        side: NO_SIDE,
        kind,
        reason,
        maker: false,
        reduces: false,
    }
}

/// An event about an order as it stands.
fn about(order: &Order, kind: EventKind, reason: Reason, venue_ns: i64) -> OwnEvent {
    OwnEvent {
        price_ticks: order.price_ticks,
        size_lots: order.size_lots,
        leaves_lots: order.leaves_lots,
        cum_lots: order.cum_lots(),
        touch_ticks: order.price_ticks,
        order_id: order.id,
        instrument: order.instrument,
        side: order.side as u8,
        ..blank(kind, reason, venue_ns)
    }
}

/// What is told instead of news that never comes.
fn unanswered(event: &OwnEvent, reason: Reason) -> OwnEvent {
    OwnEvent { kind: EventKind::Unanswered, reason, ..*event }
}

/// A refusal of an order that never was live.
fn rejection(new: &NewOrder, reason: Reason, venue_ns: i64) -> OwnEvent {
    OwnEvent {
        price_ticks: new.price_ticks,
        size_lots: new.size_lots,
        touch_ticks: new.price_ticks,
        order_id: new.order_id,
        instrument: new.instrument,
        side: new.side as u8,
        ..blank(EventKind::Rejected, reason, venue_ns)
    }
}

impl PaperVenue {
    /// Sends news on its way, unless a fault has other plans.
    fn post(&mut self, event: OwnEvent) {
        let deliver_ns = self.news.answer_ns(event.venue_ns);
        match self.faults.fate(&event, deliver_ns) {
            Fate::Told => self.news.post_at(deliver_ns, event),
            Fate::Held(ns) => self.news.hold(ns, event),
            Fate::Twice => {
                self.news.post_at(deliver_ns, event);
                self.news.post_at(deliver_ns, event);
            }
            Fate::Lost(ns) => self.news.hold(ns, unanswered(&event, Reason::NoAnswer)),
        }
    }

    /// A request that was lost with the connection; its sender gives up waiting at `deliver_ns`.
    pub(super) fn post_lost_request(&mut self, now_ns: i64, deliver_ns: i64, request: &Request) {
        let event = self.refusal(now_ns, request);
        self.news.hold(deliver_ns, unanswered(&event, Reason::Disconnected));
    }

    pub(super) fn post_order(&mut self, slot: u16, kind: EventKind, reason: Reason, venue_ns: i64) {
        let event = about(self.slots.at(slot), kind, reason, venue_ns);
        self.post(event);
    }

    pub(super) fn post_rejection(&mut self, new: &NewOrder, reason: Reason, venue_ns: i64) {
        self.post(rejection(new, reason, venue_ns));
    }

    /// A cancel or amendment that changes nothing; says what is known of the order.
    pub(super) fn post_denial(&mut self, order_id: u32, kind: EventKind, reason: Reason, venue_ns: i64) {
        let event = self.denial(order_id, kind, reason, venue_ns);
        self.post(event);
    }

    /// How an order stands, in the words in which it would have been told.
    pub(super) fn post_standing(&mut self, order_id: u32, venue_ns: i64) {
        let (kind, reason) = match self.slots.get(order_id).map(|order| order.state) {
            None => (EventKind::Rejected, Reason::UnknownOrder),
            Some(OrderState::Cancelled) => (EventKind::Cancelled, Reason::AlreadyClosed),
            Some(OrderState::Expired) => (EventKind::Expired, Reason::AlreadyClosed),
            Some(_) => (EventKind::Status, Reason::None),
        };
        self.post_denial(order_id, kind, reason, venue_ns);
    }

    pub(super) fn post_fill(&mut self, fill: &Fill, venue_ns: i64) {
        self.trades += 1;
        let trade_id = self.trades;
        let reduces = self.slots.at(fill.slot).conditions.reduce_only;
        let event = OwnEvent {
            reduces,
            trade_id,
            price_ticks: fill.price_ticks,
            size_lots: fill.lots,
            touch_ticks: fill.touch_ticks,
            fee: fill.fee,
            maker: fill.maker,
            ..about(self.slots.at(fill.slot), EventKind::Fill, Reason::None, venue_ns)
        };
        self.post(event);
    }

    pub(super) fn post_funding(
        &mut self,
        instrument: usize,
        of: Side,
        paid: Money,
        mark_half_ticks: i64,
        venue_ns: i64,
    ) {
        let lots = self.account.position_of(instrument, of).lots;
        let price_ticks = mark_half_ticks.div_euclid(2);
        self.post(OwnEvent {
            price_ticks,
            touch_ticks: price_ticks,
            size_lots: lots.abs(),
            fee: paid,
            instrument: instrument as u16,
            side: u8::from(lots < 0),
            ..blank(EventKind::Funding, Reason::None, venue_ns)
        });
    }

    /// A fill of no order: the venue closed a position.
    pub(super) fn post_takeover(
        &mut self,
        instrument: usize,
        closing: Side,
        price_ticks: i64,
        lots: i64,
        reason: Reason,
        venue_ns: i64,
    ) {
        self.trades += 1;
        self.post(OwnEvent {
            trade_id: self.trades,
            price_ticks,
            touch_ticks: price_ticks,
            size_lots: lots,
            cum_lots: lots,
            instrument: instrument as u16,
            side: closing as u8,
            reduces: true,
            ..blank(EventKind::Fill, reason, venue_ns)
        });
    }

    /// A request that the recorded latency says the venue refused.
    pub(super) fn post_refusal(&mut self, now_ns: i64, deliver_at_ns: i64, request: &Request) {
        let event = self.refusal(now_ns, request);
        self.news.post_at(deliver_at_ns, event);
    }

    fn refusal(&self, now_ns: i64, request: &Request) -> OwnEvent {
        match *request {
            Request::Submit(new) => rejection(&new, Reason::Refused, now_ns),
            Request::Amend { order_id, .. } => self.denial(order_id, EventKind::AmendRejected, Reason::Refused, now_ns),
            Request::MoveTrigger { order_id, .. } => {
                self.denial(order_id, EventKind::AmendRejected, Reason::Refused, now_ns)
            }
            Request::Cancel { order_id } | Request::Query { order_id } => {
                self.denial(order_id, EventKind::CancelRejected, Reason::Refused, now_ns)
            }
            Request::CancelAll { instrument } => OwnEvent {
                instrument: instrument.unwrap_or(NO_INSTRUMENT),
                ..blank(EventKind::CancelRejected, Reason::Refused, now_ns)
            },
        }
    }

    fn denial(&self, order_id: u32, kind: EventKind, reason: Reason, venue_ns: i64) -> OwnEvent {
        match self.slots.get(order_id) {
            Some(order) => about(order, kind, reason, venue_ns),
            None => OwnEvent { order_id, ..blank(kind, reason, venue_ns) },
        }
    }
}

/// A fill before it is news.
pub(super) struct Fill {
    pub(super) slot: u16,
    pub(super) price_ticks: i64,
    pub(super) lots: i64,
    pub(super) touch_ticks: i64,
    pub(super) maker: bool,
    pub(super) fee: Money,
}
