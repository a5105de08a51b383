"""Keeping people under a name, freezing them, and letting go of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from zhanggui.base import clock, ids
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor
from zhanggui.insight.segments import models, queries
from zhanggui.insight.segments.errors import NameTaken, NoSuchSegment, TermsUnfit
from zhanggui.insight.segments.rules import Source, days_of, name_of
from zhanggui.spine.facts.segments import SegmentFrozen
from zhanggui.spine.log.actions import record
from zhanggui.spine.log.rules import Trail

_NAME_ONCE = "insight_segments_name_once"
_ADD = "insert into insight_segments_member (segment_id, person) select %s::uuid, unnest(%s::text[])"
# Index insight_segments_of_person; a frozen segment says how many it still has.
_ERASE = """
with gone as (delete from insight_segments_member where person = any(%s::text[]) returning segment_id),
    counted as (select segment_id, count(*) as people from gone group by segment_id)
update insight_segments_segment s set people = s.people - counted.people from counted where s.id = counted.segment_id
"""


def save(*, shop: str, name: str, source: Source, is_live: bool, trail: Trail, by: Actor) -> str:
    """Keep the people whom a question means under a name; its id.

    is_live  the question is kept and asked anew each time; else its people of this moment are
    refuses  NameUnfit, NameTaken, TermsUnfit, also for days that are to slide where none are said; nothing is kept
    tells    insight.segment_frozen, if it is not live
    """
    now = clock.now()
    called = name_of(name)
    if source.slides and days_of(source.terms) is None:
        raise TermsUnfit(kind=source.kind, reason="no days that could slide")
    if is_live:
        queries.people_of(shop, source, at=now, limit=1)
        return _keep(shop=shop, name=called, source=source, people=None, now=now, trail=trail, by=by)
    fixed = replace(queries.asked_at(shop, source, at=now), slides=None)
    people = queries.people_of(shop, fixed, at=now)
    return _keep(shop=shop, name=called, source=fixed, people=people, now=now, trail=trail, by=by)


def freeze(*, id: str, trail: Trail, by: Actor) -> None:
    """Let a live segment be the people it has now, for good; one that is frozen stays as it is.

    The lake is asked before the transaction begins: a question may take seconds.

    refuses  NoSuchSegment, TermsUnfit
    tells    insight.segment_frozen, if it was live
    """
    found = queries.segment(id)
    if found.is_live:
        now = clock.now()
        source = queries.asked_at(found.shop, found.source, at=now)
        people = queries.people_of(found.shop, source, at=now)
        _freeze(id=id, source=source, people=people, now=now, trail=trail, by=by)


@operation
def rename(*, id: str, name: str) -> None:
    """Give a segment another name.

    refuses  NoSuchSegment, NameUnfit, NameTaken
    """
    called = name_of(name)
    found = queries.segment(id)
    try:
        with transaction.atomic():
            renamed = models.Segment.objects.filter(pk=UUID(id)).update(name=called)
    except IntegrityError as taken:
        raise _unless_taken(taken, shop=found.shop, name=called) from taken
    if not renamed:
        raise NoSuchSegment(id=id)


@operation
def forget(*, id: str) -> None:
    """Let go of a segment and of its list of people; it cannot be brought back.

    refuses  NoSuchSegment
    """
    gone, _ = models.Segment.objects.filter(pk=UUID(queries.segment(id).id)).delete()
    if not gone:
        raise NoSuchSegment(id=id)


@operation
def erase(*, persons: Sequence[str]) -> None:
    """Take people out of every frozen segment, because they are to be forgotten."""
    with connection.cursor() as cursor:
        cursor.execute(_ERASE, [list(persons)])


@operation
def _keep(
    *, shop: str, name: str, source: Source, people: tuple[str, ...] | None, now: datetime, trail: Trail, by: Actor
) -> str:
    row = models.Segment(
        id=ids.uuid7(),
        shop=shop,
        name=name,
        kind=source.kind,
        terms=dict(source.terms),
        slides=source.slides or "",
        made_at=now,
        frozen_at=None if people is None else now,
        people=None if people is None else len(people),
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as taken:
        raise _unless_taken(taken, shop=shop, name=name) from taken
    if people is not None:
        _fill(row.pk, source.kind, people, trail=trail, by=by)
    return str(row.pk)


@operation
def _freeze(*, id: str, source: Source, people: tuple[str, ...], now: datetime, trail: Trail, by: Actor) -> None:
    """Only one of two who freeze at the same moment moves the state; the other changes nothing."""
    live = models.Segment.objects.filter(pk=UUID(id), frozen_at=None)
    if live.update(frozen_at=now, people=len(people), terms=dict(source.terms), slides=""):
        _fill(UUID(id), source.kind, people, trail=trail, by=by)


def _fill(id: UUID, kind: str, people: tuple[str, ...], *, trail: Trail, by: Actor) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_ADD, [id, list(people)])
    told = SegmentFrozen(segment_id=str(id), kind=kind, people=len(people))
    record(told, by=by, trail=trail, subject=f"segment:{id}")


def _unless_taken(error: IntegrityError, *, shop: str, name: str) -> Exception:
    return NameTaken(shop=shop, name=name) if _NAME_ONCE in str(error) else error
