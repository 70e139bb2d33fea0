//! What the user wrote, where a text has come from that by fixes: what they wrote says less than what stood there.

use std::rc::Rc;

use ruff_python_ast::{self as ast, AnyNodeRef, Expr};
use ruff_text_size::{Ranged, TextRange};

use crate::Source;

/// The user's text, and the way back there from a later one.
pub struct Written<'a> {
    /// The user's text.
    pub source: Rc<Source<'a>>,
    /// Leads a range of the later text back.
    pub origin: Box<dyn Fn(TextRange) -> TextRange + 'a>,
}

impl<'a> Source<'a> {
    /// The same file, which fixes made of what the user has `written`.
    #[must_use]
    pub fn with_written(mut self, written: Written<'a>) -> Self {
        self.written = Some(written);
        self
    }

    /// `expr` as the user wrote it, with the text in which it stands there: itself where that had nothing like it.
    pub fn as_written<'s>(&'s self, expr: &'s Expr) -> (&'s Source<'a>, &'s Expr) {
        let found = self.written.as_ref().and_then(|written| {
            let range = self.place_as_written(written, expr.range())?;
            Some((&*written.source, written.source.expr_at(range)?))
        });
        found.unwrap_or((self, expr))
    }

    /// `call` as the user wrote it, whatever has become of what it is given; itself where its callee meant something else
    /// there, as it does without an import that a fix has added.
    pub fn call_as_written<'s>(
        &'s self,
        call: &'s ast::ExprCall,
    ) -> (&'s Source<'a>, &'s ast::ExprCall) {
        let found = self.written.as_ref().and_then(|written| {
            let callee = self.place_as_written(written, call.func.range())?;
            let source = &*written.source;
            match source.path_to(callee).parent()? {
                AnyNodeRef::ExprCall(it)
                    if it.func.range() == callee
                        && it.arguments.args.len() == call.arguments.args.len()
                        && source.qualified(&*it.func) == self.qualified(&*call.func) =>
                {
                    Some((source, it))
                }
                _ => None,
            }
        });
        found.unwrap_or((self, call))
    }

    /// Where the user's text has what stands at `range`, if it has that.
    fn place_as_written(&self, written: &Written<'_>, range: TextRange) -> Option<TextRange> {
        let origin = (written.origin)(range);
        (written.source.slice(origin) == self.slice(range)).then_some(origin)
    }
}
