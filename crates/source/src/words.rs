//! Words in a text that nobody has parsed.

use std::cell::OnceCell;
use std::ops::Range;
use std::rc::Rc;
use std::sync::LazyLock;

use aho_corasick::packed::{self, MatchKind, Searcher};
use memchr::memmem;
use ruff_python_ast::token::{TokenKind, Tokens};
use ruff_text_size::{Ranged, TextLen, TextRange};

use crate::Source;

/// Words that transforms look for in most files, and a part of others: these are looked for together.
const USUAL_WORDS: [&str; 18] = [
    "Task",
    "_task",
    "add_done_callback",
    "add_reader",
    "add_signal_handler",
    "add_writer",
    "asyncio",
    "call_at",
    "call_later",
    "call_soon",
    "call_soon_threadsafe",
    "create_task",
    "ensure_future",
    "gather",
    "run_coroutine_threadsafe",
    "shield",
    "uncancel",
    "wait_for",
];

/// Where `word` starts in the text with these bytes, as a word of its own: in code, strings and comments
/// alike, and nowhere within a longer identifier.
pub fn word_starts<'t>(bytes: &'t [u8], word: &'t str) -> impl Iterator<Item = usize> + 't {
    memmem::find_iter(bytes, word.as_bytes())
        .filter(|start| is_word(bytes, *start..*start + word.len()))
}

/// Whether nothing before or after `range` belongs to the same identifier.
fn is_word(bytes: &[u8], range: Range<usize>) -> bool {
    // A byte beyond ASCII may belong to a letter.
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_' || !byte.is_ascii();
    let begins = match &bytes[..range.start] {
        // The line ends of a notebook's cells are written as escapes.
        [] | [.., b'\\', _] => true,
        [.., byte] => !is_part(byte),
    };
    begins && !bytes[range.end..].first().is_some_and(is_part)
}

/// Where each of the usual words starts in a text, within longer identifiers too.
#[derive(Debug)]
pub(crate) struct UsualPlaces([Vec<usize>; USUAL_WORDS.len()]);

impl UsualPlaces {
    fn of(text: &str, searcher: &Searcher) -> Self {
        let mut places = [const { Vec::new() }; USUAL_WORDS.len()];
        for found in searcher.find_iter(text) {
            places[found.pattern().as_usize()].push(found.start());
        }
        Self(places)
    }
}

/// Where `word` stands in `text`, as [`word_starts`] has it. `usual` is what has been found in the text before.
pub(crate) fn places_of_word(
    word: &str,
    text: &str,
    usual: &OnceCell<UsualPlaces>,
) -> Rc<[TextRange]> {
    static SEARCHER: LazyLock<Option<Searcher>> = LazyLock::new(|| {
        // Two whole words never overlap, so that the longest one hides none.
        let config = packed::Config::new()
            .match_kind(MatchKind::LeftmostLongest)
            .clone();
        config.builder().extend(USUAL_WORDS).build()
    });
    let bytes = text.as_bytes();
    let place = |start: usize| Some(TextRange::at(start.try_into().ok()?, word.text_len()));
    // Not every processor can search for many at once. What is found first in the word is found in it wherever it
    // stands, as nothing that is usual reaches over the start of a word.
    let part = SEARCHER.as_ref().and_then(|it| Some((it, it.find(word)?)));
    let Some((searcher, part)) = part else {
        return word_starts(bytes, word).filter_map(place).collect();
    };
    let usual = usual.get_or_init(|| UsualPlaces::of(text, searcher));
    let starts = usual.0[part.pattern().as_usize()].iter();
    starts
        .filter_map(|start| start.checked_sub(part.start()))
        .filter(|start| {
            let is_here = bytes[*start..].starts_with(word.as_bytes());
            is_here && is_word(bytes, *start..*start + word.len())
        })
        .filter_map(place)
        .collect()
}

