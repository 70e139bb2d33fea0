//! Tells Python 2 from a slip of the pen, so that the message can name the real trouble.

/// Whether a line that Python 3 does not parse holds a statement that Python 2 has.
pub fn has_statement(line: &str) -> bool {
    let line = line.trim_start();
    let (word, rest) = line.split_at(
        line.find(|c: char| !c.is_alphanumeric())
            .unwrap_or(line.len()),
    );
    let rest = rest.trim();
    match word {
        // `print x`, `print "x"`, `print >>f, x`; not `print(x`, nor `print = x`.
        "print" => rest.starts_with(|c: char| c.is_alphanumeric() || "\"'_>`%".contains(c)),
        "exec" => rest.starts_with(|c: char| c.is_alphanumeric() || "\"'_".contains(c)),
        // `raise Error, "message"`
        "raise" => rest.contains(", ") && !rest.contains('('),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::has_statement;

    #[test]
    fn knows_the_statements_that_are_gone() {
        for line in ["print 'x'", "  print x\n", "raise E, 'x'", "exec code"] {
            assert!(has_statement(line), "{line}");
        }
        for line in [
            "print(x",
            "print = =",
            "except (A, B) as e",
            "raise E(a, b",
            "x = = 1",
            "",
        ] {
            assert!(!has_statement(line), "{line}");
        }
    }
}
