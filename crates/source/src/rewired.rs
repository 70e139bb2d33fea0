//! What makes something else of a class, or of those that derive from it, than their methods as they are written.

use ruff_python_ast::visitor::source_order::{SourceOrderVisitor, TraversalSignal};
use ruff_python_ast::{self as ast, AnyNodeRef, Expr};
use ruff_text_size::Ranged;

use crate::Source;
use crate::decorators::last_name;
use crate::resolve::MAX_LINKS;

/// Class decorators that leave its methods alone, by the last part of their name.
const HARMLESS: [&str; 8] = [
    "attrs",
    "dataclass",
    "define",
    "final",
    "frozen",
    "runtime_checkable",
    "s",
    "total_ordering",
];

/// Methods by which a class changes what the methods of its instances, or of its subclasses, are.
const HOOKS: [&str; 2] = ["__getattribute__", "__init_subclass__"];

/// What a class may be given to without being changed.
const READERS: [&str; 11] = [
    "add",
    "append",
    "getattr",
    "hasattr",
    "id",
    "isinstance",
    "issubclass",
    "repr",
    "str",
    "super",
    "vars",
];

/// Whether a decorator, a metaclass or another keyword of `class` may put something else in the place of methods,
/// inherited ones too.
pub fn may_be_rewired(class: &ast::StmtClassDef) -> bool {
    let decorators = (class.decorator_list.iter())
        .all(|it| last_name(&it.expression).is_some_and(|name| HARMLESS.contains(&name)));
    let keywords = class.arguments.iter().all(|arguments| {
        (arguments.keywords.iter()).all(|keyword| last_name(&keyword.value) == Some("ABCMeta"))
    });
    !decorators || !keywords
}

/// Whether `method` is one by which its class may change what methods of instances and subclasses are.
pub fn is_rewiring_hook(method: &ast::StmtFunctionDef) -> bool {
    HOOKS.contains(&method.name.as_str())
        && (method.name.as_str() != "__init_subclass__" || changes_subclasses(method))
}

/// Whether one of the methods that `class` defines [is such a hook](is_rewiring_hook).
pub fn has_rewiring_hook(class: &ast::StmtClassDef) -> bool {
    (class.body.iter())
        .filter_map(|it| it.as_function_def_stmt())
        .any(is_rewiring_hook)
}

impl Source<'_> {
    /// As [`Source::functions`], where no class of this file on the way to a method may put something else in its
    /// place.
    pub fn functions_as_written(&self, callee: &Expr) -> Option<Vec<&ast::StmtFunctionDef>> {
        let functions = self.functions(callee)?;
        if let Expr::Attribute(method) = callee {
            let class = self.class_of(&method.value)?;
            if self.rewires(class, &functions, MAX_LINKS) || self.is_hooked(class, MAX_LINKS) {
                return None;
            }
        }
        Some(functions)
    }

    /// Whether `class`, or a base of it on the way to the one that has `methods`, may be rewired.
    fn rewires(
        &self,
        class: &ast::StmtClassDef,
        methods: &[&ast::StmtFunctionDef],
        links: usize,
    ) -> bool {
        let is_its_own =
            |method: &&ast::StmtFunctionDef| class.range().contains_range(method.range());
        let Some(links) = links.checked_sub(1) else {
            return true;
        };
        may_be_rewired(class)
            || !methods.iter().any(is_its_own)
                && (class.bases().iter())
                    .filter_map(|it| self.class_named(it))
                    .any(|base| self.rewires(base, methods, links))
    }

    fn is_hooked(&self, class: &ast::StmtClassDef, links: usize) -> bool {
        let Some(links) = links.checked_sub(1) else {
            return true;
        };
        let mut bases = class.bases().iter().filter_map(|it| self.class_named(it));
        has_rewiring_hook(class) || bases.any(|base| self.is_hooked(base, links))
    }
}

/// Whether `__init_subclass__` may give the class other methods by names that it computes.
fn changes_subclasses(hook: &ast::StmtFunctionDef) -> bool {
    struct Changes<'s> {
        class: &'s str,
        found: bool,
    }
    impl<'s> SourceOrderVisitor<'s> for Changes<'_> {
        fn enter_node(&mut self, node: AnyNodeRef<'s>) -> TraversalSignal {
            if let AnyNodeRef::ExprCall(call) = node {
                let callee = last_name(&call.func).unwrap_or("?");
                let is_passed = call.arguments.iter_source_order().any(|argument| {
                    matches!(argument.value(), Expr::Name(name) if name.id == self.class)
                });
                self.found |= callee.contains("setattr") || is_passed && !READERS.contains(&callee);
            }
            TraversalSignal::Traverse
        }
    }
    let Some(class) = hook.parameters.iter_non_variadic_params().next() else {
        return true;
    };
    let mut changes = Changes {
        class: class.name(),
        found: false,
    };
    changes.visit_body(&hook.body);
    changes.found
}
