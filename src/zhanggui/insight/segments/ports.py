"""Who finds the people of a kind of segment; `config/wiring.py` fills the table."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol


class People(Protocol):
    """A port: how an analysis finds the people that a question means."""

    def __call__(self, shop: str, terms: Mapping[str, Any], *, at: datetime) -> str:
        """DuckDB's query over the lake as it stands now; it gives one column `person`, the number of each
        once, nobody never; `lake.people` says who that is.

        at       the moment of asking, from which named periods are counted back
        refuses  TermsUnfit
        """
        ...


people: dict[str, People] = {}
