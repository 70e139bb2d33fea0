//! A limit on the time that the work on one file takes. Nothing stops a computation from outside, so its thread is
//! left behind where it takes too long: it holds nothing that others wait for, writes nothing, and ends with the
//! program. Until it is done it has a core and its memory.
//!
//! That thread is one beside the caller's, which waits for it; or, where somebody has a [`Watch`] on the caller's,
//! that one itself, which saves the way to another thread and back for each file.

use std::cell::RefCell;
use std::mem;
use std::panic::{self, AssertUnwindSafe};
use std::process;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use asyncmend_pipeline::{
    Cancels, Choice, Choose, FunctionId, Kinds, SharedWaits, TextRange, TextSize, Transform, Types,
};
use asyncmend_transforms::ALL;

use super::judge::panicked;
use super::threads;
use crate::Fault;

/// How often who waits looks whether to wait on.
pub const ATTENTION: Duration = Duration::from_millis(100);

/// What the work on a file of some thousand lines takes is thousandths of this.
pub const USUAL_TIME_LIMIT: Duration = Duration::from_mins(1);

/// Whom work may ask. Who waits for it answers.
#[derive(Clone, Copy, Default)]
pub struct Asking<'a> {
    /// What is known of the text's types.
    pub types: Option<&'a dyn Types>,
    /// What was said about single sites.
    pub choose: Option<&'a Choose<'a>>,
    /// Whether to wait no longer.
    pub given_up: Option<fn() -> bool>,
}

type Job = Box<dyn FnOnce() + Send>;

/// A thread that waits for jobs.
struct Beside {
    /// There until it is dropped.
    sender: Option<Sender<Job>>,
    /// The process that has it: what a fork makes has none of its threads.
    process: u32,
}

impl Drop for Beside {
    fn drop(&mut self) {
        if self.process != process::id() {
            // The thread may have held a lock of the channel when the process was forked, for ever.
            mem::forget(self.sender.take());
        }
    }
}

thread_local! {
    /// The thread beside this one, unless there is none yet or it was left behind.
    static BESIDE: RefCell<Option<Beside>> = const { RefCell::new(None) };
}

