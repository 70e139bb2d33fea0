//! The CPython interpreters of this machine, and what they are asked.
//!
//! Found as `python3.x` on PATH, in pyenv's folder, and in the list of paths `ASYNCMEND_PYTHONS`.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use asyncmend_pipeline::PythonVersion;

/// An interpreter that answered.
#[derive(Debug, Clone)]
pub(crate) struct Python {
    pub(crate) path: PathBuf,
    pub(crate) version: PythonVersion,
}

impl Python {
    /// A command that runs it without input, the same way each time and on every machine.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(&self.path);
        command
            .args(["-W", "ignore"])
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env("PYTHONHASHSEED", "0")
            .env_remove("PYTHONASYNCIODEBUG")
            .env_remove("PYTHONDEVMODE")
            .stdin(Stdio::null());
        command
    }
}

/// One interpreter of each version from 3.8 on, oldest first; printed once. At least one of 3.11 or
/// newer is needed.
///
/// # Panics
/// If there is none of 3.11 or newer.
pub(crate) fn all() -> &'static [Python] {
    static FOUND: OnceLock<Vec<Python>> = OnceLock::new();
    FOUND.get_or_init(|| {
        let mut found: Vec<Python> = candidates().iter().filter_map(|path| ask(path)).collect();
        found.sort_by_key(|python| python.version);
        found.dedup_by_key(|python| python.version);
        for python in &found {
            // Past the test harness, which keeps back what a passing test prints.
            let line = format!("CPython {}: {}\n", python.version, python.path.display());
            let _ = std::io::stderr().write_all(line.as_bytes());
        }
        assert!(
            found
                .iter()
                .any(|python| python.version >= PythonVersion::PY311),
            "these tests need a CPython of 3.11 or newer: put python3.11 on PATH, or name \
             interpreters in ASYNCMEND_PYTHONS, separated by colons"
        );
        found
    })
}

fn candidates() -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = Vec::new();
    if let Some(named) = std::env::var_os("ASYNCMEND_PYTHONS") {
        paths.extend(std::env::split_paths(&named));
    }
    let on_path = std::env::var_os("PATH").unwrap_or_default();
    for folder in std::env::split_paths(&on_path) {
        paths.extend((8..=14).map(|minor| folder.join(format!("python3.{minor}"))));
        paths.push(folder.join("python3"));
    }
    let pyenv = std::env::var_os("PYENV_ROOT")
        .map(PathBuf::from)
        .or_else(|| std::env::var_os("HOME").map(|home| Path::new(&home).join(".pyenv")));
    if let Some(versions) = pyenv.map(|root| root.join("versions"))
        && let Ok(entries) = std::fs::read_dir(versions)
    {
        paths.extend(
            entries
                .flatten()
                .map(|entry| entry.path().join("bin/python")),
        );
    }
    paths
}

fn ask(path: &Path) -> Option<Python> {
    if !path.exists() {
        return None;
    }
    // A shim of a version manager exists for versions that are not there, and fails.
    let output = Command::new(path)
        .args(["-c", "import sys; print('%d.%d' % sys.version_info[:2])"])
        .stderr(Stdio::null())
        .output()
        .ok()?;
    let version: PythonVersion = String::from_utf8(output.stdout).ok()?.trim().parse().ok()?;
    (version >= PythonVersion::PY38).then(|| Python {
        path: path.to_path_buf(),
        version,
    })
}

/// The oldest interpreter that runs `target`.
pub(crate) fn oldest_for(target: PythonVersion) -> Option<&'static Python> {
    all().iter().find(|python| python.version >= target)
}

/// Compiles each text, which has a name, under the oldest interpreter for its target; what does not
/// compile is told.
pub(crate) fn compile_errors(texts: &[(String, PythonVersion, String)]) -> Vec<String> {
    let mut errors = Vec::new();
    for python in all() {
        let mine: Vec<_> = texts
            .iter()
            .filter(|(_, target, _)| {
                oldest_for(*target).is_some_and(|oldest| oldest.version == python.version)
            })
            .collect();
        if !mine.is_empty() {
            errors.extend(compile_all(python, &mine));
        }
    }
    errors
}

fn compile_all(python: &Python, texts: &[&(String, PythonVersion, String)]) -> Vec<String> {
    const PROGRAM: &str = "
import pathlib, sys, warnings
warnings.simplefilter('ignore')
for path in sorted(pathlib.Path(sys.argv[1]).iterdir()):
    try:
        compile(path.read_bytes(), path.name, 'exec')
    except SyntaxError as error:
        print(path.name, error)
";
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (name, _, text) in texts {
        let file = folder.path().join(name.replace('/', ":"));
        std::fs::write(file, text).expect("a written file");
    }
    let output = python
        .command()
        .args(["-c", PROGRAM])
        .arg(folder.path())
        .output()
        .expect("the interpreter answered before");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .map(|line| format!("CPython {}: {line}", python.version))
        .collect()
}
