"""Cohorts: who came back after how long, and what they paid."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from zhanggui.base import clock
from zhanggui.base.accounts.rules import Right
from zhanggui.doors.console import cohort_words, retaining, words
from zhanggui.doors.console.exporting import download
from zhanggui.doors.console.gate import ConsoleRequest, page, show
from zhanggui.insight.funnels import queries as funnels
from zhanggui.insight.retention import queries
from zhanggui.insight.retention.errors import RetentionUnfit
from zhanggui.insight.retention.rules import Begin, Question, Return, filterable


@require_safe
@page(Right.SEE_NUMBERS)
def retention(request: ConsoleRequest) -> HttpResponse:
    """A table of cohorts of this period, and how many came back on the first, seventh and thirtieth day."""
    scope = request.scope
    if scope.days is None:
        return show(request, "console/retention/table.html", is_empty=True)
    asked = _asked(request)
    try:
        question = retaining.question_of(asked, scope)
    except RetentionUnfit:
        return _show(request, why_not=_("Say which event it is about."), asked=asked)
    shown, way = retaining.shown_of(asked, question), retaining.way_of(asked)
    answer = queries.ask(scope.shop.code, question, at=scope.at)
    by_days = question if retaining.has_head(question) else retaining.by_days(question)
    pairs = list(retaining.pairs_of(question, way, shown))
    return _show(
        request,
        asked={name: str(value) for name, value in pairs},
        pairs=pairs,
        query=urlencode(pairs),
        question=question,
        is_money=question.back is Return.ORDER,
        head=retaining.head(queries.ask(scope.shop.code, by_days, at=scope.at)),
        columns=[cohort_words.column(column, question.step) for column in question.columns],
        rows=retaining.rows(answer, scope, shown=shown),
        finding=retaining.finding(answer),
        begin=cohort_words.begin(question),
        unheard=words.cuts(scope.unheard(filterable(question.begin))),
        back=cohort_words.back(question),
        may_export=request.operator.may(Right.EXPORT),
    )


@require_safe
@page(Right.SEE_NUMBERS)
def retention_cell(request: ConsoleRequest) -> HttpResponse:
    """The people of a cell: on to where they can be kept."""
    scope = request.scope
    source = retaining.source_of(
        _question(request), request.GET.get("cell", ""), today=clock.day_of(scope.at, scope.shop.zone)
    )
    if source is None:
        raise Http404("no such cell")
    query = scope.query(kind=source.kind, terms=json.dumps(source.terms, separators=(",", ":")))
    return HttpResponseRedirect(f"{reverse('console:segment_new')}?{query}")


@require_safe
@page(Right.EXPORT)
def retention_file(request: ConsoleRequest, form: str) -> HttpResponse:
    """The same table as a file."""
    scope, question = request.scope, _question(request)
    answer = queries.ask(scope.shop.code, question, at=scope.at)
    return download(retaining.table(answer, scope, shown=retaining.shown_of(request.GET.dict(), question)), form=form)


def _question(request: ConsoleRequest) -> Question:
    try:
        return retaining.question_of(_asked(request), request.scope)
    except RetentionUnfit as unfit:
        raise Http404("no such table") from unfit


def _asked(request: ConsoleRequest) -> dict[str, str]:
    """What the address asks; of a shop whose visitors nobody knows, who orders again."""
    asked = request.GET.dict()
    happened = [event for event, _count in _events(request)]
    if "begin" in asked or not happened or not all("." in event for event in happened):
        return asked
    return {"begin": Begin.FIRST_ORDER.value, "back": Return.ORDER.value, **asked}


def _events(request: ConsoleRequest) -> Sequence[tuple[str, int]]:
    period = request.scope.period
    return funnels.events(request.scope.shop.code, (period.start, period.end))


def _show(request: ConsoleRequest, **said: Any) -> HttpResponse:
    return show(
        request,
        "console/retention/table.html",
        events=[(event, words.event(event)) for event, _count in _events(request)],
        begins=cohort_words.BEGINS.items(),
        returns=cohort_words.RETURNS.items(),
        steps=cohort_words.STEPS.items(),
        splits=cohort_words.SPLITS.items(),
        ways=retaining.WAYS.items(),
        showns=retaining.SHOWN.items(),
        **said,
    )
