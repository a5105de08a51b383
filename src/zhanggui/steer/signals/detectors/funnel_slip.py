"""A step of the way to an order that fewer take for a week, by too little for any of its days to say so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final

from zhanggui.insight.alerts import queries as alerts
from zhanggui.insight.metrics.rules import Period
from zhanggui.steer.signals import queries
from zhanggui.steer.signals.detectors import funnel_break
from zhanggui.steer.signals.rules import Finding, broken_steps

WEEK: Final = 7
_PAST: Final = timedelta(days=28)
_DAY: Final = timedelta(days=1)


def detect(shop: str, day: date, *, at: datetime) -> Iterator[Finding]:
    """The steps that were worse in the last week than in the four before: a channel that sends worse visitors.

    Found after about a week. What broke on one day is told as that, and not again here. The size is that of the week;
    days that are known to differ are left out of both.
    """
    since = day - (WEEK - 1) * _DAY
    known = alerts.known_in(shop, since - _PAST, day)
    came = funnel_break.counted(shop, since - _PAST, day)
    ordinary = {when: counts for when, counts in came.items() if not any(when in one for one in known)}
    days = {when: counts for when, counts in ordinary.items() if when < since}
    days[day] = broken_steps.together(counts for when, counts in ordinary.items() if when >= since)
    told = queries.signals(shop, Period(since, day + _DAY))
    broken = {one.subject for one in told if one.kind == "funnel_break"}
    found = [one for one in broken_steps.breaks(days, day) if f"{one.place}:{one.cell}" not in broken]
    if found:
        each = queries.order_worth(shop, since)
        for one in found:
            yield funnel_break.finding(shop, day, one, each=each, days=WEEK)
