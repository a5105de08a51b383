"""Reading the lake.

rollup, events   relations for DuckDB, to be written behind `from`
ask, ask_table   the answer to a question over them
event, chain     one event, and what led to it; of_order: all that happened to an order
version, days    for caches and date pickers
ops, verify      for a status page and for the doctor
"""

from __future__ import annotations

from zhanggui.insight.lake.queries.engine import ask, ask_table
from zhanggui.insight.lake.queries.relations import LONGEST_CHAIN, chain, event, events, of_order, rollup
from zhanggui.insight.lake.queries.state import Ops, Problem, Verified, days, ops, verify, version

__all__ = [
    "LONGEST_CHAIN",
    "Ops",
    "Problem",
    "Verified",
    "ask",
    "ask_table",
    "chain",
    "days",
    "event",
    "events",
    "of_order",
    "ops",
    "rollup",
    "verify",
    "version",
]
