"""What buyers are worth: kinds of buyers, what they paid, and what they are expected to pay."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Final

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from zhanggui.base.accounts.rules import Right
from zhanggui.base.operation.rules import operator
from zhanggui.doors.console import fields, words, worth
from zhanggui.doors.console.buyers import segments, squares
from zhanggui.doors.console.exporting import download
from zhanggui.doors.console.gate import ConsoleRequest, page, show
from zhanggui.insight.metrics.rules import Cut
from zhanggui.insight.value import actions, queries
from zhanggui.insight.value.rules import Worth

_CUTS: Final = ("cohort", "channel")
_HEARD: Final = frozenset({Cut.CHANNEL})


@require_safe
@page(Right.SEE_NUMBERS)
def value(request: ConsoleRequest) -> HttpResponse:
    """Who the buyers are, and what those of each month or channel paid and are expected to pay."""
    scope = request.scope
    if scope.days is None:
        return show(request, "console/value.html", is_empty=True)
    day = worth.as_of(scope)
    fit, buyers = queries.fit(scope.shop.code), queries.rfm(scope.shop.code, as_of=day)
    kinds, rate = segments(buyers), queries.margin_rate(scope.shop.code)
    cells, by = _cells(request), _cut(request)
    cohorts = worth.by_cohort(cells, margin_rate=rate)
    return show(
        request,
        "console/value.html",
        fit=fit,
        lack=worth.LACKS[fit.lack] if fit and fit.lack else "",
        as_of=day,
        by=by,
        whole=worth.whole(cells, margin_rate=rate),
        rows=cohorts if by == "cohort" else worth.by_channel(cells, margin_rate=rate),
        chart=worth.worth_chart(cohorts, scope) if cohorts else None,
        calibration=worth.calibration_chart(fit) if fit and fit.bins else None,
        bins=[(worth.bin_name(one), one, Decimal(one.expected_tenths) / 10) for one in fit.bins] if fit else [],
        margin_rate=rate,
        margin_percent=None if rate is None else (100 * rate).normalize(),
        may_set=request.operator.may(Right.SET_TERMS),
        may_export=request.operator.may(Right.EXPORT),
        segments=kinds,
        kept=[(row, json.dumps({"kind": row.kind})) for row in kinds if row.people],
        squares=squares(buyers),
        buyers=buyers,
        unheard=words.cuts(scope.unheard(_HEARD)),
    )


@require_safe
@page(Right.EXPORT)
def value_file(request: ConsoleRequest, form: str) -> HttpResponse:
    """The rows of the page as a file."""
    scope, by = request.scope, _cut(request)
    rate = queries.margin_rate(scope.shop.code)
    make = worth.by_cohort if by == "cohort" else worth.by_channel
    return download(worth.table(make(_cells(request), margin_rate=rate), scope, by=by), form=form)


@require_POST
@page(Right.SET_TERMS)
def value_change(request: ConsoleRequest, what: str) -> HttpResponse:
    """Say the margin rate, or have the models fitted anew."""
    if what == "margin":
        _set_margin(request)
    elif what == "refit":
        actions.ask_refit(shop=request.scope.shop.code)
        messages.success(request, _("The models are being fitted. It takes some seconds; load the page again then."))
    else:
        raise Http404(what)
    return HttpResponseRedirect(f"{reverse('console:value')}?{request.scope.query()}")


def _cells(request: ConsoleRequest) -> list[Worth]:
    """What the buyers whose first order came through the channels of the filters are worth, all if none is named."""
    scope, channels = request.scope, request.scope.where.channel
    cells = queries.worths(scope.shop.code, as_of=worth.as_of(scope))
    return [one for one in cells if not channels or one.channel in channels]


def _set_margin(request: ConsoleRequest) -> None:
    try:
        rate = fields.share(request.POST.get("percent", ""))
    except fields.Unfit:
        messages.warning(request, _("A margin lies between 0 and 100 %, with two decimals. Nothing was changed."))
        return
    actions.set_margin(shop=request.scope.shop.code, rate=rate, by=operator(str(request.operator.pk)))
    messages.success(request, _("The margin is kept."))


def _cut(request: ConsoleRequest) -> str:
    said = request.GET.get("by", "")
    return said if said in _CUTS else _CUTS[0]
