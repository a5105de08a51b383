"""The processes of the house: started, kept up, and ended in order."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Self

from zhanggui.base.database.tether import tethered
from zhanggui.doors.commands.rules import HEALTHY_SECONDS, Address, Process, wait_before_restart

Ended = Callable[[Process, int, float], None]


class Child:
    """One process that is kept up."""

    def __init__(self, process: Process, *, command: list[str], environment: Mapping[str, str], tell: Ended) -> None:
        self.process = process
        self._command = command
        self._environment = environment
        self._tell = tell
        self._failures = 0
        self._due_at = 0.0
        self._running: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """The number of the running process."""
        return self._running.pid if self._running and self._running.poll() is None else None

    def keep_up(self) -> None:
        """Start it, or start it again some time after it ended."""
        now = time.monotonic()
        if self._running is None:
            if now >= self._due_at:
                self._start(now)
        elif self._running.poll() is not None:
            self._mourn(self._running, now)

    def ask_to_end(self) -> None:
        """Let it finish what it is at."""
        if self._running and self._running.poll() is None:
            self._running.terminate()

    def end(self, *, within_seconds: float) -> None:
        """Wait for it, then end it and whatever it started by force."""
        if self._running is None:
            return
        with suppress(subprocess.TimeoutExpired):
            self._running.wait(within_seconds)
        self._sweep(self._running)
        self._running.wait()
        self._running = None

    def _start(self, now: float) -> None:
        self._started_at = now
        self._running = subprocess.Popen(
            tethered(self._command, ends_with=signal.SIGTERM),
            env=self._environment,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )

    def _mourn(self, gone: subprocess.Popen[bytes], now: float) -> None:
        self._sweep(gone)
        self._running = None
        self._failures = 1 if now - self._started_at > HEALTHY_SECONDS else self._failures + 1
        wait = wait_before_restart(self._failures)
        self._due_at = now + wait
        self._tell(self.process, gone.returncode, wait)

    def _sweep(self, leader: subprocess.Popen[bytes]) -> None:
        """End by force what is left of its group, so that no worker of a dead web server keeps the port."""
        with suppress(ProcessLookupError):
            os.killpg(leader.pid, signal.SIGKILL)


class Children:
    """All processes of the house; leaving the block ends them, in the order in which they stand."""

    def __init__(
        self, processes: Sequence[Process], *, address: Address, environment: Mapping[str, str], tell: Ended
    ) -> None:
        self.all = [
            Child(process, command=process.command(address), environment=environment, tell=tell)
            for process in processes
        ]

    def keep_up(self) -> None:
        """Start again what has ended."""
        for child in self.all:
            child.keep_up()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for child in self.all:
            child.ask_to_end()
            child.end(within_seconds=child.process.stop_seconds)
