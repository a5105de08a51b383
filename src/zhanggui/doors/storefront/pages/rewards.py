"""The points shop: what points buy, redeemed with one press, and followed until it arrives."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from zhanggui.base import clock, ids
from zhanggui.base.errors import Refused
from zhanggui.base.operation.errors import KeyReused
from zhanggui.doors.storefront import member_words as words
from zhanggui.doors.storefront.pages.account import signed_in
from zhanggui.doors.storefront.throttle import throttled
from zhanggui.doors.storefront.visit import ShopRequest
from zhanggui.growth.membership import actions, queries
from zhanggui.growth.membership.errors import NoSuchRedemption
from zhanggui.growth.membership.rules.rewards import State
from zhanggui.shop.catalogue import queries as catalogue
from zhanggui.shop.customers import queries as customers
from zhanggui.shop.customers.rules import Shopper


@require_safe
@signed_in
def rewards(request: ShopRequest, shopper: Shopper) -> HttpResponse:
    """What points buy, and what was redeemed. At most six statements."""
    shop, offered = request.visit.shop, queries.rewards(request.visit.shop.code)
    cards = catalogue.products([reward.sku for reward in offered if reward.sku])
    purse = queries.purse(shop.code, shopper.person, at=clock.now())
    context = {
        "purse": purse,
        "rewards": [
            {
                "one": reward,
                "kind": words.KINDS[reward.kind],
                "card": cards.get(reward.sku),
                "is_gone": reward.left == 0,
                "short": max(0, reward.points - purse.has),
                "key": ids.uuid7(),
            }
            for reward in offered
        ],
        "redeemed": [
            {
                "one": one,
                "state": words.STATES[one.state],
                "can_cancel": one.state is State.REDEEMED,
                "can_receive": one.state is State.SENT,
            }
            for one in queries.redemptions_of(shop.code, shopper.person)
        ],
        "book": customers.address_book(shopper.customer_id),
    }
    return render(request, "storefront/membership/rewards.html", context)


@require_POST
@throttled("checkout", methods=("POST",))
@signed_in
def redeem(request: ShopRequest, shopper: Shopper, id: UUID) -> HttpResponse:
    """Have a reward for points."""
    visit = request.visit
    try:
        actions.redeem(
            reward_id=id,
            customer_id=shopper.customer_id,
            entry_id=_entry(request.POST.get("entry", "")),
            idempotency_key=f"{shopper.person}/{request.POST.get('key', '')}"[:200],
            trail=visit.trail(),
            by=visit.by,
        )
    except KeyReused:
        messages.warning(request, _("It has moved on meanwhile; please look again."))
    except Refused as refused:
        messages.warning(request, words.refusal(refused))
    else:
        messages.success(request, _("Redeemed. You can follow it below."))
    return redirect("storefront:rewards")


@require_POST
@signed_in
def change(request: ShopRequest, shopper: Shopper, number: str, verb: str) -> HttpResponse:
    """Call a reward off before it is sent, or say that it arrived."""
    verbs = {"cancel": actions.cancel_reward, "received": actions.close_reward}
    if verb not in verbs:
        raise Http404(verb)
    try:
        verbs[verb](number=number, person=shopper.person, trail=request.visit.trail(), by=request.visit.by)
    except NoSuchRedemption as missing:
        raise Http404(number) from missing
    except Refused as refused:
        messages.warning(request, words.refusal(refused))
    else:
        said = {"cancel": _("Called off. Your points are back."), "received": _("Thank you. Enjoy it.")}
        messages.success(request, said[verb])
    return redirect("storefront:rewards")


def _entry(said: str) -> UUID | None:
    try:
        return UUID(said)
    except ValueError:
        return None
