"""Figures as a person reads them: in full and short, held against another period, with a small line of their days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from zhanggui.base.look import formats
from zhanggui.base.money import Money
from zhanggui.doors.console import words
from zhanggui.doors.console.exporting import Cell, as_rate
from zhanggui.insight.metrics import rules as metrics
from zhanggui.insight.metrics.rules import Answer, Better, Figure, Metric, Row, Unit

# What is normal for a metric in a cell of time: the least and the most, as `Figure.size` says them.
Bands = Mapping[tuple[str, date | str], tuple[Decimal, Decimal]]
NO_BANDS: Final[Bands] = {}

NONE = "—"
_SPARK_WIDTH, _SPARK_HEIGHT = 120.0, 32.0
_SAME = Decimal("0.0005")
_LARGE_COUNT = 100_000


class Tone(StrEnum):
    """Whether a change is good news."""

    GOOD = "good"
    BAD = "bad"
    SAME = "same"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """How a figure differs from that of another period.

    size   without a sign, such as 12.3% or, of a rate, 1.2 points; empty if they are the same
    sign   an arrow, so that no colour stands alone
    """

    size: str
    is_up: bool
    is_rate: bool
    sign: str
    tone: Tone

    @property
    def text(self) -> str:
        """Signed: +12.3%."""
        return ("+" if self.is_up else "−") + self.size if self.size else "±0"

    def against(self, other: str) -> str:
        """Part of a sentence: 12.3% more than, and the other period's name."""
        if not self.size:
            return _("the same as %(other)s") % {"other": other}
        if self.is_rate:
            said = _("%(size)s higher than %(other)s") if self.is_up else _("%(size)s lower than %(other)s")
        else:
            said = _("%(size)s more than %(other)s") if self.is_up else _("%(size)s less than %(other)s")
        return said % {"size": self.size, "other": other}


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A metric in a scope.

    figure  None if the filters leave nothing to count it from; `why_not` then says so
    before  of the other period; None if there is none or it cannot be said
    """

    metric: Metric
    figure: Figure | None
    before: Figure | None = None
    change: Change | None = None
    spark: SafeString | str = ""
    why_not: str = ""

    @property
    def name(self) -> str:
        """The metric's name in the language of the page."""
        return self.metric.name(words.language())

    @property
    def says(self) -> str:
        """The metric's definition in the language of the page."""
        return self.metric.words(words.language())


def plain(figure: Figure | None) -> Cell:
    """The figure as a cell of a file."""
    value = figure.value if figure else None
    is_rate = figure is not None and metrics.named(figure.metric).unit is Unit.RATE
    return as_rate(value) if is_rate and isinstance(value, Decimal) else value


def full(figure: Figure | None) -> str:
    """The figure in full: 1,234, CN¥1,234.50, 12.3%; a dash where there is nothing to divide by."""
    said = _said(figure)
    return f"≈ {said}" if figure and figure.is_approximate else said


def short(figure: Figure | None) -> str:
    """The figure for a small place: 12.3万, CN¥123k, 12.3%."""
    value = figure.value if figure else None
    language = words.language()
    if isinstance(value, Money):
        is_small = abs(value.major) < 1000
        return formats.money(value, language=language) if is_small else formats.short_money(value, language=language)
    if isinstance(value, int) and abs(value) >= _LARGE_COUNT:
        return formats.short(value, language=language)
    return full(figure)


def change(now: Figure | None, then: Figure | None) -> Change | None:
    """How a figure differs from another; None if there is nothing to hold it against."""
    rate = metrics.change_rate(now, then) if now and then else None
    if now is None or rate is None:
        return None
    metric = metrics.metric(now.metric)
    is_rate = metric.unit is Unit.RATE
    is_same, is_up = abs(rate) < _SAME, rate > 0
    if is_same:
        return Change(size="", is_up=is_up, is_rate=is_rate, sign="＝", tone=Tone.SAME)
    return Change(
        size=_points(abs(rate)) if is_rate else _percent(abs(rate)),
        is_up=is_up,
        is_rate=is_rate,
        sign="▲" if is_up else "▼",
        tone=Tone.GOOD if is_up == (metric.better is Better.UP) else Tone.BAD,
    )


def cards(
    answer: Answer, keys: Sequence[str], *, trend: Sequence[Row] = (), bands: Bands = NO_BANDS
) -> tuple[Card, ...]:
    """The metrics of an answer as cards, in the order of the keys; those that were not asked for say why not.

    trend  the cells of time that each card's small line shows
    bands  what is normal for them
    """
    return tuple(_card(answer, metrics.metric(key), trend, bands) for key in keys)


def lack(key: str) -> str:
    """Why a metric cannot be split or filtered by goods."""
    measure = metrics.MEASURES[metrics.metric(key).numerator]
    return str(words.LACKS[metrics.BASES[measure.sources[0].table].lack])


