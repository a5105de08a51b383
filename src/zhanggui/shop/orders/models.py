"""Orders and their lines, frozen when they were placed; only the state moves."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from zhanggui.shop.orders import rules


class Order(models.Model):
    """One order. Where it came from (person, session, channel ...) goes along with every later fact about it."""

    number = models.CharField(primary_key=True, max_length=24)
    shop = models.CharField(max_length=40)
    person = models.CharField(max_length=120)
    session = models.CharField(max_length=120, blank=True)
    channel = models.CharField(max_length=40, blank=True)
    campaign = models.CharField(max_length=120, blank=True)
    device = models.CharField(max_length=20, blank=True)
    region = models.CharField(max_length=60, blank=True)
    customer_id = models.UUIDField()
    address_id = models.UUIDField()
    state = models.CharField(max_length=20, choices=[(state, state) for state in rules.State])
    currency = models.CharField(max_length=6)
    discount_minor = models.BigIntegerField()
    goods_minor = models.BigIntegerField()
    shipping_minor = models.BigIntegerField()
    tax_minor = models.BigIntegerField()
    total_minor = models.BigIntegerField()
    placed_fact = models.UUIDField()
    placed_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "shop_orders_order"
        indexes = [
            models.Index(fields=["shop", "person", "-placed_at"], name="shop_orders_order_person"),
            models.Index(
                fields=["expires_at"], name="shop_orders_order_waiting", condition=Q(state=rules.State.AWAITING_PAYMENT)
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="shop_orders_order_total",
                condition=Q(total_minor=F("goods_minor") + F("shipping_minor") + F("tax_minor"), total_minor__gte=0),
            ),
            models.CheckConstraint(name="shop_orders_order_state", condition=Q(state__in=list(rules.State))),
            models.CheckConstraint(
                name="shop_orders_order_ended",
                condition=Q(state=rules.State.AWAITING_PAYMENT, ended_at=None)
                | (~Q(state=rules.State.AWAITING_PAYMENT) & Q(ended_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Line(models.Model):
    """One SKU of an order with its frozen shares."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveSmallIntegerField()
    sku = models.CharField(max_length=60)
    category = models.CharField(max_length=40, blank=True)
    title_zh = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200, blank=True)
    quantity = models.PositiveIntegerField()
    list_price_minor = models.BigIntegerField()
    listed_minor = models.BigIntegerField()
    discount_minor = models.BigIntegerField()
    amount_minor = models.BigIntegerField()
    shipping_minor = models.BigIntegerField()
    tax_minor = models.BigIntegerField()

    class Meta:
        db_table = "shop_orders_line"
        constraints = [
            models.UniqueConstraint(fields=["order", "sku"], name="shop_orders_line_once"),
            models.CheckConstraint(
                name="shop_orders_line_amount",
                condition=Q(
                    listed_minor=F("list_price_minor") * F("quantity"),
                    amount_minor=F("listed_minor") + F("discount_minor"),
                    amount_minor__gte=0,
                    quantity__gt=0,
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.sku}"
