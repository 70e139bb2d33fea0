//! A file's text with probes: for each iterable that is unpacked, a name that stands for one of its
//! items, so that ty's own rules of iteration say what it is.

use std::borrow::Cow;

use ruff_python_ast::visitor::source_order::{SourceOrderVisitor, TraversalSignal};
use ruff_python_ast::{self as ast, AnyNodeRef, Expr};
use ruff_python_parser::{Mode, ParseOptions, parse_unchecked};
use ruff_text_size::{Ranged, TextLen, TextRange, TextSize};

use super::proof::ALL;

/// `*xs` becomes `*(xs, [each for each in (xs)])[0]`, which is of the same type.
const BEFORE: &str = "(";
const BEFORE_EACH: &str = ", [";
const EACH: &str = "asyncmend_each";

/// The longest iterable that has a probe, in bytes: each contains it once more.
const MOST: usize = 1 << 12;

/// Whether a file with the contents `text` has probes: what is unpacked only matters to a gather.
pub(super) fn has_probes(text: &str) -> bool {
    text.contains("gather")
}

/// What is inserted into a text, and where in it.
pub(super) type Insertion = (TextSize, Cow<'static, str>);

/// A text with probes, and the way from the user's to it.
#[derive(Debug)]
pub(super) struct Probed {
    pub(super) text: String,
    /// What was inserted, by the place in the user's text.
    insertions: Vec<Insertion>,
    /// The iterables that have a probe, in the user's text.
    iterables: Vec<TextRange>,
}

impl Probed {
    /// `text` with a probe for each iterable.
    pub(super) fn of(text: &str) -> Self {
        let parsed = parse_unchecked(text, ParseOptions::from(Mode::Module));
        let module = parsed.try_into_module().expect("the mode gives one");
        Self::new(text, &module.syntax().body, Vec::new())
    }

    /// `text`, whose statements are `body`, with a probe for each iterable and with what is `added`.
    pub(super) fn new(text: &str, body: &[ast::Stmt], added: Vec<Insertion>) -> Self {
        let mut finder = Iterables { found: Vec::new() };
        if has_probes(text) {
            for statement in body {
                finder.visit_stmt(statement);
            }
        }
        (finder.found).retain(|range| range.len().to_usize() <= MOST);
        let probes = finder.found.iter().flat_map(|range| {
            let again = &text[*range];
            let after = format!("{BEFORE_EACH}{EACH} for {EACH} in ({again})])[0]");
            [(range.start(), BEFORE.into()), (range.end(), after.into())]
        });
        let mut insertions: Vec<Insertion> = probes.chain(added).collect();
        insertions.sort_by_key(|(at, _)| *at);
        let mut out = String::with_capacity(text.len() + insertions.len() * BEFORE.len());
        let mut copied = TextSize::new(0);
        for (at, inserted) in &insertions {
            out.push_str(&text[TextRange::new(copied, *at)]);
            out.push_str(inserted);
            copied = *at;
        }
        out.push_str(&text[copied.to_usize()..]);
        Self {
            text: out,
            insertions,
            iterables: finder.found,
        }
    }

    /// Where an expression of the user's text stands in this one.
    pub(super) fn place(&self, range: TextRange) -> TextRange {
        let shifted = |offset: TextSize, is_before: fn(TextSize, TextSize) -> bool| {
            self.insertions
                .iter()
                .take_while(|(at, _)| is_before(*at, offset))
                .map(|(_, inserted)| inserted.text_len())
                .fold(offset, |sum, length| sum + length)
        };
        TextRange::new(
            shifted(range.start(), |at, start| at <= start),
            shifted(range.end(), |at, end| at < end),
        )
    }

    /// Where the name for an item of the iterable at `range` stands.
    pub(super) fn each(&self, range: TextRange) -> Option<TextRange> {
        let probe = self.place(range).end() + BEFORE_EACH.text_len();
        self.iterables
            .contains(&range)
            .then(|| TextRange::at(probe, EACH.text_len()))
    }

    /// Where `offset` of this text stands in the user's.
    pub(super) fn origin(&self, offset: TextSize) -> TextSize {
        let mut before = TextSize::new(0);
        for (at, inserted) in &self.insertions {
            if *at + before + inserted.text_len() > offset {
                break;
            }
            before += inserted.text_len();
        }
        offset - before
    }
}

struct Iterables {
    found: Vec<TextRange>,
}

impl<'s> SourceOrderVisitor<'s> for Iterables {
    fn enter_node(&mut self, node: AnyNodeRef<'s>) -> TraversalSignal {
        if let AnyNodeRef::ExprCall(call) = node {
            for argument in &call.arguments.args {
                if let Expr::Starred(starred) = argument {
                    self.add(&starred.value);
                }
            }
            if let (Expr::Attribute(method), [only]) = (&*call.func, &*call.arguments.args)
                && method.attr.as_str() == "extend"
                && !only.is_starred_expr()
                // The names that a module lists go to no gather.
                && (method.value.as_name_expr()).is_none_or(|it| it.id != ALL)
            {
                self.add(only);
            }
        }
        TraversalSignal::Traverse
    }
}

impl Iterables {
    fn add(&mut self, iterable: &Expr) {
        // The element of a comprehension can be asked about itself; of a walrus or a yield no
        // comprehension can be made.
        let mut rest = Unfit(false);
        rest.visit_expr(iterable);
        if !matches!(
            iterable,
            Expr::ListComp(_) | Expr::SetComp(_) | Expr::Generator(_)
        ) && !rest.0
        {
            self.found.push(iterable.range());
        }
    }
}

struct Unfit(bool);

impl<'s> SourceOrderVisitor<'s> for Unfit {
    fn enter_node(&mut self, node: AnyNodeRef<'s>) -> TraversalSignal {
        self.0 |= matches!(
            node,
            AnyNodeRef::ExprNamed(_) | AnyNodeRef::ExprYield(_) | AnyNodeRef::ExprYieldFrom(_)
        );
        TraversalSignal::Traverse
    }
}

#[cfg(test)]
mod tests {
    use ruff_python_parser::parse_module;

    use super::*;

    #[test]
    fn places_go_there_and_back() {
        let text = "f(*a(*b), c)\nd.extend(e)\nf(*[g for g in h])\n# gather\n";
        let parsed = parse_module(text).unwrap();
        let probed = Probed::new(text, &parsed.syntax().body, Vec::new());
        assert_eq!(
            probed.text,
            "f(*(a(*(b, [asyncmend_each for asyncmend_each in (b)])[0]), \
             [asyncmend_each for asyncmend_each in (a(*b))])[0], c)\n\
             d.extend((e, [asyncmend_each for asyncmend_each in (e)])[0])\nf(*[g for g in h])\n# gather\n"
        );
        for word in ["f(*a(*b), c)", "a", "a(*b)", "b", "c", "d.extend(e)", "e"] {
            let start = text.match_indices(word).map(|(at, _)| at).find(|at| {
                // "e" is also in "extend".
                !text[..*at].ends_with(['e', 't', 'x'])
                    && !text[at + word.len()..].starts_with(['x', 'n'])
            });
            let start = TextSize::try_from(start.unwrap()).unwrap();
            let range = TextRange::at(start, word.text_len());
            let place = probed.place(range);
            let expected = match word {
                "f(*a(*b), c)" => probed.text.lines().next().unwrap_or_default(),
                "d.extend(e)" => probed.text.lines().nth(1).unwrap_or_default(),
                "a(*b)" => "a(*(b, [asyncmend_each for asyncmend_each in (b)])[0])",
                word => word,
            };
            assert_eq!(&probed.text[place], expected);
            assert_eq!(probed.origin(place.start()), range.start(), "{word}");
        }
        let each = probed.each(TextRange::new(3.into(), 8.into())).unwrap();
        assert_eq!(&probed.text[each], EACH);
        assert!(probed.text[..each.start().to_usize()].ends_with("in (b)])[0]), ["));
        assert_eq!(probed.each(TextRange::new(3.into(), 4.into())), None);
    }
}
