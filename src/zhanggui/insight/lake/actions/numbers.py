"""Whole numbers for people: the daily tables speak of them by these, because a number is counted and joined many times
as fast as an id. A number is never given to somebody else.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from zhanggui.base import clock, ids
from zhanggui.insight.lake.actions import locks, tables
from zhanggui.insight.lake.actions.keeping import clear, place, put
from zhanggui.insight.lake.models import RollupFile
from zhanggui.insight.lake.queries import engine, places
from zhanggui.insight.lake.queries.relations import people
from zhanggui.insight.lake.rules import NO_DAY, NUMBERS, Relation

# So many files are read before they are made one.
_MOST_FILES: Final = 16
_FAR_LARGER: Final = 4


def number_people(shop: str, events: Relation, *, wanted_bytes: int) -> None:
    """Give a number to everybody in these events who has none yet, in the caller's transaction, and have the numbers of
    all of them at hand as `people_here`.

    Who has none when two count at once is numbered by one of them: the other waits for the end of his transaction.
    One statement to PostgreSQL if nobody is new.

    wanted_bytes  about as much room as a file may take, for a message when there is none
    refuses       LakeFull, LakeUnwritable, LakeBroken
    """
    put("people_met", f"select distinct person from {events} where person <> ''")
    # Who is known is looked up once: reading everybody's id is what takes long here.
    if not _find(shop):
        locks.take(f"{NUMBERS}/{shop}", wait=True)
        _merge(shop, _live(shop), wanted_bytes=wanted_bytes)
        files = _live(shop)
        held = sum(file.rows for file in files)
        number = f"({held} + row_number() over (order by person))::integer as number"
        new = f"select person, {number} from {place('people_met')} anti join {people(shop)} known using (person)"
        _keep(shop, new, place=len(files), wanted_bytes=wanted_bytes)
        _find(shop)
    clear("people_met")


def _find(shop: str) -> bool:
    """Have the numbers of everybody met at hand; whether all have one."""
    here, met = place("people_here"), place("people_met")
    put("people_here", f"select number, person from {people(shop)} semi join {met} using (person)")
    ((found, wanted),) = engine.ask(f"select (select count(*) from {here}), (select count(*) from {met})")
    return bool(found == wanted)


def _live(shop: str) -> list[RollupFile]:
    return list(RollupFile.objects.filter(shop=shop, name=NUMBERS, retired_at=None).order_by("first_day"))


def _merge(shop: str, files: Sequence[RollupFile], *, wanted_bytes: int) -> None:
    """Make many files few: all of them one, or all but the first while that is by far the largest."""
    if len(files) < _MOST_FILES:
        return
    first, *rest = files
    kept = [first] if first.rows > _FAR_LARGER * sum(file.rows for file in rest) else []
    merged = [file for file in files if file not in kept]
    RollupFile.objects.filter(id__in=[file.id for file in merged]).update(retired_at=clock.now())
    paths = [places.rollup_path(shop=shop, name=NUMBERS, id=file.id) for file in merged]
    _keep(
        shop,
        f"select person, number from {engine.reading(paths)} order by person",
        place=len(kept),
        wanted_bytes=wanted_bytes,
    )


def _keep(shop: str, sql: str, *, place: int, wanted_bytes: int) -> None:
    """One more file; where it stands among them is kept where others have their day."""
    id, day = ids.uuid7(), NO_DAY + timedelta(days=place)
    copied = tables.copy(sql, places.rollup_path(shop=shop, name=NUMBERS, id=id), wanted_bytes=wanted_bytes)
    if copied.rows:
        RollupFile.objects.create(
            id=id,
            shop=shop,
            name=NUMBERS,
            version=1,
            first_day=day,
            last_day=day,
            rows=copied.rows,
            size_bytes=copied.size_bytes,
            added_at=clock.now(),
        )
