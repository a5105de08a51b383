"""Plays of which the truth is known: intervals are right as often as they say; nothing is found where nothing is."""

from __future__ import annotations

import math
from statistics import mean, stdev

import numpy as np
import pytest
from benchmarks.simulated import World, peeked, played, some_world

from zhanggui.growth.experiments.rules import LEAST_PEOPLE, people_needed
from zhanggui.growth.experiments.rules.statistics import ALPHA, adjusted, difference, pooled, sequential

PLAYS, PEEKED, LOOKS = 500, 200, 60


def most_false(of):
    """More than so many false alarms come by chance once in a thousand suites, if alpha is kept."""
    return ALPHA * of + 3.09 * math.sqrt(of * ALPHA * (1 - ALPHA))


def told(held_out, treated):
    """As outcomes are."""
    return pooled(*adjusted(held_out, treated), size=treated.after.mean)


@pytest.fixture(scope="module")
def plays():
    rng = np.random.default_rng(11)
    worlds = [some_world(rng) for _ in range(PLAYS)]
    return [(world, *played(world, rng=rng)) for world in worlds]


def test_intervals_of_95_cover_the_truth_between_93_and_97_of_100_times(plays):
    right = 0
    for world, held_out, treated in plays:
        found = told(held_out, treated)
        right += found.low <= world.truth <= found.high

    assert 0.93 <= right / PLAYS <= 0.97


@pytest.mark.parametrize("lift", [-0.5, 1.0])
def test_they_are_right_about_as_often_where_sales_are_halved_or_doubled(lift):
    rng, right = np.random.default_rng(15), 0
    for _ in range(PLAYS):
        world = some_world(rng, lift=lift)
        found = told(*played(world, rng=rng))
        right += found.low <= world.truth <= found.high

    assert 0.91 <= right / PLAYS <= 0.98


def test_each_side_with_a_scatter_of_its_own_would_be_wrong_too_often(plays):
    right = 0
    for world, held_out, treated in plays:
        found = difference(held_out.after, treated.after)
        right += found.low <= world.truth <= found.high

    assert right / PLAYS < 0.93


def test_taking_the_past_off_narrows_the_interval_and_moves_nothing(plays):
    with_past = [told(held_out, treated) for _, held_out, treated in plays]
    without = [pooled(held_out.after, treated.after, size=treated.after.mean) for _, held_out, treated in plays]
    worlds = [world for world, *_ in plays]
    errors = [(one.value - world.truth) / (one.high - one.low) for one, world in zip(with_past, worlds, strict=True)]

    assert abs(mean(errors)) < 3.3 * stdev(errors) / math.sqrt(PLAYS)
    assert mean((a.high - a.low) / (b.high - b.low) for a, b in zip(with_past, without, strict=True)) < 0.96
    rng = np.random.default_rng(5)
    steady = World(people=4000, held_out=0.5, orders=3.0, differ=0.5, tail=0.3, lift=0.1)
    held_out, treated = played(steady, rng=rng)
    narrow, wide = pooled(*adjusted(held_out, treated)), pooled(held_out.after, treated.after)
    assert narrow.high - narrow.low < 0.6 * (wide.high - wide.low)


def test_plays_without_effect_are_called_real_no_more_than_alpha_allows():
    rng = np.random.default_rng(12)
    alarms = sum(pooled(*adjusted(*played(some_world(rng, lift=0.0), rng=rng))).p < ALPHA for _ in range(PLAYS))

    assert alarms <= most_false(PLAYS)


@pytest.mark.parametrize("is_joining", [False, True], ids=["all from the first day", "joining one by one"])
def test_looking_every_day_finds_no_more_than_alpha_allows(is_joining):
    rng, naive, honest = np.random.default_rng(13), 0, 0
    for _ in range(PEEKED):
        world = some_world(rng, lift=0.0, most_people=600)
        looks = [
            (seen, adjusted(*sides))
            for seen, sides in peeked(world, days=LOOKS, rng=rng, is_joining=is_joining)
            if min(side.after.n for side in sides) >= LEAST_PEOPLE
        ]
        naive += any(pooled(*sides).p < ALPHA for _, sides in looks)
        honest += any(sequential(*sides, seen=seen, tuned_for=LOOKS).p < ALPHA for seen, sides in looks)

    assert honest <= most_false(PEEKED)
    # Whoever stops at what pleases with the interval of one look is fooled often.
    assert naive > 2 * most_false(PEEKED)


def test_a_hold_out_of_the_size_that_was_worked_out_shows_the_lift_as_often_as_it_says():
    like = {"held_out": 0.2, "orders": 1.0, "differ": 1.0, "tail": 0.5}
    # The variance of a sum of so many amounts: E[K] E[X²] + (var K - E[K]) E[X]², of both sides as they are mixed.
    spread = sum(share * (orders * math.exp(0.5**2) + orders**2) for share, orders in ((0.2, 1.0), (0.8, 1.25)))
    needed = people_needed(baseline=1.0, deviation=math.sqrt(spread), lift_rate=0.25, held_out_bp=2000)
    rng, seen = np.random.default_rng(14), 0
    for _ in range(PLAYS):
        sides = played(World(people=needed, lift=0.25, **like), rng=rng)
        seen += pooled(*(side.after for side in sides)).p < ALPHA

    assert 0.74 <= seen / PLAYS <= 0.86
