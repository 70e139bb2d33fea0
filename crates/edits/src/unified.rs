use std::fmt::Write as _;

use crate::hunks::hunks;

/// A unified diff that `git apply` and `patch -p1` take as it is; empty where the texts are equal.
///
/// `path` is relative and uses `/`. Only `\n` ends a line, as Git counts: a lone carriage return is
/// part of its line. A path with characters that would end the header is quoted as Git quotes.
pub fn unified(path: &str, before: &str, after: &str) -> String {
    let mut out = String::new();
    if before == after {
        return out;
    }
    header(&mut out, "---", "a", path);
    header(&mut out, "+++", "b", path);
    for hunk in hunks(before, after) {
        let _ = writeln!(
            out,
            "@@ -{} +{} @@",
            line_span(&hunk.old),
            line_span(&hunk.new)
        );
        out.push_str(&hunk.body);
    }
    out
}

/// A unified diff that makes the file `path`, which does not exist, with the contents `after`.
pub fn unified_new(path: &str, after: &str) -> String {
    let mut out = String::from("--- /dev/null\n");
    header(&mut out, "+++", "b", path);
    let _ = writeln!(
        out,
        "@@ -0,0 +{} @@",
        line_span(&(0..after.split_inclusive('\n').count()))
    );
    for line in after.split_inclusive('\n') {
        out.push('+');
        out.push_str(line);
    }
    if !after.ends_with('\n') {
        out.push_str("\n\\ No newline at end of file\n");
    }
    out
}

/// `start,length` as a hunk's header has it: 1-based, and the line before where there is none.
fn line_span(lines: &std::ops::Range<usize>) -> String {
    match lines.len() {
        0 => format!("{},0", lines.start),
        1 => format!("{}", lines.start + 1),
        length => format!("{},{length}", lines.start + 1),
    }
}

fn header(out: &mut String, marker: &str, side: &str, path: &str) {
    let needs_quotes = path
        .chars()
        .any(|c| c.is_control() || c == '"' || c == '\\' || !c.is_ascii());
    let _ = if needs_quotes {
        writeln!(out, "{marker} \"{side}/{}\"", c_escaped(path))
    } else if path.contains(' ') {
        // A tab ends a name that has blanks.
        writeln!(out, "{marker} {side}/{path}\t")
    } else {
        writeln!(out, "{marker} {side}/{path}")
    };
}

/// Git's C-style quoting: three octal digits for each byte that is not printable ASCII.
fn c_escaped(path: &str) -> String {
    let mut out = String::new();
    for byte in path.bytes() {
        match byte {
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            b'\n' => out.push_str("\\n"),
            b'\t' => out.push_str("\\t"),
            b'\r' => out.push_str("\\r"),
            0x20..=0x7e => out.push(char::from(byte)),
            _ => {
                let _ = write!(out, "\\{byte:03o}");
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_have_no_diff() {
        assert_eq!(unified("a.py", "x\n", "x\n"), "");
    }

    #[test]
    fn marks_a_missing_final_newline_on_both_sides() {
        assert_eq!(
            unified("app/a.py", "a\nb", "a\nc"),
            "--- a/app/a.py\n+++ b/app/a.py\n@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n\
             +c\n\\ No newline at end of file\n"
        );
    }

    #[test]
    fn a_lone_carriage_return_ends_no_line() {
        assert_eq!(
            unified("a.py", "a\rb\r\n", "a\rc\r\n"),
            "--- a/a.py\n+++ b/a.py\n@@ -1 +1 @@\n-a\rb\r\n+a\rc\r\n"
        );
    }

    #[test]
    fn shows_a_new_definition_in_one_piece() {
        let before = "import a\n\n\ndef f():\n    pass\n";
        let after = "import a\nimport b\n\n\nclass C:\n    pass\n\n\ndef f():\n    pass\n";
        assert_eq!(
            unified("m.py", before, after),
            "--- a/m.py\n+++ b/m.py\n@@ -1,4 +1,9 @@\n import a\n+import b\n+\n+\n+class C:\n\
             +    pass\n \n \n def f():\n"
        );
    }

    #[test]
    fn quotes_names_as_git_does() {
        let diff = unified("caf\u{e9}\n.py", "a\n", "b\n");
        assert!(
            diff.starts_with("--- \"a/caf\\303\\251\\n.py\"\n"),
            "{diff}"
        );
        assert!(unified("a b.py", "a\n", "b\n").starts_with("--- a/a b.py\t\n"));
    }
}
