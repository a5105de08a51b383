"""What each kind of plant does to a month, and what it is counted by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from zhanggui.doors.rehearsal.catalogue import Goods
from zhanggui.doors.rehearsal.simulator import people
from zhanggui.doors.rehearsal.simulator.drafts import NO_WORD, NOT_AT_ALL, Draft, Standing
from zhanggui.doors.rehearsal.simulator.layout import SEARCHED, STARTED, STEP
from zhanggui.doors.rehearsal.simulator.plan import Bools, Plan, Shelf, Small
from zhanggui.doors.rehearsal.simulator.plants import (
    ChannelQuality,
    ChurnWave,
    CouponHeap,
    DeadStock,
    FakeRing,
    FunnelBreak,
    Plant,
    PriceResponse,
    PromotionLift,
    SearchGaps,
    StockOut,
)
from zhanggui.doors.rehearsal.simulator.truths import Tally
from zhanggui.doors.rehearsal.simulator.visits import Visits


@dataclass(frozen=True, slots=True, kw_only=True)
class Soil:
    """What a plant needs to know of the whole plan.

    first_order  the day of each person's first order, the plan's length for who never orders
    is_gone      for each person, whether the plant makes them stay away; empty where it is about no people
    first_word   the number of the plant's first word, counted over all plants
    """

    plan: Plan
    shelf: Shelf
    first_order: Small
    is_gone: Bools
    first_word: int

    def goods(self, sku: str) -> int:
        """The place of a SKU among the plan's goods."""
        return next(place for place, item in enumerate(self.plan.goods) if item.sku == sku)

    def is_in(self, category: str) -> Bools:
        """Which of the plan's goods stand in a category."""
        keys = np.array([one.key for one in self.shelf.categories])
        found: Bools = keys[self.shelf.category] == category
        return found


def soil_of(
    plant: Plant, plan: Plan, shelf: Shelf, visits: Visits, region: Small, *, first_word: int, rng: np.random.Generator
) -> Soil:
    """What a plant needs to know.

    region   of each person
    refuses  ValueError if the plan has no such SKU, category, region, channel or device
    """
    check(plant, plan.goods, days=plan.days)
    first = np.full(len(region), plan.days, np.int32)
    ordering = visits.order >= 0
    np.minimum.at(first, visits.person[ordering], visits.day[ordering])
    gone = np.zeros(0, bool)
    if isinstance(plant, ChurnWave):
        lives = region == people.REGIONS.index(plant.region)
        gone = lives & (first < plant.start) & (rng.random(len(region)) < plant.share)
    return Soil(plan=plan, shelf=shelf, first_order=first, is_gone=gone, first_word=first_word)


def sow(plant: Plant, draft: Draft, soil: Soil, rng: np.random.Generator) -> None:
    """Let a plant have its way with a month."""
    visits, lines = draft.visits, draft.lines
    is_now = _is_during(plant, visits.day)
    match plant:
        case FunnelBreak():
            device = people.DEVICES.index(plant.device)
            draft.stop(is_now & (visits.device == device) & (visits.checkout > 0), after=STARTED)
        case ChannelQuality():
            is_worse = rng.random(len(visits.day)) >= plant.quality
            channel = people.CHANNELS.index(plant.channel)
            draft.stop(is_now & (visits.channel == channel) & is_worse & (visits.order >= 0), after=STEP)
        case PriceResponse():
            is_too_much = rng.random(len(lines.order)) >= plant.demand_rate
            draft.leave(_is_during(plant, draft.line_day) & (lines.goods == soil.goods(plant.sku)) & is_too_much)
        case ChurnWave():
            draft.stop(is_now & soil.is_gone[visits.person], after=NOT_AT_ALL)
        case StockOut():
            goods = soil.goods(plant.sku)
            draft.sold_out.append((goods, plant.start, plant.end))
            draft.leave(_is_during(plant, draft.line_day) & (lines.goods == goods))
        case DeadStock():
            draft.leave(_is_during(plant, draft.line_day) & (lines.goods == soil.goods(plant.sku)))
        case PromotionLift():
            is_after = (draft.line_day >= plant.end) & (draft.line_day < plant.payback_end)
            taken = plant.taken_rate * plant.lift * plant.days / max(1, plant.days_after)
            is_had = rng.random(len(lines.order)) < taken
            draft.leave(is_after & soil.is_in(plant.category)[lines.goods] & is_had)
        case SearchGaps():
            is_vain = is_now & (visits.search > 0) & (rng.random(len(visits.day)) < plant.share)
            is_vain &= draft.word == NO_WORD
            word = soil.first_word + rng.integers(0, len(plant.words), len(visits.day))
            draft.word[is_vain] = word[is_vain]
            draft.stop(is_vain, after=SEARCHED)


