//! What tells one site from all others of its file, also after it has moved.

use std::collections::HashMap;
use std::fmt::Write as _;

use asyncmend_pipeline::Decided;
use sha2::{Digest, Sha256};

use super::Page;

/// How many bytes of a hash are enough: nobody is out to make two sites look the same.
const BYTES: usize = 16;

/// A fingerprint for each of `findings`, made of the transform, of the site's text without its layout and of how
/// many such sites come before; of `path` too, where all files of a report share one list.
pub(super) fn all(page: &Page, findings: &[Decided], path: Option<&str>) -> Vec<String> {
    let mut seen: HashMap<(&str, String), usize> = HashMap::new();
    let mut fingerprint = |finding: &Decided| {
        let words = page.code.text()[finding.at].split_whitespace();
        let text: String = words.collect();
        let id = finding.transform.id;
        let before = seen.entry((id, text.clone())).or_default();
        let hash = Sha256::digest(format!("{}\0{id}\0{text}\0{before}", path.unwrap_or("")));
        *before += 1;
        hexadecimal(&hash[..BYTES])
    };
    findings.iter().map(&mut fingerprint).collect()
}

/// A fingerprint of what is wrong with the file at `path`.
pub(super) fn of_trouble(path: &str, text: &str) -> String {
    let hash = Sha256::digest(format!("{path}\0\0{text}"));
    hexadecimal(&hash[..BYTES])
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}
