//! What people who read code want to see of it: colours, and the function around.

use ruff_python_ast::token::TokenKind;
use ruff_text_size::{Ranged, TextRange};

use crate::Source;

/// What a piece of code is to the eye.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shade {
    /// `await`, `def`, `None`.
    Keyword,
    /// A string with its quotes; of an f-string what is no expression.
    String,
    /// A number.
    Number,
    /// A comment.
    Comment,
    /// The name of what is being defined.
    Definition,
    /// A decorator's `@` and name.
    Decorator,
}

/// The function around a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Around {
    /// From `def` or `async def` to the end of its body.
    pub whole: TextRange,
    /// Its name.
    pub name: TextRange,
}

impl Source<'_> {
    /// The pieces of the file that have a colour, in order and disjoint.
    pub fn shades(&self) -> Vec<(TextRange, Shade)> {
        let mut shades = Vec::new();
        let mut before = TokenKind::Newline;
        let mut in_decorator = false;
        for token in self.tokens() {
            let kind = token.kind();
            let begins_line = matches!(
                before,
                TokenKind::Newline | TokenKind::Indent | TokenKind::Dedent
            );
            in_decorator = match kind {
                TokenKind::At => begins_line,
                TokenKind::Name | TokenKind::Dot => in_decorator,
                _ => false,
            };
            let is_definition = matches!(before, TokenKind::Def | TokenKind::Class);
            let shade = match kind {
                _ if in_decorator => Some(Shade::Decorator),
                TokenKind::Comment => Some(Shade::Comment),
                TokenKind::Int | TokenKind::Float | TokenKind::Complex => Some(Shade::Number),
                TokenKind::Name if is_definition => Some(Shade::Definition),
                _ if is_string(kind) => Some(Shade::String),
                _ if kind.is_non_soft_keyword() => Some(Shade::Keyword),
                _ => None,
            };
            shades.extend(shade.map(|shade| (token.range(), shade)));
            if !matches!(kind, TokenKind::Comment | TokenKind::NonLogicalNewline) {
                before = kind;
            }
        }
        shades
    }

    /// The innermost function that runs what is at `range`.
    pub fn function_around(&self, range: TextRange) -> Option<Around> {
        let function = self.path_to(range).function()?;
        let decorators = function.decorator_list.last();
        let start = decorators.map_or(function.start(), Ranged::end);
        // The decorators end with their line.
        let text = &self.text()[TextRange::new(start, function.name.start())];
        let blank = text.len() - text.trim_start().len();
        let blank = u32::try_from(blank).expect("files are smaller than 4 GiB");
        Some(Around {
            whole: TextRange::new(start + ruff_text_size::TextSize::new(blank), function.end()),
            name: function.name.range(),
        })
    }
}

fn is_string(kind: TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::String
            | TokenKind::FStringStart
            | TokenKind::FStringMiddle
            | TokenKind::FStringEnd
            | TokenKind::TStringStart
            | TokenKind::TStringMiddle
            | TokenKind::TStringEnd
    )
}
