"""What is plugged into orders; `config/wiring.py` fills the list."""

from __future__ import annotations

from typing import Protocol

from zhanggui.base.operation.rules import Actor
from zhanggui.spine.log.rules import Trail


class LetsGo(Protocol):
    """A port: who has a right to pieces of an order that comes to nothing, such as a presale to those of a balance."""

    def __call__(self, *, order_number: str, is_paid: bool, trail: Trail, by: Actor) -> None:
        """Take over what is one's own, in the transaction that ends the order and before its stock goes back on sale.

        is_paid  whether the order was paid and is called off; else it was never paid
        refuses  what must not be called off; then the order stays as it is
        """
        ...


lets_go: list[LetsGo] = []
