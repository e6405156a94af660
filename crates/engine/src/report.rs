use serde::Serialize;
use tickwright_book::NO_BID;
use tickwright_paper::{Account, Position};
use tickwright_types::{Instrument, Money};

use crate::engine::{Core, Engine};
use crate::layout::{cell, instrument_cell, Layout, Memory};
use crate::position_report::{margin_ratio, PositionReport};
use crate::EngineError;

/// One instrument of a [`LedgerReport`]; amounts are decimal strings of the settlement asset.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct InstrumentReport {
    /// Instrument id.
    pub id: String,
    /// Lots that were deposited and not bought.
    pub opening_lots: String,
    /// What those count as having cost, in ticks × lots: the first price seen.
    pub opening_basis_tick_lots: String,
    /// Held, in units of size; negative when short. In hedge mode the short is taken off the long.
    pub position: String,
    /// The same in lots.
    pub position_lots: String,
    /// Cost of what is held, in ticks × lots; empty for an inverse contract and in hedge mode, see `positions`.
    pub basis_tick_lots: String,
    /// Average entry without fees, rounded for reading; empty when flat and in hedge mode.
    pub avg_entry: String,
    /// Bid + ask in ticks at the end; empty where no mark was seen.
    pub mark_half_ticks: String,
    /// Profit of what was closed.
    pub realized: String,
    /// Profit of what is held, at the mark.
    pub unrealized: String,
    /// Fees paid.
    pub fees: String,
    /// Funding received.
    pub funding: String,
    /// How many fills.
    pub fills: u64,
    /// Traded size.
    pub volume: String,
    /// The position, or in hedge mode the long and the short.
    pub positions: Vec<PositionReport>,
}

/// One asset of a [`LedgerReport`]: `deposits + realized + unrealized − fees + funding = equity`, exactly.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AssetReport {
    /// The venue whose account this is.
    pub venue: String,
    /// The asset.
    pub asset: String,
    /// Paid in at the start, and the opening value of deposited base assets.
    pub deposits: String,
    /// Profit of what was closed.
    pub realized: String,
    /// Profit of what is held, at the marks.
    pub unrealized: String,
    /// Fees paid.
    pub fees: String,
    /// Funding received.
    pub funding: String,
    /// What it is all worth.
    pub equity: String,
    /// Initial margin of the positions.
    pub margin: String,
    /// Maintenance margin of the cross positions.
    pub maintenance_margin: String,
    /// That over what stands behind them: liquidated at 1. Empty without cross positions.
    pub margin_ratio: String,
}

/// The accounts as the controller knows them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LedgerReport {
    /// By instrument.
    pub instruments: Vec<InstrumentReport>,
    /// By venue and settlement asset.
    pub assets: Vec<AssetReport>,
}

/// A book's state and what was wrong with its feed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BookReport {
    /// Instrument id.
    pub instrument: String,
    /// `EMPTY`, `SYNCING`, `LIVE` or `STALE`.
    pub state: &'static str,
    /// Why it is stale.
    pub causes: Vec<&'static str>,
    /// Best bid as a decimal, empty where there is none.
    pub best_bid: String,
    /// Best ask as a decimal.
    pub best_ask: String,
    /// How many bid levels.
    pub bid_levels: usize,
    /// How many ask levels.
    pub ask_levels: usize,
    /// How often the book was found crossed at the end of a message.
    pub crossed: u64,
    /// The same for locked.
    pub locked: u64,
    /// Sequence gaps.
    pub gaps: u64,
    /// Records with a size below zero.
    pub negative_sizes: u64,
    /// Changes of orders that the book did not know.
    pub unknown_orders: u64,
    /// Checksums that did not match.
    pub bad_checksums: u64,
}

/// Books and counters of an engine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EngineReport {
    /// The books.
    pub books: Vec<BookReport>,
    /// Records done.
    pub records: u64,
    /// Commands for orders that had ended meanwhile.
    pub late_commands: u64,
    /// Fills that a venue told a second time.
    pub duplicate_fills: u64,
    /// Samples and bars left out because nobody read the event ring.
    pub lost_samples: u64,
    /// News that was still on its way when the run ended.
    pub undelivered_events: u64,
    /// Requests that had not reached the venue when the run ended: no news will come of them.
    pub undelivered_requests: u64,
}

