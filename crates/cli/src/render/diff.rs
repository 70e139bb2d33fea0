//! The unified diff of one file.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};

use crate::terminal::shown_lines;

/// How a diff is to look.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Look {
    pub(crate) colour: bool,
    /// A person reads it as it comes, so that nothing in it may be obeyed; else it may be applied, and is
    /// what it is.
    pub(crate) on_terminal: bool,
}

impl Look {
    fn of(self, diff: String) -> String {
        let diff = if self.on_terminal {
            shown_lines(&diff)
        } else {
            diff
        };
        if self.colour { coloured(&diff) } else { diff }
    }
}

/// The diff from `before` to `after` of the file called `name`.
pub(crate) fn diff(name: &str, before: &str, after: &str, look: Look) -> String {
    // A file outside of the working directory has an absolute name, which `patch -d /` takes.
    let name = name.trim_start_matches('/');
    look.of(asyncmend_edits::unified(name, before, after))
}

/// The diff that makes a new file with the contents `after`.
pub(crate) fn new_file(name: &str, after: &str, look: Look) -> String {
    look.of(asyncmend_edits::unified_new(
        name.trim_start_matches('/'),
        after,
    ))
}

/// Git's colours. Only `\n` ends a line, and it stays outside of them.
fn coloured(diff: &str) -> String {
    let mut out = String::with_capacity(2 * diff.len());
    let mut in_header = true;
    for line in diff.split_inclusive('\n') {
        in_header &= !line.starts_with("@@");
        let style = style(line, in_header);
        let text = line.strip_suffix('\n').unwrap_or(line);
        let _ = write!(out, "{style}{text}{style:#}");
        out.push_str(&line[text.len()..]);
    }
    out
}

fn style(line: &str, in_header: bool) -> Style {
    match line.as_bytes().first() {
        _ if in_header => Style::new().bold(),
        Some(b'@') => AnsiColor::Cyan.on_default(),
        Some(b'-') => AnsiColor::Red.on_default(),
        Some(b'+') => AnsiColor::Green.on_default(),
        _ => Style::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_add_nothing_but_themselves() {
        let look = |colour| Look {
            colour,
            on_terminal: false,
        };
        let coloured = diff("a.py", "-- a\nb\n", "-- a\nc\n", look(true));
        assert!(coloured.contains("\u{1b}[31m-b\u{1b}[0m\n"), "{coloured:?}");
        let plain = anstream::adapter::strip_str(&coloured).to_string();
        assert_eq!(plain, diff("a.py", "-- a\nb\n", "-- a\nc\n", look(false)));
    }
}
