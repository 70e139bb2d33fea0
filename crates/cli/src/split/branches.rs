//! A branch for each patch, made beside the work tree and its index.

use std::collections::{HashMap, HashSet};
use std::ffi::OsString;
use std::fs;
use std::io::Write as _;
#[cfg(unix)]
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use tempfile::TempDir;

use super::{Shard, go_on};
use crate::vcs;

/// Where the branches are to be.
pub(super) struct Branches {
    prefix: String,
    tree: PathBuf,
    base: String,
    settings: Vec<OsString>,
}

impl Branches {
    /// # Errors
    /// Where there is nothing to build on, or something of the name already.
    pub(super) fn check(prefix: &str, tree: &Path, base: Option<&str>) -> Result<Self> {
        let Some(base) = base else {
            bail!("--branches: there is no commit in {}", tree.display());
        };
        let branches = Self {
            prefix: prefix.trim_end_matches('/').to_owned(),
            tree: tree.to_path_buf(),
            base: base.to_owned(),
            settings: vcs::harmless(tree)?,
        };
        let prefix = &branches.prefix;
        let example = format!("refs/heads/{prefix}/x");
        let named = branches.git().args(["check-ref-format", &example]).output();
        if !named.context("cannot run git")?.status.success() {
            bail!("--branches: no branch can be called {prefix}/..; name another prefix");
        }
        let list = ["for-each-ref", "--count=1", "--format=%(refname:short)"];
        let below = format!("refs/heads/{prefix}");
        let mut list = branches.git().args(list).arg(&below).stdin_is(b"")?;
        list.truncate(list.trim_end().len());
        if !list.is_empty() {
            bail!(
                "--branches: there is a branch {list} already; name another prefix, or delete it"
            );
        }
        Ok(branches)
    }

    /// The name of each shard's branch.
    pub(super) fn names(&self, shards: &[Shard]) -> Vec<String> {
        let mut taken: HashMap<String, usize> = HashMap::new();
        let mut known: HashSet<String> = HashSet::new();
        let mut names: Vec<String> = Vec::new();
        for shard in shards {
            let slug = format!("{}/{}", self.prefix, shard.slug());
            let mut name = slug.clone();
            // Names that differ may have become the same.
            while !known.insert(name.clone()) {
                let count = taken.entry(slug.clone()).or_insert(1);
                *count += 1;
                name = format!("{slug}-{count}");
            }
            names.push(name);
        }
        names
    }

    /// Makes a commit of each patch, on what is checked out and on the commits that its shard needs. No branch leads
    /// to them so far.
    ///
    /// # Errors
    /// Where a patch does not apply, or nobody is known as the author.
    pub(super) fn commits(&self, shards: &[Shard], messages: &[String]) -> Result<Vec<String>> {
        let scratch = tempfile::tempdir().context("cannot make a temporary folder")?;
        let mut building = Building {
            branches: self,
            scratch,
            indexes: HashMap::new(),
        };
        let mut commits: Vec<String> = Vec::new();
        for (place, shard) in shards.iter().enumerate() {
            go_on()?;
            let mut parent = self.base.clone();
            for need in &shard.needs {
                parent = if parent == self.base {
                    commits[*need].clone()
                } else {
                    building.commit(&parent, &shards[*need], &messages[*need])?
                };
            }
            commits.push(building.commit(&parent, shard, &messages[place])?);
        }
        Ok(commits)
    }

    /// Makes all branches or none.
    pub(super) fn make(&self, names: &[String], commits: &[String]) -> Result<()> {
        let lines = names.iter().zip(commits);
        let lines = lines.map(|(name, commit)| format!("create refs/heads/{name} {commit}\n"));
        let update = ["update-ref", "-m", "asyncmend split", "--stdin"];
        let lines: String = lines.collect();
        let made = self.git().args(update).stdin_is(lines.as_bytes());
        made.context("--branches: no branch was made")?;
        Ok(())
    }

    fn git(&self) -> Command {
        #[cfg_attr(not(unix), expect(unused_mut))]
        let mut command = vcs::command(&self.tree, &self.settings);
        // Who interrupts us has us end between two commits.
        #[cfg(unix)]
        command.process_group(0);
        command
    }
}

/// Commits in the making.
struct Building<'b> {
    branches: &'b Branches,
    scratch: TempDir,
    /// By the commit that it has.
    indexes: HashMap<String, PathBuf>,
}

impl Building<'_> {
    /// The commit that `shard` makes after `parent`.
    fn commit(&mut self, parent: &str, shard: &Shard, message: &str) -> Result<String> {
        let index = self.scratch.path().join("index");
        fs::copy(self.index(parent)?, &index).context("cannot copy an index")?;
        let git = || {
            let mut git = self.branches.git();
            git.env("GIT_INDEX_FILE", &index);
            git
        };
        let apply = ["apply", "--cached", "--whitespace=nowarn", "-"];
        let applied = git().args(apply).stdin_is(&shard.diff());
        applied.with_context(|| {
            format!(
                "--branches: no branch was made: {} is not as it is committed",
                shard.pieces[0].name
            )
        })?;
        let tree = git().arg("write-tree").stdin_is(b"")?;
        let commit = ["commit-tree", "-p", parent, "-F", "-", tree.trim_end()];
        let made = git().args(commit).stdin_is(message.as_bytes());
        let made = made.context("--branches: no branch was made")?;
        Ok(made.trim_end().to_owned())
    }

    /// An index that has what the commit `parent` has.
    fn index(&mut self, parent: &str) -> Result<PathBuf> {
        if let Some(known) = self.indexes.get(parent) {
            return Ok(known.clone());
        }
        let path = self
            .scratch
            .path()
            .join(format!("index-{}", self.indexes.len()));
        let mut git = self.branches.git();
        git.env("GIT_INDEX_FILE", &path);
        git.args(["read-tree", parent]).stdin_is(b"")?;
        self.indexes.insert(parent.to_owned(), path.clone());
        Ok(path)
    }
}

/// A command that reads what it is given.
trait Fed {
    /// What it prints when it reads `input`; an error with what it complains of where it fails.
    fn stdin_is(&mut self, input: &[u8]) -> Result<String>;
}

impl Fed for Command {
    fn stdin_is(&mut self, input: &[u8]) -> Result<String> {
        let pipes = self
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = pipes.spawn().context("cannot run git")?;
        if let Some(mut stdin) = child.stdin.take() {
            // Who does not read it all says why.
            let _ = stdin.write_all(input);
        }
        let output = child.wait_with_output().context("cannot run git")?;
        if !output.status.success() {
            bail!("git: {}", vcs::complaint(&output.stderr));
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }
}
