"""Making boards, describing them, letting go of them."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import IntegrityError, transaction

from zhanggui.base import clock, ids
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor
from zhanggui.insight.boards import models, queries
from zhanggui.insight.boards.actions.locking import locked, number_of
from zhanggui.insight.boards.errors import BoardChanged, NameTaken, NotYours
from zhanggui.insight.boards.rules import Asked, name_of, terms_of
from zhanggui.spine.facts.boards import BoardClosed, BoardForgotten, BoardMade, BoardShared
from zhanggui.spine.log.actions import record
from zhanggui.spine.log.rules import Trail

_NAME_ONCE = "insight_boards_name_once"


@operation
def make(*, shop: str, name: str, tiles: Sequence[Asked] = (), by: Actor) -> str:
    """Begin a board that nobody else sees; its id.

    refuses  NameUnfit, NameTaken
    tells    insight.board_made
    """
    return _make(shop=shop, name=name_of(name), tiles=tiles, by=by)


@operation
def duplicate(*, id: str, name: str, by: Actor) -> str:
    """Make a board of one's own with the tiles of another that one may see; its id.

    refuses  NoSuchBoard, NameUnfit, NameTaken
    tells    insight.board_made
    """
    found = queries.board(id, operator=number_of(by))
    return _make(shop=found.shop, name=name_of(name), tiles=[tile.asked for tile in queries.tiles(found.id)], by=by)


@operation
def describe(*, id: str, name: str, is_shared: bool, seen: int, by: Actor) -> None:
    """Give a board another name, open it to all operators of the shop, or close it again.

    Closed, it is nobody's first page and nobody's mail but its owner's.

    seen     the edition that was looked at
    refuses  NoSuchBoard, NameUnfit, NameTaken, BoardChanged, NotYours
    tells    insight.board_shared, insight.board_closed if that changed
    """
    row, called = locked(id, by=by), name_of(name)
    if row.is_shared != is_shared and row.owner != number_of(by):
        raise NotYours(id=id)
    current = models.Board.objects.filter(pk=row.pk, edition=seen)
    try:
        with transaction.atomic():
            is_written = current.update(name=called, is_shared=is_shared, edition=seen + 1)
    except IntegrityError as taken:
        raise _unless_taken(taken, name=called) from taken
    if not is_written:
        raise BoardChanged(id=id)
    if row.is_shared and not is_shared:
        models.Start.objects.filter(board=row).exclude(operator=row.owner).delete()
        models.Subscription.objects.filter(board=row).exclude(operator=row.owner).delete()
    if row.is_shared != is_shared:
        told = BoardShared(board_id=str(row.pk)) if is_shared else BoardClosed(board_id=str(row.pk))
        record(told, by=by, trail=Trail(shop=row.shop), subject=f"board:{row.pk}")


@operation
def forget(*, id: str, is_steward: bool = False, by: Actor) -> None:
    """Let go of a board, of its tiles and its mail; it cannot be brought back.

    is_steward  whether the operator may do so with a shared board of somebody else, who may have left
    refuses     NoSuchBoard, NotYours
    tells       insight.board_forgotten
    """
    row = locked(id, by=by)
    if row.owner != number_of(by) and not is_steward:
        raise NotYours(id=id)
    models.Board.objects.filter(pk=row.pk).delete()
    record(BoardForgotten(board_id=id), by=by, trail=Trail(shop=row.shop), subject=f"board:{id}")


@operation
def start_with(*, id: str, is_wanted: bool = True, by: Actor) -> None:
    """Let a board be what an operator sees first in its shop, in place of another, or no longer.

    refuses  NoSuchBoard
    """
    found, operator = queries.board(id, operator=number_of(by)), number_of(by)
    if is_wanted:
        models.Start.objects.bulk_create(
            [models.Start(operator=operator, shop=found.shop, board_id=found.id)],
            update_conflicts=True,
            unique_fields=["operator", "shop"],
            update_fields=["board"],
        )
    else:
        models.Start.objects.filter(operator=operator, shop=found.shop, board_id=found.id).delete()


def _make(*, shop: str, name: str, tiles: Sequence[Asked], by: Actor) -> str:
    row = models.Board(id=ids.uuid7(), shop=shop, name=name, owner=number_of(by), made_at=clock.now())
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as taken:
        raise _unless_taken(taken, name=name) from taken
    models.Tile.objects.bulk_create(
        models.Tile(id=ids.uuid7(), board=row, place=place, terms=terms_of(one))
        for place, one in enumerate(tiles, start=1)
    )
    told = BoardMade(board_id=str(row.pk), tiles=len(tiles))
    record(told, by=by, trail=Trail(shop=shop), subject=f"board:{row.pk}")
    return str(row.pk)


def _unless_taken(error: IntegrityError, *, name: str) -> Exception:
    return NameTaken(name=name) if _NAME_ONCE in str(error) else error
