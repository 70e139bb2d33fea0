"""What a type checker is to know of the package; nothing of it is run."""

from __future__ import annotations

from pathlib import Path

import asyncmend
from asyncmend import Finding, Mender, Outcome

text: Outcome[str] = asyncmend.rewrite("x = 1", path="a.py", target_version="3.11", accept=["structured"])
contents: Outcome[bytes] = asyncmend.rewrite(b"x = 1", path=Path("a.ipynb"), strict=True)
new: str = text.text
patch: bytes = contents.patch
fault: str | None = text.fault
findings: list[Finding] = asyncmend.check("x = 1", select=("gather",))
mender = Mender(time_limit=1.5)
cell: int | None = mender.check(b"")[0].start.cell
codes: list[str] = [caution.code for caution in mender.rewrite("").findings[0].cautions]
either: Outcome[str] | Outcome[bytes] = asyncmend.rewrite("" if codes else b"")
either = mender.rewrite("" if codes else b"")

# Each of these has to be an error: with `--strict`, a comment that hides none is one.
asyncmend.rewrite(1)  # type: ignore[call-overload]
asyncmend.check("", target_version=3.11)  # type: ignore[arg-type]
asyncmend.check("", taget_version="3.11")  # type: ignore[call-arg]
asyncmend.check("", "a.py")  # type: ignore[call-arg]
text.changed = False  # type: ignore[misc]
