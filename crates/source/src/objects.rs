//! Of which class the object is that a name or an attribute holds.

use ruff_python_ast::{self as ast, AnyNodeRef, Expr, StmtRef};
use ruff_text_size::{Ranged, TextRange};

use crate::Source;
use crate::bindings::BindingKind;
use crate::classes::AttributeValue;
use crate::kinds::without_arguments;
use crate::patched::Replaced;
use crate::places::last_name;
use crate::resolve::{MAX_LINKS, MOST_MEANINGS, last_part};

impl Source<'_> {
    /// Whether `expr`, a name or an attribute of an object of this file, holds an object of `class`, one of another module
    /// ("weakref.WeakSet"): by all that the file gives it, or by what that is declared to be.
    pub fn holds_object_of(&self, expr: &Expr, class: &str) -> bool {
        // Nothing is of a class that the file does not even mention.
        self.words(last_part(class)).next().is_some() && self.holds(expr, class, MAX_LINKS)
    }

    fn holds(&self, expr: &Expr, class: &str, links: usize) -> bool {
        let Some(links) = links.checked_sub(1) else {
            return false;
        };
        let given = match expr {
            Expr::Call(call) => {
                let made = self.qualified(without_arguments(&call.func));
                return made.as_deref() == Some(class);
            }
            Expr::Name(name) => self.given_to_name(name),
            Expr::Attribute(attribute) => self
                .class_of(&attribute.value)
                .and_then(|_| self.given_to_attribute(&attribute.attr)),
            _ => None,
        };
        let is_one = |it: &AttributeValue<'_>| {
            it.value.is_some_and(|it| self.holds(it, class, links))
                || (it.annotation)
                    .is_some_and(|it| self.class_annotated(it).as_deref() == Some(class))
        };
        given.is_some_and(|mut given| {
            given.retain(|it| !it.value.is_some_and(Expr::is_none_literal_expr));
            !given.is_empty() && given.iter().all(is_one)
        })
    }

    /// What `name` may have been given where it stands; none where that does not show.
    fn given_to_name(&self, name: &ast::ExprName) -> Option<Vec<AttributeValue<'_>>> {
        let seen = self.bindings().use_at(name.start())?;
        if seen.bindings.len() > MOST_MEANINGS {
            return None;
        }
        let bindings = seen.bindings.iter();
        let given = bindings.map(|id| match self.bindings().binding(*id).kind {
            BindingKind::Assignment { value, annotation } => Some(AttributeValue {
                value: Some(self.expr_at(value)?),
                annotation: annotation.and_then(|it| self.expr_at(it)),
            }),
            BindingKind::Parameter {
                annotation: Some(annotation),
                variadic: false,
                ..
            } => Some(AttributeValue {
                value: None,
                annotation: self.expr_at(annotation),
            }),
            _ => None,
        });
        given.collect()
    }

    /// What the file gives the attributes called `name` of its objects, whichever these are; none where that does not show.
    fn given_to_attribute(&self, name: &str) -> Option<Vec<AttributeValue<'_>>> {
        if self.words(name).nth(MOST_MEANINGS).is_some() {
            return None;
        }
        let given = self.words(name).filter_map(|word| {
            let statement = match self.replaced_at(word) {
                Some(Replaced::ByAssignment(_, statement)) => statement,
                _ => self.declared_by_class(word)?,
            };
            Some(given_by(statement, word))
        });
        given.collect()
    }

    /// The statement of a class body to whose target, or one of them, the name at `word` belongs.
    fn declared_by_class(&self, word: TextRange) -> Option<StmtRef<'_>> {
        let path = self.path_to(word);
        let is_target = matches!(path.node(), AnyNodeRef::ExprName(name) if name.ctx.is_store());
        let statement = path.up().filter(|_| is_target)?;
        let is_of_class = matches!(statement.parent(), Some(AnyNodeRef::StmtClassDef(_)));
        is_of_class.then(|| statement.node().as_stmt_ref())?
    }
}

/// What `statement` gives the target that ends with `word`, if it is a plain assignment to that.
fn given_by(statement: StmtRef<'_>, word: TextRange) -> Option<AttributeValue<'_>> {
    let is_it = |target: &Expr| last_name(target.into()) == Some(word);
    match statement {
        StmtRef::Assign(assign) if assign.targets.iter().any(is_it) => Some(AttributeValue {
            value: Some(&assign.value),
            annotation: None,
        }),
        StmtRef::AnnAssign(assign) if is_it(&assign.target) => Some(AttributeValue {
            value: assign.value.as_deref(),
            annotation: Some(&assign.annotation),
        }),
        _ => None,
    }
}
