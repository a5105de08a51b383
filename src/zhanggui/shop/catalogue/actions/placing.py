"""Files put into the media store whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def put_in_place(content: bytes, path: Path) -> None:
    """Write a file under another name first, so that nobody ever reads half of it."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as fresh:
        fresh.write(content)
    os.replace(fresh.name, path)
