//! What the files of a project say of it, folder by folder.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result};
use asyncmend_pipeline::{ImportStyle, PythonVersion};

use crate::config::{Config, Document, OWN_FILE};
use crate::disk;
use crate::here::Here;
use crate::target::{self, Target};

/// Of the two the first counts, as for Ruff.
const RUFF_FILES: [&str; 2] = [".ruff.toml", "ruff.toml"];
const PYPROJECT: &str = "pyproject.toml";
const SETUP_CFG: &str = "setup.cfg";
const SETUP_PY: &str = "setup.py";

/// The tables of `pyproject.toml` by which type checkers are told to look at a project, and their own files.
const CHECKERS: [&str; 5] = ["mypy", "pyright", "basedpyright", "ty", "pyrefly"];
const CHECKER_FILES: [&str; 5] = [
    "mypy.ini",
    ".mypy.ini",
    "pyrightconfig.json",
    "ty.toml",
    "pyrefly.toml",
];

/// What Ruff and Black take where nobody says otherwise.
pub(crate) const USUAL_LINE_WIDTH: u16 = 88;

/// What the files of one folder say, and those of the folders around it where they are silent.
#[derive(Debug, Clone, Default)]
pub(crate) struct Facts {
    /// The nearest configuration.
    pub(crate) config: Option<Arc<Config>>,
    /// The lower bound of `requires-python`, by whichever name.
    pub(crate) python: Option<Target>,
    /// How long lines may be.
    pub(crate) line_width: Option<u16>,
    /// A type checker is configured here.
    pub(crate) types_are_checked: bool,
    /// How imports are sorted.
    pub(crate) imports: ImportStyle,
}

/// A project file that could not be understood but is not ours to judge.
pub(crate) type Warning = String;

impl Facts {
    /// Reads the files of `folder`, and our configuration among them only if `with_config`; none
    /// where they say nothing.
    pub(crate) fn read(
        folder: &Path,
        with_config: bool,
        here: &Here,
        warn: &mut dyn FnMut(Warning),
    ) -> Result<Option<Self>> {
        let mut facts = Self::default();
        let own = folder.join(OWN_FILE);
        if with_config && own.is_file() {
            facts.config = Config::load(&own, here)?.map(Arc::new);
        }
        let path = folder.join(PYPROJECT);
        if let Some(text) = contents(&path, here)? {
            let document = Document::parse(&path, here.name(&path), &text)?;
            if with_config && facts.config.is_none() {
                facts.config = Config::read(&document, here)?.map(Arc::new);
            }
            facts.take_pyproject(&document, warn);
        }
        facts.take_ruff_files(folder, here, warn);
        facts.take_setup_files(folder, here, warn);
        facts.types_are_checked |= (CHECKER_FILES.iter()).any(|file| folder.join(file).is_file());
        Ok((!facts.are_silent()).then_some(facts))
    }

    fn are_silent(&self) -> bool {
        self.config.is_none()
            && self.python.is_none()
            && self.line_width.is_none()
            && !self.types_are_checked
            && self.imports == ImportStyle::default()
    }

    /// These facts, and those of the folder around where they are silent.
    pub(crate) fn or(self, around: &Self) -> Self {
        Self {
            config: self.config.or_else(|| around.config.clone()),
            python: self.python.or_else(|| around.python.clone()),
            line_width: self.line_width.or(around.line_width),
            types_are_checked: self.types_are_checked || around.types_are_checked,
            imports: style_or(self.imports, around.imports),
        }
    }

    fn take_pyproject(&mut self, document: &Document, warn: &mut dyn FnMut(Warning)) {
        self.python = python_of(document, warn);
        self.types_are_checked =
            (CHECKERS.iter()).any(|checker| document.get(&["tool", checker]).is_some());
        self.line_width = length(document, &["tool", "ruff", "line-length"])
            .or_else(|| length(document, &["tool", "black", "line-length"]))
            .or_else(|| usual_under(document, &["tool", "ruff"]))
            .or_else(|| usual_under(document, &["tool", "black"]));
        let ruff = ruff_imports(document, &["tool", "ruff"]);
        self.imports = style_or(ruff, isort_imports(document));
    }

    /// A Ruff file goes before `pyproject.toml`.
    fn take_ruff_files(&mut self, folder: &Path, here: &Here, warn: &mut dyn FnMut(Warning)) {
        let paths = RUFF_FILES.map(|file| folder.join(file));
        let Some(path) = paths.into_iter().find(|path| path.is_file()) else {
            return;
        };
        let text = disk::load_text(&path).unwrap_or_default();
        match Document::parse(&path, here.name(&path), &text) {
            Ok(document) => {
                let inherits = document.get(&["extend"]).is_some();
                self.line_width = length(&document, &["line-length"])
                    .or(self.line_width)
                    .or((!inherits).then_some(USUAL_LINE_WIDTH));
                self.imports = style_or(ruff_imports(&document, &[]), self.imports);
            }
            Err(error) => warn(format!("cannot tell the line length: {error:#}")),
        }
    }

