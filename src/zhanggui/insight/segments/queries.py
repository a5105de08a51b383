"""Reading segments: which there are, and who is in them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from zhanggui.base import clock
from zhanggui.base.shops import queries as shops
from zhanggui.base.shops.rules import ShopKind
from zhanggui.insight.lake import queries as lake
from zhanggui.insight.lake.queries.engine import quoted
from zhanggui.insight.metrics import queries as metrics
from zhanggui.insight.metrics.rules import Crowd, preset
from zhanggui.insight.segments import models, ports
from zhanggui.insight.segments.errors import NoSuchSegment, TermsUnfit
from zhanggui.insight.segments.rules import Segment, Source, days_of, on_days

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
    """DuckDB's query that gives the people whom a question means, each once, in a column `person`: by their numbers.

    refuses  TermsUnfit
    """
    find = ports.people.get(source.kind)
    if find is None:
        raise TermsUnfit(kind=source.kind, reason="nobody answers this kind of question")
    return find(shop, asked_at(shop, source, at=at).terms, at=at)


def asked_at(shop: str, source: Source, *, at: datetime) -> Source:
    """The question as it is asked at a moment: of the days that its named period means then."""
    if source.slides is None or days_of(source.terms) is None:
        return source
    books, known = shops.shop(shop), metrics.days(shop)
    today = clock.day_of(at, books.zone) if books.kind is ShopKind.OWN or known is None else known[1]
    days = preset(source.slides, today=today, first=known[0] if known else None)
    return replace(source, terms=on_days(source.terms, days, today=today))


def crowd(found: Segment, *, at: datetime) -> Crowd:
    """The people of a segment, live or frozen, as numbers can be asked of them.

    refuses  TermsUnfit
    """
    if found.is_live:
        return Crowd(name=found.name, sql=people_sql(found.shop, found.source, at=at))
    listed = ", ".join(map(quoted, members(found.id, at)))
    known = f"select number as person from {lake.people(found.shop)}"
    return Crowd(name=found.name, sql=f"{known} where person in (select unnest([{listed}]::varchar[]))")


def people_of(shop: str, source: Source, *, at: datetime, limit: int | None = None, offset: int = 0) -> tuple[str, ...]:
    """The people whom a question means, in the order of their ids.

    refuses  TermsUnfit
    """
    most = "" if limit is None else f" limit {limit:d}"
    numbers = f"select person as number from ({people_sql(shop, source, at=at)})"
    named = f"select person from {lake.people(shop)} semi join ({numbers}) using (number)"
    sql = f"{named} order by person{most} offset {offset:d}"
    return tuple(person for (person,) in lake.ask(sql))


def _count(found: Segment, at: datetime) -> int:
    ((people,),) = lake.ask(f"select count(*) from ({people_sql(found.shop, found.source, at=at)})")
    return int(people)
