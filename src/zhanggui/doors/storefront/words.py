"""What the shop's rooms say in codes, said in sentences: reasons of a price, refusals, steps of an order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from zhanggui.base.errors import Refused
from zhanggui.base.look import formats
from zhanggui.base.money import Money
from zhanggui.shop.cart import errors as cart
from zhanggui.shop.catalogue.rules import Sort
from zhanggui.shop.checkout import errors as checkout
from zhanggui.shop.checkout.rules import Adjustment
from zhanggui.shop.orders import errors as orders
from zhanggui.shop.orders.rules import State
from zhanggui.shop.payments import errors as payments
from zhanggui.supply.stock import errors as stock

SORTS: Final = {
    Sort.SALES: lazy("Best selling"),
    Sort.NEWEST: lazy("Newest"),
    Sort.CHEAPEST: lazy("Price: low to high"),
    Sort.DEAREST: lazy("Price: high to low"),
    Sort.RATING: lazy("Best rated"),
}

_REASONS: Final = {
    "flat_rate": lazy("Delivery fee"),
    "free_from": lazy("Free delivery"),
}

_STEPS: Final = {
    "shop.order_placed": lazy("Order placed"),
    "shop.payment_started": lazy("Payment started"),
    "shop.payment_settled": lazy("Payment received"),
    "shop.payment_failed": lazy("Payment did not go through"),
    "shop.order_cancelled": lazy("Order cancelled"),
    "shop.order_expired": lazy("Not paid in time; the order was closed"),
    "shop.parcel_shipped": lazy("Parcel shipped"),
    "shop.parcel_delivered": lazy("Parcel delivered"),
    "shop.return_received": lazy("Return received"),
    "shop.refund_settled": lazy("Refund paid out"),
}

_STATES: Final = {
    State.AWAITING_PAYMENT: lazy("Awaiting payment"),
    State.PAID: lazy("Paid"),
    State.CANCELLED: lazy("Cancelled"),
    State.EXPIRED: lazy("Closed, not paid in time"),
}

_PROVIDERS: Final = {
    "sandbox": (lazy("Trial payment"), lazy("A practice gateway: nothing is charged")),
    "alipay": (lazy("Alipay"), ""),
    "wechatpay": (lazy("WeChat Pay"), ""),
    "stripe": (lazy("Bank card"), ""),
}


def reason(adjustment: Adjustment) -> str:
    """Why a sum is what it is, as the name of its line; a reason that has no words yet keeps its code."""
    return str(_REASONS.get(adjustment.reason, adjustment.reason.replace("_", " ")))


def step(name: str) -> str:
    """What happened to an order; empty for what a shopper need not know."""
    return str(_STEPS.get(name, ""))


def state(state: State) -> str:
    """How an order stands."""
    return str(_STATES[state])


def provider(name: str) -> tuple[str, str]:
    """What a way to pay is called, and what there is to say about it."""
    title, note = _PROVIDERS.get(name, (name, ""))
    return str(title), str(note)


def refusal(refused: Refused) -> str:
    """Why the shop said no, what was kept, and what to do.

    refuses  a refusal without words is raised again: it is a gap in this table
    """
    say = _REFUSALS.get(type(refused))
    if say is None:
        raise refused
    return say(refused)


def amount(money: Money) -> str:
    """An amount in the language of the page."""
    return formats.money(money, language=get_language() or "en")


def _quantity(refused: Refused) -> str:
    return _("Of one item, 1 to 99 pieces fit in the cart. Nothing was changed.")


def _not_for_sale(refused: Refused) -> str:
    return _("This item is no longer sold. Nothing was changed.")


def _full(refused: Refused) -> str:
    return _("The cart is full: it holds 100 different items. Take something out first.")


def _moved(refused: Refused) -> str:
    return _("The cart has changed since this page was shown. Nothing was ordered; please check it once more.")


def _empty(refused: Refused) -> str:
    return _("There is nothing in the cart yet.")


def _gone(refused: Refused) -> str:
    return _("Something in the cart can no longer be bought. Nothing was ordered; take it out to continue.")


def _short(refused: Refused) -> str:
    shortages = refused.data["shortages"]
    left = shortages[0].free_units if len(shortages) == 1 else 0
    if left:
        return ngettext(
            "Only %(left)s piece is left of one item. Nothing was ordered; please take fewer.",
            "Only %(left)s pieces are left of one item. Nothing was ordered; please take fewer.",
            left,
        ) % {"left": left}
    return _("Something in the cart has just sold out. Nothing was ordered; your cart is kept.")


def _changed(refused: Refused) -> str:
    total = amount(refused.data["quote"].total)
    return _("The total is now %(total)s. Nothing was ordered; please check the sum and place the order again.") % {
        "total": total
    }


def _no_provider(refused: Refused) -> str:
    return _("That way to pay is not offered here. Nothing was charged; please choose another.")


def _not_payable(refused: Refused) -> str:
    return _("There is nothing left to pay for this order.")


def _transition(refused: Refused) -> str:
    return _("The order has moved on and can no longer be changed. This is how it stands now.")


def _unbelieved(refused: Refused) -> str:
    return _("The answer of the payment provider could not be verified. If you have paid, it will show here shortly.")


_REFUSALS: Final[dict[type[Refused], Callable[[Refused], str]]] = {
    cart.QuantityNotAllowed: _quantity,
    cart.NotForSale: _not_for_sale,
    cart.CartFull: _full,
    cart.CartMoved: _moved,
    checkout.CartEmpty: _empty,
    checkout.NotDeliverable: _gone,
    checkout.QuoteChanged: _changed,
    stock.OutOfStock: _short,
    payments.NoSuchProvider: _no_provider,
    payments.NotPayable: _not_payable,
    payments.Forged: _unbelieved,
    payments.Stale: _unbelieved,
    payments.Unreadable: _unbelieved,
    orders.TransitionRefused: _transition,
}
