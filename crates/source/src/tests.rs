//! What names mean, on small modules.

use ruff_python_ast::visitor::source_order::{self, SourceOrderVisitor};

use crate::binder::{self, Waits};
use crate::bindings::{All, BindingId};
use crate::{
    Kind, Options, PythonVersion, Ranged, Shade, Source, TextRange, TextSize, TokenKind, ast,
};

fn parsed(text: &str) -> Source<'static> {
    let options = Options::new(PythonVersion::PY311, 88);
    Source::parse(text.to_string(), options).expect("valid Python")
}

/// Asks `question` about the callee of the last call in `text`.
fn of_last_callee<T>(text: &str, question: impl Fn(&Source<'_>, &ast::Expr) -> T) -> T {
    let source = parsed(text);
    let calls = source.calls_named(&["gather", "g", "h", "f"]);
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
        (
            "import asyncio\ndef f(b):\n    g = asyncio.gather\n    try:\n        try:\n            return b()\n        finally:\n            g = b\n    except E:\n        g()",
            &None,
        ),
        (
            "import asyncio\ndef f(b):\n    g = asyncio.gather\n    try:\n        b(g := b)\n    except E:\n        g()",
            &None,
        ),
        (
            "import asyncio\ndef f(b):\n    g = asyncio.gather\n    it = (g() for x in y)\n    g = b",
            &None,
        ),
        // The name is the class body's own, and the function around is passed over.
        (
            "import asyncio\ndef f(asyncio):\n    class A:\n        while True:\n            asyncio.gather()\n        else:\n            asyncio = 1",
            &gather,
        ),
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
fn no_star_of_the_standard_library_hides_what_asyncio_alone_has() {
    for text in [
        "from asyncio import *\nfrom tkinter import *\ngather()",
        "from asyncio import gather\nfrom typing import *\ngather()",
    ] {
        let found = of_last_callee(text, |source, callee| source.qualified(callee));
        assert_eq!(found.as_deref(), Some("asyncio.gather"), "{text}");
    }
}

#[test]
fn cleanup_within_cleanup_takes_no_time() {
    let nested = |level: usize| {
        let indent = " ".repeat(level);
        format!("{indent}try:\n{indent} a = {level}\n{indent}finally:\n")
    };
    let nested: String = (0..90).map(nested).collect();
    let innermost = format!("{}asyncio.gather()", " ".repeat(90));
    let source = parsed(&format!("import asyncio\n{nested}{innermost}\n"));
    assert_eq!(source.calls_to(&["asyncio.gather"]).len(), 1);
}

#[test]
fn a_rebinding_in_a_loop_reaches_back() {
    let text = "import asyncio\nwhile x:\n    asyncio.gather()\n    asyncio = y\n";
    let source = parsed(text);
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
            "import asyncio\nclass A:\n    def __init__(self):\n        self.loop = asyncio.get_event_loop()\n    def g(self, x):\n        for self.loop in x: pass\n    def f(self):\n        self.loop.f()",
            Kind::Unknown,
        ),
        (
            "import asyncio\nclass A:\n    def __init__(self):\n        self.loop = asyncio.get_event_loop()\n    def g(self, x):\n        with x as self.loop: pass\n    def f(self):\n        self.loop.f()",
            Kind::Unknown,
        ),
        (
            "import asyncio\nclass A:\n    def __init__(self):\n        self.loop = asyncio.get_event_loop()\n    def g(self, x):\n        [0 for self.loop in x]\n    def f(self):\n        self.loop.f()",
            Kind::Unknown,
        ),
        (
            "import asyncio\nclass A:\n    def __init__(self):\n        self.loop = asyncio.get_event_loop()\n    def g(self, x):\n        for self.loop, y in x: pass\n    def f(self):\n        self.loop.f()",
            Kind::Unknown,
        ),
        (
            "import asyncio\nclass A:\n    def __init__(self):\n        self.loop = asyncio.get_event_loop()\n    def g(self, x):\n        (self.  # why\n        loop) = x\n    def f(self):\n        self.loop.f()",
            Kind::Unknown,
        ),
        (
            "import asyncio\nclass A:\n    def __init__(self):\n        self.loop = asyncio.get_event_loop()\n    def g(self, x):\n        self.loop += x\n    def f(self):\n        self.loop.f()",
            Kind::Unknown,
        ),
        // `\u{fb01}` is `fi` to Python.
        (
            "class A:\n    def __init__(self, x):\n        self.\u{fb01} = x\n    async def fi(self): ...\n    def g(self):\n        self.fi().f()",
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

#[test]
fn pieces_of_code_have_their_colours() {
    let text = "@a.b(1)\nasync def f(x):  # why\n    return await g(f'{x}s') @ 2.5\n";
    let source = parsed(text);
    let shades = source.shades();
    let shown: Vec<(&str, Shade)> = (shades.iter())
        .map(|(range, shade)| (source.slice(*range), *shade))
        .collect();
    assert_eq!(
        shown,
        [
            ("@", Shade::Decorator),
            ("a", Shade::Decorator),
            (".", Shade::Decorator),
            ("b", Shade::Decorator),
            ("1", Shade::Number),
            ("async", Shade::Keyword),
            ("def", Shade::Keyword),
            ("f", Shade::Definition),
            ("# why", Shade::Comment),
            ("return", Shade::Keyword),
            ("await", Shade::Keyword),
            ("f'", Shade::String),
            ("s", Shade::String),
            ("'", Shade::String),
            ("2.5", Shade::Number),
        ]
    );
    let at = TextRange::at(
        TextSize::try_from(text.find("g(").unwrap()).unwrap(),
        1.into(),
    );
    let around = source.function_around(at).unwrap();
    assert!(source.slice(around.whole).starts_with("async def f(x):"));
    assert_eq!(source.slice(around.name), "f");
}

#[test]
fn tells_the_names_around_a_place() {
    let text = "f()\nclass A:\n    async def b(self):\n        def c():\n            f()\n";
    let source = parsed(text);
    let names: Vec<Option<String>> = (source.calls_named(&["f"]).iter())
        .map(|site| source.scope_name(site.call.range()))
        .collect();
    assert_eq!(names, [None, Some("A.b.c".to_string())]);
}

#[test]
fn tells_the_quotes_of_the_string_around_a_place() {
    let text = "x = rb'''a\nb''' + f\"\"\"c\n{d}\n\"\"\" + 'e\\\n'\n";
    let source = parsed(text);
    let quotes: Vec<Option<&str>> = (text.match_indices('\n'))
        .map(|(at, _)| TextSize::try_from(at + 1).expect("a short text"))
        .map(|line| source.quotes_around(line))
        .collect();
    let expected = ["'''", "\"\"\"", "\"\"\"", "'"].map(Some);
    assert_eq!(quotes[..4], expected);
    assert_eq!(quotes[4..], [None]);
}

#[test]
fn cells_may_be_run_in_any_order() {
    let gather_in = |in_cells: bool, text: &str| {
        let options = Options {
            in_cells,
            ..Options::new(PythonVersion::PY311, 88)
        };
        let source = Source::parse(text.to_owned(), options).expect("valid Python");
        let calls = source.calls_named(&["gather"]);
        source.qualified(&*calls.last().expect("a call").call.func)
    };
    let gather = Some("asyncio.gather".to_string());
    for text in [
        "asyncio.gather()\nimport asyncio",
        "[asyncio.gather() for x in y]\nimport asyncio",
        "class A:\n    x = asyncio.gather()\nimport asyncio",
        "import asyncio\nasyncio.gather()\ndel asyncio\nasyncio.gather()",
    ] {
        assert_eq!(gather_in(true, text), gather, "{text:?}");
        assert_eq!(gather_in(false, text), None, "{text:?}");
    }
    for text in [
        // What stands above is nearer.
        "import other as asyncio\nasyncio.gather()\nimport asyncio",
        "asyncio.gather()\nimport asyncio\nimport other as asyncio",
        // A function has an order.
        "def f():\n    asyncio.gather()\n    import asyncio",
    ] {
        assert_ne!(gather_in(true, text), gather, "{text:?}");
    }
}

/// What is known of the names of a file, in words.
fn all_about_names(source: &Source<'_>) -> Vec<String> {
    let bindings = source.bindings();
    let scope = |id| {
        let scope = bindings.scope(id);
        format!("{:?} {:?}", scope.kind, scope.range)
    };
    let targets = |ids: &[BindingId]| {
        let targets = ids.iter().map(|id| bindings.binding(*id));
        let targets =
            targets.map(|it| format!("{:?} {:?} {}", it.target, it.kind, scope(it.scope)));
        targets.collect::<Vec<_>>()
    };
    let mut names: Vec<(&str, TextRange)> = (source.tokens().iter())
        .filter(|token| token.kind() == TokenKind::Name)
        .map(|token| (source.slice(token.range()), token.range()))
        .collect();
    let mut known = Vec::new();
    for (name, at) in &names {
        if let Some(seen) = bindings.use_at(at.start()) {
            let (around, unbound) = (scope(seen.scope), seen.maybe_unbound);
            known.push(format!(
                "{at:?} {around} {unbound} {:?}",
                targets(&seen.bindings)
            ));
        }
        if let Some(id) = bindings.binding_at(*at) {
            known.push(format!("{name} at {at:?}: {:?}", bindings.uses_of(id)));
            let scope = bindings.binding(id).scope;
            let all = targets(&source.bindings_in(scope, name));
            known.push(format!("{:?} {all:?}", bindings.name_in(scope, name)));
        }
    }
    names.sort_unstable_by_key(|(name, _)| *name);
    names.dedup_by_key(|(name, _)| *name);
    let mut functions = Functions(Vec::new());
    functions.visit_body(source.body());
    for (name, _) in names {
        let mut uses: Vec<TextSize> = bindings.uses_named(name).map(|(at, _)| at).collect();
        uses.sort_unstable();
        let free: Vec<bool> = (functions.0.iter())
            .map(|function| source.is_free_in_function(function, name))
            .collect();
        let builtin = source.is_builtin_in_module(name);
        let mentioned = bindings.mention(name);
        known.push(format!("{name} {uses:?} {free:?} {builtin} {mentioned}"));
    }
    for function in functions.0 {
        let scope = source.scope_of(function).map(scope);
        known.push(format!("{scope:?} {}", source.reads_every_local(function)));
    }
    known
}

struct Functions<'s>(Vec<&'s ast::StmtFunctionDef>);

impl<'s> SourceOrderVisitor<'s> for Functions<'s> {
    fn visit_stmt(&mut self, statement: &'s ast::Stmt) {
        if let ast::Stmt::FunctionDef(function) = statement {
            self.0.push(function);
        }
        source_order::walk_stmt(self, statement);
    }
}

#[test]
fn a_function_that_waited_is_known_as_if_it_had_not() {
    let mut texts: Vec<String> = [
        "x = 1\ndef f():\n    global x\n    x = 2\ndef g():\n    return x\n",
        "def f(x, *y, z=(w := 1)):\n    def g():\n        nonlocal x\n        x = 2\n    return [x for x in y]\n",
        "class A[T]:\n    x = 1\n    @x\n    def f[U](self: T, y: U = x):\n        class x: y = x\n        return lambda x: (x, y, T, U)\n",
        "for x in y:\n    def f():\n        import asyncio as x\n        return x, y\n    x()\n",
        "def f():\n    from a import *\n    return b\nfrom asyncio import *\n",
        "def f():\n    \u{e9}t\u{e9} = 1\n    return \u{e9}t\u{e9}, locals()\ndef g(): return ete\n",
        "class A:\n    def f(self):\n        nonlocal __class__\n        __class__ = 1\n    def g(self): return __class__\n",
        "try:\n    def f(): return x\nfinally:\n    def g(): return f\n    x = f\n",
        "import x\ntry:\n    import y\nexcept ImportError:\n    def f(): return x, y\nelse:\n    def f(): return y, x\n",
    ]
    .map(str::to_owned)
    .to_vec();
    let cases = concat!(env!("CARGO_MANIFEST_DIR"), "/../../transforms");
    for entry in ignore::WalkBuilder::new(cases).build() {
        let path = entry.expect("a file").into_path();
        if path.extension().is_some_and(|it| it == "py") {
            texts.extend(std::fs::read_to_string(path));
        }
    }
    assert!(texts.len() > 500);
    let mut waited = 0;
    for text in texts {
        let Ok(source) = Source::parse(&*text, Options::new(PythonVersion::PY311, 88)) else {
            continue;
        };
        let eager = Source::parse(&*text, source.options().clone()).expect("as before");
        let all = binder::bind(eager.parsed.syntax(), &eager.as_bound(), Waits::Never);
        assert!(eager.bindings.set(All::new(all)).is_ok());
        assert_eq!(all_about_names(&source), all_about_names(&eager), "{text}");
        waited += source.bindings.get().map_or(0, All::waiting);
    }
    assert!(waited > 1000);
}
