"""The `asyncmend` program: what comes with the wheel as a command, and `python -m asyncmend`."""

from __future__ import annotations

import os
import signal
import sys

if not __package__:
    # Started by the path of this file, as the program starts itself: whatever else is called `asyncmend` where the
    # user works, or in the folder of this package, is not meant.
    sys.path[0] = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

from asyncmend import _native


def main() -> int:
    """Runs the program with the arguments of this process, and gives back its exit status."""
    # The program answers interrupts itself; Python's handler would wait until it is done.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    return _native.run(sys.argv[1:], [sys.executable, os.path.abspath(__file__)])


if __name__ == "__main__":
    sys.exit(main())
