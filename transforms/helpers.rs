//! The module of a project that holds helpers for all others.

use asyncmend_edits::Patch;
use asyncmend_rewrite::{Helper, Helpers};
use asyncmend_source::{PythonVersion, Source};

/// The names that helpers have there, those alone that run on `target`.
pub fn names(target: PythonVersion) -> impl Iterator<Item = &'static str> {
    let helpers = Helper::ALL.into_iter();
    helpers
        .filter(move |helper| helper.needs() <= target)
        .map(Helper::public_name)
}

/// The names of the helpers that a file imports from there.
pub fn imported(source: &Source<'_>) -> Vec<&'static str> {
    let helpers = Helpers::of(source);
    helpers.imported().map(Helper::public_name).collect()
}

/// The names of the helpers that `source`, the module itself, has already.
pub fn present(source: &Source<'_>) -> Vec<&'static str> {
    let helpers = Helpers::of(source);
    let has = |helper: &Helper| {
        let mut names = helpers.names_of(*helper);
        names.any(|name| name == helper.public_name())
    };
    Helper::ALL
        .into_iter()
        .filter(has)
        .map(Helper::public_name)
        .collect()
}

/// The names among [`names`] that `source`, the module itself, uses for something else.
pub fn taken(source: &Source<'_>) -> Vec<&'static str> {
    let present = present(source);
    let names = names(source.target());
    names
        .filter(|name| !present.contains(name) && !source.is_free_in_module(name))
        .collect()
}

/// The absolute names of all that is imported while `source` is, members that may be modules included.
pub fn imports(source: &Source<'_>) -> Vec<String> {
    source.imported_at_import()
}

/// The names of the functions at the top level of `source`.
pub fn functions(source: &Source<'_>) -> Vec<String> {
    let functions = source
        .body()
        .iter()
        .filter_map(|it| it.as_function_def_stmt());
    functions
        .map(|function| function.name.to_string())
        .collect()
}

/// What is left to do when all transforms have run: the module gets the first of the helpers that it lacks.
/// Called until nothing is left.
pub fn finish(after: &Source<'_>) -> Patch {
    let module = after.helper_module();
    let Some(module) = module.filter(|it| after.is_module(&it.module.name)) else {
        return Patch::default();
    };
    let present = present(after);
    let missing = Helper::ALL.into_iter().find(|helper| {
        let name = helper.public_name();
        module.wanted.contains(name) && !present.contains(&name)
    });
    missing
        .and_then(|helper| Patch::new(Helpers::of(after).get_in_module(helper).edits).ok())
        .unwrap_or_default()
}
