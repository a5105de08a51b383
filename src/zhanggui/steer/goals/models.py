"""Goals and their parts, what was changed of them, and the teams that work at them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from zhanggui.insight.metrics.rules import Better, Period
from zhanggui.steer.goals import rules
from zhanggui.steer.goals.rules import LONGEST_NAME, LONGEST_WORDS, Did, Missed


class Team(models.Model):
    """Operators who work at goals together."""

    shop = models.CharField(max_length=40)
    name = models.CharField(max_length=LONGEST_NAME)

    class Meta:
        db_table = "steer_goals_team"
        constraints = [
            models.UniqueConstraint(name="steer_goals_team_once", fields=["shop", "name"]),
            models.CheckConstraint(name="steer_goals_team_named", condition=~Q(name="")),
        ]

    def __str__(self) -> str:
        return f"{self.shop} {self.name}"


class Member(models.Model):
    """An operator in a team."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="members")
    operator_id = models.BigIntegerField()

    class Meta:
        db_table = "steer_goals_member"
        constraints = [models.UniqueConstraint(name="steer_goals_member_once", fields=["team", "operator_id"])]

    def __str__(self) -> str:
        return f"{self.operator_id} in {self.team_id}"


class Objective(models.Model):
    """What a team wants in a period, in words."""

    id = models.UUIDField(primary_key=True)
    shop = models.CharField(max_length=40)
    team = models.ForeignKey(Team, on_delete=models.PROTECT)
    words = models.CharField(max_length=LONGEST_WORDS)
    start = models.DateField()
    end = models.DateField()
    set_at = models.DateTimeField()

    class Meta:
        db_table = "steer_goals_objective"
        indexes = [models.Index(fields=["shop", "end"], name="steer_goals_objective_open")]
        constraints = [
            models.CheckConstraint(name="steer_goals_objective_period", condition=Q(start__lt=F("end"))),
            models.CheckConstraint(name="steer_goals_objective_worded", condition=~Q(words="")),
        ]

    def __str__(self) -> str:
        return self.words

    @property
    def value(self) -> rules.Objective:
        """The row as a frozen value."""
        return rules.Objective(id=self.id, team=self.team.name, words=self.words, period=Period(self.start, self.end))


class Goal(models.Model):
    """A number, its target and who answers for it; a part of another goal, or one of its own.

    root    the goal at the top of its tree: whoever changes a tree locks that row first
    is_sum  whether parts add up to it; then a trigger sees to it that they do (0002_sums)
    told    the last fact that told of its target
    baseline  null while nobody knows where it starts from
    """

    id = models.UUIDField(primary_key=True)
    shop = models.CharField(max_length=40)
    metric = models.CharField(max_length=60)
    category = models.TextField(blank=True)
    channel = models.TextField(blank=True)
    better = models.CharField(max_length=4, choices=[(better, better) for better in Better])
    baseline = models.BigIntegerField(null=True)
    target = models.BigIntegerField()
    currency = models.CharField(max_length=6)
    start = models.DateField()
    end = models.DateField()
    owner = models.BigIntegerField()
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True)
    objective = models.ForeignKey(Objective, on_delete=models.PROTECT, null=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="parts")
    root = models.ForeignKey("self", on_delete=models.PROTECT, related_name="tree")
    is_sum = models.BooleanField()
    is_locked = models.BooleanField(default=False)
    missed = models.CharField(max_length=12, blank=True, choices=[(why, why) for why in Missed])
    missed_at = models.DateTimeField(null=True)
    told = models.UUIDField()
    set_at = models.DateTimeField()
    dropped_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "steer_goals_goal"
        indexes = [
            models.Index(fields=["shop", "start", "end"], name="steer_goals_open", condition=Q(dropped_at=None)),
            models.Index(fields=["root"], name="steer_goals_tree"),
        ]
        constraints = [
            models.CheckConstraint(name="steer_goals_period", condition=Q(start__lt=F("end"))),
            models.CheckConstraint(name="steer_goals_better", condition=Q(better__in=list(Better))),
            models.CheckConstraint(name="steer_goals_sum", condition=Q(is_sum=False) | Q(target__gte=0)),
            models.CheckConstraint(
                name="steer_goals_rooted",
                condition=Q(parent=None, root=F("id")) | Q(parent__isnull=False) & ~Q(root=F("id")),
            ),
            models.CheckConstraint(
                name="steer_goals_missed",
                condition=Q(missed="", missed_at=None) | Q(missed__in=list(Missed), missed_at__isnull=False),
            ),
            # A whole has one part for the same days and place.
            models.UniqueConstraint(
                name="steer_goals_part_once",
                fields=["parent", "start", "end", "category", "channel"],
                condition=Q(dropped_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.shop} {self.metric} {self.start} {self.target}"


class Change(models.Model):
    """Something that was done to a goal; a trigger sees to it that it stays as it is."""

    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, related_name="changes")
    at = models.DateTimeField()
    by = models.CharField(max_length=80)
    did = models.CharField(max_length=10, choices=[(did, did) for did in Did])
    was = models.BigIntegerField(null=True)
    now = models.BigIntegerField(null=True)
    words = models.CharField(max_length=LONGEST_WORDS, blank=True)

    class Meta:
        db_table = "steer_goals_change"
        indexes = [models.Index(fields=["goal", "-id"], name="steer_goals_history")]

    def __str__(self) -> str:
        return f"{self.goal_id} {self.did}"
