use std::io::{stderr, Read, Write};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;
use serde_json::Value;

/// A folder of the data that does not ship, or `None`, said aloud, if there is none.
pub fn folder(name: &str) -> Option<PathBuf> {
    let Ok(folder) = std::env::var("TICKWRIGHT_TEST_DATA") else {
        // Not `println!`, which the test harness swallows when a test passes.
        let said = writeln!(stderr(), "SKIPPED: {name} does not ship and TICKWRIGHT_TEST_DATA is not set");
        said.expect("standard error takes a line");
        return None;
    };
    Some(Path::new(&folder).join(name))
}

/// Files of the folder of captures.
pub fn files(names: &[&str]) -> Option<Vec<PathBuf>> {
    let folder = folder("ws-captures")?;
    Some(names.iter().map(|name| folder.join(name)).collect())
}

/// The whole text of a file.
pub fn text(name: &str) -> Option<String> {
    let path = files(&[name])?.remove(0);
    let mut text = String::new();
    MultiGzDecoder::new(std::fs::File::open(path).unwrap()).read_to_string(&mut text).unwrap();
    Some(text)
}

/// The messages of a file as plain JSON values.
pub fn messages(name: &str) -> Option<Vec<Value>> {
    let text = text(name)?;
    let received = text.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_digit()));
    Some(received.map(|line| serde_json::from_str(line.split_once(": ").unwrap().1).unwrap()).collect())
}
