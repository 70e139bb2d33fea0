//! Where the tests find the repository's files.

use std::path::{Path, PathBuf};

/// The folder that holds everything.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .find(|folder| folder.join("transforms/lib.rs").exists())
        .expect("the tests run inside the repository")
        .to_path_buf()
}
