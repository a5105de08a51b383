"""Levels, and the movements they are the sum of."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from zhanggui.supply.stock import rules


class Level(models.Model):
    """How many pieces of a SKU a warehouse has; a cache of the movements."""

    sku = models.CharField(max_length=60)
    warehouse = models.CharField(max_length=40)
    on_hand_units = models.BigIntegerField()
    held_units = models.BigIntegerField(default=0)

    class Meta:
        db_table = "supply_stock_level"
        constraints = [
            models.UniqueConstraint(fields=["sku", "warehouse"], name="supply_stock_level_once"),
            models.CheckConstraint(
                name="supply_stock_level_held", condition=Q(held_units__gte=0, held_units__lte=F("on_hand_units"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sku} at {self.warehouse}"


class Movement(models.Model):
    """One change of a level. Rows are never changed or deleted; a trigger refuses it."""

    reference = models.CharField(max_length=80)
    sku = models.CharField(max_length=60)
    warehouse = models.CharField(max_length=40)
    kind = models.CharField(max_length=10, choices=[(kind, kind) for kind in rules.Kind])
    units = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        db_table = "supply_stock_movement"
        indexes = [models.Index(fields=["sku", "warehouse", "kind"], name="supply_stock_movement_sku")]
        constraints = [
            models.UniqueConstraint(fields=["reference", "sku", "kind"], name="supply_stock_movement_once"),
            # What was promised ends once: it goes back on sale or out of the house, never both.
            models.UniqueConstraint(
                fields=["reference", "sku"],
                condition=Q(kind__in=[rules.Kind.RELEASED, rules.Kind.SHIPPED]),
                name="supply_stock_movement_end",
            ),
            models.CheckConstraint(name="supply_stock_movement_units", condition=Q(units__gt=0)),
            models.CheckConstraint(name="supply_stock_movement_kind", condition=Q(kind__in=list(rules.Kind))),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.kind} {self.units} x {self.sku}"
