"""The only tables with personal data."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from zhanggui.shop.customers import rules


class Customer(models.Model):
    """Somebody who bought, known by the visitor id of the first order."""

    id = models.UUIDField(primary_key=True)
    shop = models.CharField(max_length=40)
    visitor_id = models.CharField(max_length=120)
    name = models.CharField(max_length=120)
    phone = models.CharField(max_length=40, blank=True)
    email = models.CharField(max_length=254, blank=True)
    registered_at = models.DateTimeField()

    class Meta:
        db_table = "shop_customers_customer"
        constraints = [
            models.UniqueConstraint(fields=["shop", "visitor_id"], name="shop_customers_customer_once"),
            models.CheckConstraint(name="shop_customers_customer_visitor", condition=~Q(visitor_id="")),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def contact(self) -> rules.Contact:
        """How to reach the customer."""
        return rules.Contact(name=self.name, phone=self.phone, email=self.email)


class Address(models.Model):
    """Where an order went; never changed, because the order points here."""

    id = models.UUIDField(primary_key=True)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE)
    recipient = models.CharField(max_length=120)
    phone = models.CharField(max_length=40)
    country = models.CharField(max_length=2)
    region = models.CharField(max_length=120, blank=True)
    city = models.CharField(max_length=120)
    district = models.CharField(max_length=120, blank=True)
    street = models.CharField(max_length=120)
    postcode = models.CharField(max_length=120, blank=True)

    class Meta:
        db_table = "shop_customers_address"

    def __str__(self) -> str:
        return str(self.id)

    @property
    def value(self) -> rules.Address:
        """The row as a frozen value."""
        return rules.Address(
            recipient=self.recipient,
            phone=self.phone,
            country=self.country,
            region=self.region,
            city=self.city,
            district=self.district,
            street=self.street,
            postcode=self.postcode,
        )
