//! Work on many things at a time, with the results in order.

use std::any::Any;
use std::collections::BTreeMap;
use std::panic::{self, AssertUnwindSafe};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use anyhow::{Context, Result};

/// The parser grows its stack as it needs; visiting a tree and dropping it cannot. What nests ten
/// thousand levels deep, and is looked at, takes half of this, and so does what nests a hundred thousand, and
/// is only dropped. Only what is used becomes memory.
const STACK_BYTES: usize = 256 << 20;

/// How many results, for each thread, may wait for an earlier one that takes long.
const WAITING: usize = 64;

const THREAD: &str = "asyncmend-worker";

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
    let queue = Queue::new(inputs.len(), threads * WAITING);
    thread::scope(|scope| {
        // Dropped on every way out, so that no thread waits for us.
        let _stop = Stop(&queue);
        for number in 0..threads {
            let started = thread::Builder::new()
                .name(THREAD.to_owned())
                .stack_size(STACK_BYTES)
                .spawn_scoped(scope, || {
                    while let Some(index) = queue.next() {
                        let work = AssertUnwindSafe(|| work(&inputs[index]));
                        queue.done(index, panic::catch_unwind(work));
                    }
                });
            // Fewer threads than asked for are slower, none are an error.
            if number == 0 {
                started.context("cannot start a thread")?;
            }
        }
        for (index, input) in inputs.iter().enumerate() {
            take(input, queue.wait_for(index))?;
        }
        Ok(())
    })
}

/// Keeps panics of worker threads, which are reported as trouble of one file, from printing.
pub(crate) fn silence_panics() {
    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        if thread::current().name() != Some(THREAD) {
            usual(info);
        }
    }));
}

/// What a panic said.
pub(crate) fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("panicked")
        .to_owned()
}

/// Gives out indices in order and takes results in any.
struct Queue<T> {
    state: Mutex<State<T>>,
    changed: Condvar,
    total: usize,
    /// How far indices may run ahead of the results that were taken.
    ahead: usize,
}

struct State<T> {
    next: usize,
    taken: usize,
    results: BTreeMap<usize, thread::Result<T>>,
    stopped: bool,
}

impl<T> Queue<T> {
    fn new(total: usize, ahead: usize) -> Self {
        Self {
            state: Mutex::new(State {
                next: 0,
                taken: 0,
                results: BTreeMap::new(),
                stopped: false,
            }),
            changed: Condvar::new(),
            total,
            ahead,
        }
    }

    /// The next index to work on. Waits while too many results wait: the one that all wait for was
    /// given out before, so it will come.
    fn next(&self) -> Option<usize> {
        let mut state = self
            .changed
            .wait_while(self.lock(), |state| {
                !state.stopped && state.next < self.total && state.next >= state.taken + self.ahead
            })
            .unwrap_or_else(PoisonError::into_inner);
        if state.stopped || state.next == self.total {
            return None;
        }
        state.next += 1;
        Some(state.next - 1)
    }

    fn done(&self, index: usize, result: thread::Result<T>) {
        self.lock().results.insert(index, result);
        self.changed.notify_all();
    }

    /// The result of `index`, which is asked for after all before it.
    fn wait_for(&self, index: usize) -> thread::Result<T> {
        let mut state = self.lock();
        loop {
            if let Some(result) = state.results.remove(&index) {
                state.taken = index + 1;
                self.changed.notify_all();
                return result;
            }
            state = self
                .changed
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
        self.0.changed.notify_all();
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
                    assert!(begun.load(Ordering::SeqCst) <= 4 * WAITING + 1);
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
