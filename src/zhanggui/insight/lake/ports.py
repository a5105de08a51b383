"""Who answers questions to the lake instead of DuckDB in this process."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import pyarrow as pa


class Engine(Protocol):
    """An engine over the lake's files, which gives the same rows to the same question.

    sql  DuckDB's, with `?` for params
    """

    def ask(self, sql: str, params: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Rows that answer a question."""

    def ask_table(self, sql: str, params: Sequence[object] = ()) -> pa.Table:
        """The same as one Arrow table; whole numbers may be of other widths, and what is true a 1."""


# By the name that LAKE_ENGINE takes; `duckdb` needs no entry.
engines: dict[str, Engine] = {}
