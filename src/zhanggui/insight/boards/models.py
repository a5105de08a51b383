"""Boards, their tiles, whose first page they are, and who gets them by mail."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from zhanggui.insight.boards import rules
from zhanggui.insight.boards.rules import Rhythm


class Board(models.Model):
    """Numbers that somebody wants to see together."""

    id = models.UUIDField(primary_key=True)
    shop = models.CharField(max_length=40)
    name = models.CharField(max_length=rules.LONGEST_NAME)
    owner = models.BigIntegerField()
    is_shared = models.BooleanField(default=False)
    edition = models.PositiveBigIntegerField(default=1)
    made_at = models.DateTimeField()

    class Meta:
        db_table = "insight_boards_board"
        constraints = [
            models.UniqueConstraint("shop", "owner", Lower("name"), name="insight_boards_name_once"),
            models.CheckConstraint(name="insight_boards_name", condition=~Q(name="")),
        ]

    def __str__(self) -> str:
        return f"{self.shop} {self.name}"

    @property
    def value(self) -> rules.Board:
        """The row as a frozen value."""
        return rules.Board(
            id=str(self.pk),
            shop=self.shop,
            name=self.name,
            owner=self.owner,
            is_shared=self.is_shared,
            edition=self.edition,
            made_at=self.made_at,
        )


class Tile(models.Model):
    """A tile; no two stand at the same place, which is looked at when the transaction ends."""

    id = models.UUIDField(primary_key=True)
    board = models.ForeignKey(Board, on_delete=models.CASCADE)
    place = models.PositiveIntegerField()
    terms = models.JSONField()

    class Meta:
        db_table = "insight_boards_tile"
        constraints = [
            models.UniqueConstraint(
                fields=["board", "place"],
                name="insight_boards_place_once",
                deferrable=models.Deferrable.DEFERRED,
            )
        ]

    def __str__(self) -> str:
        return f"{self.board_id} {self.place}"

    @property
    def value(self) -> rules.Tile:
        """The row as a frozen value."""
        return rules.Tile(id=str(self.pk), asked=rules.asked_of(self.terms))


class Start(models.Model):
    """The board that an operator sees first in a shop."""

    pk = models.CompositePrimaryKey("operator", "shop")
    operator = models.BigIntegerField()
    shop = models.CharField(max_length=40)
    board = models.ForeignKey(Board, on_delete=models.CASCADE)

    class Meta:
        db_table = "insight_boards_start"

    def __str__(self) -> str:
        return f"{self.operator} {self.shop}"


class Subscription(models.Model):
    """Who gets a board by mail, and when."""

    id = models.UUIDField(primary_key=True)
    board = models.ForeignKey(Board, on_delete=models.CASCADE)
    operator = models.BigIntegerField()
    rhythm = models.CharField(max_length=8, choices=[(rhythm, rhythm) for rhythm in Rhythm])
    hour = models.PositiveSmallIntegerField()
    day = models.PositiveSmallIntegerField(default=0)
    language = models.CharField(max_length=10)
    ordered_at = models.DateTimeField()

    class Meta:
        db_table = "insight_boards_subscription"
        constraints = [
            models.UniqueConstraint(fields=["board", "operator"], name="insight_boards_subscription_once"),
            models.CheckConstraint(name="insight_boards_subscription_hour", condition=Q(hour__lte=23)),
            models.CheckConstraint(
                name="insight_boards_subscription_day",
                condition=Q(rhythm=Rhythm.DAILY, day=0)
                | Q(rhythm=Rhythm.WEEKLY, day__gte=1, day__lte=7)
                | Q(rhythm=Rhythm.MONTHLY, day__gte=1, day__lte=rules.LAST_DAY),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.board_id} {self.operator}"

    @property
    def value(self) -> rules.Subscription:
        """The row as a frozen value."""
        return rules.Subscription(
            id=str(self.pk),
            board_id=str(self.board_id),
            operator=self.operator,
            schedule=rules.Schedule(rhythm=Rhythm(self.rhythm), hour=self.hour, day=self.day),
            language=self.language,
            ordered_at=self.ordered_at,
        )


class Mailing(models.Model):
    """A mail of a board to one person, once for each day on which it is due.

    letter  in the outbox; None while it is not written
    fault   why it will never be written
    """

    id = models.UUIDField(primary_key=True)
    board = models.ForeignKey(Board, on_delete=models.CASCADE)
    operator = models.BigIntegerField()
    due_on = models.DateField()
    queued_at = models.DateTimeField()
    letter = models.UUIDField(null=True)
    fault = models.CharField(max_length=20, blank=True)

    class Meta:
        db_table = "insight_boards_mailing"
        constraints = [
            models.UniqueConstraint(fields=["board", "operator", "due_on"], name="insight_boards_mailing_once"),
            models.CheckConstraint(name="insight_boards_mailing_ended", condition=Q(letter=None) | Q(fault="")),
        ]

    def __str__(self) -> str:
        return f"{self.board_id} {self.operator} {self.due_on}"
