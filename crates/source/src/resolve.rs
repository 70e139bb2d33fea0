//! What a name or attribute stands for: names are resolved, never compared by their spelling.

use ruff_python_ast::token::{Token, TokenKind};
use ruff_python_ast::{self as ast, AnyNodeRef, Expr, ExprRef, StmtRef};
use ruff_text_size::{Ranged, TextRange, TextSize};

use crate::asyncio_star::OF_ASYNCIO_ALONE;
use crate::bindings::{Binding, BindingId, BindingKind, ScopeId, ScopeKind};
use crate::once::{once, once_of_several};
use crate::places::last_name;
use crate::{Path, Site, Source};

/// `a = b`, `b = c`, ... is followed this far; a chain in real code has one link.
pub(crate) const MAX_LINKS: usize = 8;

/// More bindings than that are not looked at one by one.
pub(crate) const MOST_MEANINGS: usize = 100;

/// Submodules of asyncio whose members are asyncio's own.
const ASYNCIO_SUBMODULES: &[&str] = &[
    "base_events",
    "coroutines",
    "events",
    "exceptions",
    "futures",
    "locks",
    "queues",
    "runners",
    "streams",
    "subprocess",
    "taskgroups",
    "tasks",
    "threads",
    "timeouts",
    "unix_events",
    "windows_events",
];

/// What an expression may stand for.
#[derive(Default, Clone)]
pub(crate) struct Meanings {
    /// Dotted names, counted from the modules that they come from, by the order in which the file binds them.
    names: Vec<String>,
    /// Besides, or instead, something of this file, or unknown.
    others: bool,
}

impl Meanings {
    const UNKNOWN: Meanings = Meanings {
        names: Vec::new(),
        others: true,
    };

    fn one(name: &str) -> Self {
        Self {
            names: vec![canonical(name)],
            others: false,
        }
    }

    fn add(&mut self, more: Self) {
        self.others |= more.others;
        for name in more.names {
            if !self.names.contains(&name) {
                self.names.push(name);
            }
        }
    }

    /// The names, where there is nothing else.
    fn known(self) -> Option<Vec<String>> {
        (!self.others && !self.names.is_empty()).then_some(self.names)
    }

    /// The one name, where there is nothing else.
    fn only(self) -> Option<String> {
        let mut names = self.known()?;
        (names.len() == 1).then(|| names.swap_remove(0))
    }
}

/// A call of one of some functions.
#[derive(Debug)]
pub struct CallTo<'s> {
    /// The call.
    pub site: Site<'s>,
    /// The dotted name of the function, or of one of those that it may be.
    pub name: String,
    /// What is called may be something else.
    pub is_unclear: bool,
}

