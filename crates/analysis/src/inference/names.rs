//! What the files of a project do with a name, whatever it belongs to: read off their lines.
//!
//! Types follow declarations. That nothing else ever takes the place of a function can only be told
//! from all code that could do it, and is decided by the name alone.

use std::collections::{HashMap, HashSet};
use std::path::Path;

/// Folders that hold no code of the project's own.
const FOREIGN: [&str; 4] = ["__pycache__", "node_modules", "site-packages", "venv"];

/// Decorators that leave an `async def` what it is, by the last part of their name.
pub(super) const TRANSPARENT: [&str; 7] = [
    "abstractmethod",
    "classmethod",
    "final",
    "no_type_check",
    "override",
    "staticmethod",
    "wraps",
];

/// What is done with one name.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Uses {
    /// How many methods of this name are plain `async def`s.
    pub(super) async_methods: u32,
    /// How many methods of this name are anything else.
    pub(super) other_methods: u32,
    /// Whether it is assigned to somewhere else than at the top level of a file.
    pub(super) inner_assigns: bool,
    /// Whether an attribute of this name is assigned to, or replaced by its name in a string.
    pub(super) is_replaced: bool,
}

/// What is done with every name.
#[derive(Debug, Default)]
pub(super) struct Names {
    uses: HashMap<String, Uses>,
    /// The classes that others are made from, by the last part of their name.
    bases: HashSet<String>,
}

impl Names {
    /// The names in every Python file below `folders`; what cannot be read has none.
    pub(super) fn below<'f>(folders: impl Iterator<Item = &'f str>) -> Self {
        let mut found = Self::default();
        let mut folders: Vec<&str> = folders.collect();
        folders.sort_unstable();
        // What lies in another of the folders was seen there.
        folders.dedup_by(|inner, outer| Path::new(*inner).starts_with(*outer));
        let Some((first, others)) = folders.split_first() else {
            return found;
        };
        let mut walk = ignore::WalkBuilder::new(first);
        for folder in others {
            walk.add(folder);
        }
        // What Git ignores may be imported all the same.
        let files = walk
            .standard_filters(false)
            .hidden(true)
            .filter_entry(|entry| {
                let name = entry.file_name().to_str();
                !name.is_some_and(|name| FOREIGN.contains(&name))
            })
            .build()
            .filter_map(Result::ok)
            .filter(|entry| entry.path().extension().is_some_and(|it| it == "py"));
        for entry in files {
            if let Ok(text) = std::fs::read(entry.path()) {
                found.add(&String::from_utf8_lossy(&text));
            }
        }
        found
    }

    /// What is done with `name`.
    pub(super) fn uses_of(&self, name: &str) -> Uses {
        self.uses.get(name).copied().unwrap_or_default()
    }

    /// Whether some class has a base of this name.
    pub(super) fn has_base(&self, name: &str) -> bool {
        self.bases.contains(name)
    }

    /// Adds what the lines of one file do.
    pub(super) fn add(&mut self, text: &str) {
        let mut is_decorated = false;
        for line in text.lines() {
            let code = line.trim_start();
            let is_indented = code.len() < line.len();
            if let Some(decorator) = code.strip_prefix('@') {
                is_decorated |= !is_transparent(decorator);
                continue;
            }
            let (is_async, definition) = match code.strip_prefix("async ") {
                Some(rest) => (true, rest.trim_start()),
                None => (false, code),
            };
            if let Some(rest) = definition.strip_prefix("def ") {
                let name = leading_name(rest.trim_start());
                if is_indented && !name.is_empty() {
                    let uses = self.of(name);
                    if is_async && !is_decorated {
                        uses.async_methods += 1;
                    } else {
                        uses.other_methods += 1;
                    }
                }
                is_decorated = false;
                continue;
            }
            if let Some(class) = code.strip_prefix("class ") {
                is_decorated = false;
                self.add_bases(class);
            }
            for (index, statement) in code.split(';').enumerate() {
                // After a semicolon it may belong to a class on one line.
                self.add_assignment(statement.trim(), is_indented || index > 0);
            }
            if let Some((_, after)) = code.split_once(": ") {
                self.add_assignment(after.trim(), true);
            }
            if code.contains("setattr(") || code.contains("patch") {
                self.add_strings(code);
            }
        }
    }

    fn of(&mut self, name: &str) -> &mut Uses {
        if !self.uses.contains_key(name) {
            self.uses.insert(name.to_owned(), Uses::default());
        }
        self.uses.get_mut(name).expect("it was just put there")
    }

    /// `name = ..`, `name: T = ..` and `a.b.name = ..`; of several targets each.
    fn add_assignment(&mut self, code: &str, is_indented: bool) {
        let Some(end) = assignment(code) else { return };
        for target in code[..end].split(['=', ',']) {
            let target = target.split(':').next().unwrap_or(target);
            let target = target.trim_matches(|c: char| c.is_whitespace() || "()[]*".contains(c));
            let (owner, name) = match target.rsplit_once('.') {
                Some((_, name)) => (true, name),
                None => (false, target),
            };
            if name.is_empty() || leading_name(name).len() < name.len() {
                continue;
            }
            let uses = self.of(name);
            if owner {
                uses.is_replaced = true;
            } else {
                uses.inner_assigns |= is_indented;
            }
        }
    }

    /// The bases of a class, as far as its first line names them.
    fn add_bases(&mut self, class: &str) {
        let Some((_, bases)) = class.split_once('(') else {
            return;
        };
        for base in bases.split([',', '(', ')', '[', ']', '=']) {
            let name = base.rsplit('.').next().unwrap_or(base).trim();
            if !name.is_empty() && !self.bases.contains(name) {
                self.bases.insert(name.to_owned());
            }
        }
    }

    /// The last part of every dotted name that stands in quotes.
    fn add_strings(&mut self, code: &str) {
        for (index, quoted) in code.split(['"', '\'']).enumerate() {
            let name = quoted.rsplit('.').next().unwrap_or(quoted);
            if index % 2 == 1 && !name.is_empty() && leading_name(name).len() == name.len() {
                self.of(name).is_replaced = true;
            }
        }
    }
}

