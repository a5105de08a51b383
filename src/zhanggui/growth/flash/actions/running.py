"""Setting a sale up, letting it begin and end, stopping it."""

from __future__ import annotations

from uuid import UUID

from zhanggui.base import clock, ids
from zhanggui.base.jobs.actions import Job, job, later
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor
from zhanggui.base.operation.rules import job as job_actor
from zhanggui.base.shops import queries as shops
from zhanggui.growth.flash import models, queries, rules
from zhanggui.growth.flash.errors import NoSuchSale, SaleNotOn, SalesOverlap
from zhanggui.growth.flash.rules import Ended, Plan, State, quota_of
from zhanggui.shop.catalogue import queries as catalogue
from zhanggui.spine.facts.flash import FlashEnded, FlashStarted
from zhanggui.spine.log.actions import record
from zhanggui.spine.log.rules import Trail
from zhanggui.supply.stock import actions as stock
from zhanggui.supply.stock.rules import Demand

_BY_CLOCK = job_actor("flash.clock")


@operation
def set_up(*, plan: Plan, idempotency_key: str, trail: Trail, by: Actor) -> str:
    """Set a flash sale up and take its quota out of the stock; its id. It begins and ends by the clock.

    What has run out of time meanwhile is ended first, so that its rest can be sold again.

    refuses  SaleNotAllowed with what is wrong, SalesOverlap, OutOfStock if too little is free; nothing is written
    tells    supply.stock_held
    """
    tend(trail.shop)
    now, currency = clock.now(), shops.shop(trail.shop).currency
    cards = catalogue.products([pick.sku for pick in plan.picks])
    rules.checked(plan, cards, shop=trail.shop, currency=currency, at=now)
    sale = models.Sale.objects.create(
        id=ids.uuid7(),
        shop=trail.shop,
        name_zh=plan.name.zh,
        name_en=plan.name.en,
        starts_at=plan.starts_at,
        ends_at=plan.ends_at,
        entries_per_second=plan.entries_per_second,
        state=State.SET,
        made_at=now,
        made_by=str(by),
    )
    _put_in(sale, plan, currency=currency)
    if plan.entries_per_second is not None:
        models.Gate.objects.create(sale=sale, next_at=plan.starts_at)
    demand = [Demand(line, pick.sku, pick.units) for line, pick in enumerate(plan.picks, start=1)]
    stock.hold(order_number=quota_of(str(sale.id)), demand=demand, until=None, trail=trail, by=by)
    later(at_the_moment, at=plan.starts_at, sale_id=str(sale.id))
    later(at_the_moment, at=plan.ends_at, sale_id=str(sale.id))
    queries.forget()
    return str(sale.id)


@operation
def stop(*, id: str, trail: Trail, by: Actor) -> bool:
    """End a sale before its time and give what nobody took back to the stock; False if it has ended already.

    refuses  NoSuchSale
    tells    growth.flash_ended, supply.stock_released
    """
    if not models.Sale.objects.filter(pk=UUID(id), shop=trail.shop).exists():
        raise NoSuchSale(id=id)
    return _end(id, reason=Ended.STOPPED, trail=trail, by=by)


@operation
def begin(*, id: str, trail: Trail) -> bool:
    """Note that a sale has begun, which shoppers know by the clock; False if that was noted or it has ended.

    refuses  SaleNotOn before its time
    tells    growth.flash_started
    """
    row = models.Sale.objects.select_for_update().prefetch_related("items").get(pk=UUID(id), shop=trail.shop)
    if row.state != State.SET:
        return False
    if clock.now() < row.starts_at:
        raise SaleNotOn(id=id)
    row.state = State.ON
    row.save(update_fields=["state"])
    fact = FlashStarted(sale_id=id, quota_units=row.value.quota_units)
    record(fact, by=_BY_CLOCK, trail=trail, subject=f"flash:{id}")
    return True


@operation
def end(*, id: str, trail: Trail) -> bool:
    """Give back what nobody took of a sale whose time is over; False if that was done before.

    refuses  SaleNotOn while its time is not over
    tells    growth.flash_ended, supply.stock_released
    """
    ends_at = models.Sale.objects.values_list("ends_at", flat=True).get(pk=UUID(id), shop=trail.shop)
    if clock.now() < ends_at:
        raise SaleNotOn(id=id)
    return _end(id, reason=Ended.OVER, trail=trail, by=_BY_CLOCK)


def tend(shop: str = "") -> None:
    """Begin and end what the clock says, each sale in a transaction of its own."""
    now = clock.now()
    for id, of in queries.unstarted(at=now):
        if shop in ("", of):
            begin(id=id, trail=Trail(shop=of))
    for id, of in queries.overdue(at=now):
        if shop in ("", of):
            end(id=id, trail=Trail(shop=of))


@job(name="growth.flash_at_the_moment")
def at_the_moment(sale_id: str) -> None:
    """Begin or end a sale at the second for which it was set up; whatever else is due goes along."""
    tend()


@job(name="growth.flash_every_minute", every="* * * * *")
def every_minute() -> None:
    """Begin and end what a job at its own moment has missed."""
    tend()


jobs: tuple[Job, ...] = (at_the_moment, every_minute)


def _put_in(sale: models.Sale, plan: Plan, *, currency: str) -> None:
    """Write the goods of a sale down; the constraint growth_flash_no_overlap leaves out what another one has."""
    rows = [
        models.Item(
            id=ids.uuid7(),
            sale=sale,
            shop=sale.shop,
            line=line,
            sku=pick.sku,
            price_minor=pick.price.minor,
            currency=currency,
            quota_units=pick.units,
            per_person=pick.per_person,
            starts_at=plan.starts_at,
            ends_at=plan.ends_at,
        )
        for line, pick in enumerate(plan.picks, start=1)
    ]
    models.Item.objects.bulk_create(rows, ignore_conflicts=True)
    written = set(models.Item.objects.filter(sale=sale).values_list("sku", flat=True))
    for pick in plan.picks:
        if pick.sku not in written:
            raise SalesOverlap(sku=pick.sku)


def _end(id: str, *, reason: Ended, trail: Trail, by: Actor) -> bool:
    """Close the books: first the quota rows, for which orders in the making are waited for, then the stock's promise.

    An order that waits for the quota row finds it closed; one that was quicker has its pieces.
    """
    items = list(models.Item.objects.select_for_update().filter(sale_id=UUID(id)).order_by("id"))
    left = sum(item.quota_units - item.taken_units for item in items)
    closed = models.Sale.objects.filter(pk=UUID(id)).exclude(state=State.ENDED)
    if not closed.update(state=State.ENDED, ended_at=clock.now(), reason=reason, returned_units=left):
        return False
    models.Item.objects.filter(sale_id=UUID(id)).update(is_open=False)
    stock.release(order_number=quota_of(id), trail=trail, by=by)
    taken = sum(item.taken_units for item in items)
    fact = FlashEnded(sale_id=id, reason=reason, taken_units=taken, returned_units=left)
    record(fact, by=by, trail=trail, subject=f"flash:{id}")
    queries.forget()
    return True
