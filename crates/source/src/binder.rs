//! Walks the code of a module, or of a function of it, once and notes its scopes, what binds and uses names in them,
//! and the order in which that happens. What is in a function, and what a use may see, is found out later, where
//! somebody asks ([`Bindings::use_at`](crate::Bindings::use_at)): most functions have no site.

mod code;

use std::cell::OnceCell;

use ruff_python_ast::name::Name;
use ruff_python_ast::statement_visitor::{self, StatementVisitor};
use ruff_python_ast::token::{TokenKind, Tokens};
use ruff_python_ast::visitor::source_order::{self, SourceOrderVisitor};
use ruff_python_ast::{self as ast, Expr, Pattern, Stmt};
use ruff_text_size::{Ranged, TextRange, TextSize};
use rustc_hash::FxHashSet;

use self::code::{Code, Frame, Jump};
use crate::asyncio_star;
use crate::bindings::{
    Binding, BindingId, BindingKind, ByName, NameInScope, Named, Scope, ScopeId, ScopeKind, Site,
    Tables, Waiting,
};
use crate::flow::{Event, NameId, UseId};
use crate::module::is_standard_module;
use crate::words::is_one_in;

/// What the walks through a file have in common.
pub(crate) struct File<'t> {
    pub(crate) text: &'t str,
    pub(crate) tokens: &'t Tokens,
    /// Annotations are evaluated when somebody asks for them, if ever.
    pub(crate) postpones_annotations: bool,
    /// Where each `:=` is, in order; found out when first asked.
    pub(crate) walruses: &'t OnceCell<Vec<TextSize>>,
    /// Which names hold characters beyond ASCII, in order.
    pub(crate) names_beyond_ascii: &'t [TextRange],
}

/// Which functions wait until somebody asks about them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Waits {
    /// All that can.
    Usually,
    /// None.
    Never,
}

/// Every scope, binding and use of `module`, but of those functions that wait.
pub(crate) fn bind(module: &ast::ModModule, file: &File<'_>, waits: Waits) -> Tables {
    let mut binder = Binder::new(Tables::new(ScopeId::MODULE, 0), file, waits);
    binder.add_scope(Scope {
        parent: None,
        kind: ScopeKind::Module,
        range: module.range(),
        run_by: ScopeId::MODULE,
        waits: false,
        part: None,
    });
    binder.visit_body(&module.body);
    binder.finished()
}

/// Every scope, binding and use of the body of `function`, which waits; its scopes and bindings are numbered from
/// `first` on.
pub(crate) fn bind_function(
    function: &ast::StmtFunctionDef,
    waiting: &Waiting,
    first: u32,
    file: &File<'_>,
) -> Tables {
    let out = Tables::new(waiting.scope, first);
    let mut binder = Binder::new(out, file, Waits::Never);
    // As much as most code has.
    binder
        .out
        .uses
        .reserve(function.range().len().to_usize() / 20);
    binder.body(function);
    binder.finished()
}

/// Looks for statements that let a function bind what is outside of it.
struct BindsOutside(bool);

impl<'a> StatementVisitor<'a> for BindsOutside {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        match statement {
            // `nonlocal __class__` is bound by nobody.
            Stmt::Global(_) | Stmt::Nonlocal(_) => self.0 = true,
            _ => statement_visitor::walk_stmt(self, statement),
        }
    }
}

impl File<'_> {
    /// Whether `function`, which is at the top level or in a class of it, can wait until somebody asks about it.
    fn lets_wait(&self, function: &ast::StmtFunctionDef) -> bool {
        let mut outside = BindsOutside(false);
        outside.visit_body(&function.body);
        // A name that stands otherwise in the text is not found by that.
        !outside.0 && !is_one_in(self.names_beyond_ascii, function.range())
    }
}

struct Binder<'t> {
    out: Tables,
    /// The scope of the code that is walked through.
    scope: ScopeId,
    code: Code,
    /// The code is part of an expression that may not be evaluated.
    maybe: bool,
    /// What is bound is the last thing that its statement does.
    is_last: bool,
    file: &'t File<'t>,
    waits: Waits,
    /// The names that members of asyncio are imported by.
    of_asyncio: FxHashSet<NameId>,
}

