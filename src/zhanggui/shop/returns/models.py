"""Returns and their pieces; a piece of an order is claimed by one return at a time, and the database says so."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from zhanggui.shop.returns import rules


class Return(models.Model):
    """One return. Where it came from is its order's walk; `requested_fact` is the cause of what follows.

    pay_by     until when the difference of an exchange can be paid
    paid_with  the last order that asks for that difference
    """

    number = models.CharField(primary_key=True, max_length=24)
    shop = models.CharField(max_length=40)
    order_number = models.CharField(max_length=24)
    state = models.CharField(max_length=16, choices=[(state, state) for state in rules.State])
    reason = models.CharField(max_length=20, choices=[(reason, reason) for reason in rules.Reason])
    wish = models.CharField(max_length=10, choices=[(wish, wish) for wish in rules.Wish])
    words = models.TextField(blank=True)
    is_kept = models.BooleanField(default=False)
    way = models.CharField(max_length=10, blank=True, choices=[(way, way) for way in rules.Way])
    pickup_on = models.DateField(null=True)
    pickup_slot = models.CharField(max_length=12, blank=True)
    pickup_address_id = models.UUIDField(null=True)
    carrier = models.CharField(max_length=40, blank=True)
    tracking = models.CharField(max_length=60, blank=True)
    warehouse = models.CharField(max_length=40, blank=True)
    refused_why = models.TextField(blank=True)
    currency = models.CharField(max_length=6)
    expected_minor = models.BigIntegerField()
    refunded_minor = models.BigIntegerField(default=0)
    replacement_carrier = models.CharField(max_length=40, blank=True)
    replacement_tracking = models.CharField(max_length=60, blank=True)
    sent_back_carrier = models.CharField(max_length=40, blank=True)
    sent_back_tracking = models.CharField(max_length=60, blank=True)
    pay_by = models.DateTimeField(null=True)
    paid_with = models.CharField(max_length=24, blank=True)
    requested_fact = models.UUIDField()
    requested_at = models.DateTimeField()
    approved_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)
    inspected_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "shop_returns_return"
        indexes = [
            models.Index(fields=["order_number"], name="shop_returns_return_order"),
            # The queue: what waits for somebody, the longest received first.
            models.Index(
                fields=["shop", "received_at"],
                name="shop_returns_return_open",
                condition=Q(state__in=sorted(rules.OPEN)),
            ),
            models.Index(fields=["shop", "-requested_at"], name="shop_returns_return_shop"),
            models.Index(
                fields=["pay_by"], name="shop_returns_return_unpaid", condition=Q(pay_by__isnull=False, ended_at=None)
            ),
        ]
        constraints = [
            models.CheckConstraint(name="shop_returns_return_state", condition=Q(state__in=list(rules.State))),
            models.CheckConstraint(name="shop_returns_return_reason", condition=Q(reason__in=list(rules.Reason))),
            models.CheckConstraint(name="shop_returns_return_wish", condition=Q(wish__in=list(rules.Wish))),
            models.CheckConstraint(name="shop_returns_return_way", condition=Q(way__in=list(rules.Way))),
            models.CheckConstraint(
                name="shop_returns_return_ended",
                condition=Q(state__in=sorted(rules.ENDED), ended_at__isnull=False)
                | Q(state__in=sorted(rules.OPEN), ended_at=None),
            ),
            models.CheckConstraint(
                name="shop_returns_return_received",
                condition=~Q(state=rules.State.RECEIVED) | Q(received_at__isnull=False),
            ),
            # An order asks for the difference of one exchange.
            models.UniqueConstraint(
                fields=["paid_with"], condition=~Q(paid_with=""), name="shop_returns_return_paid_with"
            ),
            # Nobody is told no without a reason.
            models.CheckConstraint(
                name="shop_returns_return_said_why",
                condition=~Q(state__in=[rules.State.REFUSED, rules.State.REJECTED], refused_why=""),
            ),
            models.CheckConstraint(
                name="shop_returns_return_money",
                condition=Q(expected_minor__gte=0, refunded_minor__gte=0)
                & (Q(refunded_minor=0) | Q(state=rules.State.REFUNDED)),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Piece(models.Model):
    """One piece of an order on its way back. `is_claimed` while nobody else may give it back: open, or refunded.

    new_goods, new_tax  what it stands for once exchanged at another price
    """

    return_of = models.ForeignKey(Return, on_delete=models.PROTECT, related_name="pieces")
    number = models.PositiveSmallIntegerField()
    order_number = models.CharField(max_length=24)
    position = models.PositiveSmallIntegerField()
    unit = models.PositiveIntegerField()
    bought_units = models.PositiveIntegerField()
    is_claimed = models.BooleanField(default=True)
    is_refunded = models.BooleanField(default=False)
    sku = models.CharField(max_length=60)
    category = models.CharField(max_length=40, blank=True)
    wanted_sku = models.CharField(max_length=60, blank=True)
    goods_minor = models.BigIntegerField()
    tax_minor = models.BigIntegerField()
    shipping_minor = models.BigIntegerField()
    new_goods_minor = models.BigIntegerField(null=True)
    new_tax_minor = models.BigIntegerField(null=True)
    verdict = models.CharField(max_length=10, blank=True, choices=[(one, one) for one in rules.Verdict])
    found = models.TextField(blank=True)

    class Meta:
        db_table = "shop_returns_piece"
        constraints = [
            # No piece of an order comes back twice: not over open returns, not over closed ones.
            models.UniqueConstraint(
                fields=["order_number", "position", "unit"],
                condition=Q(is_claimed=True),
                name="shop_returns_piece_once",
            ),
            models.UniqueConstraint(fields=["return_of", "number"], name="shop_returns_piece_number"),
            models.CheckConstraint(name="shop_returns_piece_bought", condition=Q(unit__lt=F("bought_units"))),
            models.CheckConstraint(
                name="shop_returns_piece_refunded",
                condition=Q(is_refunded=False, is_claimed=False) | Q(is_claimed=True),
            ),
            models.CheckConstraint(name="shop_returns_piece_verdict", condition=Q(verdict__in=list(rules.Verdict))),
            models.CheckConstraint(
                name="shop_returns_piece_said_why", condition=~Q(verdict=rules.Verdict.REJECTED, found="")
            ),
            models.CheckConstraint(
                name="shop_returns_piece_money",
                condition=Q(goods_minor__gte=0, tax_minor__gte=0, shipping_minor__gte=0),
            ),
            models.CheckConstraint(
                name="shop_returns_piece_worth",
                condition=Q(new_goods_minor=None, new_tax_minor=None)
                | (Q(new_goods_minor__gte=0, new_tax_minor__gte=0) & ~Q(wanted_sku="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.return_of_id} {self.number}"


class Picture(models.Model):
    """A picture of a return; the file lies in the home folder under its digest."""

    return_of = models.ForeignKey(Return, on_delete=models.PROTECT, related_name="pictures")
    position = models.PositiveSmallIntegerField()
    digest = models.CharField(max_length=64)
    kind = models.CharField(max_length=20, choices=[(kind, kind) for kind in rules.KINDS])
    is_ours = models.BooleanField(default=False)

    class Meta:
        db_table = "shop_returns_picture"
        constraints = [
            models.UniqueConstraint(fields=["return_of", "is_ours", "position"], name="shop_returns_picture_place"),
            models.CheckConstraint(
                name="shop_returns_picture_number", condition=Q(position__gte=1, position__lte=rules.MOST_PICTURES)
            ),
            models.CheckConstraint(name="shop_returns_picture_kind", condition=Q(kind__in=list(rules.KINDS))),
        ]

    def __str__(self) -> str:
        return f"{self.return_of_id} {self.digest[:12]}"


class Goodwill(models.Model):
    """Money that was given without goods, with the words of who gave it."""

    id = models.UUIDField(primary_key=True)
    shop = models.CharField(max_length=40)
    order_number = models.CharField(max_length=24)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=6)
    words = models.TextField()
    given_by = models.CharField(max_length=120)
    given_at = models.DateTimeField()

    class Meta:
        db_table = "shop_returns_goodwill"
        indexes = [models.Index(fields=["order_number"], name="shop_returns_goodwill_order")]
        constraints = [
            models.CheckConstraint(name="shop_returns_goodwill_amount", condition=Q(amount_minor__gt=0)),
            models.CheckConstraint(name="shop_returns_goodwill_words", condition=~Q(words="")),
        ]

    def __str__(self) -> str:
        return f"{self.order_number} {self.amount_minor}"
