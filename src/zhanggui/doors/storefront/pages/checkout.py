"""The one-page checkout: where, how, pay, check; and the one click of a returning shopper."""

from __future__ import annotations

from dataclasses import replace

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_POST

from zhanggui.base import clock
from zhanggui.base.ledger.errors import Overdrawn
from zhanggui.base.money import Money
from zhanggui.base.operation.errors import KeyReused
from zhanggui.base.rates.errors import NoRate
from zhanggui.doors.storefront import forms, framed, placing, sights, till, words
from zhanggui.doors.storefront.pages.paying import to_provider
from zhanggui.doors.storefront.throttle import throttled
from zhanggui.doors.storefront.visit import ShopRequest
from zhanggui.growth.flash.errors import LimitReached, NoEntry, QuotaGone
from zhanggui.growth.membership.errors import NotEnoughPoints
from zhanggui.growth.presale.errors import BalanceAsked, BalanceNotWhole
from zhanggui.growth.promotions.errors import CouponGone, PromotionGone
from zhanggui.growth.teams.errors import SeatGone
from zhanggui.shop.cart import queries as carts
from zhanggui.shop.cart.errors import CartMoved
from zhanggui.shop.checkout import actions
from zhanggui.shop.checkout.errors import (
    CartEmpty,
    NoSuchOption,
    NotDeliverable,
    QuoteChanged,
    SplitNotAllowed,
    TenderNotAllowed,
)
from zhanggui.shop.checkout.rules import Drop, Placed
from zhanggui.shop.customers import queries as customers
from zhanggui.shop.customers.errors import AddressIncomplete, ContactIncomplete
from zhanggui.shop.customers.rules import Contact, Known
from zhanggui.shop.payments import queries as payments
from zhanggui.shop.payments.errors import (
    GiftCardEnded,
    NoSuchProvider,
    NotEnough,
)
from zhanggui.supply.stock.errors import OutOfStock

_KEPT = (
    BalanceAsked,
    BalanceNotWhole,
    CartMoved,
    CouponGone,
    GiftCardEnded,
    LimitReached,
    NoEntry,
    NotEnough,
    NotEnoughPoints,
    NoRate,
    NoSuchOption,
    NoSuchProvider,
    NotDeliverable,
    OutOfStock,
    Overdrawn,
    PromotionGone,
    QuotaGone,
    QuoteChanged,
    SeatGone,
    SplitNotAllowed,
    TenderNotAllowed,
)
_NOT_THERE = lazy("We do not deliver to that country yet. Your cart is kept; please choose another address.")
_REUSED = lazy("This order has been placed already. Here it is.")


@require_http_methods(["GET", "HEAD", "POST"])
@throttled("checkout", methods=("POST",))
def checkout_page(request: ShopRequest) -> HttpResponse:
    """Show the form, look at the sum again, or place the order and send the shopper off to pay."""
    if request.method != "POST":
        return _show(request)
    these = placing.asked(request)
    return _show(request, these=these, is_looking=True) if request.POST.get("act") else _place(request, these)


@require_POST
@throttled("checkout", methods=("POST",))
def buy_now(request: ShopRequest) -> HttpResponse:
    """Order one article with what we know of the shopper: one click, and off to pay.

    Whoever is not known well enough, or is shown another sum than on the page, goes through the checkout instead.
    """
    visit = request.visit
    form = forms.NowForm(request.POST)
    known = customers.known(visit.shop.code, visit.trail().person)
    if not form.is_valid() or known is None or known.address is None:
        return redirect("storefront:checkout")
    said = form.cleaned_data
    try:
        placed = actions.order_now(
            sku=said["sku"],
            quantity=said["quantity"],
            total_seen=Money(said["total_minor"], said["currency"]),
            contact=_reached(known),
            drop=Drop(address=known.address),
            provider=said["provider"],
            language=request.LANGUAGE_CODE[:2],
            idempotency_key=str(said["key"]),
            trail=visit.trail(),
            by=visit.by,
        )
    except (KeyReused, *_KEPT) as refused:
        messages.warning(request, words.refusal(refused) if not isinstance(refused, KeyReused) else _REUSED)
        return redirect("storefront:product", sku=said["sku"])
    return to_provider(
        request, payment_id=placed.payment_id, order_number=placed.order_number, provider=said["provider"]
    )


