"""What tells the one who brings from the one who is brought."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from django.db import connection

from zhanggui.growth.membership import queries as membership
from zhanggui.growth.referrals import models
from zhanggui.growth.referrals.rules import FURTHEST, Somebody, State, place_key
from zhanggui.shop.customers import queries as customers
from zhanggui.shop.customers.rules import Contact, phone_key
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.orders.rules import Order

_LAST_ORDERS: Final = 20
# Index growth_referrals_brought_once, once for each step up.
_ANCESTORS: Final = """
with recursive up(person, steps) as (
    select referrer, 1 from growth_referrals_referral
    where shop = %s::varchar and referred = %s::varchar and level = 1
    union
    select r.referrer, up.steps + 1 from up join growth_referrals_referral r
        on r.shop = %s::varchar and r.referred = up.person and r.level = 1
    where up.steps < %s::int)
select distinct person from up
"""


def somebody(shop: str, person: str) -> Somebody:
    """What is known of a member, so that others can be held against it. At most seven statements."""
    customer_id = membership.account_of(shop, person)
    if customer_id is None:
        return Somebody(persons=frozenset({person}), devices=frozenset({person}))
    persons = customers.persons(customer_id)
    kept = [entry.address_id for entry in customers.address_book(customer_id)]
    return _known(
        shop,
        ids=customers.ids(customer_id),
        persons=persons,
        contact=customers.contact(customer_id),
        address_ids=[*kept, *_sent_to(orders.orders_of(shop, *persons, limit=_LAST_ORDERS))],
    )


def buyer_of(order: Order) -> tuple[Somebody, str]:
    """Who placed an order, with where this order goes, and under whom they walk now. At most seven statements."""
    person = customers.walks_as(order.customer_id) or order.person
    customer_id = membership.account_of(order.shop, person) or order.customer_id
    found = _known(
        order.shop,
        ids=(order.customer_id, *customers.ids(customer_id)),
        persons=(person, order.person, *customers.persons(customer_id)),
        contact=customers.contact(customer_id),
        address_ids=_sent_to([order]),
    )
    return found, person


def has_bought(order: Order, buyer: Somebody) -> bool:
    """Whether a shopper paid for something that stood before this order, as anybody with the same contact too."""
    others = {person for contact in buyer.contacts for person in _under(order.shop, contact)}
    before = orders.orders_of(order.shop, *(buyer.persons | others))
    return any(one.is_paid and one.number != order.number and one.placed_at < order.placed_at for one in before)


def ancestors(shop: str, person: str) -> frozenset[str]:
    """Who brought somebody, and who brought those. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_ANCESTORS, [shop, person, shop, FURTHEST])
        return frozenset(row[0] for row in cursor.fetchall())


def brought_by(shop: str, person: str) -> str:
    """Who brought somebody, if that counts; empty for nobody. One statement. Index growth_referrals_brought_once."""
    rows = models.Referral.objects.filter(shop=shop, referred=person, level=1).exclude(state=State.REFUSED)
    return rows.values_list("referrer", flat=True).first() or ""


def _known(
    shop: str, *, ids: Iterable[UUID], persons: Iterable[str], contact: Contact, address_ids: Iterable[UUID]
) -> Somebody:
    walked = frozenset(persons) - {""}
    used = models.Device.objects.filter(shop=shop, person__in=walked).values_list("browser", flat=True)
    contacts = {phone_key(contact.phone), contact.email.lower()} - {""}
    places = customers.addresses(list(dict.fromkeys(address_ids)))
    return Somebody(
        customers=frozenset(ids),
        persons=walked,
        contacts=frozenset(contacts),
        # A guest walks under the browser's own id.
        devices=walked | frozenset(used),
        places=frozenset(place_key(address) for address in places.values()),
    )


def _sent_to(found: Iterable[Order]) -> list[UUID]:
    return [place.address_id for order in found for place in order.destinations]


def _under(shop: str, contact: str) -> list[str]:
    said = contact if "@" in contact else f"+{contact}"
    return [one.person for one in customers.found(shop, said, is_by_name=False)]
