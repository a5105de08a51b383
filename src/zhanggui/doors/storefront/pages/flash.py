"""Flash sales in the shop: the hall, the way to the checkout, and the line before the door."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from zhanggui.base import clock
from zhanggui.doors.storefront import flashing, holes, placing, words
from zhanggui.doors.storefront.throttle import throttled
from zhanggui.doors.storefront.visit import ShopRequest
from zhanggui.growth.flash import actions, queries
from zhanggui.growth.flash.errors import SaleNotOn
from zhanggui.growth.flash.rules import Item, Sale, Stage, Ticket, pause_s
from zhanggui.shop.cart import actions as cart
from zhanggui.shop.cart import queries as carts
from zhanggui.shop.cart.errors import CartFull, NotForSale, QuantityNotAllowed
from zhanggui.shop.catalogue import queries as catalogue


@require_safe
def hall(request: ShopRequest) -> HttpResponse:
    """What is on sale for a short time, what is to come, and what is over. At most five statements."""
    now = clock.now()
    context = {
        "sales": flashing.hall(request.visit.shop.code, at=now),
        "now_ms": flashing.millis(now),
        "form": holes.fill(request, "form"),
    }
    return render(request, "storefront/flash/hall.html", context)


@require_POST
@throttled("flash", methods=("POST",))
def buy(request: ShopRequest, id: UUID, sku: str) -> HttpResponse:
    """Lay one piece into the cart and go on to pay; where many want in, through the line first."""
    sale, item = _found(request, id, sku)
    now = clock.now()
    row = flashing.shown(sale, item, catalogue.products([sku])[sku], at=now)
    if not row.is_open:
        messages.warning(request, _closed(row.stage))
        return redirect("storefront:product", sku=sku)
    if sale.entries_per_second is None:
        return _to_checkout(request, item)
    try:
        ticket = actions.line_up(shop=sale.shop, sale_id=sale.id, person=request.visit.visitor)
    except SaleNotOn:
        return redirect("storefront:product", sku=sku)
    is_in = ticket.is_open(now) and row.stage is Stage.ON
    response = _to_checkout(request, item) if is_in else redirect(_line_address(sale, sku))
    flashing.carry(response, sale, ticket, is_secure=settings.IS_SECURE)
    return response


@require_safe
def line(request: ShopRequest, id: UUID) -> HttpResponse:
    """The line: how long it takes, and the button once it is one's turn. It asks again by itself."""
    sale, item = _found(request, id, request.GET.get("sku", "")[:60])
    now = clock.now()
    ticket = flashing.ticket_of(request, sale)
    stage = sale.stage(now, item=item)
    context = {
        "row": flashing.shown(sale, item, catalogue.products([item.sku])[item.sku], at=now),
        "ticket": ticket,
        "state": _state(ticket, stage, now=now),
        "now_ms": flashing.millis(now),
        "opens_ms": flashing.millis(ticket.opens_at) if ticket else 0,
        "before": _before(ticket, sale, now=now),
        "pause_s": pause_s(ticket, at=now) if ticket else 0,
    }
    return render(request, "storefront/flash/line.html", context)


@require_safe
def ahead(request: ShopRequest, id: UUID) -> HttpResponse:
    """How long a place in line still waits, for the script of the line; nothing is read for it but kept answers."""
    sale = queries.sale_of(request.visit.shop.code, str(id))
    ticket = flashing.ticket_of(request, sale) if sale else None
    if sale is None or ticket is None:
        raise Http404(str(id))
    now = clock.now()
    said = {
        "now": flashing.millis(now),
        "opens": flashing.millis(ticket.opens_at),
        "before": _before(ticket, sale, now=now),
        "again": pause_s(ticket, at=now),
        "is_still": sale.stage(now) in (Stage.COMING, Stage.ON) and ticket.is_waiting(now),
    }
    return JsonResponse(said, headers={"Cache-Control": "no-store"})


def _found(request: ShopRequest, id: UUID, sku: str) -> tuple[Sale, Item]:
    sale = queries.sale_of(request.visit.shop.code, str(id))
    item = next((one for one in sale.items if one.sku == sku), None) if sale else None
    if sale is None or item is None:
        raise Http404(sku)
    return sale, item


def _to_checkout(request: ShopRequest, item: Item) -> HttpResponse:
    """One piece in the cart, unless there are some already, and on to pay."""
    visit = request.visit
    lies_there = {each.sku for each in carts.cart(visit.shop.code, visit.visitor).lines}
    if item.sku not in lies_there:
        try:
            cart.add(sku=item.sku, quantity=1, trail=visit.trail(), by=visit.by)
        except (CartFull, NotForSale, QuantityNotAllowed) as refused:
            messages.error(request, words.refusal(refused))
            return redirect("storefront:cart")
    return placing.in_own_currency(redirect("storefront:checkout"))


def _line_address(sale: Sale, sku: str) -> str:
    return f"{reverse('storefront:flash_line', args=[sale.id])}?sku={sku}"


def _state(ticket: Ticket | None, stage: Stage, *, now: datetime) -> str:
    """What the page of the line shows: gone, new, waiting, in or passed."""
    if stage in (Stage.SOLD_OUT, Stage.OVER):
        return "gone"
    if ticket is None:
        return "new"
    if ticket.is_waiting(now):
        return "waiting"
    return "in" if ticket.is_open(now) else "passed"


def _before(ticket: Ticket | None, sale: Sale, *, now: datetime) -> int:
    """About how many are let in before this one, from now or from the beginning on."""
    if ticket is None or sale.entries_per_second is None:
        return 0
    waits = ticket.opens_at - max(now, sale.starts_at)
    return max(0, round(waits.total_seconds() * sale.entries_per_second))


def _closed(stage: Stage) -> str:
    said = {
        Stage.COMING: _("The flash sale has not begun yet."),
        Stage.SOLD_OUT: _("All pieces at the flash price are taken."),
        Stage.OVER: _("The flash sale is over."),
    }
    return said[stage]
