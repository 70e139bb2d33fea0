//! How the time that a file takes grows with it, of whatever there is much in it: four times the code must take
//! nothing near the square of that, sixteen times as long, unless it takes no time worth a thought.
//!
//! `GROWTH=10000` begins with that many of each and prints a table, `ONLY=names` of those alone whose name begins so:
//! `cargo test growth -- --nocapture`.

use std::fmt::Write as _;
use std::fs;
use std::time::{Duration, Instant};

use asyncmend_pipeline::{Consent, Options, Outcome, Pipeline, PythonVersion, Settings};
use asyncmend_transforms::{ALL, helpers};

use crate::programs::number;

/// How many of each there are at first.
const FIRST: u64 = 500;

/// How many times as many there are then.
const FACTOR: usize = 4;

/// Twice of what is in proportion; what grows with the square takes [`FACTOR`] times of that.
const MOST: f64 = 8.0;

/// What takes less than this is in nobody's way, and hard to measure.
const SHORT: Duration = Duration::from_millis(40);

const STACK_BYTES: usize = 1 << 30;

/// Makes a text with so many of something.
type Make = fn(usize) -> String;

/// A module whose function has `body` in it, with sites of all kinds.
fn function(body: &str) -> String {
    format!(
        "import asyncio\n\n\nasync def f(x, a, b):\n    asyncio.create_task(a())\n{body}    \
         await asyncio.gather(a(), b(x))\n    await asyncio.wait_for(a(), 5)\n"
    )
}

fn numbered(count: usize, line: impl Fn(usize) -> String) -> String {
    (0..count).map(|number| line(number) + "\n").collect()
}

/// In a function, lines made of their numbers.
fn lines(count: usize, line: impl Fn(usize) -> String) -> String {
    function(&numbered(count, |number| format!("    {}", line(number))))
}

fn nested(count: usize, open: &str, close: &str) -> String {
    function(&format!(
        "    x = {}x{}\n",
        open.repeat(count),
        close.repeat(count)
    ))
}

/// A coroutine with `body` in it that awaits `x`, and a gather of it.
fn gathered(body: &str) -> String {
    let gather = "async def gathers():\n    await asyncio.gather(g(f(1, 2, 3)), f(1, 2, 3))\n";
    function("") + &format!("async def g(x):\n{body}    await x\n{gather}")
}

