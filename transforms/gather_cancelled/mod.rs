//! Questions to the future of a gather that it answers wrongly once it was cancelled. They are reported:
//! what to ask in their place depends on what the program wants to know.

use asyncmend_pipeline::{Finding, Lasts, Needle, Refusal, Transform, Verdict};
use asyncmend_source::{Ranged, Role, Source, ast};

pub(crate) const TRANSFORM: Transform = Transform {
    id: "gather-cancelled",
    summary: "report where the future of a gather is asked whether it was cancelled",
    subject: "Report what relies on cancelled() of gathers",
    flaw: "the future of asyncio.gather() does not know that it was cancelled (gh-85071)",
    reference: "https://github.com/python/cpython/issues/85071",
    doc: include_str!("doc.md"),
    needles: &[
        &[
            Needle::Word("asyncio"),
            Needle::Callee("gather"),
            Needle::Word("cancelled"),
        ],
        &[
            Needle::Word("asyncio"),
            Needle::Callee("gather"),
            Needle::Word("exception"),
        ],
    ],
    replaces: None,
    fixed_in: None,
    refusals: &[NEVER_CANCELLED, RETURNS_CANCELLATION],
    cautions: &[],
    find,
    learn: None,
    tidy: None,
};

const NEVER_CANCELLED: Refusal = Refusal {
    code: "never-cancelled",
    because: "cancelled() of a gather's future is False, also when it was cancelled (gh-85071)",
    remedy: "ask `fut.done() and isinstance(fut.exception(), asyncio.CancelledError)`, or catch \
             CancelledError where it is awaited",
    lasts: Lasts::InOtherFunctions,
};

const RETURNS_CANCELLATION: Refusal = Refusal {
    code: "returns-cancellation",
    because: "exception() of a gather's future that was cancelled returns the CancelledError, where \
              that of a task raises it (gh-85071)",
    remedy: "tell it from a failure by `isinstance(.., asyncio.CancelledError)`",
    lasts: Lasts::InOtherFunctions,
};

fn find(source: &Source<'_>) -> Vec<Finding> {
    let question = |call: &ast::ExprCall| match &*call.func {
        ast::Expr::Attribute(method) if call.arguments.is_empty() => match method.attr.as_str() {
            "cancelled" => Some(&NEVER_CANCELLED),
            "exception" => Some(&RETURNS_CANCELLATION),
            _ => None,
        },
        _ => None,
    };
    source
        .calls_named(&["cancelled", "exception"])
        .iter()
        .filter_map(|site| {
            let ast::Expr::Attribute(method) = &*site.call.func else {
                return None;
            };
            let refusal = question(site.call).filter(|_| is_gather(source, &method.value))?;
            let is_told_apart = refusal == &RETURNS_CANCELLATION
                && source.is_argument_of(&site.path, &["isinstance"]);
            // Whoever drops the answer asks nothing: an exception that was asked for is not reported.
            let is_dropped = matches!(site.path.role(), Role::Statement(_));
            (!is_told_apart && !is_dropped).then_some(Finding {
                at: site.call.range(),
                verdict: Verdict::Refused(refusal),
            })
        })
        .collect()
}

/// Whether an expression is the future of a gather whenever it is anything but `None`.
fn is_gather(source: &Source<'_>, expr: &ast::Expr) -> bool {
    let makes_one = |value: &ast::Expr| match value {
        ast::Expr::Call(call) => source.qualified(&*call.func).as_deref() == Some("asyncio.gather"),
        _ => false,
    };
    makes_one(expr)
        || source
            .values_of(expr)
            .is_some_and(|values| !values.is_empty() && values.into_iter().all(makes_one))
}
