//! Whose a file is, as `CODEOWNERS` says it.

use std::path::{Path, PathBuf};

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use crate::disk;
use crate::vcs;

/// Where such a file may be, from the top of the work tree; the first that is there counts.
const PLACES: [&str; 4] = [
    ".github/CODEOWNERS",
    "CODEOWNERS",
    "docs/CODEOWNERS",
    GITLABS_OWN,
];

/// The place that GitLab alone knows.
const GITLABS_OWN: &str = ".gitlab/CODEOWNERS";

/// The owners of files.
#[derive(Debug, Default)]
pub(crate) struct Owners {
    root: PathBuf,
    /// Whether there is a file that says it.
    pub(crate) are_known: bool,
    rules: Rules,
}

/// The rules, which the two sites that made the file known read in their own ways.
#[derive(Debug)]
enum Rules {
    GitHub(Box<Lines>),
    GitLab(Vec<Section>),
}

impl Default for Rules {
    fn default() -> Self {
        Self::GitHub(Box::default())
    }
}

impl Owners {
    /// What the work tree around `folder` says, or `folder` itself where there is none.
    pub(crate) fn find(folder: &Path) -> Self {
        let root = vcs::root_around(folder);
        let found = PLACES
            .iter()
            .find_map(|place| Some((*place, disk::load_small(&root.join(place)).ok()?)));
        let Some((place, bytes)) = found else {
            return Self::default();
        };
        let is_gitlabs = place == GITLABS_OWN
            || root.join(".gitlab-ci.yml").exists() && !root.join(".github").exists();
        Self::new(&root, &String::from_utf8_lossy(&bytes), is_gitlabs)
    }

    /// Those that `text` names. Only GitLab has sections, so that a file with one is read as GitLab reads it.
    fn new(root: &Path, text: &str, is_gitlabs: bool) -> Self {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let has_sections = text.lines().any(|line| heading(line.trim()).is_some());
        let rules = if is_gitlabs || has_sections {
            Rules::GitLab(sections(text))
        } else {
            Rules::GitHub(Box::new(Lines::new(root, text)))
        };
        Self {
            root: root.to_path_buf(),
            are_known: true,
            rules,
        }
    }

    /// Those of the file at `path`, which is absolute: what the last rule that matches says, in each section of a
    /// file that has some.
    pub(crate) fn of(&self, path: &Path) -> Vec<String> {
        let Ok(below) = path.strip_prefix(&self.root) else {
            return Vec::new();
        };
        match &self.rules {
            Rules::GitHub(lines) => lines.owners(path, &self.root).to_vec(),
            Rules::GitLab(sections) => {
                let mut owners: Vec<String> = Vec::new();
                for owner in sections.iter().flat_map(|it| it.owners(below)) {
                    if !owners.contains(owner) {
                        owners.push(owner.clone());
                    }
                }
                owners
            }
        }
    }
}

/// The file as GitHub reads it: patterns as in `.gitignore`, without exceptions.
#[derive(Debug)]
struct Lines {
    /// Those that mean all that is below a folder that matches; each knows the number of its line.
    deep: Gitignore,
    /// Those that do not.
    shallow: Gitignore,
    /// By the number of the line.
    owners: Vec<Vec<String>>,
}

impl Default for Lines {
    fn default() -> Self {
        Self {
            deep: Gitignore::empty(),
            shallow: Gitignore::empty(),
            owners: Vec::new(),
        }
    }
}

impl Lines {
    fn new(root: &Path, text: &str) -> Self {
        let (mut deep, mut shallow) = (GitignoreBuilder::new(root), GitignoreBuilder::new(root));
        let mut owners = Vec::new();
        for line in text.lines() {
            // Neither exceptions nor classes of characters mean anything there.
            let means_something =
                |rule: &Rule| !rule.pattern.starts_with('!') && !rule.pattern.contains('[');
            let Some(rule) = Rule::read(line).filter(means_something) else {
                continue;
            };
            let builder = if rule.pattern.ends_with("/*") {
                &mut shallow
            } else {
                &mut deep
            };
            // The place that a pattern is from is the only thing that it carries along.
            let number = PathBuf::from(owners.len().to_string());
            if builder.add_line(Some(number), &rule.pattern).is_ok() {
                owners.push(rule.owners);
            }
        }
        Self {
            deep: deep.build().unwrap_or_else(|_| Gitignore::empty()),
            shallow: shallow.build().unwrap_or_else(|_| Gitignore::empty()),
            owners,
        }
    }

