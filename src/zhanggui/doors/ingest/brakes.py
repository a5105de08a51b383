"""How much one sender, or one address, may send: a bucket that fills at a steady rate and is emptied by what comes.

Counted in each process by itself; it stops a script that ran away, not an attack, which is the balancer's work.
"""

from __future__ import annotations

import math
import threading


class Brake:
    """Buckets by name. A request may take more than is left, so that a large one passes; then the next must wait.

    rate_per_second  what a bucket gains
    burst            what it holds when it is full
    """

    MOST_NAMES = 50_000

    def __init__(self, *, rate_per_second: float, burst: float) -> None:
        self._rate = rate_per_second
        self._burst = burst
        self._buckets: dict[str, tuple[float, float]] = {}
        self._lock = threading.Lock()

    def take(self, name: str, *, cost: float, at: float) -> int:
        """Take `cost` out of the bucket: 0. If less than 1 is in it, take nothing: the whole seconds to wait.

        at  seconds of a clock that never goes back
        """
        with self._lock:
            left, filled_at = self._buckets.get(name, (self._burst, at))
            left = min(self._burst, left + (at - filled_at) * self._rate)
            if left < 1:
                self._buckets[name] = (left, at)
                return max(1, math.ceil((1 - left) / self._rate))
            if name not in self._buckets and len(self._buckets) >= self.MOST_NAMES:
                self._buckets.clear()
            self._buckets[name] = (left - cost, at)
            return 0
