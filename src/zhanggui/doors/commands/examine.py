"""`zhanggui examine`: what the doctor looks at with Django; prints its findings as JSON for `zhanggui doctor`."""

from __future__ import annotations

import tempfile

import click
import msgspec
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from zhanggui.base.health import Check, Outcome, bad, good, watch
from zhanggui.base.home import shelf
from zhanggui.base.jobs import queries as jobs
from zhanggui.doors.commands import ports
from zhanggui.doors.commands.findings import find
from zhanggui.spine.relay import queries as relay

MANY_WAITING_FACTS = 100_000


@click.command()
def command() -> None:
    """Look at everything that needs Django and print what was found."""
    click.echo(msgspec.json.encode([find(check) for check in (*CHECKS, *ports.checks)]))


def migrations() -> Outcome:
    """Do the tables fit this version?"""
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    unknown = executor.loader.applied_migrations.keys() - executor.loader.graph.nodes.keys()
    if missing:
        said = _("{count} steps are missing").format(count=len(missing))
        return bad(said, mend=_("zhanggui prepare, or start again: zhanggui run"))
    if unknown:
        first = ".".join(min(unknown))
        said = _("the tables were made by a newer version ({step})").format(step=first)
        return bad(said, mend=_("Install the newer Zhanggui again."))
    return good(_("all steps are applied"))


def lake_folder() -> Outcome:
    """Can we write where the lake is?"""
    folder = shelf("lake")
    try:
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(b"1")
    except OSError as refused:
        said = _("{path} cannot be written: {reason}").format(path=folder, reason=refused.strerror)
        return bad(said, mend=_("Put its permissions right, or make room on its disk."))
    return good(str(folder))


def worker() -> Outcome:
    """Are jobs worked off?"""
    counts = jobs.counts()
    if not counts.is_worker_alive:
        said = _("no worker was heard of within a minute; {count} jobs wait").format(count=counts.waiting)
        return watch(said, mend=_("Start it: zhanggui run, or zhanggui worker beside it."))
    said = _("{count} jobs wait, {dead} gave up").format(count=counts.waiting, dead=counts.dead)
    if counts.dead:
        return watch(said, mend=_("See why in the console, under the jobs, and try them again there."))
    return good(said)


def readers() -> Outcome:
    """Do those who read the log keep up?"""
    states = relay.readers()
    stumbled = [state for state in states if state.failures]
    if stumbled:
        first = stumbled[0]
        said = _("{name} stands still: {error}").format(name=first.name, error=_last_line(first.error))
        return bad(said, mend=_("Mend the cause; it tries again by itself."))
    waiting = max((state.waiting for state in states), default=0)
    said = _("{count} facts wait to be read").format(count=f"{waiting:,}")
    if waiting > MANY_WAITING_FACTS:
        return watch(said, mend=_("See that it runs: zhanggui run, or zhanggui relay beside it."))
    return good(said)


CHECKS: tuple[Check, ...] = (
    Check(name="migrations", look=migrations),
    Check(name="lake_folder", look=lake_folder),
    Check(name="worker", look=worker),
    Check(name="readers", look=readers),
)


def _last_line(error: str) -> str:
    return error.strip().rpartition("\n")[2]
