"""What promotions asked of everybody, and when: the points that a lawful "was" price looks at besides the catalogue's.

Only a price that whoever comes pays without a tier, a group or a coupon counts (rules § 7). A promotion that is live
never changes, so its terms and the times at which it was let go and stopped say all of it, and nothing is written per
SKU when a promotion for a whole shop begins.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from zhanggui.base.money import Money
from zhanggui.growth.promotions.rules.kinds import KINDS
from zhanggui.growth.promotions.rules.prices import floors
from zhanggui.growth.promotions.rules.states import Done
from zhanggui.growth.promotions.rules.uses import PROMOTION
from zhanggui.growth.promotions.rules.values import Layer, Line, Rule
from zhanggui.shop.catalogue.rules import PriceKind, PricePoint


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A time in which a promotion held, start <= t < end; None: it holds until somebody stops it."""

    rule: Rule
    since: datetime
    until: datetime | None


def is_public(rule: Rule) -> bool:
    """Whether it makes a price that everybody pays who comes."""
    audience = rule.audience
    is_for_some = audience.tiers or audience.segments or audience.is_signed_in_only
    return rule.layer is Layer.PRICE and not rule.coupon and not is_for_some


def periods_of(rule: Rule, deeds: Iterable[tuple[Done, datetime]]) -> tuple[Period, ...]:
    """The times in which a promotion held, by what was done with it, oldest first.

    source  live from day 0 for days 2–9, paused on day 4, live again on day 5 -> days 2–4, days 5–9
    """
    found: list[Period] = []
    live_since: datetime | None = None
    for what, at in deeds:
        if what is Done.STARTED:
            live_since = at
        elif what in (Done.PAUSED, Done.ENDED) and live_since is not None:
            found += _held(rule, live_since, at)
            live_since = None
    if live_since is not None:
        found += _held(rule, live_since, None)
    return tuple(found)


def asked(
    line: Line, listed: Sequence[PricePoint], held: Iterable[Period], *, floor_since: datetime | None
) -> tuple[PricePoint, ...]:
    """What one piece of a SKU cost by each promotion, by the list price of each time; no point where that was lower.

    line         one piece, as a basket would have it today
    listed       its list prices, oldest first
    floor_since  since when its floor holds; what was asked before is reckoned without it, which may be too low and is
                 never too high
    """
    found: list[PricePoint] = []
    for period in held:
        if not period.rule.target.fits(line):
            continue
        mine: list[PricePoint] = []
        for list_price, since, until in _listed_in(listed, period):
            holds = floor_since is None or floor_since <= since
            piece = replace(line, list_price=list_price, floor=line.floor if holds else None)
            price = Money(_price(period.rule, piece), list_price.currency)
            if mine and mine[-1].until == since and mine[-1].price == price:
                # The list price moved and the promotion's did not: it is still the same price.
                mine[-1] = replace(mine[-1], until=until)
            elif price < list_price:
                source = f"{PROMOTION}{period.rule.id}"
                mine.append(PricePoint(price=price, since=since, until=until, kind=PriceKind.OFFER, source=source))
        found += mine
    return tuple(found)


def _held(rule: Rule, since: datetime, until: datetime | None) -> list[Period]:
    begins = max(since, rule.starts_at) if rule.starts_at else since
    ends = min((moment for moment in (until, rule.ends_at) if moment is not None), default=None)
    return [Period(rule=rule, since=begins, until=ends)] if ends is None or begins < ends else []


def _listed_in(listed: Sequence[PricePoint], period: Period) -> Iterable[tuple[Money, datetime, datetime | None]]:
    """The list prices of a time, each with the part of the time in which it stood."""
    for number, point in enumerate(listed):
        next_at = listed[number + 1].since if number + 1 < len(listed) else None
        since = max(point.since, period.since)
        until = min((moment for moment in (next_at, period.until) if moment is not None), default=None)
        if until is None or since < until:
            yield point.price, since, until


def _price(rule: Rule, line: Line) -> int:
    kind = KINDS[rule.kind]
    if kind.price_of is None:
        raise TypeError(f"a promotion of the kind {rule.kind} has no price")
    return max(kind.price_of(rule.terms, line), floors(line)[0])
