//! Small functions and classes that the rewritten code calls: written once in a module, known again
//! in the next run.

use std::cell::OnceCell;

use asyncmend_edits::{Edit, TextRange, TextSize};
use asyncmend_source::{
    AnyNodeRef, BindingKind, HelperModule, Keeper, Path, PythonVersion, Ranged, Role, ScopeId,
    Site, Source, ast, is_type_checking,
};

use crate::imports::{
    BLANK_LINES, RANK_OF_BLANK_LINES, RANK_OF_IMPORTS, Spelled, Top, late_cell, module_name,
    type_checking, typing_member, with_members_joined,
};
use crate::names::{fresh_for_functions, fresh_in_module};
use crate::own_imports::{imported_members, member_of};

/// Helpers come below imports and what they need, and above blank lines.
const RANK_OF_HELPERS: u8 = 21;

const ASYNCIO_TIMEOUT_ERROR: &str = "asyncio.TimeoutError";
const BUILTIN_TIMEOUT_ERROR: &str = "TimeoutError";

/// What a module may get, in the order in which it stands there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Helper {
    /// Holds a task until it is done, and gives it back.
    KeepTask,
    /// `asyncio.gather` that cancels the others when one fails.
    GatherOrCancel,
    /// `asyncio.TaskGroup` that raises what gather would.
    TaskGroup,
    /// `asyncio.wait_for` that loses no cancellation.
    WaitFor,
}

/// How to call a helper, and what has to be inserted for it.
#[derive(Debug, Clone)]
pub struct Written {
    /// Its name in this module.
    pub name: String,
    /// The insertions; none where the module has it already.
    pub edits: Vec<Edit>,
}

/// The helpers of one module: those that it has, and how to write the others.
pub struct Helpers<'s, 'a> {
    source: &'s Source<'a>,
    present: Vec<Present<'s>>,
    /// What each takes that is not there: the same for all fixes.
    new: [OnceCell<Written>; Helper::ALL.len()],
}

/// A helper that the module has already.
struct Present<'s> {
    helper: Helper,
    name: &'s str,
    range: TextRange,
    is_imported: bool,
    /// Whether new calls may use it: nobody looks at the tasks that it holds.
    is_at_hand: bool,
}

/// The names that a helper's text has to be told.
struct Names {
    own: String,
    parameter: String,
    tasks: String,
    keep: String,
    asyncio: String,
    contextlib: String,
    sys: String,
    /// The builtin from Python 3.11 on, where it is the same class.
    timeout_error: &'static str,
    /// How to say `typing.Any`, for modules with annotations.
    any: Option<String>,
    /// Whether the method that a group inherits has a name: a type checker lets it take no objects.
    method_is_named: bool,
    /// There, how to say `typing.TYPE_CHECKING`, to show a type checker the function of asyncio instead.
    type_checking: Option<String>,
}

impl Names {
    fn of(own: &str) -> Self {
        Self {
            own: own.to_string(),
            parameter: "task".to_string(),
            tasks: "_background_tasks".to_string(),
            keep: "_keep_task".to_string(),
            asyncio: "asyncio".to_string(),
            contextlib: "contextlib".to_string(),
            sys: "sys".to_string(),
            timeout_error: ASYNCIO_TIMEOUT_ERROR,
            any: None,
            method_is_named: false,
            type_checking: None,
        }
    }

    /// Those that `function` has, which may be a helper.
    fn of_function(function: &ast::StmtFunctionDef) -> Self {
        let mut names = Self::of(&function.name);
        if let Some(first) = function.parameters.iter_non_variadic_params().next() {
            names.parameter = first.name().to_string();
        }
        if let Some(tasks) = first_receiver(function) {
            names.tasks = tasks.to_string();
        }
        names
    }
}

impl Helper {
    /// Every helper, in their order.
    pub const ALL: [Helper; 4] = [
        Helper::KeepTask,
        Helper::GatherOrCancel,
        Helper::TaskGroup,
        Helper::WaitFor,
    ];

