use core::time::Duration;
use std::fmt;
use std::sync::Arc;

use asyncmend_pipeline::Pipeline;

use crate::parts::check_length;
use crate::parts::code::Code;
use crate::parts::judge::{judge, panicked};
use crate::parts::patience::{self, Asking};
use crate::parts::plan::Wants;
use crate::{Fault, Finding, Kind, Options, OptionsError, Outcome, outcome};

/// Mends texts, each on its own, as its options say. Immutable: one serves any number of threads.
#[derive(Clone)]
pub struct Mender {
    /// What decides and writes.
    rewriting: Arc<Pipeline>,
    /// What only decides.
    checking: Arc<Pipeline>,
    time_limit: Duration,
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
        let pipeline = |layout| {
            Arc::new(meaning.pipeline(Wants {
                layout,
                candidates: false,
            }))
        };
        Ok(Self {
            rewriting: pipeline(true),
            checking: pipeline(false),
            time_limit: meaning.time_limit,
        })
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

    fn run(&self, pipeline: &Arc<Pipeline>, kind: Kind, text: &str) -> Result<Judged, Fault> {
        // Most texts end here.
        if !pipeline.may_have_sites(text.as_bytes()) {
            return Ok((Vec::new(), None));
        }
        check_length(text.len())?;
        let (pipeline, text) = (Arc::clone(pipeline), text.to_owned());
        let work = move |asked: Asking<'_>| judged(&pipeline, kind, &text, asked);
        match patience::within(self.time_limit, Asking::default(), work) {
            Some(Ok(judged)) => judged,
            Some(Err(panic)) => Err(panicked(&*panic)),
            None => Err(Fault::TooSlow(self.time_limit)),
        }
    }
}

impl fmt::Debug for Mender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mender").finish_non_exhaustive()
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
