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
    /// The names of the file at which it may look, of those that fixes may use or leave without a use.
    pub read: Arc<[String]>,
}

impl Elsewhere {
    /// Whether it does nothing of that.
    pub fn is_empty(&self) -> bool {
        self.patched.is_empty() && self.read.is_empty()
    }
}

/// The functions that fixes may leave without a use in a module.
const FUNCTIONS: [&str; 2] = ["gather", "wait_for"];

/// The functions whose calls fixes may replace, or hand to something else.
pub(crate) const MENDED: [&str; 4] = ["create_task", "ensure_future", "gather", "wait_for"];

/// How far above a name the `import` of its statement is looked for, in bytes.
const LONGEST_IMPORT: usize = 1 << 12;

/// The module that fixes may import where a file has only members of it.
const MODULE: &str = "asyncio";

/// The names of a module with this `text` at which others may look and which fixes may use or leave without a use: those
/// of sets of tasks and of functions that it imports of asyncio; and `asyncio`, where fixes may give it that.
pub fn names_for_others(text: &str) -> Vec<&str> {
    let imported = FUNCTIONS.into_iter().filter(|it| imports(text, it));
    let module = may_get_module(text).then_some(MODULE);
    (names_of_holders(text)
        .into_iter()
        .chain(imported)
        .chain(module))
    .collect()
}

/// Whether fixes may import asyncio in `text`, so that others which import all of it have that too.
fn may_get_module(text: &str) -> bool {
    let has = |part: &[u8]| memmem::find(text.as_bytes(), part).is_some();
    !has(b"import asyncio") && !has(b"__all__") && !imported_functions(text).is_empty()
}

/// The functions that a module with this `text` imports of asyncio by their names, of those whose calls fixes may
/// replace or hand to something else.
pub fn imported_functions(text: &str) -> Vec<&'static str> {
    if word_starts(text.as_bytes(), "asyncio").next().is_none() {
        return Vec::new();
    }
    let imported = MENDED.into_iter().filter(|it| imports(text, it));
    imported.collect()
}

/// Whether `text` imports `function` of asyncio.
fn imports(text: &str, function: &str) -> bool {
    let mut starts = word_starts(text.as_bytes(), function);
    starts.any(|start| is_imported_of_asyncio(&text[..start]))
}

/// Whether what follows `before` is imported of asyncio.
fn is_imported_of_asyncio(before: &str) -> bool {
    text_before_import(before).is_some_and(is_from_asyncio)
}

/// Whether `text` ends with `from asyncio`, or with one of its modules, and not with a module of another package.
fn is_from_asyncio(text: &str) -> bool {
    let module = text.trim_end();
    let from = module.trim_end_matches(|c| c == '.' || is_part_of_word(c));
    let mut parts = module[from.len()..].split('.');
    parts.next() == Some("asyncio") && from.trim_end().ends_with("from")
}

