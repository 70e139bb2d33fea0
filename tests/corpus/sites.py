"""List the sites that asyncmend must have a verdict for, by Python's own `ast`.

An oracle for the engine: it shares no logic with it, so that a site that only one of
the two sees shows a mistake. It says where sites are, never whether they can be
mended.

    python sites.py [--target 3.11] FILE_OR_FOLDER...    JSON lines on stdout
    python sites.py --self-test

Each line has `path`, `transform`, `line` and `column` (1-based, code points, where
the call starts) and `shape`. Further keys: `receiver` (retain-task: "asyncio", "loop"
or "unknown") and `binding: "several"` where a name on the way to the callee has
further bindings in its scope, which this program does not follow through the flow of
control. Files that cannot be parsed are named on stderr.

Names are resolved by Python's scope rules within one file. Not followed: attributes
(`self.spawn = asyncio.create_task`), unpacked tuples, other files, `getattr`, patches
of the asyncio module, `.gitignore`.

A task counts as dropped only where no flow of control could keep it. The exception is
a lambda body, which counts although some caller might keep what it returns. Not seen:
a local that is rebound while its first task is pending, and a list of tasks that is
assigned to a local and never read.

Needs Python 3.11 and nothing else; a newer one also reads newer syntax, and from 3.12
on the columns inside f-strings are right.
"""

import argparse
import ast
import io
import json
import os
import re
import sys
import tokenize
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

EXCLUDED_FOLDERS = {
    *("__pycache__", "__pypackages__", "_build", "buck-out", "build", "dist"),
    *("node_modules", "site-packages", "venv"),
}
SUBMODULES = {"base_events", "events", "futures", "taskgroups", "tasks", "threads"}
SPAWNERS = {
    "asyncio.create_task",
    "asyncio.ensure_future",
    "asyncio.Task",
    "asyncio.run_coroutine_threadsafe",
}
WRAPPERS = {"asyncio.gather", "asyncio.shield"}
LOOP_MAKERS = {
    "asyncio.get_running_loop",
    "asyncio.get_event_loop",
    "asyncio.new_event_loop",
}
STARRED = SPAWNERS | WRAPPERS | LOOP_MAKERS | {"asyncio.wait_for"}
LOOP, GROUP = "<loop>", "<group>"
GROUP_MAKERS = ("TaskGroup", "create_task_group", "open_nursery")
GROUP_TYPES = ("TaskGroup", "Nursery")
CALLBACK_TAKERS = {
    *("add_done_callback", "add_reader", "add_signal_handler", "add_writer"),
    *("call_at", "call_later", "call_soon", "call_soon_threadsafe"),
}
COMPREHENSION, DISPLAY = "comprehension", "display"
COLLECTED = {COMPREHENSION, DISPLAY}
LAMBDA = "lambda"
FRAME_READERS = {"eval", "exec", "locals", "vars"}
FIRST_TARGET_WITHOUT_WAIT_FOR = (3, 12)

Loop = ast.For | ast.AsyncFor | ast.While
Function = ast.FunctionDef | ast.AsyncFunctionDef
Symbols = frozenset[str | None]
OPAQUE: Symbols = frozenset({None})


# Scopes and what is bound in them.


@dataclass(eq=False)
class Scope:
    kind: str  # "module", "class", "function" or "comprehension"
    node: ast.AST
    parent: "Scope | None"
    bindings: "dict[str, list[Bound]]" = field(default_factory=dict)
    global_names: set[str] = field(default_factory=set)
    nonlocal_names: set[str] = field(default_factory=set)
    reads_frame: bool = False


@dataclass(frozen=True)
class Value:
    """An expression (or class statement) whose value a name is bound to."""

    node: ast.AST
    scope: Scope


Bound = str | Value | None  # an imported or known symbol, a value, anything else


