"""In which order steps lie in their files: who reads them without sorting counts on it."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.insight.lake.actions import steps
from zhanggui.insight.lake.actions.batches import Batch

PEOPLE = st.lists(st.integers(0, 5), max_size=40)


def a_batch(people: list[int]) -> Batch:
    """Views of pages, the nth a microsecond after the one before, each of a page of its own."""
    listed = pa.dictionary(pa.int32(), pa.string())
    told = {
        "name": ["Page"] * len(people),
        "session": [f"session of {who}" for who in people],
        "page": [f"/{n}/" for n in range(len(people))],
    }
    column = {name: pa.array(told.get(name, [""] * len(people)), listed) for name in steps.READ[4:]}
    column |= {
        "day": pa.array([20_000] * len(people), pa.int32()).view(pa.date32()),
        "ts_us": pa.array(range(len(people)), pa.int64()),
        "lines": pa.nulls(len(people), pa.list_(pa.struct({"sku": pa.string(), "category": pa.string()}))),
    }
    return Batch(column, np.array(people, np.int32))


@given(people=PEOPLE)
def test_people_stand_in_order_and_what_each_did_as_in_the_log(people: list[int]) -> None:
    made = steps.steps_of(a_batch(people))
    made.validate(full=True)
    wanted = sorted((who, n, f"/{n}/", f"session of {who}") for n, who in enumerate(people))
    assert (
        list(zip(*(made[name].to_pylist() for name in ("person", "ts_us", "page", "session")), strict=True)) == wanted
    )
