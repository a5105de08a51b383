"""Asking insight and the books of steering for what a briefing is written from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Final

from zhanggui.base import clock
from zhanggui.base.shops import queries as shops
from zhanggui.base.shops.rules import Shop
from zhanggui.insight.alerts import queries as alerts
from zhanggui.insight.campaigns import queries as campaigns
from zhanggui.insight.funnels import queries as funnels
from zhanggui.insight.funnels.rules import Answer, Funnel, Question, Split, Step
from zhanggui.insight.goods import queries as goods
from zhanggui.insight.goods.rules import Assortment
from zhanggui.insight.metrics import queries as metrics
from zhanggui.insight.metrics.rules import Cut, Period, Row, after
from zhanggui.insight.metrics.rules import Step as TimeStep
from zhanggui.insight.retention import queries as retention
from zhanggui.insight.retention import rules as retention_rules
from zhanggui.insight.retention.rules import Question as RetentionQuestion
from zhanggui.insight.tree import queries as tree
from zhanggui.insight.tree.rules import By, Why
from zhanggui.insight.value import queries as value
from zhanggui.steer.briefings.errors import NothingKnown
from zhanggui.steer.briefings.queries import steering
from zhanggui.steer.briefings.rules import Course, FunnelGathered, Gathered, Kind, Quarter
from zhanggui.steer.briefings.rules.figures import BESIDES, SHOWN, cell_of

_DAY: Final = timedelta(days=1)
_YEAR_OF_WEEKS: Final = timedelta(weeks=52)
_KEYS: Final = (*SHOWN, *BESIDES)
_STEPS: Final = {Kind.DAY: TimeStep.DAY, Kind.WEEK: TimeStep.DAY, Kind.MONTH: TimeStep.DAY, Kind.YEAR: TimeStep.MONTH}
_MONTHLY: Final = ("gmv_paid", "refund_amount")
_MOST_DEVIATIONS: Final = 200
# From the first contact to the purchase, as far as it happened; a shop that tells of no payments ends with an order.
_WAY: Final = ("Product Viewed", "Product Added", "Checkout Started")
_ENDS: Final = ("shop.payment_settled", "shop.order_placed", "Order Completed")
# How many days after the first visit it is looked at who is there again.
_BACK: Final = (1, 7)
WINDOW_MINUTES: Final = 10 * 1440


def gathered(shop: str, kind: Kind, period: Period, *, at: datetime) -> Gathered:
    """All that the briefing of a day, week, month or year is written from.

    at       the moment of asking; of an imported shop nothing is known after its last day with events
    refuses  NoSuchShop, NothingKnown
    """
    books = shops.shop(shop)
    known, moment = _known(books, period, at)
    until = min(clock.day_of(moment, books.zone), period.end)
    year_ago = _within(_weeks_before(period) if kind in (Kind.DAY, Kind.WEEK) else _year_before(period), known)
    before = None if kind is Kind.YEAR else _within(period.previous(), known)
    now = metrics.query(shop, _KEYS, period, compare=before, at=moment)
    year = metrics.query(shop, _KEYS, period, compare=year_ago, at=moment) if year_ago else None
    why_before, why_year = (_why(shop, period, one, moment) for one in (before, year_ago))
    counted = Period(period.start, until)
    is_long = kind in (Kind.MONTH, Kind.YEAR)
    assortment = goods.assortment(shop, counted) if is_long else None
    return Gathered(
        kind=kind,
        shop=shop,
        shop_name=books.name,
        zone=books.zone,
        currency=books.currency,
        period=period,
        until=until,
        before=before,
        year_ago=year_ago,
        begins_on=known.start,
        now=now.whole,
        then=now.compared if before else None,
        year=year.compared if year else None,
        course=_course(shop, kind, period, before=before, year_ago=year_ago, at=moment),
        monthly=_monthly(shop, kind, period, known, at=moment) if is_long else (),
        quarters=_quarters(shop, period, year_ago, until, at=moment) if kind is Kind.YEAR else (),
        following=_following(shop, period, known, at=moment) if kind is Kind.MONTH else None,
        why_before=why_before,
        why_year=why_year,
        names=_names(shop, dict.fromkeys(_skus(assortment, why_before, why_year))),
        goals=steering.goals_seen(shop, counted, at=moment),
        effects=steering.effects_seen(shop, period),
        signals=steering.signals_seen(shop, period),
        offers=campaigns.standings(shop, period, today=until) if is_long else (),
        deviations=alerts.deviations(shop, period, limit=_MOST_DEVIATIONS)[0],
        assortment=assortment,
        buyers=value.rfm(shop, as_of=until) if is_long else None,
        silent=metrics.silent(shop),
    )


def funnel_gathered(shop: str, period: Period | None, *, at: datetime) -> FunnelGathered:
    """All that the review of the way to a purchase is written from.

    period   all days there are if None, without the stray ones before the visitors came
    refuses  NoSuchShop, NothingKnown where fewer than two steps of the way ever happened
    """
    books = shops.shop(shop)
    days = metrics.days(shop)
    if days is None:
        raise NothingKnown(shop=shop, first="", last="")
    span = period or _busy(shop, Period(days[0], days[1] + _DAY))
    known, moment = _known(books, span, at)
    until = min(known.end, span.end)
    steps = _steps(shop, span)
    if len(steps) < 2:
        raise NothingKnown(shop=shop, first=span.start.isoformat(), last=span.last.isoformat())
    short = (steps[0], steps[-1]) if len(steps) > 2 else None
    hours = metrics.query(shop, ("uv",), span, by=Cut.HOUR, at=moment).rows
    whole = metrics.query(shop, ("uv", "gmv_paid"), span, at=moment).whole
    by_device = _asked_funnel(shop, span, steps, at=moment, by=Split.DEVICE)
    return FunnelGathered(
        shop=shop,
        shop_name=books.name,
        zone=books.zone,
        currency=books.currency,
        period=span,
        until=until,
        way=_asked_funnel(shop, span, steps, at=moment),
        short=_asked_funnel(shop, span, short, at=moment) if short else None,
        window_minutes=WINDOW_MINUTES,
        hours=hours,
        days=metrics.query(shop, ("uv",), span, by=Cut.DAY, at=moment).rows,
        whole=whole,
        back=_back_again(shop, span, at=moment),
        has_money=whole.of("gmv_paid").numerator > 0,
        by_device=by_device if len([one for one in by_device.parts if one.value]) > 1 else None,
    )


def _busy(shop: str, period: Period) -> Period:
    """The days from the first on that had at least a tenth of the visitors of the best day."""
    rows = metrics.query(shop, ("uv",), period, by=Cut.DAY).rows
    most = max((row.of("uv").numerator for row in rows), default=0)
    start = next((cell_of(row) for row in rows if 10 * row.of("uv").numerator >= most), period.start)
    return Period(start, period.end)


def _back_again(shop: str, period: Period, *, at: datetime) -> dict[int, tuple[int, int]]:
    """Visitors who came again so many days after their first visit, of those old enough; only where any are."""
    columns = retention_rules.exact(*_BACK)
    question = RetentionQuestion(start=period.start, end=period.end, step=TimeStep.DAY, columns=columns)
    cells = zip(_BACK, retention.ask(shop, question, at=at).whole.cells, strict=True)
    return {day: (cell.count, cell.of) for day, cell in cells if cell is not None and cell.of}


def _known(books: Shop, period: Period, at: datetime) -> tuple[Period, datetime]:
    """The days of which anything is known, and the last moment that counts."""
    days = metrics.days(books.code)
    if days is None or days[0] >= period.end or days[1] < period.start:
        raise NothingKnown(shop=books.code, first=period.start.isoformat(), last=period.last.isoformat())
    moment = min(at, clock.span_of(period.end, books.zone)[0])
    if books.kind.value == "imported":
        moment = min(moment, clock.span_of(days[1], books.zone)[1])
    return Period(days[0], days[1] + _DAY), moment


def _within(period: Period, known: Period) -> Period | None:
    """A period of which every day may have had something; one that begins before the shop did says too little."""
    return period if known.start <= period.start < known.end else None


def _year_before(period: Period) -> Period:
    """The same calendar days a year before, so that a leap year has its own length."""
    return Period(_back(period.start), _back(period.end))


def _weeks_before(period: Period) -> Period:
    """The same weekdays 52 weeks before: days and weeks differ by their weekdays more than by their date."""
    return Period(period.start - _YEAR_OF_WEEKS, period.end - _YEAR_OF_WEEKS)


def _back(day: date) -> date:
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def _why(shop: str, period: Period, other: Period | None, at: datetime) -> Why | None:
    return tree.why(shop, period, compare=other, at=at) if other else None


def _course(
    shop: str, kind: Kind, period: Period, *, before: Period | None, year_ago: Period | None, at: datetime
) -> Course:
    step = _STEPS[kind]
    other = year_ago or before
    answer = metrics.query(shop, _MONTHLY, period, by=Cut(step), compare=other, at=at)
    rows = [
        row
        for row in answer.rows
        if cell_of(row) <= clock.day_of(at - timedelta(microseconds=1), shops.shop(shop).zone)
    ]
    return Course(step=step, now=tuple(rows), then=answer.compared_rows)


def _monthly(shop: str, kind: Kind, period: Period, known: Period, *, at: datetime) -> tuple[Row, ...]:
    """The months to hold refunds against: those of the year, or the twelve before the month and itself."""
    start = period.start if kind is Kind.YEAR else max(known.start, _back(period.start))
    return metrics.query(shop, _MONTHLY, Period(start, period.end), by=Cut.MONTH, at=at).rows


def _quarters(shop: str, period: Period, year_ago: Period | None, until: date, *, at: datetime) -> tuple[Quarter, ...]:
    """The quarters of a year; days that are not counted yet as the same days were a year before."""
    found = []
    for start in period.cells(TimeStep.QUARTER):
        days = Period(start, after(start, TimeStep.QUARTER))
        counted = _paid(shop, days, at=at)
        missing = Period(max(until, days.start), days.end) if until < days.end else None
        borrowed = _paid(shop, _year_before(missing), at=at) if missing and year_ago else 0
        found.append(Quarter(period=days, counted_minor=counted, borrowed_minor=borrowed))
    return tuple(found)


def _paid(shop: str, period: Period, *, at: datetime) -> int:
    return metrics.query(shop, ("gmv_paid",), period, at=at).whole.of("gmv_paid").numerator


def _following(shop: str, period: Period, known: Period, *, at: datetime) -> Row | None:
    """The month after, a year before."""
    days = _year_before(Period(period.end, after(period.end, TimeStep.MONTH)))
    if _within(days, known) is None:
        return None
    return metrics.query(shop, _KEYS, days, at=at).whole


def _skus(assortment: Assortment | None, *whys: Why | None) -> list[str]:
    """The goods that a briefing may name: what sold most, and what moved a figure."""
    splits = [why.split(By.SKU) for why in whys if why]
    best = [assortment.goods[0].sku.sku] if assortment and assortment.goods else []
    return best + [cell.key for split in splits if split for cell in split.cells if cell.key]


def _names(shop: str, skus: Iterable[str]) -> dict[str, tuple[str, str]]:
    found = metrics.listings(shop, list(skus))
    return {sku: (one.name("zh-hans"), one.name("en")) for sku, one in found.items()}


def _steps(shop: str, period: Period) -> tuple[str, ...]:
    happened = {event for event, _count in funnels.events(shop, (period.start, period.end))}
    end = next((event for event in _ENDS if event in happened), None)
    return (*(event for event in _WAY if event in happened), *((end,) if end else ()))


def _asked_funnel(shop: str, period: Period, steps: Sequence[str], *, at: datetime, by: Split | None = None) -> Answer:
    funnel = Funnel(steps=tuple(Step(event=event) for event in steps), window_minutes=WINDOW_MINUTES)
    return funnels.ask(shop, Question(funnel=funnel, start=period.start, end=period.end, by=by), at=at)
