"""Killed at any moment, nothing is lost and nothing is there twice: real processes, real SIGKILLs."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote
from uuid import UUID

import pytest
from django.db import connection, transaction

from tests.insight.lake.making import a_shop, append, batch, execute, files_in_lake, ids_in_lake, rows_of
from zhanggui.base.operation.rules import customer
from zhanggui.insight.lake import actions, handlers, queries
from zhanggui.insight.lake.models import RollupFile, Segment
from zhanggui.spine.facts.shop import CustomerRegistered
from zhanggui.spine.log.actions import Told, record_all
from zhanggui.spine.log.rules import Trail
from zhanggui.spine.relay.actions import drain

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("lake_folder")]

BATCHES = 60
FACTS = 600
KILLS = 24


class Nursery:
    """Gives birth to processes that have a role, and kills them."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        assert self._line() == "ready"

    def start(self, role: str, argument: int) -> int:
        """A new process at work in that role; its number."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{role} {argument}\n")
        self._process.stdin.flush()
        return int(self._line())

    def kill(self, pid: int) -> None:
        """At once, whatever it is at."""
        os.kill(pid, signal.SIGKILL)
        self.wait(pid)

    def wait(self, pid: int) -> None:
        """Until it is gone, and its database session too."""
        while is_alive(pid):
            time.sleep(0.001)

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()


def is_alive(pid: int) -> bool:
    with suppress(ProcessLookupError):
        os.kill(pid, 0)
        return True
    return False


@pytest.fixture(scope="module")
def nursery(django_db_setup: None) -> Iterator[Nursery]:
    """Makes processes that work on the tests' database and home."""
    where = connection.get_connection_params()
    host, port = where.get("host", ""), where.get("port", "")
    who = quote(where.get("user") or "") + (f":{quote(where['password'])}" if where.get("password") else "")
    address = f"postgresql://{who}@/{where['dbname']}?host={quote(host)}" + (f"&port={port}" if port else "")
    command = [sys.executable, "-m", "tests.insight.lake.nursery"]
    environment = os.environ | {"DATABASE_URL": address, "PYTHONPATH": os.pathsep.join([*sys.path, "."])}
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment, cwd=Path.cwd()
    ) as process:
        yield Nursery(process)
        assert process.stdin is not None
        process.stdin.close()


# Sessions that stood before a test's children were born: threads of earlier tests in this process.
_STOOD: set[int] = set()
_OTHERS = "select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"


@pytest.fixture(autouse=True)
def who_stands(transactional_db: None) -> None:
    """Note the sessions that are none of this test's."""
    _STOOD.clear()
    _STOOD.update(pid for (pid,) in execute(_OTHERS))


def wait_for_sessions() -> None:
    """Until the server has noticed that the killed are gone: what they had not committed is rolled back then."""
    for _ in range(1_000):
        if not {pid for (pid,) in execute(_OTHERS)} - _STOOD:
            return
        time.sleep(0.01)
    raise AssertionError("a killed process still has a session")


def tell(count: int) -> list[UUID]:
    trail = Trail(shop="tea", person="c1")
    with transaction.atomic():
        told = [Told(fact=CustomerRegistered(customer_id=f"{n}"), by=customer("c"), trail=trail) for n in range(count)]
        return list(record_all(told))


def age_and_sweep() -> None:
    """As a sweep would find things some hours later."""
    long_ago = time.time() - 2 * 3600
    for path in files_in_lake():
        os.utime(path, (long_ago, long_ago))
    for model in (Segment, RollupFile):
        model.objects.filter(retired_at__isnull=False).update(retired_at="2026-01-01T00:00Z")
    actions.sweep()


def live_files() -> set[str]:
    live = [model.objects.filter(retired_at=None).values_list("id", flat=True) for model in (Segment, RollupFile)]
    return {f"{id}.parquet" for ids in live for id in ids}


def test_writer_relay_and_house_keeper_killed_in_the_middle_lose_nothing_and_double_nothing(nursery: Nursery) -> None:
    a_shop()
    told = tell(FACTS)
    rng = random.Random(20261122)
    roles = {"write": BATCHES, "relay": 7, "tidy": 0}
    at_work = {role: nursery.start(role, argument) for role, argument in roles.items()}
    killed = Counter[str]()
    for turn in range(KILLS):
        time.sleep(rng.uniform(0.01, 0.12))
        role = list(roles)[turn % 3]
        nursery.kill(at_work[role])
        killed[role] += 1
        at_work[role] = nursery.start(role, roles[role])
    for pid in at_work.values():
        nursery.kill(pid)
    wait_for_sessions()

    assert len(ids_in_lake()) == len(set(ids_in_lake()))
    for number in range(BATCHES):
        append(f"w{number}", *batch(number))
    drain(handlers.reader)
    actions.roll()
    assert killed == {"write": 8, "relay": 8, "tidy": 8}
    sighted = [event.id for number in range(BATCHES) for event in batch(number)]
    assert sorted(ids_in_lake()) == sorted([*sighted, *told])
    assert sum(row["pv"] for row in rows_of("visits")) == len(sighted)
    assert queries.verify("tea").problems == ()
    age_and_sweep()
    assert {path.name for path in files_in_lake()} == live_files()
    assert sorted(ids_in_lake()) == sorted([*sighted, *told])


@pytest.mark.parametrize(
    ("death", "is_there"), [("die_after_writing", False), ("die_before_commit", False), ("die_after_commit", True)]
)
def test_a_delivery_stands_from_its_commit_on_and_not_before(nursery: Nursery, death: str, is_there: bool) -> None:
    nursery.wait(nursery.start(death, 1))
    wait_for_sessions()
    assert len(files_in_lake()) == 3
    assert len(ids_in_lake()) == (5 if is_there else 0)
    assert append("w1", *batch(1)).is_new is not is_there
    age_and_sweep()
    assert sorted(ids_in_lake()) == sorted(event.id for event in batch(1))
    assert len(files_in_lake()) == 3
