use tickwright_book::{L2Book, NO_ASK, NO_BID};
use tickwright_types::{Tick, TickKind};

use super::raw::Numbers;
use super::slab::Slab;
use super::{bad_argument, cell, shown, whole, Done};
use crate::raw::Raised;

type Books = Slab<L2Book>;

/// The side in the first argument.
#[inline(always)]
fn side_of(cells: Numbers<'_>) -> usize {
    usize::from(cells.get(cell::ARGS) != 0.0)
}

/// Two whole numbers after the side; the classes in front have checked them, anything else is cut.
#[inline(always)]
fn whole_pair(cells: Numbers<'_>) -> (i64, i64) {
    (cells.get(cell::ARGS + 1) as i64, cells.get(cell::ARGS + 2) as i64)
}

/// Sets a level to a new size and leaves the top.
#[inline(always)]
pub(super) fn apply_level(books: &mut Books, cells: Numbers<'_>) -> Done {
    let (side, (price_ticks, size_lots)) = (side_of(cells), whole_pair(cells));
    books.with(cells.handle(), |book| {
        book.apply_level(side, price_ticks, size_lots);
        write_top(book, cells);
        Ok(())
    })
}

/// Leaves best prices and sizes.
#[inline(always)]
pub(super) fn top(books: &mut Books, cells: Numbers<'_>) -> Done {
    books.with(cells.handle(), |book| {
        write_top(book, cells);
        Ok(())
    })
}

/// Applies what records of one instrument say of its book, leaves how many they were and the top.
pub(super) fn apply_ticks(books: &mut Books, cells: Numbers<'_>, ticks: &[Tick]) -> Done {
    let instrument = whole("instrument", cells.get(cell::ARGS))?;
    books.with(cells.handle(), |book| {
        let mut applied = 0u32;
        for (index, tick) in ticks.iter().enumerate().filter(|(_, tick)| i64::from(tick.instrument) == instrument) {
            applied += u32::from(apply(book, tick, index)?);
        }
        cells.set(cell::RESULTS, f64::from(applied));
        write_top(book, cells);
        Ok(())
    })
}

#[inline(always)]
fn apply(book: &mut L2Book, tick: &Tick, index: usize) -> Result<bool, Raised> {
    match tick.kind() {
        Some(TickKind::BookDelta) => {
            book.apply_level(side_of_tick(tick, index)?, tick.price_ticks, tick.size_lots);
        }
        Some(TickKind::SnapshotBegin) => book.snapshot_begin(),
        Some(TickKind::SnapshotLevel) => {
            book.snapshot_level(side_of_tick(tick, index)?, tick.price_ticks, tick.size_lots);
        }
        Some(TickKind::SnapshotEnd) => {
            book.snapshot_end();
        }
        Some(TickKind::BookClear) => book.clear(),
        _ => return Ok(false),
    }
    Ok(true)
}

#[inline(always)]
fn side_of_tick(tick: &Tick, index: usize) -> Result<usize, Raised> {
    match tick.side {
        side @ 0..=1 => Ok(usize::from(side)),
        side => Err(without_side(index, side)),
    }
}

#[cold]
fn without_side(index: usize, side: u8) -> Raised {
    let message =
        format!("record {index} is a level with the side {side}: 0 is bid, 1 is ask; those before it are applied");
    Raised { code: "E_TICK_RECORD", message }
}

/// Replaces the whole book by columns of bids and asks, price and size in turn, and leaves the top.
pub(super) fn snapshot(books: &mut Books, cells: Numbers<'_>, sides: [Numbers<'_>; 2]) -> Done {
    for levels in sides {
        if levels.len() % 2 != 0 {
            return Err(bad_argument(format!("{} numbers are no pairs of price and size", levels.len())));
        }
        for i in 0..levels.len() {
            whole(if i % 2 == 0 { "a price in ticks" } else { "a size in lots" }, levels.get(i))?;
        }
    }
    books.with(cells.handle(), |book| {
        book.snapshot_begin();
        for (side, levels) in sides.into_iter().enumerate() {
            for i in (0..levels.len()).step_by(2) {
                book.snapshot_level(side, levels.get(i) as i64, levels.get(i + 1) as i64);
            }
        }
        book.snapshot_end();
        write_top(book, cells);
        Ok(())
    })
}

