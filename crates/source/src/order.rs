//! What a statement evaluates before one of its expressions.

use ruff_python_ast::{self as ast, AnyNodeRef, Expr, StmtRef};
use ruff_text_size::{Ranged, TextRange};

use crate::bindings::{BindingKind, ScopeId, ScopeKind};
use crate::{Path, Source};

impl Source<'_> {
    /// Whether the expression at `path`, evaluated ahead of its whole statement, finds and does the
    /// same: it is evaluated just once whenever the statement is, and what comes before it is constant
    /// and meets nothing on the way.
    pub fn can_be_evaluated_first(&self, path: &Path<'_>) -> bool {
        !matches!(path.statement(), StmtRef::Assert(_))
            && self.comes_after_only(path, |expr| self.is_constant(expr))
    }

    /// Whether the expression at `path` is evaluated just once whenever its statement is, and all that
    /// the statement evaluates before it is `fine`.
    pub fn comes_after_only(&self, path: &Path<'_>, fine: impl Fn(&Expr) -> bool) -> bool {
        let mut inner = path.node().range();
        for around in path.around() {
            match before(around, inner) {
                Some(before) if before.iter().all(|expr| fine(expr)) => {}
                _ => return false,
            }
            if around.is_statement() {
                return true;
            }
            // Arguments and loops are looked through.
            if around.is_expression() {
                inner = around.range();
            }
        }
        false
    }

    /// Whether `expr` gives the same value whenever the function around it gets to it, and nothing
    /// can tell when that is: literals, builtins, what the module defines and imports, locals that no
    /// other function binds, and the methods of a list or another display among these.
    fn is_constant(&self, expr: &Expr) -> bool {
        match expr {
            Expr::Name(name) => self.is_constant_name(name),
            Expr::Attribute(attribute) => match &*attribute.value {
                Expr::Name(name) if self.is_display(name) => self.is_constant_name(name),
                // The class or function of a module, to be called.
                _ => self.qualified(expr).is_some(),
            },
            Expr::Tuple(tuple) => tuple.elts.iter().all(|element| self.is_constant(element)),
            Expr::List(list) => list.elts.iter().all(|element| self.is_constant(element)),
            Expr::UnaryOp(operation) => operation.operand.is_literal_expr(),
            other => other.is_literal_expr(),
        }
    }

    /// Whether `name` holds a list, dictionary or set that this file shows.
    fn is_display(&self, name: &ast::ExprName) -> bool {
        let Some(id) = self.only_binding(name) else {
            return false;
        };
        match self.bindings().binding(id).kind {
            BindingKind::Assignment { value, .. } => matches!(
                self.expr_at(value),
                Some(
                    Expr::List(_)
                        | Expr::ListComp(_)
                        | Expr::Dict(_)
                        | Expr::DictComp(_)
                        | Expr::Set(_)
                        | Expr::SetComp(_)
                )
            ),
            _ => false,
        }
    }

    fn is_constant_name(&self, name: &ast::ExprName) -> bool {
        let bindings = self.bindings();
        let Some(seen) = bindings.use_at(name.start()) else {
            return false;
        };
        let owner = bindings.scopes_around(seen.scope).find(|(id, scope)| {
            let is_searched = scope.kind != ScopeKind::Class || *id == seen.scope;
            let found = bindings.name_in(*id, &name.id);
            is_searched && found.is_some_and(|found| found.local || found.global || found.nonlocal)
        });
        let Some((owner, _)) = owner else {
            return !bindings.declare_global(&name.id);
        };
        if !bindings.is_local(owner, &name.id) {
            return false;
        }
        let mut inside = bindings.mentions_within(owner, &name.id);
        let is_bound_inside = inside.any(|(_, found)| found.global || found.nonlocal);
        let is_settled = || match self.bindings_in(owner, &name.id)[..] {
            [only] => match bindings.binding(only).kind {
                BindingKind::Import { .. }
                | BindingKind::ImportFrom { .. }
                | BindingKind::Function(_)
                | BindingKind::Class(_)
                | BindingKind::Parameter { .. } => true,
                BindingKind::Assignment { .. } => !name.id.contains(char::is_lowercase),
                _ => false,
            },
            _ => false,
        };
        // What a local of this very function holds nobody else can change.
        let is_own = owner != ScopeId::MODULE && owner == seen.scope && !seen.maybe_unbound;
        !is_bound_inside && (is_own || is_settled())
    }
}

