//! Whose a file is, as `CODEOWNERS` says it.

use std::path::{Path, PathBuf};

use ignore::gitignore::{Gitignore, GitignoreBuilder};

use crate::disk;

/// Where such a file may be, from the top of the work tree; the first that is there counts.
const PLACES: [&str; 3] = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"];

/// The owners of files.
#[derive(Debug, Default)]
pub(crate) struct Owners {
    root: PathBuf,
    rules: Vec<Rule>,
}

/// One line of the file.
#[derive(Debug)]
struct Rule {
    pattern: Gitignore,
    /// Whether what is below a folder that matches is not meant.
    only_itself: bool,
    owners: Vec<String>,
}

impl Owners {
    /// What the work tree around `folder` says, or `folder` itself where there is none.
    pub(crate) fn find(folder: &Path) -> Self {
        let root = folder
            .ancestors()
            .find(|ancestor| ancestor.join(".git").exists())
            .unwrap_or(folder);
        let text = PLACES
            .iter()
            .find_map(|place| disk::load_small(&root.join(place)).ok());
        Self::new(root, &String::from_utf8_lossy(&text.unwrap_or_default()))
    }

    fn new(root: &Path, text: &str) -> Self {
        Self {
            root: root.to_path_buf(),
            rules: text.lines().filter_map(|line| rule(root, line)).collect(),
        }
    }

    /// Those of the file at `path`, which is absolute: what the last rule that matches says.
    pub(crate) fn of(&self, path: &Path) -> &[String] {
        if !path.starts_with(&self.root) {
            return &[];
        }
        let mut rules = self.rules.iter().rev();
        let rule = rules.find(|rule| {
            let found = if rule.only_itself {
                rule.pattern.matched(path, false)
            } else {
                rule.pattern.matched_path_or_any_parents(path, false)
            };
            found.is_ignore()
        });
        rule.map_or(&[], |rule| &rule.owners)
    }
}

/// The rule in `line`; what is none, as a comment or the heading of a section, says nothing.
fn rule(root: &Path, line: &str) -> Option<Rule> {
    let line = line.trim();
    // Such a file has neither exceptions nor classes of characters.
    if line.starts_with(['#', '[', '^', '!']) {
        return None;
    }
    let mut words = words(line).into_iter();
    let pattern = words.next()?;
    let mut builder = GitignoreBuilder::new(root);
    builder.add_line(None, &pattern).ok()?;
    Some(Rule {
        only_itself: pattern.ends_with("/*"),
        pattern: builder.build().ok()?,
        owners: words.take_while(|word| !word.starts_with('#')).collect(),
    })
}

/// What blanks separate; one after a backslash is part of a word.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        if character.is_whitespace() {
            words.push(String::new());
            continue;
        }
        let word = words.last_mut().expect("there is always one");
        word.push(character);
        if character == '\\' {
            word.extend(characters.next());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_rule_that_matches_counts() {
        let text = "\
# Who looks at what.
*                 @everyone
*.ipynb           @data # but not scripts
/services/        @platform @ops
services/billing  @billing
docs/*            @writers
/services/legacy/ 
with\\ blank/      @blank
[Section]
!services/x.py    @nobody
";
        let owners = Owners::new(Path::new("/tree"), text);
        let of = |path: &str| owners.of(&Path::new("/tree").join(path)).join(" ");
        assert_eq!(of("setup.py"), "@everyone");
        assert_eq!(of("a/b/book.ipynb"), "@data");
        assert_eq!(of("services/x.py"), "@platform @ops");
        assert_eq!(of("other/services/x.py"), "@everyone");
        assert_eq!(of("services/billing/app/x.py"), "@billing");
        assert_eq!(of("docs/conf.py"), "@writers");
        assert_eq!(of("docs/deep/conf.py"), "@everyone");
        assert_eq!(of("services/legacy/x.py"), "");
        assert_eq!(of("with blank/x.py"), "@blank");
        assert_eq!(owners.of(Path::new("/elsewhere/x.py")), [""; 0]);
    }
}
