"""What is out of the ordinary, a number in the band of what is normal for it, and the days that are known to differ."""

from __future__ import annotations

from datetime import date
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from zhanggui.base.accounts.rules import Right
from zhanggui.base.shops.rules import ShopKind
from zhanggui.doors.console import deviations as shown
from zhanggui.doors.console.exporting import download
from zhanggui.doors.console.gate import ConsoleRequest, page, show
from zhanggui.insight.alerts import actions, queries
from zhanggui.insight.alerts.errors import KnownDayUnfit, NoSuchKnownDay
from zhanggui.insight.alerts.queries import Judged
from zhanggui.insight.alerts.rules import Place
from zhanggui.insight.metrics.rules import METRICS, Cut, can_answer

PER_PAGE: Final = 100


@require_safe
@page(Right.SEE_NUMBERS)
def deviations(request: ConsoleRequest) -> HttpResponse:
    """What lay outside its band in the period, the latest day first, and the days that are known to differ."""
    scope = request.scope
    found, count = queries.deviations(scope.shop.code, scope.period, limit=PER_PAGE)
    return show(
        request,
        "console/deviations.html",
        is_own=scope.shop.kind is ShopKind.OWN,
        found=[shown.found(one, scope) for one in found],
        count=count,
        looked=queries.looked_in(scope.shop.code, scope.period),
        is_watched=queries.looked(scope.shop.code) is not None,
        known=queries.known_in(scope.shop.code, scope.period.start, scope.period.last),
        may_set=request.operator.may(Right.SET_TERMS),
        may_export=request.operator.may(Right.EXPORT),
    )


@require_safe
@page(Right.EXPORT)
def deviations_file(request: ConsoleRequest, form: str) -> HttpResponse:
    """The same list as a file."""
    scope = request.scope
    found, _count = queries.deviations(scope.shop.code, scope.period, limit=PER_PAGE)
    return download(shown.table(found, scope), form=form)


@require_safe
@page(Right.SEE_NUMBERS)
def normal(request: ConsoleRequest, key: str) -> HttpResponse:
    """A number by day in its band, of the whole shop or of one cell."""
    scope = request.scope
    place = shown.place_of(scope)
    numbers = _numbers(request, key, place)
    return show(
        request,
        "console/normal.html",
        metric=METRICS[key],
        place=place,
        chart=shown.chart(key, numbers, scope, place) if numbers and place else None,
        rows=shown.rows(key, numbers, scope),
        normal=shown.normal_words(key, numbers, scope),
        may_export=request.operator.may(Right.EXPORT),
    )


@require_safe
@page(Right.EXPORT)
def normal_file(request: ConsoleRequest, key: str, form: str) -> HttpResponse:
    """The days of the page as a file."""
    scope = request.scope
    numbers = _numbers(request, key, shown.place_of(scope))
    return download(shown.row_table(key, numbers, scope), form=form)


@require_POST
@page(Right.SET_TERMS)
def know(request: ConsoleRequest) -> HttpResponse:
    """Say that days are known to differ."""
    form = request.POST
    try:
        first = _day(form.get("first", ""))
        last = _day(form.get("last", "") or form.get("first", ""))
        actions.know(shop=request.scope.shop.code, name=form.get("name", ""), first=first, last=last)
        messages.success(request, _("These days are neither judged nor learnt from."))
    except KnownDayUnfit as unfit:
        messages.warning(request, str(shown.KNOWN_FIELDS[unfit.field]))
    return _back(request)


@require_POST
@page(Right.SET_TERMS)
def forget(request: ConsoleRequest, id: UUID) -> HttpResponse:
    """Take back that days are known to differ."""
    try:
        actions.forget(shop=request.scope.shop.code, id=str(id))
        messages.success(request, _("These days are ordinary again."))
    except NoSuchKnownDay:
        messages.warning(request, _("Somebody else took these days back meanwhile."))
    return _back(request)


def _back(request: ConsoleRequest) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('console:deviations')}?{request.scope.query()}")


def _numbers(request: ConsoleRequest, key: str, place: Place | None) -> tuple[Judged, ...]:
    if key not in METRICS:
        raise Http404("no such metric")
    scope = request.scope
    if place is None or scope.days is None or not can_answer(key, by=Cut.DAY, where=place.where):
        return ()
    return queries.judged(scope.shop.code, [key], shown.days_of(scope), place=place, at=scope.at)[key]


def _day(said: str) -> date:
    """A day as a form says it.

    refuses  KnownDayUnfit
    """
    try:
        return date.fromisoformat(said)
    except ValueError as unread:
        raise KnownDayUnfit(field="last") from unread
