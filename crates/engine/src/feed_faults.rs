//! What can go wrong with a feed, on demand: a tape is replayed as if it had been received that way. Seeded, so that a
//! replay goes wrong in the same places.

use tickwright_types::{flags, Rng, Tick, TickBlock};

use crate::config::{FeedFaultConfig, FeedFaultKind};
use crate::{EngineConfig, EngineError};

/// One instrument's message that is being read.
#[derive(Clone, Copy, Default)]
#[allow(clippy::struct_excessive_bools, reason = "each of them can be true with any other")]
struct Message {
    inside: bool,
    is_lost: bool,
    is_bad: bool,
    /// A message before this one was lost.
    has_gap: bool,
}

#[derive(Debug)]
struct Planned {
    kind: FeedFaultKind,
    /// Engine's index, or none for all instruments.
    instrument: Option<u16>,
    from_ns: i64,
    until_ns: i64,
    share_ppm: u64,
}

/// The faults of a feed, ready for a run of ticks.
#[derive(Debug)]
pub(crate) struct FeedFaults {
    plan: Vec<Planned>,
    seed: u64,
}

impl FeedFaults {
    pub(crate) fn new(config: &EngineConfig) -> Result<Self, EngineError> {
        let plan = config.feed_faults.iter().enumerate().map(|(n, fault)| Planned::new(config, n, fault));
        Ok(Self { plan: plan.collect::<Result<_, _>>()?, seed: config.seed })
    }

    /// The run as it would have been received; `map` gives the engine's index of its instruments. Whole messages are lost
    /// or damaged, never parts of them, and records keep their order. Copies the run, if there is a fault at all.
    pub(crate) fn apply(&self, run: usize, ticks: TickBlock, map: Option<&[u16]>) -> TickBlock {
        if self.plan.is_empty() {
            return ticks;
        }
        let mut rng = Rng::new(self.seed ^ 0x4665_6564_0000_0000 ^ run as u64);
        let mut messages: Vec<Message> = Vec::new();
        let (mut received, mut latest_ns) = (Vec::with_capacity(ticks.len()), i64::MIN);
        for tick in ticks.iter() {
            let own = usize::from(tick.instrument);
            if messages.len() <= own {
                messages.resize(own + 1, Message::default());
            }
            let index = map.map_or(Some(tick.instrument), |map| map.get(own).copied());
            let message = &mut messages[own];
            if !message.inside {
                self.begin(message, tick.recv_ns, index, &mut rng);
            }
            message.inside = !tick.is_last();
            if message.is_lost {
                continue;
            }
            let mut tick = *tick;
            if std::mem::take(&mut message.has_gap) {
                tick.flags |= flags::GAP;
            }
            if message.is_bad && tick.is_last() {
                tick.flags |= flags::BAD_CHECKSUM;
            }
            latest_ns = latest_ns.max(tick.recv_ns + self.delay_ns(tick.recv_ns, index));
            received.push(Tick { recv_ns: latest_ns, ..tick });
        }
        received.into()
    }

    /// Decides about a message when its first record comes.
    fn begin(&self, message: &mut Message, recv_ns: i64, index: Option<u16>, rng: &mut Rng) {
        // What was lost by a gap shows in the next message that comes through.
        *message = Message { has_gap: message.has_gap, ..Message::default() };
        for planned in self.plan.iter().filter(|planned| planned.concerns(recv_ns, index)) {
            let struck = rng.up_to(999_999) < planned.share_ppm;
            match planned.kind {
                FeedFaultKind::Stale => message.is_lost = true,
                FeedFaultKind::Gap if struck => (message.is_lost, message.has_gap) = (true, true),
                FeedFaultKind::BadChecksum => message.is_bad |= struck,
                FeedFaultKind::Gap | FeedFaultKind::Delay { .. } => {}
            }
        }
    }

    fn delay_ns(&self, recv_ns: i64, index: Option<u16>) -> i64 {
        let delays = self.plan.iter().filter(|planned| planned.concerns(recv_ns, index));
        delays.map(|planned| if let FeedFaultKind::Delay { ns } = planned.kind { ns } else { 0 }).max().unwrap_or(0)
    }
}

impl Planned {
    fn new(config: &EngineConfig, number: usize, fault: &FeedFaultConfig) -> Result<Self, EngineError> {
        let path = format!("feed_faults[{number}]");
        let instrument = match fault.instrument.as_deref() {
            Some(id) => Some(config.instrument_index(&path, Some(id))? as u16),
            None => None,
        };
        let share_ppm = fault.share.scaled_to(6).filter(|ppm| (1..=1_000_000).contains(ppm)).ok_or_else(|| {
            EngineError::config(&path, format!("a share of {}: give one above 0 and at most 1", fault.share))
        })?;
        let ns = |ms: u64| i64::try_from(ms).unwrap_or(i64::MAX).saturating_mul(1_000_000);
        let (from_ns, until_ns) = (ns(fault.from_ms), fault.until_ms.map_or(i64::MAX, ns));
        if from_ns >= until_ns {
            return Err(EngineError::config(&path, "until_ms must be later than from_ms"));
        }
        if let FeedFaultKind::Delay { ns } = fault.fault {
            if !(1..=3_600_000_000_000).contains(&ns) {
                return Err(EngineError::config(&path, format!("a delay of {ns} ns: give 1 ns to an hour")));
            }
        }
        Ok(Self { kind: fault.fault, instrument, from_ns, until_ns, share_ppm: share_ppm as u64 })
    }

    fn concerns(&self, recv_ns: i64, index: Option<u16>) -> bool {
        self.from_ns <= recv_ns && recv_ns < self.until_ns && (self.instrument.is_none() || self.instrument == index)
    }
}
