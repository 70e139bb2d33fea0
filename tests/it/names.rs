//! What a use of a name may see, against what CPython saw.
//!
//! Programs made at random give a few names numbered values in all ways that there are, and say what they
//! read. Whatever value was read where, in any of many runs, has to be among the bindings that are listed
//! for that use. `PROGRAMS=20000 SEED=7 cargo test names` runs as many as one likes.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use asyncmend_pipeline::PythonVersion;
use asyncmend_source::{Options, Source, TextSize};
use fastrand::Rng;

use crate::programs::number;
use crate::pythons;
use crate::repository::root;

/// How many programs a plain `cargo test` runs.
const PROGRAMS: u64 = 400;

/// How often each is run, with other conditions and failures.
const RUNS: usize = 40;

const NAMES: [&str; 3] = ["a", "b", "c"];

/// Of four that nest deeper programs become too large to read.
const DEEPEST: usize = 3;

/// A program while it is written.
struct Writer {
    random: Rng,
    text: String,
    /// Where each number's name stands: of the places that read, and of those that give a value.
    reads: BTreeMap<u64, TextSize>,
    binds: BTreeMap<u64, TextSize>,
    next: u64,
}

/// Where a statement stands.
#[derive(Clone, Copy)]
struct Place {
    depth: usize,
    in_loop: bool,
    in_function: bool,
    /// Names that a function around binds, so that an inner one can call them its own by `nonlocal`.
    outer: [bool; 3],
}

impl Writer {
    fn program(seed: u64) -> Self {
        let mut writer = Self {
            random: Rng::with_seed(seed),
            text: String::new(),
            reads: BTreeMap::new(),
            binds: BTreeMap::new(),
            next: 0,
        };
        let place = Place {
            depth: 0,
            in_loop: false,
            in_function: false,
            outer: [false; 3],
        };
        for name in 0..NAMES.len() {
            if writer.random.u8(..4) > 0 {
                let number = writer.bind_name(name);
                let _ = writeln!(writer.text, " = value({number})");
            }
        }
        for _ in 0..6 {
            writer.statement(place, 0);
        }
        writer.line(0, "while flip(): call()\n");
        writer
    }

    fn line(&mut self, indent: usize, text: &str) {
        self.text.push_str(&"    ".repeat(indent));
        self.text.push_str(text);
    }

    fn here(&self) -> TextSize {
        TextSize::try_from(self.text.len()).expect("a short program")
    }

    /// A name that gets a value here; gives the value's number.
    fn bind(&mut self) -> u64 {
        let name = self.random.usize(..NAMES.len());
        self.bind_name(name)
    }

    fn bind_name(&mut self, name: usize) -> u64 {
        self.next += 1;
        let at = self.here();
        self.binds.insert(self.next, at);
        self.text.push_str(NAMES[name]);
        self.next
    }

    /// An expression that reads a name.
    fn read(&mut self) {
        self.next += 1;
        let number = self.next;
        let _ = write!(self.text, "see({number}, ");
        let at = self.here();
        self.reads.insert(number, at);
        let name = self.random.choice(NAMES).expect("a name");
        let _ = write!(self.text, "{name})");
    }

    fn expression(&mut self, place: Place, depth: usize) {
        match self.random.u8(..12) {
            0 if depth < 2 => {
                self.text.push('(');
                self.expression(place, depth + 1);
                self.text.push_str(" if flip() else ");
                self.expression(place, depth + 1);
                self.text.push(')');
            }
            1 if depth < 2 => {
                self.text.push_str("(flip() and ");
                self.expression(place, depth + 1);
                self.text.push_str(" or ");
                self.expression(place, depth + 1);
                self.text.push(')');
            }
            2 => {
                self.text.push('(');
                let number = self.bind();
                let _ = write!(self.text, " := value({number}))");
            }
            3 if depth < 2 => self.comprehension(place, depth),
            4 if depth < 2 => {
                self.text.push_str("later(lambda ");
                let number = self.bind();
                let _ = write!(self.text, "=value({number}): ");
                self.expression(place, depth + 1);
                self.text.push(')');
            }
            5 if depth < 2 => {
                self.text.push_str("later(lambda: ");
                self.expression(place, depth + 1);
                self.text.push(')');
            }
            _ => self.read(),
        }
    }

