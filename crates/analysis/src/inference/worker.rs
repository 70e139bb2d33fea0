//! The process in which inference runs.
//!
//! Strange code can make ty overflow its stack, which ends a process, or take minutes, which only the
//! end of its process stops. Here it costs nothing but the answers.

use std::collections::HashMap;
use std::io::{self, BufRead, Write};
use std::panic::AssertUnwindSafe;
use std::rc::Rc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread;

use asyncmend_source::{AwaitedParameter, Cancels, SharedWaits};
use ruff_db::system::{SystemPath, SystemPathBuf};
use ruff_text_size::TextRange;
use serde::{Deserialize, Serialize};

use super::engine::{Common, Engine, MAX_NESTING, Opened, imports_from};
use super::fixtures::Code;
use super::lock;
use super::names::{Names, SharedNames};
use super::project::Project;
use super::system::KeptFiles;

/// ty needs some ten kilobytes a level. Only what is used becomes memory.
const STACK_BYTES: usize = 512 << 20;

/// How much source text may be read before all that was inferred is forgotten: memory is some
/// fifteen times as much.
const MAX_SOURCE_BYTES: u64 = 24 << 20;

/// How long the message of a fault may be; ty's can be as long as a file.
const MAX_MESSAGE: usize = 200;

/// How many engines there may be: each knows the standard library, which takes some thirty megabytes.
const MAX_ENGINES: usize = 24;

/// What a worker is asked.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Request {
    /// Look there too for what code does with names; there is no answer.
    Code { folders: Vec<String> },
    /// Take the file at `path` for what it has been, however it is written from now on: it had the contents `text`. The
    /// answer, to the number `id`, says that this is done.
    Keep { id: u64, path: String, text: String },
    /// Know a project, by the number of those before it; there is no answer.
    Know { project: Project },
    /// Something about the file with the number `id`.
    File { id: u64, what: AboutFile },
}

/// What a worker is asked about a file.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum AboutFile {
    /// Have it ready to be asked about.
    Open(FileToOpen),
    /// Something about the expression there.
    Ask {
        question: Question,
        start: u32,
        end: u32,
    },
    /// It will not be asked about any more; there is no answer.
    Close,
}

/// What may be asked about an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(super) enum Question {
    /// What it may give.
    Kinds,
    /// What iterating over it may yield.
    KindsOfEach,
    /// Which function it stands for, by its type.
    Function,
    /// The functions one of which it can only stand for.
    SoleFunctions,
    /// The dotted name of the function that it stands for, by its type.
    FunctionName,
    /// Whether calling what it stands for gives a new coroutine, for sure.
    IsCoroutineFunction,
    /// Which tasks the function that it stands for, by its type, cancels, of those that it is given.
    Cancels,
    /// What the function that it stands for, by its type, awaits that was there before.
    SharedWaits,
    /// Whether the attribute whose method it is may hold something else than its class says.
    MayHoldAnother,
    /// Whether a star may give the name what it stands for.
    MayComeByStar,
}

/// A file, with its contents.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct FileToOpen {
    /// The number of its project.
    pub(super) project: usize,
    pub(super) home: Option<String>,
    pub(super) path: String,
    pub(super) text: String,
}

/// What a worker answers.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) enum Response {
    Kept,
    Opened {
        missing: Vec<String>,
    },
    Kinds(u8),
    Is(bool),
    Functions(Vec<(String, u32)>),
    Name(Option<String>),
    Waits(Waits),
    /// Whether it cancels its arguments, or else those in its first one.
    Cancels(Option<bool>),
    /// Nothing more will be said about the file, for this reason.
    Failed(String),
}

/// [`SharedWaits`], to be sent.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Waits {
    others: bool,
    unknown: bool,
    by_functions: bool,
    /// The name, the position and whether it is variadic.
    parameters: Vec<(String, Option<usize>, bool)>,
}

impl From<SharedWaits> for Waits {
    fn from(waits: SharedWaits) -> Self {
        let parameters = waits.parameters.into_iter();
        Self {
            others: waits.others,
            unknown: waits.unknown,
            by_functions: waits.by_functions,
            parameters: parameters
                .map(|it| (it.name, it.position, it.is_variadic))
                .collect(),
        }
    }
}

impl From<Waits> for SharedWaits {
    fn from(waits: Waits) -> Self {
        let parameters = waits.parameters.into_iter();
        Self {
            others: waits.others,
            unknown: waits.unknown,
            by_functions: waits.by_functions,
            parameters: parameters
                .map(|(name, position, is_variadic)| AwaitedParameter {
                    name,
                    position,
                    is_variadic,
                })
                .collect(),
        }
    }
}

