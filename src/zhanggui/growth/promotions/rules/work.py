"""A basket under the hands of the layers: what its lots come to, and what may still be taken off them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from zhanggui.base.money import apportion
from zhanggui.growth.promotions.rules.kinds import KINDS
from zhanggui.growth.promotions.rules.lots import Cut, Lot, Outcome, Sight
from zhanggui.growth.promotions.rules.prices import limit_of
from zhanggui.growth.promotions.rules.shares import borne, shared
from zhanggui.growth.promotions.rules.values import Base, Rule


@dataclass(frozen=True, slots=True)
class Trial:
    """What a rule would do, were it applied now.

    shares  by lot, what is taken off, >= 0
    lost    what the floors keep it from taking off
    given_units  pieces that were given away when it was tried
    is_limited   whether its cap or its budget holds it back
    """

    outcome: Outcome
    shares: Mapping[int, int]
    saving: int
    lost: int
    given_units: int
    is_limited: bool


class Work:
    """Lots and amounts in minor units.

    costs    what each lot comes to now
    looked   what rules on the base CURRENT look at: what the layers before have made, or the goods if costs are postage
    listed   the same on the base LIST
    rooms    what may still be taken off each lot
    pieces   those that are not given away
    """

    def __init__(
        self, lots: Sequence[Lot], costs: Sequence[int], *, floors: Sequence[int], looked: Sequence[int]
    ) -> None:
        self.lots = lots
        self.costs = list(costs)
        self.rooms = [cost - floor for cost, floor in zip(costs, floors, strict=True)]
        self.pieces = [lot.quantity for lot in lots]
        self.listed = [lot.list_minor * lot.quantity for lot in lots]
        self.looked = list(looked)
        self.weights = list(costs)
        self.given_units = 0

    def begin_layer(self) -> None:
        """From now on rules see what has been made so far; those of one layer do not see each other."""
        self.looked = list(self.costs)
        self.weights = list(self.costs)

    def trial(self, rule: Rule, fit: tuple[int, ...]) -> Trial:
        """What a rule would take off the lots it fits, within its cap, its budget and the floors."""
        sight = Sight(
            lots=self.lots,
            fit=tuple(lot for lot in fit if self.pieces[lot]) if self.given_units else fit,
            amounts=self.listed if rule.base is Base.LIST else self.looked,
            costs=self.weights,
            pieces=self.pieces,
        )
        take = KINDS[rule.kind].take
        if take is None:
            raise TypeError(f"a promotion of the kind {rule.kind} works in the price layer only")
        outcome = take(rule, rule.terms, sight)
        if outcome.reason is not None:
            return Trial(outcome, {}, 0, 0, self.given_units, False)
        minors = [cut.minor for cut in outcome.cuts]
        asked, limit = sum(minors), limit_of(rule)
        is_limited = limit is not None and asked > limit
        if limit is not None and is_limited:
            minors, asked = apportion(limit, minors), limit
            # What is only paid in part is bought, not given away: it counts for the layers after, and its floor holds.
            outcome = replace(outcome, given={})
        shares = self._shares(outcome, minors)
        saving = sum(shares.values())
        return Trial(outcome, shares, saving, asked - saving, self.given_units, is_limited)

    def still_holds(self, trial: Trial) -> bool:
        """Whether trying again would say the same: no piece was given away since, and all shares find their room.

        Rooms only shrink meanwhile; a share that was held back filled its room, so it fits only if that is as it was.
        """
        return trial.given_units == self.given_units and all(
            share <= self.rooms[lot] for lot, share in trial.shares.items()
        )

    def apply(self, trial: Trial) -> None:
        """Take off what was tried; pieces that are given away are seen by nobody any more."""
        for lot, share in trial.shares.items():
            self.costs[lot] -= share
            self.rooms[lot] -= share
        for lot, units in trial.outcome.given.items():
            self.given_units += units
            self.rooms[lot] += self._relief(lot, units)
            self.pieces[lot] -= units
            self.listed[lot] -= self.lots[lot].list_minor * units
            self.looked[lot] -= trial.shares.get(lot, 0)
            self.weights[lot] -= trial.shares.get(lot, 0)

    def _shares(self, outcome: Outcome, minors: Sequence[int]) -> dict[int, int]:
        rooms = self.rooms
        if outcome.given:
            rooms = list(rooms)
            for lot, units in outcome.given.items():
                rooms[lot] += self._relief(lot, units)
        shares: dict[int, int] = {}
        for cut, minor in zip(outcome.cuts, minors, strict=True):
            shares.update(_cut(cut, minor, rooms))
        return {lot: share for lot, share in shares.items() if share}

    def _relief(self, lot: int, units: int) -> int:
        """How much lower the floor of a lot lies when so many of its pieces are given away."""
        return units * (self.lots[lot].floor_minor - self.lots[lot].free_minor)


def _cut(cut: Cut, minor: int, rooms: Sequence[int]) -> dict[int, int]:
    return (shared if cut.is_shared else borne)(minor, cut.weights, rooms)
