"""Orders: those of our own shop as work, those behind a number as insight; their facts, and what led to each.

One address serves both. Without a number, the orders of an open shop are work (see `order_desk`, `order_jobs`); with
one, or in an imported shop, or for who only reads, they are the orders behind that number.
"""

from __future__ import annotations

import contextlib
from typing import Final
from uuid import UUID

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from zhanggui.base.accounts.rules import Right
from zhanggui.doors.console import chains, leafing
from zhanggui.doors.console.exporting import streamed
from zhanggui.doors.console.gate import ConsoleRequest, page, show
from zhanggui.doors.console.listing import FileWords, Sheet, sheet_of
from zhanggui.doors.console.pages import order_desk, order_jobs
from zhanggui.insight.lake import queries as lake
from zhanggui.insight.lake.errors import NoSuchEvent
from zhanggui.insight.metrics import queries as metrics
from zhanggui.insight.metrics import rules
from zhanggui.insight.metrics.rules import Figure
from zhanggui.shop.orders import queries as own
from zhanggui.shop.orders.errors import NoSuchOrder

PER_PAGE: Final = 50


@page(Right.SEE_NUMBERS, Right.RUN_SHOP)
def orders(request: ConsoleRequest) -> HttpResponse:
    """The orders behind a number, with the same shop, period and filters; without a number, the shop's own as work."""
    if order_desk.is_asked(request):
        return order_desk.orders(request)
    sheet = sheet_of(request.GET, request.scope)
    place = leafing.page_asked(request.GET)
    found = metrics.orders_page(sheet.asked, limit=PER_PAGE, offset=(place - 1) * PER_PAGE)
    pages = max(1, -(-found.count // PER_PAGE))
    return show(
        request,
        "console/orders.html",
        sheet=sheet,
        headings=sheet.headings(),
        rows=sheet.rows(found.lines),
        totals=sheet.totals(found),
        may_export=request.operator.may(Right.EXPORT),
        found=found,
        figure=_figure(sheet),
        place=place,
        pages=pages,
        first=(place - 1) * PER_PAGE + 1,
        last=min(place * PER_PAGE, found.count),
    )


@page(Right.EXPORT)
def orders_csv(request: ConsoleRequest) -> HttpResponseBase:
    """The same orders as a file, all pages of them, in the same order and columns."""
    if order_desk.is_asked(request):
        return order_desk.orders_csv(request)
    sheet = sheet_of(request.GET, request.scope)
    heads = [str(column.name) for column in sheet.columns]
    words = FileWords(zone=sheet.scope.shop.zone, unknown=_("Not known"))
    rows = ([column.of(line, words) for column in sheet.columns] for line in metrics.orders_all(sheet.asked))
    name = f"{sheet.metric.key}-{request.scope.shop.code}-{request.scope.period.start}-{request.scope.period.last}"
    return streamed(heads, rows, name=name)


@page(Right.SEE_NUMBERS, Right.RUN_SHOP)
def order(request: ConsoleRequest, number: str) -> HttpResponse:
    """An order of our own as work; of any other, or with `facts` in the address, all that happened to it."""
    if order_desk.is_asked(request) and "facts" not in request.GET:
        with contextlib.suppress(NoSuchOrder):
            return order_jobs.order(request, own.order_for_staff(request.scope.shop.code, number))
    events = chains.of_order(request.scope.shop.code, number)
    if not events:
        raise Http404("no such order")
    return show(request, "console/order.html", number=number, steps=chains.steps(events, request.scope.shop))


@page(Right.SEE_NUMBERS, Right.RUN_SHOP)
def fact(request: ConsoleRequest, id: UUID) -> HttpResponse:
    """What led to a fact, from the first page view on."""
    try:
        events = lake.chain(id, request.scope.shop.code)
    except NoSuchEvent as unknown:
        raise Http404("no such fact") from unknown
    is_whole = events[0].cause is None
    steps = chains.steps(events, request.scope.shop)
    return show(request, "console/fact.html", steps=steps, this=steps[-1], is_whole=is_whole)


def _figure(sheet: Sheet) -> Figure | None:
    """The number itself; None where the filters leave nothing to count it from."""
    key, asked, scope = sheet.metric.key, sheet.asked, sheet.scope
    if not rules.can_answer(key, where=asked.where):
        return None
    return metrics.query(asked.shop, [key], asked.period, where=asked.where, at=scope.at).whole.of(key)
