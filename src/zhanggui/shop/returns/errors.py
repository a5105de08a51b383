"""Refusals about returns."""

from __future__ import annotations

from zhanggui.base.errors import Refused


class NoSuchReturn(Refused):
    """The shop has no return of that number, or it is somebody else's."""

    return_number: str


class NotReturnable(Refused):
    """Some line cannot be given back, or not so many pieces of it.

    reasons  codes of `rules.Why`, the first line's first
    """

    order_number: str
    position: int
    reasons: tuple[str, ...]


class NothingChosen(Refused):
    """A return has at least one piece in it."""

    order_number: str


class StepRefused(Refused):
    """A return does not go from its state to that one.

    reason  why, in a sentence
    """

    return_number: str
    state: str
    to: str
    reason: str


class WordsMissing(Refused):
    """Saying no to a shopper takes a reason in words, and no more of them than a page holds."""

    length: int


class PictureNotAllowed(Refused):
    """A picture is a JPEG, PNG or WebP of no more than so many bytes, and there are no more than so many of them.

    reason  kind, size or number
    """

    reason: str
    most: int


class CannotExchange(Refused):
    """What is wanted instead cannot be had for it.

    reason  not_offered: it is no other variant of the same product that is for sale; mixed: some of it costs more and
            some less; again: it was exchanged at another price before; currency: it was not paid in the shop's own
    """

    position: int
    sku: str
    reason: str


class NothingDue(Refused):
    """No difference of this exchange waits to be paid: there is none, it is paid, or its time is over."""

    return_number: str


class DifferenceDue(Refused):
    """The difference of the exchange has not been paid yet, so nothing is sent for it."""

    return_number: str
    amount_minor: int
    currency: str


class SlotNotOffered(Refused):
    """No courier comes on that day at that time."""

    day: str
    slot: str


class VerdictMissing(Refused):
    """An inspection looks at every piece once; a rejected piece has its reason in words."""

    return_number: str
    piece: int


class GoodwillTooHigh(Refused):
    """More would be given without goods than may be given without asking."""

    order_number: str
    amount_minor: int
    limit_minor: int


class NothingToRefund(Refused):
    """Money that goes back is more than none, and no more than is left of what was paid."""

    order_number: str
    left_minor: int


class StillOut(Refused):
    """What the shopper gets instead has not been sent, or has been sent before."""

    return_number: str


class CannotCallOff(Refused):
    """Something of the order has left already, or it was never paid.

    state  how the order stands
    """

    order_number: str
    state: str
