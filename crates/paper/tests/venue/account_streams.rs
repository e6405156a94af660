//! Random streams of fills, marks and funding against an account that knows only cash and lots, checked after each.
//!
//! `TICKWRIGHT_ACCOUNT_STREAMS=10000` runs as many streams; streams that failed once stay in
//! `tests/regressions/account_streams.txt` and run first.

use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence;
use tickwright_paper::{Account, AccountConfig, MarginMode, PositionMode};
use tickwright_types::{Instrument, Money, Side};

use crate::support::instrument;

const COMMANDS: usize = 200;
const INSTRUMENTS: usize = 4;
const SIDES: [Side; 2] = [Side::Bid, Side::Ask];

fn instruments() -> [Instrument; INSTRUMENTS] {
    let inverse = ("kind", "inverse_perpetual");
    [
        instrument(&[("maintenance_margin_rate", "0.004"), ("maker_fee", "-0.0000333")]),
        instrument(&[("id", "F"), ("kind", "future"), ("expiry", "2030-01-01T00:00:00Z"), ("multiplier", "7")]),
        instrument(&[("id", "I"), inverse, ("tick_size", "0.7"), ("lot_size", "3"), ("settlement", "BTC")]),
        instrument(&[("id", "E"), ("kind", "equity"), ("base", "ACME"), ("lot_size", "1"), ("max_leverage", "2")]),
    ]
}

/// One thing that happens to an account.
#[derive(Clone, Copy, Debug)]
enum Command {
    Fill { instrument: usize, side: Side, price: i64, lots: i64, maker: bool, reduces: bool },
    Mark { instrument: usize, half_ticks: i64 },
    Funding { instrument: usize, rate: i64, half_ticks: i64 },
}

fn command() -> impl Strategy<Value = Command> {
    let fill = (0..INSTRUMENTS, 0usize..2, 1i64..2_000_000, 1i64..5_000, any::<bool>(), any::<bool>()).prop_map(
        |(instrument, side, price, lots, maker, reduces)| {
            let side = SIDES[side];
            Command::Fill { instrument, side, price, lots, maker, reduces }
        },
    );
    prop_oneof![
        6 => fill,
        2 => (0..INSTRUMENTS, 2i64..4_000_000).prop_map(|(instrument, half_ticks)| Command::Mark { instrument, half_ticks }),
        1 => (0..INSTRUMENTS, -10i64.pow(10)..10i64.pow(10), 2i64..4_000_000)
            .prop_map(|(instrument, rate, half_ticks)| Command::Funding { instrument, rate, half_ticks }),
    ]
}

/// What a value of an instrument is made of: a numerator and a denominator by price in half ticks.
fn fraction(instrument: usize, half_ticks: i64, lots: i64) -> (i128, i128) {
    let (half_ticks, lots) = (i128::from(half_ticks), i128::from(lots));
    match instrument {
        // 0.1 × 0.001, and seven times that, and 0.1 × 1, in units of 1e-12.
        0 => (half_ticks * lots * 100_000_000, 2),
        1 => (half_ticks * lots * 700_000_000, 2),
        3 => (half_ticks * lots * 100_000_000_000, 2),
        // 3 dollars a lot, 0.7 a tick.
        _ => (2 * lots * 30 * 10i128.pow(12), half_ticks * 7),
    }
}

fn half_even(over: i128, under: i128) -> i128 {
    let (floor, rest) = (over.div_euclid(under), 2 * over.rem_euclid(under));
    floor + i128::from(rest > under || (rest == under && floor % 2 != 0))
}

/// Cash and lots and nothing else: no basis, no average, no realized profit.
#[derive(Clone, Default)]
struct Plain {
    /// By settlement asset, USDT and BTC.
    cash: [i128; 2],
    lots: [[i64; 2]; INSTRUMENTS],
    marks: [Option<i64>; INSTRUMENTS],
}

impl Plain {
    fn asset(instrument: usize) -> usize {
        usize::from(instrument == 2)
    }

    /// Buying a linear value pays it; buying an inverse contract is paid its value in the base asset.
    fn direction(instrument: usize) -> i128 {
        if instrument == 2 {
            1
        } else {
            -1
        }
    }

    fn fill(&mut self, instrument: usize, leg: usize, side: Side, price: i64, lots: i64, fee: i128) {
        let held = self.lots[instrument][leg];
        let closed = if held.signum() == -side.sign() { lots.min(held.abs()) } else { 0 };
        // What closes and what opens is valued by itself.
        for part in [closed, lots - closed] {
            let (over, under) = fraction(instrument, 2 * price, part);
            self.cash[Self::asset(instrument)] +=
                half_even(over, under) * i128::from(side.sign()) * Self::direction(instrument);
        }
        self.cash[Self::asset(instrument)] -= fee;
        self.lots[instrument][leg] += lots * side.sign();
        self.marks[instrument].get_or_insert(2 * price);
    }

