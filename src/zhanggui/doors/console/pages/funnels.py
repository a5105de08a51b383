"""The funnel: its editor, its bars, who was lost where."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from zhanggui.base.accounts.rules import Right
from zhanggui.doors.console import funnel_contrasts, funnel_words, funnelling, words
from zhanggui.doors.console.exporting import download
from zhanggui.doors.console.gate import ConsoleRequest, page, show
from zhanggui.insight.funnels import queries
from zhanggui.insight.funnels.errors import FunnelUnfit
from zhanggui.insight.funnels.rules import OF_STEPS, Question


@require_safe
@page(Right.SEE_NUMBERS)
def funnel(request: ConsoleRequest) -> HttpResponse:
    """A funnel of this period: the one that the address names, or that of a purchase."""
    scope = request.scope
    events = _events(request)
    try:
        question = funnelling.question_of(request.GET.dict(), scope, funnelling.usual_steps(events))
    except FunnelUnfit as unfit:
        rows = [row for row in funnelling.rows_of(request.GET.dict()) if row.place < 3 or row.event]
        return _show(request, events, rows=rows, why_not=funnelling.refusal(unfit) if events else "")
    answer = queries.ask(scope.shop.code, question, at=scope.at)
    shown = funnelling.bars(answer)
    return _show(
        request,
        events,
        rows=funnelling.editor(question.funnel),
        question=question,
        answer=answer,
        bars=shown,
        parts=funnelling.parts(answer),
        apart=funnel_contrasts.apart(answer),
        finding=funnelling.finding(answer, shown),
        whole=funnel_words.took(answer.whole.median) if answer.whole else "",
        window=funnel_words.window(question.funnel.window_minutes),
        note=funnel_words.KIND_NOTES[question.funnel.kind],
        query=_query(question),
        unheard=words.cuts(scope.unheard(OF_STEPS)),
        may_export=request.operator.may(Right.EXPORT),
    )


@require_safe
@page(Right.EXPORT)
def funnel_file(request: ConsoleRequest, form: str) -> HttpResponse:
    """The same figures as a file."""
    scope = request.scope
    try:
        question = funnelling.question_of(request.GET.dict(), scope, funnelling.usual_steps(_events(request)))
    except FunnelUnfit as unfit:
        return HttpResponse(funnelling.refusal(unfit), status=400, content_type="text/plain; charset=utf-8")
    return download(funnelling.table(queries.ask(scope.shop.code, question, at=scope.at), scope), form=form)


def _show(request: ConsoleRequest, events: tuple[tuple[str, int], ...], **said: Any) -> HttpResponse:
    names = [event for event, _count in events]
    journey = funnelling.journey_of(events, request.scope)
    return show(
        request,
        "console/funnels/funnel.html",
        events=[(event, words.event(event)) for event in names],
        kinds=funnel_words.KINDS.items(),
        units=funnel_words.UNITS.items(),
        splits=funnel_words.SPLITS.items(),
        journey=_query(journey) if journey else "",
        windows=[(minutes, funnel_words.window(minutes)) for minutes in funnelling.WINDOWS],
        **said,
    )


def _events(request: ConsoleRequest) -> tuple[tuple[str, int], ...]:
    period = request.scope.period
    return queries.events(request.scope.shop.code, (period.start, period.end))


def _query(question: Question) -> str:
    return urlencode(list(funnelling.pairs_of(question)))
