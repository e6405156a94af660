use serde::{Deserialize, Serialize};

use crate::error::shown;
use crate::moment::moment_ns;
use crate::{Decimal, TypesError, MONEY_DECIMALS};

/// Largest count of ticks or lots that also lives exactly in a double, which is what controllers read.
const MAX_COUNT: i64 = 1 << 53;

/// What is traded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InstrumentKind {
    /// Base asset against quote asset.
    Spot,
    /// Perpetual with profit in the quote asset.
    LinearPerpetual,
    /// Perpetual with profit in the base asset; contracts of a fixed quote value.
    InversePerpetual,
    /// Dated future with a multiplier.
    Future,
    /// Shares.
    Equity,
    /// Currency pair.
    Fx,
}

/// An instrument as written in a file: every number a decimal string.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InstrumentSpec {
    /// `[A-Za-z0-9._-]{1,64}`, unique in a tape or engine.
    pub id: String,
    /// Free name of the venue, 1 to 64 characters.
    pub venue: String,
    /// The venue's own name for it, as in its messages.
    pub symbol: String,
    /// What is traded.
    pub kind: InstrumentKind,
    /// Smallest price step.
    pub tick_size: Decimal,
    /// Smallest size step.
    pub lot_size: Decimal,
    /// Smallest order size.
    #[serde(default)]
    pub min_size: Decimal,
    /// Smallest order value in the quote asset.
    #[serde(default)]
    pub min_notional: Decimal,
    /// Value of one unit of size per unit of price.
    #[serde(default = "one")]
    pub multiplier: Decimal,
    /// Base asset.
    pub base: String,
    /// Quote asset.
    pub quote: String,
    /// Asset in which profit, fees and funding are paid.
    pub settlement: String,
    /// Fraction of the value paid by a maker; negative is a rebate.
    #[serde(default = "default_maker_fee")]
    pub maker_fee: Decimal,
    /// Fraction of the value paid by a taker.
    #[serde(default = "default_taker_fee")]
    pub taker_fee: Decimal,
    /// Largest ratio of position value to equity; ignored for spot.
    #[serde(default = "one")]
    pub max_leverage: Decimal,
    /// Fraction of the position value below which equity is liquidated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maintenance_margin_rate: Option<Decimal>,
    /// Last moment of trading, RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expiry: Option<String>,
    /// Hours between funding payments.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub funding_interval: Option<Decimal>,
    /// Digits after the dot that the feed prints in prices.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub feed_px_decimals: Option<u32>,
    /// Digits after the dot that the feed prints in sizes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub feed_qty_decimals: Option<u32>,
}

fn one() -> Decimal {
    Decimal::new(1, 0).expect("1 is a decimal")
}

/// 2 bps, the default of a maker.
fn default_maker_fee() -> Decimal {
    Decimal::new(2, 4).expect("0.0002 is a decimal")
}

/// 6 bps, the default of a taker.
fn default_taker_fee() -> Decimal {
    Decimal::new(6, 4).expect("0.0006 is a decimal")
}

/// A checked [`InstrumentSpec`]: the door between decimal text and integer ticks and lots.
///
/// ```
/// use tickwright_types::{Instrument, InstrumentSpec};
/// let spec: InstrumentSpec = serde_json::from_str(r#"{
///   "id": "BTCUSDT-PERP", "venue": "binance", "symbol": "BTCUSDT", "kind": "linear_perpetual",
///   "tick_size": "0.1", "lot_size": "0.001", "base": "BTC", "quote": "USDT", "settlement": "USDT" }"#)?;
/// let btc = Instrument::new(spec)?;
/// assert_eq!(btc.price_ticks("61800.30")?, 618_003);
/// assert_eq!(btc.price_text(618_003), "61800.3");
/// assert_eq!(btc.price_ticks("61800.35").unwrap_err().code(), "E_OFF_GRID");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "InstrumentSpec", into = "InstrumentSpec")]
pub struct Instrument {
    spec: InstrumentSpec,
}

impl Instrument {
    /// Checks a definition.
    ///
    /// Returns `E_INSTRUMENT` naming the first field at fault.
    pub fn new(spec: InstrumentSpec) -> Result<Self, TypesError> {
        check(&spec)?;
        Ok(Self { spec })
    }

    /// The definition as written.
    pub fn spec(&self) -> &InstrumentSpec {
        &self.spec
    }

    /// Its id.
    pub fn id(&self) -> &str {
        &self.spec.id
    }

