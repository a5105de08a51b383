"""Every refusal is told in words, with what to do, and with an exit code of its own."""

from __future__ import annotations

import inspect
from pathlib import Path
from types import ModuleType

import pytest

from zhanggui.base.database import errors as database
from zhanggui.base.errors import Refused, Unreachable
from zhanggui.doors.commands import errors, words

SAMPLES = {
    "free_bytes": 5 * 2**30,
    "reason": "PANIC: could not locate {a} valid checkpoint record",
    "pid": 4321,
    "uid": 54321,
    "port": 8000,
    "wanted": "18",
    "exit_code": 7,
}


def kinds(module: ModuleType) -> list[type[Refused | Unreachable]]:
    return [
        kind
        for _, kind in inspect.getmembers(module, inspect.isclass)
        if issubclass(kind, Refused | Unreachable) and kind.__module__ == module.__name__
    ]


def an_error(kind: type[Refused | Unreachable], **data: object) -> Refused | Unreachable:
    """One with sample data for all it carries."""
    return kind(**{name: data.get(name, SAMPLES.get(name, Path("/somewhere"))) for name in kind.__annotations__})


@pytest.mark.parametrize("kind", [*kinds(database), *kinds(errors)], ids=lambda kind: kind.__name__)
def test_a_refusal_says_what_happened_and_what_to_do(kind: type[Refused | Unreachable]) -> None:
    happened, *rest = words.sentence(an_error(kind)).splitlines()

    assert happened.endswith((".", ":", "}", "record", "/somewhere"))
    assert rest, "there is always something to do"


def test_a_full_disk_is_called_a_full_disk_with_what_is_left() -> None:
    said = words.sentence(an_error(database.CannotStart, free_bytes=3 * 2**20, reason="anything"))

    assert "The disk is full: 3 MB are free" in said


def test_a_server_that_does_not_start_is_quoted_and_its_log_named() -> None:
    said = words.sentence(an_error(database.CannotStart, log=Path("/home/server.log")))

    assert "could not locate {a} valid checkpoint record" in said
    assert "/home/server.log" in said


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (database.AlreadyRunning, 3),
        (database.CannotStart, 4),
        (database.ServerTooOld, 4),
        (errors.PortTaken, 5),
        (errors.AddressUnusable, 5),
        (errors.PreparationFailed, 1),
    ],
)
def test_each_kind_of_refusal_has_its_exit_code(kind: type[Refused | Unreachable], code: int) -> None:
    assert words.exit_code(an_error(kind)) == code


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh-hans"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "en_US.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "zh_CN"}, "zh-hans"),
    ],
)
def test_the_language_is_that_of_the_terminal(
    environment: dict[str, str], language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    assert words.language() == language
