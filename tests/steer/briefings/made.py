"""A shop with two months behind it, and the review of the second."""

from __future__ import annotations

from datetime import date, timedelta

from tests.insight.metrics.events import a_shop, bought, line, remember, utc
from tests.steer.goals.made import an_operator
from tests.worlds import made_once
from zhanggui.base.operation.rules import Actor, operator
from zhanggui.insight.metrics.rules import Period
from zhanggui.spine.log.rules import Trail

SHOP = "acme"
MAY = Period(date(2026, 5, 1), date(2026, 6, 1))
IN_JUNE = utc("2026-06-03T04:00")
TRAIL = Trail(shop=SHOP)
TABLES = ("orders", "visits", "sku_days", "sku_views", "sessions", "steps", "listings", "postage", "offers")


@made_once
def two_months() -> None:
    """Every day one order of 10.00 from the north; in April three of 20.00 from the west, in May ten of 30.00 from the
    south. April comes to 360.00, May to 610.00.
    """
    shop = a_shop()
    days = [date(2026, 4, 1) + timedelta(days=n) for n in range(61)]
    remember(shop, [_order("n", day, 1000, "tea", "north") for day in days if day < MAY.end])
    remember(shop, [_order("w", day, 2000, "pot", "west") for day in days if day not in MAY and not day.day % 10])
    remember(shop, [_order("s", day, 3000, "cup", "south") for day in days if day in MAY and not day.day % 3])


def _order(name: str, day: date, minor: int, sku: str, region: str):
    number = f"{name}-{day}"
    person = f"{name}-{day.day % 5}"
    return bought(number, f"{day}T04:00", line(sku, 1, minor), person=person, region=region)[1]


def somebody() -> Actor:
    """An operator who may answer for a goal."""
    return operator(str(an_operator()))


LAST_YEAR = Period(date(2025, 1, 1), date(2026, 1, 1))
NEW_YEAR = utc("2026-01-05T04:00")


@made_once
def four_quarters() -> None:
    """In 2025 one order in each quarter: of 100.00, 200.00, 300.00 and 400.00."""
    shop = a_shop()
    remember(shop, [_order("q", date(2025, 3 * n - 1, 10), 10_000 * n, "tea", "north") for n in (1, 2, 3, 4)])
