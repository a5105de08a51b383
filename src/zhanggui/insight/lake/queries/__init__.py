"""Reading the lake.

rollup, events   relations for DuckDB, to be written behind `from`; counted_events speaks of people by number, as
                 daily tables do, and people says who that is
rollup_files     what a daily table lies in, for who reads arrays (`lake.queries.columns`)
ask              the answer to a question over them, by the engine in use; ask_many the same as a table of many rows,
                 ask_table by DuckDB always
event, chain     one event, and what led to it; of_order: all that happened to an order
version, days    for caches and date pickers; tables for what is kept in files
ops, verify      for a status page and for the doctor
"""

from __future__ import annotations

from zhanggui.insight.lake.queries.answering import answers_itself, ask, ask_many
from zhanggui.insight.lake.queries.engine import ask_table
from zhanggui.insight.lake.queries.relations import (
    LONGEST_CHAIN,
    Filed,
    chain,
    counted_events,
    event,
    events,
    of_order,
    people,
    people_count,
    rollup,
    rollup_files,
)
from zhanggui.insight.lake.queries.state import Ops, Problem, Tables, Verified, days, ops, tables, verify, version

__all__ = [
    "LONGEST_CHAIN",
    "Filed",
    "Ops",
    "Problem",
    "Tables",
    "Verified",
    "answers_itself",
    "ask",
    "ask_many",
    "ask_table",
    "chain",
    "counted_events",
    "days",
    "event",
    "events",
    "of_order",
    "ops",
    "people",
    "people_count",
    "rollup",
    "rollup_files",
    "tables",
    "verify",
    "version",
]
