//! Code that replaces a member of asyncio by its name: tests, above all.

use std::iter;

use memchr::memmem;
use ruff_python_ast::{self as ast, AnyNodeRef, Expr, StmtRef};
use ruff_text_size::{Ranged, TextRange};

use crate::Source;
use crate::decorators;
use crate::elsewhere::MENDED;
use crate::places::last_name;
use crate::resolve::last_part;
use crate::words::word_starts;

impl Source<'_> {
    /// Whether the file replaces asyncio's `member` ("gather"): by a dotted name in a string, as
    /// `mock.patch("app.asyncio.gather")` does, by `patch.object(asyncio, "gather")`, `patch.multiple(asyncio, gather=..)`
    /// or `monkeypatch.setattr(asyncio, "gather", ..)`, or by an assignment to `asyncio.gather`; or whether code of its
    /// project is said to, before the file runs.
    pub fn patches_asyncio(&self, member: &str) -> bool {
        let mut before = self.options().elsewhere.patched.iter();
        before.any(|it| it == member) || self.patch_of_asyncio(member).is_some()
    }

    /// The members of asyncio that the file replaces while it is imported, for all code that runs after: outside of
    /// its functions.
    pub fn patched_on_import(&self) -> Vec<String> {
        let patched = patchable().filter(|member| {
            let mut words = self.words(member);
            words.any(|word| self.patches_on_import_at(word, member))
        });
        patched.map(str::to_owned).collect()
    }

    fn patches_on_import_at(&self, word: TextRange, member: &str) -> bool {
        let is_patch = match self.replaced_at(word) {
            Some(Replaced::ByAssignment(attribute, _)) => self.may_be_asyncio(&attribute.value),
            Some(Replaced::ByString(call, 1, text)) => {
                text == member
                    && self.is_builtin(&call.func, &["setattr"])
                    && self.may_be_asyncio(&call.arguments.args[0])
            }
            Some(Replaced::ByString(..) | Replaced::AmongSeveral(_)) | None => false,
        };
        let waits = |node: AnyNodeRef<'_>| {
            matches!(
                node,
                AnyNodeRef::StmtFunctionDef(_) | AnyNodeRef::ExprLambda(_)
            )
        };
        is_patch && !self.path_to(word).around().any(waits)
    }

    /// As [`Source::patches_asyncio`], in this file alone: where it does so first.
    pub fn patch_of_asyncio(&self, member: &str) -> Option<TextRange> {
        if let Some(known) = self.patches.borrow().get(member) {
            return *known;
        }
        let found = self
            .words(member)
            .find_map(|word| self.patch_at(word, member));
        self.patches.borrow_mut().insert(member.to_owned(), found);
        found
    }

    /// The call or assignment by which the word at `word` replaces asyncio's `member`.
    fn patch_at(&self, word: TextRange, member: &str) -> Option<TextRange> {
        match self.replaced_at(word)? {
            Replaced::ByString(call, index, text) => {
                let is_dotted_name = (text.rsplit_once('.'))
                    .is_some_and(|(owner, last)| last == member && names_asyncio(owner));
                let owner = |index: usize| &call.arguments.args[index - 1];
                let replaces = index == 0 && is_dotted_name
                    || index > 0 && text == member && self.may_be_asyncio(owner(index));
                let asks = || self.is_builtin(&call.func, &["getattr", "hasattr"]);
                (replaces && !asks()).then_some(call.range())
            }
            Replaced::AmongSeveral(call) => {
                let owner = call.arguments.find_argument_value("target", 0)?;
                let replaces = match owner {
                    Expr::StringLiteral(name) => last_part(name.value.to_str()) == "asyncio",
                    owner => self.may_be_asyncio(owner),
                };
                replaces.then_some(call.range())
            }
            Replaced::ByAssignment(attribute, statement) => self
                .may_be_asyncio(&attribute.value)
                .then_some(statement.range()),
        }
    }

    /// Where the file replaces asyncio's `member` first, or else all that a module calls `asyncio`, if it names the member,
    /// as of what takes its place: `mock.patch("app.asyncio")`. That changes nothing for the calls of this file.
    pub fn patch_of_asyncio_anywhere(&self, member: &str) -> Option<TextRange> {
        let of_all = || {
            self.words(member).next()?;
            let mut words = self.words("asyncio");
            words.find_map(|word| self.patch_of_all_at(word))
        };
        self.patch_of_asyncio(member).or_else(of_all)
    }

    /// The call or assignment by which the word `asyncio` at `word` replaces what a module calls so.
    fn patch_of_all_at(&self, word: TextRange) -> Option<TextRange> {
        // Most are no more than used.
        let rest = self.text()[word.end().to_usize()..].trim_start_matches([' ', '\t']);
        if !rest.starts_with(['"', '\'', '=']) {
            return None;
        }
        match self.replaced_at(word)? {
            Replaced::ByString(call, index, text) => {
                let function = decorators::last_name(&call.func)?;
                let is_patch = match index {
                    0 => text.ends_with(".asyncio") && matches!(function, "patch" | "setattr"),
                    1 => text == "asyncio" && matches!(function, "object" | "setattr"),
                    _ => false,
                };
                is_patch.then_some(call.range())
            }
            Replaced::AmongSeveral(call) => Some(call.range()),
            Replaced::ByAssignment(attribute, statement) => {
                (self.names_a_module(&attribute.value)).then_some(statement.range())
            }
        }
    }

    /// Where the file replaces what a module has under the name of a function of asyncio whose calls fixes may replace or
    /// hand to something else: the name, the dotted one of the module, and the place. That is done by `mock.patch("app.jobs.gather")`, `monkeypatch.setattr(jobs, "gather", ..)` and their like, or by
    /// an assignment to `jobs.gather`.
    pub fn replaced_in_modules(&self) -> Vec<(&'static str, String, TextRange)> {
        let found = MENDED.into_iter().flat_map(|function| {
            let words = self.words(function);
            words.filter_map(move |word| {
                let (module, at) = self.replaced_in_module_at(word, function)?;
                Some((function, module, at))
            })
        });
        found.collect()
    }

    fn replaced_in_module_at(&self, word: TextRange, member: &str) -> Option<(String, TextRange)> {
        match self.replaced_at(word)? {
            Replaced::ByString(call, index, text) => {
                let function = decorators::last_name(&call.func)?;
                let module = match index {
                    0 if matches!(function, "patch" | "setattr") => {
                        let (module, last) = text.rsplit_once('.')?;
                        (last == member).then(|| module.to_owned())
                    }
                    1 if text == member && matches!(function, "object" | "setattr") => {
                        self.qualified(&call.arguments.args[0])
                    }
                    _ => None,
                };
                Some((module?, call.range()))
            }
            Replaced::AmongSeveral(call) => {
                let module = match call.arguments.find_argument_value("target", 0)? {
                    Expr::StringLiteral(name) => name.value.to_str().to_owned(),
                    target => self.qualified(target)?,
                };
                Some((module, call.range()))
            }
            Replaced::ByAssignment(attribute, statement) => {
                Some((self.qualified(&attribute.value)?, statement.range()))
            }
        }
    }

    /// What may be replaced by means of the word at `word`: by a string that is handed to a call, by a keyword of
    /// `patch.multiple()`, or by an assignment to an attribute.
    pub(crate) fn replaced_at(&self, word: TextRange) -> Option<Replaced<'_>> {
        // Most words that are looked for are called, and need no closer look.
        let rest = &self.text()[word.end().to_usize()..];
        if rest.trim_start_matches([' ', '\t']).starts_with('(') {
            return None;
        }
        let is_keyword = |node: AnyNodeRef<'_>| match node {
            AnyNodeRef::Keyword(keyword) => keyword.arg.as_ref().map(Ranged::range) == Some(word),
            _ => false,
        };
        let path = self.path_to(word).with(|node| {
            node.is_expr_string_literal() || is_keyword(node) || last_name(node) == Some(word)
        })?;
        match path.node() {
            AnyNodeRef::ExprStringLiteral(literal) => {
                let Some(AnyNodeRef::ExprCall(call)) = path.parent() else {
                    return None;
                };
                let mut arguments = call.arguments.args.iter();
                let index = arguments.position(|it| it.range() == literal.range())?;
                Some(Replaced::ByString(call, index, literal.value.to_str()))
            }
            AnyNodeRef::Keyword(_) => match path.parent() {
                Some(AnyNodeRef::ExprCall(call)) => {
                    let is_patch = decorators::last_name(&call.func) == Some("multiple");
                    is_patch.then_some(Replaced::AmongSeveral(call))
                }
                _ => None,
            },
            AnyNodeRef::ExprAttribute(attribute) => (attribute.ctx.is_store())
                .then(|| Replaced::ByAssignment(attribute, path.statement())),
            _ => None,
        }
    }

    fn may_be_asyncio(&self, expr: &Expr) -> bool {
        self.qualified(expr)
            .is_some_and(|name| names_asyncio(&name))
            || matches!(expr, Expr::Attribute(attribute) if attribute.attr.as_str() == "asyncio")
    }

    /// Whether the file replaces something called `name`, whatever it belongs to: by a string that ends
    /// with the name, handed to a call, as `mock.patch("app.jobs.start")` and `setattr(jobs, "start", ..)` do, by a
    /// keyword of `patch.multiple()`, or by an assignment to an attribute of that name.
    pub fn replaces(&self, name: &str) -> bool {
        let mut words = self.words(name);
        words.any(|word| match self.replaced_at(word) {
            Some(Replaced::ByString(_, 0, text)) => {
                text.rsplit_once('.').is_some_and(|(_, last)| last == name)
            }
            Some(Replaced::ByString(_, 1, text)) => text == name,
            Some(Replaced::ByAssignment(..) | Replaced::AmongSeveral(_)) => true,
            Some(Replaced::ByString(..)) | None => false,
        })
    }
}

