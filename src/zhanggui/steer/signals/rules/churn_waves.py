"""Places and ways whose buyers come back less than they did."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from zhanggui.insight.metrics.rules import Cut, Period
from zhanggui.steer.signals.rules.broken_steps import scatter
from zhanggui.steer.signals.rules.chances import next_count, next_share
from zhanggui.steer.signals.rules.order_worth import OrderWorth, worth

# The kind of segment that the people of `AwayAsked` are.
STAYED_AWAY: Final = "churn_wave"
RECENT_DAYS: Final = 21
PAST_DAYS: Final = 56
# So many days are looked at together, the most first.
TOGETHER: Final = (RECENT_DAYS, 14, 10, 7, 5, 3)
_LEAST_PAST: Final = 20
# Orders say it, or visits do: twice asked.
_WAYS: Final = 2
# That fewer orders come is asked of all cells at once; whose orders they are only of those where it is so.
_THEIRS: Final = 0.05
_LOW, _HIGH = 0.025, 0.975


@dataclass(frozen=True, slots=True, kw_only=True)
class AwayAsked:
    """Buyers of a cell who stay away since a day."""

    cut: Cut
    cell: str
    since: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Buying:
    """Orders of a cell over some days: of people who had bought before, and of new ones; and who came to look.

    minor            paid by those who had bought before
    deviation_minor  how far what one of their orders paid lies from the mean
    came, strangers  people on each day, days added up: who had bought on an earlier day, and who had not
    scatter          by how many times `came` of a day varies more than by chance, at least 1
    """

    again: int = 0
    new: int = 0
    minor: int = 0
    deviation_minor: float = 0.0
    came: int = 0
    strangers: int = 0
    scatter: float = 1.0


_Pair = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Moved:
    """How much more of the first of two the middle cell has than before, and how much more for each of the second."""

    growth: float
    odds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Wave:
    """What a cell's buyers who come back brought less than usual.

    usual   orders that were expected of them
    chance  that they bring so few and nothing is the matter; 1 where they are no smaller part of the cell's orders
    """

    cell: str
    recent: Buying
    usual: float
    low_minor: int
    expected_minor: int
    high_minor: int
    chance: float


def waves(recent: Mapping[str, Buying], past: Mapping[str, Buying]) -> tuple[Wave, ...]:
    """Each cell of which enough is known, by name, with what its people who come back brought less.

    It has to show twice. They bring fewer orders than in the weeks before, or come to look on fewer days: else there
    are only more new people. And they are a smaller part of the cell's orders, or of who came, by more than comes by
    chance in one of twenty cells that are down as a whole: else all of the cell is in trouble, and this is not it. Both
    are held against the past moved as it has moved in the middle one of all cells, for a shop that grows old has more
    of them everywhere. Who stays away is not seen either, and people come oftener than they order: visits tell it first
    where they are known. Then what is missing is the same part of the usual orders as of the visits.

    recent, past  by cell, the last days, and the PAST_DAYS before the last RECENT_DAYS
    source        `chances.next_count`, `chances.next_share`, `order_worth.worth`; 10 again and 150 new in a cell that
                  had 200 and 600 in four times as long, all others as ever -> 50.1 usual, 40 of them missing
    """
    known = [cell for cell in sorted(past) if past[cell].again >= _LEAST_PAST and past[cell].new]
    come = [(cell, recent.get(cell, Buying())) for cell in known]
    orders = _moves([(_orders(now), _orders(past[cell])) for cell, now in come])
    visits = _moves([(_visits(now), _visits(past[cell])) for cell, now in come])
    return tuple(_wave(cell, now, past[cell], orders=orders, visits=visits) for cell, now in come)


def with_visits(
    cells: Mapping[str, Buying], came: Mapping[str, Mapping[date, tuple[int, int]]], *, days: Period
) -> dict[str, Buying]:
    """The same cells with who came on these days.

    came    by cell and day: people who had bought before, and others; other days are left out
    source  how far a cell's days vary is that of its part in all cells' visits of the day, `broken_steps.scatter`
    """
    whole: Counter[date] = Counter()
    for of_cell in came.values():
        whole.update({on: again for on, (again, _) in of_cell.items() if on in days})
    found = dict(cells)
    for cell, of_cell in came.items():
        own = {on: of_cell.get(on, (0, 0)) for on in whole}
        again, others = (sum(one[n] for one in own.values()) for n in range(2))
        varies = scatter([(own[on][0], whole[on]) for on in whole])
        found[cell] = replace(found.get(cell, Buying()), came=again, strangers=others, scatter=varies)
    return found


def _wave(cell: str, now: Buying, before: Buying, *, orders: _Moved, visits: _Moved) -> Wave:
    by_orders = _fewer(_orders(now), _orders(before), orders)
    by_visits = _fewer(_visits(now), _visits(before), visits, varies=before.scatter)
    usual = next_count(before.again, over=1.0, ahead=orders.growth)
    if by_visits < by_orders:
        low, fewer, high = _missing(now, before, orders=orders, visits=visits)
    else:
        low, fewer, high = (max(0.0, one - now.again) for one in (usual.bound(_LOW), usual.mean, usual.bound(_HIGH)))
    each = OrderWorth(mean_minor=before.minor / before.again, deviation_minor=before.deviation_minor)
    size = worth(fewer, low=min(low, fewer), high=max(high, fewer), each=each)
    return Wave(
        cell=cell,
        recent=now,
        usual=usual.mean,
        low_minor=size.low_minor,
        expected_minor=size.expected_minor,
        high_minor=size.high_minor,
        chance=min(1.0, _WAYS * min(by_orders, by_visits)),
    )


def _missing(now: Buying, before: Buying, *, orders: _Moved, visits: _Moved) -> tuple[float, float, float]:
    """Orders of those who do not come any more, where visits say how many these are, between what with 95 %."""
    usual = next_count(before.came / before.scatter, over=1.0, ahead=visits.growth)
    came = now.came / before.scatter
    low, part, high = (max(0.0, 1 - came / max(one, 1)) for one in (usual.bound(_LOW), usual.mean, usual.bound(_HIGH)))
    orders_low, orders_high = (
        next_count(before.again, over=1.0, ahead=orders.growth * share).bound(bound) if share else 0
        for share, bound in ((low, _LOW), (high, _HIGH))
    )
    return orders_low, before.again * orders.growth * part, orders_high


def _fewer(now: _Pair, before: _Pair, moved: _Moved, *, varies: float = 1.0) -> float:
    """How likely the first of two comes so seldom by chance; 1 where it is no smaller part of both."""
    if not before[0]:
        return 1.0
    seen = before[0] * moved.odds
    share = next_share((seen / varies, (seen + before[1]) / varies), of=round(sum(now) / varies))
    if share.at_most(round(now[0] / varies)) > _THEIRS:
        return 1.0
    return next_count(before[0] / varies, over=1.0, ahead=moved.growth).at_most(round(now[0] / varies))


def _moves(come: Sequence[tuple[_Pair, _Pair]]) -> _Moved:
    """How the middle one of all cells has moved, each weighed by what there is of it."""
    return _Moved(
        growth=_middle([(now[0] / before[0], before[0]) for now, before in come if before[0]]),
        odds=_middle([(_odds(now) / _odds(before), now[1]) for now, before in come if now[1] and all(before)]),
    )


def _odds(pair: _Pair) -> float:
    """How many of the first come for each of the second."""
    return pair[0] / pair[1]


def _orders(buying: Buying) -> _Pair:
    """Of people who come again, and of new ones."""
    return buying.again, buying.new


def _visits(buying: Buying) -> _Pair:
    """Of people who had bought before, and of others."""
    return buying.came, buying.strangers


def _middle(weighed: Sequence[tuple[float, float]]) -> float:
    """The weighted median; 1 of nothing."""
    half, passed = sum(weight for _, weight in weighed) / 2, 0.0
    for number, weight in sorted(weighed):
        passed += weight
        if passed >= half:
            return number
    return 1.0
