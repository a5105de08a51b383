"""Refusals about orders."""

from __future__ import annotations

from zhanggui.base.errors import Refused


class NoSuchOrder(Refused):
    """The shop has no order of that number, or it is somebody else's."""

    order_number: str


class TransitionRefused(Refused):
    """An order does not go from its state to that one.

    reason  why, in a sentence
    """

    order_number: str
    state: str
    to: str
    reason: str


class MoreThanBought(Refused):
    """More pieces of a line would be given back than are left of it."""

    position: int
    units: int
    left_units: int


class MoreThanPaid(Refused):
    """More money would be given back than is left of what was paid."""

    order_number: str
    amount_minor: int
    left_minor: int


class NoteNotAllowed(Refused):
    """A note has words, and no more of them than a page holds."""

    length: int


class InvoiceNotAllowed(Refused):
    """An invoice is for an order that is paid, and made out to somebody.

    reason  not_paid, made_out_to or tax_id
    """

    order_number: str
    reason: str
