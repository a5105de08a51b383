"""A signed-in shopper's wallet: what it holds, what happened to it, and how a gift card fills it."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods

from zhanggui.doors.storefront import words
from zhanggui.doors.storefront.pages.account import signed_in
from zhanggui.doors.storefront.throttle import throttled
from zhanggui.doors.storefront.visit import ShopRequest
from zhanggui.shop.customers.rules import Shopper
from zhanggui.shop.payments import actions, queries
from zhanggui.shop.payments.errors import GiftCardEnded, NoSuchGiftCard, NotEnough

_MOVES: Final[dict[str, Promise]] = {
    "hold": lazy("Paid for an order"),
    "unhold": lazy("Back from an order that was not paid"),
    "refund": lazy("Refund"),
    "refund_paid": lazy("Refund"),
    "redeem": lazy("Gift card"),
    "goodwill": lazy("From the shop"),
}


@require_http_methods(["GET", "HEAD", "POST"])
@throttled("code", methods=("POST",))
@signed_in
def wallet(request: ShopRequest, shopper: Shopper) -> HttpResponse:
    """The wallet, or a gift card put into it."""
    if request.method == "POST":
        return _redeem(request, shopper)
    return _show(request, shopper)


def _redeem(request: ShopRequest, shopper: Shopper) -> HttpResponse:
    visit, code = request.visit, request.POST.get("code", "")[:60]
    try:
        amount = actions.redeem(code=code, customer_id=str(shopper.customer_id), trail=visit.trail(), by=visit.by)
    except NoSuchGiftCard:
        fault = _("No gift card has this code. Please check the letters; nothing was changed.")
    except GiftCardEnded:
        fault = _("This gift card is past its date or blocked. Nothing was changed.")
    except NotEnough:
        fault = _("Nothing is left on this gift card.")
    else:
        said = words.amount(amount)
        messages.success(request, _("%(amount)s are in your wallet now.") % {"amount": said})
        return redirect("storefront:wallet")
    return _show(request, shopper, code=code, fault=fault, status=422)


def _show(
    request: ShopRequest, shopper: Shopper, *, code: str = "", fault: str = "", status: int = 200
) -> HttpResponse:
    shop, customer_id = request.visit.shop, str(shopper.customer_id)
    moves = queries.wallet_statement(shop.code, customer_id)
    context = {
        "balance": queries.wallet(shop.code, customer_id),
        "moves": [(move, _MOVES.get(move.kind, move.kind)) for move in moves],
        "code": code,
        "fault": fault,
    }
    return render(request, "storefront/wallet.html", context, status=status)
