"""A member's own page: tier, growth and points; and how many points the next order uses."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhanggui.base import clock
from zhanggui.base.money import Money
from zhanggui.doors.storefront import member_words as words
from zhanggui.doors.storefront.pages import checkout
from zhanggui.doors.storefront.pages.account import signed_in
from zhanggui.doors.storefront.visit import ShopRequest
from zhanggui.growth.membership import actions, queries
from zhanggui.growth.membership.errors import BirthdayNotAllowed
from zhanggui.growth.membership.rules import points as rules
from zhanggui.shop.catalogue import queries as catalogue
from zhanggui.shop.customers.rules import Shopper

_SHOWN_ENDS = 3


@require_safe
@signed_in
def member(request: ShopRequest, shopper: Shopper) -> HttpResponse:
    """Tier, growth to the next one, points, what happened to them and what runs out when. At most six statements."""
    shop, now = request.visit.shop, clock.now()
    standing = queries.standing(shop.code, shopper.person, at=now)
    scheme = queries.scheme(shop.code)
    plans = [plan for plan in queries.plans(shop.code) if plan.is_sold]
    cards = catalogue.products([plan.sku for plan in plans]) if plans else {}
    language = request.LANGUAGE_CODE
    offered = queries.tiers(shop.code)
    context = {
        "standing": standing,
        "short_by": Money.of(standing.short_by, shop.currency),
        "growth": standing.growth,
        "tiers": [(tier, words.benefits(tier.benefits, language=language)) for tier in offered],
        "plans": [
            (plan, cards[plan.sku], next((tier for tier in offered if tier.key == plan.tier), offered[0]))
            for plan in plans
            if plan.sku in cards and cards[plan.sku].is_listed
        ],
        "scheme": scheme,
        "purse": queries.purse(shop.code, shopper.person, at=now) if scheme else None,
        "ends": queries.lots_of(shop.code, shopper.person, at=now)[:_SHOWN_ENDS] if scheme else (),
        "worth": Money.of(1, shop.currency),
        "moves": _moves(shop.code, shopper.person) if scheme else [],
        "birthday": words.birthday(standing.birthday, language=language) if standing.birthday else "",
        "months": range(1, 13),
        "days": range(1, 32),
    }
    return render(request, "storefront/membership/member.html", context)


@require_POST
@signed_in
def birthday(request: ShopRequest, shopper: Shopper) -> HttpResponse:
    """Say one's birthday, once."""
    month, day = (_whole(request.POST.get(name, "")) for name in ("month", "day"))
    try:
        actions.say_birthday(shop=request.visit.shop.code, person=shopper.person, month=month, day=day)
    except BirthdayNotAllowed as refused:
        messages.warning(request, words.refusal(refused))
    else:
        messages.success(request, _("Kept. Your birthday points come on the day."))
    return redirect("storefront:member")


@require_http_methods(["GET", "HEAD", "POST"])
def choose_points(request: ShopRequest) -> HttpResponseBase:
    """Use points with this order, or not; the checkout is shown again with all that was typed.

    The button stands in the checkout's own form and sends all of it here, so nothing is lost without a script either.
    """
    shopper = request.visit.shopper()
    if request.method != "POST" or shopper is None:
        return redirect("storefront:checkout")
    asked = request.POST.get("points", "")
    units = 0 if asked == "none" else None if asked == "all" else _whole(request.POST.get("points_typed", ""))
    actions.choose_points(shop=request.visit.shop.code, person=shopper.person, units=units)
    looked = request.POST.copy()
    looked["act"] = "look"
    request.POST = looked  # type: ignore[assignment]
    return checkout.checkout_page(request)


def _moves(shop: str, person: str) -> list[dict[str, object]]:
    return [
        {"name": words.MOVES.get(rules.Move(move.kind), move.kind), "points": move.amount.minor, "at": move.at}
        for move in queries.history(shop, person)
    ]


def _whole(said: str) -> int:
    plain = said.strip()
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 10 else 0
