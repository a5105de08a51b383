"""What stands on a board: each tile asked as its own page would ask it, as a card, a chart, a table and a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _

from zhanggui.doors.console import board_analyses as analyses
from zhanggui.doors.console import charts, cockpit, exploring, figures, words
from zhanggui.doors.console.cockpit import Part
from zhanggui.doors.console.exporting import Cell as FileCell
from zhanggui.doors.console.exporting import Table
from zhanggui.doors.console.scope import Scope
from zhanggui.doors.console.tiling import MOST_LINES, Cell, Grid, Line, Shown
from zhanggui.insight.boards.rules import Asked, Kind, Tile, narrowed
from zhanggui.insight.funnels.errors import FunnelUnfit
from zhanggui.insight.metrics import queries as metrics
from zhanggui.insight.metrics import rules
from zhanggui.insight.metrics.rules import Answer, Cut, Figure, Filters, Metric, Period
from zhanggui.insight.retention.errors import RetentionUnfit
from zhanggui.insight.segments.errors import TermsUnfit

MOST_BARS: Final = 12
_TREND_OF_A_DAY: Final = timedelta(days=14)


def shown(tiles: Sequence[Tile], scope: Scope) -> tuple[Shown, ...]:
    """The tiles of a board in a scope, in their order; numbers with the same filters are counted together."""
    numbers = _numbers(tiles, scope)
    return tuple(_shown(tile, scope, numbers) for tile in tiles)


def title_of(asked: Asked) -> str:
    """What a tile is called if nobody gave it a title."""
    names = _(", ").join(_name(key) for key in asked.keys)
    cut = str(words.CUTS[Cut(asked.by)]).lower() if asked.by in tuple(Cut) else ""
    match asked.kind:
        case Kind.FUNNEL:
            return _("Funnel")
        case Kind.RETENTION:
            return _("Retention")
        case Kind.BARS | Kind.QUESTION if cut:
            return _("%(name)s by %(cut)s") % {"name": names, "cut": cut}
        case _:
            return names


def filter_words(where: Filters) -> Iterator[str]:
    """What only is counted, a sentence for each cut."""
    for cut, values in where.by_cut().items():
        said = _(", ").join(words.cell(cut, value) for value in values)
        yield _("%(cut)s is %(values)s") % {"cut": str(words.CUTS[cut]), "values": said}


def _shown(tile: Tile, scope: Scope, numbers: dict[Filters, Answer]) -> Shown:
    asked = tile.asked
    found = Shown(
        tile=tile,
        title=asked.title or title_of(asked),
        says=words.span(scope.period),
        filters=tuple(filter_words(asked.where)),
    )
    where = narrowed(asked.where, scope.where)
    if where is None:
        return replace(found, why_not=_("The filters of the page leave nothing of this tile."))
    inside = replace(scope, where=where)
    try:
        return _asked(found, inside, numbers)
    except (FunnelUnfit, RetentionUnfit, TermsUnfit):
        return replace(found, why_not=_("What this tile asks can no longer be counted. Remove it, or add it anew."))


def _asked(found: Shown, scope: Scope, numbers: dict[Filters, Answer]) -> Shown:
    match found.kind:
        case Kind.NUMBER:
            return _number(found, scope, numbers.get(scope.where))
        case Kind.LINE:
            return _line(found, scope)
        case Kind.BARS:
            return _bars(found, scope)
        case Kind.QUESTION:
            return analyses.question(found, scope)
        case Kind.FUNNEL:
            return analyses.funnel(found, scope)
        case Kind.RETENTION:
            return analyses.cohorts(found, scope)


def _numbers(tiles: Sequence[Tile], scope: Scope) -> dict[Filters, Answer]:
    """One question for all numbers that look at the same."""
    keys: dict[Filters, list[str]] = {}
    for tile in tiles:
        where = narrowed(tile.asked.where, scope.where)
        if tile.asked.kind is Kind.NUMBER and where is not None:
            keys.setdefault(where, []).extend(key for key in tile.asked.keys if rules.can_answer(key, where=where))
    by = Cut(rules.step_for(scope.period))
    return {
        where: metrics.query(
            scope.shop.code,
            tuple(dict.fromkeys(some)),
            scope.period,
            by=by,
            where=where,
            compare=scope.compare,
            at=scope.at,
        )
        for where, some in keys.items()
        if some
    }


def _number(found: Shown, scope: Scope, answer: Answer | None) -> Shown:
    (key,) = found.tile.asked.keys
    metric = rules.metric(key)
    if answer is None or key not in answer.question.metrics:
        return replace(_about(found, metric, scope), why_not=figures.lack(key))
    (card,) = figures.cards(answer, (key,), trend=answer.rows)
    heads = (_("Number"), words.span(scope.period), _("Before"))
    row: tuple[FileCell, ...] = (card.name, figures.plain(card.figure), figures.plain(card.before))
    file = Table(name=found.title, heads=heads, rows=[row])
    behind = f"{reverse('console:orders')}?{scope.query(number=key)}" if metric.evidence else ""
    return replace(_about(found, metric, scope), card=card, behind=behind, file=file)


def _line(found: Shown, scope: Scope) -> Shown:
    (key,), said = found.tile.asked.keys, found.tile.asked.by
    metric = rules.metric(key)
    if scope.period.days == 1 and said != Cut.HOUR:
        # One day is no line: the days before it are shown with it.
        scope = replace(scope, preset=None, period=Period(scope.period.end - _TREND_OF_A_DAY, scope.period.end))
    by = Cut(said) if said in tuple(Cut) else Cut(rules.step_for(scope.period))
    if by is Cut.HOUR and not exploring.hours_fit(scope):
        by = Cut.DAY
    if not rules.can_answer(key, by=by, where=scope.where):
        return replace(_about(found, metric, scope, by=by), why_not=figures.lack(key))
    answer = metrics.query(
        scope.shop.code, [key], scope.period, by=by, where=scope.where, compare=scope.compare, at=scope.at
    )
    chart = cockpit.line_chart(answer, key, scope, title=found.title)
    parts = list(cockpit.times(answer, scope, by.step or rules.Step.DAY))
    file = _file_of(found.title, answer, metric, scope, by)
    return replace(
        _about(found, metric, scope, by=by),
        says=cockpit.subtitle(key, scope, answer),
        chart=chart,
        grid=_grid(parts, metric, by, most=len(parts)),
        file=file,
    )


def _bars(found: Shown, scope: Scope) -> Shown:
    (key,), by = found.tile.asked.keys, Cut(found.tile.asked.by)
    metric = rules.metric(key)
    if not rules.can_answer(key, by=by, where=scope.where):
        return replace(_about(found, metric, scope, by=by), why_not=figures.lack(key))
    answer = metrics.query(
        scope.shop.code,
        [key],
        scope.period,
        by=by,
        where=scope.where,
        compare=scope.compare,
        limit=exploring.MOST_CELLS,
        at=scope.at,
    )
    skus = [str(row.key) for row in answer.rows] if by is Cut.SKU else []
    parts = list(cockpit.parts(answer, scope, by, listings=tuple(metrics.listings(scope.shop.code, skus).values())))
    drawn = [
        charts.Bar(name=part.name, size=cockpit.drawn(part.figures[0]) or 0.0, said=figures.short(part.figures[0]))
        for part in parts[:MOST_BARS]
        if part.figures and part.scope
    ]
    said = charts.Words(title=found.title, subtitle=cockpit.subtitle(key, scope, answer), language=words.language())
    return replace(
        _about(found, metric, scope, by=by),
        says=said.subtitle,
        chart=charts.bars(drawn, words=said, name=_name(key)) if drawn else None,
        grid=_grid(parts, metric, by, most=MOST_LINES),
        has_more=len(parts) > MOST_LINES,
        file=_file_of(found.title, answer, metric, scope, by),
    )


def _about(found: Shown, metric: Metric, scope: Scope, *, by: Cut | None = None) -> Shown:
    """With the meaning of its metric and the page on which it stands by itself."""
    more = {"by": by.value} if by else {}
    return replace(
        found,
        means=f"{metric.words(words.language())} {metric.key} = {metric.formula}",
        address=f"{reverse('console:number', args=[metric.key])}?{scope.query(**more)}",
    )


def _grid(parts: Sequence[Part], metric: Metric, by: Cut, *, most: int) -> Grid:
    name = (metric.name(words.language()), metric.words(words.language()))
    return Grid(
        first=str(words.CUTS[by]),
        heads=(name,),
        lines=tuple(
            Line(
                name=part.name,
                cells=tuple(
                    Cell(said=figures.full(figure), change=part.change, address=_behind(metric, part))
                    for figure in part.figures[:1]
                ),
                bar=part.bar,
                is_open=part.is_open,
            )
            for part in parts[:most]
        ),
    )


def _behind(metric: Metric, part: Part) -> str:
    """Where the rows behind a figure stand: its orders, or the metric by itself."""
    if part.scope is None:
        return ""
    if metric.evidence:
        return f"{reverse('console:orders')}?{part.scope.query(number=metric.key)}"
    return f"{reverse('console:number', args=[metric.key])}?{part.scope.query()}"


def _file_of(title: str, answer: Answer, metric: Metric, scope: Scope, by: Cut) -> Table:
    """The same cells as a file, with those of the other period beside."""
    ask = exploring.Ask(keys=(metric.key,), by=by, then=None, only=None, is_near=False)
    skus = [str(row.key) for row in answer.rows] if by is Cut.SKU else []
    found = exploring.Found(
        ask=ask,
        answer=answer,
        shown=(metric,),
        left_out=(),
        listings=metrics.listings(scope.shop.code, skus),
    )
    table = exploring.file_of(found, scope)
    if not scope.compare or answer.compared is None:
        return replace(table, name=title)
    others: list[Figure | None] = [answer.compared.get(metric.key)]
    others += [row.get(metric.key) for row in answer.compared_rows]
    others += [None] * (len(table.rows) - len(others))
    rows = [(*row, figures.plain(other)) for row, other in zip(table.rows, others, strict=False)]
    return Table(name=title, heads=(*table.heads, _("Before")), rows=rows)


def _name(key: str) -> str:
    return rules.metric(key).name(words.language())