    /// Twice the equity of an asset, so that half ticks stay whole.
    fn doubled_equity(&self, asset: usize) -> i128 {
        let mut doubled = 2 * self.cash[asset];
        for instrument in (0..INSTRUMENTS).filter(|&instrument| Self::asset(instrument) == asset) {
            for lots in self.lots[instrument].into_iter().filter(|&lots| lots != 0) {
                let (over, under) = fraction(instrument, self.marks[instrument].unwrap(), lots.abs());
                let twice = if instrument == 2 { 2 * half_even(over, under) } else { over };
                doubled -= twice * i128::from(lots.signum()) * Self::direction(instrument);
            }
        }
        doubled
    }
}

struct Run {
    account: Account,
    plain: Plain,
    hedged: bool,
    isolated: bool,
}

impl Run {
    fn new(hedged: bool, isolated: bool) -> Self {
        let config = AccountConfig {
            deposits: [("USDT".to_owned(), "1000000".parse().unwrap()), ("BTC".to_owned(), "7".parse().unwrap())]
                .into(),
            position_mode: if hedged { PositionMode::Hedge } else { PositionMode::OneWay },
            margin_mode: if isolated { MarginMode::Isolated } else { MarginMode::Cross },
            ..AccountConfig::default()
        };
        let account = Account::new(&config, &instruments()).unwrap();
        let plain = Plain { cash: [10i128.pow(18), 7 * 10i128.pow(12)], ..Plain::default() };
        Self { account, plain, hedged, isolated }
    }

    fn sides(&self) -> &'static [Side] {
        &SIDES[..=usize::from(self.hedged)]
    }

    fn apply(&mut self, command: Command) {
        match command {
            Command::Fill { instrument, side, price, lots, maker, reduces } => {
                let reducible = self.account.reducible_lots(instrument, side);
                let reduces = reduces && reducible > 0;
                let lots = if reduces { lots.min(reducible) } else { lots };
                let leg = if !self.hedged {
                    0
                } else if reduces {
                    side.opposite().index()
                } else {
                    side.index()
                };
                let fee = self.account.fee(instrument, price, lots, maker);
                self.check_fee(instrument, price, lots, maker, fee);
                let before = *self.account.position_of(instrument, SIDES[leg]);
                let trade = if reduces { Account::reduce } else { Account::fill };
                let realized = trade(&mut self.account, instrument, side, price, lots, fee);
                self.plain.fill(instrument, leg, side, price, lots, fee.0);
                let after = self.account.position_of(instrument, SIDES[leg]);
                assert_eq!((after.realized, after.fees), (before.realized + realized, before.fees + fee));
                if after.lots.signum() == before.lots.signum() && after.lots.abs() < before.lots.abs() {
                    // A reduction takes its share of the basis, but for less than one unit, and of the margin.
                    let whole = i128::from(before.lots.abs());
                    let exact = before.basis * i128::from(after.lots.abs());
                    assert!((0..whole).contains(&(after.basis * whole - exact)), "{before:?} to {after:?}");
                    assert!(after.margin <= before.margin);
                }
            }
            Command::Mark { instrument, half_ticks } => {
                self.account.set_mark(instrument, half_ticks);
                self.plain.marks[instrument] = Some(half_ticks);
            }
            Command::Funding { instrument, rate, half_ticks } => self.pay(instrument, rate, half_ticks),
        }
    }

    fn check_fee(&self, instrument: usize, price: i64, lots: i64, maker: bool, fee: Money) {
        let rate: i128 = match (instrument, maker) {
            (0, true) => -33_300_000,
            (_, true) => 200_000_000,
            _ => 600_000_000,
        };
        let (over, under) = fraction(instrument, 2 * price, lots);
        assert_eq!(fee.0, half_even(over * rate, under * 10i128.pow(12)), "the fee is rounded once");
        assert!(self.account.fee(instrument, price, lots, maker) == fee);
    }

    fn pay(&mut self, instrument: usize, rate: i64, half_ticks: i64) {
        for (leg, &side) in self.sides().iter().enumerate() {
            let lots = self.plain.lots[instrument][leg];
            let due = self.account.funding_due_of(instrument, side, rate, half_ticks);
            assert_eq!(due.is_some(), lots != 0 && matches!(instrument, 0 | 2), "perpetuals pay funding while held");
            let Some(due) = due else { continue };
            let (over, under) = fraction(instrument, half_ticks, lots.abs());
            let paid = half_even(over * i128::from(rate), under * 10i128.pow(12)) * i128::from(lots.signum());
            assert_eq!(due.0, paid, "a payment is rounded once");
            self.account.pay_funding_of(instrument, side, due);
            self.plain.cash[Plain::asset(instrument)] -= paid;
        }
    }

    /// What holds after every command.
    fn check(&self) {
        let account = &self.account;
        for (asset, name) in ["USDT", "BTC"].into_iter().enumerate() {
            let index = account.asset(name).unwrap();
            assert_eq!(account.equity(index), account.accounted(index), "deposits + profit − fees − funding = equity");
            let (found, plain) = (2 * account.equity(index).0, self.plain.doubled_equity(asset));
            // Each position rounds its half ticks once.
            assert!((found - plain).abs() <= 2 * INSTRUMENTS as i128, "{name}: {found} against {plain}");
            let legs = || (0..INSTRUMENTS).filter(|&i| account.settlement(i) == index).flat_map(|i| account.legs(i));
            let posted: Money =
                legs().map(|leg| leg.position().realized - leg.position().fees - leg.position().funding_paid).sum();
            let asset = &account.assets()[index];
            assert_eq!(asset.cash, asset.deposited + posted, "what is posted to {name} sums to 0");
        }
        for instrument in 0..INSTRUMENTS {
            for (leg, &side) in self.sides().iter().enumerate() {
                self.check_position(instrument, leg, side);
            }
        }
    }

    fn check_position(&self, instrument: usize, leg: usize, side: Side) {
        let position = self.account.position_of(instrument, side);
        assert_eq!(position.lots, self.plain.lots[instrument][leg], "a position is the sum of its fills");
        if self.hedged {
            assert!(position.lots * side.sign() >= 0, "a long is long and a short is short");
        }
        assert!(position.basis >= 0 && position.margin >= Money::ZERO);
        assert!(self.isolated || position.margin == Money::ZERO);
        let state = self.account.margin_of(instrument, side);
        if position.lots == 0 {
            let view = self.account.legs(instrument).nth(leg).unwrap();
            assert_eq!((position.basis, view.unrealized(), view.maintenance()), (0, Money::ZERO, Money::ZERO));
            assert_eq!((position.margin, view.liquidation_price_ticks()), (Money::ZERO, None), "flat needs no margin");
        } else {
            assert_eq!(state.ratio().unwrap() >= 10i128.pow(12), state.is_liquidated(), "{state:?}");
        }
    }

    /// The stated price liquidates, and its neighbour on the side of the mark does not.
    fn check_liquidation_prices(&self) {
        for instrument in 0..INSTRUMENTS {
            for (leg, &side) in self.sides().iter().enumerate() {
                let view = self.account.legs(instrument).nth(leg).unwrap();
                let Some(ticks) = view.liquidation_price_ticks() else { continue };
                let mark = view.position().mark_half_ticks.unwrap();
                let fails = |half_ticks: i64| {
                    let mut trial = self.account.clone();
                    trial.set_mark(instrument, half_ticks);
                    trial.margin_of(instrument, side).is_liquidated()
                };
                if fails(mark) {
                    assert_eq!(ticks, mark / 2, "what is liquidated already is so at its mark");
                } else {
                    let towards_mark = (mark - 2 * ticks).signum();
                    assert!(fails(2 * ticks) && !fails(2 * (ticks + towards_mark)), "{ticks} from {mark}");
                }
            }
        }
    }
}

