"""Carts and their lines."""

from __future__ import annotations

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q

from zhanggui.shop.cart import rules


class Cart(models.Model):
    """A shopper's cart. Every change of it or its lines makes the version grow, in the same statement."""

    id = models.UUIDField(primary_key=True)
    shop = models.CharField(max_length=40)
    person = models.CharField(max_length=120)
    version = models.BigIntegerField()
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "shop_cart_cart"
        # Where left carts lie. It holds ranges of pages and not rows, so that a changed cart costs it nothing.
        indexes = [BrinIndex(fields=["changed_at"], name="shop_cart_cart_changed", pages_per_range=16)]
        constraints = [
            models.UniqueConstraint(fields=["shop", "person"], name="shop_cart_cart_once"),
            models.CheckConstraint(name="shop_cart_cart_person", condition=~Q(person="")),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Line(models.Model):
    """Pieces of one SKU in a cart."""

    # The unique index below begins with the cart, so one of its own would only cost.
    cart = models.ForeignKey(Cart, on_delete=models.CASCADE, db_index=False)
    sku = models.CharField(max_length=60)
    quantity = models.PositiveSmallIntegerField()

    class Meta:
        db_table = "shop_cart_line"
        constraints = [
            models.UniqueConstraint(fields=["cart", "sku"], name="shop_cart_line_once"),
            models.CheckConstraint(
                name="shop_cart_line_quantity",
                condition=Q(quantity__gte=rules.LEAST_QUANTITY, quantity__lte=rules.MOST_QUANTITY),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} x {self.sku}"
