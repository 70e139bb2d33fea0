//! One parsed Python file and the questions to ask of it.
//!
//! The only crate that names the parser; what needs more than this file is asked of [`Types`], which this
//! crate declares and others provide. It changes nothing: new text is `rewrite`'s.

mod asyncio_star;
mod binder;
pub mod bindings;
mod cells;
mod classes;
mod comments;
mod compare;
mod containers;
mod decorators;
mod elsewhere;
mod flow;
mod free;
mod handed;
mod kinds;
mod known;
mod layout;
mod module;
mod nesting;
mod objects;
mod once;
mod order;
mod patched;
mod places;
mod preferences;
mod reading;
mod resolve;
mod rewired;
mod shape;
mod statements;
mod stops;
#[cfg(test)]
mod tests;
mod types;
mod versions;
mod waits;
mod words;
mod written;

use std::borrow::Cow;
use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::fmt;
use std::rc::Rc;
use std::sync::Arc;

use ruff_python_ast::token::Tokens;
use ruff_python_parser::{Mode, ParseOptions, Parsed, parse_unchecked};
use ruff_python_trivia::CommentRanges;
use ruff_source_file::LineIndex;

use binder::Waits;
use bindings::{All, Tables, Waiting};
pub use bindings::{
    Binding, BindingId, BindingKind, Bindings, NameInScope, Scope, ScopeId, ScopeKind, Use,
};
pub use cells::without_command_arguments;
pub use classes::OwnBody;
pub use comments::{Ignore, IgnorePlace, Silences};
pub use compare::{is_same_code, is_same_definition};
pub use decorators::{
    StandardDecorators, function_of_decorator, gives_back_its_function, is_type_checking,
    keeps_coroutine_function, last_name, note_bound,
};
pub use elsewhere::{
    Elsewhere, imported_functions, may_look_at, may_name_module, names_for_others,
};
pub use known::Known;
pub use layout::Shift;
pub use module::{ModuleName, is_standard_module};
pub use once::once;
pub use patched::{ASYNCIO_FUNCTIONS, may_patch_on_import, may_replace_in_module};
pub use places::{Awaited, Path, Role, Site, holds};
pub use preferences::{
    Errors, HelperModule, ImportStyle, Importable, Keeper, NamePatterns, Preferences, Style,
    check_length,
};
pub use reading::{Around, Shade};
pub use resolve::CallTo;
pub use rewired::{has_rewiring_hook, is_rewiring_hook, may_be_rewired};
pub use ruff_python_ast::token::TokenKind;
pub use ruff_python_ast::{self as ast, AnyNodeRef, PythonVersion, StmtRef};
pub use ruff_python_stdlib::identifiers::is_identifier;
pub use ruff_text_size::{Ranged, TextLen, TextRange, TextSize};
pub use shape::{
    binds_names, is_inert, nests_deeper, runs_through, suspends, suspends_beside, suspends_from,
};
pub use stops::{Cancels, additions, cancels, cancels_each, holder, is_holder, surely};
pub use types::{FunctionId, Gives, Kind, Kinds, Parameter, TaskMaker, Types};
pub use waits::{ASKING, AwaitedParameter, Called, Callee, Callees, Decorated, SharedWaits};
pub use words::{may_be_called, word_starts};
pub use written::Written;

/// What the project says about a file of it.
#[derive(Debug, Clone)]
pub struct Options {
    /// The oldest Python that the file must run on.
    pub target: PythonVersion,
    /// The columns that a line may take where the project's formatter has a say; none where nobody says it, so
    /// that the file shows it.
    pub line_width: Option<usize>,
    /// Whether a type checker looks at the project.
    pub types_are_checked: bool,
    /// How imports are sorted.
    pub imports: ImportStyle,
    /// What the configuration says about code.
    pub preferences: Arc<Preferences>,
    /// How the file is imported, if it can be.
    pub module: Option<ModuleName>,
    /// The module of the project that holds the helpers.
    pub helper_module: Option<Arc<HelperModule>>,
    /// The project's own function that keeps tasks.
    pub keeper: Option<Arc<Keeper>>,
    /// What code of other files of the project does with asyncio and with names of the file.
    pub elsewhere: Elsewhere,
    /// Whether the file is the cells of a notebook, which are run in any order.
    pub in_cells: bool,
}

impl Options {
    /// Those of a file of which nothing else is said.
    pub fn new(target: PythonVersion, line_width: usize) -> Self {
        Self {
            target,
            line_width: Some(line_width),
            types_are_checked: false,
            imports: ImportStyle::default(),
            preferences: Arc::default(),
            module: None,
            helper_module: None,
            keeper: None,
            elsewhere: Elsewhere::default(),
            in_cells: false,
        }
    }
}

