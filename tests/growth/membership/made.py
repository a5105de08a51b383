"""Small factories: a shop with points, a signed-in member, an order that is paid, kept, refunded."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from tests.shop.made import CLERK, SHOP, a_message, a_shop, a_walk, an_order, by, cny
from tests.worlds import made_once
from zhanggui.base import clock, ids
from zhanggui.base.ledger import queries as ledger
from zhanggui.base.ledger.rules import Account
from zhanggui.growth.membership import actions, models, queries
from zhanggui.growth.membership.rules.points import POINTS
from zhanggui.shop.checkout.rules import Placed
from zhanggui.shop.customers import actions as customers
from zhanggui.shop.orders import actions as order_actions
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.orders.rules import portion
from zhanggui.shop.payments import actions as payments
from zhanggui.spine.log.rules import Trail


@made_once
def a_shop_with_points() -> None:
    a_shop()
    actions.open_membership(shop=SHOP)


def a_member(points: int = 0, *, phone: str = "+8613800138000") -> tuple[Trail, UUID]:
    """Somebody who is signed in, with points that were given; the walk and the customer's id."""
    browser = f"v-{ids.uuid7()}"
    welcomed = customers.welcome(
        account_id=ids.uuid7().int % 2**62,
        phone=phone,
        email="",
        visitor_id=browser,
        trail=a_walk(browser),
        by=by(a_walk(browser)),
    )
    walk = a_walk(welcomed.person)
    if points:
        give(walk, points)
    return walk, welcomed.customer_id


def give(walk: Trail, points: int, *, key: str = "") -> None:
    actions.give_by_hand(
        person=walk.person,
        points=points,
        reason="for the test",
        idempotency_key=key or str(ids.uuid7()),
        trail=Trail(shop=SHOP, person=walk.person),
        by=CLERK,
    )


def lot(walk: Trail, points: int, *, days: int) -> models.Lot:
    """Points that expire in so many days."""
    before = set(models.Lot.objects.values_list("pk", flat=True))
    give(walk, points)
    row = models.Lot.objects.exclude(pk__in=before).get()
    models.Lot.objects.filter(pk=row.pk).update(expires_at=clock.now() + timedelta(days=days))
    return row


def paid(units: Mapping[str, int] | None = None, *, walk: Trail) -> Placed:
    """An order that is paid and heard of."""
    placed = an_order(units, walk=walk)
    total = orders.order_by_number(placed.order_number).total
    payments.settle(shop=SHOP, provider="sandbox", message=a_message(placed, amount=total.minor))
    actions.follow_order(order_number=placed.order_number)
    return placed


def kept(units: Mapping[str, int] | None = None, *, walk: Trail) -> Placed:
    """An order that is paid, delivered and past the time to return it."""
    placed = paid(units, walk=walk)
    order_actions.note_shipped(order_number=placed.order_number, is_all=True)
    order_actions.note_delivered(order_number=placed.order_number, is_all=True)
    order_actions.complete(order_number=placed.order_number)
    actions.follow_order(order_number=placed.order_number)
    return placed


def refund(placed: Placed, units: Mapping[int, int], *, amount: int | None = None) -> None:
    """Money for pieces goes back, with their postage."""
    order = orders.order_by_number(placed.order_number)
    whole = sum(portion(order.line(position), units=pieces).total.minor for position, pieces in units.items())
    payments.refund(
        order_number=placed.order_number,
        amount=cny(whole if amount is None else amount),
        units=units,
        reason="changed_mind",
        reference=str(ids.uuid7()),
        trail=Trail(shop=SHOP),
        by=CLERK,
    )
    actions.follow_order(order_number=placed.order_number)


def has(walk: Trail) -> int:
    return queries.purse(SHOP, walk.person, at=clock.now()).has


def owed(walk: Trail) -> int:
    return queries.purse(SHOP, walk.person, at=clock.now()).owed


def in_books(person: str) -> int:
    return ledger.balance(shop=SHOP, account=Account.POINTS_OWED, currency=POINTS, holder=person).minor


def all_fits() -> bool:
    """Whether lots, spendings and rewards fit the ledger and the stock, and the ledger itself."""
    return queries.audit() == () and ledger.audit() == ()
