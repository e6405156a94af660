//! What a book by price level promises, rule by rule.

use tickwright_book::{Applied, BookConfig, FillCost, L2Book, NO_ASK, NO_BID};

const BID: usize = 0;
const ASK: usize = 1;

/// Bids 618 001 × 2 507 and 618 000 × 900, asks 618 002 × 40 and 618 005 × 7.
fn book() -> L2Book {
    let mut book = L2Book::default();
    for (side, price_ticks, size_lots) in
        [(BID, 618_000, 900), (BID, 618_001, 2_507), (ASK, 618_005, 7), (ASK, 618_002, 40)]
    {
        book.apply_level(side, price_ticks, size_lots);
    }
    book
}

fn tops(book: &L2Book) -> [(i64, i64); 2] {
    [BID, ASK].map(|side| (book.best_price(side), book.best_size(side)))
}

#[test]
fn an_empty_book_has_no_best_prices_and_answers_no_question() {
    let book = L2Book::default();
    assert_eq!(tops(&book), [(NO_BID, 0), (NO_ASK, 0)]);
    assert_eq!((book.spread_ticks(), book.microprice(), book.imbalance(5)), (None, None, None));
    assert_eq!((book.fill_cost(ASK, 1), book.cumulative_to(BID, 0), book.level_count(BID)), (None, 0, 0));
    assert_eq!(book.levels(BID).next(), None);
}

#[test]
fn the_same_size_again_changes_nothing() {
    let mut book = book();
    assert_eq!(book.apply_level(BID, 618_001, 2_507), Applied { old_lots: 2_507, best_changed: false });
}

#[test]
fn another_size_at_the_touch_is_a_change_of_the_best() {
    let mut book = book();
    assert_eq!(book.apply_level(ASK, 618_002, 41), Applied { old_lots: 40, best_changed: true });
    assert_eq!(book.apply_level(ASK, 618_005, 8), Applied { old_lots: 7, best_changed: false });
}

#[test]
fn deleting_a_level_that_is_not_there_changes_nothing() {
    let mut book = book();
    for price_ticks in [618_002, 617_999, 1, -5, i64::MAX] {
        assert_eq!(book.apply_level(BID, price_ticks, 0), Applied { old_lots: 0, best_changed: false });
    }
    assert_eq!(book, self::book());
}

#[test]
fn a_negative_size_deletes() {
    let mut book = book();
    assert_eq!(book.apply_level(BID, 618_001, -3), Applied { old_lots: 2_507, best_changed: true });
    assert_eq!(tops(&book)[BID], (618_000, 900));
}

#[test]
fn deleting_the_best_level_uncovers_the_next_across_any_distance() {
    let mut book = L2Book::default();
    let prices = [5_000_000_000, 618_000, 617_990, 600_000, 500_000, 12, -7_000_000];
    for (n, &price_ticks) in prices.iter().enumerate() {
        book.apply_level(BID, price_ticks, n as i64 + 1);
    }
    for (n, &price_ticks) in prices.iter().enumerate() {
        assert_eq!(tops(&book)[BID], (price_ticks, n as i64 + 1));
        book.apply_level(BID, price_ticks, 0);
    }
    assert_eq!(tops(&book)[BID], (NO_BID, 0));
}

#[test]
fn prices_at_the_ends_of_the_number_range_are_levels_like_any_other() {
    let mut book = L2Book::default();
    let exact = 1i64 << 53;
    let prices = [exact, -exact, i64::MAX - 1, i64::MIN + 1, 0];
    for side in [BID, ASK] {
        for &price_ticks in &prices {
            book.apply_level(side, price_ticks, 3);
        }
    }
    assert_eq!((book.best_price(BID), book.best_price(ASK)), (i64::MAX - 1, i64::MIN + 1));
    assert_eq!((book.level_count(BID), book.level_count(ASK)), (5, 5));
    assert_eq!(book.spread_ticks(), Some(i64::MIN));
}

#[test]
fn the_two_prices_that_mean_no_price_are_ignored() {
    let mut book = book();
    assert_eq!(book.apply_level(BID, NO_BID, 5), Applied { old_lots: 0, best_changed: false });
    assert_eq!(book.apply_level(ASK, NO_ASK, 5), Applied { old_lots: 0, best_changed: false });
    assert_eq!(book, self::book());
}

#[test]
fn a_snapshot_replaces_everything_at_its_end_and_nothing_before() {
    let mut book = book();
    book.snapshot_begin();
    book.snapshot_level(BID, 700_000, 1);
    book.snapshot_level(ASK, 700_010, 2);
    assert_eq!(book, {
        let mut same = self::book();
        same.snapshot_begin();
        same.snapshot_level(BID, 700_000, 1);
        same.snapshot_level(ASK, 700_010, 2);
        same
    });
    assert_eq!(tops(&book), tops(&self::book()));
    assert!(book.snapshot_end());
    assert_eq!(tops(&book), [(700_000, 1), (700_010, 2)]);
    assert_eq!((book.level_count(BID), book.level_count(ASK)), (1, 1));
}

