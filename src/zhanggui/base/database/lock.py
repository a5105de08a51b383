"""One keeper for one home: a lock that the kernel takes back when its holder dies, however it dies."""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path

import msgspec

from zhanggui.base import clock
from zhanggui.base.database.errors import AlreadyRunning, NotYours
from zhanggui.base.database.place import name_of

MOST_TRIES = 20


class Holder(msgspec.Struct, frozen=True, kw_only=True):
    """Who keeps the server, as written in the lock file."""

    pid: int
    since: str


class Lock:
    """The lock file of a home."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None

    def take(self) -> None:
        """Become the keeper.

        refuses  AlreadyRunning with who holds it; NotYours if the file belongs to another account
        """
        descriptor = self._open()
        if not _locks(descriptor):
            os.close(descriptor)
            holder = self.holder()
            raise AlreadyRunning(lock=self.path, pid=holder.pid, since=holder.since)
        self._descriptor = descriptor
        us = Holder(pid=os.getpid(), since=clock.now().isoformat(timespec="seconds"))
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, msgspec.json.encode(us), 0)

    def release(self) -> None:
        """Let the next one in; nothing to do if we do not hold it."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def is_held(self) -> bool:
        """Whether some process keeps the server now."""
        if not self.path.exists():
            return False
        descriptor = self._open()
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(descriptor)
        return False

    def holder(self) -> Holder:
        """Who wrote the lock last; a holder of this very moment may not have written yet, so ask a few times."""
        for _ in range(MOST_TRIES):
            try:
                return msgspec.json.decode(self.path.read_bytes(), type=Holder)
            except msgspec.DecodeError:
                time.sleep(0.01)
        return Holder(pid=0, since="?")

    def _open(self) -> int:
        try:
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except PermissionError as closed:
            there = self.path if self.path.exists() else self.path.parent
            raise NotYours(path=there, owner=name_of(there.stat().st_uid), account=name_of(os.geteuid())) from closed
        if os.geteuid() == 0:
            owner = self.path.parent.stat()
            os.fchown(descriptor, owner.st_uid, owner.st_gid)
        return descriptor


def _locks(descriptor: int) -> bool:
    """Whether it could be taken; tried for a moment, since a doctor who only looks holds it for an instant."""
    for _ in range(MOST_TRIES):
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(0.01)
        else:
            return True
    return False