/// What `work` gives. The time that types take does not count: they have a limit of their own.
///
/// # Errors
/// Where it takes longer than `limit`, is given up, panics, or has no thread. A thread that is watched is left behind
/// instead of the first, and is never given up.
pub fn within<T: Send + 'static>(
    limit: Duration,
    asked: Asking<'_>,
    work: impl FnOnce(Asking<'_>) -> T + Send + 'static,
) -> Result<T, Fault> {
    if let Some(watch) = WATCH.with_borrow(Clone::clone) {
        return watch.within(limit, asked, work);
    }
    let (sender, events) = channel();
    let (has_types, has_choices) = (asked.types.is_some(), asked.choose.is_some());
    let job = Box::new(move || {
        let remote = Through(Remote(sender.clone()));
        let choose = |transform: &Transform, at| remote.0.choice(transform, at);
        let asked = Asking {
            types: has_types.then_some(&remote as &dyn Types),
            choose: has_choices.then_some(&choose as &Choose<'_>),
            given_up: None,
        };
        let done = panic::catch_unwind(AssertUnwindSafe(|| work(asked)));
        // Whoever left us behind does not listen.
        let _ = sender.send(Event::Done(done));
    });
    beside(job).map_err(|_| Fault::NoThread)?;
    wait(limit, asked, &events)
}

fn wait<T>(limit: Duration, asked: Asking<'_>, events: &Receiver<Event<T>>) -> Result<T, Fault> {
    let mut left = limit;
    loop {
        let begun = Instant::now();
        let given_up = asked.given_up;
        match events.recv_timeout(given_up.map_or(left, |_| left.min(ATTENTION))) {
            Ok(Event::Done(result)) => return result.map_err(|panic| panicked(&*panic)),
            Ok(Event::Asks(question)) => {
                left = left.saturating_sub(begun.elapsed());
                question(asked);
            }
            Err(RecvTimeoutError::Timeout) => {
                left = left.saturating_sub(begun.elapsed());
                let fault = match given_up {
                    Some(given_up) if given_up() => Fault::GivenUp,
                    _ if left.is_zero() => Fault::TooSlow(limit),
                    _ => continue,
                };
                BESIDE.take();
                return Err(fault);
            }
            Err(RecvTimeoutError::Disconnected) => {
                unreachable!("the job says when it is done, even where it panics")
            }
        }
    }
}

/// Hands `job` to the thread beside this one.
fn beside(job: Job) -> std::io::Result<()> {
    BESIDE.with_borrow_mut(|beside| {
        let process = process::id();
        let alive = match beside {
            Some(alive) if alive.process == process => alive,
            _ => beside.insert(Beside {
                sender: Some(start()?),
                process,
            }),
        };
        let sent = alive.sender.as_ref().map(|sender| sender.send(job));
        sent.expect("it is not dropped")
            .expect("it takes jobs as long as we live");
        Ok(())
    })
}

fn start() -> std::io::Result<Sender<Job>> {
    let (sender, jobs) = channel::<Job>();
    threads::thread().spawn(move || {
        for job in jobs {
            job();
        }
    })?;
    Ok(sender)
}

enum Event<T> {
    /// A question for the thread that waits.
    Asks(Box<dyn FnOnce(Asking<'_>) + Send>),
    Done(thread::Result<T>),
}

/// Has the thread that waits answer.
struct Remote<T>(Sender<Event<T>>);

impl<T: Send> Remote<T> {
    fn ask<A: Send + 'static>(&self, question: impl FnOnce(Asking<'_>) -> A + Send + 'static) -> A {
        let (sender, answer) = channel();
        let question = move |asked: Asking<'_>| {
            // Whoever asked waits for it.
            let _ = sender.send(question(asked));
        };
        // Nobody listens any more to work that was left behind, and this ends it.
        let sent = self.0.send(Event::Asks(Box::new(question)));
        sent.ok()
            .and_then(|()| answer.recv().ok())
            .expect("somebody waits for this work")
    }

    fn choice(&self, transform: &Transform, at: TextSize) -> Choice {
        let transform = ALL.iter().find(|it| it.id == transform.id);
        let transform = transform.expect("it is one of ours");
        self.ask(move |asked| (asked.choose.expect("only who has choices is asked"))(transform, at))
    }
}

impl<T: Send> Reach for Remote<T> {
    fn types<A: Send + 'static>(
        &self,
        question: impl FnOnce(&dyn Types) -> A + Send + 'static,
    ) -> A {
        self.ask(|asked| question(asked.types.expect("only who has types is asked")))
    }
}

/// What a thread is at, for another one that leaves it behind where it takes too long.
#[derive(Debug, Default)]
pub struct Watch(Mutex<Watched>);

#[derive(Debug, Default)]
struct Watched {
    work: Option<Limited>,
    /// Whether nobody waits for the thread any more.
    is_left: bool,
}

/// Work that has a limit.
#[derive(Debug)]
struct Limited {
    limit: Duration,
    /// When it went on last, and how much time it had left then.
    since: Instant,
    left: Duration,
}

thread_local! {
    /// The one on this thread.
    static WATCH: RefCell<Option<Arc<Watch>>> = const { RefCell::new(None) };
}

impl Watch {
    /// From now on, what this thread does [`within`] a limit it does itself.
    pub fn this_thread(watch: Arc<Self>) {
        WATCH.set(Some(watch));
    }

    /// Leaves the thread behind, if what it does takes longer than its limit, and gives that. It ends what it does with
    /// a panic then, should it come to an end.
    pub fn leave(&self) -> Option<Duration> {
        let mut watched = self.lock();
        let work = watched.work.take_if(|it| it.since.elapsed() >= it.left)?;
        watched.is_left = true;
        Some(work.limit)
    }

    /// Whether the thread was left behind.
    pub fn is_left(&self) -> bool {
        self.lock().is_left
    }

