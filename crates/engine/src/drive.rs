use tickwright_types::Tick;

use crate::engine::{Core, Engine, Seen};
use crate::lane::{Lane, Left, Until};
use crate::layout::{cell, status, Layout, Memory, FRAME_CELLS};
use crate::queue::TickQueue;
use crate::source::Source;
use crate::EngineError;

impl Engine {
    /// One record: what `advance` does with an action point at each, without its loop.
    #[inline]
    pub fn step(&mut self, memory: &mut Memory<'_>) -> Result<(), EngineError> {
        let core = &mut self.core;
        core.drain_commands(memory)?;
        let (ticks, pos) = self.source.rest();
        let Some(tick) = ticks.get(*pos) else { return self.step_dry(memory) };
        let (hits, left) = core.plain_one(tick, memory);
        if left != Left::Room {
            core.rare_one(left, tick, hits, memory)?;
        }
        *pos += 1;
        Ok(())
    }

    #[cold]
    #[inline(never)]
    fn step_dry(&mut self, memory: &mut Memory<'_>) -> Result<(), EngineError> {
        if Self::refill(&mut self.source, self.queue.as_mut()) {
            return self.step(memory);
        }
        let word = if self.source.is_live() { status::IDLE } else { status::END };
        self.core.finish_dry(word, None, 0, memory);
        Ok(())
    }

    /// Records up to the next action point.
    #[inline]
    pub fn advance(&mut self, memory: &mut Memory<'_>) -> Result<(), EngineError> {
        self.drive::<false>(memory)
    }

    /// Records up to the next action point, leaving a frame of each.
    #[inline]
    pub fn read_ahead(&mut self, memory: &mut Memory<'_>) -> Result<(), EngineError> {
        self.drive::<true>(memory)
    }

    #[inline(always)]
    fn drive<const FRAMES: bool>(&mut self, memory: &mut Memory<'_>) -> Result<(), EngineError> {
        let core = &mut self.core;
        core.drain_commands(memory)?;
        let mut frames = 0;
        let mut last = None;
        loop {
            let (ticks, pos) = self.source.rest();
            let at_hand = (ticks.len() - *pos).min(core.tally.room());
            let room = if FRAMES { at_hand.min(core.map.frame_ring - frames) } else { at_hand };
            if room == 0 {
                if Self::refill(&mut self.source, self.queue.as_mut()) {
                    continue;
                }
                let word = if self.source.is_live() { status::IDLE } else { status::END };
                core.finish_dry(word, last, frames, memory);
                return Ok(());
            }
            let (done, hits) = core.run::<FRAMES>(ticks, *pos, room, frames, memory);
            if hits & status::ERROR != 0 {
                // The record at fault stays where it is: the next call meets it again.
                *pos += done - 1;
                core.tally.records += done as u64 - 1;
                return Err(core.fault.take().expect("a fault was noted").further(done as u64 - 1));
            }
            *pos += done;
            frames += done;
            let word = core.count(done, hits);
            let full = FRAMES && frames == core.map.frame_ring;
            if full || word & (status::ACTION | status::DRAIN | status::LIMIT) != 0 {
                let word = word | if full { status::MORE } else { 0 };
                core.finish::<FRAMES>(word, &ticks[*pos - 1], frames, memory);
                return Ok(());
            }
            last = Some(ticks[*pos - 1]);
        }
    }

    #[inline(never)]
    fn refill(source: &mut Source, queue: Option<&mut TickQueue>) -> bool {
        match (source.live_chunk(), queue) {
            (Some(chunk), Some(queue)) => queue.drain_into(chunk),
            _ => source.refill(),
        }
    }
}

