//! The venue: requests arrive, records match resting orders, news goes back.

mod admission;
mod bars;
mod desk;
mod intake;
mod keeping;
mod links;
mod matching;
mod news;
mod order;
mod reading;
mod taking;
mod waiting;

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};
use tickwright_types::Instrument;

pub use self::bars::BarPrices;
use self::desk::Desk;
use self::news::News;
use self::order::Slots;
pub use self::reading::LiveOrder;
use self::waiting::{Due, Expiry};
use crate::faults::Faults;
use crate::fill_model::FillRules;
use crate::guard::Guard;
use crate::latency::{Entry, Leg};
use crate::{Account, Markets, MatchOn, OwnEvent, PaperConfig, PaperError, RateLimit, Reason, Request};

/// Requests that may be on their way at one time.
const MAX_IN_FLIGHT: usize = 1 << 16;

/// Room made for requests and news before the first record: bursts put hundreds in flight.
const RING: usize = 4096;

/// A request on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Pending {
    arrival_ns: i64,
    request: Request,
}

/// What comes next before a record.
enum Turn {
    Due(Due),
    Expiry,
    Break(i64),
    Request(i64, Request),
}

/// Our orders, their matching against a recorded market, and the account, of one venue.
///
/// The engine calls it for each record in this order:
/// 1. if [`next_request_ns`](Self::next_request_ns) lies before the record's venue time (the running maximum of exchange
///    times), [`process_requests`](Self::process_requests) with the books as they are *before* the record;
/// 2. the record goes into the book, then [`on_level`](Self::on_level), [`on_trade`](Self::on_trade),
///    [`on_quote`](Self::on_quote), [`on_book_replaced`](Self::on_book_replaced), [`on_bar`](Self::on_bar),
///    [`on_mark`](Self::on_mark) or [`on_funding`](Self::on_funding), and [`on_message`](Self::on_message) at the last
///    record of each venue message;
/// 3. [`pop_event`](Self::pop_event) until it is empty at the record's receive time.
///
/// A request sent at receive time t is in force from the first record whose venue time is greater than t + entry latency;
/// requests keep the order in which they were sent. News of venue time v comes with the first record received at or after
/// v + response latency, in the order in which it happened. A leg without latency means the very next record, or the same
/// one.
///
/// It is whole in its serialised form: a restored venue goes on byte for byte. After warm-up it does not allocate. A record
/// that concerns no own order costs one to three nanoseconds.
///
/// ```
/// use tickwright_book::{BookConfig, L2Book};
/// use tickwright_paper::{Conditions, EventKind, NewOrder, OrderKind, PaperConfig, PaperVenue, Request};
/// use tickwright_types::{Instrument, Side};
/// # let btc: Instrument = serde_json::from_str(r#"{ "id": "BTCUSDT-PERP", "venue": "binance", "symbol": "BTCUSDT",
/// #   "kind": "linear_perpetual", "tick_size": "0.1", "lot_size": "0.001", "base": "BTC", "quote": "USDT",
/// #   "settlement": "USDT", "max_leverage": "10" }"#).unwrap();
/// let mut config = PaperConfig::default();
/// config.account.deposits.insert("USDT".to_owned(), "10000".parse().unwrap());
/// let mut venue = PaperVenue::new(&config, &[btc])?;
/// let mut books = [L2Book::new(BookConfig::default())];
/// books[0].apply_level(0, 618_000, 250);
///
/// // Buy 0.1 at 61 800.0, behind the 0.25 that stand there.
/// let (side, kind) = (Side::Bid, OrderKind::PostOnly);
/// let (price_ticks, size_lots, conditions) = (618_000, 100, Conditions::NONE);
/// venue.send(0, Request::Submit(NewOrder { order_id: 1, instrument: 0, side, kind, price_ticks, size_lots, conditions }))?;
/// venue.process_requests(1_000, &books);
/// // A seller trades 0.3 there: 0.25 of it meet those ahead.
/// venue.on_trade(0, 1, 618_000, 300, 1_000);
///
/// assert_eq!(venue.pop_event(1_000).map(|e| e.kind), Some(EventKind::Accepted));
/// let fill = venue.pop_event(1_000).expect("a fill");
/// assert_eq!((fill.kind, fill.size_lots, fill.leaves_lots, fill.maker), (EventKind::Fill, 50, 50, true));
/// assert_eq!(fill.fee.to_string(), "0.618"); // 2 bps of 3 090
/// # Ok::<(), tickwright_paper::PaperError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PaperVenue {
    guards: Vec<Guard>,
    next_request_ns: i64,
    rules: FillRules,
    desks: Vec<Desk>,
    slots: Slots,
    account: Account,
    entry: Leg,
    requests: VecDeque<Pending>,
    last_arrival_ns: i64,
    news: News,
    faults: Faults,
    /// When the connection breaks and the venue cancels everything, the last one first.
    breaks: Vec<i64>,
    rate_limit: Option<RateLimit>,
    /// Number of the present window and what was taken in it.
    window: (i64, u32),
    day_ends_ns: i64,
    /// Orders that have something to do before the next record.
    due: VecDeque<Due>,
    /// The last one ends first.
    expiries: Vec<Expiry>,
    /// Slots of live orders with a parent or a group, in the order in which they came.
    linked: Vec<u16>,
    /// Slots of orders to be closed as soon as nobody walks through a list; empty between calls.
    ending: Vec<u16>,
    /// Instruments with orders in their lanes that are over.
    swept: Vec<u16>,
    next_expiry_ns: i64,
    trades: u64,
}

