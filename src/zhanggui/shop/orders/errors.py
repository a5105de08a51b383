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
