"""The verbs of the address book. An address itself is never changed: the book points to another one instead."""

from __future__ import annotations

from dataclasses import fields
from uuid import UUID

from zhanggui.base import clock, ids
from zhanggui.base.operation.actions import operation
from zhanggui.shop.customers import rules
from zhanggui.shop.customers.errors import AddressIncomplete, BookFull, NoSuchCustomer, NoSuchEntry, WordsNotAllowed
from zhanggui.shop.customers.models import Address, Customer, Kept
from zhanggui.shop.customers.rules import LONGEST_LABEL, MOST_KEPT


@operation
def keep_address(
    *,
    customer_id: UUID,
    address: rules.Address,
    label: str = "",
    is_default: bool = False,
    instead_of: UUID | None = None,
) -> UUID:
    """Put an address into a customer's book; returns the entry's id. The first one is the default.

    instead_of  an entry to forget in exchange, when somebody mends an address; its place as the default is inherited
    refuses     AddressIncomplete, WordsNotAllowed, BookFull, NoSuchCustomer, NoSuchEntry; nothing is written
    An address that stands in the book already is not put there twice; its label follows.
    """
    address, label = rules.trimmed(address), label.strip()
    if faults := rules.address_faults(address):
        raise AddressIncomplete(fields=faults)
    if len(label) > LONGEST_LABEL or not rules.is_clean(label):
        raise WordsNotAllowed(field="label")
    book = _locked(customer_id)
    if instead_of is not None:
        old = _entry(book, instead_of)
        is_default = is_default or old.is_default
        Kept.objects.filter(pk=old.id).delete()
        book = [entry for entry in book if entry.id != old.id]
    same = next((entry for entry in book if entry.address.value == address), None)
    if same is None and len(book) >= MOST_KEPT:
        raise BookFull(most=MOST_KEPT)
    entry = same or _written(customer_id, address)
    Kept.objects.filter(pk=entry.id).update(label=label)
    if is_default or not book:
        _make_default(customer_id, entry.id)
    return entry.id


@operation
def freeze_address(*, customer_id: UUID, address: rules.Address) -> UUID:
    """Write down where a further part of an order goes; the address book stays as it is. A part of checkout.

    refuses  AddressIncomplete with the parts to mend; nothing is written
    """
    address = rules.trimmed(address)
    if faults := rules.address_faults(address):
        raise AddressIncomplete(fields=faults)
    parts = {field.name: getattr(address, field.name) for field in fields(address)}
    return Address.objects.create(id=ids.uuid7(), customer_id=customer_id, **parts).id


@operation
def forget_address(*, customer_id: UUID, entry_id: UUID) -> None:
    """Take an address out of a customer's book; orders that went there keep it. The newest becomes the default.

    refuses  NoSuchEntry, also for another customer's
    """
    book = _locked(customer_id)
    gone = _entry(book, entry_id)
    Kept.objects.filter(pk=gone.id).delete()
    left = [entry.id for entry in book if entry.id != entry_id]
    if gone.is_default and left:
        _make_default(customer_id, max(left))


@operation
def choose_default(*, customer_id: UUID, entry_id: UUID) -> None:
    """Send the next order there unless something else is said.

    refuses  NoSuchEntry, also for another customer's
    """
    _make_default(customer_id, _entry(_locked(customer_id), entry_id).id)


def _locked(customer_id: UUID) -> list[Kept]:
    """The book of a customer, with the customer's row locked, so that changes of one book stand in a queue."""
    if not Customer.objects.select_for_update().filter(pk=customer_id).exists():
        raise NoSuchCustomer(customer_id=str(customer_id))
    return list(Kept.objects.filter(customer=customer_id).select_related("address"))


def _entry(book: list[Kept], entry_id: UUID) -> Kept:
    found = next((entry for entry in book if entry.id == entry_id), None)
    if found is None:
        raise NoSuchEntry(entry_id=str(entry_id))
    return found


def _written(customer_id: UUID, address: rules.Address) -> Kept:
    parts = {name: getattr(address, name) for name in address.__slots__}
    row = Address.objects.create(id=ids.uuid7(), customer_id=customer_id, **parts)
    return Kept.objects.create(id=ids.uuid7(), customer_id=customer_id, address=row, kept_at=clock.now())


def _make_default(customer_id: UUID, entry_id: UUID) -> None:
    Kept.objects.filter(customer=customer_id, is_default=True).exclude(pk=entry_id).update(is_default=False)
    Kept.objects.filter(pk=entry_id).update(is_default=True)
