use core::time::Duration;
use std::borrow::Cow;

use asyncmend::parts::terminal::shown;
use asyncmend::{self as engine, Caution, Decision, Fault, Kind, Options};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString};

/// Mends texts as its options say.
#[pyclass(frozen, module = "asyncmend._native")]
pub(crate) struct Mender {
    pub(crate) engine: engine::Mender,
    /// What it was made of.
    #[cfg(feature = "arrow")]
    pub(crate) options: Options,
}

/// A site: the transform, the word for the decision, the message, the flaw, the code of a refusal and what can be done
/// about it, cautions, the codes of those in the way, and where it starts and ends.
type Finding = (
    &'static str,
    &'static str,
    String,
    &'static str,
    Option<&'static str>,
    Option<&'static str>,
    Vec<(&'static str, &'static str, &'static str)>,
    Vec<&'static str>,
    Position,
    Position,
);

/// Takes over a word.
type Set = fn(Options, String) -> Options;

/// The line, the column, and the cell of a notebook.
type Position = (usize, usize, Option<usize>);

/// Why there is nothing else to say, the same with the place, and the place.
type Trouble = (String, String, Option<Position>);

#[pymethods]
impl Mender {
    #[new]
    #[expect(
        clippy::too_many_arguments,
        reason = "they are the keywords of Python's constructor"
    )]
    #[pyo3(signature = (
        *,
        target_version=None,
        select=None,
        ignore=None,
        accept=None,
        reject=None,
        unsafe_fixes=false,
        strict=false,
        line_length=None,
        retain_task_style=None,
        retain_task_helper=None,
        gather_style=None,
        gather_errors=None,
        wait_for_style=None,
        task_holders=None,
        coroutine_functions=None,
        time_limit=None,
    ))]
    fn new(
        target_version: Option<String>,
        select: Option<Vec<String>>,
        ignore: Option<Vec<String>>,
        accept: Option<Vec<String>>,
        reject: Option<Vec<String>>,
        unsafe_fixes: bool,
        strict: bool,
        line_length: Option<u16>,
        retain_task_style: Option<String>,
        retain_task_helper: Option<String>,
        gather_style: Option<String>,
        gather_errors: Option<String>,
        wait_for_style: Option<String>,
        task_holders: Option<Vec<String>>,
        coroutine_functions: Option<Vec<String>>,
        time_limit: Option<f64>,
    ) -> PyResult<Self> {
        let mut options = Options::default()
            .ignore(ignore.unwrap_or_default())
            .accept(accept.unwrap_or_default())
            .reject(reject.unwrap_or_default())
            .unsafe_fixes(unsafe_fixes)
            .strict(strict)
            .task_holders(task_holders.unwrap_or_default())
            .coroutine_functions(coroutine_functions.unwrap_or_default());
        if let Some(transforms) = select {
            options = options.select(transforms);
        }
        if let Some(columns) = line_length {
            options = options.line_length(columns);
        }
        if let Some(seconds) = time_limit {
            let limit = Duration::try_from_secs_f64(seconds);
            let limit = limit.map_err(|error| PyValueError::new_err(error.to_string()))?;
            options = options.time_limit(limit);
        }
        let words: [(Option<String>, Set); 6] = [
            (target_version, Options::target_version),
            (retain_task_style, Options::retain_task_style),
            (retain_task_helper, Options::retain_task_helper),
            (gather_style, Options::gather_style),
            (gather_errors, Options::gather_errors),
            (wait_for_style, Options::wait_for_style),
        ];
        for (word, set) in words {
            if let Some(word) = word {
                options = set(options, word);
            }
        }
        let engine = engine::Mender::new(&options);
        let engine = engine.map_err(|error| PyValueError::new_err(error.to_string()))?;
        Ok(Self {
            engine: engine.unless(interrupted),
            #[cfg(feature = "arrow")]
            options,
        })
    }

    /// What is found in `source`, the contents of the file at `path`, or why nothing can be.
    fn check(
        &self,
        py: Python<'_>,
        source: &Bound<'_, PyAny>,
        path: &str,
    ) -> PyResult<(Vec<Finding>, Option<Trouble>)> {
        let given = Given::of(source)?;
        let checked = py.detach(|| match &given {
            Given::Text(text) => self.engine.check_as(Kind::of(path), text),
            Given::Bytes(bytes) => self.engine.check_file(path, bytes),
        });
        Ok(match checked {
            Ok(findings) => (findings.iter().map(finding).collect(), None),
            Err(Fault::GivenUp) => return Err(PyErr::fetch(py)),
            Err(fault) => (Vec::new(), Some(trouble(&fault, path))),
        })
    }

    /// What becomes of it: the new contents and a diff, where they differ, and what is found, or why nothing can be.
    fn rewrite(
        &self,
        py: Python<'_>,
        source: &Bound<'_, PyAny>,
        path: &str,
    ) -> PyResult<Rewritten> {
        let given = Given::of(source)?;
        let rewritten = py.detach(|| match &given {
            Given::Text(text) => {
                let outcome = self.engine.rewrite_as(Kind::of(path), text)?;
                let diff = outcome.patch(path);
                let (new, findings) = outcome.into_parts();
                Ok((
                    new.map(|new| (Contents::Text(new), Contents::Text(diff))),
                    findings,
                ))
            }
            Given::Bytes(bytes) => {
                let outcome = self.engine.rewrite_file(path, bytes)?;
                let new = outcome.new;
                let new = new.map(|new| (Contents::Bytes(new.bytes), Contents::Bytes(new.patch)));
                Ok((new, outcome.findings))
            }
        });
        Ok(match rewritten {
            Ok((new, findings)) => (new, findings.iter().map(finding).collect(), None),
            Err(Fault::GivenUp) => return Err(PyErr::fetch(py)),
            Err(fault) => (None, Vec::new(), Some(trouble(&fault, path))),
        })
    }
}

