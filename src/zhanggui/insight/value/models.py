"""The tables of what buyers are worth."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from zhanggui.insight.value.rules import Lack

_PARAMETERS = ("r", "alpha_weeks", "a", "b", "orders_ll", "p", "q", "v_minor", "spending_ll", "held_from")


class Fit(models.Model):
    """The models of a shop as they were fitted on a day, or why they were not.

    bins  of the calibration, each repeats, people, expected tenths, came
    """

    shop = models.CharField(max_length=40)
    as_of = models.DateField()
    made_at = models.DateTimeField()
    buyers = models.PositiveBigIntegerField()
    repeat_buyers = models.PositiveBigIntegerField()
    order_days = models.PositiveBigIntegerField()
    first_day = models.DateField(null=True)
    lack = models.CharField(max_length=20, default="", blank=True)
    r = models.FloatField(null=True)
    alpha_weeks = models.FloatField(null=True)
    a = models.FloatField(null=True)
    b = models.FloatField(null=True)
    orders_ll = models.FloatField(null=True)
    p = models.FloatField(null=True)
    q = models.FloatField(null=True)
    v_minor = models.FloatField(null=True)
    spending_ll = models.FloatField(null=True)
    held_from = models.DateField(null=True)
    bins = models.JSONField(default=list)

    class Meta:
        db_table = "insight_value_fit"
        constraints = [
            models.UniqueConstraint(fields=["shop", "as_of"], name="insight_value_fit_once"),
            models.CheckConstraint(
                name="insight_value_fit_whole",
                condition=Q(lack="", r__gt=0, alpha_weeks__gt=0, a__gt=0, b__gt=0, p__gt=0, q__gt=1, v_minor__gt=0)
                & Q(orders_ll__isnull=False, spending_ll__isnull=False, held_from__isnull=False)
                | Q(lack__in=list(Lack), **dict.fromkeys(_PARAMETERS)),
            ),
            models.CheckConstraint(
                name="insight_value_fit_people",
                condition=Q(repeat_buyers__lte=models.F("buyers"), order_days__gte=models.F("buyers")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.shop} {self.as_of}"


class Margin(models.Model):
    """What is left of a shop's revenue after the goods, as the shop says."""

    shop = models.CharField(primary_key=True, max_length=40)
    rate = models.DecimalField(max_digits=5, decimal_places=4)
    set_at = models.DateTimeField()

    class Meta:
        db_table = "insight_value_margin"
        constraints = [
            models.CheckConstraint(name="insight_value_margin_rate", condition=Q(rate__gte=0, rate__lte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.shop} {self.rate}"
