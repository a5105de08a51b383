"""A process that makes processes to be killed: Django is ready, nothing is connected yet, a child works at once.

A line on its input, `role argument`, is answered with the number of a child that is at it.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable

import django


def write(count: str) -> None:
    """Deliver the same numbered batches for ever; those that stand change nothing."""
    while True:
        for number in range(int(count)):
            append(f"w{number}", *batch(number))


def relay(size: str) -> None:
    """Bring facts into the lake, few at a time."""
    while True:
        step(Reader(name=handlers.reader.name, take=handlers.reader.take, batch=int(size)))


def tidy(_: str) -> None:
    """Roll, merge and sweep for ever."""
    while True:
        actions.compact()
        actions.roll()
        actions.sweep()


def die_after_writing(number: str) -> None:
    """Write a batch's files and be gone before the manifest knows them."""
    actions.write(columns(*batch(int(number))), shop="tea")
    os.kill(os.getpid(), signal.SIGKILL)


def die_before_commit(number: str) -> None:
    """Add a batch and be gone before its transaction ends."""
    with transaction.atomic():
        actions.add(f"w{number}", actions.write(columns(*batch(int(number))), shop="tea"), shop="tea")
        os.kill(os.getpid(), signal.SIGKILL)


def die_after_commit(number: str) -> None:
    """Add a batch and be gone before anybody hears of it."""
    append(f"w{number}", *batch(int(number)))
    os.kill(os.getpid(), signal.SIGKILL)


ROLES: dict[str, Callable[[str], None]] = {
    role.__name__: role for role in (write, relay, tidy, die_after_writing, die_before_commit, die_after_commit)
}


def main() -> None:
    """Fork a child for every line."""
    print("ready", flush=True)
    for line in sys.stdin:
        role, argument = line.split()
        child = os.fork()
        if not child:
            sys.stdin.close()
            ROLES[role](argument)
        print(child, flush=True)


if __name__ == "__main__":
    django.setup()
    # Django's models can be read only from here on.
    from django.db import transaction

    from tests.insight.lake.making import append, batch, columns
    from zhanggui.insight.lake import actions, handlers
    from zhanggui.spine.relay.actions import step
    from zhanggui.spine.relay.rules import Reader

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    main()
