"""The whole house is opened, hurt and closed: real processes, a real database, real pages."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from tests.base.database.stage import SOURCE, a_home, eventually, lives

from zhanggui.base.database import postmaster
from zhanggui.base.database.place import place_of

pytestmark = pytest.mark.dear
OPENING_SECONDS = 240.0
CLOSING_SECONDS = 120.0


@dataclass(slots=True, kw_only=True)
class House:
    """A running `zhanggui run` and what it said; opening one is dear, so that all tests share it."""

    process: subprocess.Popen[bytes]
    home: Path
    port: int
    log: Path

    @property
    def said(self) -> str:
        return self.log.read_text()

    @property
    def first_said(self) -> str:
        """What was said when it was opened for the first time."""
        return (self.home / "said-0").read_text()

    @property
    def is_open(self) -> bool:
        return "Ctrl-C closes it" in self.said

    def open_again(self) -> None:
        """On the same home and port, after its process is gone."""
        again = opened(self.home, port=self.port)
        self.process, self.log = again.process, again.log

    def page_status(self) -> int:
        """The status of the home page; 0 if nobody answers."""
        page = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            page.request("GET", "/")
            return page.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            page.close()

    def processes(self) -> dict[str, int]:
        """The direct children by what they are; asked so often that starting `ps` each time would keep a core busy."""
        signs = {"web": "-m granian", "worker": "zhanggui worker", "relay": "zhanggui relay", "server": "postgres -D"}
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        lines = {int(pid): line_of(pid) for pid in children}
        return {name: pid for pid, line in lines.items() for name, sign in signs.items() if sign in line}


def line_of(pid: str) -> str:
    """The words that a process was started with; none if it is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except (FileNotFoundError, ProcessLookupError):
        return ""


def a_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def a_command(home: Path, *words: str, database_url: str = "") -> dict[str, object]:
    """The arguments that start `zhanggui WORDS` on this home as a process of its own."""
    environment = {**os.environ, "ZHANGGUI_HOME": str(home), "PYTHONPATH": str(SOURCE), "LC_ALL": "C.UTF-8"}
    environment |= {"DATABASE_URL": database_url, "DJANGO_SETTINGS_MODULE": "zhanggui.config.settings"}
    return {"args": [sys.executable, "-m", "zhanggui", *words], "env": environment, "cwd": "/"}


def opened(home: Path, *, port: int) -> House:
    """A house that has said where it is."""
    log = home / f"said-{len(list(home.glob('said-*')))}"
    with log.open("wb") as out:
        process = subprocess.Popen(**a_command(home, "run", "--no-demo", "--port", str(port)), stdout=out, stderr=out)
    house = House(process=process, home=home, port=port, log=log)
    eventually(lambda: house.is_open or process.poll() is not None, seconds=OPENING_SECONDS)
    if not house.is_open:
        process.send_signal(signal.SIGINT)
        process.wait(CLOSING_SECONDS)
        raise AssertionError(house.said)
    return house


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with a_home() as home:
        one = opened(home, port=a_free_port())
        yield one
        one.process.send_signal(signal.SIGINT)
        assert one.process.wait(CLOSING_SECONDS) == 0
        assert postmaster.serving(place_of(home)) is None


def test_an_open_house_says_where_it_is_and_how_its_owner_signs_in(house: House) -> None:
    found = re.search(r"Sign in +(\S+) +((?:[0-9a-f]{6}-?){3}) ", house.first_said)

    assert found, house.first_said
    assert f"http://127.0.0.1:{house.port}/console/" in house.first_said
    with psycopg.connect(place_of(house.home).url) as connection:
        owners = connection.execute("select email, role from base_accounts_account").fetchall()
    assert owners == [(found[1], "owner")]
    assert house.page_status()


def test_a_second_house_on_the_same_home_is_refused_and_the_first_goes_on(house: House) -> None:
    second = subprocess.run(
        **a_command(house.home, "run", "--port", str(a_free_port())), capture_output=True, text=True, check=False
    )

    assert second.returncode == 3
    assert f"Zhanggui already runs here: process {house.process.pid}" in second.stderr
    assert house.page_status()


def test_a_taken_port_is_refused_with_what_to_do(house: House, tmp_path: Path) -> None:
    url = place_of(house.home).url

    other = subprocess.run(
        **a_command(tmp_path, "run", "--port", str(house.port), database_url=url),
        capture_output=True,
        text=True,
        check=False,
    )

    assert other.returncode == 5
    assert f"Another program already listens on port {house.port}" in other.stderr
    assert "zhanggui run --port" in other.stderr


def test_the_doctor_finds_nothing_bad_in_an_open_house(house: House) -> None:
    def examined() -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            **a_command(house.home, "doctor", "--port", str(house.port)), capture_output=True, text=True, check=False
        )

    doctor = examined()
    if "stands still" in doctor.stdout:  # a reader that lost its server a moment ago rests for some seconds
        time.sleep(4)
        doctor = examined()

    assert doctor.returncode == 0, doctor.stdout
    assert f"kept by process {house.process.pid}" in doctor.stdout
    assert "✓ migrations: all steps are applied" in doctor.stdout


@pytest.mark.parametrize(
    ("name", "told"), [("server", "The database server died (signal 9)"), ("web", "web ended (signal 9)")]
)
def test_what_is_killed_is_named_and_comes_back(name: str, told: str, house: House) -> None:
    killed, status = eventually(lambda: house.processes().get(name)), house.page_status()
    assert killed

    os.kill(killed, signal.SIGKILL)

    assert eventually(lambda: told in house.said)
    assert eventually(lambda: house.processes().get(name) not in (None, killed))
    assert eventually(lambda: house.page_status() == status)
    assert not lives(killed)


def test_a_killed_house_leaves_no_process_and_opens_again_with_the_same_owner(house: House) -> None:
    pids = [*eventually(lambda: len(now := house.processes()) == 4 and now).values()]

    house.process.kill()
    house.process.wait()

    assert eventually(lambda: not any(lives(pid) for pid in pids))
    house.open_again()
    assert "as before" in house.said
    assert house.page_status()
