"""Run a command that ends when the process that started it ends, even if that one is killed -9.

Linux tells a child of its parent's death if the child asks for it (PR_SET_PDEATHSIG). The child has to ask itself,
after it has given up root and before it becomes the command; hence this file, a script of the standard library alone:

    python -I -S tether.py PARENT SIGNAL UID GID COMMAND...        (UID -1: stay who we are)

Where the kernel knows no such thing the command runs untethered, and the next start finds what was left behind.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Sequence

PR_SET_PDEATHSIG = 1


def tethered(
    command: Sequence[str], *, ends_with: signal.Signals = signal.SIGTERM, uid: int = -1, gid: int = -1
) -> list[str]:
    """The command line that runs `command` on a tether to this process. Start it from the main thread:
    the kernel watches the thread that forked, not the process.

    ends_with  what the command is sent when we are gone
    """
    script = [sys.executable, "-I", "-S", __file__]
    return [*script, str(os.getpid()), str(int(ends_with)), str(uid), str(gid), *command]


def _become(parent: int, ends_with: int, uid: int, gid: int, command: list[str]) -> None:
    if uid >= 0:
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    prctl = getattr(ctypes.CDLL(None), "prctl", None)
    if prctl is not None:
        prctl(PR_SET_PDEATHSIG, ends_with, 0, 0, 0)
    if os.getppid() != parent:
        sys.exit(0)
    os.execv(command[0], command)  # noqa: S606 (a shell is what we do not want)


if __name__ == "__main__":
    _parent, _signal, _uid, _gid = map(int, sys.argv[1:5])
    _become(_parent, _signal, _uid, _gid, sys.argv[5:])
