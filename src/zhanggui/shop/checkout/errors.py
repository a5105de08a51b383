"""Refusals of the checkout."""

from __future__ import annotations

from zhanggui.base.errors import Refused
from zhanggui.base.money import Money


class CartEmpty(Refused):
    """There is nothing to order."""


class OptionNotAllowed(Refused):
    """A way to deliver costs nothing or more, in the currency of the shop, and takes no fewer than 0 days."""

    key: str
    currency: str


class OptionMoved(Refused):
    """Somebody else changed a way to deliver since it was looked at."""

    key: str


class LastOption(Refused):
    """Without the last way to deliver nobody could order."""

    key: str


class NoSuchOption(Refused):
    """Nothing is delivered there that way."""

    option: str
    country: str


class SplitNotAllowed(Refused):
    """What goes to the places is not what stands in the cart.

    skus  of which too many or too few pieces were given out
    """

    skus: tuple[str, ...]


class TenderNotAllowed(Refused):
    """More would be paid from a wallet or a gift card than the order costs."""

    asked_minor: int
    total_minor: int


class NotDeliverable(Refused):
    """Some of what is in the cart can no longer be bought; it must be taken out first."""

    skus: tuple[str, ...]


class QuoteChanged(Refused):
    """The total is another than the page showed; nothing was ordered.

    total  what it would be now
    """

    total: Money
