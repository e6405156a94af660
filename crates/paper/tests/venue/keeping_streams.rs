//! Random markets and orders under every mode: whatever happens, what is held is backed, and news tells the whole account.

use proptest::prelude::*;
use tickwright_paper::{EventKind, MarginMode, PositionMode, Reason};
use tickwright_types::{Money, Side, TickKind};

use crate::keeping::{plain, Desk};

/// A random step of the market or of the trader.
#[derive(Clone, Copy, Debug)]
enum Step {
    /// The second instrument has mark prices of its own, near the mid.
    Market {
        instrument: u16,
        price: i64,
        mark_off: i64,
    },
    Funding {
        instrument: u16,
        rate: i64,
    },
    Order {
        instrument: u16,
        side: usize,
        price: i64,
        lots: i64,
        reduce_only: bool,
    },
}

fn step() -> impl Strategy<Value = Step> {
    let price = 600i64..1_500;
    prop_oneof![
        5 => (0u16..3, price.clone(), -9i64..10)
            .prop_map(|(instrument, price, mark_off)| Step::Market { instrument, price, mark_off }),
        1 => (0u16..3, -10i64.pow(10)..10i64.pow(10)).prop_map(|(instrument, rate)| Step::Funding { instrument, rate }),
        6 => (0u16..3, 0usize..2, price, 1i64..40, any::<bool>()).prop_map(
            |(instrument, side, price, lots, reduce_only)| Step::Order { instrument, side, price, lots, reduce_only }
        ),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn after_every_message_what_is_held_is_backed_and_the_owner_knows_the_same_account(
        steps in proptest::collection::vec(step(), 1..120), hedged: bool, isolated: bool, check_told in 0usize..120,
    ) {
        let inverse = plain(&[("id", "I"), ("kind", "inverse_perpetual"), ("multiplier", "100"), ("settlement", "BTC"), ("quote", "USD")]);
        let fees = plain(&[("id", "ETH"), ("base", "ETH"), ("maker_fee", "-0.0001"), ("taker_fee", "0.0007")]);
        let mut d = Desk::new("3000", &[plain(&[]), fees, inverse], |c| {
            c.account.deposits.insert("BTC".to_owned(), "0.5".parse().unwrap());
            c.account.position_mode = if hedged { PositionMode::Hedge } else { PositionMode::OneWay };
            c.account.margin_mode = if isolated { MarginMode::Isolated } else { MarginMode::Cross };
        });
        let start = d.account().clone();
        for instrument in 0..3 {
            d.market(instrument, 1_000);
        }
        d.mark(1, 1_000);
        for (place, &step) in steps.iter().enumerate() {
            match step {
                Step::Market { instrument, price, mark_off } => {
                    d.market(instrument, price);
                    if instrument == 1 {
                        d.mark(1, price + mark_off);
                    }
                    check_backed(&d, usize::from(instrument));
                }
                Step::Funding { instrument, rate } => d.feed(instrument, TickKind::FundingRate, 2, rate, 0, 0),
                Step::Order { instrument, side, price, lots, reduce_only } => {
                    _ = d.order(instrument, Side::from_index(side), price, lots, reduce_only);
                }
            }
            for asset in 0..d.account().assets().len() {
                prop_assert_eq!(d.account().equity(asset), d.account().accounted(asset));
            }
            if place == check_told {
                d.check_told(&start);
            }
        }
        d.check_told(&start);
    }
}

/// What was just judged is backed by more than its maintenance margin.
fn check_backed(d: &Desk, instrument: usize) {
    for side in [Side::Bid, Side::Ask] {
        let state = d.account().margin_of(instrument, side);
        assert!(!state.is_liquidated(), "{state:?} of {instrument} is kept");
    }
    let asset = d.account().settlement(instrument);
    assert!(d.account().position_margin(instrument) >= Money::ZERO);
    if d.s.events.last().is_some_and(|e| e.reason == Reason::Liquidation && e.kind == EventKind::Fill) {
        assert!(d.account().assets()[asset].cash >= Money::ZERO, "a taken over account owes nothing");
    }
}