def tally(plant: Plant, draft: Draft, standing: Standing, soil: Soil) -> Tally:
    """So many of so many in a month, by the kind of plant; see `truths.Truth`.

    Days out of stock and what is added beside the draft are counted elsewhere.
    """
    visits = draft.visits
    is_now = _is_during(plant, visits.day) & (draft.last_row > NOT_AT_ALL)
    placed = np.zeros(len(visits.day), bool)
    placed[draft.buying] = standing.is_placed
    match plant:
        case FunnelBreak():
            device = people.DEVICES.index(plant.device)
            chosen = is_now & (visits.device == device) & (visits.checkout > 0) & (draft.last_row >= STARTED)
        case ChannelQuality():
            chosen = is_now & (visits.channel == people.CHANNELS.index(plant.channel))
        case ChurnWave():
            orders = _is_during(plant, visits.day) & placed & (draft.region == people.REGIONS.index(plant.region))
            again = orders & (soil.first_order[visits.person] < visits.day)
            return Tally(count=int(again.sum()), of=int(orders.sum()))
        case SearchGaps():
            vain = (draft.word >= soil.first_word) & (draft.word < soil.first_word + len(plant.words))
            return Tally(count=int(vain.sum()), of=int((is_now & (visits.search > 0)).sum()))
        case PriceResponse() | FakeRing() | PromotionLift() | CouponHeap() | DeadStock():
            is_now = _is_during(plant, draft.order_day) & standing.is_placed
            return Tally(count=int(orders_with(plant, draft, standing, soil).sum()), of=int(is_now.sum()))
        case _:
            return Tally(count=0, of=0)
    return Tally(count=int((chosen & placed).sum()), of=int(chosen.sum()))


def but_for(word: int, draft: Draft, before: Standing, after: Standing) -> Standing:
    """What would stand of a month after a plant if one word, counted over all plants, had not been looked for."""
    is_its = draft.word[draft.buying] == word
    return Standing(
        is_placed=np.where(is_its, before.is_placed, after.is_placed),
        is_bought=np.where(is_its[draft.lines.order], before.is_bought, after.is_bought),
    )


def check(plant: Plant, goods: Sequence[Goods], *, days: int) -> None:
    """Whether a plan of these goods and so many days has what a plant is about.

    refuses  ValueError
    """
    known = {
        "device": people.DEVICES,
        "channel": people.CHANNELS,
        "region": people.REGIONS,
        "sku": tuple(item.sku for item in goods),
        "category": tuple({item.category.key: None for item in goods}),
    }
    for name, values in known.items():
        said = getattr(plant, name, None)
        if said is not None and said not in values:
            raise ValueError(f"{said} is no {name} of this plan")
    if plant.start >= days:
        raise ValueError(f"the plan has {days} days; {plant.key} begins after them")


def goods_of(plant: Plant, soil: Soil) -> Bools:
    """Which of the plan's goods a plant is about."""
    category, sku = getattr(plant, "category", None), getattr(plant, "sku", None)
    if category is not None:
        return soil.is_in(category)
    return np.array([item.sku == sku for item in soil.plan.goods])


def orders_with(plant: Plant, draft: Draft, standing: Standing, soil: Soil) -> Bools:
    """Which of a month's orders hold what a plant is about, while it lasts."""
    lines = standing.is_bought & goods_of(plant, soil)[draft.lines.goods]
    has = np.bincount(draft.lines.order[lines], minlength=len(draft.buying)) > 0
    found: Bools = _is_during(plant, draft.order_day) & standing.is_placed & has
    return found


def _is_during(plant: Plant, day: Small) -> Bools:
    found: Bools = (day >= plant.start) & (day < plant.end)
    return found
