"""What operators do about a customer."""

from __future__ import annotations

from uuid import UUID

from zhanggui.base import clock, ids
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor
from zhanggui.shop.customers import queries, rules
from zhanggui.shop.customers.errors import NoSuchCustomer, WordsNotAllowed
from zhanggui.shop.customers.models import Customer, Note
from zhanggui.shop.customers.rules import Address, Contact
from zhanggui.spine.facts.people import CustomerNoted, CustomerUnmasked
from zhanggui.spine.log.actions import record
from zhanggui.spine.log.rules import Trail

_LONGEST_NOTE = 1000


@operation
def unmask(*, shop: str, customer_id: UUID, by: Actor) -> tuple[Contact, tuple[Address, ...]]:
    """Read a customer's contact and addresses in full; that it was read, by whom and when, is kept for good.

    refuses  NoSuchCustomer
    tells    shop.customer_unmasked
    """
    contact = queries.customer(shop, customer_id).contact
    addresses = tuple(entry.address for entry in queries.address_book(customer_id))
    fact = CustomerUnmasked(customer_id=str(customer_id), part="all")
    record(fact, by=by, trail=Trail(shop=shop), subject=f"customer:{customer_id}")
    return contact, addresses


@operation
def add_note(*, shop: str, customer_id: UUID, words: str, by: Actor) -> None:
    """Write something down about a customer.

    refuses  WordsNotAllowed if it is empty, longer than 1,000 signs or unreadable; NoSuchCustomer
    tells    shop.customer_noted
    """
    words = words.strip()
    is_readable = all(rules.is_clean(line) for line in words.splitlines())
    if not words or len(words) > _LONGEST_NOTE or not is_readable:
        raise WordsNotAllowed(field="words")
    if not Customer.objects.filter(pk=customer_id, shop=shop).exists():
        raise NoSuchCustomer(customer_id=str(customer_id))
    Note.objects.create(id=ids.uuid7(), customer_id=customer_id, words=words, by=str(by), at=clock.now())
    record(
        CustomerNoted(customer_id=str(customer_id)), by=by, trail=Trail(shop=shop), subject=f"customer:{customer_id}"
    )
