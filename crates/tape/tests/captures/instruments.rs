use tickwright_types::Instrument;

/// Symbol, tick size and lot size, as the venue's own list of instruments says in the same capture.
type Grid = (&'static str, &'static str, &'static str);

const KRAKEN: &[Grid] = &[
    ("XMR/USD", "0.01", "0.00000001"),
    ("SC/EUR", "0.00001", "0.00000001"),
    ("ETH/CHF", "0.01", "0.00000001"),
    ("OCEAN/XBT", "0.00000001", "0.00000001"),
    ("GRT/ETH", "0.0000001", "0.00000001"),
];

const BITGET: &[Grid] = &[
    ("AVAXUSDT", "0.0001", "0.0001"),
    ("CULTUSDT", "0.00000001", "1"),
    ("EOSUSDT", "0.0001", "0.0001"),
    ("GOGUSDT", "0.0001", "0.0001"),
    ("HOTUSDT", "0.0000001", "0.0001"),
    ("STGUSDT", "0.001", "0.001"),
    ("SUNUSDT", "0.00001", "1"),
    ("VVSUSDT", "0.00000001", "0.0001"),
];

const BINANCE_FUTURES: &[Grid] = &[
    ("SUSHIUSDT", "0.0010", "1"),
    ("AKROUSDT", "0.00001", "1"),
    ("KEEPUSDT", "0.0001", "1"),
    // Its tick size is 0.001; the book still holds orders from when it was finer.
    ("CTKUSDT", "0.00001", "1"),
];

const COINBASE: &[Grid] = &[
    ("BAND-GBP", "0.0001", "0.01"),
    ("SKL-GBP", "0.0001", "0.1"),
    ("NU-GBP", "0.0001", "0.000001"),
    ("YFI-BTC", "0.00001", "0.000001"),
    ("SKL-BTC", "0.00000001", "0.1"),
    ("CRV-EUR", "0.0001", "0.01"),
    ("BAND-BTC", "0.00000001", "0.01"),
    ("DASH-BTC", "0.00000001", "0.001"),
    ("NMR-EUR", "0.0001", "0.001"),
    ("SKL-USD", "0.0001", "0.1"),
];

const BITMEX: &[Grid] = &[
    ("XRPU21", "0.00000001", "1"),
    ("UNIUSDT", "0.001", "1"),
    ("XBTUSD", "0.5", "100"),
    ("ADAUSDT", "0.00001", "1"),
    ("SOLUSDT", "0.001", "1"),
    ("TRXU21", "0.0000000001", "100"),
    ("EOSUSDT", "0.0005", "1"),
    ("TRXUSDT", "0.00001", "1"),
    ("BCHUSD", "0.05", "1"),
    ("MATICUSDT", "0.0001", "1"),
];

const KRAKEN_FUTURES: &[Grid] = &[
    ("FI_BCHUSD_210730", "0.1", "1"),
    ("FI_XBTUSD_210730", "0.5", "1"),
    ("FI_XBTUSD_210924", "0.5", "1"),
    ("PI_XRPUSD", "0.0001", "1"),
    ("FI_ETHUSD_210730", "0.05", "1"),
    ("PI_LTCUSD", "0.01", "1"),
    ("FI_BCHUSD_210924", "0.1", "1"),
    ("FI_ETHUSD_211231", "0.05", "1"),
    ("FI_XRPUSD_210924", "0.0001", "1"),
    ("PI_ETHUSD", "0.05", "1"),
];

const DERIBIT: &[Grid] = &[
    ("ETH-30JUL21-2800-C", "0.0005", "1"),
    ("ETH-27AUG21-4000-P", "0.0005", "1"),
    ("ETH-23JUL21-2300-C", "0.0005", "1"),
    ("BTC-31DEC21-34000-P", "0.0005", "0.1"),
    ("BTC-31DEC21-300000-C", "0.0005", "0.1"),
    ("BTC-30JUL21-24000-P", "0.0005", "0.1"),
    ("BTC-25MAR22-30000-C", "0.0005", "0.1"),
    ("BTC-24SEP21-8000-P", "0.0005", "0.1"),
    ("BTC-24SEP21-34000-P", "0.0005", "0.1"),
    ("BTC-24JUN22-15000-C", "0.0005", "0.1"),
];

/// The files and instruments of a reader's capture.
pub fn of(reader: &str) -> (&'static [&'static str], Vec<Instrument>) {
    let (files, grid): (&'static [&'static str], _) = match reader {
        "kraken-ws" => (&["KRAKEN.0.gz", "KRAKEN.ws.48.0.gz", "KRAKEN.ws.50.0.part-a.gz"], KRAKEN),
        "bitget-ws" => (&["BITGET.0.gz", "BITGET.ws.1.0.gz"], BITGET),
        "binance-futures-ws" => {
            (&["BINANCE_FUTURES.0.gz", "BINANCE_FUTURES.http.0.0.gz", "BINANCE_FUTURES.ws.1.0.gz"], BINANCE_FUTURES)
        }
        "coinbase-ws" => (&["COINBASE.0.gz", "COINBASE.ws.28.0.gz"], COINBASE),
        "bitmex-ws" => (&["BITMEX.0.gz", "BITMEX.ws.1.0.gz"], BITMEX),
        "kraken-futures-ws" => (&["KRAKEN_FUTURES.0.gz", "KRAKEN_FUTURES.ws.1.0.gz"], KRAKEN_FUTURES),
        "deribit-ws" => (&["DERIBIT.0.gz", "DERIBIT.ws.1.0.gz"], DERIBIT),
        other => panic!("no capture of {other}"),
    };
    (files, grid.iter().map(|grid| instrument(*grid)).collect())
}

pub fn instrument((symbol, tick, lot): Grid) -> Instrument {
    let id = symbol.replace('/', "-");
    let text = format!(
        r#"{{"id":"{id}","venue":"v","symbol":"{symbol}","kind":"spot","tick_size":"{tick}","lot_size":"{lot}",
            "base":"B","quote":"Q","settlement":"Q"}}"#
    );
    serde_json::from_str(&text).unwrap()
}
