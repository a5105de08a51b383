"""Loops side by side: none holds up another, and all end when told."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest

from zhanggui.spine.relay import loop
from zhanggui.spine.relay.loop import Loop, keep_going


def until(done: Callable[[], bool], ending: threading.Event) -> None:
    """Set `ending` as soon as something is so, or after ten seconds at most."""
    latest = time.monotonic() + 10
    while not done() and time.monotonic() < latest:
        time.sleep(0.01)
    ending.set()


def run(*loops: Loop, done: Callable[[], bool]) -> None:
    ending = threading.Event()
    watcher = threading.Thread(target=until, args=(done, ending))
    watcher.start()
    keep_going(loops, ending=ending)
    watcher.join()


def test_a_loop_with_work_goes_on_without_a_rest() -> None:
    steps: list[int] = []

    def step() -> int:
        steps.append(1)
        return 1

    run(Loop(name="busy", step=step, rest_seconds=3600), done=lambda: len(steps) >= 5)
    assert len(steps) >= 5


def test_a_loop_without_work_rests() -> None:
    idle: list[int] = []
    busy: list[int] = []

    def step() -> int:
        busy.append(1)
        return 1

    run(
        Loop(name="idle", step=lambda: len(idle.append(1) or ()), rest_seconds=3600),  # type: ignore[func-returns-value]
        Loop(name="busy", step=step, rest_seconds=0),
        done=lambda: len(busy) >= 20,
    )
    assert idle == [1]


def test_a_loop_that_fails_is_heard_and_the_others_go_on() -> None:
    heard: list[BaseException] = []
    steps: list[int] = []

    def fail() -> int:
        raise ValueError("the shelf fell")

    def step() -> int:
        steps.append(1)
        return 0

    run(
        Loop(name="failing", step=fail, rest_seconds=0.01, on_failure=heard.append),
        Loop(name="fine", step=step, rest_seconds=0.01),
        done=lambda: len(steps) >= 3 and len(heard) >= 2,
    )
    assert len(steps) >= 3
    assert {str(error) for error in heard} == {"the shelf fell"}
    assert len(heard) >= 2


def test_the_same_failure_again_and_again_is_logged_once(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until a step works again, it fails for another reason, or a minute is over."""
    steps: list[int] = []

    def step() -> int:
        steps.append(1)
        if len(steps) == 4:
            return 0
        raise ValueError("the shelf fell" if len(steps) < 8 else "the roof fell")

    def logs(wanted: int) -> list[str]:
        caplog.clear()
        steps.clear()
        run(Loop(name="failing", step=step, rest_seconds=0.001), done=lambda: len(steps) >= wanted)
        return [record.getMessage().removeprefix("failing failed and rests: the ") for record in caplog.records]

    assert logs(10) == ["shelf fell", "shelf fell", "roof fell"]
    monkeypatch.setattr(loop, "_AGAIN_SECONDS", 0.0)
    assert len(logs(10)) >= 9


def test_the_step_under_way_is_finished_before_the_end() -> None:
    began, finished = threading.Event(), threading.Event()

    def slow() -> int:
        began.set()
        time.sleep(0.2)
        finished.set()
        return 0

    run(Loop(name="slow", step=slow, rest_seconds=3600), done=began.is_set)
    assert finished.is_set()


def test_a_loop_without_work_takes_no_step_until_there_is_some() -> None:
    has_work = threading.Event()
    busy: list[int] = []
    waking: list[bool] = []

    def step() -> int:
        busy.append(1)
        if len(busy) == 20:
            has_work.set()
        return 1

    def wake() -> int:
        waking.append(has_work.is_set())
        return 0

    run(
        Loop(name="waking", step=wake, rest_seconds=0, has_work=has_work.is_set),
        Loop(name="busy", step=step, rest_seconds=0),
        done=lambda: bool(waking),
    )
    assert waking
    assert all(waking)
