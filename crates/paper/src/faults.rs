//! What can go wrong between us and a venue, on demand: seeded, so that a replay goes wrong in the same places.

use serde::{Deserialize, Serialize};
use tickwright_types::{Decimal, Rng};

use crate::fill_model::{share, WHOLE_PPM};
use crate::{EventKind, OwnEvent, PaperError, RateLimit, Reason};

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum FaultKind {
    /// An answer comes that much later; fills may overtake it.
    AckDelay {
        /// Nanoseconds.
        ns: i64,
    },
    /// An answer never comes. After the time-out the owner hears `Unanswered` instead: the order's state is unknown.
    LostAck {
        /// Nanoseconds from when the answer would have come.
        timeout_ns: i64,
    },
    /// The news of a fill comes twice, with one trade id.
    DuplicateFill,
    /// The news of a fill comes that much later, after what happened since: after the answer to a cancel too.
    LateFill {
        /// Nanoseconds.
        ns: i64,
    },
    /// Orders and amendments are rejected (`refused`); cancels are not.
    RejectBurst,
    /// Only so many orders and amendments are taken in a window, on top of the venue's own limit.
    RateLimit {
        /// Orders and amendments a window.
        requests: u32,
        /// Length of a window in ns.
        window_ns: i64,
    },
    /// Requests do not arrive and are `Unanswered` after the time-out; news waits until the connection is back.
    Disconnect {
        /// Nanoseconds from when the request was sent.
        timeout_ns: i64,
        /// Whether the venue cancels every order when the connection breaks.
        cancel_orders: bool,
    },
}

/// A fault and when it strikes: for requests by the sender's clock, for news by the venue's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// What goes wrong.
    pub kind: FaultKind,
    /// From this time on, in ns since the Unix epoch.
    pub from_ns: i64,
    /// Until before this time.
    pub until_ns: i64,
    /// Share of the cases that are struck: above 0, at most 1, at most 6 decimals. Disconnects and rate limits strike all.
    pub share: Decimal,
}

/// What becomes of a piece of news.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It is told when it is.
    Told,
    /// It is told then, out of its turn.
    Held(i64),
    /// It is told twice.
    Twice,
    /// It is never told; its owner gives up waiting then.
    Lost(i64),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Planned {
    kind: FaultKind,
    from_ns: i64,
    until_ns: i64,
    share_ppm: u32,
    /// Of a rate limit: number of the present window and what was taken in it.
    window: (i64, u32),
}

/// The faults of a venue with their generator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Faults {
    plan: Vec<Planned>,
    rng: Rng,
}

impl Faults {
    pub(crate) fn new(faults: &[Fault], seed: u64) -> Result<Self, PaperError> {
        let plan = faults.iter().map(Planned::new).collect::<Result<_, _>>()?;
        Ok(Self { plan, rng: Rng::new(seed ^ 0x0046_6175_6C74_7321) })
    }

    /// When the venue cancels everything because the connection broke, the last one first.
    pub(crate) fn breaks(&self) -> Vec<i64> {
        let breaks = self.plan.iter().filter(|planned| {
            let kind = planned.kind;
            matches!(kind, FaultKind::Disconnect { cancel_orders: true, .. })
        });
        let mut breaks: Vec<i64> = breaks.map(|planned| planned.from_ns).collect();
        breaks.sort_unstable_by(|a, b| b.cmp(a));
        breaks
    }

    /// When the sender of a request that goes now will give up waiting, if the connection is down.
    #[inline]
    pub(crate) fn swallows_request(&self, now_ns: i64) -> Option<i64> {
        self.plan.iter().find_map(|planned| match planned.kind {
            FaultKind::Disconnect { timeout_ns, .. } if planned.is_on(now_ns) => Some(now_ns + timeout_ns),
            _ => None,
        })
    }

    /// Why an order or amendment that arrives now is refused.
    pub(crate) fn refuses(&mut self, at_ns: i64) -> Option<Reason> {
        for planned in self.plan.iter_mut().filter(|planned| planned.is_on(at_ns)) {
            match planned.kind {
                FaultKind::RejectBurst if planned.strikes(&mut self.rng) => return Some(Reason::Refused),
                FaultKind::RateLimit { requests, window_ns } => {
                    let limit = RateLimit { requests, window_ns };
                    if !limit.admits(at_ns, &mut planned.window) {
                        return Some(Reason::RateLimited);
                    }
                }
                _ => {}
            }
        }
        None
    }

