use super::options::{BAR, BAR_OF, BAR_TIME, DATE, OFF_GRID, QUOTE_SIZE, TIME_UNIT, TZ};
use super::{
    binance_raw, binance_rest, binance_trades, bitstamp, capture, databento, freqtrade_trades, hftbacktest, lean,
    lobster, ohlcv, tardis, truefx, Reader,
};

/// Every format that can be read, by name.
pub const READERS: &[Reader] = &[
    Reader {
        name: "binance-raw",
        about: "Binance combined streams (depth, bookTicker, trade) and REST snapshot, `<receive ns> <JSON>` a line, \
                gzip or plain",
        example: "--instrument BTCUSDT-PERP --out btc.tape.parquet tests/data/binance-l2-raw/usdm_btcusdt_20240808.gz",
        needs: &[],
        takes: &[],
        read: binance_raw::read,
    },
    Reader {
        name: "binance-aggtrades",
        about:
            "Binance aggregate trades: published CSV (plain, gzip, zip; with or without header) or JSON, one instrument",
        example:
            "--instrument BTCUSDT --time-unit ms --out trades.tape.parquet tests/data/samples/binance-aggtrades.csv",
        needs: &[&TIME_UNIT],
        takes: &[],
        read: binance_trades::read_aggregate,
    },
    Reader {
        name: "binance-trades",
        about: "Binance trades: published CSV (plain, gzip, zip; with or without header) or JSON, one instrument",
        example: "--instrument BTCUSDT --time-unit us --out trades.tape.parquet tests/data/samples/binance-trades.csv",
        needs: &[&TIME_UNIT],
        takes: &[],
        read: binance_trades::read_single,
    },
    Reader {
        name: "binance-rest",
        about: "Binance depth as saved JSON: REST snapshots and arrays of depth updates, in order; one instrument",
        example: "--instrument BTCUSDT --out book.tape.parquet tests/data/samples/binance-rest-snapshot.json \
                  tests/data/samples/binance-rest-updates.json",
        needs: &[],
        takes: &[],
        read: binance_rest::read,
    },
    Reader {
        name: "freqtrade-trades",
        about: "freqtrade trade lists: JSON arrays or CSV with header, one instrument",
        example: "--instrument BTCUSDT --out trades.tape.parquet tests/data/samples/freqtrade-trades.json",
        needs: &[],
        takes: &[],
        read: freqtrade_trades::read,
    },
    Reader {
        name: "ohlcv",
        about: "bars: CSV with a header (time, open, high, low, close, volume) or JSON arrays, one instrument",
        example: "--instrument BTCUSDT --time-unit ms --bar 1m --bar-time open --out bars.tape.parquet \
                  tests/data/ohlcv/binance_btcusdt_1m_2026-04.csv.gz",
        needs: &[&BAR, &BAR_TIME],
        takes: &[&TZ, &TIME_UNIT, &BAR_OF, &OFF_GRID],
        read: ohlcv::read,
    },
    Reader {
        name: "truefx",
        about: "TrueFX quotes: CSV as published or with the header timestamp,bid,ask, one instrument",
        example: "--instrument tests/data/instruments/USDJPY.yaml --quote-size 1000000 --out quotes.tape.parquet \
                  tests/data/samples/truefx.csv",
        needs: &[&QUOTE_SIZE],
        takes: &[&TZ],
        read: truefx::read,
    },
    Reader {
        name: "lean",
        about: "LEAN bars and ticks of equities, forex, futures and crypto (zip or CSV), one instrument",
        example: "--instrument tests/data/instruments/EURUSD.yaml --tz=-05:00 --out bars.tape.parquet \
                  tests/data/lean/forex-fxcm/minute/eurusd/20140501_quote.zip",
        needs: &[&TZ],
        takes: &[&BAR, &QUOTE_SIZE],
        read: lean::read,
    },
    Reader {
        name: "tardis-book",
        about: "tardis.dev books: CSV incremental_book_L2 or book_snapshot_N",
        example: "--instrument BTCUSDT --out book.tape.parquet tests/data/samples/tardis-book.csv",
        needs: &[],
        takes: &[],
        read: tardis::read_book,
    },
    Reader {
        name: "tardis-trades",
        about: "tardis.dev trades: CSV",
        example: "--instrument BTCUSDT --out trades.tape.parquet tests/data/samples/tardis-trades.csv",
        needs: &[],
        takes: &[],
        read: tardis::read_trades,
    },
    Reader {
        name: "tardis-quotes",
        about: "tardis.dev best quotes: CSV",
        example: "--instrument BTCUSDT --out quotes.tape.parquet tests/data/samples/tardis-quotes.csv",
        needs: &[],
        takes: &[],
        read: tardis::read_quotes,
    },
    Reader {
        name: "hftbacktest",
        about: "hftbacktest v2 event arrays (.npz), one instrument",
        example: "--instrument BTCUSDT-PERP --out btc.tape.parquet tests/data/samples/hftbacktest.npz",
        needs: &[],
        takes: &[],
        read: hftbacktest::read,
    },
    Reader {
        name: "bitstamp-log",
        about: "Bitstamp order messages and trades, `<receive ms> <kind> <JSON>` a line, gzip or plain, one instrument",
        example: "--instrument tests/data/instruments/BTCUSD-BITSTAMP.yaml --out orders.tape.parquet \
                  tests/data/samples/bitstamp.log",
        needs: &[],
        takes: &[],
        read: bitstamp::read_log,
    },
    Reader {
        name: "bitstamp-orders",
        about: "Bitstamp order events as CSV (id, timestamp, exchange.timestamp, price, volume, action, direction), one \
                instrument",
        example: "--instrument tests/data/instruments/BTCUSD-BITSTAMP.yaml --out orders.tape.parquet \
                  tests/data/samples/bitstamp-orders.csv",
        needs: &[],
        takes: &[],
        read: bitstamp::read_orders,
    },
    Reader {
        name: "databento",
        about: "Databento DBN 1 to 3, plain or zstd: mbo, mbp-1, trades, ohlcv; a definition checks the instrument",
        example: "--instrument tests/data/instruments/ESH4.yaml --out esh4.tape.parquet tests/data/samples/databento.dbn",
        needs: &[],
        takes: &[],
        read: databento::read,
    },
    Reader {
        name: "lobster",
        about: "LOBSTER messages, and with them the file of books: orders, trades and the best quotes after each message",
        example: "--instrument tests/data/instruments/AMZN.yaml --date 2012-06-21 --tz America/New_York \
                  --out amzn.tape.parquet tests/data/samples/lobster-message.csv tests/data/samples/lobster-orderbook.csv",
        needs: &[&DATE, &TZ],
        takes: &[],
        read: lobster::read,
    },
    capture::KRAKEN,
    capture::BITGET,
    capture::OKX,
    capture::BINANCE_FUTURES,
    capture::COINBASE,
    capture::BITMEX,
    capture::KRAKEN_FUTURES,
    capture::DERIBIT,
];
