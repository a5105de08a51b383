"""What is plugged into the catalogue; `config/wiring.py` fills the list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from zhanggui.shop.catalogue.rules import Card, PricePoint


class PublicPrices(Protocol):
    """A port: who has asked prices of everybody that the catalogue did not make, such as a flash sale."""

    def __call__(
        self, cards: Sequence[Card], listed: Mapping[str, Sequence[PricePoint]], *, since: datetime
    ) -> Mapping[str, Sequence[PricePoint]]:
        """The offers by SKU that have run at some moment since, each with its source; those to come may be there.

        cards   of one shop
        listed  the list prices by SKU, oldest first, for what is reckoned off them
        """
        ...


# Asked only where a price is below the list price.
public_prices: list[PublicPrices] = []
