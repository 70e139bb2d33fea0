//! Python versions, as users write them.

use asyncmend_pipeline::PythonVersion;

use super::names::Wrong;

/// The oldest version that is still supported upstream.
pub const DEFAULT: PythonVersion = PythonVersion {
    major: 3,
    minor: 11,
};

/// A version as users write it: `3.11` or `py311`.
///
/// # Errors
/// Where it is none, or none that we know.
pub fn version(text: &str) -> Result<PythonVersion, Wrong> {
    let text = text.trim();
    let wanted = match text.strip_prefix("py") {
        // `py311`: one digit, then the rest.
        Some(digits) => digits.split_at_checked(1),
        None => text.split_once('.'),
    }
    .and_then(|(major, minor)| Some((major.parse().ok()?, minor.parse().ok()?)));
    let wrong = |what: String| {
        let known: Vec<String> = PythonVersion::iter()
            .map(|known| known.to_string())
            .collect();
        Wrong::new(format!("{what}; choose from {}", known.join(", ")))
    };
    let Some((major, minor)) = wanted else {
        return Err(wrong(format!("`{text}` is no Python version")));
    };
    let wanted = PythonVersion { major, minor };
    if wanted < PythonVersion::lowest() {
        return Err(wrong(format!("Python {wanted} is too old for asyncmend")));
    }
    if wanted > PythonVersion::latest_preview() {
        return Err(wrong(format!("Python {wanted} is not known to asyncmend")));
    }
    Ok(wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_versions_as_users_write_them() {
        assert_eq!(version("3.11").unwrap(), version("py311").unwrap());
        for wrong in [
            "", "3", "py", "three", "3.11.2", "2.7", "py27", "3.6", "3.99", "4.0", "py3é",
        ] {
            let message = version(wrong).unwrap_err().to_string();
            assert!(message.contains("choose from 3.7, 3.8"), "{message}");
        }
    }
}
