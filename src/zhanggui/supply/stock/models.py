"""Warehouses, levels, the movements they are the sum of, and what is promised to orders."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from zhanggui.supply.stock import rules


class Warehouse(models.Model):
    """A house that pieces lie in; its code stands on every level and movement and never changes."""

    code = models.SlugField(primary_key=True, max_length=40)
    shop = models.CharField(max_length=40, blank=True)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80, blank=True)
    kind = models.CharField(max_length=10, choices=[(kind, kind) for kind in rules.WarehouseKind])
    country = models.CharField(max_length=2, blank=True)
    region = models.CharField(max_length=40, blank=True)
    latitude_milli = models.IntegerField(null=True)
    longitude_milli = models.IntegerField(null=True)
    handling_minor = models.BigIntegerField(default=0)
    zones = models.JSONField(default=list)
    sells = models.BooleanField(default=True)
    priority = models.IntegerField(default=0)
    restock_days = models.PositiveSmallIntegerField(default=7)
    closed_until = models.DateTimeField(null=True)

    class Meta:
        db_table = "supply_stock_warehouse"
        constraints = [
            models.CheckConstraint(name="supply_stock_warehouse_kind", condition=Q(kind__in=list(rules.WarehouseKind))),
            models.CheckConstraint(name="supply_stock_warehouse_handling", condition=Q(handling_minor__gte=0)),
        ]

    def __str__(self) -> str:
        return self.code


class Level(models.Model):
    """How many pieces of a SKU a warehouse has; a cache of the movements. Only the backorder limit stands nowhere else.

    shop  whose goods they are; empty for what was received before shops were told apart
    """

    sku = models.CharField(max_length=60)
    warehouse = models.CharField(max_length=40)
    shop = models.CharField(max_length=40, blank=True, default="")
    on_hand_units = models.BigIntegerField()
    held_units = models.BigIntegerField(default=0)
    defective_units = models.BigIntegerField(default=0)
    in_transit_units = models.BigIntegerField(default=0)
    backorder_units = models.BigIntegerField(default=0)

    class Meta:
        db_table = "supply_stock_level"
        constraints = [
            models.UniqueConstraint(fields=["sku", "warehouse"], name="supply_stock_level_once"),
            models.CheckConstraint(
                name="supply_stock_level_held",
                condition=Q(held_units__gte=0, held_units__lte=F("on_hand_units") + F("backorder_units")),
            ),
            models.CheckConstraint(
                name="supply_stock_level_none_below_zero",
                condition=Q(
                    on_hand_units__gte=0, defective_units__gte=0, in_transit_units__gte=0, backorder_units__gte=0
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sku} at {self.warehouse}"

    @property
    def value(self) -> rules.Level:
        """The row as a frozen value."""
        return rules.Level(
            sku=self.sku,
            warehouse=self.warehouse,
            on_hand_units=self.on_hand_units,
            held_units=self.held_units,
            defective_units=self.defective_units,
            in_transit_units=self.in_transit_units,
            backorder_units=self.backorder_units,
        )


class Reservation(models.Model):
    """Pieces promised to one line of an order, by one warehouse. `units` never changes; their fate is counted."""

    order_number = models.CharField(max_length=40)
    line = models.PositiveIntegerField()
    sku = models.CharField(max_length=60)
    warehouse = models.CharField(max_length=40)
    units = models.BigIntegerField()
    shipped_units = models.BigIntegerField(default=0)
    released_units = models.BigIntegerField(default=0)
    each_units = models.IntegerField(default=1)
    expires_at = models.DateTimeField(null=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "supply_stock_reservation"
        constraints = [
            models.UniqueConstraint(
                fields=["order_number", "line", "sku", "warehouse"], name="supply_stock_reservation_once"
            ),
            models.CheckConstraint(
                name="supply_stock_reservation_units",
                condition=Q(
                    units__gt=0,
                    each_units__gt=0,
                    shipped_units__gte=0,
                    released_units__gte=0,
                    units__gte=F("shipped_units") + F("released_units"),
                ),
            ),
        ]
        indexes = [
            # What of a SKU is promised to whom.
            models.Index(
                fields=["sku"],
                condition=Q(units__gt=F("shipped_units") + F("released_units")),
                name="supply_stock_reservation_open",
            ),
            # Whose time is over.
            models.Index(
                fields=["expires_at"], condition=Q(expires_at__isnull=False), name="supply_stock_reservation_ends"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_number}/{self.line} {self.units} x {self.sku}"

    @property
    def value(self) -> rules.Reservation:
        """The row as a frozen value."""
        return rules.Reservation(
            order_number=self.order_number,
            line=self.line,
            sku=self.sku,
            warehouse=self.warehouse,
            units=self.units,
            shipped_units=self.shipped_units,
            released_units=self.released_units,
            each_units=self.each_units,
            expires_at=self.expires_at,
        )


class Transfer(models.Model):
    """Pieces of a SKU that were sent from one warehouse to another, and how many of them have come."""

    reference = models.CharField(max_length=80)
    sku = models.CharField(max_length=60)
    from_warehouse = models.CharField(max_length=40)
    to_warehouse = models.CharField(max_length=40)
    shop = models.CharField(max_length=40)
    units = models.BigIntegerField()
    arrived_units = models.BigIntegerField(default=0)
    lost_units = models.BigIntegerField(default=0)
    sent_at = models.DateTimeField()

    class Meta:
        db_table = "supply_stock_transfer"
        constraints = [
            models.UniqueConstraint(fields=["reference", "sku"], name="supply_stock_transfer_once"),
            models.CheckConstraint(
                name="supply_stock_transfer_units",
                condition=Q(
                    units__gt=0,
                    arrived_units__gte=0,
                    lost_units__gte=0,
                    units__gte=F("arrived_units") + F("lost_units"),
                ),
            ),
            models.CheckConstraint(name="supply_stock_transfer_apart", condition=~Q(from_warehouse=F("to_warehouse"))),
        ]
        indexes = [
            models.Index(
                fields=["shop", "sent_at"],
                condition=Q(units__gt=F("arrived_units") + F("lost_units")),
                name="supply_stock_transfer_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.units} x {self.sku}"

    @property
    def value(self) -> rules.Transfer:
        """The row as a frozen value."""
        return rules.Transfer(
            reference=self.reference,
            sku=self.sku,
            from_warehouse=self.from_warehouse,
            to_warehouse=self.to_warehouse,
            units=self.units,
            arrived_units=self.arrived_units,
            lost_units=self.lost_units,
            sent_at=self.sent_at,
        )


class Movement(models.Model):
    """One change of a level. Rows are never changed or deleted; a trigger refuses it.

    reference  what moved it: an order for a hold or a release, a parcel, a delivery note
    line       the order's line, or how far a transfer had come; 0 if there are no lines
    """

    reference = models.CharField(max_length=80)
    line = models.BigIntegerField(default=0)
    sku = models.CharField(max_length=60)
    warehouse = models.CharField(max_length=40)
    kind = models.CharField(max_length=12, choices=[(kind, kind) for kind in rules.Kind])
    units = models.BigIntegerField()
    order_number = models.CharField(max_length=40, blank=True, default="")
    reason = models.CharField(max_length=60, blank=True, default="")
    by = models.CharField(max_length=80, blank=True, default="")
    at = models.DateTimeField()

    class Meta:
        db_table = "supply_stock_movement"
        indexes = [models.Index(fields=["sku", "id"], name="supply_stock_movement_of_sku")]
        constraints = [
            models.UniqueConstraint(
                fields=["reference", "line", "sku", "warehouse", "kind"], name="supply_stock_movement_once"
            ),
            models.CheckConstraint(name="supply_stock_movement_units", condition=Q(units__gt=0)),
            models.CheckConstraint(name="supply_stock_movement_kind", condition=Q(kind__in=list(rules.Kind))),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.kind} {self.units} x {self.sku}"

    @property
    def value(self) -> rules.Movement:
        """The row as a frozen value."""
        return rules.Movement(
            reference=self.reference,
            sku=self.sku,
            warehouse=self.warehouse,
            kind=rules.Kind(self.kind),
            units=self.units,
            at=self.at,
            line=self.line,
            order_number=self.order_number,
            reason=self.reason,
            by=self.by,
        )
