//! What is known of a timeout before the program runs.

use asyncmend_source::{BindingKind, Source, ast, is_inert};

/// The sign of a timeout.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    /// `None`, or a number above zero.
    PositiveOrNone,
    /// Zero or less.
    NotPositive,
    /// It depends.
    Unknown,
}

/// Names of constants are looked through this often.
const MAX_LINKS: usize = 4;

/// Whether finding out `timeout` takes no time and changes nothing.
pub(super) fn takes_no_time(source: &Source<'_>, timeout: &ast::Expr) -> bool {
    match timeout {
        ast::Expr::Call(call) => is_max(source, call) && call.arguments.args.iter().all(is_inert),
        other => is_inert(other),
    }
}

/// Whether a call of the builtin `max()` compares its arguments.
fn is_max(source: &Source<'_>, call: &ast::ExprCall) -> bool {
    let arguments = &call.arguments;
    source.is_builtin(&call.func, &["max"])
        && arguments.keywords.is_empty()
        && arguments.args.len() > 1
        && !arguments.args.iter().any(ast::Expr::is_starred_expr)
}

/// The sign of `timeout`, where literals and names that are bound once to literals show it.
pub(super) fn sign(source: &Source<'_>, timeout: &ast::Expr) -> Sign {
    match timeout {
        ast::Expr::NoneLiteral(_) => return Sign::PositiveOrNone,
        ast::Expr::If(branches) => {
            let (one, other) = (sign(source, &branches.body), sign(source, &branches.orelse));
            return if one == other { one } else { Sign::Unknown };
        }
        // The largest is above zero if one is.
        ast::Expr::Call(call) if is_max(source, call) => {
            let arguments = &call.arguments;
            let is_above = |it: &ast::Expr| value(source, it, MAX_LINKS).is_some_and(|it| it > 0.0);
            return if arguments.args.iter().any(is_above) {
                Sign::PositiveOrNone
            } else {
                Sign::Unknown
            };
        }
        _ => {}
    }
    match value(source, timeout, MAX_LINKS) {
        Some(seconds) if seconds > 0.0 => Sign::PositiveOrNone,
        Some(_) => Sign::NotPositive,
        None => Sign::Unknown,
    }
}

#[expect(clippy::cast_precision_loss, reason = "only the sign is used")]
fn value(source: &Source<'_>, expr: &ast::Expr, links: usize) -> Option<f64> {
    match expr {
        ast::Expr::NumberLiteral(literal) => match &literal.value {
            ast::Number::Int(int) => int.as_i64().map(|int| int as f64),
            ast::Number::Float(float) => Some(*float),
            ast::Number::Complex { .. } => None,
        },
        ast::Expr::UnaryOp(unary) => {
            let operand = value(source, &unary.operand, links)?;
            match unary.op {
                ast::UnaryOp::USub => Some(-operand),
                ast::UnaryOp::UAdd => Some(operand),
                _ => None,
            }
        }
        ast::Expr::BinOp(binary) => {
            let left = value(source, &binary.left, links)?;
            let right = value(source, &binary.right, links)?;
            match binary.op {
                ast::Operator::Add => Some(left + right),
                ast::Operator::Sub => Some(left - right),
                ast::Operator::Mult => Some(left * right),
                ast::Operator::Div if right != 0.0 => Some(left / right),
                _ => None,
            }
        }
        ast::Expr::Name(name) => {
            let id = source.only_binding(name)?;
            let binding = source.bindings().binding(id);
            // A function may rebind a global; then the module's binding is not the only one.
            let BindingKind::Assignment { value: bound, .. } = binding.kind else {
                return None;
            };
            value(source, source.expr_at(bound)?, links.checked_sub(1)?)
        }
        _ => None,
    }
}
