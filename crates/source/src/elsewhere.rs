//! Sets of one module that hold tasks, and code of other modules that looks at what is in them: told from the texts,
//! as most files of a project are never parsed.

use memchr::memmem;

use crate::words::word_starts;

/// How far above a name the `import` of its statement is looked for, in bytes.
const LONGEST_IMPORT: usize = 1 << 12;

/// The names on which `text` may call `discard` when a task is done.
pub fn names_of_holders(text: &str) -> Vec<&str> {
    if memmem::find(text.as_bytes(), b"add_done_callback").is_none() {
        return Vec::new();
    }
    let mut names: Vec<&str> = memmem::find_iter(text.as_bytes(), b".discard")
        .map(|at| (&text[..at], last_word(&text[..at])))
        .filter(|(before, name)| {
            // What an object has is no set of the module.
            !name.is_empty() && !before[..before.len() - name.len()].ends_with('.')
        })
        .map(|(_, name)| name)
        .collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// Whether `text` may look at what another module binds to `name`. Says yes where it cannot tell.
pub fn may_look_at(text: &str, name: &str) -> bool {
    let mut places = word_starts(text.as_bytes(), name).peekable();
    if places.peek().is_none() {
        return false;
    }
    let takes_all = !name.starts_with('_') && text.contains("import *");
    takes_all
        || places.any(|at| {
            is_member_of_another(&text[..at])
                || is_quoted(text, at, name)
                || is_imported(&text[..at])
        })
}

/// Whether `text` may mean the module `stem`. A package is imported as `.`, too.
pub fn may_name_module(text: &str, stem: &str) -> bool {
    stem == "__init__" || word_starts(text.as_bytes(), stem).next().is_some()
}

/// Whether what follows `before` is a member of something else than the object whose method this is.
fn is_member_of_another(before: &str) -> bool {
    let Some(object) = before.strip_suffix('.') else {
        return false;
    };
    !matches!(last_word(object), "self" | "cls")
        || object.trim_end_matches(is_part_of_word).ends_with('.')
}

/// Whether `name`, at `at`, is all of a string: `getattr(module, "_tasks")`.
fn is_quoted(text: &str, at: usize, name: &str) -> bool {
    let is_quote = |c: char| matches!(c, '"' | '\'');
    text[..at].ends_with(is_quote) && text[at + name.len()..].starts_with(is_quote)
}

/// Whether what follows `before` is among the names of an `import`.
fn is_imported(before: &str) -> bool {
    let start = before.floor_char_boundary(before.len().saturating_sub(LONGEST_IMPORT));
    let before = &before[start..];
    let Some(import) = word_ends(before, "import") else {
        return false;
    };
    let lines = before[import..].split('\n');
    let mut lines = lines.map(|line| line.split('#').next().unwrap_or_default().trim_end());
    let first = lines.next().unwrap_or_default();
    if first.trim_start().starts_with('(') {
        return !first.contains(')') && !lines.any(|line| line.contains(')'));
    }
    let mut before_last = vec![first];
    before_last.extend(lines);
    let last = before_last.pop().unwrap_or_default();
    before_last.iter().all(|line| line.ends_with('\\')) && !last.contains([';', '='])
}

/// Where the last `word` in `text` ends that is none of a longer one.
fn word_ends(text: &str, word: &str) -> Option<usize> {
    let start = word_starts(text.as_bytes(), word).last()?;
    Some(start + word.len())
}

fn last_word(text: &str) -> &str {
    let start = text.trim_end_matches(is_part_of_word).len();
    &text[start..]
}

fn is_part_of_word(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holders_are_what_tasks_are_discarded_from() {
        let text = "t.add_done_callback(_tasks.discard)\nt.add_done_callback(lambda it: self.own.discard(it))\n";
        assert_eq!(names_of_holders(text), ["_tasks"]);
        assert!(names_of_holders("_names.discard(name)\n").is_empty());
    }

    #[test]
    fn another_module_reads_what_it_imports_or_asks_the_module_for() {
        let cases = [
            ("from app.flow import _tasks\n", true),
            ("from app.flow import start, _tasks as them\n", true),
            (
                "from app.flow import (\n    start,  # all\n    _tasks,\n)\n",
                true,
            ),
            ("from app.flow import start, \\\n    _tasks\n", true),
            ("from app import flow\n\nlen(flow._tasks)\n", true),
            ("import app.flow as them\n\nlen(them._tasks)\n", true),
            ("patch(\"app.flow._tasks\", set())\n", true),
            ("getattr(flow, '_tasks')\n", true),
            ("from app.flow import start\n\nself.flow._tasks\n", true),
            // Its own of that name.
            (
                "from app.flow import start\n\n_tasks = set()\nlen(_tasks)\n",
                false,
            ),
            (
                "from app.flow import (\n    start,\n)\n\nlen(_tasks)\n",
                false,
            ),
            ("from app.flow import start\n\nlen(self._tasks)\n", false),
            ("from app.flow import _tasks_done\n", false),
            ("from app.other import _tasks\n", false),
            ("from app.flow import *\n\n_tasks\n", false),
        ];
        for (text, expected) in cases {
            let may_read = may_look_at(text, "_tasks") && may_name_module(text, "flow");
            assert_eq!(may_read, expected, "{text}");
        }
        let all = "from app.flow import *\n\nlen(TASKS)\n";
        assert!(may_look_at(all, "TASKS"));
        assert!(may_look_at("from . import _tasks\n", "_tasks"));
        assert!(may_name_module("from . import _tasks\n", "__init__"));
    }
}
