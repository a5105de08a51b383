"""Which process serves a data folder, and what a dead one left lying about.

A number in postmaster.pid proves nothing: after a power cut, or in a container with its small numbers, it belongs to
somebody else. A process counts only if it is a postgres and works on this very folder.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from zhanggui.base.database.place import SOCKET_NAME, Place

FAST = signal.SIGINT
IMMEDIATE = signal.SIGQUIT
FAST_SECONDS = 30.0
IMMEDIATE_SECONDS = 10.0
_STATUS_LINE = 7


def serving(place: Place) -> int | None:
    """The process that serves this data folder, or none."""
    pid = _noted_pid(place.data)
    return pid if pid is not None and _serves(pid, place.data) else None


def is_ready(place: Place) -> bool:
    """Whether the server launched after a `sweep` says of itself that it accepts connections.

    A dead server's note may say so too, but its socket was swept away, and a new one makes its socket after its note.
    """
    return (place.sockets / SOCKET_NAME).exists() and _note(place.data)[_STATUS_LINE:] == ["ready"]


def has_stale_note(place: Place) -> bool:
    """Whether postmaster.pid names a living process that is no server of ours."""
    pid = _noted_pid(place.data)
    return pid is not None and _lives(pid) and not _serves(pid, place.data)


def sweep(place: Place) -> None:
    """Clear away what a dead server left and PostgreSQL would stumble over. Only when nothing serves the folder.

    A note with a dead number stays: PostgreSQL reads it to see whether a child of the dead server still lives.
    """
    if has_stale_note(place):
        (place.data / "postmaster.pid").unlink()
    for name in (SOCKET_NAME, f"{SOCKET_NAME}.lock"):
        (place.sockets / name).unlink(missing_ok=True)


def end(place: Place, pid: int, *, pause: Callable[[float], None]) -> None:
    """Stop a server that is not our child: fast, then at once, then by force."""
    for how, seconds in ((FAST, FAST_SECONDS), (IMMEDIATE, IMMEDIATE_SECONDS), (signal.SIGKILL, IMMEDIATE_SECONDS)):
        try:
            os.kill(pid, how)
        except ProcessLookupError:
            return
        for _ in range(int(seconds / 0.05)):
            if not _serves(pid, place.data):
                return
            pause(0.05)


def _noted_pid(data: Path) -> int | None:
    note = _note(data)
    return int(note[0]) if note and note[0].isdigit() else None


def _note(data: Path) -> list[str]:
    """The lines of postmaster.pid: its number first, its status last."""
    try:
        return [line.strip() for line in (data / "postmaster.pid").read_text(errors="replace").splitlines()]
    except FileNotFoundError:
        return []


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _serves(pid: int, data: Path) -> bool:
    """Named on its command line, or working in the folder; a zombie has neither."""
    if sys.platform != "linux":
        command = subprocess.run(
            ["/bin/ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
        ).stdout
        return "postgres" in command and str(data) in command
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="surrogateescape")
    except (FileNotFoundError, ProcessLookupError):
        return False
    words = command.split("\0")
    if Path(words[0]).name != "postgres":
        return False
    return str(data) in words or _works_in(pid, data)


def _works_in(pid: int, data: Path) -> bool:
    """By the folder it works in; a container may hide that even from root, then the command line has to do."""
    try:
        return os.path.samefile(f"/proc/{pid}/cwd", data)
    except OSError:
        return False