    fn owners(&self, path: &Path, root: &Path) -> &[String] {
        let last = |rules: &Gitignore, path: &Path, is_folder: bool| -> Option<usize> {
            let found = rules.matched(path, is_folder);
            found.inner()?.from()?.to_str()?.parse().ok()
        };
        let folders = path.ancestors().skip(1).take_while(|it| *it != root);
        let found = folders
            .map(|folder| last(&self.deep, folder, true))
            .chain([
                last(&self.deep, path, false),
                last(&self.shallow, path, false),
            ])
            .flatten()
            .max();
        found.map_or(&[], |number| &self.owners[number])
    }
}

/// What stands below one heading of GitLab's, or above the first.
#[derive(Debug, Default)]
struct Section {
    /// In small letters: of two sections with one name, the second goes on with the first.
    name: String,
    patterns: Vec<(String, Vec<String>)>,
    set: GlobSet,
    /// What belongs to nobody here, whatever the other patterns say.
    excluded: GlobSet,
}

impl Section {
    fn owners(&self, below: &Path) -> &[String] {
        if self.excluded.is_match(below) {
            return &[];
        }
        let last = self.set.matches(below).into_iter().max();
        last.map_or(&[], |number| &self.patterns[number].1)
    }

    /// The same, ready to match.
    fn built(mut self) -> Self {
        let globs = |patterns: &mut dyn Iterator<Item = &str>| {
            let mut set = GlobSetBuilder::new();
            for pattern in patterns {
                let mut glob = GlobBuilder::new(pattern);
                // On Windows too, where a glob's backslash parts folders.
                glob.literal_separator(true).backslash_escape(true);
                let glob = glob.build();
                // One that is none matches nothing, but has its number.
                set.add(glob.unwrap_or_else(|_| globset::Glob::new("/").expect("a glob")));
            }
            set.build().unwrap_or_default()
        };
        let (out, own): (Vec<_>, Vec<_>) = std::mem::take(&mut self.patterns)
            .into_iter()
            .partition(|(pattern, _)| pattern.starts_with('!'));
        let own = own.into_iter().map(|(it, owners)| (as_glob(&it), owners));
        self.patterns = own.collect();
        self.set = globs(&mut self.patterns.iter().map(|(pattern, _)| pattern.as_str()));
        let out: Vec<String> = out.iter().map(|(it, _)| as_glob(&it[1..])).collect();
        self.excluded = globs(&mut out.iter().map(String::as_str));
        self
    }
}

/// The file as GitLab reads it.
fn sections(text: &str) -> Vec<Section> {
    let mut sections = vec![Section::default()];
    let mut current = 0;
    let mut usual_owners: Vec<String> = Vec::new();
    for line in text.lines() {
        if let Some((name, owners)) = heading(line.trim()) {
            let name = name.to_lowercase();
            let known = sections.iter().position(|it| it.name == name);
            current = known.unwrap_or(sections.len());
            if known.is_none() {
                sections.push(Section {
                    name,
                    ..Section::default()
                });
            }
            usual_owners = owners;
        } else if let Some(mut rule) = Rule::read(line) {
            if rule.owners.is_empty() {
                rule.owners.clone_from(&usual_owners);
            }
            sections[current].patterns.push((rule.pattern, rule.owners));
        }
    }
    sections.into_iter().map(Section::built).collect()
}

/// The name of a section and who owns what names nobody: `^[Name][2] @owner`, where the first sign says that
/// nobody has to approve, and the number how many have to.
fn heading(line: &str) -> Option<(&str, Vec<String>)> {
    let rest = line.strip_prefix('^').unwrap_or(line).strip_prefix('[')?;
    let (name, rest) = rest.split_once(']')?;
    let rest = match rest.strip_prefix('[') {
        Some(rest) => {
            let (count, rest) = rest.split_once(']')?;
            count.parse::<u32>().ok()?;
            rest
        }
        None => rest,
    };
    // `[ab]*.py @owner` is a pattern.
    let is_heading = rest.is_empty() || rest.starts_with(char::is_whitespace);
    is_heading.then(|| (name.trim(), people(&words(rest))))
}

