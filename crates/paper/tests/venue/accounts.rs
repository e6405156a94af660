//! Accounts in exact money: worked examples, and random fills against a ledger that only adds up cash flows.

use proptest::prelude::*;
use tickwright_paper::{Account, AccountConfig};
use tickwright_types::{Instrument, Money, Side};

use crate::support::{instrument, perpetual, spot};

fn account(deposits: &[(&str, &str)], instruments: &[Instrument]) -> Account {
    let deposits = deposits.iter().map(|&(asset, amount)| (asset.to_owned(), amount.parse().unwrap())).collect();
    Account::new(&AccountConfig { deposits, ..AccountConfig::default() }, instruments).unwrap()
}

fn usdt(amount: &str) -> Money {
    Money::from_decimal(amount.parse().unwrap()).unwrap()
}

/// Average entry in ticks.
fn entry(account: &Account) -> Option<f64> {
    account.legs(0).next().and_then(|leg| leg.avg_entry_ticks())
}

#[test]
fn a_position_opens_reduces_and_flips_through_zero() {
    let mut account = account(&[("USDT", "1000")], &[perpetual()]);
    let step = |account: &mut Account, side, price, lots| {
        let realized = account.fill(0, side, price, lots, Money::ZERO);
        let p = account.position(0);
        (p.lots, p.basis, realized.to_string())
    };
    assert_eq!(step(&mut account, Side::Bid, 100, 2), (2, 200, "0".to_owned()));
    assert_eq!(step(&mut account, Side::Bid, 103, 1), (3, 303, "0".to_owned()));
    assert_eq!(entry(&account), Some(101.0));
    // 9 ticks × lots of 0.1 × 0.001 each.
    assert_eq!(step(&mut account, Side::Ask, 110, 1), (2, 202, "0.0009".to_owned()));
    assert_eq!(step(&mut account, Side::Ask, 90, 5), (-3, 270, "-0.0022".to_owned()));
    assert_eq!(step(&mut account, Side::Bid, 80, 3), (0, 0, "0.003".to_owned()));
    assert_eq!(account.equity(0), usdt("1000.0017"));
    assert_eq!((account.unrealized(0), account.position_margin(0)), (Money::ZERO, Money::ZERO));
    assert_eq!(entry(&account), None);
}

#[test]
fn a_reduction_takes_the_floor_of_its_share_of_the_basis_and_nothing_is_lost() {
    let mut account = account(&[], &[perpetual()]);
    account.fill(0, Side::Bid, 100, 2, Money::ZERO);
    account.fill(0, Side::Bid, 101, 1, Money::ZERO);
    account.fill(0, Side::Ask, 100, 1, Money::ZERO);
    assert_eq!(account.position(0).basis, 201, "floor(301 / 3) = 100 is taken");
    account.fill(0, Side::Ask, 100, 2, Money::ZERO);
    assert_eq!(account.position(0).realized, usdt("-0.0001"));
}

#[test]
fn a_positive_funding_rate_debits_longs_and_credits_shorts_rounded_once() {
    for (side, paid) in [(Side::Bid, "0.00618"), (Side::Ask, "-0.00618")] {
        let mut account = account(&[("USDT", "100")], &[perpetual()]);
        account.fill(0, side, 618_000, 1, Money::ZERO);
        // One basis point of 61.8, at a mark given in half ticks.
        let due = account.funding_due(0, 100_000_000, 2 * 618_000).unwrap();
        assert_eq!(due, usdt(paid));
        account.pay_funding(0, due);
        assert_eq!(account.equity(0) + due, usdt("100"));
        assert_eq!(account.equity(0), account.accounted(0));
    }
    let mut flat = account(&[("USDT", "100")], &[perpetual(), spot()]);
    assert_eq!(flat.funding_due(0, 100_000_000, 1), None);
    flat.fill(1, Side::Bid, 100, 1, Money::ZERO);
    assert_eq!(flat.funding_due(1, 100_000_000, 1), None, "spot pays no funding");
    assert_eq!(flat.funding_due(9, 1, 1), None);
}

#[test]
fn a_mid_between_two_ticks_values_a_position_exactly() {
    let mut account = account(&[("USDT", "0")], &[perpetual()]);
    account.fill(0, Side::Bid, 100, 1, Money::ZERO);
    account.set_mark(0, 100 + 101);
    assert_eq!(account.unrealized(0), usdt("0.00005"));
}

#[test]
fn deposited_base_assets_enter_at_the_first_price_seen() {
    let mut account = account(&[("BTC", "0.0025"), ("USDT", "50")], &[spot()]);
    let usdt_index = account.asset("USDT").unwrap();
    assert_eq!(account.equity(usdt_index), usdt("50"));
    account.set_mark(0, 2 * 600_000);
    // Two whole lots of 0.001 at 60 000; half a lot cannot be traded and is not valued.
    assert_eq!(account.position(0).opening_value, usdt("120"));
    assert_eq!(account.equity(usdt_index), usdt("170"));
    account.set_mark(0, 2 * 610_000);
    assert_eq!((account.unrealized(0), account.equity(usdt_index)), (usdt("2"), usdt("172")));
    account.fill(0, Side::Ask, 610_000, 2, usdt("0.1"));
    assert_eq!(account.assets()[account.asset("BTC").unwrap()].cash, usdt("0.0005"));
    assert_eq!((account.equity(usdt_index), account.accounted(usdt_index)), (usdt("171.9"), usdt("171.9")));
}

