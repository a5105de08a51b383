"""Simulated people answer what a play sends them: some of those who are treated order who would not have.

The play, its hold-out and what is measured of it are the house's own; only what people do is simulated, as is
everything else that they do.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import pyarrow as pa

from zhanggui.doors.rehearsal.simulator import baskets, extras, people, sights
from zhanggui.doors.rehearsal.simulator.extras import Wanted
from zhanggui.doors.rehearsal.simulator.plan import Ints, Plan, shelf_of
from zhanggui.doors.rehearsal.simulator.prices import Prices
from zhanggui.doors.rehearsal.simulator.visits import People

_IDS_BYTES: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """How people take a letter.

    rate  of those who get it, so many order once on account of it;  days within how many, from the day after on
    """

    rate: float
    days: int


def orders(plan: Plan, persons: Sequence[str], *, on: date, answer: Answer) -> pa.Table:
    """What the lake hears of those who answer, up to the plan's last day: visits, orders, payments and parcels.

    persons  whoever was sent the letter on a day; the same people answer alike however often it is asked
    """
    rng = np.random.default_rng(_seed(on, persons))
    chosen = np.flatnonzero(rng.random(len(persons)) < answer.rate)
    day = (on - plan.first_day).days + 1 + rng.integers(0, answer.days, len(chosen))
    order = np.argsort(day, kind="stable")
    order = order[day[order] < plan.days]
    return _lived(plan, [persons[n] for n in chosen[order].tolist()], day[order], rng)


def _lived(plan: Plan, persons: Sequence[str], day: Ints, rng: np.random.Generator) -> pa.Table:
    shelf = shelf_of(plan.goods)
    appeal = baskets.appeal_of(plan, shelf, rng)
    prices = Prices(usual_minor=shelf.price_minor)
    wording = sights.wording_of(plan.goods, [each.key for each in shelf.categories], prices)
    traits = people.traits(len(persons), category_shares=appeal.shares, rng=rng)
    weights = np.diff(appeal.edges, axis=1).mean(axis=0)
    goods = people.chosen(weights, len(persons), rng).astype(np.int32)
    ids = pa.array(persons, pa.string())
    added = extras.add(
        plan,
        Wanted(
            day=day.astype(np.int32),
            person=np.arange(len(persons), dtype=np.int32),
            goods=goods,
            everybody=People(id=ids, customer_id=ids, traits=traits),
        ),
        appeal=appeal,
        prices=prices,
        discount_bp=np.zeros(plan.days, np.int32),
        wording=wording,
        is_surely_paid=True,
        rng=rng,
    )
    happened, _to_come = added.rows.until(plan.end_us)
    return happened


def _seed(on: date, persons: Sequence[str]) -> int:
    said = "|".join((on.isoformat(), *persons))
    return int.from_bytes(hashlib.blake2b(said.encode(), digest_size=_IDS_BYTES).digest(), "big")
