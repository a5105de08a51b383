"""From what a shopper typed at the checkout to what the shop is asked: places, balances, what was confirmed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, cast

from django.http import HttpResponse

from zhanggui.base import clock
from zhanggui.base.database import together
from zhanggui.base.database.together import Question
from zhanggui.base.money import Money
from zhanggui.doors.storefront import forms
from zhanggui.doors.storefront.visit import ShopRequest
from zhanggui.shop.cart import queries as carts
from zhanggui.shop.cart.rules import Cart
from zhanggui.shop.checkout import queries as checkout
from zhanggui.shop.checkout.errors import NoSuchOption
from zhanggui.shop.checkout.queries import Counter
from zhanggui.shop.checkout.rules import Drop
from zhanggui.shop.customers import queries as customers
from zhanggui.shop.customers.rules import Entry, Known, address_faults, contact_faults
from zhanggui.shop.payments import queries as payments
from zhanggui.shop.payments.rules import Tender, TenderKind

MOST_PLACES: Final = 5
CURRENCY_COOKIE: Final = "currency"


@dataclass(frozen=True, slots=True, kw_only=True)
class Balances:
    """What could be paid without a provider.

    card      id of the gift card whose code was typed; empty if there is none of it
    """

    wallet: Money
    card: str
    card_balance: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """What is the shopper's, and nothing for a guest: addresses, and what can be paid from the wallet."""

    book: tuple[Entry, ...]
    wallet: Money


@dataclass(slots=True, kw_only=True)
class Asked:
    """A checkout form with its further places."""

    form: forms.CheckoutForm
    places: list[forms.PlaceForm]

    @property
    def all_places(self) -> list[forms.AddressForm]:
        """The first place and the further ones."""
        return [self.form, *self.places]

    def unjudged(self) -> Asked:
        """The same as typed, with nothing said about what is wrong with it."""
        return Asked(
            form=forms.CheckoutForm(initial=dict(self.form.data.items())),
            places=[forms.PlaceForm(initial=dict(p.data.items()), prefix=p.prefix) for p in self.places],
        )

    def is_right(self) -> bool:
        """Whether everything can be used; what cannot is marked at its place."""
        well = [form.is_valid() for form in self.all_places]
        if not all(well):
            return False
        if faults := contact_faults(self.form.contact):
            self.form.add_faults(faults)
        for form in self.all_places:
            if faults := address_faults(form.address):
                form.add_faults(faults)
        return not any(form.errors for form in self.all_places)

    def drops(self, units: dict[str, int]) -> tuple[Drop, ...]:
        """Where the pieces of the cart go: the further places get what was typed, the first one the rest."""
        if not self.places:
            return (Drop(address=self.form.address, option=self.form.cleaned_data["option"]),)
        given = [place.units(units) for place in self.places]
        rest = {sku: pieces - sum(part.get(sku, 0) for part in given) for sku, pieces in units.items()}
        kept = {sku: pieces for sku, pieces in rest.items() if pieces}
        return tuple(
            Drop(address=form.address, option=form.cleaned_data["option"], units=part)
            for form, part in zip(self.all_places, [kept, *given], strict=True)
        )


def asked(request: ShopRequest) -> Asked:
    """The form as it was sent, with one place more or fewer if a button says so."""
    said = request.POST
    number = said.get("places", "1")
    places = int(number) if number.isascii() and number.isdigit() and len(number) < 3 else 1
    places += {"more": 1, "fewer": -1}.get(said.get("act", ""), 0)
    further = range(2, min(max(places, 1), MOST_PLACES) + 1)
    return Asked(
        form=forms.CheckoutForm(said),
        places=[forms.PlaceForm(said, prefix=f"p{number}") for number in further],
    )


def currencies(request: ShopRequest) -> tuple[str, ...]:
    """What an order can be paid in today, the shop's own currency first."""
    shop = request.visit.shop
    return checkout.currencies(shop.code, on=clock.day_of(clock.now(), shop.zone))


def in_own_currency(response: HttpResponse) -> HttpResponse:
    """Have the checkout that follows be in the shop's own currency, in which a flash, group or presale price holds."""
    response.delete_cookie(CURRENCY_COOKIE, samesite="Lax")
    return response


def currency_of(request: ShopRequest) -> str:
    """The currency a shopper chose to pay in, if the shop takes it today; else the shop's own."""
    chosen = request.COOKIES.get(CURRENCY_COOKIE, "")
    own = request.visit.shop.currency
    return chosen if chosen and chosen != own and chosen in currencies(request) else own


