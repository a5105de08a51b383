"""Notes and invoices."""

from __future__ import annotations

from django.db import connection

from zhanggui.base import clock
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor, ActorKind
from zhanggui.base.shops import queries as shops
from zhanggui.shop.orders import models, queries, rules
from zhanggui.shop.orders.errors import (
    InvoiceNotAllowed,
    NoteNotAllowed,
)
from zhanggui.shop.orders.rules import Invoice
from zhanggui.spine.log.rules import Trail

_NEXT = """
insert into shop_orders_invoice_series as s (shop, year, last) values (%s::varchar, %s::smallint, 1)
on conflict on constraint shop_orders_invoice_series_once do update set last = s.last + 1 returning last
"""


@operation
def add_note(*, order_number: str, words: str, trail: Trail, by: Actor) -> None:
    """Write down what colleagues should know about an order; shoppers never see it.

    refuses  NoSuchOrder, NoteNotAllowed if it is empty, longer than 2,000 letters or has letters nobody can read
    """
    queries.order_for_staff(trail.shop, order_number)
    words = words.strip()
    if not 0 < len(words) <= rules.LONGEST_NOTE or "\0" in words:
        raise NoteNotAllowed(length=len(words))
    models.Note.objects.create(order_id=order_number, words=words, by=str(by), at=clock.now())


@operation
def issue_invoice(*, order_number: str, made_out_to: str, tax_id: str, trail: Trail, by: Actor) -> Invoice:
    """Make the invoice of a paid order out to somebody; an order that has one keeps it, whatever is asked for.

    refuses  NoSuchOrder, for another shopper's order too; InvoiceNotAllowed
    """
    is_shopper = by.kind is ActorKind.CUSTOMER
    order = (
        queries.order(trail.shop, order_number, person=trail.person)
        if is_shopper
        else queries.order_for_staff(trail.shop, order_number)
    )
    made_out_to, tax_id = made_out_to.strip(), tax_id.strip()
    fault = "not_paid" if order.paid_at is None else rules.invoice_fault(made_out_to=made_out_to, tax_id=tax_id)
    if fault:
        raise InvoiceNotAllowed(order_number=order_number, reason=fault)
    # Whoever asks at the same moment waits here, and then finds the invoice.
    models.Order.objects.select_for_update().filter(pk=order_number).values_list("pk").get()
    found = queries.invoice(trail.shop, order_number)
    if found is not None:
        return found
    now = clock.now()
    year = clock.day_of(now, shops.shop(trail.shop).zone).year
    row = models.Invoice.objects.create(
        order_id=order_number,
        shop=trail.shop,
        number=rules.invoice_number(year, _next(trail.shop, year)),
        made_out_to=made_out_to,
        tax_id=tax_id,
        issued_at=now,
    )
    return row.value


def _next(shop: str, year: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [shop, year])
        return int(cursor.fetchone()[0])
