"""Our own PostgreSQL server: started, watched and stopped by one process at a time.

with Server(home()) as server:
    while True:
        server.keep_up()        # about once a second: starts it again if it was killed
        time.sleep(1)

with throwaway() as server:     # for a test session
    connect(server.url)
"""

from __future__ import annotations

import enum
import errno
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from zhanggui.base.database import cluster, postmaster, reach
from zhanggui.base.database.binaries import binaries_for
from zhanggui.base.database.errors import AlreadyRunning, CannotStart, UnreadableFolder
from zhanggui.base.database.lock import Lock
from zhanggui.base.database.place import SHORT_FOLDER, Place, place_of
from zhanggui.base.database.tether import tethered
from zhanggui.base.database.tuning import settings_for

MOST_FAILURES = 5
HEALTHY_SECONDS = 60.0
FIRST_NEWS_SECONDS = 3.0
NEWS_SECONDS = 5.0
LONGEST_LOG_BYTES = 20_000_000
OLD_SECONDS = 60.0
LOOK_BACK_BYTES = 20_000
MOST_GRAVE_LINES = 4
_OTHERS_LEAVING = "still in use"
_GRAVE = re.compile(r"\b(FATAL|PANIC|HINT|No space left)\b|^tether|Error")
_THROWAWAY = "zhanggui-throwaway-"


class Turn(enum.Enum):
    """What a person who waits should hear of."""

    SETTLING = "data are kept in another folder than the home"
    MAKING = "the data folder is being made"
    ENDING_LEFTOVER = "a server left behind is being stopped"
    WAITING = "the server is not ready yet"
    DIED = "the server died and is started again"
    BACK = "the server is back"


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """One turn of events.

    detail   a path, a pid or the server's own last words
    seconds  how long it took so far
    """

    turn: Turn
    detail: str = ""
    seconds: int = 0


def _keep_silent(_: News) -> None:
    return


