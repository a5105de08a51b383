"""What referrals do when somebody signs in, when an order is paid, and every night."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from zhanggui.base.jobs.actions import Job
from zhanggui.growth.referrals import actions
from zhanggui.shop.orders import queries as orders
from zhanggui.spine.envelope import Envelope
from zhanggui.spine.relay.rules import Reader

_SIGNED_IN = "shop.customer_signed_in"
_PAID = "shop.payment_settled"


def follow(facts: Sequence[Envelope]) -> None:
    """Know in which browsers people sign in, and who was brought; an order that we do not keep is somebody else's."""
    known = orders.states({fact.order_number for fact in facts if fact.name == _PAID})
    for fact in facts:
        if fact.name == _SIGNED_IN:
            browser = msgspec.json.decode(fact.body)["visitor_id"]
            if browser and fact.person:
                actions.note_device(shop=fact.shop, person=fact.person, browser=browser)
        elif fact.order_number in known:
            actions.follow_order(order_number=fact.order_number)


reader = Reader(name="growth.referrals.follow", take=follow, names=frozenset({_SIGNED_IN, _PAID}), batch=50)

jobs: tuple[Job, ...] = (actions.pay_due,)
