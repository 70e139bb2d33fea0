//! What holds whatever is put in. Here chance says what that is; in `fuzz`, which has this module too, a fuzzer
//! that looks for code not reached before.

use std::fs;
use std::path::Path;
use std::process::Command;

use asyncmend::PythonFile;
use asyncmend_edits::{Edit, Patch, TextLen, TextRange, TextSize, unified, unified_new};
use asyncmend_pipeline::{Consent, PythonVersion};
use asyncmend_transforms::ALL;

use crate::case::{self, Case, Mended};
use crate::choices::Choices;

/// What the pipeline makes of `case`, or what is wrong with that; none where the case is no Python.
pub(crate) fn mended(case: &Case) -> Option<Result<Mended, Vec<String>>> {
    let result = match case.run(&case.text) {
        Ok(result) => result,
        Err(trouble) if trouble.is_fault => {
            return Some(Err(vec![format!("{}\n{}", trouble.text, case.text)]));
        }
        Err(_) => return None,
    };
    let found = [
        case::unsettled(case, &result),
        case::touched_outside(case, &result, may_vary),
    ];
    let found = found.into_iter().flatten();
    let troubles: Vec<String> = found
        .chain(case::broken_alone(case, &result))
        .map(|trouble| {
            let diff = unified("mutant.py", &case.text, &result.after);
            format!("{trouble}\n{diff}")
        })
        .collect();
    Some(if troubles.is_empty() {
        Ok(result)
    } else {
        Err(troubles)
    })
}

/// Any import may get an insertion in its middle.
fn may_vary(line: &str) -> bool {
    line.contains("import ")
}

/// A file of any bytes is refused, or mended as any other. `like` has the settings, but for the Python and the
/// cautions, which the first byte chooses.
pub(crate) fn of_bytes(like: &Case, bytes: &[u8]) {
    const TARGETS: [PythonVersion; 3] = [
        PythonVersion::PY38,
        PythonVersion::PY311,
        PythonVersion::PY312,
    ];
    let Some((&choice, bytes)) = bytes.split_first() else {
        return;
    };
    let Ok(file) = PythonFile::decode(bytes) else {
        return;
    };
    assert_eq!(
        file.encode(file.text()).as_deref(),
        Ok(bytes),
        "the bytes come back"
    );
    let mut case = like.with_text("bytes".to_owned(), file.text().to_owned());
    case.transforms = ALL.to_vec();
    case.settings.options.target = TARGETS[usize::from(choice / 2) % TARGETS.len()];
    if choice % 2 == 1 {
        case.settings.consent = Consent::all();
    }
    match mended(&case) {
        None => {}
        Some(Err(troubles)) => panic!("{}", troubles.join("\n\n")),
        Some(Ok(result)) => {
            if let Ok(bytes) = file.encode(&result.after) {
                let again = PythonFile::decode(&bytes).expect("what we wrote can be read");
                assert_eq!(again.text(), result.after);
            }
        }
    }
}

/// Letters and line ends of which small texts are made: of one to four bytes.
const LETTERS: [&str; 10] = [
    "a",
    "b",
    "\n",
    "\n",
    "\r\n",
    "\r",
    " ",
    "\u{e9}",
    "\u{8868}",
    "\u{1f40d}",
];

fn text(choices: &mut impl Choices, longest: usize) -> String {
    let length = choices.below(longest + 1);
    (0..length)
        .map(|_| LETTERS[choices.below(LETTERS.len())])
        .collect()
}

/// Edits of `text`, which may overlap.
fn edits(choices: &mut impl Choices, text: &str) -> Vec<Edit> {
    let mut places: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
    places.push(text.len());
    let place = |choices: &mut _| -> TextSize {
        let at = places[Choices::below(choices, places.len())];
        TextSize::try_from(at).expect("a short text")
    };
    let count = choices.below(5);
    (0..count)
        .map(|_| {
            let (one, other) = (place(choices), place(choices));
            let content = self::text(choices, 3);
            if choices.below(4) == 0 {
                let rank = u8::try_from(choices.below(3)).expect("a small number");
                return Edit::insert_once(one, rank, content);
            }
            // Most are short, so that they do not overlap.
            let end = match choices.below(3) {
                0 => one.max(other),
                _ => one,
            };
            Edit::replace(TextRange::new(one.min(end), end), content)
        })
        .collect()
}

