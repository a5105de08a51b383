"""`zhanggui relay`: hand facts on to everyone who reads the log, and keep the lake tidy."""

from __future__ import annotations

import functools
import signal
import threading
from collections.abc import Iterable

import click

from zhanggui.spine.relay import actions, ports, queries
from zhanggui.spine.relay.loop import Loop, keep_going

REST_SECONDS = 0.2


class Watch:
    """Which readers have work, as it was when the log was looked at last; before the first look all have.

    A reader that looks for itself takes five statements, and there are a dozen of them, five times a second: a house in
    which nothing happened was kept busy by that. This is one statement for all.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._names = tuple(names)
        self._with_work = frozenset(self._names)

    def look(self) -> int:
        """Look again; 0, so that a loop rests after it."""
        self._with_work = queries.with_work(self._names)
        return 0

    def sees(self, name: str) -> bool:
        """Whether this reader had work at the last look."""
        return name in self._with_work


@click.command()
def command() -> None:
    """Hand facts on to everyone who reads the log, and keep the lake tidy, until told to end."""
    ending = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ending.set())
    watch = Watch(reader.name for reader in ports.readers)
    readers = [
        Loop(
            name=reader.name,
            step=functools.partial(actions.step, reader),
            rest_seconds=REST_SECONDS,
            has_work=functools.partial(watch.sees, reader.name),
            on_failure=functools.partial(actions.stumble, reader),
        )
        for reader in ports.readers
    ]
    looking = Loop(name="commands.relay.watch", step=watch.look, rest_seconds=REST_SECONDS)
    keep_going([looking, *readers, *ports.loops], ending=ending)
