use std::collections::HashSet;

use asyncmend_edits::{Edit, Patch, TextRange, TextSize};
use asyncmend_source::{
    ASYNCIO_FUNCTIONS, AnyNodeRef, Path, Ranged, ScopeId, ScopeKind, Source, TokenKind, ast,
    is_standard_module, is_type_checking,
};

use crate::names::fresh_in_module;

/// Shared insertions at one place come in this order: imports, then helpers, then blank lines.
pub(crate) const RANK_OF_IMPORTS: u8 = 10;
pub(crate) const RANK_OF_BLANK_LINES: u8 = 30;

/// Lines that a definition at the top level keeps free around it (PEP 8).
pub(crate) const BLANK_LINES: usize = 2;

/// How to write a name so that it means what it should, and the imports that this takes.
#[derive(Debug, Clone, Default)]
pub struct Spelled {
    /// The expression.
    pub text: String,
    /// What has to be imported for it.
    pub edits: Vec<Edit>,
}

/// How code at `path` says `asyncio.member`. `callee` is an expression there that stands for
/// another member of asyncio: its way of naming the module is taken where it has one.
pub fn asyncio_member(
    source: &Source<'_>,
    path: &Path<'_>,
    callee: &ast::Expr,
    member: &str,
) -> Spelled {
    if let ast::Expr::Attribute(attribute) = callee
        && source.qualified(&*attribute.value).as_deref() == Some("asyncio")
    {
        let module = source.slice(attribute.value.range());
        return Spelled {
            text: format!("{module}.{member}"),
            edits: Vec::new(),
        };
    }
    if let Some(module) = source.name_of_module("asyncio", Some(path)) {
        return Spelled {
            text: format!("{module}.{member}"),
            edits: Vec::new(),
        };
    }
    let is_hidden = source.may_be_hidden_by_star(member);
    if !is_hidden && let Some(imported) = imported_member(source, path, member) {
        return Spelled {
            text: imported,
            edits: Vec::new(),
        };
    }
    let imports: Vec<&ast::StmtImportFrom> = from_imports(source, "asyncio").collect();
    if source.is_free_in_module(member) && !imports.is_empty() && !is_hidden {
        let edit = member_added(source, &imports, "asyncio", member);
        return Spelled {
            text: member.to_string(),
            edits: vec![edit],
        };
    }
    let module = import_module(source, "asyncio");
    Spelled {
        text: format!("{}.{member}", module.text),
        edits: module.edits,
    }
}

/// How code at the module's top level, from `from` on, names the module `module`.
pub fn module_name(source: &Source<'_>, module: &str, from: TextSize) -> Spelled {
    match source.name_of_module(module, None) {
        Some(name) if is_imported_before(source, module, from) => Spelled {
            text: name,
            edits: Vec::new(),
        },
        _ => import_module(source, module),
    }
}

/// How annotations of code at the module's top level, from `from` on, say `typing.member`.
pub(crate) fn typing_member(source: &Source<'_>, member: &str, from: TextSize) -> Spelled {
    if source.postpones_annotations()
        && let Some(name) = name_for_types(source, member)
    {
        return Spelled {
            text: name.to_owned(),
            edits: Vec::new(),
        };
    }
    library_member(source, "typing", member, from)
        .unwrap_or_else(|| member_of_typing(source, member, from))
}

/// How code at the module's top level, from `from` on, says `typing.TYPE_CHECKING`: type checkers know it by that name
/// alone.
pub(crate) fn type_checking(source: &Source<'_>, from: TextSize) -> Spelled {
    const NAME: &str = "TYPE_CHECKING";
    library_member(source, "typing", NAME, from)
        .filter(|it| it.text.rsplit('.').next() == Some(NAME))
        .unwrap_or_else(|| member_of_typing(source, NAME, from))
}

fn member_of_typing(source: &Source<'_>, member: &str, from: TextSize) -> Spelled {
    let module = module_name(source, "typing", from);
    Spelled {
        text: format!("{}.{member}", module.text),
        edits: module.edits,
    }
}

/// `edits` with those that insert `from module import ..` of one module at one place made one; one statement for each
/// name where `source` has them so.
pub(crate) fn with_members_joined(source: &Source<'_>, edits: Vec<Edit>) -> Vec<Edit> {
    let mut joined: Vec<Edit> = Vec::with_capacity(edits.len());
    for edit in edits {
        let Some((head, _)) = members_of(&edit.content) else {
            joined.push(edit);
            continue;
        };
        let other = joined.iter_mut().find(|other| {
            let same = members_of(&other.content).is_some_and(|(other, _)| other == head);
            same && other.range == edit.range
        });
        match other {
            Some(other) => {
                let ending = &edit.content[edit.content.trim_end().len()..];
                let both = [&other.content, &edit.content];
                let mut members: Vec<&str> = (both.into_iter())
                    .filter_map(|it| Some(members_of(it)?.1))
                    .flat_map(|members| members.split(", "))
                    .collect();
                members.sort_by_key(|member| order_of_member(source, member));
                members.dedup();
                other.content = format!("{head}{}{ending}", members.join(", "));
            }
            None => joined.push(edit),
        }
    }
    if names_have_own_lines(source) {
        for edit in &mut joined {
            if let Some((head, members)) = members_of(&edit.content) {
                let ending = &edit.content[edit.content.trim_end().len()..];
                let lines = members.split(", ").map(|it| format!("{head}{it}{ending}"));
                edit.content = lines.collect();
            }
        }
    }
    joined
}

/// `from module import ` and the members of a text that is such a statement alone.
fn members_of(text: &str) -> Option<(&str, &str)> {
    const IMPORT: &str = " import ";
    let line = text.trim_end();
    let end = line.strip_prefix("from ")?.find(IMPORT)? + "from ".len() + IMPORT.len();
    (!line.contains('\n')).then(|| line.split_at(end))
}