/// Patches apply as their edits do one by one, from the last to the first; two that do not overlap make one that
/// does both; positions lead back to the text that is the same.
pub(crate) fn of_patches(choices: &mut impl Choices) {
    let before = text(choices, 12);
    let (one, other) = (edits(choices, &before), edits(choices, &before));
    let (Ok(one), Ok(other)) = (Patch::new(one), Patch::new(other)) else {
        return;
    };
    let after = applied(&one, &before);
    if let Ok(both) = Patch::merge([&one, &other]) {
        let again = Patch::merge([&both, &Patch::default()]).expect("one patch alone");
        assert_eq!(again, both, "what is shared is made once");
        let is_made = |edit: &Edit| {
            let mut made = both.edits().iter();
            made.any(|it| it == edit || are_more_blanks(it, edit))
        };
        let mut all = one.edits().iter().chain(other.edits());
        assert!(all.all(is_made), "no edit is lost");
        applied(&both, &before);
    }
    // A second round, and the way back through both.
    let Ok(second) = Patch::new(edits(choices, &after)) else {
        return;
    };
    let last = applied(&second, &after);
    let mut kept = Vec::new();
    for (at, letter) in last.char_indices() {
        let offset = TextSize::try_from(at).expect("a short text");
        let between = second.origin(offset);
        let first = one.origin(between);
        assert!(first <= before.text_len(), "it lies in the text");
        if is_kept(&second, between, offset) && is_kept(&one, first, between) {
            assert!(before[first.to_usize()..].starts_with(letter));
            kept.push(first);
        }
    }
    assert!(kept.is_sorted(), "what stays keeps its order");
}

/// Whether `one` inserts the blank lines that `other` wants there, and more.
fn are_more_blanks(one: &Edit, other: &Edit) -> bool {
    (one.is_shared() && other.is_shared() && one.range == other.range)
        && one.content.trim().is_empty()
        && one.content.starts_with(&other.content)
}

/// The text after `patch`, which has to be that after its edits one by one.
fn applied(patch: &Patch, before: &str) -> String {
    let after = patch.apply(before);
    let mut slowly = before.to_owned();
    for edit in patch.edits().iter().rev() {
        let range = edit.range.start().to_usize()..edit.range.end().to_usize();
        slowly.replace_range(range, &edit.content);
    }
    assert_eq!(after, slowly);
    after
}

/// Whether what stands at `after` behind `patch` stood at `before`: no edit wrote it.
fn is_kept(patch: &Patch, before: TextSize, after: TextSize) -> bool {
    let mut shift = 0;
    for edit in patch.edits() {
        let start = i64::from(edit.range.start().to_u32()) + shift;
        let end = start + i64::from(edit.content.text_len().to_u32());
        if (start..end).contains(&i64::from(after.to_u32())) {
            return false;
        }
        if end <= i64::from(after.to_u32()) {
            shift +=
                i64::from(edit.content.text_len().to_u32()) - i64::from(edit.range.len().to_u32());
        }
    }
    i64::from(before.to_u32()) + shift == i64::from(after.to_u32())
}

/// What may be in the name of a file.
const NAME_LETTERS: [&str; 12] = [
    "a",
    "b",
    " ",
    "\t",
    "\n",
    "\"",
    "\\",
    "'",
    "\u{e9}",
    "\u{1f40d}",
    "\u{1b}",
    "-",
];

/// Git makes of a text and its diff the other text. `folder` is empty and in no work tree.
pub(crate) fn of_unified(choices: &mut impl Choices, folder: &Path) {
    let mut name: String = (0..choices.below(6))
        .map(|_| NAME_LETTERS[choices.below(NAME_LETTERS.len())])
        .collect();
    name.push_str("x.py");
    let before = text(choices, 60);
    let after = match Patch::new(edits(choices, &before)) {
        Ok(patch) => patch.apply(&before),
        Err(_) => text(choices, 60),
    };
    let is_new = before.is_empty();
    let diff = if is_new {
        unified_new(&name, &after)
    } else {
        unified(&name, &before, &after)
    };
    if before == after {
        assert!(is_new || diff.is_empty());
        return;
    }
    let path = folder.join(&name);
    if !is_new {
        fs::write(&path, &before).expect("a file");
    }
    fs::write(folder.join("patch"), &diff).expect("a file");
    let git = Command::new("git")
        .args(["apply", "--whitespace=nowarn", "patch"])
        .current_dir(folder)
        .env("GIT_CEILING_DIRECTORIES", folder)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .output()
        .expect("git runs");
    let found = fs::read(&path).unwrap_or_default();
    fs::remove_file(&path).expect("the file is there");
    assert!(git.status.success(), "{git:?}\n{diff}");
    assert_eq!(found, after.as_bytes(), "{diff}");
}

/// The files that are read for what they say of a project.
const PROJECT_FILES: [&str; 5] = [
    "pyproject.toml",
    "asyncmend.toml",
    "ruff.toml",
    "setup.cfg",
    "setup.py",
];

/// A configuration is taken or refused with a reason of one line; the first byte says in which file it stands.
pub(crate) fn of_configuration(folder: &Path, bytes: &[u8]) {
    let Some((&choice, bytes)) = bytes.split_first() else {
        return;
    };
    let path = folder.join(PROJECT_FILES[usize::from(choice) % PROJECT_FILES.len()]);
    fs::write(&path, bytes).expect("a file");
    let found = asyncmend_cli::check_configuration(folder);
    fs::remove_file(&path).expect("the file is there");
    if let Err(error) = found {
        let reason = error.to_string();
        assert_eq!(reason.lines().count(), 1, "{reason:?}");
    }
}
