//! Random streams, and definitions that more than one indicator needs.

use proptest::prelude::*;
use tickwright_indicators::Divisor;

/// Values are whole numbers of 1/1024, which doubles hold exactly: definitions can be summed without rounding.
pub(crate) const UNITS: f64 = 1024.0;

/// Noise around a level, with jumps of the level and single outliers.
pub(crate) fn units() -> impl Strategy<Value = Vec<i64>> {
    let level = prop_oneof![Just(0i64), Just(100_000 << 10), Just(-(100_000 << 10)), 1i64..1 << 30];
    let step = prop_oneof![
        12 => Just((0i64, 0i64)),
        1 => (-(1i64 << 30)..1 << 30).prop_map(|jump| (jump, 0)),
        1 => (-(1i64 << 32)..1 << 32).prop_map(|outlier| (0, outlier)),
    ];
    (level, 64i64..1 << 20, prop::collection::vec((step, any::<i64>()), 1..300)).prop_map(|(level, noise, steps)| {
        let mut level = level;
        let mut value = |((jump, outlier), draw): ((i64, i64), i64)| {
            level = (level + jump).clamp(-(1 << 30), 1 << 30);
            level + outlier + draw.rem_euclid(noise)
        };
        steps.into_iter().map(&mut value).collect()
    })
}

/// Prices above 0 as highs, lows and closes, with gaps between the bars.
pub(crate) fn bars() -> impl Strategy<Value = Vec<(f64, f64, f64)>> {
    let bar = (1.0..2e5f64, 0.0..500.0f64, 0.0..=1.0f64);
    prop::collection::vec(bar, 1..200)
        .prop_map(|bars| bars.into_iter().map(|(low, range, at)| (low + range, low, low + range * at)).collect())
}

pub(crate) fn close_to(got: f64, expected: f64) -> bool {
    (got - expected).abs() <= 1e-9 * expected.abs()
}

pub(crate) fn last_window(units: &[i64], period: usize) -> &[i64] {
    &units[units.len().saturating_sub(period)..]
}

pub(crate) fn exact_mean(window: &[i64]) -> f64 {
    window.iter().map(|&u| i128::from(u)).sum::<i128>() as f64 / (window.len() as f64 * UNITS)
}

pub(crate) fn exact_deviation(window: &[i64], divisor: Divisor) -> f64 {
    let n = window.len() as i128;
    let sum: i128 = window.iter().map(|&u| i128::from(u)).sum();
    let squares: i128 = window.iter().map(|&u| i128::from(u) * i128::from(u)).sum();
    let degrees = if divisor == Divisor::Sample { n - 1 } else { n };
    ((n * squares - sum * sum) as f64 / (n * degrees).max(1) as f64).sqrt() / UNITS
}

/// `(1 - a)^k x_0 + Σ a (1 - a)^(k - i) x_i`.
pub(crate) fn weighted_mean(xs: &[f64], alpha: f64) -> f64 {
    let last = xs.len() as i32 - 1;
    let weight = |i: i32| if i == 0 { (1.0 - alpha).powi(last) } else { alpha * (1.0 - alpha).powi(last - i) };
    xs.iter().zip(0..).map(|(x, i)| weight(i) * x).sum()
}

pub(crate) fn true_ranges(bars: &[(f64, f64, f64)]) -> Vec<f64> {
    let first = bars[0].0 - bars[0].1;
    let rest = bars.windows(2).map(|pair| {
        let (close_before, (high, low, _)) = (pair[0].2, pair[1]);
        (high - low).max((high - close_before).abs()).max((low - close_before).abs())
    });
    std::iter::once(first).chain(rest).collect()
}

/// Trades: prices as [`units`], sizes in 1/1024 of which some are 0, with runs of nothing traded.
pub(crate) fn trades() -> impl Strategy<Value = Vec<(i64, i64)>> {
    let size = prop_oneof![6 => 1i64..1 << 20, 1 => 1i64 << 20..1 << 34, 3 => Just(0i64)];
    (units(), prop::collection::vec((size, 1usize..12), 300)).prop_map(|(prices, sizes)| {
        let sizes =
            sizes.into_iter().flat_map(|(size, run)| std::iter::repeat_n(size, if size == 0 { run } else { 1 }));
        prices.into_iter().zip(sizes).collect()
    })
}

/// `Σ price · size / Σ size`, exactly; `None` without a size.
pub(crate) fn exact_vwap(trades: &[(i64, i64)]) -> Option<f64> {
    let notional: i128 = trades.iter().map(|&(price, size)| i128::from(price) * i128::from(size)).sum();
    let volume: i128 = trades.iter().map(|&(_, size)| i128::from(size)).sum();
    (volume > 0).then(|| notional as f64 / (volume as f64 * UNITS))
}

/// Equality where both are there, or neither.
pub(crate) fn same(got: Option<f64>, expected: Option<f64>) -> bool {
    match (got, expected) {
        (Some(got), Some(expected)) => close_to(got, expected),
        (got, expected) => got.is_none() && expected.is_none(),
    }
}
