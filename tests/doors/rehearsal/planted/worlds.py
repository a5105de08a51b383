"""A shop with troubles whose size is known, and its twin that has none: the same people with the same chances."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

import numpy as np

from tests.insight.metrics.events import a_shop
from zhanggui.base import clock
from zhanggui.doors.rehearsal import catalogue
from zhanggui.doors.rehearsal.findings import Finding, findings
from zhanggui.doors.rehearsal.simulator.plan import ZONE, Plan
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
    PromotionLift,
    ReturnSpike,
    SearchGaps,
    StockOut,
)
from zhanggui.doors.rehearsal.simulator.truths import Truth
from zhanggui.doors.rehearsal.simulator.world import simulate
from zhanggui.insight.alerts import actions as alerts
from zhanggui.insight.lake import actions as lake

SEED: Final = 5
# The season is level, so that what is another on a day is so because it was planted, or by chance.
GOODS: Final = tuple(
    replace(one, season="even", category=replace(one.category, month_weights=(1.0,) * 12)) for one in catalogue.goods()
)
# From after midsummer's sales to before those of November; only two days of September have an offer for everything.
PLAN: Final = Plan(
    shop="planted",
    goods=GOODS,
    last_day=date(2026, 10, 22),
    days=120,
    sightings=300_000,
    orders=14_000,
    growth=1.0,
)
SALE: Final = (date(2026, 9, 9), date(2026, 9, 10))
PLANTS: Final[tuple[Plant, ...]] = (
    FunnelBreak(start=60, days=20, device="tablet"),
    SearchGaps(start=60, days=20, words=("咖啡机", "空气炸锅", "电热水壶"), share=0.15),
    StockOut(start=64, days=10, sku="TEA-COLDBREW-12"),
    PriceResponse(start=60, days=60, sku="KIT-JAR-PAOCAI-2L", price_rate=1.3, elasticity=-3.0),
    ChurnWave(start=60, days=60, region="广东", share=0.6),
    ChannelQuality(start=84, days=20, channel="paid_social", quality=0.35),
    FakeRing(start=104, days=4, sku="KIT-PAN-ZHUTIE-26", region="福建", people=6, orders=220),
    PromotionLift(start=108, days=5, category="tea", lift=4.0, discount_bp=1500, taken_rate=0.3, days_after=7),
)
# What insight has no page for, and signals find.
TROUBLES: Final[tuple[Plant, ...]] = (
    ReturnSpike(start=60, days=60, sku="OUT-FLASK-SHUIDAI", share=0.4),
    LateParcels(start=66, days=4, days_late=3),
    CouponLeak(
        start=92,
        days=4,
        sku="CER-GAIWAN-QINGHUA",
        region="湖北",
        people=3,
        orders=120,
        offer="0192f0c1-0000-7000-8000-00000000c0de",
        discount_bp=3_000,
    ),
    CouponHeap(
        start=99,
        days=5,
        sku="BAG-TOTE-TONGQIN",
        quiet_days=3,
        orders=5,
        offers=("0192f0c1-0000-7000-8000-00000000c0d1", "0192f0c1-0000-7000-8000-00000000c0d2"),
        discount_bp=3_000,
    ),
    DeadStock(start=55, days=65, sku="TEX-CUSHION-YAMA"),
)
TABLES: Final = (
    *("orders", "sku_days", "sku_views", "visits", "sessions", "steps", "searches", "stock_days", "listings"),
    *("parcels", "offers"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Worlds:
    """The planted shop's truths and what insight says of them, and what it says of the same things in the twin.

    troubles  the truths of what signals alone find
    """

    truths: tuple[Truth, ...]
    troubles: tuple[Truth, ...]
    found: tuple[Finding, ...]
    quiet: tuple[Finding, ...]

    def truth(self, key: str) -> Truth:
        return next(one for one in (*self.truths, *self.troubles) if one.plant.key == key)

    def of(self, key: str, what: str = "") -> list[Finding]:
        return _of(self.found, key, what)

    def in_quiet(self, key: str, what: str = "") -> list[Finding]:
        return _of(self.quiet, key, what)


def live(plan: Plan, plants: tuple[Plant, ...]) -> tuple[Truth, ...]:
    """Let a shop live in the lake; the truths of its plants."""
    a_shop(plan.shop)
    world = simulate(plan, np.random.default_rng(SEED), plants=plants)
    for month in world.months():
        lake.append(f"test/{plan.shop}/{month.first_day}", month.events, shop=plan.shop)
    lake.roll(plan.shop)
    alerts.know(shop=plan.shop, name="sale", first=SALE[0], last=SALE[1])
    return world.truths()


def both() -> Worlds:
    twin = replace(PLAN, shop="quiet")
    every, _ = live(PLAN, (*PLANTS, *TROUBLES)), live(twin, ())
    truths, troubles = every[: len(PLANTS)], every[len(PLANTS) :]
    at = clock.span_of(PLAN.last_day + timedelta(days=1), ZONE)[1]
    nothing = [replace(one, planted=one.without, changes=()) for one in truths]
    return Worlds(
        truths=truths,
        troubles=troubles,
        found=findings(shop=PLAN.shop, plan=PLAN, truths=truths, at=at),
        quiet=findings(shop=twin.shop, plan=twin, truths=nothing, at=at),
    )


def _of(found: tuple[Finding, ...], key: str, what: str) -> list[Finding]:
    return [one for one in found if one.plant.key == key and what in ("", one.what)]
