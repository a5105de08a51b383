"""The lake's verbs.

write, add, append, discard   events come in, once per batch
keep                          facts come in, with the relay's cursor
to_events, days_of            envelopes and moments as columns
rename                        who walked under which id
fold, roll, compact, sweep    house work, each safe beside itself and the others
tend                          one step of all of it
"""

from __future__ import annotations

from zhanggui.insight.lake.actions.compaction import Compacted, compact
from zhanggui.insight.lake.actions.people import fold, rename
from zhanggui.insight.lake.actions.rolling import Progress, roll
from zhanggui.insight.lake.actions.segments import Appended, Written, add, append, discard, keep, write
from zhanggui.insight.lake.actions.shaping import days_of, to_events
from zhanggui.insight.lake.actions.sweeping import Swept, sweep
from zhanggui.insight.lake.actions.tending import Tended, tend

__all__ = [
    "Appended",
    "Compacted",
    "Progress",
    "Swept",
    "Tended",
    "Written",
    "add",
    "append",
    "compact",
    "days_of",
    "discard",
    "fold",
    "keep",
    "rename",
    "roll",
    "sweep",
    "tend",
    "to_events",
    "write",
]