/// Code that nests deeper than this is not looked at: what walks a syntax tree takes stack for each level.
/// CPython gives up long before, at 3,000 levels from 3.10 on; only 3.8 and 3.9 add up 50,000 numbers.
pub const MAX_NESTING: usize = 10_000;

/// Why a text is no Python.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    /// The parser's words.
    pub message: String,
    /// The place, in bytes of the file.
    pub at: TextRange,
    /// The line of its start, from 1.
    pub line: usize,
    /// The column of its start in code points, from 1.
    pub column: usize,
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.line, self.column, self.message)
    }
}

impl std::error::Error for SyntaxError {}

/// A file that parsed.
pub struct Source<'a> {
    text: Cow<'a, str>,
    options: Options,
    parsed: Parsed<ast::ModModule>,
    lines: OnceCell<LineIndex>,
    comments: OnceCell<CommentRanges>,
    ignores: OnceCell<Vec<Ignore>>,
    types: Option<Box<dyn Types + 'a>>,
    written: Option<Written<'a>>,
    bindings: OnceCell<All>,
    walruses: OnceCell<Vec<TextSize>>,
    names_beyond_ascii: OnceCell<Vec<TextRange>>,
    literals: OnceCell<Vec<TextRange>>,
    line_width: OnceCell<usize>,
    is_annotated: OnceCell<bool>,
    /// Where words stand, of those that were looked for.
    words: RefCell<HashMap<String, Rc<[TextRange]>>>,
    usual_places: OnceCell<words::UsualPlaces>,
    /// Where asyncio's members are replaced, of those that were asked about.
    patches: RefCell<HashMap<String, Option<TextRange>>>,
    /// Whether a function of this name may be defined, of those that were asked about.
    defined: RefCell<HashMap<String, bool>>,
    /// Whether the context of a `with` opens a task group, of those that were asked about, by where it is and how
    /// far names were followed to it.
    groups: once::Met<bool>,
    /// The kinds of what names of several bindings hold, of those that were asked about, in the same way.
    kinds_of_names: once::Met<Kind>,
    /// The kinds of what attributes hold, of those that were asked about, by their class and name.
    kinds_of_attributes: RefCell<HashMap<(TextRange, String, usize), Kind>>,
    /// What names of several bindings, and conditional expressions, stand for, of those that were asked about.
    meanings_of_names: once::Met<resolve::Meanings>,
    /// The classes of what such names hold.
    instances_of_names: once::Met<Option<String>>,
    /// The cell to which helpers go, once somebody has asked.
    cell_for_helpers: OnceCell<Option<TextRange>>,
}

impl<'a> Source<'a> {
    /// Parses `text`.
    ///
    /// # Errors
    /// Where CPython 3.14 or the target's, if that is newer, would find a syntax error that a parser can see.
    /// Where it nests deeper than [`MAX_NESTING`].
    pub fn parse(text: impl Into<Cow<'a, str>>, options: Options) -> Result<Self, SyntaxError> {
        let text = text.into();
        let parsed = parsed_without_trouble(&text, &options)?;
        Ok(Self {
            text,
            options,
            parsed,
            lines: OnceCell::new(),
            comments: OnceCell::new(),
            ignores: OnceCell::new(),
            types: None,
            written: None,
            bindings: OnceCell::new(),
            walruses: OnceCell::new(),
            names_beyond_ascii: OnceCell::new(),
            literals: OnceCell::new(),
            line_width: OnceCell::new(),
            is_annotated: OnceCell::new(),
            words: RefCell::default(),
            usual_places: OnceCell::new(),
            patches: RefCell::default(),
            defined: RefCell::default(),
            groups: RefCell::default(),
            kinds_of_names: RefCell::default(),
            kinds_of_attributes: RefCell::default(),
            meanings_of_names: RefCell::default(),
            instances_of_names: RefCell::default(),
            cell_for_helpers: OnceCell::new(),
        })
    }

    /// The same file, with somebody to ask about its types.
    #[must_use]
    pub fn with_types(mut self, types: Box<dyn Types + 'a>) -> Self {
        self.types = Some(types);
        self
    }

    pub(crate) fn types(&self) -> Option<&(dyn Types + 'a)> {
        self.types.as_deref()
    }

    /// The whole text; every range of this file counts its bytes.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text of `range`.
    pub fn slice(&self, range: TextRange) -> &str {
        &self.text[range]
    }

    /// What it was parsed with.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// The oldest Python that the file must run on.
    pub fn target(&self) -> PythonVersion {
        self.options.target
    }

    /// The columns that a line may take.
    pub fn line_width(&self) -> usize {
        self.options
            .line_width
            .unwrap_or_else(|| *self.line_width.get_or_init(|| self.shown_line_width()))
    }

    /// The statements of the module's top level.
    pub fn body(&self) -> &[ast::Stmt] {
        &self.parsed.syntax().body
    }

