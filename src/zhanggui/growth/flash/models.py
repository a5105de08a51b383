"""Flash sales, their quota, who took of it and who waits; what must hold is held by the database."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from zhanggui.base.money import Money
from zhanggui.growth.flash import rules
from zhanggui.growth.flash.rules import Ended, State
from zhanggui.shop.catalogue.rules import Words


class Sale(models.Model):
    """A flash sale. Its pieces are promised in the stock to `rules.quota_of` from the moment it is set up.

    state           on and ended are written by the clock's job, which may be late: whether one can buy is asked of the
                    item's own period
    returned_units  pieces that went back into the stock when it ended
    """

    id = models.UUIDField(primary_key=True)
    shop = models.CharField(max_length=40)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    entries_per_second = models.PositiveIntegerField(null=True)
    state = models.CharField(max_length=10, choices=[(state, state) for state in State])
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=120)
    ended_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=10, blank=True)
    returned_units = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "growth_flash_sale"
        indexes = [
            models.Index(fields=["shop", "-starts_at"], name="growth_flash_sale_latest"),
            models.Index(fields=["ends_at"], name="growth_flash_sale_open", condition=~Q(state="ended")),
        ]
        constraints = [
            models.CheckConstraint(name="growth_flash_sale_period", condition=Q(ends_at__gt=F("starts_at"))),
            models.CheckConstraint(
                name="growth_flash_sale_state",
                condition=Q(state__in=[State.SET, State.ON], ended_at__isnull=True, reason="")
                | Q(state=State.ENDED, ended_at__isnull=False, reason__in=list(Ended)),
            ),
            models.CheckConstraint(
                name="growth_flash_sale_entries",
                condition=Q(entries_per_second__isnull=True) | Q(entries_per_second__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name_zh} ({self.state})"

    @property
    def value(self) -> rules.Sale:
        """The row as a frozen value; its items are read along with it."""
        return rules.Sale(
            id=str(self.id),
            shop=self.shop,
            name=Words(zh=self.name_zh, en=self.name_en),
            starts_at=self.starts_at,
            ends_at=self.ends_at,
            entries_per_second=self.entries_per_second,
            state=State(self.state),
            items=tuple(item.value for item in sorted(self.items.all(), key=lambda item: item.line)),
            ended_at=self.ended_at,
            reason=self.reason,
            returned_units=self.returned_units,
        )


class Item(models.Model):
    """A SKU in a flash sale: the quota row that everybody who buys it waits for.

    line      its line in the stock's promise
    is_open   False once the sale ended; `growth_flash_no_overlap`, an exclusion constraint that Django cannot say,
              lets a SKU be in one open sale at a time
    """

    id = models.UUIDField(primary_key=True)
    sale = models.ForeignKey(Sale, on_delete=models.PROTECT, related_name="items")
    shop = models.CharField(max_length=40)
    line = models.PositiveSmallIntegerField()
    sku = models.CharField(max_length=60)
    price_minor = models.BigIntegerField()
    currency = models.CharField(max_length=6)
    quota_units = models.PositiveIntegerField()
    taken_units = models.PositiveIntegerField(default=0)
    per_person = models.PositiveIntegerField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    is_open = models.BooleanField(default=True)

    class Meta:
        db_table = "growth_flash_item"
        indexes = [models.Index(fields=["shop", "sku", "starts_at"], name="growth_flash_item_of_sku")]
        constraints = [
            models.UniqueConstraint(name="growth_flash_item_once", fields=["sale", "sku"]),
            models.CheckConstraint(
                name="growth_flash_quota", condition=Q(taken_units__gte=0, taken_units__lte=F("quota_units"))
            ),
            models.CheckConstraint(name="growth_flash_price", condition=Q(price_minor__gt=0)),
            models.CheckConstraint(name="growth_flash_per_person", condition=Q(per_person__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.sku} {self.taken_units}/{self.quota_units}"

    @property
    def value(self) -> rules.Item:
        """The row as a frozen value."""
        return rules.Item(
            id=str(self.id),
            sale_id=str(self.sale_id),
            sku=self.sku,
            price=Money(self.price_minor, self.currency),
            quota_units=self.quota_units,
            taken_units=self.taken_units,
            per_person=self.per_person,
        )


class Claim(models.Model):
    """How many pieces of an item one person has, in all their orders.

    most_units  the item's limit, frozen, so that the database itself holds it
    """

    id = models.UUIDField(primary_key=True)
    item = models.ForeignKey(Item, on_delete=models.PROTECT)
    person = models.CharField(max_length=120)
    units = models.PositiveIntegerField()
    most_units = models.PositiveIntegerField()

    class Meta:
        db_table = "growth_flash_claim"
        constraints = [
            models.UniqueConstraint(name="growth_flash_claim_once", fields=["item", "person"]),
            models.CheckConstraint(
                name="growth_flash_claim_limit", condition=Q(units__gte=0, units__lte=F("most_units"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.units}/{self.most_units}"


class Take(models.Model):
    """Pieces of an item that an order took, and how many of them it gave back."""

    id = models.UUIDField(primary_key=True)
    item = models.ForeignKey(Item, on_delete=models.PROTECT)
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT)
    shop = models.CharField(max_length=40)
    order_number = models.CharField(max_length=24)
    units = models.PositiveIntegerField()
    returned_units = models.PositiveIntegerField(default=0)
    at = models.DateTimeField()

    class Meta:
        db_table = "growth_flash_take"
        indexes = [models.Index(fields=["item", "at"], name="growth_flash_take_latest")]
        constraints = [
            models.UniqueConstraint(name="growth_flash_take_once", fields=["order_number", "item"]),
            models.CheckConstraint(name="growth_flash_take_some", condition=Q(units__gt=0)),
            models.CheckConstraint(
                name="growth_flash_take_returns", condition=Q(returned_units__gte=0, returned_units__lte=F("units"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_number} {self.units}"


class Gate(models.Model):
    """The door of a sale that lets in so many a second: one number for all who wait.

    next_at  the moment of the next free place
    """

    sale = models.OneToOneField(Sale, primary_key=True, on_delete=models.PROTECT)
    next_at = models.DateTimeField()

    class Meta:
        db_table = "growth_flash_gate"

    def __str__(self) -> str:
        return str(self.next_at)


class Ticket(models.Model):
    """The one place that a person has in the line of a sale; a new one only once it has expired."""

    id = models.BigAutoField(primary_key=True)
    sale = models.ForeignKey(Sale, on_delete=models.PROTECT)
    person = models.CharField(max_length=120)
    opens_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        db_table = "growth_flash_ticket"
        constraints = [
            models.UniqueConstraint(name="growth_flash_ticket_once", fields=["sale", "person"]),
            models.CheckConstraint(name="growth_flash_ticket_period", condition=Q(expires_at__gt=F("opens_at"))),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.opens_at}"
