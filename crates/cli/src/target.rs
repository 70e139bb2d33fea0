//! Which Python the code has to run on, and who says so.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use anyhow::{Result, anyhow};
use asyncmend::parts::version::DEFAULT;
pub(crate) use asyncmend::parts::version::version;
use asyncmend_pipeline::PythonVersion;
use pep440_rs::{Version, VersionSpecifiers};

/// A Python version and who asked for it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Target {
    pub(crate) version: PythonVersion,
    /// For the summary: `requires-python in pyproject.toml`.
    pub(crate) origin: Arc<str>,
}

impl Target {
    pub(crate) fn new(version: PythonVersion, origin: impl Into<Arc<str>>) -> Self {
        Self {
            version,
            origin: origin.into(),
        }
    }
}

impl Default for Target {
    fn default() -> Self {
        Self::new(DEFAULT, "default, the oldest that CPython supports")
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.version, self.origin)
    }
}

/// The oldest known version that a `requires-python` allows; none where it sets no lower bound.
pub(crate) fn lower_bound(requires_python: &str) -> Result<Option<PythonVersion>> {
    let specifiers = VersionSpecifiers::from_str(requires_python)
        .map_err(|error| anyhow!("{}", one_line(&error)))?;
    let bounds: VersionSpecifiers = specifiers
        .iter()
        .filter(|specifier| specifier.has_lower_bound())
        .cloned()
        .collect();
    if bounds.is_empty() {
        return Ok(None);
    }
    Ok(PythonVersion::iter()
        .find(|version| some_release_of(*version, &bounds))
        .or(Some(PythonVersion::latest_preview())))
}

/// Whether any release of a minor version is allowed: `>=3.9.2` still means 3.9.
fn some_release_of(version: PythonVersion, bounds: &VersionSpecifiers) -> bool {
    /// No minor version gets that many releases.
    const LAST: u64 = 999;
    let named = bounds
        .iter()
        .filter_map(|bound| bound.version().release().get(2));
    [0, LAST].iter().chain(named).any(|patch| {
        bounds.contains(&Version::new([
            u64::from(version.major),
            u64::from(version.minor),
            *patch,
        ]))
    })
}

/// The same for Poetry's own notation: `^3.9`, `~3.10`, `3.11.*`, `^3.8 || ^3.10`.
pub(crate) fn poetry_lower_bound(constraint: &str) -> Result<Option<PythonVersion>> {
    let mut bounds = Vec::new();
    for alternative in constraint.split("||").flat_map(|part| part.split(" | ")) {
        let specifiers: Vec<String> = alternative
            .split(',')
            .map(|part| in_pep440(part.trim()))
            .collect();
        bounds.push(lower_bound(&specifiers.join(","))?);
    }
    // One alternative without a lower bound leaves the whole without one.
    Ok(bounds
        .into_iter()
        .collect::<Option<Vec<_>>>()
        .and_then(|bounds| bounds.into_iter().min()))
}

/// One Poetry constraint as PEP 440 has it. Only its lower bound has to be right.
fn in_pep440(constraint: &str) -> String {
    if constraint == "*" {
        return String::new();
    }
    if let Some(version) = constraint.strip_prefix('^') {
        return format!(">={}", version.trim());
    }
    if let Some(version) = constraint
        .strip_prefix('~')
        .filter(|rest| !rest.starts_with('='))
    {
        return format!(">={}", version.trim());
    }
    if constraint.starts_with(|c: char| c.is_ascii_digit()) {
        return format!("=={constraint}");
    }
    constraint.to_owned()
}

/// The `python_requires` of a `setup.cfg`, in its section `[options]`.
pub(crate) fn in_setup_cfg(text: &str) -> Option<String> {
    let mut lines = text
        .lines()
        .skip_while(|line| line.trim() != "[options]")
        .skip(1)
        .take_while(|line| !line.starts_with('['));
    let value = lines.find_map(|line| {
        let (key, value) = line.split_once(['=', ':'])?;
        (key.trim() == "python_requires").then_some(value.trim())
    })?;
    if !value.is_empty() {
        return Some(value.to_owned());
    }
    // The value may stand on indented lines of its own.
    let below: Vec<&str> = lines
        .take_while(|line| line.starts_with([' ', '\t']))
        .map(str::trim)
        .collect();
    Some(below.concat()).filter(|value| !value.is_empty())
}

