"""What was answered with 200 is there, once: killed servers, a killed database, a full disk, a slow one."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import connection
from hypothesis import given

from tests.a_sandbox import eventually
from tests.doors.ingest.conftest import Process, database_address
from tests.doors.ingest.making import Door, an_event, as_id
from tests.spine.sightings.events import SHOP, sent
from tests.spine.sightings.test_events import EVENTS
from zhanggui.base.database.server import Server, throwaway
from zhanggui.base.errors import Unreachable
from zhanggui.base.home import shelf
from zhanggui.doors.ingest.batcher import Batcher, Delivery
from zhanggui.doors.ingest.errors import KeeperBroken, TooMuchWaiting
from zhanggui.doors.ingest.keeper import Recent, table
from zhanggui.insight.lake import queries as lake
from zhanggui.insight.lake.actions import files
from zhanggui.insight.lake.models import Segment
from zhanggui.insight.lake.rules import EVENTS as LAKE_COLUMNS
from zhanggui.spine.sightings.rules.wire import Call

ALWAYS = (date.min, date.max)


@pytest.fixture
def own_door(own_process: Process, key: str) -> Door:
    """The process of its own, which these tests kill."""
    return Door(host="127.0.0.1", port=own_process.port, key=key)


def ids_in_lake() -> list[UUID]:
    """Every event that a question to the lake meets."""
    return [id for (id,) in lake.ask(f"select id from {lake.events('tea', *ALWAYS)}")]


def rows_in_lake() -> list[UUID]:
    """Every row of every live file, twins included."""
    live = {str(id) for id in Segment.objects.filter(retired_at=None).values_list("id", flat=True)}
    paths = [str(path) for path in shelf("lake").rglob("*.parquet") if path.stem in live]
    return [id for (id,) in lake.ask(f"select id from read_parquet({paths}, hive_partitioning = false)")]


def a_batch() -> list[dict[str, Any]]:
    return [an_event(timestamp=datetime.now(UTC).isoformat()) for _ in range(20)]


class Client:
    """Sends batches one after the other, each again and again until somebody answers 200."""

    def __init__(self, door: Door) -> None:
        self.door = door
        self.sent: list[dict[str, Any]] = []
        self.kept_at_once: list[dict[str, Any]] = []
        self.is_done = threading.Event()

    def work(self) -> None:
        while not self.is_done.is_set():
            batch = a_batch()
            self.sent += batch
            if self._try(batch):
                self.kept_at_once += batch
            else:
                while not self._try(batch):
                    time.sleep(0.02)

    def _try(self, batch: list[dict[str, Any]]) -> bool:
        try:
            return self.door.batch(*batch).status == 200
        except OSError:
            return False


def some_more_are_kept(clients: list[Client]) -> None:
    """Wait until ten more batches were kept at once."""
    known = sum(len(client.kept_at_once) for client in clients)
    eventually(lambda: sum(len(client.kept_at_once) for client in clients) >= known + 200, seconds=60.0)


@pytest.mark.django_db(transaction=True)
def test_a_killed_server_loses_nothing_it_answered_for_and_nothing_counts_twice(
    own_process: Process, own_door: Door
) -> None:
    clients = [Client(own_door) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        work = [pool.submit(client.work) for client in clients]
        for _ in range(2):
            some_more_are_kept(clients)
            own_process.kill()
            own_process.start()
        some_more_are_kept(clients)
        for client in clients:
            client.is_done.set()
        for one in work:
            one.result(30)
    rows, told = Counter(rows_in_lake()), Counter(ids_in_lake())
    every = {as_id(event) for client in clients for event in client.sent}
    at_once = {as_id(event) for client in clients for event in client.kept_at_once}
    assert told == Counter(every)
    assert {rows[id] for id in at_once} == {1}
    assert len(at_once) < len(every), "no batch was hit by a kill; the test proves nothing"


@pytest.mark.django_db(transaction=True)
def test_a_server_that_is_told_to_end_finishes_what_it_took(own_process: Process, own_door: Door) -> None:
    with ThreadPoolExecutor(8) as pool:
        batches = [a_batch() for _ in range(40)]
        answers = [pool.submit(own_door.batch, *batch) for batch in batches]
        time.sleep(0.05)
        own_process.end()
    kept = [
        as_id(event)
        for batch, answer in zip(batches, answers, strict=True)
        if answer.exception() is None and answer.result().status == 200
        for event in batch
    ]
    assert kept
    assert set(kept) <= set(rows_in_lake())


@pytest.fixture
def a_server_to_kill(tmp_path: Path) -> Iterator[Server]:
    """A database of its own, with the tables that the door needs, and a shop."""
    with throwaway() as server:
        environment = os.environ | {"DATABASE_URL": server.url, "ZHANGGUI_HOME": str(tmp_path)}
        subprocess.run([sys.executable, "-m", "tests.doors.ingest.prepare"], env=environment, check=True)
        yield server


def test_a_killed_database_keeps_nothing_back_and_all_goes_on_by_itself(
    a_server_to_kill: Server, tmp_path: Path
) -> None:
    process = Process(database=a_server_to_kill.url, home=tmp_path)
    door = Door(host="127.0.0.1", port=process.port, key=(tmp_path / "key").read_text())
    try:
        before, during, after = a_batch(), a_batch(), a_batch()
        assert door.batch(*before).status == 200
        os.kill(a_server_to_kill.pid or 0, 9)
        said = door.batch(*during)
        files_then = len(list(tmp_path.rglob("*.parquet")))
        assert door.batch(*during).status == 503
        assert len(list(tmp_path.rglob("*.parquet"))) == files_then
        assert (said.status, said.json["code"], said.headers["retry-after"]) == (503, "database_gone", "5")
        a_server_to_kill.keep_up()
        assert door.batch(*after).status == 200
        assert door.batch(*during).status == 200
    finally:
        process.kill()
    environment = os.environ | {"DATABASE_URL": a_server_to_kill.url, "ZHANGGUI_HOME": str(tmp_path)}
    command = [sys.executable, "-m", "tests.doors.ingest.prepare", "count"]
    counted = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    assert sorted(counted.stdout.split()) == sorted(str(as_id(event)) for event in before + during + after)


@pytest.mark.django_db(transaction=True)
def test_a_full_disk_is_said_and_nothing_is_promised(django_door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    event = an_event()
    with monkeypatch.context() as full:
        full.setattr(files.os, "write", refuse)
        said = django_door.batch(event)
    assert (said.status, said.json["code"]) == (503, "disk_full")
    assert ids_in_lake() == []
    assert django_door.batch(event).status == 200
    assert ids_in_lake() == [as_id(event)]


@pytest.mark.django_db(transaction=True)
def test_a_restarted_database_is_not_noticed_by_the_next_request(own_door: Door) -> None:
    assert own_door.batch(an_event()).status == 200
    end_sessions_of_others()
    assert own_door.batch(an_event()).status == 200
    assert len(ids_in_lake()) == 2


def end_sessions_of_others() -> None:
    """What a restart of the database does to kept connections."""
    with psycopg.connect(database_address(), autocommit=True) as other:
        other.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where datname = current_database() and pid <> pg_backend_pid() and application_name = 'zhanggui'"
            " and pid <> %s",
            [django_backend()],
        )


def django_backend() -> int:
    with connection.cursor() as cursor:
        cursor.execute("select pg_backend_pid()")
        return int(cursor.fetchone()[0])


def a_delivery(size_bytes: int = 100) -> Delivery:
    return Delivery(shop=SHOP, reading=sent({"event": "A"}), size_bytes=size_bytes)


class SlowKeeper:
    """Keeps nothing until it is let."""

    def __init__(self) -> None:
        self.let = threading.Event()
        self.groups: list[int] = []

    def keep(self, group: Any) -> None:
        self.groups.append(len(group))
        assert self.let.wait(10)


def test_what_comes_while_one_group_is_written_is_the_next_group() -> None:
    keeper = SlowKeeper()
    batcher = Batcher(keeper.keep, most_waiting_bytes=10_000)
    first = batcher.put(a_delivery())
    while not keeper.groups:
        time.sleep(0.001)
    rest = [batcher.put(a_delivery()) for _ in range(5)]
    assert not first.done()
    keeper.let.set()
    for one in (first, *rest):
        assert one.result(10) is None
    assert keeper.groups == [1, 5]
    batcher.close()


def test_more_than_memory_is_set_aside_for_is_refused() -> None:
    keeper = SlowKeeper()
    batcher = Batcher(keeper.keep, most_waiting_bytes=200)
    batcher.put(a_delivery())
    while not keeper.groups:
        time.sleep(0.001)
    batcher.put(a_delivery())
    batcher.put(a_delivery())
    with pytest.raises(TooMuchWaiting):
        batcher.put(a_delivery())
    keeper.let.set()
    batcher.close()
    assert sum(keeper.groups) == 3


def test_a_bug_while_writing_is_loud_and_leaves_nobody_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[threading.ExceptHookArgs] = []
    monkeypatch.setattr(threading, "excepthook", heard.append)
    others_wait = threading.Event()
    calls: list[int] = []

    def keep(group: Any) -> None:
        calls.append(len(group))
        if len(calls) == 1:
            assert others_wait.wait(10)
            raise ZeroDivisionError

    batcher = Batcher(keep, most_waiting_bytes=1_000)
    broken = batcher.put(a_delivery())
    while not calls:
        time.sleep(0.001)
    waiting = batcher.put(a_delivery())
    others_wait.set()
    with pytest.raises(KeeperBroken):
        broken.result(10)
    assert waiting.result(10) is None
    assert batcher.put(a_delivery()).result(10) is None
    batcher.close()
    assert [one.exc_type for one in heard] == [ZeroDivisionError]


def test_a_known_failure_is_told_to_everybody_in_the_group() -> None:
    class Gone(Unreachable):
        """Away."""

    def keep(_: Any) -> None:
        raise Gone

    batcher = Batcher(keep, most_waiting_bytes=1_000)
    for kept in [batcher.put(a_delivery()) for _ in range(3)]:
        with pytest.raises(Gone):
            kept.result(10)
    batcher.close()


def test_ids_are_known_for_two_generations_and_by_shop() -> None:
    recent = Recent()
    recent.MOST = 3
    rows = [sent({"event": "A", "messageId": f"m{number}"}).sightings[0] for number in range(8)]
    assert recent.fresh([rows[0], rows[0]], shop="tea") == [rows[0]]
    recent.remember(rows[:4], shop="tea")
    assert recent.fresh(rows[:5], shop="tea") == [rows[4]]
    assert len(recent.fresh(rows[:4], shop="other")) == 4
    recent.remember(rows[4:8], shop="tea")
    assert len(recent.fresh(rows[:4], shop="tea")) == 4
    assert recent.fresh(rows[4:8], shop="tea") == []


@given(EVENTS, EVENTS)
def test_every_row_fits_the_lakes_columns(one: dict[str, Any], other: dict[str, Any]) -> None:
    rows = sent({"batch": [one, other, an_event()]}, call=Call.BATCH).sightings
    made = table(rows, shop=SHOP)
    assert made.schema == LAKE_COLUMNS
    assert made.num_rows == len(rows)
    made.validate(full=True)