impl<'t> Binder<'t> {
    fn new(out: Tables, file: &'t File<'t>, waits: Waits) -> Self {
        Self {
            scope: out.root,
            out,
            code: Code::new(),
            maybe: false,
            is_last: false,
            file,
            waits,
            of_asyncio: FxHashSet::default(),
        }
    }

    fn finished(mut self) -> Tables {
        self.out.code = self.code.graph;
        // What is run last may stand first.
        (self.out.waiting).sort_by_key(|waiting| waiting.range.start());
        for named in &mut self.out.names {
            for (_, found) in &mut named.scopes {
                found.local &= !(found.global || found.nonlocal);
            }
        }
        let names = self.out.names.len();
        let (bindings, first) = (&self.out.bindings, self.out.first);
        let with_ids = (first..).map(BindingId).zip(bindings);
        self.out.bound_as = ByName::of(names, with_ids.map(|(id, it)| (it.id, id)));
        for name in (0..number(names)).map(NameId) {
            let place = |id: &BindingId| (bindings[(id.0 - first) as usize].target.start(), *id);
            self.out.bound_as.get_mut(name).sort_by_key(place);
        }
        let uses = (0..).map(UseId).zip(&self.out.uses);
        self.out.used_as = ByName::of(names, uses.clone().map(|(id, site)| (site.name, id)));
        self.out.by_offset = in_order(uses.map(|(id, site)| (site.at, id)));
        self.out
    }

    fn name(&mut self, name: &Name) -> NameId {
        if let Some(id) = self.out.ids.get(name) {
            return *id;
        }
        let id = NameId(number(self.out.names.len()));
        self.out.ids.insert(name.clone(), id);
        self.out.names.push(Named::default());
        id
    }

    fn in_scope(&mut self, scope: ScopeId, name: NameId) -> &mut NameInScope {
        self.out.names[name.0 as usize].in_scope_mut(scope)
    }

    fn mark(&mut self, names: &[ast::Identifier], as_what: impl Fn(&mut NameInScope)) {
        for name in names {
            let (name, scope) = (self.name(&name.id), self.scope);
            as_what(self.in_scope(scope, name));
        }
    }

    fn used(&mut self, name: &Name, at: TextSize) {
        let (name, scope) = (self.name(name), self.scope);
        self.in_scope(scope, name);
        let id = UseId(number(self.out.uses.len()));
        self.out.uses.push(Site { at, name, scope });
        self.code.event(Event::Use(name, id));
    }

    fn declared(
        &mut self,
        name: &Name,
        target: TextRange,
        kind: BindingKind,
        scope: ScopeId,
    ) -> (NameId, BindingId) {
        let id = self.name(name);
        self.in_scope(scope, id).local = true;
        let binding = BindingId(self.out.first + number(self.out.bindings.len()));
        self.out.bindings.push(Binding {
            name: name.clone(),
            id,
            scope,
            kind,
            target,
        });
        (id, binding)
    }

    fn bound(&mut self, name: &Name, target: TextRange, kind: BindingKind) {
        self.bound_in(self.scope, name, target, kind);
    }

    fn bound_in(&mut self, scope: ScopeId, name: &Name, target: TextRange, kind: BindingKind) {
        let (name, binding) = self.declared(name, target, kind, scope);
        let (maybe, is_last) = (self.maybe, self.is_last);
        self.code.event(Event::Bind {
            name,
            scope,
            binding,
            maybe,
            is_last,
        });
    }

    fn unbound(&mut self, name: &Name) {
        let (name, scope) = (self.name(name), self.scope);
        self.in_scope(scope, name).local = true;
        self.code.event(Event::Unbind(name, scope));
    }

    fn identifier(&mut self, name: &ast::Identifier, kind: BindingKind) {
        self.bound(&name.id, name.range(), kind);
    }

    /// Walks through `inside` as the code of a new scope, which runs at once.
    fn at_once(&mut self, kind: ScopeKind, range: TextRange, inside: impl FnOnce(&mut Self)) {
        let run_by = self.run_by();
        let scope = self.new_scope(kind, range, Some(run_by));
        let around = std::mem::replace(&mut self.scope, scope);
        let start = self.code.graph.part();
        inside(self);
        let part = start.to(&self.code.graph.part());
        let index = self.index(scope);
        self.out.scopes[index].part = Some(part);
        self.scope = around;
    }

    /// The scope that runs the code that is walked through.
    fn run_by(&self) -> ScopeId {
        let here = self.out.scope(self.scope);
        here.map_or(self.out.root, |scope| scope.run_by)
    }

