"""What presales do when the orders of deposits and balances move on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from zhanggui.growth.presale import actions
from zhanggui.shop.orders import queries as orders
from zhanggui.spine.envelope import Envelope
from zhanggui.spine.relay.rules import Reader

BATCH: Final = 50
_NAMES: Final = frozenset({"shop.payment_settled", "shop.order_cancelled", "shop.order_expired", "shop.refund_started"})


def follow(facts: Sequence[Envelope]) -> None:
    """Bring reservations in line with the orders that these facts are about, each order once."""
    causes = {fact.order_number: fact.id for fact in facts}
    for number in orders.states(causes):
        actions.follow_order(order_number=number, cause=causes[number])


reader = Reader(name="growth.presale.follow", take=follow, names=_NAMES, batch=BATCH)
