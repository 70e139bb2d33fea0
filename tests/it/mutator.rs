//! Random changes to the cases. `fuzz` has this module too.

use asyncmend_pipeline::Consent;

use crate::case::Case;
use crate::choices::Choices;

/// How many changes are made to one at most.
const MOST: usize = 4;

/// What is put between two words of a line.
const WORDS: [&str; 24] = [
    "await ",
    "(",
    ")",
    "*",
    "not ",
    "lambda: ",
    "yield ",
    ", ",
    "# gather",
    "\\\n",
    "; ",
    "x := ",
    "async ",
    "return ",
    "=",
    "[0]",
    ".x",
    " or x",
    " if x else y",
    "f\"{",
    "}\"",
    "\t",
    "\x0c",
    "\u{e9}",
];

/// What is put around some lines.
const BLOCKS: [&str; 16] = [
    "if x:",
    "while x:",
    "for _ in x:",
    "async for _ in x:",
    "with x:",
    "async with asyncio.timeout(1):",
    "async with asyncio.TaskGroup() as tg:",
    "try:\n    pass\nfinally:",
    "try:\n    pass\nexcept ValueError:",
    "try:\n    pass\nexcept* ValueError:",
    "try:\n    pass\nexcept asyncio.CancelledError:",
    "def f(asyncio=None):",
    "async def f(gather, *tasks):",
    "class C:",
    "match x:\n    case [a, *b]:",
    "if x: pass\nelse:",
];

/// A line by itself.
const LINES: [&str; 16] = [
    "import asyncio",
    "from asyncio import gather, wait_for, create_task",
    "from asyncio import *",
    "import asyncio as aio, sys",
    "global tasks",
    "del asyncio",
    "asyncio.gather = None",
    "tasks = []",
    "await asyncio.gather(*tasks)",
    "x = await asyncio.wait_for(f(), timeout=x)",
    "asyncio.create_task(f())",
    "# asyncmend: ignore",
    "\"\"\"text",
    "@decorator",
    "raise",
    "_background_tasks = set()",
];

/// One of `cases` with some changes, under its own settings or with all cautions accepted.
pub(crate) fn mutant(choices: &mut impl Choices, cases: &[Case], name: String) -> Case {
    let mut mutator = Mutator { choices };
    let text = mutator.mutated(cases);
    let mut case = mutator.choice(cases).with_text(name, text);
    if mutator.choices.below(2) == 0 {
        case.settings.consent = Consent::all();
    }
    case
}

struct Mutator<'c, C> {
    choices: &'c mut C,
}

