"""Buying together: opening a team, its page with faces, clock and card, taking a seat, ordering from it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from zhanggui.base import clock
from zhanggui.base.errors import Refused
from zhanggui.doors.storefront import forms, placing, team_words, teaming, words
from zhanggui.doors.storefront.addresses import absolute, picture_of
from zhanggui.doors.storefront.frame import frame, reading_of
from zhanggui.doors.storefront.pages.account import signed_in
from zhanggui.doors.storefront.throttle import throttled
from zhanggui.doors.storefront.visit import ShopRequest
from zhanggui.growth.teams import actions, queries
from zhanggui.growth.teams.errors import NoSuchOffer, NoSuchTeam
from zhanggui.growth.teams.rules import Sits, State, Team
from zhanggui.shop.cart import actions as cart
from zhanggui.shop.cart import queries as carts
from zhanggui.shop.cart.errors import CartFull, NotForSale, QuantityNotAllowed
from zhanggui.shop.checkout import queries as checkout
from zhanggui.shop.checkout.errors import NoSuchOption
from zhanggui.shop.checkout.rules import Wanted, promised_on
from zhanggui.shop.customers import queries as customers
from zhanggui.shop.customers.rules import Shopper
from zhanggui.shop.payments import queries as payments

# A picture that is opened by itself runs nothing and loads nothing but what it carries.
_CARD_POLICY: Final = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; sandbox"


@require_POST
@throttled("teams", methods=("POST",))
def open_team(request: ShopRequest, id: UUID) -> HttpResponse:
    """Open a team, and go to its page; whoever is not signed in does that first."""
    visit = request.visit
    try:
        offer = queries.offer(visit.shop.code, id)
    except NoSuchOffer as missing:
        raise Http404(str(id)) from missing
    here = reverse("storefront:product", args=[offer.sku])
    shopper = visit.shopper()
    if shopper is None:
        return _sign_in(here)
    try:
        code = actions.open_team(offer_id=id, customer_id=shopper.customer_id, trail=visit.trail(), by=visit.by)
    except Refused as refused:
        messages.warning(request, team_words.refusal(refused))
        return redirect(here)
    return redirect("storefront:team", code=code)


@require_safe
def team(request: ShopRequest, code: str) -> HttpResponse:
    """A team: what it buys, who sits in it, how long it has, and what whoever looks can do."""
    found, now, visit = _team(request, code), clock.now(), request.visit
    (row,) = teaming.shown((found,), persons=visit.persons, at=now) or (None,)
    if row is None:
        raise Http404(code)
    mine = found.seat_of(visit.visitor, now)
    path = f"/t/{found.code}/"
    context = frame(reading_of(request), path=path, is_indexed=False) | {
        "row": row,
        "team": found,
        "mine": mine,
        "can_join": found.can_be_joined(now) and mine is None,
        "is_over": found.state is State.FAILED or (found.state is State.OPEN and now >= found.ends_at),
        "must_order": mine is not None and mine.state is Sits.TAKEN,
        "holds_ms": teaming.millis(mine.holds_until) if mine and mine.holds_until else 0,
        "now_ms": teaming.millis(now),
        "link": absolute(path),
        "share_picture": absolute(picture_of(row.card)),
        "can_open_own": queries.offer_on(visit.shop.code, row.card.sku, at=now),
        "pieces": carts.pieces(visit.shop.code, visit.visitor),
        **(_till(request, found, now=now) if mine and mine.state is Sits.TAKEN else {}),
    }
    return render(request, "storefront/teams/team.html", context)


@require_POST
@throttled("teams", methods=("POST",))
def join(request: ShopRequest, code: str) -> HttpResponse:
    """Take a seat; whoever is not signed in does that first, and comes back."""
    here = reverse("storefront:team", args=[code])
    shopper = request.visit.shopper()
    if shopper is None:
        return _sign_in(here)
    found, visit = _team(request, code), request.visit
    try:
        actions.join(code=found.code, customer_id=shopper.customer_id, trail=visit.trail(), by=visit.by)
    except Refused as refused:
        messages.warning(request, team_words.refusal(refused))
    return redirect(here)


@require_POST
def leave(request: ShopRequest, code: str) -> HttpResponse:
    """Give up a seat that nothing was ordered from."""
    found, visit = _team(request, code), request.visit
    try:
        actions.leave(code=found.code, trail=visit.trail(), by=visit.by)
    except Refused as refused:
        messages.warning(request, team_words.refusal(refused))
    else:
        messages.success(request, _("Your seat is free for somebody else."))
    return redirect("storefront:team", code=found.code)


@require_POST
def to_checkout(request: ShopRequest, code: str) -> HttpResponse:
    """Lay the team's goods into the cart and go on to the checkout; with other goods in it they go by themselves."""
    found, visit = _team(request, code), request.visit
    sku = found.offer.sku
    others = [line for line in carts.cart(visit.shop.code, visit.visitor).lines if line.sku != sku]
    if others:
        messages.warning(
            request,
            _(
                "A team's order goes by itself, and other goods lie in your cart. Add an address to your account and "
                "order here, or empty the cart first."
            ),
        )
        return redirect("storefront:team", code=found.code)
    try:
        cart.change(sku=sku, quantity=_pieces(request, found), trail=visit.trail(), by=visit.by)
    except (CartFull, NotForSale, QuantityNotAllowed) as refused:
        messages.error(request, words.refusal(refused))
        return redirect("storefront:team", code=found.code)
    return placing.in_own_currency(redirect("storefront:checkout"))


