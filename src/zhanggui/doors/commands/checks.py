"""What `zhanggui doctor` looks at without Django: this machine, the home folder, the database server, the port."""

from __future__ import annotations

import functools
import shutil
import sys
import tempfile
import time

import psycopg

from zhanggui.base.database import cluster, postmaster, reach
from zhanggui.base.database.lock import Lock
from zhanggui.base.database.place import database_url, name_of, owns_server, place_of
from zhanggui.base.errors import Refused, Unreachable
from zhanggui.base.health import Check, Outcome, bad, good, watch
from zhanggui.base.home import home
from zhanggui.doors.commands.listening import claim
from zhanggui.doors.commands.rules import Address
from zhanggui.doors.commands.words import gettext as _
from zhanggui.doors.commands.words import sentence

OLDEST_PYTHON = (3, 11)
LITTLE_SPACE_MB = 2_048
NO_SPACE_MB = 256
CLOCK_WATCH_SECONDS = 2.0
CLOCK_BAD_SECONDS = 60.0


def machine_checks(*, address: Address) -> tuple[Check, ...]:
    """All of them, in the order in which one stands on the other."""
    return (
        Check(name="python", look=python),
        Check(name="home_folder", look=home_folder),
        Check(name="disk_space", look=disk_space),
        Check(name="data_folder", look=data_folder),
        Check(name="database_server", look=database_server),
        Check(name="database_connection", look=database_connection),
        Check(name="database_clock", look=database_clock),
        Check(name="port", look=functools.partial(port, address)),
    )


def python() -> Outcome:
    """Is this Python new enough?"""
    found = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info[:2] < OLDEST_PYTHON:
        return bad(f"Python {found}", mend=_("Install Zhanggui with Python 3.11 or newer."))
    return good(f"Python {found}")


def home_folder() -> Outcome:
    """Can we write where this installation keeps its files?"""
    try:
        with tempfile.TemporaryFile(dir=home()) as probe:
            probe.write(b"1")
    except OSError as refused:
        said = _("{path} cannot be written: {reason}").format(path=home(), reason=refused.strerror)
        owner = name_of(home().stat().st_uid)
        mend = _("It belongs to {owner}: start as that account, or choose another home with ZHANGGUI_HOME.")
        return bad(said, mend=mend.format(owner=owner))
    return good(str(home()))


def disk_space() -> Outcome:
    """Is there room for a day's work?"""
    folders = [home(), *([place_of(home()).folder] if owns_server() else [])]
    free_mb = min(shutil.disk_usage(folder).free for folder in folders if folder.exists()) // 2**20
    said = _("{free_mb} MB are free").format(free_mb=f"{free_mb:,}")
    mend = _("Make room on the disk of {path}.").format(path=home())
    if free_mb < NO_SPACE_MB:
        return bad(said, mend=mend)
    return watch(said, mend=mend) if free_mb < LITTLE_SPACE_MB else good(said)


def data_folder() -> Outcome:
    """Is the data folder ours and of our version?"""
    if not owns_server():
        return good(_("not ours: DATABASE_URL names the server"))
    place = place_of(home())
    cluster.check(place)
    if not place.data.exists():
        return watch(_("no database yet"), mend=_("zhanggui run makes one."))
    return good(_("{path}, kept by {account}").format(path=place.data, account=name_of(place.data.stat().st_uid)))


def database_server() -> Outcome:
    """Does our server run, under somebody who keeps it?"""
    if not owns_server():
        return good(reach.without_password(database_url()))
    place = place_of(home())
    lock = Lock(place.lock)
    pid, is_kept = postmaster.serving(place), lock.is_held()
    if pid and is_kept:
        return good(_("process {pid}, kept by process {keeper}").format(pid=pid, keeper=lock.holder().pid))
    if pid:
        said = _("process {pid} was left behind: nobody keeps it").format(pid=pid)
        return watch(said, mend=_("zhanggui run ends it and starts a new one; nothing is lost."))
    if is_kept:
        said = _("process {keeper} is starting it").format(keeper=lock.holder().pid)
        return watch(said, mend=_("Wait a moment and look again; its log is {log}.").format(log=place.log))
    if postmaster.has_stale_note(place):
        said = _("not running; postmaster.pid names a process that is no database")
        return watch(said, mend=_("zhanggui run clears it away."))
    return watch(_("not running"), mend=_("Start it: zhanggui run"))


def database_connection() -> Outcome:
    """Can we connect, and is the server new enough?"""
    return _not_ready() or good(f"PostgreSQL {reach.require(database_url())}")


def database_clock() -> Outcome:
    """Do the database and we agree on the time?"""
    if asleep := _not_ready():
        return asleep
    try:
        with psycopg.connect(database_url(), connect_timeout=5) as connection:
            before = time.time()
            row = connection.execute("select extract(epoch from clock_timestamp())::float8").fetchone()
            after = time.time()
    except psycopg.Error as failed:
        return bad(str(failed).strip(), mend=_("Look at the connection first."))
    return judge_clock(abs((row[0] if row else 0.0) - (before + after) / 2))


def judge_clock(seconds_apart: float) -> Outcome:
    """Two seconds mix up who was first; a minute breaks sessions and timers."""
    said = _("{seconds} s apart").format(seconds=f"{seconds_apart:.1f}")
    mend = _("Let both machines follow a time server (NTP).")
    if seconds_apart > CLOCK_BAD_SECONDS:
        return bad(said, mend=mend)
    return watch(said, mend=mend) if seconds_apart > CLOCK_WATCH_SECONDS else good(said)


def port(address: Address) -> Outcome:
    """Could the web server listen there, or does it already?"""
    try:
        claim(address)
    except (Refused, Unreachable) as taken:
        if owns_server() and Lock(place_of(home()).lock).is_held():
            return good(_("{port} is in use while Zhanggui runs").format(port=address.port))
        said, _newline, mend = sentence(taken).partition("\n")
        return watch(said, mend=mend)
    return good(_("{port} is free").format(port=address.port))


def _not_ready() -> Outcome | None:
    """Our own server that is not started, or not ready yet, is no fault; whatever else keeps us out is."""
    if not owns_server():
        return None
    place = place_of(home())
    if postmaster.serving(place) is None:
        return watch(_("not looked at: our server is not running"), mend=_("Start it: zhanggui run"))
    if not postmaster.is_ready(place):
        mend = _("Wait a moment and look again; its log is {log}.").format(log=place.log)
        return watch(_("not looked at: our server is still starting"), mend=mend)
    return None