impl<C: Choices> Mutator<'_, C> {
    fn mutated(&mut self, cases: &[Case]) -> String {
        let mut text = self.choice(cases).text.clone();
        if self.choices.below(8) == 0 {
            let other = &self.choice(cases).text;
            text = format!("{text}\n{other}");
        }
        for _ in 0..=self.choices.below(MOST) {
            text = self.changed(&text, cases);
        }
        text
    }

    fn choice<'t, T>(&mut self, all: &'t [T]) -> &'t T {
        &all[self.choices.below(all.len())]
    }

    fn changed(&mut self, text: &str, cases: &[Case]) -> String {
        let mut lines: Vec<String> = text.split('\n').map(str::to_owned).collect();
        // The options of the first line stay.
        let first = usize::from(lines.len() > 1);
        let at = first + self.choices.below(lines.len() - first);
        match self.choices.below(14) {
            0 => drop(lines.remove(at)),
            1 => lines.insert(at, lines[at].clone()),
            2 if at > 1 => lines.swap(at, at - 1),
            3 => lines[at] = self.with_word(&lines[at]),
            4 => lines[at] = self.with_other_word(&lines[at], text),
            5 | 6 => self.wrap(&mut lines, at),
            7 => {
                let line = *self.choice(&LINES);
                let indent = indentation(&lines[at]).to_owned();
                lines.insert(at, indent + line);
            }
            8 => {
                let other = &self.choice(cases).text;
                let others: Vec<&str> = other.split('\n').collect();
                let line = *self.choice(&others);
                lines.insert(at, indentation(&lines[at]).to_owned() + line.trim_start());
            }
            9 if at > 0 => {
                let line = lines.remove(at);
                lines[at - 1] = format!("{}; {}", lines[at - 1], line.trim_start());
            }
            10 => {
                let end: &str = self.choice::<&str>(&["\r\n", "\r", "\n\n"]);
                return text.replace('\n', end);
            }
            11 => {
                let indent: &str = self.choice::<&str>(&["\t", "  ", " "]);
                return text.replace("    ", indent);
            }
            12 => lines[at] = format!("{}  # {}", lines[at], self.choice(&LINES)),
            _ => lines[at] = self.without_bracket(&lines[at]),
        }
        lines.join("\n")
    }

    fn with_word(&mut self, line: &str) -> String {
        let ends: Vec<usize> = boundaries(line);
        let at = *self.choice(&ends);
        let word = *self.choice(&WORDS);
        // A statement that a backslash puts elsewhere than its indentation is a known trouble.
        if word == "\\\n" && line[..at].trim().is_empty() {
            return line.to_owned();
        }
        format!("{}{word}{}", &line[..at], &line[at..])
    }

    fn with_other_word(&mut self, line: &str, text: &str) -> String {
        let words: Vec<&str> = words(text).into_iter().map(|(_, word)| word).collect();
        let own = self::words(line);
        if own.is_empty() || words.is_empty() {
            return line.to_owned();
        }
        let (at, word) = *self.choice(&own);
        format!(
            "{}{}{}",
            &line[..at],
            self.choice(&words),
            &line[at + word.len()..]
        )
    }

    fn without_bracket(&mut self, line: &str) -> String {
        let brackets: Vec<usize> = line
            .match_indices(['(', ')', '[', ']', ',', '*', ':'])
            .map(|(at, _)| at)
            .collect();
        if brackets.is_empty() {
            return line.to_owned();
        }
        let at = *self.choice(&brackets);
        format!("{}{}", &line[..at], &line[at + 1..])
    }

    /// Puts a block around the lines from `at` on that are indented as much.
    fn wrap(&mut self, lines: &mut Vec<String>, at: usize) {
        let indent = indentation(&lines[at]).to_owned();
        let is_inside = |line: &&mut String| line.is_empty() || line.starts_with(&indent);
        let most = 1 + self.choices.below(5);
        let inside = lines[at..].iter_mut().take_while(is_inside).take(most);
        for line in inside.filter(|line| !line.is_empty()) {
            line.insert_str(0, "    ");
        }
        let block = self.choice(&BLOCKS).replace('\n', &format!("\n{indent}"));
        let deepest = if block.contains("case") { "    " } else { "" };
        if !deepest.is_empty() {
            for line in lines[at..]
                .iter_mut()
                .take(most)
                .filter(|line| !line.is_empty())
            {
                line.insert_str(0, deepest);
            }
        }
        lines.insert(at, indent + &block);
    }
}

fn indentation(line: &str) -> &str {
    &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
}

/// Where the words of a text start, and they.
fn words(text: &str) -> Vec<(usize, &str)> {
    let is_of_word = |it: char| it.is_alphanumeric() || it == '_';
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find(is_of_word) {
        let tail = &rest[start..];
        let end = tail.find(|it| !is_of_word(it)).unwrap_or(tail.len());
        found.push((text.len() - tail.len(), &tail[..end]));
        rest = &tail[end..];
    }
    found
}

/// Where words of a line start or end.
fn boundaries(line: &str) -> Vec<usize> {
    let own = words(line);
    let ends = own.iter().flat_map(|(at, word)| [*at, at + word.len()]);
    ends.chain([line.len()]).collect()
}
