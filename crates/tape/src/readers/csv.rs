use super::feed::Fault;
use crate::error::shown;
use crate::RowFault;

/// Most fields of a row; a row of 25 levels a side has 104.
const MOST_FIELDS: usize = 1_024;

/// Where a row's fields lie in its line; kept between rows so that none allocates.
#[derive(Default)]
pub(super) struct Fields(Vec<(usize, usize)>);

/// The fields of one line, without the quotes around them.
#[derive(Clone, Copy)]
pub(super) struct CsvRow<'a> {
    line: &'a str,
    fields: &'a [(usize, usize)],
}

impl Fields {
    /// Splits a line at its commas (RFC 4180 without line feeds and doubled quotes inside quotes, which market data have
    /// not).
    pub(super) fn split<'a>(&'a mut self, line: &'a [u8]) -> Result<CsvRow<'a>, Fault> {
        let text = std::str::from_utf8(line)
            .map_err(|e| field_fault(e.valid_up_to(), "the line is not UTF-8: is the file packed in another way?"))?;
        self.0.clear();
        let mut start = 0;
        loop {
            if self.0.len() == MOST_FIELDS {
                return Err(field_fault(start, &format!("the row has more than {MOST_FIELDS} fields")));
            }
            let (from, to, next) = one_field(line, start)?;
            self.0.push((from, to));
            match next {
                Some(next) => start = next,
                None => return Ok(CsvRow { line: text, fields: &self.0 }),
            }
        }
    }
}

/// Begin and end of the field at `start`, and where the next one begins.
fn one_field(line: &[u8], start: usize) -> Result<(usize, usize, Option<usize>), Fault> {
    let rest = &line[start..];
    let comma = |at: usize| line.get(at).map(|_| at + 1);
    if rest.first() != Some(&b'"') {
        let end = start + rest.iter().position(|&b| b == b',').unwrap_or(rest.len());
        if let Some(quote) = line[start..end].iter().position(|&b| b == b'"') {
            return Err(field_fault(start + quote, "a quote stands within a field"));
        }
        return Ok((start, end, comma(end)));
    }
    let closing =
        rest[1..].iter().position(|&b| b == b'"').ok_or_else(|| field_fault(start, "a quote is not closed"))?;
    let end = start + 1 + closing;
    match line.get(end + 1) {
        None | Some(b',') => Ok((start + 1, end, comma(end + 1))),
        Some(_) => Err(field_fault(end + 1, "a quote stands within a field")),
    }
}

fn field_fault(at: usize, reason: &str) -> Fault {
    Fault::at(at as u64 + 1, RowFault::Field(reason.to_owned()))
}

impl<'a> CsvRow<'a> {
    pub(super) fn len(self) -> usize {
        self.fields.len()
    }

    /// The field at `index` from 0, or an empty text.
    pub(super) fn text(self, index: usize) -> &'a str {
        self.fields.get(index).map_or("", |&(from, to)| &self.line[from..to])
    }

    /// Where a field begins in its line, in bytes from 1.
    pub(super) fn column(self, index: usize) -> u64 {
        self.fields.get(index).map_or(self.line.len() as u64 + 1, |&(from, _)| from as u64 + 1)
    }

    /// A fault of the field at `index`.
    pub(super) fn fault(self, index: usize, fault: RowFault) -> Fault {
        Fault::at(self.column(index), fault)
    }

    /// Checks how many fields there are.
    pub(super) fn expect_len(self, allowed: &[usize]) -> Result<(), Fault> {
        if allowed.contains(&self.len()) {
            return Ok(());
        }
        let expected = allowed.iter().map(usize::to_string).collect::<Vec<_>>().join(" or ");
        let at = self.column(allowed.iter().copied().min().unwrap_or(0).min(self.len()));
        Err(Fault::at(at, RowFault::Field(format!("the row has {} fields, expected {expected}", self.len()))))
    }

    /// A whole number.
    pub(super) fn number(self, index: usize, name: &str) -> Result<u64, Fault> {
        let text = self.text(index);
        let plain = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        plain.then(|| text.parse().ok()).flatten().ok_or_else(|| {
            let reason = format!("{name}: {:?} is not a whole number below 2^64", shown(text, 40));
            self.fault(index, RowFault::Field(reason))
        })
    }

    /// `true` or `false` in any case.
    pub(super) fn truth(self, index: usize, name: &str) -> Result<bool, Fault> {
        match self.text(index) {
            "true" | "True" | "TRUE" => Ok(true),
            "false" | "False" | "FALSE" => Ok(false),
            other => {
                let reason = format!("{name}: {:?} is neither true nor false", shown(other, 40));
                Err(self.fault(index, RowFault::Field(reason)))
            }
        }
    }

    /// Which column has one of these names, in any case.
    pub(super) fn find(self, names: &[&str]) -> Option<usize> {
        (0..self.len()).find(|&at| names.iter().any(|name| self.text(at).trim().eq_ignore_ascii_case(name)))
    }

    /// Which column has one of these names, or a fault that says so.
    pub(super) fn column_of(self, names: &[&str]) -> Result<usize, Fault> {
        self.find(names).ok_or_else(|| {
            let reason = format!("the header {:?} has no column {}", shown(self.line, 120), names.join(" or "));
            Fault::at(1, RowFault::Field(reason))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn split(line: &str) -> Result<Vec<String>, Fault> {
        let mut fields = Fields::default();
        let row = fields.split(line.as_bytes())?;
        Ok((0..row.len()).map(|at| row.text(at).to_owned()).collect())
    }

    #[test]
    fn fields_are_split_at_commas_and_quotes_taken_off() {
        assert_eq!(split("a,b,,c").unwrap(), ["a", "b", "", "c"]);
        assert_eq!(split("").unwrap(), [""]);
        assert_eq!(split(",").unwrap(), ["", ""]);
        assert_eq!(split(r#""a,b","",c"#).unwrap(), ["a,b", "", "c"]);
    }

    #[test]
    fn quotes_that_do_not_belong_there_are_faults_with_their_column() {
        for (line, column) in [(r#"a,"b"#, 3), (r#"a,b"c"#, 4), (r#""a"b,c"#, 4), (r#""a""b""#, 4)] {
            assert_eq!(split(line).unwrap_err().column, column, "{line}");
        }
        let mut fields = Fields::default();
        assert_eq!(fields.split(b"ab,\xff").err().unwrap().column, 4);
        assert_eq!(split(&",".repeat(2_000)).unwrap_err().fault.code(), "E_FIELD");
    }

    proptest! {
        #[test]
        fn what_is_joined_with_quotes_is_split_into_the_same_fields(fields in prop::collection::vec("[^\"\n]{0,12}", 1..20)) {
            let line = fields.iter().map(|field| format!("\"{field}\"")).collect::<Vec<_>>().join(",");
            prop_assert_eq!(split(&line).unwrap(), fields);
        }

        #[test]
        fn no_line_panics_and_every_column_lies_in_it(line in prop::collection::vec(any::<u8>(), 0..60)) {
            let mut fields = Fields::default();
            match fields.split(&line) {
                Ok(row) => prop_assert!((0..row.len()).all(|at| row.column(at) <= line.len() as u64 + 1)),
                Err(fault) => prop_assert!((1..=line.len() as u64 + 1).contains(&fault.column)),
            }
        }
    }
}
