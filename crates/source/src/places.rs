//! Where a node stands: the path to it, its statement, block and function.

use std::cmp::Reverse;
use std::rc::Rc;

use ruff_python_ast::token::{Token, TokenKind, parenthesized_range};
use ruff_python_ast::visitor::source_order::{SourceOrderVisitor, TraversalSignal};
use ruff_python_ast::{self as ast, AnyNodeRef, ExprRef, StmtRef};
use ruff_text_size::{Ranged, TextLen, TextRange, TextSize};

use crate::Source;
use crate::words::places_of_word;

/// A node with everything around it: the module first, the node last; never empty.
#[derive(Debug, Clone)]
pub struct Path<'s>(Vec<AnyNodeRef<'s>>);

/// A call that a transform could act on.
#[derive(Debug, Clone)]
pub struct Site<'s> {
    /// The call.
    pub call: &'s ast::ExprCall,
    /// The way to it.
    pub path: Path<'s>,
}

/// An `await` whose operand is a site's call, with nothing but parentheses between.
#[derive(Debug, Clone, Copy)]
pub struct Awaited<'s> {
    /// The `await` expression.
    pub expr: &'s ast::ExprAwait,
    /// What its value is for.
    pub role: Role<'s>,
}

/// What the value of an expression is for.
#[derive(Debug, Clone, Copy)]
pub enum Role<'s> {
    /// It is an expression statement: dropped.
    Statement(&'s ast::StmtExpr),
    /// It is the whole right side of `a = b = value`.
    Assigned(&'s ast::StmtAssign),
    /// It is the whole right side of `a: T = value`.
    Annotated(&'s ast::StmtAnnAssign),
    /// It is returned.
    Returned(&'s ast::StmtReturn),
    /// It is part of something larger.
    Inside,
}

impl<'s> Path<'s> {
    /// The node itself.
    pub fn node(&self) -> AnyNodeRef<'s> {
        *self.0.last().expect("a path holds at least its node")
    }

    /// The nodes around it, innermost first, without the node itself.
    pub fn around(&self) -> impl Iterator<Item = AnyNodeRef<'s>> + '_ {
        self.0.iter().rev().skip(1).copied()
    }

    /// The node right around it, arguments and keywords looked through.
    pub fn parent(&self) -> Option<AnyNodeRef<'s>> {
        self.around()
            .find(|node| !matches!(node, AnyNodeRef::Arguments(_) | AnyNodeRef::Keyword(_)))
    }

    /// The path to the nearest node around it for which `wanted` holds.
    pub fn up_to(&self, wanted: impl Fn(AnyNodeRef<'s>) -> bool) -> Option<Path<'s>> {
        Path(self.0[..self.0.len() - 1].to_vec()).with(wanted)
    }

    /// The path to the innermost node for which `wanted` holds: the node itself or one around it.
    pub(crate) fn with(mut self, wanted: impl Fn(AnyNodeRef<'s>) -> bool) -> Option<Path<'s>> {
        let index = self.0.iter().rposition(|node| wanted(*node))?;
        self.0.truncate(index + 1);
        Some(self)
    }

    /// The path to the node right around it, arguments and keywords looked through.
    pub fn up(&self) -> Option<Path<'s>> {
        self.up_to(|node| !matches!(node, AnyNodeRef::Arguments(_) | AnyNodeRef::Keyword(_)))
    }

    /// The statement that holds the node; a compound one where the node is part of its header.
    pub fn statement(&self) -> StmtRef<'s> {
        self.0
            .iter()
            .rev()
            .find_map(|node| node.as_stmt_ref())
            .expect("every expression is part of a statement")
    }

    /// The range of [`Path::statement`]; of a compound statement its header alone counts.
    pub fn statement_range(&self) -> TextRange {
        let statement = self.statement();
        let body = match statement {
            StmtRef::FunctionDef(node) => node.body.first().map(Ranged::start),
            StmtRef::ClassDef(node) => node.body.first().map(Ranged::start),
            StmtRef::For(node) => node.body.first().map(Ranged::start),
            StmtRef::While(node) => node.body.first().map(Ranged::start),
            StmtRef::If(node) => node.body.first().map(Ranged::start),
            StmtRef::With(node) => node.body.first().map(Ranged::start),
            StmtRef::Match(node) => node.cases.first().map(Ranged::start),
            _ => return statement.range(),
        };
        let end = body.unwrap_or(statement.end());
        TextRange::new(statement.start(), end.max(self.node().end()))
    }

    /// The innermost function that runs the node, unless a lambda, a class body or the module does.
    /// A comprehension is run by the function around it.
    pub fn function(&self) -> Option<&'s ast::StmtFunctionDef> {
        let mut inner = self.node();
        for node in self.around() {
            match node {
                AnyNodeRef::StmtFunctionDef(function) if runs(function, inner) => {
                    return Some(function);
                }
                AnyNodeRef::ExprLambda(lambda)
                    if lambda.body.range().contains_range(inner.range()) =>
                {
                    return None;
                }
                AnyNodeRef::StmtClassDef(class) if holds(&class.body, inner) => return None,
                _ => {}
            }
            inner = node;
        }
        None
    }

    /// The range of the outermost function that the node is part of, header and decorators included.
    pub fn outermost_function(&self) -> Option<TextRange> {
        let mut nodes = self.0.iter();
        nodes
            .find(|node| node.is_stmt_function_def())
            .map(Ranged::range)
    }

    /// Whether the expression is the whole value of its statement, or the receiver of a method call
    /// that is: no bracket stands around it.
    pub fn is_outermost(&self) -> bool {
        let mut around = self
            .around()
            .take_while(|node| !node.is_statement())
            .peekable();
        if around.peek().is_none() {
            return true;
        }
        matches!(
            (around.next(), around.next(), around.next()),
            (
                Some(AnyNodeRef::ExprAttribute(_)),
                Some(AnyNodeRef::ExprCall(_)),
                None
            )
        )
    }

    /// Whether the text of the expression is part of a string: `f"{expression=}"`.
    fn is_shown_as_written(&self) -> bool {
        self.around().any(|node| {
            matches!(node, AnyNodeRef::InterpolatedElement(element) if element.debug_text.is_some())
        })
    }

    /// What the value of the expression is for, parentheses looked through.
    pub fn role(&self) -> Role<'s> {
        let Some(value) = self.node().as_expr_ref() else {
            return Role::Inside;
        };
        let is_value = |other: &ast::Expr| ExprRef::from(other) == value;
        match self.parent() {
            Some(AnyNodeRef::StmtExpr(statement)) => Role::Statement(statement),
            Some(AnyNodeRef::StmtAssign(statement)) if is_value(&statement.value) => {
                Role::Assigned(statement)
            }
            Some(AnyNodeRef::StmtAnnAssign(statement))
                if statement.value.as_deref().is_some_and(is_value) =>
            {
                Role::Annotated(statement)
            }
            Some(AnyNodeRef::StmtReturn(statement)) => Role::Returned(statement),
            _ => Role::Inside,
        }
    }
}

/// Whether `inner` is part of the body of `function`, not of its header.
fn runs(function: &ast::StmtFunctionDef, inner: AnyNodeRef) -> bool {
    holds(&function.body, inner)
}

/// Whether a node is one of a block, or in one.
pub fn holds(body: &[ast::Stmt], inner: impl Ranged) -> bool {
    match body {
        [] => false,
        [first, .., last] => {
            TextRange::new(first.start(), last.end()).contains_range(inner.range())
        }
        [only] => only.range().contains_range(inner.range()),
    }
}

impl<'s> Site<'s> {
    /// The `await` right around the call.
    pub fn awaited(&self) -> Option<Awaited<'s>> {
        let path = self.path.up()?;
        let AnyNodeRef::ExprAwait(expr) = path.node() else {
            return None;
        };
        Some(Awaited {
            expr,
            role: path.role(),
        })
    }
}

