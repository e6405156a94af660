use crate::input::{checked_columns, rare};
use crate::{
    Atr, BollingerBands, Ema, IndicatorError, Macd, RollingMax, RollingMin, RollingStd, RollingVwap, Rsi, SessionVwap,
    Sma, VolumeRatio, ZScore,
};

/// What all indicators have in common: `INPUTS` numbers in, `OUTPUTS` numbers out, and a form for whole columns.
///
/// ```
/// use tickwright_indicators::{Indicator, Sma};
/// let (prices, mut out) = ([61_800.0, 61_801.0, 61_804.0], [0.0; 3]);
/// let mut sma = Sma::period(2)?;
/// sma.update_many_into([&prices], [&mut out])?;
/// assert!(out[0].is_nan());
/// assert_eq!(out[1..], [61_800.5, 61_802.5]);
/// # Ok::<(), tickwright_indicators::IndicatorError>(())
/// ```
pub trait Indicator<const INPUTS: usize, const OUTPUTS: usize> {
    /// What it takes, in the order of `update`.
    const INPUT_NAMES: [&'static str; INPUTS];

    /// What it gives; `value` where there is but one.
    const OUTPUT_NAMES: [&'static str; OUTPUTS];

    /// `update` of these numbers. A time is given in whole µs since the Unix epoch.
    fn take(&mut self, inputs: [f64; INPUTS]);

    /// What it gives, NaN during the warm-up and where there is no answer.
    fn outputs(&self) -> [f64; OUTPUTS];

    /// Forgets every value.
    fn reset(&mut self);

    /// Takes columns, row by row.
    ///
    /// Returns `E_INDICATOR_COLUMNS`, with nothing taken, if they differ in length.
    fn update_many(&mut self, columns: [&[f64]; INPUTS]) -> Result<(), IndicatorError> {
        let rows = columns[0].len();
        checked_columns(rows, &Self::INPUT_NAMES, &columns.map(<[f64]>::len))?;
        for row in 0..rows {
            self.take(columns.map(|column| column[row]));
        }
        Ok(())
    }

    /// Takes columns, row by row, and writes what it gives after each, NaN during the warm-up.
    ///
    /// Returns `E_INDICATOR_COLUMNS`, with nothing taken, if they differ in length.
    fn update_many_into(
        &mut self,
        columns: [&[f64]; INPUTS],
        mut out: [&mut [f64]; OUTPUTS],
    ) -> Result<(), IndicatorError> {
        let rows = columns[0].len();
        checked_columns(rows, &Self::INPUT_NAMES, &columns.map(<[f64]>::len))?;
        checked_columns(rows, &Self::OUTPUT_NAMES, &out.each_ref().map(|column| column.len()))?;
        for row in 0..rows {
            self.take(columns.map(|column| column[row]));
            for (column, value) in out.iter_mut().zip(self.outputs()) {
                column[row] = value;
            }
        }
        Ok(())
    }
}

/// NaN for `None`, by a branch that is rarely taken: choosing between the two without one would move the value to and
/// fro between registers of floats and of integers, in the middle of the chain of updates.
#[inline(always)]
pub(crate) fn number(value: Option<f64>) -> f64 {
    if let Some(value) = value {
        return value;
    }
    rare();
    f64::NAN
}

/// Indicators that give one number.
macro_rules! of_one_output {
    ($($indicator:ident: $inputs:literal [$($name:ident),*];)*) => {$(
        impl Indicator<$inputs, 1> for $indicator {
            const INPUT_NAMES: [&'static str; $inputs] = [$(stringify!($name)),*];
            const OUTPUT_NAMES: [&'static str; 1] = ["value"];

            #[inline(always)]
            fn take(&mut self, [$($name),*]: [f64; $inputs]) {
                self.update($($name),*);
            }

            #[inline(always)]
            fn outputs(&self) -> [f64; 1] {
                [number(self.value())]
            }

            fn reset(&mut self) {
                <$indicator>::reset(self);
            }
        }
    )*};
}

of_one_output! {
    Ema: 1 [x];
    Sma: 1 [x];
    RollingStd: 1 [x];
    ZScore: 1 [x];
    RollingMin: 1 [x];
    RollingMax: 1 [x];
    Rsi: 1 [price];
    VolumeRatio: 1 [volume];
    RollingVwap: 2 [price, size];
    Atr: 3 [high, low, close];
}

impl Indicator<3, 1> for SessionVwap {
    const INPUT_NAMES: [&'static str; 3] = ["ts_us", "price", "size"];
    const OUTPUT_NAMES: [&'static str; 1] = ["value"];

    #[inline(always)]
    fn take(&mut self, [ts_us, price, size]: [f64; 3]) {
        // Beyond these no time in ns can be told, and NaN would be taken for 1970.
        if ts_us.abs() <= i64::MAX as f64 / 1e3 {
            self.update((ts_us as i64).saturating_mul(1000), price, size);
        }
    }

    #[inline(always)]
    fn outputs(&self) -> [f64; 1] {
        [number(self.value())]
    }

    fn reset(&mut self) {
        SessionVwap::reset(self);
    }
}

impl Indicator<1, 3> for BollingerBands {
    const INPUT_NAMES: [&'static str; 1] = ["x"];
    const OUTPUT_NAMES: [&'static str; 3] = ["middle", "upper", "lower"];

    #[inline(always)]
    fn take(&mut self, [x]: [f64; 1]) {
        self.update(x);
    }

    #[inline(always)]
    fn outputs(&self) -> [f64; 3] {
        self.value().map_or([f64::NAN; 3], |bands| [bands.middle, bands.upper, bands.lower])
    }

    fn reset(&mut self) {
        BollingerBands::reset(self);
    }
}

impl Indicator<1, 3> for Macd {
    const INPUT_NAMES: [&'static str; 1] = ["price"];
    const OUTPUT_NAMES: [&'static str; 3] = ["line", "signal", "histogram"];

    #[inline(always)]
    fn take(&mut self, [price]: [f64; 1]) {
        self.update(price);
    }

    #[inline(always)]
    fn outputs(&self) -> [f64; 3] {
        self.value().map_or([f64::NAN; 3], |lines| [lines.line, lines.signal, lines.histogram])
    }

    fn reset(&mut self) {
        Macd::reset(self);
    }
}