    fn comprehension(&mut self, place: Place, depth: usize) {
        let (open, close) = *self
            .random
            .choice(&[("[", "]"), ("{", "}"), ("list(", ")")])
            .expect("one");
        self.text.push_str(open);
        self.read();
        self.text.push_str(" for ");
        let number = self.bind();
        let _ = write!(self.text, " in many({number})");
        if self.random.bool() {
            self.text.push_str(" if ");
            self.read();
        }
        if self.random.bool() && depth < 1 && place.depth < DEEPEST {
            self.text.push_str(" for ");
            let number = self.bind();
            let _ = write!(self.text, " in many({number})");
        }
        self.text.push_str(close);
    }

    fn body(&mut self, place: Place, indent: usize) {
        if self.random.bool() {
            self.line(indent, "");
            self.read();
            self.text.push('\n');
        }
        for _ in 0..self.random.usize(1..4) {
            self.statement(place, indent);
        }
    }

    fn statement(&mut self, place: Place, indent: usize) {
        let inner = Place {
            depth: place.depth + 1,
            ..place
        };
        let is_deep = place.depth >= DEEPEST;
        match self.random.u8(..if is_deep { 12 } else { 24 }) {
            0..=2 => {
                self.line(indent, "");
                let number = self.bind();
                let _ = writeln!(self.text, " = value({number})");
            }
            3 => {
                self.line(indent, "");
                let first = self.bind();
                self.text.push_str(", ");
                let second = self.bind();
                let _ = writeln!(self.text, " = value({first}), value({second})");
            }
            4 => {
                self.line(indent, "");
                let number = self.bind();
                let _ = writeln!(self.text, " += value({number})");
            }
            5 => {
                let name = self.random.choice(NAMES).expect("a name");
                self.line(indent, &format!("if flip(): del {name}\n"));
            }
            6 if place.in_loop => {
                let jump = if self.random.bool() {
                    "break"
                } else {
                    "continue"
                };
                self.line(indent, &format!("if flip(): {jump}\n"));
            }
            7 if place.in_function => self.line(indent, "if flip(): return\n"),
            8 => self.line(indent, "if flip(): raise Failure\n"),
            9 => self.line(indent, "call()\n"),
            12 | 13 => self.condition(inner, indent),
            14 | 15 => self.repeat(inner, indent),
            16..=18 => self.try_(inner, indent),
            19 => {
                self.line(indent, "with manager(0), manager(");
                let _ = write!(self.text, "{}) as ", self.next + 1);
                self.bind();
                self.text.push_str(":\n");
                self.body(inner, indent + 1);
            }
            20 => {
                let number = self.next + 1;
                self.line(indent, &format!("match value({number}):\n"));
                self.line(indent + 1, "case ");
                self.bind();
                self.text.push_str(" if flip():\n");
                self.body(inner, indent + 2);
                self.line(indent + 1, "case _:\n");
                self.body(inner, indent + 2);
            }
            21 => self.class(inner, indent),
            22 | 23 => self.function(inner, indent),
            _ => {
                self.line(indent, "");
                self.expression(place, 0);
                self.text.push('\n');
            }
        }
    }

    fn condition(&mut self, place: Place, indent: usize) {
        self.line(indent, "if flip() and ");
        self.expression(place, 1);
        self.text.push_str(":\n");
        self.body(place, indent + 1);
        if self.random.bool() {
            self.line(indent, "elif flip():\n");
            self.body(place, indent + 1);
        }
        if self.random.bool() {
            self.line(indent, "else:\n");
            self.body(place, indent + 1);
        }
    }

    fn repeat(&mut self, place: Place, indent: usize) {
        let body = Place {
            in_loop: true,
            ..place
        };
        match self.random.u8(..3) {
            0 => self.line(indent, "while flip():\n"),
            1 => self.line(indent, "while True:\n"),
            _ => {
                self.line(indent, "for ");
                let number = self.bind();
                let _ = writeln!(self.text, " in many({number}):");
            }
        }
        self.body(body, indent + 1);
        self.line(indent + 1, "if flip(): break\n");
        if self.random.bool() {
            self.line(indent, "else:\n");
            self.body(place, indent + 1);
        }
    }

    fn try_(&mut self, place: Place, indent: usize) {
        self.line(indent, "try:\n");
        self.body(place, indent + 1);
        let catches = self.random.bool();
        if catches {
            let name = self.random.choice(NAMES).expect("a name");
            self.line(indent, &format!("except Failure as {name}:\n"));
            self.body(place, indent + 1);
            self.line(indent, "except NameError:\n");
            self.body(place, indent + 1);
            if self.random.bool() {
                self.line(indent, "else:\n");
                self.body(place, indent + 1);
            }
        }
        if !catches || self.random.bool() {
            self.line(indent, "finally:\n");
            self.body(place, indent + 1);
        }
    }

