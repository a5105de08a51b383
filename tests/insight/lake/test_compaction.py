"""Small segments become large ones, nothing is lost meanwhile, and what nobody reads goes away."""

from __future__ import annotations

import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connections, transaction

from tests.insight.lake.making import DAY, NOON, an_event, append, columns, files_in_lake, ids_in_lake, rows_of
from zhanggui.base import clock, ids
from zhanggui.insight.lake import actions, queries
from zhanggui.insight.lake.actions import compaction, sweeping
from zhanggui.insight.lake.models import Batch, Chore, Day, RollupFile, Segment
from zhanggui.insight.lake.queries import places

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("lake_folder")]

TOMORROW = DAY + timedelta(days=1)


def scatter(count: int, *, at: int = 0) -> None:
    for number in range(count):
        append(f"{at}/{number}", an_event(f"{number}", at=NOON + timedelta(days=at), person=f"v{number % 3}"))


def age(path: Path) -> None:
    long_ago = time.time() - 2 * 3600
    os.utime(path, (long_ago, long_ago))


def test_a_day_of_many_small_segments_becomes_one_sorted_segment() -> None:
    scatter(10)
    assert actions.compact() == actions.Compacted(merged=10, made=1)
    live = Segment.objects.get(retired_at=None)
    assert (live.rows, live.day) == (10, DAY)
    path = places.segment_path(shop="tea", day=DAY, id=live.id)
    assert live.size_bytes == path.stat().st_size
    persons = [
        person for (person,) in queries.ask(f"select person from read_parquet('{path}', hive_partitioning=false)")
    ]
    assert persons == sorted(persons)
    assert queries.verify("tea") == queries.Verified(files=1, rows=10, problems=())


def test_few_segments_are_left_alone_and_other_days_too() -> None:
    scatter(7)
    scatter(8, at=1)
    assert actions.compact() == actions.Compacted(merged=8, made=1)
    assert Segment.objects.filter(retired_at=None, day=DAY).count() == 7
    assert actions.compact() == actions.Compacted(merged=0, made=0)


def test_merged_events_read_the_same_as_before() -> None:
    scatter(9)
    twin = an_event("0", person="v0", received_at=NOON + timedelta(minutes=1), region="late copy")
    append("twin", twin)
    question = f"select * exclude (id), id::varchar from {queries.events('tea', DAY, TOMORROW)} order by all"
    before = queries.ask(question)
    actions.compact()
    again = f"select * exclude (id), id::varchar from {queries.events('tea', DAY, TOMORROW)} order by all"
    assert queries.ask(again) == queries.ask(question) == before
    assert len(before) == 9
    assert len(ids_in_lake()) == 9


def test_a_day_with_twins_is_merged_even_if_it_has_few_segments() -> None:
    append("one", an_event())
    append("two", an_event())
    actions.roll()
    assert len(ids_in_lake()) == 2
    assert actions.compact() == actions.Compacted(merged=2, made=1)
    assert len(ids_in_lake()) == 1
    assert Day.objects.get().twins == 0
    assert actions.compact() == actions.Compacted(merged=0, made=0)


def test_merging_changes_no_table_and_makes_no_day_dirty() -> None:
    scatter(9)
    actions.roll()
    version, rows = queries.version("tea"), rows_of("visits")
    actions.compact()
    assert (queries.version("tea"), queries.ops("tea").dirty_days) == (version, 0)
    assert actions.roll() == 0
    assert rows_of("visits") == rows


@pytest.mark.django_db(transaction=True)
def test_twins_that_arrive_while_a_day_is_merged_are_not_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    append("one", an_event())
    append("two", an_event())
    actions.roll()
    merge = compaction._merge

    def merge_while_another_arrives(*chosen: Any, **where: Any) -> Segment:
        made = merge(*chosen, **where)
        with ThreadPoolExecutor(1) as pool:
            pool.submit(add_and_roll).result()
        return made

    def add_and_roll() -> None:
        append("three", an_event())
        actions.roll()
        connections.close_all()

    monkeypatch.setattr(compaction, "_merge", merge_while_another_arrives)
    actions.compact()
    assert len(ids_in_lake()) == 2
    assert Day.objects.get().twins > 0
    assert queries.ask(f"select count(*) from {queries.events('tea', DAY, TOMORROW)}") == [(1,)]
    monkeypatch.setattr(compaction, "_merge", merge)
    actions.compact()
    assert (len(ids_in_lake()), Day.objects.get().twins) == (1, 0)


