//! The cells of a notebook, whose Python is one text: people run them in any order.

use ruff_python_ast::helpers::{any_over_body, any_over_expr};
use ruff_python_ast::{self as ast, AnyNodeRef, Expr, ExprRef};
use ruff_text_size::{Ranged, TextLen, TextRange, TextSize};

use crate::bindings::{BindingId, BindingKind, ScopeId};
use crate::places::last_name;
use crate::{Kind, Source};

/// What the name begins with that stands for a command in a cell: it is called with names alone.
const COMMAND: &str = "asyncmend_command_";

/// What the line between two cells begins with.
const MARKER: &str = "# %% asyncmend_command_";

/// A function is looked into that is called by a function that is called, and no further.
const MOST_CALLS: usize = 3;

impl Source<'_> {
    /// The cell of a notebook that imports asyncio, at its top level, where no other code does: what uses asyncio
    /// cannot run before it. None in a module.
    pub fn cell_with_asyncio(&self) -> Option<TextRange> {
        if !self.options().in_cells {
            return None;
        }
        let imports = self.imports_of_asyncio();
        let cell = self.cell_at(self.bindings().binding(*imports.first()?).target.start());
        let is_plain = |id: &BindingId| {
            let binding = self.bindings().binding(*id);
            let is_import = |it: &&ast::Stmt| it.is_import_stmt() || it.is_import_from_stmt();
            let mut statements = self.body().iter().filter(is_import);
            binding.scope == ScopeId::MODULE
                && cell.contains_range(binding.target)
                && statements.any(|it| it.range().contains_range(binding.target))
        };
        imports.iter().all(is_plain).then_some(cell)
    }

    /// The cell that `find` gives, which looks at all of the file and is asked once.
    pub fn cell_for_helpers(
        &self,
        find: impl FnOnce(&Self) -> Option<TextRange>,
    ) -> Option<TextRange> {
        *self.cell_for_helpers.get_or_init(|| find(self))
    }

    /// Whether the expression `node` uses asyncio, or calls a function of this file that does: where one cell alone
    /// imports that, it runs after it.
    pub fn needs_asyncio(&self, node: AnyNodeRef<'_>) -> bool {
        let expr = self.expr_at(node.range());
        expr.is_some_and(|it| any_over_expr(it, |part| self.shows_need(part, MOST_CALLS)))
    }

    /// The same of `expr` without what is in it.
    fn shows_need(&self, expr: &Expr, calls: usize) -> bool {
        let needs = |function: &&ast::StmtFunctionDef| {
            any_over_body(&function.body, |part| self.shows_need(part, calls - 1))
        };
        match expr {
            Expr::Name(_) | Expr::Attribute(_) => self.is_of_asyncio(ExprRef::from(expr)),
            Expr::Call(call) if calls > 0 => {
                let functions = self.functions(&call.func).unwrap_or_default();
                !functions.is_empty() && functions.iter().all(needs)
            }
            _ => false,
        }
    }

    /// Whether each use of something called `name` above `cell` is one of asyncio's, or a method of a group.
    pub fn is_of_asyncio_above(&self, cell: TextRange, name: &str) -> bool {
        let words = self.words_of_code(name);
        let mut above = words.take_while(|word| word.end() <= cell.start());
        above.all(|word| {
            let path = self.path_to(word);
            let used = path.with(|node| last_name(node) == Some(word));
            let Some(used) = used.and_then(|path| path.node().as_expr_ref()) else {
                return true;
            };
            let is_of_group = || match AnyNodeRef::from(used) {
                AnyNodeRef::ExprAttribute(method) => self.kind_of(&method.value) == Kind::TaskGroup,
                _ => false,
            };
            self.is_of_asyncio(used) || is_of_group()
        })
    }

    /// What imports of asyncio and of its members bind.
    fn imports_of_asyncio(&self) -> Vec<BindingId> {
        let imports = self.bindings().with_word("asyncio").filter(|(_, binding)| {
            let (BindingKind::Import { module } | BindingKind::ImportFrom { module, .. }) =
                &binding.kind
            else {
                return false;
            };
            module.split('.').next() == Some("asyncio")
        });
        imports.map(|(id, _)| id).collect()
    }

    /// The lines of the cell that `offset` is in.
    fn cell_at(&self, offset: TextSize) -> TextRange {
        let mut cell = TextRange::up_to(self.text().text_len());
        for marker in self.lines_between_cells() {
            if marker.end() <= offset {
                cell = TextRange::new(marker.end(), cell.end());
            } else {
                return TextRange::new(cell.start(), marker.start());
            }
        }
        cell
    }

    /// Where the first code can be inserted: below a command with which its cell begins, as a magic has to come first,
    /// and in none that is nothing but a command. The start of a module.
    pub fn start_of_cells(&self) -> TextSize {
        let mut start = TextSize::default();
        let body = self.body();
        while self.options().in_cells {
            let cell = self.cell_at(start);
            let first = body.partition_point(|it| it.start() < cell.start());
            match &body[first..body.partition_point(|it| it.start() < cell.end())] {
                [command, _, ..] if is_command(command) => {
                    return self.next_line_start(command.end());
                }
                [only] if !is_command(only) => return start,
                [_, _, ..] => return start,
                _ => {}
            }
            let marker = self.next_line_start(cell.end());
            if marker <= cell.end() {
                break;
            }
            start = marker;
        }
        TextSize::default()
    }

    /// The lines that part the cells of a notebook, in order, each with its end; none in a module.
    pub fn lines_between_cells(&self) -> impl Iterator<Item = TextRange> + '_ {
        let in_cells = self.options().in_cells;
        let comments = in_cells.then(|| self.comments().iter());
        let lines = comments.into_iter().flatten().map(|comment| {
            let start = self.line_start(comment.start());
            TextRange::new(start, self.next_line_start(comment.end()))
        });
        lines.filter(|line| self.slice(*line).starts_with(MARKER))
    }
}

/// Whether a statement stands for a command.
fn is_command(statement: &ast::Stmt) -> bool {
    let call = (statement.as_expr_stmt()).and_then(|it| it.value.as_call_expr());
    let callee = call.and_then(|call| call.func.as_name_expr());
    callee.is_some_and(|name| name.id.starts_with(COMMAND))
}

/// `code` of a notebook with nothing handed to what stands for commands: how long these are is nobody's layout.
pub fn without_command_arguments(code: &str) -> String {
    let mut out = String::with_capacity(code.len());
    let mut rest = code;
    while let Some(at) = rest.find(COMMAND) {
        let (before, after) = rest.split_at(at);
        out.push_str(before);
        let open = after.find('(').map_or(after.len(), |open| open + 1);
        let close = open + after[open..].find(')').unwrap_or_default();
        out.push_str(&after[..open]);
        rest = &after[close..];
    }
    out + rest
}