@require_safe
def card(request: ShopRequest, code: str) -> HttpResponse:
    """The picture that is passed on."""
    found = _team(request, code)
    drawn = teaming.team_card(found, shop=request.visit.shop.name, language=request.LANGUAGE_CODE)
    return picture(drawn)


@require_safe
@signed_in
def mine(request: ShopRequest, shopper: Shopper) -> HttpResponse:
    """The teams of a shopper, newest first. At most eight statements."""
    now, shop = clock.now(), request.visit.shop.code
    found = queries.teams_of_person(shop, shopper.persons)
    orders = queries.orders_of(found, shopper.persons)
    context = {
        "rows": [
            {"row": row, "order": orders.get(row.team.id, "")}
            for row in teaming.shown(found, persons=shopper.persons, at=now)
        ],
        "now_ms": teaming.millis(now),
    }
    return render(request, "storefront/teams/mine.html", context)


def picture(svg: str) -> HttpResponse:
    """A card as an answer of its own."""
    response = HttpResponse(svg, content_type="image/svg+xml")
    response.headers["Cache-Control"] = "private, max-age=300"
    response.headers["Content-Security-Policy"] = _CARD_POLICY
    return response


def _till(request: ShopRequest, found: Team, *, now: datetime) -> dict[str, Any]:
    """What an order from the seat costs whoever is known, ready for one click; else only the way to the checkout."""
    visit = request.visit
    known = customers.known(visit.shop.code, visit.visitor)
    # The price of a team is agreed in the shop's own currency.
    currency = visit.shop.currency
    providers = payments.provider_names(currency)
    if known is None or known.address is None or not providers:
        return {}
    place = checkout.Place(country=known.address.country, region=known.address.region)
    wanted = [Wanted(sku=found.offer.sku, quantity=1)]
    try:
        offer = checkout.offer(visit.shop.code, visit.visitor, wanted, at=now, places=[place], currency=currency)
    except NoSuchOption:
        return {}
    if offer.quote is None:
        return {}
    return {
        "total": offer.quote.total,
        "shipping": offer.quote.shipping,
        "card": offer.cards[found.offer.sku],
        "quantity": 1,
        "arrives_by": promised_on(offer.stops[0].option, placed_on=clock.day_of(now, visit.shop.zone)),
        "address": known.address,
        "providers": [(name, words.provider(name)[0]) for name in providers],
        "key": forms.fresh_key(),
    }


def _team(request: ShopRequest, code: str) -> Team:
    try:
        return queries.team(request.visit.shop.code, code)
    except NoSuchTeam as missing:
        raise Http404(code) from missing


def _pieces(request: ShopRequest, found: Team) -> int:
    said = request.POST.get("quantity", "1")
    return min(max(int(said), 1), found.offer.most_units) if said.isascii() and said.isdigit() and len(said) < 3 else 1


def _sign_in(back: str) -> HttpResponse:
    return redirect(f"{reverse('storefront:sign_in')}?{urlencode({'next': back})}")
