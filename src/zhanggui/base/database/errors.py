"""Why there is no database: each refusal carries what a person needs to mend it."""

from __future__ import annotations

from pathlib import Path

from zhanggui.base.errors import Refused, Unreachable


class AlreadyRunning(Refused):
    """Another process keeps the server of this home."""

    lock: Path
    pid: int
    since: str


class NotYours(Refused):
    """A file or folder of the server belongs to another account."""

    path: Path
    owner: str
    account: str


class KeptByRoot(Refused):
    """Root has run this home before and keeps its data in a folder of its own."""

    home: Path
    folder: Path


class LeftBehind(Refused):
    """A home that is new, at the path of one whose data root keeps elsewhere: the rest of that home is gone."""

    folder: Path
    lock: Path


class OutOfReach(Refused):
    """The account that must run the server cannot reach the data folder."""

    folder: Path
    account: str


class UnknownAccount(Refused):
    """ZHANGGUI_DB_USER names no account that can run a server."""

    account: str


class NamelessAccount(Refused):
    """PostgreSQL makes no data folder for an account without a name in /etc/passwd."""

    uid: int


class UnreadableFolder(Refused):
    """The data folder holds something that is not a whole database."""

    folder: Path


class WrongVersion(Refused):
    """The data folder was made by another major version of PostgreSQL."""

    folder: Path
    found: str
    wanted: str


class BinariesMissing(Refused):
    """The wheel with the PostgreSQL binaries is not installed for this machine."""

    package: str


class ServerTooOld(Refused):
    """The server behind DATABASE_URL is older than the house needs."""

    found: str
    wanted: int


class CannotStart(Unreachable):
    """Our own server does not come up."""

    folder: Path
    reason: str
    log: Path
    free_bytes: int


class CannotConnect(Unreachable):
    """The database does not answer."""

    address: str
    reason: str