impl Core {
    /// Runs up to `room` records, until one of them is an action point or fails; how many, and the hits of the last.
    ///
    /// Runs of plain records of one instrument go through [`Lane::run`]; whatever needs the rest of the engine is done
    /// here, in between.
    #[inline(always)]
    fn run<const FRAMES: bool>(
        &mut self,
        ticks: &[Tick],
        from: usize,
        room: usize,
        frames: usize,
        memory: &mut Memory<'_>,
    ) -> (usize, u32) {
        let stop = self.mask | status::DRAIN | status::ERROR;
        let mut done = 0;
        loop {
            let (passed, mut hits, left) =
                self.plain_run::<FRAMES>(&ticks[from + done..from + room], frames + done, memory);
            done += passed;
            if left != Left::Room {
                let at = from + done;
                let tick = if left == Left::After { &ticks[at - 1] } else { &ticks[at] };
                hits = self.one(left, tick, hits, memory);
                done += usize::from(left != Left::After);
                if FRAMES && hits & status::ERROR == 0 {
                    self.put_frame(frames + done - 1, hits, tick, memory);
                }
            }
            if hits & stop != 0 || done == room {
                self.seen = Seen::of(&ticks[from + done - 1]);
                return (done, hits);
            }
        }
    }

    /// Does for one record what a run of plain ones left to do. Returns its hits, with `ERROR` if it is refused.
    #[inline(never)]
    fn one(&mut self, left: Left, tick: &Tick, hits: u32, memory: &mut Memory<'_>) -> u32 {
        let mut hits = if left == Left::After { hits } else { self.before(tick, memory) };
        if left != Left::After && hits & status::ERROR == 0 {
            hits |= self.apply(tick, memory);
        }
        if hits & status::ERROR == 0 {
            hits |= self.after(usize::from(tick.instrument), memory);
        }
        hits
    }

    /// Runs plain records of one instrument; see [`Lane::run`].
    #[inline(always)]
    fn plain_run<const FRAMES: bool>(
        &mut self,
        ticks: &[Tick],
        frame: usize,
        memory: &mut Memory<'_>,
    ) -> (usize, u32, Left) {
        let Some(lane) = self.lane_of(&ticks[0]) else { return (0, 0, Left::Before) };
        let until = self.until(lane.venue);
        let (market, venue) = (&mut self.markets[lane.index], &mut self.venues[lane.venue]);
        let frames =
            if FRAMES { memory.frames(self.map.frames_at + frame * FRAME_CELLS, ticks.len()) } else { &mut [] };
        lane.run::<FRAMES>(&until, ticks, market, venue, &mut self.now_ns, frames)
    }

    /// Applies one record if it is a plain one, and leaves the block as the controller shall find it; see [`Lane::one`].
    #[inline(always)]
    fn plain_one(&mut self, tick: &Tick, memory: &mut Memory<'_>) -> (u32, Left) {
        let Some(lane) = self.lane_of(tick) else { return (0, Left::Before) };
        let until = self.until(lane.venue);
        let (market, venue) = (&mut self.markets[lane.index], &mut self.venues[lane.venue]);
        let (hits, left) = lane.one(&until, tick, market, venue, &mut self.now_ns);
        if left == Left::Room {
            self.seen = Seen::of(tick);
            let word = acting(self.tally.count(1, hits), self.mask);
            memory.set_live(&market.frame(word | events_wait(memory), tick, self.now_ns));
            market.write_shown(Layout::instrument_at(lane.index), memory);
        }
        (hits, left)
    }

    /// Does for one record what is left to do after [`Core::plain_one`].
    #[inline(never)]
    fn rare_one(&mut self, left: Left, tick: &Tick, hits: u32, memory: &mut Memory<'_>) -> Result<(), EngineError> {
        let hits = self.one(left, tick, hits, memory);
        if hits & status::ERROR != 0 {
            return Err(self.fault.take().expect("a fault was noted"));
        }
        self.seen = Seen::of(tick);
        let word = self.count(1, hits);
        self.write_live(word, tick, memory);
        // Time may have told on books that this record is not of.
        self.write_markets(memory);
        Ok(())
    }

    /// The lane of a record; `None` where its instrument is not known.
    #[inline(always)]
    fn lane_of(&mut self, tick: &Tick) -> Option<Lane> {
        if usize::from(tick.instrument) != self.lane.index {
            self.change_lane(usize::from(tick.instrument))?;
        }
        Some(self.lane)
    }