impl Source<'_> {
    /// The calls of one of `names`, by itself or as an attribute, in the order of the file; what the name
    /// means is not asked. Found by the text, so that a file is not walked through for what it lacks.
    pub fn calls_named(&self, names: &[&str]) -> Vec<Site<'_>> {
        let mut sites: Vec<Site> = (names.iter())
            .flat_map(|name| self.words_of_code(name))
            // The way to each may be long.
            .filter(|word| self.may_take_arguments(*word))
            .filter_map(|word| {
                let path = self.path_to(word).with(|node| match node {
                    AnyNodeRef::ExprCall(call) => last_name((&*call.func).into()) == Some(word),
                    _ => false,
                })?;
                match path.node() {
                    AnyNodeRef::ExprCall(call) => Some(Site { call, path }),
                    _ => None,
                }
            })
            // `f"{call()=}"` shows how the call is written: it cannot be written otherwise.
            .filter(|site| !site.path.is_shown_as_written())
            .collect();
        sites.sort_by_key(|site| (site.call.start(), Reverse(site.call.end())));
        sites.dedup_by_key(|site| site.call.range());
        sites
    }

    /// Whether the arguments of a call may come behind `word`, one of code.
    fn may_take_arguments(&self, word: TextRange) -> bool {
        let tokens = self.tokens();
        let first = tokens.partition_point(|token| token.start() < word.end());
        let mut behind = tokens[first..].iter().map(Token::kind);
        let next = behind.find(|kind| !kind.is_trivia());
        matches!(next, Some(TokenKind::Lpar | TokenKind::Rpar))
    }

    /// Where `word` stands in the text, as [`crate::word_starts`] has it.
    pub fn words(&self, word: &str) -> impl Iterator<Item = TextRange> + use<> {
        let places = self.places_of(word);
        (0..places.len()).map(move |index| places[index])
    }

    /// Whether `part` is anywhere in the text.
    pub fn has_text(&self, part: &str) -> bool {
        memchr::memmem::find(self.text().as_bytes(), part.as_bytes()).is_some()
    }

    /// The same, in `range` alone.
    pub(crate) fn words_within(
        &self,
        word: &str,
        range: TextRange,
    ) -> impl Iterator<Item = TextRange> + use<> {
        let places = self.places_of(word);
        let first = places.partition_point(|it| it.start() < range.start());
        (first..places.len())
            .map(move |index| places[index])
            .take_while(move |it| range.contains_range(*it))
    }

    /// Whether `word` stands in `range`, in the same way.
    pub fn has_word(&self, word: &str, range: TextRange) -> bool {
        self.words_within(word, range).next().is_some()
    }

    fn places_of(&self, word: &str) -> Rc<[TextRange]> {
        if let Some(known) = self.words.borrow().get(word) {
            return Rc::clone(known);
        }
        let places = places_of_word(word, self.text(), &self.usual_places);
        let known = Rc::clone(&places);
        self.words.borrow_mut().insert(word.to_owned(), known);
        places
    }

    /// The same, but where it is in a comment or in a string that holds no code.
    pub fn words_of_code<'s>(&'s self, word: &str) -> impl Iterator<Item = TextRange> + use<'s> {
        self.words(word).filter(|word| {
            let tokens = self.tokens();
            let index = tokens.partition_point(|token| token.end() <= word.start());
            let kind = tokens.get(index).map(Token::kind);
            !matches!(kind, Some(TokenKind::String | TokenKind::Comment))
        })
    }

    /// The way to the innermost node that covers `range`; the node has this very range where the
    /// range is an expression's or a statement's.
    pub fn path_to(&self, range: TextRange) -> Path<'_> {
        let root = self.root();
        let mut way = Way {
            range,
            nodes: vec![root],
            is_found: false,
        };
        way.visit_body(self.body());
        Path(way.nodes)
    }

    /// All calls, in the order in which they are written.
    pub fn calls(&self) -> Vec<TextRange> {
        struct Calls(Vec<TextRange>);
        impl<'a> SourceOrderVisitor<'a> for Calls {
            fn enter_node(&mut self, node: AnyNodeRef<'a>) -> TraversalSignal {
                if let AnyNodeRef::ExprCall(call) = node {
                    self.0.push(call.range());
                }
                TraversalSignal::Traverse
            }
        }
        let mut calls = Calls(Vec::new());
        calls.visit_body(self.body());
        calls.0
    }

    /// The path to the name that starts at `offset`.
    pub fn path_to_name(&self, offset: TextSize) -> Path<'_> {
        self.path_to(TextRange::at(offset, self.word_at(offset).text_len()))
    }

    /// The expression with exactly this range.
    pub fn expression_at(&self, range: TextRange) -> Option<ExprRef<'_>> {
        self.path_to(range)
            .0
            .iter()
            .rev()
            .filter_map(|node| node.as_expr_ref())
            .find(|expr| expr.range() == range)
    }

    /// The names of the classes and functions around `range`, from the outside in, with dots between them; none
    /// at the top level of the module.
    pub fn scope_name(&self, range: TextRange) -> Option<String> {
        let path = self.path_to(range);
        let names: Vec<&str> = (path.0.iter())
            .filter_map(|node| match node {
                AnyNodeRef::StmtFunctionDef(function) => Some(function.name.as_str()),
                AnyNodeRef::StmtClassDef(class) => Some(class.name.as_str()),
                _ => None,
            })
            .collect();
        (!names.is_empty()).then(|| names.join("."))
    }

    /// The statements of the block in which the statement at `range` stands, and that statement.
    pub fn siblings(&self, range: TextRange) -> Option<(&[ast::Stmt], &ast::Stmt)> {
        self.path_to(range).around().find_map(|around| {
            bodies(around).into_iter().find_map(|body| {
                let own = body.iter().find(|it| it.range() == range)?;
                Some((body, own))
            })
        })
    }

    /// The range of the statement after the one at `range`, in the same block; of a compound one with
    /// its body.
    pub fn next_statement(&self, range: TextRange) -> Option<TextRange> {
        let (body, own) = self.siblings(range)?;
        let next = body.iter().find(|it| it.start() >= own.end())?;
        Some(next.range())
    }

    /// The function definition with exactly this range, decorators included.
    pub fn function_at(&self, range: TextRange) -> Option<&ast::StmtFunctionDef> {
        self.path_to(range)
            .0
            .iter()
            .rev()
            .find_map(|node| match node {
                AnyNodeRef::StmtFunctionDef(function) if function.range() == range => {
                    Some(*function)
                }
                _ => None,
            })
    }

    /// The class definition with exactly this range, decorators included.
    pub fn class_at(&self, range: TextRange) -> Option<&ast::StmtClassDef> {
        self.path_to(range)
            .0
            .iter()
            .rev()
            .find_map(|node| match node {
                AnyNodeRef::StmtClassDef(class) if class.range() == range => Some(*class),
                _ => None,
            })
    }
}

