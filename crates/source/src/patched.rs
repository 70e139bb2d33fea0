//! Tests that replace a member of asyncio by its name.

use ruff_python_ast::{self as ast, AnyNodeRef, Expr};
use ruff_text_size::{Ranged, TextRange};

use crate::Source;
use crate::places::last_name;

impl Source<'_> {
    /// Whether the file replaces asyncio's `member` ("gather"): by a dotted name in a string, as
    /// `mock.patch("app.asyncio.gather")` does, by `patch.object(asyncio, "gather")` or
    /// `monkeypatch.setattr(asyncio, "gather", ..)`, or by an assignment to `asyncio.gather`.
    pub fn patches_asyncio(&self, member: &str) -> bool {
        self.patch_of_asyncio(member).is_some()
    }

    /// As [`Source::patches_asyncio`]: where it does so first.
    pub fn patch_of_asyncio(&self, member: &str) -> Option<TextRange> {
        self.words(member)
            .find_map(|word| self.patch_at(word, member))
    }

    /// The call or assignment by which the word at `word` replaces asyncio's `member`.
    fn patch_at(&self, word: TextRange, member: &str) -> Option<TextRange> {
        if self.is_called(word) {
            return None;
        }
        let name = self.path_to(word).with(|node| {
            node.is_expr_string_literal() || last_name(node).is_some_and(|last| last == word)
        })?;
        match (name.node(), name.parent()?) {
            (AnyNodeRef::ExprStringLiteral(literal), AnyNodeRef::ExprCall(call)) => {
                let arguments = &call.arguments.args;
                let index = arguments
                    .iter()
                    .position(|it| it.range() == literal.range())?;
                let text = literal.value.to_str();
                let mut parts = text.rsplit('.');
                let is_dotted_name =
                    parts.next() == Some(member) && parts.any(|it| it == "asyncio");
                let replaces = index == 0 && is_dotted_name
                    || index > 0 && text == member && self.may_be_asyncio(&arguments[index - 1]);
                replaces.then_some(call.range())
            }
            (AnyNodeRef::ExprAttribute(attribute), _) => {
                let is_target = matches!(attribute.ctx, ast::ExprContext::Store);
                (is_target && self.may_be_asyncio(&attribute.value))
                    .then(|| name.statement().range())
            }
            _ => None,
        }
    }

    /// Whether a bracket follows the word, which most of them have: no need to look closer.
    fn is_called(&self, word: TextRange) -> bool {
        let rest = &self.text()[word.end().to_usize()..];
        rest.trim_start_matches([' ', '\t']).starts_with('(')
    }

    fn may_be_asyncio(&self, expr: &Expr) -> bool {
        self.qualified(expr)
            .is_some_and(|name| name.split('.').any(|part| part == "asyncio"))
            || matches!(expr, Expr::Attribute(attribute) if attribute.attr.as_str() == "asyncio")
    }

    /// Whether the file replaces something called `name`, whatever it belongs to: by a string that ends
    /// with the name, handed to a call, as `mock.patch("app.jobs.start")` and `setattr(jobs, "start", ..)` do, or by an
    /// assignment to an attribute of that name.
    pub fn replaces(&self, name: &str) -> bool {
        self.words(name).any(|word| {
            if self.is_called(word) {
                return false;
            }
            let path = self.path_to(word).with(|node| {
                node.is_expr_string_literal() || last_name(node).is_some_and(|last| last == word)
            });
            let Some(path) = path else { return false };
            match path.node() {
                AnyNodeRef::ExprStringLiteral(literal) => {
                    let Some(AnyNodeRef::ExprCall(call)) = path.parent() else {
                        return false;
                    };
                    let text = literal.value.to_str();
                    let mut arguments = call.arguments.args.iter();
                    match arguments.position(|it| it.range() == literal.range()) {
                        Some(0) => text.rsplit_once('.').is_some_and(|(_, last)| last == name),
                        Some(1) => text == name,
                        _ => false,
                    }
                }
                AnyNodeRef::ExprAttribute(attribute) => {
                    matches!(attribute.ctx, ast::ExprContext::Store)
                }
                _ => false,
            }
        })
    }
}
