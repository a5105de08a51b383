"""Wishes; each SKU stands once on a list."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Wish(models.Model):
    """A SKU on somebody's list, with what it cost then."""

    shop = models.CharField(max_length=40)
    person = models.CharField(max_length=120)
    sku = models.CharField(max_length=60)
    price_minor = models.BigIntegerField()
    currency = models.CharField(max_length=6)
    at = models.DateTimeField()

    class Meta:
        db_table = "shop_wishes_wish"
        constraints = [
            models.UniqueConstraint(fields=["shop", "person", "sku"], name="shop_wishes_wish_once"),
            models.CheckConstraint(name="shop_wishes_wish_person", condition=~Q(person="")),
            models.CheckConstraint(name="shop_wishes_wish_price", condition=Q(price_minor__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.sku}"
