"""Tiles: each is added, moved, called and removed by itself, under the lock of its board."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Max

from zhanggui.base import ids
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor
from zhanggui.insight.boards import models
from zhanggui.insight.boards.actions.locking import locked, note_change
from zhanggui.insight.boards.errors import BoardFull, NoSuchTile
from zhanggui.insight.boards.rules import LONGEST_NAME, MOST_TILES, Asked, terms_of


@operation
def add(*, board_id: str, asked: Asked, by: Actor) -> str:
    """Put a tile at the end of a board; its id.

    refuses  NoSuchBoard, BoardFull
    """
    board = locked(board_id, by=by)
    rows = models.Tile.objects.filter(board=board)
    if rows.count() >= MOST_TILES:
        raise BoardFull(most=MOST_TILES)
    last = rows.aggregate(last=Max("place"))["last"] or 0
    tile = models.Tile.objects.create(id=ids.uuid7(), board=board, place=last + 1, terms=terms_of(asked))
    note_change(board)
    return str(tile.pk)


@operation
def move(*, board_id: str, tile_id: str, is_up: bool, by: Actor) -> None:
    """Let a tile change places with the one before or behind it; the first and the last stay where they are.

    refuses  NoSuchBoard, NoSuchTile
    """
    board = locked(board_id, by=by)
    tile = _tile(board, tile_id)
    rows = models.Tile.objects.filter(board=board)
    near = rows.filter(place__lt=tile.place).order_by("-place") if is_up else rows.filter(place__gt=tile.place)
    other = near.first() if is_up else near.order_by("place").first()
    if other is None:
        return
    # The constraint looks at the places when the transaction ends.
    models.Tile.objects.filter(pk=tile.pk).update(place=other.place)
    models.Tile.objects.filter(pk=other.pk).update(place=tile.place)
    note_change(board)


@operation
def call(*, board_id: str, tile_id: str, title: str, by: Actor) -> None:
    """Give a tile a title of one's own; an empty one for what it would say by itself.

    refuses  NoSuchBoard, NoSuchTile
    """
    board = locked(board_id, by=by)
    tile = _tile(board, tile_id)
    terms = tile.terms | {"title": " ".join(title.split())[:LONGEST_NAME]}
    models.Tile.objects.filter(pk=tile.pk).update(terms=terms)
    note_change(board)


@operation
def remove(*, board_id: str, tile_id: str, by: Actor) -> None:
    """Take a tile off a board; one that somebody else has just taken off is gone already.

    refuses  NoSuchBoard
    """
    board = locked(board_id, by=by)
    gone, _ = models.Tile.objects.filter(board=board, pk=UUID(tile_id)).delete()
    if gone:
        note_change(board)


def _tile(board: models.Board, id: str) -> models.Tile:
    row = models.Tile.objects.filter(board=board, pk=UUID(id)).first()
    if row is None:
        raise NoSuchTile(id=id)
    return row
