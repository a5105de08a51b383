"""Reading customers."""

from __future__ import annotations

from uuid import UUID

from zhanggui.shop.customers import models
from zhanggui.shop.customers.errors import NoSuchAddress
from zhanggui.shop.customers.rules import Address, Contact, Known


def known(shop: str, visitor: str) -> Known | None:
    """What we know of a visitor who has ordered before, with the address of the last order. One statement.

    Index shop_customers_customer_once; ids of addresses sort by time.
    """
    addresses = models.Address.objects.select_related("customer")
    last = addresses.filter(customer__shop=shop, customer__visitor_id=visitor).order_by("-id").first()
    if last is None:
        return None
    return Known(customer_id=last.customer_id, contact=last.customer.contact, address=last.value)


def address(address_id: UUID) -> Address:
    """An address as it was given with an order. One statement.

    refuses  NoSuchAddress
    """
    row = models.Address.objects.filter(pk=address_id).first()
    if row is None:
        raise NoSuchAddress(address_id=str(address_id))
    return row.value


def contact(customer_id: UUID) -> Contact:
    """How to reach a customer; all empty if the person is not known, or no longer. One statement."""
    row = models.Customer.objects.filter(pk=customer_id).first()
    return row.contact if row else Contact(name="")
