//! Which of the files of a search are looked at: those of a shard, and those that have changed.
//!
//! The others stay known: what their functions give back decides about calls in those that are looked at, so that
//! a part of a run says what the whole one would.

use std::fmt::{self, Display, Formatter};
use std::path::Path;
use std::str::FromStr;

use anyhow::{Result, bail};
use sha2::{Digest, Sha256};

use crate::args::FileArgs;
use crate::here::{Here, slashed};
use crate::vcs::{self, Since};
use crate::walk::{Found, Role};

/// One of so many parts of all files, which has those whose path says so: on every machine, in any order, from
/// whatever folder, and whichever other files there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shard {
    /// Counted from 1.
    number: u64,
    of: u64,
}

impl Display for Shard {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.number, self.of)
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let numbers = text.split_once('/');
        let numbers = numbers.and_then(|(k, n)| Some((k.parse().ok()?, n.parse().ok()?)));
        match numbers {
            Some((number, of)) if 1 <= number && number <= of => Ok(Self { number, of }),
            _ => Err("it is a number and how many there are, such as 2/8".to_owned()),
        }
    }
}

impl Shard {
    /// Whether it has the file at `path`, from the top of the work tree and with slashes: the first eight bytes of
    /// the SHA-256 of that, as a number with the high byte first, are counted off.
    fn has(self, path: &str) -> bool {
        let hash = Sha256::digest(path);
        let first = hash.first_chunk().expect("a hash of 32 bytes");
        u64::from_be_bytes(*first) % self.of == self.number - 1
    }
}

/// Leaves those of the files of `found` to be looked at that `args` ask for.
///
/// # Errors
/// Where nothing can tell which.
pub(crate) fn narrow(found: &mut Found, args: &FileArgs, here: &Here) -> Result<()> {
    if args.since.is_none() && args.shard.is_none() {
        return Ok(());
    }
    if found.inputs.iter().any(|input| input.is_stdin) {
        bail!("--since and --shard choose among files; standard input is none");
    }
    let top = vcs::root_around(here.path());
    if let Some(shard) = args.shard {
        let has = |path: &Path| {
            let below = path.strip_prefix(&top).unwrap_or(path);
            shard.has(&slashed(below.to_string_lossy().into_owned()))
        };
        for input in &mut found.inputs {
            if !has(&input.path) {
                input.role = Role::Background;
            }
        }
        found
            .troubles
            .retain(|(name, _)| has(&here.path().join(name)));
    }
    if let Some(revision) = &args.since {
        let since = Since::ask(&top, revision)?;
        for input in &mut found.inputs {
            if !since.has_changed(&input.path) {
                input.role = Role::Background;
            }
        }
        found.since = Some(since);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shards_are_disjoint_and_complete_and_stay_as_they_are() {
        let paths: Vec<String> = (0..2000).map(|it| format!("a/b{it}.py")).collect();
        for of in 1..=9 {
            let shards: Vec<Shard> = (1..=of).map(|number| Shard { number, of }).collect();
            let mut sizes = vec![0; shards.len()];
            for path in &paths {
                let having: Vec<usize> = (0..shards.len())
                    .filter(|it| shards[*it].has(path))
                    .collect();
                assert_eq!(having.len(), 1, "{path} of {of}");
                sizes[having[0]] += 1;
            }
            let usual = 2000 / sizes.len();
            assert!(sizes.iter().all(|it| *it > usual / 2), "{sizes:?}");
        }
        // Reports of machines with other versions are merged: this is a promise.
        let third = Shard { number: 3, of: 4 };
        let own = paths.iter().filter(|it| third.has(it));
        let own: Vec<&String> = own.take(4).collect();
        assert_eq!(own, ["a/b2.py", "a/b3.py", "a/b14.py", "a/b17.py"]);
    }

    #[test]
    fn what_is_no_shard_is_told() {
        assert_eq!("2/8".parse(), Ok(Shard { number: 2, of: 8 }));
        for text in ["0/2", "3/2", "1", "a/b", "1/2/3", "-1/2", ""] {
            assert!(text.parse::<Shard>().is_err(), "{text}");
        }
    }
}
