"""What orders take of a quota, and what comes back.

The order of locks: a person's claim, the quota row, the levels of all that the order asks for, the stock's promise to
the sale. Ending a sale takes the quota rows first as well, so nobody waits in a circle.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F

from zhanggui.base import clock, ids
from zhanggui.base.money import Money
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor
from zhanggui.growth.flash import models, rules
from zhanggui.growth.flash.errors import LimitReached, NoEntry, QuotaGone
from zhanggui.growth.flash.rules import SOURCE, quota_of
from zhanggui.growth.promotions.queries import live as promotions
from zhanggui.shop.catalogue import queries as catalogue
from zhanggui.shop.checkout.rules import Quote, parts_of
from zhanggui.spine.facts.flash import FlashReturned, FlashTaken
from zhanggui.spine.log.actions import Told, record, record_all
from zhanggui.spine.log.rules import Trail
from zhanggui.supply.stock import actions as stock
from zhanggui.supply.stock import queries as stock_books
from zhanggui.supply.stock.errors import OutOfStock
from zhanggui.supply.stock.rules import Demand

_TO_QUOTA, _TO_STOCK = "quota", "stock"

# Indexes growth_flash_item_pkey and growth_flash_ticket_once; a plain read.
_SEE = """
select i.id, i.sale_id, i.sku, i.price_minor, i.per_person, s.entries_per_second is null or exists (
    select from growth_flash_ticket t where t.sale_id = s.id and t.person = %s::varchar
        and t.opens_at <= %s::timestamptz and t.expires_at > %s::timestamptz)
from growth_flash_item i join growth_flash_sale s on s.id = i.sale_id
where i.id = any(%s::uuid[]) and i.shop = %s::varchar order by i.id
"""

# Index growth_flash_claim_once. Five tabs of one person meet here, and the limit is asked of the row as the one before
# has left it.
_CLAIM = """
with asked as materialized (select * from unnest(%s::uuid[], %s::uuid[], %s::int[]) t(id, item_id, units))
insert into growth_flash_claim (id, item_id, person, units, most_units)
select asked.id, i.id, %s::varchar, asked.units, i.per_person
from asked join growth_flash_item i on i.id = asked.item_id where asked.units <= i.per_person order by i.id
on conflict on constraint growth_flash_claim_once do update set units = growth_flash_claim.units + excluded.units
where growth_flash_claim.units + excluded.units <= growth_flash_claim.most_units
returning item_id, id
"""

# Index growth_flash_item_pkey, in the order of ids. What is left is asked where the row is locked
# (docs/decisions/0007): whoever waited sees what those before them took.
_TAKE = """
with asked as materialized (
    select * from unnest(%s::uuid[], %s::uuid[], %s::uuid[], %s::int[]) t(id, item_id, claim_id, units)),
locked as materialized (
    select i.id, asked.units from growth_flash_item i join asked on asked.item_id = i.id
    where i.is_open and i.starts_at <= %s::timestamptz and i.ends_at > %s::timestamptz
        and i.taken_units + asked.units <= i.quota_units
    order by i.id for update of i),
taken as (
    update growth_flash_item i set taken_units = i.taken_units + locked.units from locked where i.id = locked.id
    returning i.id)
insert into growth_flash_take (id, item_id, claim_id, shop, order_number, units, returned_units, at)
select asked.id, asked.item_id, asked.claim_id, %s::varchar, %s::varchar, asked.units, 0, %s::timestamptz
from asked join taken on taken.id = asked.item_id
returning item_id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wish:
    """Pieces of an item that a quote counted on."""

    item_id: UUID
    sale_id: UUID
    sku: str
    units: int
    per_person: int
    saved: Money