impl Source<'_> {
    /// The calls whose callee is one of `names` ("asyncio.gather"), however it is spelled, in the
    /// order of the file.
    pub fn calls_to(&self, names: &[&str]) -> Vec<Site<'_>> {
        let calls = self.calls_that_may_be(names, |_| true).into_iter();
        (calls.filter(|call| !call.is_unclear).map(|call| call.site)).collect()
    }

    /// As [`Source::calls_to`], with those that may be calls of something else, of those alone that are `wanted`, which is
    /// asked first: what names mean takes a look at all of the file.
    pub fn calls_that_may_be(
        &self,
        names: &[&str],
        wanted: impl Fn(&Site<'_>) -> bool,
    ) -> Vec<CallTo<'_>> {
        // Nothing comes from a module that the file does not even mention.
        let mut modules = names.iter().map(|name| first_part(name));
        if !modules.any(|module| self.words(module).next().is_some()) {
            return Vec::new();
        }
        let members: Vec<&str> = names.iter().map(|name| last_part(name)).collect();
        let sites = self.calls_named(&[self.aliases_of(&members), members].concat());
        let is_meant = |name: &String| names.contains(&name.as_str());
        (sites.into_iter().filter(wanted))
            .filter_map(|site| {
                let meanings = self.follow((&*site.call.func).into(), MAX_LINKS);
                Some(CallTo {
                    site,
                    name: meanings.names.iter().find(|it| is_meant(it))?.clone(),
                    is_unclear: meanings.others || !meanings.names.iter().all(is_meant),
                })
            })
            .collect()
    }

    /// Whether `callee` is a name, and each binding that may have it stand for `meant` is at a path of which `holds` is true,
    /// or each such arm of a conditional expression that it gets.
    pub fn is_meant_only_where(
        &self,
        callee: &Expr,
        meant: &str,
        holds: impl Fn(&Path<'_>) -> bool,
    ) -> bool {
        let is_meant = |meanings: Meanings| meanings.names.iter().any(|name| name == meant);
        let is_where = |binding: &Binding| {
            let value = match binding.kind {
                BindingKind::Assignment { value, .. } => self.expr_at(value),
                _ => None,
            };
            let Some(value) = value else {
                return holds(&self.path_to(binding.target));
            };
            (arms(value).into_iter())
                .filter(|arm| is_meant(self.follow((*arm).into(), MAX_LINKS)))
                .all(|arm| holds(&self.path_to(arm.range())))
        };
        let name = callee.as_name_expr();
        let seen = name.and_then(|name| self.bindings().use_at(name.start()));
        seen.is_some_and(|seen| {
            (seen.bindings.iter().map(|id| self.bindings().binding(*id)))
                .filter(|it| is_meant(self.follow_binding(it, MAX_LINKS)))
                .all(is_where)
        })
    }

    /// The calls of a name that is bound once, to the method `method` of some object, with that
    /// object: `spawn = loop.create_task`, then `spawn(..)`.
    pub fn calls_of_bound_method(&self, method: &str) -> Vec<(Site<'_>, &Expr)> {
        self.calls_named(&self.aliases_of(&[method]))
            .into_iter()
            .filter_map(|site| {
                let Expr::Name(name) = &*site.call.func else {
                    return None;
                };
                let id = self.only_binding(name)?;
                let BindingKind::Assignment { value, .. } = self.bindings().binding(id).kind else {
                    return None;
                };
                match self.expr_at(value)? {
                    Expr::Attribute(attribute) if attribute.attr.as_str() == method => {
                        Some((site, &*attribute.value))
                    }
                    _ => None,
                }
            })
            .collect()
    }

    /// Names that an import, assignment or default of this file gives to something spelled like one of
    /// `names`: few, and found without asking what any name means.
    pub fn aliases_of<'s>(&'s self, names: &[&str]) -> Vec<&'s str> {
        let mut found: Vec<&str> = Vec::new();
        for name in names {
            self.add_aliases_of(name, &mut found);
        }
        let mut next = 0;
        while let Some(alias) = found.get(next).copied() {
            self.add_aliases_of(alias, &mut found);
            next += 1;
        }
        found
    }

    fn add_aliases_of<'s>(&'s self, name: &str, found: &mut Vec<&'s str>) {
        let mut looked_at = TextSize::default();
        for word in self.words_of_code(name) {
            let is_default = self.may_be_default(word);
            // A statement may have it very often.
            if word.start() < looked_at && !is_default {
                continue;
            }
            let path = self.path_to(word);
            if is_default && let Some(parameter) = parameter_with_default(&path, word) {
                if !found.contains(&parameter) {
                    found.push(parameter);
                }
                continue;
            }
            let aliases = match path.statement() {
                StmtRef::Assign(assign) => self.given_to(&assign.targets, &assign.value, name),
                StmtRef::AnnAssign(assign) => assign.value.as_deref().map_or(vec![], |value| {
                    self.given_to(std::slice::from_ref(&assign.target), value, name)
                }),
                StmtRef::Import(import) => imported_as(&import.names, name),
                StmtRef::ImportFrom(import) => imported_as(&import.names, name),
                StmtRef::Expr(_) | StmtRef::Return(_) => Vec::new(),
                _ => continue,
            };
            looked_at = path.statement().end();
            for alias in aliases {
                if !found.contains(&alias) {
                    found.push(alias);
                }
            }
        }
    }

    /// Whether the name that `word` ends, one of code, may be the default of a parameter: an equals sign stands in front.
    fn may_be_default(&self, word: TextRange) -> bool {
        let tokens = self.tokens();
        let end = tokens.partition_point(|token| token.start() < word.start());
        let mut before = tokens[..end]
            .iter()
            .rev()
            .map(Token::kind)
            .filter(|kind| !kind.is_trivia());
        let first =
            before.find(|kind| !matches!(kind, TokenKind::Name | TokenKind::Dot | TokenKind::Lpar));
        first == Some(TokenKind::Equal)
    }

    /// The names among `targets`, where `value`, which they are given, or a branch of it ends with `name`.
    fn given_to<'s>(&self, targets: &'s [Expr], value: &Expr, name: &str) -> Vec<&'s str> {
        let is_it = |arm: &Expr| last_name(arm.into()).is_some_and(|it| self.slice(it) == name);
        if !arms(value).into_iter().any(is_it) {
            return Vec::new();
        }
        let targets = targets.iter().filter_map(Expr::as_name_expr);
        targets.map(|target| target.id.as_str()).collect()
    }

    /// Whether all that `expr` may stand for is a member of asyncio.
    pub fn is_of_asyncio<'e>(&self, expr: impl Into<ExprRef<'e>>) -> bool {
        let meanings = self.meanings(expr);
        meanings.is_some_and(|all| all.iter().all(|it| it.starts_with("asyncio.")))
    }

    /// The dotted name of what `expr` stands for, counted from the module it comes from:
    /// `asyncio.gather` for each way to spell it. `None` where it stands for several things, for
    /// something of this file, or for something unknown.
    pub fn qualified<'e>(&self, expr: impl Into<ExprRef<'e>>) -> Option<String> {
        self.follow(expr.into(), MAX_LINKS).only()
    }

    /// As [`Source::qualified`], for all that `expr` may stand for, by the order in which the file
    /// binds it; `None` where something of that is of this file or unknown.
    pub fn meanings<'e>(&self, expr: impl Into<ExprRef<'e>>) -> Option<Vec<String>> {
        self.follow(expr.into(), MAX_LINKS).known()
    }

    /// Whether a name of the module that `member` of asyncio is imported by may stand for something else, of another module
    /// of which all is imported.
    pub fn may_be_hidden_by_star(&self, member: &str) -> bool {
        self.bindings().has_foreign_star() && !OF_ASYNCIO_ALONE.contains(&member)
    }

    fn follow(&self, expr: ExprRef<'_>, links: usize) -> Meanings {
        match expr {
            ExprRef::Attribute(attribute) => {
                let values = self.follow(ExprRef::from(&attribute.value), links);
                Meanings {
                    names: members(values.names, &attribute.attr),
                    others: values.others,
                }
            }
            ExprRef::Name(name) => {
                let seen = self.bindings().use_at(name.start());
                seen.map_or(Meanings::UNKNOWN, |seen| {
                    let key = (name.range(), links);
                    once_of_several(&self.meanings_of_names, &seen.bindings, key, || {
                        self.meanings_of(&seen.bindings, links, || self.may_come_by_star(name))
                    })
                })
            }
            ExprRef::If(branches) => {
                let key = (branches.range(), links);
                once(&self.meanings_of_names, key, || {
                    let mut meanings = Meanings::default();
                    for (arm, outcome) in [(&branches.body, true), (&branches.orelse, false)] {
                        if !self.never_comes_out(&branches.test, outcome) {
                            meanings.add(self.follow(ExprRef::from(arm), links));
                        }
                    }
                    meanings
                })
            }
            _ => Meanings::UNKNOWN,
        }
    }

    /// Whether a star may give `name` what it stands for, as far as its module is known.
    fn may_come_by_star(&self, name: &ast::ExprName) -> bool {
        self.types()
            .is_none_or(|types| types.may_come_by_star(name.range()))
    }

    /// As [`Source::qualified`], for an expression of an annotation in quotes: its names are those
    /// of the module.
    pub(crate) fn qualified_in_module(&self, expr: &Expr) -> Option<String> {
        match expr {
            Expr::Attribute(attribute) => {
                let value = self.qualified_in_module(&attribute.value)?;
                Some(canonical(&format!("{value}.{}", attribute.attr)))
            }
            Expr::Name(name) => {
                let bindings = self.bindings_in(ScopeId::MODULE, &name.id);
                self.meanings_of(&bindings, MAX_LINKS, || true).only()
            }
            _ => None,
        }
    }

    /// The binding whose value `name` has there; `None` where it may be that of several.
    pub fn only_binding(&self, name: &ast::ExprName) -> Option<BindingId> {
        match self.bindings().use_at(name.start())?.bindings[..] {
            [id] => Some(id),
            _ => None,
        }
    }

    /// Every binding of `name` in `scope`, in the order of the file.
    pub fn bindings_in(&self, scope: ScopeId, name: &str) -> Vec<BindingId> {
        self.bindings().of_name(scope, name)
    }

    /// What `bindings` stand for. One that binds `None` does not count: it cannot be called. Neither do stars, unless
    /// they `may_bind`, nor what never runs beside what does.
    fn meanings_of(
        &self,
        bindings: &[BindingId],
        links: usize,
        may_bind: impl Fn() -> bool,
    ) -> Meanings {
        // Generated code may bind a name thousands of times, which then means nothing in particular.
        if bindings.len() > MOST_MEANINGS {
            return Meanings::UNKNOWN;
        }
        let of = |bindings: &[&Binding]| {
            let mut meanings = Meanings::default();
            for binding in bindings {
                let is_nothing = match binding.kind {
                    BindingKind::Star => !may_bind(),
                    _ => self.binds_none(binding),
                };
                if !is_nothing {
                    meanings.add(self.follow_binding(binding, links));
                }
            }
            meanings.others |= meanings.names.is_empty();
            meanings
        };
        let all = bindings.iter().map(|id| self.bindings().binding(*id));
        let all: Vec<&Binding> = all.collect();
        let meanings = of(&all);
        // Which of them run takes a look around each, and matters only where they do not agree.
        let agree = meanings.names.is_empty() || meanings.names.len() == 1 && !meanings.others;
        if all.len() == 1 || agree {
            return meanings;
        }
        let runs = |it: &&Binding| !self.never_runs(&self.path_to(it.target));
        let running: Vec<&Binding> = all.iter().copied().filter(runs).collect();
        if running.is_empty() || running.len() == all.len() {
            return meanings;
        }
        of(&running)
    }

    /// As [`Source::qualified`], for what a binding gives its name.
    pub fn qualified_binding(&self, id: BindingId) -> Option<String> {
        (self.follow_binding(self.bindings().binding(id), MAX_LINKS)).only()
    }

    /// Whether `binding` gives its name `None`.
    pub fn binds_none(&self, binding: &Binding) -> bool {
        matches!(binding.kind, BindingKind::Assignment { value, .. }
            if matches!(self.expression_at(value), Some(ExprRef::NoneLiteral(_))))
    }

    fn follow_binding(&self, binding: &Binding, links: usize) -> Meanings {
        match &binding.kind {
            BindingKind::Import { module } => Meanings::one(module),
            BindingKind::ImportFrom { module, member } => {
                let dot = if module.ends_with('.') { "" } else { "." };
                Meanings::one(&format!("{module}{dot}{member}"))
            }
            BindingKind::Assignment { value, .. } => {
                match (self.expression_at(*value), links.checked_sub(1)) {
                    (Some(value), Some(links)) => self.follow(value, links),
                    _ => Meanings::UNKNOWN,
                }
            }
            // Whoever calls may give something else.
            BindingKind::Parameter {
                default: Some(value),
                ..
            } => match (self.expression_at(*value), links.checked_sub(1)) {
                (Some(value), Some(links)) => Meanings {
                    others: true,
                    ..self.follow(value, links)
                },
                _ => Meanings::UNKNOWN,
            },
            _ => Meanings::UNKNOWN,
        }
    }
}