@pytest.mark.django_db(transaction=True)
def test_a_day_that_is_being_merged_is_left_to_whoever_is_at_it(monkeypatch: pytest.MonkeyPatch) -> None:
    scatter(8)
    merge = compaction._merge
    seconds: list[actions.Compacted] = []

    def compact_from_elsewhere() -> None:
        seconds.append(actions.compact())
        connections.close_all()

    def merge_while_another_compacts(*chosen: Any, **where: Any) -> Segment:
        monkeypatch.setattr(compaction, "_merge", merge)
        with ThreadPoolExecutor(1) as pool:
            pool.submit(compact_from_elsewhere).result()
        return merge(*chosen, **where)

    monkeypatch.setattr(compaction, "_merge", merge_while_another_compacts)
    assert actions.compact() == actions.Compacted(merged=8, made=1)
    assert seconds == [actions.Compacted(merged=0, made=0)]
    assert len(ids_in_lake()) == 8


@pytest.mark.django_db(transaction=True)
def test_compactors_and_writers_at_once_lose_nothing_and_double_nothing() -> None:
    together = threading.Barrier(4)

    def write(number: int) -> None:
        together.wait()
        for round in range(30):
            append(f"{number}/{round}", an_event(f"{number}/{round}"))
        connections.close_all()

    def merge(_: int) -> None:
        together.wait()
        for _ in range(15):
            actions.compact()
        connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda job: job[0](job[1]), [(write, 0), (write, 1), (merge, 0), (merge, 1)]))
    actions.compact()
    expected = sorted(an_event(f"{number}/{round}").id for number in range(2) for round in range(30))
    assert sorted(ids_in_lake()) == expected
    assert Segment.objects.filter(retired_at=None).count() < 20
    assert queries.verify("tea").problems == ()


def test_what_was_merged_stays_readable_for_the_grace_period_and_goes_then() -> None:
    scatter(8)
    began_before = queries.events("tea", DAY, TOMORROW)
    actions.compact()
    assert actions.sweep() == actions.Swept(retired=0, orphans=0)
    assert queries.ask(f"select count(*) from {began_before}") == [(8,)]
    Segment.objects.filter(retired_at__isnull=False).update(retired_at=clock.now() - timedelta(minutes=11))
    assert actions.sweep() == actions.Swept(retired=8, orphans=0)
    assert (len(files_in_lake()), Segment.objects.count()) == (1, 1)
    assert ids_in_lake() != []


def test_replaced_tables_go_after_the_grace_period() -> None:
    for number in range(2):
        append(f"{number}", an_event(f"{number}"))
        actions.roll()
    old = RollupFile.objects.filter(retired_at__isnull=False).update(retired_at=clock.now() - timedelta(minutes=11))
    assert actions.sweep().retired == old >= 1
    assert rows_of("visits")[0]["pv"] == 2


def test_a_sweep_that_was_killed_half_way_is_finished_by_the_next() -> None:
    scatter(8)
    actions.compact()
    Segment.objects.filter(retired_at__isnull=False).update(retired_at=clock.now() - timedelta(minutes=11))
    gone = Segment.objects.filter(retired_at__isnull=False).first()
    assert gone is not None
    places.segment_path(shop="tea", day=DAY, id=gone.id).unlink()
    assert actions.sweep().retired == 8


def test_old_files_that_the_manifest_does_not_know_are_swept_and_young_ones_are_not() -> None:
    append("b", an_event("live"))
    (orphan,) = actions.write(columns(an_event("orphan")), shop="tea")
    (young,) = actions.write(columns(an_event("young")), shop="tea")
    draft = orphan.path.with_name(f"{ids.uuid7()}.draft")
    draft.write_bytes(b"half")
    for path in (orphan.path, draft, *(path for path in files_in_lake() if path.stem not in (str(young.id)))):
        age(path)
    os.utime(young.path)
    assert actions.sweep() == actions.Swept(retired=0, orphans=2)
    assert ids_in_lake() == [an_event("live").id]
    assert young.path.exists()