/// The blocks of a statement or clause.
pub(crate) fn bodies(node: AnyNodeRef<'_>) -> Vec<&[ast::Stmt]> {
    match node {
        AnyNodeRef::ModModule(node) => vec![&node.body],
        AnyNodeRef::StmtFunctionDef(node) => vec![&node.body],
        AnyNodeRef::StmtClassDef(node) => vec![&node.body],
        AnyNodeRef::StmtFor(node) => vec![&node.body, &node.orelse],
        AnyNodeRef::StmtWhile(node) => vec![&node.body, &node.orelse],
        AnyNodeRef::StmtIf(node) => vec![&node.body],
        AnyNodeRef::ElifElseClause(node) => vec![&node.body],
        AnyNodeRef::StmtWith(node) => vec![&node.body],
        AnyNodeRef::StmtTry(node) => vec![&node.body, &node.orelse, &node.finalbody],
        AnyNodeRef::ExceptHandlerExceptHandler(node) => vec![&node.body],
        AnyNodeRef::MatchCase(node) => vec![&node.body],
        _ => Vec::new(),
    }
}

/// Where the last word of a name or dotted name stands.
pub(crate) fn last_name(node: AnyNodeRef<'_>) -> Option<TextRange> {
    match node {
        AnyNodeRef::ExprName(name) => Some(name.range()),
        AnyNodeRef::ExprAttribute(attribute) => Some(attribute.attr.range()),
        _ => None,
    }
}

