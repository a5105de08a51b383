"""A data folder: claimed for the right account, made whole or not at all, refused if it is another version's."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from zhanggui.base.database.binaries import MAJOR_VERSION
from zhanggui.base.database.errors import (
    CannotStart,
    KeptByRoot,
    LeftBehind,
    NamelessAccount,
    NotYours,
    OutOfReach,
    UnreadableFolder,
    WrongVersion,
)
from zhanggui.base.database.place import DATABASE, SUPERUSER, SYSTEM_FOLDER, Place, has_name, name_of, system_folder_of
from zhanggui.base.database.tether import tethered

ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}
_ONLY_THE_SOCKET = (
    "# Written by Zhanggui: the socket lies in a closed folder, and there is no other way in.\nlocal all all trust\n"
)
_INITDB = (
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--data-checksums",
    "--auth=trust",
    "--no-instructions",
)


def check(place: Place) -> None:
    """Look before anything is touched.

    refuses  KeptByRoot, OutOfReach, NotYours: the data are somebody else's or somewhere else
             LeftBehind: the data are another home's, which stood at this path
             WrongVersion, UnreadableFolder: this PostgreSQL cannot serve what is there
    """
    system_folder, inside = system_folder_of(place.home), place.home / "postgres" / "data"
    if place.account is None and system_folder.exists():
        raise KeptByRoot(home=place.home, folder=system_folder)
    if place.account is not None and place.folder == system_folder and inside.exists():
        raise OutOfReach(folder=inside, account=place.account.name)
    if not os.access(place.home, os.R_OK | os.W_OK | os.X_OK):
        raise NotYours(path=place.home, owner=name_of(place.home.stat().st_uid), account=name_of(os.geteuid()))
    _check_owner(place)
    # Whoever keeps a server leaves the lock's file behind.
    if place.folder == system_folder and place.data.exists() and not place.lock.exists():
        raise LeftBehind(folder=place.folder, lock=place.lock)
    if place.data.exists():
        _check_version(place.data)


def prepare(place: Place) -> None:
    """Make the folders of the server, closed to everybody else."""
    if place.folder.is_relative_to(SYSTEM_FOLDER):
        SYSTEM_FOLDER.mkdir(mode=0o755, exist_ok=True)
    for folder in (place.folder, place.sockets):
        _closed_folder(folder, place)
    for stale in place.folder.glob("making-*"):
        shutil.rmtree(stale)


def make(place: Place, *, binaries: Path, durable: bool) -> None:
    """A fresh data folder with one empty database; renamed into place when it is whole.

    refuses  NamelessAccount; CannotStart with what initdb said, e.g. that the disk is full
    """
    if not has_name(place.uid):
        raise NamelessAccount(uid=place.uid)
    making = Path(tempfile.mkdtemp(prefix="making-", dir=place.folder))
    _give(making, place)
    sync = () if durable else ("--no-sync",)
    _run([str(binaries / "initdb"), "-D", str(making), "-U", SUPERUSER, *_INITDB, *sync], place)
    (making / "pg_hba.conf").write_text(_ONLY_THE_SOCKET)
    single = [str(binaries / "postgres"), "--single", "-D", str(making), "postgres"]
    _run(single, place, said=f"create database {DATABASE};\n")
    making.rename(place.data)


def _check_owner(place: Place) -> None:
    ours = (place.uid, 0) if place.account else (place.uid,)
    for path, owners in ((place.folder, ours), (place.data, (place.uid,))):
        if path.exists() and path.stat().st_uid not in owners:
            raise NotYours(path=path, owner=name_of(path.stat().st_uid), account=name_of(place.uid))


def _check_version(data: Path) -> None:
    try:
        found = (data / "PG_VERSION").read_text().strip()
    except FileNotFoundError as missing:
        raise UnreadableFolder(folder=data) from missing
    if found != MAJOR_VERSION:
        raise WrongVersion(folder=data, found=found, wanted=MAJOR_VERSION)
    if not (data / "global" / "pg_control").exists():
        raise UnreadableFolder(folder=data)


def _closed_folder(folder: Path, place: Place) -> None:
    """Ours and closed; a folder or link that somebody else laid at a place all can write to is refused."""
    folder.mkdir(mode=0o700, exist_ok=True)
    facts = folder.lstat()
    if folder.is_symlink() or facts.st_uid not in (place.uid, os.geteuid()):
        raise NotYours(path=folder, owner=name_of(facts.st_uid), account=name_of(place.uid))
    folder.chmod(0o700)
    _give(folder, place)


def _give(path: Path, place: Place) -> None:
    if place.account:
        os.chown(path, place.account.uid, place.account.gid)


def _run(command: Sequence[str], place: Place, *, said: str = "") -> None:
    account = place.account
    line = tethered(command, uid=account.uid, gid=account.gid) if account else tethered(command)
    done = subprocess.run(
        line, input=said, cwd="/", env=ENVIRONMENT, capture_output=True, text=True, check=False, start_new_session=True
    )
    if done.returncode != 0:
        raise CannotStart(
            folder=place.data,
            reason=(done.stderr or done.stdout).strip(),
            log=place.log,
            free_bytes=shutil.disk_usage(place.folder).free,
        )
