"""A reader of the log, and how long it waits after a failure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from zhanggui.spine.envelope import Envelope

FIRST_WAIT = timedelta(seconds=1)
LONGEST_WAIT = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Somebody who cares about facts.

    name   stands in the cursor's row; never changed, or all is read again
    take   gets facts in order, inside a transaction that also moves the cursor; may get the same facts again
           after a failure, so whatever it does outside the database must bear repeating
    names  only these facts are handed over; all if empty
    batch  at most so many facts at once
    """

    name: str
    take: Callable[[Sequence[Envelope]], None]
    names: frozenset[str] = frozenset()
    batch: int = 500


def wait_after(failures: int) -> timedelta:
    """How long a reader rests after so many failures in a row: doubling from 1 s up to 5 minutes.

    source   1 -> 1 s, 2 -> 2 s, 5 -> 16 s, 10 and more -> 300 s
    """
    return min(LONGEST_WAIT, FIRST_WAIT * (1 << min(failures - 1, 20)))