    /// A price of its grid in ticks.
    ///
    /// Returns `E_DECIMAL`, `E_RANGE` or `E_OFF_GRID`.
    pub fn price_ticks(&self, text: &str) -> Result<i64, TypesError> {
        let price = Decimal::parse(&format!("{}: price", self.spec.id), text)?;
        self.on_grid("price", price, self.spec.tick_size)
    }

    /// An order's size in lots, which must be on the grid.
    ///
    /// Returns `E_DECIMAL`, `E_RANGE` or `E_OFF_GRID`.
    pub fn size_lots(&self, text: &str) -> Result<i64, TypesError> {
        let size = Decimal::parse(&format!("{}: size", self.spec.id), text)?;
        self.on_grid("size", size, self.spec.lot_size)
    }

    /// A feed's size in lots, rounded towards zero, and whether something was cut off.
    ///
    /// Returns `E_DECIMAL` or `E_RANGE`.
    pub fn feed_size_lots(&self, text: &str) -> Result<(i64, bool), TypesError> {
        let what = format!("{}: size", self.spec.id);
        let size = Decimal::parse(&what, text)?;
        size.whole_steps_of(self.spec.lot_size)
            .filter(|(lots, _)| lots.abs() <= MAX_COUNT)
            .ok_or_else(|| self.range("size", size, self.spec.lot_size))
    }

    /// The exact decimal text of a price.
    pub fn price_text(&self, ticks: i64) -> String {
        self.spec.tick_size.checked_mul_int(ticks).map_or_else(|| "out of range".to_owned(), |d| d.to_string())
    }

    /// The exact decimal text of a size.
    pub fn size_text(&self, lots: i64) -> String {
        self.spec.lot_size.checked_mul_int(lots).map_or_else(|| "out of range".to_owned(), |d| d.to_string())
    }

    /// The value of one tick × one lot in units of 1e-12 of the settlement asset, for instruments whose profit is
    /// linear in price.
    ///
    /// Returns `E_INSTRUMENT` where that is no whole number of units: such an account could not be exact.
    pub fn tick_lot_value(&self) -> Result<i128, TypesError> {
        let spec = &self.spec;
        spec.tick_size
            .checked_mul(spec.lot_size)
            .and_then(|v| v.checked_mul(spec.multiplier))
            .and_then(|v| v.scaled_to(MONEY_DECIMALS))
            .ok_or_else(|| TypesError::Instrument {
                instrument: shown(&spec.id),
                field: "tick_size",
                reason: format!(
                    "tick {} × lot {} × multiplier {} is finer than money, which counts 1e-12",
                    spec.tick_size, spec.lot_size, spec.multiplier
                ),
            })
    }

    /// Its last moment of trading in ns since the Unix epoch; `None` where it has none.
    pub fn expiry_ns(&self) -> Option<i64> {
        self.spec.expiry.as_deref().and_then(moment_ns)
    }

    fn on_grid(&self, what: &'static str, value: Decimal, step: Decimal) -> Result<i64, TypesError> {
        let (steps, cut) = value
            .whole_steps_of(step)
            .filter(|(steps, _)| steps.abs() <= MAX_COUNT)
            .ok_or_else(|| self.range(what, value, step))?;
        if cut {
            return Err(TypesError::OffGrid {
                instrument: self.spec.id.clone(),
                what,
                given: value.to_string(),
                step: step.to_string(),
            });
        }
        Ok(steps)
    }

    fn range(&self, what: &str, value: Decimal, step: Decimal) -> TypesError {
        TypesError::Range {
            what: format!("{}: {what}", self.spec.id),
            given: value.to_string(),
            allowed: format!("at most 2^53 steps of {step}"),
        }
    }
}

impl TryFrom<InstrumentSpec> for Instrument {
    type Error = TypesError;
    fn try_from(spec: InstrumentSpec) -> Result<Self, TypesError> {
        Self::new(spec)
    }
}

impl From<Instrument> for InstrumentSpec {
    fn from(instrument: Instrument) -> Self {
        instrument.spec
    }
}

