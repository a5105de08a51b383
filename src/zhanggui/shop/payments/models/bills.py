"""Providers' daily bills, and where they differ from our books."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from zhanggui.base.money import Money
from zhanggui.shop.payments import rules


class Bill(models.Model):
    """A provider's bill of one day that was held against our books."""

    provider = models.CharField(max_length=40)
    day = models.DateField()
    rows = models.PositiveIntegerField()
    compared_at = models.DateTimeField()

    class Meta:
        db_table = "shop_payments_bill"
        constraints = [models.UniqueConstraint(fields=["provider", "day"], name="shop_payments_bill_once")]

    def __str__(self) -> str:
        return f"{self.provider} {self.day}"


class BillRow(models.Model):
    """One movement of money as a provider's bill has it."""

    provider = models.CharField(max_length=40)
    day = models.DateField()
    kind = models.CharField(max_length=10, choices=[(kind, kind) for kind in rules.BillKind])
    transaction_id = models.CharField(max_length=120)
    payment_id = models.CharField(max_length=60, blank=True)
    refund_id = models.CharField(max_length=60, blank=True)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=6)
    at = models.DateTimeField()

    class Meta:
        db_table = "shop_payments_bill_row"
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "kind", "transaction_id", "refund_id"], name="shop_payments_bill_row_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.transaction_id}"

    @property
    def value(self) -> rules.BillRow:
        """The row as a frozen value."""
        return rules.BillRow(
            transaction_id=self.transaction_id,
            payment_id=self.payment_id,
            refund_id=self.refund_id,
            amount=Money(self.amount_minor, self.currency),
            kind=rules.BillKind(self.kind),
            at=self.at,
        )


class Difference(models.Model):
    """One row in which a bill and our books differ."""

    provider = models.CharField(max_length=40)
    day = models.DateField()
    shop = models.CharField(max_length=40)
    gap = models.CharField(max_length=14, choices=[(gap, gap) for gap in rules.Gap])
    is_refund = models.BooleanField()
    transaction_id = models.CharField(max_length=120, blank=True)
    payment_id = models.CharField(max_length=60, blank=True)
    refund_id = models.CharField(max_length=60, blank=True)
    order_number = models.CharField(max_length=60, blank=True)
    ours_minor = models.BigIntegerField(null=True)
    theirs_minor = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=6)
    state = models.CharField(max_length=10, choices=[(state, state) for state in rules.GapState])
    note = models.CharField(max_length=300, blank=True)
    decided_by = models.CharField(max_length=120, blank=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "shop_payments_difference"
        indexes = [
            models.Index(
                fields=["shop", "-day"], name="shop_payments_difference_open", condition=Q(state=rules.GapState.OPEN)
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "gap", "transaction_id", "refund_id"], name="shop_payments_difference_once"
            ),
            models.CheckConstraint(name="shop_payments_difference_state", condition=Q(state__in=list(rules.GapState))),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.gap} {self.transaction_id}"

    @property
    def value(self) -> rules.Difference:
        """The row as a frozen value."""
        return rules.Difference(
            id=self.pk,
            provider=self.provider,
            day=self.day,
            gap=rules.Gap(self.gap),
            is_refund=self.is_refund,
            transaction_id=self.transaction_id,
            payment_id=self.payment_id,
            refund_id=self.refund_id,
            order_number=self.order_number,
            ours=None if self.ours_minor is None else Money(self.ours_minor, self.currency),
            theirs=None if self.theirs_minor is None else Money(self.theirs_minor, self.currency),
            state=rules.GapState(self.state),
            note=self.note,
        )
