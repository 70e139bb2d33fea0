//! Which files of a project define a method that is no `async def`, by its name.
//!
//! A method that a base class declares `async` may be overridden by one that gives back a future. Only
//! these files can do that, so that no other has to be looked at.

use std::collections::HashMap;

use ruff_db::system::SystemPathBuf;

/// Folders that hold no code of the project's own.
const FOREIGN: [&str; 4] = ["__pycache__", "node_modules", "site-packages", "venv"];

/// The files, by the name of the method.
#[derive(Debug, Default)]
pub(super) struct PlainMethods(HashMap<String, Vec<SystemPathBuf>>);

impl PlainMethods {
    /// Those of every Python file below `roots`; what cannot be read has none.
    pub(super) fn below(roots: &[String]) -> Self {
        let mut found = Self::default();
        let mut roots: Vec<&str> = roots.iter().map(String::as_str).collect();
        roots.sort_unstable();
        // What lies in another root was seen there.
        roots.dedup_by(|inner, outer| {
            inner
                .strip_prefix(&**outer)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        });
        let Some((first, others)) = roots.split_first() else {
            return found;
        };
        let mut walk = ignore::WalkBuilder::new(first);
        for root in others {
            walk.add(root);
        }
        let files = walk
            .require_git(false)
            .filter_entry(|entry| {
                let name = entry.file_name().to_str();
                !name.is_some_and(|name| FOREIGN.contains(&name))
            })
            .build()
            .filter_map(Result::ok)
            .filter(|entry| entry.path().extension().is_some_and(|it| it == "py"));
        for entry in files {
            let Ok(path) = SystemPathBuf::from_path_buf(entry.into_path()) else {
                continue;
            };
            if let Ok(text) = std::fs::read(path.as_std_path()) {
                found.add(&path, &text);
            }
        }
        found
    }

    fn add(&mut self, path: &SystemPathBuf, text: &[u8]) {
        for line in text.split(|byte| *byte == b'\n') {
            let code = line.trim_ascii_start();
            if code.len() == line.len() {
                continue;
            }
            let Some(rest) = code.strip_prefix(b"def ") else {
                continue;
            };
            let rest = rest.trim_ascii_start();
            let end = rest.iter().position(|byte| b"( [\\".contains(byte));
            let Ok(name) = std::str::from_utf8(&rest[..end.unwrap_or(rest.len())]) else {
                continue;
            };
            let files = self.0.entry(name.to_owned()).or_default();
            if files.last() != Some(path) {
                files.push(path.clone());
            }
        }
    }

    /// The files that define a method `name` that is no `async def`.
    pub(super) fn of(&self, name: &str) -> &[SystemPathBuf] {
        self.0.get(name).map_or(&[], Vec::as_slice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_methods_alone_are_found() {
        let mut found = PlainMethods::default();
        let text = b"def f(): pass\nclass A:\n    def g (self): pass\r\n    async def h(self): pass\n\tdef g(x):";
        found.add(&SystemPathBuf::from("a.py"), text);
        assert_eq!(found.of("g"), [SystemPathBuf::from("a.py")]);
        assert!(found.of("f").is_empty() && found.of("h").is_empty());
    }
}