fn check(spec: &InstrumentSpec) -> Result<(), TypesError> {
    let fault = |field, reason: String| Err(TypesError::Instrument { instrument: shown(&spec.id), field, reason });
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-');
    if spec.id.is_empty() || spec.id.len() > 64 || !spec.id.bytes().all(plain) {
        return fault("id", "give 1 to 64 characters of A-Z a-z 0-9 . _ -".to_owned());
    }
    for (field, text) in [
        ("venue", &spec.venue),
        ("symbol", &spec.symbol),
        ("base", &spec.base),
        ("quote", &spec.quote),
        ("settlement", &spec.settlement),
    ] {
        if text.is_empty() || text.len() > 64 || text.chars().any(char::is_control) {
            return fault(field, format!("{:?}: give 1 to 64 printable characters", shown(text)));
        }
    }
    for (field, number) in [
        ("tick_size", spec.tick_size),
        ("lot_size", spec.lot_size),
        ("multiplier", spec.multiplier),
        ("max_leverage", spec.max_leverage),
    ] {
        if !number.is_positive() {
            return fault(field, format!("{number} must be above 0"));
        }
    }
    let optional =
        [("maintenance_margin_rate", spec.maintenance_margin_rate), ("funding_interval", spec.funding_interval)];
    let at_least_zero = [("min_size", Some(spec.min_size)), ("min_notional", Some(spec.min_notional))];
    for (field, number) in at_least_zero.into_iter().chain(optional) {
        if let Some(number) = number.filter(|n| n.is_negative()) {
            return fault(field, format!("{number} must not be below 0"));
        }
    }
    if let Some(expiry) = spec.expiry.as_deref().filter(|text| moment_ns(text).is_none()) {
        return fault(
            "expiry",
            format!("{:?}: give a moment as RFC 3339, such as 2024-06-28T08:00:00Z", shown(expiry)),
        );
    }
    for (field, fee) in [("maker_fee", spec.maker_fee), ("taker_fee", spec.taker_fee)] {
        if fee.scaled_to(MONEY_DECIMALS).is_none_or(|units| units.abs() >= 10i128.pow(MONEY_DECIMALS)) {
            return fault(
                field,
                format!(
                    "{fee} must be a fraction between -1 and 1 with at most {MONEY_DECIMALS} decimals (0.0002 = 2 bps)"
                ),
            );
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec() -> InstrumentSpec {
        serde_json::from_str(
            r#"{"id":"BTCUSDT","venue":"binance","symbol":"BTCUSDT","kind":"spot","tick_size":"0.01",
                "lot_size":"0.00001","base":"BTC","quote":"USDT","settlement":"USDT"}"#,
        )
        .unwrap()
    }

    #[test]
    fn fees_default_to_two_and_six_basis_points() {
        assert_eq!((spec().maker_fee.to_string(), spec().taker_fee.to_string()), ("0.0002".into(), "0.0006".into()));
    }

    #[test]
    fn a_feed_size_off_the_lot_grid_is_floored_and_said_so() {
        let btc = Instrument::new(spec()).unwrap();
        assert_eq!(btc.feed_size_lots("1.234567").unwrap(), (123_456, true));
        assert_eq!(btc.feed_size_lots("1.23456000").unwrap(), (123_456, false));
        assert_eq!(btc.size_lots("1.234567").unwrap_err().code(), "E_OFF_GRID");
    }

    #[test]
    fn an_off_grid_price_names_instrument_value_and_tick_size() {
        let err = Instrument::new(spec()).unwrap().price_ticks("61800.005").unwrap_err();
        assert_eq!(err.to_string(), "BTCUSDT: price 61800.005 is not on the grid of 0.01: use a multiple of 0.01");
    }

    #[test]
    fn absurd_numbers_are_out_of_range_not_wrapped() {
        let btc = Instrument::new(spec()).unwrap();
        assert_eq!(btc.price_ticks("99999999999999999999").unwrap_err().code(), "E_RANGE");
        assert_eq!(btc.price_ticks("1e400").unwrap_err().code(), "E_DECIMAL");
    }

    #[test]
    fn each_bad_field_is_named() {
        type Spoil = fn(&mut InstrumentSpec);
        let cases: [(&str, Spoil); 7] = [
            ("expiry", |s| s.expiry = Some("28JUN24".into())),
            ("id", |s| s.id = "../etc".into()),
            ("tick_size", |s| s.tick_size = Decimal::ZERO),
            ("lot_size", |s| s.lot_size = "-1".parse().unwrap()),
            ("venue", |s| s.venue = "a\nb".into()),
            ("maker_fee", |s| s.maker_fee = "2".parse().unwrap()),
            ("min_size", |s| s.min_size = "-0.1".parse().unwrap()),
        ];
        for (field, spoil) in cases {
            let mut bad = spec();
            spoil(&mut bad);
            let err = Instrument::new(bad).unwrap_err();
            assert!(matches!(err, TypesError::Instrument { field: f, .. } if f == field), "{field}: {err}");
        }
    }

    #[test]
    fn an_unknown_key_is_an_error_not_a_guess() {
        let text = serde_json::to_string(&spec()).unwrap().replace("min_size", "minimum_size");
        assert!(serde_json::from_str::<InstrumentSpec>(&text).unwrap_err().to_string().contains("minimum_size"));
    }
}
