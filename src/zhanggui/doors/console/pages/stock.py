"""Stock: what there is and what is free, one SKU with all that moved it, and the jobs that move it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from zhanggui.base import ids
from zhanggui.base.accounts.rules import Right
from zhanggui.base.errors import Refused
from zhanggui.base.operation.rules import Actor, operator
from zhanggui.doors.console import leafing, stocking
from zhanggui.doors.console import stock_words as words
from zhanggui.doors.console.exporting import streamed
from zhanggui.doors.console.gate import ConsoleRequest, page, show
from zhanggui.shop.catalogue import queries as catalogue
from zhanggui.spine.log.rules import Trail
from zhanggui.supply.stock import actions, queries
from zhanggui.supply.stock.queries import Asked
from zhanggui.supply.stock.rules import MOST_UNITS, Condition

PER_PAGE: Final = 50
_PART: Final = 1000
_MOVED: Final = 30


@require_safe
@page(Right.RUN_SHOP)
def stock(request: ConsoleRequest) -> HttpResponse:
    """All levels of the shop: those with the fewest free pieces first, unless the address says otherwise."""
    asked = stocking.asked_of(request.GET, request.scope)
    place = leafing.page_asked(request.GET)
    found = queries.shelf(asked, limit=PER_PAGE, offset=(place - 1) * PER_PAGE)
    cards = catalogue.products({level.sku for level in found.levels})
    houses = queries.warehouses(request.scope.shop.code)
    return show(
        request,
        "console/stock/levels.html",
        asked=asked,
        found=found,
        free_units=found.on_hand_units - found.held_units,
        address=stocking.address_of(asked, request.scope),
        heads=stocking.heads(asked, request.scope),
        rows=stocking.rows(found.levels, cards=cards, houses=houses, low=queries.LOW_UNITS),
        houses=[(house.code, stocking.house_name(house)) for house in houses],
        views=[
            (name, stocking.address_of(asked, request.scope, want=want), want) for want, name in words.WANTS.items()
        ],
        may_export=request.operator.may(Right.EXPORT),
        place=place,
        pages=max(1, -(-found.count // PER_PAGE)),
    )


@require_safe
@page(Right.EXPORT)
def stock_csv(request: ConsoleRequest) -> HttpResponseBase:
    """The same levels as a file, all pages of them, in the same order."""
    asked = stocking.asked_of(request.GET, request.scope)
    heads = [str(name) for name in words.COLUMNS.values()]
    return streamed(heads, _lines(asked), name=f"stock-{request.scope.shop.code}")


@require_safe
@page(Right.RUN_SHOP)
def stock_item(request: ConsoleRequest, sku: str) -> HttpResponse:
    """One SKU: where it lies, to whom it is promised, what moved it, and what can be done with it."""
    levels = queries.levels_of(sku)
    card = catalogue.products([sku]).get(sku)
    if not levels and card is None:
        raise Http404(sku)
    before = request.GET.get("before", "")
    moved = queries.movements_of(sku, before=int(before) if before.isdecimal() else None, limit=_MOVED + 1)
    houses = queries.warehouses(request.scope.shop.code)
    names = {house.code: stocking.house_name(house) for house in houses}
    return show(
        request,
        "console/stock/item.html",
        sku=sku,
        title=stocking.title(card) or sku,
        rows=stocking.rows(levels, cards={}, houses=houses, low=queries.LOW_UNITS),
        free_units=sum(row.free_units for row in levels),
        promised=[(one, names.get(one.warehouse, one.warehouse)) for one in queries.open_reservations_of(sku)],
        steps=stocking.steps([one for _number, one in moved[:_MOVED]], houses),
        older=moved[_MOVED - 1][0] if len(moved) > _MOVED else None,
        houses=list(names.items()),
        reference=f"console/{ids.uuid7()}",
    )


@require_POST
@page(Right.RUN_SHOP)
def stock_do(request: ConsoleRequest, verb: str) -> HttpResponse:
    """Do one thing with a SKU, and say how it went. A form that is sent twice does it once."""
    if verb not in _JOBS:
        raise Http404(verb)
    sku = request.POST.get("sku", "")[:60]
    back = f"{reverse('console:stock_item', args=[sku or '-'])}?{request.scope.query()}"
    try:
        messages.success(request, _JOBS[verb](request, sku))
    except Refused as refused:
        messages.error(request, words.refusal(refused))
    return HttpResponseRedirect(back)


def by(request: ConsoleRequest) -> Actor:
    """Who asks."""
    return operator(str(request.operator.pk))


def trail(request: ConsoleRequest) -> Trail:
    """Where it is asked for."""
    return Trail(shop=request.scope.shop.code)


def units(said: str) -> int:
    """Whole pieces as somebody wrote them; -1, which every verb refuses, if it is no number."""
    text = said.strip()
    return min(int(text), MOST_UNITS + 1) if text.isdecimal() and len(text) <= 12 else -1


def _receive(request: ConsoleRequest, sku: str) -> str:
    note = request.POST.get("note", "").strip()[:60]
    actions.receive(
        reference=note or _reference(request),
        units={sku: units(request.POST.get("units", ""))},
        warehouse=_house(request),
        trail=trail(request),
        by=by(request),
    )
    return _("The pieces are in the house and can be sold.")


def _count(request: ConsoleRequest, sku: str) -> str:
    difference = actions.count(
        reference=_reference(request),
        warehouse=_house(request),
        counted={sku: units(request.POST.get("units", ""))},
        reason=request.POST.get("reason", "").strip()[:60],
        trail=trail(request),
        by=by(request),
    )[sku]
    if not difference:
        return _("The books were right.")
    said = _("%(n)d more than the books said; they are corrected.")
    fewer = _("%(n)d fewer than the books said; they are corrected.")
    return (said if difference > 0 else fewer) % {"n": abs(difference)}


def _send(request: ConsoleRequest, sku: str) -> str:
    actions.send(
        reference=_reference(request),
        from_warehouse=_house(request),
        to_warehouse=request.POST.get("to", "")[:40],
        units={sku: units(request.POST.get("units", ""))},
        trail=trail(request),
        by=by(request),
    )
    return _("The pieces are on their way. Say under Warehouses when they have arrived.")


def _sort(request: ConsoleRequest, sku: str) -> str:
    is_sellable = request.POST.get("condition") == Condition.SELLABLE
    actions.sort_out(
        reference=_reference(request),
        warehouse=_house(request),
        units={sku: units(request.POST.get("units", ""))},
        condition=Condition.SELLABLE if is_sellable else Condition.DEFECTIVE,
        reason=request.POST.get("reason", "").strip()[:60],
        trail=trail(request),
        by=by(request),
    )
    return _("They can be sold again.") if is_sellable else _("They are kept apart and not sold.")


def _write_off(request: ConsoleRequest, sku: str) -> str:
    is_sellable = request.POST.get("condition") == Condition.SELLABLE
    actions.write_off(
        reference=_reference(request),
        warehouse=_house(request),
        units={sku: units(request.POST.get("units", ""))},
        condition=Condition.SELLABLE if is_sellable else Condition.DEFECTIVE,
        reason=request.POST.get("reason", "").strip()[:60],
        trail=trail(request),
        by=by(request),
    )
    return _("They are out of the books.")


def _backorder(request: ConsoleRequest, sku: str) -> str:
    limit = units(request.POST.get("units", ""))
    actions.limit_backorder(sku=sku, warehouse=_house(request), units=limit, trail=trail(request), by=by(request))
    return _("So many may be sold before they are here.")


_JOBS: Final[dict[str, Callable[[ConsoleRequest, str], str]]] = {
    "receive": _receive,
    "count": _count,
    "send": _send,
    "sort": _sort,
    "write-off": _write_off,
    "backorder": _backorder,
}


def _house(request: ConsoleRequest) -> str:
    return request.POST.get("warehouse", "")[:40]


def _reference(request: ConsoleRequest) -> str:
    return request.POST.get("reference", "")[:80] or f"console/{ids.uuid7()}"


def _lines(asked: Asked) -> Iterator[list[str | int]]:
    offset = 0
    while levels := queries.shelf(asked, limit=_PART, offset=offset).levels:
        for level in levels:
            figures = [level.on_hand_units, level.held_units, level.defective_units, level.in_transit_units]
            yield [level.sku, level.warehouse, level.free_units, *figures]
        offset += _PART
