"""Search words, those that mean the same, and what to do about those that find nothing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Final

from zhanggui.base import chinese
from zhanggui.base.money import Money
from zhanggui.insight.metrics.rules import Period
from zhanggui.insight.metrics.rules.intervals import Interval, wilson

TOP: Final = 50
# Only so many different words are compared with each other.
MOST_COMPARED: Final = 3_000
_SHORTEST_MISTYPED: Final = 4
_CLOSE: Final = Decimal("0.5")
_PARTS: Final = re.compile(r"[㐀-鿿]+|[a-z]+|[0-9]+(?:\.[0-9]+)?")
_CHINESE: Final = re.compile(r"[㐀-鿿]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """Words as they were typed, and what became of the searches for them.

    known    searches of which it is known how many results they had; `nothing` of them had none
    opened   searches after which a product was opened, `added` put into the cart, `ordered` ordered
    placed   of those orders
    """

    query: str
    searches: int
    people: int
    known: int
    nothing: int
    opened: int
    added: int
    ordered: int
    placed: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """Words that mean the same, the most searched first; people are not added up over them."""

    terms: tuple[Term, ...]

    @property
    def head(self) -> str:
        """What it is called: the words that most search by."""
        return self.terms[0].query

    @property
    def others(self) -> tuple[str, ...]:
        """The other ways to say it."""
        return tuple(term.query for term in self.terms[1:])

    @property
    def searches(self) -> int:
        """All searches."""
        return sum(term.searches for term in self.terms)

    @property
    def known(self) -> int:
        """Searches of which it is known what they found."""
        return sum(term.known for term in self.terms)

    @property
    def nothing(self) -> int:
        """Searches that found nothing."""
        return sum(term.nothing for term in self.terms)

    @property
    def opened(self) -> int:
        """Searches after which a product was opened."""
        return sum(term.opened for term in self.terms)

    @property
    def ordered(self) -> int:
        """Searches after which something was ordered."""
        return sum(term.ordered for term in self.terms)

    @property
    def placed(self) -> Money:
        """What was ordered after them."""
        return Money.total((term.placed for term in self.terms), self.terms[0].placed.currency)


class Remedy(StrEnum):
    """What to do about words that find nothing."""

    SYNONYM = "synonym"
    WORDING = "wording"
    PRODUCT = "product"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Words that find nothing and what to do about them.

    toward  SYNONYM: the words that find what is meant; WORDING: the words of it that stand in titles; else empty
    """

    term: Term
    remedy: Remedy
    toward: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Searches:
    """What people looked for in a period.

    terms     the most searched first, then in the order of the words; at most MOST_COMPARED
    distinct  how many different words there were
    top       searches for the TOP most searched words
    """

    period: Period
    terms: tuple[Term, ...]
    clusters: tuple[Cluster, ...]
    proposals: tuple[Proposal, ...]
    searches: int
    people: int
    distinct: int
    top: int
    known: int
    nothing: int
    opened: int
    ordered: int

    @property
    def zero_result_rate(self) -> Decimal | None:
        """Searches without result over searches of which that is known."""
        return Decimal(self.nothing) / self.known if self.known else None

    @property
    def zero_result_bounds(self) -> Interval:
        """Between which rates of searches without result the true one lies with 95 %, by Wilson."""
        return wilson((self.nothing, self.known))

    @property
    def long_tail_share(self) -> Decimal | None:
        """Searches outside the top 50 words over all searches."""
        return Decimal(self.searches - self.top) / self.searches if self.searches else None

    @property
    def order_rate(self) -> Decimal | None:
        """Searches after which something was ordered in the same visit, over all searches."""
        return Decimal(self.ordered) / self.searches if self.searches else None


@lru_cache(maxsize=20_000)
def parts_of(query: str) -> frozenset[str]:
    """The words of a search: Chinese as the dictionary cuts it, Latin words without the plural's s, numbers.

    source   "白瓷茶杯 white cups" -> 白瓷 茶杯 white cup
    """
    found: set[str] = set()
    for run in _PARTS.findall(unicodedata.normalize("NFKC", query).lower()):
        if _CHINESE.match(run):
            found.update(chinese.cut(run))
        else:
            found.add(run[:-1] if len(run) > 3 and run.endswith("s") and not run.endswith("ss") else run)
    return frozenset(found)