@operation
def claim(*, quote: Quote, order_number: str, customer_id: UUID, trail: Trail, by: Actor) -> None:
    """Take the pieces that a price counted on out of their quota, and let the stock's promise of them go to the order.

    The order's own hold, later in the same transaction, finds them free; nobody can come between, because the levels
    stay locked.

    refuses  NoEntry without a turn in a sale that has a line, LimitReached, QuotaGone: the order is not placed
    tells    growth.flash_taken for each SKU, supply.stock_released
    """
    wishes = _wishes(quote, trail=trail)
    if not wishes:
        return
    claims = _claimed(wishes, person=trail.person)
    _take(wishes, claims, order_number=order_number, trail=trail)
    # Before the promise, whose lines are locked for all goods of a sale: who has them wants levels as well.
    stock.wait_for(_stored(quote))
    for sale_id in sorted({wish.sale_id for wish in wishes}):
        of_sale = {wish.sku: wish.units for wish in wishes if wish.sale_id == sale_id}
        units = _lines_with(quota_of(str(sale_id)), of_sale)
        stock.release_lines(order_number=quota_of(str(sale_id)), units=units, trail=trail, by=by)
    _tell_taken(wishes, order_number=order_number, trail=trail, by=by)


@operation
def give_back(*, order_number: str, kept: Mapping[str, int], trail: Trail, by: Actor) -> bool:
    """Give back what an order took and does not keep: to the quota while the sale is on, else it stays in the stock.

    Pieces that were sold otherwise since the order let them go are no longer in the quota. The person may have so many
    more again.

    kept   pieces that the order keeps, by SKU; none of those that are not named
    tells  growth.flash_returned for each SKU, supply.stock_held for those that are in the quota again
    """
    due = _due(order_number, kept, shop=trail.shop)
    for take, units in due:
        take.returned_units += units
        take.save(update_fields=["returned_units"])
        models.Claim.objects.filter(pk=take.claim_id).update(units=F("units") - units)
    items = _locked({take.item.sale_id for take, _ in due})
    stock.wait_for({take.item.sku for take, _ in due})
    for take, units in due:
        _return(items[take.item_id], units=units, order_number=order_number, trail=trail, by=by)
    return bool(due)


def _wishes(quote: Quote, *, trail: Trail) -> list[_Wish]:
    """What the quote counted on, in the order of the items; refuses who may not buy there. One statement."""
    saved = {
        UUID(took.source.removeprefix(SOURCE)): took.shares
        for took in quote.adjustments
        if took.source.startswith(SOURCE)
    }
    if not saved:
        return []
    now = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(_SEE, [trail.person, now, now, sorted(saved), trail.shop])
        rows = cursor.fetchall()
    floors = promotions.floors(trail.shop)
    wishes = []
    for item_id, sale_id, sku, price_minor, per_person, may_enter in rows:
        if not may_enter:
            raise NoEntry(sale_id=str(sale_id))
        price = Money(price_minor, quote.basket.currency)
        units = _units(quote, saved[item_id], price=price, floor=floors.get(sku))
        if not units:
            raise QuotaGone(sku=sku)
        amount = Money.total(saved[item_id], quote.basket.currency)
        wishes.append(
            _Wish(item_id=item_id, sale_id=sale_id, sku=sku, units=units, per_person=per_person, saved=-amount)
        )
    return wishes


def _units(quote: Quote, shares: Sequence[Money], *, price: Money, floor: Money | None) -> int:
    return sum(
        rules.units_at(share, list_price=item.list_price, price=price, floor=floor)
        for item, share in zip(quote.basket.items, shares, strict=True)
        if share
    )


def _claimed(wishes: Sequence[_Wish], *, person: str) -> dict[UUID, UUID]:
    """Count the pieces as the person's; the id of their claim by item."""
    with connection.cursor() as cursor:
        cursor.execute(
            _CLAIM,
            [
                [ids.uuid7() for _ in wishes],
                [wish.item_id for wish in wishes],
                [wish.units for wish in wishes],
                person,
            ],
        )
        claims = dict(cursor.fetchall())
    for wish in wishes:
        if wish.item_id not in claims:
            raise LimitReached(sku=wish.sku, per_person=wish.per_person)
    return claims


