use core::time::Duration;
use std::error::Error;
use std::fmt;
use std::sync::Arc;

use asyncmend_pipeline::{
    ImportStyle, Importable, Keeper, NamePatterns, Pipeline, Preferences, PythonVersion, Style,
};

use crate::Kind;
use crate::parts::names::{self, ERRORS, RETAIN_TASK_STYLES, STYLES, Wrong};
use crate::parts::patience::USUAL_TIME_LIMIT;
use crate::parts::plan::{self, Plan, Surroundings, Wants, Word};
use crate::parts::selection::Selection;
use crate::parts::version;

/// What is wanted of texts, in the words of the command line and the configuration. Words are looked up by
/// [`Mender::new`](crate::Mender::new).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[must_use]
pub struct Options {
    target_version: Option<String>,
    select: Option<Vec<String>>,
    ignore: Vec<String>,
    accept: Vec<String>,
    reject: Vec<String>,
    unsafe_fixes: bool,
    strict: bool,
    line_length: Option<u16>,
    retain_task_style: Option<String>,
    retain_task_helper: Option<String>,
    gather_style: Option<String>,
    gather_errors: Option<String>,
    wait_for_style: Option<String>,
    task_holders: Vec<String>,
    coroutine_functions: Vec<String>,
    time_limit: Option<Duration>,
}

impl Options {
    /// The oldest Python that the code has to run on, `3.9` or `py39`; 3.11 if nothing is said.
    pub fn target_version(mut self, version: impl Into<String>) -> Self {
        self.target_version = Some(version.into());
        self
    }

    /// The transforms to run, in place of `ALL`; one whose flaw the target no longer has runs where it is named.
    pub fn select(mut self, transforms: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.select = Some(strings(transforms));
        self
    }

    /// Transforms not to run.
    pub fn ignore(mut self, transforms: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.ignore = strings(transforms);
        self
    }

    /// Codes of cautions to accept, beside those that are from the start.
    pub fn accept(mut self, cautions: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.accept = strings(cautions);
        self
    }

    /// Codes of cautions not to accept; of one that is accepted as well, this counts.
    pub fn reject(mut self, cautions: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.reject = strings(cautions);
        self
    }

    /// Whether to accept all cautions that are not rejected.
    pub fn unsafe_fixes(mut self, all: bool) -> Self {
        self.unsafe_fixes = all;
        self
    }

    /// Whether to apply only fixes without cautions, but for those that are accepted by their codes.
    pub fn strict(mut self, none: bool) -> Self {
        self.strict = none;
        self
    }

    /// How long lines may be; if nothing is said, as long as those of the text.
    pub fn line_length(mut self, columns: u16) -> Self {
        self.line_length = Some(columns);
        self
    }

    /// How `retain-task` writes: `auto`, `inline` or `helper`.
    pub fn retain_task_style(mut self, style: impl Into<String>) -> Self {
        self.retain_task_style = Some(style.into());
        self
    }

    /// The project's own function that keeps a task and gives it back, `app.aio.keep`, in place of ours. It is used
    /// where a text imports something from the same package already, so that no import leads in a circle.
    pub fn retain_task_helper(mut self, function: impl Into<String>) -> Self {
        self.retain_task_helper = Some(function.into());
        self
    }

    /// How `gather` writes: `auto`, `idiom` or `helper`.
    pub fn gather_style(mut self, style: impl Into<String>) -> Self {
        self.gather_style = Some(style.into());
        self
    }

    /// What its task groups raise: `auto`, `first` or `group`.
    pub fn gather_errors(mut self, errors: impl Into<String>) -> Self {
        self.gather_errors = Some(errors.into());
        self
    }

    /// How `wait-for` writes: `auto`, `idiom` or `helper`.
    pub fn wait_for_style(mut self, style: impl Into<String>) -> Self {
        self.wait_for_style = Some(style.into());
        self
    }

    /// Functions that keep the task that they give back, as absolute imports name them, or globs: `app.aio.spawn`.
    pub fn task_holders(mut self, names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.task_holders = strings(names);
        self
    }

    /// Callables that give coroutines, likewise: `app.rpc.*`.
    pub fn coroutine_functions(
        mut self,
        names: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        self.coroutine_functions = strings(names);
        self
    }

    /// How long the work on one text may take; a minute if nothing is said. What takes longer goes on in its thread,
    /// and nobody waits for it.
    pub fn time_limit(mut self, limit: Duration) -> Self {
        self.time_limit = Some(limit);
        self
    }

