"""What the pages of what is normal show: the list of what lay outside, and a number over time in its band."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext, pgettext

from zhanggui.base.look import formats
from zhanggui.base.money import Money
from zhanggui.doors.console import charts, cockpit, figures, why_words, words
from zhanggui.doors.console.charting.bands import Mark, banded
from zhanggui.doors.console.exporting import Cell, Table
from zhanggui.doors.console.figures import Tone
from zhanggui.doors.console.scope import Scope
from zhanggui.insight.alerts.queries import Judged
from zhanggui.insight.alerts.rules import Deviation, Place, Side, in_units, normal_of, unit_of
from zhanggui.insight.metrics.rules import Better, Figure, Period, Unit, metric

MOST_DAYS: Final = 92
WHOLE: Final = lazy("The whole shop")

KNOWN_FIELDS: Final[Mapping[str, Promise]] = {
    "name": lazy("Give the days a name of 1 to 80 signs that is not taken by the same days."),
    "last": lazy("The last day is not before the first, and at most 31 days are named at once."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Something out of the ordinary, as a row.

    normal  between what and what it would have been ordinary
    stake   what it was worth; empty where the tree cannot say
    scope   the day and the cell alone
    """

    day: date
    key: str
    name: str
    where: str
    cut: str
    came: str
    normal: str
    is_low: bool
    tone: Tone
    stake: Money | None
    stake_said: str
    scope: Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A day of a number in its band, as a row."""

    day: date
    figure: Figure
    expected: str
    normal: str
    verdict: str
    is_outside: bool
    scope: Scope


def found(one: Deviation, scope: Scope) -> Found:
    """A deviation in words."""
    kind = metric(one.metric)
    is_low = one.side is Side.LOW
    is_good = is_low == (kind.better is Better.DOWN)
    stake = None if one.money_minor is None else Money(one.money_minor, one.currency)
    alone = scope.only(one.place.cut, one.place.cell) if one.place.cut else scope
    return Found(
        day=one.day,
        key=one.metric,
        name=kind.name(words.language()),
        where=words.cell(one.place.cut, one.place.cell) if one.place.cut else str(WHOLE),
        cut=str(words.CUTS[one.place.cut]) if one.place.cut else "",
        came=size(one.metric, one.actual, one.currency),
        normal=_between(one.metric, one.low, one.high, one.currency),
        is_low=is_low,
        tone=Tone.GOOD if is_good else Tone.BAD,
        stake=stake,
        stake_said=why_words.signed(stake) if stake is not None else "",
        scope=_on(alone, one.day),
    )


def place_of(scope: Scope) -> Place | None:
    """The place that the filters of a page name: the whole shop or one cell; None for several, which have no band."""
    kept = scope.where.by_cut()
    if not kept:
        return Place()
    if len(kept) > 1:
        return None
    ((cut, values),) = kept.items()
    return Place(cut=cut, cell=values[0]) if len(values) == 1 else None


def days_of(scope: Scope) -> Period:
    """The days of a page's period that are shown: at most three months, the last ones."""
    end = min(scope.period.end, scope.today + timedelta(days=1))
    start = max(scope.period.start, end - timedelta(days=MOST_DAYS))
    return Period(start, end) if start < end else Period(scope.today, scope.today + timedelta(days=1))


def chart(key: str, numbers: Sequence[Judged], scope: Scope, place: Place) -> charts.Spec:
    """A number over time in its band; the title says how often it lay outside."""
    name = metric(key).name(words.language())
    days = Period(numbers[0].day, numbers[-1].day + timedelta(days=1))
    where = words.cell(place.cut, place.cell) if place.cut else str(WHOLE)
    unit = {Unit.MONEY: scope.shop.currency, Unit.RATE: "%"}.get(metric(key).unit, "")
    said = charts.Words(
        title=finding(name, numbers),
        subtitle=_("%(name)s, by day, %(where)s, %(span)s, %(zone)s")
        % {
            "name": _("%(name)s (%(unit)s)") % {"name": name, "unit": unit} if unit else name,
            "where": where,
            "span": words.span(days),
            "zone": scope.shop.zone,
        },
        language=words.language(),
    )
    return banded([_mark(key, one) for one in numbers], words=said, name=name)


def finding(name: str, numbers: Sequence[Judged]) -> str:
    """How often a number lay outside its band."""
    judged = [one for one in numbers if one.band and one.is_complete and not one.known]
    if not judged:
        return _("%(name)s: too little is known yet to say what is normal") % {"name": name}
    outside = sum(one.is_outside for one in judged)
    if not outside:
        return _("%(name)s: every day was normal") % {"name": name}
    said = ngettext("%(name)s: %(n)s day out of the ordinary", "%(name)s: %(n)s days out of the ordinary", outside)
    return said % {"name": name, "n": formats.number(outside, language=words.language())}


def rows(key: str, numbers: Sequence[Judged], scope: Scope) -> list[Row]:
    """The days as rows, the latest first."""
    return [_row(key, one, scope) for one in reversed(numbers)]


