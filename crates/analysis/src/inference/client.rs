//! Asks a worker, and does without it where it fails.

use std::cell::RefCell;
use std::collections::HashMap;
use std::io::{self, BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, RwLock};
use std::thread;
use std::time::{Duration, Instant};

use asyncmend_source::{Cancels, FunctionId, Kinds, SharedWaits, TextRange, Types};

use super::lock;
use super::project::Project;
use super::worker::{AboutFile, FileToOpen, Question, Request, Response};
use crate::Asked;

/// How long something may take that a process does at once.
const PATIENCE: Duration = Duration::from_secs(10);

/// Type inference for one run: a process that answers, started when it is first asked.
pub struct Inference {
    command: Box<dyn Fn() -> Command + Sync + Send>,
    worker: Mutex<Option<Arc<Worker>>>,
    /// Held by all who ask at a time; by one alone who asks again, as the process has ended meanwhile.
    company: RwLock<()>,
    /// Where all code is that may put something else in the place of a function.
    code: OnceLock<Vec<String>>,
    /// What files had that this run has written, with their paths.
    kept: Mutex<Vec<(String, String)>>,
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
            company: RwLock::new(()),
            code: OnceLock::new(),
            kept: Mutex::default(),
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

    fn slot(&self) -> MutexGuard<'_, Option<Arc<Worker>>> {
        lock(&self.worker)
    }

    /// The process, which is started where there is none.
    fn worker(&self) -> Result<Arc<Worker>, Failure> {
        let mut slot = self.slot();
        if let Some(worker) = &*slot {
            return Ok(Arc::clone(worker));
        }
        let number = 1 + self.workers.fetch_add(1, Ordering::Relaxed);
        let worker = Worker::start((self.command)(), number).map_err(Failure::Io)?;
        if let Some(folders) = self.code.get() {
            lock(&worker.requests).send(&Request::Code {
                folders: folders.clone(),
            })?;
        }
        for (path, text) in lock(&self.kept).iter() {
            let id = self.files.fetch_add(1, Ordering::Relaxed);
            let (path, text) = (path.clone(), text.clone());
            // Nothing else is asked before it is done.
            lock(&worker.requests).send(&Request::Keep { id, path, text })?;
        }
        Ok(Arc::clone(slot.insert(Arc::new(worker))))
    }

    /// Says that the file at `path`, with the contents `text`, is about to be written: what others import from it stays
    /// the same for the rest of the run.
    pub fn keep(&self, path: String, text: String) {
        let worker = {
            // Whoever starts a process meanwhile waits, and tells it.
            let slot = self.slot();
            lock(&self.kept).push((path.clone(), text.clone()));
            slot.clone()
        };
        if let Some(worker) = worker {
            let id = self.files.fetch_add(1, Ordering::Relaxed);
            let request = Request::Keep { id, path, text };
            // One that does not answer is replaced, by one that is told of all.
            if (worker.ask(id, &request, Instant::now() + PATIENCE)).is_err() {
                self.end(&worker);
            }
        }
    }

    /// Ends the process, if one was started.
    pub fn stop(&self) {
        if let Some(worker) = self.slot().take() {
            worker.end();
        }
    }

    /// Ends a process that hangs, or is out of step: it answers nobody else either.
    fn end(&self, worker: &Worker) {
        let mut slot = self.slot();
        slot.take_if(|it| it.number == worker.number);
        worker.end();
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
    /// The process that has the file open; they are counted from 1.
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
        let answer = self.ask(&self.request(AboutFile::Ask {
            question,
            start: range.start().to_u32(),
            end: range.end().to_u32(),
        }));
        let mut state = self.state.borrow_mut();
        state.answers.insert((question, range), answer.clone());
        answer
    }

    fn request(&self, what: AboutFile) -> Request {
        Request::File { id: self.id, what }
    }

    fn kinds_by(&self, question: Question, range: TextRange) -> Kinds {
        match self.answer(question, range) {
            Some(Response::Kinds(bits)) if bits != 0 => Kinds::from_bits(bits),
            _ => Kinds::UNKNOWN,
        }
    }

    fn functions_by(&self, question: Question, callee: TextRange) -> Vec<FunctionId> {
        let Some(Response::Functions(found)) = self.answer(question, callee) else {
            return Vec::new();
        };
        let id = |(path, name): (String, u32)| FunctionId {
            path: PathBuf::from(path),
            name: name.into(),
        };
        found.into_iter().map(id).collect()
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
        let company = &self.inference.company;
        let together = company.read().unwrap_or_else(PoisonError::into_inner);
        let mut result = self.ask_worker(request, state);
        drop(together);
        // Whoever asked when the process ended may have been the reason, so each asks once more, alone.
        if matches!(result, Err(Failure::Gone)) {
            let _alone = company.write().unwrap_or_else(PoisonError::into_inner);
            result = self.ask_worker(request, state);
        }
        result.map_err(|failure| match failure {
            Failure::TooSlow => format!(
                "type inference took longer than {} s, its type budget",
                self.budget.as_secs_f64()
            ),
            Failure::Gone => "type inference overflowed its stack or was ended".to_owned(),
            Failure::Io(error) => format!("cannot run type inference: {error}"),
        })
    }

    fn ask_worker(&self, request: &Request, state: &mut State) -> Result<Response, Failure> {
        let begun = Instant::now();
        let worker = self.inference.worker()?;
        let result = self.ask_with_file(&worker, request, state, begun + state.left);
        // What came of nothing costs nothing: another file may have ended the process.
        if !matches!(result, Err(Failure::Gone)) {
            state.left = state.left.saturating_sub(begun.elapsed());
        }
        if result.is_err() {
            self.inference.end(&worker);
        }
        result
    }

    fn ask_with_file(
        &self,
        worker: &Worker,
        request: &Request,
        state: &mut State,
        deadline: Instant,
    ) -> Result<Response, Failure> {
        if state.worker != worker.number {
            let mut file = self.file.clone();
            file.project = lock(&worker.requests).number_of(&self.project)?;
            let open = self.request(AboutFile::Open(file));
            match worker.ask(self.id, &open, deadline)? {
                Response::Opened { missing } => state.asked = Asked::Answered { missing },
                other => return Ok(other),
            }
            state.worker = worker.number;
        }
        worker.ask(self.id, request, deadline)
    }
}

