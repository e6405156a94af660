use tickwright_types::{Money, Side};

use super::Account;

/// Payments at times: funding, and the end of trading.
impl Account {
    /// What a funding rate (in 1e-12) costs the position at a mark: value × rate, rounded once, half to even. A positive
    /// rate debits longs and credits shorts. `None` when flat, or where nothing pays funding: perpetuals do.
    pub fn funding_due(&self, instrument: usize, rate: i64, mark_half_ticks: i64) -> Option<Money> {
        self.funding_due_of(instrument, Side::Bid, rate, mark_half_ticks)
    }

    /// The same of the long or the short of hedge mode.
    pub fn funding_due_of(&self, instrument: usize, side: Side, rate: i64, mark_half_ticks: i64) -> Option<Money> {
        let terms = self.terms.get(instrument)?;
        let lots = self.position_of(instrument, side).lots;
        if lots == 0 || !terms.is_margin() || !terms.pays_funding {
            return None;
        }
        let value = terms.contract.at_mark(mark_half_ticks, lots.abs());
        Some(Money(value.times(i128::from(rate)) * i128::from(lots.signum())))
    }

    /// Pays (or receives, if negative) a funding payment.
    pub fn pay_funding(&mut self, instrument: usize, paid: Money) {
        self.pay_funding_of(instrument, Side::Bid, paid);
    }

    /// The same for the long or the short of hedge mode.
    pub fn pay_funding_of(&mut self, instrument: usize, side: Side, paid: Money) {
        let at = self.place(instrument, side);
        self.positions[at].funding_paid += paid;
        self.assets[self.terms[instrument].settlement].cash -= paid;
        self.pay_from_margin(instrument, side);
        self.void_watches();
    }

    /// Whether a funding rate of that venue time is to be paid: where the instrument has a funding interval, only the
    /// first one in each interval since the Unix epoch is.
    pub(crate) fn opens_funding(&mut self, instrument: usize, venue_ns: i64) -> bool {
        let interval_ns = self.terms[instrument].funding_interval_ns;
        if interval_ns <= 0 {
            return true;
        }
        let number = venue_ns.div_euclid(interval_ns);
        std::mem::replace(&mut self.states[instrument].funding_interval, number) != number
    }

    /// When the next instrument expires, in ns since the Unix epoch; `i64::MAX` for none.
    pub(crate) fn next_expiry_ns(&self) -> i64 {
        let trading =
            self.terms.iter().zip(&self.states).filter(|(terms, state)| terms.is_margin() && !state.is_expired);
        trading.map(|(terms, _)| terms.expiry_ns).min().unwrap_or(i64::MAX)
    }

    /// Ends the trading of an instrument whose last moment is not after `at_ns`; whether it ended now.
    pub(crate) fn expire(&mut self, instrument: usize, at_ns: i64) -> bool {
        let (terms, state) = (&self.terms[instrument], &mut self.states[instrument]);
        let ends = terms.is_margin() && terms.expiry_ns <= at_ns && !state.is_expired;
        state.is_expired |= ends;
        ends
    }
}
