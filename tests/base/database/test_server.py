"""One server on one home: how it comes up, what it refuses, what it clears away."""

from __future__ import annotations

import os
import shutil
import signal
from pathlib import Path

import psycopg
import pytest
from tests.base.database.stage import a_bystander, a_server, eventually, left_behind, lives, rows, write_row

from zhanggui.base.database import server as servers
from zhanggui.base.database.errors import (
    AlreadyRunning,
    CannotStart,
    NotYours,
    UnreadableFolder,
    WrongVersion,
)
from zhanggui.base.database.place import SHORT_FOLDER, SOCKET_NAME, place_of
from zhanggui.base.database.server import News, Server, Turn, throwaway
from zhanggui.base.database.tuning import shared_mb


def test_a_fresh_home_gives_a_database_that_only_its_socket_leads_to(empty_home: Path) -> None:
    with Server(empty_home) as server, psycopg.connect(server.url) as connection:
        shown = {
            name: connection.execute("select current_setting(%s)", [name]).fetchone()
            for name in ("listen_addresses", "data_checksums", "jit", "fsync", "server_encoding", "synchronous_commit")
        }
        assert {name: row and row[0] for name, row in shown.items()} == {
            "listen_addresses": "",
            "data_checksums": "on",
            "jit": "off",
            "fsync": "on",
            "server_encoding": "UTF8",
            "synchronous_commit": "on",
        }
        assert connection.execute("select current_user, current_database(), lower('ÄÖ掌柜')").fetchone() == (
            "zhanggui",
            "zhanggui",
            "äö掌柜",
        )
        access = connection.execute("select type, auth_method from pg_hba_file_rules").fetchall()
        assert access == [("local", "trust")]
        folders = (server.place.folder, server.place.data, server.place.sockets)
        assert [folder.stat().st_mode & 0o777 for folder in folders] == [0o700] * 3


def test_a_stopped_server_leaves_no_process_and_keeps_its_rows(home: Path) -> None:
    with a_server(home) as server:
        pid = server.pid
        write_row(server.url, "kept")

    assert pid is not None
    assert not lives(pid)
    assert not (server.place.data / "postmaster.pid").exists()
    assert list(server.place.sockets.iterdir()) == []
    with a_server(home) as again:
        assert rows(again.url) == ["kept"]


def test_a_second_server_on_the_same_home_is_refused_and_told_who_keeps_it(home: Path) -> None:
    with a_server(home) as first:
        with pytest.raises(AlreadyRunning) as refused:
            a_server(home).start()

        assert refused.value.pid == os.getpid()
        assert refused.value.since.startswith("20")
        write_row(first.url, "the first goes on")


def test_a_note_whose_number_lives_on_as_another_process_is_cleared_away(home: Path) -> None:
    with a_server(home) as server:
        write_row(server.url, "kept")
    with a_bystander() as pid:
        (server.place.data / "postmaster.pid").write_text(f"{pid}\n{server.place.data}\n1\n5432\n\n\n\nready\n")
        (server.place.sockets / f"{SOCKET_NAME}.lock").write_text(f"{pid}\n")
        (server.place.sockets / SOCKET_NAME).touch()

        with a_server(home) as again:
            assert rows(again.url) == ["kept"]
        assert lives(pid)


def test_a_server_left_behind_is_ended_and_its_rows_are_there(home: Path) -> None:
    place = place_of(home)
    told: list[News] = []
    with left_behind(place) as left:
        write_row(place.url, "written to the one left behind")

        with a_server(home, told=told) as server:
            assert server.pid != left.pid
            assert rows(server.url) == ["written to the one left behind"]

        assert News(turn=Turn.ENDING_LEFTOVER, detail=str(left.pid)) in told
        assert left.wait() == 0


