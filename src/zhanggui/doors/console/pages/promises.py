"""What was promised to shoppers and whether it is kept; and the papers that go along with a parcel."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import segno
from django.http import Http404, HttpResponse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from zhanggui.base import clock
from zhanggui.base.accounts.rules import Right
from zhanggui.base.look import formats
from zhanggui.doors.console import charts, parcelling
from zhanggui.doors.console import parcel_words as words
from zhanggui.doors.console.gate import ConsoleRequest, page, show
from zhanggui.doors.console.pages.parcels import MOST_AT_ONCE, rows
from zhanggui.doors.console.words import language, span
from zhanggui.insight.metrics.rules import Period, Step
from zhanggui.shop.customers import queries as customers
from zhanggui.shop.fulfilment import queries, rules
from zhanggui.shop.fulfilment.rules import Kept, Promise, State

_PAPERS: Final = {
    "list": "console/parcels/paper_list.html",
    "slips": "console/parcels/paper_slips.html",
    "labels": "console/parcels/paper_labels.html",
}


@require_safe
@page(Right.RUN_SHOP)
def promises(request: ConsoleRequest) -> HttpResponse:
    """The 48 hours and the promised day: kept share by day and warehouse, what is due soon, what is late."""
    shop, at = request.scope.shop, clock.now()
    period = request.scope.period
    found = {
        promise: queries.kept(shop.code, promise=promise, start=period.start, end=period.end, zone=shop.zone, at=at)
        for promise in Promise
    }
    soon, late = queries.due_soon(shop.code, at=at), queries.late(shop.code, at=at)
    overdue = queries.overdue(shop.code, today=clock.day_of(at, shop.zone))
    houses = parcelling.houses(shop.code)
    return show(
        request,
        "console/parcels/promises.html",
        shipping=_said(found[Promise.SHIP]),
        delivery=_said(found[Promise.DELIVERY]),
        chart=_chart(found[Promise.SHIP], period=period, zone=shop.zone),
        days=rules.by_day(found[Promise.SHIP]),
        warehouses=[
            (row, houses.get(row.warehouse, row.warehouse), rules.kept_rate([row]))
            for row in rules.by_warehouse(found[Promise.SHIP])
        ],
        soon=(rows(soon.parcels, houses=houses), soon.count),
        late=(rows(late.parcels, houses=houses), late.count),
        overdue=(rows(overdue.parcels, houses=houses), overdue.count),
    )


@require_safe
@page(Right.RUN_SHOP)
def paper(request: ConsoleRequest, what: str) -> HttpResponse:
    """A pick list, packing slips or labels of some parcels, to be printed."""
    template = _PAPERS.get(what)
    if template is None:
        raise Http404(what)
    ids = request.GET.get("ids", "").split(",")[:MOST_AT_ONCE]
    found = queries.parcels_of(ids, shop=request.scope.shop.code)
    if what == "labels":
        found = tuple(parcel for parcel in found if parcel.tracking and parcel.state is State.SHIPPED)
    houses = parcelling.houses(request.scope.shop.code)
    shown = rows(found, houses=houses)
    titles = {line.sku: title for row in shown for line, title in row.lines}
    places = {} if what == "list" else customers.addresses([parcel.address_id for parcel in found])
    return show(
        request,
        template,
        rows=[
            (row, places.get(row.parcel.address_id), _code(row.parcel.tracking or row.parcel.number)) for row in shown
        ],
        stops=parcelling.stops(found, titles=titles, houses=houses),
        at=clock.now(),
    )


def _said(found: Sequence[Kept]) -> dict[str, object]:
    """A promise in figures."""
    broken, kept = sum(row.broken for row in found), sum(row.kept for row in found)
    return {
        "rate": rules.kept_rate(found),
        "kept": kept,
        "broken": broken,
        "open": sum(row.open for row in found),
        "over": kept + broken,
    }


def _chart(found: Sequence[Kept], *, period: Period, zone: str) -> charts.Spec | None:
    if not found:
        return None
    pieces = [
        charts.Piece(
            at=row.day,
            series=series,
            name=name,
            size=count,
            when=formats.day(row.day, language=language()),
            said=formats.number(count, language=language()),
        )
        for row in rules.by_day(found)
        for series, name, count in words.pieces_of_day(row)
    ]
    title = words.finding(rules.kept_rate(found), sum(row.broken for row in found))
    subtitle = _("Parcels by the day on which they had to leave, %(days)s, %(zone)s") % {
        "days": span(period),
        "zone": zone,
    }
    said = charts.Words(title=title, subtitle=subtitle, language=language())
    return charts.stacks(pieces, words=said, step=Step.DAY, name=_("Parcels"))


def _code(text: str) -> SafeString:
    """A code that a scanner reads."""
    drawn = segno.make_qr(text, error="m").svg_inline(border=0, omitsize=True)
    return mark_safe(drawn)  # noqa: S308 -- made of figures by the library
