"""Mends Python's asyncio code: dropped tasks, gather, wait_for.

>>> import asyncmend
>>> text = '''import asyncio
...
...
... async def on_order(queue, order):
...     asyncio.create_task(queue.put(order))
... '''
>>> outcome = asyncmend.rewrite(text, path="app/orders.py", target_version="3.11")
>>> outcome.changed
True
>>> [(finding.transform, finding.decision, finding.start.line) for finding in outcome.findings]
[('retain-task', 'rewrite', 5)]
>>> print(outcome.patch.splitlines()[0])
--- a/app/orders.py

Nothing is read or written, and no configuration is looked for: what is not in the text and the options is not known.
What is wrong with the options raises; what is wrong with a text is said by what is returned.
"""

from __future__ import annotations

# As of `typing`, which takes a while to import: the command starts with this module, and needs nothing of it.
TYPE_CHECKING = False

if TYPE_CHECKING:
    from asyncmend._api import (
        Caution,
        Finding,
        Mender,
        Options,
        Outcome,
        Position,
        check,
        rewrite,
    )

    __version__: str
else:

    def __getattr__(name):
        if name in __all__:
            from asyncmend import _api

            found = getattr(_api, name)
        elif name == "__version__":
            from asyncmend import _native

            found = _native.VERSION
        else:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        globals()[name] = found
        return found

    def __dir__():
        return sorted({*globals(), *__all__, "__version__"})


__all__ = ["Caution", "Finding", "Mender", "Options", "Outcome", "Position", "check", "rewrite"]