    fn index(&self, scope: ScopeId) -> usize {
        (scope.0 - self.out.first) as usize
    }

    /// Walks through `inside` as the code of a new scope, which runs whenever it is called.
    fn later(&mut self, kind: ScopeKind, range: TextRange, inside: impl FnOnce(&mut Self)) {
        let scope = self.defined(kind, range);
        let scope_around = std::mem::replace(&mut self.scope, scope);
        let code_around = std::mem::replace(&mut self.code, Code::new());
        let maybe = std::mem::replace(&mut self.maybe, false);
        inside(self);
        self.maybe = maybe;
        let code = std::mem::replace(&mut self.code, code_around);
        let index = self.index(scope);
        self.out.graphs[index] = Some(code.graph);
        self.scope = scope_around;
    }

    /// A new scope whose code runs whenever it is called.
    fn defined(&mut self, kind: ScopeKind, range: TextRange) -> ScopeId {
        let scope = self.new_scope(kind, range, None);
        let since = number(self.code.in_loop.unwrap_or(self.code.graph.len()));
        self.code.event(Event::Define { scope, since });
        scope
    }

    /// A scope whose code is part of that of `run_by`; of its own where there is none.
    fn new_scope(&mut self, kind: ScopeKind, range: TextRange, run_by: Option<ScopeId>) -> ScopeId {
        let scope = ScopeId(self.out.first + number(self.out.scopes.len()));
        self.add_scope(Scope {
            parent: Some(self.scope),
            kind,
            range,
            run_by: run_by.unwrap_or(scope),
            waits: false,
            part: None,
        });
        scope
    }

    fn add_scope(&mut self, scope: Scope) {
        self.out.scopes.push(scope);
        self.out.graphs.push(None);
    }

    fn function(&mut self, function: &ast::StmtFunctionDef) {
        for decorator in &function.decorator_list {
            self.visit_expr(&decorator.expression);
        }
        self.defaults(&function.parameters);
        let range = function.range();
        self.with_type_params(function.type_params.as_deref(), range, |binder| {
            binder.annotations(&function.parameters);
            if let Some(annotation) = &function.returns {
                binder.annotation(annotation);
            }
            if binder.may_wait(function) {
                let scope = binder.defined(ScopeKind::Function, range);
                let index = binder.index(scope);
                binder.out.scopes[index].waits = true;
                binder.out.waiting.push(Waiting { scope, range });
            } else {
                binder.later(ScopeKind::Function, range, |binder| binder.body(function));
            }
        });
        self.identifier(&function.name, BindingKind::Function(range));
    }

    fn body(&mut self, function: &ast::StmtFunctionDef) {
        self.parameters(&function.parameters);
        self.visit_body(&function.body);
    }

    fn may_wait(&self, function: &ast::StmtFunctionDef) -> bool {
        self.waits == Waits::Usually
            && self.run_by() == ScopeId::MODULE
            && self.file.lets_wait(function)
    }

    fn class(&mut self, class: &ast::StmtClassDef) {
        for decorator in &class.decorator_list {
            self.visit_expr(&decorator.expression);
        }
        let range = class.range();
        self.with_type_params(class.type_params.as_deref(), range, |binder| {
            if let Some(arguments) = &class.arguments {
                binder.visit_arguments(arguments);
            }
            binder.at_once(ScopeKind::Class, range, |binder| {
                binder.visit_body(&class.body);
            });
        });
        self.identifier(&class.name, BindingKind::Class(range));
    }

    fn with_type_params(
        &mut self,
        params: Option<&ast::TypeParams>,
        range: TextRange,
        inside: impl FnOnce(&mut Self),
    ) {
        let Some(params) = params else {
            return inside(self);
        };
        self.at_once(ScopeKind::TypeParameters, range, |binder| {
            for param in &params.type_params {
                binder.identifier(param.name(), BindingKind::Other);
                source_order::walk_type_param(binder, param);
            }
            inside(binder);
        });
    }

    fn defaults(&mut self, parameters: &ast::Parameters) {
        for parameter in parameters.iter_non_variadic_params() {
            if let Some(default) = &parameter.default {
                self.visit_expr(default);
            }
        }
    }

