//! Which names and attributes a file shows to be those of dicts, lists and the like.

use ruff_python_ast::visitor::source_order::{SourceOrderVisitor, TraversalSignal};
use ruff_python_ast::{self as ast, AnyNodeRef, Expr, Stmt};
use ruff_text_size::Ranged;

use crate::decorators::last_name;

/// Classes whose objects hold others, by the last part of their name.
const CLASSES: [&str; 16] = [
    "DefaultDict",
    "Deque",
    "Dict",
    "List",
    "Mapping",
    "MutableMapping",
    "MutableSequence",
    "OrderedDict",
    "Set",
    "WeakKeyDictionary",
    "WeakValueDictionary",
    "defaultdict",
    "deque",
    "dict",
    "list",
    "set",
];

/// Whether `expr`, a name or an attribute of `self` that stands in a module with this `body`, is given a container by a
/// statement of the module or by its class, or is declared to hold one.
pub(crate) fn is_one(body: &[Stmt], expr: &Expr) -> bool {
    match expr {
        Expr::Name(name) => body.iter().any(|it| {
            gives_one(it, &|target| {
                target.as_name_expr().is_some_and(|it| it.id == name.id)
            })
        }),
        Expr::Attribute(attribute) => {
            let mut classes = body.iter().filter_map(Stmt::as_class_def_stmt);
            let class = classes.find(|it| it.range().contains_range(expr.range()));
            is_own(&attribute.value) && class.is_some_and(|it| has_one(it, &attribute.attr))
        }
        _ => false,
    }
}

/// Whether `expr` is how methods call their object or class.
fn is_own(expr: &Expr) -> bool {
    let name = expr.as_name_expr();
    name.is_some_and(|it| matches!(it.id.as_str(), "cls" | "self"))
}

/// Whether `class` gives the attribute `name` of its objects a container.
fn has_one(class: &ast::StmtClassDef, name: &str) -> bool {
    struct Finder<'n> {
        name: &'n str,
        found: bool,
    }
    impl<'s> SourceOrderVisitor<'s> for Finder<'_> {
        fn enter_node(&mut self, node: AnyNodeRef<'s>) -> TraversalSignal {
            if self.found || node.is_expression() {
                TraversalSignal::Skip
            } else {
                TraversalSignal::Traverse
            }
        }

        fn visit_stmt(&mut self, statement: &'s Stmt) {
            self.found |= gives_one(statement, &|target| match target {
                Expr::Attribute(target) => {
                    is_own(&target.value) && target.attr.as_str() == self.name
                }
                _ => false,
            });
            ast::visitor::source_order::walk_stmt(self, statement);
        }
    }
    let of_class = |target: &Expr| target.as_name_expr().is_some_and(|it| it.id == *name);
    let mut finder = Finder { name, found: false };
    finder.visit_body(&class.body);
    finder.found || class.body.iter().any(|it| gives_one(it, &of_class))
}

/// Whether `statement` gives a container to a target of which `is_it` holds, or declares that it is one.
fn gives_one(statement: &Stmt, is_it: &dyn Fn(&Expr) -> bool) -> bool {
    match statement {
        Stmt::Assign(assign) => assign.targets.iter().any(is_it) && makes_one(&assign.value),
        Stmt::AnnAssign(assign) => {
            let made = assign.value.as_deref().is_some_and(makes_one);
            is_it(&assign.target) && (made || declares_one(&assign.annotation))
        }
        _ => false,
    }
}

fn makes_one(value: &Expr) -> bool {
    match value {
        Expr::Dict(_)
        | Expr::DictComp(_)
        | Expr::List(_)
        | Expr::ListComp(_)
        | Expr::Set(_)
        | Expr::SetComp(_) => true,
        Expr::Call(call) => names_class(&call.func),
        _ => false,
    }
}

fn declares_one(annotation: &Expr) -> bool {
    match annotation {
        Expr::BinOp(either) => declares_one(&either.left) || declares_one(&either.right),
        annotation => names_class(annotation),
    }
}

/// Whether `expr` is the name of a class of containers, or that with what these hold.
fn names_class(expr: &Expr) -> bool {
    match expr {
        Expr::Subscript(generic) => names_class(&generic.value),
        Expr::Name(_) | Expr::Attribute(_) => {
            last_name(expr).is_some_and(|name| CLASSES.contains(&name))
        }
        _ => false,
    }
}
