"""Taking a change apart: published limits, and laws that hold for every chain."""

from __future__ import annotations

from decimal import Decimal, localcontext

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from zhanggui.insight.tree.rules import Branch, cell, effects, logarithmic_mean, standing, whole, worth


@st.composite
def chains(draw, links: int = 4):
    """Counts each of which stands on the one before: zero as soon as that is zero."""
    counts = []
    for _ in range(links):
        counts.append(0 if counts and not counts[-1] else draw(st.integers(0, 2_000_000)))
    return tuple(counts)


pairs = st.tuples(chains(), chains())


@pytest.mark.parametrize(
    ("now", "then", "parts"),
    [
        # the worked number of `effects`
        ((1000, 50, 60, 600000), (800, 48, 48, 480000), (120000, -98047, 98047, 0)),
        # Ang and Liu (2007), table 2: a factor that is zero at one end moves all of it
        ((1000, 50, 60, 600000), (1000, 0, 0, 0), (0, 600000, 0, 0)),
        ((1000, 0, 0, 0), (1000, 50, 60, 600000), (0, -600000, 0, 0)),
        ((1000, 50, 60, 600000), (0, 0, 0, 0), (600000, 0, 0, 0)),
        ((1000, 50, 60, 0), (900, 50, 60, 600000), (0, 0, 0, -600000)),
        # and zero at both ends nothing, whatever the others do
        ((1000, 0, 0, 0), (10, 0, 0, 0), (0, 0, 0, 0)),
        ((1000, 50, 60, 0), (10, 5, 6, 0), (0, 0, 0, 0)),
        # what came back is more than what was paid: no logarithm, so all of it is the last link's
        ((10, 5, 6, -100), (10, 5, 6, 300), (0, 0, 0, -400)),
    ],
)
def test_a_change_is_taken_apart_as_published(now, then, parts):
    assert effects(now, then) == parts


@given(pairs)
def test_the_parts_sum_to_the_change_exactly(pair):
    now, then = pair

    assert sum(effects(now, then)) == now[-1] - then[-1]


@given(pairs)
def test_the_periods_the_other_way_round_give_the_negatives(pair):
    now, then = pair

    assert effects(then, now) == tuple(-part for part in effects(now, then))


@given(chains())
def test_where_nothing_changed_nothing_moved(chain):
    assert effects(chain, chain) == (0, 0, 0, 0)


@given(chains(), st.integers(2, 9), st.integers(0, 3))
def test_a_single_factor_that_changed_moved_all_of_it(chain, times, link):
    now = tuple(count * times if n >= link else count for n, count in enumerate(chain))

    parts = effects(now, chain)

    assert parts[link] == now[-1] - chain[-1]
    assert not any(part for n, part in enumerate(parts) if n != link)


@given(pairs)
def test_the_parts_are_those_of_the_formula_to_within_the_unit_that_was_left_over(pair):
    now, then = pair
    assume(now[-1] and then[-1])

    parts = effects(now, then)

    with localcontext(prec=50):
        factors = [[Decimal(c) / Decimal(b) for b, c in zip((1, *chain), chain, strict=False)] for chain in pair]
        rise = (Decimal(now[-1]) / then[-1]).ln()
        mean = (now[-1] - then[-1]) / rise if rise else Decimal(then[-1])
        for part, new, old in zip(parts, *factors, strict=True):
            assert abs(part - mean * (new / old).ln()) < 1 + Decimal("1e-6")


def test_the_logarithmic_mean_lies_between():
    assert round(logarithmic_mean(6000, 4800), 1) == 5377.7
    assert logarithmic_mean(7, 7) == 7


@given(st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=9))
def test_whole_parts_sum_to_the_whole_and_lie_within_one_of_what_they_were(parts):
    total = round(sum(parts))
    assume(abs(total - sum(parts)) < len(parts))

    found = whole(parts, total)

    assert sum(found) == total
    assert all(abs(one - part) < 2 for one, part in zip(found, parts, strict=True))
    assert whole([-part for part in parts], -total) == tuple(-one for one in found)


def test_what_is_left_over_goes_to_those_cut_the_most_and_among_equals_to_the_earlier():
    assert whole([1.6, 1.6, -2.2], 1) == (2, 1, -2)


def test_a_cell_with_a_larger_share_of_the_same_visitors_moved_by_mix_alone():
    one = cell(
        "email",
        {Branch.SEEN: (300, 30, 30, 300_000)},
        {Branch.SEEN: (200, 20, 20, 200_000)},
        wholes=(1000, 1000),
        currency="CNY",
    )

    assert (one.volume, one.mix, one.rate, one.aside) == (0, 100_000, 0, 0)
    assert one.change.minor == 100_000


@given(pairs, st.integers(0, 10_000), st.tuples(chains(3), chains(3)), st.tuples(chains(2), chains(2)))
def test_what_moved_a_cell_sums_to_its_change(seen, others, unseen, nobody):
    now, then = ({Branch.SEEN: seen[n], Branch.UNSEEN: unseen[n], Branch.NOBODY: nobody[n]} for n in range(2))
    wholes = (seen[0][0] + others, seen[1][0] + others)

    one = cell("x", now, then, wholes=wholes, currency="CNY")

    assert one.volume + one.mix + one.rate + one.aside == one.change.minor
    assert one.change.minor == sum(now[b][-1] - then[b][-1] for b in now)


@pytest.mark.parametrize(
    ("chain", "counts"),
    [
        ((0, 0, 0, 500), (1, 1, 1, 500)),
        ((7, 2, 0, 500), (7, 2, 1, 500)),
        ((7, 0, 0, 0), (7, 0, 0, 0)),
        ((0, -3), (0, -3)),
    ],
)
def test_what_there_is_of_the_next_is_of_at_least_one_of_this(chain, counts):
    assert standing(chain) == counts


def test_what_a_factor_was_worth_is_its_part_of_the_change():
    assert worth(factor=(800, 1000), money=(480_000, 600_000)) == -120_000
    assert worth(factor=(800, 0), money=(480_000, 600_000)) == 0
    # nobody came and nothing was paid: all of it; nobody ordered though people came: none of it is the people's
    assert worth(factor=(0, 1000), money=(0, 600_000)) == -600_000
    assert worth(factor=(800, 1000), money=(0, 600_000)) == 0
