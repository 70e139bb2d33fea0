use asyncmend_source::{Source, ast};

/// `wanted`, or `wanted` with the lowest number from 2 on, that `function` can bind as a local.
pub fn fresh_in_function(
    source: &Source<'_>,
    function: &ast::StmtFunctionDef,
    wanted: &str,
) -> String {
    numbered(wanted, |name| source.is_free_in_function(function, name))
}

/// `wanted`, or `wanted` with the lowest number from 2 on, that no scope of the file mentions.
pub fn fresh_in_module(source: &Source<'_>, wanted: &str) -> String {
    numbered(wanted, |name| source.is_free_in_module(name))
}

fn numbered(wanted: &str, is_free: impl Fn(&str) -> bool) -> String {
    if is_free(wanted) {
        return wanted.to_string();
    }
    (2..=u32::MAX)
        .map(|number| format!("{wanted}{number}"))
        .find(|name| is_free(name))
        .expect("a file has finitely many names")
}
