"""How an import runs: rehearsed, killed, gone on with, fed back; nothing lost, nothing twice, no order in part."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection

from tests.doors.imports.made import a_csv, a_shop, fates, rows_but, take_orders, told
from zhanggui.base.home import shelf
from zhanggui.base.shops import actions as shops
from zhanggui.base.shops import queries as shops_known
from zhanggui.base.shops.errors import NoSuchShop, ShopDiffers
from zhanggui.base.shops.rules import ShopKind
from zhanggui.doors.imports.errors import DatabaseGone, NoRoom, ShopIsOwn
from zhanggui.insight.lake import actions as lake
from zhanggui.insight.lake import queries as lake_known
from zhanggui.insight.lake.errors import LakeFull
from zhanggui.insight.lake.models import Segment
from zhanggui.insight.sources import actions as sources
from zhanggui.insight.sources import queries as sources_known
from zhanggui.insight.sources.errors import ShopBusy
from zhanggui.insight.sources.models import Import, Known
from zhanggui.insight.sources.rules import State
from zhanggui.spine.log.models import Entry

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("lake_folder"),
    pytest.mark.tables("orders"),
]


def orders(path: Path, *, count: int = 40, lines: int = 3) -> Path:
    """Orders of several lines, one an hour."""
    return a_csv(
        path,
        *(
            f"{order},2026-01-{1 + order // 24:02} {order % 24:02}:00:00,sku{line},{line + 1},9.99,c{order % 7},浙江"
            for order in range(count)
            for line in range(lines)
        ),
    )


def files_of_segments() -> int:
    return len([path for path in shelf("lake").rglob("*.parquet") if "rollup=" not in str(path)])


def test_a_dry_run_says_everything_and_changes_nothing(tmp_path: Path) -> None:
    path = orders(tmp_path / "f.csv")
    rehearsed = take_orders(path, dry_run=True)
    assert (told(), Import.objects.count(), Known.objects.count(), list(shelf("imports").iterdir())) == ([], 0, 0, [])
    with pytest.raises(NoSuchShop):
        shops_known.shop("tea")
    real = take_orders(path)
    assert (rehearsed.orders, rehearsed.facts, rehearsed.buckets, rehearsed.booked, rehearsed.told) == (
        real.orders,
        real.facts,
        real.buckets,
        real.booked,
        real.told,
    )


def test_an_import_opens_its_shop_and_is_written_down(tmp_path: Path) -> None:
    report = take_orders(orders(tmp_path / "f.csv"), shop=a_shop(name="Tea & Co"))
    assert shops_known.shop("tea") == a_shop(name="Tea & Co")
    (state,) = sources_known.imports()
    assert (state.plan.name, state.plan.source, state.state, state.share_rate) == (
        "f.csv",
        "orders-csv",
        State.DONE,
        1.0,
    )
    assert state.tally is not None
    assert (state.tally.line_count, state.tally.orders, state.tally.amount_minor) == (120, 40, 239760)
    assert state.tally.buckets == report.buckets
    (entry,) = Entry.objects.filter(subject=f"import:{report.import_id}")
    assert (entry.name, entry.shop, entry.body["orders"], entry.body["amount_minor"]) == (
        "insight.orders_imported",
        "tea",
        40,
        239760,
    )


def test_an_import_shows_in_the_daily_tables_at_once(tmp_path: Path) -> None:
    take_orders(orders(tmp_path / "f.csv"))
    table = lake_known.rollup("tea", "orders")
    assert lake_known.ask(f"select kind, count(*), sum(amount_minor) from {table} group by kind order by kind") == [
        ("paid", 40, 239760),
        ("placed", 40, 239760),
    ]


def test_orders_of_another_system_never_go_into_our_own_shop(tmp_path: Path) -> None:
    shops.open_shop(shop=a_shop(kind=ShopKind.OWN))
    with pytest.raises(ShopIsOwn):
        take_orders(orders(tmp_path / "f.csv"))


def test_a_shop_keeps_its_zone_and_currency(tmp_path: Path) -> None:
    take_orders(orders(tmp_path / "f.csv", count=1))
    with pytest.raises(ShopDiffers):
        take_orders(orders(tmp_path / "g.csv", count=2), shop=a_shop(currency="USD"))


def test_two_imports_into_one_shop_do_not_run_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "_PAUSE_SECONDS", 0.01)
    with connection.copy().cursor() as other:
        other.execute("select pg_advisory_lock(hashtextextended('insight.sources/tea', 0))")
        with pytest.raises(ShopBusy):
            take_orders(orders(tmp_path / "f.csv"))
        assert take_orders(orders(tmp_path / "f.csv"), shop=a_shop("cup")).orders == 40
        other.execute("select pg_advisory_unlock_all()")
        other.connection.close()
    assert take_orders(orders(tmp_path / "f.csv")).orders == 40


@pytest.mark.parametrize("chunk_lines", [1, 7, 50])
def test_no_order_is_ever_in_the_lake_in_part(
    tmp_path: Path, chunk_lines: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[dict[str, int]] = []
    real = sources.take

    def watched(**chunk: object) -> None:
        real(**chunk)  # type: ignore[arg-type]
        rows = told()
        by_order = {row["order_number"]: 0 for row in rows if row["order_number"]}
        for row in rows:
            if row["order_number"]:
                assert len(row["lines"]) == 3
                by_order[row["order_number"]] += 1
        seen.append(by_order)

    monkeypatch.setattr(sources, "take", watched)
    take_orders(orders(tmp_path / "f.csv", count=12), chunk_lines=chunk_lines)
    assert len(seen) > 1 or chunk_lines == 50
    assert all(count == 2 for by_order in seen for count in by_order.values())


class Nursery:
    """Gives birth to processes that take a file in and are killed."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        assert self._line() == "ready"

    def take(self, path: Path, *, chunk_lines: int, chunks: int) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{path} {chunk_lines} {chunks}\n")
        self._process.stdin.flush()
        child = int(self._line())
        with suppress(ProcessLookupError):
            while True:
                os.kill(child, 0)
                time.sleep(0.002)

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()


