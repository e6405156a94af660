use serde::{Deserialize, Serialize};

use super::rule::{checked_span, span_of};
use super::{Bar, CompletedBars};
use crate::IndicatorError;

/// Makes larger bars of smaller ones (5 m → 1 h → 1 d) without losing or counting one twice.
///
/// A large bar is complete with the small bar that ends where it ends, or, where that one is missing, when a bar of a
/// later span arrives. What is unfinished at the end of a stream comes out of [`BarAggregator::flush`].
///
/// ```
/// use tickwright_indicators::{BarAggregator, BarBuilder, BarConfig, SECOND_NS};
/// let mut minutes = BarBuilder::new(BarConfig::seconds(60))?;
/// let mut hours = BarAggregator::new(3_600 * SECOND_NS)?;
/// let mut made = Vec::new();
/// for minute in 0..=60 {
///     for bar in minutes.on_trade(minute * 60 * SECOND_NS, 618_000 + minute, 1) {
///         made.extend(hours.on_bar(&bar)?);
///     }
/// }
/// assert_eq!((made.len(), made[0].trades, made[0].high), (1, 60, 618_059));
/// # Ok::<(), tickwright_indicators::IndicatorError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BarAggregator {
    period_ns: i64,
    current: Option<Bar>,
    /// Exclusive end of what was taken so far.
    taken_ns: i64,
}

impl BarAggregator {
    /// An aggregator into bars of `period_ns`, aligned to the Unix epoch.
    ///
    /// Returns `E_INDICATOR_SETTING` unless that is a whole number of seconds from 1 s to 1 d.
    pub fn new(period_ns: i64) -> Result<Self, IndicatorError> {
        let period_ns = checked_span("aggregator period_ns", period_ns)?;
        Ok(Self { period_ns, current: None, taken_ns: i64::MIN })
    }

    /// Takes the next smaller bar and hands out the large bars it completes: at most two, the second where the bar
    /// before it was left unfinished by a gap.
    ///
    /// Returns `E_BAR_ORDER` for a bar that overlaps one already taken and `E_BAR_SPAN` for one that lies in no single
    /// large bar; nothing is taken then.
    pub fn on_bar(&mut self, bar: &Bar) -> Result<CompletedBars, IndicatorError> {
        let &Bar { open_ns, close_ns, .. } = bar;
        if open_ns < self.taken_ns {
            return Err(IndicatorError::BarOrder { open_ns, taken_ns: self.taken_ns });
        }
        let span = span_of(open_ns, self.period_ns).filter(|&(_, end_ns)| open_ns < close_ns && close_ns <= end_ns);
        let Some((begin_ns, end_ns)) = span else {
            return Err(IndicatorError::BarSpan { open_ns, close_ns, period_ns: self.period_ns });
        };
        let unfinished = self.current.take_if(|large| large.open_ns != begin_ns);
        match &mut self.current {
            Some(large) => large.merge(bar),
            None => self.current = Some(Bar { open_ns: begin_ns, close_ns: end_ns, ..*bar }),
        }
        self.taken_ns = close_ns;
        let finished = self.current.take_if(|_| close_ns == end_ns);
        Ok(CompletedBars::two(unfinished, finished))
    }

    /// Hands out the unfinished bar, with the end that its span would have had. Bars of the same span are refused
    /// from then on: they would make a second bar of it.
    pub fn flush(&mut self) -> Option<Bar> {
        let bar = self.current.take()?;
        self.taken_ns = bar.close_ns;
        Some(bar)
    }

    /// The bar under construction.
    pub fn current(&self) -> Option<&Bar> {
        self.current.as_ref()
    }
}