    fn within<T>(
        &self,
        limit: Duration,
        asked: Asking<'_>,
        work: impl FnOnce(Asking<'_>) -> T,
    ) -> Result<T, Fault> {
        let types = asked
            .types
            .map(|types| Through(Paused { watch: self, types }));
        let asked = Asking {
            types: types.as_ref().map(|it| it as &dyn Types),
            given_up: None,
            ..asked
        };
        self.go_on(limit, limit);
        let done = panic::catch_unwind(AssertUnwindSafe(|| work(asked)));
        // Nobody may have looked in time.
        match self.pause() {
            Some(work) if work.left.is_zero() => Err(Fault::TooSlow(limit)),
            _ => done.map_err(|panic| panicked(&*panic)),
        }
    }

    fn go_on(&self, limit: Duration, left: Duration) {
        self.lock().work = Some(Limited {
            limit,
            since: Instant::now(),
            left,
        });
    }

    /// Stops the time, and gives what is under way.
    fn pause(&self) -> Option<Limited> {
        let mut watched = self.lock();
        if watched.is_left {
            drop(watched);
            // Nothing is printed.
            panic::resume_unwind(Box::new("left behind"));
        }
        let work = watched.work.take()?;
        Some(Limited {
            left: work.left.saturating_sub(work.since.elapsed()),
            ..work
        })
    }

    fn lock(&self) -> MutexGuard<'_, Watched> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Has time stand still while types are asked.
struct Paused<'a> {
    watch: &'a Watch,
    types: &'a dyn Types,
}

impl Reach for Paused<'_> {
    fn types<A>(&self, question: impl FnOnce(&dyn Types) -> A) -> A {
        let work = self.watch.pause().expect("who asks is under way");
        let _resume = Resume(self.watch, work);
        question(self.types)
    }
}

/// Has time go on when it goes.
struct Resume<'w>(&'w Watch, Limited);

impl Drop for Resume<'_> {
    fn drop(&mut self) {
        self.0.go_on(self.1.limit, self.1.left);
    }
}

/// A way to somebody who knows types.
trait Reach {
    fn types<A: Send + 'static>(
        &self,
        question: impl FnOnce(&dyn Types) -> A + Send + 'static,
    ) -> A;
}

/// The types that can be reached.
struct Through<R>(R);

impl<R: Reach> Types for Through<R> {
    fn kinds(&self, expr: TextRange) -> Kinds {
        self.0.types(move |types| types.kinds(expr))
    }

    fn kinds_of_each(&self, iterable: TextRange) -> Kinds {
        self.0.types(move |types| types.kinds_of_each(iterable))
    }

    fn function(&self, callee: TextRange) -> Option<FunctionId> {
        self.0.types(move |types| types.function(callee))
    }

    fn sole_functions(&self, callee: TextRange) -> Vec<FunctionId> {
        self.0.types(move |types| types.sole_functions(callee))
    }

    fn function_name(&self, callee: TextRange) -> Option<String> {
        self.0.types(move |types| types.function_name(callee))
    }

    fn cancels(&self, callee: TextRange) -> Option<Cancels> {
        self.0.types(move |types| types.cancels(callee))
    }

    fn shared_waits(&self, callee: TextRange) -> SharedWaits {
        self.0.types(move |types| types.shared_waits(callee))
    }

    fn is_coroutine_function(&self, callee: TextRange) -> bool {
        self.0
            .types(move |types| types.is_coroutine_function(callee))
    }

    fn may_hold_another(&self, callee: TextRange) -> bool {
        self.0.types(move |types| types.may_hold_another(callee))
    }

