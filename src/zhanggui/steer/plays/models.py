"""Plays, what their starts did, looks at them, and the ledger of effects; what must hold is held by the database."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from zhanggui.steer.plays.rules import OPEN, Done, Ending, Proof, State, StepKind
from zhanggui.steer.signals.rules import Move


class Play(models.Model):
    """One play.

    plan         as `rules.Plan` reads it; what pages sort and jobs ask by stands in columns besides
    ends_on      the day after its last, as planned
    approved_as_owner  whether who approved it owns the shop, and may so approve a plan of their own
    """

    id = models.UUIDField(primary_key=True)
    shop = models.CharField(max_length=40)
    signal_id = models.UUIDField(null=True)
    signal_kind = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=10, choices=[(state, state) for state in State])
    plan = models.JSONField()
    move = models.CharField(max_length=10, choices=[(move, move) for move in Move])
    metric = models.CharField(max_length=60)
    ends_on = models.DateField()
    proposed_by = models.CharField(max_length=120)
    approved_by = models.CharField(max_length=120, blank=True)
    approved_as_owner = models.BooleanField(default=False)
    proposed_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    started_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    ending = models.CharField(max_length=10, blank=True, choices=[(ending, ending) for ending in Ending])
    trial_id = models.UUIDField(null=True)
    campaign = models.CharField(max_length=40)
    treated = models.PositiveIntegerField(default=0)
    held_out = models.PositiveIntegerField(default=0)
    fact = models.UUIDField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "steer_plays_play"
        indexes = [
            models.Index(fields=["shop", "-proposed_at"], name="steer_plays_of_shop"),
            models.Index(
                fields=["state", "shop"],
                name="steer_plays_at_work",
                condition=Q(state__in=["running", "ended", "stopped"]),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                name="steer_plays_signal_once",
                fields=["signal_id"],
                condition=Q(signal_id__isnull=False, state__in=sorted(OPEN)),
            ),
            models.UniqueConstraint(name="steer_plays_campaign_once", fields=["shop", "campaign"]),
            models.CheckConstraint(name="steer_plays_state", condition=Q(state__in=list(State))),
            # Who proposes is not who approves, unless it is the owner of the shop.
            models.CheckConstraint(
                name="steer_plays_two_people",
                condition=Q(approved_by="") | Q(approved_as_owner=True) | ~Q(approved_by=F("proposed_by")),
            ),
            models.CheckConstraint(
                name="steer_plays_started",
                condition=Q(state__in=["draft", "waiting", "approved"], started_at=None)
                | Q(state__in=["running", "ended", "measured"], started_at__isnull=False)
                | Q(state="stopped"),
            ),
            models.CheckConstraint(
                name="steer_plays_over",
                condition=Q(state__in=["stopped", "ended", "measured"], ended_on__isnull=False) & ~Q(ending="")
                | Q(state__in=["draft", "waiting", "approved", "running"], ended_on=None, ending=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.shop} {self.move} {self.state}"


class Step(models.Model):
    """One thing that a start did, and whether it was undone."""

    play = models.ForeignKey(Play, on_delete=models.CASCADE, related_name="steps")
    kind = models.CharField(max_length=10, choices=[(kind, kind) for kind in StepKind])
    reference = models.CharField(max_length=80)
    was_minor = models.BigIntegerField(null=True)
    put_minor = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=6)
    done_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "steer_plays_step"
        constraints = [
            models.UniqueConstraint(name="steer_plays_step_once", fields=["play", "kind", "reference"]),
            models.CheckConstraint(
                name="steer_plays_step_price",
                condition=Q(kind="price", was_minor__gt=0, put_minor__gt=0)
                | ~Q(kind="price") & Q(was_minor=None, put_minor=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"


class Deed(models.Model):
    """Who did what with a play; never changed."""

    id = models.UUIDField(primary_key=True)
    play = models.ForeignKey(Play, on_delete=models.CASCADE, related_name="deeds")
    what = models.CharField(max_length=12, choices=[(done, done) for done in Done])
    by = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        db_table = "steer_plays_deed"
        indexes = [models.Index(fields=["play", "at"], name="steer_plays_deeds")]

    def __str__(self) -> str:
        return f"{self.play_id} {self.what}"


class Look(models.Model):
    """How a running play stood at the end of a day; once per day."""

    pk = models.CompositePrimaryKey("play_id", "day")
    play = models.ForeignKey(Play, on_delete=models.CASCADE)
    day = models.DateField()
    at = models.DateTimeField()
    treated = models.PositiveIntegerField()
    held_out = models.PositiveIntegerField()
    gmv_minor = models.BigIntegerField(null=True)
    gmv_low_minor = models.BigIntegerField(null=True)
    gmv_high_minor = models.BigIntegerField(null=True)
    margin_minor = models.BigIntegerField(null=True)
    margin_low_minor = models.BigIntegerField(null=True)
    margin_high_minor = models.BigIntegerField(null=True)
    cost_minor = models.BigIntegerField()
    currency = models.CharField(max_length=6)
    uneven_p = models.FloatField(null=True)

    class Meta:
        db_table = "steer_plays_look"
        constraints = [
            models.CheckConstraint(
                name="steer_plays_look_interval",
                condition=Q(gmv_minor=None)
                | Q(gmv_low_minor__lte=F("gmv_minor")) & Q(gmv_minor__lte=F("gmv_high_minor")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.play_id} {self.day}"


class Effect(models.Model):
    """What a play brought: a line of the ledger, which the database itself lets nobody change (migration 0002).

    costing, costed_bp, chance  as `rules.Entry` has them
    per_unit, orders  value, low and high; the former in minor units of a unit, the latter in pieces of all units
    """

    id = models.UUIDField(primary_key=True)
    shop = models.CharField(max_length=40)
    play = models.ForeignKey(Play, on_delete=models.PROTECT, related_name="effects")
    name = models.CharField(max_length=80)
    move = models.CharField(max_length=10)
    metric = models.CharField(max_length=60)
    signal_kind = models.CharField(max_length=60, blank=True)
    proof = models.CharField(max_length=10, choices=[(proof, proof) for proof in Proof])
    first_day = models.DateField()
    last_day = models.DateField()
    measured_at = models.DateTimeField()
    treated = models.PositiveIntegerField()
    held_out = models.PositiveIntegerField()
    units = models.PositiveIntegerField()
    per_unit = models.FloatField()
    per_unit_low = models.FloatField()
    per_unit_high = models.FloatField()
    orders = models.FloatField()
    orders_low = models.FloatField()
    orders_high = models.FloatField()
    gmv_minor = models.BigIntegerField()
    gmv_low_minor = models.BigIntegerField()
    gmv_high_minor = models.BigIntegerField()
    margin_minor = models.BigIntegerField(null=True)
    margin_low_minor = models.BigIntegerField(null=True)
    margin_high_minor = models.BigIntegerField(null=True)
    attributed_orders = models.PositiveIntegerField()
    attributed_minor = models.BigIntegerField()
    messages_minor = models.BigIntegerField()
    discounts_minor = models.BigIntegerField()
    spend_minor = models.BigIntegerField()
    fixed_minor = models.BigIntegerField()
    currency = models.CharField(max_length=6)
    uneven_p = models.FloatField(null=True)
    costing = models.CharField(max_length=8, blank=True, default="")
    costed_bp = models.PositiveSmallIntegerField(null=True)
    chance = models.FloatField(null=True)

    class Meta:
        db_table = "steer_plays_effect"
        indexes = [models.Index(fields=["shop", "-measured_at"], name="steer_plays_ledger")]
        constraints = [
            models.CheckConstraint(
                name="steer_plays_effect_interval",
                condition=Q(gmv_low_minor__lte=F("gmv_minor")) & Q(gmv_minor__lte=F("gmv_high_minor")),
            ),
            models.CheckConstraint(name="steer_plays_effect_units", condition=Q(units__gt=0)),
            models.CheckConstraint(
                name="steer_plays_effect_chance",
                condition=Q(chance=None) | Q(proof="held_out", chance__gte=0, chance__lte=1),
            ),
            models.CheckConstraint(
                name="steer_plays_effect_costed", condition=Q(costed_bp=None) | Q(costed_bp__lte=10_000)
            ),
            models.CheckConstraint(
                name="steer_plays_effect_proof",
                condition=Q(proof="held_out", uneven_p__isnull=False) | Q(proof="season", uneven_p=None, held_out=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.measured_at:%Y-%m-%d}"


class Limit(models.Model):
    """What one person may start alone in a shop; without a row the usual."""

    shop = models.CharField(max_length=40, primary_key=True)
    cost_minor = models.BigIntegerField()
    discount_bp = models.PositiveIntegerField()
    currency = models.CharField(max_length=6)

    class Meta:
        db_table = "steer_plays_limit"
        constraints = [
            models.CheckConstraint(name="steer_plays_limit_cost", condition=Q(cost_minor__gte=0)),
            models.CheckConstraint(name="steer_plays_limit_discount", condition=Q(discount_bp__lte=10_000)),
        ]

    def __str__(self) -> str:
        return self.shop