def _reached(known: Known) -> Contact:
    """How to reach a shopper; whoever gave an account no name is called as the parcel is."""
    contact, address = known.contact, known.address
    return replace(contact, name=contact.name or address.recipient, phone=contact.phone or address.phone)


def _place(request: ShopRequest, these: placing.Asked) -> HttpResponse:
    form = these.form
    if known := _chosen(request, form):
        form.data = {**dict(form.data.items()), **known}
    if not these.is_right():
        return _show(request, these=these, status=422)
    asked_at = clock.now()
    try:
        placed = _order(request, these)
    except (ContactIncomplete, AddressIncomplete) as refused:
        form.add_faults(refused.fields)
        return _show(request, these=these, status=422)
    except CartEmpty:
        return redirect("storefront:cart")
    except KeyReused:
        messages.warning(request, _REUSED)
        return redirect("storefront:orders")
    except _KEPT as refused:
        form.add_refusal(refused)
        return _show(request, these=these, status=409)
    # A key that was used before gives the answer of then, and the order may have ended since.
    is_new = placed.begun is not None and placed.begun.at > asked_at
    return to_provider(
        request,
        payment_id=placed.payment_id,
        order_number=placed.order_number,
        provider=form.cleaned_data["provider"],
        begun=placed.begun if is_new else None,
    )


def _order(request: ShopRequest, these: placing.Asked) -> Placed:
    visit, said = request.visit, these.form.cleaned_data
    total = Money(said["total_minor"], said["currency"] or visit.shop.currency)
    has_wallet = said["wallet"] and visit.customer_id
    wallet = payments.wallet(visit.shop.code, str(visit.customer_id)) if has_wallet else Money.zero(total.currency)
    have = placing.balances(request, wallet=wallet, code=said["gift_card"], currency=total.currency)
    # Only what goes to several places is shared out, for which the cart must be known.
    lines = carts.cart(visit.shop.code, visit.trail().person).lines if these.places else ()
    units = {line.sku: line.quantity for line in lines}
    return actions.place_order(
        cart_version=said["cart_version"],
        total_seen=total,
        contact=these.form.contact,
        drops=these.drops(units),
        provider=said["provider"],
        tenders=placing.tenders(have, due=total, customer_id=str(visit.customer_id or ""), with_wallet=said["wallet"]),
        confirmed=frozenset(request.POST.getlist("confirmed")),
        note=said["note"],
        language=request.LANGUAGE_CODE[:2],
        idempotency_key=str(said["key"]),
        trail=visit.trail(),
        by=visit.by,
    )


def _chosen(request: ShopRequest, form: forms.CheckoutForm) -> dict[str, str]:
    """The parts of the address that was chosen from the shopper's own; none if one was typed."""
    chosen = form.data.get("known")
    book = placing.book_of(request) if chosen else ()
    kept = next((each for each in book if str(each.id) == chosen), None)
    return {part: getattr(kept.address, part) for part in forms.PARTS} if kept else {}


def _show(
    request: ShopRequest, *, these: placing.Asked | None = None, status: int = 200, is_looking: bool = False
) -> HttpResponse:
    """The form around the cart as it is now; sum, version and key are always fresh, what was typed is kept.

    is_looking  the shopper only wants to see the sum again: nothing is wrong yet
    """
    known, cart, own = placing.known_of(request) if these is None else (None, None, None)
    initial = forms.blank(known=known, providers=payments.provider_names(), language=request.LANGUAGE_CODE)
    try:
        counter = placing.counter_of(request, these, country=initial["country"], cart=cart)
    except NoSuchOption:
        messages.warning(request, _NOT_THERE)
        counter = placing.counter_of(request, None)
    if not counter.can_be_ordered or counter.quote is None:
        for said in these.form.non_field_errors() if these and not is_looking else ():
            messages.error(request, str(said))
        return redirect("storefront:cart")
    is_blank = these is None and known is None
    if these is None:
        these = placing.Asked(form=forms.CheckoutForm(initial=initial), places=[])
    elif is_looking:
        these = these.unjudged()
    context = till.shown(request, these, counter, is_known=known is not None and known.address is not None, own=own)
    # Nobody typed anything yet and nothing is known: the same for every guest.
    context["is_blank"] = is_blank
    if status == 200 and not is_looking:
        context["sight"] = sights.checkout_started(counter)
    return framed.page(request, "storefront/checkout.html", context, tells=("sight",), status=status)
