"""The coupon centre, a shopper's own coupons, which of them an order uses; and what is on in the shop."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhanggui.base import clock
from zhanggui.doors.storefront import offer_words as words
from zhanggui.doors.storefront.pages import checkout
from zhanggui.doors.storefront.pages.account import signed_in
from zhanggui.doors.storefront.throttle import throttled
from zhanggui.doors.storefront.visit import ShopRequest
from zhanggui.growth.promotions import actions, queries
from zhanggui.growth.promotions.errors import AllClaimed, ClaimedBefore, CouponRests, NoSuchCoupon, NotForYou
from zhanggui.growth.promotions.queries import Offered
from zhanggui.growth.promotions.rules import Hold, Rest, Rule, Target
from zhanggui.shop.catalogue import queries as catalogue
from zhanggui.shop.customers.rules import Shopper

_MOST_CHOSEN: Final = 10
_MOST_GOODS: Final = 12
_ENDED: Final[dict[Hold, Promise]] = {Hold.USED: lazy("Used"), Hold.EXPIRED: lazy("Expired")}
_RESTS: Final[dict[Rest, Promise]] = {
    Rest.AHEAD: lazy("Its offer has not begun; it can be used from then on."),
    Rest.PAUSED: lazy("Its offer is paused; it can be used again once the offer goes on."),
    Rest.SPENT: lazy("Its offer is used up for now; it can be used again if something comes back."),
    Rest.ENDED: lazy("Its offer is over; it cannot be used any more."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Stub:
    """A coupon of the centre as a ticket.

    who      whom it is for; empty for everybody who is signed in
    percent  how much of it is claimed already; None if there is any number
    state    open, claimed, gone, others, or guest for somebody who is not signed in
    """

    one: Offered
    name: str
    face: str
    terms: str
    who: str
    percent: int | None
    state: str


@require_safe
def centre(request: ShopRequest) -> HttpResponse:
    """All coupons that can be claimed now. At most six statements."""
    visit = request.visit
    shopper = visit.shopper()
    person = shopper.person if shopper else ""
    found = queries.centre(visit.shop.code, person, at=clock.now())
    context = {"stubs": [_stub(one, visit.shop.code, is_known=bool(shopper)) for one in found], "shopper": shopper}
    return render(request, "storefront/coupons/centre.html", context)


@require_POST
@throttled("code", methods=("POST",))
def claim(request: ShopRequest) -> HttpResponse:
    """Take a coupon, and go back to where it was offered; a guest signs in first."""
    visit, back = request.visit, _next(request, otherwise=reverse("storefront:coupons"))
    if visit.shopper() is None:
        return HttpResponseRedirect(f"{reverse('storefront:sign_in')}?{urlencode({'next': back})}")
    try:
        actions.claim(batch_id=request.POST.get("batch", "")[:40], trail=visit.trail(), by=visit.by)
    except (AllClaimed, ClaimedBefore, NoSuchCoupon, NotForYou) as refused:
        messages.warning(request, words.refusal(refused))
    else:
        messages.success(request, _("It is yours. The cart uses the best of your coupons by itself."))
    return HttpResponseRedirect(back)


@require_POST
@throttled("code", methods=("POST",))
@signed_in
def type_in(request: ShopRequest, shopper: Shopper) -> HttpResponse:
    """Take a coupon by its code."""
    visit = request.visit
    try:
        actions.type_in(code=request.POST.get("code", "").replace("\x00", "")[:40], trail=visit.trail(), by=visit.by)
    except (ClaimedBefore, CouponRests, NoSuchCoupon) as refused:
        messages.warning(request, words.refusal(refused))
    else:
        messages.success(request, _("It is yours. The cart uses the best of your coupons by itself."))
    return HttpResponseRedirect(_next(request, otherwise=reverse("storefront:my_coupons")))


@require_safe
@signed_in
def mine(request: ShopRequest, shopper: Shopper) -> HttpResponse:
    """What the shopper holds, has used and let run out. Two statements."""
    shop = request.visit.shop.code
    found = queries.held(shop, shopper.person, at=clock.now())
    around = _around(shop, [one.rule for one in found])
    language = get_language() or "en"
    rows = [
        {
            "one": one,
            "name": one.name_en if language.startswith("en") else one.name_zh,
            "face": words.face(one.rule, around),
            "ended": _ENDED.get(one.state, ""),
            "rests": _RESTS[one.rests] if one.rests else "",
        }
        for one in found
    ]
    usable = [row for row in rows if not row["ended"]]
    return render(
        request,
        "storefront/coupons/mine.html",
        {"usable": usable, "past": [row for row in rows if row["ended"]], "shopper": shopper},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: ShopRequest) -> HttpResponseBase:
    """Use these coupons with what lies in the cart, none, or the best again; the page is shown again as it was typed.

    The button stands in the checkout's own form and sends all of it here, so nothing is lost without a script either.
    """
    if request.method != "POST":
        return redirect("storefront:checkout")
    asked = request.POST.get("coupons", "")
    chosen = None if asked == "best" else _ids(asked)
    actions.choose(coupons=chosen, trail=request.visit.trail())
    if "cart_version" not in request.POST:
        return redirect("storefront:cart")
    looked = request.POST.copy()
    looked["act"] = "look"
    request.POST = looked
    return checkout.checkout_page(request)


@require_safe
def offers(request: ShopRequest) -> HttpResponse:
    """What is on in the shop, and for which goods. At most two statements."""
    shop = request.visit.shop.code
    rules = queries.going_on(shop, at=clock.now())
    names, around = queries.names(shop), _around(shop, rules)
    shelves = {each.key: each.name for each in catalogue.categories(shop)}
    language = get_language() or "en"
    rows = [
        {
            "rule": rule,
            "name": names[rule.id].to(language),
            "terms": words.sentence(rule, around),
            "who": words.people(rule.audience, shop=shop),
            "shelves": [(key, shelves[key].to(language)) for key in sorted(rule.target.categories) if key in shelves],
            "goods": [(sku, around.titles[sku]) for sku in _goods(rule.target) if sku in around.titles],
        }
        for rule in rules
    ]
    return render(request, "storefront/coupons/offers.html", {"rows": rows})


def _stub(one: Offered, shop: str, *, is_known: bool) -> Stub:
    is_english = (get_language() or "en").startswith("en")
    percent = None
    if one.stock_units and one.left_units is not None:
        percent = 100 * (one.stock_units - one.left_units) // one.stock_units
    face, terms = words.face(one.rule, words.Around(shop=shop, names=queries.names(shop)))
    return Stub(
        one=one,
        name=one.name_en if is_english else one.name_zh,
        face=face,
        terms=terms,
        who=words.groups(list(one.tiers), [one.segment] if one.segment else [], shop=shop),
        percent=percent,
        state=_state(one, is_known=is_known),
    )


def _state(one: Offered, *, is_known: bool) -> str:
    if one.held_units >= one.per_person:
        return "claimed"
    if one.left_units == 0:
        return "gone"
    if not is_known:
        return "guest"
    return "open" if one.is_for_you else "others"


def _goods(target: Target) -> list[str]:
    """The SKUs that a promotion names, as many as a line holds."""
    return sorted(target.skus)[:_MOST_GOODS]


def _around(shop: str, rules: list[Rule] | tuple[Rule, ...]) -> words.Around:
    """The names of goods that these promotions speak of. One statement, none if they name none."""
    named = {sku for rule in rules for sku in (*_goods(rule.target), *words.goods_of(rule))}
    cards = catalogue.products(sorted(named)) if named else {}
    language = get_language() or "en"
    return words.Around(shop=shop, titles={sku: card.title.to(language) for sku, card in cards.items()})


def _ids(asked: str) -> set[str]:
    """The ids of coupons that a button names; what is none is passed over, so that no button means none."""
    found = set()
    for each in asked.split(",")[:_MOST_CHOSEN]:
        try:
            found.add(str(UUID(each)))
        except ValueError:
            continue
    return found


def _next(request: ShopRequest, *, otherwise: str) -> str:
    wanted = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=False)
    return wanted if wanted and is_ours else otherwise
