use std::path::Path;

use tickwright_types::Tick;

use super::ReadReport;
use crate::progress::report;
use crate::{OnProgress, Progress, RowError, RowFault, Stage, TapeError};

/// Records handed on at once.
const BLOCK: usize = 16_384;

/// Rows between two reports of progress.
const ROWS_A_REPORT: u64 = 8_192;

/// Takes what a reader makes of a row: keeps receive order, counts, skips bad rows within the limit, hands blocks on.
pub(super) struct Feed<'a> {
    take: &'a mut dyn FnMut(&[Tick]) -> Result<(), TapeError>,
    on_progress: OnProgress<'a>,
    block: Vec<Tick>,
    last_recv_ns: i64,
    bytes_done: u64,
    bytes_total: u64,
    skip_bad: u64,
    pub(super) report: ReadReport,
}

/// A fault and the byte or field of its row, from 1.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) column: u64,
    pub(super) fault: RowFault,
}

impl Fault {
    pub(super) fn at(column: u64, fault: RowFault) -> Self {
        Self { column, fault }
    }
}

impl<'a> Feed<'a> {
    pub(super) fn new(
        take: &'a mut dyn FnMut(&[Tick]) -> Result<(), TapeError>,
        on_progress: OnProgress<'a>,
        bytes_total: u64,
        skip_bad: u64,
    ) -> Self {
        let report = ReadReport::default();
        let block = Vec::with_capacity(BLOCK + BLOCK / 4);
        Self { take, on_progress, block, last_recv_ns: i64::MIN, bytes_done: 0, bytes_total, skip_bad, report }
    }

    /// Checks that a row was received no earlier than the one before.
    pub(super) fn in_order(&self, ns: i64, column: u64) -> Result<(), Fault> {
        if ns < self.last_recv_ns {
            return Err(Fault::at(column, RowFault::Backwards { ns, before_ns: self.last_recv_ns }));
        }
        Ok(())
    }

    /// The same, and remembers it.
    pub(super) fn check_order(&mut self, ns: i64, column: u64) -> Result<(), Fault> {
        self.in_order(ns, column)?;
        self.last_recv_ns = ns;
        Ok(())
    }

    /// Takes the records of the row that is being read; they are handed on when it is done.
    pub(super) fn add(&mut self, ticks: &[Tick]) {
        self.block.extend_from_slice(ticks);
    }

    /// Counts something that has no record.
    pub(super) fn ignore(&mut self, what: &str) {
        match self.report.ignored.get_mut(what) {
            Some(count) => *count += 1,
            None => drop(self.report.ignored.insert(what.to_owned(), 1)),
        }
    }

    /// Hands on the records of one row.
    pub(super) fn push(&mut self, ticks: &[Tick]) -> Result<(), TapeError> {
        self.block.extend_from_slice(ticks);
        if self.block.len() >= BLOCK {
            self.flush()?;
        }
        Ok(())
    }

    /// Ends a row at `bytes_done` of the inputs. A bad one is left out while the limit lasts, else it is the error.
    pub(super) fn row_done(
        &mut self,
        file: &Path,
        line: u64,
        bytes_done: u64,
        outcome: Result<(), Fault>,
    ) -> Result<(), TapeError> {
        self.report.rows += 1;
        if let Err(Fault { column, fault }) = outcome {
            let row = RowError { file: file.to_owned(), line, column, fault };
            if self.report.bad_rows.len() as u64 >= self.skip_bad {
                return Err(TapeError::Row(Box::new(row)));
            }
            self.report.bad_rows.push(row);
        }
        self.bytes_done = bytes_done;
        if self.block.len() >= BLOCK {
            self.flush()?;
        }
        if self.report.rows.is_multiple_of(ROWS_A_REPORT) {
            self.show()?;
        }
        Ok(())
    }

    pub(super) fn finish(mut self) -> Result<ReadReport, TapeError> {
        self.flush()?;
        self.bytes_done = self.bytes_total;
        self.show()?;
        Ok(self.report)
    }

    fn flush(&mut self) -> Result<(), TapeError> {
        self.report.ticks += self.block.len() as u64;
        (self.take)(&self.block)?;
        self.block.clear();
        Ok(())
    }

    fn show(&mut self) -> Result<(), TapeError> {
        let ticks = self.report.ticks + self.block.len() as u64;
        let (done, total) = (self.bytes_done.min(self.bytes_total), self.bytes_total);
        report(self.on_progress, Progress { stage: Stage::Read, done, total, ticks })
    }
}
