//! The process in which inference runs.
//!
//! Strange code can make ty overflow its stack, which ends a process, or take minutes, which only the
//! end of its process stops. Here it costs nothing but the answers.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::io::{self, BufRead, Write};
use std::panic::AssertUnwindSafe;
use std::rc::Rc;
use std::thread;

use ruff_db::system::SystemPath;
use ruff_text_size::TextRange;
use serde::{Deserialize, Serialize};

use super::engine::{Engine, Opened, imports_from};
use super::names::Names;
use super::project::Project;

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
    /// Know a project, by the number of those before it; there is no answer.
    Know { project: Project },
    /// Have a file ready to be asked about, under the number `id`.
    Open { id: u64, file: FileToOpen },
    /// Something about the expression there.
    Ask {
        id: u64,
        question: Question,
        start: u32,
        end: u32,
    },
    /// The file will not be asked about any more; there is no answer.
    Close { id: u64 },
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
    /// The function that it can only stand for.
    SoleFunction,
    /// The dotted name of the function that it stands for, by its type.
    FunctionName,
    /// Whether calling what it stands for gives a new coroutine, for sure.
    IsCoroutineFunction,
    /// Whether the function that it stands for, by its type, awaits an attribute.
    AwaitsAttribute,
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
    Opened {
        missing: Vec<String>,
    },
    Kinds(u8),
    Is(bool),
    Function(Option<(String, u32)>),
    Name(Option<String>),
    /// Nothing more will be said about the file, for this reason.
    Failed(String),
}

/// Answers what `requests` ask, line by line, until there are no more.
///
/// # Errors
/// Where the other side is gone or speaks another language.
pub fn serve(requests: impl BufRead + Send, mut responses: impl Write + Send) -> io::Result<()> {
    thread::scope(|scope| {
        let work = move || {
            let mut worker = Worker::default();
            for line in requests.lines() {
                let Some(response) = worker.answer(serde_json::from_str(&line?)?) else {
                    continue;
                };
                serde_json::to_writer(&mut responses, &response)?;
                responses.write_all(b"\n")?;
                responses.flush()?;
            }
            Ok(())
        };
        thread::Builder::new()
            .stack_size(STACK_BYTES)
            .spawn_scoped(scope, work)?
            .join()
            .unwrap_or_else(|_| Err(io::Error::other("the worker panicked")))
    })
}

#[derive(Default)]
struct Worker {
    /// The folders with the code of all projects.
    code: Vec<String>,
    projects: Vec<Project>,
    engines: HashMap<EngineName, Used>,
    files: HashMap<u64, File>,
    /// What the code below some folders does with names, for all engines that look there.
    names: HashMap<Vec<String>, Rc<OnceCell<Names>>>,
    /// How many files were asked about.
    time: u64,
}

/// The number of a project, and the folder in which modules are looked for first.
type EngineName = (usize, Option<String>);

struct Used {
    engine: Engine,
    /// The time when it was used last.
    last: u64,
}

struct File {
    engine: EngineName,
    to_open: FileToOpen,
    opened: Option<Opened>,
}

impl Worker {
    fn answer(&mut self, request: Request) -> Option<Response> {
        let answer = AssertUnwindSafe(|| self.try_answer(request));
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

    fn try_answer(&mut self, request: Request) -> Option<Response> {
        let (id, question) = match request {
            Request::Code { folders } => {
                self.code = folders;
                return None;
            }
            Request::Know { project } => {
                self.projects.push(project);
                return None;
            }
            Request::Open { id, file } => {
                self.forget_what_is_too_much();
                let project = &self.projects[file.project];
                self.files.insert(id, File::new(file, project));
                (id, None)
            }
            Request::Ask {
                id,
                question,
                start,
                end,
            } => (
                id,
                Some((question, TextRange::new(start.into(), end.into()))),
            ),
            Request::Close { id } => {
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
                let function = |for_sure| {
                    let found = engine.function(file, range, for_sure);
                    Response::Function(found.map(|(path, at)| (path, at.to_u32())))
                };
                match question {
                    Question::Kinds => Response::Kinds(engine.kinds(file, range).to_bits()),
                    Question::KindsOfEach => {
                        Response::Kinds(engine.kinds_of_each(file, range).to_bits())
                    }
                    Question::Function => function(false),
                    Question::SoleFunction => function(true),
                    Question::FunctionName => Response::Name(engine.function_name(file, range)),
                    Question::AwaitsAttribute => Response::Is(engine.awaits_attribute(file, range)),
                    Question::IsCoroutineFunction => {
                        Response::Is(engine.is_coroutine_function(file, range))
                    }
                }
            }
        })
    }

    /// The file `id` with the engine of its project, made anew where it was forgotten.
    fn opened(&mut self, id: u64) -> Result<(&Engine, &Opened), String> {
        let file = self.files.get_mut(&id).ok_or("no such file")?;
        self.time += 1;
        let used = self.engines.entry(file.engine.clone()).or_insert_with(|| {
            let (project, home) = &file.engine;
            let project = &self.projects[*project];
            let folders = Names::folders(home.iter().chain(&project.roots).chain(&self.code));
            let names = self.names.entry(folders.clone()).or_default();
            let names = Rc::clone(names);
            Used {
                engine: Engine::new(project, home.as_deref(), folders, names),
                last: 0,
            }
        });
        used.last = self.time;
        if file.opened.is_none() {
            let opened = used.engine.open(&file.to_open.path, &file.to_open.text)?;
            file.opened = Some(opened);
        }
        let opened = file.opened.as_ref().expect("it was opened just now");
        Ok((&used.engine, opened))
    }

    /// Bounds the memory, whatever the size of a project.
    fn forget_what_is_too_much(&mut self) {
        let read: u64 = self.engines.values().map(|it| it.engine.bytes_read()).sum();
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
        for file in self.files.values_mut() {
            if !self.engines.contains_key(&file.engine) {
                file.opened = None;
            }
        }
    }
}

impl File {
    fn new(to_open: FileToOpen, project: &Project) -> Self {
        // Where a file imports its neighbours as a script does, they come first; elsewhere the files
        // of a project share all that is found out about it.
        let home = to_open.home.clone().filter(|home| {
            !project.roots.contains(home) && imports_from(&to_open.text, SystemPath::new(home))
        });
        Self {
            engine: (to_open.project, home),
            to_open,
            opened: None,
        }
    }
}
