"""What is plugged into the promotions; `config/wiring.py` fills the lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from zhanggui.growth.promotions.rules import PriceOffer, Special


class Prices(Protocol):
    """A port: who names a price of its own for some SKUs, such as a flash sale or a team."""

    def __call__(
        self, shop: str, person: str, skus: Sequence[str], *, at: datetime
    ) -> Mapping[str, Sequence[PriceOffer]]:
        """The prices at which this person may buy now, by SKU; nothing for a SKU without one."""
        ...


class Specials(Protocol):
    """A port: whose prices a page speaks of before anything lies in a cart."""

    def __call__(self, shop: str) -> Sequence[Special]:
        """The prices that can be had now or soon; a kept answer, for every page asks."""
        ...


class Segments(Protocol):
    """A port: who knows to which groups of people a shopper belongs."""

    def __call__(self, shop: str, person: str, *, at: datetime) -> frozenset[str]:
        """Keys of the groups; asked only where a promotion looks at groups."""
        ...


prices: list[Prices] = []
specials: list[Specials] = []
segments: list[Segments] = []
