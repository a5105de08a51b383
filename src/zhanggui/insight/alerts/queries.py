"""Numbers in their bands, what lay outside, and the days that are known to differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median

from django.db.models import Max, Min
from django.db.models.functions import Abs, Coalesce

from zhanggui.insight.alerts import models, ports, rules
from zhanggui.insight.alerts.rules import Band, Deviation, KnownDays, Normal, Place
from zhanggui.insight.metrics import queries as metrics
from zhanggui.insight.metrics.rules import Answer, Cut, Figure, Period, Row, Unit, can_answer, metric

_HISTORY = timedelta(days=rules.HISTORY_DAYS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A number of a day in its band.

    band         None if too little is known to say what is normal
    known        why the day is known to differ; it is then not judged, and nothing is learnt from it
    is_complete  whether the day is over
    """

    day: date
    figure: Figure
    band: Band | None
    known: KnownDays | None
    is_complete: bool

    @property
    def is_outside(self) -> bool:
        """Whether the day is over, ordinary, and its number lies outside what is normal."""
        number = rules.number_of(self.figure)
        if self.band is None or self.known or not self.is_complete or number is None:
            return False
        normal = rules.normal_of(self.figure.metric, self.day, self.band)
        return not normal.low <= rules.in_units(self.figure.metric, number) <= normal.high


def judged(
    shop: str, keys: Sequence[str], period: Period, *, place: Place, at: datetime
) -> dict[str, tuple[Judged, ...]]:
    """Numbers of the days of a period, oldest first, each in the band that the days before it make; by metric.

    keys     those of the dictionary that can be counted by day in that place
    refuses  NoSuchShop, NoSuchMetric, CutRefused
    """
    days = Period(period.start - _HISTORY, period.end)
    asked = _asked(keys, lambda key: can_answer(key, by=Cut.DAY, where=place.where))
    answer = metrics.query(shop, asked, days, by=Cut.DAY, where=place.where, at=at)
    course = _course(shop, answer)
    figures = {key: [row.of(key) for row in answer.rows] for key in asked}
    return {key: _judged(course, figures, key) for key in keys}


def judged_in(shop: str, cut: Cut, keys: Sequence[str], day: date, *, at: datetime) -> dict[str, dict[str, Judged]]:
    """Numbers of a day in each cell of a cut, in the bands that the days before it make; by cell, then by metric.

    The cells that have most of the first metric in the four weeks before; what has no name is nobody's to look into.

    refuses  NoSuchShop, NoSuchMetric, CutRefused
    """
    days = Period(day - _HISTORY, day + timedelta(days=1))
    asked = _asked(keys, lambda key: can_answer(key, by=Cut.DAY, then=cut))
    answer = metrics.query(shop, asked, days, by=Cut.DAY, then=cut, at=at)
    course = _course(shop, answer)
    cells = _cells(answer, keys[0], since=day - timedelta(days=rules.LEAST_DAYS))
    found = {(row.key, row.then): row for row in answer.pairs if row.then in cells}
    judged_days: dict[str, dict[str, Judged]] = {}
    for cell in cells:
        figures = {key: [_figure(found.get((one, cell)), key, answer) for one in course.days] for key in asked}
        judged_days[cell] = {key: _judged(course, figures, key)[-1] for key in keys}
    return judged_days


def deviations(shop: str, period: Period, *, limit: int, offset: int = 0) -> tuple[tuple[Deviation, ...], int]:
    """What lay outside its band in a period, and how many there are: the latest day first, then by money at stake.

    Index insight_alerts_deviation_once.
    """
    rows = models.Deviation.objects.filter(shop=shop, day__gte=period.start, day__lt=period.end)
    stake = Abs(Coalesce("money_minor", 0))
    ordered = rows.order_by("-day", stake.desc(), "cut", "metric", "cell")
    return tuple(_value(row) for row in ordered[offset : offset + limit]), rows.count()


def normals(shop: str, period: Period, keys: Sequence[str]) -> dict[tuple[str, date], Normal]:
    """The bands of whole-shop numbers in a period, as far as they were looked at, by metric and day. One statement."""
    rows = models.Normal.objects.filter(
        shop=shop, day__gte=period.start, day__lt=period.end, metric__in=list(keys)
    ).values_list("metric", "day", "expected", "low", "high")
    return {
        (key, day): Normal(metric=key, day=day, expected=expected, low=low, high=high)
        for key, day, expected, low, high in rows
    }


def looked(shop: str) -> date | None:
    """The last day that was looked at; None if none was."""
    return models.Looked.objects.filter(shop=shop).order_by("-day").values_list("day", flat=True).first()


