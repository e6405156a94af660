use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::Duration;

use tempfile::NamedTempFile;

use crate::error::quoted;
use crate::TapeError;

/// Ends the name of every file that is still being written.
const SUFFIX: &str = ".partial";

/// A partial file that nobody has written to for this long was left by a killed process.
const STALE_AFTER: Duration = Duration::from_secs(600);

/// A file that appears under its final name whole or not at all.
///
/// It is written as `.NAME.XXXXXX.partial` in the same folder, synced, and renamed at the end; dropped before that it
/// is removed. What a killed process left is removed by the next write of the same name, ten minutes later or more.
pub(crate) struct PartialFile {
    file: NamedTempFile,
    target: PathBuf,
    overwrite: bool,
}

impl PartialFile {
    /// Starts a file that will be called `target`.
    ///
    /// Returns `E_EXISTS` if there is one and it may not be replaced, `E_NOT_FOUND` or `E_IO` if the folder does not
    /// take it.
    pub(crate) fn create(target: &Path, overwrite: bool) -> Result<Self, TapeError> {
        let name = target.file_name().and_then(|n| n.to_str()).ok_or_else(|| TapeError::Option {
            option: "out",
            reason: format!("{} does not name a file: give a path such as btc.tape.parquet", quoted(target)),
        })?;
        if target.is_dir() {
            let reason = format!("{} is a folder: give the name of a file in it", quoted(target));
            return Err(TapeError::Option { option: "out", reason });
        }
        if !overwrite && target.exists() {
            return Err(TapeError::Exists { path: target.to_owned() });
        }
        let prefix = format!(".{name}.");
        let file = named(&prefix, folder_of(target)).map_err(TapeError::io(target, "create"))?;
        remove_stale(folder_of(target), &prefix, file.as_file());
        Ok(Self { file, target: target.to_owned(), overwrite })
    }

    pub(crate) fn file(&self) -> &File {
        self.file.as_file()
    }

    /// Syncs the file and gives it its name.
    pub(crate) fn publish(self) -> Result<(), TapeError> {
        let target = &self.target;
        self.file.as_file().sync_all().map_err(TapeError::io(target, "sync"))?;
        let named = if self.overwrite { self.file.persist(target) } else { self.file.persist_noclobber(target) };
        match named {
            Ok(_) => {}
            Err(e) if e.error.kind() == std::io::ErrorKind::AlreadyExists => {
                return Err(TapeError::Exists { path: target.clone() })
            }
            Err(e) => return Err(TapeError::io(target, "rename")(e.error)),
        }
        sync_folder(folder_of(target)).map_err(TapeError::io(target, "sync the folder of"))
    }
}

pub(crate) fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."))
}

fn named(prefix: &str, folder: &Path) -> std::io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(prefix).suffix(SUFFIX);
    // Temporary files are private by default; a tape is an ordinary file, so the umask decides.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder)
}

/// Removes partial files of the same target that are much older than the one just made. A failure to do so is no
/// reason not to write.
fn remove_stale(folder: &Path, prefix: &str, fresh: &File) {
    let Ok(now) = fresh.metadata().and_then(|m| m.modified()) else { return };
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let Some(name) = name.to_str() else { continue };
        let modified = entry.metadata().and_then(|m| m.modified());
        let old = modified.is_ok_and(|at| now.duration_since(at).is_ok_and(|age| age >= STALE_AFTER));
        if old && name.starts_with(prefix) && name.ends_with(SUFFIX) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

#[cfg(unix)]
fn sync_folder(folder: &Path) -> std::io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_: &Path) -> std::io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> =
            fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_that_is_dropped_before_the_end_leaves_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let partial = PartialFile::create(&dir.path().join("a.bin"), false).unwrap();
        partial.file().write_all(b"half").unwrap();
        assert_eq!(names(dir.path()).len(), 1);
        drop(partial);
        assert!(names(dir.path()).is_empty());
    }

    #[test]
    fn an_existing_file_is_replaced_only_when_allowed() {
        let dir = tempfile::tempdir().unwrap();
        let target = dir.path().join("a.bin");
        fs::write(&target, "old").unwrap();
        assert_eq!(PartialFile::create(&target, false).err().unwrap().code(), "E_EXISTS");
        let partial = PartialFile::create(&target, true).unwrap();
        partial.file().write_all(b"new").unwrap();
        partial.publish().unwrap();
        assert_eq!((fs::read_to_string(&target).unwrap(), names(dir.path()).len()), ("new".to_owned(), 1));
    }

    #[test]
    fn a_file_that_appears_meanwhile_is_not_replaced() {
        let dir = tempfile::tempdir().unwrap();
        let target = dir.path().join("a.bin");
        let partial = PartialFile::create(&target, false).unwrap();
        fs::write(&target, "theirs").unwrap();
        assert_eq!(partial.publish().unwrap_err().code(), "E_EXISTS");
        assert_eq!(names(dir.path()), ["a.bin"]);
    }

    #[test]
    fn what_a_killed_process_left_is_removed_once_it_is_old() {
        let dir = tempfile::tempdir().unwrap();
        let (old, young) = (dir.path().join(".a.bin.old.partial"), dir.path().join(".a.bin.new.partial"));
        for path in [&old, &young] {
            fs::write(path, "half").unwrap();
        }
        let hour_ago = fs::metadata(&old).unwrap().modified().unwrap() - Duration::from_secs(3600);
        File::options().write(true).open(&old).unwrap().set_modified(hour_ago).unwrap();
        PartialFile::create(&dir.path().join("a.bin"), false).unwrap().publish().unwrap();
        assert_eq!(names(dir.path()), [".a.bin.new.partial", "a.bin"]);
    }

    #[test]
    fn a_missing_folder_and_a_folder_as_target_are_said() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(PartialFile::create(&dir.path().join("no/a.bin"), false).err().unwrap().code(), "E_NOT_FOUND");
        assert_eq!(PartialFile::create(dir.path(), false).err().unwrap().code(), "E_OPTION");
    }
}
