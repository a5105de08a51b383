"""Tiles that show what the page of an analysis shows: a question of the explorer, a funnel, a table of cohorts."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from zhanggui.base.look import formats
from zhanggui.doors.console import cohort_words, exploring, figures, funnelling, retaining, words
from zhanggui.doors.console.scope import Scope
from zhanggui.doors.console.tiling import MOST_LINES, Cell, Grid, Line, Shown
from zhanggui.insight.funnels import queries as funnels
from zhanggui.insight.retention import queries as retention


def question(found: Shown, scope: Scope) -> Shown:
    """What the explorer answers."""
    query = QueryDict(urlencode(found.tile.asked.pairs))
    ask = exploring.ask_of(query, scope)
    address = f"{reverse('console:explorer')}?{scope.query(**ask.pairs())}"
    if query.get("only", "") and ask.only is None:
        return replace(found, address=address, why_not=_("The segment that this tile is about is gone."))
    answer = exploring.found_for(ask, scope)
    if not answer.shown:
        return replace(found, address=address, why_not=figures.lack(ask.keys[0]))
    lines = list(exploring.table_of(answer, scope))
    grid = Grid(
        first=str(words.CUTS[ask.by]) if ask.by else "",
        heads=tuple((metric.name(words.language()), metric.words(words.language())) for metric in answer.shown),
        lines=tuple(
            Line(
                name=line.name,
                cells=tuple(
                    Cell(said=figures.full(cell.figure), change=cell.change, address=cell.address)
                    for cell in line.cells
                ),
                is_open=line.is_open,
            )
            for line in lines[: MOST_LINES + 1]
        ),
    )
    return replace(
        found,
        says=_(", ").join([found.says, *([ask.only.name] if ask.only else [])]),
        address=address,
        chart=exploring.chart_of(answer, scope),
        grid=grid,
        has_more=len(lines) > MOST_LINES + 1,
        file=replace(exploring.file_of(answer, scope), name=found.title),
    )


def funnel(found: Shown, scope: Scope) -> Shown:
    """The steps of a funnel.

    refuses  FunnelUnfit
    """
    asked = dict(found.tile.asked.pairs)
    events = funnels.events(scope.shop.code, (scope.period.start, scope.period.end))
    question = funnelling.question_of(asked, scope, funnelling.usual_steps(events))
    address = f"{reverse('console:funnel')}?{scope.query()}&{urlencode(list(funnelling.pairs_of(question)))}"
    answer = funnels.ask(scope.shop.code, question, at=scope.at)
    bars = funnelling.bars(answer)
    grid = Grid(
        first=_("Step"),
        heads=((_("Count"), ""), (_("Of the first step"), ""), (_("Of the step before"), "")),
        lines=tuple(
            Line(
                name=bar.name,
                bar=bar.width,
                cells=(
                    Cell(said=formats.number(bar.count, language=words.language())),
                    Cell(said=_percent(bar.share)),
                    Cell(said=_percent(bar.of_before)),
                ),
            )
            for bar in bars
        ),
    )
    return replace(
        found,
        says=_("%(span)s. %(finding)s") % {"span": found.says, "finding": funnelling.finding(answer, bars)},
        address=address,
        grid=grid,
        file=replace(funnelling.table(answer, scope), name=found.title),
    )


def cohorts(found: Shown, scope: Scope) -> Shown:
    """The latest rows of a table of cohorts.

    refuses  RetentionUnfit
    """
    asked = dict(found.tile.asked.pairs)
    question = retaining.question_of(asked, scope)
    way, what = retaining.way_of(asked), retaining.shown_of(asked, question)
    pairs = urlencode(list(retaining.pairs_of(question, way, what)))
    answer = retention.ask(scope.shop.code, question, at=scope.at)
    rows = retaining.rows(answer, scope, shown=what)
    # The whole stands first; of the cohorts the latest are the news.
    few = (*rows[:1], *rows[1:][-MOST_LINES:])
    grid = Grid(
        first=_("Cohort"),
        heads=(
            (_("People"), ""),
            *((cohort_words.column(column, question.step), "") for column in question.columns),
        ),
        lines=tuple(
            Line(
                name=row.name,
                cells=(
                    Cell(said=formats.number(row.people, language=words.language())),
                    *(Cell(said=(cell.said + ("…" if cell.is_open else "")) if cell else "") for cell in row.cells),
                ),
            )
            for row in few
        ),
    )
    return replace(
        found,
        says=_("%(span)s. %(finding)s") % {"span": found.says, "finding": retaining.finding(answer)},
        address=f"{reverse('console:retention')}?{scope.query()}&{pairs}",
        grid=grid,
        has_more=len(few) < len(rows),
        file=replace(retaining.table(answer, scope, shown=what), name=found.title),
    )


def _percent(share: Decimal | None) -> str:
    return "—" if share is None else formats.percent(share, language=words.language())
