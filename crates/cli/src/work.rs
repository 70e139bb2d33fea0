//! Work on many things at a time, with the results in order.

use std::collections::BTreeMap;
use std::mem::{self, ManuallyDrop};
use std::ops::Range;
use std::panic::{self, AssertUnwindSafe};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

use anyhow::{Context, Result, bail};
use asyncmend::Fault;
use asyncmend::parts::patience::{ATTENTION, Watch};
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
        let stop = Stop(&queue);
        let mut started = Vec::new();
        for number in 0..threads {
            let worker = self::thread().spawn_scoped(scope, || {
                while let Some(indices) = queue.next() {
                    let first = indices.start;
                    let results = inputs[indices].iter().map(|input| {
                        let work = AssertUnwindSafe(|| work(input));
                        panic::catch_unwind(work)
                    });
                    queue.done(first, results.collect());
                }
            });
            match worker {
                Ok(worker) => started.push(worker),
                Err(error) if number == 0 => return Err(error).context("cannot start a thread"),
                // Fewer threads than asked for are slower, none are an error.
                Err(_) => break,
            }
        }
        let taken = take_all(inputs, &queue, || {}, &mut take);
        drop(stop);
        for worker in started {
            join(worker.join());
        }
        taken
    })
}

/// As [`in_order`], where `work` may take longer than it is allowed to, or never end: its thread is left behind then,
/// with all that it looks at. `failed` says what becomes of such an input, and of one that has no thread.
///
/// # Errors
/// What `take` returns; where no thread can be started at all.
pub(crate) fn in_order_with_limits<I: Sync, T: Send + 'static>(
    inputs: &'static [I],
    threads: usize,
    work: impl Fn(&'static I) -> T + Send + Sync + 'static,
    failed: impl Fn(&I, Fault) -> T,
    mut take: impl FnMut(&I, thread::Result<T>) -> Result<()>,
) -> Result<()> {
    let crew = Arc::new(Crew {
        queue: Queue::new(inputs.len(), threads),
        inputs,
        work,
    });
    let mut hands = Vec::new();
    // Fewer threads than asked for are slower, none are an error.
    if threads > 0 {
        hands.push(crew.hire().context("cannot start a thread")?);
    }
    let mut replace_late = || {
        hands.retain(|Hired { hand, .. }| {
            let Some(limit) = hand.watch.leave() else {
                return true;
            };
            let mut batch = mem::take(&mut *hand.lock());
            let at = batch.first + batch.results.len();
            let late = failed(&inputs[at], Fault::TooSlow(limit));
            batch.results.push(Ok(late));
            crew.queue.done(batch.first, batch.results);
            crew.queue.leave(at + 1..batch.end);
            false
        });
        while crew.queue.lacks_threads() {
            match crew.hire() {
                Ok(hand) => hands.push(hand),
                Err(_) => break,
            }
        }
        for indices in crew.queue.forsaken() {
            let results = inputs[indices.clone()].iter();
            let results = results.map(|input| Ok(failed(input, Fault::NoThread)));
            crew.queue.done(indices.start, results.collect());
        }
    };
    replace_late();
    let taken = take_all(inputs, &crew.queue, &mut replace_late, &mut take);
    // What is begun is brought to its end, so that no file is left half written.
    crew.queue.stop();
    crew.queue.wait_for_the_others(&mut replace_late);
    for hired in hands {
        join(ManuallyDrop::into_inner(hired.thread).join());
    }
    taken
}

/// Hands on the panic of a thread that was waited for. The work's own panics are results.
pub(crate) fn join(ended: thread::Result<()>) {
    ended.unwrap_or_else(|panic| panic::resume_unwind(panic));
}

/// Hands the results for `inputs` to `take`, in order. While they are waited for, `attend` is called now and then.
fn take_all<I, T>(
    inputs: &[I],
    queue: &Queue<T>,
    mut attend: impl FnMut(),
    take: &mut impl FnMut(&I, thread::Result<T>) -> Result<()>,
) -> Result<()> {
    let mut left = inputs;
    while !left.is_empty() {
        let results = queue.wait_for(inputs.len() - left.len(), &mut attend);
        let (done, rest) = left.split_at(results.len());
        for (input, result) in done.iter().zip(results) {
            take(input, result)?;
        }
        left = rest;
    }
    Ok(())
}