class Binder(ast.NodeVisitor):
    """Finds every scope, what its names are bound to and where names are read."""

    def __init__(self, tree: ast.Module) -> None:
        self.module = Scope("module", tree, None)
        self.scope = self.module
        self.scope_of: dict[ast.AST, Scope] = {}
        self.parent: dict[ast.AST, ast.AST] = {}
        self.starred = False
        self._reads: list[ast.Name] = []
        self._outer: list[tuple[Scope, str, Bound]] = []
        for child in tree.body:
            self.visit(child)
        self._settle_nonlocals()
        self.reads = self._reads_by_owner()

    # Every visit notes the scope and the children's parent.

    def visit(self, node: ast.AST) -> None:
        self.scope_of[node] = self.scope
        for child in ast.iter_child_nodes(node):
            self.parent[child] = node
        super().visit(node)

    def visit_all(self, nodes: list) -> None:
        for node in nodes:
            if node is not None:
                self.visit(node)

    def visit_inside(self, kind: str, node: ast.AST, children: list) -> None:
        self.scope = Scope(kind, node, self.scope)
        self.visit_all(children)
        self.scope = self.scope.parent

    def bind(self, name: str, *bound: Bound) -> None:
        """Make `name` a name of the scope, with what it is bound to, if known."""
        scope = self.scope
        if name in scope.nonlocal_names:
            self._outer.extend((scope, name, one) for one in bound)
            return
        if name in scope.global_names:
            scope = self.module
        scope.bindings.setdefault(name, []).extend(bound)

    def bind_target(self, target: ast.expr, bound: Bound) -> None:
        if isinstance(target, ast.Name):
            self.scope_of[target] = self.scope
            self.bind(target.id, bound)
        else:
            self.visit(target)

    def _settle_nonlocals(self) -> None:
        for scope, name, bound in self._outer:
            owner = self.owner(name, scope)
            if owner is not None:
                owner.bindings[name].append(bound)

    def _reads_by_owner(self) -> dict[tuple[Scope, str], list[ast.Name]]:
        reads: dict[tuple[Scope, str], list[ast.Name]] = {}
        for name in self._reads:
            owner = self.owner(name.id, self.scope_of[name])
            if owner is not None:
                reads.setdefault((owner, name.id), []).append(name)
        return reads

    def owner(self, name: str, scope: Scope) -> Scope | None:
        """The scope whose `name` is meant in `scope`; None for builtins."""
        if name not in scope.nonlocal_names and name in scope.bindings:
            return scope
        while scope.parent is not None and name not in scope.global_names:
            scope = scope.parent
            if scope.kind != "class" and name in scope.bindings:
                return scope
        return self.module if name in self.module.bindings else None

    # Statements and expressions that open a scope.

    def visit_FunctionDef(self, node: Function) -> None:
        self.bind(node.name, None)
        self.visit_all(node.decorator_list)
        self._visit_function(node, [*getattr(node, "type_params", ()), *node.body])
        self.visit_all([node.returns])

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self._visit_function(node, [node.body])

    def _visit_function(self, node: Function | ast.Lambda, body: list) -> None:
        args = node.args
        for child in ast.iter_child_nodes(args):
            self.parent[child] = args
        self.visit_all([*args.defaults, *args.kw_defaults])
        parameters = [*args.posonlyargs, *args.args, *args.kwonlyargs]
        parameters += [arg for arg in (args.vararg, args.kwarg) if arg]
        self.visit_all([arg.annotation for arg in parameters])
        self.visit_inside("function", node, [*parameters, *body])

    def visit_arg(self, node: ast.arg) -> None:
        self.bind(node.arg, group_of_annotation(node.annotation))

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self.bind(node.name, Value(node, self.scope))
        self.visit_all([*node.decorator_list, *node.bases, *node.keywords])
        children = [*getattr(node, "type_params", ()), *node.body]
        self.visit_inside("class", node, children)

    def _visit_comprehension(self, node: ast.expr) -> None:
        first, *others = node.generators
        for child in ast.iter_child_nodes(first):
            self.parent[child] = first
        self.visit(first.iter)  # in the scope around
        elements = [node.key, node.value] if hasattr(node, "key") else [node.elt]
        inner = [first.target, *first.ifs, *others, *elements]
        self.visit_inside("comprehension", node, inner)

    visit_ListComp = visit_SetComp = _visit_comprehension
    visit_DictComp = visit_GeneratorExp = _visit_comprehension

    # What binds names.

    def visit_Name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Load):
            self._reads.append(node)
            self._note_frame_reader(node.id)
        elif isinstance(node.ctx, ast.Store):
            self.bind(node.id, None)
        else:
            self.bind(node.id)

    def _note_frame_reader(self, name: str) -> None:
        if name in FRAME_READERS:
            self._without_comprehensions().reads_frame = True

    def _without_comprehensions(self) -> Scope:
        scope = self.scope
        while scope.kind == "comprehension":
            scope = scope.parent
        return scope

    def visit_Assign(self, node: ast.Assign) -> None:
        self.visit(node.value)
        for target in node.targets:
            self.bind_target(target, Value(node.value, self.scope))

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        self.visit_all([node.annotation, node.value])
        group = group_of_annotation(node.annotation)
        if group or node.value:
            self.bind_target(node.target, group or Value(node.value, self.scope))
        elif isinstance(node.target, ast.Name):
            self.bind(node.target.id)  # declared only
        else:
            self.visit(node.target)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        self.generic_visit(node)
        if isinstance(node.target, ast.Name):
            self._reads.append(node.target)

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        self.visit(node.value)
        inner, self.scope = self.scope, self._without_comprehensions()
        self.bind_target(node.target, Value(node.value, inner))
        self.scope = inner

    def visit_withitem(self, node: ast.withitem) -> None:
        self.visit(node.context_expr)
        if node.optional_vars is not None:
            self.bind_target(node.optional_vars, Value(node.context_expr, self.scope))

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            root = alias.name.partition(".")[0]
            self.bind(alias.asname or root, alias.name if alias.asname else root)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        module = "." * node.level + (node.module or "")
        for alias in node.names:
            if alias.name != "*":
                self.bind(alias.asname or alias.name, f"{module}.{alias.name}")
            elif module == "asyncio":
                self.starred = True

    def visit_Global(self, node: ast.Global) -> None:
        self.scope.global_names.update(node.names)

    def visit_Nonlocal(self, node: ast.Nonlocal) -> None:
        self.scope.nonlocal_names.update(node.names)

    def _visit_named(self, node: ast.AST) -> None:
        """A handler, pattern or type parameter that binds its `name`, or `rest`."""
        name = getattr(node, "name", None) or getattr(node, "rest", None)
        if isinstance(name, str):
            self.bind(name, None)
        self.generic_visit(node)

    visit_ExceptHandler = visit_MatchAs = visit_MatchStar = _visit_named
    visit_MatchMapping = visit_TypeVar = _visit_named
    visit_TypeVarTuple = visit_ParamSpec = _visit_named


