use std::io::{self, Read};

/// Longest header that is read; a structured array of eight fields needs 400 bytes.
const MAX_HEADER: usize = 64 << 10;

/// Bytes of one event.
pub(super) const ROW: usize = 64;

/// The fields of an event and their offsets, all 8 bytes, little-endian.
const FIELDS: [(&str, &str); 8] = [
    ("ev", "u8"),
    ("exch_ts", "i8"),
    ("local_ts", "i8"),
    ("px", "f8"),
    ("qty", "f8"),
    ("order_id", "u8"),
    ("ival", "i8"),
    ("fval", "f8"),
];

/// One event of the format.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Event {
    pub(super) ev: u64,
    pub(super) exch_ts: i64,
    pub(super) local_ts: i64,
    pub(super) px: f64,
    pub(super) qty: f64,
    pub(super) order_id: u64,
}

impl Event {
    pub(super) fn from_bytes(row: &[u8; ROW]) -> Self {
        let word = |at: usize| <[u8; 8]>::try_from(&row[at * 8..at * 8 + 8]).expect("eight bytes");
        Self {
            ev: u64::from_le_bytes(word(0)),
            exch_ts: i64::from_le_bytes(word(1)),
            local_ts: i64::from_le_bytes(word(2)),
            px: f64::from_le_bytes(word(3)),
            qty: f64::from_le_bytes(word(4)),
            order_id: u64::from_le_bytes(word(5)),
        }
    }
}

/// Reads an array's header, checks that it is a row of events, and returns how many there are.
///
/// The format (numpy, "NPY format"): magic `\x93NUMPY`, version, header length, and a Python dictionary with `descr`,
/// `fortran_order` and `shape`. The dictionary is compared, not evaluated.
pub(super) fn read_header(input: &mut dyn Read) -> Result<u64, String> {
    let mut start = [0; 8];
    exact(input, &mut start)?;
    if &start[..6] != b"\x93NUMPY" {
        return Err("its array does not begin as a .npy file".to_owned());
    }
    let length = match start[6] {
        1 => {
            let mut length = [0; 2];
            exact(input, &mut length)?;
            usize::from(u16::from_le_bytes(length))
        }
        2 | 3 => {
            let mut length = [0; 4];
            exact(input, &mut length)?;
            u32::from_le_bytes(length) as usize
        }
        version => return Err(format!("its array is of .npy version {version}; 1 to 3 are known")),
    };
    if length > MAX_HEADER {
        return Err(format!("its array header has {length} bytes, at most {MAX_HEADER} are read"));
    }
    let mut header = vec![0; length];
    exact(input, &mut header)?;
    let header = String::from_utf8(header).map_err(|_| "its array header is not text".to_owned())?;
    check_dictionary(&header)
}

fn check_dictionary(header: &str) -> Result<u64, String> {
    let plain: String =
        header.chars().filter(|c| !c.is_whitespace()).map(|c| if c == '"' { '\'' } else { c }).collect();
    let expected = FIELDS.map(|(name, kind)| format!("('{name}','<{kind}')")).join(",");
    let after = |key: &str| plain.split_once(&format!("'{key}':")).map(|(_, rest)| rest);
    let descr = after("descr").ok_or("its array header has no descr")?;
    let fields = descr.strip_prefix('[').and_then(|d| d.split_once(']')).map_or("", |(fields, _)| fields);
    if fields.trim_end_matches(',') != expected {
        return Err(format!("its rows are [{}], expected [{expected}]", crate::error::shown(fields, 200)));
    }
    if after("fortran_order").is_none_or(|order| !order.starts_with("False")) {
        return Err("its array is in Fortran order".to_owned());
    }
    let shape =
        after("shape").and_then(|shape| shape.strip_prefix('(')?.split_once(')')).map_or("", |(shape, _)| shape);
    let rows = shape.strip_suffix(',').unwrap_or(shape);
    rows.parse()
        .map_err(|_| format!("its array has the shape ({}), expected one dimension", crate::error::shown(shape, 40)))
}

fn exact(input: &mut dyn Read, buffer: &mut [u8]) -> Result<(), String> {
    input.read_exact(buffer).map_err(|e| match e.kind() {
        io::ErrorKind::UnexpectedEof => "its array ends within the header".to_owned(),
        _ => e.to_string(),
    })
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in crate::readers::hftbacktest) const DESCR: &str = "[('ev', '<u8'), ('exch_ts', '<i8'), ('local_ts', '<i8'), \
        ('px', '<f8'), ('qty', '<f8'), ('order_id', '<u8'), ('ival', '<i8'), ('fval', '<f8')]";

    pub(in crate::readers::hftbacktest) fn header(dictionary: &str) -> Vec<u8> {
        let mut text = dictionary.to_owned();
        while !(10 + text.len() + 1).is_multiple_of(64) {
            text.push(' ');
        }
        text.push('\n');
        [b"\x93NUMPY\x01\x00".as_slice(), &(text.len() as u16).to_le_bytes(), text.as_bytes()].concat()
    }

    #[test]
    fn the_header_that_numpy_writes_is_read() {
        let text = format!("{{'descr': {DESCR}, 'fortran_order': False, 'shape': (12,), }}");
        assert_eq!(read_header(&mut header(&text).as_slice()), Ok(12));
    }

    #[test]
    fn anything_else_is_refused_with_what_was_found() {
        let cases = [
            (format!("{{'descr': {DESCR}, 'fortran_order': True, 'shape': (12,), }}"), "Fortran"),
            (format!("{{'descr': {DESCR}, 'fortran_order': False, 'shape': (12, 2), }}"), "(12,2)"),
            (format!("{{'descr': {DESCR}, 'fortran_order': False, 'shape': (-1,), }}"), "(-1,)"),
            ("{'descr': '<f8', 'fortran_order': False, 'shape': (12,), }".to_owned(), "expected [('ev','<u8')"),
            (format!("{{'descr': {}, }}", DESCR.replace("<i8", ">i8")), ">i8"),
        ];
        for (text, says) in cases {
            let err = read_header(&mut header(&text).as_slice()).unwrap_err();
            assert!(err.contains(says), "{text}: {err}");
        }
        let whole = header("{}");
        for cut in 0..whole.len() {
            assert!(read_header(&mut &whole[..cut]).is_err());
        }
    }
}
