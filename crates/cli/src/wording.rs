//! Numbers and lists as people say them.

/// "1 site", "2 sites", "2 fixes".
pub(crate) fn counted(count: usize, what: &str) -> String {
    let end = match count {
        1 => "",
        _ if what.ends_with(['h', 'x']) => "es",
        _ => "s",
    };
    format!("{count} {what}{end}")
}

/// "a, b and 3 more": at most `most` of `names`.
pub(crate) fn named(names: &[impl AsRef<str>], most: usize) -> String {
    let told: Vec<&str> = names.iter().take(most).map(AsRef::as_ref).collect();
    let told = told.join(", ");
    match names.len().saturating_sub(most) {
        0 => told,
        more => format!("{told} and {more} more"),
    }
}
