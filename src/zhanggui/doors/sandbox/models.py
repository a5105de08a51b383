"""The gateway's own books: what it was asked to charge, and what it said about it."""

from __future__ import annotations

from django.db import models

from zhanggui.base.money import Money
from zhanggui.doors.sandbox import rules


class Charge(models.Model):
    """One payment that a merchant asked for; the merchant's payment id makes it unique."""

    token = models.CharField(primary_key=True, max_length=40)
    merchant = models.CharField(max_length=40)
    payment_id = models.CharField(max_length=60)
    order_number = models.CharField(max_length=60)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=6)
    expires_at = models.DateTimeField()
    return_to = models.TextField()
    notify_to = models.TextField()
    language = models.CharField(max_length=10)
    state = models.CharField(max_length=10, choices=[(state, state) for state in rules.State])
    opened_at = models.DateTimeField()

    class Meta:
        db_table = "doors_sandbox_charge"
        constraints = [
            models.UniqueConstraint(fields=["merchant", "payment_id"], name="doors_sandbox_charge_once"),
            models.CheckConstraint(name="doors_sandbox_charge_amount", condition=models.Q(amount_minor__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.merchant} {self.payment_id}"

    @property
    def value(self) -> rules.Charge:
        """The row as a frozen value."""
        terms = rules.Terms(
            merchant=self.merchant,
            payment_id=self.payment_id,
            order_number=self.order_number,
            amount=Money(self.amount_minor, self.currency),
            expires_at=self.expires_at,
            return_to=self.return_to,
            notify_to=self.notify_to,
            language=self.language,
        )
        return rules.Charge(token=self.token, terms=terms, state=rules.State(self.state))


class Saying(models.Model):
    """One thing that was said about a charge; notified when the shop has taken it."""

    event_id = models.CharField(primary_key=True, max_length=60)
    charge = models.ForeignKey(Charge, on_delete=models.PROTECT, related_name="sayings")
    transaction_id = models.CharField(max_length=60, blank=True)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=6)
    is_paid = models.BooleanField()
    reason = models.CharField(max_length=40, blank=True)
    said_at = models.DateTimeField()
    notified_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "doors_sandbox_saying"

    def __str__(self) -> str:
        return self.event_id

    @property
    def value(self) -> rules.Saying:
        """The row as a frozen value."""
        return rules.Saying(
            event_id=self.event_id,
            transaction_id=self.transaction_id,
            amount=Money(self.amount_minor, self.currency),
            is_paid=self.is_paid,
            reason=self.reason,
        )
