use super::{binance_futures, bitget, bitmex, coinbase, deribit, kraken, kraken_futures};
use crate::readers::Reader;

pub(in crate::readers) const KRAKEN: Reader = Reader {
    name: "kraken-ws",
    about: "Kraken spot websocket v1 and v2 (book, trade) as captured lines; checksums verified",
    example: "--instrument tests/data/instruments/BTCUSD.yaml --out book.tape.parquet tests/data/samples/kraken-ws.txt",
    needs: &[],
    takes: &[],
    read: kraken::read,
};

pub(in crate::readers) const BITGET: Reader = Reader {
    name: "bitget-ws",
    about: "Bitget websocket v1 and v2 (books, trade) as captured lines; checksums verified",
    example: "--instrument BTCUSDT --out book.tape.parquet tests/data/samples/bitget-ws.txt",
    needs: &[],
    takes: &[],
    read: bitget::read,
};

pub(in crate::readers) const OKX: Reader = Reader {
    name: "okx-ws",
    about: "OKX websocket v5 (books, trades) as captured lines; checksums verified",
    example: "--instrument tests/data/instruments/BTC-USDT.yaml --out book.tape.parquet tests/data/samples/okx-ws.txt",
    needs: &[],
    takes: &[],
    read: bitget::read_okx,
};

pub(in crate::readers) const BINANCE_FUTURES: Reader = Reader {
    name: "binance-futures-ws",
    about: "Binance futures streams (depth, bookTicker, aggTrade, trade) and REST snapshots as captured lines",
    example: "--instrument BTCUSDT-PERP --out book.tape.parquet tests/data/samples/binance-futures-ws.txt",
    needs: &[],
    takes: &[],
    read: binance_futures::read,
};

pub(in crate::readers) const COINBASE: Reader = Reader {
    name: "coinbase-ws",
    about: "Coinbase Exchange websocket (level2, match) as captured lines",
    example:
        "--instrument tests/data/instruments/BTC-USD.yaml --out book.tape.parquet tests/data/samples/coinbase-ws.txt",
    needs: &[],
    takes: &[],
    read: coinbase::read,
};

pub(in crate::readers) const BITMEX: Reader = Reader {
    name: "bitmex-ws",
    about: "BitMEX websocket (orderBookL2, trade, quote) as captured lines",
    example: "--instrument tests/data/instruments/XBTUSD.yaml --out book.tape.parquet tests/data/samples/bitmex-ws.txt",
    needs: &[],
    takes: &[],
    read: bitmex::read,
};

pub(in crate::readers) const KRAKEN_FUTURES: Reader = Reader {
    name: "kraken-futures-ws",
    about: "Kraken Futures websocket v1 (book, trade) as captured lines",
    example: "--instrument tests/data/instruments/PI_XBTUSD.yaml --out book.tape.parquet tests/data/samples/kraken-futures-ws.txt",
    needs: &[],
    takes: &[],
    read: kraken_futures::read,
};

pub(in crate::readers) const DERIBIT: Reader = Reader {
    name: "deribit-ws",
    about: "Deribit websocket (book, trades) as captured lines",
    example: "--instrument tests/data/instruments/BTC-PERPETUAL.yaml --out book.tape.parquet tests/data/samples/deribit-ws.txt",
    needs: &[],
    takes: &[],
    read: deribit::read,
};
