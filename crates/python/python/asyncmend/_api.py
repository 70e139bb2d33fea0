"""What `asyncmend` offers, apart from it, so that the command starts without."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, AnyStr, Generic, Optional, TypedDict, Union, overload

from asyncmend import _native

if TYPE_CHECKING:
    from typing_extensions import Unpack
else:
    # Who asks for types at run time finds every name of them.
    try:
        from typing import Unpack
    except ImportError:

        class Unpack:
            """In the place of what Pythons before 3.11 lack: it gives back what it is of."""

            def __class_getitem__(cls, item):
                return item

#: The name of a text for which no other is given.
_PATH = "source.py"


@dataclass(frozen=True)
class Position:
    """A place in a text; in a notebook, in one of its cells."""

    #: Counted from 1.
    line: int
    #: In code points, counted from 1.
    column: int
    #: Of a notebook, counted from 1.
    cell: Optional[int] = None


@dataclass(frozen=True)
class Caution:
    """A named way in which a fix may behave differently."""

    code: str
    what_differs: str
    when: str


@dataclass(frozen=True)
class Finding:
    """What was decided about one site, or why nothing could be."""

    #: The transform whose site it is, such as ``wait-for``; empty for a fault.
    transform: str
    #: ``rewrite``, ``held`` (a fix is there, and not all of its cautions are accepted), ``refuse``; or ``fault``.
    decision: str
    #: What is done, or why nothing is.
    message: str
    #: The flaw that the site has.
    why: str
    #: The code of a refusal.
    code: Optional[str]
    #: What can be done where nothing is.
    remedy: Optional[str]
    #: How the fix may differ; none means that nothing but the flaw does.
    cautions: tuple[Caution, ...]
    #: The codes of the cautions that would have to be accepted.
    in_the_way: tuple[str, ...]
    start: Position
    end: Position


@dataclass(frozen=True)
class Outcome(Generic[AnyStr]):
    """What became of a text. It is `str` where that was given, and `bytes` where bytes were."""

    #: The new text, or the old one where nothing changed.
    text: AnyStr
    changed: bool
    #: One for each site, by position.
    findings: tuple[Finding, ...]
    #: A unified diff, which ``git apply`` takes; empty where nothing changed.
    patch: AnyStr
    #: Why nothing could be said about the text, and where: a syntax error, say. Nothing changed then.
    fault: Optional[str] = None


class Options(TypedDict, total=False):
    """What is wanted, in the words of the configuration; None, or nothing, leaves an option at its default."""

    #: The oldest Python that the code has to run on; 3.11 where nothing is said.
    target_version: Optional[str]
    #: The transforms to run, in place of ``ALL``.
    select: Optional[Iterable[str]]
    #: Transforms not to run.
    ignore: Optional[Iterable[str]]
    #: Codes of cautions to accept, beside those that are from the start.
    accept: Optional[Iterable[str]]
    #: Codes of cautions not to accept, in any case.
    reject: Optional[Iterable[str]]
    #: Whether to accept all that are not rejected.
    unsafe_fixes: Optional[bool]
    #: Whether to apply only fixes without cautions, or with those that are accepted by name.
    strict: Optional[bool]
    #: How long lines may be; as long as those of the text where nothing is said.
    line_length: Optional[int]
    #: ``auto``, ``inline`` or ``helper``.
    retain_task_style: Optional[str]
    #: The project's own function that keeps tasks, ``app.aio.keep``.
    retain_task_helper: Optional[str]
    #: ``auto``, ``idiom`` or ``helper``.
    gather_style: Optional[str]
    #: ``auto``, ``first`` or ``group``.
    gather_errors: Optional[str]
    #: ``auto``, ``idiom`` or ``helper``.
    wait_for_style: Optional[str]
    #: Functions that keep the task that they give back, ``app.aio.spawn``.
    task_holders: Optional[Iterable[str]]
    #: Callables that give coroutines, ``app.rpc.*``.
    coroutine_functions: Optional[Iterable[str]]
    #: How many seconds the work on one text may take; 60 where nothing is said.
    time_limit: Optional[float]


class Mender:
    """Mends texts as its options say. Immutable: one serves any number of threads, and can be pickled.

    Wrong options raise `TypeError` or `ValueError`, with what there is; so does a path that is none.
    """

    __slots__ = ("_native", "_options")

    def __init__(self, **options: Unpack[Options]) -> None:
        given = {name: value for name, value in options.items() if value is not None}
        words = {name: _word(name, value) for name, value in given.items()}
        self._native = _native.Mender(**words)
        self._options = words

    def __reduce__(self) -> tuple[Any, ...]:
        return _mender, (self._options,)

    def __repr__(self) -> str:
        words = ", ".join(f"{name}={value!r}" for name, value in self._options.items())
        return f"asyncmend.Mender({words})"

    def check(
        self, source: Union[str, bytes], *, path: Union[str, os.PathLike[str]] = _PATH
    ) -> list[Finding]:
        """See `asyncmend.check`."""
        findings, trouble = self._native.check(source, _slashed(path))
        if trouble is not None:
            return [_fault(*trouble)]
        return [_finding(*finding) for finding in findings]

    @overload
    def rewrite(
        self, source: str, *, path: Union[str, os.PathLike[str]] = ...
    ) -> Outcome[str]: ...

    @overload
    def rewrite(
        self, source: bytes, *, path: Union[str, os.PathLike[str]] = ...
    ) -> Outcome[bytes]: ...

    @overload
    def rewrite(
        self, source: Union[str, bytes], *, path: Union[str, os.PathLike[str]] = ...
    ) -> Union[Outcome[str], Outcome[bytes]]: ...

    def rewrite(self, source: Any, *, path: Union[str, os.PathLike[str]] = _PATH) -> Any:
        """See `asyncmend.rewrite`."""
        path = _slashed(path)
        new, findings, trouble = self._native.rewrite(source, path)
        text, patch = (source, source[:0]) if new is None else new
        return Outcome(
            text=text,
            changed=new is not None,
            findings=tuple(_finding(*finding) for finding in findings),
            patch=patch,
            fault=None if trouble is None else trouble[1],
        )


def check(
    source: Union[str, bytes],
    *,
    path: Union[str, os.PathLike[str]] = _PATH,
    **options: Unpack[Options],
) -> list[Finding]:
    """What is found in `source`, the contents of a module or, where `path` ends with ``.ipynb``, of a notebook.

    Bytes are those of a file, in the encoding that it says. About a text that cannot be read or parsed, though it may
    hold sites, there is one finding whose decision is ``fault``: an empty list means that there is nothing to say.
    """
    return Mender(**options).check(source, path=path)


@overload
def rewrite(
    source: str,
    *,
    path: Union[str, os.PathLike[str]] = ...,
    **options: Unpack[Options],
) -> Outcome[str]: ...


@overload
def rewrite(
    source: bytes,
    *,
    path: Union[str, os.PathLike[str]] = ...,
    **options: Unpack[Options],
) -> Outcome[bytes]: ...


@overload
def rewrite(
    source: Union[str, bytes],
    *,
    path: Union[str, os.PathLike[str]] = ...,
    **options: Unpack[Options],
) -> Union[Outcome[str], Outcome[bytes]]: ...


def rewrite(
    source: Any,
    *,
    path: Union[str, os.PathLike[str]] = _PATH,
    **options: Unpack[Options],
) -> Any:
    """What becomes of `source`, which is what `check` takes. `path` is how the patch calls it, too."""
    return Mender(**options).rewrite(source, path=path)


def _mender(options: Options) -> Mender:
    return Mender(**options)


def _word(name: str, value: Any) -> Any:
    """The value of the option `name` as the engine takes it."""
    expected, is_right = _EXPECTED.get(name, ("", None))
    if is_right is None:
        raise TypeError(f"there is no option {name!r}; choose from {', '.join(sorted(_EXPECTED))}")
    if expected == _STRINGS and isinstance(value, Iterable) and not isinstance(value, str):
        value = list(value)
    if not is_right(value):
        raise TypeError(f"{name}: expected {expected}, found {value!r}")
    for text in value if expected == _STRINGS else [value]:
        if isinstance(text, str) and not _is_text(text):
            raise ValueError(f"{name}: {text!r} has half of a surrogate pair, which is no character")
    least, most = _RANGES.get(name, (value, value))
    if not least <= value <= most:
        raise ValueError(f"{name}: expected {expected} from {least:.9g} to {most:.9g}, found {value!r}")
    return value


def _is_text(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _is_string(value: object) -> bool:
    return isinstance(value, str)


def _is_strings(value: object) -> bool:
    # Of a string each letter would be a name.
    return isinstance(value, list) and all(map(_is_string, value))


def _is_boolean(value: object) -> bool:
    return isinstance(value, bool)


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


_STRINGS = "a list of strings"

#: What each option takes, in words and as a question.
_EXPECTED: dict[str, tuple[str, Callable[[object], bool]]] = {
    "target_version": ("a string such as '3.11'", _is_string),
    "select": (_STRINGS, _is_strings),
    "ignore": (_STRINGS, _is_strings),
    "accept": (_STRINGS, _is_strings),
    "reject": (_STRINGS, _is_strings),
    "unsafe_fixes": ("True or False", _is_boolean),
    "strict": ("True or False", _is_boolean),
    "line_length": ("a whole number", _is_whole),
    "retain_task_style": ("a string", _is_string),
    "retain_task_helper": ("a string", _is_string),
    "gather_style": ("a string", _is_string),
    "gather_errors": ("a string", _is_string),
    "wait_for_style": ("a string", _is_string),
    "task_holders": (_STRINGS, _is_strings),
    "coroutine_functions": (_STRINGS, _is_strings),
    "time_limit": ("a number of seconds", _is_number),
}

#: The least and the most that an option takes.
_RANGES: dict[str, tuple[float, float]] = {
    "line_length": (1, 65535),
    # Some thirty years.
    "time_limit": (1e-9, 1e9),
}


def _slashed(path: Union[str, os.PathLike[str]]) -> str:
    name = os.fspath(path)
    if not isinstance(name, str):
        raise TypeError(f"path: expected str or a path of it, found {type(name).__name__}")
    if not _is_text(name):
        # As `os.listdir` has names whose bytes are others.
        raise ValueError(f"path: {name!r} is not UTF-8; rename it")
    return name.replace(os.sep, "/").lstrip("/")


def _fault(message: str, _: str, place: Optional[tuple[int, int, Optional[int]]]) -> Finding:
    start = Position(*(place or (1, 1, None)))
    return Finding("", "fault", message, "", None, None, (), (), start, start)


def _finding(
    transform: str,
    decision: str,
    message: str,
    why: str,
    code: Optional[str],
    remedy: Optional[str],
    cautions: list[tuple[str, str, str]],
    in_the_way: list[str],
    start: tuple[int, int, Optional[int]],
    end: tuple[int, int, Optional[int]],
) -> Finding:
    return Finding(
        transform=transform,
        decision=decision,
        message=message,
        why=why,
        code=code,
        remedy=remedy,
        cautions=tuple(Caution(*caution) for caution in cautions),
        in_the_way=tuple(in_the_way),
        start=Position(*start),
        end=Position(*end),
    )
