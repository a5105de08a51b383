"""Small factories: operators, goals, and a shop with days behind it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from tests.insight.metrics.events import a_shop, line, paid, remember, utc
from zhanggui.base import clock
from zhanggui.base.accounts.models import Operator
from zhanggui.base.accounts.rules import Role
from zhanggui.base.ids import uuid7
from zhanggui.base.operation.rules import operator
from zhanggui.base.shops.rules import Shop
from zhanggui.insight.metrics.rules import EVERYTHING, Better, Filters, Period
from zhanggui.spine.log.rules import Trail
from zhanggui.steer.goals import actions, models
from zhanggui.steer.goals.rules import Goal

SHOP = "acme"
YEAR = Period(date(2026, 1, 1), date(2027, 1, 1))
MAY_DAYS = Period(date(2026, 5, 1), date(2026, 6, 1))
TRAIL = Trail(shop=SHOP)
BY = operator("7")


def an_operator(name: str = "owner") -> int:
    email = f"{name}@example.com"
    row, _ = Operator.objects.get_or_create(
        email=email, defaults={"role": Role.OWNER, "joined_at": clock.now(), "password": "!", "name": name}
    )
    return row.pk


def a_goal_of(target: int = 100, *, parent: Goal | None = None, **changed: Any) -> Goal:
    """A goal as a value, for rules."""
    id = uuid7()
    same: dict[str, Any] = {
        "id": id,
        "shop": SHOP,
        "metric": "gmv_paid",
        "where": EVERYTHING,
        "better": Better.UP,
        "baseline": 90,
        "target": target,
        "currency": "CNY",
        "period": YEAR,
        "owner": 7,
        "parent": parent.id if parent else None,
        "root": parent.root if parent else id,
        "is_sum": True,
        "set_at": utc("2026-01-01T00:00"),
    }
    return Goal(**same | changed)


def a_goal(target: int = 100, **changed: Any) -> UUID:
    """A goal that is set."""
    wanted: dict[str, Any] = {
        "shop": SHOP,
        "metric": "gmv_paid",
        "baseline": 90,
        "target": target,
        "period": YEAR,
        "owner": an_operator(),
        "trail": TRAIL,
        "by": BY,
    }
    return actions.set_goal(**wanted | changed)


def targets(parent: UUID) -> list[int]:
    """What the parts of a goal are to be, in order."""
    rows = models.Goal.objects.filter(parent=parent, dropped_at=None).order_by("start", "category", "channel")
    return list(rows.values_list("target", flat=True))


def in_channel(name: str) -> Filters:
    return Filters(channel=(name,))


def a_shop_that_sold(daily: Sequence[int], *, first: date, code: str = SHOP) -> Shop:
    """Each day one order of so many minor units, at noon in Shanghai."""
    shop = a_shop(code)
    remember(
        shop,
        [
            paid(f"O-{n}", f"{first + timedelta(days=n)}T04:00", line("tea", 1, minor, "leaf"), person=f"p{n}")
            for n, minor in enumerate(daily)
            if minor
        ],
    )
    return shop


def noon(day: date) -> datetime:
    """Noon of a day in Shanghai."""
    return utc(f"{day}T04:00")
