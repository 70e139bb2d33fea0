//! Which fixes make a command fail: the search alone, which runs nothing itself.
//!
//! The fixes stand in a row, those of a file side by side. Where all together fail, some beginning of the row is
//! the shortest that fails, and its last fix is at fault: halving finds it. What else is needed for a failure is
//! found in the same way among the fixes before it. One fix of such a set has to go, and the last one does; then the
//! rest is tried. So a fix that is at fault alone costs a run for each halving and two more: `n` fixes with `k` at
//! fault take at most `2·k·log2(n)+4` runs, among them two without any fix and the last one, of all that is kept.
//!
//! Two answers are doubted, and asked for again: that a set fails of which no part does, as where it did by chance, and
//! that everything fails, as where a command cannot be run twice.
//!
//! Nothing is assumed of who is asked: what is kept at the end is a set that passed, even where more fixes fail
//! less.

use std::collections::{HashMap, HashSet};

/// What came of a search. Fixes are numbers, in their order.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Searched<S> {
    /// Those that pass together.
    pub(crate) kept: Vec<usize>,
    /// Sets that fail, in the order in which they were found.
    pub(crate) failing: Vec<FailingSet>,
    /// Those about which nothing is known, because the search was stopped.
    pub(crate) unproven: Vec<usize>,
    /// Why it was stopped, where it was.
    pub(crate) stopped: Option<S>,
    /// Whether it ended because a set passed that had failed.
    pub(crate) is_by_chance: bool,
}

/// Fixes that fail together, and of which each is needed for that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FailingSet {
    /// In order.
    pub(crate) members: Vec<usize>,
    /// The one that is taken back, the last of them.
    pub(crate) taken_back: usize,
    /// Whether the members alone fail; else the search was stopped before all of them were found.
    pub(crate) is_whole: bool,
}

/// How many runs there are before fixes are tried.
const RUNS_BEFORE: u32 = 2;

/// How many runs there are where all fixes pass.
pub(crate) const RUNS_FOR_NONE: u32 = RUNS_BEFORE + 1;

/// How many runs it takes at most to find one fix at fault among `count`: with all, halvings, with that fix alone and
/// with all others.
pub(crate) fn runs_for_one(count: usize) -> u32 {
    match count {
        // That everything fails is doubted.
        0 | 1 => RUNS_FOR_NONE + 1,
        _ => RUNS_FOR_NONE + halvings(count) + 2,
    }
}

/// Searches among as many fixes as `groups` has entries; `groups` says for each to which file it belongs. `passes`
/// is asked whether the fixes with these numbers pass together, of a set twice only where it is told that the answer is
/// doubted, and may stop the search by an error. That no fix at all passes is known.
pub(crate) fn search<S>(
    groups: &[usize],
    passes: impl FnMut(&[usize], bool) -> Result<bool, S>,
) -> Searched<S> {
    let mut search = Search {
        groups,
        passes,
        known: HashMap::from([(Vec::new(), true)]),
        doubted: HashSet::new(),
        has_passed: false,
        is_by_chance: false,
        left: (0..groups.len()).collect(),
        good: 0,
        failing: Vec::new(),
    };
    let stopped = search.run().err();
    let unproven = search.left.split_off(search.good);
    Searched {
        kept: search.left,
        failing: search.failing,
        unproven,
        stopped,
        is_by_chance: search.is_by_chance,
    }
}

struct Search<'g, P> {
    groups: &'g [usize],
    passes: P,
    /// Every answer so far.
    known: HashMap<Vec<usize>, bool>,
    /// The sets that were asked about again.
    doubted: HashSet<Vec<usize>>,
    /// Whether any set has passed.
    has_passed: bool,
    is_by_chance: bool,
    /// The fixes that were not taken back.
    left: Vec<usize>,
    /// So many of them, the first, are known to pass together.
    good: usize,
    failing: Vec<FailingSet>,
}

