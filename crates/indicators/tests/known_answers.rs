//! Streams whose answers others have agreed on or published.

mod generated_bars;

use generated_bars::{agrees, generated_bars, ATR_AFTER_A_MILLION, EMA_AFTER_A_MILLION};
use tickwright_indicators::{
    Atr, BollingerBands, Divisor, Ema, Indicator, Macd, RollingMax, RollingMin, RollingStd, RollingVwap, Rsi, Sma,
};

#[test]
fn a_million_bars_give_the_agreed_ema_and_atr() {
    let mut ema = Ema::period(14).unwrap();
    let (mut wilder, mut running) = (Atr::wilder(14).unwrap(), Atr::running(14).unwrap());
    for bar in generated_bars(1_000_000) {
        ema.update(bar.close);
        wilder.update(bar.high, bar.low, bar.close);
        running.update(bar.high, bar.low, bar.close);
    }
    assert!(agrees(ema.raw(), EMA_AFTER_A_MILLION), "{}", ema.raw());
    assert!(agrees(wilder.raw(), ATR_AFTER_A_MILLION), "{}", wilder.raw());
    assert!(agrees(running.raw(), ATR_AFTER_A_MILLION), "{}", running.raw());
}

#[test]
fn a_stream_of_quotes_is_averaged_from_its_first_record() {
    let (mut ema, mut atr) = (Ema::alpha(0.01).unwrap(), Atr::running(14).unwrap());
    let mut expected: Option<(f64, f64, f64)> = None;
    for bar in generated_bars(10_000) {
        let (bid, ask) = (bar.low, bar.high);
        let mid = f64::midpoint(bid, ask);
        let (ema_before, atr_before, mid_before) = expected.unwrap_or((mid, ask - bid, mid));
        let true_range = f64::max(ask, mid_before) - f64::min(bid, mid_before);
        let (mean, range) = (ema_before + (mid - ema_before) * 0.01, atr_before + (true_range - atr_before) / 14.0);
        expected = Some((mean, range, mid));
        ema.update(mid);
        atr.update(ask, bid, mid);
        assert!(agrees(ema.raw(), mean) && agrees(atr.raw(), range));
    }
}

/// Fifteen days of a share, and what Tulip Indicators publishes for them, to three digits.
const HIGHS: [f64; 15] =
    [82.15, 81.89, 83.03, 83.30, 83.85, 83.90, 83.33, 84.30, 84.84, 85.00, 85.90, 86.58, 86.98, 88.00, 87.87];
const LOWS: [f64; 15] =
    [81.29, 80.64, 81.31, 82.65, 83.07, 83.11, 82.49, 82.30, 84.15, 84.11, 84.03, 85.39, 85.76, 87.17, 87.01];
const CLOSES: [f64; 15] =
    [81.59, 81.06, 82.87, 83.00, 83.61, 83.15, 82.84, 83.99, 84.55, 84.36, 85.53, 86.54, 86.89, 87.77, 87.29];
const VOLUMES: [f64; 15] = [
    5653100.0, 6447400.0, 7690900.0, 3831400.0, 4455100.0, 3798000.0, 3936200.0, 4732000.0, 4841300.0, 3915300.0,
    6830800.0, 6694100.0, 5293600.0, 7985800.0, 4807900.0,
];

/// Checks each output from the first row that is ready on; the answers end with the stream.
fn published<const IN: usize, const OUT: usize>(
    mut indicator: impl Indicator<IN, OUT>,
    columns: [&[f64]; IN],
    answers: [&[f64]; OUT],
) {
    let mut out: [Vec<f64>; OUT] = std::array::from_fn(|_| vec![0.0; 15]);
    indicator.update_many_into(columns, out.each_mut().map(Vec::as_mut_slice)).unwrap();
    for (column, expected) in out.iter().zip(answers) {
        let (warm_up, ready) = column.split_at(15 - expected.len());
        assert!(warm_up.iter().all(|x| x.is_nan()), "{warm_up:?}");
        let agree = ready.iter().zip(expected).all(|(got, wanted)| (got - wanted).abs() <= 0.0005001);
        assert!(agree, "{ready:?} is not {expected:?}");
    }
}

#[test]
fn averages_of_a_published_series_are_those_published_with_it() {
    let sma = [82.426, 82.738, 83.094, 83.318, 83.628, 83.778, 84.254, 84.994, 85.574, 86.218, 86.804];
    published(Sma::period(5).unwrap(), [&CLOSES], [&sma]);
    let ema = [82.714, 82.859, 82.853, 83.232, 83.671, 83.901, 84.444, 85.143, 85.725, 86.407, 86.701];
    published(Ema::period(5).unwrap(), [&CLOSES], [&ema]);
    let atr = [1.116, 1.051, 1.009, 1.207, 1.136, 1.086, 1.243, 1.233, 1.230, 1.206, 1.137];
    published(Atr::wilder(5).unwrap(), [&HIGHS, &LOWS, &CLOSES], [&atr]);
    let vwap = [82.332, 82.610, 83.070, 83.354, 83.682, 83.822, 84.409, 85.165, 85.698, 86.418, 86.805];
    published(RollingVwap::period(5).unwrap(), [&CLOSES, &VOLUMES], [&vwap]);
}

#[test]
fn bands_and_extremes_of_a_published_series_are_those_published_with_it() {
    let std = [0.948, 0.875, 0.280, 0.423, 0.605, 0.671, 0.871, 0.926, 1.019, 1.174, 0.758];
    published(RollingStd::period(5, Divisor::Population).unwrap(), [&CLOSES], [&std]);
    let middle = [82.426, 82.738, 83.094, 83.318, 83.628, 83.778, 84.254, 84.994, 85.574, 86.218, 86.804];
    let upper = [84.322, 84.489, 83.655, 84.164, 84.838, 85.121, 85.997, 86.845, 87.612, 88.566, 88.319];
    let lower = [80.530, 80.987, 82.533, 82.472, 82.418, 82.435, 82.511, 83.143, 83.536, 83.870, 85.289];
    published(BollingerBands::new(5, 2.0).unwrap(), [&CLOSES], [&middle, &upper, &lower]);
    let max = [83.610, 83.610, 83.610, 83.990, 84.550, 84.550, 85.530, 86.540, 86.890, 87.770, 87.770];
    published(RollingMax::period(5).unwrap(), [&CLOSES], [&max]);
    let min = [81.060, 81.060, 82.840, 82.840, 82.840, 82.840, 82.840, 83.990, 84.360, 84.360, 85.530];
    published(RollingMin::period(5).unwrap(), [&CLOSES], [&min]);
}

#[test]
fn momentum_of_a_published_series_is_that_published_with_it() {
    let rsi = [72.034, 64.927, 75.936, 79.796, 74.713, 83.033, 87.478, 88.755, 91.483, 78.498];
    published(Rsi::period(5).unwrap(), [&CLOSES], [&rsi]);
    // Published from the fifth day on; three days are left once the signal has warmed up too.
    published(
        Macd::new(2, 5, 9).unwrap(),
        [&CLOSES],
        [&[0.891, 0.979, 0.621], &[0.656, 0.721, 0.701], &[0.235, 0.258, -0.080]],
    );
}