    fn take_setup_files(&mut self, folder: &Path, here: &Here, warn: &mut dyn FnMut(Warning)) {
        // Old files may be in any encoding; what we look for is ASCII.
        let text = |file: &str| {
            let bytes = disk::load_small(&folder.join(file)).ok()?;
            Some(String::from_utf8_lossy(&bytes).into_owned())
        };
        let mut lower_bound = |file: &str, value: String| {
            let origin = format!("python_requires in {}", here.name(&folder.join(file)));
            bound(&value, target::lower_bound, origin, warn)
        };
        if self.python.is_none() || !self.types_are_checked {
            let text = text(SETUP_CFG).unwrap_or_default();
            self.types_are_checked |= text.lines().any(|line| line.trim_end() == "[mypy]");
            if self.python.is_none() {
                self.python = target::in_setup_cfg(&text).and_then(|it| lower_bound(SETUP_CFG, it));
            }
        }
        if self.python.is_none() {
            let value = text(SETUP_PY).and_then(|text| target::in_setup_py(&text));
            self.python = value.and_then(|it| lower_bound(SETUP_PY, it));
        }
    }
}

/// `requires-python`, or else Poetry's own key.
fn python_of(document: &Document, warn: &mut dyn FnMut(Warning)) -> Option<Target> {
    let string = |keys: &[&str]| document.get(keys)?.get_ref().as_str();
    if let Some(value) = string(&["project", "requires-python"]) {
        let origin = format!("requires-python in {}", document.name);
        return bound(value, target::lower_bound, origin, warn);
    }
    let poetry = ["tool", "poetry", "dependencies", "python"];
    let value = string(&poetry)
        .or_else(|| string(&["tool", "poetry", "dependencies", "python", "version"]))?;
    let origin = format!("python of Poetry in {}", document.name);
    bound(value, target::poetry_lower_bound, origin, warn)
}

fn bound(
    value: &str,
    read: fn(&str) -> Result<Option<PythonVersion>>,
    origin: String,
    warn: &mut dyn FnMut(Warning),
) -> Option<Target> {
    match read(value) {
        Ok(version) => version.map(|version| Target::new(version, origin)),
        Err(error) => {
            warn(format!(
                "cannot tell the Python version of {origin}: {error:#}"
            ));
            None
        }
    }
}

/// A line length, if it is one that makes sense; other tools say so where it is none.
fn length(document: &Document, keys: &[&str]) -> Option<u16> {
    let value = document.get(keys)?.get_ref().as_integer()?;
    u16::from_str_radix(value.as_str(), value.radix())
        .ok()
        .filter(|width| *width > 0)
}

/// A tool that is configured without a line length uses its own, whatever folders around say;
/// unless it inherits from them.
fn usual_under(document: &Document, section: &[&str]) -> Option<u16> {
    let table = document.get(section)?.get_ref().as_table()?;
    (!table.contains_key("extend")).then_some(USUAL_LINE_WIDTH)
}

/// What Ruff's settings under `section` say of imports.
fn ruff_imports(document: &Document, section: &[&str]) -> ImportStyle {
    let said = |key: &str| {
        let lint = [section, &["lint", "isort", key]].concat();
        let old = [section, &["isort", key]].concat();
        boolean(document, &lint).or_else(|| boolean(document, &old))
    };
    ImportStyle {
        own_lines: said("force-single-line"),
        by_type: said("order-by-type"),
        mixed: said("force-sort-within-sections"),
        combines_renamed: said("combine-as-imports"),
    }
}

/// What isort's settings say of imports; a profile stands for several.
fn isort_imports(document: &Document) -> ImportStyle {
    let profile =
        (document.get(&["tool", "isort", "profile"])).and_then(|it| it.get_ref().as_str());
    let is_one_of = |profiles: &[&str]| profile.is_some_and(|it| profiles.contains(&it));
    let has = |profiles: &[&str]| is_one_of(profiles).then_some(true);
    let lacks = |profiles: &[&str]| is_one_of(profiles).then_some(false);
    let said = |key: &str| boolean(document, &["tool", "isort", key]);
    ImportStyle {
        own_lines: said("force_single_line").or(has(&["google", "open_stack", "plone"])),
        by_type: said("order_by_type").or(lacks(&["appnexus", "google"])),
        mixed: said("force_sort_within_sections").or(has(&["appnexus", "google", "open_stack"])),
        combines_renamed: said("combine_as_imports").or(has(&["django"])),
    }
}

fn style_or(one: ImportStyle, other: ImportStyle) -> ImportStyle {
    ImportStyle {
        own_lines: one.own_lines.or(other.own_lines),
        by_type: one.by_type.or(other.by_type),
        mixed: one.mixed.or(other.mixed),
        combines_renamed: one.combines_renamed.or(other.combines_renamed),
    }
}

fn boolean(document: &Document, keys: &[&str]) -> Option<bool> {
    document.get(keys)?.get_ref().as_bool()
}

/// The contents of a file that has to be readable, if there is one.
fn contents(path: &Path, here: &Here) -> Result<Option<String>> {
    if !path.is_file() {
        return Ok(None);
    }
    let text = disk::load_text(path);
    text.map(Some)
        .with_context(|| format!("cannot read {}", here.name(path)))
}