class Server:
    """The server of one home.

    durable  False only for tests: what is committed may be lost with the machine
    tell     hears what happens, for a person to read
    pause    waits that many seconds; may raise to end a long wait, the server is then stopped cleanly
    """

    def __init__(
        self,
        home: Path,
        *,
        durable: bool = True,
        tell: Callable[[News], None] = _keep_silent,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self.place: Place = place_of(home)
        self._durable = durable
        self._tell = tell
        self._pause = pause
        self._lock = Lock(self.place.lock)
        self._process: subprocess.Popen[bytes] | None = None
        self._binaries = Path()
        self._log_start = 0
        self._failures = 0
        self._came_up_at = 0.0

    @property
    def url(self) -> str:
        """The address of its database."""
        return self.place.url

    @property
    def pid(self) -> int | None:
        """The number of the running server process."""
        return self._process.pid if self._process and self._process.poll() is None else None

    def start(self) -> None:
        """Come up and answer; recovers after a crash and waits for that as long as it makes headway.

        refuses  AlreadyRunning if another process keeps this home; the refusals of cluster.check; CannotStart
        """
        cluster.check(self.place)
        try:
            self._lock.take()
            self._settle()
            self._come_up()
        except BaseException as failed:
            self.stop()
            if isinstance(failed, OSError) and failed.errno == errno.ENOSPC:
                raise self._cannot_start(str(failed)) from failed
            raise

    def stop(self) -> None:
        """Leave nothing behind: fast (what runs is rolled back), then at once, then by force. Safe to call twice."""
        try:
            if self._process is not None:
                self._end(self._process)
                self._process = None
                postmaster.sweep(self.place)
        finally:
            self._lock.release()

    def keep_up(self) -> None:
        """Start it again if it died.

        refuses  CannotStart when it died too often in a row
        """
        if self._process is None:
            return
        if self._process.poll() is None:
            self._trim_log()
            return
        if time.monotonic() - self._came_up_at > HEALTHY_SECONDS:
            self._failures = 0
        self._tell(News(turn=Turn.DIED, detail=self._how_it_ended()))
        self._failures += 1
        self._come_up()
        self._tell(News(turn=Turn.BACK))

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _settle(self) -> None:
        """Folders, a data folder, and nobody else serving it."""
        cluster.prepare(self.place)
        if not self.place.folder.is_relative_to(self.place.home):
            self._tell(News(turn=Turn.SETTLING, detail=str(self.place.folder)))
        self._binaries = binaries_for(self.place.account)
        if not self.place.data.exists():
            self._tell(News(turn=Turn.MAKING, detail=str(self.place.data)))
            cluster.make(self.place, binaries=self._binaries, durable=self._durable)

    def _come_up(self) -> None:
        """Launch until it answers. A first start that fails is not tried again, unless only the children of a killed
        server stand in its way; one that has served before is given a few chances.
        """
        while self._failures < MOST_FAILURES:
            self._pause(0.5 * max(0, self._failures - 1))
            self._end_leftover()
            self._launch()
            if self._answers():
                self._came_up_at = time.monotonic()
                return
            self._failures += 1
            if not self._came_up_at and _OTHERS_LEAVING not in self._last_words():
                break
        raise self._cannot_start(self._last_words() or self._how_it_ended())

    def _end_leftover(self) -> None:
        pid = postmaster.serving(self.place)
        if pid is not None:
            self._tell(News(turn=Turn.ENDING_LEFTOVER, detail=str(pid)))
            postmaster.end(self.place, pid, pause=self._pause)
        postmaster.sweep(self.place)

    def _launch(self) -> None:
        place = self.place
        if not place.data.exists():
            raise UnreadableFolder(folder=place.data)
        command = [str(self._binaries / "postgres"), "-D", str(place.data)]
        for name, value in settings_for(place, durable=self._durable).items():
            command += ["-c", f"{name}={value}"]
        uid, gid = (place.account.uid, place.account.gid) if place.account else (-1, -1)
        with place.log.open("ab") as log:
            if place.account:
                os.fchown(log.fileno(), uid, gid)
            self._log_start = log.tell()
            self._process = subprocess.Popen(
                tethered(command, ends_with=postmaster.FAST, uid=uid, gid=gid),
                cwd="/",
                env=cluster.ENVIRONMENT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def _answers(self) -> bool:
        """Wait until it accepts connections, however long its recovery takes; False if it ended instead."""
        began = time.monotonic()
        next_news = FIRST_NEWS_SECONDS
        while not postmaster.is_ready(self.place):
            if self._process is None or self._process.poll() is not None:
                return False
            waited = time.monotonic() - began
            if waited >= next_news:
                self._tell(News(turn=Turn.WAITING, detail=self._last_line(), seconds=int(waited)))
                next_news += NEWS_SECONDS
            self._pause(0.02)
        reach.require(self.url)
        return True

    def _end(self, process: subprocess.Popen[bytes]) -> None:
        for how, seconds in (
            (postmaster.FAST, postmaster.FAST_SECONDS),
            (postmaster.IMMEDIATE, postmaster.IMMEDIATE_SECONDS),
        ):
            process.send_signal(how)
            with suppress(subprocess.TimeoutExpired):
                process.wait(seconds)
                return
        process.kill()
        process.wait()

    def _cannot_start(self, reason: str) -> CannotStart:
        free_bytes = shutil.disk_usage(self.place.home).free
        if self.place.folder.exists():
            free_bytes = min(free_bytes, shutil.disk_usage(self.place.folder).free)
        return CannotStart(folder=self.place.data, reason=reason, log=self.place.log, free_bytes=free_bytes)

    def _how_it_ended(self) -> str:
        code = self._process.poll() if self._process else None
        return f"signal {-code}" if code is not None and code < 0 else self._last_words()

    def _last_words(self) -> str:
        """Why it does not come up, as far as it said."""
        grave = [line for line in self._said() if _GRAVE.search(line)]
        return "\n".join(grave[-MOST_GRAVE_LINES:]) or self._last_line()

    def _last_line(self) -> str:
        return next(reversed(self._said()), "")

    def _said(self) -> list[str]:
        """The lines of its log since the launch, without their time stamps."""
        if not self.place.log.exists():
            return []
        with self.place.log.open("rb") as log:
            log.seek(self._log_start)
            lines = log.read()[-LOOK_BACK_BYTES:].decode(errors="replace").splitlines()
        return [line.partition("] ")[2] or line for line in lines]

    def _trim_log(self) -> None:
        """Keep one old log beside the new one; the server appends, so it goes on at the new end."""
        if self.place.log.stat().st_size > LONGEST_LOG_BYTES:
            shutil.copy2(self.place.log, self.place.log.with_suffix(".log.old"))
            os.truncate(self.place.log, 0)
            self._log_start = 0


@contextmanager
def throwaway() -> Iterator[Server]:
    """A server for one test session, as root or not; gone with its folder afterwards, as those of killed ones."""
    _clear_old_throwaways()
    home = Path(tempfile.mkdtemp(prefix=_THROWAWAY, dir=SHORT_FOLDER))
    home.chmod(0o711)
    try:
        with Server(home, durable=False) as server:
            yield server
    finally:
        shutil.rmtree(home)


def _clear_old_throwaways() -> None:
    """Remove what a killed test session left; one that is young may be about to take its lock."""
    for home in SHORT_FOLDER.glob(f"{_THROWAWAY}*"):
        facts = home.stat()
        if facts.st_uid == os.geteuid() and time.time() - facts.st_mtime > OLD_SECONDS:
            with suppress(AlreadyRunning):
                _clear_throwaway(home)


def _clear_throwaway(home: Path) -> None:
    lock = Lock(home / "server.lock")
    lock.take()
    place = place_of(home)
    pid = postmaster.serving(place)
    if pid is not None:
        postmaster.end(place, pid, pause=time.sleep)
    shutil.rmtree(home)
    lock.release()