/// Whether a dotted name may be that of asyncio or of a module in it, as code of any module says: of a class in there
/// it is not.
fn names_asyncio(dotted: &str) -> bool {
    let mut parts = dotted.split('.');
    let is_class = |part: &str| part.trim_start_matches('_').starts_with(char::is_uppercase);
    parts.any(|part| part == "asyncio") && !parts.any(is_class)
}

/// The functions of asyncio whose calls are looked at.
pub const ASYNCIO_FUNCTIONS: [&str; 6] = [
    "create_task",
    "ensure_future",
    "gather",
    "run_coroutine_threadsafe",
    "shield",
    "wait_for",
];

/// The members of asyncio whose calls are looked at.
fn patchable() -> impl Iterator<Item = &'static str> {
    iter::once("Task").chain(ASYNCIO_FUNCTIONS)
}

/// Whether a text with these `bytes` may replace a member of asyncio while it is imported; cheap, and never wrong
/// where it says no.
pub fn may_patch_on_import(bytes: &[u8]) -> bool {
    if word_starts(bytes, "asyncio").next().is_none() {
        return false;
    }
    let sets_attributes = word_starts(bytes, "setattr").next().is_some();
    patchable().any(|member| {
        word_starts(bytes, member).any(|start| {
            let rest = &bytes[start + member.len()..];
            match rest.trim_ascii_start() {
                [b'=', b'=', ..] => false,
                [b'=' | b',' | b')' | b']' | b':', ..] => true,
                _ => sets_attributes && matches!(rest, [b'"' | b'\'', ..]),
            }
        })
    })
}

/// Whether a text with these `bytes` may replace what a module calls `member`, for all that
/// [`Source::replaced_in_modules`] finds; cheap.
pub fn may_replace_in_module(bytes: &[u8], member: &str) -> bool {
    let replaces_several = || memmem::find(bytes, b"multiple").is_some();
    word_starts(bytes, member).any(|start| {
        let (before, after) = (&bytes[..start], &bytes[start + member.len()..]);
        let is_member = before.ends_with(b".") && !before.ends_with(b"self.");
        match after.trim_ascii_start() {
            [b'=', b'=', ..] => false,
            [b'=', ..] => is_member || replaces_several(),
            [b'"' | b'\'', ..] => is_member || before.ends_with(b"\"") || before.ends_with(b"'"),
            _ => false,
        }
    })
}

/// How something may be replaced.
pub(crate) enum Replaced<'s> {
    /// By the string that is the argument with this index.
    ByString(&'s ast::ExprCall, usize, &'s str),
    /// By the keyword of a call of `patch.multiple()`.
    AmongSeveral(&'s ast::ExprCall),
    /// By the statement that stores to the attribute.
    ByAssignment(&'s ast::ExprAttribute, StmtRef<'s>),
}
