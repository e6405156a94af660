use proptest::prelude::*;
use tickwright_indicators::{Macd, Rsi};

use crate::streams::{close_to, units, weighted_mean, UNITS};

/// The mean of the first `period` values, then smoothed by `1 / period`.
fn wilder(xs: &[f64], period: usize) -> f64 {
    let seed_len = xs.len().min(period);
    let seed = xs[..seed_len].iter().sum::<f64>() / seed_len as f64;
    let smoothed: Vec<f64> = std::iter::once(seed).chain(xs[seed_len..].iter().copied()).collect();
    weighted_mean(&smoothed, 1.0 / period as f64)
}

/// An average of the whole stream, as its distance from the first value, which hides no digits of a difference.
fn ema_from_first(xs: &[f64], period: u32) -> f64 {
    let distances: Vec<f64> = xs.iter().map(|x| x - xs[0]).collect();
    weighted_mean(&distances, 2.0 / (f64::from(period) + 1.0))
}

proptest! {
    #[test]
    fn an_rsi_is_the_share_of_gains_in_all_that_moved(units in units(), period in 1usize..65) {
        let mut rsi = Rsi::period(period as u32).unwrap();
        rsi.update(units[0] as f64 / UNITS);
        prop_assert_eq!((rsi.raw(), rsi.value()), (50.0, None));
        let changes: Vec<f64> = units.windows(2).map(|pair| (pair[1] - pair[0]) as f64 / UNITS).collect();
        let gains: Vec<f64> = changes.iter().map(|c| c.max(0.0)).collect();
        let losses: Vec<f64> = changes.iter().map(|c| (-c).max(0.0)).collect();
        for end in 1..=changes.len() {
            rsi.update(units[end] as f64 / UNITS);
            let (gain, loss) = (wilder(&gains[..end], period), wilder(&losses[..end], period));
            let expected = if gain + loss == 0.0 { 50.0 } else { 100.0 - 100.0 / (1.0 + gain / loss) };
            // The definition itself loses digits near 0, where it takes 100 from 100.
            let near = |got: f64, wanted: f64| (got - wanted).abs() <= 1e-9 * wanted.abs() + 1e-12;
            prop_assert!(near(rsi.raw(), expected), "{} is not {expected} after {end}", rsi.raw());
            let share = if gain + loss == 0.0 { 50.0 } else { 100.0 * gain / (gain + loss) };
            prop_assert!(close_to(rsi.raw(), share), "{} is not {share} after {end}", rsi.raw());
            prop_assert_eq!(rsi.value().is_some(), end >= period);
        }
    }

    #[test]
    fn a_macd_is_the_difference_of_two_averages_and_its_average(
        units in units(), fast in 1u32..20, further in 1u32..20, signal in 1u32..20,
    ) {
        let slow = fast + further;
        let mut macd = Macd::new(fast, slow, signal).unwrap();
        let xs: Vec<f64> = units.iter().map(|&u| u as f64 / UNITS).collect();
        let mut lines = Vec::new();
        for end in 1..=xs.len() {
            macd.update(xs[end - 1]);
            let line = ema_from_first(&xs[..end], fast) - ema_from_first(&xs[..end], slow);
            // Averages of large numbers are right to their own last digits.
            let size = xs[..end].iter().fold(0.0, |most: f64, x| most.max(x.abs()));
            let near = |got: f64, wanted: f64| (got - wanted).abs() <= 1e-9 * wanted.abs() + 1e-14 * size;
            prop_assert!(near(macd.raw().line, line), "{:?} is not {line} after {end}", macd.raw());
            prop_assert_eq!(macd.value().is_some(), end >= macd.warm_up() as usize);
            if end < slow as usize {
                prop_assert!(macd.raw().signal.is_nan());
                continue;
            }
            lines.push(line);
            let average = weighted_mean(&lines, 2.0 / (f64::from(signal) + 1.0));
            prop_assert!(near(macd.raw().signal, average), "{:?} is not {average} after {end}", macd.raw());
            prop_assert!(near(macd.raw().histogram, line - average), "{:?} after {end}", macd.raw());
        }
    }
}
