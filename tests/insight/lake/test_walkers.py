"""Who did what, by number: the quick way says what the slow one says."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.insight.lake.actions.walkers import Walkers

# Of one length and of several, in letters of one byte and of more, and too long for a cell.
ids = st.one_of(
    st.text("abc", min_size=3, max_size=3),
    st.text("abc-", min_size=1, max_size=5),
    st.text("ab王", min_size=1, max_size=4),
    st.just("x" * 65),
)
NOBODY = pa.array([], pa.string())


def a_crowd(known: list[str]) -> Walkers:
    persons = sorted(set(known), key=str.encode)
    numbers = pa.array(range(1, len(persons) + 1), pa.int32())
    until = pa.array([], pa.int64())
    return Walkers(person=pa.array(persons, pa.string()), number=numbers, alias=NOBODY, whose=NOBODY, until_us=until)


def told(walkers: Walkers, people: list[str]) -> list[int]:
    column = pa.array(people, pa.string()).dictionary_encode()
    return [int(number) for number in walkers.numbers(column, np.zeros(len(people), np.int64))]


@given(known=st.lists(ids, max_size=12), strangers=st.lists(ids, max_size=4))
def test_everybody_known_has_their_number_and_nobody_else_has_one(known: list[str], strangers: list[str]) -> None:
    numbers = {one: place for place, one in enumerate(sorted(set(known), key=str.encode), 1)}
    asked = [*known, *strangers, ""]

    assert told(a_crowd(known), asked) == [numbers.get(one, 0) for one in asked]


@pytest.mark.parametrize("known", [["v-1", "v-2", "v-3"], ["v-1", "c-10", "v-203"]], ids=["one length", "several"])
def test_a_part_of_a_column_is_told_like_the_whole(known: list[str]) -> None:
    walkers = a_crowd(known)
    people = pa.array(["nobody-here", *known, "v-3"], pa.string())[1:-1].dictionary_encode()

    assert walkers.numbers(people, np.zeros(3, np.int64)).tolist() == told(walkers, known)
