"""`zhanggui doctor`: what is wrong, and how to mend it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable, Iterator

import click
import msgspec

from zhanggui.base.health import State, bad, watch
from zhanggui.doors.commands.checks import machine_checks
from zhanggui.doors.commands.findings import Finding, find, finding
from zhanggui.doors.commands.rules import Address
from zhanggui.doors.commands.words import gettext as _

LONGEST_EXAMINATION_SECONDS = 60
_MARKS = {State.GOOD: ("✓", "green"), State.WATCH: ("!", "yellow"), State.BAD: ("✗", "red")}


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address the web server listens on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--json", "as_json", is_flag=True, help="For scripts: a list of name, state, said, mend.")
def command(host: str, port: int, as_json: bool) -> None:
    """Look at everything the house stands on. Exit code 1 if something is bad."""
    findings: list[Finding] = []
    for found in _examine(Address(host=host, port=port)):
        findings.append(found)
        if not as_json:
            _show(found)
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(findings)))
    sys.exit(1 if any(found.state is State.BAD for found in findings) else 0)


def _examine(address: Address) -> Iterator[Finding]:
    is_connected = False
    for check in machine_checks(address=address):
        found = find(check)
        is_connected = is_connected or (check.name == "database_connection" and found.state is State.GOOD)
        yield found
    if is_connected:
        yield from _program()
    else:
        yield finding("program", watch(_("not looked at without a database"), mend=_("Mend the database first.")))


def _program() -> Iterable[Finding]:
    """What needs Django is looked at by a process of its own: if it cannot start, that is a finding."""
    line = [sys.executable, "-P", "-m", "zhanggui", "examine"]
    try:
        done = subprocess.run(line, capture_output=True, text=True, check=True, timeout=LONGEST_EXAMINATION_SECONDS)
    except subprocess.TimeoutExpired:
        said = _("no answer within {seconds} s").format(seconds=LONGEST_EXAMINATION_SECONDS)
        return [finding("program", bad(said, mend=_("See what keeps the database busy.")))]
    except subprocess.CalledProcessError as failed:
        last = failed.stderr.strip().rpartition("\n")[2]
        return [finding("program", bad(last, mend=_("See all of it: zhanggui examine")))]
    return msgspec.json.decode(done.stdout, type=list[Finding])


def _show(found: Finding) -> None:
    sign, colour = _MARKS[found.state]
    click.echo(f"{click.style(sign, fg=colour)} {found.name}: {found.said}")
    for line in found.mend.splitlines():
        click.echo(f"    → {line}")
