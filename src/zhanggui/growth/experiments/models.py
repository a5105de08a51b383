"""Trials and their members."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from zhanggui.growth.experiments import rules
from zhanggui.growth.experiments.rules import WHOLE_BP, Arm, ShownTo


class Trial(models.Model):
    """Some people are treated and some are held out.

    cause      what the trial was opened for
    opened_by  whoever opened it
    """

    id = models.UUIDField(primary_key=True)
    shop = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    metric = models.CharField(max_length=40)
    held_out_bp = models.PositiveSmallIntegerField()
    starts_on = models.DateField()
    ends_on = models.DateField()
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=80)
    cause = models.UUIDField(null=True)
    closed_on = models.DateField(null=True)

    class Meta:
        db_table = "growth_experiments_trial"
        indexes = [models.Index(fields=["shop", "-opened_at"], name="growth_experiments_newest")]
        constraints = [
            models.CheckConstraint(
                name="growth_experiments_share", condition=Q(held_out_bp__gt=0, held_out_bp__lt=WHOLE_BP)
            ),
            models.CheckConstraint(name="growth_experiments_days", condition=Q(ends_on__gt=F("starts_on"))),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def value(self) -> rules.Trial:
        """The row as a frozen value."""
        names = ("id", "shop", "name", "metric", "held_out_bp", "starts_on", "ends_on", "opened_at", "closed_on")
        return rules.Trial(**{name: getattr(self, name) for name in names})


class Member(models.Model):
    """Somebody is on a side of a trial, for good.

    is_held     held out, and the trial is open: for one metric of a shop nobody is so twice
    exposed_at  when they came to where the treatment is given, of those who joined by coming there
    """

    trial = models.ForeignKey(Trial, on_delete=models.CASCADE)
    shop = models.CharField(max_length=40)
    metric = models.CharField(max_length=40)
    person = models.CharField(max_length=120)
    arm = models.CharField(max_length=8, choices=[(arm, arm) for arm in Arm])
    is_held = models.BooleanField()
    joined_at = models.DateTimeField()
    exposed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "growth_experiments_member"
        constraints = [
            models.UniqueConstraint(name="growth_experiments_one_side", fields=["trial", "person"]),
            models.UniqueConstraint(
                name="growth_experiments_held_once", fields=["shop", "metric", "person"], condition=Q(is_held=True)
            ),
            models.CheckConstraint(
                name="growth_experiments_held_out", condition=Q(is_held=False) | Q(arm=Arm.HELD_OUT.value)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} ({self.arm})"


class Page(models.Model):
    """A second version of the pages of one product, a category, or the whole shop, and who sees it.

    version  as `rules.Version` reads it; never changed, so that its number may name it in a cache
    product  its handle; category: its key; with neither it is for all
    cause    what led to it: who meets it is told of as caused by that
    """

    id = models.UUIDField(primary_key=True)
    shop = models.CharField(max_length=40)
    trial = models.ForeignKey(Trial, on_delete=models.PROTECT)
    product = models.CharField(max_length=80, blank=True)
    category = models.CharField(max_length=80, blank=True)
    version = models.JSONField()
    cause = models.UUIDField(null=True)
    shown_to = models.CharField(max_length=8, choices=[(shown, shown) for shown in ShownTo])

    class Meta:
        db_table = "growth_experiments_page"
        indexes = [
            models.Index(fields=["shop"], name="growth_experiments_page_shown", condition=~Q(shown_to="nobody")),
            models.Index(fields=["trial"], name="growth_experiments_page_trial"),
        ]
        constraints = [
            models.CheckConstraint(name="growth_experiments_page_one", condition=Q(product="") | Q(category="")),
            # Of the same pages one version is tried out at a time, and one is shown to all.
            models.UniqueConstraint(
                name="growth_experiments_page_tried",
                fields=["shop", "product", "category"],
                condition=Q(shown_to="treated"),
            ),
            models.UniqueConstraint(
                name="growth_experiments_page_kept",
                fields=["shop", "product", "category"],
                condition=Q(shown_to="all"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.shop} {self.product or self.category or '*'} {self.shown_to}"
