"""Runs a program on a terminal of its own, as a person would: waits for a text, then presses keys.

Standard input is JSON: the size, the variables of the environment, and the steps, each a text to wait for, which may be
none, and what to do then. What the program wrote up to each step, its status and whether it left the terminal as it was is the result.
"""

import fcntl
import json
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time

PATIENCE = 120
ESCAPE = re.compile(rb"\x1b\[[0-9;?]*[A-Za-z]")


def main():
    job = json.load(sys.stdin)
    # The other end stays open here, so that its settings can be asked for at the end.
    terminal, other = pty.openpty()
    size = struct.pack("HHHH", job["rows"], job["columns"], 0, 0)
    fcntl.ioctl(other, termios.TIOCSWINSZ, size)
    before = termios.tcgetattr(other)
    child = os.fork()
    if child == 0:
        start(other, job)
    written = wait_for(terminal, job["steps"], child)
    written.append(drained(terminal, child))
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    print(json.dumps({
        "written": [part.decode("utf-8", "surrogateescape") for part in written],
        "status": status,
        "restored": termios.tcgetattr(other) == before,
    }))


def start(other, job):
    os.setsid()
    fcntl.ioctl(other, termios.TIOCSCTTY, 0)
    for stream in range(3):
        os.dup2(other, stream)
    os.chdir(job["folder"])
    os.environ.update(job["variables"])
    os.execv(job["command"][0], job["command"])


def wait_for(terminal, steps, child):
    """What was written up to each step."""
    parts = []
    for text, keys in steps:
        part = b""
        end = time.monotonic() + PATIENCE
        while text.encode() not in ESCAPE.sub(b"", part):
            if time.monotonic() > end or not readable(terminal, 1) and gone(child):
                sys.exit(f"{text!r} never came after {parts[-1:]}: {part.decode(errors='replace')}")
            if readable(terminal, 0):
                part += os.read(terminal, 65536)
        if text:
            part += settled(terminal)
        parts.append(part)
        if keys == "SIGINT":
            os.kill(child, signal.SIGINT)
        else:
            os.write(terminal, keys.encode())
    return parts


def gone(child):
    try:
        return os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
    except ChildProcessError:
        return True


def settled(terminal):
    """The rest of what is being written."""
    part = b""
    while readable(terminal, 0.1):
        part += os.read(terminal, 65536)
    return part


def drained(terminal, child):
    """What is written until the program ends: it waits where nobody reads."""
    part = b""
    end = time.monotonic() + PATIENCE
    while readable(terminal, 0.1) or not gone(child):
        if time.monotonic() > end:
            sys.exit(f"it does not end: {part.decode(errors='replace')}")
        if readable(terminal, 0):
            part += os.read(terminal, 65536)
    return part


def readable(terminal, seconds):
    return bool(select.select([terminal], [], [], seconds)[0])


main()
