"""The lake as sources for DuckDB: daily tables, raw events, and single events with their causes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pyarrow as pa
from django.db import connection
from django.db.models import Sum

from zhanggui.base import clock, ids
from zhanggui.insight.lake.errors import CausesCircle, NoSuchEvent
from zhanggui.insight.lake.models import RollupFile
from zhanggui.insight.lake.queries import engine, places
from zhanggui.insight.lake.rules import EVENTS, FIRST_OF_TWINS, NOBODY, NUMBERS, PEOPLE, Relation, rollup_named
from zhanggui.spine.envelope import Envelope, Line
from zhanggui.spine.log import queries as log

LONGEST_CHAIN = 200
_KINDS = {
    pa.uuid(): "uuid",
    pa.string(): "varchar",
    pa.int16(): "smallint",
    pa.int32(): "integer",
    pa.int64(): "bigint",
    pa.date32(): "date",
    pa.binary(): "blob",
}
_LINES = "struct(sku varchar, category varchar, quantity integer, amount_minor bigint)[]"
EVENT_COLUMNS = tuple((field.name, _KINDS.get(field.type, _LINES)) for field in EVENTS)
# Index insight_lake_segment_live. A day that changed since it was rolled may hold an event twice.
_LIVE = """
select s.id, s.day, d.rolled = d.generation and d.twins = 0
from insight_lake_segment s join insight_lake_day d on d.shop = s.shop and d.day = s.day
where s.retired_at is null and s.shop = %s and s.day >= %s and s.day < %s
order by s.day, s.id
"""


@dataclass(frozen=True, slots=True)
class Filed:
    """A file of a daily table, and the first and the last day that it may hold."""

    path: Path
    first_day: date
    last_day: date


def rollup(shop: str, name: str, days: tuple[date, date] | None = None) -> Relation:
    """A shop's daily table as it is rolled now; without rows if there is nothing yet.

    days  from the first to before the second; all if not given
    """
    wanted = rollup_named(name)
    condition = ""
    if days is not None:
        start, end = days
        condition = f" where day >= date '{start}' and day < date '{end}'"
    paths = [one.path for one in rollup_files(shop, name, days)]
    columns = tuple(column for column, _ in wanted.columns)
    if not paths:
        return _empty(wanted.columns)
    return Relation(sql=f"(select {', '.join(columns)} from {engine.reading(paths)}{condition})", columns=columns)


def rollup_files(shop: str, name: str, days: tuple[date, date] | None = None) -> list[Filed]:
    """The files that `rollup` reads, for who reads them without DuckDB; they hold other days too. One statement."""
    live = RollupFile.objects.filter(shop=shop, name=name, version=rollup_named(name).version, retired_at=None)
    if days is not None:
        live = live.filter(last_day__gte=days[0], first_day__lt=days[1])
    rows = live.order_by("first_day", "id").values_list("id", "first_day", "last_day")
    folder = places.rollup_folder(shop=shop, name=name)
    return [Filed(folder / f"{id}.parquet", first, last) for id, first, last in rows]


def events(shop: str, start_day: date, end_day: date) -> Relation:
    """A shop's events of the days from start_day to before end_day, each event once, in the columns of EVENTS.

    `person` is whoever walked under that id, as far as it is known today.
    """
    return by_people(as_written(shop, start_day, end_day), people_path(shop))


def as_written(shop: str, start_day: date, end_day: date) -> Relation:
    """The same with each `person` as it came in."""
    with connection.cursor() as cursor:
        cursor.execute(_LIVE, [shop, start_day, end_day])
        rows = cursor.fetchall()
    plain = [places.segment_path(shop=shop, day=day, id=id) for id, day, is_plain in rows if is_plain]
    unsure = [places.segment_path(shop=shop, day=day, id=id) for id, day, is_plain in rows if not is_plain]
    return events_in(plain=plain, unsure=unsure)


def people_path(shop: str) -> Path | None:
    """The file that says who walked under which ids; none if everybody walks under their own. One statement."""
    id = RollupFile.objects.filter(shop=shop, name=PEOPLE, retired_at=None).values_list("id", flat=True).first()
    return places.rollup_path(shop=shop, name=PEOPLE, id=id) if id else None


def numbers_paths(shop: str) -> list[Path]:
    """The files that give people their numbers. One statement."""
    live = RollupFile.objects.filter(shop=shop, name=NUMBERS, retired_at=None).order_by("first_day")
    return [places.rollup_path(shop=shop, name=NUMBERS, id=id) for id in live.values_list("id", flat=True)]


def people(shop: str) -> Relation:
    """Everybody whom the daily tables speak of: `number`, as it stands there as `person`, and `person`, the id."""
    paths = numbers_paths(shop)
    if not paths:
        return _empty((("number", "integer"), ("person", "varchar")))
    return Relation(sql=f"(select number, person from {engine.reading(paths)})", columns=("number", "person"))


def people_count(shop: str) -> int:
    """The largest number of a person. One statement."""
    live = RollupFile.objects.filter(shop=shop, name=NUMBERS, retired_at=None)
    return live.aggregate(rows=Sum("rows"))["rows"] or 0


def counted_events(shop: str, start_day: date, end_day: date) -> Relation:
    """The same events as `events`, with each `person` as the daily tables speak of them, and the id as `walker`.

    Who has no number yet gets one below 0, the same in all questions: nobody is 0.
    """
    return numbered(events(shop, start_day, end_day), people(shop), stranger="-1 - (hash(event.person) >> 1)::bigint")


def numbered(relation: Relation, people: Relation, *, stranger: str = f"{NOBODY}") -> Relation:
    """The same events with numbers for ids, and the ids as `walker`.

    stranger  the number of somebody who has none there, as SQL
    """
    number = f"case when event.person = '' then {NOBODY} else coalesce(known.number, {stranger}) end"
    columns = ", ".join(
        f"{number} as person, event.person as walker" if name == "person" else f"event.{name}"
        for name in relation.columns
    )
    sql = f"(select {columns} from {relation} event left join {people} known on known.person = event.person)"
    return Relation(sql=sql, columns=(*relation.columns, "walker"))


def by_people(relation: Relation, people: Path | None) -> Relation:
    """The same events, each of the person whom that file names.

    people  as `people_path` gives it
    """
    if people is None:
        return relation
    columns = ", ".join(
        "coalesce(walked.person, event.person) as person" if name == "person" else f"event.{name}"
        for name in relation.columns
    )
    sql = f"""(select {columns} from {relation} event left join {engine.reading([people])} walked
        on walked.alias = event.person and (walked.until_us is null or event.ts_us < walked.until_us))"""
    return Relation(sql=sql, columns=relation.columns)


def events_in(*, plain: Sequence[Path], unsure: Sequence[Path]) -> Relation:
    """The events in these files, each event once.

    plain   files of days that are known to hold no event twice
    unsure  files of days that may, all of a day's files together
    """
    columns = ", ".join(EVENTS.names)
    parts = []
    if plain:
        parts.append(f"select {columns} from {engine.reading(plain)}")
    if unsure:
        parts.append(f"select {columns} from {engine.reading(unsure)} {FIRST_OF_TWINS}")
    if not parts:
        return _empty(EVENT_COLUMNS)
    return Relation(sql=f"({' union all '.join(parts)})", columns=tuple(EVENTS.names))


def event(id: UUID, shop: str) -> Envelope:
    """One fact or sighting by its id; a fact is found as soon as it is recorded.

    refuses  NoSuchEvent
    """
    found = _in_log(id, shop) or _in_lake(id, shop)
    if found is None:
        raise NoSuchEvent(shop=shop, id=id)
    return found


def chain(id: UUID, shop: str) -> tuple[Envelope, ...]:
    """An event and what led to it, oldest first, as far back as it is known and at most LONGEST_CHAIN steps.

    Ends early at a cause that is not in the lake yet; the first event then still has a `cause`.

    refuses  NoSuchEvent, CausesCircle
    """
    links = [event(id, shop)]
    seen = {id}
    while (cause := links[-1].cause) is not None and len(links) < LONGEST_CHAIN:
        if cause in seen:
            raise CausesCircle(shop=shop, id=cause)
        seen.add(cause)
        before = _in_log(cause, shop) or _in_lake(cause, shop)
        if before is None:
            break
        links.append(before)
    return tuple(reversed(links))


def of_order(order_number: str, shop: str, *, start_day: date) -> tuple[Envelope, ...]:
    """What the lake knows of an order from a day on, oldest first; the newest facts are in the log only."""
    rows = engine.ask(
        f"select * from {events(shop, start_day, date.max)} where order_number = ? order by ts_us, id",
        [order_number],
    )
    return tuple(_envelope(row) for row in rows)


def _in_log(id: UUID, shop: str) -> Envelope | None:
    return next((fact for fact in log.by_ids([id]) if fact.shop == shop), None)


def _in_lake(id: UUID, shop: str) -> Envelope | None:
    """Looked for around the moment that the id was made, then everywhere: what was told late lies on another day."""
    made_on = ids.at_of(id).date()
    near = (made_on - timedelta(days=1), made_on + timedelta(days=2))
    for start, end in (near, (date.min, near[0]), (near[1], date.max)):
        rows = engine.ask(f"select * from {events(shop, start, end)} where id = ?::uuid", [str(id)])
        if rows:
            return _envelope(rows[0])
    return None


def _envelope(row: Sequence[Any]) -> Envelope:
    values = dict(zip(EVENTS.names, row, strict=True))
    del values["day"]
    return Envelope(
        at=clock.from_micros(values.pop("ts_us")),
        received_at=clock.from_micros(values.pop("received_us")),
        lines=tuple(Line(**line) for line in values.pop("lines") or ()),
        **values,
    )


def _empty(columns: Iterable[tuple[str, str]]) -> Relation:
    columns = tuple(columns)
    nothing = ", ".join(f"null::{kind} as {name}" for name, kind in columns)
    return Relation(sql=f"(select {nothing} where false)", columns=tuple(name for name, _ in columns))
