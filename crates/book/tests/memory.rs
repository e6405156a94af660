//! What a book allocates: nothing once it is warm, and little for absurd prices. Counted by an allocator of its own.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use tickwright_book::{BookMonitor, L2Book, L3Book};
use tickwright_types::Rng;

struct Counting;

thread_local! {
    static COUNT_AND_BYTES: Cell<(usize, usize)> = const { Cell::new((0, 0)) };
}

fn note(bytes: usize) {
    COUNT_AND_BYTES.with(|cell| cell.set((cell.get().0 + 1, cell.get().1 + bytes)));
}

// SAFETY: every call goes on to the system's allocator unchanged; counting touches a cell of this thread only.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        note(layout.size());
        // SAFETY: the caller's promises are passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        note(layout.size());
        // SAFETY: the caller's promises are passed on.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        // SAFETY: the caller's promises are passed on.
        unsafe { System.dealloc(at, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn counted(work: impl FnOnce()) -> (usize, usize) {
    let before = COUNT_AND_BYTES.get();
    work();
    let after = COUNT_AND_BYTES.get();
    (after.0 - before.0, after.1 - before.1)
}

/// Updates, queries, messages and snapshots around 618 000, down to 30 000 ticks away.
fn trade_on(book: &mut L2Book, monitor: &mut BookMonitor, rng: &mut Rng) {
    let mut best = [(0, 0); 10];
    for n in 0..20_000i64 {
        let side = rng.up_to(1) as usize;
        let distance = if rng.up_to(3) == 0 { rng.up_to(30_000) } else { rng.up_to(50) } as i64;
        let price_ticks = 618_000 - (1 - 2 * side as i64) * (1 + distance);
        book.apply_level(side, price_ticks, rng.up_to(4) as i64);
        if n % 4_000 == 0 {
            book.snapshot_begin();
            monitor.on_snapshot_begin();
            for level in 0..1_000 {
                book.snapshot_level(0, 617_999 - level, 5);
                book.snapshot_level(1, 618_001 + level, 5);
            }
            book.snapshot_end();
            monitor.on_snapshot_end(n, n as u64);
        }
        monitor.on_last(n, n as u64, book.best_price(0), book.best_price(1));
        book.depth_into(side, &mut best);
        book.fill_cost(side, 100);
        book.imbalance(5);
        book.cumulative_to(side, price_ticks);
    }
}

#[test]
fn a_warm_book_allocates_nothing() {
    let (mut book, mut monitor, mut rng) = (L2Book::default(), BookMonitor::default(), Rng::new(1));
    trade_on(&mut book, &mut monitor, &mut rng);
    let (count, bytes) = counted(|| trade_on(&mut book, &mut monitor, &mut rng));
    assert_eq!((count, bytes), (0, 0));
}

/// Orders come, change, trade and go, up to 4 000 at a time around 480 000, and all are gone in the end.
fn queue_up(book: &mut L3Book, rng: &mut Rng) {
    for n in 0..40_000u64 {
        let side = rng.up_to(1) as usize;
        let price_ticks = 480_000 - (1 - 2 * side as i64) * (1 + rng.up_to(3_000) as i64);
        let _ = book.add(n, side, price_ticks, 1 + rng.up_to(9) as i64);
        let _ = book.modify(n.saturating_sub(rng.up_to(4_000)), price_ticks, 1 + rng.up_to(9) as i64);
        let _ = book.cancel(n.saturating_sub(rng.up_to(4_000)), 1);
        let _ = book.delete(n.wrapping_sub(4_000));
        book.take(side, price_ticks, 3, |fill| assert!(fill.size_lots > 0));
        book.lots_ahead(n);
    }
    book.clear();
}

#[test]
fn a_warm_book_by_order_allocates_nothing() {
    let mut book = L3Book::default();
    queue_up(&mut book, &mut Rng::new(3));
    let (count, bytes) = counted(|| queue_up(&mut book, &mut Rng::new(3)));
    assert_eq!((count, bytes), (0, 0));
    assert!(book.counts().unknown > 0);
}

#[test]
fn a_new_book_takes_no_memory_before_its_first_level() {
    assert_eq!(counted(|| drop((L2Book::default(), L3Book::default()))), (0, 0));
}

#[test]
fn absurd_prices_take_at_most_one_longest_band_a_side() {
    let (_, bytes) = counted(|| {
        let mut book = L2Book::default();
        let mut rng = Rng::new(2);
        for _ in 0..2_000 {
            book.apply_level(rng.up_to(1) as usize, rng.next_u64() as i64, 1);
            book.apply_level(rng.up_to(1) as usize, 1 << 53, rng.up_to(1) as i64);
            book.apply_level(rng.up_to(1) as usize, -(1 << 53), rng.up_to(1) as i64);
        }
    });
    assert!(bytes < 80 << 20, "{bytes} bytes");
}

#[test]
fn a_touch_that_walks_for_ever_keeps_to_the_band_it_has() {
    let mut book = L2Book::default();
    let mut walk = |steps: std::ops::Range<i64>| {
        for step in steps {
            let centre = 618_000 + step * 40;
            for depth in 1..=5 {
                book.apply_level(0, centre - depth, 1);
                book.apply_level(0, centre - 40 - depth, 0);
            }
        }
    };
    walk(0..10_000);
    // What is left are the few nodes of the ordered map that wait for the band to follow.
    let (_, bytes) = counted(|| walk(10_000..100_000));
    assert!(bytes < 100 << 10, "{bytes} bytes over 3 600 000 ticks");
}
