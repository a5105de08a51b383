"""A shelf as columns: narrowed by filters, counted by terms, put into an order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from zhanggui.shop.catalogue.rules.facets import PRICE, RATING
from zhanggui.shop.catalogue.rules.lists import Ranking, Sort

Ints = NDArray[np.int64]
_ALL_MET: Final = 0
_TOO_MANY: Final = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """The listed products of a shelf, one place per product, in no particular order.

    term_counts   how many terms each product carries
    terms         those terms, one product after the other
    owners        the place of the product that each of the terms belongs to
    """

    ids: Ints
    categories: Ints
    prices: Ints
    sold: Ints
    listed: Ints
    rating_sums: Ints
    rating_counts: Ints
    relevance: NDArray[np.float64]
    term_counts: Ints
    terms: Ints

    owners: Ints

    @property
    def size_bytes(self) -> int:
        """What it takes of the memory."""
        return sum(getattr(self, name).nbytes for name in self.__slots__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowed:
    """Which products meet the filters.

    names   of the groups of filters: "" for none missed, then one per group
    missed  per product: 0 if it meets all, the number of the one group that it misses, -1 for more than one
    """

    names: tuple[str, ...]
    missed: Ints

    @property
    def total(self) -> int:
        """How many meet all."""
        return int(np.count_nonzero(self.missed == _ALL_MET))


def packed(term_ids: Sequence[int]) -> bytes:
    """Term ids as they are kept beside a product: four bytes each, the least first."""
    return np.asarray(sorted(term_ids), dtype="<i4").tobytes()


def narrow(
    columns: Columns,
    *,
    chosen: Mapping[str, Sequence[int]],
    price_from: int | None,
    price_below: int | None,
    rating_from: int | None,
) -> Narrowed:
    """Hold every product against every group of filters; prices in minor units, chosen terms by their facet's key."""
    owners = columns.owners
    met: dict[str, Any] = {}
    for key in sorted(chosen):
        has = np.zeros(len(columns.ids), dtype=bool)
        has[owners[np.isin(columns.terms, list(chosen[key]))]] = True
        met[key] = has
    if price_from is not None or price_below is not None:
        met[PRICE] = (columns.prices >= (price_from or 0)) & (
            True if price_below is None else columns.prices < price_below
        )
    if rating_from is not None:
        met[RATING] = (columns.rating_counts > 0) & (columns.rating_sums >= rating_from * columns.rating_counts)
    failures = np.zeros(len(columns.ids), dtype=np.int64)
    missed = np.zeros(len(columns.ids), dtype=np.int64)
    for number, has in enumerate(met.values(), start=1):
        failures += ~has
        missed += number * ~has
    return Narrowed(names=("", *met), missed=np.where(failures > 1, _TOO_MANY, missed))


def count_terms(columns: Columns, narrowed: Narrowed) -> list[tuple[str, int, int]]:
    """How many products carry a term: what they miss, the term, how many; most first."""
    reached = narrowed.missed[columns.owners]
    return [
        (name, int(term), int(n))
        for number, name in enumerate(narrowed.names)
        for term, n in zip(*np.unique(columns.terms[reached == number], return_counts=True), strict=True)
    ]


def count_bands(values: Ints, edges: Sequence[int], narrowed: Narrowed) -> list[tuple[str, int, int]]:
    """How many products lie between edges: what they miss, the number of the band (0 below the first), how many."""
    bands = np.searchsorted(np.asarray(edges), values, side="right")
    return [
        (name, band, int(n))
        for number, name in enumerate(narrowed.names)
        for band, n in enumerate(np.bincount(bands[narrowed.missed == number]))
        if n
    ]


def count_stars(columns: Columns, narrowed: Narrowed) -> list[tuple[str, int, int]]:
    """How many rated products have so many whole stars: what they miss, the stars, how many."""
    is_rated = columns.rating_counts > 0
    stars = columns.rating_sums // np.maximum(columns.rating_counts, 1)
    return [
        (name, star, int(n))
        for number, name in enumerate(narrowed.names)
        for star, n in enumerate(np.bincount(stars[is_rated & (narrowed.missed == number)]))
        if n
    ]


def count_categories(columns: Columns, narrowed: Narrowed) -> dict[int, int]:
    """How many products that meet all stand in each category, by its id."""
    found, counts = np.unique(columns.categories[narrowed.missed == _ALL_MET], return_counts=True)
    return dict(zip(found.tolist(), counts.tolist(), strict=True))


def page_ids(columns: Columns, narrowed: Narrowed, *, sort: Sort | Ranking, start: int, size: int) -> list[int]:
    """The products of one page, in order; ties stand as they came into the shop."""
    places = np.flatnonzero(narrowed.missed == _ALL_MET)
    first, second = _keys(columns, sort)
    order = np.lexsort((columns.ids[places], second[places], first[places]))
    return [int(id) for id in columns.ids[places[order[start : start + size]]]]


def _keys(columns: Columns, sort: Sort | Ranking) -> tuple[Any, Any]:
    """What a sort goes by, and what it goes by where that is equal; the smallest comes first."""
    means = columns.rating_sums / np.maximum(columns.rating_counts, 1)
    keys: dict[Sort | Ranking, tuple[Any, Any]] = {
        Sort.SALES: (-columns.sold, columns.ids),
        Sort.NEWEST: (-columns.listed, columns.ids),
        Sort.CHEAPEST: (columns.prices, columns.ids),
        Sort.DEAREST: (-columns.prices, columns.ids),
        Sort.RATING: (-np.round(means, 1), -columns.rating_counts),
        Ranking.RELEVANCE: (-columns.relevance, -columns.sold),
    }
    return keys[sort]
