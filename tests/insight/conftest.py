"""Which daily tables a file of tests needs: making all of them for every small world costs most of its time."""

from __future__ import annotations

import pytest

from zhanggui.insight.lake.actions import rolling
from zhanggui.insight.lake.rules import rollup_named


@pytest.fixture(autouse=True)
def _only_these_tables(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """`@pytest.mark.tables("orders", "visits")`: no other is made. A table that is missing has no rows."""
    wanted = request.node.get_closest_marker("tables")
    if wanted is not None:
        monkeypatch.setattr(rolling, "ROLLUPS", tuple(rollup_named(name) for name in wanted.args))