def clusters(terms: Sequence[Term]) -> tuple[Cluster, ...]:
    """Words that mean the same: the same parts in any order, or Latin words mistyped by one letter.

    A Chinese character more or less is another thing (白瓷杯, 白瓷碗), and so is a figure; neither counts as mistyped.

    terms    the most searched first
    returns  the most searched first, then by head
    """
    heads: dict[frozenset[str] | str, int] = {}
    members: list[list[Term]] = []
    for term in terms:
        place = next((heads[key] for key in _keys(term.query) if key in heads and _same(members[heads[key]], term)), -1)
        if place < 0:
            place = len(members)
            members.append([])
        members[place].append(term)
        for key in _keys(term.query):
            heads.setdefault(key, place)
    found = (Cluster(terms=tuple(of)) for of in members)
    return tuple(sorted(found, key=lambda cluster: (-cluster.searches, cluster.head)))


def is_mistyped(one: str, other: str) -> bool:
    """Whether two words differ by one letter left out, put in, changed, or by two neighbours changed over.

    source   celadon, celadn; celadon, cealdon -> yes; cup, cap -> no, too short
    """
    if min(len(one), len(other)) < _SHORTEST_MISTYPED or not (_is_latin(one) and _is_latin(other)):
        return False
    if abs(len(one) - len(other)) > 1 or one == other:
        return one == other
    start = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    a, b = one[start:], other[start:]
    if len(a) == len(b):
        return a[1:] == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])
    return a[1:] == b or a == b[1:]


def proposals(terms: Sequence[Term], *, in_titles: Collection[str], least_searches: int = 2) -> tuple[Proposal, ...]:
    """What to do about words that always find nothing, the most searched first.

    in_titles  the parts of such words that stand in titles of goods
    """
    found = [term for term in terms if term.known > term.nothing]
    by_part: dict[str, list[Term]] = {}
    for term in found:
        for part in parts_of(term.query):
            by_part.setdefault(part, []).append(term)
    by_key: dict[str, Term] = {}
    for term in found:
        for key in _gaps(term.query):
            by_key.setdefault(key, term)
    lost = (term for term in terms if term.nothing == term.known >= least_searches)
    return tuple(_proposal(term, by_part, by_key, in_titles) for term in lost)


def _proposal(
    term: Term, by_part: Mapping[str, Sequence[Term]], by_key: Mapping[str, Term], in_titles: Collection[str]
) -> Proposal:
    for key in _gaps(term.query):
        if key in by_key and is_mistyped(term.query, by_key[key].query):
            return Proposal(term=term, remedy=Remedy.SYNONYM, toward=(by_key[key].query,))
    parts = parts_of(term.query)
    near = {other.query: other for part in parts for other in by_part.get(part, ())}
    scored = [(_likeness(parts, parts_of(query)), other.searches, query) for query, other in near.items()]
    close = [one for one in scored if one[0] >= _CLOSE]
    if close:
        best = min(close, key=lambda one: (-one[0], -one[1], one[2]))
        return Proposal(term=term, remedy=Remedy.SYNONYM, toward=(best[2],))
    said = tuple(sorted(part for part in parts if part in in_titles))
    return Proposal(term=term, remedy=Remedy.WORDING if said else Remedy.PRODUCT, toward=said)


def _likeness(one: frozenset[str], other: frozenset[str]) -> Decimal:
    """Parts that both have over all of both."""
    return Decimal(len(one & other)) / len(one | other)


def _keys(query: str) -> Iterator[frozenset[str] | str]:
    yield parts_of(query) or query
    yield from _gaps(query)


def _gaps(query: str) -> Iterator[str]:
    """The words, and the words with one letter left out: two that share one may be the same, mistyped."""
    if len(query) >= _SHORTEST_MISTYPED and _is_latin(query):
        yield query
        yield from (query[:n] + query[n + 1 :] for n in range(len(query)))


def _same(of: Sequence[Term], term: Term) -> bool:
    head = of[0].query
    return (parts_of(head) or head) == (parts_of(term.query) or term.query) or is_mistyped(head, term.query)


def _is_latin(query: str) -> bool:
    return query.replace(" ", "").isalpha() and query.isascii()