def last_name(expr: ast.AST | None) -> str:
    """`c` of `c`, of `a.b.c` and of the annotation `"a.b.c"`; else nothing."""
    match expr:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Constant(value=str(text)):
            return text.rpartition(".")[2]
    return ""


def group_of_annotation(annotation: ast.expr | None) -> str | None:
    return GROUP if last_name(annotation).endswith(GROUP_TYPES) else None


# What an expression stands for.


class Resolver:
    """Names the asyncio function, loop or task group that an expression stands for."""

    def __init__(self, binder: Binder) -> None:
        self.binder = binder

    def symbols(self, expr: ast.AST, scope: Scope, seen: tuple = ()) -> Symbols:
        """What `expr` may stand for; None stands for all that is not known."""
        match expr:
            case ast.Name(id=name):
                return self._of_name(name, scope, seen)
            case ast.Attribute(value=base, attr=attribute):
                bases = self.symbols(base, scope, seen)
                return frozenset(base and member(base, attribute) for base in bases)
            case ast.NamedExpr(value=value):
                return self.symbols(value, scope, seen)
            case ast.Call(func=callee) if is_group_maker(callee):
                return frozenset({GROUP})
            case ast.Call(func=callee):
                if self.symbols(callee, scope, seen) <= LOOP_MAKERS:
                    return frozenset({LOOP})
            case ast.Await(
                value=ast.Call(func=ast.Attribute(attr=entering), args=[it])
            ):
                if entering == "enter_async_context":
                    return self.symbols(it, scope, seen)
        return OPAQUE

    def _of_name(self, name: str, scope: Scope, seen: tuple) -> Symbols:
        owner = self.binder.owner(name, scope)
        if owner is None:
            starred = f"asyncio.{name}"
            known = self.binder.starred and starred in STARRED
            return frozenset({starred}) if known else OPAQUE
        if (owner, name) in seen:
            return OPAQUE
        found: set[str | None] = set()
        for bound in owner.bindings[name] or [None]:
            if isinstance(bound, Value):
                inner = (*seen, (owner, name))
                found |= self.symbols(bound.node, bound.scope, inner)
            else:
                found.add(bound and canonical(bound))
        return frozenset(found)

    def class_defines(self, owner: ast.ClassDef, method: str, seen: tuple = ()) -> bool:
        """Whether a class, or a base of it in this file, defines a method."""
        if any(getattr(node, "name", None) == method for node in owner.body):
            return True
        bases = [self._class_of(base) for base in owner.bases]
        inner = (*seen, owner)
        return any(
            self.class_defines(base, method, inner)
            for base in bases
            if base is not None and base not in inner
        )

    def _class_of(self, base: ast.expr) -> ast.ClassDef | None:
        if not isinstance(base, ast.Name):
            return None
        owner = self.binder.owner(base.id, self.binder.scope_of[base])
        bound = owner.bindings[base.id] if owner else []
        nodes = [one.node for one in bound if isinstance(one, Value)]
        return nodes[0] if nodes and isinstance(nodes[0], ast.ClassDef) else None


