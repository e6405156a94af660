use serde::{Deserialize, Serialize};

/// What traded from one time to another: prices in ticks, volume in lots.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bar {
    /// Begin of the span in ns since the Unix epoch; of a bar that does not end by time, when its first price came.
    pub open_ns: i64,
    /// Exclusive end of the span in ns since the Unix epoch; of a bar that does not end by time, when its last price
    /// came.
    pub close_ns: i64,
    /// First price.
    pub open: i64,
    /// Highest price.
    pub high: i64,
    /// Lowest price.
    pub low: i64,
    /// Last price.
    pub close: i64,
    /// Lots traded.
    pub volume_lots: i64,
    /// Number of trades.
    pub trades: u64,
    /// Sum of price × size in ticks × lots; over `volume_lots` it is the volume-weighted price.
    pub notional: i128,
}

impl Bar {
    /// A bar of one price and no volume.
    pub(crate) fn flat(open_ns: i64, close_ns: i64, price: i64) -> Self {
        Self {
            open_ns,
            close_ns,
            open: price,
            high: price,
            low: price,
            close: price,
            volume_lots: 0,
            trades: 0,
            notional: 0,
        }
    }

    #[inline(always)]
    pub(crate) fn take(&mut self, price_ticks: i64, size_lots: i64, trades: u64) {
        self.high = self.high.max(price_ticks);
        self.low = self.low.min(price_ticks);
        self.close = price_ticks;
        self.volume_lots = self.volume_lots.saturating_add(size_lots);
        self.trades += trades;
        self.notional = self.notional.saturating_add(i128::from(price_ticks) * i128::from(size_lots));
    }

    /// Takes a later bar into this one.
    pub(crate) fn merge(&mut self, later: &Bar) {
        self.high = self.high.max(later.high);
        self.low = self.low.min(later.low);
        self.close = later.close;
        self.volume_lots = self.volume_lots.saturating_add(later.volume_lots);
        self.trades += later.trades;
        self.notional = self.notional.saturating_add(later.notional);
    }
}

/// The bars that one call completed, oldest first; mostly none. Holds no memory of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use = "a completed bar is handed out once"]
pub struct CompletedBars {
    first: Option<Bar>,
    second: Option<Bar>,
    gap: Option<Gap>,
}

/// Flat bars from `open_ns` up to `until_ns`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Gap {
    open_ns: i64,
    until_ns: i64,
    period_ns: i64,
    price: i64,
}

impl CompletedBars {
    pub(crate) const NONE: Self = Self { first: None, second: None, gap: None };

    pub(crate) fn two(first: Option<Bar>, second: Option<Bar>) -> Self {
        Self { first, second, gap: None }
    }

    /// That bar, then flat bars of its close from its end up to `until_ns`.
    pub(crate) fn with_gap(bar: Option<Bar>, price: i64, open_ns: i64, until_ns: i64, period_ns: i64) -> Self {
        Self { first: bar, second: None, gap: Some(Gap { open_ns, until_ns, period_ns, price }) }
    }
}

impl Iterator for CompletedBars {
    type Item = Bar;

    #[inline]
    fn next(&mut self) -> Option<Bar> {
        if let Some(bar) = self.first.take().or_else(|| self.second.take()) {
            return Some(bar);
        }
        let gap = self.gap.as_mut().filter(|gap| gap.open_ns < gap.until_ns)?;
        let bar = Bar::flat(gap.open_ns, gap.open_ns + gap.period_ns, gap.price);
        gap.open_ns = bar.close_ns;
        Some(bar)
    }
}
