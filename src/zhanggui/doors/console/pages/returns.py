"""Goods that come back: the queue by time left, one return from decision to money, a slip to print."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from zhanggui.base import clock
from zhanggui.base.accounts.rules import Right
from zhanggui.base.errors import Refused
from zhanggui.base.operation.rules import Actor, operator
from zhanggui.doors.console import leafing
from zhanggui.doors.console import return_words as words
from zhanggui.doors.console.gate import ConsoleRequest, page, show
from zhanggui.doors.console.returning import Row, drawn, findings_of, rows_of
from zhanggui.shop.catalogue import queries as catalogue
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.orders.rules import Order
from zhanggui.shop.payments import queries as payments
from zhanggui.shop.returns import actions, queries, rules
from zhanggui.shop.returns.errors import NoSuchReturn
from zhanggui.shop.returns.queries import View
from zhanggui.shop.returns.rules import Return, State, Verdict, Wish
from zhanggui.spine.log.rules import Trail
from zhanggui.supply.stock import queries as stock
from zhanggui.supply.stock.rules import MAIN

_PER_PAGE: Final = 50


@require_safe
@page(Right.RUN_SHOP)
def returns(request: ConsoleRequest) -> HttpResponse:
    """The queue: what needs a hand first, by the time that is left."""
    said = request.GET.get("view", "")
    view = View(said) if said in tuple(View) else View.OURS
    place = leafing.page_asked(request.GET)
    shop = request.scope.shop.code
    counts = queries.counts(shop)
    found = queries.queue(shop, view=view, limit=_PER_PAGE, offset=(place - 1) * _PER_PAGE)
    return show(
        request,
        "console/returns/queue.html",
        rows=rows_of(found, at=clock.now(), law=request.scope.shop.law),
        view=view,
        view_name=words.VIEWS[view],
        views=[(one, words.VIEWS[one], counts[one]) for one in View],
        count=counts[view],
        place=place,
        pages=max(1, -(-counts[view] // _PER_PAGE)),
    )


@require_safe
@page(Right.RUN_SHOP)
def scan(request: ConsoleRequest) -> HttpResponse:
    """Open the return that a scanner or a hand has read: its QR code, the address in it, or its number."""
    said = request.GET.get("code", "")[:400]
    shop = request.scope.shop.code
    try:
        number = queries.return_for_staff(shop, queries.number_of(said, is_staff=True)).number
    except NoSuchReturn as missing:
        messages.warning(request, words.refusal(missing))
        return HttpResponseRedirect(f"{reverse('console:returns')}?shop={shop}")
    return HttpResponseRedirect(f"{reverse('console:return', args=[number])}?shop={shop}")


@require_safe
@page(Right.RUN_SHOP)
def one(request: ConsoleRequest, number: str) -> HttpResponse:
    """One return: what is asked, what is known, what can be done."""
    found = _return(request, number)
    order = orders.order_for_staff(found.shop, found.order_number)
    lines = {line.position: line for line in order.lines}
    cards = catalogue.products({piece.sku for piece in found.pieces})
    is_refund = found.is_open and found.wish is Wish.REFUND
    refunds = [one for one in payments.refunds_of(order.number) if one.reference == found.number]
    return show(
        request,
        "console/returns/one.html",
        found=found,
        order=order,
        row=Row(found=found, at=clock.now(), law=request.scope.shop.law),
        pieces=[(piece, lines[piece.slot.position], cards.get(piece.sku)) for piece in found.pieces],
        way=words.WAYS[found.way],
        back=queries.refund_preview(found, order) if is_refund else None,
        refunds=refunds,
        verdicts=list(words.VERDICTS.items()),
        warehouses=_warehouses(order),
        nexts=rules.FOLLOWS[found.state],
        has_rejected=any(piece.verdict is Verdict.REJECTED for piece in found.pieces),
        is_due=found.is_open and not queries.is_paid(found),
        may_exchange=found.wish is Wish.REFUND and found.is_open and found.state is not State.INSPECTED,
        others=[other for other in queries.returns_of_order(order.number) if other.number != number],
    )


@require_safe
@page(Right.RUN_SHOP)
def slip(request: ConsoleRequest, number: str) -> HttpResponse:
    """What lies with the goods on the bench: number, code, pieces, reason; nobody's name."""
    found = _return(request, number)
    order = orders.order_for_staff(found.shop, found.order_number)
    lines = {line.position: line for line in order.lines}
    return show(
        request,
        "console/returns/slip.html",
        found=found,
        row=Row(found=found, at=clock.now(), law=request.scope.shop.law),
        pieces=[(piece, lines[piece.slot.position]) for piece in found.pieces],
        code=drawn(queries.token_of(number)),
    )


