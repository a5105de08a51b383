"""A step of the way to an order that fewer take for some days, by too little for any of them to say so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final

from zhanggui.insight.alerts import queries as alerts
from zhanggui.insight.metrics.rules import Period
from zhanggui.steer.signals import queries, rules
from zhanggui.steer.signals.detectors import funnel_break
from zhanggui.steer.signals.rules import Finding, broken_steps
from zhanggui.steer.signals.rules.order_worth import OrderWorth

KIND: Final = "funnel_slip"
WEEK: Final = 7
# So many days are looked at together, the most first.
_TOGETHER: Final = (WEEK, 5, 3, 2)
_DAY: Final = timedelta(days=1)


def detect(shop: str, day: date, *, at: datetime) -> Iterator[Finding]:
    """The steps that are worse than in the four weeks before: a channel that sends worse visitors.

    The last two days are looked at together, the last three, five and seven, each with a quarter of the chance to be
    wrong: what is much worse is found after two or three days, what is a little worse after a week. The size is that of
    the longest of these that shows it. What broke on one day is told as that, and not again here; days that are known
    to differ are left out, and days that were worse already are no part of the past. So are visits that looked at goods
    of which something is told: see `funnel_break.goods_told`.
    """
    since = day - (WEEK - 1) * _DAY
    broken = _troubles(shop, since)
    first = funnel_break.reach(since, broken.values())
    known = alerts.known_in(shop, first, day)
    goods = funnel_break.goods_told(shop, Period(since, day + _DAY))
    came = funnel_break.counted(shop, first, day, but=goods)
    ordinary = {when: counts for when, counts in came.items() if not any(when in one for one in known)}
    told = queries.signals(shop, Period(since, day + _DAY))
    found = {one.subject for one in told if one.kind == funnel_break.KIND}
    past = broken_steps.spared({when: counts for when, counts in ordinary.items() if when < since}, broken)
    each: OrderWorth | None = None
    for days in _TOGETHER:
        last = (counts for when, counts in ordinary.items() if when > day - days * _DAY)
        looked_at = past | {day: broken_steps.together(last)}
        slipped = broken_steps.breaks(looked_at, day, false_share=rules.DAILY_FALSE / len(_TOGETHER))
        if found.issuperset(f"{one.place}:{one.cell}" for one in slipped):
            continue
        each = each or queries.order_worth(shop, since)
        span = Period(day - (days - 1) * _DAY, day + _DAY)
        for one in broken_steps.of_all(slipped, funnel_break.everyone(shop, span, but=goods, known=known)):
            if (subject := f"{one.place}:{one.cell}") not in found:
                found.add(subject)
                yield funnel_break.finding(shop, day, one, each=each, days=days, but=goods)


def _troubles(shop: str, day: date) -> dict[str, tuple[Period, ...]]:
    """The days before one on which a step broke or was worse already, by cell; a slip is told after its first week."""
    slipped = queries.troubles(shop, KIND, before=day)
    whole = {
        subject: tuple(Period(span.start - (WEEK - 1) * _DAY, span.end) for span in spans)
        for subject, spans in slipped.items()
    }
    broken = queries.troubles(shop, funnel_break.KIND, before=day)
    return {subject: broken.get(subject, ()) + whole.get(subject, ()) for subject in broken.keys() | whole.keys()}