/// The way down to the first node that covers a range and has none in it that does.
struct Way<'s> {
    range: TextRange,
    nodes: Vec<AnyNodeRef<'s>>,
    is_found: bool,
}

impl<'s> SourceOrderVisitor<'s> for Way<'s> {
    fn enter_node(&mut self, node: AnyNodeRef<'s>) -> TraversalSignal {
        if self.is_found || !node.range().contains_range(self.range) {
            return TraversalSignal::Skip;
        }
        self.nodes.push(node);
        TraversalSignal::Traverse
    }

    fn leave_node(&mut self, node: AnyNodeRef<'s>) {
        self.is_found |= self.nodes.last().is_some_and(|last| last.ptr_eq(node));
    }

    /// Blocks may be long, and at most one statement of them covers the range.
    fn visit_body(&mut self, body: &'s [ast::Stmt]) {
        if let Some(statement) = covering(body, self.range) {
            self.visit_stmt(statement);
        }
    }

    /// So may chains of branches.
    fn visit_stmt(&mut self, statement: &'s ast::Stmt) {
        let node = statement.into();
        if self.enter_node(node).is_traverse() {
            match statement {
                ast::Stmt::If(branches) => {
                    self.visit_expr(&branches.test);
                    self.visit_body(&branches.body);
                    if let Some(clause) = covering(&branches.elif_else_clauses, self.range) {
                        self.visit_elif_else_clause(clause);
                    }
                }
                _ => node.visit_source_order(self),
            }
        }
        self.leave_node(node);
    }

    /// So may displays, and strings of many parts.
    fn visit_expr(&mut self, expr: &'s ast::Expr) {
        let node = expr.into();
        if self.enter_node(node).is_traverse() {
            match expr {
                ast::Expr::List(ast::ExprList { elts, .. })
                | ast::Expr::Tuple(ast::ExprTuple { elts, .. })
                | ast::Expr::Set(ast::ExprSet { elts, .. }) => {
                    if let Some(element) = covering(elts, self.range) {
                        self.visit_expr(element);
                    }
                }
                ast::Expr::Dict(dict) => {
                    if let Some(item) = covering(&dict.items, self.range) {
                        item.key.iter().for_each(|key| self.visit_expr(key));
                        self.visit_expr(&item.value);
                    }
                }
                ast::Expr::StringLiteral(literal) => {
                    if let Some(part) = covering(literal.value.as_slice(), self.range) {
                        self.visit_string_literal(part);
                    }
                }
                _ => node.visit_source_order(self),
            }
        }
        self.leave_node(node);
    }
}

