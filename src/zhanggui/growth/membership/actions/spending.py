"""Points that pay a part of an order."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.db import connection

from zhanggui.base.money import Money
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor
from zhanggui.growth.membership import models, queries
from zhanggui.growth.membership.actions import wallets
from zhanggui.growth.membership.errors import PointsNotAllowed
from zhanggui.growth.membership.rules import points as rules
from zhanggui.growth.membership.rules.points import Use
from zhanggui.shop.checkout.rules import Quote
from zhanggui.spine.log.rules import Trail

_CHOOSE: Final = """
insert into growth_membership_choice (shop, person, points) values (%s, %s, %s)
on conflict on constraint growth_membership_choice_once do update set points = excluded.points
"""


@operation
def choose_points(*, shop: str, person: str, units: int | None) -> None:
    """Use points with the next order, or none; the price says then how many of them it takes.

    units    points at most; None: as many as may be; 0: none
    refuses  PointsNotAllowed for less than none
    """
    if units == 0:
        models.Choice.objects.filter(shop=shop, person=person).delete()
        return
    if units is not None and not 0 < units <= 2**62:
        raise PointsNotAllowed(points=units, most=2**62)
    with connection.cursor() as cursor:
        cursor.execute(_CHOOSE, [shop, person, units])


@operation
def spend_on_order(*, quote: Quote, order_number: str, customer_id: UUID, trail: Trail, by: Actor) -> None:
    """Use up the points that the price of an order counted on. A part of placing it.

    Nothing is asked of the database for an order that takes none. Of two orders at once that want the same points, the
    second finds them gone, and is undone.

    refuses  NotEnoughPoints
    tells    growth.points_spent
    """
    paid = [adjustment.amount for adjustment in quote.adjustments if adjustment.step == rules.STEP]
    scheme = queries.scheme(trail.shop)
    if not paid or scheme is None:
        return
    money = -Money.total(paid, quote.total.currency)
    member = wallets.lock(trail.shop, trail.person)
    points = rules.points_of(money, worth=scheme.worth)
    wallets.spend(member, points, use=Use.ORDER, reference=order_number, trail=trail, by=by)
    models.Choice.objects.filter(shop=trail.shop, person=trail.person).delete()
