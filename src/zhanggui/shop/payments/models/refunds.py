"""Money on its way back."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from zhanggui.base.money import Money
from zhanggui.shop.payments import rules


class Refund(models.Model):
    """Money on its way back. Its id is the provider's idempotency key.

    goods, shipping, tax  what of the amount takes back which part of the sale
    book                  the same in the currency of the books, at the order's rate
    asked_at              when the provider was told last; `next_at` when it is told or asked next
    is_by_wallet          the provider would not give its part back, so it went to the shopper's wallet
    """

    id = models.UUIDField(primary_key=True)
    shop = models.CharField(max_length=40)
    order_number = models.CharField(max_length=60)
    payment_id = models.CharField(max_length=60, blank=True)
    provider = models.CharField(max_length=40)
    transaction_id = models.CharField(max_length=120, blank=True)
    amount_minor = models.BigIntegerField()
    provider_minor = models.BigIntegerField()
    goods_minor = models.BigIntegerField(default=0)
    shipping_minor = models.BigIntegerField(default=0)
    tax_minor = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=6)
    reason = models.CharField(max_length=60)
    reference = models.CharField(max_length=200)
    is_stray = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=[(state, state) for state in rules.RefundState])
    refusal = models.CharField(max_length=200, blank=True)
    is_by_wallet = models.BooleanField(default=False)
    note = models.CharField(max_length=300, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    started_fact = models.UUIDField(null=True)
    started_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "shop_payments_refund"
        indexes = [
            models.Index(fields=["shop", "-started_at"], name="shop_payments_refund_new"),
            models.Index(fields=["next_at"], name="shop_payments_refund_next", condition=Q(next_at__isnull=False)),
            models.Index(fields=["provider", "transaction_id"], name="shop_payments_refund_money"),
            models.Index(fields=["provider", "ended_at"], name="shop_payments_refund_ended"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["shop", "order_number", "reference"], name="shop_payments_refund_once"),
            models.CheckConstraint(
                name="shop_payments_refund_amount",
                condition=Q(
                    amount_minor__gt=0,
                    provider_minor__gte=0,
                    provider_minor__lte=F("amount_minor"),
                    goods_minor__gte=0,
                    shipping_minor__gte=0,
                    tax_minor__gte=0,
                ),
            ),
            models.CheckConstraint(
                name="shop_payments_refund_parts",
                condition=Q(is_stray=True, goods_minor=0, shipping_minor=0, tax_minor=0)
                | Q(is_stray=False, amount_minor=F("goods_minor") + F("shipping_minor") + F("tax_minor")),
            ),
            models.CheckConstraint(name="shop_payments_refund_state", condition=Q(state__in=list(rules.RefundState))),
        ]

    def __str__(self) -> str:
        return f"{self.order_number} {self.reference}"

    @property
    def value(self) -> rules.Refund:
        """The row as a frozen value, with its lines; one more statement unless they were fetched before."""
        return rules.Refund(
            id=str(self.id),
            shop=self.shop,
            order_number=self.order_number,
            payment_id=self.payment_id,
            provider=self.provider,
            transaction_id=self.transaction_id,
            amount=Money(self.amount_minor, self.currency),
            by_provider=Money(self.provider_minor, self.currency),
            state=rules.RefundState(self.state),
            reason=self.reason,
            reference=self.reference,
            is_stray=self.is_stray,
            lines=tuple(line.value(self.currency) for line in self.lines.all()),
            started_at=self.started_at,
            ended_at=self.ended_at,
            tries=self.tries,
            refusal=self.refusal,
            is_by_wallet=self.is_by_wallet,
            next_at=self.next_at,
        )


class RefundLine(models.Model):
    """What of an order line a refund gives back."""

    refund = models.ForeignKey(Refund, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveSmallIntegerField()
    sku = models.CharField(max_length=60)
    category = models.CharField(max_length=40, blank=True)
    units = models.PositiveIntegerField()
    amount_minor = models.BigIntegerField()

    class Meta:
        db_table = "shop_payments_refund_line"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["refund", "position"], name="shop_payments_refund_line_once"),
            models.CheckConstraint(
                name="shop_payments_refund_line_amount", condition=Q(units__gt=0, amount_minor__gte=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.refund_id} {self.position}"

    def value(self, currency: str) -> rules.RefundLine:
        """The row as a frozen value."""
        return rules.RefundLine(
            position=self.position,
            sku=self.sku,
            category=self.category,
            units=self.units,
            amount=Money(self.amount_minor, currency),
        )
