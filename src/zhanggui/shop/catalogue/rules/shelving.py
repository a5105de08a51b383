"""Where a category stands: its key, its place among its sisters."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import count
from typing import Final

from zhanggui.shop.catalogue.rules.goods import Category
from zhanggui.shop.catalogue.rules.words import Words, handle_of, key_of

# A shopper loses the way below; eight keys of forty signs fill the path's column.
MOST_LEVELS: Final = 8
_LONGEST_KEY: Final = 40


def fresh_key(name: Words, *, taken: Collection[str]) -> str:
    """A key for a category of that name which no other category has.

    source   Words(zh="茶", en="Tea") -> "tea"; again -> "tea-2"
    """
    key = key_of(name) or handle_of(name.zh)
    others = (f"{key[: _LONGEST_KEY - 5]}-{number}" for number in count(2))
    return key if key not in taken else next(other for other in others if other not in taken)


def last_place(categories: Iterable[Category], *, parent: str) -> int:
    """The position behind all that stand under a parent already, from 1."""
    return max((one.position for one in categories if one.parent == parent), default=0) + 1


def shifted(categories: Iterable[Category], mine: Category, *, steps: int) -> list[str]:
    """The keys of a category and its sisters in their new order, once it moved so many steps down, or up if below 0.

    source   a b c, b moved by -1 -> b a c; a moved by -1 -> a b c
    """
    sisters = sorted((one for one in categories if one.parent == mine.parent), key=lambda one: (one.position, one.key))
    order = [one.key for one in sisters]
    place = order.index(mine.key)
    order.insert(max(0, min(len(order) - 1, place + steps)), order.pop(place))
    return order
