"""The goods of the demonstration shop, read from one hand-written file per category in `data/`.

The brands are invented. Words keep to Chinese advertising law: no superlatives, no medical claims.
"""

from __future__ import annotations

import tomllib
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

CATEGORY_KEYS = ("tea", "ceramics", "kitchen", "textile", "stationery", "bags", "skincare", "outdoor")

# How demand moves over the months, January first; a goods' own season weighs on top of its category's.
SEASONS: Mapping[str, tuple[float, ...]] = {
    "even": (1.0,) * 12,
    "spring": (0.7, 0.8, 1.4, 1.7, 1.5, 1.0, 0.7, 0.7, 0.9, 0.9, 0.9, 0.8),
    "summer": (0.5, 0.5, 0.7, 0.9, 1.3, 1.7, 1.9, 1.7, 1.0, 0.7, 0.6, 0.5),
    "autumn": (0.7, 0.7, 0.8, 0.9, 0.9, 0.8, 0.8, 1.1, 1.6, 1.7, 1.2, 0.8),
    "winter": (1.6, 1.3, 1.0, 0.7, 0.6, 0.5, 0.5, 0.5, 0.8, 1.2, 1.6, 1.7),
    "gift": (1.7, 1.2, 0.9, 0.8, 1.1, 0.9, 0.7, 0.9, 1.6, 0.9, 1.1, 1.3),
    "school": (0.7, 1.3, 1.3, 0.8, 0.8, 0.9, 0.9, 2.0, 1.5, 0.8, 0.7, 0.7),
    "newyear": (2.0, 1.1, 0.6, 0.5, 0.5, 0.5, 0.5, 0.6, 0.8, 1.1, 1.6, 2.3),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The same thing said in both languages."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What the picture of a goods shows: a silhouette, a palette and the mark on it."""

    shape: str
    tone: str
    mark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """One named property, such as 产地 / Origin: 浙江杭州 / Hangzhou, Zhejiang."""

    name: Words
    value: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """A shelf of the shop.

    demand_share   its part of what is bought over the year; all categories together make 1
    return_rate    the part of its delivered pieces that comes back
    month_weights  demand by month, January first, about 1 on average
    """

    key: str
    name: Words
    demand_share: float
    return_rate: float
    month_weights: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Goods:
    """A thing to buy.

    why          what problem it solves and how, one sentence for the card and the top of the page
    proof        the inspection or record that a shopper may ask for, with its number
    price_minor  CNY fen;  cost_minor  what we pay for it, CNY fen, below the price
    weight_g     packed
    """

    sku: str
    category: Category
    brand: Words
    title: Words
    why: Words
    proof: Words
    attributes: tuple[Attribute, ...]
    price_minor: int
    cost_minor: int
    weight_g: int
    look: Look
    season: str

    @property
    def month_weights(self) -> tuple[float, ...]:
        """Demand by month, January first: the category's times its own."""
        return tuple(c * s for c, s in zip(self.category.month_weights, SEASONS[self.season], strict=True))


@cache
def goods() -> tuple[Goods, ...]:
    """All goods, by category and in the order of their files; the same in every run."""
    return tuple(item for key in CATEGORY_KEYS for item in _shelf(key))


@cache
def categories() -> tuple[Category, ...]:
    """The eight categories in the order in which the shop shows them."""
    return tuple({item.category.key: item.category for item in goods()}.values())


def _shelf(key: str) -> list[Goods]:
    text = (resources.files(__package__) / "data" / f"{key}.toml").read_text(encoding="utf-8")
    file = tomllib.loads(text)
    category = Category(
        key=file["key"],
        name=_words(file["name"]),
        demand_share=file["share"],
        return_rate=file["return_rate"],
        month_weights=tuple(file["months"]),
    )
    return [_goods(row, category=category, file=file) for row in file["goods"]]


def _goods(row: Mapping[str, Any], *, category: Category, file: Mapping[str, Any]) -> Goods:
    facts = dict(row["facts"])
    weight_g = facts.pop("weight_g")
    attributes = tuple(
        Attribute(name=_words(name), value=_words(facts.pop(key))) for key, name in file["attributes"].items()
    )
    if facts:
        raise ValueError(f"{row['sku']} has facts that its category does not name: {sorted(facts)}")
    return Goods(
        sku=row["sku"],
        category=category,
        brand=_words(file["brands"][row["brand"]]),
        title=_words(row["title"]),
        why=_words(row["why"]),
        proof=_proof(_words(file["proofs"][row["proof"]]), sku=row["sku"]),
        attributes=attributes,
        weight_g=weight_g,
        look=Look(**row["look"]),
        season=row.get("season", "even"),
        **row["money"],
    )


def _proof(text: Words, *, sku: str) -> Words:
    serial = zlib.crc32(sku.encode())
    number = f"QC{serial % 12 + 1:02d}-{serial // 12 % 90000 + 10000}"
    return Words(zh=text.zh.format(number=number), en=text.en.format(number=number))


def _words(said: str | list[str]) -> Words:
    """Both languages of an entry; a size or a number reads alike in both and stands there once."""
    return Words(zh=said, en=said) if isinstance(said, str) else Words(zh=said[0], en=said[1])