@pytest.fixture(scope="module")
def nursery(django_db_setup: None) -> Iterator[Nursery]:
    where = connection.get_connection_params()
    who = quote(where.get("user") or "") + (f":{quote(where['password'])}" if where.get("password") else "")
    host, port = where.get("host", ""), where.get("port", "")
    address = f"postgresql://{who}@/{where['dbname']}?host={quote(host)}" + (f"&port={port}" if port else "")
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.doors.imports.nursery"],
        env=os.environ | {"DATABASE_URL": address},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        yield Nursery(process)
        assert process.stdin is not None
        process.stdin.close()


def test_killed_at_any_chunk_and_gone_on_with_it_ends_as_if_nothing_had_been(tmp_path: Path, nursery: Nursery) -> None:
    path = orders(tmp_path / "f.csv")
    undisturbed = take_orders(path, shop=a_shop("whole"), chunk_lines=20)
    for chunks in (1, -1, 2, 1):
        nursery.take(path, chunk_lines=20, chunks=chunks)
    (state,) = sources_known.imports(shop="tea")
    assert (state.state, state.chunk) == (State.RUNNING, 5)
    half = told()
    report = take_orders(path, chunk_lines=99)
    assert len(half) < len(told())
    assert rows_but(told(), "id", "cause", "shop", "received_us") == rows_but(
        told("whole"), "id", "cause", "shop", "received_us"
    )
    assert (report.buckets, report.booked, report.facts) == (
        undisturbed.buckets,
        undisturbed.booked,
        undisturbed.facts,
    )
    assert len({row["received_us"] for row in told()}) == 1
    assert [path.name for path in shelf("imports").iterdir()] == []


def test_what_a_kill_left_in_the_lakes_folder_is_never_read(tmp_path: Path, nursery: Nursery) -> None:
    path = orders(tmp_path / "f.csv")
    nursery.take(path, chunk_lines=20, chunks=-1)
    live = Segment.objects.count()
    assert files_of_segments() > live
    lake.sweep()
    take_orders(path)
    assert sum(1 for row in told() if row["name"] == "shop.order_placed") == 40


def test_a_full_disk_stops_an_import_that_goes_on_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = orders(tmp_path / "f.csv")
    real, written = lake.write, 0

    def full_at_last(*chunk: object, **how: object) -> object:
        nonlocal written
        written += 1
        if written == 3:
            raise LakeFull(path=shelf("lake"), wanted_bytes=1)
        return real(*chunk, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(lake, "write", full_at_last)
    with pytest.raises(NoRoom):
        take_orders(path, chunk_lines=20)
    (state,) = sources_known.imports()
    assert (state.state, state.chunk, bool(state.error)) == (State.STOPPED, 2, True)
    monkeypatch.undo()
    take_orders(path)
    assert sum(1 for row in told() if row["name"] == "shop.order_placed") == 40


def test_no_room_for_the_refused_lines_is_a_full_disk_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = a_csv(tmp_path / "f.csv", "1,2026-01-05,pot,1,x,c,z", "2,2026-01-05,pot,1,1,c,z")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("shutil.copyfileobj", full)
    with pytest.raises(NoRoom):
        take_orders(path)
    monkeypatch.undo()
    assert take_orders(path).refused_rows == 1


def test_a_database_that_goes_away_in_the_middle_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = orders(tmp_path / "f.csv")
    real, taken = sources.take, 0

    def struck(**chunk: object) -> None:
        nonlocal taken
        taken += 1
        if taken == 3:
            with connection.copy().cursor() as other:
                other.execute("select pg_terminate_backend(%s)", [connection.connection.info.backend_pid])
                other.connection.close()
        real(**chunk)  # type: ignore[arg-type]

    monkeypatch.setattr(sources, "take", struck)
    with pytest.raises(DatabaseGone):
        take_orders(path, chunk_lines=20)
    monkeypatch.undo()
    (state,) = sources_known.imports()
    assert state.chunk == 2
    take_orders(path)
    assert sum(1 for row in told() if row["name"] == "shop.order_placed") == 40


def test_an_import_of_other_files_between_kill_and_resumption_counts_nothing_twice(
    tmp_path: Path, nursery: Nursery
) -> None:
    nursery.take(orders(tmp_path / "f.csv"), chunk_lines=20, chunks=2)
    between = take_orders(orders(tmp_path / "g.csv", count=50))
    report = take_orders(tmp_path / "f.csv")
    numbers = [row["order_number"] for row in told(name="shop.order_placed")]
    assert sorted(numbers, key=int) == [str(n) for n in range(50)]
    assert fates(between)["known"][0] + fates(report)["known"][0] == 120
    assert fates(between)["sold"][1] == Decimal("59.94") * (50 - fates(between)["known"][0] // 3)
