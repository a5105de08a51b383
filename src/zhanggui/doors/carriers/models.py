"""The carrier's own books: what it was asked to bring, and what it saw."""

from __future__ import annotations

from django.db import models

from zhanggui.doors.carriers import rules
from zhanggui.shop.fulfilment.rules import Scan, ScanKind


class Shipment(models.Model):
    """One parcel that a shop booked; the shop's id makes it unique."""

    tracking = models.CharField(primary_key=True, max_length=20)
    parcel_id = models.CharField(max_length=60, unique=True)
    number = models.CharField(max_length=60)
    warehouse = models.CharField(max_length=60)
    weight_g = models.PositiveIntegerField()
    units = models.PositiveIntegerField()
    to = models.JSONField()
    notify_to = models.TextField()
    state = models.CharField(max_length=10, choices=[(state, state) for state in rules.State])
    booked_at = models.DateTimeField()

    class Meta:
        db_table = "doors_carriers_shipment"
        constraints = [
            models.CheckConstraint(
                name="doors_carriers_shipment_state", condition=models.Q(state__in=list(rules.State))
            ),
        ]

    def __str__(self) -> str:
        return self.tracking

    @property
    def value(self) -> rules.Shipment:
        """The row as a frozen value."""
        booking = rules.Booking(
            parcel_id=self.parcel_id,
            number=self.number,
            warehouse=self.warehouse,
            weight_g=self.weight_g,
            units=self.units,
            to=self.to,
            notify_to=self.notify_to,
        )
        return rules.Shipment(
            tracking=self.tracking, booking=booking, state=rules.State(self.state), booked_at=self.booked_at
        )


class Sight(models.Model):
    """One thing that happened to a shipment; told_at is when the shop first took it."""

    event_id = models.CharField(primary_key=True, max_length=60)
    shipment = models.ForeignKey(Shipment, on_delete=models.PROTECT, related_name="sights")
    stop = models.PositiveSmallIntegerField(null=True)
    kind = models.CharField(max_length=20, choices=[(kind, kind) for kind in ScanKind])
    place = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "doors_carriers_sight"
        constraints = [
            models.UniqueConstraint(
                fields=["shipment", "stop"],
                condition=models.Q(stop__isnull=False),
                name="doors_carriers_sight_once",
            )
        ]

    def __str__(self) -> str:
        return self.event_id

    @property
    def value(self) -> Scan:
        """The row as a frozen value, as shops are told of it."""
        return Scan(
            event_id=self.event_id,
            tracking=self.shipment_id,
            kind=ScanKind(self.kind),
            place=self.place,
            at=self.at,
        )
