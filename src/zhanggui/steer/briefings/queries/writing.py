"""Writing a document from what is known now; nothing is kept by it."""

from __future__ import annotations

from datetime import date, datetime

from zhanggui.base import clock
from zhanggui.base.shops import queries as shops
from zhanggui.insight.alerts import queries as alerts
from zhanggui.insight.metrics.rules import Period, Step, after, cell_of
from zhanggui.steer.briefings import rules
from zhanggui.steer.briefings.errors import PeriodUnfit
from zhanggui.steer.briefings.queries.gathering import funnel_gathered, gathered
from zhanggui.steer.briefings.rules import Document, Kind


def period_of(kind: Kind, first: date) -> Period:
    """The days of a briefing: the day, the week from Monday, the month or the year that a day begins.

    refuses  PeriodUnfit if the day is not the first of them
    """
    step = Step(kind.value)
    if cell_of(first, step) != first:
        raise PeriodUnfit(kind=kind, first=first.isoformat())
    return Period(first, after(first, step))


def document(shop: str, kind: Kind, period: Period | None, *, at: datetime | None = None) -> Document:
    """The briefing of some days as the numbers are now; the same inputs give the same document.

    period   of a funnel all days there are if None
    at       the moment of asking, now if not given
    refuses  NoSuchShop, NothingKnown, PeriodUnfit
    """
    moment = at or clock.now()
    if kind is Kind.FUNNEL:
        return rules.funnel(funnel_gathered(shop, period, at=moment))
    if period is None or period != period_of(kind, period.start):
        raise PeriodUnfit(kind=kind, first=period.start.isoformat() if period else "")
    found = gathered(shop, kind, period, at=moment)
    match kind:
        case Kind.DAY:
            normal = alerts.normals(shop, period, ("gmv_paid",)).get(("gmv_paid", period.start))
            return rules.day(found, normal=normal)
        case Kind.WEEK:
            return rules.week(found)
        case Kind.YEAR:
            return rules.year(found)
        case _:
            return rules.month(found)


def last_month(shop: str, *, at: datetime) -> Period:
    """The month before the one that runs in the shop's zone."""
    today = clock.day_of(at, shops.shop(shop).zone)
    this = cell_of(today, Step.MONTH)
    return Period(this, after(this, Step.MONTH)).previous()
