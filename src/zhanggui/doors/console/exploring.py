"""What the explorer is asked for, and its answer as a table, a chart and a file: all of it in the address."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from zhanggui.doors.console import bars, charts, cockpit, figures, words
from zhanggui.doors.console.charting.lines import MOST_SERIES, Place, lines
from zhanggui.doors.console.exporting import Cell as FileCell
from zhanggui.doors.console.exporting import Table
from zhanggui.doors.console.figures import Change
from zhanggui.doors.console.scope import Query, Scope
from zhanggui.insight.metrics import queries as metrics
from zhanggui.insight.metrics import rules
from zhanggui.insight.metrics.queries import Listing
from zhanggui.insight.metrics.rules import FILTERABLE, Answer, Cut, Figure, Metric, Period, Row, Unit
from zhanggui.insight.segments import queries as segments
from zhanggui.insight.segments.rules import Segment

USUAL: Final = ("gmv_paid", "orders_paid", "uv")
MOST_METRICS: Final = 8
MOST_CELLS: Final = 50
MOST_HOURS_DAYS: Final = 31
MOST_CROWDS: Final = 12
MOST_BARS: Final = 12
# Nobody scrolls through more rows; all of them are in the files.
MOST_LINES: Final = 400
LEAST_PARTS: Final = 3

_UNITS: Final = {
    Unit.RATE: pgettext_lazy("unit", "rate"),
    Unit.TIMES: pgettext_lazy("unit", "times"),
    Unit.DAYS: pgettext_lazy("unit", "days"),
    Unit.HOURS: pgettext_lazy("unit", "hours"),
    Unit.SECONDS: pgettext_lazy("unit", "seconds"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What an address asks of the explorer.

    keys      metrics, the first one is drawn and sorts
    only      the segment whose people alone count
    is_near   people may be estimated
    """

    keys: tuple[str, ...]
    by: Cut | None
    then: Cut | None
    only: Segment | None
    is_near: bool

    def pairs(self) -> dict[str, str]:
        """The names and values that say this in an address."""
        said = {"m": ",".join(self.keys), "by": self.by or "none"}
        if self.then:
            said["then"] = self.then
        if self.only:
            said["only"] = self.only.id
        if self.is_near:
            said["near"] = "1"
        return said


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A figure in the table.

    address  the rows behind it; empty if nothing can be opened for it
    """

    figure: Figure | None
    change: Change | None = None
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A row of the table.

    people   where the people behind the first figure can be kept; empty if nobody can be named
    is_part  one of the second cut, below the row of the first that it is a part of
    is_open  a cell of time that is not over, or only partly in the period; of a part, if that is not said above it
    rest     it stands for so many more parts, which `address` leads to; empty if no address can say them
    """

    name: str
    cells: tuple[Cell, ...] = ()
    people: str = ""
    is_part: bool = False
    is_open: bool = False
    rest: int = 0
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The answer, in the words of the page.

    left_out  metrics that cannot be split or filtered that way, each with the reason
    """

    ask: Ask
    answer: Answer
    shown: tuple[Metric, ...]
    left_out: tuple[tuple[Metric, str], ...]
    listings: dict[str, Listing]

    def name(self, key: date | str, cut: Cut | None) -> str:
        """What a cell is called."""
        if cut is not None and cut.step:
            return cockpit.cell_words(key, cut.step)
        if cut is Cut.SKU and str(key) in self.listings:
            return self.listings[str(key)].name(words.language())
        return str(key) if cut in (None, Cut.SEGMENT) else words.cell(cut, str(key))


def ask_of(query: Query, scope: Scope) -> Ask:
    """What an address asks for; words that it does not have, or has wrong, mean the usual."""
    said = [key for many in query.getlist("m") for key in many.split(",")]
    keys = tuple(dict.fromkeys(key for key in said if key in rules.METRICS))[:MOST_METRICS]
    by_said = query.get("by", "")
    by = _cut(by_said, scope) or (None if by_said == "none" else Cut(rules.step_for(scope.period)))
    then = _cut(query.get("then", ""), scope)
    return Ask(
        keys=keys or USUAL,
        by=by or then,
        then=then if by is not None and then is not by else None,
        only=next((one for one in segments.segments(scope.shop.code) if one.id == query.get("only", "")), None),
        is_near=query.get("near", "") == "1",
    )


def hours_fit(scope: Scope) -> bool:
    """Whether the period is short enough to be shown by the hour."""
    return scope.period.days <= MOST_HOURS_DAYS


def found_for(ask: Ask, scope: Scope) -> Found:
    """The answer to what was asked, without the metrics that cannot be told that way."""
    by_people = ask.only is not None

    def is_said(key: str) -> bool:
        return rules.can_answer(key, by=ask.by, then=ask.then, where=scope.where, by_people=by_people)

    keys = [key for key in ask.keys if is_said(key)]
    cuts = (ask.by, ask.then)
    crowds = segments.segments(scope.shop.code)[:MOST_CROWDS] if Cut.SEGMENT in cuts else ()
    answer = metrics.query(
        scope.shop.code,
        keys,
        scope.period,
        by=ask.by,
        then=ask.then,
        where=scope.where,
        only=segments.crowd(ask.only, at=scope.at) if ask.only else None,
        crowds=[segments.crowd(one, at=scope.at) for one in crowds],
        compare=scope.compare,
        limit=MOST_CELLS,
        at=scope.at,
        is_approximate=ask.is_near,
    )
    skus = [str(row.key) for row in answer.rows] if ask.by is Cut.SKU else []
    skus += [str(row.then) for row in answer.seconds] if ask.then is Cut.SKU else []
    return Found(
        ask=ask,
        answer=answer,
        shown=tuple(rules.metric(key) for key in keys),
        left_out=tuple((rules.metric(key), figures.lack(key)) for key in ask.keys if key not in keys),
        listings=metrics.listings(scope.shop.code, skus),
    )


def table_of(found: Found, scope: Scope) -> Iterator[Line]:
    """The rows of the table: the whole, then each cell of the first cut with its parts below it, as many as fit."""
    ask, answer, most = found.ask, found.answer, parts_shown(found)
    yield Line(name=_("All"), cells=_cells(found, answer.whole, answer.compared, scope), people=_people(found, scope))
    parts: dict[date | str, list[Row]] = {}
    for pair in answer.pairs:
        parts.setdefault(pair.key, []).append(pair)
    for n, row in enumerate(answer.rows):
        if answer.is_to_come(row):
            continue
        here = _narrowed(scope, ask.by, row.key)
        other = answer.compared_rows[n] if n < len(answer.compared_rows) else None
        yield Line(
            name=found.name(row.key, ask.by),
            cells=_cells(found, row, other, here),
            people=_people(found, here),
            is_open=not row.is_complete,
        )
        for pair in parts.get(row.key, ())[:most]:
            inside = _narrowed(here, ask.then, pair.then) if here else None
            cells = _cells(found, pair, None, inside)
            is_open = row.is_complete and not pair.is_complete
            kept = _people(found, inside)
            yield Line(name=found.name(pair.then, ask.then), cells=cells, people=kept, is_part=True, is_open=is_open)
        rest = len(parts.get(row.key, ())) - most if most else 0
        if rest > 0:
            yield Line(name=_("and %(n)s more") % {"n": rest}, is_part=True, rest=rest, address=_alone(ask, here))


def parts_shown(found: Found) -> int:
    """How many parts of each cell the table has room for: all if they fit; none if too few to say anything would."""
    rows, parts = len(found.answer.rows), len(found.answer.pairs)
    if rows + parts <= MOST_LINES:
        return parts
    most = MOST_LINES // rows - 1
    return most if most >= LEAST_PARTS else 0


def _alone(ask: Ask, here: Scope | None) -> str:
    """The address of one cell's parts; an hour has none."""
    if here is None or ask.by is Cut.HOUR:
        return ""
    return f"{reverse('console:explorer')}?{here.query(**replace(ask, by=ask.then, then=None).pairs())}"


