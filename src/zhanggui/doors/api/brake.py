"""How often one caller, or one address, may call: a bucket that fills at a steady rate.

Counted in each process by itself; it stops a script that ran away, not an attack, which is the balancer's work.
"""

from __future__ import annotations

import math
import threading
import time
from typing import Final

from django.conf import settings
from django.http import HttpRequest

from zhanggui.doors.api.errors import TooOften

# How many a minute from one address, as the shop's own pages have it.
PER_MINUTE: Final = {"sign_in": 10, "code": 20, "say": 20}


class Brake:
    """Buckets by name; every call takes one out."""

    MOST_NAMES = 50_000

    def __init__(self) -> None:
        self._buckets: dict[str, tuple[float, float]] = {}
        self._lock = threading.Lock()

    def take(self, name: str, *, rate: float, burst: float, at: float) -> int:
        """Take one out: 0. If less than one is in the bucket, take nothing: the whole seconds to wait.

        at  seconds of a clock that never goes back
        """
        with self._lock:
            left, filled_at = self._buckets.get(name, (burst, at))
            left = min(burst, left + (at - filled_at) * rate)
            if left < 1:
                self._buckets[name] = (left, at)
                return max(1, math.ceil((1 - left) / rate))
            if name not in self._buckets and len(self._buckets) >= self.MOST_NAMES:
                self._buckets.clear()
            self._buckets[name] = (left - 1, at)
            return 0

    def forget(self) -> None:
        """Let everybody start anew."""
        with self._lock:
            self._buckets.clear()


brake: Final = Brake()


def check(name: str) -> None:
    """Count one more call of somebody.

    refuses  TooOften
    """
    rate = float(settings.API_CALLS_PER_SECOND)
    wait = brake.take(name, rate=rate, burst=rate * settings.API_BURST_SECONDS, at=time.monotonic())
    if wait:
        raise TooOften(wait_seconds=wait)


def check_minute(what: str, request: HttpRequest) -> None:
    """Count one more call from an address of what only so many of make sense in a minute, as in the shop itself.

    refuses  TooOften
    """
    most = PER_MINUTE[what]
    name = f"{what}:{address_of(request)}"
    wait = brake.take(name, rate=most / 60, burst=most, at=time.monotonic())
    if wait:
        raise TooOften(wait_seconds=wait)


def address_of(request: HttpRequest) -> str:
    """The network address to count by; behind a balancer the last one that it added."""
    forwarded = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip() if settings.IS_SECURE else ""
    return forwarded[:45] or str(request.META.get("REMOTE_ADDR", ""))