/// Answers what `requests` ask, line by line, until there are no more: each answer with the number of the file, in
/// any order. Files that are open at the same time are looked at in threads of their own.
///
/// # Errors
/// Where the other side is gone or speaks another language.
pub fn serve(requests: impl BufRead, responses: impl Write + Send) -> io::Result<()> {
    let shared: Mutex<Shared> = Mutex::default();
    let responses = Mutex::new(responses);
    thread::scope(|scope| {
        let mut lanes = Lanes::default();
        for line in requests.lines() {
            let (id, what) = match serde_json::from_str(&line?)? {
                Request::Code { folders } => {
                    lock(&shared).code = folders;
                    continue;
                }
                Request::Keep { id, path, text } => {
                    lock(&shared).kept.keep(path, text);
                    respond(&responses, id, &Response::Kept)?;
                    continue;
                }
                Request::Know { project } => {
                    lock(&shared).projects.push(Arc::new(project));
                    continue;
                }
                Request::File { id, what } => (id, what),
            };
            let is_over = matches!(what, AboutFile::Close);
            let start = || {
                let (sender, requests) = channel();
                let work = || Worker::new(&shared).serve(requests, &responses);
                let thread = thread::Builder::new().stack_size(STACK_BYTES);
                thread.spawn_scoped(scope, work)?;
                Ok(sender)
            };
            let sent = lanes.of(id, start)?.send((id, what));
            sent.map_err(|_| io::Error::from(io::ErrorKind::BrokenPipe))?;
            if is_over {
                lanes.free(id);
            }
        }
        Ok(())
    })
}

fn respond(responses: &Mutex<impl Write>, id: u64, response: &Response) -> io::Result<()> {
    let mut line = serde_json::to_vec(&(id, response)).expect("plain data");
    line.push(b'\n');
    let mut responses = lock(responses);
    responses.write_all(&line)?;
    responses.flush()
}

/// The threads, and which files each of them looks at.
#[derive(Default)]
struct Lanes {
    all: Vec<Lane>,
    /// By the number of the file.
    taken: HashMap<u64, usize>,
}

struct Lane {
    requests: Sender<(u64, AboutFile)>,
    files: usize,
}

impl Lanes {
    /// The one that looks at the file: one that has no other, a new one that `start` gives, or where none can be
    /// started, one that has few.
    fn of(
        &mut self,
        id: u64,
        start: impl FnOnce() -> io::Result<Sender<(u64, AboutFile)>>,
    ) -> io::Result<&Sender<(u64, AboutFile)>> {
        if let Some(lane) = self.taken.get(&id) {
            return Ok(&self.all[*lane].requests);
        }
        let mut lane = (0..self.all.len()).min_by_key(|lane| self.all[*lane].files);
        if lane.is_none_or(|lane| self.all[lane].files > 0) {
            match start() {
                Ok(requests) => {
                    lane = Some(self.all.len());
                    self.all.push(Lane { requests, files: 0 });
                }
                Err(error) if lane.is_none() => return Err(error),
                Err(_) => {}
            }
        }
        let lane = lane.expect("there is one by now");
        self.taken.insert(id, lane);
        self.all[lane].files += 1;
        Ok(&self.all[lane].requests)
    }

    fn free(&mut self, id: u64) {
        if let Some(lane) = self.taken.remove(&id) {
            self.all[lane].files -= 1;
        }
    }
}

/// What all threads know.
#[derive(Default)]
struct Shared {
    /// The folders with the code of all projects.
    code: Vec<String>,
    projects: Vec<Arc<Project>>,
    engines: HashMap<EngineName, Used>,
    /// What the code below some folders does with names, for all engines that look there.
    names: HashMap<Vec<String>, Arc<SharedNames>>,
    kept: KeptFiles,
    /// How many files were asked about.
    time: u64,
}

/// The number of a project, and the folder in which modules are looked for first.
type EngineName = (usize, Option<String>);

struct Used {
    common: Common,
    /// The time when it was used last.
    last: u64,
}

impl Shared {
    /// What is known of a project, made anew where it was forgotten.
    fn common(&mut self, name: &EngineName) -> Common {
        self.time += 1;
        let used = self.engines.entry(name.clone()).or_insert_with(|| {
            let (project, home) = name;
            let project = &self.projects[*project];
            let folders = Names::folders(home.iter().chain(&project.roots).chain(&self.code));
            let names = self.names.entry(folders).or_insert_with_key(|folders| {
                Arc::new(SharedNames::below(folders, self.kept.clone()))
            });
            let (names, kept) = (Arc::clone(names), self.kept.clone());
            Used {
                common: Common::new(project, home.as_deref(), names, kept),
                last: 0,
            }
        });
        used.last = self.time;
        used.common.clone()
    }

    fn knows(&self, name: &EngineName, engine: &Engine) -> bool {
        let used = self.engines.get(name);
        used.is_some_and(|used| engine.is_of(&used.common))
    }

    /// Bounds the memory, whatever the size of a project.
    fn forget_what_is_too_much(&mut self) {
        let read: u64 = self.engines.values().map(|it| it.common.bytes_read()).sum();
        let mut times: Vec<u64> = self.engines.values().map(|it| it.last).collect();
        times.sort_unstable();
        let first_to_stay = if read > MAX_SOURCE_BYTES {
            u64::MAX
        } else if times.len() > MAX_ENGINES {
            times[times.len() - MAX_ENGINES / 2]
        } else {
            return;
        };
        self.engines.retain(|_, used| used.last >= first_to_stay);
    }
}

