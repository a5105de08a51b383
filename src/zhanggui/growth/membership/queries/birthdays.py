"""Whose birthday it is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from zhanggui.growth.membership import models, rules

# A birthday is kept so many days late at most, if the house slept.
LATE_DAYS: Final = 6


def born(shop: str, today: date) -> tuple[str, ...]:
    """Members whose birthday was in the last days; who was born on 29 February is found on the 28th as well.

    Index growth_membership_birthday.
    """
    return _born(shop, [today - timedelta(days=late) for late in range(LATE_DAYS + 1)])


def born_ahead(shop: str, today: date, *, days: int) -> tuple[str, ...]:
    """Members whose birthday is today or in so many days at most. Index growth_membership_birthday."""
    return _born(shop, [today + timedelta(days=ahead) for ahead in range(days + 1)])


def _born(shop: str, days: Sequence[date]) -> tuple[str, ...]:
    spoken = {(day.month, day.day) for day in days} | {(2, 29) for day in days if (day.month, day.day) == (2, 28)}
    found: list[str] = []
    for month, day in sorted(spoken):
        if any(rules.points.birthday_in(month, day, year=year) in days for year in {each.year for each in days}):
            rows = models.Member.objects.filter(shop=shop, birth_month=month, birth_day=day)
            found += rows.order_by("pk").values_list("person", flat=True)
    return tuple(found)