/// What a file may have much of.
const MUCH: [(&str, Make); 63] = [
    ("assignments", |n| lines(n, |_| "x = x + 1".to_owned())),
    ("names", |n| lines(n, |i| format!("x{i} = a"))),
    ("names in turn", |n| {
        lines(n, |i| format!("x{} = x{i}", i + 1))
    }),
    ("names twice in turn", |n| {
        lines(n, |i| format!("x{} = (x{i}, x{i})", i + 1))
    }),
    ("names in a circle", |n| {
        let circle = numbered(n, |_| "    x = y; y = x; x = [x, y]".to_owned());
        gathered(&format!("{circle}    g(x, y)\n"))
    }),
    ("names in branches of a circle", |n| {
        let circle = numbered(n, |_| "    if x: x = y\n    else: y = x; z(x)".to_owned());
        gathered(&circle)
    }),
    ("branches with names in turn", |n| {
        let levels = (1..8).map(|level| {
            let branch = |i| format!("    elif x == {i}: x{level} = x{}", level - 1);
            format!(
                "    if x: x{level} = x{}\n{}",
                level - 1,
                numbered(n, branch)
            )
        });
        let levels: String = levels.collect();
        function(&format!(
            "    x0 = a()\n{levels}    await asyncio.gather(x7, b())\n"
        ))
    }),
    ("conditional expressions of names in turn", |n| {
        let levels = (1..8).map(|level| {
            let last = format!("x{}", level - 1);
            // Each level would multiply it by so much.
            let value = vec![last; n].join(" if a else ");
            format!("    x{level} = {value} if a else None\n")
        });
        let levels: String = levels.collect();
        function(&format!(
            "    x0 = asyncio.gather\n{levels}    await x7(a(), b())\n"
        ))
    }),
    ("functions of calls in turn", |n| {
        let calls = |level: usize| numbered(n, |_| format!("    if x: return y{}(x)", level + 1));
        let levels = (0..8).map(|level| format!("def y{level}(x):\n{}", calls(level)));
        gathered("    x = y0(x)\n") + &levels.collect::<String>()
    }),
    ("functions in turn", |n| {
        function("")
            + &numbered(n, |i| {
                format!("async def f{}():\n    return await f{i}()", i + 1)
            })
    }),
    ("functions twice in turn", |n| {
        function("")
            + &numbered(n, |i| {
                format!("def f{}():\n    return f{i}() or f{i}()", i + 1)
            })
            + "async def g():\n    await asyncio.gather(f3(), f4())\n    asyncio.create_task(f5())\n"
    }),
    ("classes in turn", |n| {
        function("")
            + &numbered(n, |i| {
                format!("class C{}(C{i}):\n    async def m(self): pass", i + 1)
            })
    }),
    ("loops", |n| lines(n, |_| "while a: x = x + a".to_owned())),
    ("conditions", |n| lines(n, |i| format!("if a: x = {i}"))),
    ("branches", |n| {
        function(&format!(
            "    if a: x = 0\n{}",
            numbered(n, |i| format!("    elif a == {i}: x = {i}"))
        ))
    }),
    ("handlers", |n| {
        function(&format!(
            "    try: x = a()\n{}",
            numbered(n, |i| format!("    except E{i}: x = {i}"))
        ))
    }),
    ("tries", |n| {
        lines(n, |i| format!("try: x = {i}\n    except E: pass"))
    }),
    ("tries with finally", |n| {
        lines(n, |i| format!("try: x = {i}\n    finally: b = x"))
    }),
    ("matches", |n| {
        function(&format!(
            "    match x:\n{}",
            numbered(n, |i| format!("        case [{i}, *x]: pass"))
        ))
    }),
    ("imports", |n| {
        numbered(n, |i| format!("import m{i}")) + &function("")
    }),
    ("imports of asyncio", |n| {
        numbered(n, |_| "import asyncio".to_owned()) + &function("")
    }),
    ("imports with names", |n| {
        numbered(n, |i| format!("from m{i} import a{i} as b{i}, c{i}")) + &function("")
    }),
    ("imported names", |n| {
        format!(
            "from m import (\n{})\n",
            numbered(n, |i| format!("    a{i},"))
        ) + &function("")
    }),
    ("stars", |n| {
        numbered(n, |i| format!("from m{i} import *")) + &function("")
    }),
    ("globals", |n| lines(n, |i| format!("global x{i}"))),
    ("deletions", |n| lines(n, |_| "del x; x = a".to_owned())),
    ("comments", |n| lines(n, |i| format!("# {i}\n    pass"))),
    ("ignore comments", |n| {
        lines(n, |_| "pass  # asyncmend: ignore".to_owned())
    }),
    ("strings", |n| lines(n, |i| format!("x = 'gather {i}'"))),
    ("strings joined", |n| {
        function(&format!("    x = {}\n", "'create_task' ".repeat(n)))
    }),
    ("string of lines", |n| {
        function(&format!(
            "    x = '''\n{}'''\n",
            numbered(n, |_| "gather(".to_owned())
        ))
    }),
    ("decorators", |n| {
        function("")
            + &numbered(n, |i| format!("@d{i}"))
            + "async def g(): await asyncio.gather(f())\n"
    }),
    ("parameters", |n| {
        let parameters: Vec<String> = (0..n).map(|i| format!("p{i}=None")).collect();
        function("")
            + &format!(
                "async def g({}): asyncio.create_task(f())\n",
                parameters.join(", ")
            )
    }),
    ("items of a list", |n| nested(n, "a, ", "")),
    ("targets", |n| {
        let targets: Vec<String> = (0..n).map(|i| format!("t{i}")).collect();
        function(&format!("    {} = x\n", targets.join(", ")))
    }),
    ("assigned at once", |n| {
        let targets: Vec<String> = (0..n).map(|i| format!("t{i} = ")).collect();
        function(&format!("    {}x\n", targets.join("")))
    }),
    ("sites of a list", |n| {
        function(&format!(
            "    x = [\n{}    ]\n",
            numbered(n / 4, |_| "        asyncio.create_task(a()),".to_owned())
        ))
    }),
    ("sites of a dict", |n| {
        function(&format!(
            "    x = {{\n{}    }}\n",
            numbered(n / 4, |i| format!("        {i}: asyncio.create_task(a()),"))
        ))
    }),
    ("keys of a dict", |n| {
        function(&format!(
            "    x = {{\n{}    }}\n",
            numbered(n, |i| format!("        'k{i}': a(),"))
        ))
    }),
    ("attributes", |n| nested(n, "", ".a")),
    ("sums", |n| nested(n, "a + ", "")),
    ("comparisons", |n| nested(n, "a < ", "")),
    ("walruses", |n| lines(n, |i| format!("(x{i} := a)"))),
    ("lambdas", |n| lines(n, |_| "x = lambda: x".to_owned())),
    ("comprehensions", |n| {
        lines(n, |_| "x = [a for a in x]".to_owned())
    }),
    ("loops of a comprehension", |n| {
        function(&format!("    x = [a {}]\n", "for a in x ".repeat(n)))
    }),
    ("functions", |n| {
        numbered(n, |i| format!("def g{i}(): return a")) + &function("")
    }),
    ("functions with sites", |n| {
        (0..n / 4).map(|_| function("")).collect()
    }),
    ("dropped tasks", |n| {
        lines(n / 4, |_| "asyncio.create_task(a())".to_owned())
    }),
    ("gathers", |n| {
        lines(n / 8, |_| "await asyncio.gather(a(), b())".to_owned())
    }),
    ("functions with a gather", |n| {
        let gather = |i| format!("async def f{i}():\n    await asyncio.gather(a(), b())\n");
        function("") + &numbered(n, gather)
    }),
    ("functions with a task", |n| {
        let task = |i| format!("async def f{i}():\n    asyncio.create_task(a())\n");
        function("") + &numbered(n, task)
    }),
    // Each name is followed through all blocks of its function, of which a group is one.
    ("gathers with results", |n| {
        lines(n / 16, |i| {
            format!("x{i}, y{i} = await asyncio.gather(a(), b())")
        })
    }),
    ("waits", |n| {
        lines(n / 8, |i| format!("x{i} = await asyncio.wait_for(a(), 5)"))
    }),
    ("refused gathers", |n| {
        lines(n / 4, |_| {
            "await asyncio.gather(a(), return_exceptions=True)".to_owned()
        })
    }),
    ("held tasks", |n| {
        lines(n / 4, |_| "x.create_task(a())".to_owned())
    }),
    ("arguments of a gather", |n| {
        function(&format!(
            "    await asyncio.gather(\n{}    )\n",
            numbered(n, |i| format!("        a({i}),"))
        ))
    }),
    ("results of a gather", |n| {
        let names: Vec<String> = (0..n).map(|i| format!("r{i}")).collect();
        function(&format!(
            "    {} = await asyncio.gather({}a())\n",
            names.join(", "),
            "a(), ".repeat(n - 1)
        ))
    }),
    ("appended to a gather's list", |n| {
        function(&format!(
            "    tasks = []\n{}    await asyncio.gather(*tasks)\n",
            numbered(n, |_| "    tasks.append(a())".to_owned())
        ))
    }),
    ("stored tasks", |n| {
        lines(n / 4, |i| format!("t{i} = asyncio.create_task(a())"))
    }),
    ("attributes of self", |n| {
        function("")
            + "class C:\n    def __init__(self):\n"
            + &numbered(n, |i| format!("        self.a{i} = asyncio.Queue()"))
            + "    async def m(self):\n        await asyncio.gather(self.a1.get(), self.a2.get())\n"
    }),
    ("blank lines", |n| function(&"\n".repeat(n))),
    ("cells above their import", |n| {
        numbered(n, |i| {
            format!(
                "asyncio.create_task(f())\nasync def f{i}(x):\n    await asyncio.wait_for(f(), x)\n{CELL}{i}"
            )
        }) + "import asyncio\n\nasync def f(): ...\n"
    }),
];

