"""What of one order goes back: a return for the shopper, a lost parcel, goodwill, calling it off."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from zhanggui.base import clock, ids
from zhanggui.base.accounts.rules import Right
from zhanggui.base.errors import Refused
from zhanggui.base.money import Money
from zhanggui.doors.console import amounts
from zhanggui.doors.console import return_words as words
from zhanggui.doors.console.gate import ConsoleRequest, page, show
from zhanggui.doors.console.pages.returns import by
from zhanggui.doors.console.returning import rows_of
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.orders.errors import NoSuchOrder
from zhanggui.shop.orders.rules import Order
from zhanggui.shop.orders.rules import State as OrderState
from zhanggui.shop.payments import queries as payments
from zhanggui.shop.returns import actions, queries, rules
from zhanggui.shop.returns.rules import Reason
from zhanggui.spine.log.rules import Trail


@require_safe
@page(Right.RUN_SHOP)
def give_back(request: ConsoleRequest, number: str) -> HttpResponse:
    """What of an order can still go back, and every way to give it back."""
    order = _order(request, number)
    given = queries.goodwill_of(number)
    limit = rules.goodwill_limit(order) - Money.total((one.amount for one in given), order.total.currency)
    return show(
        request,
        "console/returns/give.html",
        order=order,
        offers=queries.offers(order, at=clock.now()),
        left=order.total - order.refunded,
        goodwill=given,
        refunds=payments.refunds_of(number),
        rows=rows_of(queries.returns_of_order(number), at=clock.now(), law=request.scope.shop.law),
        reasons=list(words.REASONS.items()),
        limit=limit if limit.minor > 0 else Money.zero(limit.currency),
        is_unlimited=request.operator.may(Right.GIVE_FREELY),
        can_call_off=order.state is OrderState.PAID,
        key=str(ids.uuid7()),
    )


@require_POST
@page(Right.RUN_SHOP)
def do(request: ConsoleRequest, number: str, verb: str) -> HttpResponse:
    """Give something of an order back."""
    order = _order(request, number)
    if verb not in _VERBS:
        raise Http404(verb)
    address = reverse("console:give_back", args=[number])
    try:
        said, address = _VERBS[verb](request, order, address)
        messages.success(request, said)
    except Refused as refused:
        messages.warning(request, words.refusal(refused))
    return HttpResponseRedirect(f"{address}?shop={request.scope.shop.code}")


def _order(request: ConsoleRequest, number: str) -> Order:
    try:
        return orders.order_for_staff(request.scope.shop.code, number)
    except NoSuchOrder as missing:
        raise Http404(number) from missing


def _walked(request: ConsoleRequest, order: Order) -> dict[str, Any]:
    return {"order_number": order.number, "trail": Trail(shop=order.shop), "by": by(request)}


def _units(request: ConsoleRequest, order: Order) -> dict[int, int]:
    said = {line.position: request.POST.get(f"u{line.position}", "") for line in order.lines}
    return {
        position: int(units)
        for position, units in said.items()
        if units.isascii() and units.isdigit() and len(units) < 5 and int(units)
    }


def _return(request: ConsoleRequest, order: Order, here: str) -> tuple[str, str]:
    reason, note = request.POST.get("reason", ""), request.POST.get("words", "")
    key, units = request.POST.get("key", "")[:80], _units(request, order)
    if reason == Reason.LOST:
        number = actions.give_lost(units=units, words=note, idempotency_key=key, **_walked(request, order))
        return _("The money for what was lost is on its way back."), reverse("console:return", args=[number])
    number = actions.request(
        units=units,
        reason=Reason(reason) if reason in tuple(Reason) else Reason.CHANGED_MIND,
        words=note,
        is_kept=request.POST.get("is_kept") == "1",
        idempotency_key=key,
        **_walked(request, order),
    )
    return _("The return is open. The shopper sees it now."), reverse("console:return", args=[number])


def _goodwill(request: ConsoleRequest, order: Order, here: str) -> tuple[str, str]:
    currency = order.total.currency
    actions.give_goodwill(
        amount=amounts.typed(request.POST.get("amount", ""), currency),
        words=request.POST.get("words", ""),
        is_unlimited=request.operator.may(Right.GIVE_FREELY),
        idempotency_key=request.POST.get("key", "")[:80],
        **_walked(request, order),
    )
    return _("The money is on its way back."), here


def _call_off(request: ConsoleRequest, order: Order, here: str) -> tuple[str, str]:
    actions.call_off_paid(reason="called_off_by_shop", **_walked(request, order))
    return _("Called off. Stock is back on sale, and all of the money goes back."), here


_VERBS: Final[dict[str, Callable[[ConsoleRequest, Order, str], tuple[str, str]]]] = {
    "return": _return,
    "goodwill": _goodwill,
    "call-off": _call_off,
}
