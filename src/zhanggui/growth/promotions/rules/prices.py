"""The price layer: every piece stands at exactly one of its candidate prices.

The cheapest one wins, and of equal ones the one that coupons may come on top of. A price for so many pieces holds for
those on which it saves most, the rest stand at the next best. Limits count over all lines, wherever they go to.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from zhanggui.base.money import apportion
from zhanggui.growth.promotions.rules.admission import Standing, group_of, last_resort
from zhanggui.growth.promotions.rules.kinds import KINDS
from zhanggui.growth.promotions.rules.lots import Lot
from zhanggui.growth.promotions.rules.values import (
    LIST_PRICE,
    Layer,
    Line,
    Payer,
    PriceOffer,
    PriceSource,
    Reason,
    Rule,
)


@dataclass(frozen=True, slots=True, eq=False)
class Bidder:
    """A promotion or an offer that has a price for some lines.

    prices  of one piece, by position of the line; none below its floor
    units   most pieces, of all lines of a promotion or of one SKU of an offer; None: any number
    """

    id: str
    kind: str
    source: PriceSource
    funded_by: Payer
    is_open: bool
    units: int | None
    prices: Mapping[int, int]
    rule: Rule | None = None

    @property
    def coupon(self) -> str:
        """That brings it; empty if it applies by itself."""
        return self.rule.coupon if self.rule else ""


class Promotion(NamedTuple):
    """A rule that bids, and what it would save if it were alone."""

    rule: Rule
    bidder: Bidder
    saving: int


class Won(NamedTuple):
    """Pieces of a line that a bidder has won, and what it saves on each of them."""

    bidder: Bidder
    position: int
    units: int
    saving: int


class Verdict(NamedTuple):
    """Why a bidder got no piece, and who stood in its way."""

    bidder: Bidder
    reason: Reason
    by: str


def floors(line: Line) -> tuple[int, int]:
    """The floor of one piece that is paid for, and of one that is given away; never above the list price."""
    said = min(line.floor.minor, line.list_price.minor) if line.floor else 0
    return max(1, said), said


def offers(lines: Sequence[Line]) -> tuple[list[Bidder], list[Verdict]]:
    """The offers that lines carry, and those of them that are out because they speak of another currency.

    What has the same id is one offer.
    """
    prices: dict[str, dict[int, int]] = {}
    first: dict[str, PriceOffer] = {}
    abroad: dict[str, PriceOffer] = {}
    for position, line in enumerate(lines):
        lowest = floors(line)[0]
        for offer in line.prices:
            if offer.price.currency != line.list_price.currency:
                abroad.setdefault(offer.id, offer)
                continue
            first.setdefault(offer.id, offer)
            asked = prices.setdefault(offer.id, {})
            asked[position] = min(max(offer.price.minor, lowest), asked.get(position, line.list_price.minor))
    found = [_bidder(offer, prices[id]) for id, offer in sorted(first.items())]
    return found, [Verdict(_bidder(offer, {}), Reason.OTHER_CURRENCY, "") for _, offer in sorted(abroad.items())]


def promotion(rule: Rule, fit: tuple[int, ...], lines: Sequence[Line]) -> Promotion:
    """A rule of a price kind with what it asks for the lines it fits."""
    kind = KINDS[rule.kind]
    if kind.price_of is None or kind.source is None:
        raise TypeError(f"a promotion of the kind {rule.kind} has no price, it cannot work in the price layer")
    prices = {place: max(kind.price_of(rule.terms, lines[place]), floors(lines[place])[0]) for place in fit}
    bidder = Bidder(rule.id, rule.kind, kind.source, rule.funded_by, True, rule.per_order, prices, rule)
    saving = sum(one.units * one.saving for one in _contest(lines, [bidder]))
    return Promotion(rule, bidder, saving)


def settled(
    lines: Sequence[Line], offered: Sequence[Bidder], promotions: Sequence[Promotion], standing: Standing
) -> tuple[list[Won], list[Verdict]]:
    """Who wins which pieces, and why the others do not.

    Whoever is admitted and then wins nothing stands in nobody's way: the contest is held again without them.
    """
    ordered = sorted(promotions, key=lambda one: (-one.rule.priority, -one.saving, *last_resort(one.rule)))
    idle: list[Bidder] = []
    while True:
        admitted, refused = _admitted([one for one in ordered if one.bidder not in idle])
        won = _contest(lines, [*offered, *admitted])
        winners = dict.fromkeys(each.bidder for each in won)
        beaten = [bidder for bidder in admitted if bidder not in winners]
        idle += beaten
        if not beaten or not refused:
            break
    for bidder in winners:
        _stand(bidder, standing)
    losers = [bidder for bidder in (*offered, *idle) if bidder not in winners]
    return won, [*refused, *(_beaten(loser, lines, won) for loser in losers)]


def limited(won: Sequence[Won]) -> list[int]:
    """What each winner takes off in all, not above the cap and the budget of its promotion."""
    offs = [each.units * each.saving for each in won]
    for bidder in dict.fromkeys(each.bidder for each in won):
        limit = limit_of(bidder.rule) if bidder.rule else None
        mine = [place for place, each in enumerate(won) if each.bidder is bidder]
        if limit is not None and sum(offs[place] for place in mine) > limit:
            for place, part in zip(mine, apportion(limit, [offs[place] for place in mine]), strict=True):
                offs[place] = part
    return offs


def limit_of(rule: Rule) -> int | None:
    """Most that a rule may take off: its cap, or what is left of its budget."""
    limits = [limit.minor for limit in (rule.cap, rule.budget_left) if limit is not None]
    return min(limits, default=None)


def lots_of(lines: Sequence[Line], won: Sequence[Won]) -> tuple[list[Lot], dict[int, int]]:
    """Every line as lots, cheapest first, the rest at the list price; and which lot each of `won` became."""
    by_line: dict[int, list[int]] = {}
    for place, each in enumerate(won):
        by_line.setdefault(each.position, []).append(place)
    lots: list[Lot] = []
    became: dict[int, int] = {}
    for position, line in enumerate(lines):
        listed, (floor, free), left = line.list_price.minor, floors(line), line.quantity
        for place in by_line.get(position, ()):
            one = won[place]
            became[place] = len(lots)
            bidder, price = one.bidder, listed - one.saving
            lots.append(Lot(position, line, one.units, listed, price, floor, free, bidder.is_open, bidder.source))
            left -= one.units
        if left:
            lots.append(Lot(position, line, left, listed, listed, floor, free, True, None))
    return lots, became


def _bidder(offer: PriceOffer, prices: Mapping[int, int]) -> Bidder:
    return Bidder(offer.id, offer.source.value, offer.source, offer.funded_by, offer.is_open, offer.units, prices)


def _admitted(ordered: Sequence[Promotion]) -> tuple[list[Bidder], list[Verdict]]:
    """Of each group the one that saves most, and nobody who is excluded by one before; in the stated order."""
    best: dict[str, Promotion] = {}
    for one in ordered:
        group = group_of(one.rule)
        if group not in best or one.saving > best[group].saving:
            best[group] = one
    admitted: list[Bidder] = []
    refused: list[Verdict] = []
    standing = Standing()
    for one in ordered:
        winner = best[group_of(one.rule)]
        by = standing.bar(one.rule)
        if winner is not one:
            refused.append(Verdict(one.bidder, Reason.BETTER_ONE, winner.rule.id))
        elif by:
            refused.append(Verdict(one.bidder, Reason.EXCLUDED, by))
        else:
            admitted.append(one.bidder)
            _stand(one.bidder, standing)
    return admitted, refused


def _contest(lines: Sequence[Line], bidders: Sequence[Bidder]) -> list[Won]:
    """The pieces that everybody wins, largest saving first; so a line more never takes away a limited price.

    bidders  in their order, which settles what is left of ties
    """
    bids = [
        (lines[position].list_price.minor - price, rank, position)
        for rank, bidder in enumerate(bidders)
        for position, price in bidder.prices.items()
        if price < lines[position].list_price.minor
    ]
    bids.sort(key=lambda bid: (-bid[0], not bidders[bid[1]].is_open, bid[1], bid[2]))
    left = [line.quantity for line in lines]
    used: dict[tuple[str, str], int] = {}
    won: list[Won] = []
    for saving, rank, position in bids:
        bidder, units = bidders[rank], left[position]
        if bidder.units is not None:
            pool = bidder.id, "" if bidder.rule else lines[position].sku
            units = min(units, bidder.units - used.get(pool, 0))
            used[pool] = used.get(pool, 0) + units
        if units > 0:
            won.append(Won(bidder, position, units, saving))
            left[position] -= units
    return won


def _stand(bidder: Bidder, standing: Standing) -> None:
    rule = bidder.rule
    if rule is None:
        standing.add(bidder.id, layer=Layer.PRICE)
    else:
        standing.add(rule.id, layer=rule.layer, group=rule.group, excludes=rule.excludes)


def _beaten(loser: Bidder, lines: Sequence[Line], won: Sequence[Won]) -> Verdict:
    """By whoever won the first of its lines; or by the list price, if the floor has not raised it up to there."""
    for position in sorted(loser.prices):
        if loser.prices[position] < lines[position].list_price.minor:
            by = next((each.bidder.id for each in won if each.position == position), LIST_PRICE)
            return Verdict(loser, Reason.BETTER_ONE, by)
    if any(floors(lines[position])[0] == lines[position].list_price.minor for position in loser.prices):
        return Verdict(loser, Reason.AT_THE_FLOOR, "")
    return Verdict(loser, Reason.BETTER_ONE, LIST_PRICE)
