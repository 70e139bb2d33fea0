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

/// What the files define, as far as their lines show.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// By the name of a method: the classes that define it, and whether as a plain `async def`.
    methods: HashMap<String, Vec<(String, bool)>>,
    /// By the name of a class: the names of its bases. Classes of one name are taken for one.
    bases: HashMap<String, HashSet<String>>,
    /// The classes that have a base of this name.
    derived: HashMap<String, HashSet<String>>,
    /// Names of attributes that are assigned to from outside, or replaced by their name in a string.
    replaced: HashSet<String>,
}

/// A base that is computed: it may be any class.
const ANY: &str = "?";

/// Methods by which a class changes what the methods of its subclasses are.
const HOOKS: [&str; 2] = ["__getattribute__", "__init_subclass__"];

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

    /// Whether an attribute called `name` is assigned to from outside of its class.
    pub(super) fn is_replaced(&self, name: &str) -> bool {
        self.replaced.contains(name)
    }

    /// Whether an object that is an instance of `class` may have another `method` than the one that
    /// `class` defines: by a class between, whatever way it comes to its bases. Another plain `async
    /// def` is none where that is what `class` has.
    pub(super) fn is_overridden(&self, class: &str, method: &str, is_async: bool) -> bool {
        let Some(defined) = self.methods.get(method) else {
            return false;
        };
        let mut others: Vec<&str> = defined
            .iter()
            .filter(|(_, other_is_async)| !(is_async && *other_is_async))
            .map(|(other, _)| other.as_str())
            .collect();
        if !is_async && let Some(own) = others.iter().position(|other| *other == class) {
            others.swap_remove(own);
        }
        if others.is_empty() {
            return false;
        }
        // Whatever has the methods of a protocol keeps to it.
        if reach(&self.bases, class).contains("Protocol") {
            return true;
        }
        let below = reach(&self.derived, class);
        others.into_iter().any(|other| {
            let is_below = below.contains(other) || reach(&self.bases, other).contains(ANY);
            is_below
                || reach(&self.derived, other)
                    .iter()
                    .any(|it| below.contains(it))
        })
    }

    /// Whether a base of `class`, or `class` itself, changes what methods are.
    pub(super) fn is_hooked(&self, class: &str) -> bool {
        let bases = reach(&self.bases, class);
        HOOKS.iter().any(|hook| {
            let hooking = self.methods.get(*hook);
            hooking.is_some_and(|all| all.iter().any(|(it, _)| bases.contains(it.as_str())))
        })
    }

    /// Adds what the lines of one file define.
    pub(super) fn add(&mut self, text: &str) {
        let mut around: Vec<Block> = Vec::new();
        let mut is_decorated = false;
        let mut lines = text.lines();
        while let Some(line) = lines.next() {
            let code = line.trim_start();
            if code.is_empty() || code.starts_with('#') {
                continue;
            }
            let indent = line.len() - code.len();
            while around.last().is_some_and(|block| indent <= block.indent) {
                around.pop();
            }
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
                if let Some(class) = class_of(&around, false) {
                    self.add_method(class, name, is_async && !is_decorated);
                }
                around.push(Block {
                    indent,
                    class: None,
                });
                is_decorated = false;
            } else if let Some(rest) = code.strip_prefix("class ") {
                let mut header = rest.to_owned();
                while header.matches('(').count() > header.matches(')').count() {
                    let Some(more) = lines.next() else { break };
                    header.push_str(more);
                }
                let name = leading_name(rest).to_owned();
                let (bases, body) = header_parts(&header);
                self.add_bases(&name, bases);
                around.push(Block {
                    indent,
                    class: Some(name),
                });
                // A class on one line.
                self.add_statements(body, &around);
                is_decorated = false;
            } else {
                self.add_statements(code, &around);
                self.add_import(code);
                if code.contains("setattr(") || code.contains("patch") {
                    self.add_strings(code);
                }
            }
        }
    }

    fn add_method(&mut self, class: &str, name: &str, is_async: bool) {
        let defined = self.methods.entry(name.to_owned()).or_default();
        defined.push((class.to_owned(), is_async));
    }

    /// The bases of `class`, given what stands between its parentheses.
    fn add_bases(&mut self, class: &str, inside: &str) {
        let mut depth = 0usize;
        let top: String = inside
            .chars()
            .filter(|c| {
                match c {
                    '[' => depth += 1,
                    ']' => depth = depth.saturating_sub(1),
                    _ => return depth == 0,
                }
                false
            })
            .collect();
        for base in top.split(',').map(str::trim) {
            if base.is_empty() || base.contains('=') {
                continue;
            }
            let last = base.rsplit('.').next().unwrap_or(base);
            let is_name =
                leading_name(last).len() == last.len() && last.chars().any(char::is_uppercase);
            self.add_base(class, if is_name { last } else { ANY });
        }
    }

    fn add_base(&mut self, class: &str, base: &str) {
        let bases = self.bases.entry(class.to_owned()).or_default();
        bases.insert(base.to_owned());
        let derived = self.derived.entry(base.to_owned()).or_default();
        derived.insert(class.to_owned());
    }

    /// Another name for a class, as good as a class between: `import Base as B`.
    fn add_import(&mut self, code: &str) {
        for part in code.split(',') {
            let Some((original, alias)) = part.split_once(" as ") else {
                continue;
            };
            let original = original.rsplit([' ', '.', '(']).next().unwrap_or(original);
            let alias = leading_name(alias.trim());
            if !alias.is_empty() && alias != original {
                self.add_base(alias, original);
            }
        }
    }

    fn add_statements(&mut self, code: &str, around: &[Block]) {
        for statement in code.split(';') {
            self.add_assignment(statement.trim(), around);
        }
    }

    /// `name = ..` in a class body, `self.name = ..` in a method, and `a.b.name = ..` anywhere.
    fn add_assignment(&mut self, code: &str, around: &[Block]) {
        let Some(end) = assignment(code) else { return };
        for target in code[..end].split(['=', ',']) {
            let target = target.split(':').next().unwrap_or(target);
            let target = target.trim_matches(|c: char| c.is_whitespace() || "()[]*".contains(c));
            let (owner, name) = match target.rsplit_once('.') {
                Some((owner, name)) => (Some(owner), name),
                None => (None, target),
            };
            if name.is_empty() || leading_name(name).len() < name.len() {
                continue;
            }
            if owner.is_none() && name.starts_with(char::is_uppercase) {
                let value = code[end + 1..].trim();
                let last = value.rsplit('.').next().unwrap_or(value);
                let is_name = !last.is_empty() && leading_name(last).len() == last.len();
                self.add_base(name, if is_name { last } else { ANY });
            }
            match (owner, class_of(around, owner == Some("self"))) {
                (None | Some("self"), Some(class)) => self.add_method(class, name, false),
                (Some(_), _) => {
                    self.replaced.insert(name.to_owned());
                }
                // A local, or a name of the module, which is looked at where it is used.
                (None, None) => {}
            }
        }
    }

    /// The last part of every dotted name that stands in quotes.
    fn add_strings(&mut self, code: &str) {
        for (index, quoted) in code.split(['"', '\'']).enumerate() {
            let name = quoted.rsplit('.').next().unwrap_or(quoted);
            if index % 2 == 1 && !name.is_empty() && leading_name(name).len() == name.len() {
                self.replaced.insert(name.to_owned());
            }
        }
    }
}

