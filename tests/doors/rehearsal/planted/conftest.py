"""Both worlds stand once for all tests of this folder."""

from __future__ import annotations

import pytest

from tests.doors.rehearsal.planted.worlds import TABLES, Worlds, both
from zhanggui.insight.lake.actions import rolling
from zhanggui.insight.lake.rules import rollup_named


@pytest.fixture(scope="module")
def worlds(standing_world: None) -> Worlds:
    """The planted shop and its twin, with what insight says of both."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rolling, "ROLLUPS", tuple(rollup_named(name) for name in TABLES))
        return both()
