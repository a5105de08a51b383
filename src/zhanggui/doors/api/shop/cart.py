"""The cart, what it costs, and turning it into an order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.utils.translation import get_language
from ninja import Router, Status

from zhanggui.base import clock
from zhanggui.base.money import Money
from zhanggui.doors.api import once
from zhanggui.doors.api.askers import ApiRequest, Visitor, VisitorToken
from zhanggui.doors.api.documented import KEYED, reading, writing
from zhanggui.doors.api.shapes import coupons as choices
from zhanggui.doors.api.shapes import shop as shapes
from zhanggui.doors.api.shapes.common import Country, Currency, Line, Sku
from zhanggui.doors.api.shop.orders import router as orders
from zhanggui.growth.membership import actions as membership
from zhanggui.growth.promotions import actions as promoting
from zhanggui.growth.promotions import queries as promotions
from zhanggui.growth.promotions.rules import Applied, Rejected
from zhanggui.shop.cart import actions
from zhanggui.shop.checkout import actions as checkout
from zhanggui.shop.checkout import queries as counters
from zhanggui.shop.checkout.queries import Counter, Place
from zhanggui.shop.checkout.rules import Drop, Option, Quote, promised_on
from zhanggui.shop.customers.rules import Address, Contact
from zhanggui.shop.payments import queries as payments
from zhanggui.shop.payments.errors import NoSuchGiftCard, TenderNotAllowed
from zhanggui.shop.payments.rules import Tender, TenderKind

router: Final = Router(tags=["Cart and checkout"], auth=VisitorToken())


@router.get("/cart", response=reading(shapes.Cart))
def cart(request: ApiRequest, country: Country = "", region: Line = "", currency: Currency = "") -> Any:
    """The cart, what it costs there, and the ways to deliver."""
    place = Place(country=country, region=region)
    return seen(request.visitor, [place], [], currency=currency)


@router.post("/cart/lines", response=writing(shapes.Cart), openapi_extra=KEYED)
def add(request: ApiRequest, said: shapes.LineAdded) -> Any:
    """Lay pieces aside, on top of those that are."""
    visitor = request.visitor
    actions.add(sku=said.sku, quantity=said.quantity, trail=visitor.trail, by=visitor.by)
    return seen(visitor, [Place()], [])


@router.put("/cart/lines/{sku}", response=writing(shapes.Cart), openapi_extra=KEYED)
def change(request: ApiRequest, sku: Sku, said: shapes.Quantity) -> Any:
    """Have exactly so many pieces in the cart."""
    visitor = request.visitor
    actions.change(sku=sku, quantity=said.quantity, trail=visitor.trail, by=visitor.by)
    return seen(visitor, [Place()], [])


@router.delete("/cart/lines/{sku}", response=writing(shapes.Cart))
def remove(request: ApiRequest, sku: Sku) -> Any:
    """Take a SKU out of the cart; nothing happens if it is not in it."""
    visitor = request.visitor
    actions.remove(sku=sku, trail=visitor.trail, by=visitor.by)
    return seen(visitor, [Place()], [])


@router.put("/cart/coupons", response=writing(shapes.Cart), openapi_extra=KEYED)
def choose_coupons(request: ApiRequest, said: choices.CouponsChosen) -> Any:
    """Use these coupons with the cart, none, or the best ones again; what does not apply says why among `rejected`."""
    visitor = request.visitor
    chosen = None if said.coupons is None else {str(each) for each in said.coupons}
    promoting.choose(coupons=chosen, trail=visitor.trail)
    return seen(visitor, [Place()], [])


@router.put("/cart/points", response=writing(shapes.Cart), openapi_extra=KEYED)
def choose_points(request: ApiRequest, said: choices.PointsChosen) -> Any:
    """Use points with the cart, or none; the adjustment of the step `points` says what they pay. Needs a sign-in."""
    visitor = request.visitor
    visitor.customer()
    membership.choose_points(shop=visitor.shop.code, person=visitor.person, units=said.points)
    return seen(visitor, [Place()], [])


@router.post("/quote", response=writing(shapes.Cart))
def quote(request: ApiRequest, said: shapes.QuoteAsked) -> Any:
    """What the cart would cost, sent to these places; nothing is changed, so no key is needed.

    The further places get the units that are given for them, the first one the rest.
    """
    places = [Place(country=each.country, region=each.region, option=each.option) for each in said.places]
    given = [dict(each.units) for each in said.places[1:]]
    return seen(request.visitor, places or [Place()], given, currency=said.currency)


@orders.post("/orders", response=writing(shapes.Placed, status=201), openapi_extra=KEYED)
def place_order(request: ApiRequest, said: shapes.OrderAsked) -> Any:
    """Turn the cart into an order and hold its stock for half an hour; then send the shopper off to pay.

    What wallet and gift cards pay is taken at once; if they pay all of it, the order is paid.
    """
    visitor, total = request.visitor, said.total.money
    tenders = tuple(_tender(visitor, each, due=total) for each in said.tenders)
    placed = checkout.place_order(
        cart_version=said.cart_version,
        total_seen=total,
        contact=Contact(**said.contact.model_dump()),
        drops=tuple(
            Drop(address=Address(**each.address.model_dump()), option=each.option, units=each.units)
            for each in said.drops
        ),
        provider=said.provider,
        tenders=tenders,
        confirmed=frozenset(said.confirmed),
        note=said.note,
        language=(get_language() or "")[:2],
        idempotency_key=once.key_of(request),
        trail=visitor.trail,
        by=visitor.by,
    )
    left = total - Money.total((tender.amount for tender in tenders), total.currency)
    return Status(201, {"order_number": placed.order_number, "payment_id": placed.payment_id, "left": left})


def _tender(visitor: Visitor, said: shapes.TenderAsked, *, due: Money) -> Tender:
    """What the wallet or a gift card pays.

    refuses  SignInNeeded, NoSuchGiftCard, TenderNotAllowed for another currency than the order's
    """
    amount = said.amount.money
    if said.kind is TenderKind.WALLET:
        holder = str(visitor.customer().customer_id)
    elif card := payments.gift_card(visitor.shop.code, said.code):
        holder = card.id
    else:
        raise NoSuchGiftCard(ending=said.code.strip()[-4:])
    if amount.currency != due.currency:
        raise TenderNotAllowed(kind=said.kind, holder=holder, reason="currency")
    return Tender(kind=said.kind, holder=holder, amount=amount)


def seen(
    visitor: Visitor, places: Sequence[Place], given: Sequence[dict[str, int]], *, currency: str = ""
) -> dict[str, Any]:
    """A shopper's cart as it is answered, sent to these places.

    given  units by SKU for the further places; the first one gets the rest
    """
    now, shop = clock.now(), visitor.shop
    if given:
        found = counters.counter_at(
            shop.code, visitor.person, at=now, places=places, given=given, currency=currency or shop.currency
        )
    else:
        found = counters.counter(shop.code, visitor.person, at=now, places=places, currency=currency)
    today = clock.day_of(now, shop.zone)
    return {
        "version": found.cart.version,
        "lines": list(found.cart.lines),
        "pieces": found.cart.pieces,
        "quote": _quote(found, found.quote) if found.quote else None,
        "gone": list(found.gone),
        "shortages": list(found.shortages),
        "options": [
            {
                "key": each.key,
                "name": _named(each),
                "rate": each.rate,
                "free_from": each.free_from,
                "promised_on": promised_on(each, placed_on=today),
            }
            for each in found.options
        ],
        "providers": list(payments.provider_names(currency or shop.currency)),
        "can_be_ordered": found.can_be_ordered,
    }


def _named(option: Option) -> dict[str, str]:
    return {"zh": option.name_zh, "en": option.name_en}


def _quote(seen: Counter, found: Quote) -> dict[str, Any]:
    sums = ("adjustments", "goods", "discount", "shipping", "tax", "tax_included", "total")
    lines = [
        {
            "sku": line.sku,
            "title": seen.cards[line.sku].title,
            "variant": seen.cards[line.sku].variant,
            **{name: getattr(line, name) for name in ("destination", "quantity", "list_price", "discount", "amount")},
        }
        for line in found.lines
    ]
    return {"lines": lines, **_offers(found), **{name: getattr(found, name) for name in sums}}


def _offers(found: Quote) -> dict[str, Any]:
    """What promotions and coupons did to a price that was made just now, and why others did nothing."""
    said = promotions.said_of(found.basket)
    if said is None:
        return {"applied": [], "rejected": [], "gifts": []}
    names = promotions.names(found.basket.shop)
    same = ("kind", "coupon")
    why = (*same, "reason", "missing", "missing_units", "by")

    def told(each: Applied | Rejected, parts: tuple[str, ...]) -> dict[str, Any]:
        called = names.get(each.rule)
        name = {"zh": called.zh, "en": called.en} if called else {"zh": "", "en": ""}
        return {"promotion": each.rule, "name": name, **{part: getattr(each, part) for part in parts}}

    return {
        "applied": [told(each, (*same, "amount")) for each in said.applied],
        "rejected": [told(each, why) for each in said.rejected],
        "gifts": [{"promotion": each.rule, "sku": each.sku, "units": each.units} for each in said.quoted.gifts],
    }
