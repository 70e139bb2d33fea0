//! Tests that replace a member of asyncio by its name.

use ruff_python_ast::visitor::source_order::{SourceOrderVisitor, TraversalSignal};
use ruff_python_ast::{self as ast, AnyNodeRef, Expr};

use ruff_text_size::{Ranged, TextRange};

use crate::Source;

impl Source<'_> {
    /// Whether the file replaces asyncio's `member` ("gather"): by a dotted name in a string, as
    /// `mock.patch("app.asyncio.gather")` does, by `patch.object(asyncio, "gather")` or
    /// `monkeypatch.setattr(asyncio, "gather", ..)`, or by an assignment to `asyncio.gather`.
    pub fn patches_asyncio(&self, member: &str) -> bool {
        self.patch_of_asyncio(member).is_some()
    }

    /// As [`Source::patches_asyncio`]: where it does so first.
    pub fn patch_of_asyncio(&self, member: &str) -> Option<TextRange> {
        if !self.text().contains(member) {
            return None;
        }
        let mut finder = Finder {
            source: self,
            member,
            found: None,
        };
        for statement in self.body() {
            finder.visit_stmt(statement);
        }
        finder.found
    }

    /// Whether the file replaces something called `name`, whatever it belongs to: by a string that ends
    /// with the name, handed to a call, as `mock.patch("app.jobs.start")` and `setattr(jobs, "start", ..)` do, or by an
    /// assignment to an attribute of that name.
    pub fn replaces(&self, name: &str) -> bool {
        let mut finder = NameFinder { name, found: false };
        for statement in self.body() {
            finder.visit_stmt(statement);
        }
        finder.found
    }
}

struct NameFinder<'f> {
    name: &'f str,
    found: bool,
}

impl<'s> SourceOrderVisitor<'s> for NameFinder<'_> {
    fn enter_node(&mut self, node: AnyNodeRef<'s>) -> TraversalSignal {
        self.found |= match node {
            AnyNodeRef::ExprCall(call) => {
                (call.arguments.args.iter().take(2).enumerate()).any(|(index, argument)| {
                    let Expr::StringLiteral(literal) = argument else {
                        return false;
                    };
                    let dotted = literal.value.to_str().rsplit_once('.');
                    match (index, dotted) {
                        (0, Some((_, last))) => last == self.name,
                        (1, None) => literal.value.to_str() == self.name,
                        _ => false,
                    }
                })
            }
            AnyNodeRef::ExprAttribute(attribute) => {
                attribute.attr.as_str() == self.name
                    && matches!(attribute.ctx, ast::ExprContext::Store)
            }
            _ => false,
        };
        if self.found {
            TraversalSignal::Skip
        } else {
            TraversalSignal::Traverse
        }
    }
}

struct Finder<'f, 'a> {
    source: &'f Source<'a>,
    member: &'f str,
    found: Option<TextRange>,
}

impl Finder<'_, '_> {
    fn is_asyncio(&self, expr: &Expr) -> bool {
        self.source
            .qualified(expr)
            .is_some_and(|name| name.split('.').any(|part| part == "asyncio"))
            || matches!(expr, Expr::Attribute(attribute) if attribute.attr.as_str() == "asyncio")
    }

    fn replaces_by_name(&self, call: &ast::ExprCall) -> bool {
        call.arguments.args.windows(2).any(|pair| {
            matches!(&pair[1], Expr::StringLiteral(literal) if literal.value.to_str() == self.member)
                && self.is_asyncio(&pair[0])
        })
    }

    fn names_it(&self, literal: &ast::ExprStringLiteral) -> bool {
        let mut parts = literal.value.to_str().rsplit('.');
        parts.next() == Some(self.member) && parts.any(|part| part == "asyncio")
    }
}

impl<'s> SourceOrderVisitor<'s> for Finder<'_, '_> {
    fn enter_node(&mut self, node: AnyNodeRef<'s>) -> TraversalSignal {
        let replaces =
            match node {
                AnyNodeRef::ExprCall(call) => self.replaces_by_name(call)
                    || call.arguments.args.first().is_some_and(
                        |first| matches!(first, Expr::StringLiteral(name) if self.names_it(name)),
                    ),
                AnyNodeRef::StmtAssign(assign) => assign.targets.iter().any(|target| {
                    matches!(target, Expr::Attribute(attribute)
                    if attribute.attr.as_str() == self.member
                        && self.is_asyncio(&attribute.value))
                }),
                _ => false,
            };
        if replaces && self.found.is_none() {
            self.found = Some(node.range());
        }
        if self.found.is_some() {
            TraversalSignal::Skip
        } else {
            TraversalSignal::Traverse
        }
    }
}
