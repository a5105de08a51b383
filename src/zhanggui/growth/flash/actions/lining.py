"""A place in the line before the door of a sale."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import connection

from zhanggui.base import clock
from zhanggui.base.operation.actions import operation
from zhanggui.growth.flash import queries
from zhanggui.growth.flash.errors import NoSuchSale, SaleNotOn
from zhanggui.growth.flash.rules import ENTRY_FOR, LINE_OPENS_BEFORE, State, Ticket

# Indexes growth_flash_ticket_once and growth_flash_gate_pkey. Whoever has a ticket gets the same again and moves
# nothing. Of two tabs that draw at the same moment one writes none and reads the other's.
_DRAW = """
with known as materialized (
    select opens_at, expires_at from growth_flash_ticket
    where sale_id = %(sale)s::uuid and person = %(person)s::varchar and expires_at > %(now)s::timestamptz),
place as (
    update growth_flash_gate set next_at = greatest(next_at, %(now)s::timestamptz) + %(step)s::interval
    where sale_id = %(sale)s::uuid and not exists (select from known)
    returning date_trunc('second', next_at - %(step)s::interval) as opens_at),
drawn as (
    insert into growth_flash_ticket (sale_id, person, opens_at, expires_at)
    select %(sale)s::uuid, %(person)s::varchar, opens_at, opens_at + %(lasts)s::interval from place
    on conflict on constraint growth_flash_ticket_once do update
    set opens_at = excluded.opens_at, expires_at = excluded.expires_at
    where growth_flash_ticket.expires_at <= %(now)s::timestamptz
    returning opens_at, expires_at)
select opens_at, expires_at from known union all select opens_at, expires_at from drawn
"""
_READ = "select opens_at, expires_at from growth_flash_ticket where sale_id = %(sale)s::uuid and person = %(person)s"

# Indexes growth_flash_ticket_once and growth_flash_claim_once. What the customer has already stays theirs alone.
_JOIN_TICKETS = """
update growth_flash_ticket t set person = %s::varchar from growth_flash_sale s
where s.id = t.sale_id and s.shop = %s::varchar and t.person = %s::varchar and s.state <> 'ended' and not exists (
    select from growth_flash_ticket o where o.sale_id = t.sale_id and o.person = %s::varchar)
"""
_JOIN_CLAIMS = """
update growth_flash_claim c set person = %s::varchar from growth_flash_item i
where i.id = c.item_id and i.shop = %s::varchar and c.person = %s::varchar and i.is_open and not exists (
    select from growth_flash_claim o where o.item_id = c.item_id and o.person = %s::varchar)
"""


@operation
def line_up(*, shop: str, sale_id: str, person: str) -> Ticket:
    """Stand in line for a sale: the person's place, the same one however often they ask, until it has expired.

    Places go by arrival; how many are let in together is the sale's own limit. One statement, of which all who come
    at the same moment wait for one row.

    refuses  NoSuchSale, also for a sale that has no line; SaleNotOn before the line opens and after the sale
    """
    now = clock.now()
    sale = queries.sale_of(shop, sale_id)
    if sale is None or sale.entries_per_second is None:
        raise NoSuchSale(id=sale_id)
    if sale.state is State.ENDED or not sale.starts_at - LINE_OPENS_BEFORE <= now < sale.ends_at:
        raise SaleNotOn(id=sale_id)
    asked: dict[str, Any] = {
        "sale": UUID(sale_id),
        "person": person,
        "now": now,
        "step": f"{1_000_000 // sale.entries_per_second} microseconds",
        "lasts": ENTRY_FOR,
    }
    with connection.cursor() as cursor:
        cursor.execute(_DRAW, asked)
        found = cursor.fetchone()
        if found is None:
            cursor.execute(_READ, {"sale": asked["sale"], "person": person})
            found = cursor.fetchone()
    return Ticket(sale_id=sale_id, person=person, opens_at=found[0], expires_at=found[1])


@operation
def join(*, shop: str, guest: str, person: str) -> None:
    """Give a customer the place in line, and the pieces counted, of the guest they turned out to be.

    Where the customer has both already, they keep their own, and the guest's stays as it is.
    """
    with connection.cursor() as cursor:
        for sql in (_JOIN_TICKETS, _JOIN_CLAIMS):
            cursor.execute(sql, [person, shop, guest, person])
