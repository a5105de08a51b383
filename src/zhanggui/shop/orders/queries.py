"""Reading orders."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.db import connection
from django.db.models import QuerySet

from zhanggui.base import clock
from zhanggui.base.money import Money
from zhanggui.shop.orders import models, rules
from zhanggui.shop.orders.errors import NoSuchOrder
from zhanggui.shop.orders.rules import Line, Order, State, Step
from zhanggui.spine.log import queries as log
from zhanggui.spine.log.rules import Trail
from zhanggui.supply.stock import queries as stock

_PART = 1000
# Orders whose lines do not add up to what they say.
_READD = """
select o.number from shop_orders_order o left join shop_orders_line l on l.order_id = o.number
group by o.number having (o.discount_minor, o.goods_minor, o.shipping_minor, o.tax_minor) is distinct from
    (sum(l.discount_minor), sum(l.amount_minor), sum(l.shipping_minor), sum(l.tax_minor))
order by o.number
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """An order that contradicts itself or the stock.

    fault  shares_do_not_add_up, time_is_over, held_without_order or order_without_hold
    """

    order_number: str
    fault: str


def order(shop: str, number: str, *, person: str) -> Order:
    """An order, for the shopper who placed it. One statement. Primary key.

    refuses  NoSuchOrder, for another person's order too
    """
    return _only(number, models.Order.objects.filter(pk=number, shop=shop, person=person))


def order_for_staff(shop: str, number: str) -> Order:
    """An order, for somebody who works in the shop. One statement. Primary key.

    refuses  NoSuchOrder
    """
    return _only(number, models.Order.objects.filter(pk=number, shop=shop))


def order_by_number(number: str) -> Order:
    """An order of any shop, for our own jobs. One statement. Primary key.

    refuses  NoSuchOrder
    """
    return _only(number, models.Order.objects.filter(pk=number))


def orders_of(shop: str, person: str, *, limit: int = 50) -> tuple[Order, ...]:
    """The orders of a shopper, newest first. One statement. Index shop_orders_order_person."""
    return tuple(_orders(models.Order.objects.filter(shop=shop, person=person).order_by("-placed_at", "-pk")[:limit]))


def timeline(shop: str, number: str) -> tuple[Step, ...]:
    """What has happened to an order, oldest first. One statement. Index spine_log_entry_order."""
    return tuple(Step(name=fact.name, at=fact.at) for fact in log.of_order(shop=shop, order_number=number))


def states(numbers: Iterable[str]) -> dict[str, State]:
    """How these orders stand; unknown numbers are left out. One statement. Primary key."""
    rows = models.Order.objects.filter(pk__in=list(numbers)).values_list("pk", "state")
    return {number: State(state) for number, state in rows}


def numbers_of(state: State, *, after: str = "", limit: int = _PART) -> tuple[str, ...]:
    """The numbers of all orders in a state, in alphabetical order, a part at a time."""
    rows = models.Order.objects.filter(state=state, pk__gt=after).order_by("pk")
    return tuple(rows.values_list("pk", flat=True)[:limit])


def overdue(*, at: datetime) -> tuple[str, ...]:
    """The orders whose time to pay is over and that still wait. One statement. Index shop_orders_order_waiting."""
    rows = models.Order.objects.filter(state=State.AWAITING_PAYMENT, expires_at__lt=at - rules.GRACE)
    return tuple(rows.order_by("expires_at", "pk").values_list("pk", flat=True)[:_PART])


def audit() -> tuple[Disagreement, ...]:
    """Add all orders up again and hold them against the stock; none if all is right."""
    with connection.cursor() as cursor:
        cursor.execute(_READD)
        found = [Disagreement(order_number=row[0], fault="shares_do_not_add_up") for row in cursor.fetchall()]
    found += [Disagreement(order_number=n, fault="time_is_over") for n in overdue(at=clock.now() - rules.TIME_TO_PAY)]
    return (*found, *_held_without_order(), *_order_without_hold())


def _held_without_order() -> Iterator[Disagreement]:
    after = ""
    while held := stock.open_holds(after=after, limit=_PART):
        standing = states(held)
        for number in held:
            if standing.get(number) not in {State.AWAITING_PAYMENT, State.PAID}:
                yield Disagreement(order_number=number, fault="held_without_order")
        after = held[-1]


def _order_without_hold() -> Iterator[Disagreement]:
    after = ""
    while waiting := numbers_of(State.AWAITING_PAYMENT, after=after):
        held = stock.held_among(waiting)
        for number in waiting:
            if number not in held:
                yield Disagreement(order_number=number, fault="order_without_hold")
        after = waiting[-1]


def _only(number: str, rows: QuerySet[models.Order]) -> Order:
    found = next(_orders(rows), None)
    if found is None:
        raise NoSuchOrder(order_number=number)
    return found


def _orders(rows: QuerySet[models.Order]) -> Iterator[Order]:
    """The orders of these rows with their lines, newest first, in one statement: every order has a line."""
    lines = models.Line.objects.select_related("order").filter(order__in=rows)
    in_order = lines.order_by("-order__placed_at", "-order_id", "position")
    for _, of_one in groupby(in_order, key=lambda line: line.order_id):
        first, *others = of_one
        yield _value(first.order, [first, *others])


def _value(row: models.Order, lines: list[models.Line]) -> Order:
    currency = row.currency
    trail = Trail(
        shop=row.shop,
        person=row.person,
        session=row.session,
        cause=row.placed_fact,
        channel=row.channel,
        campaign=row.campaign,
        device=row.device,
        region=row.region,
    )
    return Order(
        number=row.number,
        shop=row.shop,
        person=row.person,
        trail=trail,
        customer_id=row.customer_id,
        address_id=row.address_id,
        state=State(row.state),
        lines=tuple(_line(line, currency) for line in lines),
        discount=Money(row.discount_minor, currency),
        goods=Money(row.goods_minor, currency),
        shipping=Money(row.shipping_minor, currency),
        tax=Money(row.tax_minor, currency),
        total=Money(row.total_minor, currency),
        placed_at=row.placed_at,
        expires_at=row.expires_at,
        ended_at=row.ended_at,
    )


def _line(row: models.Line, currency: str) -> Line:
    return Line(
        sku=row.sku,
        category=row.category,
        title_zh=row.title_zh,
        title_en=row.title_en,
        quantity=row.quantity,
        list_price=Money(row.list_price_minor, currency),
        listed=Money(row.listed_minor, currency),
        discount=Money(row.discount_minor, currency),
        amount=Money(row.amount_minor, currency),
        shipping=Money(row.shipping_minor, currency),
        tax=Money(row.tax_minor, currency),
    )