def normal_words(key: str, numbers: Sequence[Judged], scope: Scope) -> str:
    """What is normal on the last day of which that can be said."""
    last = next((one for one in reversed(numbers) if one.band and not one.known), None)
    if last is None or last.band is None:
        return ""
    normal = normal_of(key, last.day, last.band)
    currency = scope.shop.currency
    under, over = (_plain(key, end, currency) for end in last.band.seen)
    return _(
        "For %(day)s, between %(low)s and %(high)s is normal; %(expected)s is expected, from %(n)s days before it. "
        "A day at %(under)s or below, or %(over)s or above, is found nine times of ten."
    ) % {
        "day": formats.day(last.day, language=words.language()),
        "low": size(key, normal.low, currency),
        "high": size(key, normal.high, currency),
        "expected": size(key, normal.expected, currency),
        "n": last.band.days,
        "under": under,
        "over": over,
    }


def size(key: str, units: int, currency: str) -> str:
    """A number in whole units, as a person reads it."""
    return figures.full(_figure(key, units, currency))


def table(outside: Sequence[Deviation], scope: Scope) -> Table:
    """The list as a file."""
    heads = (
        *(_("Day"), _("Number"), _("Where"), _("Came"), _("Normal from"), _("Normal to")),
        _("Worth (%(unit)s)") % {"unit": scope.shop.currency},
    )
    rows = []
    for one in outside:
        said = found(one, scope)
        ends = (_cell(one.metric, units, one.currency) for units in (one.actual, one.low, one.high))
        rows.append((one.day, said.name, said.where, *ends, said.stake))
    return Table(name=f"deviations-{scope.shop.code}-{scope.period.start}-{scope.period.last}", heads=heads, rows=rows)


def row_table(key: str, numbers: Sequence[Judged], scope: Scope) -> Table:
    """The days of a number as a file, the latest first."""
    name = metric(key).name(words.language())
    unit = scope.shop.currency if metric(key).unit is Unit.MONEY else ""
    heads = (
        _("Day"),
        _("%(name)s (%(unit)s)") % {"name": name, "unit": unit} if unit else name,
        *(_("Expected"), _("Normal from"), _("Normal to"), pgettext("band", "Verdict")),
    )
    return Table(
        name=f"normal-{key}-{scope.shop.code}-{scope.period.start}-{scope.period.last}",
        heads=heads,
        rows=[(one.day, figures.plain(one.figure), *_ends(key, one), _verdict(one)) for one in reversed(numbers)],
    )


def _ends(key: str, one: Judged) -> tuple[Cell, Cell, Cell]:
    """What is expected of a day, and between what and what it is normal; nothing where that cannot be said."""
    if one.band is None or one.known:
        return None, None, None
    normal, currency = normal_of(key, one.day, one.band), one.figure.currency
    expected, low, high = (_cell(key, units, currency) for units in (normal.expected, normal.low, normal.high))
    return expected, low, high


def _cell(key: str, units: int, currency: str) -> Cell:
    return figures.plain(_figure(key, units, currency))


def _mark(key: str, one: Judged) -> Mark:
    band = one.band if not one.known else None
    scale = float(Money(1, one.figure.currency).major) if metric(key).unit is Unit.MONEY else 1.0
    return Mark(
        at=one.day,
        size=cockpit.drawn(one.figure),
        low=band.low * scale if band else None,
        high=band.high * scale if band else None,
        is_outside=one.is_outside,
        is_open=not one.is_complete,
        when=formats.day(one.day, language=words.language()),
        said=figures.full(one.figure),
        normal=_normal(key, one),
    )


def _row(key: str, one: Judged, scope: Scope) -> Row:
    band = one.band if not one.known else None
    return Row(
        day=one.day,
        figure=one.figure,
        expected=size(key, normal_of(key, one.day, band).expected, one.figure.currency) if band else "—",
        normal=_normal(key, one),
        verdict=_verdict(one),
        is_outside=one.is_outside,
        scope=_on(scope, one.day),
    )


def _verdict(one: Judged) -> str:
    if one.known:
        return one.known.name
    if not one.is_complete:
        return _("not over")
    if one.band is None:
        return _("too little is known")
    return _("out of the ordinary") if one.is_outside else pgettext("verdict", "normal")


def _normal(key: str, one: Judged) -> str:
    if one.band is None or one.known:
        return "—"
    normal = normal_of(key, one.day, one.band)
    return _between(key, normal.low, normal.high, one.figure.currency)


def _between(key: str, low: int, high: int, currency: str) -> str:
    return _("%(low)s to %(high)s") % {"low": size(key, low, currency), "high": size(key, high, currency)}


def _figure(key: str, units: int, currency: str) -> Figure:
    over = unit_of(key)
    return Figure(metric=key, currency=currency, numerator=units, denominator=None if over == 1 else over)


def _plain(key: str, number: float, currency: str) -> str:
    return size(key, in_units(key, number), currency)


def _on(scope: Scope, day: date) -> Scope:
    """The same on one day, whatever the page's period."""
    return replace(scope, preset=None, period=Period(day, day + timedelta(days=1)))