    fn annotations(&mut self, parameters: &ast::Parameters) {
        for parameter in parameters {
            if let Some(annotation) = parameter.annotation() {
                self.annotation(annotation);
            }
        }
    }

    fn annotation(&mut self, annotation: &Expr) {
        if self.file.postpones_annotations {
            let kind = ScopeKind::TypeParameters;
            self.later(kind, annotation.range(), |binder| {
                binder.visit_expr(annotation);
            });
        } else {
            self.visit_expr(annotation);
        }
    }

    fn parameters(&mut self, parameters: &ast::Parameters) {
        for parameter in parameters {
            let kind = BindingKind::Parameter {
                annotation: parameter.annotation().map(Ranged::range),
                variadic: parameter.is_variadic(),
                default: (parameter.default())
                    .filter(|it| it.is_name_expr() || it.is_attribute_expr())
                    .map(Ranged::range),
            };
            self.identifier(parameter.name(), kind);
        }
    }

    fn import(&mut self, import: &ast::StmtImport) {
        for alias in &import.names {
            let path = alias.name.as_str();
            let first = path.split('.').next().unwrap_or(path);
            let (name, module) = match &alias.asname {
                Some(name) => (name.id.clone(), path),
                None => (Name::new(first), first),
            };
            let module = module.to_owned();
            self.bound(&name, alias.range(), BindingKind::Import { module });
        }
    }

    fn import_from(&mut self, import: &ast::StmtImportFrom) {
        let dots = ".".repeat(import.level as usize);
        let module = format!("{dots}{}", import.module.as_deref().unwrap_or_default());
        for alias in &import.names {
            if alias.name.as_str() == "*" {
                self.import_star(&module, alias);
                continue;
            }
            let kind = BindingKind::ImportFrom {
                module: module.clone(),
                member: alias.name.to_string(),
            };
            let name = alias.asname.as_ref().unwrap_or(&alias.name);
            self.bound(&name.id, alias.range(), kind);
            if module == "asyncio" || module.starts_with("asyncio.") {
                let name = self.name(&name.id);
                self.of_asyncio.insert(name);
            }
        }
    }

    /// Of what a star takes asyncio's members alone are known. Those of another module may hide them, but for a few that
    /// no other module of the standard library has. Only the top level of a module may have one.
    fn import_star(&mut self, module: &str, alias: &ast::Alias) {
        if self.scope != ScopeId::MODULE {
            return;
        }
        let is_asyncio = module == "asyncio";
        let is_standard = module.split('.').next().is_some_and(is_standard_module);
        self.out.has_foreign_star |= !is_asyncio;
        let hides = |binder: &Self, name: &str| {
            let id = binder.out.ids.get(name);
            let may_be_another = !is_standard || !asyncio_star::OF_ASYNCIO_ALONE.contains(&name);
            may_be_another && id.is_some_and(|id| binder.of_asyncio.contains(id))
        };
        for name in asyncio_star::ALL {
            let kind = if is_asyncio {
                BindingKind::ImportFrom {
                    module: module.to_owned(),
                    member: (*name).to_owned(),
                }
            } else if hides(self, name) {
                BindingKind::Star
            } else {
                continue;
            };
            let around = self.maybe;
            self.maybe |= !is_asyncio;
            self.bound(&Name::new_static(name), alias.range(), kind);
            self.maybe = around;
            if is_asyncio {
                let name = self.name(&Name::new_static(name));
                self.of_asyncio.insert(name);
            }
        }
    }

    /// What gets the value that is described by `kind` where it is a name; parts of it elsewhere.
    fn target(&mut self, target: &Expr, kind: BindingKind) {
        match target {
            Expr::Name(name) => self.bound(&name.id, name.range(), kind),
            Expr::Starred(starred) => self.target(&starred.value, BindingKind::Other),
            Expr::Tuple(ast::ExprTuple { elts, .. }) | Expr::List(ast::ExprList { elts, .. }) => {
                for element in elts {
                    self.target(element, BindingKind::Other);
                }
            }
            other => self.visit_expr(other),
        }
    }

    fn assignment(&mut self, assign: &ast::StmtAssign) {
        self.visit_expr(&assign.value);
        for target in &assign.targets {
            let kind = BindingKind::Assignment {
                value: assign.value.range(),
                annotation: None,
            };
            self.is_last = assign.targets.len() == 1 && target.is_name_expr();
            self.target(target, kind);
            self.is_last = false;
        }
    }

