"""One order's money among its touches, and what is lost without a source: by hand, and walked one by one."""

from __future__ import annotations

import itertools
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.base.money import Money
from zhanggui.insight.attribution.rules import (
    BOUGHT,
    NOTHING,
    START,
    Model,
    Source,
    Touch,
    removal_effects,
    shared,
    weights,
)

DAY_US = 86_400_000_000
KINDS = ("direct", "email", "paid_search", "affiliate")

paths = st.lists(
    st.builds(
        Touch,
        source=st.builds(Source, channel=st.sampled_from(KINDS)),
        age_us=st.integers(0, 90 * DAY_US),
    ),
    min_size=1,
    max_size=8,
)


def path(*channels: str, ages_days: tuple[int, ...] = ()) -> list[Touch]:
    ages = ages_days or tuple(range(len(channels) - 1, -1, -1))
    return [Touch(source=Source(channel=one), age_us=age * DAY_US) for one, age in zip(channels, ages, strict=True)]


@pytest.mark.parametrize(
    ("model", "shares"),
    [
        (Model.FIRST, [1000, 0, 0, 0]),
        (Model.LAST, [0, 0, 0, 1000]),
        (Model.LAST_NON_DIRECT, [0, 0, 1000, 0]),
        (Model.LINEAR, [250, 250, 250, 250]),
        (Model.POSITION, [400, 100, 100, 400]),
        (Model.DECAY, [67, 133, 267, 533]),
        (Model.CHAIN, [500, 250, 250, 0]),
    ],
)
def test_ten_yuan_over_four_touches(model, shares):
    touches = path("email", "paid_search", "paid_search", "direct", ages_days=(21, 14, 7, 0))
    removal = {Source(channel="email"): 600_000, Source(channel="paid_search"): 300_000}

    found = shared(model, touches, Money(1000, "CNY"), removal=removal)

    assert [share.minor for share in found] == shares


def test_last_is_last_where_all_are_direct():
    assert weights(Model.LAST_NON_DIRECT, path("direct", "direct"), removal={}) == [0, 1]


@given(model=st.sampled_from(Model), touches=paths, minor=st.integers(1, 10**9))
def test_the_shares_of_an_order_sum_to_its_money(model, touches, minor):
    found = shared(model, touches, Money(minor, "CNY"), removal={Source(channel="email"): 7})

    assert sum(share.minor for share in found) == minor
    assert all(share.minor >= 0 for share in found)


def test_without_the_only_way_in_everything_is_lost():
    steps = {(START, "a"): 2, ("a", "b"): 1, ("a", BOUGHT): 1, ("b", BOUGHT): 1}

    assert removal_effects(["a", "b"], steps) == {"a": 1_000_000, "b": 500_000}


def test_the_example_of_a_textbook_with_three_ways():
    """C1 -> C2 -> C3 -> bought; C1 -> nothing; C2 -> C3 -> nothing (ChannelAttribution's own example)."""
    steps = Counter(
        {
            (START, "C1"): 2,
            (START, "C2"): 1,
            ("C1", "C2"): 1,
            ("C1", NOTHING): 1,
            ("C2", "C3"): 2,
            ("C3", BOUGHT): 1,
            ("C3", NOTHING): 1,
        }
    )

    assert removal_effects(["C1", "C2", "C3"], steps) == {"C1": 500_000, "C2": 1_000_000, "C3": 1_000_000}


def test_where_nobody_buys_nothing_is_lost():
    assert removal_effects(["a"], {(START, "a"): 3, ("a", NOTHING): 3}) == {"a": 0}


walks = st.lists(st.tuples(st.lists(st.sampled_from("abcd"), min_size=1, max_size=5), st.booleans()), max_size=12)


@given(walked=walks)
def test_what_is_lost_is_what_walking_without_the_source_loses(walked):
    steps: Counter[tuple[str, str]] = Counter()
    for sources, is_bought in walked:
        stops = [START, *sources, BOUGHT if is_bought else NOTHING]
        steps.update(itertools.pairwise(stops))
    sources = sorted({one for many, _ in walked for one in many})

    found = removal_effects(sources, steps)

    whole = _chance(sources, steps, without=None)
    for source in sources:
        lost = 1 - _chance(sources, steps, without=source) / whole if whole else 0
        assert found[source] == pytest.approx(1_000_000 * lost, abs=1)


def _chance(sources, steps, *, without: str | None) -> float:
    """The chance to buy, step by step until nobody is on the way any more."""
    out = Counter()
    for (here, _), times in steps.items():
        out[here] += times
    at = {START: 1.0}
    bought = 0.0
    for _ in range(3_000):
        after: dict[str, float] = {}
        for (here, there), times in steps.items():
            if here in at and there not in (NOTHING, without):
                flow = at[here] * times / out[here]
                if there == BOUGHT:
                    bought += flow
                else:
                    after[there] = after.get(there, 0.0) + flow
        if not after or sum(after.values()) < 1e-12:
            break
        at = after
    return bought