/// What `node` evaluates before the part of it at `inner`; `None` where it may never evaluate that
/// part, or several times, or in a function of its own.
fn before<'s>(node: AnyNodeRef<'s>, inner: TextRange) -> Option<Vec<&'s Expr>> {
    let is_inner = |expr: &Expr| expr.range().contains_range(inner);
    let up_to = |parts: Vec<&'s Expr>| {
        let index = parts.iter().position(|part| is_inner(part))?;
        Some(parts[..index].to_vec())
    };
    match node {
        AnyNodeRef::ExprCall(call) => {
            let mut parts = vec![&*call.func];
            // Unpacked arguments come before the keywords, wherever they stand.
            parts.extend(&call.arguments.args);
            let mut keywords = call.arguments.keywords.iter();
            let named = keywords
                .by_ref()
                .take_while(|keyword| keyword.arg.is_some());
            parts.extend(named.map(|keyword| &keyword.value));
            // A mapping is unpacked on the way.
            up_to(parts)
        }
        AnyNodeRef::Arguments(_)
        | AnyNodeRef::Keyword(_)
        | AnyNodeRef::ExprAttribute(_)
        | AnyNodeRef::ExprStarred(_)
        | AnyNodeRef::ExprNamed(_)
        | AnyNodeRef::ExprAwait(_)
        | AnyNodeRef::ExprYield(_)
        | AnyNodeRef::ExprYieldFrom(_)
        | AnyNodeRef::ExprUnaryOp(_)
        | AnyNodeRef::StmtExpr(_)
        | AnyNodeRef::StmtReturn(_) => Some(Vec::new()),
        AnyNodeRef::ExprSubscript(item) => up_to(vec![&item.value, &item.slice]),
        AnyNodeRef::ExprBinOp(operation) => up_to(vec![&operation.left, &operation.right]),
        // The operands from the third on depend on the comparisons before them.
        AnyNodeRef::ExprCompare(comparison) => {
            up_to(vec![&comparison.left, comparison.comparators.first()?])
        }
        AnyNodeRef::ExprBoolOp(operation) => up_to(vec![operation.values.first()?]),
        AnyNodeRef::ExprIf(branches) => up_to(vec![&branches.test]),
        AnyNodeRef::ExprTuple(tuple) => up_to(tuple.elts.iter().collect()),
        AnyNodeRef::ExprList(list) => up_to(list.elts.iter().collect()),
        AnyNodeRef::ExprSet(set) => up_to(set.elts.iter().collect()),
        AnyNodeRef::ExprDict(dict) => {
            let items = dict.items.iter();
            let plain = items.map_while(|item| Some([item.key.as_ref()?, &item.value]));
            up_to(plain.flatten().collect())
        }
        AnyNodeRef::Comprehension(comprehension) => up_to(vec![&comprehension.iter]),
        AnyNodeRef::ExprListComp(ast::ExprListComp { generators, .. })
        | AnyNodeRef::ExprSetComp(ast::ExprSetComp { generators, .. })
        | AnyNodeRef::ExprDictComp(ast::ExprDictComp { generators, .. })
        | AnyNodeRef::ExprGenerator(ast::ExprGenerator { generators, .. }) => {
            up_to(vec![&generators.first()?.iter])
        }
        AnyNodeRef::StmtAssign(assign) => up_to(vec![&assign.value]),
        AnyNodeRef::StmtAnnAssign(assign) => up_to(vec![assign.value.as_deref()?]),
        AnyNodeRef::StmtAugAssign(assign) => up_to(vec![&assign.target, &assign.value]),
        AnyNodeRef::StmtFor(statement) => up_to(vec![&statement.iter]),
        AnyNodeRef::StmtIf(statement) => up_to(vec![&statement.test]),
        AnyNodeRef::StmtMatch(statement) => up_to(vec![&statement.subject]),
        // Under `python -O` there is no such statement.
        AnyNodeRef::StmtAssert(statement) => up_to(vec![&statement.test]),
        AnyNodeRef::StmtRaise(statement) => up_to(vec![statement.exc.as_deref()?]),
        _ => None,
    }
}
