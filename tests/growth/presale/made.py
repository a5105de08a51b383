"""Small factories: a presale, who reserves in it, a deposit that is paid, a balance that is."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec

from tests.growth.membership.made import a_member
from tests.shop.made import ADDRESS, CLERK, SHOP, a_cart, a_message, by, cny, place
from zhanggui.base import clock, ids
from zhanggui.base.ledger import queries as ledger
from zhanggui.base.ledger.rules import Account
from zhanggui.growth.presale import actions, models, queries
from zhanggui.growth.presale.rules import State, Terms, held_as
from zhanggui.shop.checkout.rules import Placed
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.payments import actions as payments
from zhanggui.spine.envelope import Envelope
from zhanggui.spine.log.rules import Trail
from zhanggui.supply.stock import queries as stock

ROUND = Trail(shop=SHOP)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def terms(**said: Any) -> Terms:
    """500 with 50 worth 100, 20 pieces, 2 for each; deposits for a day, balances for the two days after."""
    now = clock.now()
    standing = Terms(
        sku="CUP",
        price=cny(50000),
        first=cny(5000),
        credit=cny(10000),
        quantity=20,
        per_person=2,
        deposit_from=now - HOUR,
        deposit_until=now + DAY,
        balance_from=now + DAY,
        balance_until=now + 3 * DAY,
        ship_by=(now + 10 * DAY).date(),
    )
    return replace(standing, **said)


def a_presale(**said: Any) -> UUID:
    return UUID(actions.put_up(terms=terms(**said), trail=ROUND, by=CLERK))


def a_shopper(number: int = 0) -> Trail:
    return a_member(phone=f"+86138{number:08d}")[0]


def reserve(presale: UUID, walk: Trail, *, units: int = 1, **said: Any) -> actions.Reserved:
    asked: dict[str, Any] = {
        "first_seen": queries.presale(SHOP, presale).terms.first * units,
        "has_agreed": True,
        "provider": "sandbox",
        "language": "zh-hans",
        "address": ADDRESS,
        "idempotency_key": str(ids.uuid7()),
    }
    return actions.reserve(presale_id=str(presale), units=units, trail=walk, by=by(walk), **(asked | said))


def pay(order_number: str, payment_id: str) -> None:
    """The provider says that an order is paid, and the shop hears of it."""
    total = orders.order_by_number(order_number).total
    placed = Placed(order_number=order_number, payment_id=payment_id)
    payments.settle(shop=SHOP, provider="sandbox", message=a_message(placed, amount=total.minor))
    actions.follow_order(order_number=order_number)


def a_deposit(presale: UUID, walk: Trail, *, units: int = 1) -> UUID:
    """A reservation whose deposit is paid."""
    reserved = reserve(presale, walk, units=units)
    pay(reserved.order_number, reserved.payment_id)
    return UUID(reserved.reservation_id)


def a_balance(walk: Trail, *, units: int = 1) -> Placed:
    """The balance of what is reserved, by the ordinary checkout; not paid yet."""
    return place(a_cart({"CUP": units}, walk=walk))


def time_is(presale: UUID, **said: Any) -> None:
    """Move the windows of a presale, as seen from now."""
    models.Presale.objects.filter(pk=presale).update(**said)
    queries.forget()


def balances_are_open(presale: UUID) -> None:
    now = clock.now()
    time_is(
        presale,
        deposit_from=now - 3 * DAY,
        deposit_until=now - 2 * DAY,
        balance_from=now - HOUR,
        balance_until=now + DAY,
    )
    actions.open_balances()


def balances_are_over(presale: UUID) -> None:
    now = clock.now()
    time_is(
        presale,
        deposit_from=now - 5 * DAY,
        deposit_until=now - 4 * DAY,
        balance_from=now - 3 * DAY,
        balance_until=now - HOUR,
    )
    actions.open_balances()


def said(fact: Envelope) -> dict[str, Any]:
    """The body of a fact."""
    body: dict[str, Any] = msgspec.json.decode(fact.body)
    return body


def state(id: UUID | str) -> State:
    return State(models.Reservation.objects.values_list("state", flat=True).get(pk=id))


def held(id: UUID | str) -> int:
    """Pieces that lie aside for a reservation."""
    rows = stock.reservations(held_as(UUID(str(id))))
    return sum(row.units - row.shipped_units - row.released_units for row in rows)


def in_books(account: Account, *, holder: str = "") -> int:
    if holder:
        return ledger.balance(shop=SHOP, account=account, currency="CNY", holder=holder).minor
    return ledger.total(shop=SHOP, account=account, currency="CNY").minor


def all_fits() -> bool:
    """Whether presales, books, stock and orders agree with each other, and the books with themselves."""
    return (queries.audit(), ledger.audit(), stock.audit(), orders.audit()) == ((), (), (), ())
