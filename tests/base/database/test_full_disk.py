"""A disk that fills up: a clear word, and every row that was committed is there once there is room again."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest
from tests.base.database.stage import a_server, needs_root, rows, write_row

from zhanggui.base.database.errors import CannotStart

pytestmark = needs_root
DISK_MB = 128


@pytest.fixture
def small_disk(empty_home: Path) -> Iterator[Path]:
    """A home on a disk of its own."""
    options = f"size={DISK_MB}m,mode=0711"
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(empty_home)], capture_output=True)
    if mounted.returncode != 0:
        pytest.skip("this machine lets us mount nothing")
    yield empty_home
    subprocess.run(["umount", "--lazy", str(empty_home)], check=True)


def fill(disk: Path) -> Path:
    """Write until not a byte is free."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as out, suppress(OSError):
        while True:
            out.write(b"\0" * 2**16)
    return filler


def write_on(url: str, committed: list[str]) -> None:
    """Write row after row, noting each that was committed."""
    with psycopg.connect(url, autocommit=True) as connection:
        for number in range(1, 100_000):
            note = f"{number:05}" + "x" * 4000
            connection.execute("insert into kept values (%s)", [note])
            committed.append(note)


def test_a_first_start_on_a_full_disk_says_so_and_succeeds_once_there_is_room(small_disk: Path) -> None:
    filler = fill(small_disk)

    with pytest.raises(CannotStart) as refused:
        a_server(small_disk).start()

    assert refused.value.free_bytes < 2**20
    assert "No space left" in refused.value.reason
    filler.unlink()
    with a_server(small_disk) as server:
        write_row(server.url, "room again")


def test_a_disk_that_fills_up_under_a_running_server_loses_no_committed_row(small_disk: Path) -> None:
    committed = ["00000"]
    with a_server(small_disk) as server:
        write_row(server.url, "00000")
        filler = fill(small_disk)
        with pytest.raises(psycopg.OperationalError, match=r"No space left|terminated|closed"):
            write_on(server.url, committed)
    filler.unlink()
    filler = fill(small_disk)

    with pytest.raises(CannotStart) as refused:
        a_server(small_disk).start()

    assert refused.value.free_bytes < 2**20
    filler.unlink()
    with a_server(small_disk) as again:
        assert [note[:5] for note in rows(again.url)] == [note[:5] for note in committed]
