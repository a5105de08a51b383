"""What goes wrong with messages."""

from __future__ import annotations

from zhanggui.base.errors import Refused, Unreachable


class NoSender(Refused):
    """Nobody is plugged in who sends such messages."""

    channel: str


class NotTaken(Unreachable):
    """Whoever carries the message cannot be reached; it is tried again."""

    channel: str


class TurnedDown(Refused):
    """Whoever carries the message will never take it: the number or address does not exist, or is barred."""

    channel: str
    reason: str


class NoAnswer(Unreachable):
    """Whoever carries the message was asked and did not answer in time: it may have been taken.

    It is not asked again, since the person might get the message twice; a receipt tells later.
    """

    channel: str


class Forged(Refused):
    """A receipt does not come from the carrier that it names."""


class Unreadable(Refused):
    """What a carrier says of its messages cannot be read."""

    reason: str


class NoTemplate(Refused):
    """The carrier only sends words that it has approved, and nobody has noted down its number for these.

    template  our name for the words; language, zh or en
    """

    template: str
    language: str


class TemplateUnfit(Refused):
    """The number of an approved template, or the sign before it, is missing or too long."""

    field: str
