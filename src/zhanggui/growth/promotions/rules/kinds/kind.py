"""What a kind of promotion is: terms, what they take off, and how to say them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Generic, TypeVar

from zhanggui.base.money import Money
from zhanggui.growth.promotions.rules.lots import Outcome, Sight
from zhanggui.growth.promotions.rules.values import Layer, Line, PriceSource, Rule

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A part of a sentence: a message to be translated, and what is put into it.

    values  Money and numbers as they are; a door writes them as its reader is used to
    """

    msgid: str
    values: Mapping[str, Money | Decimal | int | str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind(Generic[T]):
    """One kind of promotion; its file is all there is to it.

    layers     where it may work, the usual one first
    read       its terms from JSON; refuses TermsNotAllowed
    take       what a rule would take off what it sees; kinds of prices have none
    price_of   what one piece of a line costs by it, in minor units; only kinds of prices have it
    source     of that price
    sentence   its terms in words, one part after the other
    """

    key: str
    layers: tuple[Layer, ...]
    read: Callable[[Mapping[str, Any]], T]
    sentence: Callable[[T], tuple[Words, ...]]
    take: Callable[[Rule, T, Sight], Outcome] | None = None
    price_of: Callable[[T, Line], int] | None = None
    source: PriceSource | None = None

    @property
    def layer(self) -> Layer:
        """Where it works unless somebody says otherwise."""
        return self.layers[0]


def gettext_noop(said: str) -> str:
    """A message that a door translates; only marked here, because rules know no language."""
    return said
