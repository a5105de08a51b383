"""Shelves as columns, kept for a while: whoever narrows a list one step further counts the same products again."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from datetime import timedelta
from typing import Final

from zhanggui.base import kept
from zhanggui.shop.catalogue.rules.narrowing import Columns

_MOST_BYTES: Final = 48_000_000


class StandingShelves:
    """Columns by what they hold, up to so many bytes; the longest unused go first."""

    def __init__(self, *, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._kept: OrderedDict[Hashable, tuple[float, Columns]] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def get(self, key: Hashable, *, as_old_as: timedelta, read: Callable[[], Columns]) -> Columns:
        """The columns of that key, not older than that; else as they are read now."""
        if not as_old_as:
            return read()
        with self._lock:
            found = self._kept.get(key)
            if found and time.monotonic() - found[0] < as_old_as.total_seconds():
                self._kept.move_to_end(key)
                return found[1]
        read_at, columns = time.monotonic(), read()
        with self._lock:
            before = self._kept.pop(key, None)
            self._bytes += columns.size_bytes - (before[1].size_bytes if before else 0)
            self._kept[key] = (read_at, columns)
            while self._bytes > self._most_bytes and self._kept:
                self._bytes -= self._kept.popitem(last=False)[1][1].size_bytes
        return columns

    def forget(self) -> None:
        """Read everything anew from now on."""
        with self._lock:
            self._kept.clear()
            self._bytes = 0


standing: Final = StandingShelves(most_bytes=_MOST_BYTES)
kept.forget_too(standing)
