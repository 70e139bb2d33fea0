//! Scopes, bindings and flow of one file, from `ty_python_core`'s semantic index.
//!
//! The only crate that names ty and salsa. What it finds leaves as plain
//! [`asyncmend_source::Bindings`], and no file is read.

mod database;
mod extract;
#[cfg(feature = "types")]
pub mod inference;

use std::cell::Cell;

use asyncmend_source::{Analyzer, Bindings, PythonVersion};

use database::SingleFiles;

/// The [`Analyzer`] that sees one file at a time.
///
/// Of other modules it knows the standard library alone (for `from asyncio import *`).
#[derive(Debug, Default)]
pub struct Analysis;

impl Analysis {
    /// An analyzer; making one costs nothing.
    pub fn new() -> Self {
        Self
    }
}

impl Analyzer for Analysis {
    fn bind(&self, text: &str, target: PythonVersion) -> Bindings {
        // Taken out for the time of the question: one that panics leaves none behind.
        let kept = SINGLE_FILES.take().filter(|files| files.takes(target));
        let mut files = kept.unwrap_or_else(|| SingleFiles::new(target));
        let (db, file) = files.add(text);
        let bindings = extract::bindings(db, db.program_file(file));
        SINGLE_FILES.set(Some(files));
        bindings
    }
}

thread_local! {
    static SINGLE_FILES: Cell<Option<SingleFiles>> = const { Cell::new(None) };
}

/// What came of asking about one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// Nothing was asked.
    Nothing,
    /// All was answered. The packages that the file imports and that were not found are named.
    Answered {
        /// By their first name, in order.
        missing: Vec<String>,
    },
    /// At some time there was no answer, for this reason; all is unknown from then on.
    Failed(String),
}

#[cfg(test)]
mod tests {
    use asyncmend_source::{Kind, Options, Source, ast};

    use super::*;

    fn parsed<'a>(text: &str, analysis: &'a Analysis) -> Source<'a> {
        let options = Options::new(PythonVersion::PY311, 88);
        Source::parse(text.to_string(), options, analysis).expect("valid Python")
    }

    /// Asks `question` about the callee of the last call in `text`.
    fn of_last_callee<T>(text: &str, question: impl Fn(&Source<'_>, &ast::Expr) -> T) -> T {
        let analysis = Analysis::new();
        let source = parsed(text, &analysis);
        let calls = source.calls(|_| true);
        let last = calls.last().expect("a call");
        question(&source, &last.call.func)
    }

    #[test]
    fn resolves_what_a_name_means_where_it_stands() {
        let gather = Some("asyncio.gather".to_string());
        let cases = [
            ("import asyncio\nasyncio.gather()", &gather),
            ("import asyncio as aio\naio.tasks.gather()", &gather),
            ("from asyncio import gather as g\ng()", &gather),
            ("from asyncio import *\ngather()", &gather),
            ("import asyncio.tasks\nasyncio.gather()", &gather),
            ("from asyncio import tasks\ntasks.gather()", &gather),
            ("import asyncio\ng = asyncio.gather\nh = g\nh()", &gather),
            ("import asyncio\ndef f():\n    asyncio.gather()", &gather),
            (
                "def f():\n    import asyncio\n    asyncio.gather()",
                &gather,
            ),
            (
                "import asyncio\nclass A:\n    asyncio = 1\n    def f(self):\n        asyncio.gather()",
                &gather,
            ),
            ("import asyncio\n[asyncio.gather() for x in y]", &gather),
            (
                "try:\n    from asyncio import gather\nexcept ImportError:\n    gather = None\ngather()",
                &gather,
            ),
            (
                "import asyncio\ndef f(asyncio):\n    asyncio.gather()",
                &None,
            ),
            (
                "import asyncio\ndef f():\n    asyncio = 1\n    asyncio.gather()",
                &None,
            ),
            ("import asyncio\nasyncio = other()\nasyncio.gather()", &None),
            (
                "import asyncio\nfor asyncio in x:\n    asyncio.gather()",
                &None,
            ),
            ("import asyncio\n[asyncio.gather() for asyncio in y]", &None),
            ("import asyncio\nlambda asyncio: asyncio.gather()", &None),
            ("import asyncio\n(asyncio := x)\nasyncio.gather()", &None),
            (
                "import asyncio\nwith x as asyncio:\n    asyncio.gather()",
                &None,
            ),
            (
                "import asyncio\ntry:\n    pass\nexcept E as asyncio:\n    asyncio.gather()",
                &None,
            ),
            (
                "import asyncio\nmatch x:\n    case [asyncio]:\n        asyncio.gather()",
                &None,
            ),
            (
                "import asyncio\ndef f():\n    global asyncio\n    asyncio = 1\ndef g():\n    asyncio.gather()",
                &None,
            ),
            (
                "def f():\n    import asyncio\n    def g():\n        nonlocal asyncio\n        asyncio = 1\n    asyncio.gather()",
                &None,
            ),
            (
                "import asyncio\ndef f[asyncio](x: asyncio):\n    asyncio.gather()",
                &None,
            ),
            (
                "import asyncio\nif x:\n    asyncio = y\nasyncio.gather()",
                &None,
            ),
            (
                "import asyncio\nwhile x:\n    asyncio.gather(1)\n    asyncio = y\n    asyncio.gather()",
                &None,
            ),
            (
                "from .asyncio import gather\ngather()",
                &Some(".asyncio.gather".to_string()),
            ),
        ];
        for (text, expected) in cases {
            let found = of_last_callee(text, |source, callee| source.qualified(callee));
            assert_eq!(&found, expected, "{text}");
        }
    }

    #[test]
    fn a_rebinding_in_a_loop_reaches_back() {
        let analysis = Analysis::new();
        let text = "import asyncio\nwhile x:\n    asyncio.gather()\n    asyncio = y\n";
        let source = parsed(text, &analysis);
        assert_eq!(source.calls_to(&["asyncio.gather"]).len(), 0);
    }

    #[test]
    fn knows_event_loops_and_groups() {
        let cases = [
            (
                "import asyncio\nloop = asyncio.new_event_loop()\nloop.f()",
                Kind::EventLoop,
            ),
            (
                "import asyncio\ndef f(loop: asyncio.AbstractEventLoop):\n    loop.f()",
                Kind::EventLoop,
            ),
            (
                "import asyncio\ndef f(loop: 'asyncio.AbstractEventLoop | None'):\n    loop.f()",
                Kind::EventLoop,
            ),
            (
                "import asyncio\nclass A:\n    def __init__(self, loop=None):\n        self.loop = loop or asyncio.get_event_loop()\n    def f(self):\n        self.loop.f()",
                Kind::EventLoop,
            ),
            (
                "import asyncio\nclass A:\n    def __init__(self):\n        self.loop = asyncio.get_event_loop()\n    def g(self, loop):\n        self.loop = loop\n    def f(self):\n        self.loop.f()",
                Kind::Unknown,
            ),
            (
                "import asyncio\nasync def f():\n    async with asyncio.TaskGroup() as tg:\n        tg.f()",
                Kind::TaskGroup,
            ),
            (
                "import asyncio\nloop = asyncio.new_event_loop()\nloop = x\nloop.f()",
                Kind::Unknown,
            ),
        ];
        for (text, expected) in cases {
            let found = of_last_callee(text, |source, callee| match callee {
                ast::Expr::Attribute(method) => source.kind_of(&method.value),
                _ => panic!("a method: {text}"),
            });
            assert_eq!(found, expected, "{text}");
        }
    }
}
