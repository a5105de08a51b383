"""What the categories of a shop are called on the page that is being made: kept beside it, as its language is."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

from zhanggui.shop.catalogue import queries as catalogue
from zhanggui.shop.catalogue.rules import Words

Names = Mapping[str, Words]

_here: Final[ContextVar[Callable[[], Names] | None]] = ContextVar("categories", default=None)


@contextmanager
def of(shop: str) -> Iterator[None]:
    """Let the categories of a shop be called by their names meanwhile: one statement, once the first is named."""
    before = _here.set(functools.cache(functools.partial(_read, shop)))
    try:
        yield
    finally:
        _here.reset(before)


def category(key: str, *, language: str) -> str:
    """What a category is called; its key where the shop's catalogue does not have it, or no shop is meant."""
    names = _here.get()
    found = names().get(key) if names else None
    if found is None:
        return key
    return found.zh if language.startswith("zh") else found.en or found.zh


def _read(shop: str) -> Names:
    return {one.key: one.name for one in catalogue.categories(shop)}
