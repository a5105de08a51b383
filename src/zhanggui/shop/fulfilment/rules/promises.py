"""What was promised to shoppers, and whether it was kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Promise(StrEnum):
    """What a parcel promises: to leave in time, to arrive by its day."""

    SHIP = "ship"
    DELIVERY = "delivery"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """How a promise was kept for the parcels that were due on a day from a warehouse.

    kept    in time
    broken  too late, or late and still awaited
    open    their time is not over yet
    """

    day: date
    warehouse: str
    kept: int
    broken: int
    open: int

    @property
    def due(self) -> int:
        """All of them."""
        return self.kept + self.broken + self.open


def kept_rate(rows: Iterable[Kept]) -> float | None:
    """The share of promises that were kept among those whose time is over; None if there is none.

    source   19 kept and 1 broken, 5 open -> 0.95
    """
    counted = list(rows)
    kept, broken = sum(row.kept for row in counted), sum(row.broken for row in counted)
    return kept / (kept + broken) if kept + broken else None


def by_day(rows: Iterable[Kept]) -> tuple[Kept, ...]:
    """The same over all warehouses, one row per day, oldest first."""
    return _added(rows, key=lambda row: (row.day, ""))


def by_warehouse(rows: Iterable[Kept]) -> tuple[Kept, ...]:
    """The same over all days, one row per warehouse; its day is the last of them."""
    counted = list(rows)
    last = max((row.day for row in counted), default=date.min)
    return _added(counted, key=lambda row: (last, row.warehouse))


def _added(rows: Iterable[Kept], *, key: Callable[[Kept], tuple[date, str]]) -> tuple[Kept, ...]:
    sums: dict[tuple[date, str], Kept] = {}
    for row in rows:
        at = key(row)
        had = sums.get(at, Kept(day=at[0], warehouse=at[1], kept=0, broken=0, open=0))
        sums[at] = Kept(
            day=at[0],
            warehouse=at[1],
            kept=had.kept + row.kept,
            broken=had.broken + row.broken,
            open=had.open + row.open,
        )
    return tuple(sums[at] for at in sorted(sums))
