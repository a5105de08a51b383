"""`zhanggui sandbox`: the payment provider to try the shop with, as a process of its own."""

from __future__ import annotations

import os
from urllib.parse import urlsplit

import click
from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels

from zhanggui.doors.sandbox.place import DEFAULT_PORT, note_address

APPLICATION = "zhanggui.doors.sandbox.server:application"
# An answer that hangs on demand holds a thread for half a minute.
THREADS = 16


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on; 0.0.0.0 for all.")
@click.option(
    "--port",
    default=None,
    type=click.IntRange(1, 65535),
    help="Default: the port in ZHANGGUI_SANDBOX_URL, or 8001.",
)
def command(host: str, port: int | None) -> None:
    """Stand in for Stripe, Alipay and WeChat Pay, until told to end. No money moves."""
    named = urlsplit(os.environ.get("ZHANGGUI_SANDBOX_URL", "")).port
    port = port or named or DEFAULT_PORT
    note_address(os.environ.setdefault("ZHANGGUI_SANDBOX_URL", f"http://127.0.0.1:{port}"))
    Granian(
        APPLICATION,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=THREADS,
        http=HTTPModes.http1,
        websockets=False,
        respawn_failed_workers=True,
        respawn_interval=1,
        workers_kill_timeout=5,
        log_level=LogLevels.warning,
    ).serve()
