"""Facets made of counted terms: what a list can be narrowed by, and how much each choice would leave."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from zhanggui.base.money import exponent
from zhanggui.shop.catalogue.rules.goods import Branch, Category
from zhanggui.shop.catalogue.rules.lists import (
    BRAND,
    KIND,
    RATINGS,
    TAG,
    Facet,
    FacetValue,
    Filters,
    PriceBand,
    RatingBand,
)
from zhanggui.shop.catalogue.rules.words import Words

MOST_VALUES: Final = 16
MOST_FACETS: Final = 10
# Groups of filters besides the facets, by the names under which they are counted.
PRICE: Final = "price"
RATING: Final = "rating"


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedTerm:
    """How many products of a list carry a term.

    missed  the key of the one filter that these products do not meet; empty if they meet all
    """

    missed: str
    products: int
    key: str
    value: str
    name: Words
    said: Words
    number: float | None


def facets_of(terms: Iterable[CountedTerm], filters: Filters) -> tuple[Facet, ...]:
    """The facets of a list, brand first, then by how many products they tell apart.

    A facet's values count products that meet every other filter, so that a second choice can be added. A facet with
    one value is left out unless it is chosen; so are values beyond the most frequent 16, unless chosen.
    """
    counts: dict[str, dict[str, int]] = {}
    said: dict[tuple[str, str], CountedTerm] = {}
    for term in terms:
        if term.missed in ("", term.key):
            own = counts.setdefault(term.key, {})
            own[term.value] = own.get(term.value, 0) + term.products
            said[term.key, term.value] = term
    facets = [_facet(key, own, said=said, filters=filters) for key, own in counts.items()]
    useful = [facet for facet in facets if len(facet.values) > 1 or facet.is_used]
    return tuple(sorted(useful, key=_usefulness)[:MOST_FACETS])


def price_bands(
    counted: Iterable[tuple[str, int, int]], edges: Sequence[int], filters: Filters, *, currency: str
) -> tuple[PriceBand, ...]:
    """The price bands in which something lies, from the cheapest up.

    counted  what is missed, the number of the band (0 below the first edge), products
    edges    in minor units
    """
    unit = 10 ** exponent(currency)
    bounds = [0, *(edge // unit for edge in edges)]
    products: dict[int, int] = {}
    for missed, band, n in counted:
        if missed in ("", PRICE):
            products[band] = products.get(band, 0) + n
    bands = []
    for band in sorted(products):
        start, below = bounds[band], bounds[band + 1] if band + 1 < len(bounds) else None
        is_chosen = (filters.price_from or 0, filters.price_below) == (start, below) and PRICE in _used(filters)
        bands.append(PriceBand(start=start, below=below, products=products[band], is_chosen=is_chosen))
    return tuple(bands)


def rating_bands(counted: Iterable[tuple[str, int, int]], filters: Filters) -> tuple[RatingBand, ...]:
    """How many products have at least 4, 3 and 2 stars, as far as that tells anything apart."""
    stars: dict[int, int] = {}
    for missed, given, n in counted:
        if missed in ("", RATING):
            stars[given] = stars.get(given, 0) + n
    bands = []
    for rating in RATINGS:
        products = sum(n for given, n in stars.items() if given >= rating)
        if products:
            bands.append(RatingBand(rating=rating, products=products, is_chosen=filters.rating_from == rating))
    return tuple(bands)


def grown(counted: Iterable[tuple[Category, int]]) -> tuple[Branch, ...]:
    """The tree of categories, each with the products of all that stands below it.

    counted  every category of a shop with the products right in it, in the order in which siblings stand
    """
    below: dict[str, list[tuple[Category, int]]] = {}
    for category, products in counted:
        below.setdefault(category.parent, []).append((category, products))
    return _branches("", below)


def _branches(parent: str, below: Mapping[str, Sequence[tuple[Category, int]]]) -> tuple[Branch, ...]:
    found = []
    for category, products in below.get(parent, ()):
        branches = _branches(category.key, below)
        whole = products + sum(branch.products for branch in branches)
        found.append(Branch(category=category, products=whole, branches=branches))
    return tuple(found)


def _facet(
    key: str, counts: Mapping[str, int], *, said: Mapping[tuple[str, str], CountedTerm], filters: Filters
) -> Facet:
    by_count = sorted(counts, key=lambda value: (-counts[value], value))
    shown = by_count[:MOST_VALUES] + [value for value in by_count[MOST_VALUES:] if filters.has(key, value)]
    if all(said[key, value].number is not None for value in shown):
        shown.sort(key=lambda value: said[key, value].number or 0.0)
    values = tuple(
        FacetValue(value=value, name=said[key, value].said, products=counts[value], is_chosen=filters.has(key, value))
        for value in shown
    )
    return Facet(key=key, name=said[key, shown[0]].name, values=values)


def _usefulness(facet: Facet) -> tuple[int, int, str]:
    place = {BRAND: 0, TAG: 2, KIND: 3}.get(facet.key, 1)
    return place, -sum(value.products for value in facet.values), facet.key


def _used(filters: Filters) -> frozenset[str]:
    is_priced = filters.price_from is not None or filters.price_below is not None
    return frozenset({PRICE} if is_priced else ())