def sparkline(rows: Sequence[Row], key: str, bands: Bands = NO_BANDS) -> SafeString | str:
    """A small line of a metric's cells before their band of normal; the part that is not over is dashed.

    Nothing if fewer than two cells are over.
    """
    sizes = [row.of(key).size for row in rows]
    over = [size for size, row in zip(sizes, rows, strict=True) if size is not None and row.is_complete]
    if len(over) < 2:
        return ""
    ends = [bands.get((key, row.key)) for row in rows]
    drawn = [*over, *(end for pair in ends if pair for end in pair)]
    least, most = min(drawn), max(drawn)
    places = [None if size is None else _place(n / (len(sizes) - 1), size, least, most) for n, size in enumerate(sizes)]
    is_open = not rows[-1].is_complete
    lines = [("spark-line", places[:-1] if is_open else places)]
    if is_open:
        lines.append(("spark-line is-open", places[-2:]))
    return format_html(
        '<svg class="spark" viewBox="0 0 {} {}" preserveAspectRatio="none" aria-hidden="true">{}{}</svg>',
        int(_SPARK_WIDTH),
        int(_SPARK_HEIGHT),
        _band(ends, least, most),
        format_html_join(
            "",
            '<polyline class="{}" points="{}"/>',
            ((name, " ".join(place for place in line if place)) for name, line in lines),
        ),
    )


def _band(ends: Sequence[tuple[Decimal, Decimal] | None], least: Decimal, most: Decimal) -> SafeString | str:
    """The area between the ends of each cell's band, from the first cell that has one to the last."""
    known = [(n / (len(ends) - 1), pair) for n, pair in enumerate(ends) if pair]
    if len(known) < 2:
        return ""
    highs = [_place(along, high, least, most) for along, (_low, high) in known]
    lows = [_place(along, low, least, most) for along, (low, _high) in reversed(known)]
    return format_html('<polygon class="spark-band" points="{}"/>', " ".join([*highs, *lows]))


def _place(along: float, size: Decimal, least: Decimal, most: Decimal) -> str:
    """Where a cell lies, between the least and the most of those that are over; an open cell may not leave that."""
    share = float((min(max(size, least), most) - least) / (most - least)) if most > least else 0.5
    return f"{along * _SPARK_WIDTH:.1f},{_SPARK_HEIGHT - 3 - share * (_SPARK_HEIGHT - 6):.1f}"


def _card(answer: Answer, metric: Metric, trend: Sequence[Row], bands: Bands) -> Card:
    if metric.key not in answer.question.metrics:
        return Card(metric=metric, figure=None, why_not=lack(metric.key))
    figure = answer.whole.of(metric.key)
    if _lacks_visits(metric, figure):
        return Card(metric=metric, figure=None, why_not=_("No visits are known in this period."))
    before = answer.compared.get(metric.key) if answer.compared else None
    return Card(
        metric=metric,
        figure=figure,
        before=before,
        change=change(figure, before),
        spark=sparkline(trend, metric.key, bands),
    )


def _lacks_visits(metric: Metric, figure: Figure) -> bool:
    """Whether a metric stands on visits and there are none, as in a shop of which only orders were imported."""
    measure = metrics.MEASURES[metric.denominator or metric.numerator]
    stands_on = figure.numerator if figure.denominator is None else figure.denominator
    return stands_on == 0 and measure.sources[0].table == "visits"


def _percent(rate: Decimal) -> str:
    return formats.percent(rate, language=words.language(), decimals=0 if rate >= 10 else 1)


def _said(figure: Figure | None) -> str:
    value = figure.value if figure else None
    language = words.language()
    if value is None:
        return NONE
    if isinstance(value, Money):
        return formats.money(value, language=language)
    if isinstance(value, Decimal):
        return _ratio(value, metrics.named(figure.metric).unit) if figure else NONE
    return formats.number(value, language=language)


def _ratio(value: Decimal, unit: Unit) -> str:
    """A rate or a duration: 12.3%, 5.00, 73.0 days."""
    if unit is Unit.RATE:
        return formats.percent(value, language=words.language(), decimals=_decimals(value))
    number = formats.number(value, language=words.language(), decimals=2 if unit is Unit.TIMES else 1)
    said = {
        Unit.DAYS: _("%(number)s days"),
        Unit.HOURS: _("%(number)s h"),
        Unit.SECONDS: _("%(number)s s"),
    }
    return said.get(unit, "%(number)s") % {"number": number}


def _points(rate: Decimal) -> str:
    points = formats.number(100 * rate, language=words.language(), decimals=1 if rate >= Decimal("0.001") else 2)
    return _("%(points)s points") % {"points": points}


def _decimals(rate: Decimal) -> int:
    return 2 if 0 < abs(rate) < Decimal("0.01") else 1
