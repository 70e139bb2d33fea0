use std::fmt::Write as _;

use similar::{Algorithm, ChangeTag, DiffOp, TextDiff, group_diff_ops};

/// Unchanged lines around a change, as `git diff` shows them.
const CONTEXT: usize = 3;

/// A unified diff that `git apply` and `patch -p1` take as it is; empty where the texts are equal.
///
/// `path` is relative and uses `/`. Only `\n` ends a line, as Git counts: a lone carriage return is
/// part of its line. A path with characters that would end the header is quoted as Git quotes.
pub fn unified(path: &str, before: &str, after: &str) -> String {
    let mut out = String::new();
    if before == after {
        return out;
    }
    let old: Vec<&str> = before.split_inclusive('\n').collect();
    let new: Vec<&str> = after.split_inclusive('\n').collect();
    let diff = TextDiff::configure()
        .algorithm(Algorithm::Patience)
        .diff_slices(&old, &new);

    let mut ops = diff.ops().to_vec();
    slide(&mut ops, &new);

    header(&mut out, "---", "a", path);
    header(&mut out, "+++", "b", path);
    for group in group_diff_ops(ops, CONTEXT) {
        let (Some(first), Some(last)) = (group.first(), group.last()) else {
            continue;
        };
        let old_lines = first.old_range().start..last.old_range().end;
        let new_lines = first.new_range().start..last.new_range().end;
        let _ = writeln!(
            out,
            "@@ -{} +{} @@",
            line_span(&old_lines),
            line_span(&new_lines)
        );
        for op in &group {
            for change in diff.iter_changes(op) {
                out.push(match change.tag() {
                    ChangeTag::Delete => '-',
                    ChangeTag::Insert => '+',
                    ChangeTag::Equal => ' ',
                });
                out.push_str(change.value());
                if !change.value().ends_with('\n') {
                    out.push_str("\n\\ No newline at end of file\n");
                }
            }
        }
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

/// Joins two insertions with lines between them that stayed, where the second insertion ends with the
/// same lines: they may as well have stayed after it. Otherwise a new definition would be shown torn
/// apart by the blank lines around it.
fn slide(ops: &mut Vec<DiffOp>, new: &[&str]) {
    let mut index = 0;
    while index + 2 < ops.len() {
        let DiffOp::Insert {
            new_index,
            new_len: first,
            ..
        } = ops[index]
        else {
            index += 1;
            continue;
        };
        let (
            DiffOp::Equal { old_index, len, .. },
            DiffOp::Insert {
                new_len: second, ..
            },
        ) = (ops[index + 1], ops[index + 2])
        else {
            index += 1;
            continue;
        };
        let kept = new_index + first;
        let end = kept + len + second;
        if second < len || new[kept..kept + len] != new[end - len..end] {
            index += 1;
            continue;
        }
        let (equal_at, mut equal_len) = (end - len, len);
        let mut taken = 3;
        if let Some(DiffOp::Equal { len: next, .. }) = ops.get(index + 3) {
            equal_len += next;
            taken = 4;
        }
        ops.splice(
            index..index + taken,
            [
                DiffOp::Insert {
                    old_index,
                    new_index,
                    new_len: first + second,
                },
                DiffOp::Equal {
                    old_index,
                    new_index: equal_at,
                    len: equal_len,
                },
            ],
        );
    }
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
