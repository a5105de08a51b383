"""The dictionary of numbers, and one number cut in every way it can be."""

from __future__ import annotations

from typing import Final

from django.http import Http404, HttpResponse

from zhanggui.base.accounts.rules import Right
from zhanggui.doors.console import charts, cockpit, figures, words
from zhanggui.doors.console.gate import ConsoleRequest, page, show
from zhanggui.insight.metrics import queries as metrics
from zhanggui.insight.metrics import rules
from zhanggui.insight.metrics.rules import Answer, Cut, Metric

MOST_ROWS: Final = 200
MOST_BARS: Final = 12
# The explorer has the rest.
_CUTS: Final = tuple(cut for cut in Cut if cut not in (Cut.HOUR, Cut.NEWNESS, Cut.SEGMENT))


@page(Right.SEE_NUMBERS)
def numbers(request: ConsoleRequest) -> HttpResponse:
    """Every metric with its meaning and its figure in this scope."""
    scope = request.scope
    keys = [key for key in rules.METRICS if rules.can_answer(key, where=scope.where)]
    answer = metrics.query(
        scope.shop.code, keys or ["goods_paid"], scope.period, where=scope.where, compare=scope.compare, at=scope.at
    )
    return show(request, "console/numbers.html", cards=figures.cards(answer, tuple(rules.METRICS)))


@page(Right.SEE_NUMBERS)
def number(request: ConsoleRequest, key: str) -> HttpResponse:
    """One metric, over time or by region, channel, device, product, category."""
    metric = rules.METRICS.get(key)
    if metric is None:
        raise Http404("no such metric")
    scope = request.scope
    by = _cut(request.GET.get("by", "")) or Cut(rules.step_for(scope.period))
    is_said = rules.can_answer(key, by=by, where=scope.where)
    answer = _answer(request, metric, by) if is_said else None
    return show(
        request,
        "console/number.html",
        metric=metric,
        by=by,
        cuts=[(cut, words.CUTS[cut], rules.can_answer(key, by=cut, where=scope.where)) for cut in _CUTS],
        why_not=figures.lack(key),
        card=figures.cards(answer, (key,))[0] if answer else None,
        answer=answer,
        chart=_chart(request, answer, metric, by) if answer else None,
        rows=_rows(request, answer, by) if answer else (),
        then=Cut.REGION if by.step else "",
    )


def _cut(said: str) -> Cut | None:
    return Cut(said) if said in _CUTS else None


def _answer(request: ConsoleRequest, metric: Metric, by: Cut) -> Answer:
    scope = request.scope
    return metrics.query(
        scope.shop.code,
        [metric.key],
        scope.period,
        by=by,
        where=scope.where,
        compare=scope.compare,
        limit=MOST_ROWS,
        at=scope.at,
    )


def _rows(request: ConsoleRequest, answer: Answer, by: Cut) -> tuple[cockpit.Part, ...]:
    if by.step:
        return tuple(cockpit.times(answer, request.scope, by.step))
    listings = _listings(request, answer) if by is Cut.SKU else ()
    return tuple(cockpit.parts(answer, request.scope, by, listings=listings))


def _listings(request: ConsoleRequest, answer: Answer) -> tuple[metrics.Listing, ...]:
    return tuple(metrics.listings(request.scope.shop.code, [str(row.key) for row in answer.rows]).values())


def _chart(request: ConsoleRequest, answer: Answer, metric: Metric, by: Cut) -> charts.Spec:
    scope, name = request.scope, metric.name(words.language())
    if by.step:
        return cockpit.line_chart(answer, metric.key, scope, title=name)
    said = charts.Words(title=name, subtitle=cockpit.subtitle(metric.key, scope, answer), language=words.language())
    shown = _rows(request, answer, by)[:MOST_BARS]
    parts = [
        charts.Bar(name=part.name, size=cockpit.drawn(part.figures[0]) or 0.0, said=figures.short(part.figures[0]))
        for part in shown
        if part.figures and part.scope
    ]
    return charts.bars(parts, words=said, name=name)
