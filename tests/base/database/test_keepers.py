"""The process that keeps the server is told to end, or killed, or not alone."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from tests.base.database.stage import Keeper, eventually, lives, needs_root, rows, write_row

from zhanggui.base.database.place import Place, place_of

Start = Callable[..., Keeper]


def place_for(home: Path, *, uid: int) -> Place:
    """Where the server is for the account that keeps it."""
    return place_of(home) if uid == os.geteuid() else Place(home=home, folder=home / "postgres", account=None)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_keeper_that_is_told_to_end_leaves_no_server_behind(how: signal.Signals, home: Path, keeper: Start) -> None:
    kept = keeper(home)
    server = kept.server_pid

    code = kept.end(how)

    assert code == 0
    assert not lives(server)
    assert list(place_of(home).sockets.iterdir()) == []


def test_a_killed_keeper_takes_its_server_along_and_the_next_start_finds_every_row(
    uid: int, empty_home: Path, keeper: Start
) -> None:
    first = keeper(empty_home, uid=uid)
    server = first.server_pid
    url = place_for(empty_home, uid=uid).url
    write_row(url, "before the kill")

    first.end(signal.SIGKILL)

    assert eventually(lambda: not lives(server))
    keeper(empty_home, uid=uid).says("READY")
    assert rows(url) == ["before the kill"]


def test_a_keeper_and_a_server_killed_together_come_back_with_every_row(home: Path, keeper: Start) -> None:
    first = keeper(home)
    url = place_of(home).url
    first.says("READY")
    write_row(url, "before the kill")

    os.kill(first.server_pid, signal.SIGKILL)
    first.end(signal.SIGKILL)

    keeper(home).says("READY")
    assert rows(url) == ["before the kill"]


def test_a_killed_server_comes_back_with_every_row(home: Path, keeper: Start) -> None:
    kept = keeper(home)
    url = place_of(home).url
    kept.says("READY")
    write_row(url, "before the kill")

    os.kill(kept.server_pid, signal.SIGKILL)

    assert kept.says("DIED") == "DIED signal 9"
    kept.says("BACK")
    assert rows(url) == ["before the kill"]


def test_of_two_starts_at_once_one_keeps_the_home_and_the_other_says_who(empty_home: Path, keeper: Start) -> None:
    both = [keeper(empty_home), keeper(empty_home)]

    loser = eventually(lambda: next((one for one in both if one.process.poll() is not None), None))

    assert loser is not None
    assert loser.process.returncode == 3
    winner = both[1 - both.index(loser)]
    assert f"pid={winner.process.pid}" in loser.says("AlreadyRunning")
    assert lives(winner.server_pid)


@needs_root
def test_nobody_else_on_the_machine_can_open_the_socket(home: Path, keeper: Start) -> None:
    keeper(home).says("READY")
    url = place_of(home).url

    child = os.fork()
    if child == 0:
        os.setgroups([])
        os.setgid(54321)
        os.setuid(54321)
        try:
            psycopg.connect(url).close()
        except psycopg.OperationalError as closed:
            os._exit(7 if "Permission denied" in str(closed) else 8)
        os._exit(0)

    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
