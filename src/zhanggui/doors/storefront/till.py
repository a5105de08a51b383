"""What the checkout page shows: the form, the sum and why, what a wallet or a card pays, and the days it takes."""

from __future__ import annotations

from datetime import date
from typing import Any

from zhanggui.base import clock
from zhanggui.base.money import Money
from zhanggui.doors.storefront import baskets, forms, offers, placing, sights, words
from zhanggui.doors.storefront.visit import ShopRequest
from zhanggui.shop.catalogue.rules import Card
from zhanggui.shop.checkout.queries import Counter
from zhanggui.shop.checkout.rules import Option, promised_on
from zhanggui.shop.payments import queries as payments
from zhanggui.shop.returns.rules import has_to_be_confirmed


def shown(
    request: ShopRequest, these: placing.Asked, counter: Counter, *, is_known: bool, own: placing.Own | None = None
) -> dict[str, Any]:
    """All that the page needs to know about a cart that can be ordered.

    own  what is the shopper's, as it was read a moment ago
    """
    checkout_id, said = str(counter.cart.id or ""), offers.told(counter)
    own = own or placing.own_of(request)
    return {
        **_ways_to_pay(request, these.form, counter, own.wallet),
        "form": these.form,
        "places": these.places,
        "is_known": is_known,
        "book": own.book,
        "option": counter.stops[0].option.key,
        "options": tuple((each, _promise(each, request)) for each in counter.options),
        "exceptions": _exceptions(request, counter),
        "fresh": _fresh(these, counter),
        "provinces": forms.PROVINCES,
        "counter": counter,
        "currencies": placing.currencies(request),
        "rows": baskets.rows_of(counter),
        "offers": said,
        "sum_lines": baskets.sum_lines(counter.quote, said.names) if counter.quote else (),
        "sight_steps": [sights.step_completed(checkout_id=checkout_id, step=step) for step in (1, 2, 3, 4)],
        "pieces": counter.cart.pieces,
    }


def _exceptions(request: ShopRequest, counter: Counter) -> list[Card]:
    """The goods of which the shopper is asked to know that they do not come back without a reason."""
    law = request.visit.shop.law
    return [
        card
        for card in counter.cards.values()
        if has_to_be_confirmed(card.no_reason_exception, needs_shipping=card.needs_shipping, law=law)
    ]


def _ways_to_pay(request: ShopRequest, form: forms.CheckoutForm, counter: Counter, wallet: Money) -> dict[str, Any]:
    """Providers by name, what a gift card and the wallet take over, and what is left for the provider."""
    total = counter.quote.total if counter.quote else Money.zero(request.visit.shop.currency)
    code = str(form["gift_card"].value() or "")
    have = placing.balances(request, wallet=wallet, code=code, currency=total.currency)
    customer_id, with_wallet = str(request.visit.customer_id or ""), bool(form["wallet"].value())
    paid = placing.tenders(have, due=total, customer_id=customer_id, with_wallet=with_wallet)
    names, chosen = payments.provider_names(total.currency), str(form["provider"].value() or "")
    return {
        "providers": tuple((name, *words.provider(name)) for name in names),
        "not_for_this": tuple(_only_takes(name) for name in payments.provider_names() if name not in names),
        "provider": chosen if chosen in names else next(iter(names), ""),
        "have": have,
        "tenders": paid,
        "left": total - Money.total((part.amount for part in paid), total.currency),
    }


def _only_takes(name: str) -> tuple[str, str]:
    """What a way to pay is called, and the currencies that it takes."""
    return words.provider(name)[0], ", ".join(sorted(payments.provider(name).limits.currencies))


def _fresh(these: placing.Asked, counter: Counter) -> dict[str, Any]:
    """What every showing of the form has anew: what was seen, and the key that makes it at most one order."""
    return {
        "cart_version": counter.cart.version,
        "total_minor": counter.quote.total.minor if counter.quote else 0,
        "currency": counter.quote.total.currency if counter.quote else "",
        "key": forms.fresh_key(),
        "places": 1 + len(these.places),
    }


def _promise(option: Option, request: ShopRequest) -> date:
    """The day by which a way to deliver brings the goods."""
    return promised_on(option, placed_on=clock.day_of(clock.now(), request.visit.shop.zone))
