"""The table of tax rates."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Rate(models.Model):
    """A rate of a shop for a place and a kind of goods, from a day until the next row for the same."""

    shop = models.CharField(max_length=40)
    country = models.CharField(max_length=2, blank=True)
    region = models.CharField(max_length=120, blank=True)
    tax_class = models.CharField(max_length=40)
    rate = models.DecimalField(max_digits=7, decimal_places=5)
    is_included = models.BooleanField()
    from_on = models.DateField()

    class Meta:
        db_table = "guard_tax_rate"
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "country", "region", "tax_class", "from_on"], name="guard_tax_rate_once"
            ),
            models.CheckConstraint(name="guard_tax_rate_rate", condition=Q(rate__gte=0, rate__lt=1)),
            models.CheckConstraint(name="guard_tax_rate_region", condition=Q(region="") | ~Q(country="")),
        ]

    def __str__(self) -> str:
        return f"{self.shop} {self.country} {self.tax_class} {self.rate}"
