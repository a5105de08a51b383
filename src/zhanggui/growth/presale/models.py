"""Presales, who reserved what, how much one person has taken, and whom we reminded; the database holds the limits."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from zhanggui.base.money import Money
from zhanggui.growth.presale.rules import HOLDS_STOCK, KEEPS_DEPOSIT, State, Step, Terms


class Presale(models.Model):
    """A SKU that is sold for a deposit now and a balance later.

    reserved_units  pieces that somebody pays or has paid a deposit for; never more than there are
    ended_as        why it was called off; empty while it stands
    """

    id = models.UUIDField(primary_key=True)
    shop = models.CharField(max_length=40)
    sku = models.CharField(max_length=60)
    price_minor = models.BigIntegerField()
    first_minor = models.BigIntegerField()
    credit_minor = models.BigIntegerField()
    currency = models.CharField(max_length=6)
    quantity = models.PositiveIntegerField()
    per_person = models.PositiveIntegerField()
    reserved_units = models.PositiveIntegerField(default=0)
    deposit_from = models.DateTimeField()
    deposit_until = models.DateTimeField()
    balance_from = models.DateTimeField()
    balance_until = models.DateTimeField()
    ship_by = models.DateField()
    ended_as = models.CharField(max_length=20, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=120, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        db_table = "growth_presale_presale"
        indexes = [
            models.Index(fields=["shop", "deposit_from"], name="growth_presale_of_shop"),
            models.Index(fields=["balance_from", "balance_until"], name="growth_presale_by_balance"),
        ]
        constraints = [
            models.CheckConstraint(
                name="growth_presale_sums",
                condition=Q(price_minor__gt=F("credit_minor"), credit_minor__gte=F("first_minor"), first_minor__gt=0),
            ),
            models.CheckConstraint(name="growth_presale_quota", condition=Q(reserved_units__lte=F("quantity"))),
            models.CheckConstraint(
                name="growth_presale_windows",
                condition=Q(
                    deposit_from__lt=F("deposit_until"),
                    deposit_until__lte=F("balance_from"),
                    balance_from__lt=F("balance_until"),
                ),
            ),
            models.CheckConstraint(
                name="growth_presale_ended_as",
                condition=Q(ended_as="", ended_at=None)
                | Q(ended_as__in=[State.SELLER_CANCELLED, State.FORCE_MAJEURE], ended_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sku} {self.id}"

    @property
    def terms(self) -> Terms:
        """What is agreed, as a frozen value."""
        return Terms(
            sku=self.sku,
            price=Money(self.price_minor, self.currency),
            first=Money(self.first_minor, self.currency),
            credit=Money(self.credit_minor, self.currency),
            quantity=self.quantity,
            per_person=self.per_person,
            deposit_from=self.deposit_from,
            deposit_until=self.deposit_until,
            balance_from=self.balance_from,
            balance_until=self.balance_until,
            ship_by=self.ship_by,
        )


class Taken(models.Model):
    """How many pieces of a presale one person has reserved; the limit stands in the row so that a CHECK can hold it."""

    presale = models.ForeignKey(Presale, on_delete=models.PROTECT)
    person = models.CharField(max_length=120)
    units = models.PositiveIntegerField()
    per_person = models.PositiveIntegerField()

    class Meta:
        db_table = "growth_presale_taken"
        constraints = [
            models.UniqueConstraint(name="growth_presale_taken_once", fields=["presale", "person"]),
            models.CheckConstraint(name="growth_presale_taken_limit", condition=Q(units__lte=F("per_person"))),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.units}"


class Reservation(models.Model):
    """Pieces that somebody has reserved, or is about to.

    deposit_order    the order by which the deposit is paid
    balance_order    the order that pays the balance, or is just about to; empty if there is none
    stock_line       under which line its pieces are held; grows each time they come back from an order
    returned_units   pieces of which deposit and balance went back
    agreed_at, language  when and in which language the shopper said to know what a deposit is
    """

    id = models.UUIDField(primary_key=True)
    presale = models.ForeignKey(Presale, on_delete=models.PROTECT, related_name="reservations")
    shop = models.CharField(max_length=40)
    person = models.CharField(max_length=120)
    customer_id = models.UUIDField()
    sku = models.CharField(max_length=60)
    units = models.PositiveIntegerField()
    deposit_minor = models.BigIntegerField()
    prepayment_minor = models.BigIntegerField()
    balance_minor = models.BigIntegerField()
    currency = models.CharField(max_length=6)
    state = models.CharField(max_length=20, choices=[(state, state) for state in State])
    deposit_order = models.CharField(max_length=24)
    balance_order = models.CharField(max_length=24, blank=True)
    stock_line = models.PositiveIntegerField(default=1)
    returned_units = models.PositiveIntegerField(default=0)
    language = models.CharField(max_length=10)
    agreed_at = models.DateTimeField()
    made_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "growth_presale_reservation"
        indexes = [
            models.Index(fields=["shop", "person", "-made_at"], name="growth_presale_of_person"),
            models.Index(fields=["presale", "state"], name="growth_presale_standing"),
            models.Index(fields=["balance_order"], name="growth_presale_balance", condition=~Q(balance_order="")),
        ]
        constraints = [
            models.UniqueConstraint(name="growth_presale_deposit_once", fields=["deposit_order"]),
            models.CheckConstraint(name="growth_presale_state", condition=Q(state__in=list(State))),
            models.CheckConstraint(
                name="growth_presale_units", condition=Q(units__gt=0, returned_units__lte=F("units"))
            ),
            # Only an open balance is being paid, and only a paid one names the order that paid it.
            models.CheckConstraint(
                name="growth_presale_balance_order",
                condition=Q(balance_order="") & ~Q(state=State.BALANCE_PAID)
                | ~Q(balance_order="") & Q(state__in=[State.BALANCE_OPEN, State.BALANCE_PAID]),
            ),
            models.CheckConstraint(
                name="growth_presale_deposit_paid",
                condition=~Q(state__in=list(KEEPS_DEPOSIT)) | Q(paid_at__isnull=False),
            ),
            models.CheckConstraint(
                name="growth_presale_ended",
                condition=Q(state__in=[*HOLDS_STOCK, State.BALANCE_EXPIRED], ended_at=None)
                | ~Q(state__in=[*HOLDS_STOCK, State.BALANCE_EXPIRED]) & Q(ended_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.id} ({self.state})"

    def money(self, minor: int) -> Money:
        """An amount in the reservation's currency."""
        return Money(minor, self.currency)


class Reminder(models.Model):
    """A reminder of the balance: one of each step for each reservation.

    channel  how it was sent; empty if the shopper cannot be reached
    """

    reservation = models.ForeignKey(Reservation, on_delete=models.PROTECT)
    step = models.CharField(max_length=20, choices=[(step, step) for step in Step])
    channel = models.CharField(max_length=8, blank=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "growth_presale_reminder"
        constraints = [
            models.UniqueConstraint(name="growth_presale_reminded_once", fields=["reservation", "step"]),
            models.CheckConstraint(name="growth_presale_step", condition=Q(step__in=list(Step))),
        ]

    def __str__(self) -> str:
        return f"{self.reservation_id} {self.step}"
