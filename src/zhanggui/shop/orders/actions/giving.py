"""Counting what goes back."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import connection
from django.db.models import F

from zhanggui.base.money import Money
from zhanggui.base.operation.actions import operation
from zhanggui.shop.orders import models, queries
from zhanggui.shop.orders.errors import MoreThanBought, MoreThanPaid

# Counts pieces whose money goes back; a line that has fewer left drops out.
_GIVE_BACK = """
update shop_orders_line l set returned_units = l.returned_units + t.units
from unnest(%s::int[], %s::int[]) t(position, units)
where l.order_id = %s::varchar and l.position = t.position and l.returned_units + t.units <= l.quantity
"""


@operation
def give_back(*, order_number: str, amount: Money, units: Mapping[int, int]) -> None:
    """Count money and pieces that go back to the shopper. A part of `payments.refund`; never more than was paid.

    amount   in the currency of the order, > 0
    units    pieces by line position, whose money is in the amount; empty for money without goods
    refuses  NoSuchOrder, MoreThanPaid, MoreThanBought; nothing is written
    """
    rows = models.Order.objects.filter(pk=order_number, currency=amount.currency, paid_at__isnull=False)
    left = rows.filter(total_minor__gte=F("refunded_minor") + amount.minor)
    if amount.minor <= 0 or not left.update(refunded_minor=F("refunded_minor") + amount.minor):
        order = queries.order_by_number(order_number)
        left_minor = (order.total - order.refunded).minor if order.paid_at else 0
        raise MoreThanPaid(order_number=order_number, amount_minor=amount.minor, left_minor=left_minor)
    positions = sorted(units)
    if any(units[position] <= 0 for position in positions):
        raise MoreThanBought(position=positions[0], units=min(units.values()), left_units=0)
    with connection.cursor() as cursor:
        cursor.execute(_GIVE_BACK, [positions, [units[position] for position in positions], order_number])
        if cursor.rowcount < len(positions):
            raise _too_many(order_number, units)


def _too_many(order_number: str, units: Mapping[int, int]) -> MoreThanBought:
    """Which of these lines has fewer pieces left; read by whoever is about to undo all."""
    lines = {line.position: line for line in queries.order_by_number(order_number).lines}
    for position, asked in sorted(units.items()):
        left = lines[position].quantity - lines[position].returned_units if position in lines else 0
        if position not in lines or asked > left:
            return MoreThanBought(position=position, units=asked, left_units=left)
    return MoreThanBought(position=min(units), units=units[min(units)], left_units=0)
