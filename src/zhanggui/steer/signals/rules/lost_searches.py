"""Search words that find nothing, and the orders that are lost by them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from zhanggui.insight.terms.rules import Cluster, Searches
from zhanggui.steer.signals.rules.broken_steps import scatter
from zhanggui.steer.signals.rules.chances import next_share
from zhanggui.steer.signals.rules.multiplicity import DAILY_FALSE, corrected
from zhanggui.steer.signals.rules.order_worth import OrderWorth, Worth, worth

# Beyond these few a person does not read on.
MOST_TOLD: Final = 5
LEAST_LOST: Final = 10
LEAST_PEOPLE: Final = 5
LEAST_ORDERED: Final = 10
_LEAST_DAYS: Final = 14
_LOW, _HIGH = 0.025, 0.975


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """Words of one meaning that find nothing.

    words       as most people type them
    searches    of which it is known what they found;  nothing of them found nothing;  people who typed these words
    order_rate  of searches that find something, so many end in an order
    chance      that so many found nothing at the rate of all other words, corrected for all words
    """

    words: str
    others: tuple[str, ...]
    searches: int
    nothing: int
    people: int
    order_rate: float
    worth: Worth
    chance: float
    tests: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Searches for some words on a day: of how many it is known what they found, how many found nothing, by whom."""

    words: str
    known: int
    nothing: int
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Vain:
    """The searches of a day that found nothing beyond what is usual.

    words   those that most of them were for;  usual as many of the searches found nothing before
    """

    nothing: int
    known: int
    usual: float
    words: tuple[str, ...]
    worth: Worth
    chance: float


def vain(
    today: Sequence[Asked], past: Sequence[tuple[int, int]], *, ordered: tuple[int, int], each: OrderWorth
) -> Vain | None:
    """What a day's searches without result cost beyond the usual, all words together; None if it is not beyond chance.

    past     (nothing, known) of the days before
    ordered  of searches that find something, so many end in an order, of all of them
    source   `chances.next_share`, `broken_steps.scatter`; 30 of 100 where 5 of 100 did on each of 28 days, a fifth of
             all others end in an order of 50.00, all alike -> 249.84 lost, between 50.00 and 500.00
    """
    nothing, known = sum(one.nothing for one in today), sum(one.known for one in today)
    counted = [one for one in past if one[1]]
    people = sum(one.people for one in today if one.nothing)
    if len(counted) < _LEAST_DAYS or people < LEAST_PEOPLE or ordered[0] < LEAST_ORDERED or ordered[1] < ordered[0]:
        return None
    scale = scatter(counted)
    usually, usually_of = (sum(column) for column in zip(*counted, strict=True))
    spread = next_share((usually / scale, usually_of / scale), of=max(1, round(known / scale)))
    chance = spread.at_least(round(nothing / scale))
    beyond, least, most = (
        max(0.0, nothing - one * scale) for one in (spread.mean, spread.bound(_HIGH), spread.bound(_LOW))
    )
    if chance > DAILY_FALSE or beyond < LEAST_PEOPLE:
        return None
    spreads = [next_share(ordered, of=max(1, round(one))) for one in (least, most)]
    rate = ordered[0] / ordered[1]
    return Vain(
        nothing=nothing,
        known=known,
        usual=usually / usually_of,
        words=tuple(one.words for one in sorted(today, key=lambda one: (-one.nothing, one.words))[:3] if one.nothing),
        worth=worth(
            beyond * rate,
            low=min(spreads[0].bound(_LOW), beyond * rate),
            high=max(spreads[1].bound(_HIGH), beyond * rate),
            each=each,
        ),
        chance=chance,
    )


def lost(found: Searches, *, each: OrderWorth) -> tuple[Lost, ...]:
    """The words that cost most by finding nothing, at most MOST_TOLD; none where the shop does not say what is found.

    A search that finds nothing is worth what one that finds something brings: so many end in an order, worth so much.

    each    what an order of the shop brings
    source  `chances.next_share`, `order_worth.worth`; 40 searches for nothing where 100 of 1,000 others end in an order
            of 50.00, all alike -> 200.00 lost, between 50.00 and 400.00
    """
    tried = [cluster for cluster in found.clusters if cluster.known]
    fruitful = sum(cluster.known - cluster.nothing for cluster in tried)
    ordered = sum(cluster.ordered for cluster in tried)
    if ordered < LEAST_ORDERED or fruitful < ordered:
        return ()
    rate = ordered / fruitful
    chances = corrected([_chance(cluster, found) for cluster in tried])
    losing = [
        Lost(
            words=cluster.head,
            others=cluster.others[:3],
            searches=cluster.known,
            nothing=cluster.nothing,
            people=_people(cluster),
            order_rate=rate,
            worth=_worth((ordered, fruitful), cluster.nothing, each),
            chance=chance,
            tests=len(tried),
        )
        for cluster, chance in zip(tried, chances, strict=True)
        if chance <= DAILY_FALSE and cluster.nothing >= LEAST_LOST and _people(cluster) >= LEAST_PEOPLE
    ]
    return tuple(sorted(losing, key=lambda one: (-one.worth.expected_minor, one.words))[:MOST_TOLD])


def _worth(usual: tuple[int, int], nothing: int, each: OrderWorth) -> Worth:
    """What so many searches would have brought that found nothing."""
    spread = next_share(usual, of=nothing)
    orders = nothing * usual[0] / usual[1]
    return worth(orders, low=spread.bound(_LOW), high=spread.bound(_HIGH), each=each)


def _chance(cluster: Cluster, found: Searches) -> float:
    """How often so many of these searches would find nothing if these words were like all others."""
    others = found.nothing - cluster.nothing, found.known - cluster.known
    return next_share(others, of=cluster.known).at_least(cluster.nothing)


def _people(cluster: Cluster) -> int:
    """The people of the commonest words: over several words nobody adds up."""
    return max(term.people for term in cluster.terms)
