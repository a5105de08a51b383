"""What promotions do when an order came to nothing or its money went back, when somebody is new, and by the clock."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import msgspec

from zhanggui.base.jobs.actions import Job
from zhanggui.base.operation.rules import job as job_actor
from zhanggui.growth.promotions import actions
from zhanggui.shop.orders import queries as orders
from zhanggui.spine.envelope import Envelope
from zhanggui.spine.log.rules import Trail
from zhanggui.spine.relay.rules import Reader

_ENDED: Final = frozenset({"shop.order_cancelled", "shop.order_expired"})
_BY: Final = job_actor("promotions.undo")


def give_back(facts: Sequence[Envelope]) -> None:
    """Give coupons, budgets and uses back: when an order ended unpaid or called off, or its money went back whole.

    A part that comes back changes nothing: its share of every discount went back with its money.
    """
    known = orders.states({fact.order_number for fact in facts})
    for fact in facts:
        if fact.order_number not in known:
            continue
        if fact.name not in _ENDED and not _is_refunded(fact.order_number):
            continue
        trail = Trail(shop=fact.shop, person=fact.person, cause=fact.id)
        actions.undo(order_number=fact.order_number, trail=trail, by=_BY)


def _is_refunded(number: str) -> bool:
    order = orders.order_by_number(number)
    return order.refunded == order.total


reader = Reader(name="growth.promotions.give_back", take=give_back, names=_ENDED | {"shop.refund_settled"}, batch=50)


def welcome(facts: Sequence[Envelope]) -> None:
    """Give new shoppers their coupons: when they register, or when a guest who never bought gets an account."""
    for fact in facts:
        customer_id = UUID(msgspec.json.decode(fact.body)["customer_id"])
        actions.welcome(shop=fact.shop, customer_id=customer_id, cause=fact.id)


welcomer = Reader(
    name="growth.promotions.welcome",
    take=welcome,
    names=frozenset({"shop.customer_registered", "shop.customer_joined"}),
    batch=50,
)

jobs: tuple[Job, ...] = (
    actions.expire,
    actions.of_the_day,
    actions.give_some,
    actions.give_to_group,
    actions.tell,
)
