"""Events come into the lake whole, once, and into the right day."""

from __future__ import annotations

import hashlib
import os
import subprocess
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.db import connections, transaction

from tests.insight.lake.making import (
    DAY,
    NOON,
    a_line,
    a_shop,
    an_event,
    an_order_event,
    append,
    columns,
    execute,
    files_in_lake,
    ids_in_lake,
)
from zhanggui.base import ids
from zhanggui.insight.lake import actions, queries
from zhanggui.insight.lake.actions import segments
from zhanggui.insight.lake.errors import BatchKnown, LakeBroken, LakeFull, LakeUnwritable, OutsideTransaction
from zhanggui.insight.lake.models import Batch, Day, Segment
from zhanggui.insight.lake.queries import places
from zhanggui.insight.lake.rules import EVENTS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("lake_folder")]


def test_envelopes_become_columns_and_come_back_as_they_were() -> None:
    cause = ids.uuid7()
    full = an_order_event(
        "shop.order_placed",
        "A1",
        a_line("cup", quantity=2),
        a_line("pot", category=""),
        version=3,
        received_at=NOON + timedelta(microseconds=7),
        actor="customer:7",
        session="s",
        subject="order:A1",
        cause=cause,
        channel="search",
        campaign="11-11",
        device="phone",
        region="CN-31",
        page="/checkout",
        body='{"title":"掌柜"}'.encode(),
    )
    plain = an_event("2")
    append("b", full, plain)
    assert queries.event(full.id, "tea") == full
    assert queries.event(plain.id, "tea") == plain


def test_no_envelopes_are_no_rows_and_no_files() -> None:
    assert columns().schema.equals(EVENTS)
    assert append("b") == actions.Appended(is_new=True, rows=0, days=())
    assert files_in_lake() == []


def test_a_delivery_is_split_by_business_day_and_sorted_by_person_time_and_id() -> None:
    late = NOON + timedelta(hours=13)
    events = [
        an_event("a", person="zoe"),
        an_event("b", person="ann", at=NOON + timedelta(seconds=1)),
        an_event("c", person="ann"),
        an_event("d", person="ann"),
        an_event("e", person="ann", at=late),
    ]
    written = actions.write(columns(*events), shop="tea")
    assert [(one.day, one.rows) for one in written] == [(DAY, 4), (DAY + timedelta(days=1), 1)]
    first = pq.ParquetFile(written[0].path).read()
    assert first.cast(EVENTS).num_rows == 4
    keys = list(zip(first["person"].to_pylist(), first["ts_us"].to_pylist(), first["id"].to_pylist(), strict=True))
    assert keys == sorted(keys)
    assert [key[0] for key in keys] == ["ann", "ann", "ann", "zoe"]
    assert [one.size_bytes for one in written] == [one.path.stat().st_size for one in written]


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (datetime(2026, 3, 28, 23, 59, 59, 999_999, tzinfo=UTC), date(2026, 3, 28)),
        (datetime(2026, 3, 29, 0, 0, tzinfo=UTC), date(2026, 3, 29)),
        (datetime(2026, 3, 29, 22, 59, 59, tzinfo=UTC), date(2026, 3, 29)),
        (datetime(2026, 3, 29, 23, 0, tzinfo=UTC), date(2026, 3, 30)),
        (datetime(2026, 10, 24, 23, 0, tzinfo=UTC), date(2026, 10, 25)),
        (datetime(2026, 10, 25, 23, 59, tzinfo=UTC), date(2026, 10, 25)),
        (datetime(2026, 10, 26, 0, 0, tzinfo=UTC), date(2026, 10, 26)),
    ],
)
def test_an_event_belongs_to_the_day_of_the_shops_own_clocks(at: datetime, day: date) -> None:
    assert append("b", an_event(at=at), zone="Europe/London").days == (day,)


def test_rows_of_another_shop_are_a_bug_and_nothing_is_written() -> None:
    with pytest.raises(ValueError, match="another shop"):
        actions.write(columns(an_event(shop="pots")), shop="tea")
    assert files_in_lake() == []


def test_a_column_that_was_left_null_says_nothing_instead() -> None:
    table = columns(an_event())
    where = table.schema.get_field_index("region")
    table = table.set_column(where, "region", pa.array([None], pa.string()))
    actions.append("b", table, shop="tea")
    assert queries.ask(f"select region from {queries.events('tea', DAY, DAY + timedelta(days=1))}") == [("",)]


def test_written_events_are_not_live_until_they_are_added() -> None:
    written = actions.write(columns(an_event()), shop="tea")
    assert ids_in_lake() == []
    with transaction.atomic():
        actions.add("b", written, shop="tea")
    assert ids_in_lake() == [an_event().id]
    assert Day.objects.values_list("shop", "day", "generation", "rolled").get() == ("tea", DAY, 1, 0)


def test_a_batch_that_stands_is_not_added_again() -> None:
    append("b", an_event())
    written = actions.write(columns(an_event("other")), shop="tea")
    with pytest.raises(BatchKnown) as refusal, transaction.atomic():
        actions.add("b", written, shop="tea")
    assert refusal.value.data == {"shop": "tea", "batch": "b"}
    actions.discard(written)
    assert append("b", an_event("other")) == actions.Appended(is_new=False, rows=0, days=())
    assert ids_in_lake() == [an_event().id]
    assert len(files_in_lake()) == 1


