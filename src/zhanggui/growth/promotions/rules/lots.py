"""Pieces of one line at one price, what a kind sees of them, and what it would take off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from zhanggui.base.money import Money
from zhanggui.growth.promotions.rules.values import GiftDue, Line, PriceSource, Reason


@dataclass(frozen=True, slots=True)
class Lot:
    """Pieces of a line that stand at one price: a line of five with two at the flash price is two lots.

    position     of the line in the basket by line id
    price_minor  of one piece after the price layer, list_minor before it
    floor_minor  of one piece that is paid for, free_minor of one that is given away
    is_open      whether coupons and points may look at it
    """

    position: int
    line: Line
    quantity: int
    list_minor: int
    price_minor: int
    floor_minor: int
    free_minor: int
    is_open: bool
    source: PriceSource | None


@dataclass(frozen=True, slots=True)
class Sight:
    """What a rule sees of a basket when its turn comes; lots are named by their place in `lots`.

    fit      the lots that its target fits, all pieces that are given away already left out
    amounts  what the pieces of each lot come to on the base of the rule: at the list price, or so far
    costs    what they come to so far; what is taken off the whole basket is shared out by it
    pieces   of each lot, without those that are given away
    """

    lots: Sequence[Lot]
    fit: tuple[int, ...]
    amounts: Sequence[int]
    costs: Sequence[int]
    pieces: Sequence[int]

    def units(self) -> int:
        """How many pieces fit."""
        return sum(self.pieces[lot] for lot in self.fit)

    def dearest_first(self, lots: Sequence[int]) -> list[tuple[int, int]]:
        """The pieces of some lots as (price of one, lot), dearest first: so one piece more breaks no dearer pair."""
        priced = [(self.amounts[lot] // self.pieces[lot], lot) for lot in lots if self.pieces[lot]]
        priced.sort(key=lambda each: (-each[0], each[1]))
        return [each for each in priced for _ in range(self.pieces[each[1]])]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """An amount to be taken off some lots together.

    weights    by lot; the amount is shared out by them
    is_shared  whether what one lot cannot bear goes to the others; else it is lost
    """

    minor: int
    weights: Mapping[int, int]
    is_shared: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a kind makes of what it sees: cuts, or the reason why there are none.

    threshold  of the step that was reached, in minor units or pieces; the higher one wins a tie
    given      pieces that cost nothing by it, by lot
    missing, missing_units  up to its first step if a reason is given, else up to the next one
    """

    cuts: tuple[Cut, ...] = ()
    times: int = 1
    threshold: int = 0
    given: Mapping[int, int] = field(default_factory=dict)
    gifts: tuple[GiftDue, ...] = ()
    reason: Reason | None = None
    missing: Money | None = None
    missing_units: int = 0


def below(missing_minor: int, currency: str) -> Outcome:
    """So much money is missing."""
    return Outcome(reason=Reason.BELOW_THRESHOLD, missing=Money(missing_minor, currency))


def too_few(missing_units: int) -> Outcome:
    """So many pieces are missing."""
    return Outcome(reason=Reason.TOO_FEW_PIECES, missing_units=missing_units)


def off_rate(minor: int, per_myriad: int) -> int:
    """What a rate takes off an amount >= 0, half up to the minor unit: 10.05 at 5,000 of 10,000 is 5.03."""
    return (2 * minor * per_myriad + 10_000) // 20_000
