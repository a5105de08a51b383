"""The goals that come with the product, as they would be set in a shop."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Final

from zhanggui.base import clock
from zhanggui.base.shops import queries as shops
from zhanggui.insight.metrics import queries as metrics
from zhanggui.insight.metrics.rules import EVERYTHING, METRICS, Period
from zhanggui.steer.goals import rules
from zhanggui.steer.goals.queries import elsewhere
from zhanggui.steer.goals.queries.progress import baseline
from zhanggui.steer.goals.queries.reading import goals_in
from zhanggui.steer.goals.rules import READY, Offered, Ready

# The quarter that is meant begins within a year.
_AHEAD: Final = timedelta(days=366)


def offered(shop: str, *, at: datetime) -> tuple[Offered, ...]:
    """All ready goals in their order, with what is missing for those that cannot be adopted.

    refuses  NoSuchShop
    """
    return _offered(shop, READY, at=at)


def offer(shop: str, key: str, *, figure: int | None = None, was: int | None = None, at: datetime) -> Offered | None:
    """One of them; None if there is none of that key.

    figure  of the trade, in units, for those that are a part of one
    was     what somebody says it was, in units, where the days it is held against are not known
    """
    found = _offered(shop, [one for one in READY if one.key == key], figure=figure, was=was, at=at)
    return found[0] if found else None


def _offered(
    shop: str, every: Sequence[Ready], *, figure: int | None = None, was: int | None = None, at: datetime
) -> tuple[Offered, ...]:
    """As they would be set now. One statement, and up to two questions to what answers each."""
    today = clock.day_of(at, shops.shop(shop).zone)
    silent = metrics.silent(shop)
    standing = {
        (one.metric, one.period.start, one.period.end)
        for one in goals_in(shop, Period(today, today + _AHEAD))
        if one.where == EVERYTHING
    }
    found = []
    for ready in every:
        period = rules.quarter_of(ready, today)
        is_counted = _is_counted(shop, ready, silent, at=at)
        known = baseline(shop, ready.metric, EVERYTHING, period, at=at) if is_counted else None
        before = known[0] if known else was
        target = rules.target_of(ready, baseline=before, figure=figure)
        is_standing = (ready.metric, period.start, period.end) in standing
        lack = rules.lack_of(ready, is_silent=not is_counted, is_standing=is_standing, target=target)
        found.append(Offered(ready=ready, period=period, baseline=before, target=target, lack=lack))
    return tuple(found)


def _is_counted(shop: str, ready: Ready, silent: Collection[str], *, at: datetime) -> bool:
    if ready.metric in METRICS:
        return ready.metric not in silent
    return rules.is_readable(ready) and elsewhere.is_heard(shop, ready.metric, at=at)