impl<P, S> Search<'_, P>
where
    P: FnMut(&[usize], bool) -> Result<bool, S>,
{
    fn run(&mut self) -> Result<(), S> {
        loop {
            let all = self.left.clone();
            if self.pass(&all)? {
                self.good = all.len();
                return Ok(());
            }
            let at = self.shortest_that_fails(&all)?;
            if !self.has_passed {
                // Who is asked stops the search where that fails.
                self.has_passed |= (self.passes)(&[], true)?;
            }
            // Before its partners are known, which takes time, it is out.
            let last = self.left.remove(at);
            self.failing.push(FailingSet {
                members: vec![last],
                taken_back: last,
                is_whole: false,
            });
            if self.find_partners(last, &all[..at])?.is_none() {
                self.is_by_chance = true;
                self.failing.pop();
                self.left.insert(at, last);
                if self.known.get(&all[..=at]) == Some(&true) {
                    self.good = at + 1;
                }
                return Ok(());
            }
        }
    }

    /// The index of the last fix of the shortest beginning of `all` that fails, where more than those known to be
    /// good do.
    fn shortest_that_fails(&mut self, all: &[usize]) -> Result<usize, S> {
        let mut fails = all.len();
        while fails - self.good > 1 {
            let middle = self.middle(all, self.good, fails);
            if self.pass(&all[..middle])? {
                self.good = middle;
            } else {
                fails = middle;
            }
        }
        Ok(self.good)
    }

    /// Finds what fails together with `last`, as it does with all of `before`; nothing where that was by chance.
    fn find_partners(&mut self, last: usize, before: &[usize]) -> Result<Option<()>, S> {
        let mut needed = vec![last];
        let mut before = before;
        while self.pass(&needed)? {
            let (mut passes, mut fails) = (0, before.len());
            while fails - passes > 1 {
                let middle = self.middle(before, passes, fails);
                if self.pass(&[&before[..middle], &needed].concat())? {
                    passes = middle;
                } else {
                    fails = middle;
                }
            }
            let is_all_needed = passes + 1 == before.len();
            if is_all_needed && self.fails_by_chance([before, &needed].concat())? {
                return Ok(None);
            }
            needed.insert(0, before[passes]);
            before = &before[..passes];
            self.found().members.clone_from(&needed);
        }
        self.found().is_whole = true;
        Ok(Some(()))
    }

    /// Whether `fixes` pass that have failed.
    fn fails_by_chance(&mut self, fixes: Vec<usize>) -> Result<bool, S> {
        if !self.doubted.insert(fixes.clone()) {
            return Ok(false);
        }
        let passes = (self.passes)(&fixes, true)?;
        self.known.insert(fixes, passes);
        Ok(passes)
    }

    fn found(&mut self) -> &mut FailingSet {
        self.failing.last_mut().expect("one was just found")
    }

    /// Where to cut `all` between `passes` and `fails`: between two files where that takes no more halvings, and as
    /// near to the middle as that lets.
    fn middle(&self, all: &[usize], passes: usize, fails: usize) -> usize {
        let half = 1 << (halvings(fails - passes) - 1);
        let middle = passes + (fails - passes) / 2;
        let is_between_files = |at: &usize| self.groups[all[*at - 1]] != self.groups[all[*at]];
        let allowed = fails.saturating_sub(half).max(passes + 1)..=(passes + half).min(fails - 1);
        let between = allowed.filter(is_between_files);
        between
            .min_by_key(|at| at.abs_diff(middle))
            .unwrap_or(middle)
    }

    fn pass(&mut self, fixes: &[usize]) -> Result<bool, S> {
        if let Some(known) = self.known.get(fixes) {
            return Ok(*known);
        }
        let passes = (self.passes)(fixes, false)?;
        self.has_passed |= passes;
        self.known.insert(fixes.to_vec(), passes);
        Ok(passes)
    }
}

