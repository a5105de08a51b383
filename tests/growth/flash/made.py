"""Small factories: a flash sale, its books, a relay that has caught up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from tests.shop.made import CLERK, SHOP, cny
from zhanggui.base import clock, ids
from zhanggui.growth.flash import actions, handlers, models, queries
from zhanggui.growth.flash.rules import Item, Pick, Plan, Sale, quota_of
from zhanggui.shop.catalogue.rules import Words
from zhanggui.spine.log import queries as log
from zhanggui.spine.log.models import Entry
from zhanggui.spine.log.rules import Trail
from zhanggui.supply.stock import queries as stock

WALK = Trail(shop=SHOP)


def a_pick(sku: str = "CUP", *, price: int = 3990, units: int = 5, per_person: int = 1) -> Pick:
    return Pick(sku=sku, price=cny(price), units=units, per_person=per_person)


def a_plan(
    *picks: Pick, starts_at: datetime | None = None, lasts: timedelta = timedelta(hours=2), entries: int | None = None
) -> Plan:
    begins = starts_at or clock.now()
    return Plan(
        name=Words(zh="午间秒杀", en="Noon flash sale"),
        starts_at=begins,
        ends_at=begins + lasts,
        entries_per_second=entries,
        picks=picks or (a_pick(),),
    )


def a_sale(*picks: Pick, entries: int | None = None, starts_in: timedelta = timedelta(0)) -> str:
    """A flash sale of five cups for 39.90 each, one for each person, that is on unless it says otherwise."""
    plan = a_plan(*picks, starts_at=clock.now() + starts_in, entries=entries)
    return set_up(plan)


def set_up(plan: Plan, *, key: str = "") -> str:
    return actions.set_up(plan=plan, idempotency_key=key or str(ids.uuid7()), trail=WALK, by=CLERK)


def sale(id: str) -> Sale:
    return queries.sale(SHOP, id)


def item(id: str, sku: str = "CUP") -> Item:
    (found,) = [one for one in sale(id).items if one.sku == sku]
    return found


def promised(id: str, sku: str = "CUP") -> int:
    """Pieces that the stock keeps for a sale."""
    return sum(one.open_units for one in stock.reservations(quota_of(id)) if one.sku == sku)


def follow(order_number: str) -> None:
    """The reader hears of everything that happened to an order."""
    handlers.follow([fact for fact in log.of_order(shop=SHOP, order_number=order_number) if _is_heard(fact.name)])


def told(name: str) -> int:
    return Entry.objects.filter(name=name).count()


def claims() -> Sequence[tuple[str, int]]:
    return list(models.Claim.objects.order_by("id").values_list("person", "units"))


def _is_heard(name: str) -> bool:
    return name in handlers.reader.names
