//! The arguments of a site laid out in other ways: the result is the same code.

use asyncmend_pipeline::{Decided, Decision, Source, TextRange, TextSize};
use asyncmend_source::ast::visitor::{Visitor, walk_expr};
use asyncmend_source::{Ranged, ast, is_same_code};

use crate::case::{self, Case, Mended};
use crate::cases::on_a_big_stack;

/// What stands around and between the arguments of a call.
#[derive(Debug, Clone, Copy)]
enum Layout {
    /// Each below the first.
    Aligned,
    /// Each on a line of its own, indented, with a comma behind the last.
    Exploded,
    /// All on a line of their own.
    Body,
    /// Each below the first, with a comment behind its comma.
    Commented,
}

const LAYOUTS: [Layout; 4] = [
    Layout::Aligned,
    Layout::Exploded,
    Layout::Body,
    Layout::Commented,
];

/// What a gather does anyway, written out: behind the other arguments, and in front of those that are unpacked.
const NO_CHANGE: &str = "return_exceptions=False";

/// The calls of a text that lie on one line and in no string, as their callees end and their arguments go.
#[derive(Default)]
struct Calls {
    found: Vec<(TextRange, TextSize, Vec<TextRange>)>,
}

impl<'a> Visitor<'a> for Calls {
    fn visit_expr(&mut self, expr: &'a ast::Expr) {
        match expr {
            ast::Expr::FString(_) | ast::Expr::TString(_) => {}
            ast::Expr::Call(call) => {
                let arguments = call.arguments.iter_source_order();
                self.found.push((
                    call.range(),
                    call.arguments.start() + TextSize::of('('),
                    arguments.map(|it| it.range()).collect(),
                ));
                walk_expr(self, expr);
            }
            _ => walk_expr(self, expr),
        }
    }
}

/// The text, with the arguments of the calls at `sites` in `layout`, and `return_exceptions=False` among those that are
/// `spelled`. None where nothing changes.
fn with_arguments(
    source: &Source<'_>,
    sites: &[TextRange],
    layout: Layout,
    spelled: &[TextRange],
) -> Option<String> {
    let text = source.text();
    let mut calls = Calls::default();
    for statement in source.body() {
        calls.visit_stmt(statement);
    }
    let mut found: Vec<_> = (calls.found.into_iter())
        .filter(|(range, _, arguments)| {
            sites.contains(range) && !arguments.is_empty() && !text[*range].contains(['\n', '\r'])
        })
        .collect();
    // Of calls inside each other, the outer one.
    found.retain(|(range, ..)| {
        sites
            .iter()
            .all(|it| it == range || !it.contains_range(*range))
    });
    found.sort_by_key(|(range, ..)| range.start());
    let mut out = String::new();
    let mut last = 0;
    for (range, open, arguments) in found {
        let line = text[..range.start().to_usize()]
            .rfind('\n')
            .map_or(0, |at| at + 1);
        let before = &text[line..open.to_usize()];
        let indent = before.len() - before.trim_start_matches(' ').len();
        if before.contains(['\t', '\u{feff}']) {
            continue;
        }
        let below = " ".repeat(before.chars().count());
        let (head, between, tail) = match layout {
            Layout::Aligned => (String::new(), format!(",\n{below}"), String::new()),
            Layout::Commented => (String::new(), format!(",  # one\n{below}"), String::new()),
            Layout::Exploded => {
                let inner = " ".repeat(indent + 4);
                let outer = " ".repeat(indent);
                (
                    format!("\n{inner}"),
                    format!(",\n{inner}"),
                    format!(",\n{outer}"),
                )
            }
            Layout::Body => {
                let inner = " ".repeat(indent + 4);
                (
                    format!("\n{inner}"),
                    ", ".to_owned(),
                    format!("\n{}", " ".repeat(indent)),
                )
            }
        };
        let mut given: Vec<&str> = arguments.iter().map(|it| &text[*it]).collect();
        if spelled.contains(&range) && !given.contains(&NO_CHANGE) {
            let at = given.iter().position(|it| it.starts_with('*'));
            given.insert(at.unwrap_or(given.len()), NO_CHANGE);
        }
        out.push_str(&text[last..open.to_usize()]);
        out.push_str(&head);
        out.push_str(&given.join(&between));
        out.push_str(&tail);
        last = range.end().to_usize() - 1;
    }
    out.push_str(&text[last..]);
    (last > 0 && out != text).then_some(out)
}

/// The case with its sites in `layout`, and with what a gather does anyway written out in those that are rewritten
/// where that `is_spelled`. None where that is no other text.
fn laid_out(case: &Case, usual: &Mended, layout: Layout, is_spelled: bool) -> Option<String> {
    let findings = || usual.review.findings.iter();
    let sites: Vec<TextRange> = findings().map(|it| it.at).collect();
    let spelled: Vec<TextRange> = findings()
        .filter(|it| is_spelled && it.transform.id == "gather" && is_rewritten(it))
        .map(|it| it.at)
        .collect();
    let text = with_arguments(&parsed(case, &case.text)?, &sites, layout, &spelled)?;
    let is_python = parsed(case, &text).is_some();
    is_python.then_some(text)
}

fn is_rewritten(finding: &Decided) -> bool {
    matches!(finding.decision, Decision::Rewrite(_))
}

fn parsed<'t>(case: &Case, text: &'t str) -> Option<Source<'t>> {
    Source::parse(text, case.settings.options.clone()).ok()
}

/// What is wrong with that which is made of `text`, the case in `layout`, in the place of what `usual` is of the case.
fn trouble(case: &Case, usual: &Mended, layout: Layout, text: &str) -> Option<String> {
    let told = |what: &str| Some(format!("{}, {layout:?}: {what}\n{text}", case.name));
    let result = match case.run(text) {
        Ok(result) => result,
        Err(failed) => return told(&failed.text),
    };
    let (Some(one), Some(other)) = (parsed(case, &usual.after), parsed(case, &result.after)) else {
        return told("the result is no Python");
    };
    let keywords = |text: &str| text.matches(NO_CHANGE).count();
    let is_alike = match layout {
        // A comment may stand in the way of a group, or of a statement; the helper takes no keyword.
        Layout::Commented => {
            !result.review.findings.iter().all(is_rewritten)
                || keywords(&result.after) == keywords(&usual.after)
        }
        Layout::Aligned | Layout::Exploded | Layout::Body => is_same_code(&one, &other),
    };
    if is_alike {
        return None;
    }
    let diff = asyncmend_edits::unified("laid_out.py", &usual.after, &result.after);
    told(&format!("another result\n{diff}"))
}

#[test]
fn sites_are_mended_alike_however_they_are_laid_out() {
    on_a_big_stack(|| {
        let mut troubles = Vec::new();
        let mut tried = 0;
        for case in case::all_cases() {
            let Ok(usual) = case.run(&case.text) else {
                continue;
            };
            for layout in LAYOUTS {
                for is_spelled in [false, true] {
                    let Some(text) = laid_out(&case, &usual, layout, is_spelled) else {
                        continue;
                    };
                    tried += 1;
                    troubles.extend(trouble(&case, &usual, layout, &text));
                }
            }
        }
        assert!(tried > 1_000, "{tried} texts");
        assert!(
            troubles.is_empty(),
            "{} troubles of {tried}\n{}",
            troubles.len(),
            troubles.join("\n\n")
        );
    });
}
