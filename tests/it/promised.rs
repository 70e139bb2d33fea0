//! The promises that `fuzz` looks at for hours, each kept for some random input.
//!
//! `INPUTS` and `SEED` say how many, and which.

use std::fs;

use fastrand::Rng;

use crate::case;
use crate::choices::Choices;
use crate::programs::number;
use crate::promises;

/// How many inputs each promise meets.
const INPUTS: u64 = 2_000;

/// A process of Git for each takes its time.
const INPUTS_FOR_GIT: u64 = 60;

impl Choices for Rng {
    fn below(&mut self, end: usize) -> usize {
        self.usize(..end)
    }
}

fn for_each_seed(usual: u64, check: impl Fn(&mut Rng)) {
    let (count, first) = (number("INPUTS", usual), number("SEED", 1));
    for seed in first..first + count {
        // The seed of a failure is the last one that is printed.
        println!("seed {seed}");
        check(&mut Rng::with_seed(seed));
    }
}

#[test]
fn patches_apply_and_lead_back() {
    for_each_seed(INPUTS, promises::of_patches);
}

#[test]
fn git_makes_of_a_diff_what_was_meant() {
    let folder = tempfile::tempdir().expect("a folder");
    for_each_seed(INPUTS_FOR_GIT, |random| {
        promises::of_unified(random, folder.path());
    });
}

/// `bytes` with some of them gone, changed, or put elsewhere.
fn torn(random: &mut Rng, bytes: &[u8]) -> Vec<u8> {
    let mut torn = bytes.to_vec();
    for _ in 0..random.usize(1..4) {
        let at = random.usize(..=torn.len());
        let end = (at + random.usize(..20)).min(torn.len());
        match random.u8(..4) {
            0 => drop(torn.drain(at..end)),
            1 => torn[at..end].fill_with(|| random.u8(..)),
            2 => {
                let piece = torn[at..end].to_vec();
                let to = random.usize(..=torn.len());
                torn.splice(to..to, piece);
            }
            _ => torn.insert(
                at,
                *random
                    .choice(b"\0\x0c\r\n\t\xff\xe9\"'([{:#\\")
                    .expect("one"),
            ),
        }
    }
    torn
}

#[test]
fn files_of_any_bytes_are_refused_or_mended() {
    let cases = case::transform_cases();
    for_each_seed(INPUTS / 10, |random| {
        let text = random.choice(&cases).expect("one").text.clone();
        let bytes = format!("{}{text}", random.char('0'..'7'));
        let bytes = torn(random, bytes.as_bytes());
        promises::of_bytes(&cases[0], &bytes);
    });
}

#[test]
fn a_configuration_of_any_bytes_is_taken_or_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = dunce::canonicalize(folder.path()).expect("a path");
    let readme = fs::read(crate::repository::root().join("README.md")).expect("a page");
    let start = memchr::memmem::find(&readme, b"[tool.asyncmend]").expect("the example");
    let length = memchr::memmem::find(&readme[start..], b"```").expect("its end");
    let example = &readme[start..start + length];
    for_each_seed(INPUTS / 4, |random| {
        let mut bytes = vec![random.u8(..5)];
        bytes.extend(torn(random, example));
        promises::of_configuration(&folder, &bytes);
    });
}
