"""`zhanggui relay`: hand facts on to everyone who reads the log, and keep the lake tidy."""

from __future__ import annotations

import functools
import signal
import threading

import click

from zhanggui.spine.relay import actions, ports
from zhanggui.spine.relay.loop import Loop, keep_going

REST_SECONDS = 0.2


@click.command()
def command() -> None:
    """Hand facts on to everyone who reads the log, and keep the lake tidy, until told to end."""
    ending = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ending.set())
    readers = [
        Loop(
            name=reader.name,
            step=functools.partial(actions.step, reader),
            rest_seconds=REST_SECONDS,
            on_failure=functools.partial(actions.stumble, reader),
        )
        for reader in ports.readers
    ]
    keep_going([*readers, *ports.loops], ending=ending)