/// How code at the module's top level, from `from` on, says `member` of the library's `module`, if the name
/// is free or taken by that.
pub(crate) fn library_member(
    source: &Source<'_>,
    module: &'static str,
    member: &str,
    from: TextSize,
) -> Option<Spelled> {
    let known = MODULES_OF_TYPES
        .into_iter()
        .flat_map(|module| from_imports(source, module))
        .filter(|import| is_there(source, import.range(), from))
        .flat_map(|import| &import.names)
        .find(|alias| alias.name.as_str() == member);
    if let Some(alias) = known {
        return Some(Spelled {
            text: alias.asname.as_ref().unwrap_or(&alias.name).to_string(),
            edits: Vec::new(),
        });
    }
    if let Some(text) = member_of_imported(source, module, member, from) {
        return Some(Spelled {
            text,
            edits: Vec::new(),
        });
    }
    if !source.is_free_in_module(member) {
        return None;
    }
    let imports: Vec<&ast::StmtImportFrom> = from_imports(source, module).collect();
    let is_there = (imports.first()).is_some_and(|it| is_there(source, it.range(), from));
    let edits = if is_there {
        vec![member_added(source, &imports, module, member)]
    } else {
        insert_import(source, module, &format!("from {module} import {member}"))
    };
    Some(Spelled {
        text: member.to_string(),
        edits,
    })
}

/// The modules from which annotations have their names.
const MODULES_OF_TYPES: [&str; 3] = ["typing", "collections.abc", "typing_extensions"];

/// The bodies of `if TYPE_CHECKING:` at the module's top level.
fn blocks_for_types<'s>(source: &'s Source<'_>) -> impl Iterator<Item = &'s [ast::Stmt]> {
    let conditions = source.body().iter().filter_map(ast::Stmt::as_if_stmt);
    let for_types =
        conditions.filter(|it| is_type_checking(&it.test) && it.elif_else_clauses.is_empty());
    for_types.map(|it| &it.body[..])
}

/// The name that such a block, and nothing else, gives to `member` of a module of types.
fn name_for_types<'s>(source: &'s Source<'_>, member: &str) -> Option<&'s str> {
    let statements = blocks_for_types(source).flatten();
    let imports = statements
        .filter_map(ast::Stmt::as_import_from_stmt)
        .filter(|import| {
            let module = import.module.as_deref().unwrap_or_default();
            import.level == 0 && MODULES_OF_TYPES.contains(&module)
        });
    let alias = (imports.flat_map(|it| &it.names)).find(|alias| alias.name.as_str() == member)?;
    let name = local_name(alias);
    let is_alone = source.bindings_in(ScopeId::MODULE, name).len() == 1;
    is_alone.then_some(name)
}

/// `typing.member`, where the file imports the module and takes no members of it; that is said of a member of
/// `collections.abc` too where the file has it from there.
fn member_of_imported(
    source: &Source<'_>,
    module: &'static str,
    member: &str,
    from: TextSize,
) -> Option<String> {
    if from_imports(source, module).next().is_some() {
        return None;
    }
    let name = (source.name_of_module("typing", None))
        .filter(|_| is_imported_before(source, "typing", from))?;
    let text = format!("{name}.{member}");
    let is_said = || {
        let mut words = source.words(member);
        words.any(|word| source.text()[..word.end().to_usize()].ends_with(&text))
    };
    (module == "typing" || is_said()).then_some(text)
}

fn is_imported_before(source: &Source<'_>, module: &str, offset: TextSize) -> bool {
    source.body().iter().any(|statement| {
        matches!(statement, ast::Stmt::Import(import)
        if is_there(source, import.range(), offset)
            && import.names.iter().any(|alias| {
                alias.name.as_str().split('.').next() == Some(module)
            }))
    })
}

/// Whether what the import at `import` binds is there for code at the module's top level from `from` on.
fn is_there(source: &Source<'_>, import: TextRange, from: TextSize) -> bool {
    let is_in_reach = |cell: TextRange| cell.contains_range(import);
    import.end() <= from && late_cell(source).is_none_or(is_in_reach)
}

/// A name that `from asyncio import member` at the top of the file gives, unless a function around
/// `path` gives it another meaning.
fn imported_member(source: &Source<'_>, path: &Path<'_>, member: &str) -> Option<String> {
    let (_, alias) = from_imports(source, "asyncio")
        .flat_map(|import| import.names.iter().map(move |alias| (import, alias)))
        .find(|(_, alias)| alias.name.as_str() == member)?;
    let name = alias.asname.as_ref().unwrap_or(&alias.name).as_str();
    (!source.is_shadowed(path, name)).then(|| name.to_string())
}

/// The `from module import ...` statements at the module's top level.
fn from_imports<'s>(
    source: &'s Source<'_>,
    module: &'static str,
) -> impl Iterator<Item = &'s ast::StmtImportFrom> {
    source
        .body()
        .iter()
        .filter_map(|statement| match statement {
            ast::Stmt::ImportFrom(import)
                if import.level == 0
                    && import.module.as_deref() == Some(module)
                    && import.names.iter().all(|alias| alias.name.as_str() != "*") =>
            {
                Some(import)
            }
            _ => None,
        })
}

/// Whether each name that is imported from a module has a line of its own at the module's top level, as isort's
/// `force_single_line` has them: none stands beside another, and some could.
fn names_have_own_lines(source: &Source<'_>) -> bool {
    let said = source.options().imports.own_lines;
    said.unwrap_or_else(|| shows_own_lines(source))
}

