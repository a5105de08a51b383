"""What points buy, and what brings points: the points shop and recycling."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from zhanggui.growth.membership import rules
from zhanggui.shop.catalogue.rules import Words


class Reward(models.Model):
    """Something that points buy; what is taken never exceeds the quota."""

    id = models.UUIDField(primary_key=True)
    shop = models.CharField(max_length=40)
    kind = models.CharField(max_length=12, choices=[(kind, kind) for kind in rules.rewards.Kind])
    title_zh = models.CharField(max_length=80)
    title_en = models.CharField(max_length=80, blank=True)
    words_zh = models.CharField(max_length=500, blank=True)
    words_en = models.CharField(max_length=500, blank=True)
    sku = models.CharField(max_length=60, blank=True)
    points = models.PositiveBigIntegerField()
    quota = models.PositiveIntegerField(null=True)
    taken = models.PositiveIntegerField(default=0)
    most_each = models.PositiveIntegerField(null=True)
    at = models.DateTimeField(null=True)
    is_offered = models.BooleanField(default=True)

    class Meta:
        db_table = "growth_membership_reward"
        indexes = [models.Index(fields=["shop", "is_offered", "points"], name="growth_membership_reward_of")]
        constraints = [
            models.CheckConstraint(
                name="growth_membership_reward_quota", condition=Q(quota=None) | Q(taken__lte=F("quota"))
            ),
            models.CheckConstraint(name="growth_membership_reward_points", condition=Q(points__gt=0)),
            models.CheckConstraint(
                name="growth_membership_reward_sku",
                condition=(Q(kind="goods") & ~Q(sku="")) | (~Q(kind="goods") & Q(sku="")),
            ),
        ]

    def __str__(self) -> str:
        return self.title_zh

    @property
    def value(self) -> rules.rewards.Reward:
        """The row as a frozen value."""
        return rules.rewards.Reward(
            id=self.id,
            kind=rules.rewards.Kind(self.kind),
            title=Words(zh=self.title_zh, en=self.title_en),
            words=Words(zh=self.words_zh, en=self.words_en),
            sku=self.sku,
            points=self.points,
            quota=self.quota,
            taken=self.taken,
            most_each=self.most_each,
            at=self.at,
            is_offered=self.is_offered,
        )


class Redemption(models.Model):
    """A reward that a member has; title, SKU and points as they were."""

    number = models.CharField(primary_key=True, max_length=24)
    shop = models.CharField(max_length=40)
    person = models.CharField(max_length=120)
    reward = models.ForeignKey(Reward, on_delete=models.PROTECT, related_name="redemptions")
    kind = models.CharField(max_length=12)
    title_zh = models.CharField(max_length=80)
    title_en = models.CharField(max_length=80, blank=True)
    sku = models.CharField(max_length=60, blank=True)
    points = models.PositiveBigIntegerField()
    state = models.CharField(max_length=12, choices=[(state, state) for state in rules.rewards.State])
    address_id = models.UUIDField(null=True)
    carrier = models.CharField(max_length=40, blank=True)
    tracking = models.CharField(max_length=60, blank=True)
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "growth_membership_redemption"
        indexes = [
            models.Index(fields=["shop", "person", "-at"], name="growth_membership_redeemed_by"),
            models.Index(fields=["shop", "state", "at"], name="growth_membership_to_send"),
            models.Index(fields=["person", "reward"], name="growth_membership_each"),
        ]
        constraints = [
            models.CheckConstraint(
                name="growth_membership_redemption_ended",
                condition=Q(state__in=["received", "cancelled"], ended_at__isnull=False)
                | Q(state__in=["redeemed", "sent"], ended_at=None),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def value(self) -> rules.rewards.Redemption:
        """The row as a frozen value."""
        return rules.rewards.Redemption(
            number=self.number,
            shop=self.shop,
            person=self.person,
            reward=self.reward_id,
            kind=rules.rewards.Kind(self.kind),
            title=Words(zh=self.title_zh, en=self.title_en),
            sku=self.sku,
            points=self.points,
            state=rules.rewards.State(self.state),
            address_id=self.address_id,
            carrier=self.carrier,
            tracking=self.tracking,
            at=self.at,
            ended_at=self.ended_at,
        )


class Recyclable(models.Model):
    """A kind of thing that is taken back, and what its grades bring."""

    shop = models.CharField(max_length=40)
    key = models.SlugField(max_length=40)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80, blank=True)
    points_a = models.PositiveIntegerField()
    points_b = models.PositiveIntegerField()
    points_c = models.PositiveIntegerField()
    is_taken = models.BooleanField(default=True)

    class Meta:
        db_table = "growth_membership_recyclable"
        constraints = [
            models.UniqueConstraint(fields=["shop", "key"], name="growth_membership_recyclable_once"),
            models.CheckConstraint(
                name="growth_membership_recyclable_grades",
                condition=Q(points_a__gte=F("points_b"), points_b__gte=F("points_c")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.shop} {self.key}"

    @property
    def value(self) -> rules.recycling.Recyclable:
        """The row as a frozen value."""
        grade = rules.recycling.Grade
        return rules.recycling.Recyclable(
            key=self.key,
            name=Words(zh=self.name_zh, en=self.name_en),
            points={grade.A: self.points_a, grade.B: self.points_b, grade.C: self.points_c},
            is_taken=self.is_taken,
        )


class Item(models.Model):
    """Something that a member hands in for points."""

    number = models.CharField(primary_key=True, max_length=24)
    shop = models.CharField(max_length=40)
    person = models.CharField(max_length=120)
    kind = models.SlugField(max_length=40)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80, blank=True)
    words = models.CharField(max_length=500)
    pictures = models.JSONField(default=list)
    step = models.CharField(max_length=10, choices=[(step, step) for step in rules.recycling.Step])
    grade = models.CharField(max_length=1, blank=True)
    points = models.PositiveIntegerField(default=0)
    answer = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()
    moved_at = models.DateTimeField()

    class Meta:
        db_table = "growth_membership_item"
        indexes = [
            models.Index(fields=["shop", "person", "-at"], name="growth_membership_handed_in"),
            models.Index(fields=["shop", "step", "at"], name="growth_membership_item_step"),
        ]
        constraints = [
            models.CheckConstraint(
                name="growth_membership_item_graded",
                condition=~Q(step__in=["graded", "credited"]) | ~Q(grade=""),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def value(self) -> rules.recycling.Item:
        """The row as a frozen value."""
        return rules.recycling.Item(
            number=self.number,
            shop=self.shop,
            person=self.person,
            kind=self.kind,
            name=Words(zh=self.name_zh, en=self.name_en),
            words=self.words,
            pictures=tuple(rules.recycling.Picture(digest=digest, kind=kind) for digest, kind in self.pictures),
            step=rules.recycling.Step(self.step),
            grade=rules.recycling.Grade(self.grade) if self.grade else None,
            points=self.points,
            answer=self.answer,
            at=self.at,
            moved_at=self.moved_at,
        )
