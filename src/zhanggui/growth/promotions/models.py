"""Promotions and what they gave away, coupons and who holds them; what must hold is held by the database."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from zhanggui.growth.promotions.rules import Done, Hold, Kept, State, Way
from zhanggui.growth.promotions.rules.trials import Progress


class Promotion(models.Model):
    """One promotion with its terms, who may use it, when, and how much of its budget is given away.

    terms, target, audience  as `rules.terms` reads them
    given_minor              of a promotion with a budget, what orders that hold took off by it; the budget stops it
                             exactly. Without a budget nobody waits for this row and it stays 0: the uses are summed
    foreseen_minor           cost that the dry run foresaw; above the shop's limit a second person lets it go live
    is_coupon                whether it needs a coupon; else it applies by itself
    """

    id = models.UUIDField(primary_key=True)
    shop = models.CharField(max_length=40)
    name_zh = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    kind = models.CharField(max_length=40)
    terms = models.JSONField(default=dict)
    layer = models.PositiveSmallIntegerField()
    target = models.JSONField(default=dict)
    audience = models.JSONField(default=dict)
    group = models.CharField(max_length=60, blank=True)
    excludes = ArrayField(models.CharField(max_length=80), default=list)
    priority = models.IntegerField(default=0)
    base = models.CharField(max_length=10, default="current")
    currency = models.CharField(max_length=6)
    cap_minor = models.BigIntegerField(null=True)
    funded_by = models.CharField(max_length=10, default="shop")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    per_order = models.PositiveIntegerField(null=True)
    per_person = models.PositiveIntegerField(null=True)
    budget_minor = models.BigIntegerField(null=True)
    given_minor = models.BigIntegerField(default=0)
    is_coupon = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=[(state, state) for state in State])
    foreseen_minor = models.BigIntegerField(null=True)
    asked_by = models.CharField(max_length=120, blank=True)
    approved_by = models.CharField(max_length=120, blank=True)
    made_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "growth_promotions_promotion"
        indexes = [
            models.Index(fields=["shop", "starts_at"], name="growth_promotions_live", condition=Q(state="live")),
        ]
        constraints = [
            models.CheckConstraint(name="growth_promotions_state", condition=Q(state__in=list(State))),
            models.CheckConstraint(name="growth_promotions_layer", condition=Q(layer__in=[1, 2, 3, 4, 5, 6, 8])),
            models.CheckConstraint(
                name="growth_promotions_period", condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at"))
            ),
            models.CheckConstraint(
                name="growth_promotions_budget",
                condition=Q(given_minor__gte=0)
                & (Q(budget_minor__isnull=True) | Q(given_minor__lte=F("budget_minor"))),
            ),
            # Who asks for a costly promotion is not who lets it go live.
            models.CheckConstraint(
                name="growth_promotions_two_people", condition=Q(approved_by="") | ~Q(approved_by=F("asked_by"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name_zh} ({self.state})"


class Redemption(models.Model):
    """A promotion took something off an order.

    nth  which use of the person it is, from 1, if uses are counted; no two uses are the same one
    """

    id = models.UUIDField(primary_key=True)
    promotion = models.ForeignKey(Promotion, on_delete=models.PROTECT, db_constraint=True)
    coupon_id = models.UUIDField(null=True)
    shop = models.CharField(max_length=40)
    order_number = models.CharField(max_length=24)
    person = models.CharField(max_length=120)
    nth = models.PositiveIntegerField(null=True)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=6)
    state = models.CharField(max_length=10, choices=[(kept, kept) for kept in Kept])
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "growth_promotions_redemption"
        indexes = [models.Index(fields=["shop", "order_number"], name="growth_promotions_redeemed")]
        constraints = [
            models.UniqueConstraint(
                name="growth_promotions_redeemed_once",
                fields=["promotion", "order_number", "coupon_id"],
                nulls_distinct=False,
            ),
            models.UniqueConstraint(
                name="growth_promotions_nth_once", fields=["promotion", "person", "nth"], condition=~Q(state="undone")
            ),
            models.CheckConstraint(name="growth_promotions_gives", condition=Q(amount_minor__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.promotion_id} {self.order_number}"


class Batch(models.Model):
    """Coupons of one promotion that are given out in one way.

    way         how shoppers come by them
    stock_units how many there are; None: any number
    days        how long one holds from its claim; None: until `ends_at`
    segment     who may claim one, empty: everybody who is signed in
    """

    id = models.UUIDField(primary_key=True)
    shop = models.CharField(max_length=40)
    promotion = models.ForeignKey(Promotion, on_delete=models.PROTECT, related_name="batches")
    way = models.CharField(max_length=10, choices=[(way, way) for way in Way])
    stock_units = models.PositiveIntegerField(null=True)
    claimed_units = models.PositiveIntegerField(default=0)
    per_person = models.PositiveIntegerField(default=1)
    claim_from = models.DateTimeField()
    claim_until = models.DateTimeField(null=True)
    days = models.PositiveIntegerField(null=True)
    ends_at = models.DateTimeField(null=True)
    segment = models.CharField(max_length=40, blank=True)
    tiers = ArrayField(models.CharField(max_length=40), default=list)
    is_open = models.BooleanField(default=True)
    made_at = models.DateTimeField()

    class Meta:
        db_table = "growth_promotions_batch"
        constraints = [
            models.CheckConstraint(
                name="growth_promotions_batch_stock",
                condition=Q(stock_units__isnull=True) | Q(claimed_units__lte=F("stock_units")),
            ),
            models.CheckConstraint(
                name="growth_promotions_batch_holds", condition=Q(days__isnull=False) | Q(ends_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.promotion_id} {self.way}"


class Coupon(models.Model):
    """One coupon: a code that waits for somebody, or what a person holds, has used or let run out.

    ordinal  which one of its batch the person holds, from 1; None while nobody does
    """

    id = models.UUIDField(primary_key=True)
    shop = models.CharField(max_length=40)
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT)
    promotion = models.ForeignKey(Promotion, on_delete=models.PROTECT)
    code = models.CharField(max_length=24, null=True)
    person = models.CharField(max_length=120, blank=True)
    ordinal = models.PositiveIntegerField(null=True)
    state = models.CharField(max_length=10, choices=[(hold, hold) for hold in Hold])
    made_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    order_number = models.CharField(max_length=24, blank=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "growth_promotions_coupon"
        indexes = [
            models.Index(
                fields=["shop", "person", "ends_at"], name="growth_promotions_held", condition=Q(state="held")
            ),
            models.Index(fields=["shop", "order_number"], name="growth_promotions_used", condition=Q(state="used")),
        ]
        constraints = [
            models.UniqueConstraint(name="growth_promotions_code_once", fields=["shop", "code"]),
            models.UniqueConstraint(name="growth_promotions_claim_once", fields=["batch", "person", "ordinal"]),
            models.CheckConstraint(
                name="growth_promotions_coupon_held",
                condition=Q(state__in=["waiting", "void"])
                | (~Q(person="") & Q(ordinal__gte=1) & Q(ends_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="growth_promotions_coupon_used",
                condition=Q(state="used", used_at__isnull=False) & ~Q(order_number="") | ~Q(state="used"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code or self.id} ({self.state})"


class Given(models.Model):
    """That a person was given a coupon of a batch on an occasion, so that nobody gets a second one for the same.

    occasion  empty for what one person gets once; the year of a birthday; before an absence, when they paid last
    """

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT)
    person = models.CharField(max_length=120)
    occasion = models.CharField(max_length=40, blank=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "growth_promotions_given"
        constraints = [
            models.UniqueConstraint(name="growth_promotions_given_once", fields=["batch", "person", "occasion"]),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.person}"


class Choice(models.Model):
    """Which coupons a shopper wants to use; without a row the best are taken for them."""

    shop = models.CharField(max_length=40)
    person = models.CharField(max_length=120)
    coupons = ArrayField(models.UUIDField(), default=list)

    class Meta:
        db_table = "growth_promotions_choice"
        constraints = [models.UniqueConstraint(name="growth_promotions_choice_once", fields=["shop", "person"])]

    def __str__(self) -> str:
        return self.person


class Floor(models.Model):
    """The lowest price of one piece of a SKU, whatever promotions there are.

    set_at  since when it holds; None for longer than anybody asks
    """

    shop = models.CharField(max_length=40)
    sku = models.CharField(max_length=60)
    price_minor = models.BigIntegerField()
    currency = models.CharField(max_length=6)
    set_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "growth_promotions_floor"
        constraints = [
            models.UniqueConstraint(name="growth_promotions_floor_once", fields=["shop", "sku"]),
            models.CheckConstraint(name="growth_promotions_floor_positive", condition=Q(price_minor__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.sku} >= {self.price_minor}"


class Deed(models.Model):
    """Who did what with a promotion; never changed."""

    id = models.UUIDField(primary_key=True)
    promotion = models.ForeignKey(Promotion, on_delete=models.CASCADE, related_name="deeds")
    what = models.CharField(max_length=12, choices=[(done, done) for done in Done])
    by = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        db_table = "growth_promotions_deed"
        indexes = [models.Index(fields=["promotion", "at"], name="growth_promotions_deeds")]

    def __str__(self) -> str:
        return f"{self.promotion_id} {self.what}"


class Trial(models.Model):
    """A dry run of a promotion over the orders of the past: how far it is, and what came of it.

    version  of the promotion that was tried; another one makes the answer an old one
    outcome  as `rules.trials.Outcome` has it
    """

    id = models.UUIDField(primary_key=True)
    promotion = models.ForeignKey(Promotion, on_delete=models.CASCADE, related_name="trials")
    version = models.PositiveIntegerField()
    progress = models.CharField(max_length=10, choices=[(progress, progress) for progress in Progress])
    since = models.DateTimeField()
    until = models.DateTimeField()
    outcome = models.JSONField(null=True)
    asked_by = models.CharField(max_length=120)
    asked_at = models.DateTimeField()
    moved_at = models.DateTimeField()

    class Meta:
        db_table = "growth_promotions_trial"
        indexes = [models.Index(fields=["promotion", "-asked_at"], name="growth_promotions_trials")]
        constraints = [
            models.CheckConstraint(name="growth_promotions_trial_progress", condition=Q(progress__in=list(Progress))),
            models.CheckConstraint(name="growth_promotions_trial_period", condition=Q(until__gt=F("since"))),
            # Two at once would only make each other slow; whoever asks again is led to the one that runs.
            models.UniqueConstraint(
                name="growth_promotions_trial_once", fields=["promotion"], condition=Q(progress="running")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.promotion_id} {self.progress}"