    /// The module as a node.
    pub fn root(&self) -> AnyNodeRef<'_> {
        self.parsed.syntax().into()
    }

    /// All tokens, comments and line ends included.
    pub fn tokens(&self) -> &Tokens {
        self.parsed.tokens()
    }

    pub(crate) fn comments(&self) -> &CommentRanges {
        self.comments
            .get_or_init(|| CommentRanges::from(self.tokens()))
    }

    /// What every name of the file means.
    pub fn bindings(&self) -> Bindings<'_> {
        let all = self.bindings.get_or_init(|| {
            let module = self.parsed.syntax();
            All::new(binder::bind(module, &self.as_bound(), Waits::Usually))
        });
        Bindings::new(self, all)
    }

    /// What the function has that is `waiting`; its scopes and bindings are numbered from `first` on.
    pub(crate) fn bind_function(&self, waiting: &Waiting, first: u32) -> Tables {
        let function = self.function_at(waiting.range);
        let function = function.expect("it is a function of this file");
        binder::bind_function(function, waiting, first, &self.as_bound())
    }

    fn as_bound(&self) -> binder::File<'_> {
        binder::File {
            text: &self.text,
            tokens: self.tokens(),
            postpones_annotations: self.postpones_annotations(),
            walruses: &self.walruses,
            names_beyond_ascii: self.names_beyond_ascii(),
        }
    }

    /// The names that hold characters beyond ASCII, in order.
    pub(crate) fn names_beyond_ascii(&self) -> &[TextRange] {
        self.names_beyond_ascii
            .get_or_init(|| words::names_beyond_ascii(&self.text, self.tokens()))
    }

    /// The line and column of `offset`, both from 1, the column in code points.
    pub fn line_column(&self, offset: TextSize) -> (usize, usize) {
        let lines = self
            .lines
            .get_or_init(|| LineIndex::from_source_text(&self.text));
        let place = lines.line_column(offset, &self.text);
        (place.line.get(), place.column.get())
    }
}

impl SyntaxError {
    fn new(message: String, at: TextRange, text: &str) -> Self {
        let place = LineIndex::from_source_text(text).line_column(at.start(), text);
        Self {
            message,
            at,
            line: place.line.get(),
            column: place.column.get(),
        }
    }
}

/// What [`Source::parse`] makes of `text`.
pub(crate) fn parsed_without_trouble(
    text: &str,
    options: &Options,
) -> Result<Parsed<ast::ModModule>, SyntaxError> {
    if let Some(at) = nesting::too_many_levels(text) {
        return Err(SyntaxError::new(too_deep_message(), at, text));
    }
    // Newer syntax than the target's is the project's business, `except A, B:` of 3.14 (PEP 758) too. It
    // was Python 2's `except A, error:`, but no file of that can call asyncio.
    let version = options.target.max(PythonVersion::PY314);
    let parsed = parse_unchecked(
        text,
        ParseOptions::from(Mode::Module).with_target_version(version),
    )
    .try_into_module()
    .expect("the module mode gives a module");
    let trouble = parsed
        .errors()
        .iter()
        .map(|error| (error.error.to_string(), error.location))
        .chain(
            parsed
                .unsupported_syntax_errors()
                .iter()
                .map(|error| (error.to_string(), error.range)),
        )
        .min_by_key(|(_, at)| at.start())
        .or_else(|| {
            let at = too_deep(&parsed)?;
            Some((too_deep_message(), at))
        });
    match trouble {
        Some((message, at)) => Err(SyntaxError::new(message, at, text)),
        None => Ok(parsed),
    }
}

/// Why a text with so many brackets open is not parsed, where it is not: told from its bytes.
pub fn too_deep_to_parse(text: &str) -> Option<String> {
    nesting::too_many_levels(text).map(|_| too_deep_message())
}

fn too_deep_message() -> String {
    format!("nests more than {MAX_NESTING} levels deep")
}

/// The statement of `parsed` that nests too deep, if one does.
fn too_deep(parsed: &Parsed<ast::ModModule>) -> Option<TextRange> {
    if parsed.tokens().len() < MAX_NESTING {
        return None;
    }
    // Each level takes a token of the line that it is in, but for those of blocks.
    let mut depth = 0;
    let mut longest = 0;
    let mut length = 0;
    for token in parsed.tokens() {
        match token.kind() {
            TokenKind::Newline => length = 0,
            TokenKind::Indent => depth += 1,
            _ => length += 1,
        }
        longest = longest.max(length);
    }
    if longest + depth < MAX_NESTING {
        return None;
    }
    let mut statements = parsed.syntax().body.iter();
    let deep = statements.find(|it| nests_deeper(std::slice::from_ref(it), MAX_NESTING));
    deep.map(Ranged::range)
}
