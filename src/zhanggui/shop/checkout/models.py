"""The ways an order can be delivered, by shop."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from zhanggui.base.money import Money
from zhanggui.shop.checkout import rules


class Option(models.Model):
    """A way to be delivered to: what it costs, where it goes, how long it takes."""

    shop = models.CharField(max_length=40)
    key = models.SlugField(max_length=40)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    countries = ArrayField(models.CharField(max_length=2), default=list)
    rate_minor = models.BigIntegerField()
    per_kg_minor = models.BigIntegerField(default=0)
    free_from_minor = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=6)
    least_days = models.PositiveSmallIntegerField()
    most_days = models.PositiveSmallIntegerField()
    position = models.PositiveSmallIntegerField()
    is_offered = models.BooleanField(default=True)

    class Meta:
        db_table = "shop_checkout_option"
        constraints = [
            models.UniqueConstraint(fields=["shop", "key"], name="shop_checkout_option_once"),
            models.CheckConstraint(
                name="shop_checkout_option_rate", condition=Q(rate_minor__gte=0, per_kg_minor__gte=0)
            ),
            models.CheckConstraint(
                name="shop_checkout_option_free", condition=Q(free_from_minor=None) | Q(free_from_minor__gte=0)
            ),
            models.CheckConstraint(name="shop_checkout_option_days", condition=Q(least_days__lte=F("most_days"))),
        ]

    def __str__(self) -> str:
        return f"{self.shop} {self.key}"

    @property
    def value(self) -> rules.Option:
        """The row as a frozen value."""
        return rules.Option(
            key=self.key,
            name_zh=self.name_zh,
            name_en=self.name_en,
            countries=tuple(self.countries),
            rate=Money(self.rate_minor, self.currency),
            per_kg=Money(self.per_kg_minor, self.currency),
            free_from=None if self.free_from_minor is None else Money(self.free_from_minor, self.currency),
            days=(self.least_days, self.most_days),
            position=self.position,
        )