/// A function or class that the lines belong to, by the indentation of its first line.
struct Block {
    indent: usize,
    /// The name, if it is a class.
    class: Option<String>,
}

/// What stands between the parentheses of a class statement, and what stands behind its colon.
fn header_parts(header: &str) -> (&str, &str) {
    let start = header.find(['(', ':']).unwrap_or(header.len());
    let mut depth = 0usize;
    let mut end = start;
    for (at, c) in header[start..].char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            end = start + at;
            break;
        }
    }
    let bases = header.get(start + 1..end).unwrap_or_default();
    let body = header[end..].split_once(':').map_or("", |(_, body)| body);
    (bases, body)
}

/// The class to whose body the innermost block belongs; with `inside`, the nearest class around.
fn class_of(around: &[Block], inside: bool) -> Option<&str> {
    let mut blocks = around
        .iter()
        .rev()
        .take(if inside { usize::MAX } else { 1 });
    blocks.find_map(|block| block.class.as_deref())
}

/// All that is reached from `start` by `edges`, itself included.
fn reach<'n>(edges: &'n HashMap<String, HashSet<String>>, start: &'n str) -> HashSet<&'n str> {
    let mut seen = HashSet::from([start]);
    let mut left = vec![start];
    while let Some(name) = left.pop() {
        for next in edges.get(name).into_iter().flatten() {
            if seen.insert(next) {
                left.push(next);
            }
        }
    }
    seen
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

    fn names(text: &str) -> Names {
        let mut names = Names::default();
        names.add(text);
        names
    }

    #[test]
    fn methods_are_overridden_by_what_shares_a_subclass() {
        let cases = [
            ("class B(A):\n    def f(self): ...", true),
            ("class B(A):\n    async def f(self): ...", false),
            (
                "class B(A):\n    @override\n    async def f(self): ...",
                false,
            ),
            (
                "class B(A):\n    @spawned\n    async def f(self): ...",
                true,
            ),
            (
                "class B(A):\n    @(\n        spawned\n    )\n    async def f(self): ...",
                true,
            ),
            ("class B(A):\n    f = other", true),
            ("class B(A): x = 1; f = other", true),
            ("class B(A): f = lambda self: g(0, h(1))", true),
            ("class B: f = 1", false),
            ("class B(A):\n    def g(self):\n        f = 1", false),
            (
                "class B(A):\n    def g(self):\n        self.f = other",
                true,
            ),
            ("class B:\n    def f(self): ...", false),
            (
                "class B:\n    def f(self): ...\nclass C(B, pkg.A[int]): ...",
                true,
            ),
            (
                "class B:\n    def f(self): ...\nclass C(\n    B,\n    A,\n): ...",
                true,
            ),
            (
                "class B(A): ...\nclass C(B): ...\nclass D(C):\n    def f(self): ...",
                true,
            ),
            (
                "def make(cls):\n    class B(cls):\n        def f(self): ...",
                true,
            ),
            ("class B(Other, key=A):\n    def f(self): ...", false),
            ("def f(): ...\nf = 1", false),
        ];
        for (text, expected) in cases {
            assert_eq!(
                names(text).is_overridden("A", "f", true),
                expected,
                "{text}"
            );
        }
        let protocol = names("class A(Protocol):\n    async def f(self): ...\nclass B:\n    f = 1");
        assert!(protocol.is_overridden("A", "f", true));
        let plain = names("class A:\n    def f(self): ...\n");
        assert!(!plain.is_overridden("A", "f", false));
        let plain =
            names("class A:\n    def f(self): ...\nclass B(A):\n    async def f(self): ...");
        assert!(plain.is_overridden("A", "f", false));
    }

    #[test]
    fn attributes_are_replaced_from_outside() {
        let found = names(
            "
a.fetch = other
first, b.second = x, y
third: int = 1
monkeypatch.setattr(a, 'fourth', fake)
mock.patch(\"app.jobs.fifth\")
call(sixth=1)
if a.seventh == 1: pass
",
        );
        for name in ["fetch", "second", "fourth", "fifth"] {
            assert!(found.is_replaced(name), "{name}");
        }
        for name in ["first", "third", "sixth", "seventh", "app"] {
            assert!(!found.is_replaced(name), "{name}");
        }
    }

    #[test]
    fn hooks_reach_subclasses() {
        let found =
            names("class H:\n    def __init_subclass__(cls): ...\nclass A(H): ...\nclass B: ...");
        assert!(found.is_hooked("A") && found.is_hooked("H") && !found.is_hooked("B"));
    }
}