fn shows_own_lines(source: &Source<'_>) -> bool {
    let imports = source
        .body()
        .iter()
        .filter_map(|it| it.as_import_from_stmt());
    let mut modules = HashSet::new();
    let mut could_be_joined = false;
    for import in imports {
        if import.names.len() > 1 {
            return false;
        }
        // Names that get another one are kept apart without that.
        could_be_joined |= import.names.iter().all(|it| it.asname.is_none())
            && !modules.insert((import.level, import.module.as_deref()));
    }
    could_be_joined
}

/// Whether names that are imported under another one stand beside others; isort and Ruff have them apart unless they
/// are told otherwise.
fn combines_renamed(source: &Source<'_>) -> bool {
    let said = source.options().imports.combines_renamed;
    said.unwrap_or_else(|| {
        let imports = source.body().iter();
        let mut imports = imports.filter_map(|it| it.as_import_from_stmt());
        imports.any(|it| it.names.len() > 1 && it.names.iter().any(|alias| alias.asname.is_some()))
    })
}

/// Adds `item`, a member or `member as name`, to `imports`, which take members of one module, called `module` there:
/// to one of them, or as one more.
pub(crate) fn member_added(
    source: &Source<'_>,
    imports: &[&ast::StmtImportFrom],
    module: &str,
    item: &str,
) -> Edit {
    let is_renamed = item.contains(' ');
    let takes_more = |import: &&&ast::StmtImportFrom| {
        let names = &import.names;
        combines_renamed(source) || !is_renamed && names.iter().all(|alias| alias.asname.is_none())
    };
    let taking = imports.iter().find(takes_more);
    if let Some(import) = taking.filter(|_| !names_have_own_lines(source)) {
        return extended(source, import, item);
    }
    let key = |name: &str| order_of_member(source, name);
    // Those that are new share a line that stands by the first of them: what wants another member of this module wants
    // `Any`.
    let first = match module {
        "typing" if !names_have_own_lines(source) => "Any",
        _ => item,
    };
    let next = imports.iter().find(|import| {
        let mut names = import.names.iter();
        names.any(|alias| key(alias.name.as_str()) > key(first))
    });
    let last = imports.last().expect("there are some");
    let place = match next {
        Some(next) => source.line_start(next.start()),
        None => source.line_after(last.end()),
    };
    let indent = source.indentation(last.start());
    let statement = format!("{indent}from {module} import {item}");
    let first_imports = Top::of(source).first_imports;
    let rank = if are_by_module(source, &first_imports) {
        rank_by_module(module)
    } else if are_members_above_modules(&first_imports) {
        RANK_OF_IMPORTS
    } else {
        RANK_OF_IMPORTS + 3
    };
    line_at(source, place, rank, &statement)
}

/// Inserts `statement` on a line of its own at `place`, which begins a line or ends the last one.
fn line_at(source: &Source<'_>, place: TextSize, rank: u8, statement: &str) -> Edit {
    let ending = source.line_ending(TextSize::new(0));
    let text = if place == source.line_start(place) {
        format!("{statement}{ending}")
    } else {
        format!("{ending}{statement}")
    };
    Edit::insert_once(place, rank, text)
}

/// Adds `item`, a member or `member as name`, to `import`, at its place in the order that its names have.
fn extended(source: &Source<'_>, import: &ast::StmtImportFrom, item: &str) -> Edit {
    let names = || import.names.iter().map(|alias| alias.name.as_str());
    let is_by_alphabet = !names().is_sorted_by_key(|name| order_of_member(source, name))
        && names().is_sorted_by_key(by_alphabet);
    let key = |name: &str| {
        if is_by_alphabet {
            by_alphabet(name)
        } else {
            order_of_member(source, name)
        }
    };
    // New ones at one place are in their order, too.
    let rank = RANK_OF_IMPORTS + key(item).0;
    let next = import
        .names
        .iter()
        .find(|alias| key(alias.name.as_str()) > key(item));
    if let Some(next) = next {
        let separator = separator_before(source, import, next);
        return Edit::insert_once(next.start(), rank, format!("{item},{separator}"));
    }
    let last = import.names.last().expect("an import has names");
    let separator = separator_before(source, import, last);
    Edit::insert_once(last.end(), rank, format!(",{separator}{item}"))
}

/// Constants before classes, those before functions, and each by the alphabet, as isort has them: `TypedDict`
/// before `TypeVar`; by the alphabet alone where the project says so.
fn order_of_member(source: &Source<'_>, name: &str) -> (u8, String, String) {
    if source.options().imports.by_type == Some(false) {
        return by_alphabet(name);
    }
    let is_constant = name.len() > 1 && !name.contains(char::is_lowercase);
    let kind = match name.starts_with(char::is_uppercase) {
        _ if is_constant => 0,
        true => 1,
        false => 2,
    };
    (kind, name.to_lowercase(), name.to_owned())
}

fn by_alphabet(name: &str) -> (u8, String, String) {
    (0, name.to_lowercase(), name.to_owned())
}

/// The blanks or the line end with indentation that stand between the names of an import.
fn separator_before(
    source: &Source<'_>,
    import: &ast::StmtImportFrom,
    alias: &ast::Alias,
) -> String {
    let line = TextRange::new(source.line_start(alias.start()), alias.start());
    if source.line_start(import.start()) < line.start()
        && source.slice(line).chars().all(char::is_whitespace)
    {
        format!(
            "{}{}",
            source.line_ending(import.start()),
            source.slice(line)
        )
    } else {
        " ".to_string()
    }
}

/// Whether `before` has an import that [`without_unused_import`] may remove; cheap.
pub fn may_lose_import(before: &Source<'_>, members: &[&str]) -> bool {
    let is_member = |alias: &ast::Alias| members.contains(&alias.name.as_str());
    let in_function = |word: TextRange| {
        let start = before.line_start(word.start());
        let line = before.slice(TextRange::new(start, word.start()));
        let mut words = line.split_whitespace();
        let is_import = match words.next() {
            Some("from") => words.next().is_none(),
            first => first == Some("import"),
        };
        is_import && line.starts_with([' ', '\t'])
    };
    imports_of_members(before).any(|import| import.names.iter().any(is_member))
        || before.words("asyncio").any(in_function)
}