fn config() -> ProptestConfig {
    let streams = std::env::var("TICKWRIGHT_ACCOUNT_STREAMS").ok().and_then(|text| text.parse().ok());
    ProptestConfig {
        cases: streams.unwrap_or(2_000),
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct("tests/regressions/account_streams.txt"))),
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn an_account_agrees_with_cash_and_lots_after_every_command_of_any_stream(
        commands in proptest::collection::vec(command(), COMMANDS), hedged: bool, isolated: bool, cut in 0..COMMANDS,
    ) {
        let mut run = Run::new(hedged, isolated);
        let mut saved = Vec::new();
        for (place, &command) in commands.iter().enumerate() {
            if place == cut {
                saved = postcard::to_stdvec(&run.account).unwrap();
            }
            run.apply(command);
            run.check();
        }
        run.check_liquidation_prices();
        // An account that is saved, restored and continued is the one that went on, to the last byte.
        let mut restored = Run { account: postcard::from_bytes(&saved).unwrap(), plain: run.plain.clone(), ..run };
        restored.plain.lots = lots_after(&restored, &commands[..cut]);
        for &command in &commands[cut..] {
            restored.apply(command);
        }
        prop_assert_eq!(postcard::to_stdvec(&restored.account).unwrap(), postcard::to_stdvec(&run.account).unwrap());
    }
}

/// What the plain account holds after some commands.
fn lots_after(like: &Run, commands: &[Command]) -> [[i64; 2]; INSTRUMENTS] {
    let mut run = Run::new(like.hedged, like.isolated);
    for &command in commands {
        run.apply(command);
    }
    run.plain.lots
}
