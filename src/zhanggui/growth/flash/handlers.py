"""What flash sales do when orders come to nothing, when pieces come back, and when a guest becomes a customer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import msgspec

from zhanggui.base.operation.rules import job as job_actor
from zhanggui.growth.flash import actions
from zhanggui.shop.customers import queries as customers
from zhanggui.shop.orders import queries as orders
from zhanggui.spine.envelope import Envelope
from zhanggui.spine.log.rules import Trail
from zhanggui.spine.relay.rules import Reader

_ENDED: Final = frozenset({"shop.order_cancelled", "shop.order_expired"})
_REFUNDED: Final = "shop.refund_settled"
_JOINED: Final = "shop.customer_joined"
_BY: Final = job_actor("flash.give_back")


def follow(facts: Sequence[Envelope]) -> None:
    """Give quotas back what orders do not keep: all of one that ended, of one that was refunded what came back."""
    known = orders.states({fact.order_number for fact in facts if fact.order_number})
    for fact in facts:
        if fact.name == _JOINED:
            _join(fact)
        elif fact.order_number in known:
            kept = _kept(fact.order_number) if fact.name == _REFUNDED else {}
            trail = Trail(shop=fact.shop, person=fact.person, cause=fact.id)
            actions.give_back(order_number=fact.order_number, kept=kept, trail=trail, by=_BY)


def _kept(number: str) -> dict[str, int]:
    """What an order keeps of each SKU after its refunds."""
    kept: dict[str, int] = {}
    for line in orders.order_by_number(number).lines:
        kept[line.sku] = kept.get(line.sku, 0) + line.quantity - line.returned_units
    return kept


def _join(fact: Envelope) -> None:
    said = msgspec.json.decode(fact.body)
    persons = customers.persons(UUID(said["customer_id"]))
    if persons:
        actions.join(shop=fact.shop, guest=said["visitor_id"], person=persons[0])


# One fact at a time: several orders in one transaction would lock quotas and levels out of their order.
reader = Reader(name="growth.flash.follow", take=follow, names=_ENDED | {_REFUNDED, _JOINED}, batch=1)
