"""What is plugged into the checkout; `config/wiring.py` fills the lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from zhanggui.base.operation.rules import Actor
from zhanggui.shop.checkout.rules import PriceStep, Quote, delivery, list_price
from zhanggui.spine.log.rules import Trail


class Claim(Protocol):
    """A port: who uses up what a price counted on, such as a coupon, points or a budget."""

    def __call__(self, *, quote: Quote, order_number: str, customer_id: UUID, trail: Trail, by: Actor) -> None:
        """Use it up, in the transaction that places the order; a refusal undoes the order."""
        ...


class SetAside(Protocol):
    """A port: who keeps pieces for a shopper that nobody else can buy, such as the quota of a flash sale."""

    def __call__(self, shop: str, person: str, skus: Sequence[str], *, at: datetime) -> Mapping[str, int]:
        """Pieces by SKU that this shopper may have besides what is free; its claim lets go of them."""
        ...


# The pipeline, first step first.
price_steps: list[PriceStep] = [list_price, delivery]
# Who is told of the price of an order before its stock is held.
claims: list[Claim] = []
# Who keeps pieces for a shopper; asked only where too little is free.
set_aside: list[SetAside] = []