/// Whether a decorator, without its `@`, leaves an `async def` what it is.
fn is_transparent(decorator: &str) -> bool {
    let end = decorator.find(|c: char| c != '.' && !is_word(c));
    let name = &decorator[..end.unwrap_or(decorator.len())];
    let last = name.rsplit('.').next().unwrap_or(name);
    TRANSPARENT.contains(&last)
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn leading_name(text: &str) -> &str {
    let end = text.find(|c: char| !is_word(c));
    &text[..end.unwrap_or(text.len())]
}

/// Where the last `=` of an assignment stands before which there are targets alone.
fn assignment(code: &str) -> Option<usize> {
    let bytes = code.as_bytes();
    let mut end = None;
    for (index, byte) in bytes.iter().enumerate() {
        match byte {
            b'=' => {
                let is_comparison = bytes.get(index + 1) == Some(&b'=')
                    || index > 0 && b"=!<>:+-*/%&|^@".contains(&bytes[index - 1]);
                if is_comparison {
                    return end;
                }
                end = Some(index);
            }
            // A call or a string: what comes from here on is a value.
            b'(' if index > 0 && is_word(char::from(bytes[index - 1])) => return end,
            b'"' | b'\'' | b'#' | b'{' => return end,
            _ => {}
        }
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_say_what_is_done_with_a_name() {
        let mut names = Names::default();
        names.add(
            "
def close(): ...
class A:
    async def close(self): ...
    @abc.abstractmethod
    async def open(self): ...
    @spawned
    async def read(self): ...
    @override
    def write(self): ...
    send = other
    async def send(self): ...
    @(
        spawned
    )
    async def poll(self): ...
a.fetch = other
first, b.second = x, y
left = right = 1
third: int = 1
monkeypatch.setattr(a, 'fourth', fake)
mock.patch(\"app.jobs.fifth\")
call(sixth=1)
if seventh == 1: pass
eighth += 1
class B(A): x = 1; closed = other
",
        );
        names.add("class Feed(asyncio.Queue[int], Generic[T]):\n    pass\n");
        let of = |name| names.uses_of(name);
        assert_eq!(
            (of("close").async_methods, of("close").other_methods),
            (1, 0)
        );
        assert_eq!((of("open").async_methods, of("open").other_methods), (1, 0));
        assert_eq!((of("read").async_methods, of("read").other_methods), (0, 1));
        assert_eq!(
            (of("write").async_methods, of("write").other_methods),
            (0, 1)
        );
        assert_eq!(of("poll").other_methods, 1);
        assert!(names.has_base("Queue") && names.has_base("Generic") && !names.has_base("Feed"));
        assert!(of("send").inner_assigns && of("closed").inner_assigns);
        for name in ["fetch", "second", "fourth", "fifth"] {
            assert!(of(name).is_replaced, "{name}");
        }
        for name in ["first", "left", "right", "third"] {
            assert!(!of(name).inner_assigns && !of(name).is_replaced, "{name}");
        }
        for name in ["sixth", "seventh", "eighth"] {
            assert_eq!(of(name), Uses::default(), "{name}");
        }
    }
}