/// What stands between the cells of a notebook.
const CELL: &str = "# %% asyncmend_command_";

/// What the pipeline takes for `text`.
fn time(text: &str) -> Duration {
    let settings = Settings {
        options: Options {
            in_cells: text.contains(CELL),
            ..Options::new(PythonVersion::PY311, 88)
        },
        consent: Consent::all(),
        makers: std::sync::Arc::default(),
        lays_out: false,
        lists_candidates: false,
        finish: helpers::finish,
    };
    let pipeline = Pipeline::new(ALL.to_vec(), settings);
    let begun = Clock::now();
    let outcome = pipeline.run(text, None);
    let taken = begun.elapsed();
    match outcome {
        Outcome::Changed { .. } | Outcome::Unchanged { .. } => {}
        Outcome::Unparsable(error) => panic!("{error}"),
        Outcome::Broken { transform, bug } => panic!("{transform}: {bug}"),
    }
    taken
}

/// Counts what this thread computes where the system tells, so that other work does not matter.
enum Clock {
    Thread(u64),
    Wall(Instant),
}

impl Clock {
    fn now() -> Self {
        thread_nanoseconds().map_or_else(|| Self::Wall(Instant::now()), Self::Thread)
    }

    fn elapsed(&self) -> Duration {
        match self {
            Self::Thread(begun) => {
                let now = thread_nanoseconds().expect("it told before");
                Duration::from_nanos(now - begun)
            }
            Self::Wall(begun) => begun.elapsed(),
        }
    }
}