/// Money of one instrument as doubles, for samples and details.
pub(crate) struct MoneyView {
    pub position_lots: i64,
    pub realized: f64,
    pub unrealized: f64,
    pub fees: f64,
    pub funding: f64,
    pub equity: f64,
    pub mid: f64,
}

impl Core {
    /// Brings every mark of the accounts up to the present mids.
    fn mark(&mut self) {
        for (index, market) in self.markets.iter().enumerate() {
            if let Some(mark) = market.mark_half_ticks() {
                self.venues[market.venue].ledger.set_mark(index, mark);
            }
        }
    }

    pub(crate) fn money_view(&mut self, index: usize) -> MoneyView {
        self.mark();
        let market = &self.markets[index];
        let ledger = &self.venues[market.venue].ledger;
        let sum = |of: fn(&Position) -> Money| sum_of(ledger, index, of).to_f64();
        MoneyView {
            position_lots: ledger.net_lots(index),
            realized: sum(|position| position.realized),
            unrealized: ledger.unrealized(index).to_f64(),
            fees: sum(|position| position.fees),
            funding: sum(|position| -position.funding_paid),
            equity: ledger.equity(ledger.settlement(index)).to_f64(),
            mid: market.top.mid,
        }
    }
}

impl Engine {
    /// Fills the cells that are written on request only, for the last record.
    pub fn write_details(&mut self, memory: &mut Memory<'_>) {
        let seen = self.core.seen;
        let index = usize::from(seen.instrument);
        let view = self.core.money_view(index);
        let market = &self.core.markets[index];
        memory.set(cell::RECORDS, self.core.tally.records as f64);
        memory.set_i64(cell::RECV_NS, self.core.now_ns);
        memory.set_i64(cell::EXCH_NS, seen.exch_ns);
        memory.set_i64(cell::ID, seen.id as i64);
        memory.set(cell::MICROPRICE, market.book.microprice().unwrap_or(f64::NAN));
        memory.set(cell::IMBALANCE, market.book.imbalance(5).unwrap_or(f64::NAN));
        memory.set(cell::EQUITY, view.equity);
        memory.set(cell::REALIZED, view.realized);
        memory.set(cell::UNREALIZED, view.unrealized);
        memory.set(cell::FEES, view.fees);
        memory.set(cell::FUNDING, view.funding);
        let leg = self.core.venues[market.venue].ledger.legs(index).next();
        let avg_entry = leg.and_then(|leg| leg.avg_entry_ticks());
        memory.set(cell::AVG_ENTRY, avg_entry.map_or(f64::NAN, |ticks| ticks * market.tick_size));
        for (index, market) in self.core.markets.iter().enumerate() {
            let at = Layout::instrument_at(index) + instrument_cell::TOP;
            for side in 0..2 {
                memory.set(at + side, market.top.price[side]);
                memory.set(at + 2 + side, market.top.lots[side]);
            }
        }
    }

    /// Up to `levels` levels of a side, best first: price in ticks and size in lots in turn.
    pub fn depth(&self, instrument: usize, side: usize, levels: usize) -> Result<Vec<f64>, EngineError> {
        let market = self.core.markets.get(instrument).filter(|_| side < 2).ok_or_else(|| {
            let reason =
                format!("instrument {instrument}, side {side}: give 0 to {} and 0 or 1", self.core.markets.len() - 1);
            EngineError::config("depth", reason)
        })?;
        Ok(market.book.depth(side, levels).flat_map(|(price, lots)| [price as f64, lots as f64]).collect())
    }

    /// The accounts as the controller knows them, marked at the present mids.
    pub fn ledger(&mut self) -> LedgerReport {
        self.core.mark();
        let instruments = (0..self.core.markets.len()).map(|index| self.instrument_report(index)).collect();
        let mut assets = Vec::new();
        for (at, venue) in self.core.venues.iter().enumerate() {
            assets.extend((0..venue.ledger.assets().len()).filter_map(|asset| self.asset_report(at, asset)));
        }
        LedgerReport { instruments, assets }
    }

