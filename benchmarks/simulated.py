"""Simulated plays of which the truth is known: few buy, fewer spend much, and who bought before buys again."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from zhanggui.growth.experiments.rules.statistics import Paired, Sample

Figures = npt.NDArray[np.floating[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """How people buy.

    people    in a play; held_out: the share that is held out
    orders    of a person in a play's days, on average over people; most have none
    differ    the shape of the gamma by which people differ in how often they buy: small is uneven
    tail      the sigma of the lognormal of an order's amount: 1.2 is four times as scattered as its mean
    money     the mean of an order's amount, in minor units
    lift      how much more often the treated buy
    """

    people: int
    held_out: float
    orders: float
    differ: float = 0.5
    tail: float = 1.0
    money: float = 10_000.0
    lift: float = 0.0

    @property
    def truth(self) -> float:
        """What a treated person brings more."""
        return self.lift * self.orders * self.money


def some_world(rng: np.random.Generator, *, lift: float | None = None, most_people: int = 8000) -> World:
    """Any of 576 worlds, from 20 people held out of 400, of whom two buy, to half of thousands."""
    people = int(rng.choice([400, 1000, 3000, 8000]))
    return World(
        people=min(people, most_people),
        held_out=float(rng.choice([0.05, 0.1, 0.2, 0.5])),
        orders=float(rng.choice([0.1, 0.5, 1.0])),
        differ=float(rng.choice([0.3, 1.0])),
        tail=float(rng.choice([0.8, 1.2])),
        lift=float(rng.choice([-0.2, 0.0, 0.05, 0.1, 0.2, 0.5])) if lift is None else lift,
    )


def played(world: World, *, rng: np.random.Generator) -> tuple[Paired, Paired]:
    """Those held out and those treated, what they brought and what they had brought in as many days before."""
    often = rng.gamma(world.differ, world.orders / world.differ, world.people)
    is_held = rng.random(world.people) < world.held_out
    before = _spent(world, often, rng)
    after = _spent(world, often * np.where(is_held, 1.0, 1.0 + world.lift), rng)
    return _paired(after[is_held], before[is_held]), _paired(after[~is_held], before[~is_held])


def peeked(
    world: World, *, days: int, rng: np.random.Generator, is_joining: bool = False
) -> Iterator[tuple[float, tuple[Paired, Paired]]]:
    """One play looked at on each of its days: how many days its people have been in it, on average, what they brought
    until then, and in all days before it.

    is_joining  people join one after the other through the first half of the days, and then only count
    """
    often = rng.gamma(world.differ, world.orders / world.differ, world.people)
    is_held = rng.random(world.people) < world.held_out
    joined = np.sort(rng.integers(0, days // 2, world.people)) if is_joining else np.zeros(world.people, dtype=int)
    before = _spent(world, often, rng)
    after = np.zeros((days, world.people))
    orders = rng.poisson(often * np.where(is_held, 1.0, 1.0 + world.lift))
    whose = np.repeat(np.arange(world.people), orders)
    when = rng.integers(0, days, len(whose))
    amounts = np.where(when >= joined[whose], _amounts(world, len(whose), rng), 0.0)
    np.add.at(after, (when, whose), amounts)
    for day, until in enumerate(np.cumsum(after, axis=0)):
        held, treated = is_held & (joined <= day), ~is_held & (joined <= day)
        seen = float(np.mean(day + 1 - joined[joined <= day])) if np.any(joined <= day) else 0.0
        yield seen, (_paired(until[held], before[held]), _paired(until[treated], before[treated]))


def _spent(world: World, often: Figures, rng: np.random.Generator) -> Figures:
    orders = rng.poisson(often)
    whose = np.repeat(np.arange(len(often)), orders)
    spent: Figures = np.bincount(whose, weights=_amounts(world, len(whose), rng), minlength=len(often)).astype(float)
    return spent


def _amounts(world: World, count: int, rng: np.random.Generator) -> Figures:
    return rng.lognormal(math.log(world.money) - world.tail**2 / 2, world.tail, count)


def _paired(after: Figures, before: Figures) -> Paired:
    return Paired(after=_sample(after), before=_sample(before), products=float(after @ before))


def _sample(figures: Figures) -> Sample:
    return Sample(n=len(figures), total=float(figures.sum()), squares=float(figures @ figures))