/// Leaves the size at one price.
#[inline(always)]
pub(super) fn size_at(books: &mut Books, cells: Numbers<'_>) -> Done {
    let (side, (price_ticks, _)) = (side_of(cells), whole_pair(cells));
    result(books, cells, |book| book.size_at(side, price_ticks) as f64)
}

/// Leaves the size from the best price to one price, that one included.
pub(super) fn cumulative_to(books: &mut Books, cells: Numbers<'_>) -> Done {
    let (side, (price_ticks, _)) = (side_of(cells), whole_pair(cells));
    result(books, cells, |book| book.cumulative_to(side, price_ticks) as f64)
}

/// Leaves average price, worst price and filled size of a walk through a side; a filled size of 0 for none.
pub(super) fn fill_cost(books: &mut Books, cells: Numbers<'_>) -> Done {
    let (side, (size_lots, _)) = (side_of(cells), whole_pair(cells));
    books.with(cells.handle(), |book| {
        let cost = book.fill_cost(side, size_lots);
        cells.set(cell::RESULTS, shown(cost.map(|cost| cost.vwap_ticks())));
        cells.set(cell::RESULTS + 1, shown(cost.map(|cost| cost.worst_price_ticks as f64)));
        cells.set(cell::RESULTS + 2, cost.map_or(0.0, |cost| cost.filled_lots as f64));
        Ok(())
    })
}

/// Leaves the imbalance of the best levels, as many as the first argument says.
pub(super) fn imbalance(books: &mut Books, cells: Numbers<'_>) -> Done {
    let levels = cells.get(cell::ARGS) as usize;
    result(books, cells, |book| shown(book.imbalance(levels)))
}

/// Leaves the microprice in ticks.
pub(super) fn microprice(books: &mut Books, cells: Numbers<'_>) -> Done {
    result(books, cells, |book| shown(book.microprice()))
}

/// Leaves how many levels a side has.
pub(super) fn level_count(books: &mut Books, cells: Numbers<'_>) -> Done {
    let side = side_of(cells);
    result(books, cells, |book| book.level_count(side) as f64)
}

/// Writes levels, best first, price and size in turn, as many as fit, and leaves how many.
pub(super) fn levels(books: &mut Books, cells: Numbers<'_>, out: Numbers<'_>) -> Done {
    let side = side_of(cells);
    books.with(cells.handle(), |book| {
        let mut written = 0;
        for (price_ticks, size_lots) in book.depth(side, out.len() / 2) {
            out.set(2 * written, price_ticks as f64);
            out.set(2 * written + 1, size_lots as f64);
            written += 1;
        }
        cells.set(cell::RESULTS, written as f64);
        Ok(())
    })
}

/// Removes every level and leaves the top.
pub(super) fn clear(books: &mut Books, cells: Numbers<'_>) -> Done {
    books.with(cells.handle(), |book| {
        book.clear();
        write_top(book, cells);
        Ok(())
    })
}

#[inline(always)]
fn result(books: &mut Books, cells: Numbers<'_>, read: impl FnOnce(&L2Book) -> f64) -> Done {
    let value = books.with(cells.handle(), |book| Ok(read(book)))?;
    cells.set(cell::RESULTS, value);
    Ok(())
}

#[inline(always)]
fn write_top(book: &L2Book, cells: Numbers<'_>) {
    let (bid, ask) = (book.best_price(0), book.best_price(1));
    cells.set(cell::TOP, if bid == NO_BID { f64::NAN } else { bid as f64 });
    cells.set(cell::TOP + 1, if ask == NO_ASK { f64::NAN } else { ask as f64 });
    cells.set(cell::TOP + 2, book.best_size(0) as f64);
    cells.set(cell::TOP + 3, book.best_size(1) as f64);
}
