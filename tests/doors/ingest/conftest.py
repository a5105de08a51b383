"""The door, opened in both of its servers."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from django.db import connection
from pytest_django.live_server_helper import LiveServer

from tests.doors.ingest.making import Door, a_shop
from tests.threshold import Threshold


class Process:
    """`zhanggui ingest` in a process group of its own."""

    def __init__(self, *, database: str, home: Path | None = None, **environment: str) -> None:
        self._environment = os.environ | {"DATABASE_URL": database, **environment}
        if home is not None:
            self._environment |= {"ZHANGGUI_HOME": str(home)}
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.start()

    def start(self) -> None:
        """Begin, and wait until it answers."""
        command = [sys.executable, "-m", "zhanggui", "ingest", "--port", str(self.port)]
        self._process = subprocess.Popen(
            command, env=self._environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        while True:
            assert self._process.poll() is None, "zhanggui ingest ended"
            with suppress(OSError):
                Door(host="127.0.0.1", port=self.port).call("GET", "/")
                return
            time.sleep(0.05)

    @property
    def is_up(self) -> bool:
        return self._process.poll() is None

    def kill(self) -> None:
        """At once, workers included."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def end(self) -> None:
        """As a service manager ends it."""
        self._process.terminate()
        self._process.wait(20)


@pytest.fixture
def key(lake_folder: Path) -> str:
    """The write key of the shop `tea`."""
    return a_shop()


@pytest.fixture
def django_door(live_server: LiveServer, threshold: Threshold, key: str) -> Door:
    """The shop's own web server."""
    address = urlsplit(live_server.url)
    return Door(host=address.hostname or "", port=address.port or 0, key=key)


@pytest.fixture(scope="module")
def standing_process(django_db_setup: None) -> Iterator[Process]:
    """A process of its own on the tests' database and home, for all tests of a module."""
    process = Process(database=database_address())
    yield process
    with suppress(ProcessLookupError):
        process.kill()


@pytest.fixture
def own_process(standing_process: Process) -> Process:
    """The same, which a test may kill."""
    if not standing_process.is_up:
        standing_process.start()
    return standing_process


@pytest.fixture
def own_door(standing_process: Process, key: str) -> Door:
    """The process of its own."""
    return Door(host="127.0.0.1", port=standing_process.port, key=key)


@pytest.fixture(params=["django_door", "own_door"])
def door(request: pytest.FixtureRequest) -> Door:
    """Each of the two."""
    found: Door = request.getfixturevalue(request.param)
    return found


def database_address() -> str:
    """Where this test's database is, for another process."""
    where = connection.get_connection_params()
    host, port = where.get("host", ""), where.get("port", "")
    who = quote(where.get("user") or "") + (f":{quote(where['password'])}" if where.get("password") else "")
    return f"postgresql://{who}@/{where['dbname']}?host={quote(host)}" + (f"&port={port}" if port else "")
