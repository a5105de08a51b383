"""Where our own server keeps house, and the address at which everybody finds the database.

An ordinary user's server lives in the home. PostgreSQL refuses to run as root, so for root it runs as another account;
if that account cannot reach the home (0700, or under /root), data live in /var/lib/zhanggui/<hash of the home> instead.
No permission of a folder above is ever changed.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from zhanggui.base.database.errors import UnknownAccount
from zhanggui.base.home import home

SYSTEM_FOLDER = Path("/var/lib/zhanggui")
SHORT_FOLDER = Path("/tmp")  # noqa: S108 (a fixed short place: TMPDIR may differ between two terminals)
SOCKET_NAME = ".s.PGSQL.5432"
LONGEST_SOCKET_BYTES = 107 if sys.platform == "linux" else 103
SUPERUSER = "zhanggui"
DATABASE = "zhanggui"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A system account that runs the server in place of root."""

    name: str
    uid: int
    gid: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The folders of one server.

    folder   holds all that is the server's: data, socket, log; closed to everybody but its account
    account  who runs the server; none means: whoever we are
    """

    home: Path
    folder: Path
    account: Account | None

    @property
    def data(self) -> Path:
        """PostgreSQL's own data folder."""
        return self.folder / "data"

    @property
    def log(self) -> Path:
        """What the server says."""
        return self.folder / "server.log"

    @property
    def lock(self) -> Path:
        """Held by the one process that keeps the server."""
        return self.home / "server.lock"

    @property
    def sockets(self) -> Path:
        """The folder of the socket, or a short stable one where its path would be too long for the kernel."""
        near = self.folder / "socket"
        if len(os.fsencode(near / SOCKET_NAME)) <= LONGEST_SOCKET_BYTES:
            return near
        return SHORT_FOLDER / f"zhanggui-{_hash(self.data)}"

    @property
    def url(self) -> str:
        """The address of the database on this server."""
        return f"postgresql://{SUPERUSER}@/{DATABASE}?host={quote(str(self.sockets))}"

    @property
    def uid(self) -> int:
        """The number of the account that runs the server."""
        return self.account.uid if self.account else os.geteuid()


def database_url() -> str:
    """The address every process connects to: DATABASE_URL, else our own server's. Starts nothing."""
    return os.environ.get("DATABASE_URL") or place_of(home()).url


def owns_server() -> bool:
    """Whether the database is our own to start and stop: DATABASE_URL is not set."""
    return not os.environ.get("DATABASE_URL")


def place_of(home: Path) -> Place:
    """Where the server of this home keeps house, for whoever we are; found again the same way by every process.

    refuses  UnknownAccount if ZHANGGUI_DB_USER names nobody
    """
    inside, outside = home / "postgres", system_folder_of(home)
    if os.geteuid() != 0:
        return Place(home=home, folder=inside, account=None)
    if not (outside / "data").exists():
        account = _account_for(inside)
        if can_reach(account, home):
            return Place(home=home, folder=inside, account=account)
    return Place(home=home, folder=outside, account=_account_for(outside))


def system_folder_of(home: Path) -> Path:
    """Where root keeps the data of a home that the server's account cannot reach."""
    return SYSTEM_FOLDER / _hash(home.resolve())


def can_reach(account: Account, folder: Path) -> bool:
    """Whether the account may enter this folder, by the permissions of it and all above it."""
    real = folder.resolve()
    return all(_may_enter(account, step) for step in (real, *real.parents))


def _may_enter(account: Account, folder: Path) -> bool:
    facts = folder.stat()
    if facts.st_uid == account.uid:
        return bool(facts.st_mode & 0o100)
    return bool(facts.st_mode & (0o010 if facts.st_gid == account.gid else 0o001))


def _account_for(folder: Path) -> Account:
    """Who runs the server for root: ZHANGGUI_DB_USER, else the owner of data that are there already, else nobody."""
    wanted = os.environ.get("ZHANGGUI_DB_USER")
    data = folder / "data"
    if not wanted and data.exists() and data.stat().st_uid != 0:
        facts = data.stat()
        return Account(name=name_of(facts.st_uid), uid=facts.st_uid, gid=facts.st_gid)
    try:
        entry = pwd.getpwnam(wanted or "nobody")
    except KeyError as unknown:
        raise UnknownAccount(account=wanted or "nobody") from unknown
    if entry.pw_uid == 0:
        raise UnknownAccount(account=entry.pw_name)
    return Account(name=entry.pw_name, uid=entry.pw_uid, gid=entry.pw_gid)


def name_of(uid: int) -> str:
    """The name of an account, or its number where it has none (as in some containers)."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def has_name(uid: int) -> bool:
    """Whether the account has a name; a container started with a number alone has none."""
    return name_of(uid) != str(uid)


def _hash(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]
