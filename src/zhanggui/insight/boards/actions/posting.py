"""Boards by mail: ordered and stopped by people, queued by the clock, written by a job, once for each day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db import connection

from zhanggui.base import clock, ids
from zhanggui.base.accounts import queries as accounts
from zhanggui.base.jobs.actions import job, later
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor
from zhanggui.base.operation.rules import job as the_job
from zhanggui.base.outbox import actions as outbox
from zhanggui.base.outbox import queries as letters
from zhanggui.base.outbox.rules import Channel, Message
from zhanggui.base.shops import queries as shops
from zhanggui.insight.boards import models, ports, queries
from zhanggui.insight.boards.actions.locking import locked
from zhanggui.insight.boards.errors import NoSuchBoard
from zhanggui.insight.boards.rules import Fault, Posting, Schedule, due
from zhanggui.spine.facts.boards import BoardMailed, BoardMailOrdered, BoardMailStopped
from zhanggui.spine.log.actions import record
from zhanggui.spine.log.rules import Trail

_BY: Final = the_job("insight.post_boards")

# Unique index insight_boards_mailing_once: of two who queue the same mail one writes a row and one does not.
_QUEUE: Final = """
insert into insight_boards_mailing (id, board_id, operator, due_on, queued_at, fault)
select id, board_id, operator, due_on, %s::timestamptz, ''
from unnest(%s::uuid[], %s::uuid[], %s::bigint[], %s::date[]) as due(id, board_id, operator, due_on)
on conflict on constraint insight_boards_mailing_once do nothing returning id
"""


@operation
def order_mail(*, board_id: str, operator: int, schedule: Schedule, language: str, by: Actor) -> None:
    """Let an operator get a board by mail from now on; who gets it already gets it as is said now.

    refuses  NoSuchBoard, for who orders as for who is to get it
    tells    insight.board_mail_ordered
    """
    board = locked(board_id, by=by)
    if not board.value.is_open_to(operator):
        raise NoSuchBoard(id=board_id)
    said = {
        "rhythm": schedule.rhythm,
        "hour": schedule.hour,
        "day": schedule.day,
        "language": language,
        "ordered_at": clock.now(),
    }
    models.Subscription.objects.update_or_create(
        board=board, operator=operator, defaults=said, create_defaults=said | {"id": ids.uuid7()}
    )
    told = BoardMailOrdered(board_id=board_id, operator_id=str(operator), rhythm=schedule.rhythm)
    record(told, by=by, trail=Trail(shop=board.shop), subject=f"board:{board_id}")


@operation
def stop_mail(*, id: str, by: Actor) -> bool:
    """Send a board to somebody no longer; False if that was stopped already.

    tells    insight.board_mail_stopped, if it was not
    """
    row = models.Subscription.objects.select_related("board").filter(pk=UUID(id)).first()
    if row is None or not models.Subscription.objects.filter(pk=row.pk).delete()[0]:
        return False
    told = BoardMailStopped(board_id=str(row.board_id), operator_id=str(row.operator))
    record(told, by=by, trail=Trail(shop=row.board.shop), subject=f"board:{row.board_id}")
    return True


@operation
def queue_due(*, at: datetime) -> int:
    """Queue every mail that is due and was not queued for its day; how many. Any number of processes may do it."""
    found = list(_due(at))
    if not found:
        return 0
    boards, operators, days = zip(*found, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(_QUEUE, [at, [ids.uuid7() for _ in found], list(boards), list(operators), list(days)])
        queued = [id for (id,) in cursor.fetchall()]
    for id in queued:
        later(write, mailing_id=str(id))
    return len(queued)


@job(name="insight.write_board")
def write(*, mailing_id: str) -> None:
    """Write a board for who is to get it and hand it to the outbox; the second time nothing happens.

    The lake is asked before the transaction begins.

    tells    insight.board_mailed
    """
    row = models.Mailing.objects.select_related("board").filter(pk=mailing_id, letter=None, fault="").first()
    if row is None:
        return
    posting, fault = _posting(row)
    if posting is None:
        models.Mailing.objects.filter(pk=row.pk, letter=None).update(fault=fault)
        return
    (writer,) = ports.writers
    _post(mailing_id=mailing_id, message=writer(posting))


@operation
def _post(*, mailing_id: str, message: Message) -> None:
    """Two runners may have written the same mail; who holds the row first sends it."""
    row = models.Mailing.objects.select_for_update().select_related("board").filter(pk=mailing_id, letter=None).first()
    if row is None:
        return
    models.Mailing.objects.filter(pk=row.pk).update(letter=outbox.send(message=message))
    told = BoardMailed(board_id=str(row.board_id), operator_id=str(row.operator), due_on=row.due_on.isoformat())
    record(told, by=_BY, trail=Trail(shop=row.board.shop), subject=f"board:{row.board_id}")


def _due(at: datetime) -> Iterator[tuple[UUID, int, date]]:
    zones = {shop.code: shop.zone for shop in shops.shops()}
    for row in models.Subscription.objects.select_related("board").order_by("id"):
        one = row.value
        on = due(one.schedule, since=one.ordered_at, at=at, zone=zones[row.board.shop])
        if on is not None:
            yield row.board_id, row.operator, on


def _posting(row: models.Mailing) -> tuple[Posting | None, Fault | str]:
    """What is to be written, or why nothing is."""
    board = row.board.value
    order = models.Subscription.objects.filter(board=row.board, operator=row.operator).first()
    reader = accounts.reader(row.operator)
    if order is None or reader is None or not reader.may_see_numbers or not board.is_open_to(row.operator):
        return None, Fault.NOBODY
    if not reader.is_proved:
        return None, Fault.UNPROVED
    if not letters.can_send(Channel.EMAIL):
        return None, Fault.NO_SERVER
    posting = Posting(
        subscription=order.value,
        board=board,
        tiles=queries.tiles(board.id),
        to=reader.email,
        on=row.due_on,
        at=clock.now(),
    )
    return posting, ""