def chart_of(found: Found, scope: Scope) -> charts.Spec | None:
    """The first metric as a chart; None if there is nothing to draw."""
    ask, answer = found.ask, found.answer
    if not found.shown or ask.by is None or not answer.rows:
        return None
    metric = found.shown[0]
    name = metric.name(words.language())
    if ask.then and ask.by.step:
        return _lines(found, scope, metric)
    if ask.by.step:
        return cockpit.line_chart(answer, metric.key, scope, title=name)
    said = charts.Words(title=name, subtitle=cockpit.subtitle(metric.key, scope, answer), language=words.language())
    bars = [
        charts.Bar(
            name=found.name(row.key, ask.by),
            size=cockpit.drawn(row.of(metric.key)) or 0.0,
            said=figures.short(row.of(metric.key)),
        )
        for row in answer.rows[:MOST_BARS]
    ]
    return charts.bars(bars, words=said, name=name)


def file_of(found: Found, scope: Scope) -> Table:
    """The table as a file: a column for each cut, a row for each cell, the whole first."""
    ask, answer = found.ask, found.answer
    cuts = [cut for cut in (ask.by, ask.then) if cut]
    heads = [str(words.CUTS[cut]) for cut in cuts] + [_head(metric, scope) for metric in found.shown]
    rows = answer.pairs if ask.then else [row for row in answer.rows if not answer.is_to_come(row)]
    lines_of = [(_("All"), *[""] * (len(cuts) - 1)) if cuts else (), *(_keys(found, row, cuts) for row in rows)]
    return Table(
        name=f"explorer-{scope.shop.code}-{scope.period.start}-{scope.period.last}",
        heads=tuple(heads),
        rows=[
            (*keys, *(figures.plain(row.of(metric.key)) for metric in found.shown))
            for keys, row in zip(lines_of, (answer.whole, *rows), strict=True)
        ],
    )


