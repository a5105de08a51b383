"""Whether the lake says of every order what the shop's own tables say, to the cent.

All metrics of orders are sums over what is compared here. Orders that the shop does not have, because they were
imported or rehearsed, are not looked at.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from zhanggui.base import clock
from zhanggui.base.shops import queries as shops
from zhanggui.base.shops.rules import Shop, ShopKind
from zhanggui.insight.lake import queries as lake
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.orders.rules import in_books
from zhanggui.shop.payments import queries as payments

DAYS: Final = 8
# A fact is told a moment before or after the row is stamped; so close to midnight the days may differ.
_EDGE: Final = timedelta(minutes=1)

# Deposits of presales are orders too.
_COUNTED: Final = """
select order_number,
    case kind when 'reserved' then 'placed' when 'deposit' then 'paid' when 'deposit_back' then 'refunded' else kind end
        as happened,
    count(*), sum(amount_minor)::bigint
from {orders} where kind in ('placed', 'reserved', 'paid', 'deposit', 'refunded', 'deposit_back')
group by order_number, happened
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """An order of which the lake says something else than the shop.

    happened   placed, paid or refunded
    shop_says  how often it was placed; what was paid or went back, in minor units of the books
    lake_says  the same by the lake, 0 if it knows nothing
    """

    shop: str
    order_number: str
    happened: str
    shop_says: int
    lake_says: int


def audit() -> tuple[Disagreement, ...]:
    """What does not agree in the last closed days of every shop of our own; nothing if all is right."""
    own = (shop for shop in shops.shops() if shop.kind is ShopKind.OWN)
    return tuple(found for shop in own for found in _disagreements(shop))


def _disagreements(shop: Shop) -> Iterator[Disagreement]:
    today = clock.day_of(clock.now(), shop.zone)
    first = today - timedelta(days=DAYS)
    since, until = (clock.span_of(day, shop.zone)[0] for day in (first, today))
    said = _said_by_shop(shop, since=since + _EDGE, until=until - _EDGE)
    counted = _counted_in_lake(shop, first, today)
    known = {number for number, _happened in said}
    told_back = {(number, happened) for number, happened in counted if happened == "refunded" and number in known}
    for number, happened in sorted({*said, *told_back}):
        ours = said.get((number, happened), 0)
        theirs = counted.get((number, happened), 0)
        if ours != theirs:
            yield Disagreement(shop=shop.code, order_number=number, happened=happened, shop_says=ours, lake_says=theirs)


def _said_by_shop(shop: Shop, *, since: datetime, until: datetime) -> dict[tuple[str, str], int]:
    """What each order comes to: placed once, though a person may give it another price until it is paid."""
    said: dict[tuple[str, str], int] = defaultdict(int)
    for one in orders.worths(shop.code, since=since, until=until):
        if since <= one.placed_at < until:
            said[one.number, "placed"] = 1
        if one.paid_at is not None and since <= one.paid_at < until:
            said[one.number, "paid"] += one.total.minor
    back = payments.given_back(shop.code, since=since - _EDGE, until=until + _EDGE)
    booked = {one.number: one.booked for one in orders.worths_of(shop.code, {number for number, _amount in back})}
    for number, amount in back:
        if number in booked:
            said[number, "refunded"] += in_books(amount, booked[number]).minor
    return said


def _counted_in_lake(shop: Shop, first: date, today: date) -> dict[tuple[str, str], int]:
    rows = lake.ask(_COUNTED.format(orders=lake.rollup(shop.code, "orders", (first, today))))
    return {(number, happened): times if happened == "placed" else minor for number, happened, times, minor in rows}
