"""Rolling while others add, roll and read; and a roll that fails."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.db import connections, transaction

from tests.insight.lake.making import (
    NOON,
    append,
    execute,
    files_in_lake,
    rows_of,
    sold,
)
from tests.insight.outgrown.world import a_month
from zhanggui.insight.lake import actions, queries, rules
from zhanggui.insight.lake.actions import locks, rolling, sources
from zhanggui.insight.lake.actions import months as months_module
from zhanggui.insight.lake.models import Edition, RollupFile

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("lake_folder")]


@pytest.mark.django_db(transaction=True)
def test_two_rollers_at_once_make_each_day_once_and_both_wait_for_the_result() -> None:
    append("b", *(sold("shop.order_placed", f"A{n}", at=NOON + timedelta(days=10 * n)) for n in range(8)))
    together = threading.Barrier(3)

    def roll(_: int) -> int:
        together.wait()
        actions.roll()
        seen = queries.ops("tea").dirty_days
        connections.close_all()
        return seen

    with ThreadPoolExecutor(3) as pool:
        assert list(pool.map(roll, range(3))) == [0, 0, 0]
    assert len(rows_of("orders")) == 8
    assert not RollupFile.objects.filter(retired_at__isnull=False).exists()


@pytest.mark.django_db(transaction=True)
def test_tables_are_whole_while_others_add_and_roll() -> None:
    done = threading.Event()

    def add() -> None:
        for n in range(40):
            append(
                f"b{n}", *(sold("shop.order_placed", f"A{n}/{k}", at=NOON + timedelta(days=n % 6)) for k in range(3))
            )
        connections.close_all()

    def roll() -> None:
        while not done.is_set():
            actions.roll()
            actions.compact()
        connections.close_all()

    with ThreadPoolExecutor(5) as pool:
        house = [pool.submit(roll) for _ in range(2)]
        for adding in [pool.submit(add)]:
            adding.result()
        done.set()
        for one in house:
            one.result()
    actions.roll()
    assert len({row["order_number"] for row in rows_of("orders")}) == len(rows_of("orders")) == 120
    assert queries.verify("tea").problems == ()


@pytest.mark.django_db(transaction=True)
def test_a_roll_has_no_transaction_number_while_it_reads_so_no_reader_of_the_log_waits_for_it() -> None:
    append("b", sold("shop.order_placed", "A1"))
    rolling._number_before("tea", date(2026, 11, 1), None)
    with transaction.atomic():
        assert locks.take("roll/tea/2026-11-01", wait=True)
        source = sources.source_of("tea", list(rolling._stale("tea", date(2026, 11, 1), None)))
        swap = months_module.Swap(shop="tea", month=date(2026, 11, 1))
        swap.make(rules.ROLLUPS, source)
        assert swap.made
        assert execute("select pg_current_xact_id_if_assigned()") == [(None,)]
        swap.discard()


def test_of_other_events_than_a_table_is_made_of_it_has_no_row() -> None:
    shop = a_month()
    told = queries.counted_events(shop.code, date.min, date.max)
    for rollup in rules.ROLLUPS:
        others = f"with events as (from {told} where not ({rollup.of})) select 1 from ({rollup.whole_sql}) limit 1"
        assert queries.ask(others) == [], rollup.name


def test_a_failed_roll_leaves_no_file_and_the_day_dirty(monkeypatch: pytest.MonkeyPatch) -> None:
    append("b", sold("shop.order_placed", "A1"))
    before = files_in_lake()
    broken = rules.Rollup(name="broken", version=1, columns=(("day", "date"),), sql="select nothing from events")
    monkeypatch.setattr(rolling, "ROLLUPS", (*rules.ROLLUPS, broken))
    with pytest.raises(Exception, match="nothing"), transaction.atomic():
        actions.roll()
    assert [file for file in files_in_lake() if file.parent.name != f"rollup={rules.NUMBERS}"] == before
    assert (queries.ops("tea").dirty_days, Edition.objects.count()) == (1, 0)
