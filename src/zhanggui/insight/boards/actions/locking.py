"""The one row that is locked before anything on a board is changed."""

from __future__ import annotations

from uuid import UUID

from django.db.models import F

from zhanggui.base.operation.rules import Actor
from zhanggui.insight.boards import models
from zhanggui.insight.boards.errors import NoSuchBoard


def number_of(by: Actor) -> int:
    """The operator's number."""
    return int(by.id)


def locked(id: str, *, by: Actor) -> models.Board:
    """A board that the operator may see, locked until the transaction ends.

    refuses  NoSuchBoard
    """
    try:
        row = models.Board.objects.select_for_update().filter(pk=UUID(id)).first()
    except ValueError:
        row = None
    if row is None or not row.value.is_open_to(number_of(by)):
        raise NoSuchBoard(id=id)
    return row


def note_change(row: models.Board) -> None:
    """Let pages that are open know that the board is another one now."""
    models.Board.objects.filter(pk=row.pk).update(edition=F("edition") + 1)
