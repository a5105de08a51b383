"""A shopper's own data: to be read, to be taken along, and to be let go of by closing the account."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST, require_safe

from zhanggui.doors.storefront import codes, copying, member_words, words
from zhanggui.doors.storefront.pages.account import signed_in
from zhanggui.doors.storefront.visit import ShopRequest
from zhanggui.shop.catalogue import queries as catalogue
from zhanggui.shop.customers import actions
from zhanggui.shop.customers import rules as people
from zhanggui.shop.customers.errors import AccountNeeded
from zhanggui.shop.customers.rules import Shopper

_REASONS: Final[dict[str, Promise]] = {
    "open_orders": lazy("An order is not paid or has not arrived yet: wait for it, or call it off."),
    "open_returns": lazy("A return is not over yet."),
    "open_refunds": lazy("Money is still on its way back to you."),
    "money_in_wallet": lazy("There is money in your wallet: spend it, or ask us to pay it out."),
    "open_presales": lazy("A presale waits for its balance."),
}


@require_safe
@signed_in
def own_data(request: ShopRequest, shopper: Shopper) -> HttpResponse:
    """Everything that the shop holds of the shopper, and the way to close the account."""
    return _shown(request, shopper)


@require_safe
@signed_in
def copy(request: ShopRequest, shopper: Shopper) -> HttpResponse:
    """The same as a file that programs can read."""
    shop = request.visit.shop.code
    said = copying.as_json(shop, copying.copy_of(shop, shopper))
    name = f'attachment; filename="{shop}.json"'
    return HttpResponse(said, content_type="application/json", headers={"Content-Disposition": name})


@require_POST
@signed_in
def close(request: ShopRequest, shopper: Shopper) -> HttpResponse:
    """Close the account, if it was said to be meant and nothing is under way; then nobody is signed in."""
    if request.POST.get("meant") != "yes":
        messages.warning(request, _("Say that you mean it: tick the box. Nothing was changed."))
        return _shown(request, shopper, status=422)
    try:
        actions.close_account(customer_id=shopper.customer_id, trail=request.visit.trail(), by=request.visit.by)
    except AccountNeeded as refused:
        return _shown(request, shopper, reasons=refused.data["reasons"], status=409)
    codes.leave(request)
    messages.success(request, _("Your account is closed, and what said who you are is gone."))
    return redirect("storefront:home")


def _shown(request: ShopRequest, shopper: Shopper, *, reasons: tuple[str, ...] = (), status: int = 200) -> HttpResponse:
    found = copying.copy_of(request.visit.shop.code, shopper)
    cards, language = catalogue.products([wish.sku for wish in found.wishes]), request.LANGUAGE_CODE
    context = {
        "copy": found,
        "birthday": member_words.birthday(found.birthday, language=language) if found.birthday else "",
        "wishes": [cards[wish.sku].title.to(language) if wish.sku in cards else wish.sku for wish in found.wishes],
        "orders": [(order, words.state(order.state)) for order in found.orders],
        "consents": [(people.text_of(said.purpose, language=language), said) for said in found.consents],
        "reasons": [str(_REASONS[reason]) for reason in reasons],
    }
    return render(request, "storefront/own_data.html", context, status=status)
