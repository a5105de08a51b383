"""Plans, parcels and what carriers said about them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from zhanggui.base.money import Money
from zhanggui.shop.fulfilment import rules


class Plan(models.Model):
    """That the parcels of an order were planned, or never will be. Its row is what all verbs of an order lock first.

    called_off_at  nothing of the order leaves any more
    completed_at   everything arrived, and the time to give it back is over
    """

    order_number = models.CharField(primary_key=True, max_length=24)
    shop = models.CharField(max_length=40)
    planned_at = models.DateTimeField(null=True)
    called_off_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "shop_fulfilment_plan"
        indexes = [
            models.Index(
                fields=["planned_at"],
                name="shop_fulfilment_plan_open",
                condition=Q(called_off_at=None, completed_at=None),
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="shop_fulfilment_plan_made", condition=Q(planned_at__isnull=False) | Q(called_off_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.order_number


class Handover(models.Model):
    """A line that needs no shipping, and when the shopper had it."""

    order_number = models.CharField(max_length=24)
    position = models.PositiveSmallIntegerField()
    at = models.DateTimeField()

    class Meta:
        db_table = "shop_fulfilment_handover"
        constraints = [
            models.UniqueConstraint(fields=["order_number", "position"], name="shop_fulfilment_handover_once")
        ]

    def __str__(self) -> str:
        return f"{self.order_number} {self.position}"


class Parcel(models.Model):
    """A parcel. Its id is the carrier's idempotency key."""

    id = models.UUIDField(primary_key=True)
    number = models.CharField(max_length=30, unique=True)
    shop = models.CharField(max_length=40)
    order_number = models.CharField(max_length=24)
    destination = models.PositiveSmallIntegerField()
    address_id = models.UUIDField()
    warehouse = models.CharField(max_length=40)
    carrier = models.CharField(max_length=40, blank=True)
    tracking = models.CharField(max_length=60, blank=True)
    label_address = models.TextField(blank=True)
    weight_g = models.PositiveIntegerField(null=True)
    state = models.CharField(max_length=20, choices=[(state, state) for state in rules.State])
    paid_at = models.DateTimeField()
    ship_by = models.DateTimeField()
    promised_on = models.DateField(null=True)
    label_asked_at = models.DateTimeField(null=True)
    picked_at = models.DateTimeField(null=True)
    packed_at = models.DateTimeField(null=True)
    shipped_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    taken_in_at = models.DateTimeField(null=True)
    late_told_at = models.DateTimeField(null=True)
    overdue_told_at = models.DateTimeField(null=True)
    cause = models.UUIDField()

    class Meta:
        db_table = "shop_fulfilment_parcel"
        indexes = [
            models.Index(fields=["order_number"], name="shop_fulfilment_parcel_order"),
            models.Index(fields=["shop", "ship_by"], name="shop_fulfilment_parcel_due"),
            models.Index(
                fields=["shop", "ship_by", "id"],
                name="shop_fulfilment_parcel_queue",
                condition=Q(state__in=rules.WAITING),
            ),
            models.Index(
                fields=["shipped_at"], name="shop_fulfilment_parcel_away", condition=Q(state=rules.State.SHIPPED)
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["carrier", "tracking"], condition=~Q(tracking=""), name="shop_fulfilment_parcel_tracking"
            ),
            models.CheckConstraint(name="shop_fulfilment_parcel_state", condition=Q(state__in=list(rules.State))),
            models.CheckConstraint(
                name="shop_fulfilment_parcel_left",
                condition=Q(state__in=rules.LEFT, shipped_at__isnull=False)
                & ~Q(tracking="")
                & Q(weight_g__isnull=False)
                | (~Q(state__in=rules.LEFT) & Q(shipped_at=None, tracking="")),
            ),
            models.CheckConstraint(
                name="shop_fulfilment_parcel_delivered",
                condition=Q(state=rules.State.DELIVERED, delivered_at__isnull=False)
                | (~Q(state=rules.State.DELIVERED) & Q(delivered_at=None)),
            ),
            models.CheckConstraint(
                name="shop_fulfilment_parcel_ended",
                condition=Q(state__in=rules.ENDED, ended_at__isnull=False)
                | (~Q(state__in=rules.ENDED) & Q(ended_at=None)),
            ),
            models.CheckConstraint(
                name="shop_fulfilment_parcel_weight", condition=Q(weight_g=None) | Q(weight_g__gt=0)
            ),
            models.CheckConstraint(name="shop_fulfilment_parcel_promise", condition=Q(ship_by__gt=F("paid_at"))),
            models.CheckConstraint(
                name="shop_fulfilment_parcel_taken_in",
                condition=Q(taken_in_at=None) | Q(state=rules.State.RETURNED_TO_SENDER),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def value(self) -> rules.Parcel:
        """The row as a frozen value, with its lines."""
        return rules.Parcel(
            id=str(self.id),
            number=self.number,
            shop=self.shop,
            order_number=self.order_number,
            destination=self.destination,
            address_id=self.address_id,
            warehouse=self.warehouse,
            carrier=self.carrier,
            tracking=self.tracking,
            label_address=self.label_address,
            weight_g=self.weight_g,
            state=rules.State(self.state),
            paid_at=self.paid_at,
            ship_by=self.ship_by,
            promised_on=self.promised_on,
            label_asked_at=self.label_asked_at,
            picked_at=self.picked_at,
            packed_at=self.packed_at,
            shipped_at=self.shipped_at,
            delivered_at=self.delivered_at,
            ended_at=self.ended_at,
            taken_in_at=self.taken_in_at,
            cause=self.cause,
            lines=tuple(line.value for line in sorted(self.lines.all(), key=lambda line: (line.position, line.sku))),
        )


class Line(models.Model):
    """Pieces of a SKU in a parcel."""

    parcel = models.ForeignKey(Parcel, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField()
    sku = models.CharField(max_length=60)
    units = models.PositiveIntegerField()
    picked_units = models.PositiveIntegerField(default=0)
    category = models.CharField(max_length=40, blank=True)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=6)

    class Meta:
        db_table = "shop_fulfilment_line"
        constraints = [
            models.UniqueConstraint(fields=["parcel", "position", "sku"], name="shop_fulfilment_line_once"),
            models.CheckConstraint(
                name="shop_fulfilment_line_units", condition=Q(units__gt=0, picked_units__lte=F("units"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.units} x {self.sku}"

    @property
    def value(self) -> rules.ParcelLine:
        """The row as a frozen value."""
        return rules.ParcelLine(
            position=self.position,
            sku=self.sku,
            units=self.units,
            picked_units=self.picked_units,
            category=self.category,
            amount=Money(self.amount_minor, self.currency),
        )


class Event(models.Model):
    """The inbox: one row per thing that a carrier saw, however often it was told.

    It names its parcel by tracking number, because a carrier may tell of a label before we have written it down.
    """

    carrier = models.CharField(max_length=40)
    event_id = models.CharField(max_length=120)
    tracking = models.CharField(max_length=60)
    kind = models.CharField(max_length=20, choices=[(kind, kind) for kind in rules.ScanKind])
    place = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField()
    received_at = models.DateTimeField()

    class Meta:
        db_table = "shop_fulfilment_event"
        indexes = [models.Index(fields=["carrier", "tracking", "at"], name="shop_fulfilment_event_way")]
        constraints = [
            models.UniqueConstraint(fields=["carrier", "event_id"], name="shop_fulfilment_event_once"),
            models.CheckConstraint(name="shop_fulfilment_event_kind", condition=Q(kind__in=list(rules.ScanKind))),
        ]

    def __str__(self) -> str:
        return f"{self.carrier} {self.event_id}"

    @property
    def value(self) -> rules.Scan:
        """The row as a frozen value."""
        return rules.Scan(
            event_id=self.event_id,
            tracking=self.tracking,
            kind=rules.ScanKind(self.kind),
            place=self.place,
            at=self.at,
        )
