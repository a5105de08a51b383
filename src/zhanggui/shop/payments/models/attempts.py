"""Attempts to pay, what providers said about them, and what was not believed."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from zhanggui.base.money import Money
from zhanggui.shop.payments import rules


class Payment(models.Model):
    """One attempt to pay an order. Its id is the provider's idempotency key.

    qr      what the code to scan says, once the attempt was opened at a provider that wants one
    ask_at  when the provider is asked next how the attempt stands, after `asks` times
    """

    id = models.UUIDField(primary_key=True)
    shop = models.CharField(max_length=40)
    order_number = models.CharField(max_length=24)
    provider = models.CharField(max_length=40)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=6)
    state = models.CharField(max_length=12, choices=[(state, state) for state in rules.State])
    transaction_id = models.CharField(max_length=120, blank=True)
    reference = models.CharField(max_length=200, blank=True)
    qr = models.CharField(max_length=600, blank=True)
    refunded_minor = models.BigIntegerField(default=0)
    started_fact = models.UUIDField()
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    asks = models.PositiveSmallIntegerField(default=0)
    ask_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "shop_payments_payment"
        indexes = [
            models.Index(fields=["order_number"], name="shop_payments_payment_order"),
            models.Index(fields=["shop", "-started_at"], name="shop_payments_payment_new"),
            models.Index(fields=["ask_at"], name="shop_payments_payment_ask", condition=Q(ask_at__isnull=False)),
            models.Index(fields=["provider", "ended_at"], name="shop_payments_payment_ended"),
        ]
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
            models.CheckConstraint(
                name="shop_payments_payment_amount",
                condition=Q(amount_minor__gt=0) | Q(provider=rules.BALANCE, amount_minor=0),
            ),
            # Nothing goes back that did not come in.
            models.CheckConstraint(
                name="shop_payments_payment_refunded",
                condition=Q(refunded_minor=0)
                | Q(state=rules.State.SETTLED, refunded_minor__gt=0, refunded_minor__lte=F("amount_minor")),
            ),
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
            reference=self.reference,
            refunded=Money(self.refunded_minor, self.currency),
        )


class Message(models.Model):
    """The inbox: one row per provider's event, whoever brought it and however often it came.

    The outcome is empty only while the transaction runs that works on it. The decision is about what does not fit.
    """

    provider = models.CharField(max_length=40)
    event_id = models.CharField(max_length=120)
    shop = models.CharField(max_length=40)
    order_number = models.CharField(max_length=60, blank=True)
    payment_id = models.CharField(max_length=60, blank=True)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=6)
    transaction_id = models.CharField(max_length=120, blank=True)
    source = models.CharField(max_length=8, default=rules.Source.TOLD, choices=[(one, one) for one in rules.Source])
    outcome = models.CharField(max_length=12, blank=True, choices=[(outcome, outcome) for outcome in rules.Outcome])
    reason = models.CharField(max_length=40, blank=True)
    body = models.BinaryField()
    received_at = models.DateTimeField()
    decision = models.CharField(max_length=12, blank=True, choices=[(one, one) for one in rules.Decision])
    decided_by = models.CharField(max_length=120, blank=True)
    decided_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        db_table = "shop_payments_message"
        indexes = [
            models.Index(
                fields=["shop", "-received_at"],
                name="shop_payments_message_odd",
                condition=Q(outcome=rules.Outcome.QUARANTINED),
            ),
            models.Index(fields=["payment_id"], name="shop_payments_message_payment"),
        ]
        constraints = [models.UniqueConstraint(fields=["provider", "event_id"], name="shop_payments_message_once")]

    def __str__(self) -> str:
        return f"{self.provider} {self.event_id}"

    @property
    def heard(self) -> rules.Heard:
        """The row as a frozen value."""
        return rules.Heard(
            event_id=self.event_id,
            transaction_id=self.transaction_id,
            source=rules.Source(self.source),
            amount=Money(self.amount_minor, self.currency),
            outcome=rules.Outcome(self.outcome),
            reason=self.reason,
            received_at=self.received_at,
        )

    @property
    def value(self) -> rules.Quarantined:
        """A message that does not fit, as a frozen value."""
        return rules.Quarantined(
            id=self.pk,
            provider=self.provider,
            event_id=self.event_id,
            transaction_id=self.transaction_id,
            order_number=self.order_number,
            payment_id=self.payment_id,
            amount=Money(self.amount_minor, self.currency),
            reason=rules.Fault(self.reason),
            received_at=self.received_at,
            decision=rules.Decision(self.decision),
            note=self.note,
        )


class Incident(models.Model):
    """A message that was not believed: forged, stale or unreadable. Nothing in it counts; kept to look into."""

    provider = models.CharField(max_length=40)
    shop = models.CharField(max_length=40)
    fault = models.CharField(max_length=12)
    reason = models.CharField(max_length=300, blank=True)
    body = models.BinaryField()
    received_at = models.DateTimeField()

    class Meta:
        db_table = "shop_payments_incident"
        indexes = [models.Index(fields=["shop", "-received_at"], name="shop_payments_incident_new")]

    def __str__(self) -> str:
        return f"{self.provider} {self.fault}"

    @property
    def value(self) -> rules.Incident:
        """The row as a frozen value."""
        return rules.Incident(
            id=self.pk,
            provider=self.provider,
            fault=self.fault,
            reason=self.reason,
            body=bytes(self.body),
            received_at=self.received_at,
        )
