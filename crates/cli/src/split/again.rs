//! The command that makes a series again, as its messages give it.

use std::ffi::{OsStr, OsString};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use clap::ValueEnum;

use crate::args::{ChoiceArgs, DecidedArgs, FileArgs, SplitArgs, TypeArgs};
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
    /// The one that `args` are of, given in `folder`. Every option is named here, so that none can be forgotten.
    pub(super) fn of(args: &SplitArgs, folder: &Path) -> Self {
        let SplitArgs {
            files,
            choices,
            types,
            decided: DecidedArgs { decisions },
            by,
            depth,
            max_files,
            max_sites,
            out: _,
            // They come from the same patches.
            branches: _,
            allow_dirty,
        } = args;
        let mut words = Words::default();
        let by = by.to_possible_value();
        words.add("--by", by.map(|it| it.get_name().into()));
        words.add("--depth", number(*depth));
        words.add("--max-files", number(*max_files));
        words.add("--max-sites", number(*max_sites));
        let list = words.add_files(files);
        words.add_choices(choices);
        words.add_types(types);
        words.add("--decisions", path(decisions.as_ref()));
        words.add("--out", Some("PATCHES".into()));
        words.flags.push(("--allow-dirty", *allow_dirty));
        Self {
            folder: folder.to_path_buf(),
            words: words.with_paths(&files.paths, list),
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

/// The words of a command.
#[derive(Default)]
struct Words {
    /// Options with their values.
    options: Vec<OsString>,
    /// Those without, and whether they are given.
    flags: Vec<(&'static str, bool)>,
}

impl Words {
    fn add(&mut self, name: &str, value: Option<OsString>) {
        match value {
            // What begins with a dash is a value only so.
            Some(value) if value.as_encoded_bytes().starts_with(b"-") && value != "-" => {
                let mut word = OsString::from(format!("{name}="));
                word.push(value);
                self.options.push(word);
            }
            Some(value) => self.options.extend([name.into(), value]),
            None => {}
        }
    }

    fn add_files(&mut self, files: &FileArgs) -> List {
        let FileArgs {
            paths,
            // Of standard input no patch is made.
            stdin_filename: _,
            files_from,
            null,
            exclude,
            extend_exclude,
            force_exclude,
            no_ignore,
            since,
            shard,
            // It changes nothing but the time.
            jobs: _,
            time_limit,
        } = files;
        self.add("--exclude", exclude.as_ref().map(|it| it.join(",").into()));
        self.add("--extend-exclude", list(extend_exclude));
        self.add("--since", since.as_ref().map(Into::into));
        self.add("--shard", number(*shard));
        self.add("--time-limit", number(*time_limit));
        self.flags.extend([
            ("-0", *null),
            ("--force-exclude", *force_exclude),
            ("--no-ignore", *no_ignore),
        ]);
        let Some(from) = files_from else {
            let count = paths.len();
            if count <= NAMED {
                return List::None;
            }
            self.add("--files-from", Some("LIST".into()));
            return List::Paths(count);
        };
        // What a shell makes of `<(command)` is there once.
        let pipes = ["-", "/dev/stdin", "/dev/fd", "/proc"];
        let is_piped = pipes.iter().any(|pipe| from.starts_with(pipe));
        let from = if is_piped { "-".into() } else { from.into() };
        self.add("--files-from", Some(from));
        if is_piped { List::Piped } else { List::None }
    }

    fn add_choices(&mut self, choices: &ChoiceArgs) {
        let ChoiceArgs {
            select,
            ignore,
            target_version,
            accept,
            reject,
            unsafe_fixes,
            strict,
            config,
            isolated,
        } = choices;
        self.add("--select", select.as_ref().map(|it| it.join(",").into()));
        self.add("--ignore", list(ignore));
        self.add("--accept", list(accept));
        self.add("--reject", list(reject));
        self.add("--target-version", target_version.as_ref().map(Into::into));
        self.add("--config", path(config.as_ref()));
        self.flags.extend([
            ("--unsafe-fixes", *unsafe_fixes),
            ("--strict", *strict),
            ("--isolated", *isolated),
        ]);
    }

    fn add_types(&mut self, types: &TypeArgs) {
        let TypeArgs {
            python,
            no_types,
            type_budget,
        } = types;
        self.add("--python", path(python.as_ref()));
        self.add("--type-budget", number(*type_budget));
        self.flags.push(("--no-types", *no_types));
    }

    /// All of them, and `paths` unless they are in a list.
    fn with_paths(self, paths: &[PathBuf], list: List) -> Vec<OsString> {
        let mut words: Vec<OsString> = ["asyncmend", "split"].map(OsString::from).to_vec();
        words.extend(self.options);
        let flags = self.flags.into_iter().filter(|(_, is_given)| *is_given);
        words.extend(flags.map(|(name, _)| name.into()));
        if !paths.is_empty() && !matches!(list, List::Paths(_)) {
            words.push("--".into());
            words.extend(paths.iter().map(|it| it.clone().into_os_string()));
        }
        words
    }
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