def test_the_same_batch_name_in_another_shop_is_another_batch() -> None:
    append("b", an_event())
    assert append("b", an_event(shop="pots"), shop="pots").is_new


def test_files_that_are_gone_when_they_are_added_are_not_made_live() -> None:
    written = actions.write(columns(an_event()), shop="tea")
    actions.discard(written)
    with pytest.raises(LakeBroken), transaction.atomic():
        actions.add("b", written, shop="tea")
    assert (Batch.objects.count(), Segment.objects.count()) == (0, 0)


def test_the_names_of_shops_that_are_no_folders_are_a_bug() -> None:
    with pytest.raises(ValueError, match="code"):
        places.day_folder(shop="../tea", day=DAY)


@pytest.fixture
def small_disk(lake_folder: Path) -> Iterator[Path]:
    """The lake on a disk of 256 kB."""
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", lake_folder], capture_output=True)
    if mounted.returncode:
        pytest.skip("NO SMALL DISK: mounting a tmpfs takes root")
    yield lake_folder
    subprocess.run(["umount", "--lazy", lake_folder], check=True)


def fill(ballast: Path) -> None:
    free = os.statvfs(ballast.parent)
    ballast.write_bytes(b"x" * (free.f_bavail * free.f_frsize))


def noise(key: str, *, kilobytes: int) -> bytes:
    """A body that does not compress."""
    return hashlib.shake_256(key.encode()).hexdigest(kilobytes * 512).encode()


def test_a_full_disk_keeps_nothing_of_a_delivery_and_says_how_much_was_wanted(small_disk: Path) -> None:
    tomorrow = an_event("2", at=NOON + timedelta(days=1), body=noise("2", kilobytes=900))
    with pytest.raises(LakeFull) as failure:
        append("b", an_event("1"), tomorrow)
    assert failure.value.data["wanted_bytes"] > 256_000
    assert small_disk in failure.value.data["path"].parents
    assert files_in_lake() == []
    assert (Batch.objects.count(), Segment.objects.count()) == (0, 0)


def test_a_delivery_refused_by_a_full_disk_goes_in_when_there_is_room_again(small_disk: Path) -> None:
    fill(small_disk / "ballast")
    with pytest.raises(LakeFull):
        append("b", an_event())
    (small_disk / "ballast").unlink()
    assert append("b", an_event()).is_new


def test_a_full_disk_stops_a_roll_and_a_merge_and_breaks_nothing(small_disk: Path) -> None:
    for number in range(8):
        append(f"b{number}", an_event(str(number), body=noise(str(number), kilobytes=2)))
    fill(small_disk / "ballast")
    for house_work in (actions.roll, actions.compact):
        with pytest.raises(LakeFull) as failure:
            house_work()
        assert failure.value.data["wanted_bytes"] > 8 * 1024
    assert queries.verify("tea").problems == ()
    assert queries.ops("tea").dirty_days == 1
    (small_disk / "ballast").unlink()
    assert actions.roll() == 1
    assert actions.compact() == actions.Compacted(merged=8, made=1)
    assert len(ids_in_lake()) == 8


def test_a_folder_that_cannot_be_written_is_named(lake_folder: Path) -> None:
    lake_folder.joinpath("tea").write_text("in the way")
    with pytest.raises(LakeUnwritable) as failure:
        append("b", an_event())
    assert lake_folder / "tea" in failure.value.data["path"].parents
    assert failure.value.data["wanted_bytes"] > 0
    assert "directory" in failure.value.data["reason"].lower()
    assert Segment.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_nothing_is_added_outside_a_transaction() -> None:
    written = actions.write(columns(an_event()), shop="tea")
    with pytest.raises(OutsideTransaction):
        actions.add("b", written, shop="tea")
    assert Segment.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_of_two_writers_of_the_same_batch_at_once_one_is_new_and_one_leaves_nothing() -> None:
    together = threading.Barrier(4)

    def deliver(_: int) -> int:
        together.wait()
        news = [append(f"b{round}", an_event(f"{round}")).is_new for round in range(10)]
        connections.close_all()
        return sum(news)

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(deliver, range(4))) == 10
    assert sorted(ids_in_lake()) == sorted(an_event(f"{round}").id for round in range(10))
    assert len(files_in_lake()) == 10
    assert execute("select generation from insight_lake_day") == [(10,)]


@pytest.mark.django_db(transaction=True)
def test_many_writers_to_many_days_never_wait_in_a_circle() -> None:
    together = threading.Barrier(4)
    days = [DAY + timedelta(days=number) for number in range(300)]

    def mark(number: int) -> None:
        together.wait()
        for round in range(10):
            order = days if (number + round) % 2 else days[::-1]
            execute(segments._MARK_DAYS, ["tea", NOON, order])
        connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(mark, range(4)))
    assert set(Day.objects.values_list("generation", flat=True)) == {40}


def test_a_shop_of_many_days_is_written_as_one_delivery() -> None:
    a_shop()
    events = [an_event(str(number), at=NOON + timedelta(days=number)) for number in range(40)]
    assert len(append("year", *events).days) == 40
    assert queries.days("tea") == (DAY, DAY + timedelta(days=39))
