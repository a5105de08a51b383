"""`zhanggui ingest`: the door for events as a process of its own, for shops whose volume needs one."""

from __future__ import annotations

import os

import click
from granian import Granian
from granian.constants import HTTPModes, Interfaces

APPLICATION = "zhanggui.doors.ingest.server:app"


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on; 0.0.0.0 for all.")
@click.option("--port", default=8010, show_default=True, type=click.IntRange(1, 65535))
@click.option(
    "--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="Processes; one fills a core."
)
def command(host: str, port: int, workers: int) -> None:
    """Take events over HTTP, until told to end; what was answered with 200 is on the disk."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhanggui.config.settings")
    Granian(
        APPLICATION,
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        workers=workers,
        http=HTTPModes.http1,
        websockets=False,
        respawn_failed_workers=True,
        respawn_interval=1,
        workers_kill_timeout=10,
    ).serve()
