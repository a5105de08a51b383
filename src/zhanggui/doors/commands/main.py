"""The command `zhanggui`, and the list of all it can do.

A command is a file of its own, loaded when it is asked for: `zhanggui run` starts without setting Django up, and a
command that needs models finds it done.
"""

from __future__ import annotations

import gc
import importlib
import os
import sys
from dataclasses import dataclass

import click
import django
from django.core.management import execute_from_command_line
from django.utils import translation

import zhanggui
from zhanggui.base.errors import Refused, Unreachable
from zhanggui.base.home import home
from zhanggui.doors.commands.errors import HomeUnusable
from zhanggui.doors.commands.words import complain, gettext, language

SETTINGS = "zhanggui.config.settings"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A command.

    module        where the function `command` stands
    says          one line for --help
    needs_django  whether models must be loaded before it
    """

    module: str
    says: str
    needs_django: bool = True


_ = str  # marks a line for the catalogue; it is translated when it is shown
_HERE = "zhanggui.doors.commands"
COMMANDS: dict[str, Entry] = {
    "run": Entry(module=f"{_HERE}.run", says=_("Open the shop and its console on this machine."), needs_django=False),
    "doctor": Entry(module=f"{_HERE}.doctor", says=_("Say what is wrong and how to mend it."), needs_django=False),
    "prepare": Entry(module=f"{_HERE}.prepare", says=_("Bring tables, static files and first steps up to date.")),
    "audit": Entry(module=f"{_HERE}.audit", says=_("Add everything up again and say what disagrees.")),
    "selfcheck": Entry(module=f"{_HERE}.selfcheck", says=_("Work published figures out anew and compare.")),
    "stock": Entry(module=f"{_HERE}.stock", says=_("Set the books of the stock right.")),
    "promotions": Entry(module=f"{_HERE}.promotions", says=_("Set the books of promotions right.")),
    "signals": Entry(module=f"{_HERE}.signals", says=_("Look for what goes wrong and what could be won.")),
    "lake": Entry(module=f"{_HERE}.lake", says=_("Publish the lake for other engines.")),
    "docs": Entry(module=f"{_HERE}.docs", says=_("Write or check the generated documents.")),
    "messages": Entry(module=f"{_HERE}.messages", says=_("Gather, check and compile the translations.")),
    "worker": Entry(module=f"{_HERE}.worker", says=_("Work off the jobs that wait.")),
    "relay": Entry(module=f"{_HERE}.relay", says=_("Hand new facts to those who read them.")),
    "examine": Entry(module=f"{_HERE}.examine", says=_("Print what the doctor finds with Django, as JSON.")),
    "ingest": Entry(module=f"{_HERE}.ingest", says=_("Take events in a process of its own."), needs_django=False),
    "sandbox": Entry(
        module="zhanggui.doors.sandbox.command",
        says=_("Stand in for the payment providers; no money moves."),
        needs_django=False,
    ),
    "source": Entry(module="zhanggui.doors.ingest.command", says=_("Say who may send events for a shop.")),
    "import": Entry(module="zhanggui.doors.imports.command", says=_("Take in the orders or events of another shop.")),
    "metric": Entry(module=f"{_HERE}.metric", says=_("Say what the figures of a shop are.")),
    "briefing": Entry(module="zhanggui.doors.console.briefings.command", says=_("Write the reviews of a shop.")),
    "products": Entry(module="zhanggui.doors.imports.products", says=_("Product files in and out.")),
    "rehearse": Entry(module="zhanggui.doors.rehearsal.command", says=_("Fill the demonstration shop.")),
}


class Lazily(click.Group):
    """A group whose commands are loaded when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, in the order of the list."""
        return [*COMMANDS, *super().list_commands(ctx)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one."""
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return super().get_command(ctx, cmd_name)
        if entry.needs_django:
            _set_up_django()
        command: click.Command = importlib.import_module(entry.module).command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list for --help, without loading any of them."""
        lines = [(name, gettext(entry.says)) for name, entry in COMMANDS.items()]
        lines += [(name, command.get_short_help_str()) for name, command in self.commands.items()]
        with formatter.section(gettext("Commands")):
            formatter.write_dl(lines)


@click.group(cls=Lazily)
@click.version_option(zhanggui.__version__, prog_name="zhanggui")
def commands() -> None:
    """Zhanggui 掌柜: a shop and everything that runs it."""
    try:
        home()
    except OSError as unusable:
        path = os.environ.get("ZHANGGUI_HOME", "~/.zhanggui")
        raise HomeUnusable(path=path, reason=unusable.strerror or str(unusable)) from unusable


@commands.command(
    name="django",
    short_help="Django's own commands: migrate, shell, changepassword and so on.",
    add_help_option=False,
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def django_command(arguments: tuple[str, ...]) -> None:
    """Hand everything on to Django."""
    execute_from_command_line(["zhanggui django", *arguments])


def main() -> None:
    """The entry point of the wheel."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    try:
        commands(prog_name="zhanggui")
    except (Refused, Unreachable) as error:
        sys.exit(complain(error))


def _set_up_django() -> None:
    # What is loaded stays: looking through all of it for circles, again and again as it grows, is a third of a start.
    gc.disable()
    django.setup()
    gc.freeze()
    gc.enable()
    translation.activate(language())


if __name__ == "__main__":
    main()