    fn annotated_assignment(&mut self, assign: &ast::StmtAnnAssign) {
        self.annotation(&assign.annotation);
        let annotation = assign.annotation.range();
        if let Some(value) = &assign.value {
            self.visit_expr(value);
            let kind = BindingKind::Assignment {
                value: value.range(),
                annotation: Some(annotation),
            };
            self.target(&assign.target, kind);
        } else if let Expr::Name(name) = &*assign.target {
            let kind = BindingKind::Declaration { annotation };
            self.declared(&name.id, name.range(), kind, self.scope);
        } else {
            self.visit_expr(&assign.target);
        }
    }

    fn augmented_assignment(&mut self, assign: &ast::StmtAugAssign) {
        match &*assign.target {
            Expr::Name(name) => {
                self.used(&name.id, name.start());
                self.visit_expr(&assign.value);
                self.bound(&name.id, name.range(), BindingKind::Other);
            }
            target => {
                self.visit_expr(target);
                self.visit_expr(&assign.value);
            }
        }
    }

    fn condition(&mut self, condition: &ast::StmtIf) {
        self.visit_expr(&condition.test);
        let mut tested = self.code.at;
        self.code.begin([tested]);
        self.visit_body(&condition.body);
        let mut ends = Vec::from_iter(self.code.end());
        let mut is_exhaustive = false;
        for clause in &condition.elif_else_clauses {
            if let Some(test) = &clause.test {
                self.code.begin([tested]);
                self.visit_expr(test);
                tested = self.code.at;
            } else {
                is_exhaustive = true;
            }
            self.code.begin([tested]);
            self.visit_body(&clause.body);
            ends.extend(self.code.end());
        }
        if !is_exhaustive {
            ends.push(tested);
        }
        self.code.join(ends);
    }

    /// A loop whose `head` is evaluated before each turn; it ends there unless it `is_endless`.
    fn repeat(
        &mut self,
        is_endless: bool,
        head: impl FnOnce(&mut Self),
        target: impl FnOnce(&mut Self),
        body: &[Stmt],
        orelse: &[Stmt],
    ) {
        let before = self.code.at;
        let exit = self.code.junction();
        self.code.begin([before]);
        let start = self.code.at;
        let around = self.code.in_loop;
        self.code.in_loop = around.or(Some(self.code.graph.len()));
        head(self);
        let headed = self.code.at;
        self.code.frames.push(Frame::Loop {
            head: start,
            exit,
            is_left: false,
        });
        self.code.begin([headed]);
        target(self);
        self.visit_body(body);
        if let Some(end) = self.code.end() {
            self.code.graph.edge(end, start);
        }
        let frame = self.code.frames.pop();
        self.code.in_loop = around;
        let mut is_left = matches!(frame, Some(Frame::Loop { is_left: true, .. }));
        // What is never reached binds names of the scope all the same.
        self.code.begin((!is_endless).then_some(headed));
        self.visit_body(orelse);
        if let Some(end) = self.code.end().filter(|_| !is_endless) {
            is_left = true;
            self.code.graph.edge(end, exit);
        }
        self.code.join(Vec::from_iter(is_left.then_some(exit)));
    }

    fn with(&mut self, with: &ast::StmtWith) {
        let around = self.code.raises_to;
        let mut swallowed = None;
        for item in &with.items {
            self.visit_expr(&item.context_expr);
            if let Some(target) = &item.optional_vars {
                let kind = BindingKind::With {
                    context: item.context_expr.range(),
                    is_async: with.is_async,
                };
                self.target(target, kind);
            }
            if swallowed.is_none() {
                // A context manager may swallow what is raised from here on.
                let before = self.code.at;
                swallowed = Some(self.code.junction());
                self.code.raises_to = swallowed;
                self.code.begin([before]);
            }
        }
        self.visit_body(&with.body);
        self.code.raises_to = around;
        let ends = self.code.end().into_iter().chain(swallowed).collect();
        self.code.join(ends);
    }

