"""The table of rates."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class Rate(models.Model):
    """What one currency is worth in another since a day, until the next row."""

    base = models.CharField(max_length=6)
    quote = models.CharField(max_length=6)
    on = models.DateField()
    rate = models.DecimalField(max_digits=20, decimal_places=10)

    class Meta:
        db_table = "base_rates_rate"
        constraints = [
            models.UniqueConstraint(fields=["base", "quote", "on"], name="base_rates_rate_once"),
            models.CheckConstraint(name="base_rates_rate_rate", condition=Q(rate__gt=0)),
            models.CheckConstraint(name="base_rates_rate_two", condition=~Q(base=F("quote"))),
        ]

    def __str__(self) -> str:
        return f"{self.base}/{self.quote} {self.rate} {self.on}"
