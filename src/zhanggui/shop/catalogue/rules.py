"""Categories, products and reviews, as values."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from zhanggui.base.money import Money

PAGE_SIZE = 24
REVIEWS_PER_PAGE = 10


class Sort(StrEnum):
    """The orders in which a shelf can be looked at; ties go by SKU."""

    SALES = "sales"
    NEWEST = "newest"
    CHEAPEST = "cheapest"
    DEAREST = "dearest"
    RATING = "rating"


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The same thing said in both languages of the shop; one of them may be missing."""

    zh: str
    en: str = ""

    def to(self, language: str) -> str:
        """What a reader of that language sees: the other language rather than nothing.

        language  a code such as zh-hans or en
        """
        return (self.en or self.zh) if language.startswith("en") else (self.zh or self.en)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """One line of a product's parameters, such as 产地: 浙江杭州."""

    name: Words
    value: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """A shelf of the shop; categories stand in the order of their positions."""

    shop: str
    key: str
    name: Words
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A product as it stands in a list: what a shopper needs to choose it.

    price            the list price of one piece
    category         key of its category
    proof            the one thing that can be checked, such as an inspection report
    picture_version  changes when the picture does, so that its address may be kept for ever
    rating_mean      1 to 5 with one decimal, None without reviews
    """

    sku: str
    shop: str
    title: Words
    brand: Words
    category: str
    price: Money
    proof: Words
    weight_g: int
    picture_version: str
    rating_mean: Decimal | None
    rating_count: int
    is_listed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """A product with all that its own page says."""

    card: Card
    summary: Words
    category: Category
    attributes: tuple[Attribute, ...]
    listed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NewProduct:
    """What it takes to list a product.

    cost         what one piece costs us, in the currency of the price
    category     key of a category of the shop
    picture_svg  a whole SVG document, square
    """

    sku: str
    shop: str
    title: Words
    summary: Words
    brand: Words
    category: str
    price: Money
    cost: Money
    weight_g: int
    attributes: tuple[Attribute, ...]
    proof: Words
    picture_svg: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A product's picture, drawn by our own code."""

    svg: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewReview:
    """What a shopper says about a SKU.

    rating    1 to 5
    language  of the words: zh or en
    author    a label such as 林**, never a name
    """

    sku: str
    rating: int
    words: str
    language: str
    author: str
    at: datetime
    order_number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A published review."""

    rating: int
    words: str
    language: str
    author: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PricePoint:
    """From when on a SKU had a list price."""

    price: Money
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """The home page: the categories, what sells best and what is new."""

    categories: tuple[Category, ...]
    best: tuple[Card, ...]
    newest: tuple[Card, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One page of a list of products.

    category  None when the list comes from a search
    page      from 1; a page behind the last is empty
    pages     at least 1
    total     products on all pages
    """

    category: Category | None
    cards: tuple[Card, ...]
    page: int
    pages: int
    total: int
    sort: Sort


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviews:
    """One page of a product's reviews, newest first.

    by_rating  how many reviews gave 1, 2, 3, 4 and 5
    """

    reviews: tuple[Review, ...]
    page: int
    pages: int
    total: int
    by_rating: tuple[int, int, int, int, int]


def picture_version(svg: str) -> str:
    """The name of a picture's content: equal pictures, equal versions."""
    return hashlib.blake2b(svg.encode(), digest_size=8).hexdigest()


def page_number(asked: int) -> int:
    """The page to show for the one that was asked for: at least 1, and no further than anybody turns."""
    return min(max(1, asked), 100_000)


def pages_of(total: int, *, size: int) -> int:
    """How many pages a list of that length fills; an empty list fills one.

    source   0 -> 1, 24 by 24 -> 1, 25 by 24 -> 2
    """
    return max(1, -(-total // size))


def search_terms(words: str, *, limit: int = 5) -> tuple[str, ...]:
    """The parts of a search that must all be found, lower case, without repeats.

    limit  further parts are left out, so that a pasted page does not become a query
    """
    return tuple(dict.fromkeys(part.lower() for part in words.replace("\0", " ").split()))[:limit]


def searchable(parts: Iterable[str]) -> str:
    """What a search looks through: all parts in lower case, one line."""
    return " ".join(" ".join(part.split()) for part in parts if part).lower()