/// The literal `python_requires` of a `setup.py`, found in its text: nothing here can parse Python,
/// and whatever is computed could not be known anyway.
pub(crate) fn in_setup_py(text: &str) -> Option<String> {
    const KEY: &str = "python_requires";
    text.match_indices(KEY).find_map(|(at, _)| {
        let before = &text[text[..at].rfind('\n').map_or(0, |end| end + 1)..at];
        if before.contains('#') {
            return None;
        }
        // A keyword argument, or the key of a dictionary.
        let rest = text[at + KEY.len()..]
            .trim_start_matches(['"', '\''])
            .trim_start();
        let value = rest.strip_prefix(['=', ':'])?.trim_start();
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let (literal, _) = value[1..].split_once(quote)?;
        Some(literal.to_owned()).filter(|literal| !literal.trim().is_empty())
    })
}

/// An error of several lines as one: pep440 draws a pointer below the text.
fn one_line(error: &impl fmt::Display) -> String {
    let text = error.to_string();
    text.lines().next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bound(text: &str) -> Option<String> {
        lower_bound(text)
            .unwrap()
            .map(|version| version.to_string())
    }

    fn poetry(text: &str) -> Option<String> {
        poetry_lower_bound(text)
            .unwrap()
            .map(|version| version.to_string())
    }

    #[test]
    fn takes_the_lower_bound_alone() {
        assert_eq!(bound(">=3.9").as_deref(), Some("3.9"));
        assert_eq!(bound(">=3.9.2, <4, !=3.10.*").as_deref(), Some("3.9"));
        assert_eq!(bound(">3.9").as_deref(), Some("3.9"));
        assert_eq!(bound("~=3.12.1").as_deref(), Some("3.12"));
        assert_eq!(bound("==3.11.4").as_deref(), Some("3.11"));
        assert_eq!(bound("==3.13.*").as_deref(), Some("3.13"));
        assert_eq!(bound(">=2.7").as_deref(), Some("3.7"));
        assert_eq!(bound(">=4").as_deref(), Some("3.15"));
        assert_eq!(bound("<4"), None);
        assert!(lower_bound("newer than yesterday").is_err());
    }

    #[test]
    fn reads_poetry() {
        assert_eq!(poetry("^3.9").as_deref(), Some("3.9"));
        assert_eq!(poetry("~3.10").as_deref(), Some("3.10"));
        assert_eq!(poetry("~=3.10").as_deref(), Some("3.10"));
        assert_eq!(poetry(">=3.8.1,<4.0").as_deref(), Some("3.8"));
        assert_eq!(poetry("3.11.*").as_deref(), Some("3.11"));
        assert_eq!(poetry("^3.12 || ^3.8").as_deref(), Some("3.8"));
        assert_eq!(poetry("*"), None);
    }

    #[test]
    fn reads_setup_cfg() {
        let cfg = "[metadata]\npython_requires = >=2\n[options]\nzip_safe = no\n";
        assert_eq!(in_setup_cfg(cfg), None);
        assert_eq!(
            in_setup_cfg(&format!("{cfg}python_requires = >=3.9\n")).as_deref(),
            Some(">=3.9")
        );
        assert_eq!(
            in_setup_cfg(&format!("{cfg}python_requires =\n    >=3.9,\n    <4\n")).as_deref(),
            Some(">=3.9,<4")
        );
    }

    #[test]
    fn reads_setup_py() {
        assert_eq!(
            in_setup_py("setup(python_requires = '>=3.8')").as_deref(),
            Some(">=3.8")
        );
        assert_eq!(
            in_setup_py("{\"python_requires\": \">=3.8\"}").as_deref(),
            Some(">=3.8")
        );
        assert_eq!(
            in_setup_py("# python_requires='>=3.8'\nsetup(python_requires=MIN)"),
            None
        );
    }
}
