"""Who is a member of which tier, and what a shop's tiers, points and paid memberships are."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import F, Q

from zhanggui.growth.membership import rules
from zhanggui.shop.catalogue.rules import Words


class Scheme(models.Model):
    """How points are earned and spent in a shop; without a row there are neither points nor tiers."""

    shop = models.CharField(primary_key=True, max_length=40)
    earn_rate = models.DecimalField(max_digits=8, decimal_places=4)
    worth = models.PositiveIntegerField()
    cap_rate = models.DecimalField(max_digits=5, decimal_places=4)
    step = models.PositiveIntegerField()
    lasts_days = models.PositiveIntegerField()

    class Meta:
        db_table = "growth_membership_scheme"
        constraints = [
            models.CheckConstraint(
                name="growth_membership_scheme_bounds",
                condition=Q(earn_rate__gte=0, worth__gte=1, cap_rate__gte=0, cap_rate__lte=1, step__gte=1)
                & Q(lasts_days__gte=30),
            ),
        ]

    def __str__(self) -> str:
        return self.shop

    @property
    def value(self) -> rules.points.Scheme:
        """The row as a frozen value."""
        return rules.points.Scheme(
            earn_rate=self.earn_rate.normalize(),
            worth=self.worth,
            cap_rate=self.cap_rate.normalize(),
            step=self.step,
            lasts_days=self.lasts_days,
        )


class Tier(models.Model):
    """A tier of a shop; one that is no longer offered stays for those who have it until their year is over."""

    shop = models.CharField(max_length=40)
    key = models.SlugField(max_length=20)
    name_zh = models.CharField(max_length=40)
    name_en = models.CharField(max_length=40, blank=True)
    growth_from = models.PositiveIntegerField()
    multiplier = models.DecimalField(max_digits=6, decimal_places=3, default=Decimal(1))
    birthday_points = models.PositiveIntegerField(default=0)
    member_price = models.BooleanField(default=False)
    free_shipping = models.BooleanField(default=False)
    own_service = models.BooleanField(default=False)
    events = models.BooleanField(default=False)
    note_zh = models.CharField(max_length=200, blank=True)
    note_en = models.CharField(max_length=200, blank=True)

    class Meta:
        db_table = "growth_membership_tier"
        constraints = [
            models.UniqueConstraint(fields=["shop", "key"], name="growth_membership_tier_once"),
            models.UniqueConstraint(fields=["shop", "growth_from"], name="growth_membership_tier_from"),
            models.CheckConstraint(
                name="growth_membership_tier_multiplier", condition=Q(multiplier__gte=1, multiplier__lte=10)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.shop} {self.key}"

    @property
    def value(self) -> rules.tiers.Tier:
        """The row as a frozen value."""
        return rules.tiers.Tier(
            key=self.key,
            name=Words(zh=self.name_zh, en=self.name_en),
            growth_from=self.growth_from,
            benefits=rules.tiers.Benefits(
                multiplier=self.multiplier.normalize(),
                birthday_points=self.birthday_points,
                member_price=self.member_price,
                free_shipping=self.free_shipping,
                own_service=self.own_service,
                events=self.events,
                note=Words(zh=self.note_zh, en=self.note_en),
            ),
        )


class Member(models.Model):
    """A person of a shop who earned, spent or was given something; locked while their points move.

    tier, tier_until    reached by growth, and the end of its year; None for the lowest
    floor, floor_until  paid for
    owed_points         taken back from nobody yet: points of a refunded order that were spent before
    birth_month, birth_day  as the member said, once; no year is asked for
    """

    shop = models.CharField(max_length=40)
    person = models.CharField(max_length=120)
    tier = models.CharField(max_length=20, blank=True)
    tier_until = models.DateTimeField(null=True)
    floor = models.CharField(max_length=20, blank=True)
    floor_until = models.DateTimeField(null=True)
    owed_points = models.BigIntegerField(default=0)
    birth_month = models.PositiveSmallIntegerField(null=True)
    birth_day = models.PositiveSmallIntegerField(null=True)
    since = models.DateTimeField()

    class Meta:
        db_table = "growth_membership_member"
        indexes = [
            models.Index(
                fields=["tier_until"], name="growth_membership_year_ends", condition=Q(tier_until__isnull=False)
            ),
            models.Index(
                fields=["floor_until"], name="growth_membership_floor_ends", condition=Q(floor_until__isnull=False)
            ),
            models.Index(
                fields=["birth_month", "birth_day"],
                name="growth_membership_birthday",
                condition=Q(birth_month__isnull=False),
            ),
            models.Index(fields=["shop", "tier", "since"], name="growth_membership_by_tier"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["shop", "person"], name="growth_membership_member_once"),
            models.CheckConstraint(name="growth_membership_member_person", condition=~Q(person="")),
            models.CheckConstraint(name="growth_membership_member_owed", condition=Q(owed_points__gte=0)),
            models.CheckConstraint(
                name="growth_membership_member_floor",
                condition=Q(floor="", floor_until=None) | (~Q(floor="") & Q(floor_until__isnull=False)),
            ),
            models.CheckConstraint(
                name="growth_membership_member_birth",
                condition=Q(birth_month=None, birth_day=None)
                | Q(birth_month__gte=1, birth_month__lte=12, birth_day__gte=1, birth_day__lte=31),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.shop} {self.person}"

    @property
    def standing(self) -> rules.tiers.Standing:
        """How the member stands."""
        return rules.tiers.Standing(
            tier=self.tier, until=self.tier_until, floor=self.floor, floor_until=self.floor_until
        )


class Plan(models.Model):
    """A service SKU that makes its buyer a paid member."""

    shop = models.CharField(max_length=40)
    sku = models.CharField(max_length=60)
    tier = models.CharField(max_length=20)
    days = models.PositiveIntegerField()
    is_sold = models.BooleanField(default=True)

    class Meta:
        db_table = "growth_membership_plan"
        constraints = [
            models.UniqueConstraint(fields=["shop", "sku"], name="growth_membership_plan_once"),
            models.CheckConstraint(
                name="growth_membership_plan_days", condition=Q(days__gte=1, days__lte=3650) & ~Q(tier="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.shop} {self.sku}"


class Term(models.Model):
    """A stretch of paid membership that a line of an order bought; shorter once its money went back."""

    shop = models.CharField(max_length=40)
    person = models.CharField(max_length=120)
    order_number = models.CharField(max_length=24)
    line = models.PositiveSmallIntegerField()
    tier = models.CharField(max_length=20)
    units = models.PositiveIntegerField()
    days = models.PositiveIntegerField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        db_table = "growth_membership_term"
        indexes = [models.Index(fields=["shop", "person", "starts_at"], name="growth_membership_term_of")]
        constraints = [
            models.UniqueConstraint(fields=["order_number", "line"], name="growth_membership_term_once"),
            models.CheckConstraint(name="growth_membership_term_forward", condition=Q(starts_at__lte=F("ends_at"))),
        ]

    def __str__(self) -> str:
        return f"{self.order_number} {self.line}"

    @property
    def value(self) -> rules.terms.Term:
        """The row as a frozen value."""
        return rules.terms.Term(
            order_number=self.order_number,
            line=self.line,
            tier=self.tier,
            units=self.units,
            days=self.days,
            starts_at=self.starts_at,
            ends_at=self.ends_at,
        )


class Told(models.Model):
    """That a member was told something, so that nobody is told it twice."""

    shop = models.CharField(max_length=40)
    person = models.CharField(max_length=120)
    notice = models.CharField(max_length=20, choices=[(notice, notice) for notice in rules.notices.Notice])
    subject = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        db_table = "growth_membership_told"
        constraints = [
            models.UniqueConstraint(fields=["shop", "person", "notice", "subject"], name="growth_membership_told_once"),
        ]

    def __str__(self) -> str:
        return f"{self.notice} {self.person}"