    fn matching(&mut self, matching: &ast::StmtMatch) {
        self.visit_expr(&matching.subject);
        let mut not_matched = vec![self.code.at];
        let mut ends = Vec::new();
        for case in &matching.cases {
            let before = self.code.junction();
            for from in std::mem::take(&mut not_matched) {
                self.code.graph.edge(from, before);
            }
            self.code.begin([before]);
            self.visit_pattern(&case.pattern);
            if let Some(guard) = &case.guard {
                self.visit_expr(guard);
            }
            let matched = self.code.at;
            if case.guard.is_some() || !case.pattern.is_irrefutable() {
                not_matched.extend([before, matched]);
            }
            self.code.begin([matched]);
            self.visit_body(&case.body);
            ends.extend(self.code.end());
        }
        ends.extend(not_matched);
        self.code.join(ends);
    }

    fn try_(&mut self, statement: &ast::StmtTry) {
        let around = self.code.raises_to;
        let before = self.code.at;
        let cleanup = (!statement.finalbody.is_empty()).then(|| self.code.junction());
        if let Some(entry) = cleanup {
            let then = Vec::new();
            self.code.frames.push(Frame::Finally { entry, then });
        }
        let outside = cleanup.or(around);
        self.code.raises_to = outside;
        let caught = (!statement.handlers.is_empty()).then(|| self.code.junction());
        self.code.raises_to = caught.or(outside);
        self.code.begin([before]);
        self.visit_body(&statement.body);
        let body_leaves = self.code.has_left;
        self.code.raises_to = outside;
        self.code.begin([self.code.at]);
        self.visit_body(&statement.orelse);
        let end = self.code.end().filter(|_| !body_leaves);
        let mut ends = Vec::from_iter(end);
        for handler in &statement.handlers {
            let ast::ExceptHandler::ExceptHandler(handler) = handler;
            self.code.begin(caught);
            if let Some(class) = &handler.type_ {
                self.visit_expr(class);
            }
            if let Some(name) = &handler.name {
                self.identifier(name, BindingKind::Other);
            }
            self.visit_body(&handler.body);
            if let Some(end) = self.code.end() {
                if let Some(name) = &handler.name {
                    self.unbound(&name.id);
                }
                ends.push(end);
            }
        }
        self.code.raises_to = around;
        let Some(cleanup) = cleanup else {
            self.code.join(ends);
            return;
        };
        let frame = self.code.frames.pop();
        let is_reached = !ends.is_empty();
        self.code.begin(ends);
        let first = self.code.at;
        self.visit_body(&statement.finalbody);
        // It goes on with what was raised before.
        self.code.event(Event::Tick);
        let end = self.code.end();
        let last = self.code.at;
        // Once more for when something was raised or left: it does not go on below then.
        let (again, end_again) = self.code.graph.copy(first, last);
        self.code.graph.edge(cleanup, again);
        if let (Some(_), Some(Frame::Finally { then, .. })) = (end, frame) {
            for jump in then {
                self.code.jump(end_again, jump);
            }
        }
        self.code.join(Vec::from_iter(end.filter(|_| is_reached)));
    }

    fn leaves(&mut self, jump: Jump) {
        self.code.jump(self.code.at, jump);
        self.code.has_left = true;
    }

    fn comprehension(
        &mut self,
        range: TextRange,
        generators: &[ast::Comprehension],
        elements: &[&Expr],
    ) {
        // The first iterable is evaluated outside.
        if let Some(first) = generators.first() {
            self.visit_expr(&first.iter);
        }
        self.at_once(ScopeKind::Comprehension, range, |binder| {
            binder.elements(generators, elements);
        });
    }

    /// What a comprehension evaluates for each element, in its own scope.
    fn elements(&mut self, generators: &[ast::Comprehension], elements: &[&Expr]) {
        let around = std::mem::replace(&mut self.maybe, true);
        for (index, generator) in generators.iter().enumerate() {
            if index > 0 {
                self.visit_expr(&generator.iter);
            }
            let kind = BindingKind::For {
                iterable: generator.iter.range(),
            };
            // Whatever is evaluated after it sees it.
            let maybe = std::mem::replace(&mut self.maybe, false);
            self.target(&generator.target, kind);
            self.maybe = maybe;
            for condition in &generator.ifs {
                self.visit_expr(condition);
            }
        }
        for element in elements {
            self.visit_expr(element);
        }
        self.maybe = around;
    }

