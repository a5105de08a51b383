"""Orders beside those that were drawn: what a plant adds, told like all others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from zhanggui.doors.rehearsal.simulator import baskets, columns, facts, people, sights
from zhanggui.doors.rehearsal.simulator.baskets import Appeal, Fate
from zhanggui.doors.rehearsal.simulator.columns import Rows
from zhanggui.doors.rehearsal.simulator.drafts import Draft, draft_of
from zhanggui.doors.rehearsal.simulator.opinions import Opinions
from zhanggui.doors.rehearsal.simulator.people import Traits
from zhanggui.doors.rehearsal.simulator.plan import DAY_US, OFFSET_US, SECOND_US, Bools, Floats, Ints, Plan, Small
from zhanggui.doors.rehearsal.simulator.prices import Prices
from zhanggui.doors.rehearsal.simulator.sights import Seen, Wording
from zhanggui.doors.rehearsal.simulator.telling import Orders
from zhanggui.doors.rehearsal.simulator.visits import People, Visits, walk_of

_THINKS_US = 5 * SECOND_US


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Orders of one line each, sorted by day.

    person  index into `everybody`;  goods index into the plan's goods
    """

    day: Small
    person: Small
    goods: Small
    everybody: People


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """What was added: rows of the lake, and of each order whether and when it was paid, its goods' money, and what
    was taken off them.
    """

    rows: Rows
    is_paid: Bools
    ended_us: Ints
    goods_minor: Ints
    given_minor: Ints


def newcomers(
    plan: Plan, count: int, *, day: int, shares: Floats, region: int | None, rng: np.random.Generator
) -> People:
    """People who were not there before.

    region  where all of them live; anywhere if not given
    """
    nature = people.traits(count, category_shares=shares, rng=rng)
    lives = nature.region if region is None else np.full(count, region, np.int32)
    made_us = np.full(count, plan.start_us + day * DAY_US, np.int64)
    return People(
        id=columns.uuid_texts(columns.in_order(columns.new_ids(made_us, rng))),
        customer_id=columns.uuid_texts(columns.new_ids(made_us, rng)),
        traits=Traits(region=lives, device=nature.device, category=nature.category),
    )


def add(
    plan: Plan,
    wanted: Wanted,
    *,
    appeal: Appeal,
    prices: Prices,
    discount_bp: Small,
    wording: Wording,
    is_surely_paid: bool,
    offers: Sequence[str] = (),
    rng: np.random.Generator,
) -> Added:
    """Let these orders happen; what is bought came into the house just before.

    discount_bp  by day, off everything
    offers       whose coupons took that off, as much each; none if not given
    """
    count = len(wanted.day)
    places = np.arange(count, dtype=np.int32)
    quantity = baskets.quantities(appeal.shelf.price_minor[wanted.goods], rng)
    lines = baskets.lines_at(
        places, wanted.goods, quantity, day=wanted.day, discount_bp=discount_bp[wanted.day], prices=prices
    )
    visits = _visits(wanted, rng)
    draft = draft_of(visits, lines, region=wanted.everybody.traits.region[wanted.person])
    month = int(plan.month_of_day()[wanted.day[0]])
    seen = sights.seen_in(
        plan, draft, wanted.everybody, month=month, appeal=appeal, prices=prices, wording=wording, rng=rng
    )
    orders = _orders(wanted, draft, seen, is_surely_paid=is_surely_paid, rng=rng)
    told = facts.facts_in(plan, orders, wording, rng)
    shares = _shares(orders.discount_minor, len(offers))
    used = [
        facts.redeemed(plan, orders, told, wording, offer=offer, given=given, rng=rng)
        for offer, given in zip(offers, shares, strict=True)
    ]
    goods = wanted.goods.astype(np.int64)
    stocked = facts.received(plan, wording, goods=goods, units=quantity, at_us=_mornings(plan, wanted), rng=rng)
    return Added(
        rows=columns.stacked([stocked, seen.rows, told.rows, *used]),
        is_paid=orders.fate.is_paid,
        ended_us=orders.fate.ended_us,
        goods_minor=lines.amount_minor,
        given_minor=lines.discount_minor,
    )


def _shares(minor: Ints, parts: int) -> list[Ints]:
    """Each amount in so many parts that add up to it; the first has what is left over."""
    if not parts:
        return []
    each = minor // parts
    return [minor - each * (parts - 1), *[each] * (parts - 1)]


def _orders(wanted: Wanted, draft: Draft, seen: Seen, *, is_surely_paid: bool, rng: np.random.Generator) -> Orders:
    """The orders that these visits end with."""
    count, visits = len(wanted.day), draft.visits
    placed_us = seen.ends_us + _THINKS_US
    fate = baskets.fate_of(placed_us, draft.region, rng)
    if is_surely_paid:
        fate = _paid(fate, placed_us, draft.region, rng)
    return Orders(
        walk=walk_of(visits, wanted.everybody, seen.sessions),
        rank=wanted.person,
        customer_id=columns.taken(wanted.everybody.customer_id, wanted.person),
        is_new=visits.is_new,
        is_placed=np.ones(count, bool),
        is_registered=np.ones(count, bool),
        left_on=seen.left_on,
        placed_us=placed_us,
        drawn=draft.lines,
        lines=draft.lines,
        fate=fate,
        returned=np.zeros(count, np.int32),
        opinions=_silence(),
    )


def _visits(wanted: Wanted, rng: np.random.Generator) -> Visits:
    """One straight to the goods for each order, on the device that its person uses."""
    count = len(wanted.day)
    none, one = np.zeros(count, np.int32), np.ones(count, np.int32)
    _, first = np.unique(wanted.person, return_index=True)
    is_new = np.zeros(count, bool)
    is_new[first] = True
    device = wanted.everybody.traits.device[wanted.person]
    return Visits(
        person=wanted.person,
        day=wanted.day,
        second=rng.integers(9 * 3600, 22 * 3600, count).astype(np.int32),
        order=np.arange(count, dtype=np.int32),
        is_new=is_new,
        device=device,
        channel=none,
        campaign=none,
        home=none,
        shelf=none,
        search=none,
        products=one,
        adds=one,
        cart=none,
        checkout=one,
        steps=np.where(is_new, 3, 1).astype(np.int32),
    )


def _paid(fate: Fate, placed_us: Ints, region: Small, rng: np.random.Generator) -> Fate:
    """The same, but all of it is paid, within half an hour."""
    ended_us = np.minimum(fate.ended_us, placed_us + 1_500 * SECOND_US)
    return baskets.delivered_from(ended_us, region, rng)


def _mornings(plan: Plan, wanted: Wanted) -> Ints:
    return plan.start_us + wanted.day.astype(np.int64) * DAY_US + SECOND_US


def _silence() -> Opinions:
    nothing = np.zeros(0, np.int64)
    few = np.zeros(0, np.int32)
    return Opinions(line=nothing, goods=few, rating=few, at_us=nothing)


def paid_day(plan: Plan, ended_us: Ints) -> Ints:
    """The plan's day, from 0, on which something ended."""
    first = (plan.start_us + OFFSET_US) // DAY_US
    day: Ints = (ended_us + OFFSET_US) // DAY_US - first
    return day
