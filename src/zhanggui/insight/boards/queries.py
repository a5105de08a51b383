"""Reading boards: which there are, what stands on them, who gets them by mail."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q

from zhanggui.base.outbox import queries as outbox
from zhanggui.base.outbox.rules import State
from zhanggui.insight.boards import models
from zhanggui.insight.boards.errors import NoSuchBoard
from zhanggui.insight.boards.rules import Board, Subscription, Tile


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailed:
    """A mail of a board, as far as it came.

    state    of the letter in the outbox; None while it is not written, or if the outbox has forgotten it
    fault    why it was not written or not taken; empty if all is well
    """

    operator: int
    due_on: date
    queued_at: datetime
    is_written: bool
    state: State | None
    sent_at: datetime | None
    fault: str


def boards(shop: str, *, operator: int) -> tuple[Board, ...]:
    """The boards of a shop that an operator may see, their own first, then by name."""
    rows = models.Board.objects.filter(Q(owner=operator) | Q(is_shared=True), shop=shop)
    found = (row.value for row in rows)
    return tuple(sorted(found, key=lambda one: (one.owner != operator, one.name.casefold(), one.id)))


def board(id: str, *, operator: int) -> Board:
    """One board.

    refuses  NoSuchBoard if there is none or the operator may not see it
    """
    try:
        row = models.Board.objects.filter(pk=UUID(id)).first()
    except ValueError:
        row = None
    if row is None or not row.value.is_open_to(operator):
        raise NoSuchBoard(id=id)
    return row.value


def tiles(id: str) -> tuple[Tile, ...]:
    """What stands on a board, in order. Unique index insight_boards_place_once."""
    return tuple(row.value for row in models.Tile.objects.filter(board_id=UUID(id)).order_by("place"))


def start(operator: int, *, shop: str | None = None) -> Board | None:
    """The board that an operator sees first, in a shop or wherever there is one; None if they chose none."""
    rows = models.Start.objects.filter(operator=operator).select_related("board")
    chosen = (rows if shop is None else rows.filter(shop=shop)).order_by("shop").first()
    return chosen.board.value if chosen and chosen.board.value.is_open_to(operator) else None


def subscriptions(board_id: str) -> tuple[Subscription, ...]:
    """Who gets a board by mail, who ordered it first coming first."""
    rows = models.Subscription.objects.filter(board_id=UUID(board_id)).order_by("ordered_at", "operator")
    return tuple(row.value for row in rows)


def subscription(id: str) -> Subscription | None:
    """One of them; None if it was stopped, or never was."""
    row = models.Subscription.objects.filter(pk=UUID(id)).first()
    return row.value if row else None


def last_mailed(board_id: str) -> dict[int, Mailed]:
    """The last mail of a board to each operator. Unique index insight_boards_mailing_once."""
    rows = list(
        models.Mailing.objects.filter(board_id=UUID(board_id)).order_by("operator", "-due_on").distinct("operator")
    )
    fates = outbox.fates([row.letter for row in rows if row.letter])
    return dict(_mailed(rows, fates))


def _mailed(rows: list[models.Mailing], fates: dict[UUID, outbox.Fate]) -> Iterator[tuple[int, Mailed]]:
    for row in rows:
        fate = fates.get(row.letter) if row.letter else None
        yield (
            row.operator,
            Mailed(
                operator=row.operator,
                due_on=row.due_on,
                queued_at=row.queued_at,
                is_written=row.letter is not None,
                state=fate.state if fate else None,
                sent_at=fate.sent_at if fate else None,
                fault=row.fault or (fate.fault if fate else ""),
            ),
        )
