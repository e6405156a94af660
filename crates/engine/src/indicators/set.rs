use serde::{Deserialize, Serialize};
use tickwright_indicators::{Atr, Ema};

use super::any::AnyIndicator;
use super::{Look, Readers};
use crate::config::{IndicatorConfig, UpdateOn};
use crate::instruments::Top;
use crate::layout::MAX_INDICATORS;
use crate::EngineError;

/// Indicators that are fed with the top of the book at the same moments. The frequent kinds lie by kind, so that feeding
/// them takes no dispatch.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct IndicatorSet {
    emas: Vec<(u8, Ema)>,
    atrs: Vec<(u8, Atr)>,
    /// The rarer kinds, looked at only when there are any.
    rare: Readers,
    any: bool,
}

impl IndicatorSet {
    pub(crate) fn new(mine: &[(usize, &IndicatorConfig)], on: UpdateOn) -> Result<Self, EngineError> {
        let mut set = Self::default();
        for &(slot, config) in mine.iter().filter(|(_, config)| config.on() == on) {
            let slot = slot as u8;
            match AnyIndicator::new(config)? {
                AnyIndicator::Ema(ema) => set.emas.push((slot, ema)),
                AnyIndicator::Atr(atr) => set.atrs.push((slot, atr)),
                rare => set.rare.push(slot, rare),
            }
            set.any = true;
        }
        Ok(set)
    }

    /// Feeds the top of the book, in price units; nothing happens while a side is empty. With `SHOW` the outputs follow
    /// at once, otherwise when [`IndicatorSet::show`] is called.
    #[inline(always)]
    pub(crate) fn update<const SHOW: bool>(&mut self, top: &Top, shown: &mut [f64; MAX_INDICATORS]) {
        if !self.any || top.mid.is_nan() {
            return;
        }
        for (slot, ema) in &mut self.emas {
            ema.update(top.mid);
            if SHOW {
                shown[place(*slot)] = ema.shown();
            }
        }
        for (slot, atr) in &mut self.atrs {
            atr.update(top.ask, top.bid, top.mid);
            if SHOW {
                shown[place(*slot)] = atr.shown();
            }
        }
        if !self.rare.is_empty() {
            let &Top { bid, ask, mid, .. } = top;
            self.rare.feed(&Look { ts_ns: 0, high: ask, low: bid, close: mid, mean: mid, volume: 0.0 }, shown);
        }
    }

    /// Brings the outputs up to date.
    #[inline]
    pub(crate) fn show(&self, shown: &mut [f64; MAX_INDICATORS]) {
        self.emas.iter().for_each(|(slot, ema)| shown[place(*slot)] = ema.shown());
        self.atrs.iter().for_each(|(slot, atr)| shown[place(*slot)] = atr.shown());
    }
}

/// The slot as an index that needs no check.
#[inline(always)]
fn place(slot: u8) -> usize {
    usize::from(slot) % MAX_INDICATORS
}
