"""Homes on short paths that any account can pass through, and keepers of servers on them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.base.database.stage import (
    SOURCE,
    STRANGER,
    Keeper,
    a_home,
    a_server,
    as_stranger,
    copy_home,
    eventually,
    folders_of,
    needs_root,
)

from zhanggui.base.database import postmaster
from zhanggui.base.database.place import can_reach


@pytest.fixture
def empty_home() -> Iterator[Path]:
    """A home in which nothing is yet."""
    with a_home() as folder:
        yield folder


@pytest.fixture
def home(empty_home: Path, home_with_a_database: Path) -> Path:
    """A home that was opened and closed once."""
    copy_home(home_with_a_database, empty_home)
    return empty_home


@pytest.fixture(scope="session")
def home_with_a_database() -> Iterator[Path]:
    """Made once and copied, since making a data folder is the slowest part of a start."""
    with a_home() as folder:
        with a_server(folder):
            pass
        yield folder


@pytest.fixture(params=["ourselves", pytest.param("a stranger", marks=needs_root)])
def uid(request: pytest.FixtureRequest, empty_home: Path) -> int:
    """Who runs the keeper: we, and for root an ordinary account as well."""
    if request.param == "ourselves":
        return os.geteuid()
    if not can_reach(STRANGER, SOURCE) or not can_reach(STRANGER, Path(sys.executable).parent):
        pytest.skip("an ordinary account cannot reach this checkout")
    if subprocess.run(as_stranger([sys.executable, "-c", ""]), capture_output=True, check=False).returncode != 0:
        pytest.skip("an ordinary account cannot reach this Python, and this machine lets us mount nothing")
    os.chown(empty_home, STRANGER.uid, STRANGER.gid)
    return STRANGER.uid


@pytest.fixture
def keeper() -> Iterator[Callable[..., Keeper]]:
    """Starts keepers; whatever is left of them at the end is killed."""
    started: list[tuple[Path, Keeper]] = []

    def start(home: Path, *, uid: int = os.geteuid()) -> Keeper:
        said = home / f"said-{len(started)}"
        said.touch()
        command = [sys.executable, str(Path(__file__).with_name("keeper.py")), str(home)]
        with said.open("ab") as out:
            process = subprocess.Popen(
                command if uid == os.geteuid() else as_stranger(command),
                env={"PYTHONPATH": str(SOURCE), "PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1"},
                stdout=out,
                stderr=out,
                cwd="/",
            )
        started.append((home, Keeper(process=process, said=said)))
        return started[-1][1]

    yield start
    for _, one in started:
        one.process.kill()
        one.process.wait()
    for home, _ in started:
        assert eventually(lambda home=home: not any(postmaster.serving(place) for place in folders_of(home)))
