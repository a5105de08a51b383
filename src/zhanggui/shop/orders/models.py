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
    state = models.CharField(max_length=20, choices=[(state, state) for state in rules.State])
    currency = models.CharField(max_length=6)
    discount_minor = models.BigIntegerField()
    goods_minor = models.BigIntegerField()
    shipping_minor = models.BigIntegerField()
    tax_minor = models.BigIntegerField()
    total_minor = models.BigIntegerField()
    tax_included_minor = models.BigIntegerField(default=0)
    refunded_minor = models.BigIntegerField(default=0)
    book_currency = models.CharField(max_length=6)
    book_rate = models.DecimalField(max_digits=20, decimal_places=10, default=1)
    book_rate_on = models.DateField()
    note = models.CharField(max_length=500, blank=True)
    difference_of = models.CharField(max_length=24, blank=True, default="", db_default="")
    placed_fact = models.UUIDField()
    placed_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "shop_orders_order"
        indexes = [
            models.Index(fields=["shop", "person", "-placed_at"], name="shop_orders_order_person"),
            models.Index(
                fields=["expires_at"], name="shop_orders_order_waiting", condition=Q(state=rules.State.AWAITING_PAYMENT)
            ),
            models.Index(fields=["shop", "state", "-placed_at"], name="shop_orders_order_state_at"),
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
            models.CheckConstraint(
                name="shop_orders_order_paid", condition=~Q(state__in=sorted(rules.STANDS)) | Q(paid_at__isnull=False)
            ),
            # Nothing goes back that did not come in, and never more of it.
            models.CheckConstraint(
                name="shop_orders_order_refunded",
                condition=Q(refunded_minor=0)
                | Q(paid_at__isnull=False, refunded_minor__gt=0, refunded_minor__lte=F("total_minor")),
            ),
            models.CheckConstraint(name="shop_orders_order_rate", condition=Q(book_rate__gt=0)),
        ]

    def __str__(self) -> str:
        return self.number


class Destination(models.Model):
    """A place that a part of an order goes to, with what was promised for it."""

    # The unique index below begins with the order, so one of its own would only cost.
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="destinations", db_index=False)
    position = models.PositiveSmallIntegerField()
    address_id = models.UUIDField()
    country = models.CharField(max_length=2, blank=True)
    region = models.CharField(max_length=120, blank=True)
    city = models.CharField(max_length=120, blank=True)
    option = models.CharField(max_length=40)
    shipping_minor = models.BigIntegerField()
    promised_on = models.DateField(null=True)

    class Meta:
        db_table = "shop_orders_destination"
        constraints = [
            models.UniqueConstraint(fields=["order", "position"], name="shop_orders_destination_once"),
            models.CheckConstraint(name="shop_orders_destination_shipping", condition=Q(shipping_minor__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} to {self.position}"


class Line(models.Model):
    """One SKU of an order on its way to one place, with its frozen shares."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="lines", db_index=False)
    position = models.PositiveSmallIntegerField()
    destination = models.PositiveSmallIntegerField(default=1)
    sku = models.CharField(max_length=60)
    category = models.CharField(max_length=40, blank=True)
    title_zh = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200, blank=True)
    variant_zh = models.CharField(max_length=120, blank=True)
    variant_en = models.CharField(max_length=120, blank=True)
    quantity = models.PositiveIntegerField()
    list_price_minor = models.BigIntegerField()
    listed_minor = models.BigIntegerField()
    discount_minor = models.BigIntegerField()
    amount_minor = models.BigIntegerField()
    shipping_minor = models.BigIntegerField()
    tax_minor = models.BigIntegerField()
    tax_rate = models.DecimalField(max_digits=7, decimal_places=5, default=0)
    tax_included_minor = models.BigIntegerField(default=0)
    cost_minor = models.BigIntegerField(default=0)
    shares = models.JSONField(default=list)
    parts = models.JSONField(default=list)
    needs_shipping = models.BooleanField(default=True)
    no_reason_exception = models.CharField(max_length=40, blank=True)
    exception_confirmed_at = models.DateTimeField(null=True)
    returned_units = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "shop_orders_line"
        indexes = [models.Index(fields=["sku"], name="shop_orders_line_by_sku")]
        constraints = [
            models.UniqueConstraint(fields=["order", "position"], name="shop_orders_line_position"),
            models.UniqueConstraint(fields=["order", "destination", "sku"], name="shop_orders_line_sku"),
            models.CheckConstraint(
                name="shop_orders_line_amount",
                condition=Q(
                    listed_minor=F("list_price_minor") * F("quantity"),
                    amount_minor=F("listed_minor") + F("discount_minor"),
                    amount_minor__gte=0,
                    quantity__gt=0,
                ),
            ),
            models.CheckConstraint(
                name="shop_orders_line_returned", condition=Q(returned_units__gte=0, returned_units__lte=F("quantity"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.sku}"


class Note(models.Model):
    """What somebody who works in the shop wrote about an order; never changed."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="notes")
    words = models.TextField()
    by = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        db_table = "shop_orders_note"
        indexes = [models.Index(fields=["order", "at"], name="shop_orders_note_order")]

    def __str__(self) -> str:
        return f"{self.order_id} {self.at}"


class InvoiceSeries(models.Model):
    """The last number given out in a shop's year; locked while a number is taken, so that none is missing."""

    shop = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField()

    class Meta:
        db_table = "shop_orders_invoice_series"
        constraints = [models.UniqueConstraint(fields=["shop", "year"], name="shop_orders_invoice_series_once")]

    def __str__(self) -> str:
        return f"{self.shop} {self.year}: {self.last}"


class Invoice(models.Model):
    """A paper for an order, made out to somebody; one for each order, never changed."""

    order = models.OneToOneField(Order, on_delete=models.PROTECT, primary_key=True)
    shop = models.CharField(max_length=40)
    number = models.CharField(max_length=24)
    made_out_to = models.CharField(max_length=200)
    tax_id = models.CharField(max_length=40, blank=True)
    issued_at = models.DateTimeField()

    class Meta:
        db_table = "shop_orders_invoice"
        constraints = [models.UniqueConstraint(fields=["shop", "number"], name="shop_orders_invoice_number")]

    def __str__(self) -> str:
        return self.number

    @property
    def value(self) -> rules.Invoice:
        """The row as a frozen value."""
        return rules.Invoice(
            order_number=self.order_id,
            number=self.number,
            made_out_to=self.made_out_to,
            tax_id=self.tax_id,
            issued_at=self.issued_at,
        )
