"""What must be in place is put there once, however many nodes start, and not again."""

from __future__ import annotations

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import msgspec
import psycopg
import pytest
from psycopg import sql
from tests.base.database.stage import SOURCE

from zhanggui.doors.commands import prepare
from zhanggui.doors.commands.rules import Plan

RUNNING = os.environ["DATABASE_URL"]


@pytest.fixture
def empty_database() -> Iterator[str]:
    """The address of a database in which nothing is yet, on the server of the tests."""
    name = f"prepare_{uuid.uuid4().hex}"
    with psycopg.connect(RUNNING, autocommit=True) as connection:
        connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
        place, _, options = RUNNING.partition("?")
        yield f"{place.rpartition('/')[0]}/{name}?{options}"
        connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


def preparing(home: Path, database_url: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "DATABASE_URL": database_url, "ZHANGGUI_HOME": str(home), "LC_ALL": "C.UTF-8"}
    return subprocess.Popen(
        [sys.executable, "-m", "zhanggui", "prepare", "--plan"],
        env={**environment, "PYTHONPATH": str(SOURCE)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd="/",
    )


def finished(process: subprocess.Popen[str]) -> tuple[Plan, str]:
    """Its plan and what it told the person at the terminal."""
    out, told = process.communicate(timeout=120)
    assert process.returncode == 0, told
    return msgspec.json.decode(out, type=Plan), told


def test_two_nodes_that_start_at_once_make_the_tables_and_one_owner_and_the_next_start_has_nothing_to_do(
    empty_database: str, tmp_path: Path
) -> None:
    homes = [tmp_path / "one", tmp_path / "two"]
    for home in homes:  # their static files lie there; that an opened house has them is seen in test_run
        (home / "static").mkdir(parents=True)
        (home / "static" / ".collected").write_text(prepare.static_mark())

    plans = [finished(process) for process in [preparing(home, empty_database) for home in homes]]

    owners = [plan.sign_in for plan, _ in plans if plan.sign_in]
    assert [owner.email for owner in owners] == ["owner@localhost"]
    assert [process.name for process in plans[0][0].processes][:1] == ["web"]
    with psycopg.connect(empty_database) as connection:
        assert connection.execute("select email, role from base_accounts_account").fetchall() == [
            ("owner@localhost", "owner")
        ]
    again, told = finished(preparing(homes[0], empty_database))
    assert (again.sign_in, told) == (None, "")


def test_a_shop_that_was_filled_is_not_filled_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHANGGUI_HOME", str(tmp_path))
    monkeypatch.setattr(prepare, "FILL", (sys.executable, "-c", f"open({str(tmp_path / 'fills')!r}, 'a').write('x')"))

    prepare.fill_demonstration()
    prepare.fill_demonstration()

    assert (tmp_path / "fills").read_text() == "x"


def test_a_shop_that_could_not_be_filled_is_told_of_and_tried_again_next_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ZHANGGUI_HOME", str(tmp_path))
    monkeypatch.setattr(prepare, "FILL", (sys.executable, "-c", "raise SystemExit(7)"))

    prepare.fill_demonstration()

    assert "7" in capfd.readouterr().err
    monkeypatch.setattr(prepare, "FILL", (sys.executable, "-c", f"open({str(tmp_path / 'fills')!r}, 'a').write('x')"))
    prepare.fill_demonstration()
    assert (tmp_path / "fills").exists()


def test_static_files_are_marked_anew_when_the_version_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    before = prepare.static_mark()

    monkeypatch.setattr(prepare.zhanggui, "__version__", "9.9.9")

    assert prepare.static_mark() != before


def test_static_files_are_marked_alike_while_nothing_changes() -> None:
    assert prepare.static_mark() == prepare.static_mark()