@require_safe
@page(Right.RUN_SHOP)
def picture(request: ConsoleRequest, number: str, digest: str) -> HttpResponseBase:
    """A picture of a return, as the content type that its bytes say and nothing else."""
    kept = next((shown.kept for shown in _return(request, number).pictures if shown.kept.digest == digest), None)
    if kept is None or not queries.picture_file(kept).exists():
        raise Http404(digest)
    response = FileResponse(queries.picture_file(kept).open("rb"), content_type=kept.kind)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Disposition"] = "inline"
    return response


@require_POST
@page(Right.RUN_SHOP)
def change(request: ConsoleRequest, number: str, verb: str) -> HttpResponse:
    """Do one thing with a return."""
    _return(request, number)
    if verb not in _VERBS:
        raise Http404(verb)
    try:
        messages.success(request, _VERBS[verb](request, number))
    except Refused as refused:
        messages.warning(request, words.refusal(refused))
    address = reverse("console:return", args=[number])
    return HttpResponseRedirect(f"{address}?shop={request.scope.shop.code}")


def by(request: ConsoleRequest) -> Actor:
    """Who sits at the console."""
    return operator(str(request.operator.pk))


def _return(request: ConsoleRequest, number: str) -> Return:
    try:
        return queries.return_for_staff(request.scope.shop.code, number)
    except NoSuchReturn as missing:
        raise Http404(number) from missing


def _warehouses(order: Order) -> list[str]:
    """Where it may arrive: where it came from first."""
    came_from = [kept.warehouse for kept in stock.reservations(order.number)]
    return list(dict.fromkeys([*came_from, *(house.code for house in stock.warehouses(order.shop))]))


def _walked(request: ConsoleRequest, number: str) -> dict[str, Any]:
    return {"return_number": number, "trail": Trail(shop=request.scope.shop.code), "by": by(request)}


def _approve(request: ConsoleRequest, number: str) -> str:
    actions.approve(is_kept=request.POST.get("is_kept") == "1", **_walked(request, number))
    return _("Approved. The shopper sees it now.")


def _refuse(request: ConsoleRequest, number: str) -> str:
    actions.refuse(words=request.POST.get("words", ""), **_walked(request, number))
    return _("Refused. The shopper sees the reason now.")


def _withdraw(request: ConsoleRequest, number: str) -> str:
    actions.withdraw(**_walked(request, number))
    return _("Called off. The pieces may be returned another time.")


def _receive(request: ConsoleRequest, number: str) -> str:
    actions.receive(warehouse=request.POST.get("warehouse", "")[:40] or MAIN, **_walked(request, number))
    return _("Received. The clock runs: inspect it now if you can.")


def _inspect(request: ConsoleRequest, number: str) -> str:
    kept = tuple(
        actions.keep_picture(body=file.read(rules.LARGEST_PICTURE + 1))
        for file in request.FILES.getlist("pictures")[: rules.MOST_PICTURES]
    )
    found = _return(request, number)
    actions.inspect(findings=findings_of(request.POST, found), pictures=kept, **_walked(request, number))
    after = _return(request, number)
    if after.state is State.INSPECTED and after.wish is Wish.REFUND:
        return _("Inspected. The refund runs by itself.")
    return _("Inspected. Send the replacement now.") if after.is_open else _("Rejected. Send the goods back now.")


def _finish(request: ConsoleRequest, number: str) -> str:
    is_done = actions.finish(return_number=number, by=by(request))
    return _("The money is on its way back.") if is_done else _("The money had gone back before.")


def _replace(request: ConsoleRequest, number: str) -> str:
    actions.send_replacement(**_parcel(request), **_walked(request, number))
    return _("The replacement is on its way.")


def _refund_instead(request: ConsoleRequest, number: str) -> str:
    actions.refund_instead(**_walked(request, number))
    return _("It is a refund now; what was promised for the exchange is back on sale.")


def _exchange_instead(request: ConsoleRequest, number: str) -> str:
    found = _return(request, number)
    sku = request.POST.get("sku", "").strip()[:60]
    actions.exchange_instead(wanted=dict.fromkeys(found.units, sku), **_walked(request, number))
    after = _return(request, number)
    if after.to_pay:
        return _("It is an exchange now; the shopper is asked for the difference.")
    return _("It is an exchange now; what goes out is set aside.")


def _send_back(request: ConsoleRequest, number: str) -> str:
    actions.note_sent_back(**_parcel(request), **_walked(request, number))
    return _("The shopper can follow the parcel now.")


def _parcel(request: ConsoleRequest) -> dict[str, Any]:
    return {"carrier": request.POST.get("carrier", "")[:40], "tracking": request.POST.get("tracking", "")[:60]}


_VERBS: Final[dict[str, Callable[[ConsoleRequest, str], str]]] = {
    "approve": _approve,
    "refuse": _refuse,
    "withdraw": _withdraw,
    "receive": _receive,
    "inspect": _inspect,
    "finish": _finish,
    "replace": _replace,
    "refund-instead": _refund_instead,
    "exchange-instead": _exchange_instead,
    "send-back": _send_back,
}
