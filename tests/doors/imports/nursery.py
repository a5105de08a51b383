"""A process that makes processes to be killed: Django is ready, nothing is connected yet, a child takes a file in.

A line on its input, `file chunk_lines chunks`, is answered with the number of a child that takes the file in and kills
itself the moment so many of its chunks are committed; with -1 chunks, in the middle of committing the second.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import django


def take(path: str, chunk_lines: int, chunks: int) -> None:
    """Take orders in until it is time to die."""
    real = sources.take
    taken = 0

    def take_and_die(**chunk: object) -> None:
        nonlocal taken
        if chunks < 0 and taken == 1:
            with transaction.atomic():
                real(**chunk)
                os.kill(os.getpid(), signal.SIGKILL)
        real(**chunk)
        taken += 1
        if taken == chunks:
            os.kill(os.getpid(), signal.SIGKILL)

    sources.take = take_and_die
    take_orders(Path(path), chunk_lines=chunk_lines)


if __name__ == "__main__":
    django.setup()
    from django.db import transaction

    from tests.doors.imports.made import take_orders
    from zhanggui.insight.sources import actions as sources

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    print("ready", flush=True)
    for line in sys.stdin:
        file, size, count = line.split()
        child = os.fork()
        if child == 0:
            take(file, int(size), int(count))
            os._exit(0)
        print(child, flush=True)