/// The arms of `value` where it is a conditional expression, and theirs; else it alone.
fn arms(value: &Expr) -> Vec<&Expr> {
    let (mut values, mut arms) = (vec![value], Vec::new());
    while let Some(value) = values.pop() {
        match value {
            Expr::If(branches) => values.extend([&*branches.body, &*branches.orelse]),
            arm => arms.push(arm),
        }
    }
    arms
}

fn first_part(dotted: &str) -> &str {
    dotted.split('.').next().unwrap_or(dotted)
}

pub(crate) fn last_part(dotted: &str) -> &str {
    dotted.rsplit('.').next().unwrap_or(dotted)
}

/// The members `name` of all of `values`.
fn members(values: Vec<String>, name: &str) -> Vec<String> {
    let mut members: Vec<String> = Vec::with_capacity(values.len());
    for value in values {
        let member = canonical(&format!("{value}.{name}"));
        if !members.contains(&member) {
            members.push(member);
        }
    }
    members
}

/// `asyncio.tasks.gather` is `asyncio.gather`.
fn canonical(name: &str) -> String {
    let mut parts = name.split('.');
    if parts.next() == Some("asyncio")
        && let (Some(submodule), Some(member), None) = (parts.next(), parts.next(), parts.next())
        && ASYNCIO_SUBMODULES.contains(&submodule)
    {
        return format!("asyncio.{member}");
    }
    name.to_string()
}

