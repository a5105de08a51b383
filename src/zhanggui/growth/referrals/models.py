"""How a shop rewards referrals, members' links, who came by which, and who was brought."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from zhanggui.growth.referrals import rules
from zhanggui.growth.referrals.rules import MOST_DEPTH, State, Why


class Scheme(models.Model):
    """How a shop rewards those who bring somebody. There is no fee to take part, and no column for one."""

    shop = models.CharField(primary_key=True, max_length=40)
    depth = models.PositiveSmallIntegerField(default=1)
    points = models.PositiveIntegerField(default=0)
    coupon_batch = models.CharField(max_length=36, blank=True)
    second_points = models.PositiveIntegerField(default=0)
    welcome_batch = models.CharField(max_length=36, blank=True)
    per_month = models.PositiveIntegerField()
    is_on = models.BooleanField(default=True)

    class Meta:
        db_table = "growth_referrals_scheme"
        constraints = [
            models.CheckConstraint(name="growth_referrals_depth", condition=Q(depth__gte=1, depth__lte=MOST_DEPTH)),
            models.CheckConstraint(name="growth_referrals_second", condition=Q(second_points=0) | Q(depth=MOST_DEPTH)),
            models.CheckConstraint(name="growth_referrals_per_month", condition=Q(per_month__gte=1)),
        ]

    def __str__(self) -> str:
        return self.shop

    @property
    def value(self) -> rules.Scheme:
        """The row as a frozen value."""
        names = ("depth", "points", "coupon_batch", "second_points", "welcome_batch", "per_month", "is_on")
        return rules.Scheme(**{name: getattr(self, name) for name in names})


class Link(models.Model):
    """A member's invitation."""

    code = models.CharField(primary_key=True, max_length=12)
    shop = models.CharField(max_length=40)
    person = models.CharField(max_length=120)
    customer_id = models.UUIDField()
    made_at = models.DateTimeField()

    class Meta:
        db_table = "growth_referrals_link"
        constraints = [models.UniqueConstraint(name="growth_referrals_link_once", fields=["shop", "person"])]

    def __str__(self) -> str:
        return self.code


class Came(models.Model):
    """A browser came by a link. The first one counts for 30 days; after that another may take its place."""

    shop = models.CharField(max_length=40)
    browser = models.CharField(max_length=120)
    link = models.ForeignKey(Link, on_delete=models.CASCADE)
    at = models.DateTimeField()

    class Meta:
        db_table = "growth_referrals_came"
        indexes = [models.Index(fields=["link", "-at"], name="growth_referrals_came_link")]
        constraints = [models.UniqueConstraint(name="growth_referrals_came_once", fields=["shop", "browser"])]

    def __str__(self) -> str:
        return f"{self.browser} by {self.link_id}"


class Device(models.Model):
    """A browser in which somebody signed in, so that nobody brings themselves from another account."""

    shop = models.CharField(max_length=40)
    browser = models.CharField(max_length=120)
    person = models.CharField(max_length=120)

    class Meta:
        db_table = "growth_referrals_device"
        indexes = [models.Index(fields=["shop", "person"], name="growth_referrals_device_person")]
        constraints = [
            models.UniqueConstraint(name="growth_referrals_device_once", fields=["shop", "browser", "person"])
        ]

    def __str__(self) -> str:
        return f"{self.person} in {self.browser}"


class Referral(models.Model):
    """Somebody was brought, and what became of the reward.

    customer_id         who was brought
    month, nth          which reward of the referrer's month it is, from 1; no two are the same one
    welcome_batch       whose coupon the new shopper got
    """

    id = models.UUIDField(primary_key=True)
    shop = models.CharField(max_length=40)
    referrer = models.CharField(max_length=120)
    referred = models.CharField(max_length=120)
    customer_id = models.UUIDField()
    order_number = models.CharField(max_length=24)
    level = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=8, choices=[(state, state) for state in State])
    why = models.CharField(max_length=16, blank=True)
    points = models.PositiveIntegerField(default=0)
    coupon_batch = models.CharField(max_length=36, blank=True)
    welcome_batch = models.CharField(max_length=36, blank=True)
    month = models.DateField(null=True)
    nth = models.PositiveIntegerField(null=True)
    made_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "growth_referrals_referral"
        indexes = [
            models.Index(fields=["shop", "referrer", "-made_at"], name="growth_referrals_by_referrer"),
            models.Index(fields=["shop", "-made_at"], name="growth_referrals_newest"),
            models.Index(fields=["id"], name="growth_referrals_waiting", condition=Q(state=State.WAITING)),
        ]
        constraints = [
            # Whose first order came to nothing can still be brought with the next one.
            models.UniqueConstraint(
                name="growth_referrals_brought_once",
                fields=["shop", "referred", "level"],
                condition=~Q(why=Why.CALLED_OFF),
            ),
            models.UniqueConstraint(name="growth_referrals_order_once", fields=["order_number", "level"]),
            models.UniqueConstraint(name="growth_referrals_nth_once", fields=["shop", "referrer", "month", "nth"]),
            models.CheckConstraint(name="growth_referrals_level", condition=Q(level__gte=1, level__lte=MOST_DEPTH)),
            models.CheckConstraint(
                name="growth_referrals_not_self", condition=~Q(referrer=F("referred")) | Q(state=State.REFUSED)
            ),
            models.CheckConstraint(
                name="growth_referrals_state",
                condition=Q(state=State.WAITING, why="", decided_at=None, nth=None)
                | Q(state=State.REWARDED, why="", decided_at__isnull=False, nth__gte=1, month__isnull=False)
                | Q(state=State.REFUSED, why__in=list(Why), decided_at__isnull=False, nth=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_number} ({self.state})"

    @property
    def value(self) -> rules.Referral:
        """The row as a frozen value."""
        same = ("id", "referrer", "referred", "customer_id", "order_number", "level", "why", "points", "coupon_batch")
        return rules.Referral(
            state=State(self.state),
            **{name: getattr(self, name) for name in (*same, "made_at", "decided_at")},
        )