impl Drop for FileTypes<'_> {
    fn drop(&mut self) {
        let close = self.request(AboutFile::Close);
        let number = self.state.get_mut().worker;
        let slot = self.inference.slot();
        if let Some(worker) = slot.as_ref().filter(|worker| worker.number == number) {
            // Whoever asks next learns that it has ended.
            let _ = lock(&worker.requests).send(&close);
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
        self.functions_by(Question::Function, callee).pop()
    }

    fn sole_functions(&self, callee: TextRange) -> Vec<FunctionId> {
        self.functions_by(Question::SoleFunctions, callee)
    }

    fn function_name(&self, callee: TextRange) -> Option<String> {
        match self.answer(Question::FunctionName, callee) {
            Some(Response::Name(name)) => name,
            _ => None,
        }
    }

    fn cancels(&self, callee: TextRange) -> Option<Cancels> {
        match self.answer(Question::Cancels, callee)? {
            Response::Cancels(Some(true)) => Some(Cancels::Arguments),
            Response::Cancels(Some(false)) => Some(Cancels::InFirst),
            _ => None,
        }
    }

    fn shared_waits(&self, callee: TextRange) -> SharedWaits {
        match self.answer(Question::SharedWaits, callee) {
            Some(Response::Waits(waits)) => waits.into(),
            _ => SharedWaits::default(),
        }
    }

    fn is_coroutine_function(&self, callee: TextRange) -> bool {
        let answer = self.answer(Question::IsCoroutineFunction, callee);
        matches!(answer, Some(Response::Is(true)))
    }

    fn may_hold_another(&self, callee: TextRange) -> bool {
        let answer = self.answer(Question::MayHoldAnother, callee);
        !matches!(answer, Some(Response::Is(false)))
    }

    fn may_come_by_star(&self, name: TextRange) -> bool {
        let answer = self.answer(Question::MayComeByStar, name);
        !matches!(answer, Some(Response::Is(false)))
    }
}

/// A process that answers one question at a time about each file.
struct Worker {
    number: u64,
    child: Mutex<Child>,
    requests: Mutex<Requests>,
    waiting: Arc<Mutex<Waiting>>,
}

struct Requests {
    stdin: ChildStdin,
    /// The projects that the process knows.
    projects: Vec<Arc<Project>>,
}

/// Who waits for an answer, by the number of the file.
#[derive(Default)]
struct Waiting {
    files: HashMap<u64, Sender<Response>>,
    has_ended: bool,
}

enum Failure {
    TooSlow,
    /// The process has ended.
    Gone,
    /// It could not be started.
    Io(io::Error),
}

impl Requests {
    /// By which number the process knows `project`; it is told of it if it does not.
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
        self.stdin
            .write_all(line.as_bytes())
            .map_err(|_| Failure::Gone)
    }
}

impl Worker {
    fn start(mut command: Command, number: u64) -> io::Result<Self> {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // Whatever ends it says so there, at length.
            .stderr(Stdio::null())
            .spawn()?;
        let stdin = child.stdin.take().expect("it is piped");
        let output = BufReader::new(child.stdout.take().expect("it is piped"));
        let waiting = Arc::new(Mutex::new(Waiting::default()));
        let answered = Arc::clone(&waiting);
        // Ends with the process.
        thread::spawn(move || {
            for line in output.lines().map_while(Result::ok) {
                let Ok((id, response)) = serde_json::from_str::<(u64, Response)>(&line) else {
                    break;
                };
                if let Some(sender) = lock(&answered).files.remove(&id) {
                    // Whoever asked may not want it any more.
                    let _ = sender.send(response);
                }
            }
            let mut waiting = lock(&answered);
            waiting.has_ended = true;
            waiting.files.clear();
        });
        Ok(Self {
            number,
            child: Mutex::new(child),
            requests: Mutex::new(Requests {
                stdin,
                projects: Vec::new(),
            }),
            waiting,
        })
    }

    /// The answer to `request` about the file `id`.
    fn ask(&self, id: u64, request: &Request, deadline: Instant) -> Result<Response, Failure> {
        let (sender, response) = channel();
        {
            let mut waiting = lock(&self.waiting);
            if waiting.has_ended {
                return Err(Failure::Gone);
            }
            waiting.files.insert(id, sender);
        }
        lock(&self.requests).send(request)?;
        let left = deadline.saturating_duration_since(Instant::now());
        response.recv_timeout(left).map_err(|error| match error {
            RecvTimeoutError::Timeout => Failure::TooSlow,
            RecvTimeoutError::Disconnected => Failure::Gone,
        })
    }

    fn end(&self) {
        let mut child = lock(&self.child);
        // It may have ended by itself.
        let _ = child.kill();
        let _ = child.wait();
    }
}

impl Drop for Inference {
    fn drop(&mut self) {
        self.stop();
    }
}
