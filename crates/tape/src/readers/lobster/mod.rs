//! LOBSTER: NASDAQ's order messages, and beside them the book after each message.
//!
//! Rules of the rows: lobsterdata.com, "Data structure". An execution is a trade of the other side's aggressor and an
//! event of the order; that of a hidden order, or of a cross, is a trade alone. A message ends with its row.
//!
//! A message file knows only orders that came after it began and prices among the best few. With the file of books it
//! becomes a whole book (see [`published`]), and each of its rows is kept as the best quote that `tape verify` holds
//! against the book made of the messages.

mod files;
mod message;
mod published;

use super::csv::Fields;
use super::feed::{Fault, Feed};
use super::fixed::FixedPoint;
use super::symbols::only_instrument;
use super::ReadRequest;
use crate::{RowFault, TapeError};
use files::{Files, Rows};
use message::{Clock, Message};
use published::Published;

/// Digits after the dot of a stored price.
const DECIMALS: u32 = 4;

pub(super) fn read(request: &ReadRequest, feed: &mut Feed<'_>) -> Result<(), TapeError> {
    let scale = FixedPoint::new(only_instrument(request)?, DECIMALS);
    let mut clock = Clock::new(&request.options)?;
    let Files { mut messages, mut books } = Files::open(request)?;
    let (mut published, mut fields) = (Published::new(), Fields::default());
    while let Some(row) = messages.next(&mut fields)? {
        let message = row.and_then(|row| Message::read(row, &scale, &mut clock));
        // The book's row is read whatever is wrong with the message, so that the files keep step.
        if let Some(books) = &mut books {
            next_book(books, &mut published, &scale, &mut fields)?;
        }
        let outcome = message.and_then(|message| {
            feed.check_order(message.at_ns, 1)?;
            message.note(feed);
            match &books {
                Some(_) => published.follow(&message, feed),
                None => feed.add(&message.whole()),
            }
            Ok(())
        });
        let bytes = messages.bytes_read() + books.as_ref().map_or(0, Rows::bytes_read);
        feed.row_done(messages.path(), messages.number(), bytes, outcome)?;
    }
    if messages.number() == 0 {
        return Err(TapeError::Empty { path: messages.path().to_owned() });
    }
    match &mut books {
        Some(books) => no_more(books, &mut fields),
        None => Ok(()),
    }
}

/// Takes the book's row of the message at hand. One that is bad ends the reading: without it no later one can be used.
fn next_book(
    books: &mut Rows<'_>,
    published: &mut Published,
    scale: &FixedPoint,
    fields: &mut Fields,
) -> Result<(), TapeError> {
    let taken = match books.next(fields)? {
        Some(row) => row.and_then(|row| published.read(row, scale)),
        None => Err(unequal("the file of books ends before the messages do")),
    };
    taken.map_err(|fault| books.error(fault))
}

fn no_more(books: &mut Rows<'_>, fields: &mut Fields) -> Result<(), TapeError> {
    match books.next(fields)? {
        Some(_) => Err(books.error(unequal("the file of books goes on after the last message"))),
        None => Ok(()),
    }
}

fn unequal(what: &str) -> Fault {
    Fault::at(1, RowFault::Field(format!("{what}: give the two files of one day")))
}

#[cfg(test)]
mod tests;