impl PaperVenue {
    /// A venue for these instruments, in the order of their index, without orders.
    ///
    /// Returns `E_FILL_MODEL`, `E_LATENCY`, `E_ACCOUNT` or `E_INSTRUMENTS`.
    pub fn new(config: &PaperConfig, instruments: &[Instrument]) -> Result<Self, PaperError> {
        let allowed = usize::from(u16::MAX);
        if instruments.is_empty() || instruments.len() > allowed {
            return Err(PaperError::Instruments { given: instruments.len(), allowed });
        }
        let faults = Faults::new(&config.faults, config.seed)?;
        let account = Account::new(&config.account, instruments)?;
        let mut venue = Self {
            guards: vec![Guard::NONE; instruments.len()],
            next_request_ns: i64::MAX,
            rules: config.fill_model.compile()?,
            desks: instruments.iter().map(|_| Desk::new()).collect(),
            slots: Slots::new(),
            entry: Leg::entry(&config.entry_latency, config.seed)?,
            requests: VecDeque::with_capacity(RING),
            last_arrival_ns: i64::MIN,
            news: News::new(Leg::response(&config.response_latency, config.seed)?, RING),
            breaks: faults.breaks(),
            faults,
            rate_limit: config.rate_limit.filter(|limit| limit.window_ns > 0),
            window: (i64::MIN, 0),
            day_ends_ns: config.day_ends_ns.rem_euclid(86_400_000_000_000),
            due: VecDeque::with_capacity(64),
            expiries: Vec::with_capacity(64),
            linked: Vec::with_capacity(64),
            ending: Vec::with_capacity(16),
            swept: Vec::with_capacity(16),
            next_expiry_ns: account.next_expiry_ns(),
            account,
            trades: 0,
        };
        venue.look_ahead();
        Ok(venue)
    }

    /// Chooses the records of an instrument that orders are matched against. To be called before its first order.
    pub fn set_match_on(&mut self, instrument: usize, match_on: MatchOn) {
        self.desks[instrument].match_on = match_on;
    }

    /// When the next request arrives, or just before an instrument expires, in ns; `i64::MIN` if it is due with any next
    /// record, `i64::MAX` if there is none.
    #[inline(always)]
    pub fn next_request_ns(&self) -> i64 {
        self.next_request_ns
    }

    /// When the next news can be known, in ns; `i64::MIN` if it is due at once, `i64::MAX` if there is none.
    #[inline(always)]
    pub fn next_event_ns(&self) -> i64 {
        self.news.next_ns
    }

