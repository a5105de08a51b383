"""Occasions in words: what each is called, what it is asked by, and whom it means."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as lazy

from zhanggui.base.look import formats
from zhanggui.doors.console import words
from zhanggui.steer.plays.rules import BOUNDS, Occasion

# An occasion as a card: what it is called, and what becomes of it.
OCCASIONS: Final[Mapping[Occasion, tuple[Promise, Promise]]] = {
    Occasion.LEFT_CART: (
        lazy("A cart was left"),
        lazy("Who has an account and left something in the cart for some hours is reminded of it once."),
    ),
    Occasion.BIRTHDAY: (
        lazy("A birthday comes"),
        lazy("Members who told us their birthday are wished well some days before."),
    ),
    Occasion.ASLEEP: (
        lazy("A buyer has been silent"),
        lazy("Who has bought nothing for some time is told that we remember them."),
    ),
    Occasion.BALANCE_OPEN: (
        lazy("A balance is open"),
        lazy("Who reserved in a presale and can pay the balance now is reminded, besides the letters of the contract."),
    ),
}
_NUMBERS: Final[Mapping[Occasion, Promise]] = {
    Occasion.LEFT_CART: lazy("Untouched for so many hours (%(least)s to %(most)s)"),
    Occasion.BIRTHDAY: lazy("So many days before at most (%(least)s to %(most)s)"),
    Occasion.ASLEEP: lazy("Nothing bought for so many days (%(least)s to %(most)s)"),
}
_MEANT: Final[Mapping[Occasion, Promise]] = {
    Occasion.LEFT_CART: lazy(
        "Shoppers with an account whose cart was left for %(n)s hours, and who ordered nothing since"
    ),
    Occasion.BIRTHDAY: lazy("Members whose birthday is within %(n)s days"),
    Occasion.ASLEEP: lazy("Buyers who have bought nothing for %(n)s days, and for no more than two months longer"),
    Occasion.BALANCE_OPEN: lazy("Who can pay the balance of a presale now and has not"),
}


def asked() -> list[tuple[Occasion, str, str, tuple[int, int, int]]]:
    """The occasions to choose from: what each is called, what it is asked by, and the least, the usual and the most."""
    return [(one, str(name), number_words(one), BOUNDS[one]) for one, (name, _card) in OCCASIONS.items()]


def number_words(occasion: Occasion) -> str:
    """What an occasion is asked by, with its ends; empty of one that is asked by nothing."""
    least, _usual, most = BOUNDS[occasion]
    return str(_NUMBERS[occasion]) % {"least": least, "most": most} if occasion in _NUMBERS else ""


def meant_words(occasion: Occasion, n: int) -> str:
    """Whom an occasion means, in a sentence."""
    return str(_MEANT[occasion]) % {"n": formats.number(n, language=words.language())}