/// The imports of members of asyncio at the top level of a module.
fn imports_of_members<'s>(source: &'s Source<'_>) -> impl Iterator<Item = &'s ast::StmtImportFrom> {
    let imports = source
        .body()
        .iter()
        .filter_map(|it| it.as_import_from_stmt());
    imports.filter(|import| is_of_asyncio(import))
}

fn is_of_asyncio(import: &ast::StmtImportFrom) -> bool {
    let module = import.module.as_deref();
    import.level == 0 && matches!(module, Some("asyncio" | "asyncio.tasks"))
}

/// Removes the imports of asyncio's `members` that the code used `before` and does not use `after`.
/// What is imported under its own name again (`gather as gather`) or named in a string is meant for
/// others and stays. What a function imports of asyncio, or asyncio itself, and does not use any more goes as well.
pub fn without_unused_import(before: &Source<'_>, after: &Source<'_>, members: &[&str]) -> Patch {
    let mut edits = Vec::new();
    for import in imports_of_members(after) {
        let gone: Vec<&ast::Alias> = import
            .names
            .iter()
            .filter(|alias| {
                members.contains(&alias.name.as_str())
                    && alias
                        .asname
                        .as_ref()
                        .is_none_or(|it| it.id != alias.name.id)
                    && !is_taken(after, alias)
                    && is_used(before, alias)
                    && !is_used(after, alias)
                    && !is_named_in_a_string(after, alias)
            })
            .collect();
        edits.extend(removal(after, import, &gone));
    }
    // What nobody used before is somebody else's business.
    if unused_in_functions(before, members).is_empty() {
        let unused = unused_in_functions(after, members);
        for import in &unused {
            if import.is_whole() {
                edits.extend(removal_in_function(after, import, &unused));
            } else {
                edits.extend(without_names(after, import.names, &import.gone));
            }
        }
    }
    Patch::new(edits).unwrap_or_default()
}

/// Whether another file may take what `alias` binds in the module.
fn is_taken(source: &Source<'_>, alias: &ast::Alias) -> bool {
    let mut read = source.options().elsewhere.read.iter();
    read.any(|name| *name == local_name(alias))
}

/// An import in a function, of which some is not used.
struct LocalImport<'s> {
    statement: TextRange,
    names: &'s [ast::Alias],
    gone: Vec<&'s ast::Alias>,
}

impl LocalImport<'_> {
    fn is_whole(&self) -> bool {
        self.gone.len() == self.names.len()
    }
}

/// The imports of asyncio, or of `members` of it, in functions that use them nowhere.
fn unused_in_functions<'s>(source: &'s Source<'_>, members: &[&str]) -> Vec<LocalImport<'s>> {
    let mut found: Vec<LocalImport<'s>> = Vec::new();
    for word in source.words("asyncio") {
        let path = source.path_to(word);
        let import = path.up_to(|node| node.is_stmt_import() || node.is_stmt_import_from());
        let (statement, names) = match import.as_ref().map(Path::node) {
            Some(AnyNodeRef::StmtImport(import)) => (import.range(), &import.names),
            Some(AnyNodeRef::StmtImportFrom(import)) if is_of_asyncio(import) => {
                (import.range(), &import.names)
            }
            _ => continue,
        };
        if found.iter().any(|it| it.statement == statement) {
            continue;
        }
        let is_module = import.is_some_and(|it| it.node().is_stmt_import());
        let wanted = |alias: &&ast::Alias| match alias.name.as_str() {
            "asyncio" => is_module,
            name => !is_module && members.contains(&name),
        };
        let gone: Vec<&ast::Alias> = (names.iter().filter(wanted))
            .filter(|alias| is_unused_local(source, &path, alias))
            .collect();
        if !gone.is_empty() {
            found.push(LocalImport {
                statement,
                names,
                gone,
            });
        }
    }
    found
}

/// Whether what `alias`, part of the import at `path`, binds is a local of a function that nobody uses.
fn is_unused_local(source: &Source<'_>, path: &Path<'_>, alias: &ast::Alias) -> bool {
    let name = local_name(alias);
    let bindings = source.bindings();
    let Some(id) = bindings.binding_at(alias.range()) else {
        return false;
    };
    let scope = bindings.binding(id).scope;
    let is_own = path
        .function()
        .is_some_and(|it| !source.reads_every_local(it))
        && bindings.scope(scope).kind == ScopeKind::Function
        && bindings.is_local(scope, name)
        // A function in it may say that the name is the one around it.
        && source.words("nonlocal").next().is_none();
    // One above it is an error, which must not become something else.
    let is_named = || (bindings.uses_named(name)).any(|(_, seen)| seen.scope == scope);
    is_own && bindings.uses_of(id).is_empty() && !is_named()
}