    /// Sends a request at receive time `now_ns`.
    ///
    /// Returns `E_REQUESTS_FULL`, with nothing sent, if 65 536 requests are on their way already.
    pub fn send(&mut self, now_ns: i64, request: Request) -> Result<(), PaperError> {
        if self.requests.len() >= MAX_IN_FLIGHT {
            return Err(PaperError::RequestsFull { allowed: MAX_IN_FLIGHT });
        }
        if let Some(timeout_ns) = self.faults.swallows_request(now_ns) {
            self.post_lost_request(now_ns, timeout_ns, &request);
            return Ok(());
        }
        let arrival_ns = match self.entry.enter(now_ns) {
            Entry::Immediate => now_ns,
            Entry::After(delay_ns) => now_ns + delay_ns,
            Entry::Refused(delay_ns) => {
                self.post_refusal(now_ns, now_ns + delay_ns, &request);
                return Ok(());
            }
        };
        self.last_arrival_ns = self.last_arrival_ns.max(arrival_ns);
        self.requests.push_back(Pending { arrival_ns: self.last_arrival_ns, request });
        self.look_ahead();
        Ok(())
    }

    /// Applies the requests that are in force at a record of that venue time, one after another in the order in which they
    /// arrive, against the books as they are before the record; and settles what has expired by then.
    pub fn process_requests<M: Markets + ?Sized>(&mut self, venue_ns: i64, markets: &M) {
        let mut valued = false;
        while let Some(turn) = self.next_turn(venue_ns) {
            if !valued {
                self.value_positions(markets);
                valued = true;
            }
            match turn {
                Turn::Due(due) => self.take_turn(due, markets),
                Turn::Expiry => self.expire_first(),
                Turn::Break(at_ns) => self.cancel_everything(at_ns, Reason::Disconnected),
                Turn::Request(at_ns, request) => {
                    self.settle_expired(at_ns, markets);
                    self.handle(at_ns, &request, markets);
                }
            }
        }
        self.settle_expired(venue_ns, markets);
        self.look_ahead();
    }

    /// The next news that can be known at receive time `recv_ns`.
    #[inline(always)]
    pub fn pop_event(&mut self, recv_ns: i64) -> Option<OwnEvent> {
        if self.news.next_ns > recv_ns {
            return None;
        }
        self.news.pop(recv_ns)
    }

    /// What is in force at a record of that venue time, the earliest first; what is due was caused by the record before.
    fn next_turn(&mut self, venue_ns: i64) -> Option<Turn> {
        if let Some(due) = self.due.pop_front() {
            return Some(Turn::Due(due));
        }
        let arrival = match self.requests.front() {
            Some(_) if self.entry.is_immediate() => Some(venue_ns),
            Some(pending) if pending.arrival_ns < venue_ns => Some(pending.arrival_ns),
            _ => None,
        };
        let expiry = self.expiries.last().map(|first| first.at_ns).filter(|&at_ns| at_ns <= venue_ns);
        if expiry.is_some_and(|at_ns| arrival.is_none_or(|arrival| at_ns <= arrival)) {
            return Some(Turn::Expiry);
        }
        if self.breaks.last().is_some_and(|&at_ns| at_ns <= arrival.unwrap_or(venue_ns)) {
            return self.breaks.pop().map(Turn::Break);
        }
        let at_ns = arrival?;
        self.requests.pop_front().map(|pending| Turn::Request(at_ns, pending.request))
    }

    fn look_ahead(&mut self) {
        let request_ns = match self.requests.front() {
            Some(_) if self.entry.is_immediate() => i64::MIN,
            Some(pending) => pending.arrival_ns,
            None => i64::MAX,
        };
        // From its time on an order fills no more: the record of that very time ends it.
        let expiry_ns = self.expiries.last().map_or(i64::MAX, |first| first.at_ns);
        let break_ns = self.breaks.last().copied().unwrap_or(i64::MAX);
        let next_ns = request_ns.min(before(expiry_ns.min(break_ns).min(self.next_expiry_ns)));
        self.next_request_ns = if self.due.is_empty() { next_ns } else { i64::MIN };
    }
}

/// The time that every record of `ns` or later is after.
fn before(ns: i64) -> i64 {
    if ns == i64::MAX {
        ns
    } else {
        ns - 1
    }
}
