"""Where a letter leads, and how it looks; `config/wiring.py` fills the lists.

A page is the public address of an order, which opens wherever the letter is read. A look is the letter as HTML, for
those who can see it; without one a letter is plain text.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from zhanggui.shop.letters.rules import Shown


class Page(Protocol):
    """Where an order is shown."""

    def __call__(self, *, shop: str, order_number: str, language: str, return_number: str = "") -> str:
        """Its public address, in a language; of one of its returns, if it is the reader's own browser."""
        ...


pages: list[Page] = []
looks: list[Callable[[Shown], str]] = []
