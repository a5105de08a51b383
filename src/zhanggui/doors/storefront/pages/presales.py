"""Presales in the shop: what can be reserved, paying a deposit, and a shopper's own reservations up to the balance."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhanggui.base import clock
from zhanggui.base.errors import Refused
from zhanggui.base.money import Money
from zhanggui.base.operation.errors import KeyReused
from zhanggui.doors.storefront import flashing, forms, placing, presaling
from zhanggui.doors.storefront import presale_words as words
from zhanggui.doors.storefront import words as shop_words
from zhanggui.doors.storefront.pages.account import signed_in
from zhanggui.doors.storefront.pages.paying import to_provider
from zhanggui.doors.storefront.throttle import throttled
from zhanggui.doors.storefront.visit import ShopRequest
from zhanggui.growth.presale import actions, queries
from zhanggui.growth.presale.errors import NoSuchPresale, NoSuchReservation
from zhanggui.growth.presale.queries import Mine, Shown
from zhanggui.growth.presale.rules import Phase
from zhanggui.shop.cart import actions as cart
from zhanggui.shop.cart import queries as carts
from zhanggui.shop.catalogue import queries as catalogue
from zhanggui.shop.customers import queries as customers
from zhanggui.shop.customers.rules import Entry, Shopper
from zhanggui.shop.payments import queries as payments


@require_safe
def presales(request: ShopRequest) -> HttpResponse:
    """What can be reserved now or soon. At most four statements."""
    shop, now = request.visit.shop.code, clock.now()
    found = queries.taking_deposits(shop, at=now)
    cards = catalogue.products(sorted({one.terms.sku for one in found})) if found else {}
    rows = [presaling.offer(one, cards[one.terms.sku], at=now) for one in found if one.terms.sku in cards]
    context = {"offers": sorted(rows, key=lambda row: row.phase is Phase.SOON), "now_ms": flashing.millis(now)}
    return render(request, "storefront/presale/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@throttled("checkout", methods=("POST",))
def presale(request: ShopRequest, id: UUID) -> HttpResponse:
    """One presale with its steps, its sums and the law in plain words; whoever is signed in pays the deposit here."""
    shown = _presale(request, id)
    shopper = request.visit.shopper()
    if request.method == "POST":
        if shopper is None:
            return redirect(f"{reverse('storefront:sign_in')}?next={request.path}")
        return _reserve(request, shopper, shown)
    return _page(request, shown, shopper, units=_whole(request.GET.get("units", "1")))


@require_safe
@signed_in
def mine(request: ShopRequest, shopper: Shopper) -> HttpResponse:
    """What a shopper has reserved, newest first, each with its next step. At most four statements."""
    now = clock.now()
    found = queries.mine(request.visit.shop.code, shopper.person)
    cards = catalogue.products(sorted({one.sku for one in found})) if found else {}
    rows = [presaling.row(one, cards.get(one.sku), at=now) for one in found]
    return render(request, "storefront/presale/mine.html", {"rows": rows, "now_ms": flashing.millis(now)})


@require_safe
@signed_in
def one(request: ShopRequest, shopper: Shopper, id: UUID) -> HttpResponse:
    """One reservation: where it stands, what it costs, and what is next. At most four statements."""
    found = _mine(request, shopper, id)
    now = clock.now()
    card = catalogue.products([found.sku]).get(found.sku)
    context = {
        "row": presaling.row(found, card, at=now),
        "sums": presaling.Sums.of(found.presale.terms, found.units),
        "terms": found.presale.terms,
        "now_ms": flashing.millis(now),
    }
    return render(request, "storefront/presale/mine_one.html", context)


@require_POST
@throttled("checkout", methods=("POST",))
@signed_in
def balance(request: ShopRequest, shopper: Shopper, id: UUID) -> HttpResponse:
    """Put what was reserved into the cart and go on to the ordinary checkout, where the balance is its price."""
    found, visit = _mine(request, shopper, id), request.visit
    if not found.can_pay_balance(clock.now()):
        messages.warning(request, words.next_step(found, at=clock.now()))
        return redirect("storefront:presale_mine", id=id)
    lying = {line.sku: line.quantity for line in carts.cart(visit.shop.code, shopper.person).lines}
    reserved = sum(each.units for each in queries.mine(visit.shop.code, shopper.person) if _is_same(each, found))
    try:
        if lying.get(found.sku, 0) < reserved:
            cart.change(sku=found.sku, quantity=reserved, trail=visit.trail(), by=visit.by)
    except Refused as refused:
        messages.warning(request, words.refusal(refused))
        return redirect("storefront:presale_mine", id=id)
    return placing.in_own_currency(redirect("storefront:checkout"))


def _reserve(request: ShopRequest, shopper: Shopper, shown: Shown) -> HttpResponse:
    visit, said = request.visit, request.POST
    units = _whole(said.get("units", "1"))
    entry = _entry(shopper, said.get("entry", ""))
    if entry is None:
        messages.warning(request, _("Say where it is to go, please."))
        return redirect(f"{request.path}?units={units}")
    first = Money(_whole(said.get("first_minor", "")), shown.terms.price.currency)
    try:
        reserved = actions.reserve(
            presale_id=str(shown.id),
            units=units,
            first_seen=first,
            address=entry.address,
            has_agreed=said.get("agree") == "yes",
            provider=said.get("provider", "")[:40],
            language=request.LANGUAGE_CODE,
            idempotency_key=f"{shopper.person}/{said.get('key', '')}"[:200],
            trail=visit.trail(),
            by=visit.by,
        )
    except KeyReused:
        messages.warning(request, _("It has moved on meanwhile; please look again."))
        return redirect(f"{request.path}?units={units}")
    except Refused as refused:
        messages.warning(request, words.refusal(refused))
        return redirect(f"{request.path}?units={units}")
    return to_provider(
        request,
        payment_id=reserved.payment_id,
        order_number=reserved.order_number,
        provider=said.get("provider", "")[:40],
    )


def _page(request: ShopRequest, shown: Shown, shopper: Shopper | None, *, units: int) -> HttpResponse:
    now = clock.now()
    card = catalogue.products([shown.terms.sku])[shown.terms.sku]
    taken = queries.taken(shown.id, shopper.person) if shopper else 0
    may = presaling.choices(shown, taken=taken)
    units = units if units in may else 1
    providers = payments.provider_names(shown.terms.price.currency)
    context = {
        "offer": presaling.offer(shown, card, at=now, units=units),
        "terms": shown.terms,
        "units": units,
        "choices": may,
        "taken": taken,
        "is_signed_in": shopper is not None,
        "book": customers.address_book(shopper.customer_id) if shopper else (),
        "providers": [(name, shop_words.provider(name)[0]) for name in providers],
        "key": forms.fresh_key(),
        "now_ms": flashing.millis(now),
    }
    return render(request, "storefront/presale/one.html", context)


def _presale(request: ShopRequest, id: UUID) -> Shown:
    try:
        return queries.presale(request.visit.shop.code, id)
    except NoSuchPresale as missing:
        raise Http404(id) from missing


def _mine(request: ShopRequest, shopper: Shopper, id: UUID) -> Mine:
    try:
        return queries.one(request.visit.shop.code, id, person=shopper.person)
    except NoSuchReservation as missing:
        raise Http404(id) from missing


def _is_same(each: Mine, found: Mine) -> bool:
    """Whether the price layer takes both at once: the same goods, both open."""
    return each.sku == found.sku and each.can_pay_balance(clock.now())


def _entry(shopper: Shopper, said: str) -> Entry | None:
    book = customers.address_book(shopper.customer_id)
    return next((entry for entry in book if str(entry.id) == said), None)


def _whole(said: str) -> int:
    return int(said) if said.isascii() and said.isdigit() and len(said) < 12 else 0
