"""Reading segments: which there are, and who is in them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from zhanggui.insight.lake import queries as lake
from zhanggui.insight.metrics import queries as metrics
from zhanggui.insight.segments import models, ports
from zhanggui.insight.segments.errors import NoSuchSegment, TermsUnfit
from zhanggui.insight.segments.rules import Segment, Source

_kept_sizes = metrics.keeper(int, most=512)


def segments(shop: str) -> tuple[Segment, ...]:
    """All segments of a shop, the latest first."""
    return tuple(row.value for row in models.Segment.objects.filter(shop=shop).order_by("-made_at", "id"))


def segment(id: str) -> Segment:
    """One segment.

    refuses  NoSuchSegment
    """
    try:
        row = models.Segment.objects.filter(pk=UUID(id)).first()
    except ValueError:
        row = None
    if row is None:
        raise NoSuchSegment(id=id)
    return row.value


def members(id: str, at: datetime) -> tuple[str, ...]:
    """The people of a segment, in the order of their ids.

    at       the moment of asking; of no account for a frozen one
    refuses  NoSuchSegment, TermsUnfit
    """
    return member_page(id, at=at, limit=None)


def member_page(id: str, *, at: datetime, limit: int | None, offset: int = 0) -> tuple[str, ...]:
    """So many of the people of a segment, in the order of their ids; all from the offset on without a limit.

    refuses  NoSuchSegment, TermsUnfit
    """
    found = segment(id)
    if not found.is_live:
        rows = models.Member.objects.filter(segment_id=UUID(id)).order_by("person").values_list("person", flat=True)
        return tuple(rows[offset:] if limit is None else rows[offset : offset + limit])
    return people_of(found.shop, found.source, at=at, limit=limit, offset=offset)


def size(id: str, at: datetime) -> int:
    """How many people a segment has.

    refuses  NoSuchSegment, TermsUnfit
    """
    return size_of(segment(id), at=at)


def size_of(found: Segment, *, at: datetime) -> int:
    """The same for a segment already read; of a live one kept while the shop's daily tables and the minute stay.

    refuses  TermsUnfit
    """
    if found.people is not None:
        return found.people
    minute = at.replace(second=0, microsecond=0)
    key = ("segment", found.id, minute)
    return _kept_sizes.get(found.shop, key, lambda: _count(found, at))


def people_sql(shop: str, source: Source, *, at: datetime) -> str:
    """DuckDB's query that gives the people whom a question means, each once, in a column `person`.

    refuses  TermsUnfit
    """
    find = ports.people.get(source.kind)
    if find is None:
        raise TermsUnfit(kind=source.kind, reason="nobody answers this kind of question")
    return find(shop, source.terms, at=at)


def people_of(shop: str, source: Source, *, at: datetime, limit: int | None = None, offset: int = 0) -> tuple[str, ...]:
    """The people whom a question means, in the order of their ids.

    refuses  TermsUnfit
    """
    most = "" if limit is None else f" limit {limit:d}"
    sql = f"select person from ({people_sql(shop, source, at=at)}) order by person{most} offset {offset:d}"
    return tuple(person for (person,) in lake.ask(sql))


def _count(found: Segment, at: datetime) -> int:
    ((people,),) = lake.ask(f"select count(*) from ({people_sql(found.shop, found.source, at=at)})")
    return int(people)
