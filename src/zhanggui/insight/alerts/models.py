"""Deviations, bands, days that were looked at and days that are known to differ."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from zhanggui.insight.alerts import rules


class Deviation(models.Model):
    """A number of a day outside its band; never changed, and never found twice."""

    id = models.UUIDField(primary_key=True)
    shop = models.CharField(max_length=40)
    metric = models.CharField(max_length=60)
    cut = models.CharField(max_length=20)
    cell = models.TextField()
    day = models.DateField()
    actual = models.BigIntegerField()
    expected = models.BigIntegerField()
    low = models.BigIntegerField()
    high = models.BigIntegerField()
    money_minor = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=6)
    found_at = models.DateTimeField()
    fact = models.UUIDField(null=True)

    class Meta:
        db_table = "insight_alerts_deviation"
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "day", "metric", "cut", "cell"], name="insight_alerts_deviation_once"
            ),
            models.CheckConstraint(
                name="insight_alerts_deviation_band",
                condition=Q(low__lte=F("expected")) & Q(expected__lte=F("high")),
            ),
            models.CheckConstraint(
                name="insight_alerts_deviation_outside",
                condition=Q(actual__lt=F("low")) | Q(actual__gt=F("high")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.shop} {self.day} {self.metric} {self.cut} {self.cell}"


class Normal(models.Model):
    """The band of a number of the whole shop on a day, for pages that show many."""

    pk = models.CompositePrimaryKey("shop", "day", "metric")
    shop = models.CharField(max_length=40)
    day = models.DateField()
    metric = models.CharField(max_length=60)
    expected = models.BigIntegerField()
    low = models.BigIntegerField()
    high = models.BigIntegerField()

    class Meta:
        db_table = "insight_alerts_normal"
        constraints = [
            models.CheckConstraint(
                name="insight_alerts_normal_band",
                condition=Q(low__lte=F("expected")) & Q(expected__lte=F("high")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.shop} {self.day} {self.metric}"


class Looked(models.Model):
    """A day of a shop that was looked at; that is done once."""

    pk = models.CompositePrimaryKey("shop", "day")
    shop = models.CharField(max_length=40)
    day = models.DateField()
    at = models.DateTimeField()
    found = models.PositiveIntegerField()

    class Meta:
        db_table = "insight_alerts_looked"

    def __str__(self) -> str:
        return f"{self.shop} {self.day}"


class KnownDay(models.Model):
    """Days that somebody says are known to differ."""

    id = models.UUIDField(primary_key=True)
    shop = models.CharField(max_length=40)
    name = models.CharField(max_length=rules.LONGEST_NAME)
    first = models.DateField()
    last = models.DateField()

    class Meta:
        db_table = "insight_alerts_known_day"
        constraints = [
            models.UniqueConstraint(fields=["shop", "first", "last", "name"], name="insight_alerts_known_day_once"),
            models.CheckConstraint(name="insight_alerts_known_day_order", condition=Q(first__lte=F("last"))),
            models.CheckConstraint(name="insight_alerts_known_day_named", condition=~Q(name="")),
        ]

    def __str__(self) -> str:
        return f"{self.shop} {self.first} {self.name}"

    @property
    def value(self) -> rules.KnownDays:
        """The row as a frozen value."""
        return rules.KnownDays(id=str(self.pk), name=self.name, first=self.first, last=self.last)
