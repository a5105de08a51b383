"""Ids of a whole chunk."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.base import clock, ids
from zhanggui.doors.imports.rules.keys import uuids_of

moments = st.integers(min_value=0, max_value=4_000_000_000_000_000)


@given(told=st.lists(st.tuples(moments, st.text(max_size=40)), max_size=30))
def test_the_ids_of_a_chunk_are_those_that_each_fact_alone_would_have(told: list[tuple[int, str]]) -> None:
    made = uuids_of(np.array([at for at, _ in told], dtype=np.int64), [key for _, key in told])
    assert [bytes(row) for row in made] == [ids.uuid7_of(clock.from_micros(at), key).bytes for at, key in told]
