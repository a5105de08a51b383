"""Points: lots that come and expire, what they were spent on, and what orders have earned."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from zhanggui.growth.membership import rules


class Lot(models.Model):
    """Points that came together. What is left of them is also a balance in the ledger, under a CHECK there too."""

    id = models.UUIDField(primary_key=True)
    shop = models.CharField(max_length=40)
    person = models.CharField(max_length=120)
    source = models.CharField(max_length=12, choices=[(source, source) for source in rules.points.Source])
    reference = models.CharField(max_length=120)
    earned = models.PositiveBigIntegerField()
    left = models.PositiveBigIntegerField()
    earned_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        db_table = "growth_membership_lot"
        indexes = [
            models.Index(
                fields=["shop", "person", "expires_at", "id"],
                name="growth_membership_lot_fifo",
                condition=Q(left__gt=0),
            ),
            models.Index(fields=["expires_at"], name="growth_membership_lot_ends", condition=Q(left__gt=0)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["shop", "source", "reference"], name="growth_membership_lot_once"),
            models.CheckConstraint(
                name="growth_membership_lot_left", condition=Q(earned__gt=0, left__gte=0, left__lte=F("earned"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.reference}"

    @property
    def value(self) -> rules.points.Lot:
        """The row as a frozen value."""
        return rules.points.Lot(id=self.id, left=self.left, expires_at=self.expires_at)


class Spending(models.Model):
    """Points that left for an order or a reward, and how many of them came back."""

    shop = models.CharField(max_length=40)
    person = models.CharField(max_length=120)
    use = models.CharField(max_length=12, choices=[(use, use) for use in rules.points.Use])
    reference = models.CharField(max_length=120)
    points = models.PositiveBigIntegerField()
    given_back = models.PositiveBigIntegerField(default=0)
    at = models.DateTimeField()

    class Meta:
        db_table = "growth_membership_spending"
        indexes = [models.Index(fields=["shop", "person", "-at"], name="growth_membership_spent_by")]
        constraints = [
            models.UniqueConstraint(fields=["shop", "use", "reference"], name="growth_membership_spending_once"),
            models.CheckConstraint(
                name="growth_membership_spending_back",
                condition=Q(points__gt=0, given_back__gte=0, given_back__lte=F("points")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.use} {self.reference}"


class Piece(models.Model):
    """Points of one lot in a spending."""

    spending = models.ForeignKey(Spending, on_delete=models.PROTECT, related_name="pieces")
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    points = models.PositiveBigIntegerField()
    given_back = models.PositiveBigIntegerField(default=0)

    class Meta:
        db_table = "growth_membership_piece"
        constraints = [
            models.UniqueConstraint(fields=["spending", "lot"], name="growth_membership_piece_once"),
            models.CheckConstraint(
                name="growth_membership_piece_back",
                condition=Q(points__gt=0, given_back__gte=0, given_back__lte=F("points")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.spending_id} {self.lot_id}"


class Earning(models.Model):
    """What a paid order earns: points that wait until the goods are kept, then points that were granted.

    rate, multiplier  as they stood when it was paid
    points            that it earns for what is kept of it so far
    kept_minor        what is kept of its goods, in the currency of the books; growth once kept_at is set
    """

    class State(models.TextChoices):
        """How far it is; ENDED: called off before the goods were kept."""

        PENDING = "pending"
        GRANTED = "granted"
        ENDED = "ended"

    order_number = models.CharField(primary_key=True, max_length=24)
    shop = models.CharField(max_length=40)
    person = models.CharField(max_length=120)
    state = models.CharField(max_length=8, choices=State.choices)
    rate = models.DecimalField(max_digits=8, decimal_places=4)
    multiplier = models.DecimalField(max_digits=6, decimal_places=3)
    points = models.PositiveBigIntegerField()
    kept_minor = models.BigIntegerField()
    currency = models.CharField(max_length=6)
    paid_at = models.DateTimeField()
    kept_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "growth_membership_earning"
        indexes = [
            models.Index(fields=["paid_at"], name="growth_membership_pending", condition=Q(state="pending")),
            models.Index(fields=["shop", "person", "kept_at"], name="growth_membership_growth", include=["kept_minor"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="growth_membership_earning_kept",
                condition=Q(state="granted", kept_at__isnull=False)
                | (Q(state="pending", kept_at=None) | Q(state="ended", kept_at=None)),
            ),
            models.CheckConstraint(name="growth_membership_earning_minor", condition=Q(kept_minor__gte=0)),
        ]

    def __str__(self) -> str:
        return self.order_number


class Choice(models.Model):
    """How many points a shopper wants to use with the next order; None: as many as may be."""

    shop = models.CharField(max_length=40)
    person = models.CharField(max_length=120)
    points = models.PositiveBigIntegerField(null=True)

    class Meta:
        db_table = "growth_membership_choice"
        constraints = [
            models.UniqueConstraint(fields=["shop", "person"], name="growth_membership_choice_once"),
            models.CheckConstraint(name="growth_membership_choice_some", condition=Q(points=None) | Q(points__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.shop} {self.person}"