def member(base: str, attribute: str) -> str | None:
    return None if base == GROUP else canonical(f"{base}.{attribute}")


def canonical(symbol: str) -> str:
    """`asyncio.gather` for `asyncio.tasks.gather`."""
    parts = symbol.split(".")
    if len(parts) == 3 and parts[0] == "asyncio" and parts[1] in SUBMODULES:
        del parts[1]
    return ".".join(parts)


def is_group_maker(callee: ast.expr) -> bool:
    return last_name(callee).endswith(GROUP_MAKERS)


# Where the value of a call goes.


class Drops:
    """Tells how the task that a call makes is dropped, if that is certain."""

    def __init__(self, binder: Binder) -> None:
        self.binder = binder

    def how(self, call: ast.Call) -> str | None:
        """How the value of `call` is dropped; None where it may be kept."""
        if self._callback_call(call):
            return "chained callback"
        node, way = call, []
        while True:
            around = self.binder.parent[node]
            match around:
                case ast.BoolOp():
                    way.append("boolean operand")
                case ast.IfExp() if around.test is not node:
                    way.append("conditional")
                case ast.ListComp() | ast.SetComp() if around.elt is node:
                    way.append(COMPREHENSION)
                case ast.DictComp() if node in (around.key, around.value):
                    way.append(COMPREHENSION)
                case ast.Tuple() | ast.List() | ast.Set():
                    way.append(DISPLAY)
                case _:
                    end = self._end(around, way)
                    return end and " in ".join([*way, end])
            node = around

    def _end(self, around: ast.AST, way: list[str]) -> str | None:
        match around:
            case ast.Expr():
                return "statement"
            case ast.Lambda():
                return self._lambda(around)
            case ast.Assign(targets=targets) if not set(way) & COLLECTED:
                return self._assigned(targets, around)
            case ast.AnnAssign(target=target) if not set(way) & COLLECTED:
                return self._assigned([target], around)
        return None

    def _callback_call(self, node: ast.AST) -> ast.Call | None:
        """The call of `add_done_callback` on `node`, if it is only that."""
        attribute = self.binder.parent[node]
        match attribute, self.binder.parent.get(attribute):
            case ast.Attribute(attr="add_done_callback"), ast.Call(func=func) as call:
                return call if func is attribute else None
        return None

    def _lambda(self, node: ast.Lambda) -> str:
        around = self.binder.parent[node]
        takes = isinstance(around, ast.Call) and last_name(around.func)
        return "callback lambda" if takes in CALLBACK_TAKERS else LAMBDA

    def _assigned(self, targets: list[ast.expr], statement: ast.stmt) -> str | None:
        """How a task is lost that is assigned to locals nobody needs."""
        if not all(isinstance(target, ast.Name) for target in targets):
            return None
        fates = [self._local(target, statement) for target in targets]
        return None if None in fates else fates[0]

    def _local(self, target: ast.Name, statement: ast.stmt) -> str | None:
        scope = self.binder.scope_of[target]
        owner = self.binder.owner(target.id, scope)
        if owner is not scope or scope.kind != "function" or scope.reads_frame:
            return None
        reads = [
            read
            for read in self.binder.reads.get((scope, target.id), ())
            if self._may_follow(read, statement, scope)
        ]
        if reads:
            only = all(self._is_callback_statement(read) for read in reads)
            return "local with only callbacks" if only else None
        return "underscore" if target.id == "_" else "unread local"

    def _may_follow(self, read: ast.Name, statement: ast.stmt, scope: Scope) -> bool:
        """Whether `read` may run after `statement`, both being of one function."""
        if self.binder.scope_of[read] is not scope:
            return True
        end = (statement.end_lineno, statement.end_col_offset)
        if (read.lineno, read.col_offset) >= end:
            return True
        loops = [node for node in self._ancestors(statement) if isinstance(node, Loop)]
        return any(node in loops for node in self._ancestors(read))

    def _is_callback_statement(self, read: ast.Name) -> bool:
        call = self._callback_call(read)
        return call is not None and isinstance(self.binder.parent[call], ast.Expr)

    def _ancestors(self, node: ast.AST) -> Iterator[ast.AST]:
        """The nodes around `node` up to its function's own."""
        scope = self.binder.scope_of[node]
        while (node := self.binder.parent.get(node)) not in (None, scope.node):
            yield node


