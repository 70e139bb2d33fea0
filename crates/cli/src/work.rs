//! Work on many things at a time, with the results in order.

use std::collections::BTreeMap;
use std::ops::Range;
use std::panic::{self, AssertUnwindSafe};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use anyhow::{Context, Result, bail};
pub(crate) use asyncmend::parts::threads::{message, silence_panics, thread};

/// How many results, for each thread, may wait for an earlier one that takes long.
const WAITING: usize = 64;

/// How many inputs a thread takes at a time, so that threads do not wake each other for every file: most take
/// microseconds.
const MOST_AT_A_TIME: usize = 16;

/// Runs `work` on each of `inputs` in `threads` threads and hands the results to `take`, in order
/// and on this thread. A panic of `work` costs its own result alone. Stops early where `take` fails.
///
/// # Errors
/// What `take` returns; where no thread can be started.
pub(crate) fn in_order<I: Sync, T: Send>(
    inputs: &[I],
    threads: usize,
    work: impl Fn(&I) -> T + Sync,
    mut take: impl FnMut(&I, thread::Result<T>) -> Result<()>,
) -> Result<()> {
    let queue = Queue::new(inputs.len(), threads);
    thread::scope(|scope| {
        // Dropped on every way out, so that no thread waits for us.
        let _stop = Stop(&queue);
        for number in 0..threads {
            let started = self::thread().spawn_scoped(scope, || {
                while let Some(indices) = queue.next() {
                    let first = indices.start;
                    let results = inputs[indices].iter().map(|input| {
                        let work = AssertUnwindSafe(|| work(input));
                        panic::catch_unwind(work)
                    });
                    queue.done(first, results.collect());
                }
            });
            // Fewer threads than asked for are slower, none are an error.
            if number == 0 {
                started.context("cannot start a thread")?;
            }
        }
        let mut left = inputs;
        while !left.is_empty() {
            let results = queue.wait_for(inputs.len() - left.len());
            let (done, rest) = left.split_at(results.len());
            for (input, result) in done.iter().zip(results) {
                take(input, result)?;
            }
            left = rest;
        }
        Ok(())
    })
}

/// Runs `work` in a thread that can look at any file.
///
/// # Errors
/// What `work` returns; where it panics or no thread can be started.
pub(crate) fn on_a_big_stack<T: Send>(work: impl FnOnce() -> Result<T> + Send) -> Result<T> {
    thread::scope(|scope| {
        let started = self::thread().spawn_scoped(scope, work);
        match started.context("cannot start a thread")?.join() {
            Ok(done) => done,
            Err(panic) => bail!("internal fault: panicked: {}", message(&*panic)),
        }
    })
}

/// Gives out indices in order, some at a time, and takes results in any.
struct Queue<T> {
    state: Mutex<State<T>>,
    /// Results have come that were waited for.
    came: Condvar,
    /// Results were taken, or all is to stop.
    went: Condvar,
    total: usize,
    /// How many threads work.
    threads: usize,
}

struct State<T> {
    next: usize,
    taken: usize,
    /// By the first index of those that were given out together.
    results: BTreeMap<usize, Vec<thread::Result<T>>>,
    stopped: bool,
}

impl<T> Queue<T> {
    fn new(total: usize, threads: usize) -> Self {
        Self {
            state: Mutex::new(State {
                next: 0,
                taken: 0,
                results: BTreeMap::new(),
                stopped: false,
            }),
            came: Condvar::new(),
            went: Condvar::new(),
            total,
            threads,
        }
    }

    /// The next indices to work on, fewer towards the end, so that all threads end together. Waits while too many
    /// results wait: the one that all wait for was given out before, so it will come.
    fn next(&self) -> Option<Range<usize>> {
        let ahead = self.threads * WAITING;
        let mut state = self
            .went
            .wait_while(self.lock(), |state| {
                !state.stopped && state.next < self.total && state.next >= state.taken + ahead
            })
            .unwrap_or_else(PoisonError::into_inner);
        if state.stopped || state.next == self.total {
            return None;
        }
        let share = (self.total - state.next) / (4 * self.threads);
        let first = state.next;
        state.next += share.clamp(1, MOST_AT_A_TIME);
        Some(first..state.next)
    }

    fn done(&self, first: usize, results: Vec<thread::Result<T>>) {
        let mut state = self.lock();
        state.results.insert(first, results);
        if first == state.taken {
            self.came.notify_one();
        }
    }

    /// The results from `index` on that came together; the index is asked for after all before it.
    fn wait_for(&self, index: usize) -> Vec<thread::Result<T>> {
        let mut state = self.lock();
        // Those before have been dealt with.
        state.taken = index;
        self.went.notify_all();
        loop {
            if let Some(results) = state.results.remove(&index) {
                return results;
            }
            state = self
                .came
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn lock(&self) -> MutexGuard<'_, State<T>> {
        // Nobody panics while holding the lock: work is done outside of it.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Ends the work when it goes.
struct Stop<'q, T>(&'q Queue<T>);

impl<T> Drop for Stop<'_, T> {
    fn drop(&mut self) {
        self.0.lock().stopped = true;
        self.0.went.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use super::*;

    #[test]
    fn results_come_in_order_and_few_wait() {
        let inputs: Vec<usize> = (0..1000).collect();
        let begun = AtomicUsize::new(0);
        let mut taken = Vec::new();
        in_order(
            &inputs,
            4,
            |input| {
                begun.fetch_max(*input, Ordering::SeqCst);
                if *input == 0 {
                    thread::sleep(Duration::from_millis(50));
                }
                *input
            },
            |_, result| {
                let result = result.unwrap();
                if result == 0 {
                    assert!(begun.load(Ordering::SeqCst) <= 4 * WAITING + MOST_AT_A_TIME);
                }
                taken.push(result);
                Ok(())
            },
        )
        .unwrap();
        assert_eq!(taken, inputs);
    }

    #[test]
    fn a_panic_costs_its_own_result_alone() {
        silence_panics();
        let mut faults = Vec::new();
        in_order(
            &[1, 2, 3],
            2,
            |input| assert!(*input != 2, "two"),
            |input, result| {
                if let Err(panic) = result {
                    faults.push((*input, message(&*panic)));
                }
                Ok(())
            },
        )
        .unwrap();
        assert_eq!(faults, [(2, "two".to_owned())]);
    }

    #[test]
    fn an_error_ends_the_work() {
        let inputs = vec![0; 100_000];
        let result = in_order(&inputs, 2, |_| (), |_, _| anyhow::bail!("enough"));
        assert_eq!(result.unwrap_err().to_string(), "enough");
    }
}
