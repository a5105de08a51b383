"""Moments of many people in order, part by part."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as some

from zhanggui.insight.lake.queries.sorting import Ordered, Packing, Whole, of_pieces, of_wide_parts

# A day takes 37 bits. With a code of 20 a number holds one person of 2 ** 6, without one of 2 ** 8.
DAY_US = 86_400_000_000
PACKING = Packing(span_us=DAY_US, code_bits=20, people_bits=8)
A_MOMENT = some.tuples(some.integers(0, 2000), some.integers(0, DAY_US - 1), some.integers(0, (1 << 20) - 1))
Told = list[tuple[int, int, int]]


def columns(rows: Told) -> tuple[np.ndarray, Whole, Whole]:
    people, at_us, codes = (list(column) for column in zip(*rows, strict=True)) if rows else ([], [], [])
    return np.array(people, np.int32), np.array(at_us, np.int64), np.array(codes, np.int64)


def in_turn(part: int, ordered: Ordered) -> Told:
    """What a wide part holds, as it was told."""
    people, at_us = (part << 8) + (ordered.moments >> 37), ordered.moments & ((1 << 37) - 1)
    return list(zip(people.tolist(), at_us.tolist(), ordered.codes.tolist(), strict=True))


@given(some.lists(some.lists(A_MOMENT, max_size=30), max_size=4))
def test_wide_parts_hold_every_moment_in_order_with_its_code(pieces: list[Told]):
    assert (PACKING.kept_bits, PACKING.wide_bits) == (6, 8)
    told = of_wide_parts(pieces, columns, PACKING, in_turn)
    assert [moment for part in told for moment in part] == sorted(moment for piece in pieces for moment in piece)


def test_a_wide_part_is_given_to_the_work_once():
    people = [63, 64, 255, 256, 300, 2000]
    seen: dict[int, int] = {}
    of_wide_parts(
        [[(person, 0, 0) for person in people]],
        columns,
        PACKING,
        lambda part, ordered: seen.update({part: len(ordered.codes)}),
    )
    assert seen == {0: 3, 1: 2, 7: 1}


def test_narrow_parts_hold_fewer_people():
    told = of_pieces([[(63, 5, 1), (64, 4, 2)]], columns, PACKING, lambda part, keys: (part, keys.tolist()))
    assert told == [(0, [(63 << 57) | (5 << 20) | 1]), (1, [(4 << 20) | 2])]
