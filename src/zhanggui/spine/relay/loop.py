"""Keeping several steps going side by side, each at its own pace, until told to end."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass

from django.db import close_old_connections

_log = logging.getLogger(__name__)
_TICK_SECONDS = 0.1
# What fails again for the same reason is logged so seldom.
_AGAIN_SECONDS = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Loop:
    """A step that is taken again and again.

    step            does a bit of work and says how much; with 0 it rests before the next
    rest_seconds    how long it rests when there was nothing to do, and after a failure
    has_work        asked after its rest, many times a second: while it says no, no step is taken
    on_failure      hears of what went wrong, so that it can be shown to a person
    """

    name: str
    step: Callable[[], int]
    rest_seconds: float
    has_work: Callable[[], bool] = lambda: True
    on_failure: Callable[[BaseException], None] | None = None


def keep_going(loops: Sequence[Loop], *, ending: threading.Event) -> None:
    """Take the steps of all loops until `ending` is set; the steps under way are finished first.

    A step that fails is logged, told to its `on_failure`, and taken again after its rest: no loop holds up another.
    The same failure again and again is logged once a minute, so that a broken disk does not fill with what it broke.
    """
    with ThreadPoolExecutor(max_workers=max(1, len(loops)), thread_name_prefix="loop") as pool:
        due = dict.fromkeys(loops, 0.0)
        under_way: dict[Future[int], Loop] = {}
        logged: dict[str, tuple[str, float]] = {}
        while not ending.is_set():
            for loop in loops:
                if due[loop] <= time.monotonic() and loop not in under_way.values() and loop.has_work():
                    under_way[pool.submit(_take, loop)] = loop
            finished, _ = wait(under_way, timeout=_TICK_SECONDS, return_when=FIRST_COMPLETED)
            for future in finished:
                loop = under_way.pop(future)
                did_something = future.exception() is None and future.result() > 0
                due[loop] = 0.0 if did_something else time.monotonic() + loop.rest_seconds
                _report(loop, future.exception(), pool, logged)
            if not finished:
                ending.wait(_TICK_SECONDS / 2)


def _take(loop: Loop) -> int:
    close_old_connections()
    return loop.step()


def _report(
    loop: Loop, error: BaseException | None, pool: ThreadPoolExecutor, logged: dict[str, tuple[str, float]]
) -> None:
    if error is None:
        logged.pop(loop.name, None)
        return
    last, at = logged.get(loop.name, (None, 0.0))
    if str(error) != last or time.monotonic() - at >= _AGAIN_SECONDS:
        logged[loop.name] = str(error), time.monotonic()
        _log.error("%s failed and rests: %s", loop.name, error, exc_info=error)
    if loop.on_failure is not None:
        pool.submit(loop.on_failure, error)