    fn may_come_by_star(&self, name: TextRange) -> bool {
        self.0.types(move |types| types.may_come_by_star(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHORT: Duration = Duration::from_millis(50);
    const LONG: Duration = Duration::from_mins(1);

    /// Answers late.
    struct Slow;

    impl Types for Slow {
        fn kinds(&self, _: TextRange) -> Kinds {
            thread::sleep(2 * SHORT);
            Kinds::NONE
        }

        fn kinds_of_each(&self, _: TextRange) -> Kinds {
            Kinds::UNKNOWN
        }

        fn function(&self, _: TextRange) -> Option<FunctionId> {
            None
        }

        fn sole_functions(&self, _: TextRange) -> Vec<FunctionId> {
            Vec::new()
        }

        fn is_coroutine_function(&self, _: TextRange) -> bool {
            false
        }
    }

    #[test]
    fn what_takes_too_long_is_left_behind() {
        let (sender, never) = channel::<()>();
        let hangs = move |_: Asking<'_>| never.recv().is_ok();
        let left = within(SHORT, Asking::default(), hangs);
        assert_eq!(left, Err(Fault::TooSlow(SHORT)));
        drop(sender);
        assert_eq!(within(LONG, Asking::default(), |_| 1), Ok(1));
    }

    #[test]
    fn a_panic_is_handed_on() {
        threads::silence_panics();
        let result = within(LONG, Asking::default(), |_| panic!("two"));
        assert_eq!(result, Err::<(), _>(panicked(&"two")));
    }

    #[test]
    fn waiting_for_types_does_not_count() {
        let asks = |asked: Asking<'_>| {
            let types = asked.types.expect("there are some");
            types.kinds(TextRange::default())
        };
        let asked = Asking {
            types: Some(&Slow),
            ..Asking::default()
        };
        assert_eq!(within(SHORT, asked, asks), Ok(Kinds::NONE));
    }

    #[test]
    fn a_watched_thread_is_left_behind_itself() {
        let watch = Arc::<Watch>::default();
        let (ready, is_ready) = channel();
        let (sender, never) = channel::<()>();
        let watched = Arc::clone(&watch);
        let thread = thread::spawn(move || {
            Watch::this_thread(watched);
            let here = thread::current().id();
            let same = within(LONG, Asking::default(), move |_| {
                thread::current().id() == here
            });
            assert_eq!(same, Ok(true));
            let panics = within(LONG, Asking::default(), |_| panic!("two"));
            assert_eq!(panics, Err::<(), _>(panicked(&"two")));
            let asked = Asking {
                types: Some(&Slow),
                ..Asking::default()
            };
            let asks = |asked: Asking<'_>| {
                let types = asked.types.expect("there are some");
                types.kinds(TextRange::default())
            };
            assert_eq!(within(SHORT, asked, asks), Ok(Kinds::NONE));
            let late = within(SHORT, Asking::default(), |_| thread::sleep(2 * SHORT));
            assert_eq!(late, Err(Fault::TooSlow(SHORT)));
            ready.send(()).unwrap();
            within(SHORT, Asking::default(), move |_| never.recv().is_ok())
        });
        is_ready.recv().unwrap();
        assert!(!watch.is_left());
        let mut left = None;
        while left.is_none() {
            thread::sleep(SHORT / 10);
            left = watch.leave();
        }
        assert_eq!(left, Some(SHORT));
        assert!(watch.is_left());
        assert_eq!(watch.leave(), None);
        drop(sender);
        assert!(thread.join().is_err(), "nothing comes of it");
    }

    #[test]
    fn who_waits_may_give_up() {
        let (sender, never) = channel::<()>();
        let hangs = move |_: Asking<'_>| never.recv().is_ok();
        let asked = Asking {
            given_up: Some(|| true),
            ..Asking::default()
        };
        assert_eq!(within(LONG, asked, hangs), Err(Fault::GivenUp));
        drop(sender);
        let patient = Asking {
            given_up: Some(|| false),
            ..Asking::default()
        };
        let sleeps = |_: Asking<'_>| thread::sleep(3 * ATTENTION);
        assert_eq!(within(LONG, patient, sleeps), Ok(()));
        let limit = 2 * ATTENTION;
        assert_eq!(
            within(limit, patient, |_| thread::sleep(LONG)),
            Err(Fault::TooSlow(limit))
        );
    }
}