/// Deletes the lines of an import in a block that holds something else too, and the blank lines below it where
/// some, or a comment, stand above; those too where it is the first.
fn removal_in_function(
    source: &Source<'_>,
    import: &LocalImport<'_>,
    unused: &[LocalImport<'_>],
) -> Option<Edit> {
    let (block, _) = source.siblings(import.statement)?;
    let whole = unused.iter().filter(|it| it.is_whole());
    let is_unused = |it: &ast::Stmt| whole.clone().any(|import| import.statement == it.range());
    if block.iter().all(is_unused) {
        return None;
    }
    let lines = own_lines_of_local(source, import.statement)?;
    let (mut start, mut end) = (lines.start(), lines.end());
    let is_first = block[0].range() == import.statement;
    let next = block
        .iter()
        .find(|it| it.start() > import.statement.start());
    // Others that go right above leave what stands above those.
    let mut top = start;
    for above in block.iter().rev().filter(|it| it.end() <= start) {
        let goes = own_lines_of_local(source, above.range()).filter(|_| is_unused(above));
        if let Some(lines) = goes.filter(|lines| lines.end() == top) {
            top = lines.start();
        }
    }
    if is_first || line_above(source, top).is_some() || source.has_comment_above(top) {
        while next.is_some_and(|next| end < next.start()) && is_blank_line(source, end) {
            end = source.next_line_start(end);
        }
    }
    while is_first && let Some(line) = line_above(source, start) {
        start = line;
    }
    Some(Edit::delete(TextRange::new(start, end)))
}

/// The lines of a statement, the end of the last included, that has them for itself and no comment in them.
fn own_lines(source: &Source<'_>, statement: TextRange) -> Option<TextRange> {
    lines_up_to(source, statement, source.line_end(statement.end()))
}

/// The same of an import in a function, which nobody else takes: behind it may be a comment that says something to tools
/// and nothing more.
fn own_lines_of_local(source: &Source<'_>, import: TextRange) -> Option<TextRange> {
    let pragma = source.pragma_behind(import.end());
    let is_bare = |it: &TextRange| source.slice(*it).split_whitespace().count() <= BARE_WORDS;
    match pragma.filter(is_bare) {
        Some(_) => lines_up_to(source, import, import.end()),
        None => own_lines(source, import),
    }
}

/// The words of `# pylint: disable=unused-import`.
const BARE_WORDS: usize = 3;

/// The lines of a statement that has them for itself, if no comment is in them up to `end`.
fn lines_up_to(source: &Source<'_>, statement: TextRange, end: TextSize) -> Option<TextRange> {
    let is_plain = source.is_alone_on_its_lines(statement)
        && !source.has_comment_in(TextRange::new(statement.start(), end));
    is_plain.then(|| {
        TextRange::new(
            source.line_start(statement.start()),
            source.next_line_start(statement.end()),
        )
    })
}

fn local_name(alias: &ast::Alias) -> &str {
    alias.asname.as_ref().unwrap_or(&alias.name).as_str()
}

fn is_used(source: &Source<'_>, alias: &ast::Alias) -> bool {
    let mut uses = source.bindings().uses_named(local_name(alias));
    uses.any(|(_, seen)| !seen.bindings.is_empty())
}

fn is_named_in_a_string(source: &Source<'_>, alias: &ast::Alias) -> bool {
    source
        .tokens()
        .iter()
        .filter(|token| token.kind() == TokenKind::String)
        .any(|token| {
            let text = source.slice(token.range()).trim_matches(['"', '\'']);
            text == local_name(alias)
        })
}

/// Takes `gone` out of an import: the whole statement where nothing else is in it.
fn removal(source: &Source<'_>, import: &ast::StmtImportFrom, gone: &[&ast::Alias]) -> Vec<Edit> {
    if gone.is_empty() {
        return Vec::new();
    }
    let is_gone = |alias: &ast::Alias| gone.iter().any(|other| other.range() == alias.range());
    if import.names.iter().all(is_gone) {
        let lines = own_lines(source, import.range());
        let lines = lines.map(|lines| with_blank_lines(source, lines));
        return lines.map(Edit::delete).into_iter().collect();
    }
    without_names(source, &import.names, gone)
}

/// Takes `gone` out of the `names` of an import, of which some stay.
fn without_names(source: &Source<'_>, names: &[ast::Alias], gone: &[&ast::Alias]) -> Vec<Edit> {
    let is_gone = |alias: &ast::Alias| gone.iter().any(|other| other.range() == alias.range());
    let mut edits = Vec::new();
    for (index, alias) in names.iter().enumerate() {
        if !is_gone(alias) {
            continue;
        }
        // Up to the next name, or from the end of the last one that stays.
        let range = match names.get(index + 1) {
            Some(next) => TextRange::new(alias.start(), next.start()),
            None => match names[..index].iter().rfind(|alias| !is_gone(alias)) {
                Some(previous) => TextRange::new(previous.end(), alias.end()),
                None => continue,
            },
        };
        if !source.has_comment_in(range) {
            edits.push(Edit::delete(range));
        }
    }
    edits
}

/// `lines`, with the blank lines above or below them where there are some on both sides: the fewer.
fn with_blank_lines(source: &Source<'_>, lines: TextRange) -> TextRange {
    let above = std::iter::successors(Some(lines.start()), |start| line_above(source, *start));
    let above: Vec<TextSize> = above.skip(1).collect();
    let below = std::iter::successors(Some(lines.end()), |start| {
        let next = source.next_line_start(*start);
        (is_blank_line(source, *start) && next > *start).then_some(next)
    });
    let below: Vec<TextSize> = below.skip(1).collect();
    match (above.last(), below.last()) {
        (Some(start), Some(_)) if above.len() <= below.len() => TextRange::new(*start, lines.end()),
        (Some(_), Some(end)) => TextRange::new(lines.start(), *end),
        _ => lines,
    }
}

/// Whether the line that starts at `start` is blank.
fn is_blank_line(source: &Source<'_>, start: TextSize) -> bool {
    let line = TextRange::new(start, source.line_end(start));
    source.slice(line).trim().is_empty()
}

/// Where the line above the one at `start` starts, if it is blank.
fn line_above(source: &Source<'_>, start: TextSize) -> Option<TextSize> {
    (source.line_before(start)).filter(|line| is_blank_line(source, *line))
}

/// A new `import module` at the top of the file, beside its like.
fn import_module(source: &Source<'_>, module: &str) -> Spelled {
    // Others would take it, who have something else by that name.
    let is_taken = (source.options().elsewhere.read.iter()).any(|name| name == module);
    // Where it is imported under a condition, an import above that changes nothing.
    let free = !is_taken
        && (source.is_free_in_module(module)
            || source.only_ever_names_module(module) && !source.bindings().declare_global(module));
    let (text, statement) = if free {
        (module.to_string(), format!("import {module}"))
    } else {
        let name = fresh_in_module(source, &format!("_{module}"));
        (name.clone(), format!("import {module} as {name}"))
    };
    Spelled {
        text,
        edits: insert_import(source, module, &statement),
    }
}

fn insert_import(source: &Source<'_>, module: &str, statement: &str) -> Vec<Edit> {
    let is_from = statement.starts_with("from ");
    let at = Top::of(source);
    let are_mixed = are_by_module(source, &at.first_imports);
    let ending = source.line_ending(TextSize::new(0));
    // Beside its like: before the first of the leading imports that comes after it in the alphabet.
    let group = match &at.second_imports[..] {
        second if at.is_interrupted && second.iter().any(|it| takes_asyncio(it)) => second,
        // Some keep those that take modules apart from those that take members.
        second
            if is_from
                && !are_mixed
                && second.iter().all(|it| it.is_import_from_stmt())
                && !second.is_empty()
                && at.first_imports.iter().all(|it| it.is_import_stmt())
                && second.iter().any(|it| source.takes_members_of_library(it)) =>
        {
            second
        }
        _ => &at.first_imports[..],
    };
    let are_members_first = !are_mixed && are_members_above_modules(group);
    let rank = if are_members_first {
        RANK_OF_IMPORTS + 2 * u8::from(!is_from) + u8::from(module != "asyncio")
    } else if are_mixed {
        rank_by_module(module)
    } else {
        RANK_OF_IMPORTS + u8::from(module != "asyncio") + u8::from(is_from)
    };
    // Those of the project itself and of other packages are no like of the standard library's.
    if let Some(first) = group.first()
        && group
            .iter()
            .all(|import| is_own(source, import) || is_of_a_package(import))
    {
        let place = source.line_start(first.start());
        let blank_line = Edit::insert_once(place, RANK_OF_IMPORTS + 9, ending);
        let import = Edit::insert_once(place, rank, format!("{statement}{ending}"));
        return vec![import, blank_line];
    }
    let comes_before = |import: &ast::Stmt| {
        let name = imported_from(import);
        let is_earlier = name.is_some_and(|name| name < module);
        match import {
            _ if are_mixed => is_earlier || is_from && name == Some(module),
            ast::Stmt::Import(_) if are_members_first => !is_from && is_earlier,
            _ if are_members_first => !is_from || is_earlier,
            // Those that take members come behind those that take modules.
            ast::Stmt::Import(_) => is_from || is_earlier,
            _ => is_from && is_earlier,
        }
    };
    let before = group.iter().rfind(|import| comes_before(import));
    let place = before.map(|import| source.line_after(import.end()));
    let place = place.or_else(|| {
        group
            .first()
            .map(|import| source.line_start(import.start()))
    });
    let Some(place) = place else {
        let import = Edit::insert_once(at.anchor, rank, format!("{statement}{ending}"));
        let blank_line = || Edit::insert_once(at.anchor, RANK_OF_IMPORTS - 1, ending);
        let above = (!at.begins_file).then(blank_line);
        let below = room_below_first_import(source, at.anchor);
        return above.into_iter().chain([import]).chain(below).collect();
    };
    vec![line_at(source, place, rank, statement)]
}

/// The blank lines below an import at `anchor` that is the only one, where code follows at once.
pub(crate) fn room_below_first_import(source: &Source<'_>, anchor: TextSize) -> Option<Edit> {
    let line = TextRange::new(anchor, source.line_end(anchor));
    if anchor != source.line_start(anchor) || source.slice(line).trim().is_empty() {
        return None;
    }
    let next = source.body().iter().find(|it| it.start() >= anchor);
    let is_definition = next.is_some_and(|it| it.is_function_def_stmt() || it.is_class_def_stmt());
    let count = if is_definition { BLANK_LINES } else { 1 };
    let blank_lines = source.line_ending(TextSize::new(0)).repeat(count);
    Some(Edit::insert_once(anchor, RANK_OF_BLANK_LINES, blank_lines))
}

/// The rank of an import of `module` among others that stand by the alphabet, whatever they take.
fn rank_by_module(module: &str) -> u8 {
    let index = ORDER_OF_MODULES.iter().position(|it| *it == module);
    RANK_OF_IMPORTS + index.map_or(0, |index| index.try_into().unwrap_or_default())
}

/// What helpers import, by the alphabet.
const ORDER_OF_MODULES: [&str; 5] = ["asyncio", "collections.abc", "contextlib", "sys", "typing"];

/// Whether imports stand in the order of their modules, be they of those or of members, as isort has them
/// with `force_sort_within_sections`: a module comes behind members, and each in the alphabet.
fn are_by_module(source: &Source<'_>, imports: &[&ast::Stmt]) -> bool {
    if let Some(said) = source.options().imports.mixed {
        return said;
    }
    let names: Option<Vec<String>> = (imports.iter())
        .map(|import| Some(imported_from(import)?.to_lowercase()))
        .collect();
    let mut after_members = imports.iter().skip_while(|it| it.is_import_stmt());
    after_members.any(|it| it.is_import_stmt()) && names.is_some_and(|names| names.is_sorted())
}

/// Whether all imports that take members stand above those that take modules, and there are some of both.
fn are_members_above_modules(imports: &[&ast::Stmt]) -> bool {
    let is_first = imports.first().is_some_and(|it| it.is_import_from_stmt());
    let is_last = imports.last().is_some_and(|it| it.is_import_stmt());
    is_first && is_last && imports.is_sorted_by_key(|it| it.is_import_stmt())
}

/// Whether an import takes asyncio, or members of it.
fn takes_asyncio(import: &ast::Stmt) -> bool {
    match import {
        ast::Stmt::Import(import) => import.names.iter().any(|it| it.name == *"asyncio"),
        _ => imported_from(import) == Some("asyncio"),
    }
}

/// The module that an import takes, or takes members of; none of a relative one.
fn imported_from(import: &ast::Stmt) -> Option<&str> {
    match import {
        ast::Stmt::Import(import) => Some(import.names.first()?.name.as_str()),
        ast::Stmt::ImportFrom(import) if import.level == 0 => import.module.as_deref(),
        _ => None,
    }
}

/// Whether an import takes nothing of the standard library.
fn is_of_a_package(import: &ast::Stmt) -> bool {
    let is_standard = |name: &str| name.split('.').next().is_some_and(is_standard_module);
    match import {
        ast::Stmt::Import(import) => !import.names.iter().any(|alias| is_standard(&alias.name)),
        _ => !imported_from(import).is_some_and(is_standard),
    }
}

/// Whether an import is of the project's own package.
fn is_own(source: &Source<'_>, import: &ast::Stmt) -> bool {
    let package = source.module().and_then(|it| it.dotted.split('.').next());
    let is_in_package = |name: &str| name.split('.').next() == package;
    match import {
        ast::Stmt::Import(import) => import.names.iter().all(|alias| is_in_package(&alias.name)),
        ast::Stmt::ImportFrom(import) => {
            import.level > 0 || import.module.as_deref().is_some_and(is_in_package)
        }
        _ => false,
    }
}

/// The top of a module: where imports and helpers go.
pub(crate) struct Top<'s> {
    /// The leading imports without `from __future__`, up to the first blank line after one.
    pub(crate) first_imports: Vec<&'s ast::Stmt>,
    /// Those after it, up to the next blank line.
    second_imports: Vec<&'s ast::Stmt>,
    /// Whether something else than imports stands between the two.
    is_interrupted: bool,
    /// The start of the line after the last leading import, docstring or comment.
    pub(crate) anchor: TextSize,
    /// The same, also after an `__all__` that follows the imports.
    pub(crate) anchor_of_helpers: TextSize,
    /// Nothing stands before the anchor.
    pub(crate) begins_file: bool,
}