/// The identifiers in `text`, which has these `tokens`, that hold characters beyond ASCII, in order: they may not stand
/// there as they are compared, which is in their NFKC form.
pub(crate) fn names_beyond_ascii(text: &str, tokens: &Tokens) -> Vec<TextRange> {
    let mut names = Vec::new();
    let mut rest = 0;
    while let Some(at) = first_beyond_ascii(&text.as_bytes()[rest..]) {
        let at = rest + at;
        let next = tokens.partition_point(|token| token.end().to_usize() <= at);
        let Some(token) = tokens.get(next) else {
            break;
        };
        // Nothing but the mark of an encoding stands between tokens.
        if at < token.start().to_usize() {
            rest = token.start().to_usize();
            continue;
        }
        if token.kind() == TokenKind::Name {
            names.push(token.range());
        }
        rest = token.end().to_usize();
    }
    names
}

fn first_beyond_ascii(bytes: &[u8]) -> Option<usize> {
    let plain = bytes.chunks(64).take_while(|chunk| chunk.is_ascii());
    let plain = plain.map(<[u8]>::len).sum();
    let beyond = bytes[plain..].iter().position(|byte| !byte.is_ascii())?;
    Some(plain + beyond)
}

/// Whether one of `ranges`, which are in order and do not touch, lies in `range`.
pub(crate) fn is_one_in(ranges: &[TextRange], range: TextRange) -> bool {
    let next = ranges.partition_point(|it| it.start() < range.start());
    ranges.get(next).is_some_and(|it| it.end() <= range.end())
}

/// How far back the start of a line is looked for, from each word that is in it.
const LONGEST_COMMENT: usize = 1 << 10;

/// Whether `word`, in the text with these bytes, may be called somewhere, handed on, or get another name: what
/// stands around it tells of most places that it is not. No more than that is asked, so that none is missed.
pub fn may_be_called(bytes: &[u8], word: &str) -> bool {
    word_starts(bytes, word).any(|start| {
        let (before, from) = bytes.split_at(start);
        may_be_called_between(before, &from[word.len()..])
    })
}

impl Source<'_> {
    /// As [`may_be_called`], for the text of the file.
    pub fn may_be_called(&self, word: &str) -> bool {
        let bytes = self.text().as_bytes();
        self.words(word).any(|it| {
            let (before, rest) = (
                &bytes[..it.start().to_usize()],
                &bytes[it.end().to_usize()..],
            );
            may_be_called_between(before, rest)
        })
    }
}

/// Whether that is so of a word between `before` and `rest`.
fn may_be_called_between(before: &[u8], rest: &[u8]) -> bool {
    let is_alias = match what_follows(rest) {
        Follows::Alias => true,
        // An attribute is replaced; else it is a keyword of a call, or a name of something else.
        Follows::Value if !matches!(before.trim_ascii_end(), [.., b'.' | b'\\']) => {
            return false;
        }
        Follows::Nothing if !is_default(before, rest) => return false,
        Follows::Value | Follows::Nothing | Follows::Anything => false,
    };
    match line_before(before) {
        Some(line) if is_in_comment(line) => false,
        Some(line) if is_alias => may_be_imported(line),
        // What is imported by its own name is found where that is called.
        Some(line) => !is_imported(line, rest),
        None => true,
    }
}

/// Whether a word between `before` and `rest`, or the dotted name that it ends, may be the default of a last parameter.
fn is_default(before: &[u8], rest: &[u8]) -> bool {
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.');
    let name = before.iter().rev().take_while(|byte| is_part(byte)).count();
    let is_given = match before[..before.len() - name].trim_ascii_end() {
        [.., operator, b'='] => !matches!(operator, b'=' | b'!' | b'<' | b'>'),
        _ => false,
    };
    is_given && matches!(rest.trim_ascii_start(), [b')' | b':', ..])
}

/// What follows a word.
enum Follows {
    /// `as`: `from asyncio import gather as run_all`.
    Alias,
    /// A value that something of this name gets.
    Value,
    /// Neither arguments, nor anything that stands after what is handed on.
    Nothing,
    /// Whatever else: blanks and brackets that close may stand between, and a line may go on.
    Anything,
}