/// The names on which `text` may call `discard` when a task is done.
fn names_of_holders(text: &str) -> Vec<&str> {
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
    if name == MODULE {
        return imports_all(text) && gives_another_meaning(text, name);
    }
    if !name.starts_with('_') && imports_all(text) {
        return true;
    }
    let patches_several = memmem::find(text.as_bytes(), b"patch.multiple").is_some();
    word_starts(text.as_bytes(), name).any(|at| {
        let before = &text[..at];
        is_member_of_another(before)
            || is_quoted(text, at, name)
            || patches_several && is_given(&text[at + name.len()..])
            || text_before_import(before).is_some() && !is_imported_of_asyncio(before)
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
    !matches!(last_word(object), "asyncio" | "self" | "cls")
        || object.trim_end_matches(is_part_of_word).ends_with('.')
}

/// Whether `name`, at `at`, is all of a string: `getattr(module, "_tasks")`.
fn is_quoted(text: &str, at: usize, name: &str) -> bool {
    let is_quote = |c: char| matches!(c, '"' | '\'');
    text[..at].ends_with(is_quote) && text[at + name.len()..].starts_with(is_quote)
}

/// Whether the name that stands before `after` is given something, as that of a keyword is: `multiple(module, _tasks=..)`.
fn is_given(after: &str) -> bool {
    let value = after.trim_start().strip_prefix('=');
    value.is_some_and(|value| !value.starts_with('='))
}

/// Whether `text` may have another module, or something else, by the name of the module `name`: imported from a package,
/// or as another name for something, or assigned.
fn gives_another_meaning(text: &str, name: &str) -> bool {
    word_starts(text.as_bytes(), name).any(|at| {
        let before = &text[..at];
        let imported_from = text_before_import(before).and_then(|it| it.lines().last());
        before.ends_with('.')
            || last_word(before.trim_end()) == "as"
            || is_given(&text[at + name.len()..])
            || imported_from.is_some_and(|line| line.trim_start().starts_with("from"))
    })
}

/// What stands before the `import` among whose names is what follows `before`, if it is one.
fn text_before_import(before: &str) -> Option<&str> {
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

/// Whether `text` may import all that a module other than asyncio has, which others may take from it again.
fn imports_all(text: &str) -> bool {
    word_starts(text.as_bytes(), IMPORT).any(|start| {
        let after = text[start + IMPORT.len()..].trim_start_matches([' ', '\t']);
        after.starts_with('*') && !is_from_asyncio(&text[..start])
    })
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
    fn functions_of_asyncio_are_for_others_where_they_are_imported() {
        for (text, names) in [
            (
                "from asyncio import gather, wait_for\n",
                &["gather", "wait_for", "asyncio"][..],
            ),
            (
                "from asyncio import (\n    Event,\n    gather,\n)\n",
                &["gather", "asyncio"],
            ),
            ("from asyncio.tasks import gather\n", &["gather", "asyncio"]),
            ("from compat import gather\n", &[]),
            ("import asyncio\n\nawait asyncio.gather(it)\n", &[]),
        ] {
            assert_eq!(names_for_others(text), names, "{text}");
        }
    }

    #[test]
    fn asyncios_own_are_not_looked_at_in_other_modules() {
        for text in [
            "from asyncio import gather, wait_for\n",
            "import asyncio\n\nawait asyncio.gather(it)\n",
            "from asyncio import *\n\nawait gather(it)\n",
            "from compat import x\n\nawait gather(it)\n",
            "from compat import (x)\ngather = 1\n",
            "from compat import gather_all, await_gather\n",
            "from asyncio.tasks import gather\n",
            "from compat import x\n\nx(gather=it)\n",
            "patch.multiple(c, wait_for=gather == it)\n",
        ] {
            assert!(!may_look_at(text, "gather"), "{text}");
        }
        for text in [
            "from .compat import*\n",
            "from .asyncio import gather\n",
            "from app.asyncio import gather\n",
            "import app.compat as c\n\nc.gather(it)\n",
            "mock.patch.object(c, 'gather')\n",
            "vars(compat)['gather']\n",
            "mock.patch.multiple(c, gather=it)\n",
            "@patch.multiple('app.compat', wait_for=it, gather = it)\n",
        ] {
            assert!(may_look_at(text, "gather"), "{text}");
        }
    }

    #[test]
    fn asyncio_means_something_else_in_modules_that_take_all() {
        let gets = |text: &str| names_for_others(text).contains(&"asyncio");
        assert!(gets("from asyncio import gather\n"));
        assert!(!gets("import asyncio\nfrom asyncio import gather\n"));
        assert!(!gets("__all__ = []\nfrom asyncio import gather\n"));
        for other in [
            "from . import asyncio\n",
            "from .asyncio import run\n",
            "import trio as asyncio\n",
            "asyncio = None\n",
        ] {
            assert!(
                may_look_at(&format!("{other}from .core import *\n"), "asyncio"),
                "{other}"
            );
            assert!(!may_look_at(other, "asyncio"), "{other}");
        }
        for same in [
            "import os, asyncio\n",
            "from asyncio import run\n",
            "x = asyncio.Task\n",
        ] {
            assert!(
                !may_look_at(&format!("{same}from .core import *\n"), "asyncio"),
                "{same}"
            );
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