#[test]
fn impossible_accounts_are_refused_with_the_field() {
    let refused = |config: &AccountConfig| Account::new(config, &[perpetual()]).unwrap_err().to_string();
    let with = |change: fn(&mut AccountConfig)| {
        let mut config = AccountConfig::default();
        change(&mut config);
        refused(&config)
    };
    assert!(with(|c| c.deposits = [("USDT".into(), "-1".parse().unwrap())].into()).contains("deposits"));
    assert!(with(|c| c.deposits = [("USDT".into(), "0.0000000000001".parse().unwrap())].into()).contains("deposits"));
    assert!(with(|c| c.leverage = Some("0".parse().unwrap())).contains("leverage"));
    assert!(with(|c| c.taker_fee = Some("1".parse().unwrap())).contains("taker_fee"));
}

#[test]
fn an_instrument_finer_than_money_is_not_tradable_and_says_why() {
    let fine = instrument(&[("tick_size", "0.0000001"), ("lot_size", "0.0000001")]);
    let error = account(&[], &[fine]).tradable(0, "FINE").unwrap_err();
    assert!(error.to_string().contains("finer than money"), "{error}");
}

/// One thing that happens to an account.
#[derive(Clone, Debug)]
enum Step {
    Fill { instrument: usize, buy: bool, price: i64, lots: i64, maker: bool },
    Mark { instrument: usize, half_ticks: i64 },
    Funding { rate: i64, half_ticks: i64 },
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (0usize..2, any::<bool>(), 1i64..2_000_000, 1i64..5_000, any::<bool>()).prop_map(
            |(instrument, buy, price, lots, maker)| Step::Fill { instrument, buy, price, lots, maker }
        ),
        2 => (0usize..2, 2i64..4_000_000).prop_map(|(instrument, half_ticks)| Step::Mark { instrument, half_ticks }),
        1 => (-10i64.pow(10)..10i64.pow(10), 2i64..4_000_000)
            .prop_map(|(rate, half_ticks)| Step::Funding { rate, half_ticks }),
    ]
}

/// Cash paid and received, and nothing else: no basis, no average, no realized profit.
#[derive(Default)]
struct CashFlows {
    usdt: i128,
    lots: [i64; 2],
    half_mark: [Option<i64>; 2],
}

/// 0.1 × 0.001 in units of 1e-12.
const TICK_LOT: i128 = 100_000_000;

impl CashFlows {
    /// Twice the equity, so that half ticks stay whole.
    fn doubled_equity(&self) -> i128 {
        let held: i128 =
            (0..2).map(|i| i128::from(self.lots[i]) * i128::from(self.half_mark[i].unwrap_or(0)) * TICK_LOT).sum();
        2 * self.usdt + held
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn equity_is_deposits_plus_realized_plus_unrealized_less_fees_and_funding(
        steps in proptest::collection::vec(step(), 1..60), leverage in 1u32..100,
    ) {
        let config = AccountConfig {
            deposits: [("USDT".to_owned(), "1000000".parse().unwrap())].into(),
            leverage: Some(leverage.to_string().parse().unwrap()),
            ..AccountConfig::default()
        };
        let mut account = Account::new(&config, &[perpetual(), spot()]).unwrap();
        let (usdt, btc) = (account.asset("USDT").unwrap(), account.asset("BTC").unwrap());
        let mut flows = CashFlows { usdt: 10i128.pow(18), ..CashFlows::default() };
        for step in steps {
            let before = *account.position(0);
            match step {
                Step::Fill { instrument, buy, price, lots, maker } => {
                    let side = if buy { Side::Bid } else { Side::Ask };
                    let fee = account.fee(instrument, price, lots, maker);
                    // 2 and 6 bps of a value, half to even: exact here, for a value is a multiple of 10^8 units.
                    let bps = if maker { 2 } else { 6 };
                    let value = i128::from(price) * i128::from(lots) * TICK_LOT;
                    prop_assert_eq!(fee.0, value * bps / 10_000);
                    account.fill(instrument, side, price, lots, fee);
                    flows.usdt -= value * i128::from(side.sign()) + fee.0;
                    flows.lots[instrument] += lots * side.sign();
                    flows.half_mark[instrument].get_or_insert(2 * price);
                    if instrument == 0 && before.lots.signum() * side.sign() < 0 && lots < before.lots.abs() {
                        // A reduction leaves the average where it was, but for less than one tick × lot.
                        let after = account.position(0);
                        let (old, new) = (before.basis * i128::from(after.lots.abs()), after.basis * i128::from(before.lots.abs()));
                        prop_assert!((new - old).abs() < i128::from(before.lots.abs()));
                    }
                }
                Step::Mark { instrument, half_ticks } => {
                    account.set_mark(instrument, half_ticks);
                    flows.half_mark[instrument] = Some(half_ticks);
                }
                Step::Funding { rate, half_ticks } => {
                    if let Some(due) = account.funding_due(0, rate, half_ticks) {
                        let exact = i128::from(half_ticks) * i128::from(before.lots) * TICK_LOT * i128::from(rate);
                        prop_assert!((2 * (2 * 10i128.pow(12) * due.0 - exact)).abs() <= 2 * 10i128.pow(12));
                        account.pay_funding(0, due);
                        flows.usdt -= due.0;
                    }
                }
            }
            prop_assert_eq!(account.equity(usdt), account.accounted(usdt));
            prop_assert_eq!(account.assets()[btc].cash, account.accounted(btc));
            prop_assert_eq!(2 * account.equity(usdt).0, flows.doubled_equity());
            for i in 0..2 {
                let position = account.position(i);
                prop_assert_eq!(position.lots, flows.lots[i]);
                if position.lots == 0 {
                    prop_assert_eq!((position.basis, account.unrealized(i)), (0, Money::ZERO));
                    prop_assert_eq!(account.position_margin(i), Money::ZERO);
                }
            }
            prop_assert_eq!(account.assets()[btc].cash.0, i128::from(flows.lots[1]) * 10i128.pow(9));
        }
    }
}
