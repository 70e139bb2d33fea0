//! The command that applies what was decided on a page.

/// Options that are about the page alone, and whether a value comes with them.
const OF_THE_PAGE: [(&str, bool); 5] = [
    ("--format", true),
    ("--output-file", true),
    ("--exit-zero", false),
    ("--quiet", false),
    ("-q", false),
];

/// The command for what was decided on a page that a program with these `arguments` made: the sites are the same
/// only with the same options.
pub(super) fn applies(mut arguments: impl Iterator<Item = String>) -> String {
    let mut words = vec!["asyncmend".to_owned()];
    let mut has_command = false;
    while let Some(argument) = arguments.next() {
        if !has_command && argument == "diff" {
            has_command = true;
            words.extend(["fix", "--decisions", "decisions.json"].map(str::to_owned));
            continue;
        }
        let (name, value) = match argument.split_once('=') {
            Some((name, value)) if name.starts_with("--") => (name, Some(value)),
            _ => (argument.as_str(), None),
        };
        match OF_THE_PAGE.iter().find(|(option, _)| *option == name) {
            Some((_, true)) if value.is_none() => drop(arguments.next()),
            Some(_) => {}
            None => words.push(argument),
        }
    }
    // Only a name with a NUL in it cannot be quoted, and no argument has one.
    shlex::try_join(words.iter().map(String::as_str)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_that_choose_sites_stay() {
        let of = |text: &str| applies(text.split(' ').map(str::to_owned));
        assert_eq!(
            of("diff --format html --output-file diff --exit-zero"),
            "asyncmend fix --decisions decisions.json"
        );
        assert_eq!(
            of(
                "-q diff --select gather --format=html --target-version 3.11 src/a;b.py --output-file=x"
            ),
            "asyncmend fix --decisions decisions.json --select gather --target-version 3.11 'src/a;b.py'"
        );
    }
}