/// How often `count` can be halved, rounded up, until one is left.
fn halvings(count: usize) -> u32 {
    count.max(1).next_power_of_two().ilog2()
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;

    /// The first entries of a random order.
    fn some(random: &mut fastrand::Rng, count: usize, of: usize) -> Vec<usize> {
        random.choose_multiple(0..of, count)
    }

    /// Files of random sizes.
    fn files(random: &mut fastrand::Rng, fixes: usize) -> Vec<usize> {
        let mut file = 0;
        let most = random.u32(1..12);
        let mut next = |_| {
            file += usize::from(random.u32(0..most) == 0);
            file
        };
        (0..fixes).map(&mut next).collect()
    }

    /// Searches where these sets fail, and gives back the number of runs, those without any fix included.
    fn count(groups: &[usize], sets: &[Vec<usize>]) -> (Searched<Infallible>, usize) {
        let mut runs = RUNS_BEFORE as usize;
        let mut asked = std::collections::HashSet::new();
        let searched = search(groups, |fixes, again| {
            runs += 1;
            let is_new = asked.insert(fixes.to_vec());
            assert!(is_new || again, "{fixes:?} was asked twice");
            assert!(fixes.is_sorted());
            Ok(!sets
                .iter()
                .any(|set| set.iter().all(|it| fixes.contains(it))))
        });
        (searched, runs)
    }

    /// Fails where there are more runs than two for each halving and culprit, and four.
    #[track_caller]
    fn is_within_bound(runs: usize, fixes: usize, culprits: usize) {
        let number = |count: usize| f64::from(u32::try_from(count).unwrap());
        let most = 2.0 * number(culprits) * number(fixes).log2() + 4.0;
        assert!(
            number(runs) <= most,
            "{culprits} of {fixes}: {runs} > {most}"
        );
    }

    fn is_right(searched: &Searched<Infallible>, fixes: usize, sets: &[Vec<usize>]) {
        let mut expected: Vec<Vec<usize>> = sets.to_vec();
        for set in &mut expected {
            set.sort_unstable();
        }
        expected.sort();
        let mut found: Vec<Vec<usize>> = Vec::new();
        for set in &searched.failing {
            assert!(set.is_whole);
            assert_eq!(set.members.last(), Some(&set.taken_back));
            found.push(set.members.clone());
        }
        found.sort();
        assert_eq!(found, expected);
        let taken_back: Vec<usize> = searched.failing.iter().map(|it| it.taken_back).collect();
        let kept: Vec<usize> = (0..fixes).filter(|it| !taken_back.contains(it)).collect();
        assert_eq!(searched.kept, kept);
        assert!(searched.unproven.is_empty());
    }

    #[test]
    fn every_few_fixes_with_every_culprits() {
        for fixes in 1..=9 {
            for mask in 0_usize..1 << fixes {
                let culprits: Vec<Vec<usize>> = (0..fixes)
                    .filter(|it| mask >> it & 1 == 1)
                    .map(|it| vec![it])
                    .collect();
                for size in 1..=fixes {
                    let groups: Vec<usize> = (0..fixes).map(|it| it / size).collect();
                    let (searched, runs) = count(&groups, &culprits);
                    is_right(&searched, fixes, &culprits);
                    is_within_bound(runs, fixes, culprits.len());
                    if culprits.len() == 1 {
                        assert!(runs <= runs_for_one(fixes) as usize);
                    }
                }
            }
        }
    }

    #[test]
    fn culprits_are_found_within_the_bound() {
        let mut random = fastrand::Rng::with_seed(1);
        for _ in 0..3000 {
            let fixes = random.usize(2..=500);
            let culprits = random.usize(0..=fixes.min(6));
            let sets: Vec<Vec<usize>> = some(&mut random, culprits, fixes)
                .into_iter()
                .map(|it| vec![it])
                .collect();
            let groups = files(&mut random, fixes);
            let (searched, runs) = count(&groups, &sets);
            is_right(&searched, fixes, &sets);
            is_within_bound(runs, fixes, culprits);
        }
    }

    #[test]
    fn fixes_that_fail_only_together_are_found_together() {
        let mut random = fastrand::Rng::with_seed(2);
        for _ in 0..3000 {
            let fixes = random.usize(9..=500);
            let mut free = some(&mut random, 9, fixes);
            let sets: Vec<Vec<usize>> = (0..random.usize(1..=3))
                .map(|_| free.split_off(free.len() - random.usize(1..=3)))
                .collect();
            let groups = files(&mut random, fixes);
            let (searched, runs) = count(&groups, &sets);
            is_right(&searched, fixes, &sets);
            is_within_bound(runs, fixes, sets.iter().map(Vec::len).sum());
        }
    }

    /// Whoever answers as it likes is still left with what it let pass.
    #[test]
    fn what_is_kept_has_passed_whatever_is_answered() {
        let mut random = fastrand::Rng::with_seed(3);
        for _ in 0..2000 {
            let fixes = random.usize(1..=60);
            let groups = files(&mut random, fixes);
            let mut passed = vec![Vec::new()];
            let mut left = if random.bool() {
                usize::MAX
            } else {
                random.usize(0..12)
            };
            let mut is_stopped = false;
            let searched = search(&groups, |asked, _| {
                is_stopped = left == 0;
                left = left.checked_sub(1).ok_or("enough")?;
                let answer = random.bool();
                if answer {
                    passed.push(asked.to_vec());
                }
                Ok(answer)
            });
            assert!(passed.contains(&searched.kept));
            let mut all = [searched.kept, searched.unproven].concat();
            all.extend(searched.failing.iter().map(|it| it.taken_back));
            all.sort_unstable();
            assert_eq!(all, (0..fixes).collect::<Vec<usize>>());
            assert_eq!(searched.stopped, is_stopped.then_some("enough"));
        }
    }

    /// One failure by chance is noticed, whichever run it is, and costs no fix.
    #[test]
    fn a_failure_by_chance_is_noticed() {
        let mut random = fastrand::Rng::with_seed(4);
        for _ in 0..2000 {
            let fixes = random.usize(2..=100);
            let culprit = random.bool().then(|| random.usize(0..fixes));
            let groups = files(&mut random, fixes);
            let (mut runs, chance) = (0, random.usize(0..8));
            let mut has_failed_by_chance = false;
            let searched = search(&groups, |asked, _| {
                runs += 1;
                let passes = !culprit.is_some_and(|it| asked.contains(&it));
                let is_chance = passes && runs == chance + 1 && !asked.is_empty();
                has_failed_by_chance |= is_chance;
                Ok::<bool, Infallible>(passes && !is_chance)
            });
            let set = |it: &FailingSet| Some(it.taken_back) == culprit && it.members.len() == 1;
            assert!(searched.failing.iter().all(set) || has_failed_by_chance);
            if culprit.is_none() && has_failed_by_chance {
                assert!(searched.is_by_chance && searched.failing.is_empty());
                assert_eq!(searched.kept.len(), fixes);
                assert!(runs <= 2 * halvings(fixes) as usize + 3);
            }
            assert!(has_failed_by_chance || !searched.is_by_chance);
        }
    }

    #[test]
    fn a_row_is_cut_between_files_where_that_costs_nothing() {
        let first_two = |groups: &[usize]| {
            let mut asked = Vec::new();
            search(groups, |fixes, _| {
                asked.push(fixes.len());
                Ok::<bool, Infallible>(!fixes.contains(&(groups.len() - 1)))
            });
            (asked[0], asked[1])
        };
        assert_eq!(first_two(&[0, 0, 0, 1, 1]), (5, 3));
        assert_eq!(first_two(&[0, 0, 0, 0, 1]), (5, 4));
        // The larger part would be larger than the half of the next power of two.
        assert_eq!(first_two(&[0, 0, 0, 0, 0, 0, 0, 1]), (8, 4));
    }
}
