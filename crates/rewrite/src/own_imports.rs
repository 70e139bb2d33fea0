//! Imports of the project's own modules: where they stand and how they name a module.

use std::cmp::Ordering;

use asyncmend_edits::{Edit, TextSize};
use asyncmend_source::{Path, Ranged, Source, ast};

use crate::imports::{RANK_OF_IMPORTS, Spelled, Top, member_added, room_below_first_import};
use crate::names::fresh_in_module;

/// How code at `path`, or at the module's top level, says `member` of the project's own module `module`,
/// an absolute name.
pub(crate) fn member_of(
    source: &Source<'_>,
    module: &str,
    member: &str,
    path: Option<&Path<'_>>,
) -> Spelled {
    let is_seen = |name: &&str| !path.is_some_and(|path| source.is_shadowed(path, name));
    if let Some(name) = imported_members(source, module, member).find(is_seen) {
        return Spelled {
            text: name.to_owned(),
            edits: Vec::new(),
        };
    }
    let (name, item) = if source.is_free_in_module(member) {
        (member.to_owned(), member.to_owned())
    } else {
        let name = fresh_in_module(source, &format!("_{member}"));
        let item = format!("{member} as {name}");
        (name, item)
    };
    let imports: Vec<&ast::StmtImportFrom> = imports_of(source, module).collect();
    let edits = match imports.first() {
        Some(first) => {
            let module = written_name(first);
            vec![member_added(source, &imports, &module, &item)]
        }
        None => inserted(source, module, &item),
    };
    Spelled { text: name, edits }
}

/// The names that the top of the file gives to `member` of the project's own module `module`.
pub(crate) fn imported_members<'s>(
    source: &'s Source<'_>,
    module: &str,
    member: &str,
) -> impl Iterator<Item = &'s str> {
    imports_of(source, module)
        .flat_map(|import| &import.names)
        .filter(move |alias| alias.name.as_str() == member)
        .map(|alias| alias.asname.as_ref().unwrap_or(&alias.name).as_str())
}

/// The `from module import ..` of the module's top level, however they name it.
fn imports_of<'s>(
    source: &'s Source<'_>,
    module: &str,
) -> impl Iterator<Item = &'s ast::StmtImportFrom> {
    source
        .body()
        .iter()
        .filter_map(ast::Stmt::as_import_from_stmt)
        .filter(move |import| {
            source.imported_module(import) == module
                && import.names.iter().all(|alias| alias.name.as_str() != "*")
        })
}

/// Which of the sections of imports one belongs to, as far as it matters here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Section {
    /// Of other packages.
    Others,
    /// Of this package, by its absolute name.
    Own,
    /// Of this package, by a relative name.
    Relative,
}

/// A new import of `item` from `module`, relative where the file imports its own package so.
fn inserted(source: &Source<'_>, module: &str, item: &str) -> Vec<Edit> {
    let top_level = module.split('.').next().unwrap_or(module);
    let section_of = |statement: &ast::Stmt| match statement {
        ast::Stmt::ImportFrom(import) if import.level > 0 => Section::Relative,
        ast::Stmt::ImportFrom(import) => match &import.module {
            Some(name) if name.split('.').next() == Some(top_level) => Section::Own,
            _ => Section::Others,
        },
        ast::Stmt::Import(import) if import.names[0].name.split('.').next() == Some(top_level) => {
            Section::Own
        }
        _ => Section::Others,
    };
    let top = Top::of(source);
    let imports: Vec<(&ast::Stmt, Section)> = source
        .body()
        .iter()
        .take_while(|statement| statement.start() < top.anchor)
        .filter(|it| matches!(it, ast::Stmt::Import(_) | ast::Stmt::ImportFrom(_)))
        .map(|statement| (statement, section_of(statement)))
        .collect();
    let has = |wanted| imports.iter().any(|(_, section)| *section == wanted);
    let relative =
        relative_name(source, module).filter(|_| has(Section::Relative) && !has(Section::Own));
    let (section, name) = match &relative {
        Some(relative) => (Section::Relative, relative.as_str()),
        None => (Section::Own, module),
    };
    let statement = format!("from {name} import {item}");
    let ending = source.line_ending(TextSize::new(0));
    let insert = |at, text: String| vec![Edit::insert_once(at, RANK_OF_IMPORTS + 1, text)];
    let below = |statement: &ast::Stmt| source.line_after(statement.end());
    // After the last of its like that comes before it.
    let alike = imports.iter().filter(|(_, other)| *other == section);
    let before = alike.clone().rfind(|(other, _)| match other {
        ast::Stmt::ImportFrom(import) => {
            order_of_module(&written_name(import)).cmp(&order_of_module(name)) != Ordering::Greater
        }
        _ => true,
    });
    if let Some((before, _)) = before {
        return insert(below(before), format!("{statement}{ending}"));
    }
    if let Some((first, _)) = alike.clone().next() {
        return insert(
            source.line_start(first.start()),
            format!("{statement}{ending}"),
        );
    }
    // A section of its own.
    if let Some((next, _)) = imports.iter().find(|(_, other)| *other > section) {
        let at = source.line_start(next.start());
        return insert(at, format!("{statement}{ending}{ending}"));
    }
    if let Some((last, _)) = imports.last() {
        return insert(below(last), format!("{ending}{statement}{ending}"));
    }
    let above = if top.begins_file { "" } else { ending };
    let mut edits = insert(top.anchor, format!("{above}{statement}{ending}"));
    edits.extend(room_below_first_import(source, top.anchor));
    edits
}

/// The module that an import names, as it is written.
fn written_name(import: &ast::StmtImportFrom) -> String {
    let dots = ".".repeat(import.level as usize);
    format!("{dots}{}", import.module.as_deref().unwrap_or_default())
}

/// The order of modules among imports: relative names that lead further come first.
fn order_of_module(name: &str) -> (std::cmp::Reverse<usize>, String) {
    let rest = name.trim_start_matches('.');
    let dots = name.len() - rest.len();
    (std::cmp::Reverse(dots), rest.to_lowercase())
}

/// The relative name of `module` in this file, where both lie in one package.
fn relative_name(source: &Source<'_>, module: &str) -> Option<String> {
    let mut package = source.module()?.package();
    let mut dots = String::from(".");
    while !package.is_empty() {
        if let Some(rest) = module.strip_prefix(package)
            && let Some(rest) = rest.strip_prefix('.')
        {
            return Some(format!("{dots}{rest}"));
        }
        package = package.rsplit_once('.').map_or("", |(outer, _)| outer);
        dots.push('.');
    }
    None
}
