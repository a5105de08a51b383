"""What the doctor finds on this machine, and what it tells people to do."""

from __future__ import annotations

import os
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner
from tests.base.database.stage import a_bystander, a_home, a_server, copy_home, left_behind, needs_root

from zhanggui.base.database.place import place_of
from zhanggui.base.errors import Refused
from zhanggui.base.health import Check, State
from zhanggui.doors.commands import checks, doctor
from zhanggui.doors.commands.findings import Finding, find
from zhanggui.doors.commands.rules import Address


@pytest.fixture
def empty_house(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home of our own database in which nothing is yet."""
    with a_home() as folder:
        monkeypatch.setenv("ZHANGGUI_HOME", str(folder))
        monkeypatch.delenv("DATABASE_URL", raising=False)
        yield folder


@pytest.fixture(scope="module")
def house_with_a_database() -> Iterator[Path]:
    with a_home() as folder:
        with a_server(folder):
            pass
        yield folder


@pytest.fixture
def house(empty_house: Path, house_with_a_database: Path) -> Path:
    """A home that was opened and closed once."""
    copy_home(house_with_a_database, empty_house)
    return empty_house


def a_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def examined(*arguments: str) -> tuple[int, dict[str, Finding]]:
    """The doctor's exit code and findings by name."""
    result = CliRunner().invoke(doctor.command, ["--json", "--port", str(a_free_port()), *arguments])
    found = msgspec.json.decode(result.stdout, type=list[Finding])
    return result.exit_code, {each.name: each for each in found}


def test_a_fresh_machine_has_nothing_bad_and_is_told_how_to_start(empty_house: Path) -> None:
    code, found = examined()

    assert code == 0
    assert {name: finding.state for name, finding in found.items()} == {
        "python": State.GOOD,
        "home_folder": State.GOOD,
        "disk_space": State.GOOD,
        "data_folder": State.WATCH,
        "database_server": State.WATCH,
        "database_connection": State.WATCH,
        "database_clock": State.WATCH,
        "port": State.GOOD,
        "program": State.WATCH,
    }
    assert found["database_server"].mend == "Start it: zhanggui run"


def test_a_running_server_is_good_with_the_numbers_of_its_processes(house: Path) -> None:
    with a_server(house) as server:
        kept = find(Check(name="database_server", look=checks.database_server))

        assert kept.state is State.GOOD
        assert kept.said == f"process {server.pid}, kept by process {os.getpid()}"
        assert checks.database_connection().said == "PostgreSQL 18"
        assert checks.database_clock().state is State.GOOD
        assert checks.data_folder().state is State.GOOD


def test_a_server_that_nobody_keeps_is_pointed_out(house: Path) -> None:
    with left_behind(place_of(house)) as left:
        found = checks.database_server()

    assert found.state is State.WATCH
    assert f"process {left.pid} was left behind" in found.said


def test_a_note_that_names_a_foreign_process_is_pointed_out(house: Path) -> None:
    with a_bystander() as pid:
        (place_of(house).data / "postmaster.pid").write_text(f"{pid}\n")

        found = checks.database_server()

    assert found.state is State.WATCH
    assert found.said == "not running; postmaster.pid names a process that is no database"


def test_a_folder_of_an_older_version_is_bad_and_the_exit_code_says_so(house: Path) -> None:
    (place_of(house).data / "PG_VERSION").write_text("16\n")

    code, found = examined()

    assert code == 1
    assert found["data_folder"].state is State.BAD
    assert "made by PostgreSQL 16; this Zhanggui brings PostgreSQL 18" in found["data_folder"].said
    assert found["data_folder"].mend


def test_a_server_behind_a_wrong_address_is_bad_and_shows_no_password(
    house: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"postgresql://someone:secret@/shop?host={house}")

    code, found = examined()

    assert code == 1
    assert found["database_connection"].state is State.BAD
    assert found["database_server"].said == "postgresql://someone@/shop"
    assert "secret" not in "".join(str(finding) for finding in found.values())


def test_a_taken_port_is_pointed_out_with_what_to_do(house: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        found = checks.port(Address(host="127.0.0.1", port=other.getsockname()[1]))

    assert found.state is State.WATCH
    assert "zhanggui run --port" in found.mend


@needs_root
def test_a_disk_without_room_is_bad(empty_house: Path) -> None:
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(empty_house)], capture_output=True)
    if mounted.returncode != 0:
        pytest.skip("this machine lets us mount nothing")

    found = checks.disk_space()

    subprocess.run(["umount", str(empty_house)], check=True)
    assert found.state is State.BAD
    assert found.said == "1 MB are free"


@pytest.mark.parametrize(
    ("seconds", "state"), [(0.0, State.GOOD), (2.0, State.GOOD), (2.1, State.WATCH), (60, State.WATCH), (61, State.BAD)]
)
def test_clocks_that_differ_are_watched_from_two_seconds_and_bad_from_a_minute(seconds: float, state: State) -> None:
    assert checks.judge_clock(seconds).state is state


def test_a_refusal_inside_a_check_is_a_bad_finding() -> None:
    class TooHot(Refused):
        """The machine room is too hot."""

    def look() -> None:
        raise TooHot

    found = find(Check(name="heat", look=look))  # type: ignore[arg-type]

    assert found == Finding(name="heat", state=State.BAD, said="The machine room is too hot.", mend="")