# From a file to its sites.


@dataclass(frozen=True, order=True)
class Site:
    line: int
    column: int
    transform: str
    shape: str
    receiver: str | None = None
    certain: bool = True

    def as_json(self, path: str) -> str:
        entry = {
            "path": path,
            "transform": self.transform,
            "line": self.line,
            "column": self.column,
            "shape": self.shape,
        }
        if self.receiver:
            entry["receiver"] = self.receiver
        if not self.certain:
            entry["binding"] = "several"
        return json.dumps(entry)


class SiteFinder:
    """Finds the sites of one parsed file."""

    def __init__(self, text: str, tree: ast.Module) -> None:
        self.lines = text.split("\n")
        self.tree = tree
        self.binder = Binder(tree)
        self.resolver = Resolver(self.binder)
        self.drops = Drops(self.binder)

    def sites(self) -> Iterator[Site]:
        for call in ast.walk(self.tree):
            if isinstance(call, ast.Call):
                yield from self._sites_of(call)

    def _sites_of(self, call: ast.Call) -> Iterator[Site]:
        symbols = self.resolver.symbols(call.func, self.binder.scope_of[call])
        certain = len(symbols) == 1
        if "asyncio.gather" in symbols:
            shape = self._use(call) + gather_details(call)
            yield self._site(call, "gather", shape, certain=certain)
        if "asyncio.wait_for" in symbols:
            shape = f"{self._use(call)}, timeout {timeout_kind(call)}"
            yield self._site(call, "wait-for", shape, certain=certain)
        yield from self._retain_site(call, symbols)

    def _retain_site(self, call: ast.Call, symbols: Symbols) -> Iterator[Site]:
        receiver = self._receiver(call, symbols)
        how = receiver and self.drops.how(call)
        if not how or (symbols & WRAPPERS and how.split(" in ")[-1] == LAMBDA):
            return  # whoever calls a lambda often awaits its gather
        certain = len(symbols) == 1 or receiver == "unknown"
        shape = f"{last_name(call.func)}: {how}"
        yield self._site(call, "retain-task", shape, receiver, certain)

    def _receiver(self, call: ast.Call, symbols: Symbols) -> str | None:
        """What makes a task here; None if nothing does."""
        if symbols & (SPAWNERS | WRAPPERS):
            return "asyncio"
        if symbols == {f"{LOOP}.create_task"}:
            return "loop"
        match call.func:
            case ast.Attribute(value=base, attr="create_task"):
                scope = self.binder.scope_of[call]
                grouped = self.resolver.symbols(base, scope) == {GROUP}
                return None if grouped or self._is_own(base, scope) else "unknown"
        return None

    def _is_own(self, base: ast.expr, scope: Scope | None) -> bool:
        """Whether `base` is `self` of a class that defines `create_task`."""
        if last_name(base) not in ("self", "cls") or not isinstance(base, ast.Name):
            return False
        while scope is not None and scope.kind != "class":
            scope = scope.parent
        return bool(scope) and self.resolver.class_defines(scope.node, "create_task")

    def _site(
        self,
        call: ast.Call,
        transform: str,
        shape: str,
        receiver: str | None = None,
        certain: bool = True,
    ) -> Site:
        before = self.lines[call.lineno - 1].encode()[: call.col_offset]
        column = len(before.decode(errors="ignore")) + 1
        return Site(call.lineno, column, transform, shape, receiver, certain)

    def _use(self, call: ast.Call) -> str:
        """In a few words, what is done with the value of a call."""
        around = self.binder.parent[call]
        if isinstance(around, ast.Await):
            return f"await {place(self.binder.parent[around], 'statement')}"
        return place(around, "dropped")