/// What threads that may be left behind have in common.
struct Crew<I: 'static, T, W> {
    queue: Queue<T>,
    inputs: &'static [I],
    work: W,
}

/// One of those threads, to its employer. It is joined where it was not left behind, and detached never: glibc looks at
/// a thread after it has detached it, when the thread may have ended and unmapped its stack (seen with 2.36).
struct Hired<T> {
    hand: Arc<Hand<T>>,
    thread: ManuallyDrop<JoinHandle<()>>,
}

/// One of those threads.
struct Hand<T> {
    watch: Arc<Watch>,
    batch: Mutex<Batch<T>>,
}

/// What was given out together.
struct Batch<T> {
    first: usize,
    end: usize,
    /// Of those that are done.
    results: Vec<thread::Result<T>>,
}

impl<T> Default for Batch<T> {
    fn default() -> Self {
        Self {
            first: 0,
            end: 0,
            results: Vec::new(),
        }
    }
}

impl<T> Hand<T> {
    fn lock(&self) -> MutexGuard<'_, Batch<T>> {
        // Nobody panics while holding the lock.
        self.batch.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<I, T, W> Crew<I, T, W>
where
    I: Sync,
    T: Send + 'static,
    W: Fn(&'static I) -> T + Send + Sync + 'static,
{
    /// Starts one more thread.
    fn hire(self: &Arc<Self>) -> std::io::Result<Hired<T>> {
        let hand = Arc::new(Hand {
            watch: Arc::default(),
            batch: Mutex::default(),
        });
        let (crew, own) = (Arc::clone(self), Arc::clone(&hand));
        self.queue.lock().workers += 1;
        let started = thread().spawn(move || {
            Watch::this_thread(Arc::clone(&own.watch));
            crew.serve(&own);
        });
        match started {
            Ok(thread) => Ok(Hired {
                hand,
                thread: ManuallyDrop::new(thread),
            }),
            Err(error) => {
                self.queue.lock().workers -= 1;
                Err(error)
            }
        }
    }

    fn serve(&self, hand: &Hand<T>) {
        while let Some(indices) = self.queue.next() {
            *hand.lock() = Batch {
                first: indices.start,
                end: indices.end,
                results: Vec::with_capacity(indices.len()),
            };
            for index in indices {
                let work = AssertUnwindSafe(|| (self.work)(&self.inputs[index]));
                let result = panic::catch_unwind(work);
                if hand.watch.is_left() {
                    return;
                }
                hand.lock().results.push(result);
            }
            let batch = mem::take(&mut *hand.lock());
            self.queue.done(batch.first, batch.results);
        }
        self.queue.gone();
    }
}

/// Has something stay until the process ends, and with it a thread that is left behind and looks at it.
pub(crate) fn for_good<T>(it: T) -> &'static T {
    Box::leak(Box::new(it))
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
    /// What was given out to a thread that was left behind before it came to it.
    given_back: Vec<Range<usize>>,
    /// How many threads there are that may be left behind, and were not.
    workers: usize,
    stopped: bool,
}

impl<T> Queue<T> {
    fn new(total: usize, threads: usize) -> Self {
        Self {
            state: Mutex::new(State {
                next: 0,
                taken: 0,
                results: BTreeMap::new(),
                given_back: Vec::new(),
                workers: 0,
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
                !state.stopped
                    && state.given_back.is_empty()
                    && state.next < self.total
                    && state.next >= state.taken + ahead
            })
            .unwrap_or_else(PoisonError::into_inner);
        if state.stopped {
            return None;
        }
        if let Some(indices) = state.given_back.pop() {
            return Some(indices);
        }
        if state.next == self.total {
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

    /// Gives out nothing more.
    fn stop(&self) {
        self.lock().stopped = true;
        self.went.notify_all();
    }

    /// The thread that had these `indices` was left behind before it came to them.
    fn leave(&self, indices: Range<usize>) {
        let mut state = self.lock();
        state.workers -= 1;
        if !indices.is_empty() {
            state.given_back.push(indices);
            self.went.notify_all();
        }
    }

    /// A thread has ended that might have been left behind.
    fn gone(&self) {
        self.lock().workers -= 1;
        self.came.notify_one();
    }

    /// The results from `index` on that came together; the index is asked for after all before it. While they are
    /// waited for, `attend` is called now and then.
    fn wait_for(&self, index: usize, attend: impl FnMut()) -> Vec<thread::Result<T>> {
        // Those before have been dealt with.
        self.lock().taken = index;
        self.went.notify_all();
        self.wait(|state| state.results.remove(&index), attend)
    }

    /// Waits until those threads have ended that might be left behind.
    fn wait_for_the_others(&self, attend: impl FnMut()) {
        self.wait(|state| (state.workers == 0).then_some(()), attend);
    }

    /// Whether there are fewer of those threads than are to work, and something left for one more.
    fn lacks_threads(&self) -> bool {
        let state = self.lock();
        let is_left = !state.given_back.is_empty() || state.next < self.total;
        state.workers < self.threads && is_left && !state.stopped
    }

    /// What is left, where there are none of those threads.
    fn forsaken(&self) -> Vec<Range<usize>> {
        let mut state = self.lock();
        if state.workers > 0 || state.stopped {
            return Vec::new();
        }
        let mut left = mem::take(&mut state.given_back);
        if state.next < self.total {
            left.push(state.next..self.total);
            state.next = self.total;
        }
        left
    }

    fn wait<R>(
        &self,
        mut look: impl FnMut(&mut State<T>) -> Option<R>,
        mut attend: impl FnMut(),
    ) -> R {
        let mut state = self.lock();
        loop {
            if let Some(found) = look(&mut state) {
                return found;
            }
            let (waited, timeout) =
                (self.came.wait_timeout(state, ATTENTION)).unwrap_or_else(PoisonError::into_inner);
            state = waited;
            if timeout.timed_out() {
                drop(state);
                attend();
                state = self.lock();
            }
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
        self.0.stop();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
    use std::time::Duration;

    use asyncmend::parts::patience::{self, Asking};

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

    /// Work that a limit ends where it is asked to take long.
    fn limited(long: bool) -> Result<(), Fault> {
        let limit = Duration::from_millis(50);
        patience::within(limit, Asking::default(), move |_| {
            if long {
                thread::sleep(Duration::from_mins(10));
            }
        })
    }

    #[test]
    fn what_is_late_costs_its_own_result_alone() {
        let inputs = for_good((0..200_usize).collect::<Vec<_>>());
        let is_long = |input: &usize| matches!(input, 0 | 50 | 51 | 199);
        for threads in [1, 3] {
            let mut taken = Vec::new();
            in_order_with_limits(
                inputs,
                threads,
                move |input| {
                    limited(is_long(input)).unwrap();
                    (*input, false)
                },
                |input, fault| {
                    assert_eq!(fault, Fault::TooSlow(Duration::from_millis(50)));
                    (*input, true)
                },
                |_, result| {
                    taken.push(result.unwrap());
                    Ok(())
                },
            )
            .unwrap();
            let expected: Vec<_> = inputs.iter().map(|it| (*it, is_long(it))).collect();
            assert_eq!(taken, expected);
        }
    }

    #[test]
    fn what_was_begun_is_ended_before_an_error_is_handed_on() {
        static BEGUN: AtomicBool = AtomicBool::new(false);
        static ENDED: AtomicUsize = AtomicUsize::new(0);
        let inputs = for_good([0, 1, 2]);
        let result = in_order_with_limits(
            inputs,
            3,
            |input| match input {
                0 => {
                    while !BEGUN.load(Ordering::SeqCst) {
                        thread::yield_now();
                    }
                }
                1 => {
                    BEGUN.store(true, Ordering::SeqCst);
                    thread::sleep(Duration::from_millis(50));
                    ENDED.fetch_add(1, Ordering::SeqCst);
                }
                _ => limited(true).unwrap(),
            },
            |_, _| {},
            |_, _| bail!("enough"),
        );
        assert_eq!(result.unwrap_err().to_string(), "enough");
        assert_eq!(ENDED.load(Ordering::SeqCst), 1);
    }

    #[test]
    fn an_error_ends_the_work() {
        let inputs = vec![0; 100_000];
        let result = in_order(&inputs, 2, |_| (), |_, _| anyhow::bail!("enough"));
        assert_eq!(result.unwrap_err().to_string(), "enough");
    }
}