impl Source<'_> {
    /// Whether `expr` is a name that an import gives to a module.
    pub fn names_a_module(&self, expr: &Expr) -> bool {
        let Expr::Name(name) = expr else { return false };
        self.bindings().use_at(name.start()).is_some_and(|seen| {
            !seen.bindings.is_empty()
                && seen.bindings.iter().all(|id| {
                    matches!(
                        self.bindings().binding(*id).kind,
                        BindingKind::Import { .. }
                    )
                })
        })
    }

    /// Whether `name` only ever means one function of the module.
    fn is_function_for_good(&self, name: &ast::ExprName) -> bool {
        let Some(id) = self.only_binding(name) else {
            return false;
        };
        let binding = self.bindings().binding(id);
        binding.scope == ScopeId::MODULE
            && matches!(binding.kind, BindingKind::Function(_))
            && self.bindings_in(binding.scope, &binding.name).len() == 1
            && !self.bindings().declare_global(&binding.name)
    }

    /// Whether `expr`, evaluated later in a function defined here, gives the same object: a function of
    /// a module, or a method of a parameter or local that is bound once, in no loop, and never
    /// deleted.
    pub fn is_bound_for_good(&self, expr: &Expr) -> bool {
        if let Some(name) = self.qualified(expr) {
            return name.starts_with("asyncio.");
        }
        if let Expr::Name(name) = expr {
            return self.is_function_for_good(name);
        }
        let Expr::Attribute(attribute) = expr else {
            return false;
        };
        let Expr::Name(name) = &*attribute.value else {
            return false;
        };
        let Some(id) = self.only_binding(name) else {
            return false;
        };
        let binding = self.bindings().binding(id);
        let is_function = self.bindings().scope(binding.scope).kind == ScopeKind::Function;
        let is_plain = matches!(
            binding.kind,
            BindingKind::Parameter { .. } | BindingKind::Assignment { .. }
        );
        let in_loop = self
            .path_to(binding.target)
            .around()
            .take_while(|node| !matches!(node, AnyNodeRef::StmtFunctionDef(_)))
            .any(|node| matches!(node, AnyNodeRef::StmtFor(_) | AnyNodeRef::StmtWhile(_)));
        let is_deleted = self.bindings().uses_of(id).into_iter().any(|offset| {
            matches!(
                self.path_to_name(offset).parent(),
                Some(AnyNodeRef::StmtDelete(_))
            )
        });
        is_function
            && is_plain
            && !in_loop
            && !is_deleted
            && self.bindings_in(binding.scope, &binding.name).len() == 1
    }
}

/// The parameter whose default is what the word at `path` ends.
fn parameter_with_default<'s>(path: &Path<'s>, word: TextRange) -> Option<&'s str> {
    let value = path.clone().with(|node| last_name(node) == Some(word))?;
    match value.parent()? {
        AnyNodeRef::ParameterWithDefault(it) => Some(it.parameter.name.as_str()),
        _ => None,
    }
}

/// The names that an import gives what it takes whose name ends with `name`.
fn imported_as<'s>(aliases: &'s [ast::Alias], name: &str) -> Vec<&'s str> {
    let renamed = aliases.iter().filter(|alias| {
        let last = alias.name.rsplit('.').next();
        last == Some(name)
    });
    renamed
        .filter_map(|alias| alias.asname.as_deref())
        .collect()
}
