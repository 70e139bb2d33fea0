//! What IPython takes in a cell besides Python: `!ls`, `%time`, `x?`.

use std::collections::HashSet;

use ruff_python_ast::visitor::source_order::{SourceOrderVisitor, TraversalSignal};
use ruff_python_ast::{AnyNodeRef, ModModule};
use ruff_python_parser::{Mode, ParseOptions, parse_unchecked};
use ruff_python_stdlib::identifiers::is_identifier;
use ruff_text_size::{Ranged, TextRange, TextSize};

/// A command, and the name that stands for it.
#[derive(Debug)]
pub(crate) struct Command {
    /// Where the name is, in the text for all cells.
    pub(crate) at: TextRange,
    pub(crate) text: String,
}

/// Why a text is no Python, even with commands.
#[derive(Debug)]
pub(crate) struct Error {
    pub(crate) at: TextSize,
    pub(crate) message: String,
}

/// The commands in `text`, in order.
pub(crate) fn find(text: &str) -> Result<Vec<TextRange>, Error> {
    let parsed = parse_unchecked(text, ParseOptions::from(Mode::Ipython));
    if let Some(error) = parsed.errors().first() {
        return Err(Error {
            at: error.location.start(),
            message: error.error.to_string(),
        });
    }
    let module = parsed.try_into_module().expect("the mode gives a module");
    Ok(Commands::of(module.syntax()).0)
}

/// Whether the code of a cell runs in another process, or with names of its own: the helper of another
/// cell is unknown there.
pub(crate) fn run_elsewhere(code: &str) -> bool {
    const HERE: [&str; 5] = ["capture", "debug", "ipytest", "prun", "time"];
    let first = code.lines().find(|line| !line.trim().is_empty());
    let magic = first.and_then(|line| line.trim_start().strip_prefix("%%"));
    magic.is_some_and(|magic| {
        let name = magic.split_whitespace().next().unwrap_or_default();
        !HERE.contains(&name)
    })
}

/// The names in a command, as far as they can be names of Python: each once.
pub(crate) fn names(command: &str) -> Vec<&str> {
    let mut seen = HashSet::new();
    let names = words(command).filter(|word| is_identifier(word));
    names.filter(|word| seen.insert(*word)).collect()
}

/// The words of a text that are no attributes.
pub(crate) fn words(text: &str) -> impl Iterator<Item = &str> {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let mut attribute = false;
    let pieces = text.split_inclusive(move |c: char| !is_part(c));
    pieces.filter_map(move |piece| {
        let word = piece.trim_end_matches(|c: char| !is_part(c));
        let is_attribute = std::mem::replace(&mut attribute, piece.ends_with('.'));
        (!word.is_empty() && !is_attribute).then_some(word)
    })
}

/// The start of a name that `text` does not have.
pub(crate) fn unused_word(text: &str) -> String {
    let mut word = "asyncmend_command_".to_owned();
    while text.contains(&word) {
        word.push('_');
    }
    word
}

struct Commands(Vec<TextRange>);

impl Commands {
    fn of(module: &ModModule) -> Self {
        let mut commands = Self(Vec::new());
        commands.visit_body(&module.body);
        commands
    }
}

impl<'s> SourceOrderVisitor<'s> for Commands {
    fn enter_node(&mut self, node: AnyNodeRef<'s>) -> TraversalSignal {
        if matches!(
            node,
            AnyNodeRef::StmtIpyEscapeCommand(_) | AnyNodeRef::ExprIpyEscapeCommand(_)
        ) {
            self.0.push(node.range());
        }
        TraversalSignal::Traverse
    }
}
