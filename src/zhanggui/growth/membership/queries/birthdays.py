"""Whose birthday it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Final

from zhanggui.growth.membership import models, rules

# A birthday is kept so many days late at most, if the house slept.
LATE_DAYS: Final = 6


def born(shop: str, today: date) -> tuple[tuple[str, int], ...]:
    """Members whose birthday was in the last days, each with the year of that birthday: on 2 January it may be the last
    one. Who was born on 29 February is found on the 28th as well.

    Index growth_membership_birthday.
    """
    return tuple(_born(shop, [today - timedelta(days=late) for late in range(LATE_DAYS + 1)]))


def born_ahead(shop: str, today: date, *, days: int) -> tuple[str, ...]:
    """Members whose birthday is today or in so many days at most. Index growth_membership_birthday."""
    return tuple(person for person, _ in _born(shop, [today + timedelta(days=ahead) for ahead in range(days + 1)]))


def _born(shop: str, days: Sequence[date]) -> Iterator[tuple[str, int]]:
    """Each with the first year in which the birthday is one of the days."""
    spoken = {(day.month, day.day) for day in days} | {(2, 29) for day in days if (day.month, day.day) == (2, 28)}
    years = sorted({day.year for day in days})
    for month, day in sorted(spoken):
        kept_in = [year for year in years if rules.points.birthday_in(month, day, year=year) in days]
        if kept_in:
            rows = models.Member.objects.filter(shop=shop, birth_month=month, birth_day=day)
            for person in rows.order_by("pk").values_list("person", flat=True):
                yield person, kept_in[0]
