//! What the targets do with their input: the promises of the tests, with a fuzzer that decides.

use std::path::Path;
use std::sync::OnceLock;

use arbitrary::Unstructured;
use tempfile::TempDir;

#[allow(dead_code, reason = "the tests do more with it")]
#[path = "../tests/it/case.rs"]
mod case;
#[path = "../tests/it/choices.rs"]
mod choices;
#[path = "../tests/it/mutator.rs"]
mod mutator;
#[path = "../tests/it/promises.rs"]
mod promises;
#[path = "../tests/it/repository.rs"]
mod repository;

use case::Case;
use choices::Choices;

/// What visits a tree takes stack for each level, which the program's own threads have.
const STACK_BYTES: usize = 256 << 20;

impl Choices for Unstructured<'_> {
    fn below(&mut self, end: usize) -> usize {
        // Where the input is at its end, the first choice is as good as any.
        self.choose_index(end).unwrap_or(0)
    }
}

/// Bytes of a file, after one that chooses the settings.
pub fn pipeline(bytes: &[u8]) {
    on_a_big_stack(|| promises::of_bytes(&cases()[0], bytes));
}

/// Changes of a case, as `bytes` choose them.
pub fn mutated(bytes: &[u8]) {
    on_a_big_stack(|| {
        let case = mutator::mutant(&mut Unstructured::new(bytes), cases(), "mutant".to_owned());
        if let Some(Err(troubles)) = promises::mended(&case) {
            panic!("{}", troubles.join("\n\n"));
        }
    });
}

/// Texts and edits, as `bytes` choose them.
pub fn patches(bytes: &[u8]) {
    promises::of_patches(&mut Unstructured::new(bytes));
}

/// Two texts, as `bytes` choose them.
pub fn unified(bytes: &[u8]) {
    promises::of_unified(&mut Unstructured::new(bytes), folder());
}

/// Bytes of a project's file, after one that says which.
pub fn configuration(bytes: &[u8]) {
    promises::of_configuration(folder(), bytes);
}

fn cases() -> &'static [Case] {
    static CASES: OnceLock<Vec<Case>> = OnceLock::new();
    CASES.get_or_init(case::all_cases)
}

/// A folder for files, without symbolic links in its path.
fn folder() -> &'static Path {
    static FOLDER: OnceLock<TempDir> = OnceLock::new();
    FOLDER
        .get_or_init(|| tempfile::tempdir().expect("a folder"))
        .path()
}

fn on_a_big_stack(work: impl FnOnce() + Send) {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK_BYTES);
        let done = thread.spawn_scoped(scope, work).expect("a thread");
        if let Err(panic) = done.join() {
            std::panic::resume_unwind(panic);
        }
    });
}
