"""What is plugged into presales; `config/wiring.py` fills the list."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

# Where a shopper finds a reservation of theirs: a whole address, for a message.
pages: list[Callable[[UUID], str]] = []
