//! What other files of a project have to do with what a module binds: told from the texts, as most files of a project
//! are never parsed.

use std::sync::Arc;

use memchr::memmem;

use crate::words::word_starts;

/// What code of other files of the project does with asyncio and with the names of a file.
#[derive(Debug, Clone, Default)]
pub struct Elsewhere {
    /// The members of asyncio that it replaces before the file runs.
    pub patched: Arc<[String]>,
    /// The members of asyncio that it takes from this module.
    pub taken: Arc<[String]>,
    /// The names of sets of the file at which it may look.
    pub read: Arc<[String]>,
}

impl Elsewhere {
    /// Whether it does nothing of that.
    pub fn is_empty(&self) -> bool {
        self.patched.is_empty() && self.taken.is_empty() && self.read.is_empty()
    }
}

/// The functions that fixes may leave without a use in a module.
const FUNCTIONS: [&str; 2] = ["gather", "wait_for"];

/// How far above a name the `import` of its statement is looked for, in bytes.
const LONGEST_IMPORT: usize = 1 << 12;

/// The functions of asyncio that a file with this `text` takes from modules that are not asyncio, each behind the last
/// part of the module's name: `compat` for `from .compat import gather`, for `app.compat.gather`, for a string with
/// that and for `patch.object(compat, "gather")`, and for `c.gather` below `import app.compat as c`; nothing for
/// `from . import gather`; all for `from .compat import *`. Cheap: what merely looks like one may be among them.
pub fn functions_taken(text: &str) -> Vec<(&str, &'static str)> {
    let mut taken = Vec::new();
    for function in FUNCTIONS {
        for start in word_starts(text.as_bytes(), function) {
            let before = &text[..start];
            let owner = match before.strip_suffix('.') {
                Some(owner) => Some(last_word(owner)),
                None => object_before_string(before),
            };
            match owner {
                Some("asyncio") => {}
                Some(owner) => {
                    taken.extend(modules_called(text, owner).map(|module| (module, function)));
                }
                None => {
                    let module = text_before_import(before).and_then(module_of_from);
                    taken.extend(module.map(|module| (module, function)));
                }
            }
        }
    }
    let all = memmem::find_iter(text.as_bytes(), ALL_IMPORTED)
        .filter_map(|at| module_of_from(&text[..at]))
        .flat_map(|module| FUNCTIONS.map(|function| (module, function)));
    taken.extend(all);
    taken.retain(|(module, _): &(&str, _)| *module != "asyncio");
    taken.sort_unstable();
    taken.dedup();
    taken
}

/// The last part of the name of each module that `name` may mean in `text`: it is called so, or imported as that.
fn modules_called<'t>(text: &'t str, name: &'t str) -> impl Iterator<Item = &'t str> {
    let renamed = word_starts(text.as_bytes(), name).filter_map(|start| {
        let before = text[..start].trim_end_matches(' ').strip_suffix(" as")?;
        Some(last_word(before.trim_end_matches(' ')))
    });
    std::iter::once(name).chain(renamed)
}

/// The last part of the object whose attribute the string that begins `before` a name may be, as in
/// `patch.object(app.compat, "gather")`.
fn object_before_string(before: &str) -> Option<&str> {
    let arguments = before.strip_suffix(['"', '\''])?.trim_end();
    let object = last_word(arguments.strip_suffix(',')?.trim_end());
    (!object.is_empty()).then_some(object)
}

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
    let takes_all = !name.starts_with('_') && memmem::find(text.as_bytes(), ALL_IMPORTED).is_some();
    takes_all
        || places.any(|at| {
            is_member_of_another(&text[..at])
                || is_quoted(text, at, name)
                || text_before_import(&text[..at]).is_some()
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

/// What stands before the `import` among whose names is what follows `before`, if it is one.
pub(crate) fn text_before_import(before: &str) -> Option<&str> {
    let start = before.floor_char_boundary(before.len().saturating_sub(LONGEST_IMPORT));
    let before = &before[start..];
    let import = word_starts(before.as_bytes(), IMPORT).last()?;
    let lines = before[import + IMPORT.len()..].split('\n');
    let mut lines = lines.map(|line| line.split('#').next().unwrap_or_default().trim_end());
    let first = lines.next().unwrap_or_default();
    let goes_on = if first.trim_start().starts_with('(') {
        !first.contains(')') && !lines.any(|line| line.contains(')'))
    } else {
        let mut before_last = vec![first];
        before_last.extend(lines);
        let last = before_last.pop().unwrap_or_default();
        before_last.iter().all(|line| line.ends_with('\\')) && !last.contains([';', '='])
    };
    goes_on.then_some(&before[..import])
}

const IMPORT: &str = "import";

const ALL_IMPORTED: &[u8] = b"import *";

/// The last part of the name of the module in `from module`, with which `text` ends; empty for a package that is only
/// given by dots.
fn module_of_from(text: &str) -> Option<&str> {
    let module = text.trim_end();
    let from = module.trim_end_matches(|c| c == '.' || is_part_of_word(c));
    // Blanks may stand between dots and a name.
    let from = from.trim_end_matches(|c: char| c == '.' || c.is_whitespace());
    from.ends_with("from").then(|| last_word(module))
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
    fn imports_attributes_and_strings_are_found() {
        for (text, taken) in [
            ("from app.compat import wait_for\n", ("compat", "wait_for")),
            (
                "from .compat import (\n    a,  # and b\n    gather,\n)\n",
                ("compat", "gather"),
            ),
            (
                "from .compat import a, \\\n    gather\n",
                ("compat", "gather"),
            ),
            ("from . import gather\n", ("", "gather")),
            ("from .. compat import gather\n", ("compat", "gather")),
            ("mock.patch('app.compat.gather')\n", ("compat", "gather")),
            ("compat.wait_for(it, 1)\n", ("compat", "wait_for")),
            (
                "with patch.object(app.compat, 'gather'):\n",
                ("compat", "gather"),
            ),
            (
                "setattr(\n    compat,\n    \"wait_for\",\n    it,\n)\n",
                ("compat", "wait_for"),
            ),
        ] {
            assert_eq!(functions_taken(text), [taken], "{text}");
        }
    }

    #[test]
    fn modules_are_known_by_the_names_that_they_are_imported_as() {
        for text in [
            "import app.compat as c\n\nc.gather(it)\n",
            "from app import compat as c\n\nmock.patch.object(c, 'gather')\n",
        ] {
            let taken = functions_taken(text);
            assert_eq!(taken, [("c", "gather"), ("compat", "gather")], "{text}");
        }
    }

    #[test]
    fn an_import_of_everything_takes_all() {
        let both = [("compat", "gather"), ("compat", "wait_for")];
        assert_eq!(functions_taken("from .compat import *\n"), both);
        let text = "from . import *\nfrom asyncio import *\n";
        assert_eq!(functions_taken(text), [("", "gather"), ("", "wait_for")]);
    }

    #[test]
    fn asyncios_own_and_other_names_are_left() {
        for text in [
            "from asyncio import gather, wait_for\n",
            "from asyncio.tasks import x\n\nawait asyncio.wait_for(it, 1)\n",
            "from compat import x\n\nawait gather(it)\n",
            "from compat import (x)\ngather = 1\n",
            "from compat import gather_all, await_gather\n",
            "import gather\n",
        ] {
            assert!(functions_taken(text).is_empty(), "{text}");
        }
    }

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
