"""Warehouses: which there are, what is on its way between them, and where their books disagree."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhanggui.base.accounts.rules import Right
from zhanggui.base.errors import Refused
from zhanggui.base.money import Money
from zhanggui.doors.console import stock_words as words
from zhanggui.doors.console import stocking
from zhanggui.doors.console.gate import ConsoleRequest, page, show
from zhanggui.doors.console.pages.stock import by, trail, units
from zhanggui.supply.stock import actions, queries
from zhanggui.supply.stock.errors import NoSuchWarehouse
from zhanggui.supply.stock.rules import Warehouse, WarehouseKind


@require_safe
@page(Right.RUN_SHOP)
def warehouses(request: ConsoleRequest) -> HttpResponse:
    """All warehouses of the shop with what lies in them, and what is on its way between them."""
    shop = request.scope.shop
    houses = queries.warehouses(shop.code)
    stored = queries.stored(shop.code)
    most = max((there.on_hand_units for there in stored.values()), default=0) or 1
    names = {house.code: stocking.house_name(house) for house in houses}
    return show(
        request,
        "console/stock/houses.html",
        rows=[
            (
                house,
                names[house.code],
                words.HOUSES[house.kind],
                stored.get(house.code),
                stored[house.code].on_hand_units * 100 // most if house.code in stored else 0,
                Money(house.handling_minor, shop.currency),
            )
            for house in houses
        ],
        transfers=[
            (way, names.get(way.from_warehouse, way.from_warehouse), names.get(way.to_warehouse, way.to_warehouse))
            for way in queries.transfers(shop.code)
        ],
    )


@require_http_methods(["GET", "HEAD", "POST"])
@page(Right.RUN_SHOP)
def warehouse(request: ConsoleRequest, code: str) -> HttpResponse:
    """Describe a warehouse, or open a new one under the code `new`."""
    is_new = code == "new"
    if request.method == "POST":
        return _describe(request, request.POST.get("code", "").strip() if is_new else code, is_new=is_new)
    try:
        empty = Warehouse(code="", shop=request.scope.shop.code, name_zh="", country="CN")
        house = empty if is_new else queries.warehouse(request.scope.shop.code, code)
    except NoSuchWarehouse as missing:
        raise Http404(code) from missing
    return _form(request, house, is_new=is_new)


@require_POST
@page(Right.RUN_SHOP)
def arrive(request: ConsoleRequest) -> HttpResponse:
    """Take in what was sent, and give up what got lost."""
    sku = request.POST.get("sku", "")[:60]
    said = {name: request.POST.get(name, "").strip() for name in ("units", "lost")}
    arrived, lost = ({sku: units(text)} if text not in ("", "0") else {} for text in said.values())
    try:
        reference = request.POST.get("reference", "")[:80]
        actions.arrive(reference=reference, units=arrived, lost=lost, trail=trail(request), by=by(request))
        messages.success(request, _("The books say what arrived."))
    except Refused as refused:
        messages.error(request, words.refusal(refused))
    return HttpResponseRedirect(f"{reverse('console:warehouses')}?{request.scope.query()}")


@require_safe
@page(Right.RUN_SHOP)
def stock_audit(request: ConsoleRequest) -> HttpResponse:
    """Where levels say something else than their movements and promises."""
    return show(request, "console/stock/audit.html", found=queries.audit())


def _describe(request: ConsoleRequest, code: str, *, is_new: bool) -> HttpResponse:
    house, wrong = stocking.house_of(request.POST.dict(), code=code, scope=request.scope)
    if house is None:
        messages.error(request, str(words.FIELDS[wrong]))
        return HttpResponseRedirect(request.get_full_path())
    try:
        actions.describe(warehouse=house, trail=trail(request), by=by(request))
    except Refused as refused:
        messages.error(request, words.refusal(refused))
        return _form(request, house, is_new=is_new, status=409)
    messages.success(request, _("The warehouse is kept. Orders are served by it from now on."))
    return HttpResponseRedirect(f"{reverse('console:warehouses')}?{request.scope.query()}")


def _form(request: ConsoleRequest, house: Warehouse, *, is_new: bool, status: int = 200) -> HttpResponse:
    return show(
        request,
        "console/stock/house.html",
        status=status,
        house=house,
        is_new=is_new,
        name=stocking.house_name(house),
        kinds=[(kind, words.HOUSES[kind]) for kind in WarehouseKind],
        zones=stocking.zones_as_text(house.zones),
        latitude=_degrees(house.latitude_milli),
        longitude=_degrees(house.longitude_milli),
        handling=str(Money(house.handling_minor, request.scope.shop.currency).major),
    )


def _degrees(milli: int | None) -> str:
    return "" if milli is None else f"{milli / 1000:.3f}"
