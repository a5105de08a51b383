"""Asking the lake: bounded, once per thread, and clear about a file that is broken."""

from __future__ import annotations

import os
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import duckdb
import pytest
from django.db import connections, transaction
from django.test.utils import CaptureQueriesContext

from tests.insight.lake.making import DAY, NOON, SHANGHAI, a_line, a_shop, an_event, an_order_event, append, columns
from zhanggui.base import ids
from zhanggui.base.operation.rules import customer
from zhanggui.insight.lake import actions, queries
from zhanggui.insight.lake.errors import CausesCircle, LakeBroken, NoSuchEvent
from zhanggui.insight.lake.models import RollupFile, Segment
from zhanggui.insight.lake.queries import engine, places
from zhanggui.spine.facts.shop import CustomerRegistered
from zhanggui.spine.log.actions import record
from zhanggui.spine.log.rules import Trail

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("lake_folder")]

TOMORROW = DAY + timedelta(days=1)


def the_file() -> Path:
    segment = Segment.objects.get(retired_at=None)
    return places.segment_path(shop="tea", day=segment.day, id=segment.id)


def test_a_question_takes_parameters_and_gives_rows_or_a_table() -> None:
    append("b", an_event("1", person="ann"), an_event("2", person="bob"))
    events = queries.events("tea", DAY, TOMORROW)
    assert queries.ask(f"select person from {events} where person > ? order by 1", ["ann"]) == [("bob",)]
    table = queries.ask_table(f"select person, count(*) as n from {events} group by 1 order by 1")
    assert table.to_pydict() == {"person": ["ann", "bob"], "n": [1, 1]}


def test_events_are_those_of_the_shop_and_of_the_days_before_the_end() -> None:
    append("b", an_event("1"), an_event("2", at=NOON + timedelta(days=1)), an_event("3", at=NOON - timedelta(days=1)))
    append("b", an_event("4", shop="pots"), shop="pots")
    relation = queries.events("tea", DAY, TOMORROW)
    assert queries.ask(f"select id from {relation}") == [(an_event("1").id,)]
    assert queries.ask(f"select count(*) from {queries.events('tea', DAY, DAY)}") == [(0,)]


@pytest.mark.parametrize("is_rolled", [False, True])
def test_an_event_that_came_twice_is_read_once(is_rolled: bool) -> None:
    append("one", an_event(received_at=NOON + timedelta(hours=1), region="second"))
    append("two", an_event(region="first"))
    if is_rolled:
        actions.roll()
    assert queries.ask(f"select region from {queries.events('tea', DAY, TOMORROW)}") == [("first",)]


def test_no_events_have_the_same_columns_as_some() -> None:
    described = queries.ask(f"describe select * from {queries.events('tea', DAY, TOMORROW)}")
    append("b", an_order_event("shop.order_placed", "A1", a_line(), cause=ids.uuid7()))
    assert queries.ask(f"describe select * from {queries.events('tea', DAY, TOMORROW)}") == described


def test_a_missing_file_is_named() -> None:
    append("b", an_event())
    the_file().unlink()
    with pytest.raises(LakeBroken) as failure:
        queries.ask(f"select * from {queries.events('tea', DAY, TOMORROW)}")
    assert failure.value.data == {"path": the_file(), "reason": "missing"}


@pytest.mark.parametrize("cut", ["end", "middle", "all"])
def test_a_damaged_file_is_named(cut: str) -> None:
    append("b", *(an_event(str(number), person=f"p{number * 7919}") for number in range(2000)))
    whole = the_file().read_bytes()
    damaged = {"end": whole[:-30], "middle": whole[:4] + b"\xff" * 5000 + whole[5004:], "all": b""}[cut]
    the_file().write_bytes(damaged)
    with pytest.raises(LakeBroken) as failure:
        queries.ask(f"select * from {queries.events('tea', DAY, TOMORROW)}")
    assert failure.value.data["path"] == the_file()
    assert failure.value.data["reason"] not in ("", "missing")


