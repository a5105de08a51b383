"""The address of the database is the same for every process, and asking for it starts nothing."""

from __future__ import annotations

import os
from pathlib import Path

import dj_database_url
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.base.database.place import (
    LONGEST_SOCKET_BYTES,
    SOCKET_NAME,
    Account,
    Place,
    can_reach,
    database_url,
    owns_server,
    place_of,
)


def test_an_address_in_the_environment_is_taken_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://shop@db.example/shop")

    assert database_url() == "postgresql://shop@db.example/shop"
    assert not owns_server()


def test_without_one_the_address_is_our_own_socket_and_nothing_is_started(
    empty_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.setenv("ZHANGGUI_HOME", str(empty_home))

    url = database_url()

    assert owns_server()
    assert dj_database_url.parse(url)["OPTIONS"] == {"host": str(place_of(empty_home).sockets)}
    assert (dj_database_url.parse(url)["NAME"], dj_database_url.parse(url)["USER"]) == ("zhanggui", "zhanggui")
    assert list(empty_home.iterdir()) == []


@given(depth=st.integers(min_value=1, max_value=12), word=st.text("ab掌柜 ,%", min_size=1, max_size=20))
def test_a_socket_path_always_fits_the_kernel_and_stays_the_same(depth: int, word: str) -> None:
    folder = Path("/somewhere", *[f"x{word}"] * depth)
    places = [Place(home=folder, folder=folder / "postgres", account=None) for _ in range(2)]

    assert len(os.fsencode(places[0].sockets / SOCKET_NAME)) <= LONGEST_SOCKET_BYTES
    assert places[0].sockets == places[1].sockets


@pytest.mark.parametrize(
    ("mode", "account", "expected"),
    [
        (0o700, Account(name="other", uid=54321, gid=54321), False),
        (0o710, Account(name="other", uid=54321, gid=54321), False),
        (0o711, Account(name="other", uid=54321, gid=54321), True),
        (0o710, Account(name="same group", uid=54321, gid=os.getegid()), True),
        (0o701, Account(name="same group", uid=54321, gid=os.getegid()), False),
        (0o700, Account(name="owner", uid=os.geteuid(), gid=54321), True),
    ],
)
def test_an_account_reaches_a_folder_by_its_permissions(
    mode: int, account: Account, expected: bool, empty_home: Path
) -> None:
    folder = empty_home / "folder"
    folder.mkdir()
    folder.chmod(mode)

    assert can_reach(account, folder) is expected