def counter_of(request: ShopRequest, these: Asked | None, *, country: str = "", cart: Cart | None = None) -> Counter:
    """The cart with the sum for the places typed so far; a way that does not go there gives way to one that does.

    cart     as it was read a moment ago
    refuses  NoSuchOption if none goes to one of the places
    """
    try:
        return _counter_of(request, these, country=country, has_ways=True, cart=cart)
    except NoSuchOption:
        return _counter_of(request, these, country=country, has_ways=False, cart=cart)


def _counter_of(
    request: ShopRequest, these: Asked | None, *, country: str, has_ways: bool, cart: Cart | None
) -> Counter:
    visit, now, currency = request.visit, clock.now(), currency_of(request)
    asked = [form.place if has_ways else replace(form.place, option="") for form in these.all_places] if these else []
    if these is None or not these.places:
        places = asked or [checkout.Place(country=country)]
        person = visit.trail().person
        return checkout.counter(visit.shop.code, person, at=now, places=places, currency=currency, cart=cart)
    skus = [line.sku for line in carts.cart(visit.shop.code, visit.trail().person).lines]
    return checkout.counter_at(
        visit.shop.code,
        visit.trail().person,
        at=now,
        places=asked,
        given=[place.units(skus) for place in these.places],
        currency=currency,
    )


def known_of(request: ShopRequest) -> tuple[Known | None, Cart | None, Own | None]:
    """What the shopper need not type again, and the cart. One statement.

    If somebody may be signed in, it finds out who, and what is theirs.
    """
    visit = request.visit
    signed_in = visit.asked.question()
    person = visit.asked.person(otherwise=visit.browser)
    asked = (customers.known_asked(visit.shop.code, person), carts.cart_asked(visit.shop.code, person))
    if signed_in is None:
        known, cart = together.ask(*asked)
        return known, cart, None
    known, cart, book, wallet, shopper = together.ask(*asked, *_own_asked(request), signed_in)
    visit.asked.tell(shopper)
    return known, cart, Own(book=book, wallet=wallet)


def own_of(request: ShopRequest) -> Own:
    """What is the shopper's. One statement; none for a guest."""
    if not request.visit.is_signed_in:
        return Own(book=(), wallet=Money.zero(request.visit.shop.currency))
    book, wallet = together.ask(*_own_asked(request))
    return Own(book=book, wallet=wallet)


def _own_asked(request: ShopRequest) -> tuple[Question[tuple[Entry, ...]], Question[Money]]:
    shop, customer = request.visit.shop, request.visit.asked.customer()
    return customers.book_asked(customer), payments.wallet_asked(shop.code, customer, currency=shop.currency)


def book_of(request: ShopRequest) -> tuple[Entry, ...]:
    """The shopper's addresses, none for a guest. One statement, which finds out who is signed in as well."""
    asked = request.visit.asked
    signed_in = asked.question()
    if signed_in is None:
        shopper = asked()
        return customers.address_book(shopper.customer_id) if shopper else ()
    book, shopper = together.ask(customers.book_asked(asked.customer()), signed_in)
    asked.tell(shopper)
    return cast("tuple[Entry, ...]", book)


def balances(request: ShopRequest, *, wallet: Money, code: str, currency: str) -> Balances:
    """The shopper's wallet and the gift card whose code was typed; nothing where they are in another currency."""
    zero = Money.zero(currency)
    card = payments.gift_card(request.visit.shop.code, code) if code.strip() else None
    is_good = card is not None and card.is_good(at=clock.now()) and card.balance.currency == currency
    return Balances(
        wallet=wallet if wallet.currency == currency else zero,
        card=card.id if card and is_good else "",
        card_balance=card.balance if card and is_good else zero,
    )


def tenders(have: Balances, *, due: Money, customer_id: str, with_wallet: bool) -> tuple[Tender, ...]:
    """What the gift card pays, then the wallet if it is wanted; never more than is due."""
    zero = Money.zero(due.currency)
    from_card = min(have.card_balance, due)
    from_wallet = min(have.wallet, due - from_card) if with_wallet else zero
    parts = (
        Tender(kind=TenderKind.GIFT_CARD, holder=have.card, amount=from_card),
        Tender(kind=TenderKind.WALLET, holder=customer_id, amount=from_wallet),
    )
    return tuple(part for part in parts if part.amount)