/// The one of `nodes`, which stand in order, that may cover `range`.
fn covering<T: Ranged>(nodes: &[T], range: TextRange) -> Option<&T> {
    nodes.get(nodes.partition_point(|node| node.end() < range.end()))
}

impl Source<'_> {
    /// Whether the expression at `path` is an argument of one of the builtins `names`.
    pub fn is_argument_of(&self, path: &Path<'_>, names: &[&str]) -> bool {
        let here = path.node().range();
        matches!(path.parent(), Some(AnyNodeRef::ExprCall(call))
            if call.func.range() != here && self.is_builtin(&call.func, names))
    }

    /// The range of the expression at `path` with the parentheses around it, its own alone.
    pub fn with_parentheses(&self, path: &Path<'_>) -> TextRange {
        let range = path.node().range();
        let (Some(expr), Some(parent)) = (path.node().as_expr_ref(), path.around().next()) else {
            return range;
        };
        parenthesized_range(expr, parent, self.tokens()).unwrap_or(range)
    }

    /// As [`Source::expression_at`], as the enum that owns its node.
    pub fn expr_at(&self, range: TextRange) -> Option<&ast::Expr> {
        struct Finder<'s> {
            range: TextRange,
            found: Option<&'s ast::Expr>,
        }
        impl<'s> SourceOrderVisitor<'s> for Finder<'s> {
            fn enter_node(&mut self, node: AnyNodeRef<'s>) -> TraversalSignal {
                if node.range().contains_range(self.range) && self.found.is_none() {
                    TraversalSignal::Traverse
                } else {
                    TraversalSignal::Skip
                }
            }

            /// Blocks may be long, and at most one statement of them covers the range.
            fn visit_body(&mut self, body: &'s [ast::Stmt]) {
                if let Some(statement) = covering(body, self.range) {
                    self.visit_stmt(statement);
                }
            }

            fn visit_expr(&mut self, expr: &'s ast::Expr) {
                if expr.range() == self.range && self.found.is_none() {
                    self.found = Some(expr);
                } else if expr.range().contains_range(self.range) {
                    ruff_python_ast::visitor::source_order::walk_expr(self, expr);
                }
            }
        }
        let mut finder = Finder { range, found: None };
        finder.visit_body(self.body());
        finder.found
    }
}
