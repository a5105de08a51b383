"""An order that has arrived, and what its buyer says about it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from tests.shop import made
from tests.shop.returns.arrived import an_arrived_order
from zhanggui.base.operation.rules import customer
from zhanggui.shop.orders.rules import Order
from zhanggui.shop.reviews import actions, models
from zhanggui.shop.reviews.rules import Picture, State
from zhanggui.spine.log.rules import Trail

HERE = Trail(shop=made.SHOP)
STAFF = made.CLERK
__all__ = ["HERE", "STAFF", "a_review", "an_arrived_order", "say"]


def say(
    order: Order, words: str = "很好用", *, rating: int = 5, line: int = 1, pictures: Sequence[Picture] = ()
) -> State:
    """What the buyer of an order says about one of its lines."""
    return actions.write(
        order_number=order.number,
        line=line,
        rating=rating,
        words=words,
        pictures=pictures,
        persons=(order.person,),
        trail=order.trail,
        by=customer(order.person),
    )


def a_review(words: str = "很好用", *, rating: int = 5) -> tuple[Order, UUID]:
    """A review of a cup that has arrived, and its order."""
    order = an_arrived_order()
    say(order, words, rating=rating)
    return order, models.Review.objects.values_list("pk", flat=True).get(order_number=order.number)
