"""`zhanggui run`: the whole house on one machine, opened with one command and closed in order."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress

import click
import msgspec

import zhanggui
from zhanggui.base.database import reach
from zhanggui.base.database.place import database_url, owns_server
from zhanggui.base.database.server import News, Server, Turn
from zhanggui.base.database.tether import tethered
from zhanggui.base.home import home
from zhanggui.doors.commands.calls import Calls, ToldToEnd
from zhanggui.doors.commands.children import Children
from zhanggui.doors.commands.errors import PreparationFailed
from zhanggui.doors.commands.listening import beside, claim
from zhanggui.doors.commands.rules import Address, Plan, Process, SignIn
from zhanggui.doors.commands.words import gettext as _
from zhanggui.doors.commands.words import say

TICK_SECONDS = 0.1
PREPARATION_GRACE_SECONDS = 10.0
FIRST_PAGE = "/console/"
HEAD_START_SECONDS = 5.0
SLOW_OPENING_SECONDS = 30.0


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on; 0.0.0.0 for all.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option(
    "--demo/--no-demo",
    default=None,
    help="Fill the demonstration shop on the first start. Default: yes with our own database, no with DATABASE_URL.",
)
def command(host: str, port: int, demo: bool | None) -> None:
    """Open the shop and its console on this machine, until Ctrl-C or SIGTERM."""
    calls = Calls()
    calls.listen()
    with suppress(ToldToEnd):
        _keep_house(Address(host=host, port=port), demo=owns_server() if demo is None else demo, calls=calls)
    say(_("Closed."))


def _keep_house(address: Address, *, demo: bool, calls: Calls) -> None:
    """Database, preparation, processes; then look after them until told to end."""
    with _database(calls) as keep_database_up:
        reach.require(database_url())
        claim(address)
        environment = {"ZHANGGUI_URL": address.url, "ZHANGGUI_SANDBOX_URL": beside(address).url, **os.environ}
        plan = _prepare(demo=demo, environment=environment, calls=calls)
        with Children(plan.processes, address=address, environment=environment, tell=_tell_ended) as children:
            _open(address, plan, children, calls)
            while True:
                keep_database_up()
                children.keep_up()
                calls.pause(TICK_SECONDS)


@contextmanager
def _database(calls: Calls) -> Iterator[Callable[[], None]]:
    """What keeps the database up: our own server, or nothing to do where DATABASE_URL names another."""
    if not owns_server():
        yield lambda: None
        return
    with Server(home(), tell=_tell_news, pause=calls.pause) as server:
        yield server.keep_up


def _prepare(*, demo: bool, environment: Mapping[str, str], calls: Calls) -> Plan:
    """Let a process of its own load Django and put everything in place; it says what to run.

    refuses  PreparationFailed
    """
    line = [sys.executable, "-P", "-m", "zhanggui", "prepare", "--plan", "--demo" if demo else "--no-demo"]
    process = subprocess.Popen(tethered(line), env=environment, stdout=subprocess.PIPE, start_new_session=True)
    try:
        while process.poll() is None:
            calls.pause(0.02)
    finally:
        _end(process)
    if process.returncode != 0 or process.stdout is None:
        raise PreparationFailed(exit_code=process.returncode)
    with process.stdout as out:
        return msgspec.json.decode(out.read(), type=Plan)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(PREPARATION_GRACE_SECONDS)
        return
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _open(address: Address, plan: Plan, children: Children, calls: Calls) -> None:
    """Start the web server, let it have the machine to itself until its first page, then the rest; say where it is."""
    began = time.monotonic()
    patience = SLOW_OPENING_SECONDS
    while not _answers(address):
        children.all[0].keep_up()
        waited = time.monotonic() - began
        if waited > HEAD_START_SECONDS:
            children.keep_up()
        if waited > patience:
            say(_("The web server does not answer yet; its own messages stand above."))
            patience *= 2
        calls.pause(0.05)
    children.keep_up()
    _greet(address, plan.sign_in)


def _answers(address: Address) -> bool:
    page = http.client.HTTPConnection(address.reached_at, address.port, timeout=30)
    try:
        page.request("GET", FIRST_PAGE, headers={"Host": "127.0.0.1"})
        page.getresponse().read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        page.close()
    return True


def _greet(address: Address, sign_in: SignIn | None) -> None:
    lines = (
        (_("Shop"), click.style(f"{address.url}/", fg="cyan")),
        (_("Console"), click.style(f"{address.url}/console/", fg="cyan")),
        (_("Sign in"), _way_in(sign_in)),
        (_("Files"), str(home())),
    )
    width = max(_columns(label) for label, _text in lines)
    say("")
    say(click.style("✓ ", fg="green") + _("Zhanggui {version} is open.").format(version=zhanggui.__version__))
    for label, text in lines:
        say(f"  {label}{' ' * (width - _columns(label))}  {text}")
    if not address.is_local and not os.environ.get("ZHANGGUI_HOSTS"):
        say("  " + _("Shoppers who come by another name are refused until ZHANGGUI_HOSTS lists it."))
    say("  " + _("Ctrl-C closes it."))


def _way_in(sign_in: SignIn | None) -> str:
    if sign_in is None:
        return _("as before; forgotten: zhanggui django changepassword EMAIL")
    note = _("shown this once; change it in the console")
    return click.style(f"{sign_in.email}  {sign_in.password}", bold=True) + f"  ({note})"


def _columns(text: str) -> int:
    """How wide a terminal shows it: a Chinese character takes two columns."""
    return sum(2 if ord(sign) > 0x2E7F else 1 for sign in text)


def _tell_ended(process: Process, code: int, wait_seconds: float) -> None:
    how = _("signal {number}").format(number=-code) if code < 0 else _("exit code {code}").format(code=code)
    what = _("{name} ended ({how}); it is started again in {seconds} s.")
    say(click.style("! ", fg="yellow") + what.format(name=process.name, how=how, seconds=f"{wait_seconds:g}"))


def _tell_news(news: News) -> None:
    calm = {
        Turn.SETTLING: _("The database cannot live in the home of root; its data are in {detail}."),
        Turn.MAKING: _("Making the database in {detail}…"),
        Turn.ENDING_LEFTOVER: _("Ending a database server that was left behind (process {detail})…"),
        Turn.WAITING: _("Waiting for the database, {seconds} s so far: {detail}"),
        Turn.DIED: _("The database server died ({detail}); it is started again."),
        Turn.BACK: _("The database is back; nothing that was saved is lost."),
    }
    mark = click.style("! ", fg="yellow") if news.turn in {Turn.DIED, Turn.ENDING_LEFTOVER} else ""
    say(mark + calm[news.turn].format(detail=news.detail, seconds=news.seconds))
