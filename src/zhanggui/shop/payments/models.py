"""Attempts to pay, and what providers said about them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from zhanggui.base.money import Money
from zhanggui.shop.payments import rules


class Payment(models.Model):
    """One attempt to pay an order. Its id is the provider's idempotency key."""

    id = models.UUIDField(primary_key=True)
    shop = models.CharField(max_length=40)
    order_number = models.CharField(max_length=24)
    provider = models.CharField(max_length=40)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=6)
    state = models.CharField(max_length=12, choices=[(state, state) for state in rules.State])
    transaction_id = models.CharField(max_length=120, blank=True)
    started_fact = models.UUIDField()
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "shop_payments_payment"
        constraints = [
            # A shopper has one open attempt per order, and an order is paid once.
            models.UniqueConstraint(
                fields=["order_number"], condition=Q(state=rules.State.STARTED), name="shop_payments_payment_open"
            ),
            models.UniqueConstraint(
                fields=["order_number"], condition=Q(state=rules.State.SETTLED), name="shop_payments_payment_settled"
            ),
            models.UniqueConstraint(
                fields=["provider", "transaction_id"],
                condition=~Q(transaction_id=""),
                name="shop_payments_payment_transaction",
            ),
            models.CheckConstraint(name="shop_payments_payment_state", condition=Q(state__in=list(rules.State))),
            models.CheckConstraint(name="shop_payments_payment_amount", condition=Q(amount_minor__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.order_number} {self.state}"

    @property
    def value(self) -> rules.Payment:
        """The row as a frozen value."""
        return rules.Payment(
            id=str(self.id),
            shop=self.shop,
            order_number=self.order_number,
            provider=self.provider,
            amount=Money(self.amount_minor, self.currency),
            state=rules.State(self.state),
            transaction_id=self.transaction_id,
            started_at=self.started_at,
            ended_at=self.ended_at,
        )


class Message(models.Model):
    """The inbox: one row per provider's event, whoever brought it and however often it came.

    The outcome is empty only while the transaction runs that works on it.
    """

    provider = models.CharField(max_length=40)
    event_id = models.CharField(max_length=120)
    shop = models.CharField(max_length=40)
    order_number = models.CharField(max_length=60, blank=True)
    payment_id = models.CharField(max_length=60, blank=True)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=6)
    transaction_id = models.CharField(max_length=120, blank=True)
    outcome = models.CharField(max_length=12, blank=True, choices=[(outcome, outcome) for outcome in rules.Outcome])
    reason = models.CharField(max_length=40, blank=True)
    body = models.BinaryField()
    received_at = models.DateTimeField()

    class Meta:
        db_table = "shop_payments_message"
        indexes = [
            models.Index(
                fields=["shop", "-received_at"],
                name="shop_payments_message_odd",
                condition=Q(outcome=rules.Outcome.QUARANTINED),
            )
        ]
        constraints = [models.UniqueConstraint(fields=["provider", "event_id"], name="shop_payments_message_once")]

    def __str__(self) -> str:
        return f"{self.provider} {self.event_id}"