def place(around: ast.AST, alone: str) -> str:
    """What kind of place a value stands in; `alone` names the expression statement."""
    match around:
        case ast.Expr():
            return alone
        case ast.Assign(targets=[ast.Name()]):
            return "to name"
        case ast.Assign(targets=[ast.Tuple() | ast.List()]):
            return "to tuple"
        case ast.Assign():
            return "to target"
        case ast.Call(func=callee):
            return f"in call of {last_name(callee) or 'expression'}"
        case ast.comprehension():
            return "in comprehension"
    return f"in {type(around).__name__}"


def gather_details(call: ast.Call) -> str:
    starred = any(isinstance(arg, ast.Starred) for arg in call.args)
    named = any(keyword.arg == "return_exceptions" for keyword in call.keywords)
    return starred * ", starred" + named * ", return_exceptions"


def timeout_kind(call: ast.Call) -> str:
    named = [word.value for word in call.keywords if word.arg == "timeout"]
    match [*named, *call.args[1:]]:
        case []:
            return "missing"
        case [ast.Constant(value=None), *_]:
            return "None"
        case [ast.Constant() | ast.UnaryOp(operand=ast.Constant()), *_]:
            return "literal"
        case [ast.Name(), *_]:
            return "name"
        case [ast.Attribute(), *_]:
            return "attribute"
    return "computed"


# Comments that silence a site.


NOQA = re.compile(r"#\s*noqa(?P<codes>\s*:[\sA-Z0-9,]*)?", re.IGNORECASE)
IGNORE = re.compile(r"#\s*asyncmend:\s*ignore(?P<rest>-file|\[(?P<names>[^\]]*)\])?")
NOQA_CODES = {"RUF006", "ASYNC300", "S7502"}
RETAIN_TASK, ALL, WHOLE_FILE = "retain-task", "ALL", 0


