"""Offers to buy together, teams and who sits in them; no team has a seat too many, whatever the code above does."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from zhanggui.base.money import Money
from zhanggui.growth.teams import rules
from zhanggui.growth.teams.rules import Sale, Sits, State, Why


class Offer(models.Model):
    """Terms under which shoppers buy a SKU together; teams keep the price and the size they were opened with."""

    id = models.UUIDField(primary_key=True)
    shop = models.CharField(max_length=40)
    sku = models.CharField(max_length=60)
    price_minor = models.BigIntegerField()
    currency = models.CharField(max_length=6)
    size = models.PositiveSmallIntegerField()
    hours = models.PositiveSmallIntegerField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    per_person = models.PositiveSmallIntegerField(default=1)
    most_units = models.PositiveSmallIntegerField(default=1)
    most_teams = models.PositiveIntegerField(null=True)
    opened_teams = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=8, choices=[(sale, sale) for sale in Sale], default=Sale.LIVE)
    made_at = models.DateTimeField()

    class Meta:
        db_table = "growth_teams_offer"
        indexes = [models.Index(fields=["shop", "-made_at"], name="growth_teams_offer_shop")]
        constraints = [
            models.UniqueConstraint(
                name="growth_teams_offer_one_live", fields=["shop", "sku"], condition=Q(state=Sale.LIVE)
            ),
            models.CheckConstraint(name="growth_teams_offer_price", condition=Q(price_minor__gt=0)),
            models.CheckConstraint(
                name="growth_teams_offer_size",
                condition=Q(size__gte=rules.LEAST_SIZE, size__lte=rules.MOST_SIZE, hours__gte=1),
            ),
            models.CheckConstraint(name="growth_teams_offer_limits", condition=Q(per_person__gte=1, most_units__gte=1)),
            models.CheckConstraint(
                name="growth_teams_offer_teams", condition=Q(most_teams=None) | Q(opened_teams__lte=F("most_teams"))
            ),
            models.CheckConstraint(
                name="growth_teams_offer_period", condition=Q(ends_at=None) | Q(ends_at__gt=F("starts_at"))
            ),
            models.CheckConstraint(name="growth_teams_offer_state", condition=Q(state__in=list(Sale))),
        ]

    def __str__(self) -> str:
        return f"{self.sku} x{self.size} ({self.state})"

    @property
    def value(self) -> rules.Offer:
        """The row as a frozen value."""
        same = ("id", "sku", "size", "hours", "starts_at", "ends_at")
        limits = ("per_person", "most_units", "most_teams", "opened_teams")
        return rules.Offer(
            price=Money(self.price_minor, self.currency),
            state=Sale(self.state),
            **{name: getattr(self, name) for name in (*same, *limits)},
        )


class Team(models.Model):
    """Shoppers who buy together. Whoever changes its seats locks this row first.

    taken_seats  seats that somebody has, paid_seats of them count; both are also there row by row, see the audit
    why          a failed team's reason
    """

    id = models.UUIDField(primary_key=True)
    shop = models.CharField(max_length=40)
    code = models.CharField(max_length=12, unique=True)
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="teams")
    price_minor = models.BigIntegerField()
    currency = models.CharField(max_length=6)
    size = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=8, choices=[(state, state) for state in State], default=State.OPEN)
    why = models.CharField(max_length=8, blank=True)
    taken_seats = models.PositiveSmallIntegerField(default=0)
    paid_seats = models.PositiveSmallIntegerField(default=0)
    opened_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    formed_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "growth_teams_team"
        indexes = [
            models.Index(fields=["offer", "-opened_at"], name="growth_teams_team_offer"),
            models.Index(fields=["ends_at"], name="growth_teams_team_open", condition=Q(state=State.OPEN)),
            models.Index(fields=["failed_at"], name="growth_teams_team_failed", condition=Q(state=State.FAILED)),
        ]
        constraints = [
            models.CheckConstraint(
                name="growth_teams_team_seats",
                condition=Q(taken_seats__lte=F("size"), paid_seats__lte=F("taken_seats")),
            ),
            models.CheckConstraint(
                name="growth_teams_team_state",
                condition=Q(state=State.OPEN, formed_at=None, failed_at=None, why="")
                | Q(state=State.FULL, formed_at__isnull=False, failed_at=None, paid_seats=F("size"), why="")
                | Q(state=State.FAILED, formed_at=None, failed_at__isnull=False, why__in=list(Why)),
            ),
            models.CheckConstraint(name="growth_teams_team_clock", condition=Q(ends_at__gt=F("opened_at"))),
        ]

    def __str__(self) -> str:
        return f"{self.code} ({self.state})"


class Seat(models.Model):
    """A place in a team; a freed one stays as history and holds nothing.

    offer, size  of its team, so that the limits are the database's
    nth          which seat of the person it is in all teams of the offer, from 1, up to `per_person`
    """

    id = models.UUIDField(primary_key=True)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="seats")
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="+")
    size = models.PositiveSmallIntegerField()
    per_person = models.PositiveSmallIntegerField()
    place = models.PositiveSmallIntegerField()
    nth = models.PositiveSmallIntegerField()
    shop = models.CharField(max_length=40)
    person = models.CharField(max_length=120)
    customer_id = models.UUIDField()
    state = models.CharField(max_length=8, choices=[(sits, sits) for sits in Sits], default=Sits.TAKEN)
    order_number = models.CharField(max_length=24, blank=True)
    taken_at = models.DateTimeField()
    holds_until = models.DateTimeField(null=True)

    class Meta:
        db_table = "growth_teams_seat"
        indexes = [models.Index(fields=["shop", "person", "-taken_at"], name="growth_teams_seat_person")]
        constraints = [
            models.UniqueConstraint(
                name="growth_teams_seat_place_once", fields=["team", "place"], condition=~Q(state=Sits.FREED)
            ),
            models.UniqueConstraint(
                name="growth_teams_seat_person_once", fields=["team", "person"], condition=~Q(state=Sits.FREED)
            ),
            models.UniqueConstraint(
                name="growth_teams_seat_customer_once", fields=["team", "customer_id"], condition=~Q(state=Sits.FREED)
            ),
            models.UniqueConstraint(
                name="growth_teams_seat_nth_once", fields=["offer", "person", "nth"], condition=~Q(state=Sits.FREED)
            ),
            models.UniqueConstraint(
                name="growth_teams_seat_order_once", fields=["order_number"], condition=~Q(order_number="")
            ),
            models.CheckConstraint(
                name="growth_teams_seat_in_team",
                condition=Q(place__gte=1, place__lte=F("size"), nth__gte=1, nth__lte=F("per_person")),
            ),
            models.CheckConstraint(
                name="growth_teams_seat_state",
                condition=Q(state=Sits.TAKEN, order_number="", holds_until__isnull=False)
                | (Q(state__in=[Sits.ORDERED, Sits.PAID], holds_until=None) & ~Q(order_number=""))
                | Q(state=Sits.FREED),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.team_id} {self.place} ({self.state})"

    @property
    def value(self) -> rules.Seat:
        """The row as a frozen value."""
        return rules.Seat(
            id=self.id,
            person=self.person,
            customer_id=self.customer_id,
            place=self.place,
            state=Sits(self.state),
            order_number=self.order_number,
            taken_at=self.taken_at,
            holds_until=self.holds_until,
        )