    /// The name that it has unless the module uses that for something else.
    pub fn usual_name(self) -> &'static str {
        match self {
            Helper::KeepTask => "_keep_task",
            Helper::GatherOrCancel => "_gather_or_cancel",
            Helper::TaskGroup => "_TaskGroup",
            Helper::WaitFor => "_wait_for",
        }
    }

    /// The name that it has in a module from which others import it.
    pub fn public_name(self) -> &'static str {
        match self {
            Helper::KeepTask => "keep_task",
            Helper::GatherOrCancel => "gather_or_cancel",
            Helper::TaskGroup => "TaskGroup",
            Helper::WaitFor => "wait_for",
        }
    }

    /// The helper with this [`Helper::public_name`].
    pub fn of_public_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.public_name() == name)
    }

    /// The oldest Python on which its text runs.
    pub fn needs(self) -> PythonVersion {
        match self {
            Helper::TaskGroup => PythonVersion::PY311,
            Helper::KeepTask | Helper::GatherOrCancel | Helper::WaitFor => PythonVersion::PY37,
        }
    }

    /// Whether a type checker that looks into functions without annotations finds fault with its text where it
    /// has none.
    fn needs_annotations(self) -> bool {
        match self {
            Helper::TaskGroup | Helper::WaitFor => true,
            Helper::KeepTask | Helper::GatherOrCancel => false,
        }
    }

    /// Words of its text that most code lacks.
    fn words(self) -> [&'static str; 2] {
        match self {
            Helper::KeepTask => ["add_done_callback", "discard"],
            Helper::GatherOrCancel => ["ensure_future", "fromkeys"],
            Helper::TaskGroup => ["uncancel", "__aexit__"],
            Helper::WaitFor => ["uncancel", "version_info"],
        }
    }

    /// Whether the file may define it: comparing takes a parse.
    fn may_be_in(self, source: &Source<'_>) -> bool {
        let mut words = self.words().into_iter();
        words.all(|word| source.words(word).next().is_some())
    }

    /// Whether `statement` could be its definition.
    fn may_be(self, source: &Source<'_>, statement: &ast::Stmt) -> bool {
        let is_its_kind = match self {
            Helper::KeepTask | Helper::GatherOrCancel => {
                statement.is_function_def_stmt() || statement.is_if_stmt()
            }
            Helper::TaskGroup => statement.is_class_def_stmt(),
            Helper::WaitFor => statement.is_if_stmt(),
        };
        let mut words = self.words().into_iter();
        is_its_kind && words.all(|word| source.has_word(word, statement.range()))
    }

    /// The builtins that its text names.
    fn builtins(self) -> &'static [&'static str] {
        match self {
            Helper::KeepTask => &["set"],
            Helper::GatherOrCancel => &["set", "dict", "Exception"],
            Helper::TaskGroup => &["super", "BaseExceptionGroup", "staticmethod"],
            Helper::WaitFor => &["hasattr"],
        }
    }

    /// The name of its parameter; that of `asyncio.wait_for` can be a keyword of a call.
    fn usual_parameter(self) -> &'static str {
        match self {
            Helper::WaitFor => "fut",
            _ => "task",
        }
    }

    /// The definition, without the set that [`Helper::KeepTask`] needs; four blanks a level.
    fn definition(self, names: &Names) -> String {
        let template = match self {
            Helper::KeepTask => include_str!("helpers/keep_task.py"),
            Helper::GatherOrCancel => include_str!("helpers/gather_or_cancel.py"),
            Helper::TaskGroup => include_str!("helpers/task_group.py"),
            Helper::WaitFor => include_str!("helpers/wait_for.py"),
        };
        let template = match &names.any {
            Some(any) => template.replace("ANY", any),
            None => template
                .replace(" -> ANY", "")
                .replace(": ANY", "")
                .replace("*exc_info: object", "*exc_info")
                .replace("    _parent_cancel_requested: bool\n", ""),
        };
        let template = if names.method_is_named {
            template
        } else {
            let rest = template
                .lines()
                .filter(|line| !line.ends_with(" = super().__aexit__"));
            let rest: String = rest.flat_map(|line| [line, "\n"]).collect();
            rest.replace("leave(*exc_info)", "super().__aexit__(*exc_info)")
        };
        let template = match &names.type_checking {
            Some(type_checking) => self.shown_as_of_asyncio(&template, type_checking),
            None => template,
        };
        substituted(
            &template.replace("TIMEOUT_ERROR", names.timeout_error),
            &[
                ("_background_tasks", &names.tasks),
                ("_keep_task", &names.keep),
                (self.usual_name(), &names.own),
                ("PARAMETER", &names.parameter),
                ("asyncio", &names.asyncio),
                ("contextlib", &names.contextlib),
                ("sys", &names.sys),
            ],
        )
    }

    /// The `template` of its definition, with a function of asyncio in its place for a type checker: that tells the
    /// type of each result.
    fn shown_as_of_asyncio(self, template: &str, type_checking: &str) -> String {
        let like = match self {
            // It gives back the future that it is given.
            Helper::KeepTask => "ensure_future",
            Helper::GatherOrCancel => "gather",
            Helper::WaitFor => {
                return template.replacen("if ", &format!("if {type_checking} or "), 1);
            }
            Helper::TaskGroup => return template.to_owned(),
        };
        let lines = template.lines().map(|line| format!("    {line}\n"));
        let name = self.usual_name();
        let definition: String = lines.collect();
        format!("if {type_checking}:\n    {name} = asyncio.{like}\nelse:\n\n{definition}")
    }
}