    /// What becomes of news that would be told at `deliver_ns`.
    #[inline]
    pub(crate) fn fate(&mut self, event: &OwnEvent, deliver_ns: i64) -> Fate {
        if self.plan.is_empty() {
            return Fate::Told;
        }
        self.look_up_fate(event, deliver_ns)
    }

    fn look_up_fate(&mut self, event: &OwnEvent, deliver_ns: i64) -> Fate {
        let is_fill = event.kind == EventKind::Fill;
        let mut fate = Fate::Told;
        for planned in self.plan.iter().filter(|planned| planned.is_on(event.venue_ns)) {
            let struck = match planned.kind {
                FaultKind::AckDelay { ns } if is_answer(event) => Fate::Held(deliver_ns + ns),
                FaultKind::LostAck { timeout_ns } if is_answer(event) => Fate::Lost(deliver_ns + timeout_ns),
                FaultKind::DuplicateFill if is_fill => Fate::Twice,
                FaultKind::LateFill { ns } if is_fill => Fate::Held(deliver_ns + ns),
                _ => continue,
            };
            if planned.strikes(&mut self.rng) {
                fate = struck;
                break;
            }
        }
        self.waits_for_connection(fate, deliver_ns)
    }

    /// News that would come while the connection is down comes when it is back.
    fn waits_for_connection(&self, fate: Fate, deliver_ns: i64) -> Fate {
        let planned_ns = if let Fate::Held(ns) = fate { ns } else { deliver_ns };
        let down = self.plan.iter().filter(|planned| matches!(planned.kind, FaultKind::Disconnect { .. }));
        let back_ns = down.filter(|planned| planned.is_on(planned_ns)).map(|planned| planned.until_ns).max();
        match (fate, back_ns) {
            (Fate::Lost(_), _) | (_, None) => fate,
            (_, Some(back_ns)) => Fate::Held(back_ns),
        }
    }
}

impl Planned {
    fn new(fault: &Fault) -> Result<Self, PaperError> {
        let refuse = |reason: String| Err(PaperError::Fault { reason });
        if fault.from_ns >= fault.until_ns {
            return refuse(format!("from {} ns to {} ns is no time: give a later end", fault.from_ns, fault.until_ns));
        }
        let ns = match fault.kind {
            FaultKind::AckDelay { ns } | FaultKind::LateFill { ns } => ns,
            FaultKind::LostAck { timeout_ns } | FaultKind::Disconnect { timeout_ns, .. } => timeout_ns,
            FaultKind::RateLimit { window_ns, .. } => window_ns,
            FaultKind::DuplicateFill | FaultKind::RejectBurst => 1,
        };
        if !(1..=3_600_000_000_000).contains(&ns) {
            return refuse(format!("{ns} ns: give 1 ns to an hour"));
        }
        let share_ppm = share("share", fault.share).unwrap_or(0);
        if share_ppm == 0 {
            return refuse(format!(
                "a share of {}: give one above 0 and at most 1, with 6 decimals at most",
                fault.share
            ));
        }
        let (kind, from_ns, until_ns) = (fault.kind, fault.from_ns, fault.until_ns);
        Ok(Self { kind, from_ns, until_ns, share_ppm, window: (i64::MIN, 0) })
    }

    fn is_on(&self, at_ns: i64) -> bool {
        self.from_ns <= at_ns && at_ns < self.until_ns
    }

    fn strikes(&self, rng: &mut Rng) -> bool {
        rng.up_to(WHOLE_PPM as u64 - 1) < u64::from(self.share_ppm)
    }
}

/// Whether somebody waits for it.
fn is_answer(event: &OwnEvent) -> bool {
    match event.kind {
        EventKind::Accepted | EventKind::Amended | EventKind::AmendRejected | EventKind::CancelRejected => true,
        // What a query brings to light comes through.
        EventKind::Rejected => event.reason != Reason::UnknownOrder,
        EventKind::Cancelled => event.reason == Reason::ByOwner,
        _ => false,
    }
}
