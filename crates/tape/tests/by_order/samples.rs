use super::*;

fn ticks(reader: &str, names: &[&str], instrument: Instrument, options: ReadOptions) -> Vec<Tick> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/data/samples");
    let files = names.iter().map(|name| folder.join(name)).collect();
    read(reader, files, vec![instrument], options).ticks
}

#[test]
fn every_sample_is_read_and_leaves_the_book_that_its_rows_say() {
    let left = |ticks: &[Tick]| {
        let mut book = L3Book::default();
        let unknown = ticks.iter().filter(|tick| book.apply(tick).is_err()).count();
        (ticks.len(), unknown, book.order_count())
    };
    let esh4 = instrument("ESH4", "future", "0.25", "1", "50");
    assert_eq!(left(&ticks("databento", &["databento.dbn"], esh4, ReadOptions::default())), (6, 0, 0));
    let amzn = instrument("AMZN", "equity", "0.0001", "1", "1");
    let files = ["lobster-message.csv", "lobster-orderbook.csv"];
    assert_eq!(left(&ticks("lobster", &files, amzn, lobster::options())), (23, 0, 2));
    let btcusd = instrument("BTCUSD", "spot", "0.01", "0.00000001", "1");
    let csv = ticks("bitstamp-orders", &["bitstamp-orders.csv"], btcusd.clone(), ReadOptions::default());
    assert_eq!(left(&csv), (7, 1, 0));
    assert_eq!(left(&ticks("bitstamp-log", &["bitstamp.log"], btcusd, ReadOptions::default())), (4, 0, 0));
}
