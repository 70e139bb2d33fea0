//! Asks a worker, and does without it where it fails.

use std::cell::RefCell;
use std::collections::HashMap;
use std::io::{self, BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use asyncmend_source::{FunctionId, Kinds, TextRange, Types};

use super::project::Project;
use super::worker::{FileToOpen, Question, Request, Response};
use crate::Asked;

/// Type inference for one run: a process that answers, started when it is first asked.
pub struct Inference {
    command: Box<dyn Fn() -> Command + Sync + Send>,
    worker: Mutex<Option<Worker>>,
    /// Where all code is that may put something else in the place of a function.
    code: OnceLock<Vec<String>>,
    /// How many workers and files there were so far.
    workers: AtomicU64,
    files: AtomicU64,
}

impl std::fmt::Debug for Inference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Inference").finish_non_exhaustive()
    }
}

/// Where a file stands in its project.
#[derive(Debug, Clone)]
pub struct Place {
    /// The project. Files of one are to have the same: a process is told of each only once.
    pub project: Arc<Project>,
    /// The folder in which a script or test beside the file looks for modules first: the nearest one
    /// around it that is no package. It has to be one that [`super::may_be_root`].
    pub home: Option<String>,
    /// The file, which need not exist; absolute.
    pub path: String,
}

impl Inference {
    /// Inference by a process that `command` describes and that calls [`super::serve`] with its
    /// standard input and output.
    pub fn new(command: impl Fn() -> Command + Sync + Send + 'static) -> Self {
        Self {
            command: Box::new(command),
            worker: Mutex::new(None),
            code: OnceLock::new(),
            workers: AtomicU64::new(0),
            files: AtomicU64::new(0),
        }
    }

    /// Says, before any question, where there is code that does not belong to the projects of all files: what it does
    /// with names counts for each of them.
    pub fn has_code_in(&self, folders: Vec<String>) {
        // Nobody says it twice.
        let _ = self.code.set(folders);
    }

    fn slot(&self) -> MutexGuard<'_, Option<Worker>> {
        // Nobody panics while holding the lock, and a worker that is out of step is ended.
        self.worker.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gets ready to answer about the file at `place` with the contents `text`; all answers together
    /// may take as long as `budget` says. Nothing is done before the first question.
    pub fn file<'i>(&'i self, place: Place, text: &str, budget: Duration) -> FileTypes<'i> {
        FileTypes {
            inference: self,
            budget,
            id: self.files.fetch_add(1, Ordering::Relaxed),
            project: place.project,
            file: FileToOpen {
                // The worker that is asked has its own numbers.
                project: 0,
                home: place.home,
                path: place.path,
                text: text.to_owned(),
            },
            state: RefCell::new(State {
                asked: Asked::Nothing,
                worker: 0,
                left: budget,
                answers: HashMap::new(),
            }),
        }
    }
}

/// The [`Types`] of one file.
#[derive(Debug)]
pub struct FileTypes<'i> {
    inference: &'i Inference,
    budget: Duration,
    id: u64,
    project: Arc<Project>,
    file: FileToOpen,
    state: RefCell<State>,
}

#[derive(Debug)]
struct State {
    asked: Asked,
    /// The worker that has the file open; they are counted from 1.
    worker: u64,
    /// What is left of the time.
    left: Duration,
    /// None where there is none any more.
    answers: HashMap<(Question, TextRange), Option<Response>>,
}

impl FileTypes<'_> {
    /// What came of asking so far.
    pub fn asked(&self) -> Asked {
        self.state.borrow().asked.clone()
    }

    /// The answer to `question` about the expression at `range`; none where there is none any more.
    fn answer(&self, question: Question, range: TextRange) -> Option<Response> {
        if let Some(known) = self.state.borrow().answers.get(&(question, range)) {
            return known.clone();
        }
        let answer = self.ask(&Request::Ask {
            id: self.id,
            question,
            start: range.start().to_u32(),
            end: range.end().to_u32(),
        });
        let mut state = self.state.borrow_mut();
        state.answers.insert((question, range), answer.clone());
        answer
    }

    fn kinds_by(&self, question: Question, range: TextRange) -> Kinds {
        match self.answer(question, range) {
            Some(Response::Kinds(bits)) if bits != 0 => Kinds::from_bits(bits),
            _ => Kinds::UNKNOWN,
        }
    }

    fn function_by(&self, question: Question, callee: TextRange) -> Option<FunctionId> {
        match self.answer(question, callee) {
            Some(Response::Function(Some((path, name)))) => Some(FunctionId {
                path: PathBuf::from(path),
                name: name.into(),
            }),
            _ => None,
        }
    }

    fn ask(&self, request: &Request) -> Option<Response> {
        let mut state = self.state.borrow_mut();
        if matches!(state.asked, Asked::Failed(_)) {
            return None;
        }
        let answer = self.try_ask(request, &mut state);
        match answer {
            Ok(Response::Failed(reason)) | Err(reason) => {
                state.asked = Asked::Failed(reason);
                None
            }
            Ok(response) => Some(response),
        }
    }

    fn try_ask(&self, request: &Request, state: &mut State) -> Result<Response, String> {
        let mut slot = self.inference.slot();
        let begun = Instant::now();
        let result = self.ask_worker(request, state, &mut slot);
        state.left = state.left.saturating_sub(begun.elapsed());
        result.map_err(|failure| {
            // What hangs or died answers nobody else either.
            if let Some(worker) = slot.take() {
                worker.end();
            }
            match failure {
                Failure::TooSlow => format!(
                    "type inference took longer than {} s, its type budget",
                    self.budget.as_secs_f64()
                ),
                Failure::Gone => "type inference overflowed its stack or was ended".to_owned(),
                Failure::Io(error) => format!("cannot run type inference: {error}"),
            }
        })
    }

    fn ask_worker(
        &self,
        request: &Request,
        state: &mut State,
        slot: &mut Option<Worker>,
    ) -> Result<Response, Failure> {
        let deadline = Instant::now() + state.left;
        let worker = if let Some(worker) = slot {
            worker
        } else {
            let number = 1 + self.inference.workers.fetch_add(1, Ordering::Relaxed);
            let command = (self.inference.command)();
            let worker = slot.insert(Worker::start(command, number).map_err(Failure::Io)?);
            if let Some(folders) = self.inference.code.get() {
                worker.send(&Request::Code {
                    folders: folders.clone(),
                })?;
            }
            worker
        };
        if state.worker != worker.number {
            let mut file = self.file.clone();
            file.project = worker.number_of(&self.project)?;
            let open = Request::Open { id: self.id, file };
            match worker.ask(&open, deadline)? {
                Response::Opened { missing } => state.asked = Asked::Answered { missing },
                other => return Ok(other),
            }
            state.worker = worker.number;
        }
        worker.ask(request, deadline)
    }
}