    /// What these words mean.
    pub(crate) fn read(&self) -> Result<Meaning, OptionsError> {
        if self.unsafe_fixes && self.strict {
            let wrong = Wrong::new("cannot be used with `strict`; choose one");
            return Err(OptionsError::new("unsafe_fixes", wrong));
        }
        let choices = |option, names: &[String]| list(option, names, names::choice);
        let cautions =
            |option, codes: &[String]| list(option, codes, |code| Ok(names::caution(code)?.code));
        let select = self.select.as_deref();
        let selection = Selection {
            select_now: select.map(|it| choices("select", it)).transpose()?,
            ignore_now: choices("ignore", &self.ignore)?,
            ..Selection::default()
        };
        let word = Word {
            accept: cautions("accept", &self.accept)?,
            reject: cautions("reject", &self.reject)?,
            ..Word::on_all(self.unsafe_fixes, self.strict)
        };
        let preferences = self.preferences()?;
        let target = one(
            "target_version",
            self.target_version.as_ref(),
            version::version,
        )?;
        if self.line_length == Some(0) {
            let wrong = Wrong::new("has to be at least 1");
            return Err(OptionsError::new("line_length", wrong));
        }
        Ok(Meaning {
            plan: Plan {
                selection,
                consent: plan::consent(&Word::default(), &word, Some(preferences.errors)),
                line_width: self.line_length,
                types_are_checked: false,
                imports: ImportStyle::default(),
                preferences: Arc::new(preferences),
            },
            target: target.unwrap_or(version::DEFAULT),
            keeper: one(
                "retain_task_helper",
                self.retain_task_helper.as_ref(),
                keeper,
            )?,
            time_limit: self.time_limit.unwrap_or(USUAL_TIME_LIMIT),
        })
    }

    fn preferences(&self) -> Result<Preferences, OptionsError> {
        let style = |option, word: &Option<String>, styles: &[(&str, Style)]| {
            let style = one(option, word.as_ref(), |word| names::one_of(word, styles));
            style.map(Option::unwrap_or_default)
        };
        let patterns = |option, names: &[String]| {
            let patterns = NamePatterns::new(names.iter().map(String::as_str));
            patterns.map_err(|why| OptionsError::new(option, Wrong::new(why)))
        };
        Ok(Preferences {
            retain_task: style(
                "retain_task_style",
                &self.retain_task_style,
                &RETAIN_TASK_STYLES,
            )?,
            gather: style("gather_style", &self.gather_style, &STYLES)?,
            errors: one("gather_errors", self.gather_errors.as_ref(), |word| {
                names::one_of(word, &ERRORS)
            })?
            .unwrap_or_default(),
            wait_for: style("wait_for_style", &self.wait_for_style, &STYLES)?,
            coroutine_functions: patterns("coroutine_functions", &self.coroutine_functions)?,
            task_holders: patterns("task_holders", &self.task_holders)?,
        })
    }
}

/// What options mean.
pub(crate) struct Meaning {
    plan: Plan,
    target: PythonVersion,
    keeper: Option<Keeper>,
    pub(crate) time_limit: Duration,
}

impl Meaning {
    /// What does it to texts of this kind.
    pub(crate) fn pipeline(&self, kind: Kind, wants: Wants) -> Pipeline {
        let surroundings = Surroundings {
            kind,
            keeper: self.keeper.clone().map(Arc::new),
            ..Surroundings::default()
        };
        let transforms = self.plan.transforms(self.target, &[]);
        self.plan
            .pipeline(self.target, transforms, surroundings, wants)
    }
}

/// The function with this dotted name.
fn keeper(name: &str) -> Result<Keeper, Wrong> {
    let (module, function) = names::member(name)?;
    Ok(Keeper {
        module: Importable {
            name: module.to_owned(),
            ..Importable::default()
        },
        function: function.to_owned(),
    })
}

/// Why there is no mender with these options.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OptionsError {
    option: &'static str,
    wrong: Wrong,
}

impl OptionsError {
    fn new(option: &'static str, wrong: Wrong) -> Self {
        Self { option, wrong }
    }

    /// The option that is wrong, by the name of its method.
    pub fn option(&self) -> &'static str {
        self.option
    }
}

impl fmt::Display for OptionsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.option, self.wrong)
    }
}

impl Error for OptionsError {}

fn strings(words: impl IntoIterator<Item = impl Into<String>>) -> Vec<String> {
    words.into_iter().map(Into::into).collect()
}

fn list<T>(
    option: &'static str,
    words: &[String],
    read: impl Fn(&str) -> Result<T, Wrong>,
) -> Result<Vec<T>, OptionsError> {
    let read = |word: &String| read(word).map_err(|wrong| OptionsError::new(option, wrong));
    words.iter().map(read).collect()
}

fn one<T>(
    option: &'static str,
    word: Option<&String>,
    read: impl Fn(&str) -> Result<T, Wrong>,
) -> Result<Option<T>, OptionsError> {
    let value = word.map(|word| read(word)).transpose();
    value.map_err(|wrong| OptionsError::new(option, wrong))
}
