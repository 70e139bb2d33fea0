//! The process in which inference runs.
//!
//! Strange code can make ty overflow its stack, which ends a process, or take minutes, which only the
//! end of its process stops. Here it costs nothing but the answers.

use std::collections::HashMap;
use std::io::{self, BufRead, Write};
use std::panic::AssertUnwindSafe;
use std::thread;

use asyncmend_source::Kinds;
use ruff_db::system::SystemPath;
use ruff_text_size::{TextRange, TextSize};
use serde::{Deserialize, Serialize};

use super::engine::{Engine, Opened, imports_from};
use super::project::Project;

/// ty needs some ten kilobytes a level. Only what is used becomes memory.
const STACK_BYTES: usize = 512 << 20;

/// How much source text may be read before all that was inferred is forgotten: memory is some
/// fifteen times as much.
const MAX_SOURCE_BYTES: u64 = 24 << 20;

/// How long the message of a fault may be; ty's can be as long as a file.
const MAX_MESSAGE: usize = 200;

/// What a worker is asked.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Request {
    /// Have a file ready to be asked about, under the number `id`.
    Open { id: u64, file: FileToOpen },
    /// What the expression there may give.
    Kinds { id: u64, start: u32, end: u32 },
    /// What iterating over the expression there may yield.
    KindsOfEach { id: u64, start: u32, end: u32 },
    /// Which function the expression there stands for, by its type or for sure.
    Function {
        id: u64,
        start: u32,
        end: u32,
        for_sure: bool,
    },
    /// Whether calling what the expression there stands for gives a new coroutine, for sure.
    IsCoroutineFunction { id: u64, start: u32, end: u32 },
    /// The file will not be asked about any more; there is no answer.
    Close { id: u64 },
}

/// A file, with its contents.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct FileToOpen {
    pub(super) project: Project,
    pub(super) home: Option<String>,
    pub(super) path: String,
    pub(super) text: String,
}

/// What a worker answers.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Response {
    Opened {
        missing: Vec<String>,
    },
    Kinds(u8),
    Is(bool),
    Function(Option<(String, u32)>),
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
                let request = serde_json::from_str(&line?)?;
                if let Request::Close { id } = request {
                    worker.files.remove(&id);
                    continue;
                }
                let response = worker.answer(request);
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
    engines: HashMap<(Project, Option<String>), Engine>,
    files: HashMap<u64, File>,
}

struct File {
    engine: (Project, Option<String>),
    to_open: FileToOpen,
    opened: Option<Opened>,
}

impl Worker {
    fn answer(&mut self, request: Request) -> Response {
        let answer = AssertUnwindSafe(|| self.try_answer(request));
        match ruff_db::panic::catch_unwind(answer) {
            Ok(Ok(response)) => response,
            Ok(Err(reason)) => Response::Failed(reason),
            Err(panic) => {
                let message = panic.payload.to_string();
                let message: String = message.chars().take(MAX_MESSAGE).collect();
                Response::Failed(format!("type inference panicked: {message}"))
            }
        }
    }

    fn try_answer(&mut self, request: Request) -> Result<Response, String> {
        let range = |start: u32, end: u32| TextRange::new(start.into(), end.into());
        match request {
            Request::Open { id, file } => {
                self.forget_what_is_too_much();
                self.files.insert(id, File::new(file));
                let (_, opened) = self.opened(id)?;
                Ok(Response::Opened {
                    missing: opened.missing.clone(),
                })
            }
            Request::Kinds { id, start, end } => {
                let (engine, file) = self.opened(id)?;
                let kinds: Kinds = engine.kinds(file, range(start, end));
                Ok(Response::Kinds(kinds.to_bits()))
            }
            Request::KindsOfEach { id, start, end } => {
                let (engine, file) = self.opened(id)?;
                let kinds = engine.kinds_of_each(file, range(start, end));
                Ok(Response::Kinds(kinds.to_bits()))
            }
            Request::IsCoroutineFunction { id, start, end } => {
                let (engine, file) = self.opened(id)?;
                let is_it = engine.is_coroutine_function(file, range(start, end));
                Ok(Response::Is(is_it))
            }
            Request::Function {
                id,
                start,
                end,
                for_sure,
            } => {
                let (engine, file) = self.opened(id)?;
                let function = engine.function(file, range(start, end), for_sure);
                let plain = |(path, at): (String, TextSize)| (path, at.to_u32());
                Ok(Response::Function(function.map(plain)))
            }
            Request::Close { .. } => Err("closing a file is no question".to_owned()),
        }
    }

    /// The file `id` with the engine of its project, made anew where it was forgotten.
    fn opened(&mut self, id: u64) -> Result<(&Engine, &Opened), String> {
        let file = self.files.get_mut(&id).ok_or("no such file")?;
        let engine = self
            .engines
            .entry(file.engine.clone())
            .or_insert_with(|| Engine::new(&file.engine.0, file.engine.1.as_deref()));
        if file.opened.is_none() {
            file.opened = Some(engine.open(&file.to_open.path, &file.to_open.text)?);
        }
        let opened = file.opened.as_ref().expect("it was opened just now");
        Ok((engine, opened))
    }

    /// Bounds the memory, whatever the size of a project.
    fn forget_what_is_too_much(&mut self) {
        let read: u64 = self.engines.values().map(Engine::bytes_read).sum();
        if read > MAX_SOURCE_BYTES {
            self.engines.clear();
            for file in self.files.values_mut() {
                file.opened = None;
            }
        }
    }
}

impl File {
    fn new(to_open: FileToOpen) -> Self {
        // Where a file imports its neighbours as a script does, they come first; elsewhere the files
        // of a project share all that is found out about it.
        let home = to_open.home.clone().filter(|home| {
            !to_open.project.roots.contains(home)
                && imports_from(&to_open.text, SystemPath::new(home))
        });
        Self {
            engine: (to_open.project.clone(), home),
            to_open,
            opened: None,
        }
    }
}