fn what_follows(rest: &[u8]) -> Follows {
    let is_between = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\x0c' | b')');
    let between = rest.iter().take_while(|byte| is_between(byte)).count();
    match &rest[between..] {
        [b'a', b's', after, ..] if !after.is_ascii_alphanumeric() => Follows::Alias,
        [b'=', after, ..] if *after != b'=' => Follows::Value,
        // Prose: a string may end here, but what comes after it is no letter that begins no string.
        [b'\'', b's', after, ..] if !after.is_ascii_alphanumeric() => Follows::Nothing,
        // Prose, or an operator that is a word.
        [byte, ..] if byte.is_ascii_alphanumeric() => Follows::Nothing,
        // An annotation, a subscript, a key, an attribute of it, an operator, a conversion.
        [
            b'[' | b']' | b'{' | b'}' | b':' | b'.' | b'|' | b'-' | b'/' | b'`' | b'?' | b'!'
            | b'<' | b'>',
            ..,
        ] => Follows::Nothing,
        _ => Follows::Anything,
    }
}

/// The line that `before` ends with, up to there; none where it is longer than any comment is.
fn line_before(before: &[u8]) -> Option<&[u8]> {
    let near = &before[before.len().saturating_sub(LONGEST_COMMENT)..];
    match memchr::memrchr2(b'\n', b'\r', near) {
        Some(end) => Some(&near[end + 1..]),
        None if near.len() < before.len() => None,
        None => Some(near),
    }
}

/// Whether a line that begins with `line` goes on as a comment. So may a line look that is part of a string; that
/// matters only where it ends, or where an expression stands in it, in braces.
fn is_in_comment(line: &[u8]) -> bool {
    let start = memchr::memchr3(b'#', b'\'', b'"', line);
    start.is_some_and(|start| {
        line[start] == b'#' && memchr::memchr3(b'{', b'\'', b'"', &line[start..]).is_none()
    })
}

/// Whether the name after `line` may be one of those that an import lists.
fn may_be_imported(line: &[u8]) -> bool {
    let line = line.trim_ascii_end();
    // In the JSON of a notebook, blanks and line ends are written as escapes.
    let ends = [&b"import"[..], b",", b"(", b"\""];
    let is_escaped = matches!(line, [.., b'\\', _]);
    line.is_empty() || is_escaped || ends.into_iter().any(|end| line.ends_with(end))
}

/// Whether `line` is an import of members that goes on with one of that name, and `rest` gives it no other.
fn is_imported(line: &[u8], rest: &[u8]) -> bool {
    // So may the end of a string look, or an expression in one.
    let is_plain = |byte: &u8| !matches!(byte, b';' | b'\'' | b'"' | b'{');
    let is_one = line.trim_ascii_start().starts_with(b"from ")
        && memmem::find(line, b" import ").is_some()
        && line.iter().all(is_plain);
    is_one
        && match rest.trim_ascii_start() {
            [b',', ..] => true,
            [b'\\' | b'a', ..] => false,
            // In brackets a line may go on.
            _ => memchr::memchr(b'(', line).is_none(),
        }
}

#[cfg(test)]
mod tests {
    use super::{
        LONGEST_COMMENT, USUAL_WORDS, may_be_called, names_beyond_ascii, places_of_word,
        word_starts,
    };
    use std::cell::OnceCell;

    #[test]
    fn usual_words_and_what_holds_them_are_found_where_each_is_alone() {
        let around = ["", " ", ".", "_", "x", "\u{e9}", "\\n", "\\", "(", "\n"];
        let longer = [
            "_keep_task",
            "_wait_for",
            "call_soon_task",
            "create_tasks",
            "waits",
        ];
        let words = || USUAL_WORDS.into_iter().chain(longer);
        let mut text = String::new();
        for first in words() {
            for between in around {
                for second in words() {
                    text.extend([between, first, between, second]);
                }
                text.push('\n');
            }
        }
        let usual = OnceCell::new();
        for word in words() {
            let alone: Vec<usize> = word_starts(text.as_bytes(), word).collect();
            let found = places_of_word(word, &text, &usual);
            let found: Vec<usize> = found.iter().map(|it| it.start().to_usize()).collect();
            assert_eq!(found, alone, "{word}");
            assert!(!alone.is_empty(), "{word}");
        }
    }

