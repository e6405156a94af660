use crate::readers::feed::Fault;
use crate::RowFault;

use super::time::seconds_ns;

/// One line of a capture.
pub(super) struct CaptureLine<'a> {
    /// The whole line, which columns are counted in.
    pub(super) text: &'a [u8],
    /// Which of the inputs it comes from.
    pub(super) input: usize,
    pub(super) what: What<'a>,
}

/// What a line says.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum What<'a> {
    /// `<time>: <JSON>`: a message that the venue sent.
    Received { recv_ns: i64, json: &'a str },
    /// `<url> -> <time>: <JSON>`: the answer to a request.
    Response { url: &'a str, recv_ns: i64, json: &'a str },
    /// `<url> <- <time>: <JSON>`: a message that the client sent.
    Sent { json: &'a str },
    /// `<url> <-> <time>`: a connection was opened.
    Opened,
    /// What the recorder noted for itself.
    Note,
}

const FORMS: &str = "a line is \"<seconds>: <JSON>\", \"<url> -> <seconds>: <JSON>\", \"<url> <- <seconds>: <JSON>\" \
                     or \"<url> <-> <seconds>\"";

impl<'a> What<'a> {
    /// Reads a line, or says what is wrong with it.
    pub(super) fn of(line: &'a [u8]) -> Result<Self, Fault> {
        let text = std::str::from_utf8(line).map_err(|error| {
            Fault::at(error.valid_up_to() as u64 + 1, RowFault::Json("the line is not UTF-8".to_owned()))
        })?;
        if text.is_empty() || text.starts_with("configuration: ") {
            return Ok(Self::Note);
        }
        if text.as_bytes()[0].is_ascii_digit() {
            let (recv_ns, json) = timed(text, 0)?;
            return Ok(Self::Received { recv_ns, json });
        }
        let (url, rest) = text.split_once(' ').ok_or_else(|| time_fault(0, FORMS))?;
        let (arrow, timed_text) = rest.split_once(' ').ok_or_else(|| time_fault(0, FORMS))?;
        let at = text.len() - timed_text.len();
        match arrow {
            "<->" => seconds_ns(timed_text).map(|_| Self::Opened).ok_or_else(|| time_fault(at, FORMS)),
            "<-" => timed(timed_text, at).map(|(_, json)| Self::Sent { json }),
            "->" => timed(timed_text, at).map(|(recv_ns, json)| Self::Response { url, recv_ns, json }),
            _ => Err(time_fault(url.len() + 1, FORMS)),
        }
    }
}

/// The receive time that orders a line among those of other files, or `None` where it has none.
pub(super) fn sort_time(line: &[u8]) -> Option<i64> {
    match What::of(line) {
        Ok(What::Received { recv_ns, .. } | What::Response { recv_ns, .. }) => Some(recv_ns),
        _ => None,
    }
}

fn timed(text: &str, at: usize) -> Result<(i64, &str), Fault> {
    let (time, json) = text.split_once(": ").ok_or_else(|| time_fault(at, FORMS))?;
    let ns = seconds_ns(time).ok_or_else(|| {
        time_fault(at, "the time is seconds since the Unix epoch with at most nine digits after the dot")
    })?;
    Ok((ns, json))
}

fn time_fault(at: usize, reason: &str) -> Fault {
    Fault::at(at as u64 + 1, RowFault::Time(reason.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form_of_line_is_told_apart() {
        let json = "{}";
        let recv_ns = 1_500_000_000;
        let cases: [(&str, What<'_>); 6] = [
            ("1.5: {}", What::Received { recv_ns, json }),
            ("https://a/b?c=d -> 1.5: {}", What::Response { url: "https://a/b?c=d", recv_ns, json }),
            ("wss://a <- 1.5: {}", What::Sent { json }),
            ("wss://a <-> 1.5", What::Opened),
            ("configuration: {}", What::Note),
            ("", What::Note),
        ];
        for (line, what) in cases {
            assert_eq!(What::of(line.as_bytes()).unwrap(), what, "{line}");
        }
    }

    #[test]
    fn another_line_is_a_fault_at_its_column() {
        let cases = [
            ("word", 1),
            ("two words", 1),
            ("wss://a <- x: {}", 12),
            ("wss://a ?? 1.5: {}", 9),
            ("wss://a <-> soon", 13),
            ("1.5 {}", 1),
            ("1.x: {}", 1),
        ];
        for (line, column) in cases {
            let fault = What::of(line.as_bytes()).unwrap_err();
            assert_eq!((fault.column, fault.fault.code()), (column, "E_TIME"), "{line}");
        }
        let fault = What::of(b"1.5: \xff").unwrap_err();
        assert_eq!((fault.column, fault.fault.code()), (6, "E_JSON"));
    }
}