/// A pattern of GitLab as a glob of paths from the top. One matches anywhere unless it starts with a slash, and a
/// folder only where it ends with one.
fn as_glob(pattern: &str) -> String {
    if pattern == "*" || pattern == "/**/*" {
        return "**/*".to_owned();
    }
    // It has no alternatives.
    let pattern = pattern.replace('{', "\\{").replace('}', "\\}");
    let mut glob = match pattern.strip_prefix('/') {
        Some(rest) => rest.to_owned(),
        None => format!("**/{pattern}"),
    };
    if glob.ends_with('/') {
        glob.push_str("**/*");
    }
    glob
}

/// One line of the file.
struct Rule {
    pattern: String,
    owners: Vec<String>,
}

impl Rule {
    /// The one in `line`; none where that is empty or a comment.
    fn read(line: &str) -> Option<Self> {
        let line = line.trim();
        if line.starts_with('#') {
            return None;
        }
        let words = words(line);
        let (pattern, owners) = words.split_first()?;
        Some(Self {
            pattern: pattern.clone(),
            owners: people(owners),
        })
    }
}

/// Those that `words` name, up to a comment: users, groups and roles have an `@`, as addresses have.
fn people(words: &[String]) -> Vec<String> {
    let words = words.iter().take_while(|word| !word.starts_with('#'));
    words.filter(|word| word.contains('@')).cloned().collect()
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

    fn of(owners: &Owners, path: &str) -> String {
        owners.of(&Path::new("/tree").join(path)).join(" ")
    }

    #[test]
    fn the_last_rule_that_matches_counts() {
        let text = "\
# Who looks at what.
*                 @everyone
*.ipynb           @data # but not scripts
/services/        @platform ops@example.org
services/billing  @billing
docs/*            @writers
/services/legacy/ 
with\\ blank/      @blank
\\#hash.py         @hash
!services/x.py    @nobody
";
        let owners = Owners::new(Path::new("/tree"), text, false);
        for (path, owner) in [
            ("setup.py", "@everyone"),
            ("a/b/book.ipynb", "@data"),
            ("services/x.py", "@platform ops@example.org"),
            ("services/x.ipynb", "@platform ops@example.org"),
            ("other/services/x.py", "@everyone"),
            ("services/billing/app/x.py", "@billing"),
            ("docs/conf.py", "@writers"),
            ("docs/deep/conf.py", "@everyone"),
            ("services/legacy/x.py", ""),
            ("with blank/x.py", "@blank"),
            ("#hash.py", "@hash"),
        ] {
            assert_eq!(of(&owners, path), owner, "{path}");
        }
        assert_eq!(owners.of(Path::new("/elsewhere/x.py")), [""; 0]);
    }

    #[test]
    fn sections_have_rules_of_their_own() {
        let text = "\
* @all
!generated/

[Backend][2] @backend
services/
services/billing/ @billing
!/services/billing/vendor/
\\#odd\\ name.py

^[Optional docs] @writers docs@example.org
*.ipynb

[backend]
/top.py @top
[ab]*.py @letters
";
        let owners = Owners::new(Path::new("/tree"), text, false);
        for (path, owner) in [
            ("setup.py", "@all"),
            ("x/generated/setup.py", ""),
            ("services/x.py", "@all @backend"),
            ("deep/services/x.py", "@all @backend"),
            ("services/billing/x.py", "@all @billing"),
            ("services/billing/vendor/x.py", "@all"),
            (
                "services/x.ipynb",
                "@all @backend @writers docs@example.org",
            ),
            ("#odd name.py", "@all @backend"),
            ("top.py", "@all @top"),
            ("deep/top.py", "@all"),
            ("deep/a1.py", "@all @letters"),
        ] {
            assert_eq!(of(&owners, path), owner, "{path}");
        }
    }

    #[test]
    fn gitlab_takes_names_for_files_anywhere() {
        let text = "docs/*.py @writers\ntools @tools\n/{a}.py @braces\n";
        let [github, gitlab] = [false, true].map(|it| Owners::new(Path::new("/tree"), text, it));
        for (path, there, here) in [
            ("sub/docs/x.py", "", "@writers"),
            ("tools/x.py", "@tools", ""),
            ("{a}.py", "", "@braces"),
        ] {
            assert_eq!(of(&gitlab, path), here, "{path}");
            if path != "{a}.py" {
                assert_eq!(of(&github, path), there, "{path}");
            }
        }
    }
}
