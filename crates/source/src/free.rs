//! Which names can be given a meaning without taking another one away.

use ruff_python_ast as ast;
use ruff_text_size::{Ranged, TextSize};

use crate::bindings::{BindingId, BindingKind, ScopeId, ScopeKind};
use crate::{Path, Source};

/// Functions that see every local by its name.
const READS_EVERY_LOCAL: &[&str] = &["dir", "eval", "exec", "locals", "vars"];

impl Source<'_> {
    /// Whether no scope of the file mentions `name`, so that the module can bind it.
    pub fn is_free_in_module(&self, name: &str) -> bool {
        !self.bindings().mention(name)
    }

    /// Whether the module can bind `name` for its functions to use: no scope mentions it, but for classes that give
    /// it to a member and do not use it themselves, which hide it from no function.
    pub fn is_free_for_functions(&self, name: &str) -> bool {
        let bindings = self.bindings();
        let mut mentions = bindings.mentions_within(ScopeId::MODULE, name);
        mentions.all(|(scope, _)| {
            let is_used = || (bindings.uses_named(name)).any(|(_, seen)| seen.scope == scope);
            self.is_member_of_class(scope, name) && !is_used()
        })
    }

    /// Whether code at `path` runs in the body of a class, and a class of the file has a member `name`, which it
    /// may see in place of the module's.
    pub fn is_hidden_by_class(&self, path: &Path<'_>, name: &str) -> bool {
        let scope = path.around().find(|node| {
            node.is_stmt_function_def() || node.is_expr_lambda() || node.is_stmt_class_def()
        });
        let is_member = || {
            let mut mentions = self.bindings().mentions_within(ScopeId::MODULE, name);
            mentions.any(|(scope, _)| self.is_member_of_class(scope, name))
        };
        scope.is_some_and(|it| it.is_stmt_class_def()) && is_member()
    }

    fn is_member_of_class(&self, scope: ScopeId, name: &str) -> bool {
        let bindings = self.bindings();
        bindings.scope(scope).kind == ScopeKind::Class && bindings.is_local(scope, name)
    }

    /// Whether `name` at the module's top level is the builtin: the module does not bind it.
    pub fn is_builtin_in_module(&self, name: &str) -> bool {
        let bindings = self.bindings();
        !bindings.is_local(ScopeId::MODULE, name) && !bindings.declare_global(name)
    }

    /// Whether neither `function` nor a scope inside it mentions `name`, so that `function` can bind
    /// it as a local.
    pub fn is_free_in_function(&self, function: &ast::StmtFunctionDef, name: &str) -> bool {
        let Some(scope) = self.scope_of(function) else {
            return false;
        };
        let bindings = self.bindings();
        bindings.mentions_within(scope, name).all(|(inner, _)| {
            // Code for `function` may come to stand in a comprehension.
            let is_comprehension = bindings.scope(inner).kind == ScopeKind::Comprehension;
            inner != scope && !is_comprehension && !self.reaches(inner, scope, name)
        })
    }

    /// Whether `name`, where the scope `inner` mentions it, is looked up as far out as `outer`.
    fn reaches(&self, inner: ScopeId, outer: ScopeId, name: &str) -> bool {
        self.bindings()
            .scopes_around(inner)
            .take_while(|(around, _)| *around != outer)
            .filter(|(around, scope)| *around == inner || scope.kind != ScopeKind::Class)
            .all(|(around, _)| !self.bindings().is_local(around, name))
    }

    /// The scope of the body of `function`.
    pub fn scope_of(&self, function: &ast::StmtFunctionDef) -> Option<ScopeId> {
        self.bindings().function_at(function.range())
    }

    /// Whether `function` has code that could see a new local: a call of `locals()` or its like.
    pub fn reads_every_local(&self, function: &ast::StmtFunctionDef) -> bool {
        let Some(scope) = self.scope_of(function) else {
            return true;
        };
        let bindings = self.bindings();
        let mut uses = READS_EVERY_LOCAL
            .iter()
            .flat_map(|name| bindings.uses_within(scope, name));
        uses.any(|(_, name)| name.bindings.is_empty())
    }

    /// The method that is taken of the name at `offset`: `add` of `tasks.add`.
    pub fn method_of_name_at(&self, offset: TextSize) -> Option<&str> {
        match self.path_to_name(offset).around().next()? {
            ast::AnyNodeRef::ExprAttribute(attribute) => Some(attribute.attr.as_str()),
            _ => None,
        }
    }

    /// The identifier that starts at `offset`.
    pub fn word_at(&self, offset: TextSize) -> &str {
        let rest = &self.text()[offset.to_usize()..];
        let end = rest
            .find(|c: char| !(c.is_alphanumeric() || c == '_'))
            .unwrap_or(rest.len());
        &rest[..end]
    }

    /// Whether a function or lambda around `path` gives `name` a meaning of its own, so that code there does
    /// not see the module's.
    pub fn is_shadowed(&self, path: &Path<'_>, name: &str) -> bool {
        path.around().any(|node| match node {
            ast::AnyNodeRef::StmtFunctionDef(function) => {
                (self.scope_of(function)).is_some_and(|scope| self.bindings().is_local(scope, name))
            }
            ast::AnyNodeRef::ExprLambda(lambda) => lambda
                .parameters
                .as_ref()
                .is_some_and(|all| all.iter().any(|it| it.name().as_str() == name)),
            _ => false,
        })
    }

    /// The name by which code of the scopes around `path` (the module's where there is none) can
    /// reach the module `module`, where an import at the top of the file gives it one.
    pub fn name_of_module(&self, module: &str, path: Option<&Path<'_>>) -> Option<String> {
        let shadowed = |name: &str| path.is_some_and(|path| self.is_shadowed(path, name));
        self.body()
            .iter()
            .filter_map(|statement| match statement {
                ast::Stmt::Import(import) => Some(import),
                _ => None,
            })
            .flat_map(|import| &import.names)
            .filter(|alias| match &alias.asname {
                Some(_) => alias.name.as_str() == module,
                None => alias.name.as_str().split('.').next() == Some(module),
            })
            .map(|alias| match &alias.asname {
                Some(name) => name.as_str(),
                None => module,
            })
            .find(|name| {
                !shadowed(name)
                    && self
                        .bindings_in(ScopeId::MODULE, name)
                        .iter()
                        .all(|id| self.binds_module(*id, module))
            })
            .map(str::to_string)
    }

    /// Whether every binding of `module` at the module's top level is an import of that module.
    pub fn only_ever_names_module(&self, module: &str) -> bool {
        self.bindings_in(ScopeId::MODULE, module)
            .iter()
            .all(|id| self.binds_module(*id, module))
    }

    fn binds_module(&self, id: BindingId, module: &str) -> bool {
        matches!(&self.bindings().binding(id).kind,
            BindingKind::Import { module: bound } if bound == module)
    }
}
