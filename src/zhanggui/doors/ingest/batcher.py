"""Group commit: what arrives while one group is written is the next group. Nobody waits for a timer."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field

from django.db import connection

from zhanggui.base.errors import Unreachable
from zhanggui.doors.ingest.errors import KeeperBroken, TooMuchWaiting
from zhanggui.spine.sightings.rules.columns import ShopTerms
from zhanggui.spine.sightings.rules.events import Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What one request brought, and who waits for it.

    size_bytes  of the request, as a measure of the memory it takes
    kept        done once all of it is durable; else carries the failure
    """

    shop: ShopTerms
    reading: Reading
    size_bytes: int
    kept: Future[None] = field(default_factory=Future)


class Batcher:
    """One thread per process that writes groups of deliveries, one after another.

    keep                makes a group durable, or raises Unreachable
    most_waiting_bytes  more than that is refused, so that a slow disk does not fill the memory
    """

    MOST_GROUP_BYTES = 1_000_000
    MOST_GROUP_EVENTS = 4_000

    def __init__(self, keep: Callable[[Sequence[Delivery]], None], *, most_waiting_bytes: int) -> None:
        self._keep = keep
        self._most_waiting_bytes = most_waiting_bytes
        self._waiting: deque[Delivery] = deque()
        self._waiting_bytes = 0
        self._changed = threading.Condition()
        self._is_closing = False
        self._thread: threading.Thread | None = None

    def put(self, delivery: Delivery) -> Future[None]:
        """Line up; what comes back is done when the delivery is durable.

        refuses  TooMuchWaiting
        """
        delivery.kept.set_running_or_notify_cancel()
        with self._changed:
            if self._is_closing or self._waiting_bytes >= self._most_waiting_bytes:
                raise TooMuchWaiting(wait_seconds=1)
            self._waiting.append(delivery)
            self._waiting_bytes += delivery.size_bytes
            if self._thread is None:
                self._begin()
            self._changed.notify()
        return delivery.kept

    def close(self) -> None:
        """Take nothing more, write what waits, and end the thread."""
        with self._changed:
            self._is_closing = True
            self._changed.notify()
        while thread := self._thread:
            thread.join()

    def _begin(self) -> None:
        self._thread = threading.Thread(target=self._run, name="ingest", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        """Write until it is time to end; if a bug ends it earlier, another thread takes up what waits."""
        try:
            while group := self._next_group():
                self._write(group)
        finally:
            connection.close()
            with self._changed:
                self._thread = None
                if self._waiting:
                    self._begin()

    def _next_group(self) -> list[Delivery]:
        """The deliveries that wait, oldest first, up to the size of a group; empty when it is time to end."""
        group: list[Delivery] = []
        size = events = 0
        with self._changed:
            while not self._waiting and not self._is_closing:
                self._changed.wait()
            while self._waiting and size < self.MOST_GROUP_BYTES and events < self.MOST_GROUP_EVENTS:
                delivery = self._waiting.popleft()
                group.append(delivery)
                size += delivery.size_bytes
                events += len(delivery.reading.sightings)
            self._waiting_bytes -= size
        return group

    def _write(self, group: Sequence[Delivery]) -> None:
        failure: Unreachable = KeeperBroken()
        is_kept = False
        try:
            self._keep(group)
            is_kept = True
        except Unreachable as known:
            failure = known
        finally:
            for delivery in group:
                if is_kept:
                    delivery.kept.set_result(None)
                else:
                    delivery.kept.set_exception(failure)