impl<'s> Top<'s> {
    pub(crate) fn of(source: &'s Source<'_>) -> Self {
        match late_cell(source) {
            Some(cell) => Self::of_statements(source, statements_of_late(source, cell), false),
            None => Self::of_statements(source, source.body(), true),
        }
    }

    /// That of `body`, with which the file begins where `is_all`.
    fn of_statements(source: &'s Source<'_>, body: &'s [ast::Stmt], is_all: bool) -> Self {
        let mut first_imports: Vec<&ast::Stmt> = Vec::new();
        let mut second_imports: Vec<&ast::Stmt> = Vec::new();
        let mut group_ended = false;
        let mut is_interrupted = false;
        let mut anchor = None;
        for (index, statement) in body.iter().enumerate() {
            let is_docstring = index == 0 && is_all && is_string(statement);
            if is_docstring || is_future_import(statement) {
                anchor = Some(statement.end());
                continue;
            }
            if is_code(statement) || may_call_helpers(source, statement) {
                break;
            }
            if !holds_import(statement) {
                group_ended |= !first_imports.is_empty();
                is_interrupted |= group_ended && second_imports.is_empty();
                continue;
            }
            if matches!(statement, ast::Stmt::Import(_) | ast::Stmt::ImportFrom(_)) {
                group_ended |= first_imports
                    .last()
                    .is_some_and(|last| blank_line_between(source, last.end(), statement.start()));
                let follows =
                    |last: &&ast::Stmt| !blank_line_between(source, last.end(), statement.start());
                if !group_ended {
                    first_imports.push(statement);
                } else if second_imports.last().is_none_or(follows) {
                    second_imports.push(statement);
                }
            } else {
                group_ended |= !first_imports.is_empty();
                is_interrupted |= group_ended && second_imports.is_empty();
            }
            anchor = Some(statement.end());
        }
        let (anchor, begins_file) = match (anchor, source.start_of_cells()) {
            (Some(end), _) => (source.line_after(end), false),
            (None, start) if start > TextSize::new(0) => (start, true),
            (None, _) => {
                let leading = leading_comments(source);
                (leading, leading == source.line_start(TextSize::new(0)))
            }
        };
        let exports = body.iter().find(|it| it.start() >= anchor);
        let exports = exports.filter(|it| !first_imports.is_empty() && lists_exports(source, it));
        Self {
            anchor_of_helpers: exports.map_or(anchor, |it| source.line_after(it.end())),
            first_imports,
            second_imports,
            is_interrupted,
            anchor,
            begins_file,
        }
    }
}

