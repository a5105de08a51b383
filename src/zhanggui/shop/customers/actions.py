"""The verbs about customers."""

from __future__ import annotations

from typing import Any

from django.db import connection

from zhanggui.base import clock, ids
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor
from zhanggui.shop.customers import rules
from zhanggui.shop.customers.errors import AddressIncomplete, ContactIncomplete
from zhanggui.shop.customers.rules import Address, Contact, Recognised
from zhanggui.spine.facts.shop import CustomerRegistered
from zhanggui.spine.log.actions import record
from zhanggui.spine.log.rules import Trail

# Index shop_customers_customer_once. What is not given again is kept.
_RECOGNISE = """
with known as (
    insert into shop_customers_customer as c (id, shop, visitor_id, name, phone, email, registered_at)
    values (%s::uuid, %s::varchar, %s::varchar, %s::varchar, %s::varchar, %s::varchar, %s::timestamptz)
    on conflict on constraint shop_customers_customer_once do update set name = excluded.name,
        phone = coalesce(nullif(excluded.phone, ''), c.phone), email = coalesce(nullif(excluded.email, ''), c.email)
    returning id, xmax = 0 as is_new),
kept as (
    insert into shop_customers_address
        (id, customer_id, recipient, phone, country, region, city, district, street, postcode)
    select %s::uuid, id, %s::varchar, %s::varchar, %s::varchar, %s::varchar, %s::varchar, %s::varchar, %s::varchar,
        %s::varchar from known)
select id, is_new from known
"""


@operation
def recognise(*, contact: Contact, address: Address, trail: Trail, by: Actor) -> Recognised:
    """Know the visitor of this walk as a customer from now on, and keep where this order goes.

    refuses  ContactIncomplete, AddressIncomplete with the parts to mend; nothing is written
    tells    shop.customer_registered, the first time
    """
    contact, address = rules.trimmed(contact), rules.trimmed(address)
    _check(contact, address)
    address_id = ids.uuid7()
    who: list[Any] = [ids.uuid7(), trail.shop, trail.person, contact.name, contact.phone, contact.email, clock.now()]
    place = [address.recipient, address.phone, address.country, address.region, address.city, address.district]
    with connection.cursor() as cursor:
        cursor.execute(_RECOGNISE, [*who, address_id, *place, address.street, address.postcode])
        customer_id, is_new = cursor.fetchone()
    if is_new:
        fact = CustomerRegistered(customer_id=str(customer_id))
        record(fact, by=by, trail=trail, subject=f"customer:{customer_id}")
    return Recognised(customer_id=customer_id, address_id=address_id, is_new=is_new)


def _check(contact: Contact, address: Address) -> None:
    if faults := rules.contact_faults(contact):
        raise ContactIncomplete(fields=faults)
    if faults := rules.address_faults(address):
        raise AddressIncomplete(fields=faults)