def _take(wishes: Sequence[_Wish], claims: Mapping[UUID, UUID], *, order_number: str, trail: Trail) -> None:
    now = clock.now()
    columns: list[Any] = [
        [ids.uuid7() for _ in wishes],
        [wish.item_id for wish in wishes],
        [claims[wish.item_id] for wish in wishes],
        [wish.units for wish in wishes],
    ]
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [*columns, now, now, trail.shop, order_number, now])
        taken = {row[0] for row in cursor.fetchall()}
    for wish in wishes:
        if wish.item_id not in taken:
            raise QuotaGone(sku=wish.sku)


def _stored(quote: Quote) -> list[str]:
    """The SKUs that must lie in stock for a basket, the parts of bundles among them; what is on sale has no parts."""
    skus = {item.sku for item in quote.basket.items}
    if len(skus) == 1:
        return list(skus)
    cards = catalogue.products(sorted(skus))
    return sorted({sku for card in cards.values() for sku, _ in parts_of(card)})


def _lines_with(reference: str, units: Mapping[str, int]) -> dict[int, int]:
    """From which lines of a sale's promise so many pieces come; pieces that came back stand in lines of their own."""
    lines: dict[int, int] = {}
    left = dict(units)
    for one in stock_books.reservations(reference):
        if taken := min(left.get(one.sku, 0), one.open_units):
            lines[one.line] = lines.get(one.line, 0) + taken
            left[one.sku] -= taken
    return lines


def _due(order_number: str, kept: Mapping[str, int], *, shop: str) -> list[tuple[models.Take, int]]:
    """What an order took and does not keep, and has not given back yet, in the order of the items."""
    took = models.Take.objects.filter(shop=shop, order_number=order_number).select_related("item")
    each = [
        (take, max(0, take.units - kept.get(take.item.sku, 0)) - take.returned_units)
        for take in took.order_by("item_id").select_for_update(of=("self",))
    ]
    return [(take, units) for take, units in each if units > 0]


def _locked(sale_ids: Collection[UUID]) -> dict[UUID, models.Item]:
    """All goods of some sales, locked: nobody takes of their quotas, and nobody ends them."""
    rows = models.Item.objects.filter(sale_id__in=sale_ids).order_by("id")
    return {row.pk: row for row in rows.select_for_update()}


def _return(item: models.Item, *, units: int, order_number: str, trail: Trail, by: Actor) -> None:
    """One SKU of an order comes back to its quota, which is locked."""
    is_on = item.is_open and clock.now() < item.ends_at
    is_back = is_on and _held_again(item, units=units, trail=trail, by=by)
    item.taken_units -= units
    # What is sold otherwise is no longer part of the quota; of a sale that is over the quota stays as it was.
    if item.is_open and not is_back:
        item.quota_units -= units
    item.save(update_fields=["taken_units", "quota_units"])
    fact = FlashReturned(
        sale_id=str(item.sale_id),
        order_number=order_number,
        sku=item.sku,
        quantity=units,
        to=_TO_QUOTA if is_back else _TO_STOCK,
    )
    record(fact, by=by, trail=trail, subject=f"order:{order_number}")


def _held_again(item: models.Item, *, units: int, trail: Trail, by: Actor) -> bool:
    """Promise pieces to the sale once more, in a line of their own; False if they are sold by now."""
    reference = quota_of(str(item.sale_id))
    line = max(one.line for one in stock_books.reservations(reference)) + 1
    demand = [Demand(line, item.sku, units)]
    try:
        # A refusal undoes the hold alone, not what came back.
        with transaction.atomic():
            stock.hold(order_number=reference, demand=demand, until=None, trail=trail, by=by)
    except OutOfStock:
        return False
    return True


def _tell_taken(wishes: Sequence[_Wish], *, order_number: str, trail: Trail, by: Actor) -> None:
    told = [
        FlashTaken(
            sale_id=str(wish.sale_id),
            order_number=order_number,
            sku=wish.sku,
            quantity=wish.units,
            amount_minor=wish.saved.minor,
            currency=wish.saved.currency,
        )
        for wish in wishes
    ]
    record_all([Told(fact=fact, by=by, trail=trail, subject=f"order:{order_number}") for fact in told])