/// The cell of a notebook to which imports and helpers go where they would stand in another one: whatever a helper
/// can be for uses asyncio, which this cell alone imports, and so runs after it in whatever order people run cells.
pub(crate) fn late_cell(source: &Source<'_>) -> Option<TextRange> {
    source.cell_for_helpers(find_late_cell)
}

fn find_late_cell(source: &Source<'_>) -> Option<TextRange> {
    if source.helper_module().is_some() || source.keeper().is_some() {
        return None;
    }
    let cell = source.cell_with_asyncio()?;
    let usual = Top::of_statements(source, source.body(), true);
    let is_elsewhere = !cell.contains_inclusive(usual.anchor);
    let is_of_asyncio = |name: &&str| source.is_of_asyncio_above(cell, name);
    (is_elsewhere && ASYNCIO_FUNCTIONS.iter().all(is_of_asyncio)).then_some(cell)
}

/// The statements of such a cell from its first import of asyncio on.
fn statements_of_late<'s>(source: &'s Source<'_>, cell: TextRange) -> &'s [ast::Stmt] {
    let body = source.body();
    let imports_asyncio = |statement: &ast::Stmt| {
        let is_asyncio = |name: &str| name.split('.').next() == Some("asyncio");
        match statement {
            ast::Stmt::Import(import) => import.names.iter().any(|it| is_asyncio(&it.name)),
            _ => imported_from(statement).is_some_and(is_asyncio),
        }
    };
    let start = body.partition_point(|it| it.start() < cell.start());
    let end = body.partition_point(|it| it.start() < cell.end());
    let skipped = (body[start..end].iter()).take_while(|it| !imports_asyncio(it));
    &body[start + skipped.count()..end]
}

