"""Knowing a customer: at a first order, and at a sign-in."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.db.models import Q

from zhanggui.base import clock, ids
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor
from zhanggui.shop.customers import rules
from zhanggui.shop.customers.errors import AddressIncomplete, ContactIncomplete, WordsNotAllowed
from zhanggui.shop.customers.models import Address as AddressRow
from zhanggui.shop.customers.models import Customer, Kept
from zhanggui.shop.customers.rules import MOST_KEPT, Address, Contact, Recognised, Welcomed
from zhanggui.spine.facts.people import CustomerJoined, CustomerSignedIn
from zhanggui.spine.facts.shop import CustomerRegistered
from zhanggui.spine.log.actions import Told, record, record_all
from zhanggui.spine.log.rules import Trail

_LONGEST_NAME: Final = 120
# So many of the last addresses are looked at when an address book is filled for the first time.
_READ_BACK: Final = 200

# Index shop_customers_customer_person. What is not given again is kept; what an account says of itself is not touched.
_RECOGNISE = """
with known as (
    insert into shop_customers_customer as c (id, shop, visitor_id, name, phone, email, registered_at)
    values (%s::uuid, %s::varchar, %s::varchar, %s::varchar, %s::varchar, %s::varchar, %s::timestamptz)
    on conflict (shop, visitor_id) where joined_to_id is null do update set
        name = case when c.account_id is null or c.name = '' then excluded.name else c.name end,
        phone = case when c.account_id is null or c.phone = '' then coalesce(nullif(excluded.phone, ''), c.phone)
            else c.phone end,
        email = case when c.account_id is null or c.email = '' then coalesce(nullif(excluded.email, ''), c.email)
            else c.email end
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


@operation
def welcome(*, account_id: int, phone: str, email: str, visitor_id: str, trail: Trail, by: Actor) -> Welcomed:
    """Know whoever has just proved an account as its customer in this shop, together with what they did as a guest.

    phone, email  proved, empty if not; only guests who gave the same are the same person, whatever browser they used
    visitor_id    who walked in this browser until now
    tells         shop.customer_registered for somebody never seen, shop.customer_joined for each guest,
                  shop.customer_signed_in
    """
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{trail.shop}/{account_id}"])
    own = Customer.objects.filter(shop=trail.shop, account_id=account_id).first()
    guests = _same_person(trail.shop, phone, email)
    is_new = own is None and not guests
    joined = [(guest.id, guest.visitor_id) for guest in guests]
    if own is None:
        own = _promoted(guests.pop(0), account_id) if guests else _registered(trail.shop, account_id)
    _keep_contact(own, guests, phone, email)
    for guest in guests:
        _join(guest, own)
    _fill_book(own)
    _tell_welcome(own, joined, is_new=is_new, visitor_id=visitor_id, trail=trail, by=by)
    return Welcomed(
        customer_id=own.id, person=own.visitor_id, is_new=is_new, joined=tuple(guest_id for guest_id, _ in joined)
    )


@operation
def rename(*, customer_id: UUID, name: str) -> None:
    """Call a customer something else from now on; orders keep the name they were given.

    refuses  WordsNotAllowed if it is longer than 120 signs or unreadable; empty is allowed
    """
    name = name.strip()
    if len(name) > _LONGEST_NAME or not rules.is_clean(name):
        raise WordsNotAllowed(field="name")
    Customer.objects.filter(pk=customer_id).update(name=name)


def _same_person(shop: str, phone: str, email: str) -> list[Customer]:
    """Guests who gave a proved number or address, oldest first, locked; whoever another account takes meanwhile is not.

    Indexes shop_customers_customer_phone, shop_customers_customer_email.
    """
    same = Q()
    if phone:
        same |= Q(phone_key=rules.phone_key(phone)) & ~Q(phone_key="")
    if email:
        same |= Q(email_key=email.lower()) & ~Q(email_key="")
    if not same:
        return []
    guests = Customer.objects.select_for_update().filter(same, shop=shop, account_id=None, joined_to=None)
    return list(guests.order_by("id"))


def _registered(shop: str, account_id: int) -> Customer:
    person = str(ids.uuid7())
    return Customer.objects.create(
        id=ids.uuid7(), shop=shop, visitor_id=person, account_id=account_id, registered_at=clock.now()
    )


def _promoted(guest: Customer, account_id: int) -> Customer:
    """The guest's own record becomes the account's. The browser of then walks on as a stranger: it may be anybody's."""
    guest.earlier = [guest.visitor_id]
    guest.visitor_id = str(ids.uuid7())
    guest.account_id = account_id
    guest.save(update_fields=["earlier", "visitor_id", "account_id"])
    return guest


def _keep_contact(own: Customer, guests: list[Customer], phone: str, email: str) -> None:
    own.phone = phone or own.phone
    own.email = email or own.email
    own.name = own.name or next((guest.name for guest in reversed(guests) if guest.name), "")
    own.save(update_fields=["phone", "email", "name"])


def _join(guest: Customer, own: Customer) -> None:
    Customer.objects.filter(pk=guest.id).update(joined_to=own)
    own.earlier = list(dict.fromkeys((*own.earlier, guest.visitor_id)))
    own.save(update_fields=["earlier"])


def _fill_book(own: Customer) -> None:
    """Put where the guest's orders went into an empty address book, each place once, the last one as the default."""
    if Kept.objects.filter(customer=own).exists():
        return
    places: dict[rules.Address, AddressRow] = {}
    for row in AddressRow.objects.filter(Q(customer=own) | Q(customer__joined_to=own)).order_by("-id")[:_READ_BACK]:
        places.setdefault(row.value, row)
    now = clock.now()
    Kept.objects.bulk_create(
        Kept(id=ids.uuid7(), customer=own, address=row, is_default=place == 0, kept_at=now)
        for place, row in enumerate(list(places.values())[:MOST_KEPT])
    )


def _tell_welcome(
    own: Customer, joined: list[tuple[UUID, str]], *, is_new: bool, visitor_id: str, trail: Trail, by: Actor
) -> None:
    customer_id, subject = str(own.id), f"customer:{own.id}"
    facts: list[object] = [CustomerRegistered(customer_id=customer_id)] if is_new else []
    facts += [CustomerJoined(customer_id=customer_id, joined_id=str(id), visitor_id=who) for id, who in joined]
    facts.append(CustomerSignedIn(customer_id=customer_id, visitor_id=visitor_id))
    walk = replace(trail, person=own.visitor_id)
    record_all([Told(fact=fact, by=by, trail=walk, subject=subject) for fact in facts])


def _check(contact: Contact, address: Address) -> None:
    if faults := rules.contact_faults(contact):
        raise ContactIncomplete(fields=faults)
    if faults := rules.address_faults(address):
        raise AddressIncomplete(fields=faults)