    #[test]
    fn names_beyond_ascii_are_told_from_strings_and_comments() {
        let text = "\u{feff}x = '\u{e9}'  # \u{e9}\n\u{e9}t\u{e9} = f'{\u{fb01}x}\u{e9}'\ny.\u{ff47}ather()";
        let parsed = ruff_python_parser::parse_module(text).expect("it is Python");
        let names = names_beyond_ascii(text, parsed.tokens());
        let names: Vec<&str> = names.iter().map(|it| &text[*it]).collect();
        assert_eq!(names, ["\u{e9}t\u{e9}", "\u{fb01}x", "\u{ff47}ather"]);
    }

    #[test]
    fn calls_and_what_may_lead_to_one_are_not_missed() {
        for text in [
            "call()",
            "call (x)",
            "(aio.call)(x)",
            "( aio.call ) (x)",
            "call \\\n(x)",
            "(call # why\n(x))",
            "(call\n(x))",
            "f = aio.call",
            "f = aio.call; f()",
            "f = g = aio.call  # other",
            "from aio import call as f",
            "from aio import (call as f)",
            "from aio import (other, call \\\n as f)",
            "partial(aio.call, 1)",
            "patch('aio.call')",
            "patch(\"aio.call\")",
            "f = aio.call,",
            "{\"source\": \"f = aio.call\\nf()\"}",
            "words of call here; call()",
            "f: T = aio.call\r\nf()",
            "# a comment\rcall()",
            "#{call()}",
            "\"\"\"\n# end\"\"\"; call()",
            "x = 1  # {call()}",
            "from aio import call; call()",
            "from aio import (\n    call as f,\n)",
            "{\"source\": \"    call as f,\\n\"}",
            "from aio import (other, call\n as f)",
            "from aio import call \\\nas f",
            "{\"source\": \"\\tcall as f,\\n\"}",
            "{\"source\": \"from aio import (sleep,\\tcall as f)\"}",
            "\"\"\"\nfrom a import b\"\"\", call()",
            "f\"\"\"\nfrom {a} import {call()}\"\"\"",
            "aio.call = fake",
            "aio. call = fake",
            "aio.\\\ncall = fake",
            "call == f",
            "'call'f''",
            "x = 'call's",
            "def f(x=call): x()",
            "def f(x: T = aio.call) -> T: x()",
            "lambda c, f=call: f(c)",
        ] {
            assert!(may_be_called(text.as_bytes(), "call"), "{text}");
        }
        for text in [
            "recall()",
            "# a call for help",
            "x = 1  # call(x)",
            "a call as an\nexample",
            "f() # call; call()",
            "from aio import other, call\n",
            "from aio import (call, other)",
            "f(call=True)",
            "call = [x]",
            "call {x}",
            "f'{call!r}'",
            "#: call(x)",
            "x()\r\n\t# f = call\n",
            "a call's end",
            "x: call[int]",
            "x: list[call]",
            "x: call | None",
            "`call`",
            "call.name",
            "isinstance(x, call) and y",
            "def f(x: call): pass",
            "if x == call: pass",
            "if x >= aio.call: pass",
        ] {
            assert!(!may_be_called(text.as_bytes(), "call"), "{text}");
        }
    }

    #[test]
    fn a_line_without_end_is_no_comment() {
        let line = format!("# {}call\n", "x ".repeat(LONGEST_COMMENT));
        assert!(may_be_called(line.as_bytes(), "call"));
        assert!(!may_be_called(&line.as_bytes()[..LONGEST_COMMENT], "call"));
    }

    #[test]
    fn words_are_found_as_they_stand() {
        let cases = [
            ("call()", true),
            ("x = call", true),
            ("aio.call()", true),
            ("{\"source\": \"a = 1\\ncall()\"}", true),
            ("recall()", false),
            ("call_dep()", false),
            ("écall()", false),
            ("call2 = my_call()", false),
        ];
        for (text, expected) in cases {
            let found = word_starts(text.as_bytes(), "call").next().is_some();
            assert_eq!(found, expected, "{text}");
        }
    }
}
