"""The explorer: any numbers, cut one or two ways, as a chart, a table and a file; its address is the link to share."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from zhanggui.base.accounts.rules import Right
from zhanggui.doors.console import exploring, words
from zhanggui.doors.console.exporting import download
from zhanggui.doors.console.gate import ConsoleRequest, page, show
from zhanggui.doors.console.scope import Scope
from zhanggui.insight.metrics import queries as metrics
from zhanggui.insight.metrics import rules
from zhanggui.insight.metrics.rules import FILTERABLE, Cut, Metric, Owner
from zhanggui.insight.segments import queries as segments

# What a filter's field says for "all of them": an empty value means those of which nothing is known.
ALL: Final = "*"


@require_safe
@page(Right.SEE_NUMBERS)
def explorer(request: ConsoleRequest) -> HttpResponse:
    """Any numbers by any one or two cuts."""
    scope = request.scope
    if "pick" in request.GET:
        return _settled(request)
    if scope.days is None:
        return show(request, "console/explorer.html", is_empty=True)
    ask = exploring.ask_of(request.GET, scope)
    found = exploring.found_for(ask, scope)
    return show(
        request,
        "console/explorer.html",
        ask=ask,
        found=found,
        lines=tuple(exploring.table_of(found, scope)),
        hidden=0 if exploring.parts_shown(found) else len(found.answer.pairs),
        chart=exploring.chart_of(found, scope),
        definitions=tuple(exploring.definitions(found)),
        counted_from=exploring.counted_from(found.answer),
        silent=metrics.silent(scope.shop.code),
        groups=_groups(),
        cuts=[(cut, words.CUTS[cut]) for cut in Cut if cut is not Cut.HOUR or exploring.hours_fit(scope)],
        choices=tuple(_choices(scope)),
        all=ALL,
        segments=segments.segments(scope.shop.code)[: exploring.MOST_CROWDS],
        share=f"{reverse('console:explorer')}?{scope.query(**ask.pairs())}",
        files=f"{scope.query(**ask.pairs())}",
        most=exploring.MOST_CELLS,
        may_export=request.operator.may(Right.EXPORT),
    )


@require_safe
@page(Right.EXPORT)
def explorer_file(request: ConsoleRequest, form: str) -> HttpResponse:
    """The table of the page as a file."""
    found = exploring.found_for(exploring.ask_of(request.GET, request.scope), request.scope)
    return download(exploring.file_of(found, request.scope), form=form)


def _settled(request: ConsoleRequest) -> HttpResponse:
    """From the fields of the form to the one address that says the same."""
    scope, query = request.scope, request.GET
    where = scope.where
    for cut in FILTERABLE:
        said = query.get(f"f_{cut}", ALL)
        where = replace(where, **{cut.value: () if said == ALL or (cut is Cut.SKU and not said) else (said.strip(),)})
    scope = replace(scope, where=where)
    ask = exploring.ask_of(query, scope)
    return HttpResponseRedirect(f"{reverse('console:explorer')}?{scope.query(**ask.pairs())}")


def _groups() -> list[tuple[str, list[Metric]]]:
    """The metrics to choose from, by who answers for them."""
    return [
        (str(words.OWNERS[owner]), some)
        for owner in Owner
        if (some := [one for one in rules.METRICS.values() if one.owner is owner])
    ]


def _choices(scope: Scope) -> list[tuple[str, str, list[tuple[str, str]], str]]:
    """Each filter with its values, and the one that is chosen."""
    chosen = scope.where.by_cut()
    return [
        (cut.value, name, values, chosen[cut][0] if cut in chosen else ALL)
        for cut, name, values in exploring.choices(scope)
    ]
