"""The ledger of effects: what plays brought that would not have come otherwise."""

from __future__ import annotations

from typing import Final

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from zhanggui.base.accounts.rules import Right
from zhanggui.doors.console import leafing, playing
from zhanggui.doors.console.exporting import download
from zhanggui.doors.console.gate import ConsoleRequest, page, show
from zhanggui.steer.plays import queries

_PER_PAGE: Final = 50
_MOST: Final = 10_000


@require_safe
@page(Right.SEE_NUMBERS)
def effects(request: ConsoleRequest) -> HttpResponse:
    """Every measurement, the latest first: on top with its interval, cost, and beside it what is attributed."""
    shop = request.scope.shop.code
    place = leafing.page_asked(request.GET)
    count = queries.measurements(shop)
    rows = playing.rows(queries.ledger(shop, limit=_PER_PAGE, offset=(place - 1) * _PER_PAGE))
    return show(
        request,
        "console/plays/effects.html",
        rows=rows,
        chart=playing.picture(rows, request.scope),
        count=count,
        place=place,
        pages=max(1, -(-count // _PER_PAGE)),
        may_export=request.operator.may(Right.EXPORT),
    )


@require_safe
@page(Right.EXPORT)
def effects_file(request: ConsoleRequest, form: str) -> HttpResponse:
    """The whole ledger as a file."""
    entries = queries.ledger(request.scope.shop.code, limit=_MOST)
    return download(playing.table(entries, request.scope), form=form)
