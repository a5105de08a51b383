"""Publishing closed days: the same rows through Delta's own reader, no byte twice on the disk, nothing pulled away."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tests.insight.lake.making import DAY, NOON, a_shop, an_event, append, execute, sold
from zhanggui.base import clock
from zhanggui.doors.commands.lake import command
from zhanggui.insight.lake import actions as lake
from zhanggui.insight.lake import queries
from zhanggui.insight.lake.actions import sweeping
from zhanggui.insight.lake.rules import ROLLUPS, Walked

deltalake = pytest.importorskip("deltalake", reason="OUTGROWN MISSING: pip install -r requirements-outgrown.lock")
outgrown = pytest.importorskip("zhanggui.insight.outgrown.actions")
handlers = pytest.importorskip("zhanggui.insight.outgrown.handlers")

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("lake_folder", "published_folder")]
TOMORROW = DAY + timedelta(days=1)
LATER = NOON + timedelta(days=1)
SMALL = {"sku_views", "postage", "order_lines"}


def test_a_closed_day_is_read_by_delta_as_the_shop_reads_it() -> None:
    a_busy_day()

    tables = {one.table: one for one in outgrown.publish("tea", today=TOMORROW)}

    assert tables.keys() == {"events", "numbers", "orders", "sku_days", "visits", "sessions", "steps", *SMALL}
    for rollup in ROLLUPS:
        if rollup.name in tables:
            assert rows_by_delta(tables[rollup.name].path) == rows_by_lake(str(queries.rollup("tea", rollup.name)))
    events = queries.events("tea", DAY, TOMORROW)
    as_bytes = f"(select * replace (unhex(replace(id::varchar, '-', '')) as id, null::blob as cause) from {events})"
    assert rows_by_delta(tables["events"].path) == rows_by_lake(as_bytes)


def test_a_published_file_is_the_lakes_own() -> None:
    a_busy_day()

    (events, *_) = outgrown.publish("tea", today=TOMORROW)

    (file,) = files_of(events.path)
    assert os.stat(file).st_nlink == 2


def test_a_day_that_is_not_over_waits() -> None:
    append("b", an_event("1"), an_event("2", at=LATER))
    lake.roll()

    outgrown.publish("tea", today=TOMORROW)

    assert {row["day"] for row in rows_by_delta(folder("events"))} == {DAY}


def test_a_day_that_holds_an_event_twice_waits_until_it_is_merged() -> None:
    append("b", an_event("1"))
    append("c", an_event("1"))
    lake.roll()

    assert "events" not in {one.table for one in outgrown.publish("tea", today=TOMORROW)}
    lake.compact()
    outgrown.publish("tea", today=TOMORROW)

    assert len(rows_by_delta(folder("events"))) == 1


def test_publishing_again_without_a_change_makes_no_version() -> None:
    a_busy_day()
    before = outgrown.publish("tea", today=TOMORROW)

    after = outgrown.publish("tea", today=TOMORROW)

    assert [(one.version, one.added, one.removed) for one in after] == [(one.version, 0, 0) for one in before]


def test_a_day_that_changed_late_stands_in_its_last_version_until_its_tables_are_made() -> None:
    append("b", an_event("1"))
    lake.roll()
    outgrown.publish("tea", today=TOMORROW)
    append("c", an_event("2"))

    outgrown.publish("tea", today=TOMORROW)
    assert len(rows_by_delta(folder("events"))) == 1
    lake.roll()
    outgrown.publish("tea", today=TOMORROW)

    assert len(rows_by_delta(folder("events"))) == 2
    assert [row["pv"] for row in rows_by_delta(folder("visits"))] == [2]


def test_a_reader_of_an_older_version_keeps_its_files_when_the_lake_sweeps(monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(8):
        append(f"b{number}", an_event(str(number)))
    lake.roll()
    outgrown.publish("tea", today=TOMORROW)
    reader = deltalake.DeltaTable(folder("events"))
    monkeypatch.setattr(sweeping, "GRACE", timedelta(0))
    lake.compact()
    lake.sweep()

    outgrown.publish("tea", today=TOMORROW)

    assert reader.to_pyarrow_table().num_rows == 8
    assert deltalake.DeltaTable(folder("events")).to_pyarrow_table().num_rows == 8
    assert len(files_of(folder("events"))) == 9


def test_who_walked_under_which_id_is_published_beside_the_events_as_they_were_written() -> None:
    append("b", an_event("1", person="anonymous"))
    lake.rename("tea", {"anonymous": Walked(person="ann")})
    lake.roll()

    outgrown.publish("tea", today=TOMORROW)

    assert [row["person"] for row in rows_by_delta(folder("events"))] == ["anonymous"]
    assert rows_by_delta(folder("people")) == [{"alias": "anonymous", "person": "ann", "until_us": None}]
    ((walker, number),) = [(row["person"], row["number"]) for row in rows_by_delta(folder("numbers"))]
    assert (walker, [row["person"] for row in rows_by_delta(folder("visits"))]) == ("ann", [number])


def test_everybody_in_a_daily_table_has_a_name_beside_it_however_late_they_came() -> None:
    append("b", an_event("1", person="ann"), an_event("2", person=""))
    lake.roll()
    outgrown.publish("tea", today=TOMORROW)
    append("c", an_event("3", person="bob"))
    lake.roll()

    outgrown.publish("tea", today=TOMORROW)

    names = {row["number"]: row["person"] for row in rows_by_delta(folder("numbers"))}
    assert len(files_of(folder("numbers"))) == 2
    assert {names.get(row["person"], "") for row in rows_by_delta(folder("visits"))} == {"ann", "bob", ""}


def test_a_table_that_got_other_columns_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    append("b", an_event("1"))
    lake.roll()
    outgrown.publish("tea", today=TOMORROW)
    execute("update insight_lake_rollup set version = version - 1 where name = 'visits'")
    other = deltalake.DeltaTable(folder("visits"))
    other.alter.add_columns([deltalake.Field("then", deltalake.schema.PrimitiveType("string"))])

    execute("update insight_lake_rollup set version = version + 1 where name = 'visits'")
    outgrown.publish("tea", today=TOMORROW)

    assert [row["pv"] for row in rows_by_delta(folder("visits"))] == [1]
    assert "then" not in {field.name for field in deltalake.DeltaTable(folder("visits")).schema().fields}


def test_the_clock_publishes_what_has_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    a_busy_day()
    monkeypatch.setattr(clock, "now", lambda: LATER)

    handlers.publish()

    assert len(rows_by_delta(folder("orders"))) == 2


def test_a_person_at_the_terminal_publishes_and_reads_what_stands() -> None:
    a_busy_day()

    told = CliRunner().invoke(command, ["publish", "--shop", "tea"]).output

    assert [line.split()[1] for line in told.splitlines()][:3] == ["events:", "numbers:", "orders:"]
    assert str(folder("orders")) in told


def test_clickhouse_reads_published_tables_where_they_lie_and_names_people() -> None:
    pytest.importorskip("chdb", reason="OUTGROWN MISSING: pip install -r requirements-outgrown.lock")
    a_busy_day()
    outgrown.publish("tea", today=TOMORROW)
    asked = f"""select count(), sum(goods_minor), any(known.person) from deltaLakeLocal('{folder("orders")}') sold
        join deltaLakeLocal('{folder("numbers")}') known on known.number = sold.person"""

    said = subprocess.run(
        [sys.executable, "-c", f"import chdb; print(chdb.query({asked!r}, 'CSV'))"],
        cwd=folder("orders").parent,
        capture_output=True,
        text=True,
        check=True,
    )

    assert said.stdout.strip() == '2,16000,"ann"'


def a_busy_day() -> None:
    a_shop()
    append(
        "b",
        an_event("1", session="s1", person="ann"),
        an_event("2", name="Product Viewed", session="s1", person="ann", sku="cup"),
        sold("shop.order_placed", "A1", person="ann", session="s1"),
        sold("shop.payment_settled", "A1", person="ann"),
    )
    lake.roll()


def folder(table: str) -> Path:
    return outgrown.location("tea", table)


def files_of(table: Path) -> list[Path]:
    return sorted(table.glob("*.parquet"))


def rows_by_delta(table: Path) -> list[dict[str, Any]]:
    rows = deltalake.DeltaTable(table).to_pyarrow_table().to_pylist()
    return sorted(rows, key=repr)


def rows_by_lake(relation: str) -> list[dict[str, Any]]:
    return sorted(queries.ask_table(f"select * from {relation}").to_pylist(), key=repr)