/// The blank lines that isort and formatters leave above `definition`: two above a function or class, one above a
/// condition.
fn lines_above(definition: &str) -> usize {
    if definition.starts_with("if ") {
        1
    } else {
        BLANK_LINES
    }
}

/// `template` with whole words replaced, all at once.
fn substituted(template: &str, words: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(template.len());
    let mut rest = template;
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || !byte.is_ascii();
    while let Some(start) = rest.bytes().position(is_part) {
        out.push_str(&rest[..start]);
        rest = &rest[start..];
        let end = rest.bytes().position(|byte| !is_part(byte));
        let end = end.unwrap_or(rest.len());
        let word = &rest[..end];
        let new = words
            .iter()
            .find(|(old, _)| *old == word)
            .map_or(word, |(_, new)| *new);
        out.push_str(new);
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}

impl<'s, 'a> Helpers<'s, 'a> {
    /// Looks for the helpers that the module has already.
    pub fn of(source: &'s Source<'a>) -> Self {
        let mut helpers = Self {
            source,
            present: Vec::new(),
            new: Default::default(),
        };
        let mut possible = Helper::ALL.to_vec();
        possible.retain(|helper| helper.may_be_in(source));
        for statement in source.body() {
            if let ast::Stmt::ImportFrom(import) = statement {
                helpers.present.extend(imported(source, import));
            } else if let Some(present) = helpers.recognise(&possible, statement) {
                helpers.present.push(present);
            }
        }
        helpers
    }

    /// Whether `range` lies in a helper, whose own calls are no sites.
    pub fn contain(&self, range: TextRange) -> bool {
        self.present
            .iter()
            .any(|present| present.range.contains_range(range))
    }

    /// Whether `call` lies in a helper, or calls one: which function that is may depend on the version of Python.
    pub fn have(&self, call: &ast::ExprCall) -> bool {
        let name = call.func.as_name_expr().map(|name| name.id.as_str());
        self.contain(call.range()) || self.present.iter().any(|it| Some(it.name) == name)
    }

    /// The names by which the module has `helper`.
    pub fn names_of(&self, helper: Helper) -> impl Iterator<Item = &'s str> + '_ {
        self.present
            .iter()
            .filter(move |present| present.helper == helper)
            .map(|present| present.name)
    }

    /// Whether the module has `helper` for new calls to use.
    pub fn has(&self, helper: Helper) -> bool {
        self.at_hand(helper).next().is_some()
    }

    fn at_hand(&self, helper: Helper) -> impl Iterator<Item = &Present<'s>> + '_ {
        let is_it = move |present: &&Present| present.helper == helper && present.is_at_hand;
        self.present.iter().filter(is_it)
    }

    /// The helpers that the module imports.
    pub fn imported(&self) -> impl Iterator<Item = Helper> + '_ {
        let imported = self.present.iter().filter(|present| present.is_imported);
        imported.map(|present| present.helper)
    }

    /// The name of `helper`, with the insertions that the module needs to have it. All fixes of a
    /// round get the same name and the same insertions.
    pub fn get(&self, helper: Helper, path: &Path<'_>) -> Written {
        self.seen_from(helper, Some(path))
    }

    /// The name of `helper` at the top of the module, as [`Helpers::get`].
    pub fn get_in_module(&self, helper: Helper) -> Written {
        self.seen_from(helper, None)
    }

    /// As above, seen from `path`, at the module's top level where there is none.
    fn seen_from(&self, helper: Helper, path: Option<&Path<'_>>) -> Written {
        if let Some(name) = self.usable(helper, path) {
            return Written {
                name: name.to_string(),
                edits: Vec::new(),
            };
        }
        if let Some((module, member)) = self.home_of(helper) {
            let spelled = member_of(self.source, module, member, path);
            return Written {
                name: spelled.text,
                edits: spelled.edits,
            };
        }
        let new = &self.new[helper as usize];
        new.get_or_init(|| self.new_helper(helper)).clone()
    }

    /// What the module needs to get `helper`, which it lacks.
    fn new_helper(&self, helper: Helper) -> Written {
        let top = Top::of(self.source);
        let anchor = self.anchor_of(helper, &top);
        let name = match self.source.helper_module() {
            Some(it) if self.source.is_module(&it.module.name) => helper.public_name(),
            _ => helper.usual_name(),
        };
        let mut names = Names::of(&fresh_for_functions(self.source, name));
        names.parameter = helper.usual_parameter().to_string();
        let mut edits = Vec::new();
        let is_checked = self.source.options().types_are_checked && helper.needs_annotations();
        let any = self.any(is_checked, anchor);
        let is_shown_as = any.is_some() && self.is_better_shown_as_of_asyncio(helper);
        if helper != Helper::KeepTask || is_shown_as {
            let asyncio = module_name(self.source, "asyncio", anchor);
            names.asyncio = asyncio.text;
            edits.extend(asyncio.edits);
        }
        let set_at_hand = self.set_at_hand().map(|(name, _)| name);
        match helper {
            Helper::KeepTask => {
                names.tasks = match set_at_hand {
                    Some(tasks) => tasks.to_string(),
                    None => fresh_in_module(self.source, "_background_tasks"),
                };
                names.keep.clone_from(&names.own);
            }
            Helper::GatherOrCancel => {
                let keep = self.seen_from(Helper::KeepTask, None);
                names.keep = keep.name;
                edits.extend(keep.edits);
            }
            Helper::TaskGroup | Helper::WaitFor => {
                if self.source.target() >= PythonVersion::PY311
                    && self.source.is_builtin_in_module("TimeoutError")
                {
                    names.timeout_error = BUILTIN_TIMEOUT_ERROR;
                }
                let sys = module_name(self.source, "sys", anchor);
                names.sys = sys.text;
                edits.extend(sys.edits);
                if helper == Helper::TaskGroup {
                    let contextlib = module_name(self.source, "contextlib", anchor);
                    names.contextlib = contextlib.text;
                    edits.extend(contextlib.edits);
                }
            }
        }
        let needs_set = helper == Helper::KeepTask && set_at_hand.is_none();
        if let Some(any) = any {
            if is_shown_as {
                let type_checking = type_checking(self.source, anchor);
                names.type_checking = Some(type_checking.text);
                edits.extend(type_checking.edits);
            }
            names.any = Some(any.text);
            names.method_is_named = true;
            edits.extend(any.edits);
        }
        let mut edits = with_members_joined(self.source, edits);
        let definition = helper.definition(&names);
        let (text, blank_lines) = if needs_set {
            let set = self.new_set(&names.tasks, names.any.as_deref(), anchor);
            let between = "\n".repeat(lines_above(&definition) + 1);
            (format!("{set}{between}{definition}"), 1)
        } else {
            let blank_lines = lines_above(&definition);
            (definition, blank_lines)
        };
        let text = self.dressed(&text);
        let imports = edits.iter().any(|edit| edit.range.start() == anchor);
        let before = self.blank_lines_before(blank_lines, &top, anchor, imports);
        let rank = RANK_OF_HELPERS + helper as u8;
        let ending = self.source.line_ending(TextSize::new(0));
        let edit = Edit::insert_once(anchor, rank, format!("{before}{text}"));
        // What begins the file does not where another fix brings imports.
        edits.push(if before.is_empty() {
            edit.below(RANK_OF_IMPORTS, ending.repeat(blank_lines) + &text)
        } else {
            edit.below(RANK_OF_HELPERS, ending.repeat(BLANK_LINES) + &text)
        });
        edits.extend(self.blank_lines(anchor, BLANK_LINES));
        let name = names.own;
        Written { name, edits }
    }

    /// Whether the call at `path` can call `helper`: it runs later than the module's import, or stands
    /// below the place of the helper; and the builtins that the helper needs are the builtins.
    pub fn are_in_reach(&self, helper: Helper, path: &Path<'_>) -> bool {
        if self.source.is_hidden_by_class(path, helper.usual_name()) {
            return false;
        }
        let needs = helper.builtins();
        if !self.come_from_elsewhere(helper)
            && !needs
                .iter()
                .all(|name| self.source.is_builtin_in_module(name))
        {
            return false;
        }
        let defined_at = || {
            self.at_hand(helper).next().map_or_else(
                || self.anchor_of(helper, &Top::of(self.source)),
                |present| present.range.end(),
            )
        };
        let is_above = || defined_at() <= path.node().start();
        // What stands in the cell of the helper itself is in the order of a module.
        let is_in_other_cell = |cell: &TextRange| {
            cell.contains_inclusive(defined_at()) && !cell.contains_range(path.node().range())
        };
        match late_cell(self.source).filter(is_in_other_cell) {
            Some(_) => is_above() || self.source.needs_asyncio(path.node()),
            None => runs_later(path) || is_above(),
        }
    }

    /// Whether the project has another module from which this one gets `helper`.
    pub fn come_from_elsewhere(&self, helper: Helper) -> bool {
        self.home_of(helper).is_some()
    }

    /// The module from which `helper` is imported, and its name there; none where this module has, or
    /// gets, its own.
    fn home_of(&self, helper: Helper) -> Option<(&str, &str)> {
        if self.at_hand(helper).any(|present| !present.is_imported) {
            return None;
        }
        if let Some(keeper) = self.source.keeper()
            && helper == Helper::KeepTask
            && self.source.can_import(&keeper.module)
        {
            return Some((&keeper.module.name, &keeper.function));
        }
        let home = self.source.helper_module()?;
        let name = helper.public_name();
        let is_there = home.offers.contains(name) && home.target <= self.source.target();
        (is_there && self.source.can_import(&home.module)).then_some((&home.module.name, name))
    }

    /// The name that this file gives to the project's own function that keeps tasks.
    fn keeper(&self) -> Option<&'s str> {
        let keeper = self.source.keeper()?;
        imported_members(self.source, &keeper.module.name, &keeper.function).next()
    }

    /// Whether code of a function at `path` can use what [`Helpers::set_of_tasks`] gives: it runs later than that.
    pub fn has_set_of_tasks_in_reach(&self, path: &Path<'_>) -> bool {
        late_cell(self.source).is_none_or(|cell| {
            cell.end() <= path.node().start() || self.source.needs_asyncio(path.node())
        })
    }

    /// A new set of the module for tasks, as [`Helper::KeepTask`] has one, without the function.
    pub fn set_of_tasks(&self) -> Written {
        if let Some((name, _)) = self.set_at_hand() {
            return Written {
                name: name.to_string(),
                edits: Vec::new(),
            };
        }
        let name = fresh_in_module(self.source, "_background_tasks");
        let top = Top::of(self.source);
        let anchor = self.anchor(&top);
        let any = self.any(false, anchor);
        let set = self.new_set(&name, any.as_ref().map(|any| any.text.as_str()), anchor);
        let mut edits = any.map(|any| any.edits).unwrap_or_default();
        let imports = edits.iter().any(|edit| edit.range.start() == anchor);
        let before = self.blank_lines_before(1, &top, anchor, imports);
        let text = self.dressed(&set);
        let edit = Edit::insert_once(anchor, RANK_OF_HELPERS, format!("{before}{text}"));
        edits.push(if before.is_empty() {
            let ending = self.source.line_ending(TextSize::new(0));
            edit.below(RANK_OF_IMPORTS, format!("{ending}{text}"))
        } else {
            edit
        });
        let below = self.source.text()[anchor.to_usize()..].trim_start();
        let is_definition = ["def ", "async def ", "class ", "@"]
            .iter()
            .any(|start| below.starts_with(start));
        let blank_lines = if is_definition { BLANK_LINES } else { 1 };
        edits.extend(self.blank_lines(anchor, blank_lines));
        Written { name, edits }
    }

    /// How new code at `anchor` says `typing.Any`; none where it has no annotations, which it has where it
    /// `is_checked` in any case.
    fn any(&self, is_checked: bool, anchor: TextSize) -> Option<Spelled> {
        let is_new = || {
            let mut body = self.source.body().iter();
            let is_module = |it: &HelperModule| self.source.is_module(&it.module.name);
            self.source.helper_module().is_some_and(is_module)
                && !body.any(ast::Stmt::is_function_def_stmt)
        };
        (is_checked || self.source.is_annotated() || is_new())
            .then(|| typing_member(self.source, "Any", anchor))
    }

    /// Whether a type checker should see a function of asyncio in the place of `helper`, as somebody may ask what type
    /// its result has: of a task, whoever awaits that in a shield.
    fn is_better_shown_as_of_asyncio(&self, helper: Helper) -> bool {
        let is_used = |site: &Site<'_>| {
            let awaited = site.awaited();
            awaited.is_none_or(|it| !matches!(it.role, Role::Statement(_)))
        };
        match helper {
            Helper::KeepTask => {
                self.source
                    .calls_to(&["asyncio.shield"])
                    .iter()
                    .any(is_used)
                    && !self.may_keep_futures_of_threads()
            }
            Helper::GatherOrCancel | Helper::WaitFor => true,
            Helper::TaskGroup => false,
        }
    }

    /// The statement that makes the set `name`, with an annotation where `Any` is given, or where a type checker
    /// asks for one: what an empty set is for does not show.
    fn new_set(&self, name: &str, any: Option<&str>, anchor: TextSize) -> String {
        if any.is_none() && !self.source.options().types_are_checked {
            return format!("{name} = set()");
        }
        let asyncio = module_name(self.source, "asyncio", anchor);
        let annotation = match any {
            _ if asyncio.edits.is_empty() && !self.may_keep_futures_of_threads() => {
                let result = any.map(|any| format!("[{any}]")).unwrap_or_default();
                format!("set[{}.Task{result}]", asyncio.text)
            }
            Some(any) => format!("set[{any}]"),
            None => "set".to_owned(),
        };
        // Before 3.9 `set[..]` raises TypeError where it is evaluated.
        let is_evaluated = !self.source.postpones_annotations();
        if annotation != "set" && is_evaluated && self.source.target() < PythonVersion::PY39 {
            format!("{name}: \"{annotation}\" = set()")
        } else {
            format!("{name}: {annotation} = set()")
        }
    }

    /// Whether the module may drop what `run_coroutine_threadsafe()` gives back, which is no task.
    fn may_keep_futures_of_threads(&self) -> bool {
        let made = ["asyncio.run_coroutine_threadsafe"];
        let mut calls = self.source.calls_to(&made).into_iter();
        // Whoever waits for the result drops nothing.
        calls.any(|site| match site.path.parent() {
            Some(AnyNodeRef::ExprAttribute(method)) => method.attr.as_str() != "result",
            Some(AnyNodeRef::StmtAssign(assign)) => !self.is_waited_for(&assign.targets[0]),
            Some(AnyNodeRef::StmtAnnAssign(assign)) => !self.is_waited_for(&assign.target),
            _ => true,
        })
    }

    /// Whether something asks for the result of what is given to the name `target`.
    fn is_waited_for(&self, target: &ast::Expr) -> bool {
        let bindings = self.source.bindings();
        let Some(id) = bindings.binding_at(target.range()) else {
            return false;
        };
        let asks = |offset| self.source.method_of_name_at(offset) == Some("result");
        bindings.uses_of(id).into_iter().any(asks)
    }

    /// A private set of the module that does nothing but hold tasks: tasks are added to it and
    /// discarded from it, and nobody looks at what is in it. With the end of the statement that makes it.
    fn set_at_hand(&self) -> Option<(&'s str, TextSize)> {
        // One that stands further down may not be there yet when a helper is called at import.
        let late = late_cell(self.source);
        let is_in_reach = |it: &&ast::Stmt| late.is_none_or(|cell| cell.contains_range(it.range()));
        let body = self.source.body().iter().filter(is_in_reach);
        let top = body.take_while(|statement| {
            !matches!(
                statement,
                ast::Stmt::FunctionDef(_) | ast::Stmt::ClassDef(_)
            )
        });
        let mut candidates = top.filter_map(|statement| {
            let (target, value) = match statement {
                ast::Stmt::Assign(assign) => (assign.targets.first()?, &assign.value),
                ast::Stmt::AnnAssign(assign) => (&*assign.target, assign.value.as_ref()?),
                _ => return None,
            };
            match target {
                ast::Expr::Name(name) if self.source.slice(value.range()) == "set()" => {
                    Some((name.id.as_str(), statement.end()))
                }
                _ => None,
            }
        });
        candidates.find(|(name, _)| {
            let uses = self.uses_of_holder(name).unwrap_or_default();
            name.starts_with('_') && uses.iter().any(|it| self.is_discard_of_a_callback(*it))
        })
    }

    /// The uses of the module's set `name`, where it does nothing but hold things: nobody looks at what is in it,
    /// here or in another file.
    fn uses_of_holder(&self, name: &str) -> Option<Vec<TextSize>> {
        let ids = self.source.bindings_in(ScopeId::MODULE, name);
        let [id] = ids[..] else { return None };
        let uses = self.source.bindings().uses_of(id);
        let only_holds = uses.iter().all(|offset| {
            let method = self.source.method_of_name_at(*offset);
            matches!(method, Some("add" | "discard"))
        });
        let mut read = self.source.options().elsewhere.read.iter();
        // A function may put another set in its place, and lose what is in this one.
        let is_for_good = !self.source.bindings().declare_global(name);
        (only_holds && is_for_good && !read.any(|it| it == name)).then_some(uses)
    }

    /// Whether the set that is named at `offset` lets go of a task that is done:
    /// `task.add_done_callback(tasks.discard)`. A set of something else does not.
    fn is_discard_of_a_callback(&self, offset: TextSize) -> bool {
        let discard = self.source.path_to_name(offset).up();
        let Some(AnyNodeRef::ExprCall(call)) = discard.as_ref().and_then(Path::parent) else {
            return false;
        };
        matches!(&*call.func, ast::Expr::Attribute(method)
            if method.attr.as_str() == "add_done_callback")
    }

    /// The name by which `helper` can be called at `path`.
    fn usable(&self, helper: Helper, path: Option<&Path<'_>>) -> Option<&'s str> {
        let is_seen = |name: &&str| !path.is_some_and(|path| self.source.is_shadowed(path, name));
        self.at_hand(helper).map(|it| it.name).find(is_seen)
    }

    /// Where helpers are inserted: below the imports and the helpers that stand there already.
    fn anchor(&self, top: &Top<'_>) -> TextSize {
        self.present
            .iter()
            .map(|present| self.source.line_after(present.range.end()))
            .max()
            .unwrap_or(TextSize::new(0))
            .max(top.anchor_of_helpers)
    }

    /// Where `helper` is inserted: what holds tasks in a set that the module has stands below that.
    fn anchor_of(&self, helper: Helper, top: &Top<'_>) -> TextSize {
        let anchor = self.anchor(top);
        let makes_keeper = match helper {
            Helper::KeepTask => true,
            Helper::GatherOrCancel => self.usable(Helper::KeepTask, None).is_none(),
            Helper::TaskGroup | Helper::WaitFor => false,
        };
        let set = makes_keeper.then(|| self.set_at_hand()).flatten();
        set.map_or(anchor, |(_, end)| anchor.max(self.source.line_after(end)))
    }

    /// The blank lines above what is inserted at the anchor: `below_imports` of them there; none where
    /// the file begins with it, unless `imports` are inserted above.
    fn blank_lines_before(
        &self,
        below_imports: usize,
        top: &Top<'_>,
        anchor: TextSize,
        imports: bool,
    ) -> String {
        let ending = self.source.line_ending(TextSize::new(0));
        if anchor != top.anchor_of_helpers {
            ending.repeat(BLANK_LINES)
        } else if top.begins_file && !imports {
            String::new()
        } else if self.leaves_room_below(anchor) {
            ending.repeat(BLANK_LINES)
        } else {
            ending.repeat(below_imports)
        }
    }

    /// Whether the file leaves more room between its imports and what is no definition than it has to: isort
    /// can be told to.
    fn leaves_room_below(&self, anchor: TextSize) -> bool {
        let mut body = self.source.body().iter();
        body.find(|it| it.start() >= anchor).is_some_and(|next| {
            let between = self.source.slice(TextRange::new(anchor, next.start()));
            let is_definition = next.is_function_def_stmt() || next.is_class_def_stmt();
            !is_definition
                && between.trim().is_empty()
                && between.matches('\n').count() >= BLANK_LINES
        })
    }

    /// The blank lines that are missing between the anchor and the code below it.
    fn blank_lines(&self, anchor: TextSize, wanted: usize) -> Option<Edit> {
        let rest = &self.source.text()[anchor.to_usize()..];
        if rest.trim().is_empty() {
            return None;
        }
        let mut blank = 0;
        let mut at = anchor;
        while self.source.line_end(at) == at && self.source.next_line_start(at) > at {
            blank += 1;
            at = self.source.next_line_start(at);
        }
        let missing = wanted.checked_sub(blank).filter(|n| *n > 0)?;
        let ending = self.source.line_ending(TextSize::new(0));
        Some(Edit::insert_once(
            anchor,
            RANK_OF_BLANK_LINES,
            ending.repeat(missing),
        ))
    }

    /// A helper's text in the file's clothes: its indentation, quotes and line endings.
    fn dressed(&self, text: &str) -> String {
        let unit = self.source.first_indent();
        let ending = self.source.line_ending(TextSize::new(0));
        let has_single_quotes = self.source.quote() == '\'';
        let mut out = String::new();
        for line in text.lines() {
            let code = line.trim_start_matches(' ');
            let level = (line.len() - code.len()) / 4;
            out.push_str(&unit.repeat(level));
            if has_single_quotes && !code.contains("\"\"\"") {
                out.push_str(&code.replace('"', "'"));
            } else {
                out.push_str(code);
            }
            out.push_str(ending);
        }
        out
    }

    /// The helper that a statement of the top level is, whatever its names are.
    fn recognise(&self, possible: &[Helper], statement: &'s ast::Stmt) -> Option<Present<'s>> {
        let may_be = |helper: &Helper| helper.may_be(self.source, statement);
        let mut likely = possible.iter().copied().filter(may_be).peekable();
        likely.peek()?;
        let (name, mut names) = match statement {
            ast::Stmt::FunctionDef(function) => {
                (function.name.as_str(), Names::of_function(function))
            }
            ast::Stmt::ClassDef(class) => (class.name.as_str(), Names::of(class.name.as_str())),
            ast::Stmt::If(branches) => {
                let function = defined_in_else(branches)?;
                let mut names = Names::of_function(function);
                let condition = match &*branches.test {
                    ast::Expr::BoolOp(either) => either.values.first()?,
                    one => one,
                };
                names.type_checking = is_type_checking(condition)
                    .then(|| self.source.slice(condition.range()).to_owned());
                (function.name.as_str(), names)
            }
            _ => return None,
        };
        let (helper, is_at_hand) = likely.find_map(|helper| {
            let is_at_hand = match helper {
                Helper::KeepTask => {
                    let is_it = self.is_helper(helper, statement, &names);
                    is_it.then(|| self.may_hold_more(name, &names.tasks))
                }
                Helper::GatherOrCancel => self.holders().find_map(|(keep, is_at_hand)| {
                    keep.clone_into(&mut names.keep);
                    (self.is_helper(helper, statement, &names)).then_some(is_at_hand)
                }),
                Helper::TaskGroup | Helper::WaitFor => {
                    (self.is_helper(helper, statement, &names)).then_some(true)
                }
            };
            Some((helper, is_at_hand?))
        })?;
        Some(Present {
            helper,
            name,
            range: statement.range(),
            is_imported: false,
            is_at_hand,
        })
    }

    /// The functions of this file that hold tasks, each with whether new calls may use it.
    fn holders(&self) -> impl Iterator<Item = (&'s str, bool)> + '_ {
        let present = self.present.iter();
        let present = present.filter(|it| it.helper == Helper::KeepTask);
        let present = present.map(|it| (it.name, it.is_at_hand));
        present.chain(self.keeper().map(|name| (name, true)))
    }

    /// Whether the function `name` may be given more tasks to hold in the set `tasks`: nobody cancels or awaits what
    /// that holds, or the project says that this function is for all.
    fn may_hold_more(&self, name: &str, tasks: &str) -> bool {
        let is_keeper =
            |keeper: &Keeper| keeper.function == name && self.source.is_module(&keeper.module.name);
        let is_home = |home: &HelperModule| {
            name == Helper::KeepTask.public_name() && self.source.is_module(&home.module.name)
        };
        self.source.keeper().is_some_and(is_keeper)
            || self.source.helper_module().is_some_and(is_home)
            || self.uses_of_holder(tasks).is_some()
    }

    fn is_helper(&self, helper: Helper, statement: &ast::Stmt, names: &Names) -> bool {
        let mut names = names_for(self.source, names);
        if helper == Helper::KeepTask {
            names.keep.clone_from(&names.own);
            if !self.is_module_set(&names.tasks) {
                return false;
            }
        }
        // No helper has both in its text.
        [
            (ASYNCIO_TIMEOUT_ERROR, false),
            (BUILTIN_TIMEOUT_ERROR, true),
        ]
        .into_iter()
        .any(|(timeout_error, method_is_named)| {
            names.timeout_error = timeout_error;
            names.method_is_named = method_is_named;
            asyncmend_source::is_same_definition(statement, &helper.definition(&names))
        })
    }

    /// Whether the module binds `name` to a new set, once.
    fn is_module_set(&self, name: &str) -> bool {
        let bindings = self.source.bindings_in(ScopeId::MODULE, name);
        let [id] = bindings[..] else { return false };
        match self.source.bindings().binding(id).kind {
            BindingKind::Assignment { value, .. } => self.source.slice(value) == "set()",
            _ => false,
        }
    }
}

/// Whether code at `path` runs later than the module's import.
fn runs_later(path: &Path<'_>) -> bool {
    path.around().any(|node| {
        matches!(
            node,
            AnyNodeRef::StmtFunctionDef(_) | AnyNodeRef::ExprLambda(_)
        )
    })
}

/// The helpers that `import` takes from the project's module for them.
fn imported<'s>(
    source: &'s Source<'_>,
    import: &'s ast::StmtImportFrom,
) -> impl Iterator<Item = Present<'s>> {
    let is_ours =
        (source.helper_module()).is_some_and(|it| source.imported_module(import) == it.module.name);
    let names = is_ours.then_some(&import.names).into_iter().flatten();
    names.filter_map(|alias| {
        Some(Present {
            helper: Helper::of_public_name(&alias.name)?,
            name: alias.asname.as_ref().unwrap_or(&alias.name),
            range: import.range(),
            is_imported: true,
            is_at_hand: true,
        })
    })
}

