"""What the console needs of another door."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

# Turns a workbook into a CSV file in a folder. Plugged in by config.wiring.
sheet_readers: list[Callable[[Path, Path], Path]] = []
