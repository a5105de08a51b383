"""Who is audited, by name; `config/wiring.py` fills it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

audits: dict[str, Callable[[], Sequence[object]]] = {}