def test_a_broken_file_stops_a_roll_and_is_found_by_the_doctor() -> None:
    append("b", an_event())
    the_file().write_bytes(b"PAR1 but not really PAR1")
    with pytest.raises(LakeBroken):
        actions.roll()
    assert queries.ops("tea").dirty_days == 1
    verified = queries.verify("tea")
    assert [problem.path for problem in verified.problems] == [the_file()]


def test_a_broken_file_holds_up_no_day_and_no_shop_but_its_own() -> None:
    append("b", an_event())
    broken = the_file()
    broken.write_bytes(b"PAR1 but not really PAR1")
    append("c", an_event(at=NOON + timedelta(days=1)))
    append("d", an_event(shop="pots"), shop="pots")
    with pytest.raises(LakeBroken) as failure:
        actions.tend()
    assert failure.value.data["path"] == broken
    assert queries.ask(f"select day from {queries.rollup('tea', 'visits')}") == [(TOMORROW,)]
    assert queries.ask(f"select day from {queries.rollup('pots', 'visits')}") == [(DAY,)]
    assert (queries.ops("tea").dirty_days, queries.ops("pots").dirty_days) == (1, 0)


def test_the_doctor_finds_a_file_with_other_rows_than_the_manifest_says() -> None:
    append("b", an_event())
    Segment.objects.update(rows=2)
    assert [problem.reason for problem in queries.verify("tea").problems] == ["holds 1 rows instead of 2"]


def test_a_wrong_question_is_a_bug_and_not_a_broken_lake() -> None:
    append("b", an_event())
    with pytest.raises(duckdb.BinderException):
        queries.ask(f"select nothing from {queries.events('tea', DAY, TOMORROW)}")


def test_signs_in_the_homes_path_mean_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    strange = tmp_path / "it's [my] *home?"
    strange.mkdir()
    monkeypatch.setenv("ZHANGGUI_HOME", str(strange))
    append("b", an_event())
    actions.roll()
    assert queries.ask(f"select pv from {queries.rollup('tea', 'visits')}") == [(1,)]
    the_file().unlink()
    with pytest.raises(LakeBroken) as failure:
        queries.ask(f"select * from {queries.events('tea', DAY, TOMORROW)}")
    assert failure.value.data["path"] == the_file()


def test_every_thread_has_its_own_connection_and_all_share_the_bounds() -> None:
    together = threading.Barrier(3)

    def look(_: int) -> tuple[int, tuple[object, ...]]:
        together.wait()
        (bounds,) = queries.ask("select current_setting('threads'), current_setting('memory_limit')")
        return id(engine.connection()), bounds

    with ThreadPoolExecutor(3) as pool:
        seen = list(pool.map(look, range(3)))
    assert len({connection for connection, _ in seen}) == 3
    assert {bounds for _, bounds in seen} == {(2, "953.6 MiB")}


def test_a_forked_process_opens_a_database_of_its_own() -> None:
    mine = engine.connection()
    engine._seat.pid = os.getpid() + 1
    assert engine.connection() is not mine


def test_an_event_told_late_is_found_on_its_own_day() -> None:
    late = an_event(at=NOON - timedelta(days=300), id=ids.uuid7_of(NOON, "late"))
    append("b", late, an_event("other"))
    assert queries.event(late.id, "tea") == late


def test_an_event_nobody_knows_is_refused_also_for_another_shop() -> None:
    append("b", an_event())
    for id, shop in ((ids.uuid7(), "tea"), (an_event().id, "pots")):
        with pytest.raises(NoSuchEvent) as refusal:
            queries.event(id, shop)
        assert refusal.value.data == {"id": id, "shop": shop}