#[test]
fn a_change_during_a_snapshot_shows_at_once_and_is_gone_at_the_end() {
    let mut book = book();
    book.snapshot_begin();
    book.snapshot_level(BID, 618_000, 1);
    book.apply_level(BID, 618_001, 99);
    assert_eq!(tops(&book)[BID], (618_001, 99));
    book.snapshot_end();
    assert_eq!(tops(&book), [(618_000, 1), (NO_ASK, 0)]);
}

#[test]
fn a_second_beginning_drops_the_snapshot_under_way() {
    let mut book = book();
    book.snapshot_begin();
    book.snapshot_level(BID, 1, 1);
    book.snapshot_begin();
    book.snapshot_level(BID, 2, 2);
    book.snapshot_end();
    assert_eq!(book.levels(BID).collect::<Vec<_>>(), [(2, 2)]);
}

#[test]
fn an_end_without_a_beginning_changes_nothing() {
    let mut book = book();
    book.snapshot_level(BID, 1, 1);
    assert!(!book.snapshot_end());
    assert_eq!(book, self::book());
}

#[test]
fn a_snapshot_with_the_same_top_changes_no_best() {
    let mut book = book();
    book.snapshot_begin();
    book.snapshot_level(BID, 618_001, 2_507);
    book.snapshot_level(ASK, 618_002, 40);
    assert!(!book.snapshot_end());
    assert_eq!(book.level_count(BID), 1);
}

#[test]
fn the_questions_of_a_trader_are_answered_exactly() {
    let book = book();
    assert_eq!(book.spread_ticks(), Some(1));
    // 618 001 + 1 × 2 507 / (2 507 + 40): far more is bid than offered, so the price leans to the ask.
    assert_eq!(book.microprice(), Some(618_001.0 + 2_507.0 / 2_547.0));
    assert_eq!(book.imbalance(1), Some(f64::from(2_507 - 40) / f64::from(2_507 + 40)));
    assert_eq!(book.imbalance(2), Some(f64::from(3_407 - 47) / f64::from(3_407 + 47)));
    assert_eq!((book.cumulative_to(BID, 618_000), book.cumulative_to(BID, 618_002)), (3_407, 0));
    let buy_42 = FillCost { ticks_times_lots: 618_002 * 40 + 618_005 * 2, worst_price_ticks: 618_005, filled_lots: 42 };
    assert_eq!(book.fill_cost(ASK, 42), Some(buy_42));
    let all = FillCost { ticks_times_lots: 618_002 * 40 + 618_005 * 7, worst_price_ticks: 618_005, filled_lots: 47 };
    assert_eq!(book.fill_cost(ASK, 1_000), Some(all));
}

#[test]
fn a_finer_tick_moves_every_level_to_its_new_number() {
    let mut book = book();
    book.snapshot_begin();
    book.snapshot_level(ASK, 5, 1);
    book.rescale(10, 1).unwrap();
    assert_eq!(book.levels(BID).collect::<Vec<_>>(), [(6_180_010, 2_507), (6_180_000, 900)]);
    assert_eq!(tops(&book)[ASK], (6_180_020, 40));
    book.snapshot_end();
    assert_eq!(tops(&book), [(NO_BID, 0), (50, 1)]);
}

#[test]
fn a_coarser_tick_refuses_levels_off_its_grid_and_leaves_the_book() {
    let mut book = book();
    let error = book.rescale(1, 10).unwrap_err();
    assert_eq!(error.code(), "E_BOOK_OFF_NEW_GRID");
    assert!(error.to_string().contains("bid level at 618001 ticks times 1/10"), "{error}");
    assert_eq!(book, self::book());
    assert_eq!(book.rescale(i64::MAX, 1).unwrap_err().code(), "E_BOOK_OFF_NEW_GRID");
    assert_eq!(book.rescale(0, 1).unwrap_err().code(), "E_BOOK_SCALE");
    assert_eq!(book.rescale(1, -1).unwrap_err().code(), "E_BOOK_SCALE");
}

#[test]
fn lengths_of_bands_are_rounded_and_bounded() {
    let config =
        |initial_band_ticks, max_band_ticks| L2Book::new(BookConfig { initial_band_ticks, max_band_ticks }).config();
    assert_eq!(config(5_000, 70_000), BookConfig { initial_band_ticks: 1 << 13, max_band_ticks: 1 << 17 });
    assert_eq!(config(u32::MAX, 0), BookConfig { initial_band_ticks: 1 << 12, max_band_ticks: 1 << 12 });
    assert_eq!(config(0, u32::MAX), BookConfig { initial_band_ticks: 1 << 12, max_band_ticks: 1 << 24 });
}
