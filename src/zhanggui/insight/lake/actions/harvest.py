"""One reading of the segments of some days, for all that is said of them as arrays: the table of steps is written while
they are read, and what other tables are made from is kept.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa

from zhanggui.base.errors import Unreachable
from zhanggui.insight.lake.actions import batches, sightings, steps, tables
from zhanggui.insight.lake.actions.batches import Batch
from zhanggui.insight.lake.actions.tables import Copied
from zhanggui.insight.lake.actions.walkers import Walkers
from zhanggui.insight.lake.errors import LakeBroken
from zhanggui.insight.lake.queries import engine
from zhanggui.insight.lake.rules import EVENTS, ROLLUPS

_THREADS: Final = 2
_OF_FACTS: Final = set(re.findall(r"(?<![\w'])\w+", " ".join(one.sql for one in ROLLUPS if one.reads_facts)))
FACT_COLUMNS: Final = tuple(name for name in EVENTS.names if name in {"day", "person", *_OF_FACTS})
_READ: Final = tuple(
    name for name in EVENTS.names if name in {*steps.READ, *sightings.PARTS_READ, *sightings.LOOKS_READ, *FACT_COLUMNS}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Harvest:
    """What segments hold besides steps.

    runs          of parts, each added up
    looks         at goods, added up in pieces
    facts         in the columns that tables look at
    names         of what happened
    has_nameless  whether anything happened outside a session
    """

    runs: pa.Table
    looks: pa.Table
    facts: pa.Table
    names: frozenset[str]
    has_nameless: bool


def reap(paths: Sequence[Path], steps_to: Path, *, walkers: Walkers, wanted_bytes: int) -> tuple[Copied, Harvest]:
    """Read some segments, at least one, and write their steps to a durable file. No event may stand in them twice.

    wanted_bytes  about how large that will be, for a message when there is no room
    refuses       LakeFull, LakeUnwritable, LakeBroken; then no file is left
    """
    sheaves: list[Harvest] = []
    try:
        written = tables.keep(
            lambda draft: _reap(paths, draft, walkers, sheaves), to=steps_to, wanted_bytes=wanted_bytes
        )
    except (pa.ArrowException, Unreachable) as error:
        for path in paths:
            if reason := engine.damage(path):
                raise LakeBroken(path=path, reason=reason) from error
        raise
    return written, Harvest(
        runs=pa.concat_tables(one.runs for one in sheaves),
        looks=pa.concat_tables(one.looks for one in sheaves),
        facts=pa.concat_tables(one.facts for one in sheaves),
        names=frozenset().union(*(one.names for one in sheaves)),
        has_nameless=any(one.has_nameless for one in sheaves),
    )


def _reap(paths: Sequence[Path], draft: Path, walkers: Walkers, sheaves: list[Harvest]) -> int:
    """Write the steps, batch by batch, and say how many there are; the sheaves are what else the batches hold."""
    rows = 0
    with steps.writer(draft) as writer, ThreadPoolExecutor(_THREADS) as pool:
        for made, sheaf in pool.map(lambda groups: _read(groups, walkers), batches.together(paths)):
            rows += len(made)
            sheaves.append(sheaf)
            if len(made):
                writer.write_table(made, row_group_size=len(made))
    return rows


def _read(groups: batches.Groups, walkers: Walkers) -> tuple[pa.Table, Harvest]:
    batch = batches.read(groups, _READ, walkers)
    return steps.steps_of(batch), Harvest(
        runs=sightings.runs_of(batch),
        looks=sightings.looks_of(batch),
        facts=_facts_of(batch),
        names=frozenset(batch.column["name"].dictionary.to_pylist()),
        has_nameless=not batch.is_told("session").all(),
    )


def _facts_of(batch: Batch) -> pa.Table:
    rows = np.flatnonzero(batch.fits("name", lambda name: "." in name))
    at = pa.array(rows)
    told = {name: batch.column[name].take(at) for name in FACT_COLUMNS if name != "person"}
    return pa.table(told | {"person": pa.array(batch.people[rows])})
