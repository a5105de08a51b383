"""`zhanggui prepare`: all that must be in place before the house opens, done once however many nodes start."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click
import msgspec
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

import zhanggui
from zhanggui.base.accounts import actions as accounts
from zhanggui.base.database import reach
from zhanggui.base.database.place import database_url
from zhanggui.base.database.tether import tethered
from zhanggui.base.home import home
from zhanggui.base.shops.actions import open_shop
from zhanggui.base.shops.rules import Shop, ShopKind
from zhanggui.doors.commands import ports
from zhanggui.doors.commands.rules import Plan, SignIn
from zhanggui.doors.commands.words import say

OWNER_EMAIL = "owner@localhost"
FILL = (sys.executable, "-P", "-m", "zhanggui", "rehearse", "fill")
_MIGRATION_LOCK = 71_002


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Something that must be in place; taking it a second time changes nothing.

    only_demo  whether it belongs to the demonstration shop
    """

    take: Callable[[], SignIn | None]
    only_demo: bool = False


@click.command()
@click.option("--demo/--no-demo", default=False, help="Fill the demonstration shop as well.")
@click.option("--plan", is_flag=True, help="Print what to run next as JSON, for `zhanggui run`.")
def command(demo: bool, plan: bool) -> None:
    """Bring tables, static files and first steps up to date. Safe to run twice, and on two machines at once."""
    reach.require(database_url())
    sign_in = None
    for step in STEPS:
        if demo or not step.only_demo:
            sign_in = step.take() or sign_in
    if plan:
        click.echo(msgspec.json.encode(Plan(processes=tuple(ports.processes), sign_in=sign_in)))
    elif sign_in:
        click.echo(f"{sign_in.email}  {sign_in.password}")


def bring_tables_up_to_date() -> None:
    """Migrate if there is anything to migrate; the second of two nodes waits for the first and finds nothing to do."""
    if not _waits_for_migration():
        return
    say(_("Bringing the tables up to date…"))
    with _one_at_a_time(_MIGRATION_LOCK):
        if _waits_for_migration():
            call_command("migrate", interactive=False, verbosity=0)


def collect_static_files() -> None:
    """Gather and compress static files if the version or one of the files changed."""
    kept = Path(settings.STATIC_ROOT) / ".collected"
    mark = static_mark()
    if kept.exists() and kept.read_text() == mark:
        return
    say(_("Collecting the static files…"))
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    kept.write_text(mark)


def take_in_owner() -> SignIn | None:
    """Make the first operator, with a random password that is shown this once, if nobody can sign in."""
    password = accounts.take_in_first(email=OWNER_EMAIL)
    return SignIn(email=OWNER_EMAIL, password=password) if password else None


def open_own_shop() -> None:
    """Have our own shop, as the settings describe it.

    refuses  ShopDiffers if it was opened with another zone or currency, ZoneUnknown
    """
    open_shop(
        shop=Shop(
            code=settings.OWN_SHOP,
            name=settings.OWN_SHOP_NAME,
            zone=settings.OWN_SHOP_ZONE,
            currency=settings.OWN_SHOP_CURRENCY,
            kind=ShopKind.OWN,
        )
    )


def fill_demonstration() -> None:
    """Fill the demonstration shop, the first time; a failure is told but keeps nothing from opening."""
    done = home() / "demonstration-filled"
    if done.exists():
        return
    code = subprocess.run(tethered(FILL), stdout=sys.stderr, check=False).returncode
    if code == 0:
        done.touch()
    else:
        happened = _("The demonstration shop could not be filled (exit code {code}).").format(code=code)
        do = _("Try again: zhanggui rehearse fill")
        say(f"{happened} {do}")


STEPS: tuple[Step, ...] = (
    Step(take=bring_tables_up_to_date),
    Step(take=collect_static_files),
    Step(take=open_own_shop),
    Step(take=take_in_owner),
    Step(take=fill_demonstration, only_demo=True),
)


def _waits_for_migration() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


@contextmanager
def _one_at_a_time(key: int) -> Iterator[None]:
    """Only one session in the whole database is in here; the lock goes with the session if we are killed."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_lock(%s)", [key])
        try:
            yield
        finally:
            cursor.execute("select pg_advisory_unlock(%s)", [key])


def static_mark() -> str:
    """Changes when the version or the path, size or time of any static file changes."""
    digest = hashlib.sha256(zhanggui.__version__.encode())
    for finder in get_finders():
        for path, storage in finder.list([]):
            facts = Path(storage.path(path)).stat()
            digest.update(f"{path} {facts.st_size} {facts.st_mtime_ns}".encode())
    return digest.hexdigest()
