"""What is plugged into fulfilment; `config/wiring.py` fills the lists."""

from __future__ import annotations

from typing import Protocol

from zhanggui.shop.fulfilment.rules import Carrier


class Waits(Protocol):
    """A port: who knows of paid orders that must not be picked yet, such as those of a team that is not full."""

    def __call__(self, order_number: str) -> bool:
        """Whether this order waits; whoever lets it go on calls `actions.plan`."""
        ...


# By name; the first is chosen for a new parcel.
carriers: dict[str, Carrier] = {}
# Who is asked before a paid order is planned.
waits: list[Waits] = []
