"""The shops that signals are measured on, and what is planted there: a small one, and one whose single day tells it.

In the small one about a hundred orders come on a day, of all goods of the demonstration: many of its troubles are no
more than chance on one day, whoever looks. The large one has two thousand orders a day of sixteen goods, of which one
brings a third of the money, as shops of one brand have. Its troubles are about goods and places of stated weight, and
each is worth more than 2 % of an ordinary day on its first day: what costs less is no signal until it has added up.
Troubles of that weight are each other's trouble, so the same people live four times, with three or four of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import numpy as np

from zhanggui.doors.rehearsal import catalogue
from zhanggui.doors.rehearsal.catalogue import Goods, Words
from zhanggui.doors.rehearsal.simulator import baskets
from zhanggui.doors.rehearsal.simulator.plan import Plan, shelf_of
from zhanggui.doors.rehearsal.simulator.plants import (
    ChannelQuality,
    ChurnWave,
    CouponHeap,
    CouponLeak,
    DeadStock,
    FakeRing,
    FunnelBreak,
    LateParcels,
    Plant,
    PriceResponse,
    ReturnSpike,
    SearchGaps,
    StockOut,
)
from zhanggui.doors.rehearsal.simulator.sights import QUERIES

LAST_DAY: Final = date(2026, 10, 22)
QUIET_DAYS: Final = 90
_TROUBLES: Final = 13
_WORDS: Final = ("咖啡机", "空气炸锅", "电热水壶")
_LEAKED: Final = "0192f0c1-0000-7000-8000-00000000c0de"
_HEAP_QUIET_DAYS: Final = 25
_HEAPED: Final = ("0192f0c1-0000-7000-8000-00000000c0d1", "0192f0c1-0000-7000-8000-00000000c0d2")
# Dear enough that a few orders a day with two coupons matter.
_DEAR: Final = "BAG-TOTE-TONGQIN"
# Two goods of each category, and the category that the large shop lives on: its part of what is bought.
_GOODS_EACH: Final = 2
_HERO, _HERO_SHARE = "textile", 0.35


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A shop to measure signals on.

    learnt_days  of the plan pass before a quiet shop is looked at, and QUIET_DAYS are left then
    looked_from  the day from which a planted one is looked at, before any trouble begins;  looked_days how long
    is_by_money  whether its goods stand in the order of the money they bring, and not of their orders
    pieces       lie in the own warehouse of what is counted there, unless it is lost
    plants       the troubles of a seed, about the first of its goods; each group of them in a life of its own
    """

    name: str
    plan: Plan
    learnt_days: int
    looked_from: int
    looked_days: int
    is_by_money: bool
    pieces: int
    plants: Callable[[int, Sequence[str]], tuple[tuple[Plant, ...], ...]]


def dearest(plan: Plan, seed: int) -> list[str]:
    """What brings most money, by how people are drawn to it: the first that a world draws of its seed."""
    appeal = baskets.appeal_of(plan, shelf_of(plan.goods), np.random.default_rng(seed))
    money = np.diff(appeal.edges, axis=1).mean(axis=0) * appeal.shelf.price_minor
    return [plan.goods[place].sku for place in np.argsort(-money)[:8]]


def _small_plants(seed: int, best: Sequence[str]) -> tuple[tuple[Plant, ...]]:
    """Thirteen troubles, each on other days in each shop, about what sells most.

    What the shop's own warehouse counts as lost is one of them. Balances of presales are none: they stand in the books
    of a shop that runs here, not in the lake; `simulator.presold` draws them, and the tests of signals book them.
    """
    first = _starts(seed, 60, within=29)
    out, dearer, back, faked, leaked, _, dead, own = best
    every: tuple[Plant, ...] = (
        FunnelBreak(start=first[0], days=40, device="tablet"),
        SearchGaps(start=first[1], days=20, words=_WORDS, share=0.15),
        StockOut(start=first[2], days=14, sku=out),
        PriceResponse(start=first[3], days=60, sku=dearer, price_rate=1.3, elasticity=-3.0),
        ChurnWave(start=max(first[4], 78), days=60, region="广东", share=0.6),
        ChannelQuality(start=first[5] + 20, days=20, channel="paid_social", quality=0.35),
        FakeRing(start=first[6] + 40, days=4, sku=faked, region="福建", people=6, orders=220),
        ReturnSpike(start=first[7], days=60, sku=back, share=0.4),
        LateParcels(start=first[8] + 20, days=4, days_late=3),
        _leak(first[9] + 30, sku=leaked, people=3, orders=120),
        _heap(first[10] + 20, sku=_DEAR, orders=4),
        DeadStock(start=first[11], days=80, sku=dead),
        StockOut(start=first[12] + 20, days=14, sku=own),
    )
    return (every,)


