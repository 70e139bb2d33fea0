"""The `asyncmend` program: what comes with the wheel as a command, and `python -m asyncmend`."""

from __future__ import annotations

import os
import signal
import sys

if not __package__:
    # Started by the path of this file, as the program starts itself: whatever else is called `asyncmend` where the
    # user works is not meant, nor are modules here, or beside this package, that are called as Python's own.
    _here = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [folder for folder in sys.path if os.path.abspath(folder) != _here]
    sys.modules["asyncmend"] = type(sys)("asyncmend")
    sys.modules["asyncmend"].__path__ = [_here]


def main() -> int:
    """Runs the program with the arguments of this process, and gives back its exit status."""
    # The program answers interrupts itself; Python's handler would wait until it is done. Who started us may have
    # had them ignored, and that stays.
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from asyncmend import _native

    return _native.run(sys.argv[1:], [sys.executable, os.path.abspath(__file__)])


if __name__ == "__main__":
    sys.exit(main())
