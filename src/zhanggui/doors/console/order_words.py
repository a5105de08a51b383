"""What an order's codes mean to whoever works in the shop: states, price steps, refusals."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy

from zhanggui.base.errors import Refused, Unreachable
from zhanggui.base.look import formats
from zhanggui.base.money import Money
from zhanggui.doors.console import return_words
from zhanggui.doors.console.words import language
from zhanggui.shop.checkout.rules import Part
from zhanggui.shop.orders import errors
from zhanggui.shop.orders.rules import FOLLOWS, State
from zhanggui.shop.payments.errors import NoSuchProvider, ProviderUnreachable

Fault = Refused | Unreachable

STATES: Final[Mapping[State, Promise]] = {
    State.AWAITING_PAYMENT: lazy("Awaiting payment"),
    State.PAID: lazy("Paid, to ship"),
    State.SHIPPING: lazy("Partly shipped"),
    State.SHIPPED: lazy("On its way"),
    State.DELIVERED: lazy("Delivered"),
    State.COMPLETED: lazy("Completed"),
    State.CANCELLED: lazy("Cancelled"),
    State.EXPIRED: lazy("Not paid in time"),
}

# How it stands, and what another state would need: the sentences of `orders.rules` in the language of the page.
STANDING: Final[Mapping[State, Promise]] = {
    State.AWAITING_PAYMENT: lazy("This order is waiting for its payment."),
    State.PAID: lazy("This order is paid and has not left yet."),
    State.SHIPPING: lazy("A part of this order is on its way."),
    State.SHIPPED: lazy("This order is on its way."),
    State.DELIVERED: lazy("This order has been delivered."),
    State.COMPLETED: lazy("This order is completed."),
    State.CANCELLED: lazy("This order was called off; money for it goes back."),
    State.EXPIRED: lazy("The time to pay this order is over; money for it goes back."),
}
NEEDS: Final[Mapping[State, Promise]] = {
    State.AWAITING_PAYMENT: lazy("No order waits for a payment twice; place a new one."),
    State.PAID: lazy("Only an order that waits for its payment can be paid."),
    State.SHIPPING: lazy("Only a paid order can be shipped."),
    State.SHIPPED: lazy("Only a paid order can be shipped."),
    State.DELIVERED: lazy("Only what was shipped can be delivered."),
    State.COMPLETED: lazy("Only what was shipped can be completed."),
    State.CANCELLED: lazy("It can be called off only before it leaves; afterwards it can be returned."),
    State.EXPIRED: lazy("Only an order that waits for its payment runs out of time."),
}

TONES: Final[Mapping[State, str]] = {
    State.AWAITING_PAYMENT: "is-watch",
    State.DELIVERED: "is-good",
    State.COMPLETED: "is-good",
}

_REASONS: Final[Mapping[str, Promise]] = {
    "list_price": lazy("List price"),
    "sale": lazy("Limited-time price"),
    "flat_rate": lazy("Delivery fee"),
    "free_from": lazy("Free delivery"),
    "tax_on_top": lazy("Tax on top"),
}
_PARTS: Final[Mapping[str, Promise]] = {
    Part.GOODS: lazy("Goods"),
    Part.SHIPPING: lazy("Delivery"),
    Part.TAX: lazy("Tax"),
}
_PAYERS: Final[Mapping[str, Promise]] = {
    "shop": pgettext_lazy("funded by", "the shop"),
    "brand": pgettext_lazy("funded by", "the brand"),
    "platform": pgettext_lazy("funded by", "the platform"),
}


def reason(code: str) -> str:
    """Why a share of the price is what it is; one without words keeps its code."""
    return str(_REASONS.get(code, code.replace("_", " ")))


def part(code: str) -> str:
    """Which part of the price a share belongs to."""
    return str(_PARTS.get(code, code))


def payer(code: str) -> str:
    """Who pays for what is taken off."""
    return str(_PAYERS.get(code, code))


def why_not(state: State, *, to: State) -> str:
    """Why an order does not go from a state to another, in a sentence or two; empty if it may."""
    if to in FOLLOWS[state]:
        return ""
    return str(STANDING[state]) if to is state else f"{STANDING[state]} {NEEDS[to]}"


def refusal(fault: Fault) -> str:
    """Why a verb was not done, what was kept, and what to do.

    refuses  a refusal without words is raised again: it is a gap in this table
    """
    say = _FAULTS.get(type(fault))
    if say is not None:
        return say(fault)
    if isinstance(fault, Unreachable):
        raise fault
    return return_words.refusal(fault)


def _transition(fault: Fault) -> str:
    why = why_not(State(fault.data["state"]), to=State(fault.data["to"]))
    return f"{why} {_('Nothing was changed.')}" if why else _("The order has moved on. Nothing was changed.")


def _more_than_paid(fault: Fault) -> str:
    return _("That is more than is left of what was paid. Nothing was changed.")


def _invoice(fault: Fault) -> str:
    said = {
        "not_paid": _("An invoice is made for a paid order only."),
        "made_out_to": _("Say whom the invoice is made out to, in up to 200 letters."),
        "tax_id": _("A tax number has 5 to 40 letters, figures and hyphens."),
    }[str(fault.data["reason"])]
    return f"{said} {_('Nothing was made out.')}"


def money(amount: Money) -> str:
    """An amount in the language of the page."""
    return formats.money(amount, language=language())


_FAULTS: Final[dict[type[Fault], Callable[[Fault], str]]] = {
    errors.TransitionRefused: _transition,
    errors.MoreThanPaid: _more_than_paid,
    errors.NoteNotAllowed: lambda _fault: _("A note has 1 to 2,000 letters. Nothing was kept."),
    errors.InvoiceNotAllowed: _invoice,
    NoSuchProvider: lambda _fault: _(
        "The payment provider of this order is not connected, so its charge cannot be closed. Nothing was changed."
    ),
    ProviderUnreachable: lambda _fault: _(
        "The payment provider did not answer, so nothing was called off. Try again in a moment."
    ),
}
