//! Four years of a share against averages that a table library made of them. The table has no stated licence and does
//! not ship: it is read from the folder in `TICKWRIGHT_TEST_DATA`.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{stderr, Read, Write};
use std::path::Path;

use flate2::read::GzDecoder;
use tickwright_indicators::{Atr, Ema, Sma};

/// The table's columns by name, or `None`, said aloud, where there is no such folder.
fn table() -> Option<BTreeMap<String, Vec<f64>>> {
    let name = "ohlcv/AAPL_1d_with_indicators.csv.gz";
    let Ok(folder) = std::env::var("TICKWRIGHT_TEST_DATA") else {
        // Not `println!`, which the test harness swallows when a test passes.
        let said = writeln!(stderr(), "SKIPPED: {name} does not ship and TICKWRIGHT_TEST_DATA is not set");
        said.expect("standard error takes a line");
        return None;
    };
    let mut text = String::new();
    GzDecoder::new(File::open(Path::new(&folder).join(name)).unwrap()).read_to_string(&mut text).unwrap();
    let mut lines = text.lines();
    let names: Vec<&str> = lines.next().unwrap().split(',').collect();
    let mut columns: BTreeMap<String, Vec<f64>> = names.iter().map(|&name| (name.to_owned(), Vec::new())).collect();
    for line in lines {
        for (&name, cell) in names.iter().zip(line.split(',')) {
            columns.get_mut(name).unwrap().push(cell.parse().unwrap_or(f64::NAN));
        }
    }
    assert_eq!(columns["close"].len(), 1_036);
    Some(columns)
}

#[test]
fn an_sma_is_the_published_one_to_the_last_digit_from_its_period_on() {
    let Some(columns) = table() else { return };
    for period in [5, 10, 20, 50, 200] {
        let mut sma = Sma::period(period).unwrap();
        let published = &columns[&format!("sma_{period}")];
        let mut compared = 0;
        for (close, published) in columns["close"].iter().zip(published) {
            sma.update(*close);
            let Some(value) = sma.value() else { continue };
            assert!((value - published).abs() <= 4e-16 * published, "sma {period}: {value} is not {published}");
            compared += 1;
        }
        assert_eq!(compared, 1_036 - period as usize + 1);
    }
}

#[test]
fn a_mean_of_true_ranges_is_the_published_one() {
    let Some(columns) = table() else { return };
    for period in [5, 10, 20] {
        // An average over one bar is the true range of the bar.
        let (mut range, mut mean) = (Atr::wilder(1).unwrap(), Sma::period(period).unwrap());
        let published = &columns[&format!("atr_{period}")];
        let mut compared = 0;
        for (at, published) in published.iter().enumerate() {
            range.update(columns["high"][at], columns["low"][at], columns["close"][at]);
            // The first bar has no close before it here, and had one there.
            if at > 0 {
                mean.update(range.raw());
            }
            let Some(value) = mean.value() else { continue };
            assert!((value - published).abs() <= 5e-14 * published, "atr {period}: {value} is not {published}");
            compared += 1;
        }
        assert_eq!(compared, 1_036 - period as usize);
    }
}

#[test]
fn an_ema_comes_to_the_published_one_once_it_forgot_where_it_started() {
    let Some(columns) = table() else { return };
    for period in [5, 10, 20] {
        let mut ema = Ema::period(period).unwrap();
        let published = &columns[&format!("ema_{period}")];
        for (at, (close, published)) in columns["close"].iter().zip(published).enumerate() {
            ema.update(*close);
            if at >= 16 * period as usize {
                let value = ema.raw();
                assert!((value - published).abs() <= 4e-10, "ema {period} at {at}: {value} is not {published}");
            }
        }
    }
}
