use serde::{Deserialize, Serialize};

/// What lets a record that concerns no own order pass in a nanosecond: one cache line for levels, a second one for trades.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Guard {
    /// A side's own prices and used-up levels, one bit each: `1 << (price & 63)`. A set bit may be a chance meeting.
    pub(crate) mask: [u64; 2],
    /// Lowest and highest of those prices: within 64 ticks of each other the bits are exact.
    pub(crate) low: [i64; 2],
    pub(crate) high: [i64; 2],
    /// Best own price of each side.
    pub(crate) best: [i64; 2],
    /// Trades at or below the first or at or above the second concern a stop.
    pub(crate) stops: [i64; 2],
}

#[allow(clippy::needless_bitwise_bool)] // One branch that is nearly always taken beats three.
impl Guard {
    pub(crate) const NONE: Self = Self {
        mask: [0; 2],
        low: [i64::MAX; 2],
        high: [i64::MIN; 2],
        best: [i64::MIN, i64::MAX],
        stops: [i64::MIN, i64::MAX],
    };

    #[inline(always)]
    fn bit(price_ticks: i64) -> u64 {
        1 << (price_ticks as u64 & 63)
    }

    /// Lets no level record of that price pass.
    pub(crate) fn watch(&mut self, side: usize, price_ticks: i64) {
        self.mask[side] |= Self::bit(price_ticks);
        self.low[side] = self.low[side].min(price_ticks);
        self.high[side] = self.high[side].max(price_ticks);
    }

    /// Lets no trade at or beyond one of these two prices pass.
    pub(crate) fn watch_trades(&mut self, low_ticks: i64, high_ticks: i64) {
        self.stops = [self.stops[0].max(low_ticks), self.stops[1].min(high_ticks)];
    }

    /// Lets no level record pass at all.
    pub(crate) fn watch_every_level(&mut self) {
        (self.mask, self.low, self.high) = ([u64::MAX; 2], [i64::MIN; 2], [i64::MAX; 2]);
    }

    /// Whether a level record touches no own order: none at its price, none that the touch reaches.
    #[inline(always)]
    pub(crate) fn passes_level(&self, side: usize, price_ticks: i64, best_bid: i64, best_ask: i64) -> bool {
        let side = side & 1;
        let watched = (self.mask[side] & Self::bit(price_ticks) != 0)
            & (price_ticks >= self.low[side])
            & (price_ticks <= self.high[side]);
        !watched & (best_ask > self.best[0]) & (best_bid < self.best[1])
    }

    /// Whether a trade of that aggressor (0 buyer, 1 seller, 2 not known) reaches no own order.
    #[inline(always)]
    pub(crate) fn passes_trade(&self, aggressor: u8, price_ticks: i64) -> bool {
        ((price_ticks > self.best[0]) | (aggressor == 0))
            & ((price_ticks < self.best[1]) | (aggressor == 1))
            & (price_ticks > self.stops[0])
            & (price_ticks < self.stops[1])
    }

    /// Whether there is no own order and nothing used up.
    #[inline(always)]
    pub(crate) fn is_idle(&self) -> bool {
        self.mask[0] | self.mask[1] == 0
    }
}
