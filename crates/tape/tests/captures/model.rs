use std::collections::BTreeMap;

use serde_json::Value;
use tickwright_types::{Instrument, Tick, TickKind};

use crate::{capture, lines};

/// Size in lots by symbol, side (0 bid) and price in ticks.
type Books = BTreeMap<(String, u8, i64), i64>;

/// The obvious replay: numbers as doubles, rounded to the grid, levels set in the order that they stand in the lines.
struct Model<'a> {
    instruments: &'a [Instrument],
    books: Books,
    /// Price and side of the ids of `BitMEX`.
    ids: BTreeMap<(String, u64), (u8, f64)>,
}

fn number(value: &Value) -> f64 {
    value.as_str().map_or_else(|| value.as_f64().unwrap(), |text| text.parse().unwrap())
}

fn side(word: &Value) -> u8 {
    u8::from(word.as_str().unwrap().to_lowercase().starts_with('s'))
}

impl Model<'_> {
    fn set(&mut self, symbol: &str, side: u8, price: f64, size: f64) {
        let spec = self.instruments.iter().find(|i| i.spec().symbol == symbol).unwrap().spec();
        let price_ticks = (price / spec.tick_size.to_f64()).round() as i64;
        let size_lots = (size / spec.lot_size.to_f64()).round() as i64;
        let key = (symbol.to_owned(), side, price_ticks);
        if size_lots == 0 {
            self.books.remove(&key);
        } else {
            self.books.insert(key, size_lots);
        }
    }

    fn set_all(&mut self, symbol: &str, side: u8, levels: &Value) {
        for level in levels.as_array().into_iter().flatten() {
            let (price, size) = match level {
                Value::Object(level) => (&level["price"], &level["qty"]),
                pair => (&pair[0], &pair[1]),
            };
            self.set(symbol, side, number(price), number(size));
        }
    }

    fn clear(&mut self, symbol: &str) {
        self.books.retain(|(of, _, _), _| of != symbol);
    }

    fn kraken(&mut self, message: &Value) {
        let Some(parts) = message.as_array() else { return };
        let pair = parts.last().unwrap().as_str().unwrap();
        for part in &parts[1..parts.len() - 2] {
            for (side, key) in [(1, "as"), (0, "bs"), (1, "a"), (0, "b")] {
                self.set_all(pair, side, &part[key]);
            }
        }
    }

    fn bitget(&mut self, message: &Value) {
        if message["arg"]["channel"] == "books" && message["data"].is_array() {
            let symbol = message["arg"]["instId"].as_str().unwrap();
            self.set_all(symbol, 0, &message["data"][0]["bids"]);
            self.set_all(symbol, 1, &message["data"][0]["asks"]);
        }
    }

    fn coinbase(&mut self, message: &Value) {
        let Some(symbol) = message["product_id"].as_str() else { return };
        self.set_all(symbol, 0, &message["bids"]);
        self.set_all(symbol, 1, &message["asks"]);
        for change in message["changes"].as_array().into_iter().flatten() {
            self.set(symbol, side(&change[0]), number(&change[1]), number(&change[2]));
        }
    }

    fn kraken_futures(&mut self, message: &Value) {
        let Some(symbol) = message["product_id"].as_str() else { return };
        if message["feed"] == "book_snapshot" {
            self.clear(symbol);
            self.set_all(symbol, 0, &message["bids"]);
            self.set_all(symbol, 1, &message["asks"]);
        } else if message["feed"] == "book" {
            self.set(symbol, side(&message["side"]), number(&message["price"]), number(&message["qty"]));
        }
    }

    fn deribit(&mut self, message: &Value) {
        let data = &message["params"]["data"];
        if !message["params"]["channel"].as_str().unwrap_or("").starts_with("book.") {
            return;
        }
        let symbol = data["instrument_name"].as_str().unwrap();
        for (side, key) in [(0, "bids"), (1, "asks")] {
            for level in data[key].as_array().unwrap() {
                self.set(symbol, side, number(&level[1]), number(&level[2]));
            }
        }
    }

    fn bitmex(&mut self, message: &Value) {
        if message["table"] != "orderBookL2" {
            return;
        }
        for item in message["data"].as_array().unwrap() {
            let symbol = item["symbol"].as_str().unwrap();
            let id = (symbol.to_owned(), item["id"].as_u64().unwrap());
            if !item["price"].is_null() {
                self.ids.insert(id.clone(), (side(&item["side"]), number(&item["price"])));
            }
            let (side, price) = self.ids[&id];
            let size = if item["size"].is_null() { 0.0 } else { number(&item["size"]) };
            self.set(symbol, side, price, size);
        }
    }
}

/// The books as the records leave them.
fn replayed(ticks: &[Tick], instruments: &[Instrument]) -> Books {
    let mut books = Books::new();
    for tick in ticks {
        let symbol = &instruments[usize::from(tick.instrument)].spec().symbol;
        let key = (symbol.clone(), tick.side, tick.price_ticks);
        match tick.kind().unwrap() {
            TickKind::SnapshotBegin => books.retain(|(of, _, _), _| of != symbol),
            TickKind::BookDelta if tick.size_lots == 0 => drop(books.remove(&key)),
            TickKind::BookDelta | TickKind::SnapshotLevel => drop(books.insert(key, tick.size_lots)),
            _ => {}
        }
    }
    books
}

#[test]
fn the_books_at_the_end_are_those_of_a_plain_replay_of_the_lines() {
    type Apply = fn(&mut Model<'_>, &Value);
    let venues: [(&str, &str, Apply, usize); 6] = [
        ("kraken-ws", "KRAKEN.ws.50.0.part-a.gz", |m, v| m.kraken(v), 3_000),
        ("bitget-ws", "BITGET.ws.1.0.gz", |m, v| m.bitget(v), 800),
        ("coinbase-ws", "COINBASE.ws.28.0.gz", |m, v| m.coinbase(v), 3_000),
        ("kraken-futures-ws", "KRAKEN_FUTURES.ws.1.0.gz", |m, v| m.kraken_futures(v), 300),
        ("deribit-ws", "DERIBIT.ws.1.0.gz", |m, v| m.deribit(v), 80),
        ("bitmex-ws", "BITMEX.ws.1.0.gz", |m, v| m.bitmex(v), 10_000),
    ];
    for (reader, file, apply, at_least) in venues {
        let Some((ticks, _, request)) = capture(reader) else { return };
        let mut model = Model { instruments: &request.instruments, books: Books::new(), ids: BTreeMap::new() };
        for message in lines::messages(file).unwrap() {
            apply(&mut model, &message);
        }
        assert!(model.books.len() > at_least, "{reader}: {} levels", model.books.len());
        assert!(replayed(&ticks, &request.instruments) == model.books, "{reader}: the books differ");
    }
}
