//! Cases with random changes: whatever people write, what is made of it is Python, a second run changes
//! nothing, and nothing outside of the claims is touched.
//!
//! `MUTANTS` and `SEED` say how many, and which, texts are made.

use std::collections::BTreeSet;

use fastrand::Rng;

use crate::case;
use crate::mutator::mutant;
use crate::programs::number;
use crate::promises;
use crate::pythons;

/// How many texts are made.
const MUTANTS: u64 = 1_500;

#[test]
fn mutated_cases_keep_every_promise() {
    let cases = case::all_cases();
    let (count, first) = (number("MUTANTS", MUTANTS), number("SEED", 1));
    let mut troubles = Vec::new();
    let (mut befores, mut afters) = (Vec::new(), Vec::new());
    let mut parsed = 0;
    // Texts that are no Python do not count.
    let mut seeds = first..;
    while parsed < count
        && let Some(seed) = seeds.next()
    {
        let case = mutant(&mut Rng::with_seed(seed), &cases, format!("seed {seed}"));
        let Some(result) = promises::mended(&case) else {
            continue;
        };
        parsed += 1;
        let result = match result {
            Ok(result) => result,
            Err(found) => {
                troubles.extend(found);
                continue;
            }
        };
        if result.after != case.text {
            let target = case.settings.options.target;
            befores.push((format!("seed {seed}"), target, case.text));
            afters.push((format!("seed {seed}"), target, result.after));
        }
    }
    // CPython finds more wrong than a parser does: in a text that was wrong before it does not matter.
    let wrong: BTreeSet<String> = pythons::compile_errors(&befores)
        .iter()
        .map(|it| seed_of(it))
        .collect();
    let broken = pythons::compile_errors(&afters);
    troubles.extend(
        broken
            .into_iter()
            .filter(|error| !wrong.contains(&seed_of(error))),
    );
    println!(
        "{parsed} of {} texts are Python, {} were mended",
        seeds.start - first,
        afters.len()
    );
    assert!(
        troubles.is_empty(),
        "{} troubles\n{}",
        troubles.len(),
        troubles.join("\n\n")
    );
    assert!(afters.len() as u64 > count / 10, "too few were mended");
}

/// "seed 12" of "CPython 3.11: seed 12 invalid syntax".
fn seed_of(error: &str) -> String {
    let words = error.split(' ').skip_while(|word| *word != "seed").take(2);
    words.collect::<Vec<_>>().join(" ")
}
