"""Where the sandbox answers: noted down when it starts, so that whoever looks for it later finds it."""

from __future__ import annotations

import os
from collections.abc import Mapping

from zhanggui.base.home import shelf

DEFAULT_PORT = 8001
_NOTE = "address"


def note_address(address: str) -> None:
    """Write down where the sandbox answers."""
    (shelf("sandbox") / _NOTE).write_text(address)


def address_of(environment: Mapping[str, str] = os.environ) -> str:
    """Where the sandbox answers: what the environment says, else what was noted down last, else this machine."""
    note = shelf("sandbox") / _NOTE
    kept = note.read_text() if note.exists() else f"http://127.0.0.1:{DEFAULT_PORT}"
    return environment.get("ZHANGGUI_SANDBOX_URL", kept).rstrip("/")