def looked_in(shop: str, period: Period) -> tuple[date, date] | None:
    """The first and the last day of a period that were looked at; None if none was. One statement."""
    rows = models.Looked.objects.filter(shop=shop, day__gte=period.start, day__lt=period.end)
    first, last = rows.aggregate(first=Min("day"), last=Max("day")).values()
    return (first, last) if first else None


def known_in(shop: str, first: date, last: date) -> tuple[KnownDays, ...]:
    """The days that are known to differ, those that others plug in included, by their first day and name."""
    own = [row.value for row in models.KnownDay.objects.filter(shop=shop, first__lte=last, last__gte=first)]
    others = [one for knows in ports.known_days for one in knows(shop, first, last)]
    return tuple(sorted((*own, *others), key=lambda one: (one.first, one.last, one.name, one.id)))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Course:
    """The days of an answer, oldest first: which of them are over, known to differ, and not before the first event."""

    days: tuple[date, ...]
    over: tuple[bool, ...]
    reasons: tuple[KnownDays | None, ...]
    lived: tuple[bool, ...]


def _course(shop: str, answer: Answer) -> _Course:
    days = tuple(row.key for row in answer.rows if isinstance(row.key, date))
    ends = metrics.days(shop)
    known = known_in(shop, days[0], days[-1])
    return _Course(
        days=days,
        over=tuple(row.is_complete for row in answer.rows),
        reasons=tuple(next((one for one in known if day in one), None) for day in days),
        lived=tuple(ends is not None and day >= ends[0] for day in days),
    )


def _cells(answer: Answer, key: str, *, since: date) -> tuple[str, ...]:
    """The cells with most of a metric since a day, the most first, then by name."""
    sums = Counter[str]()
    for row in answer.pairs:
        if isinstance(row.key, date) and row.key >= since and row.then:
            sums[str(row.then)] += row.of(key).numerator
    return tuple(sorted(sums, key=lambda cell: (-sums[cell], cell))[: rules.MOST_CELLS])


def _figure(row: Row | None, key: str, answer: Answer) -> Figure:
    """The figure of a cell; of one in which nothing happened, nothing."""
    if row is not None:
        return row.of(key)
    nothing = 0 if metric(key).denominator else None
    return Figure(metric=key, currency=answer.question.currency, numerator=0, denominator=nothing)


def _asked(keys: Sequence[str], is_counted: Callable[[str], bool]) -> tuple[str, ...]:
    """The metrics, and what those of money are sums of."""
    pieces = (rules.PIECES[key] for key in keys if key in rules.PIECES)
    return tuple(dict.fromkeys((*keys, *(key for key in pieces if is_counted(key)))))


def _judged(course: _Course, counted: Mapping[str, Sequence[Figure]], key: str) -> tuple[Judged, ...]:
    """The days beyond the first eight weeks, each in the band of those before it."""
    figures, pieces = counted[key], counted.get(rules.PIECES.get(key, ""), ())
    sizes = _history([figure if lived else None for figure, lived in zip(figures, course.lived, strict=True)])
    learnt = [None if reason else size for reason, size in zip(course.reasons, sizes, strict=True)]
    found = []
    for n in range(rules.HISTORY_DAYS, len(course.days)):
        before = slice(n - rules.HISTORY_DAYS, n)
        over = median(figure.denominator or 0 for figure in figures[before])
        each = _each(figures[before], pieces[before])
        found.append(
            Judged(
                day=course.days[n],
                figure=figures[n],
                band=rules.band(learnt[before], chance=rules.chance_of(key, over=over, each=each)),
                known=course.reasons[n],
                is_complete=course.over[n],
            )
        )
    return tuple(found)


def _each(figures: Sequence[Figure], pieces: Sequence[Figure]) -> float:
    """What one order or piece was worth on average."""
    many = sum(figure.numerator for figure in pieces)
    return sum(figure.numerator for figure in figures) / many if many else 0.0


def _history(figures: Sequence[Figure | None]) -> list[float | None]:
    """Numbers to learn from. A count or an amount is not known before the first day on which there was any."""
    sizes = [None if figure is None else rules.number_of(figure) for figure in figures]
    is_begun = False
    for n, figure in enumerate(figures):
        is_begun = is_begun or bool(sizes[n]) or (figure is not None and metric(figure.metric).unit is Unit.RATE)
        sizes[n] = sizes[n] if is_begun else None
    return sizes


def _value(row: models.Deviation) -> Deviation:
    return Deviation(
        id=str(row.pk),
        shop=row.shop,
        metric=row.metric,
        place=Place(cut=Cut(row.cut) if row.cut else None, cell=row.cell),
        day=row.day,
        actual=row.actual,
        expected=row.expected,
        low=row.low,
        high=row.high,
        money_minor=row.money_minor,
        currency=row.currency,
        found_at=row.found_at,
        fact=row.fact,
    )
