"""Search words that find nothing, and the orders that are lost by them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from zhanggui.insight.terms.rules import Cluster, Searches
from zhanggui.steer.signals.rules.chances import next_share
from zhanggui.steer.signals.rules.multiplicity import DAILY_FALSE, corrected
from zhanggui.steer.signals.rules.order_worth import OrderWorth, Worth, worth

# Beyond these few a person does not read on.
MOST_TOLD: Final = 5
LEAST_LOST: Final = 10
LEAST_PEOPLE: Final = 5
LEAST_ORDERED: Final = 10
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
