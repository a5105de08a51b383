"""Refusals of the checkout."""

from __future__ import annotations

from zhanggui.base.errors import Refused
from zhanggui.shop.checkout.rules import Quote


class CartEmpty(Refused):
    """There is nothing to order."""


class TermsNotAllowed(Refused):
    """What delivery costs is nothing or more, in the currency of the shop."""

    shop: str
    currency: str


class NotDeliverable(Refused):
    """Some of what is in the cart can no longer be bought; it must be taken out first."""

    skus: tuple[str, ...]


class QuoteChanged(Refused):
    """The total is another than the page showed; nothing was ordered.

    quote  what it would be now
    """

    quote: Quote