    /// A generator runs whenever somebody asks it for more; one that binds names of the scope around is
    /// taken to run at once.
    fn generator(&mut self, generator: &ast::ExprGenerator) {
        let (range, generators) = (generator.range(), &generator.generators);
        let mut parts = generators
            .iter()
            .flat_map(|it| &it.ifs)
            .chain([&*generator.elt]);
        if parts.any(|part| self.has_walrus(part.range())) {
            return self.comprehension(range, generators, &[&generator.elt]);
        }
        if let Some(first) = generators.first() {
            self.visit_expr(&first.iter);
        }
        self.later(ScopeKind::Comprehension, range, |binder| {
            binder.elements(generators, &[&generator.elt]);
        });
    }

    /// Whether an expression in `range` binds a name; told from tokens, as generators may nest deep.
    fn has_walrus(&self, range: TextRange) -> bool {
        let walruses = self.file.walruses.get_or_init(|| {
            let tokens = self.file.tokens;
            let is_walrus = |at: &TextSize| {
                let index = tokens.partition_point(|token| token.start() < *at);
                let token = tokens.get(index);
                token.is_some_and(|it| it.start() == *at && it.kind() == TokenKind::ColonEqual)
            };
            memchr::memmem::find_iter(self.file.text.as_bytes(), ":=")
                .filter_map(|at| TextSize::try_from(at).ok())
                .filter(is_walrus)
                .collect()
        });
        let next = walruses.partition_point(|walrus| *walrus < range.start());
        walruses
            .get(next)
            .is_some_and(|walrus| *walrus < range.end())
    }

    fn named(&mut self, named: &ast::ExprNamed) {
        self.visit_expr(&named.value);
        let Expr::Name(name) = &*named.target else {
            return;
        };
        // It belongs to the scope around a comprehension.
        let mut scope = self.scope;
        while let Some(&Scope {
            kind: ScopeKind::Comprehension,
            parent: Some(parent),
            ..
        }) = self.out.scope(scope)
        {
            scope = parent;
        }
        let kind = BindingKind::Assignment {
            value: named.value.range(),
            annotation: None,
        };
        self.bound_in(scope, &name.id, name.range(), kind);
    }

    fn lambda(&mut self, lambda: &ast::ExprLambda) {
        if let Some(parameters) = &lambda.parameters {
            self.defaults(parameters);
        }
        self.later(ScopeKind::Lambda, lambda.range(), |binder| {
            if let Some(parameters) = &lambda.parameters {
                binder.parameters(parameters);
            }
            binder.visit_expr(&lambda.body);
        });
    }

    /// An expression that is evaluated on a condition.
    fn maybe(&mut self, expr: &Expr) {
        let around = std::mem::replace(&mut self.maybe, true);
        self.visit_expr(expr);
        self.maybe = around;
    }
}

