"""What delivery costs, by shop."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from zhanggui.base.money import Money
from zhanggui.shop.checkout import rules


class Terms(models.Model):
    """The flat rate of a shop and the goods total from which delivery is free."""

    shop = models.CharField(primary_key=True, max_length=40)
    flat_rate_minor = models.BigIntegerField()
    free_from_minor = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=6)

    class Meta:
        db_table = "shop_checkout_terms"
        constraints = [
            models.CheckConstraint(name="shop_checkout_terms_rate", condition=Q(flat_rate_minor__gte=0)),
            models.CheckConstraint(
                name="shop_checkout_terms_free", condition=Q(free_from_minor=None) | Q(free_from_minor__gte=0)
            ),
        ]

    def __str__(self) -> str:
        return self.shop

    @property
    def value(self) -> rules.Terms:
        """The row as a frozen value."""
        free_from = None if self.free_from_minor is None else Money(self.free_from_minor, self.currency)
        return rules.Terms(flat_rate=Money(self.flat_rate_minor, self.currency), free_from=free_from)
