"""Reading how steps stand, and how a shop sends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote
from uuid import UUID

from django.db import connection

from zhanggui.base.money import Money
from zhanggui.base.outbox import queries as letters
from zhanggui.base.outbox import rules as mailing
from zhanggui.base.outbox.rules import Channel
from zhanggui.base.shops import queries as shops
from zhanggui.growth.messages import models, rules
from zhanggui.growth.messages.rules import Reason, Standing, State, Step, Terms, Wording

# Unique index growth_messages_person_once leads to the messages of each step.
_COUNTED: Final = """
select step_id, state, reason, count(*), count(clicked_at), sum(cost_minor)::bigint,
    min(due_at) filter (where state = 'waiting')
from growth_messages_message where step_id = any(%s::uuid[]) group by step_id, state, reason order by step_id, reason
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressed:
    """A message to one person.

    decided_at  when it was sent or refused
    fate        how far its letter came; None before it is sent, and for one that the outbox has forgotten
    """

    person: str
    state: State
    reason: Reason | None
    due_at: datetime
    decided_at: datetime | None
    clicked_at: datetime | None
    fate: letters.Fate | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """What a link in a letter stands for.

    page  of the shop to which it leads, with its marks
    """

    shop: str
    person: str
    channel: Channel
    page: str


def terms(shop: str) -> Terms:
    """How a shop sends. One statement."""
    row = models.Terms.objects.filter(pk=shop).first()
    return row.value if row else Terms()


def standing(shop: str, step: str) -> Standing:
    """How a step stands; nobody waits for one that was never planned. At most three statements."""
    id = models.Step.objects.filter(shop=shop, step=step).values_list("id", flat=True).first()
    counted = _counted([id]) if id else {}
    return _standing(counted.get(id, []) if id else [], currency=shops.shop(shop).currency)


def steps(shop: str, *, limit: int, offset: int = 0) -> tuple[tuple[Step, ...], int]:
    """The steps of a shop, newest first, and how many there are. At most four statements."""
    rows = models.Step.objects.filter(shop=shop)
    part = list(rows.order_by("-id")[offset : offset + limit])
    counted = _counted([row.id for row in part])
    currency = shops.shop(shop).currency
    return tuple(_step(row, counted.get(row.id, []), currency=currency) for row in part), rows.count()


def step(shop: str, id: UUID) -> Step | None:
    """One step. At most three statements."""
    row = models.Step.objects.filter(shop=shop, pk=id).first()
    return _step(row, _counted([id]).get(id, []), currency=shops.shop(shop).currency) if row else None


def wording(id: UUID) -> Wording | None:
    """What a step says. One statement."""
    row = models.Step.objects.filter(pk=id).first()
    return row.wording if row else None


def messages(
    id: UUID, *, state: State | None = None, reason: Reason | None = None, limit: int, offset: int = 0
) -> tuple[tuple[Addressed, ...], int]:
    """The messages of a step, by when they were planned, and how many there are; of a state or reason if it is named.

    At most three statements.
    """
    rows = models.Message.objects.filter(step_id=id)
    rows = rows.filter(state=state) if state else rows
    rows = rows.filter(reason=reason) if reason else rows
    part = list(rows.order_by("id")[offset : offset + limit])
    fates = letters.fates([row.letter for row in part if row.letter])
    return tuple(_addressed(row, fates) for row in part), rows.count()


def underway(id: UUID) -> dict[mailing.State, int]:
    """How far the letters of a step came, by the outbox's states; letters of more than a month ago are forgotten.

    Two statements.
    """
    sent = models.Message.objects.filter(step_id=id, state=State.SENT).values_list("letter", flat=True)
    return letters.counts([letter for letter in sent if letter])


def linked(token: str, *, sku: str = "") -> Linked | None:
    """What a link stands for; None if it is none of ours. One statement; unique index growth_messages_token_once.

    sku  of the goods in the letter that were chosen; one that it does not show leads where the letter itself does
    """
    row = models.Message.objects.select_related("step").filter(token=token).first() if token else None
    if row is None:
        return None
    channel = Channel(row.step.channel)
    path = f"/p/{quote(sku)}/" if sku in row.step.goods else row.step.path
    page = rules.tagged(path, channel=channel, campaign=row.step.campaign, step=row.step.step)
    return Linked(shop=row.shop, person=row.person, channel=channel, page=page)


def _counted(ids: Sequence[UUID]) -> dict[UUID, list[tuple[Any, ...]]]:
    with connection.cursor() as cursor:
        cursor.execute(_COUNTED, [list(ids)])
        found: dict[UUID, list[tuple[Any, ...]]] = {}
        for id, *counts in cursor.fetchall():
            found.setdefault(id, []).append(tuple(counts))
    return found


def _standing(counted: Sequence[tuple[Any, ...]], *, currency: str) -> Standing:
    people = {(state, reason): count for state, reason, count, *_ in counted}
    return Standing(
        waiting=people.get((State.WAITING, ""), 0),
        sent=people.get((State.SENT, ""), 0),
        clicked=sum(clicked for _, _, _, clicked, _, _ in counted),
        refused={Reason(reason): count for (_, reason), count in people.items() if reason},
        cost=Money(sum(minor for _, _, _, _, minor, _ in counted), currency),
    )


def _step(row: models.Step, counted: Sequence[tuple[Any, ...]], *, currency: str) -> Step:
    return Step(
        id=row.id,
        shop=row.shop,
        step=row.step,
        channel=Channel(row.channel),
        campaign=row.campaign,
        coupon=row.coupon,
        planned_at=row.planned_at,
        stopped_at=row.stopped_at,
        by=row.by,
        cause=row.cause,
        until=row.until,
        goods=tuple(row.goods),
        next_due_at=next((due for *_, due in counted if due), None),
        standing=_standing(counted, currency=currency),
    )


def _addressed(row: models.Message, fates: dict[UUID, letters.Fate]) -> Addressed:
    return Addressed(
        person=row.person,
        state=State(row.state),
        reason=Reason(row.reason) if row.reason else None,
        due_at=row.due_at,
        decided_at=row.decided_at,
        clicked_at=row.clicked_at,
        fate=fates.get(row.letter) if row.letter else None,
    )
