//! The command that makes a series again, as its messages give it.

use std::ffi::{OsStr, OsString};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use clap::ValueEnum;

use crate::args::{ChoiceArgs, FileArgs, SplitArgs, TypeArgs};
use crate::letter::WIDTH;

/// How many paths a command names; of more it takes a list.
const NAMED: usize = 50;

/// A command that was given.
pub(super) struct Command {
    /// Where, from the top of the work tree; empty there.
    folder: PathBuf,
    words: Vec<OsString>,
    /// What it reads from standard input.
    pub(super) list: List,
}

/// Where the list of files came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum List {
    /// There was none, or it has a name.
    None,
    /// From standard input, or the like.
    Piped,
    /// The command line, which had too many to be repeated.
    Paths(usize),
}

impl Command {
    /// The one that `args` are of, given in `folder`.
    pub(super) fn of(args: &SplitArgs, folder: &Path) -> Self {
        let mut words: Vec<OsString> = ["asyncmend", "split"].map(OsString::from).to_vec();
        let mut add = |name: &str, value: Option<OsString>| {
            if let Some(value) = value {
                // What begins with a dash is a value only so.
                if value.as_encoded_bytes().starts_with(b"-") && value != "-" {
                    let mut word = OsString::from(format!("{name}="));
                    word.push(value);
                    words.push(word);
                } else {
                    words.extend([name.into(), value]);
                }
            }
        };
        let by = args.by.to_possible_value();
        add("--by", by.map(|it| it.get_name().into()));
        add("--depth", number(args.depth));
        add("--max-files", number(args.max_files));
        add("--max-sites", number(args.max_sites));
        let list = add_files(&args.files, &mut add);
        add_choices(&args.choices, &args.types, &mut add);
        add("--decisions", path(args.decided.decisions.as_ref()));
        add("--out", Some("PATCHES".into()));
        let flags = [
            ("-0", args.files.null),
            ("--force-exclude", args.files.force_exclude),
            ("--no-ignore", args.files.no_ignore),
            ("--unsafe-fixes", args.choices.unsafe_fixes),
            ("--strict", args.choices.strict),
            ("--isolated", args.choices.isolated),
            ("--no-types", args.types.no_types),
            ("--allow-dirty", args.allow_dirty),
        ];
        let flags = flags.iter().filter(|(_, is_given)| *is_given);
        words.extend(flags.map(|(name, _)| (*name).into()));
        let paths = &args.files.paths;
        if !paths.is_empty() && !matches!(list, List::Paths(_)) {
            words.push("--".into());
            words.extend(paths.iter().map(|it| it.clone().into_os_string()));
        }
        Self {
            folder: folder.to_path_buf(),
            words,
            list,
        }
    }

    /// As lines that a shell takes at the top of the work tree.
    pub(super) fn lines(&self) -> String {
        let mut lines = String::new();
        if !self.folder.as_os_str().is_empty() {
            lines = format!("    cd {}\n", quoted(self.folder.as_os_str()));
        }
        let mut words: Vec<String> = self.words.iter().map(|it| quoted(it)).collect();
        if self.list == List::Piped {
            words.push("< LIST".to_owned());
        }
        let mut line = String::from("   ");
        for word in words {
            // A blank, and what says that the line goes on.
            if line.len() + word.len() + " ".len() + " \\".len() > WIDTH && line.len() > 8 {
                lines += &line;
                lines += " \\\n";
                line = " ".repeat(7);
            }
            line.push(' ');
            line += &word;
        }
        lines + &line + "\n"
    }
}

fn number(value: Option<impl ToString>) -> Option<OsString> {
    value.map(|it| it.to_string().into())
}

fn path(value: Option<&PathBuf>) -> Option<OsString> {
    value.map(|it| it.clone().into_os_string())
}

/// Values with commas between them; none where there are none.
fn list(values: &[String]) -> Option<OsString> {
    (!values.is_empty()).then(|| values.join(",").into())
}

fn add_files(files: &FileArgs, add: &mut impl FnMut(&str, Option<OsString>)) -> List {
    add(
        "--exclude",
        files.exclude.as_ref().map(|it| it.join(",").into()),
    );
    add("--extend-exclude", list(&files.extend_exclude));
    add("--since", files.since.as_ref().map(Into::into));
    add("--shard", number(files.shard));
    add("--time-limit", number(files.time_limit));
    let Some(from) = &files.files_from else {
        let count = files.paths.len();
        if count <= NAMED {
            return List::None;
        }
        add("--files-from", Some("LIST".into()));
        return List::Paths(count);
    };
    // What a shell makes of `<(command)` is there once.
    let pipes = ["-", "/dev/stdin", "/dev/fd", "/proc"];
    let is_piped = pipes.iter().any(|pipe| from.starts_with(pipe));
    let from = if is_piped { "-".into() } else { from.into() };
    add("--files-from", Some(from));
    if is_piped { List::Piped } else { List::None }
}

fn add_choices(
    choices: &ChoiceArgs,
    types: &TypeArgs,
    add: &mut impl FnMut(&str, Option<OsString>),
) {
    add(
        "--select",
        choices.select.as_ref().map(|it| it.join(",").into()),
    );
    add("--ignore", list(&choices.ignore));
    add("--accept", list(&choices.accept));
    add("--reject", list(&choices.reject));
    add(
        "--target-version",
        choices.target_version.as_ref().map(Into::into),
    );
    add("--config", path(choices.config.as_ref()));
    add("--python", path(types.python.as_ref()));
    add("--type-budget", number(types.type_budget));
}

/// A word as a shell reads it, on one line whatever is in it: a line of its own would be one of the message, in which
/// some have a meaning for Git.
fn quoted(word: &OsStr) -> String {
    let plain = word
        .to_str()
        .filter(|it| !it.chars().any(crate::terminal::is_obeyed));
    if let Some(quoted) = plain.and_then(|it| shlex::try_quote(it).ok()) {
        return quoted.into_owned();
    }
    let mut out = String::from("$'");
    for byte in word.as_encoded_bytes() {
        match byte {
            b'\'' | b'\\' => out.extend(['\\', char::from(*byte)]),
            b' '..=b'~' => out.push(char::from(*byte)),
            _ => {
                let _ = write!(out, "\\{byte:03o}");
            }
        }
    }
    out + "'"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_stays_on_its_line() {
        for (word, expected) in [
            ("a/b.py", "a/b.py"),
            ("it's caf\u{e9}", "\"it's caf\u{e9}\""),
            ("a\n---\n'\\\u{e9}", r"$'a\012---\012\'\\\303\251'"),
            ("\u{202e}x", r"$'\342\200\256x'"),
        ] {
            assert_eq!(quoted(OsStr::new(word)), expected);
        }
    }
}