def definitions(found: Found) -> Iterator[tuple[Metric, str, str]]:
    """Each metric with its meaning and what it leaves out."""
    for metric in found.shown:
        yield metric, metric.words(words.language()), metric.left_out(words.language())


def counted_from(answer: Answer) -> str:
    """In words, which tables the answer was counted from."""
    tables = _(", ").join(answer.daily_tables)
    return _("Counted from the daily tables %(tables)s.") % {"tables": tables} if tables else ""


def choices(scope: Scope) -> Iterator[tuple[Cut, str, list[tuple[str, str]]]]:
    """The cuts that can be filtered by, each with the values that there are in the period."""
    for cut in FILTERABLE:
        if cut is Cut.SKU:
            continue
        key = "goods_paid" if cut is Cut.CATEGORY else "orders_placed"
        answer = metrics.query(scope.shop.code, [key], scope.period, by=cut, limit=MOST_CELLS, at=scope.at)
        values = sorted({str(row.key) for row in answer.rows} | set(scope.where.by_cut().get(cut, ())))
        yield cut, str(words.CUTS[cut]), [(value, words.cell(cut, value)) for value in values]


def _cut(said: str, scope: Scope) -> Cut | None:
    if said not in tuple(Cut) or (said == Cut.HOUR and not hours_fit(scope)):
        return None
    return Cut(said)


def _cells(found: Found, row: Row, other: Row | None, scope: Scope | None) -> tuple[Cell, ...]:
    return tuple(
        Cell(
            figure=row.of(metric.key),
            change=figures.change(row.of(metric.key), other.get(metric.key)) if other and row.is_complete else None,
            address=_behind(metric, scope, found.ask),
        )
        for metric in found.shown
    )


def _people(found: Found, scope: Scope | None) -> str:
    """Where the people behind the first figure of a row can be kept; an hour has no people of its own."""
    if scope is None or found.ask.only or Cut.HOUR in (found.ask.by, found.ask.then):
        return ""
    return bars.address(found.shown[0], scope) if found.shown else ""


def _behind(metric: Metric, scope: Scope | None, ask: Ask) -> str:
    """Where the rows behind a figure stand: its orders, or the metric by itself."""
    if scope is None or ask.only:
        return ""
    if metric.evidence:
        return f"{reverse('console:orders')}?{scope.query(number=metric.key)}"
    return f"{reverse('console:number', args=[metric.key])}?{scope.query()}"


def _narrowed(scope: Scope, cut: Cut | None, key: date | str) -> Scope | None:
    """The scope of one cell; an hour opens its day. None if an address cannot say it."""
    if cut is None or cut in (Cut.NEWNESS, Cut.SEGMENT):
        return None
    if cut.step is None:
        return scope.only(cut, str(key))
    start = cockpit.day_of_cell(key, scope.today)
    return scope.on(Period(start, rules.after(start, cut.step)))


def _lines(found: Found, scope: Scope, metric: Metric) -> charts.Spec:
    """The largest parts over time; beyond six no eye keeps them apart."""
    ask, answer = found.ask, found.answer
    step = ask.by.step if ask.by and ask.by.step else rules.Step.DAY
    pairs = {(row.key, row.then): row.of(metric.key) for row in answer.pairs}
    nothing = Figure(metric=metric.key, currency=scope.shop.currency, numerator=0)
    empty = nothing if not metric.denominator else None
    places = [
        Place(
            at=cockpit.dial(row.key, scope.today),
            series=series,
            name=found.name(part.then, ask.then),
            size=None if figure is None or answer.is_to_come(row) else cockpit.drawn(figure),
            when=cockpit.cell_words(row.key, step),
            said=figures.full(figure),
            is_open=not row.is_complete,
        )
        for series, part in enumerate(answer.seconds[:MOST_SERIES])
        for row in answer.rows
        for figure in (pairs.get((row.key, part.then), empty),)
    ]
    name = metric.name(words.language())
    title = _("%(name)s by %(cut)s") % {"name": name, "cut": str(words.CUTS[ask.then or Cut.DAY]).lower()}
    said = charts.Words(title=title, subtitle=cockpit.subtitle(metric.key, scope, answer), language=words.language())
    return lines(places, words=said, step=step, name=name)


def _head(metric: Metric, scope: Scope) -> str:
    unit = scope.shop.currency if metric.unit is Unit.MONEY else str(_UNITS.get(metric.unit, ""))
    name = metric.name(words.language())
    return _("%(name)s (%(unit)s)") % {"name": name, "unit": unit} if unit else name


def _keys(found: Found, row: Row, cuts: Sequence[Cut]) -> tuple[FileCell, ...]:
    keys = (row.key, row.then)[: len(cuts)]
    return tuple(
        key if isinstance(key, date) and cut is not Cut.HOUR else found.name(key, cut)
        for key, cut in zip(keys, cuts, strict=True)
    )
