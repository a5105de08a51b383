"""Real processes to start, watch and kill, and rows to find again."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import psycopg
import pytest

import zhanggui
from zhanggui.base.database import postmaster
from zhanggui.base.database.binaries import binaries_for
from zhanggui.base.database.cluster import ENVIRONMENT
from zhanggui.base.database.place import SHORT_FOLDER, Account, Place, can_reach, system_folder_of
from zhanggui.base.database.server import News, Server
from zhanggui.base.database.tether import tethered
from zhanggui.base.database.tuning import settings_for

T = TypeVar("T")
SOURCE = Path(zhanggui.__file__).parent.parent
PATIENCE_SECONDS = 60.0
STRANGER = Account(name="daemon", uid=pwd.getpwnam("daemon").pw_uid, gid=pwd.getpwnam("daemon").pw_gid)
NAMELESS_UID = 54321

_OPEN_PYTHON_AND_BECOME = """
kept=$(mktemp -d) && mount --bind "$1" "$kept" && mount -t tmpfs -o mode=755 tmpfs "$2" && mkdir -p "$1" &&
mount --move "$kept" "$1" && rmdir "$kept" && shift 2 && exec "$@"
"""

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another account or mount a disk")


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeper:
    """A process that keeps a server, and what it said."""

    process: subprocess.Popen[bytes]
    said: Path

    def says(self, word: str) -> str:
        """Wait for a line that begins with this word."""
        eventually(lambda: self._line(word) or self.process.poll() is not None)
        found = self._line(word)
        assert found, f"never said {word}: {self.said.read_text()}"
        return found

    @property
    def server_pid(self) -> int:
        return int(self.says("READY").split()[1])

    def end(self, how: signal.Signals) -> int:
        self.process.send_signal(how)
        return self.process.wait(PATIENCE_SECONDS)

    def _line(self, word: str) -> str | None:
        return next((line for line in self.said.read_text().splitlines() if line.startswith(word)), None)


def eventually(look: Callable[[], T], *, seconds: float = PATIENCE_SECONDS) -> T:
    """What `look` sees once it is true."""
    until = time.monotonic() + seconds
    while not (seen := look()):
        assert time.monotonic() < until, f"it never came true in {seconds:.0f} s"
        time.sleep(0.02)
    return seen


def lives(pid: int) -> bool:
    """Whether the process is there and no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def write_row(url: str, note: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("create table if not exists kept (note text)")
        connection.execute("insert into kept values (%s)", [note])


def rows(url: str) -> list[str]:
    with psycopg.connect(url) as connection:
        return [note for (note,) in connection.execute("select note from kept order by note")]


def as_stranger(command: list[str]) -> list[str]:
    """The command line that runs this as an ordinary account.

    Where our Python lies in a folder closed to others (root's own), the command sees it in an open one at the same
    path, in mounts of its own: no permission of this machine is changed.
    """
    become = ["setpriv", f"--reuid={STRANGER.uid}", f"--regid={STRANGER.gid}", "--clear-groups", *command]
    python = Path(sys.base_prefix).resolve()
    if can_reach(STRANGER, python):
        return become
    closed = next(folder for folder in reversed(python.parents) if not can_reach(STRANGER, folder))
    mounts = ["unshare", "--mount", "sh", "-c", _OPEN_PYTHON_AND_BECOME, "sh", str(python), str(closed)]
    return [*mounts, *become]


def folders_of(home: Path) -> list[Place]:
    """Wherever a server of this home may be."""
    return [Place(home=home, folder=folder, account=None) for folder in (home / "postgres", system_folder_of(home))]


def a_server(home: Path, *, told: list[News] | None = None) -> Server:
    """A quick one: nothing is forced to the disk, waits between tries are short."""
    heard = told if told is not None else []
    return Server(home, durable=False, tell=heard.append, pause=lambda seconds: time.sleep(min(seconds, 0.05)))


@contextmanager
def a_bystander() -> Iterator[int]:
    """A living process that has nothing to do with us."""
    process = subprocess.Popen(["sleep", "60"])
    yield process.pid
    process.kill()
    process.wait()


@contextmanager
def left_behind(place: Place) -> Iterator[subprocess.Popen[bytes]]:
    """A server without a keeper, as a kill -9 leaves it where the kernel tells children nothing."""
    command = [str(binaries_for(place.account) / "postgres"), "-D", str(place.data)]
    for name, value in settings_for(place, durable=False).items():
        command += ["-c", f"{name}={value}"]
    uid, gid = (place.account.uid, place.account.gid) if place.account else (-1, -1)
    process = subprocess.Popen(tethered(command, uid=uid, gid=gid), env=ENVIRONMENT, stderr=subprocess.DEVNULL, cwd="/")
    assert eventually(lambda: postmaster.is_ready(place))
    yield process
    process.terminate()
    process.wait()


@contextmanager
def a_home() -> Iterator[Path]:
    """A home on a short path that the account which runs the server for root can pass through; gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="zg-home-", dir=SHORT_FOLDER))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)
    shutil.rmtree(system_folder_of(folder), ignore_errors=True)


def copy_home(source: Path, target: Path) -> None:
    """All files with their owners."""
    subprocess.run(["cp", "-a", f"{source}/.", str(target)], check=True)
