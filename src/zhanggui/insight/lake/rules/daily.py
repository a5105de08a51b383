"""The daily tables by name, and what tells them from those of another version."""

from __future__ import annotations

from collections.abc import Sequence

from zhanggui.insight.lake.rules.rollup import Rollup
from zhanggui.insight.lake.rules.rollups import ROLLUPS

_BY_NAME = {rollup.name: rollup for rollup in ROLLUPS}


def rollup_named(name: str) -> Rollup:
    """The daily table of that name; a KeyError is a bug."""
    return _BY_NAME[name]


def fingerprint(rollups: Sequence[Rollup]) -> str:
    """What tells whether the daily tables are still made the same way, such as `orders:1 visits:2`."""
    return " ".join(f"{rollup.name}:{rollup.version}" for rollup in rollups)