def test_a_chain_leads_from_the_first_page_to_the_fact_that_is_not_relayed_yet() -> None:
    page = an_event("page")
    view = an_event("view", name="Product Viewed", cause=page.id, at=NOON + timedelta(seconds=1))
    append("b", view, page)
    trail = Trail(shop="tea", person="c1", cause=view.id)
    first = record(CustomerRegistered(customer_id="c1"), by=customer("c1"), trail=trail)
    last = record(CustomerRegistered(customer_id="c2"), by=customer("c2"), trail=trail.after(first))
    assert [event.id for event in queries.chain(last, "tea")] == [page.id, view.id, first, last]
    with pytest.raises(NoSuchEvent):
        queries.chain(last, "pots")


def test_a_chain_ends_at_a_cause_that_is_not_here_yet() -> None:
    not_here = ids.uuid7()
    append("b", an_event(cause=not_here))
    (only,) = queries.chain(an_event().id, "tea")
    assert only.cause == not_here


@pytest.mark.parametrize("length", [1, 3])
def test_causes_that_lead_in_a_circle_are_refused(length: int) -> None:
    keys = [an_event(str(number)).id for number in range(length)]
    append("b", *(an_event(str(n), cause=keys[(n + 1) % length]) for n in range(length)))
    with pytest.raises(CausesCircle):
        queries.chain(keys[0], "tea")


def test_a_chain_is_followed_only_so_far(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zhanggui.insight.lake.queries.relations.LONGEST_CHAIN", 5)
    events = [an_event("0")]
    for number in range(1, 9):
        events.append(an_event(str(number), cause=events[-1].id))
    append("b", *events)
    assert queries.chain(events[-1].id, "tea") == tuple(events[-5:])


def test_the_lake_knows_its_first_and_last_day_and_its_numbers() -> None:
    assert (queries.days("tea"), queries.version("tea")) == (None, 0)
    assert queries.ops() == queries.Ops(
        segments=0, rows=0, size_bytes=0, rollup_files=0, rollup_bytes=0, retired=0, dirty_days=0, oldest_dirty_at=None
    )
    append("b", an_event("1"), an_event("2", at=NOON + timedelta(days=3)))
    append("b", an_event("3", shop="pots"), shop="pots")
    assert queries.days("tea") == (DAY, DAY + timedelta(days=3))
    actions.roll("tea")
    ops, every = queries.ops("tea"), queries.ops()
    assert (ops.segments, ops.rows, ops.dirty_days) == (2, 2, 0)
    assert ops.rollup_files == RollupFile.objects.filter(shop="tea", retired_at=None).count() >= 2
    assert (every.segments, every.rows, every.dirty_days) == (3, 3, 1)
    assert every.oldest_dirty_at is not None
    assert ops.size_bytes > 0


def test_how_often_postgresql_is_asked() -> None:
    a_shop()
    append("b", *(an_event(str(number), at=NOON + timedelta(days=number)) for number in range(20)))
    actions.roll()
    wanted = columns(an_event("x"), zone=SHANGHAI)
    with CaptureQueriesContext(connections["default"]) as asked:
        queries.rollup("tea", "visits")
        queries.events("tea", DAY, DAY + timedelta(days=20))
        queries.version("tea")
        queries.days("tea")
    assert len(asked) == 5
    written = actions.write(wanted, shop="tea")
    with transaction.atomic(), CaptureQueriesContext(connections["default"]) as asked:
        actions.add("c", written, shop="tea")
    assert [re.split(r"\W+", query["sql"].strip())[:3] for query in asked] == [
        ["insert", "into", "insight_lake_batch"],
        ["select", "pg_advisory_xact_lock_shared", "hashtextextended"],
        ["insert", "into", "insight_lake_segment"],
        ["insert", "into", "insight_lake_day"],
    ]
    with CaptureQueriesContext(connections["default"]) as asked:
        actions.roll()
    assert len(asked) <= 20


def test_ids_are_read_as_ids() -> None:
    append("b", an_event(cause=ids.uuid7_of(NOON, "c")))
    ((id, cause),) = queries.ask(f"select id, cause from {queries.events('tea', DAY, TOMORROW)}")
    assert (id, cause) == (an_event().id, ids.uuid7_of(NOON, "c"))
    assert isinstance(cause, UUID)
