//! A seeded walk of bars that other engines were measured on too, with their agreed answers.

use tickwright_types::Rng;

/// One bar of the walk; prices are whole numbers.
#[derive(Clone, Copy)]
pub(crate) struct GeneratedBar {
    pub(crate) high: f64,
    pub(crate) low: f64,
    pub(crate) close: f64,
}

/// EMA(14) of the close after 1 000 000 bars.
pub(crate) const EMA_AFTER_A_MILLION: f64 = 1055718.972990778;

/// Wilder ATR(14) after 1 000 000 bars.
pub(crate) const ATR_AFTER_A_MILLION: f64 = 197.60741474000923;

/// The first `count` bars. The upper 32 bits of each draw decide, in the order open, close, high, low, volume.
pub(crate) fn generated_bars(count: usize) -> Vec<GeneratedBar> {
    let mut rng = Rng::from_state(0x9E37_79B9_7F4A_7C15 + 2);
    let mut draw = move |below: i64| i64::from(rng.next_u32()) % below;
    let mut open = 1_000_000;
    let mut bar = || {
        let close = open + draw(401) - 200;
        let high = open.max(close) + draw(100);
        let low = open.min(close) - draw(100);
        let _volume = 1 + draw(1000);
        open = close;
        GeneratedBar { high: high as f64, low: low as f64, close: close as f64 }
    };
    (0..count).map(|_| bar()).collect()
}

/// Whether two numbers agree to 1e-9 of the second.
pub(crate) fn agrees(got: f64, expected: f64) -> bool {
    (got - expected).abs() <= 1e-9 * expected.abs()
}