impl Drop for FileTypes<'_> {
    fn drop(&mut self) {
        let mut slot = self.inference.slot();
        let number = self.state.get_mut().worker;
        if let Some(worker) = slot.as_mut().filter(|worker| worker.number == number) {
            // Whoever asks next learns that it has ended.
            let _ = worker.send(&Request::Close { id: self.id });
        }
    }
}

impl Types for FileTypes<'_> {
    fn kinds(&self, expr: TextRange) -> Kinds {
        self.kinds_by(Question::Kinds, expr)
    }

    fn kinds_of_each(&self, iterable: TextRange) -> Kinds {
        self.kinds_by(Question::KindsOfEach, iterable)
    }

    fn function(&self, callee: TextRange) -> Option<FunctionId> {
        self.function_by(Question::Function, callee)
    }

    fn sole_function(&self, callee: TextRange) -> Option<FunctionId> {
        self.function_by(Question::SoleFunction, callee)
    }

    fn function_name(&self, callee: TextRange) -> Option<String> {
        match self.answer(Question::FunctionName, callee) {
            Some(Response::Name(name)) => name,
            _ => None,
        }
    }

    fn awaits_attribute(&self, callee: TextRange) -> bool {
        let answer = self.answer(Question::AwaitsAttribute, callee);
        matches!(answer, Some(Response::Is(true)))
    }

    fn is_coroutine_function(&self, callee: TextRange) -> bool {
        let answer = self.answer(Question::IsCoroutineFunction, callee);
        matches!(answer, Some(Response::Is(true)))
    }
}

/// A process that answers one question at a time.
struct Worker {
    number: u64,
    child: Child,
    requests: ChildStdin,
    responses: Receiver<String>,
    /// Those that it knows.
    projects: Vec<Arc<Project>>,
}

enum Failure {
    TooSlow,
    /// The process has ended.
    Gone,
    /// It could not be started.
    Io(io::Error),
}

impl Worker {
    fn start(mut command: Command, number: u64) -> io::Result<Self> {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // Whatever ends it says so there, at length.
            .stderr(Stdio::null())
            .spawn()?;
        let requests = child.stdin.take().expect("it is piped");
        let output = BufReader::new(child.stdout.take().expect("it is piped"));
        let (sender, responses) = channel();
        // Ends with the process.
        thread::spawn(move || {
            for line in output.lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
        Ok(Self {
            number,
            child,
            requests,
            responses,
            projects: Vec::new(),
        })
    }

    /// By which number it knows `project`; it is told of it if it does not.
    fn number_of(&mut self, project: &Arc<Project>) -> Result<usize, Failure> {
        let mut known = self.projects.iter();
        if let Some(number) = known.position(|it| Arc::ptr_eq(it, project)) {
            return Ok(number);
        }
        self.send(&Request::Know {
            project: (**project).clone(),
        })?;
        self.projects.push(Arc::clone(project));
        Ok(self.projects.len() - 1)
    }

    fn send(&mut self, request: &Request) -> Result<(), Failure> {
        let mut line = serde_json::to_string(request).expect("plain data");
        line.push('\n');
        self.requests
            .write_all(line.as_bytes())
            .map_err(|_| Failure::Gone)
    }

    fn ask(&mut self, request: &Request, deadline: Instant) -> Result<Response, Failure> {
        self.send(request)?;
        let left = deadline.saturating_duration_since(Instant::now());
        match self.responses.recv_timeout(left) {
            Ok(line) => serde_json::from_str(&line).map_err(|error| Failure::Io(error.into())),
            Err(RecvTimeoutError::Timeout) => Err(Failure::TooSlow),
            Err(RecvTimeoutError::Disconnected) => Err(Failure::Gone),
        }
    }

    fn end(mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Inference {
    fn drop(&mut self) {
        let worker = self.worker.get_mut();
        if let Some(worker) = worker.unwrap_or_else(PoisonError::into_inner).take() {
            worker.end();
        }
    }
}