/// The modules' names as this file has them, at its top level.
fn names_for(source: &Source<'_>, names: &Names) -> Names {
    let name_of = |module: &str| {
        source
            .name_of_module(module, None)
            .unwrap_or_else(|| module.to_string())
    };
    Names {
        own: names.own.clone(),
        parameter: names.parameter.clone(),
        tasks: names.tasks.clone(),
        keep: names.keep.clone(),
        asyncio: name_of("asyncio"),
        contextlib: name_of("contextlib"),
        sys: name_of("sys"),
        timeout_error: names.timeout_error,
        any: None,
        method_is_named: names.method_is_named,
        type_checking: names.type_checking.clone(),
    }
}

/// `tasks` of a function that begins with `tasks.add(...)`.
fn first_receiver(function: &ast::StmtFunctionDef) -> Option<&str> {
    function.body.iter().find_map(|statement| {
        let ast::Stmt::Expr(statement) = statement else {
            return None;
        };
        let ast::Expr::Call(call) = &*statement.value else {
            return None;
        };
        let ast::Expr::Attribute(method) = &*call.func else {
            return None;
        };
        match &*method.value {
            ast::Expr::Name(name) if method.attr.as_str() == "add" => Some(name.id.as_str()),
            _ => None,
        }
    })
}

/// The one function that the `else` of a condition defines.
fn defined_in_else(branches: &ast::StmtIf) -> Option<&ast::StmtFunctionDef> {
    let [clause] = &branches.elif_else_clauses[..] else {
        return None;
    };
    match &clause.body[..] {
        [ast::Stmt::FunctionDef(function)] => Some(function),
        _ => None,
    }
}
