"""What membership does when orders move on and guests turn out to be customers, and what the clock starts."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import msgspec

from zhanggui.base.jobs.actions import Job, job
from zhanggui.growth.membership import actions
from zhanggui.shop.customers import queries as customers
from zhanggui.shop.orders import queries as orders
from zhanggui.spine.envelope import Envelope
from zhanggui.spine.relay.rules import Reader

# Each order locks its member until the batch is over.
BATCH = 20
_JOINED = "shop.customer_joined"
_PAID = frozenset({"shop.payment_settled", "shop.difference_settled"})
_ORDERS = _PAID | {"shop.order_cancelled", "shop.order_expired", "shop.refund_started"}


def follow(facts: Sequence[Envelope]) -> None:
    """Bring members in line with the orders that these facts are about, and join guests to whom they turned out to be.

    An order of which several facts tell is looked at once; one that we do not keep is somebody else's.
    """
    causes = {fact.order_number: fact.id for fact in facts if fact.name != _JOINED}
    for number in orders.states(causes):
        actions.follow_order(order_number=number, cause=causes[number])
    for fact in facts:
        if fact.name == _JOINED:
            _join(fact)


reader = Reader(name="growth.membership.follow", take=follow, names=_ORDERS | {_JOINED}, batch=BATCH)


@job(name="membership.grant_kept", every="50 * * * *")
def grant_kept() -> None:
    """Every hour: grant the points of orders that were kept."""
    actions.grant_kept()


@job(name="membership.nightly", every="10 18 * * *")
def nightly() -> None:
    """Every night: points run out, birthdays come, years end, and members are told of what comes."""
    actions.expire_points()
    actions.keep_birthdays()
    actions.end_years()
    actions.end_paid()
    actions.tell_ahead()


def _join(fact: Envelope) -> None:
    said = msgspec.json.decode(fact.body)
    persons = customers.persons(UUID(said["customer_id"]))
    if persons:
        actions.join(shop=fact.shop, guest=said["visitor_id"], person=persons[0])


jobs: tuple[Job, ...] = (grant_kept, nightly, actions.tell)