/// The end of the comment lines with which the file begins: a shebang, a coding cookie, a licence.
/// Comments right above the first statement belong to that.
fn leading_comments(source: &Source<'_>) -> TextSize {
    let start = source.line_start(TextSize::new(0));
    let mut header = start;
    let mut end = start;
    for token in source.tokens() {
        match token.kind() {
            TokenKind::Comment if source.line_start(token.start()) == end => {
                let text = source.slice(token.range());
                end = source.next_line_start(token.end());
                if text.starts_with("#!") || text.contains("coding") {
                    header = end;
                }
            }
            // A blank line: what stands above it is no part of the code below.
            TokenKind::NonLogicalNewline if token.start() == end => return end,
            TokenKind::NonLogicalNewline => {}
            _ => return header,
        }
    }
    end
}

/// Whether a statement is `__all__ = [..]`, a list or tuple of strings, alone on its lines.
fn lists_exports(source: &Source<'_>, statement: &ast::Stmt) -> bool {
    let (target, value) = match statement {
        ast::Stmt::Assign(assign) => (assign.targets.first(), Some(&assign.value)),
        ast::Stmt::AnnAssign(assign) => (Some(&*assign.target), assign.value.as_ref()),
        _ => return false,
    };
    let is_it = (target.and_then(ast::Expr::as_name_expr)).is_some_and(|it| it.id == "__all__");
    let elements = match value.map(|it| &**it) {
        Some(ast::Expr::List(list)) => &list.elts,
        Some(ast::Expr::Tuple(tuple)) => &tuple.elts,
        _ => return false,
    };
    is_it
        && elements.iter().all(ast::Expr::is_string_literal_expr)
        && source.is_alone_on_its_lines(statement.range())
}

fn is_string(statement: &ast::Stmt) -> bool {
    matches!(statement, ast::Stmt::Expr(expr) if expr.value.is_string_literal_expr())
}

fn is_future_import(statement: &ast::Stmt) -> bool {
    matches!(statement, ast::Stmt::ImportFrom(import)
        if import.module.as_deref() == Some("__future__"))
}

/// Whether a statement that runs at import names something that a helper may be written around:
/// helpers have to stand above it.
fn may_call_helpers(source: &Source<'_>, statement: &ast::Stmt) -> bool {
    let runs_nothing = match statement {
        ast::Stmt::Import(_) | ast::Stmt::ImportFrom(_) => true,
        ast::Stmt::If(node) => is_type_checking(&node.test) && node.elif_else_clauses.is_empty(),
        _ => false,
    };
    !runs_nothing
        && source
            .slice(statement.range())
            .split(|c: char| !(c.is_alphanumeric() || c == '_'))
            .any(|word| ASYNCIO_FUNCTIONS.contains(&word))
}

/// Whether a statement of the top level is where a module's own code begins: imports after it are
/// not looked for.
fn is_code(statement: &ast::Stmt) -> bool {
    match statement {
        ast::Stmt::FunctionDef(_)
        | ast::Stmt::ClassDef(_)
        | ast::Stmt::For(_)
        | ast::Stmt::While(_) => true,
        // `if sys.platform == "win32": raise ImportError(..)` is none.
        ast::Stmt::If(node) => {
            let raises = (node.body.iter())
                .all(|it| it.is_raise_stmt() || it.is_import_stmt() || it.is_import_from_stmt());
            !(holds_import(statement) || raises && node.elif_else_clauses.is_empty())
        }
        ast::Stmt::Try(_) | ast::Stmt::With(_) => !holds_import(statement),
        _ => false,
    }
}

/// Whether a statement of the top level is an import, or a condition or `try` around imports.
fn holds_import(statement: &ast::Stmt) -> bool {
    match statement {
        ast::Stmt::Import(_) | ast::Stmt::ImportFrom(_) => true,
        ast::Stmt::If(node) => {
            // What is there for type checkers alone runs nothing.
            (is_type_checking(&node.test) || holds_only_declarations(&node.body))
                && node
                    .elif_else_clauses
                    .iter()
                    .all(|clause| holds_only_declarations(&clause.body))
                && (node.body.iter().any(holds_import)
                    || node
                        .elif_else_clauses
                        .iter()
                        .any(|clause| clause.body.iter().any(holds_import)))
        }
        ast::Stmt::Try(node) => node.body.iter().any(holds_import),
        ast::Stmt::With(node) => node.body.iter().any(holds_import),
        _ => false,
    }
}

/// Whether a suite has no definitions: what an `if TYPE_CHECKING` or version check is made of.
fn holds_only_declarations(suite: &[ast::Stmt]) -> bool {
    suite.iter().all(|statement| {
        !matches!(
            statement,
            ast::Stmt::FunctionDef(_) | ast::Stmt::ClassDef(_)
        )
    })
}

fn blank_line_between(source: &Source<'_>, from: TextSize, to: TextSize) -> bool {
    let mut at = source.next_line_start(from);
    while at < to {
        let line = TextRange::new(at, source.line_end(at));
        if source.slice(line).trim().is_empty() {
            return true;
        }
        at = source.next_line_start(at);
    }
    false
}
