"""Who is held out is decided by a hash: evenly, once and for all, and anew for every trial."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import chdtrc

from zhanggui.growth.experiments.rules import Arm, arm_of

PEOPLE = [f"person-{number}" for number in range(20_000)]
# One test in a hundred thousand honest hashes would fail.
RARE = 1e-5


def held(salt, share, persons=PEOPLE):
    return [arm_of(salt=salt, person=person, held_out_bp=share) is Arm.HELD_OUT for person in persons]


@pytest.mark.parametrize("share", [500, 2000, 5000, 9000])
def test_as_many_are_held_out_as_was_asked_for(share):
    meant = len(PEOPLE) * share / 10_000
    off = (sum(held("spring", share)) - meant) ** 2
    assert chdtrc(1, off / meant + off / (len(PEOPLE) - meant)) > RARE


def test_people_lie_evenly_over_the_whole_range():
    counts = [0] * 50
    for person in PEOPLE:
        # The smallest share at which they are held out tells where they lie.
        low, high = 0, 50
        while high - low > 1:
            middle = (low + high) // 2
            if arm_of(salt="s", person=person, held_out_bp=middle * 200) is Arm.HELD_OUT:
                high = middle
            else:
                low = middle
        counts[low] += 1
    meant = len(PEOPLE) / 50
    assert chdtrc(49, sum((count - meant) ** 2 / meant for count in counts)) > RARE


def test_two_trials_hold_people_out_independently():
    one, other = held("spring", 3000), held("summer", 3000)
    cells = [
        sum(a is x and b is y for a, b in zip(one, other, strict=True)) for x in (True, False) for y in (True, False)
    ]
    sides = (sum(one), len(one) - sum(one)), (sum(other), len(other) - sum(other))
    meant = [a * b / len(PEOPLE) for a in sides[0] for b in sides[1]]
    assert chdtrc(1, sum((cell - one) ** 2 / one for cell, one in zip(cells, meant, strict=True))) > RARE


@given(st.text(max_size=200), st.text(max_size=200), st.integers(0, 10_000), st.integers(0, 10_000))
def test_a_larger_hold_out_keeps_who_was_in_the_smaller_one(salt, person, one, other):
    small, large = sorted((one, other))
    if arm_of(salt=salt, person=person, held_out_bp=small) is Arm.HELD_OUT:
        assert arm_of(salt=salt, person=person, held_out_bp=large) is Arm.HELD_OUT
    assert arm_of(salt=salt, person=person, held_out_bp=0) is Arm.TREATED
    assert arm_of(salt=salt, person=person, held_out_bp=10_000) is Arm.HELD_OUT
