//! The files of a project's own code.

use std::fs;
use std::path::{Path, PathBuf};

/// Folders that hold no code of the project's own.
const FOREIGN: [&str; 4] = ["__pycache__", "node_modules", "site-packages", "venv"];

/// The files below `folders` whose names end with one of `extensions`, each with its text, which is that of `kept`
/// where that has one; in no particular order. What cannot be read is left out. What Git ignores may be imported all
/// the same.
pub fn own_code<'e>(
    folders: impl IntoIterator<Item: AsRef<Path>>,
    extensions: &'e [&'e str],
    kept: impl Fn(&Path) -> Option<String> + Send,
) -> impl Iterator<Item = (PathBuf, String)> + Send {
    let mut folders = folders.into_iter();
    let walk = folders.next().map(|first| {
        let mut walk = ignore::WalkBuilder::new(first);
        for folder in folders {
            walk.add(folder);
        }
        walk.standard_filters(false)
            .hidden(true)
            .filter_entry(|entry| {
                let name = entry.file_name().to_str();
                !name.is_some_and(|name| FOREIGN.contains(&name))
            });
        walk.build()
    });
    let entries = walk.into_iter().flatten().filter_map(Result::ok);
    entries.filter_map(move |entry| {
        let extension = entry.path().extension()?.to_str()?;
        let is_wanted = extensions.contains(&extension);
        let read = || match kept(entry.path()) {
            Some(kept) => Some(kept.into_bytes()),
            None => fs::read(entry.path()).ok(),
        };
        let bytes = is_wanted.then(read).flatten()?;
        let text = String::from_utf8(bytes);
        let text = text.unwrap_or_else(|it| String::from_utf8_lossy(it.as_bytes()).into_owned());
        Some((entry.into_path(), text))
    })
}
