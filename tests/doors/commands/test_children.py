"""Processes are kept up, and none outlives the house."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from tests.base.database.stage import eventually, lives

import zhanggui
from zhanggui.doors.commands.children import Children
from zhanggui.doors.commands.rules import Address, Process

ROOTS = os.pathsep.join([str(Path(zhanggui.__file__).parents[1]), str(Path(__file__).parents[3])])
ENVIRONMENT = {"PYTHONPATH": ROOTS, "PATH": os.environ["PATH"]}
SOMEWHERE = Address(host="127.0.0.1", port=1)


def a_process(manner: str, folder: Path, *, stop_seconds: float = 10.0) -> Process:
    return Process(
        name=manner,
        module="tests.doors.commands.a_process",
        arguments=(manner, str(folder)),
        stop_seconds=stop_seconds,
    )


def numbers(folder: Path, manner: str) -> list[int]:
    """Who noted themselves, in order."""
    kept = folder / manner
    return [int(line) for line in kept.read_text().splitlines()] if kept.exists() else []


@contextmanager
def kept(*processes: Process) -> Iterator[tuple[Children, list[tuple[str, int, float]]]]:
    """Children that are kept up while `until` waits, and what was told of their ends."""
    told: list[tuple[str, int, float]] = []

    def tell(process: Process, code: int, wait_seconds: float) -> None:
        told.append((process.name, code, wait_seconds))

    with Children(processes, address=SOMEWHERE, environment=ENVIRONMENT, tell=tell) as children:
        yield children, told


def test_a_process_that_was_killed_is_told_of_by_name_and_started_again(tmp_path: Path) -> None:
    with kept(a_process("steady", tmp_path)) as (children, told):
        eventually(lambda: children.keep_up() or numbers(tmp_path, "steady"))
        first = numbers(tmp_path, "steady")[0]

        os.kill(first, signal.SIGKILL)

        eventually(lambda: children.keep_up() or len(numbers(tmp_path, "steady")) == 2)
        second = numbers(tmp_path, "steady")[1]
        assert told == [("steady", -signal.SIGKILL, 0.5)]
        assert lives(second)
    assert not lives(second)


def test_a_process_that_keeps_failing_is_started_again_ever_more_slowly(tmp_path: Path) -> None:
    with kept(a_process("failing", tmp_path)) as (children, told):
        eventually(lambda: children.keep_up() or len(told) == 2)

    assert told == [("failing", 3, 0.5), ("failing", 3, 1.0)]
    assert len(numbers(tmp_path, "failing")) == 2


def test_what_a_killed_process_had_started_is_ended_with_it(tmp_path: Path) -> None:
    with kept(a_process("parent", tmp_path)) as (children, told):
        eventually(lambda: children.keep_up() or numbers(tmp_path, "stubborn"))
        (worker,) = numbers(tmp_path, "stubborn")

        os.kill(numbers(tmp_path, "parent")[0], signal.SIGKILL)

        eventually(lambda: children.keep_up() or told)
        assert eventually(lambda: not lives(worker))


def test_the_house_closes_in_order_and_waits_for_nobody_longer_than_its_time(tmp_path: Path) -> None:
    both = (a_process("stubborn", tmp_path, stop_seconds=0.2), a_process("steady", tmp_path))
    with kept(*both) as (children, told):
        eventually(lambda: children.keep_up() or (numbers(tmp_path, "stubborn") and numbers(tmp_path, "steady")))
        pids = [child.pid for child in children.all]
        began = time.monotonic()

    assert time.monotonic() - began < 5
    assert [pid is not None and lives(pid) for pid in pids] == [False, False]
    assert told == []


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's death")
def test_processes_end_with_a_house_that_was_killed(tmp_path: Path) -> None:
    house = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("a_supervisor.py")), str(tmp_path), "steady", "parent"],
        env=ENVIRONMENT,
    )
    try:
        eventually(lambda: numbers(tmp_path, "steady") and numbers(tmp_path, "parent"))
        pids = [*numbers(tmp_path, "steady"), *numbers(tmp_path, "parent")]

        house.kill()

        assert pids
        assert eventually(lambda: not any(lives(pid) for pid in pids))
    finally:
        house.kill()
        house.wait()
        for left in numbers(tmp_path, "stubborn"):
            with suppress(ProcessLookupError):
                os.kill(left, signal.SIGKILL)
