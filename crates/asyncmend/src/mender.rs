use core::time::Duration;
use std::fmt;
use std::sync::Arc;

use asyncmend_pipeline::Pipeline;

use crate::parts::check_length;
use crate::parts::code::Code;
use crate::parts::encoding;
use crate::parts::judge::judge;
use crate::parts::patience::{self, Asking};
use crate::parts::plan::Wants;
use crate::{
    Fault, FileOutcome, Finding, Kind, NewFile, Options, OptionsError, Outcome, PythonFile, outcome,
};

/// Mends texts, each on its own, as its options say. Immutable: one serves any number of threads.
#[derive(Clone)]
pub struct Mender {
    /// What decides and writes.
    rewriting: Pipelines,
    /// What only decides.
    checking: Pipelines,
    time_limit: Duration,
    given_up: Option<fn() -> bool>,
}

impl Mender {
    /// The mender with these options.
    ///
    /// # Errors
    /// Where one of their words is none: it says which there are.
    ///
    /// ```
    /// use asyncmend::{Mender, Options};
    ///
    /// let error = Mender::new(&Options::default().select(["wait-fro"])).unwrap_err();
    /// assert_eq!(error.option(), "select");
    /// assert!(error.to_string().contains("did you mean `wait-for`?"));
    /// ```
    pub fn new(options: &Options) -> Result<Self, OptionsError> {
        let meaning = options.read()?;
        let pipelines = |layout| {
            let wants = Wants {
                layout,
                candidates: false,
            };
            Pipelines {
                modules: Arc::new(meaning.pipeline(Kind::Module, wants)),
                notebooks: Arc::new(meaning.pipeline(Kind::Notebook, wants)),
            }
        };
        Ok(Self {
            rewriting: pipelines(true),
            checking: pipelines(false),
            time_limit: meaning.time_limit,
            given_up: None,
        })
    }

    /// The same, which waits for no text any longer once `given_up` says so: the thread that waits asks it some ten
    /// times a second. What becomes of the text then is [`Fault::GivenUp`].
    #[must_use]
    pub fn unless(self, given_up: fn() -> bool) -> Self {
        let given_up = Some(given_up);
        Self { given_up, ..self }
    }

    /// What becomes of `text`, a module or a script.
    ///
    /// # Errors
    /// Where nothing can be said about it. A text that can hold no site is not even parsed.
    pub fn rewrite<'t>(&self, text: &'t str) -> Result<Outcome<'t>, Fault> {
        self.rewrite_as(Kind::Module, text)
    }

    /// What becomes of `text`, which is of this kind.
    ///
    /// # Errors
    /// As those of [`Mender::rewrite`].
    pub fn rewrite_as<'t>(&self, kind: Kind, text: &'t str) -> Result<Outcome<'t>, Fault> {
        let (findings, after) = self.run(&self.rewriting, kind, text)?;
        Ok(Outcome::new(text, after, findings))
    }

    /// What [`Mender::rewrite`] finds in `text`, in less time.
    ///
    /// # Errors
    /// The same.
    pub fn check(&self, text: &str) -> Result<Vec<Finding>, Fault> {
        self.check_as(Kind::Module, text)
    }

    /// What [`Mender::rewrite_as`] finds in `text`, in less time.
    ///
    /// # Errors
    /// The same.
    pub fn check_as(&self, kind: Kind, text: &str) -> Result<Vec<Finding>, Fault> {
        let (findings, _) = self.run(&self.checking, kind, text)?;
        Ok(findings)
    }

    /// What becomes of the file at `path`, which is relative, with `/`, that has these bytes: in UTF-8, or in what a
    /// `coding` comment says.
    ///
    /// # Errors
    /// As those of [`Mender::rewrite`], and where Python, or asyncmend, does not read the bytes.
    pub fn rewrite_file(&self, path: &str, bytes: &[u8]) -> Result<FileOutcome, Fault> {
        if self.is_out_of_question(bytes) {
            return Ok(FileOutcome::default());
        }
        let kind = Kind::of(path);
        let file = PythonFile::decode_as(kind, bytes)?;
        let outcome = self.rewrite_as(kind, file.text())?;
        let new = outcome.changed().then(|| {
            Ok(NewFile {
                bytes: file.encode(outcome.text())?,
                patch: file.encode_patch(&outcome.patch(path))?,
            })
        });
        let new = new.transpose()?;
        let (_, findings) = outcome.into_parts();
        Ok(FileOutcome { new, findings })
    }

    /// What [`Mender::rewrite_file`] finds in a file, in less time.
    ///
    /// # Errors
    /// The same.
    pub fn check_file(&self, path: &str, bytes: &[u8]) -> Result<Vec<Finding>, Fault> {
        if self.is_out_of_question(bytes) {
            return Ok(Vec::new());
        }
        let kind = Kind::of(path);
        self.check_as(kind, PythonFile::decode_as(kind, bytes)?.text())
    }

    /// Whether a file with these bytes can hold no site, whatever its encoding: most files end here.
    fn is_out_of_question(&self, bytes: &[u8]) -> bool {
        !self.checking.modules.may_have_sites(bytes) && !encoding::is_utf_16(bytes)
    }

    fn run(&self, pipelines: &Pipelines, kind: Kind, text: &str) -> Result<Judged, Fault> {
        let pipeline = pipelines.of(kind);
        // Most texts end here.
        if !pipeline.may_have_sites(text.as_bytes()) {
            return Ok((Vec::new(), None));
        }
        check_length(text.len())?;
        let (pipeline, text) = (Arc::clone(pipeline), text.to_owned());
        let work = move |asked: Asking<'_>| judged(&pipeline, kind, &text, asked);
        let asked = Asking {
            given_up: self.given_up,
            ..Asking::default()
        };
        patience::within(self.time_limit, asked, work)?
    }
}

impl fmt::Debug for Mender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mender").finish_non_exhaustive()
    }
}

/// The same work for each kind of text.
#[derive(Clone)]
struct Pipelines {
    modules: Arc<Pipeline>,
    notebooks: Arc<Pipeline>,
}

impl Pipelines {
    fn of(&self, kind: Kind) -> &Arc<Pipeline> {
        match kind {
            Kind::Module => &self.modules,
            Kind::Notebook => &self.notebooks,
        }
    }
}

/// What was found, and the new text where it differs.
type Judged = (Vec<Finding>, Option<String>);

fn judged(pipeline: &Pipeline, kind: Kind, text: &str, asked: Asking<'_>) -> Result<Judged, Fault> {
    let code = Code::of(kind, text)?;
    let judged = judge(pipeline, code.text(), asked)?;
    let after = judged.after.map(|it| code.with(it)).transpose()?;
    Ok((outcome::findings(&code, judged.review.findings), after))
}
