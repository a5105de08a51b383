"""All that the shop holds of a signed-in shopper, to be read and to be taken along."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import msgspec

from zhanggui.base import clock
from zhanggui.base.shops import queries as shops
from zhanggui.growth.membership import queries as membership
from zhanggui.shop.customers import queries as customers
from zhanggui.shop.customers.rules import Entry, Said, Shopper
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.orders.rules import Order
from zhanggui.shop.payments import queries as payments
from zhanggui.shop.reviews import queries as reviews
from zhanggui.shop.reviews.rules import Review
from zhanggui.shop.wishes import queries as wishes
from zhanggui.shop.wishes.rules import Wish

_MOST: Final = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """What the shop holds of somebody.

    birthday  month and day; None if it was never said
    """

    made_at: datetime
    name: str
    phone: str
    email: str
    addresses: tuple[Entry, ...]
    consents: tuple[Said, ...]
    orders: tuple[Order, ...]
    wallet: tuple[payments.WalletMove, ...]
    points: int
    birthday: tuple[int, int] | None
    wishes: tuple[Wish, ...]
    reviews: tuple[Review, ...]


def copy_of(shop: str, shopper: Shopper) -> Copy:
    """Everything, newest first. At most ten statements."""
    at = clock.now()
    purse = membership.purse(shop, shopper.person, at=at)
    return Copy(
        made_at=at,
        name=shopper.name,
        phone=shopper.phone,
        email=shopper.email,
        addresses=customers.address_book(shopper.customer_id),
        consents=customers.consents(shopper.customer_id),
        orders=orders.orders_of(shop, *shopper.persons, limit=_MOST),
        wallet=payments.wallet_statement(shop, str(shopper.customer_id), limit=_MOST),
        points=purse.has,
        birthday=membership.birthday(shop, shopper.person),
        wishes=wishes.wishes(shop, shopper.person),
        reviews=reviews.reviews_by(shop, shopper.persons, limit=_MOST),
    )


def as_json(shop: str, copy: Copy) -> bytes:
    """A copy as a file: amounts in minor units with their currency, moments in UTC; without what things cost us."""
    said = msgspec.to_builtins(copy, enc_hook=str)
    said["orders"] = [_order(order) for order in said["orders"]]
    whole: dict[str, Any] = {"shop": shops.shop(shop).name, **said}
    return msgspec.json.format(msgspec.json.encode(whole))


def _order(said: dict[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in said.items() if name not in ("trail", "booked", "shop")}
    kept["lines"] = [{name: value for name, value in line.items() if name != "cost"} for line in said["lines"]]
    return kept