/// Whether Python was interrupted. What that raises is kept by Python until it is fetched.
pub(crate) fn interrupted() -> bool {
    Python::attach(|py| match py.check_signals() {
        Ok(()) => false,
        Err(error) => {
            error.restore(py);
            true
        }
    })
}

/// The new contents and a diff, where they differ; what is found; why nothing can be.
type Rewritten = (Option<(Contents, Contents)>, Vec<Finding>, Option<Trouble>);

/// What Python gives.
enum Given<'s> {
    Text(Cow<'s, str>),
    /// Those of a file, or of a text with half a surrogate pair, which no file can hold.
    Bytes(Cow<'s, [u8]>),
}

impl<'s> Given<'s> {
    fn of(source: &'s Bound<'_, PyAny>) -> PyResult<Self> {
        if let Ok(bytes) = source.cast::<PyBytes>() {
            return Ok(Given::Bytes(Cow::Borrowed(bytes.as_bytes())));
        }
        let Ok(text) = source.cast::<PyString>() else {
            let kind = source.get_type().name()?;
            let message = format!("source: expected str or bytes, found {kind}");
            return Err(PyTypeError::new_err(message));
        };
        if let Ok(text) = text.to_cow() {
            return Ok(Given::Text(text));
        }
        let bytes = text.call_method1("encode", ("utf-8", "surrogatepass"))?;
        let bytes = bytes.cast::<PyBytes>()?.as_bytes().to_vec();
        Ok(Given::Bytes(Cow::Owned(bytes)))
    }
}

/// What Python gets, as it gave.
#[derive(IntoPyObject)]
enum Contents {
    Text(String),
    Bytes(Vec<u8>),
}

fn finding(finding: &engine::Finding) -> Finding {
    let refusal = match &finding.decision {
        Decision::Refused(refusal) => Some(*refusal),
        _ => None,
    };
    let cautions = finding.decision.fix().map_or(&[][..], |fix| &fix.cautions);
    let cautions = cautions
        .iter()
        .map(|it| (it.code, it.what_differs, it.when));
    (
        finding.transform,
        finding.decision.word(),
        finding.decision.message().to_owned(),
        finding.why,
        refusal.map(|it| it.code),
        refusal.map(|it| it.remedy),
        cautions.collect(),
        codes(finding.decision.in_the_way()),
        position(finding.start),
        position(finding.end),
    )
}

fn codes(cautions: &[&'static Caution]) -> Vec<&'static str> {
    cautions.iter().map(|caution| caution.code).collect()
}

fn trouble(fault: &Fault, path: &str) -> Trouble {
    let place = fault.place().map(position);
    (fault.to_string(), placed(fault, path), place)
}

fn position(at: engine::Position) -> Position {
    (at.line, at.column, at.cell)
}

/// The whole line about the text called `path`.
pub(crate) fn placed(fault: &Fault, path: &str) -> String {
    format!("{}: {fault}", fault.place_in(&shown(path)))
}
