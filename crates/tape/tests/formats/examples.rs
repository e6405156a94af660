use std::path::{Path, PathBuf};

use tickwright_tape::{ReadOptions, Reader, READERS, READ_OPTIONS};
use tickwright_types::Instrument;

use super::{files, read};

/// An instrument file of the repository, which is YAML of plain keys and values.
fn defined_in(path: &Path) -> Instrument {
    let text = std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let pairs = text.lines().filter_map(|line| line.split('#').next().unwrap_or_default().split_once(": "));
    let keys: serde_json::Map<_, _> = pairs.map(|(key, value)| (key.to_owned(), scalar(value.trim()))).collect();
    serde_json::from_value(serde_json::Value::Object(keys)).unwrap()
}

/// A number without quotes is a number, everything else is text.
fn scalar(text: &str) -> serde_json::Value {
    text.parse::<u64>().map_or_else(|_| text.trim_matches('"').into(), Into::into)
}

/// Inputs, instrument and options of an example, whose words are those of a shell.
fn parsed(root: &Path, example: &str) -> (Vec<PathBuf>, Instrument, ReadOptions) {
    let (mut inputs, mut instrument, mut given) = (Vec::new(), None, serde_json::Map::new());
    let mut words = example.split_whitespace();
    while let Some(word) = words.next() {
        let Some(flag) = word.strip_prefix("--") else {
            inputs.push(root.join(word));
            continue;
        };
        let (name, value) = flag.split_once('=').unwrap_or_else(|| (flag, words.next().unwrap()));
        match name {
            "instrument" if value.contains('/') => instrument = Some(defined_in(&root.join(value))),
            "instrument" => instrument = Some(defined_in(&root.join(format!("config/instruments/{value}.yaml")))),
            "out" => assert!(value.ends_with(".tape.parquet"), "{example}"),
            name => {
                assert!(READ_OPTIONS.iter().any(|option| option.name == name), "{example}: --{name}");
                let mut camel = name.split('-').map(str::to_owned).collect::<Vec<_>>();
                for word in &mut camel[1..] {
                    word[..1].make_ascii_uppercase();
                }
                given.insert(camel.concat(), value.into());
            }
        }
    }
    let options = serde_json::from_value(serde_json::Value::Object(given)).unwrap();
    (inputs, instrument.expect("an instrument"), options)
}

#[test]
fn the_example_of_every_format_runs_on_files_of_this_repository() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    for Reader { name, example, .. } in READERS {
        let (inputs, instrument, options) = parsed(&root, example);
        assert!(!inputs.is_empty(), "{name}: {example}");
        let (ticks, report) = read(name, files(&inputs), instrument, options).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert!(ticks.len() > 1 && report.bad_rows.is_empty(), "{name}");
    }
}

#[test]
fn every_format_says_what_it_is_in_one_line() {
    for reader in READERS {
        assert!((10..=120).contains(&reader.about.len()) && !reader.about.contains('\n'), "{}", reader.name);
        assert!(!reader.example.contains("  "), "{}: {}", reader.name, reader.example);
        assert_eq!(READERS.iter().filter(|other| other.name == reader.name).count(), 1, "{}", reader.name);
    }
}