    #[inline(never)]
    fn change_lane(&mut self, index: usize) -> Option<()> {
        self.lane = Lane::new(index, self.markets.get(index)?);
        Some(())
    }

    #[inline(always)]
    fn until(&self, venue: usize) -> Until {
        let other_event_ns = if self.watches { i64::MIN } else { self.other_event_ns(venue) };
        Until { mask: self.mask, due_ns: self.due_ns, other_event_ns, feed_latency_ns: self.feed_latency_ns }
    }

    fn put_frame(&self, frame: usize, hits: u32, tick: &Tick, memory: &mut Memory<'_>) {
        memory.frames(self.map.frames_at + frame * FRAME_CELLS, 1)[0] =
            self.markets[usize::from(tick.instrument)].frame(hits, tick, self.now_ns);
    }

    /// When the next own event of another venue than this one is to be known.
    #[inline(always)]
    fn other_event_ns(&self, mine: usize) -> i64 {
        if self.venues.len() == 1 {
            i64::MAX
        } else {
            self.others_event_ns(mine)
        }
    }

    #[inline(never)]
    fn others_event_ns(&self, mine: usize) -> i64 {
        let others = self.venues.iter().enumerate().filter(|(at, _)| *at != mine);
        others.map(|(_, venue)| venue.paper.next_event_ns()).min().unwrap_or(i64::MAX)
    }

    /// Counts records done and makes the status word of the last one.
    #[inline(always)]
    fn count(&mut self, done: usize, hits: u32) -> u32 {
        acting(self.tally.count(done, hits), self.mask)
    }

    /// Leaves the block as the controller shall find it.
    #[inline(always)]
    fn finish<const FRAMES: bool>(&mut self, word: u32, last: &Tick, frames: usize, memory: &mut Memory<'_>) {
        let frame = self.write_live(word, last, memory);
        if FRAMES {
            // What became clear only afterwards, such as the n-th record, belongs to the last frame too.
            memory.frames(self.map.frames_at + (frames - 1) * FRAME_CELLS, 1)[0] = frame;
            memory.set_words(cell::CALL, frames as u32, 0);
        }
        self.write_markets(memory);
    }

    /// Writes the live frame of the last record.
    #[inline(always)]
    fn write_live(&mut self, word: u32, last: &Tick, memory: &mut Memory<'_>) -> [f64; FRAME_CELLS] {
        let market = &self.markets[usize::from(last.instrument)];
        let frame = market.frame(word | events_wait(memory), last, self.now_ns);
        memory.set_live(&frame);
        if self.watches && word & status::ACTION != 0 {
            self.note_mids();
        }
        frame
    }

    /// The same where no record was left; `last` is the last of those that this call has done, if any.
    #[cold]
    fn finish_dry(&mut self, word: u32, last: Option<Tick>, frames: usize, memory: &mut Memory<'_>) {
        if let Some(last) = last {
            self.write_live(word, &last, memory);
        } else {
            let (_, what) = memory.words(cell::HEAD);
            memory.set_words(cell::HEAD, word | events_wait(memory), what);
        }
        memory.set_words(cell::CALL, frames as u32, 0);
        self.write_markets(memory);
    }

    pub(crate) fn write_markets(&mut self, memory: &mut Memory<'_>) {
        for (index, market) in self.markets.iter_mut().enumerate() {
            market.write(Layout::instrument_at(index), memory);
        }
    }

    fn note_mids(&mut self) {
        for (acted, market) in self.acted_mid2.iter_mut().zip(&self.markets) {
            *acted = market.top.price[0] + market.top.price[1];
        }
    }
}

/// The hits with `ACTION` where one of them makes an action point.
#[inline(always)]
fn acting(hits: u32, mask: u32) -> u32 {
    hits | u32::from(hits & mask != 0)
}

#[inline(always)]
fn events_wait(memory: &Memory<'_>) -> u32 {
    let (written, read) = memory.words(cell::EVENTS);
    u32::from(written != read) * status::EVENTS
}