def test_a_file_that_somebody_takes_up_again_while_a_sweep_looks_is_left_to_him(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (written,) = actions.write(columns(an_event()), shop="tea")
    age(written.path)
    old_files = sweeping._old_files

    def old_files_then_touched() -> list[Path]:
        found = list(old_files())
        os.utime(written.path)
        return found

    monkeypatch.setattr(sweeping, "_old_files", old_files_then_touched)
    assert actions.sweep() == actions.Swept(retired=0, orphans=0)
    actions.add("b", [written], shop="tea")
    assert ids_in_lake() == [an_event().id]


@pytest.mark.django_db(transaction=True)
def test_files_that_a_long_transaction_is_about_to_make_live_are_not_swept() -> None:
    written = actions.write(columns(an_event()), shop="tea")
    age(written[0].path)

    def sweep_from_elsewhere() -> actions.Swept:
        swept = actions.sweep()
        connections.close_all()
        return swept

    with transaction.atomic(), ThreadPoolExecutor(1) as pool:
        actions.add("b", written, shop="tea")
        age(written[0].path)
        assert pool.submit(sweep_from_elsewhere).result() == actions.Swept(retired=0, orphans=0)
    assert ids_in_lake() == [an_event().id]


def test_a_delivery_that_nobody_can_bring_again_is_forgotten() -> None:
    written = actions.write(columns(an_event()), shop="tea")
    with transaction.atomic():
        actions.add("passing", written, shop="tea", forget_after=timedelta(days=1))
    append("for good", an_event("2"))
    Batch.objects.filter(batch="passing").update(forget_at=clock.now() - timedelta(seconds=1))
    actions.sweep()
    assert list(Batch.objects.values_list("batch", flat=True)) == ["for good"]


def test_one_step_of_tending_brings_todays_numbers_up_and_merges() -> None:
    scatter(9)
    assert actions.tend() == actions.Tended(rolled_days=1, merged_segments=9, swept_files=0)
    assert sum(row["pv"] for row in rows_of("visits")) == 9
    assert actions.tend() == actions.Tended()


def test_tending_takes_the_newest_month_first_and_the_others_step_by_step() -> None:
    for back in (0, 40, 80):
        append(f"{back}", an_event(at=NOON - timedelta(days=back)), an_event(at=NOON - timedelta(days=back + 1)))
    seen = []
    for _ in range(4):
        actions.tend()
        seen.append({row["day"].month for row in rows_of("visits")})
    assert seen == [{11}, {11, 10}, {11, 10, 9}, {11, 10, 9}]


def test_an_older_month_has_its_turn_although_something_happens_every_second() -> None:
    append("today", an_event("0"))
    append("late", an_event(at=NOON - timedelta(days=40)))
    append("later", an_event(at=NOON - timedelta(days=80)))
    for turn in range(3):
        actions.tend()
        append(f"{turn}", an_event(f"{turn + 1}"))
        Day.objects.update(rolled_at=None)
    assert {row["day"].month for row in rows_of("visits")} == {9, 10, 11}


def test_a_day_that_takes_long_rests_before_it_is_rolled_again_at_most_four_seconds() -> None:
    append("b", an_event())
    actions.tend()
    Day.objects.update(roll_ms=60_000)
    append("c", an_event("2"))
    assert actions.tend().rolled_days == 0
    Day.objects.update(rolled_at=clock.now() - timedelta(seconds=4))
    assert actions.tend().rolled_days == 1


def test_merging_and_sweeping_are_done_only_now_and_then() -> None:
    scatter(8)
    assert actions.tend().merged_segments == 8
    scatter(16)
    assert actions.tend().merged_segments == 0
    Chore.objects.update(begun_at=clock.now() - timedelta(seconds=5))
    assert actions.tend().merged_segments > 0