/// What answers in one thread.
struct Worker<'s> {
    shared: &'s Mutex<Shared>,
    engines: HashMap<EngineName, Engine>,
    files: HashMap<u64, File>,
}

struct File {
    engine: EngineName,
    /// None where it nests too deep.
    code: Option<Rc<Code>>,
    /// With what it is known by.
    opened: Option<(Opened, Common)>,
}

impl<'s> Worker<'s> {
    fn new(shared: &'s Mutex<Shared>) -> Self {
        Self {
            shared,
            engines: HashMap::new(),
            files: HashMap::new(),
        }
    }

    fn serve(mut self, requests: Receiver<(u64, AboutFile)>, responses: &Mutex<impl Write>) {
        for (id, what) in requests {
            let Some(response) = self.answer(id, what) else {
                continue;
            };
            if respond(responses, id, &response).is_err() {
                // Nobody listens any more.
                return;
            }
        }
    }

    fn answer(&mut self, id: u64, what: AboutFile) -> Option<Response> {
        let answer = AssertUnwindSafe(|| self.try_answer(id, what));
        match ruff_db::panic::catch_unwind(answer) {
            Ok(response) => response,
            Err(panic) => {
                let message = panic.payload.to_string();
                let message: String = message.chars().take(MAX_MESSAGE).collect();
                Some(Response::Failed(format!(
                    "type inference panicked: {message}"
                )))
            }
        }
    }

    fn try_answer(&mut self, id: u64, what: AboutFile) -> Option<Response> {
        let question = match what {
            AboutFile::Open(file) => {
                let mut shared = lock(self.shared);
                shared.forget_what_is_too_much();
                (self.engines).retain(|name, engine| shared.knows(name, engine));
                let project = Arc::clone(&shared.projects[file.project]);
                drop(shared);
                self.files.insert(id, File::new(file, &project));
                None
            }
            AboutFile::Ask {
                question,
                start,
                end,
            } => Some((question, TextRange::new(start.into(), end.into()))),
            AboutFile::Close => {
                self.files.remove(&id);
                return None;
            }
        };
        Some(match (self.opened(id), question) {
            (Err(reason), _) => Response::Failed(reason),
            (Ok((_, opened)), None) => Response::Opened {
                missing: opened.missing.clone(),
            },
            (Ok((engine, file)), Some((question, range))) => {
                let functions = |for_sure| {
                    let found = engine.functions(file, range, for_sure).into_iter();
                    Response::Functions(found.map(|(path, at)| (path, at.to_u32())).collect())
                };
                match question {
                    Question::Kinds => Response::Kinds(engine.kinds(file, range).to_bits()),
                    Question::KindsOfEach => {
                        Response::Kinds(engine.kinds_of_each(file, range).to_bits())
                    }
                    Question::Function => functions(false),
                    Question::SoleFunctions => functions(true),
                    Question::FunctionName => Response::Name(engine.function_name(file, range)),
                    Question::Cancels => {
                        let cancels = engine.cancels(file, range);
                        Response::Cancels(cancels.map(|it| it == Cancels::Arguments))
                    }
                    Question::SharedWaits => {
                        Response::Waits(engine.shared_waits(file, range).into())
                    }
                    Question::IsCoroutineFunction => {
                        Response::Is(engine.is_coroutine_function(file, range))
                    }
                    Question::MayHoldAnother => Response::Is(engine.may_hold_another(file, range)),
                    Question::MayComeByStar => Response::Is(engine.may_come_by_star(file, range)),
                }
            }
        })
    }

    /// The file `id` with the engine of its project, opened anew where that was forgotten.
    fn opened(&mut self, id: u64) -> Result<(&Engine, &Opened), String> {
        let file = self.files.get_mut(&id).ok_or("no such file")?;
        let common = lock(self.shared).common(&file.engine);
        let known = self.engines.get(&file.engine);
        if known.is_none_or(|engine| !engine.is_of(&common)) {
            self.engines
                .insert(file.engine.clone(), Engine::new(common.clone()));
        }
        let engine = &self.engines[&file.engine];
        if (file.opened.as_ref()).is_none_or(|(_, of)| !common.is(of)) {
            let Some(code) = &file.code else {
                return Err(format!(
                    "its code nests more than {MAX_NESTING} levels deep"
                ));
            };
            let opened = engine.open(code)?;
            file.opened = Some((opened, common));
        }
        let (opened, _) = file.opened.as_ref().expect("it was opened just now");
        Ok((engine, opened))
    }
}

impl File {
    fn new(to_open: FileToOpen, project: &Project) -> Self {
        let code = Code::new(SystemPathBuf::from(to_open.path), to_open.text);
        // Where a file imports its neighbours as a script does, they come first; elsewhere the files
        // of a project share all that is found out about it.
        let body = code.as_ref().map_or(&[][..], |code| code.body());
        let home = to_open.home.filter(|home| {
            !project.roots.contains(home) && imports_from(body, SystemPath::new(home))
        });
        Self {
            engine: (to_open.project, home),
            code,
            opened: None,
        }
    }
}
