"""Places and ways whose buyers come back less than they did."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from zhanggui.insight.metrics.rules import Cut
from zhanggui.steer.signals.rules.chances import next_count, next_share
from zhanggui.steer.signals.rules.order_worth import OrderWorth, worth

# The kind of segment that the people of `AwayAsked` are.
STAYED_AWAY: Final = "churn_wave"
RECENT_DAYS: Final = 21
PAST_DAYS: Final = 56
# So many days are looked at together, the most first.
TOGETHER: Final = (RECENT_DAYS, 14, 10, 7)
_LEAST_PAST: Final = 20
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
    """Orders of a cell over some days: of people who had bought before, and of new ones.

    minor            paid by those who had bought before
    deviation_minor  how far what one of their orders paid lies from the mean
    """

    again: int = 0
    new: int = 0
    minor: int = 0
    deviation_minor: float = 0.0


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

    It has to show twice. They bring fewer orders than in the weeks before: else there are only more new people. And a
    smaller part of the cell's orders, by more than comes by chance in one of twenty cells that are down as a whole:
    else all of the cell is in trouble, and this is not it. Both are held against the past moved as it has moved in the
    middle one of all cells, weighed by orders, for a shop that grows old has more of them everywhere.

    recent, past  by cell, the last days, and the PAST_DAYS before the last RECENT_DAYS
    source        `chances.next_count`, `chances.next_share`, `order_worth.worth`; 10 again and 150 new in a cell that
                  had 200 and 600 in four times as long, all others as ever -> 50.1 usual, 40 of them missing
    """
    known = [cell for cell in sorted(past) if past[cell].again >= _LEAST_PAST and past[cell].new]
    come = [(cell, recent.get(cell, Buying())) for cell in known]
    growth = _middle([(now.again / past[cell].again, past[cell].again) for cell, now in come])
    odds = _middle([(now.again / now.new / _odds(past[cell]), now.new) for cell, now in come if now.new])
    return tuple(_wave(cell, now, past[cell], growth=growth, odds=odds) for cell, now in come)


def _wave(cell: str, now: Buying, before: Buying, *, growth: float, odds: float) -> Wave:
    spread = next_count(before.again, over=1.0, ahead=growth)
    seen = before.again * odds
    share = next_share((seen, seen + before.new), of=now.again + now.new)
    each = OrderWorth(mean_minor=before.minor / before.again, deviation_minor=before.deviation_minor)
    low, fewer, high = (max(0.0, usual - now.again) for usual in (spread.bound(_LOW), spread.mean, spread.bound(_HIGH)))
    size = worth(fewer, low=min(low, fewer), high=max(high, fewer), each=each)
    return Wave(
        cell=cell,
        recent=now,
        usual=spread.mean,
        low_minor=size.low_minor,
        expected_minor=size.expected_minor,
        high_minor=size.high_minor,
        chance=spread.at_most(now.again) if share.at_most(now.again) <= _THEIRS else 1.0,
    )


def _odds(buying: Buying) -> float:
    """Orders of people who come again, for each new one."""
    return buying.again / buying.new


def _middle(weighed: Sequence[tuple[float, float]]) -> float:
    """The weighted median; 1 of nothing."""
    half, passed = sum(weight for _, weight in weighed) / 2, 0.0
    for number, weight in sorted(weighed):
        passed += weight
        if passed >= half:
            return number
    return 1.0
