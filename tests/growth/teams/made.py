"""Small factories: an offer to buy together, people who join, orders of teams that are paid."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from tests.growth.membership.made import a_member
from tests.shop.made import CLERK, SHOP, a_cart, a_message, a_product, by, cny, facts_of, place
from zhanggui.base import clock, ids
from zhanggui.growth.teams import actions, handlers, models, queries
from zhanggui.growth.teams.rules import Offer, Team
from zhanggui.shop.checkout.rules import Placed
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.payments import actions as payments
from zhanggui.spine.log.models import Entry
from zhanggui.spine.log.rules import Trail

LIST = 5990
GROUP = 3990


def an_offer(sku: str = "CUP", *, size: int = 3, units: int = 100, **more: object) -> Offer:
    """A cup for 39.90 instead of 59.90, if three buy it within a day."""
    if not models.Offer.objects.filter(sku=sku).exists():
        a_product(sku, price=LIST, units=units)
    said = {"price": cny(GROUP), "size": size, "hours": 24, "starts_at": clock.now() - timedelta(hours=1), **more}
    offer = Offer(id=ids.uuid7(), sku=sku, **said)  # type: ignore[arg-type]
    actions.put_offer(offer=offer, trail=Trail(shop=SHOP), by=CLERK)
    return offer


def somebody(number: int = 0) -> tuple[Trail, UUID]:
    """A signed-in shopper with a number of their own."""
    return a_member(phone=f"+86138{ids.uuid7().int % 10**8:08d}" if not number else f"+86139{number:08d}")


def open_by(offer: Offer, who: tuple[Trail, UUID]) -> str:
    walk, customer_id = who
    return actions.open_team(offer_id=offer.id, customer_id=customer_id, trail=walk, by=by(walk))


def join(code: str, who: tuple[Trail, UUID]) -> None:
    walk, customer_id = who
    actions.join(code=code, customer_id=customer_id, trail=walk, by=by(walk))


def ordered(who: tuple[Trail, UUID], *, sku: str = "CUP", quantity: int = 1) -> Placed:
    return place(a_cart({sku: quantity}, walk=who[0]))


def pay(placed: Placed, *, is_heard: bool = True) -> None:
    """The money comes; the relay hears of it unless it lags."""
    total = orders.order_by_number(placed.order_number).total
    payments.settle(shop=SHOP, provider="sandbox", message=a_message(placed, amount=total.minor))
    if is_heard:
        heard(placed.order_number)


def heard(order_number: str) -> None:
    """The relay hands over what was told of an order."""
    handlers.follow([fact for fact in facts_of(order_number) if fact.name in handlers.reader.names])


def team(code: str) -> Team:
    return queries.team(SHOP, code)


def counts(code: str) -> tuple[str, int, int]:
    row = models.Team.objects.get(code=code)
    return row.state, row.taken_seats, row.paid_seats


def told(name: str) -> int:
    return Entry.objects.filter(name=name).count()


def see_off_all() -> None:
    """The jobs behind the orders of failed teams, run."""
    for number in queries.undone():
        actions.see_off(order_number=number)