def _large_plants(seed: int, best: Sequence[str]) -> tuple[tuple[Plant, ...], ...]:
    """The same troubles, three or four at once.

    Of the goods, in the order of the money they bring: the first is a bad lot, the second dearer, the third has two
    coupons on top of each other; of the next five the dearest is what a coupon leaks for, the next is what a ring buys,
    for a heap is told where few are usual, and the others are out of stock, bought no more and counted as lost.
    Who searches finds what there is: of so few goods most words would else find nothing.
    """
    first = _starts(seed, 80, within=5)
    back, dearer, heaped, *others = best
    out, dead, own, faked, leaked = sorted(others, key=_PRICES.__getitem__)
    return (
        (
            FunnelBreak(start=first[0], days=40, device="tablet"),
            StockOut(start=first[2], days=14, sku=out),
            FakeRing(start=first[6], days=4, sku=faked, region="福建", people=30, orders=1_600),
        ),
        (
            ChannelQuality(start=first[5], days=20, channel="paid_social", quality=0.35),
            ReturnSpike(start=first[7], days=60, sku=back, share=0.8),
            _heap(first[10] - _HEAP_QUIET_DAYS, sku=heaped, orders=240),
        ),
        (
            ChurnWave(start=first[4], days=60, region="广东", share=0.9),
            PriceResponse(start=first[3], days=60, sku=dearer, price_rate=1.3, elasticity=-3.0),
            LateParcels(start=first[8], days=4, days_late=3),
        ),
        (
            SearchGaps(start=first[1], days=20, words=_WORDS, share=0.2),
            DeadStock(start=first[11], days=80, sku=dead),
            StockOut(start=first[12], days=14, sku=own),
            _leak(first[9], sku=leaked, people=12, orders=1_600),
        ),
    )


def _starts(seed: int, learnt_days: int, *, within: int) -> list[int]:
    rng = np.random.default_rng(seed)
    return [learnt_days + int(day) for day in rng.integers(1, within + 1, _TROUBLES)]


def _leak(start: int, *, sku: str, people: int, orders: int) -> CouponLeak:
    return CouponLeak(
        start=start,
        days=4,
        sku=sku,
        region="湖北",
        people=people,
        orders=orders,
        offer=_LEAKED,
        discount_bp=3_000,
    )


def _heap(start: int, *, sku: str, orders: int) -> CouponHeap:
    return CouponHeap(
        start=start,
        days=_HEAP_QUIET_DAYS + 2,
        sku=sku,
        quiet_days=_HEAP_QUIET_DAYS,
        orders=orders,
        offers=_HEAPED,
        discount_bp=3_000,
    )


def _few() -> tuple[Goods, ...]:
    """Some goods of each category, from the dearest on, of which most is bought of one category."""
    kept: list[Goods] = []
    for category in dict.fromkeys(one.category for one in _EVEN):
        own = sorted((one for one in _EVEN if one.category == category), key=lambda one: -one.price_minor)
        kept += own[:: len(own) // _GOODS_EACH][:_GOODS_EACH]
    found = (replace(one, why=_with_words(one)) for one in _EVEN if one in kept)
    return tuple(
        replace(one, category=replace(one.category, demand_share=_HERO_SHARE)) if one.category.key == _HERO else one
        for one in found
    )


def _with_words(one: Goods) -> Words:
    """What a good says of itself, with all that its category is searched for."""
    return replace(one.why, zh=one.why.zh + "".join(QUERIES[one.category.key]))


# Every month like all others.
_EVEN: Final = tuple(
    replace(one, season="even", category=replace(one.category, month_weights=(1.0,) * 12)) for one in catalogue.goods()
)
_PRICES: Final = {one.sku: one.price_minor for one in _EVEN}
SMALL: Final = Stage(
    name="small",
    plan=Plan(shop="small", goods=_EVEN, last_day=LAST_DAY, days=150, sightings=375_000, orders=17_500, growth=1.0),
    learnt_days=60,
    looked_from=60,
    looked_days=QUIET_DAYS,
    is_by_money=False,
    pieces=500,
    plants=_small_plants,
)
LARGE: Final = Stage(
    name="large",
    plan=Plan(shop="large", goods=_few(), last_day=LAST_DAY, days=150, sightings=6_400_000, orders=300_000, growth=1.0),
    learnt_days=60,
    looked_from=80,
    looked_days=12,
    is_by_money=True,
    pieces=20_000,
    plants=_large_plants,
)