fn thread_nanoseconds() -> Option<u64> {
    let text = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    text.split(' ').next()?.parse().ok()
}

fn table(first: usize) -> String {
    let mut table = String::new();
    let only = std::env::var("ONLY").unwrap_or_default();
    for (name, make) in MUCH.iter().filter(|(name, _)| name.starts_with(&only)) {
        println!("{name}");
        let (one, more) = (make(first), make(FACTOR * first));
        // What the machine does beside makes it slower, never faster.
        let growth = (0..3)
            .map(|_| (time(&one), time(&more)))
            .map(|(one, more)| (more.as_secs_f64() / one.as_secs_f64(), more))
            .min_by(|one, other| one.0.total_cmp(&other.0));
        let (growth, taken) = growth.expect("three");
        let is_wrong = growth > MOST && taken > SHORT;
        if std::env::var_os("GROWTH").is_some() {
            println!("{growth:6.1} {:8.3} s  {name}", taken.as_secs_f64());
        }
        if is_wrong {
            let _ = writeln!(
                table,
                "{name}: {FACTOR} times as many take {growth:.1} times as long"
            );
        }
    }
    table
}

#[test]
fn time_grows_with_the_file_and_not_faster() {
    let first = usize::try_from(number("GROWTH", FIRST)).expect("a number");
    let thread = std::thread::Builder::new().stack_size(STACK_BYTES);
    let done = thread.spawn(move || table(first)).expect("a thread");
    let wrong = done.join().expect("no panic");
    assert!(wrong.is_empty(), "\n{wrong}");
}
