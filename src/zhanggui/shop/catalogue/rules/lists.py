"""Lists of products: how they are sorted, narrowed and turned page by page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

from zhanggui.base.money import Money, exponent
from zhanggui.shop.catalogue.rules.goods import Branch, Card, Category
from zhanggui.shop.catalogue.rules.words import Words

PAGE_SIZE = 24
# Facets that every product has, whatever its attributes.
BRAND: Final = "brand"
TAG: Final = "tag"
KIND: Final = "kind"
RATINGS: Final = (4, 3, 2)
_STEPS: Final = (20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000)
MOST_CHOICES: Final = 40


class Sort(StrEnum):
    """The orders in which a shelf can be looked at; ties go by SKU."""

    SALES = "sales"
    NEWEST = "newest"
    CHEAPEST = "cheapest"
    DEAREST = "dearest"
    RATING = "rating"


class Ranking(StrEnum):
    """How a search is sorted when nobody asked for another order."""

    RELEVANCE = "relevance"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """By what a shelf is narrowed: any value of a facet, and all of the facets.

    choices      values by key of their facet, each as `FacetValue.value` says it
    price_from   in major units of the shop's currency, included; None without bound
    price_below  not included
    rating_from  1 to 5; None for all, those without a rating included
    """

    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    price_from: int | None = None
    price_below: int | None = None
    rating_from: int | None = None

    def __bool__(self) -> bool:
        return bool(self.pairs())

    def pairs(self) -> tuple[tuple[str, str], ...]:
        """The names and values that say these filters in an address, always in the same order."""
        said = [(f"f.{key}", value) for key in sorted(self.choices) for value in self.choices[key]]
        bounds = (("price_from", self.price_from), ("price_below", self.price_below), ("rating", self.rating_from))
        return (*said, *((name, str(bound)) for name, bound in bounds if bound is not None))

    def has(self, key: str, value: str) -> bool:
        """Whether a value of a facet is chosen."""
        return value in self.choices.get(key, ())

    def turned(self, key: str, value: str) -> Filters:
        """The same with one value chosen if it was not, or no longer if it was."""
        chosen = self.choices.get(key, ())
        others = tuple(one for one in chosen if one != value)
        left = {k: v for k, v in self.choices.items() if k != key}
        now = others if value in chosen else (*chosen, value)
        return replace(self, choices={**left, **({key: now} if now else {})})

    def priced(self, price_from: int | None, price_below: int | None) -> Filters:
        """The same between other prices."""
        return replace(self, price_from=price_from, price_below=price_below)

    def rated(self, rating_from: int | None) -> Filters:
        """The same from another rating on."""
        return replace(self, rating_from=rating_from)


NO_FILTERS: Final = Filters()


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetValue:
    """A value of a facet, and how many products of the list it would leave.

    value  by which it is chosen
    """

    value: str
    name: Words
    products: int
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """What a list can be narrowed by; the counts of a facet do not count its own choice.

    key  by which it is chosen: brand, tag, kind, or the key of an attribute
    """

    key: str
    name: Words
    values: tuple[FacetValue, ...]

    @property
    def is_used(self) -> bool:
        """Whether one of its values is chosen."""
        return any(value.is_chosen for value in self.values)


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceBand:
    """A range of prices in major units, start <= price < end, and how many products lie in it.

    below  None for the last band, which has no end
    """

    start: int
    below: int | None
    products: int
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingBand:
    """How many products have at least that rating."""

    rating: int
    products: int
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """The home page: the categories, what sells best and what is new."""

    categories: tuple[Category, ...]
    best: tuple[Card, ...]
    newest: tuple[Card, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One page of a list of products, each by the card of its first listed SKU.

    category  None when the list comes from a search
    page      from 1; a page behind the last is empty
    pages     at least 1
    total     products on all pages
    crumbs    categories from the top down to this one
    below     the categories right below this one, with what they hold
    """

    category: Category | None
    cards: tuple[Card, ...]
    page: int
    pages: int
    total: int
    sort: Sort | Ranking
    crumbs: tuple[Category, ...] = ()
    below: tuple[Branch, ...] = ()
    filters: Filters = NO_FILTERS
    facets: tuple[Facet, ...] = ()
    prices: tuple[PriceBand, ...] = ()
    ratings: tuple[RatingBand, ...] = ()
    words: str = ""


def page_number(asked: int) -> int:
    """The page to show for the one that was asked for: at least 1, and no further than anybody turns."""
    return min(max(1, asked), 100_000)


def pages_of(total: int, *, size: int) -> int:
    """How many pages a list of that length fills; an empty list fills one.

    source   0 -> 1, 24 by 24 -> 1, 25 by 24 -> 2
    """
    return max(1, -(-total // size))


def band_edges(currency: str) -> tuple[int, ...]:
    """Where the price bands of a currency begin and end, in minor units; the first begins at 0.

    source   CNY: 2000 (20 yuan), 5000, …; JPY, whose yen are small: 200, 500, …
    """
    places = exponent(currency)
    return tuple(step * (10**places if places else 10) for step in _STEPS)


def filters_of(pairs: Mapping[str, list[str]]) -> Filters:
    """The filters that an address says; what cannot be understood is passed over.

    pairs  all values by name, as `Filters.pairs` writes them
    """
    choices: dict[str, tuple[str, ...]] = {}
    left = MOST_CHOICES
    for name in sorted(pairs):
        if name.startswith("f.") and left > 0:
            values = tuple(dict.fromkeys(v[:200].replace("\0", "") for v in pairs[name] if v))[:left]
            left -= len(values)
            choices |= {name[2:]: values} if values else {}
    rating = _whole(pairs.get("rating"))
    return Filters(
        choices=choices,
        price_from=_whole(pairs.get("price_from")),
        price_below=_whole(pairs.get("price_below")),
        rating_from=rating if rating and rating <= 5 else None,
    )


def in_minor(major: int, currency: str) -> int:
    """A bound in major units as minor ones."""
    return Money.of(major, currency).minor


def _whole(said: list[str] | None) -> int | None:
    last = said[-1] if said else ""
    return int(last) if last.isascii() and last.isdigit() and len(last) < 9 else None
