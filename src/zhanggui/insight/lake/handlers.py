"""What the lake does when something happened: it keeps it, and brings its tables up to it."""

from __future__ import annotations

from zhanggui.insight.lake import actions
from zhanggui.spine.relay.loop import Loop
from zhanggui.spine.relay.rules import Reader

BATCH = 10_000
REST_SECONDS = 0.25


def tend() -> int:
    """One step of house work; how many days were rolled, so that a year just imported is rolled without a rest."""
    return actions.tend().rolled_days


reader = Reader(name="insight.lake", take=actions.keep, batch=BATCH)
loop = Loop(name="insight.lake.tend", step=tend, rest_seconds=REST_SECONDS)
