//! Holds every queue model against the true fate of recorded orders and prints the table of `docs/fill-models.md`.
//!
//! `cargo run --release -p tickwright-tape --example queue_truth -- esh4-glbx-mdp3-20231225.mbo.dbn.zst`

mod measure;

use std::path::PathBuf;

use measure::{esh4, measure, read, LevelsAfter, Report, Row, OPEN_NS};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let Some(file) = std::env::args().nth(1) else {
        return Err("give the file of the recorded day, DBN of schema mbo".into());
    };
    let ticks = read(PathBuf::from(file));
    for levels in [LevelsAfter::Event, LevelsAfter::Record] {
        println!("Levels after each {levels:?}\n");
        print(&measure(&ticks, &esh4(), OPEN_NS, levels));
    }
    Ok(())
}

fn print(report: &Report) {
    let Report { orders, whole, partly, unfilled, filled_lots, .. } = report;
    println!("{orders} orders: {whole} filled whole, {partly} in part, {unfilled} not; {filled_lots} lots filled\n");
    println!("| queue model | early | same event | later | never | false | missing | extra | median | p90 |");
    println!("| --- | --: | --: | --: | --: | --: | --: | --: | --: | --: |");
    for row in &report.rows {
        let Row { model, early, same, late, never, false_fills, missing_lots, extra_lots, median_ns, p90_ns } = row;
        println!(
            "| {model} | {early} | {same} | {late} | {never} | {false_fills} | {missing_lots} | {extra_lots} | {} | {} |",
            millis(*median_ns),
            millis(*p90_ns)
        );
    }
    println!();
}

fn millis(ns: Option<i64>) -> String {
    ns.map_or("never".to_owned(), |ns| format!("{:.3} ms", ns as f64 / 1e6))
}
