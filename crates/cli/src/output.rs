//! Where the result goes: standard output or a file.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, IsTerminal, Seek, Write};
use std::path::Path;

use anyhow::{Context, Result};

use crate::args::Colour;

/// The result, written in one stream.
pub(crate) struct Output {
    sink: BufWriter<Box<dyn Write>>,
    waiting: Option<Waiting>,
    /// Whether to colour what is written.
    pub(crate) colour: bool,
    /// Whether it goes to a terminal, which obeys some characters.
    pub(crate) is_terminal: bool,
}

/// A result that is to go into a file once it is whole, so that a run that fails leaves no part of one.
struct Waiting {
    result: File,
    target: File,
}

impl Output {
    /// Standard output, or the file that is named.
    pub(crate) fn open(file: Option<&Path>, colour: Colour) -> Result<Self> {
        let Some(path) = file else {
            let stdout = io::stdout();
            return Ok(Self {
                colour: wanted(colour, &stdout),
                is_terminal: stdout.is_terminal(),
                sink: BufWriter::new(Box::new(stdout)),
                waiting: None,
            });
        };
        let target = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)
            .with_context(|| format!("--output-file: cannot write {}", path.display()))?;
        let file = || -> io::Result<(File, File)> {
            let result = tempfile::tempfile()?;
            Ok((result.try_clone()?, result))
        };
        let (sink, result) = file().context("cannot make a temporary file for the result")?;
        Ok(Self {
            sink: BufWriter::new(Box::new(sink)),
            waiting: Some(Waiting { result, target }),
            colour: colour == Colour::Always,
            is_terminal: false,
        })
    }

    /// Writes and flushes: what is known is shown.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> Result<()> {
        if !bytes.is_empty() {
            self.sink
                .write_all(bytes)
                .and_then(|()| self.sink.flush())
                .context("cannot write the result")?;
        }
        Ok(())
    }
}

impl Output {
    /// Puts the result where it was to go, if it had to wait.
    pub(crate) fn finish(mut self) -> Result<()> {
        let Some(Waiting {
            mut result,
            mut target,
        }) = self.waiting.take()
        else {
            return Ok(());
        };
        let mut put = || {
            // What is no usual file, as a pipe, has no length.
            if target.metadata()?.is_file() {
                target.set_len(0)?;
            }
            result.rewind()?;
            io::copy(&mut result, &mut target)
        };
        put().context("cannot write the result")?;
        Ok(())
    }
}

/// Whether to use colours on `stream`. Nothing is ever stripped of them afterwards: a diff may
/// contain any byte.
pub(crate) fn wanted(colour: Colour, stream: &impl anstream::stream::RawStream) -> bool {
    match colour {
        Colour::Always => true,
        Colour::Never => false,
        Colour::Auto => anstream::AutoStream::choice(stream) != anstream::ColorChoice::Never,
    }
}

/// Whether the reader of our result has gone, which is no trouble.
pub(crate) fn reader_has_gone(error: &anyhow::Error) -> bool {
    error
        .downcast_ref::<io::Error>()
        .is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}
