//! The worked examples of docs/accounts.md, run as they stand there.

use tickwright_paper::{Account, AccountConfig, Leg};
use tickwright_types::{Decimal, Instrument, Money, Side};

use crate::support::instrument;

const PAGE: &str = include_str!("../../../../docs/accounts.md");

/// One example while it is read.
struct Example {
    line: usize,
    instrument: Instrument,
    account: Account,
}

impl Example {
    fn new(line: usize) -> Self {
        let instrument = instrument(&[]);
        let account = Account::new(&AccountConfig::default(), std::slice::from_ref(&instrument)).unwrap();
        Self { line, instrument, account }
    }

    /// `instrument kind=future …` on top of the perpetual of the other tests.
    fn define(&mut self, words: &[&str]) {
        let given: Vec<(&str, &str)> = words.iter().map(|word| word.split_once('=').expect("key=value")).collect();
        self.instrument = instrument(&given);
    }

    /// `account USDT=1000 margin_mode=isolated …`; what is written in capitals is a deposit.
    fn open(&mut self, words: &[&str]) {
        let mut config = AccountConfig::default();
        for (key, value) in words.iter().map(|word| word.split_once('=').expect("key=value")) {
            match key {
                "leverage" => config.leverage = Some(value.parse().unwrap()),
                "position_mode" => config.position_mode = serde_json::from_str(&format!("{value:?}")).unwrap(),
                "margin_mode" => config.margin_mode = serde_json::from_str(&format!("{value:?}")).unwrap(),
                asset => _ = config.deposits.insert(asset.to_owned(), value.parse().unwrap()),
            }
        }
        self.account = Account::new(&config, std::slice::from_ref(&self.instrument)).unwrap();
    }

    /// `buy 0.5 at 20000 taker`: without maker or taker the fill is free of a fee.
    fn trade(&mut self, side: Side, words: &[&str]) {
        let [size, "at", price, how @ ..] = words else { panic!("line {}: {words:?}", self.line) };
        let (price, lots) = (self.instrument.price_ticks(price).unwrap(), self.instrument.size_lots(size).unwrap());
        let fee = match how.iter().find(|word| **word != "reduce") {
            None => Money::ZERO,
            Some(role) => self.account.fee(0, price, lots, *role == "maker"),
        };
        let trade = if how.contains(&"reduce") { Account::reduce } else { Account::fill };
        trade(&mut self.account, 0, side, price, lots, fee);
    }

    fn pay_funding(&mut self, words: &[&str]) {
        let [rate, "at", price] = words else { panic!("line {}: {words:?}", self.line) };
        let (rate, mark) =
            (rate.parse::<Decimal>().unwrap().scaled_to(12).unwrap(), 2 * self.instrument.price_ticks(price).unwrap());
        for side in [Side::Bid, Side::Ask].into_iter().take(1 + usize::from(self.account.is_hedged())) {
            if let Some(due) = self.account.funding_due_of(0, side, rate as i64, mark) {
                self.account.pay_funding_of(0, side, due);
            }
        }
    }

    fn leg(&self, name: &str) -> Leg<'_> {
        self.account.legs(0).find(|leg| leg.name() == name || name.is_empty()).expect("net, long or short")
    }

    fn found(&self, key: &str) -> String {
        let (name, what) = key.split_once('.').unwrap_or(("", key));
        let (leg, account) = (self.leg(name), &self.account);
        let (asset, position) = (account.settlement(0), leg.position());
        let price = |ticks: Option<i64>| ticks.map_or("none".to_owned(), |ticks| self.instrument.price_text(ticks));
        let side = if name == "short" { Side::Ask } else { Side::Bid };
        match what {
            "equity" => account.equity(asset).to_string(),
            "cash" => account.assets()[asset].cash.to_string(),
            "available" => account.available(asset).to_string(),
            "size" => self.instrument.size_text(position.lots),
            "realized" => position.realized.to_string(),
            "unrealized" => leg.unrealized().to_string(),
            "fees" => position.fees.to_string(),
            "funding" => (-position.funding_paid).to_string(),
            "entry_value" => leg.entry_value().to_string(),
            "initial" => account.position_margin(0).to_string(),
            "margin" => position.margin.to_string(),
            "maintenance" => leg.maintenance().to_string(),
            "ratio" => account.margin_of(0, side).ratio().map_or("none".to_owned(), |ratio| Money(ratio).to_string()),
            "liquidation" => price(leg.liquidation_price_ticks()),
            _ => panic!("line {}: {key} is nothing that an example can state", self.line),
        }
    }

    /// `= equity 1000.5, entry 5625`: amounts to the last digit, average prices to a hundredth.
    fn check(&self, stated: &str) {
        for (key, value) in stated.split(',').map(|pair| pair.trim().split_once(' ').expect("key value")) {
            let what = key.rsplit('.').next();
            if let Some("entry" | "entry_with_fees") = what {
                let leg = self.leg(key.split_once('.').map_or("", |(name, _)| name));
                let ticks = if what == Some("entry") { leg.avg_entry_ticks() } else { leg.avg_entry_with_fees_ticks() };
                let found = ticks.unwrap() * self.instrument.spec().tick_size.to_f64();
                assert!((found - value.parse::<f64>().unwrap()).abs() < 0.005, "line {}: {key} is {found}", self.line);
            } else {
                assert_eq!(self.found(key), value, "docs/accounts.md, line {}: {key}", self.line);
            }
        }
        let asset = self.account.settlement(0);
        assert_eq!(self.account.equity(asset), self.account.accounted(asset), "line {}", self.line);
    }

    fn read(&mut self, text: &str) {
        let words: Vec<&str> = text.split_whitespace().collect();
        match words.as_slice() {
            [] => {}
            ["instrument", rest @ ..] => self.define(rest),
            ["account", rest @ ..] => self.open(rest),
            ["buy", rest @ ..] => self.trade(Side::Bid, rest),
            ["sell", rest @ ..] => self.trade(Side::Ask, rest),
            ["mark", price] => self.account.set_mark(0, 2 * self.instrument.price_ticks(price).unwrap()),
            ["funding", rest @ ..] => self.pay_funding(rest),
            ["=", ..] => self.check(text.trim_start_matches(['=', ' '])),
            _ => panic!("docs/accounts.md, line {}: {text:?} is no command of an example", self.line),
        }
    }
}

#[test]
fn every_example_of_the_page_on_accounts_gives_the_numbers_it_states() {
    let (mut example, mut blocks, mut checks) = (None, 0, 0);
    for (number, text) in PAGE.lines().enumerate() {
        match (&mut example, text) {
            (None, "```example") => (example, blocks) = (Some(Example::new(number + 1)), blocks + 1),
            (Some(_), "```") => example = None,
            (Some(open), text) => {
                open.line = number + 1;
                checks += usize::from(text.starts_with('='));
                open.read(text.split('#').next().unwrap_or(""));
            }
            _ => {}
        }
    }
    assert!(blocks >= 10 && checks >= 20, "only {blocks} examples with {checks} statements were found");
}