def silenced(text: str) -> dict[int, set[str]]:
    """The transforms that comments silence, by line; line 0 for the whole file."""
    lines: dict[int, set[str]] = {}
    if not re.search("noqa|asyncmend", text, re.IGNORECASE):
        return lines
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            line = lines.setdefault(token.start[0], set())
            line.update(noqa_transforms(token.string))
            for ignore in IGNORE.finditer(token.string):
                if ignore["rest"] == "-file":
                    lines[WHOLE_FILE] = {ALL}
                names = ignore["names"]
                line.update(re.split(r"[\s,]+", names) if names else [ALL])
    return lines


def noqa_transforms(comment: str) -> set[str]:
    noqa = NOQA.search(comment)
    if noqa is None:
        return set()
    codes = set(re.findall(r"[A-Z]+[0-9]+", (noqa["codes"] or "").upper()))
    return {RETAIN_TASK} if noqa["codes"] is None or codes & NOQA_CODES else set()


def parse(text: str) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(text)


def sites_of_text(text: str, target: tuple[int, ...]) -> list[Site]:
    """The sites of one file that the tool must have a verdict for, in order."""
    tree = parse(text)
    if "asyncio" not in text and "create_task" not in text:
        return []
    quiet = silenced(text)
    everywhere = quiet.get(WHOLE_FILE, set())
    if target >= FIRST_TARGET_WITHOUT_WAIT_FOR:
        everywhere = everywhere | {"wait-for"}
    found = [
        site
        for site in SiteFinder(text, tree).sites()
        if not {site.transform, ALL} & (everywhere | quiet.get(site.line, set()))
    ]
    return sorted(found, key=lambda site: (site.line, site.column, site.transform))


def read_python(path: Path) -> str:
    """The text of a Python file, by its coding comment; lines end in `\\n`."""
    with tokenize.open(path) as file:
        return file.read()


def python_files(path: Path) -> Iterator[Path]:
    """The Python files of a folder in path order; a file stands for itself."""
    if not path.is_dir():
        yield path
        return
    for folder, names, files in os.walk(path):
        names[:] = sorted(name for name in names if not is_excluded(name))
        for name in sorted(files):
            if name.endswith((".py", ".pyw")):
                yield Path(folder, name)


def is_excluded(folder: str) -> bool:
    return folder.startswith(".") or folder in EXCLUDED_FOLDERS


# The program.


UNREADABLE = (OSError, RecursionError, SyntaxError, ValueError, tokenize.TokenError)
MARK = re.compile(r"#: (?P<transforms>[\w, -]+)$")


def self_test() -> int:
    """Compare the cases of `sites_cases.py` with the marks on their lines."""
    from sites_cases import CASES

    failures = 0
    for name, text in CASES.items():
        expected = []
        for number, line in enumerate(text.splitlines(), start=1):
            if mark := MARK.search(line):
                for transform in sorted(mark["transforms"].split(", ")):
                    expected.append((transform, number))
        sites = sites_of_text(text, (3, 11))
        found = sorted(
            ((site.transform, site.line) for site in sites), key=lambda s: (s[1], s[0])
        )
        if found != expected:
            failures += 1
            print(f"{name}: expected {expected}, found {found}", file=sys.stderr)
    print(f"{len(CASES)} cases, {failures} failed")
    return int(failures > 0)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--target", default="3.11", help="the oldest Python supported")
    parser.add_argument("--self-test", action="store_true")
    parser.add_argument("paths", nargs="*", type=Path, metavar="FILE_OR_FOLDER")
    args = parser.parse_args()
    if not args.paths and not args.self_test:
        parser.error("no file or folder named")
    return args


def main() -> int:
    args = arguments()
    if args.self_test:
        return self_test()
    sys.setrecursionlimit(10_000)
    target = tuple(int(part) for part in args.target.split("."))
    for path in (file for named in args.paths for file in python_files(named)):
        try:
            sites = sites_of_text(read_python(path), target)
        except UNREADABLE as trouble:
            print(f"{path}: not read: {trouble}", file=sys.stderr)
            continue
        for site in sites:
            print(site.as_json(str(path)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