def test_a_server_that_cannot_come_back_is_given_up_with_its_own_words(home: Path) -> None:
    with a_server(home) as server:
        assert server.pid is not None
        control = server.place.data / "global" / "pg_control"
        whole = control.read_bytes()
        os.kill(server.pid, signal.SIGKILL)
        assert eventually(lambda: server.pid is None)
        control.write_bytes(b"\0" * len(whole))

        with pytest.raises(CannotStart) as given_up:
            server.keep_up()

        assert "FATAL" in given_up.value.reason
        assert given_up.value.log == server.place.log


def test_a_folder_that_lost_its_control_file_is_refused_and_left_as_it_is(home: Path) -> None:
    data = place_of(home).data
    (data / "global" / "pg_control").unlink()

    with pytest.raises(UnreadableFolder):
        a_server(home).start()

    assert (data / "PG_VERSION").exists()


def test_a_folder_of_an_older_version_is_refused_and_left_as_it_is(home: Path) -> None:
    data = place_of(home).data
    (data / "PG_VERSION").write_text("16\n")

    with pytest.raises(WrongVersion) as refused:
        a_server(home).start()

    assert (refused.value.found, refused.value.wanted) == ("16", "18")
    assert (data / "PG_VERSION").read_text() == "16\n"


def test_what_a_killed_making_of_the_folder_left_is_cleared_away(empty_home: Path) -> None:
    half = empty_home / "postgres" / "making-half"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")

    with a_server(empty_home) as server:
        assert server.pid

    assert not half.exists()


def test_a_home_on_a_long_path_gets_a_short_socket_folder_that_is_closed(empty_home: Path) -> None:
    long_home = empty_home / ("d" * 60) / ("e" * 60)
    long_home.mkdir(mode=0o711, parents=True)
    (empty_home / ("d" * 60)).chmod(0o711)

    with a_server(long_home) as server:
        sockets = server.place.sockets
        assert sockets.parent == SHORT_FOLDER
        assert sockets.stat().st_mode & 0o777 == 0o700
        assert place_of(long_home).url == server.url
        write_row(server.url, "reached")
    shutil.rmtree(sockets)


def test_a_short_socket_folder_that_somebody_else_laid_there_is_refused(empty_home: Path) -> None:
    long_home = empty_home / ("d" * 60) / ("e" * 60)
    long_home.mkdir(mode=0o711, parents=True)
    (empty_home / ("d" * 60)).chmod(0o711)
    trap = place_of(long_home).sockets
    trap.symlink_to(empty_home)

    with pytest.raises(NotYours) as refused:
        a_server(long_home).start()

    trap.unlink()
    assert refused.value.path == trap


def test_a_throwaway_server_is_gone_with_its_folder_and_so_are_those_of_killed_sessions() -> None:
    killed = SHORT_FOLDER / "zhanggui-throwaway-killed"
    killed.mkdir(exist_ok=True)
    (killed / "server.lock").touch()
    os.utime(killed, (0, 0))

    with throwaway() as server:
        home, pid = server.place.home, server.pid
        write_row(server.url, "for a moment")

    assert pid is not None
    assert not lives(pid)
    assert not home.exists()
    assert not killed.exists()


def test_the_log_is_kept_small_and_the_server_writes_on(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(servers, "LONGEST_LOG_BYTES", 10)
    with a_server(home) as server:
        server.keep_up()

        assert server.place.log.stat().st_size == 0
        with psycopg.connect(server.url) as connection, pytest.raises(psycopg.errors.DivisionByZero):
            connection.execute("select 1/0")
        assert "division by zero" in server.place.log.read_text()
    assert "ready to accept" in (server.place.folder / "server.log.old").read_text()


@pytest.mark.parametrize(("memory_gb", "expected_mb"), [(0.125, 32), (1, 128), (2, 256), (4, 512), (64, 512)])
def test_shared_buffers_take_an_eighth_of_the_memory(memory_gb: float, expected_mb: int) -> None:
    assert shared_mb(int(memory_gb * 2**30)) == expected_mb
