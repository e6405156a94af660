use tickwright_book::L2Book;
use tickwright_paper::{
    Conditions, EventKind, FillModel, Markets, NewOrder, OrderKind, PaperConfig, PaperVenue, QueueModel, Reason,
    Request, Shape, Variant,
};
use tickwright_types::{Instrument, Side, Tick};

use super::ghost::Ghost;

/// One venue for each queue model. Every ghost has an instrument of its own, so that ghosts share no trade.
pub struct Models {
    venues: Vec<(String, PaperVenue)>,
}

/// A change of a level, and the best prices after it.
#[derive(Clone, Copy)]
pub struct Level {
    pub side: usize,
    pub price_ticks: i64,
    pub old_lots: i64,
    pub new_lots: i64,
    pub best: [i64; 2],
}

/// A fill that a model gave: number of the model, number of the ghost, lots.
pub type Given = (usize, usize, i64);

/// The same book whichever ghost looks at it.
struct Same<'a>(&'a L2Book);

impl Markets for Same<'_> {
    type View = L2Book;
    fn view(&self, _instrument: usize) -> &L2Book {
        self.0
    }
}

impl Models {
    /// The models of the table, each with room for that many ghosts.
    pub fn new(ghosts: usize, instrument: &Instrument) -> Self {
        let instruments = vec![instrument.clone(); ghosts];
        let venue = |queue| {
            let mut config = PaperConfig { fill_model: FillModel::conservative(), ..PaperConfig::default() };
            config.fill_model.queue = queue;
            config.account.check_funds = false;
            PaperVenue::new(&config, &instruments).expect("settings that are not new")
        };
        Self { venues: queues().into_iter().map(|(name, queue)| (name, venue(queue))).collect() }
    }

    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.venues.iter().map(|(name, _)| name.as_str())
    }

    /// Puts a ghost behind what the book shows.
    pub fn join(&mut self, number: usize, ghost: &Ghost, at_ns: i64, book: &L2Book) {
        let order = NewOrder {
            order_id: number as u32,
            instrument: number as u16,
            side: Side::from_index(usize::from(ghost.order.side)),
            kind: OrderKind::PostOnly,
            price_ticks: ghost.order.price_ticks,
            size_lots: ghost.order.size_lots,
            conditions: Conditions::NONE,
        };
        for (_, venue) in &mut self.venues {
            venue.send(at_ns, Request::Submit(order)).expect("room for a request");
            venue.process_requests(at_ns, &Same(book));
            let answer = venue.pop_event(i64::MAX).map(|event| (event.kind, event.reason));
            assert_eq!(answer, Some((EventKind::Accepted, Reason::None)), "ghost {number} rests");
        }
    }

    pub fn trade(&mut self, number: usize, trade: &Tick, at_ns: i64) {
        for (_, venue) in &mut self.venues {
            venue.on_trade(number, trade.side, trade.price_ticks, trade.size_lots, at_ns);
        }
    }

    pub fn level(&mut self, number: usize, level: Level, at_ns: i64) {
        let Level { side, price_ticks, old_lots, new_lots, best: [bid, ask] } = level;
        for (_, venue) in &mut self.venues {
            venue.on_level(number, side, price_ticks, old_lots, new_lots, bid, ask, at_ns);
        }
    }

    /// Fills since the last call.
    pub fn take_fills(&mut self) -> Vec<Given> {
        let mut given = Vec::new();
        for (model, (_, venue)) in self.venues.iter_mut().enumerate() {
            while let Some(event) = venue.pop_event(i64::MAX) {
                if event.kind == EventKind::Fill {
                    given.push((model, event.order_id as usize, event.size_lots));
                }
            }
        }
        given
    }
}

/// With n = 1 the three variants are one formula.
fn queues() -> Vec<(String, QueueModel)> {
    let mut queues = vec![("conservative".to_owned(), QueueModel::Conservative)];
    let mut add = |name: &str, shape, variant| {
        queues.push((name.to_owned(), QueueModel::Probabilistic { shape, variant }));
    };
    add("power 1", Shape::Power(1), Variant::V1);
    for variant in [Variant::V1, Variant::V2, Variant::V3] {
        for n in [2, 3] {
            add(&format!("power {n}, {variant:?}"), Shape::Power(n), variant);
        }
        add(&format!("log, {variant:?}"), Shape::Log, variant);
    }
    queues
}
