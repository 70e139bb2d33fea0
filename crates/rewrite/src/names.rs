use asyncmend_source::{Source, ast};

/// `wanted`, or `wanted` with the lowest number from 2 on, that `function` can bind as a local.
pub fn fresh_in_function(
    source: &Source<'_>,
    function: &ast::StmtFunctionDef,
    wanted: &str,
) -> String {
    first_fresh_in_function(source, function, &[wanted])
}

/// The first of `wanted` that `function` can bind as a local; where it can bind none, the first with a number.
pub fn first_fresh_in_function(
    source: &Source<'_>,
    function: &ast::StmtFunctionDef,
    wanted: &[&str],
) -> String {
    first_fresh_in_function_where(source, function, wanted, |_| true)
}

/// The same, of the names that `fit`.
pub fn first_fresh_in_function_where(
    source: &Source<'_>,
    function: &ast::StmtFunctionDef,
    wanted: &[&str],
    fits: impl Fn(&str) -> bool,
) -> String {
    first(wanted, |name| {
        source.is_free_in_function(function, name) && fits(name)
    })
}

/// `wanted`, or `wanted` with the lowest number from 2 on, that no scope of the file mentions.
pub fn fresh_in_module(source: &Source<'_>, wanted: &str) -> String {
    first(&[wanted], |name| source.is_free_in_module(name))
}

/// The same for what functions alone use: a class may have a member of that name.
pub(crate) fn fresh_for_functions(source: &Source<'_>, wanted: &str) -> String {
    first(&[wanted], |name| source.is_free_for_functions(name))
}

fn first(wanted: &[&str], is_free: impl Fn(&str) -> bool) -> String {
    if let Some(name) = wanted.iter().find(|name| is_free(name)) {
        return (*name).to_string();
    }
    let wanted = wanted[0];
    (2..=u32::MAX)
        .map(|number| format!("{wanted}{number}"))
        .find(|name| is_free(name))
        .expect("a file has finitely many names")
}