    fn instrument_report(&self, index: usize) -> InstrumentReport {
        let market = &self.core.markets[index];
        let definition = &self.config.instruments[index];
        let ledger = &self.core.venues[market.venue].ledger;
        let position = ledger.position(index);
        let lots = ledger.net_lots(index);
        let positions: Vec<_> = ledger.legs(index).map(|leg| PositionReport::of(&leg, definition)).collect();
        let is_plain = !ledger.is_hedged() && !ledger.is_inverse(index);
        let counts = self.core.traded[index];
        // Where nothing can be held, no value of a tick and lot is needed either.
        let tick_lot = definition.tick_lot_value().unwrap_or(1);
        InstrumentReport {
            id: definition.id().to_owned(),
            opening_lots: position.deposited_lots.to_string(),
            opening_basis_tick_lots: (position.opening_value.0 / tick_lot).to_string(),
            position: definition.size_text(lots),
            position_lots: lots.to_string(),
            basis_tick_lots: if is_plain { position.basis.to_string() } else { String::new() },
            avg_entry: if ledger.is_hedged() { String::new() } else { positions[0].avg_entry.clone() },
            mark_half_ticks: position.mark_half_ticks.map_or(String::new(), |mark| mark.to_string()),
            realized: sum_of(ledger, index, |position| position.realized).to_string(),
            unrealized: ledger.unrealized(index).to_string(),
            fees: sum_of(ledger, index, |position| position.fees).to_string(),
            funding: sum_of(ledger, index, |position| -position.funding_paid).to_string(),
            fills: counts.fills,
            volume: definition.size_text(counts.lots),
            positions,
        }
    }

    /// `None` for an asset in which nothing settles and nothing was paid in.
    fn asset_report(&self, venue: usize, asset: usize) -> Option<AssetReport> {
        let state = &self.core.venues[venue];
        let ledger = &state.ledger;
        let mine: Vec<usize> = (0..self.core.markets.len())
            .filter(|&index| self.core.markets[index].venue == venue && ledger.settlement(index) == asset)
            .collect();
        if mine.is_empty() {
            return None;
        }
        let sum = |of: fn(&Position) -> Money| mine.iter().map(|&index| sum_of(ledger, index, of)).sum::<Money>();
        let deposits = ledger.assets()[asset].deposited + sum(|position| position.opening_value);
        Some(AssetReport {
            venue: state.name.clone(),
            asset: ledger.assets()[asset].name.clone(),
            deposits: deposits.to_string(),
            realized: sum(|position| position.realized).to_string(),
            unrealized: mine.iter().map(|&i| ledger.unrealized(i)).sum::<Money>().to_string(),
            fees: sum(|position| position.fees).to_string(),
            funding: (-sum(|position| position.funding_paid)).to_string(),
            equity: ledger.equity(asset).to_string(),
            margin: mine.iter().map(|&index| ledger.position_margin(index)).sum::<Money>().to_string(),
            maintenance_margin: ledger.cross_margin(asset).maintenance.to_string(),
            margin_ratio: margin_ratio(ledger, asset),
        })
    }

    /// State and integrity of the books, and the engine's counters.
    pub fn books(&self) -> EngineReport {
        let books = self
            .core
            .markets
            .iter()
            .zip(&self.config.instruments)
            .map(|(market, definition)| book_report(market, definition));
        EngineReport {
            books: books.collect(),
            records: self.core.tally.records,
            late_commands: self.core.late_commands,
            duplicate_fills: self.core.duplicate_fills,
            lost_samples: self.core.lost_samples,
            undelivered_events: self.core.venues.iter().map(|venue| venue.paper.events_in_flight() as u64).sum(),
            undelivered_requests: self.core.venues.iter().map(|venue| venue.paper.requests_in_flight() as u64).sum(),
        }
    }
}

/// An amount of all positions of an instrument.
fn sum_of(ledger: &Account, index: usize, of: fn(&Position) -> Money) -> Money {
    ledger.legs(index).map(|leg| of(leg.position())).sum()
}

fn book_report(market: &crate::instruments::Market, definition: &Instrument) -> BookReport {
    let counts = market.monitor.counts();
    let best = |side: usize| {
        let price = market.book.best_price(side);
        let empty = if side == 0 { NO_BID } else { tickwright_book::NO_ASK };
        if price == empty {
            String::new()
        } else {
            definition.price_text(price)
        }
    };
    BookReport {
        instrument: definition.id().to_owned(),
        state: market.monitor.state().name(),
        causes: market.monitor.causes().names().collect(),
        best_bid: best(0),
        best_ask: best(1),
        bid_levels: market.book.level_count(0),
        ask_levels: market.book.level_count(1),
        crossed: counts.crossed.count,
        locked: counts.locked.count,
        gaps: counts.gaps.count,
        negative_sizes: counts.negative_sizes.count,
        unknown_orders: counts.unknown_orders.count,
        bad_checksums: counts.bad_checksums.count,
    }
}
