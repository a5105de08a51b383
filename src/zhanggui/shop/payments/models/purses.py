"""What wallets and gift cards pay, and why staff filled a wallet."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from zhanggui.base.money import Money
from zhanggui.shop.payments import rules


class Tender(models.Model):
    """What wallet or card pays of an order: held while the order is open, taken when it is paid, else returned."""

    id = models.UUIDField(primary_key=True)
    shop = models.CharField(max_length=40)
    order_number = models.CharField(max_length=24)
    kind = models.CharField(max_length=10, choices=[(kind, kind) for kind in rules.TenderKind])
    holder = models.CharField(max_length=60)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=6)
    state = models.CharField(max_length=10, choices=[(state, state) for state in rules.TenderState])
    refunded_minor = models.BigIntegerField(default=0)
    held_at = models.DateTimeField()

    class Meta:
        db_table = "shop_payments_tender"
        indexes = [
            models.Index(fields=["order_number"], name="shop_payments_tender_order"),
            models.Index(
                fields=["held_at"], name="shop_payments_tender_held", condition=Q(state=rules.TenderState.HELD)
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["order_number", "kind", "holder"],
                condition=~Q(state=rules.TenderState.RETURNED),
                name="shop_payments_tender_once",
            ),
            models.CheckConstraint(
                name="shop_payments_tender_state", condition=Q(state__in=[*rules.TenderState], amount_minor__gt=0)
            ),
            models.CheckConstraint(
                name="shop_payments_tender_refunded",
                condition=Q(refunded_minor=0)
                | Q(state=rules.TenderState.TAKEN, refunded_minor__gt=0, refunded_minor__lte=F("amount_minor")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_number} {self.kind}"

    @property
    def value(self) -> rules.Held:
        """The row as a frozen value."""
        amount = Money(self.amount_minor, self.currency)
        return rules.Held(
            id=str(self.id),
            order_number=self.order_number,
            tender=rules.Tender(kind=rules.TenderKind(self.kind), holder=self.holder, amount=amount),
            state=rules.TenderState(self.state),
            refunded=Money(self.refunded_minor, self.currency),
        )


class GiftCard(models.Model):
    """A gift card; its money lies in the books under its id. The code is kept as a digest only."""

    id = models.UUIDField(primary_key=True)
    shop = models.CharField(max_length=40)
    code_digest = models.BinaryField(max_length=32)
    ending = models.CharField(max_length=4)
    value_minor = models.BigIntegerField()
    currency = models.CharField(max_length=6)
    issued_at = models.DateTimeField()
    issued_by = models.CharField(max_length=120)
    expires_at = models.DateTimeField()
    is_blocked = models.BooleanField(default=False)
    is_sold = models.BooleanField(default=False)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        db_table = "shop_payments_gift_card"
        indexes = [models.Index(fields=["shop", "-issued_at"], name="shop_payments_gift_card_new")]
        constraints = [
            models.UniqueConstraint(fields=["shop", "code_digest"], name="shop_payments_gift_card_code"),
            models.CheckConstraint(name="shop_payments_gift_card_value", condition=Q(value_minor__gt=0)),
        ]

    def __str__(self) -> str:
        return f"…{self.ending}"


class WalletNote(models.Model):
    """Why staff put money into a wallet or took it out; its booking has the same reference."""

    reference = models.CharField(primary_key=True, max_length=120)
    shop = models.CharField(max_length=40)
    customer_id = models.CharField(max_length=60)
    words = models.CharField(max_length=300)
    by = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        db_table = "shop_payments_wallet_note"
        indexes = [models.Index(fields=["shop", "customer_id"], name="shop_payments_wallet_note_who")]

    def __str__(self) -> str:
        return self.reference