impl<'a> SourceOrderVisitor<'a> for Binder<'_> {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        if self.code.has_left {
            // Never reached; read as if it were.
            self.code.begin([self.code.at]);
            self.code.has_left = false;
        }
        if self.code.raises_to.is_some() {
            self.code.event(Event::Tick);
        }
        match statement {
            Stmt::FunctionDef(function) => self.function(function),
            Stmt::ClassDef(class) => self.class(class),
            Stmt::Import(import) => self.import(import),
            Stmt::ImportFrom(import) => self.import_from(import),
            Stmt::Assign(assign) => self.assignment(assign),
            Stmt::AnnAssign(assign) => self.annotated_assignment(assign),
            Stmt::AugAssign(assign) => self.augmented_assignment(assign),
            Stmt::TypeAlias(alias) => {
                let range = alias.range();
                self.target(&alias.name, BindingKind::Other);
                self.with_type_params(alias.type_params.as_deref(), range, |binder| {
                    binder.visit_expr(&alias.value);
                });
            }
            Stmt::If(condition) => self.condition(condition),
            Stmt::While(repeat) => self.repeat(
                is_true(&repeat.test),
                |binder| binder.visit_expr(&repeat.test),
                |_| {},
                &repeat.body,
                &repeat.orelse,
            ),
            Stmt::For(repeat) => {
                self.visit_expr(&repeat.iter);
                let kind = BindingKind::For {
                    iterable: repeat.iter.range(),
                };
                self.repeat(
                    false,
                    |_| {},
                    |binder| binder.target(&repeat.target, kind),
                    &repeat.body,
                    &repeat.orelse,
                );
            }
            Stmt::With(with) => self.with(with),
            Stmt::Match(matching) => self.matching(matching),
            Stmt::Try(statement) => self.try_(statement),
            Stmt::Return(_) => {
                source_order::walk_stmt(self, statement);
                self.leaves(Jump::Return);
            }
            Stmt::Raise(_) => {
                source_order::walk_stmt(self, statement);
                self.code.has_left = true;
            }
            Stmt::Break(_) => self.leaves(Jump::Break),
            Stmt::Continue(_) => self.leaves(Jump::Continue),
            Stmt::Global(global) => self.mark(&global.names, |name| name.global = true),
            Stmt::Nonlocal(nonlocal) => self.mark(&nonlocal.names, |name| name.nonlocal = true),
            Stmt::Assert(assert) => {
                self.visit_expr(&assert.test);
                if let Some(message) = &assert.msg {
                    self.maybe(message);
                }
            }
            Stmt::Delete(_) | Stmt::Expr(_) | Stmt::Pass(_) | Stmt::IpyEscapeCommand(_) => {
                source_order::walk_stmt(self, statement);
            }
        }
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        match expr {
            Expr::Name(name) => match name.ctx {
                ast::ExprContext::Store => self.bound(&name.id, name.range(), BindingKind::Other),
                ast::ExprContext::Del => {
                    self.used(&name.id, name.start());
                    self.unbound(&name.id);
                }
                ast::ExprContext::Load | ast::ExprContext::Invalid => {
                    self.used(&name.id, name.start());
                }
            },
            Expr::Named(named) => self.named(named),
            Expr::Lambda(lambda) => self.lambda(lambda),
            Expr::BoolOp(operation) => {
                let mut values = operation.values.iter();
                values.next().into_iter().for_each(|it| self.visit_expr(it));
                values.for_each(|value| self.maybe(value));
            }
            Expr::If(condition) => {
                self.visit_expr(&condition.test);
                self.maybe(&condition.body);
                self.maybe(&condition.orelse);
            }
            Expr::ListComp(it) => self.comprehension(it.range(), &it.generators, &[&it.elt]),
            Expr::SetComp(it) => self.comprehension(it.range(), &it.generators, &[&it.elt]),
            Expr::Generator(it) => self.generator(it),
            // What is unpacked runs at once.
            Expr::Starred(starred) => match &*starred.value {
                Expr::Generator(it) => self.comprehension(it.range(), &it.generators, &[&it.elt]),
                value => self.visit_expr(value),
            },
            Expr::Compare(comparison) => {
                self.visit_expr(&comparison.left);
                let mut others = comparison.comparators.iter();
                others.next().into_iter().for_each(|it| self.visit_expr(it));
                others.for_each(|other| self.maybe(other));
            }
            Expr::DictComp(it) => {
                let key = it.key.as_deref().into_iter();
                let elements: Vec<&Expr> = key.chain([&*it.value]).collect();
                self.comprehension(it.range(), &it.generators, &elements);
            }
            _ => source_order::walk_expr(self, expr),
        }
    }

    fn visit_pattern(&mut self, pattern: &'a Pattern) {
        source_order::walk_pattern(self, pattern);
        let name = match pattern {
            Pattern::MatchAs(pattern) => &pattern.name,
            Pattern::MatchStar(pattern) => &pattern.name,
            Pattern::MatchMapping(pattern) => &pattern.rest,
            _ => return,
        };
        if let Some(name) = name {
            self.identifier(name, BindingKind::Other);
        }
    }
}

/// `items` in order. They nearly are: a value comes before its target.
fn in_order<T: Ord>(items: impl Iterator<Item = T>) -> Vec<T> {
    let mut sorted: Vec<T> = Vec::with_capacity(items.size_hint().1.unwrap_or_default());
    let mut late = Vec::new();
    for item in items {
        match sorted.last() {
            Some(last) if item < *last => late.push(item),
            _ => sorted.push(item),
        }
    }
    // Two that are in order are merged at once.
    late.sort();
    sorted.append(&mut late);
    sorted.sort();
    sorted
}

/// Whether a condition always holds.
fn is_true(test: &Expr) -> bool {
    match test {
        Expr::BooleanLiteral(literal) => literal.value,
        Expr::NumberLiteral(literal) => {
            matches!(&literal.value, ast::Number::Int(value) if *value != 0)
        }
        _ => false,
    }
}

fn number(length: usize) -> u32 {
    u32::try_from(length).expect("a file has less of everything than bytes")
}
