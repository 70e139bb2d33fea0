from collections.abc import Sequence
from typing import Any, AnyStr, Optional, Union, final

__all__ = ["Mender", "VERSION", "rewrite_batch", "run"]

VERSION: str

_Position = tuple[int, int, Optional[int]]
_Finding = tuple[
    str,
    str,
    str,
    str,
    Optional[str],
    Optional[str],
    list[tuple[str, str, str]],
    list[str],
    _Position,
    _Position,
]
_Trouble = tuple[str, str, Optional[_Position]]

@final
class Mender:
    def __new__(
        cls,
        *,
        target_version: Optional[str] = None,
        select: Optional[Sequence[str]] = None,
        ignore: Optional[Sequence[str]] = None,
        accept: Optional[Sequence[str]] = None,
        reject: Optional[Sequence[str]] = None,
        unsafe_fixes: bool = False,
        strict: bool = False,
        line_length: Optional[int] = None,
        retain_task_style: Optional[str] = None,
        retain_task_helper: Optional[str] = None,
        gather_style: Optional[str] = None,
        gather_errors: Optional[str] = None,
        wait_for_style: Optional[str] = None,
        task_holders: Optional[Sequence[str]] = None,
        coroutine_functions: Optional[Sequence[str]] = None,
        time_limit: Optional[float] = None,
    ) -> Mender: ...
    def check(
        self, source: Union[str, bytes], path: str
    ) -> tuple[list[_Finding], Optional[_Trouble]]: ...
    def rewrite(
        self, source: AnyStr, path: str
    ) -> tuple[Optional[tuple[AnyStr, AnyStr]], list[_Finding], Optional[_Trouble]]: ...

# Batches of Arrow, which has no types.
def rewrite_batch(mender: Mender, batch: Any, are_texts: bool) -> Any: ...
def run(arguments: Sequence[str], starter: Sequence[str]) -> int: ...
