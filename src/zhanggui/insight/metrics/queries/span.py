"""From when to when a shop has anything to count."""

from __future__ import annotations

from datetime import date

from zhanggui.insight.lake import queries as lake
from zhanggui.insight.metrics.queries.kept import keeper

_kept = keeper(tuple, most=200)


def days(shop: str) -> tuple[date, date] | None:
    """The first and the last business day with an order or a visit, None if there is none.

    Not the days of the lake: the fact that a file of 2011 was imported stands on the day somebody imported it.
    """
    found = _kept.get(shop, shop, lambda: _days(shop))
    return (found[0], found[1]) if found else None


def _days(shop: str) -> tuple[date, ...]:
    orders, visits = lake.rollup(shop, "orders"), lake.rollup(shop, "visits")
    both = f"select day from {orders} union all select day from {visits}"
    ((first, last),) = lake.ask(f"select min(day), max(day) from ({both})")
    return (first, last) if first else ()
