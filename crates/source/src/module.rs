//! How a file is called where it is imported.

use std::path::Path;

use ruff_python_ast::visitor::source_order::{SourceOrderVisitor, TraversalSignal};
use ruff_python_ast::{self as ast, AnyNodeRef};
use ruff_python_stdlib::sys::is_known_standard_library;

use crate::Source;

/// A module, as absolute imports name it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ModuleName {
    /// The dotted name: `app.aio`.
    pub dotted: String,
    /// It is the `__init__.py` of a package.
    pub is_package: bool,
}

impl ModuleName {
    /// The name of the file at `path`, where imports start in the folders `roots`: the first that it
    /// lies in counts. None where it lies in no root, or a part of its path is no name.
    pub fn of<'r>(path: &Path, roots: impl IntoIterator<Item = &'r Path>) -> Option<Self> {
        let below = roots
            .into_iter()
            .find_map(|root| path.strip_prefix(root).ok())?
            .with_extension("");
        let mut parts: Vec<&str> = (below.iter())
            .map(|part| part.to_str())
            .collect::<Option<_>>()?;
        let is_package = parts.last() == Some(&"__init__");
        if is_package {
            parts.pop();
        }
        let is_name =
            |part: &&str| !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || c == '_');
        (!parts.is_empty() && parts.iter().all(is_name)).then(|| Self {
            dotted: parts.join("."),
            is_package,
        })
    }

    /// The package that the module is or lies in; empty at the top.
    pub fn package(&self) -> &str {
        if self.is_package {
            &self.dotted
        } else {
            self.dotted
                .rsplit_once('.')
                .map_or("", |(package, _)| package)
        }
    }

    /// The absolute name of the module that `from name import ..` means here: `.aio` in `app.main` is
    /// `app.aio`. None where it leads above the top.
    pub fn absolute(&self, name: &str) -> Option<String> {
        let rest = name.trim_start_matches('.');
        let dots = name.len() - rest.len();
        if dots == 0 {
            return Some(name.to_owned());
        }
        let mut package = self.package();
        for _ in 1..dots {
            package = package.rsplit_once('.').map_or("", |(outer, _)| outer);
        }
        match (package, rest) {
            ("", _) => None,
            (package, "") => Some(package.to_owned()),
            (package, rest) => Some(format!("{package}.{rest}")),
        }
    }
}

impl Source<'_> {
    /// How this file is imported, if it can be.
    pub fn module(&self) -> Option<&ModuleName> {
        self.options.module.as_ref()
    }

    /// Whether this file is the module `name`.
    pub fn is_module(&self, name: &str) -> bool {
        self.module().is_some_and(|module| module.dotted == name)
    }

    /// The absolute name of the module from which `import` takes its members; as it is written where
    /// it is not known how this file is imported.
    pub fn imported_module(&self, import: &ast::StmtImportFrom) -> String {
        let dots = ".".repeat(import.level as usize);
        let name = format!("{dots}{}", import.module.as_deref().unwrap_or_default());
        self.module()
            .and_then(|module| module.absolute(&name))
            .unwrap_or(name)
    }

    /// Whether a statement imports members of a module of the standard library.
    pub fn takes_members_of_library(&self, statement: &ast::Stmt) -> bool {
        let ast::Stmt::ImportFrom(import) = statement else {
            return false;
        };
        let module = import.module.as_deref().unwrap_or_default();
        let first = module.split('.').next().unwrap_or_default();
        import.level == 0 && is_known_standard_library(self.target().minor, first)
    }

    /// The absolute names of all that is imported while this module is: modules, and members of them
    /// that may be modules too.
    pub fn imported_at_import(&self) -> Vec<String> {
        struct Imports<'s> {
            modules: Vec<&'s ast::StmtImport>,
            members: Vec<&'s ast::StmtImportFrom>,
        }
        impl<'s> SourceOrderVisitor<'s> for Imports<'s> {
            fn enter_node(&mut self, node: AnyNodeRef<'s>) -> TraversalSignal {
                match node {
                    AnyNodeRef::StmtImport(import) => self.modules.push(import),
                    AnyNodeRef::StmtImportFrom(import) => self.members.push(import),
                    AnyNodeRef::StmtFunctionDef(_) => return TraversalSignal::Skip,
                    node if node.is_expression() => return TraversalSignal::Skip,
                    _ => {}
                }
                TraversalSignal::Traverse
            }
        }
        let mut imports = Imports {
            modules: Vec::new(),
            members: Vec::new(),
        };
        imports.visit_body(self.body());
        let modules = imports.modules.into_iter().flat_map(|import| &import.names);
        let mut names: Vec<String> = modules.map(|alias| alias.name.to_string()).collect();
        for import in imports.members {
            let module = self.imported_module(import);
            let members = import.names.iter();
            names.extend(members.map(|alias| format!("{module}.{}", alias.name)));
            names.push(module);
        }
        names
    }
}

/// Whether a Python that code may run on has a module of this name in its standard library.
pub fn is_standard_module(name: &str) -> bool {
    (7..=15).any(|minor| is_known_standard_library(minor, name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn module(dotted: &str, is_package: bool) -> ModuleName {
        ModuleName {
            dotted: dotted.to_owned(),
            is_package,
        }
    }

    #[test]
    fn a_file_has_the_name_that_the_first_root_gives_it() {
        let name = |path: &str| {
            let roots = [Path::new("/project/src"), Path::new("/project")];
            ModuleName::of(Path::new(path), roots)
        };
        assert_eq!(
            name("/project/src/app/aio.py"),
            Some(module("app.aio", false))
        );
        assert_eq!(
            name("/project/src/app/__init__.py"),
            Some(module("app", true))
        );
        assert_eq!(
            name("/project/tests/test_a.py"),
            Some(module("tests.test_a", false))
        );
        assert_eq!(name("/project/my-scripts/run.py"), None);
        assert_eq!(name("/elsewhere/a.py"), None);
        assert_eq!(name("/project/__init__.py"), None);
    }

    #[test]
    fn relative_names_count_from_the_package() {
        assert_eq!(
            module("app.web.views", false).absolute(".forms").as_deref(),
            Some("app.web.forms")
        );
        assert_eq!(
            module("app.web.views", false).absolute("..aio").as_deref(),
            Some("app.aio")
        );
        assert_eq!(
            module("app.web", true).absolute(".").as_deref(),
            Some("app.web")
        );
        assert_eq!(module("app", false).absolute(".aio"), None);
        assert_eq!(
            module("app.main", false).absolute("json").as_deref(),
            Some("json")
        );
    }
}