    fn class(&mut self, place: Place, indent: usize) {
        let body = Place {
            in_loop: false,
            in_function: false,
            ..place
        };
        let number = self.next + 1;
        self.line(indent, &format!("@kept({number})\n"));
        self.line(indent, "class ");
        self.bind();
        self.text.push_str(":\n");
        self.body(body, indent + 1);
    }

    fn function(&mut self, place: Place, indent: usize) {
        let number = self.next + 1;
        self.line(indent, &format!("@kept({number})\n"));
        self.line(indent, "def ");
        self.bind();
        self.text.push('(');
        let mut declared = [false; 3];
        let mut outer = place.outer;
        let parameter = self.random.bool().then(|| self.random.usize(..NAMES.len()));
        if let Some(name) = parameter {
            let number = self.bind_name(name);
            let _ = write!(self.text, "=value({number})");
            outer[name] = true;
        }
        self.text.push_str("):\n");
        for (name, text) in NAMES.iter().enumerate() {
            if parameter == Some(name) {
                continue;
            }
            match self.random.u8(..4) {
                0 => self.line(indent + 1, &format!("global {text}\n")),
                1 if place.outer[name] => self.line(indent + 1, &format!("nonlocal {text}\n")),
                _ => continue,
            }
            declared[name] = true;
            outer[name] = false;
        }
        // What is surely a local may be called nonlocal further in.
        for name in 0..NAMES.len() {
            if !declared[name] && parameter != Some(name) && self.random.bool() {
                self.line(indent + 1, "if flip(): ");
                let number = self.bind_name(name);
                let _ = writeln!(self.text, " = value({number})");
                outer[name] = true;
            }
        }
        let body = Place {
            in_loop: false,
            in_function: true,
            outer,
            ..place
        };
        self.body(body, indent + 1);
    }

    /// What was read, by the numbers of the places, that is not listed for the place.
    fn missing(&self, read: &BTreeSet<(u64, u64)>) -> Vec<String> {
        let options = Options::new(PythonVersion::PY311, 88);
        let source = Source::parse(self.text.clone(), options).expect("CPython took it");
        let bindings = source.bindings();
        let is_missing = |(place, value): &&(u64, u64)| {
            let seen = bindings.use_at(self.reads[place]).expect("a use");
            let target = self.binds[value];
            let mut listed = seen.bindings.iter().map(|id| bindings.binding(*id).target);
            !listed.any(|it| it.start() == target)
        };
        read.iter()
            .filter(is_missing)
            .map(|(place, value)| format!("see({place}, ..) read value({value})"))
            .collect()
    }
}

#[test]
fn names_may_see_what_they_see() {
    let python = pythons::all().last().expect("at least one");
    let (count, first) = (number("PROGRAMS", PROGRAMS), number("SEED", 1));
    let folder = tempfile::tempdir().expect("a temporary folder");
    let programs: Vec<Writer> = (first..first + count).map(Writer::program).collect();
    for (index, program) in programs.iter().enumerate() {
        let path = folder.path().join(format!("{index:06}.py"));
        std::fs::write(path, &program.text).expect("a written program");
    }
    let output = python
        .command()
        .arg(root().join("tests/names/world.py"))
        .arg(folder.path())
        .arg(RUNS.to_string())
        .output()
        .expect("an interpreter that runs");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    let mut read: BTreeMap<usize, BTreeSet<(u64, u64)>> = BTreeMap::new();
    let mut invalid = 0;
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let words: Vec<&str> = line.split(' ').collect();
        let index = words[0].parse().expect("the name of a program");
        match (words[1].parse(), words[2].parse()) {
            (Ok(place), Ok(value)) => {
                read.entry(index).or_default().insert((place, value));
            }
            _ => invalid += 1,
        }
    }
    let values: usize = read.values().map(BTreeSet::len).sum();
    println!("{count} programs, {invalid} of them invalid: {values} values were read");
    assert!(invalid * 2 < count, "most programs are invalid");
    let wrong = read.iter().filter_map(|(index, read)| {
        let missing = programs[*index].missing(read);
        (!missing.is_empty()).then_some((*index, missing))
    });
    // Short ones are easy to understand.
    if let Some((index, missing)) = wrong.min_by_key(|(index, _)| programs[*index].text.len()) {
        let (seed, text) = (first + index as u64, &programs[index].text);
        panic!("seed {seed}: {missing:?} in\n{text}");
    }
}
