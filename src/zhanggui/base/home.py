"""Where this installation keeps its files: ZHANGGUI_HOME, or ~/.zhanggui."""

from __future__ import annotations

import os
from pathlib import Path


def home() -> Path:
    """The folder of this installation; made on first use, readable by its owner only."""
    folder = Path(os.environ.get("ZHANGGUI_HOME") or Path.home() / ".zhanggui").absolute()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def shelf(name: str) -> Path:
    """A folder in it: lake, postgres, static, imports."""
    folder = home() / name
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder
