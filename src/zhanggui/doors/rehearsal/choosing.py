"""From a few words on a command line to a plant."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from zhanggui.doors.rehearsal.simulator.plants import (
    KINDS,
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

KEYS: Final = tuple(kind.key for kind in KINDS)
_RING: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is to be planted, where, and how large.

    start, days  counted from the first day of the shop's past
    size         by kind, `SIZES` if not given: visits still worth something, elasticity, share of the region's
                 customers, orders of the ring, extra orders over the usual ones, share of all searches, days that
                 parcels wait, share of the SKU's orders, orders of those whom the coupon leaked to, orders a day with
                 coupons
    """

    key: str
    start: int
    days: int
    device: str
    channel: str
    sku: str
    region: str
    category: str
    size: float | None = None

    def sized(self) -> float:
        """The size that is wished for, or the usual one."""
        return SIZES.get(self.key, 0.0) if self.size is None else self.size


SIZES: Final[Mapping[str, float]] = {
    ChannelQuality.key: 0.4,
    PriceResponse.key: -3.0,
    ChurnWave.key: 0.6,
    FakeRing.key: 400,
    PromotionLift.key: 1.5,
    SearchGaps.key: 0.15,
    LateParcels.key: 3,
    ReturnSpike.key: 0.4,
    CouponLeak.key: 120,
    CouponHeap.key: 6,
}
_WORDS: Final = ("咖啡机", "空气炸锅", "电热水壶")
_DEARER: Final = 1.3
_OFF_BP: Final = 1_500
_TAKEN: Final = 0.3
_LEAKS_TO: Final = 3
_OFFER: Final = "0192f0c1-0000-7000-8000-00000000c0de"
_SECOND: Final = "0192f0c1-0000-7000-8000-00000000c0df"
_COUPON_BP: Final = 3_000


def plant_of(wish: Wish) -> Plant:
    """The plant that is wished for.

    refuses  ValueError where its days or its size cannot be
    """
    return _MAKERS[wish.key](wish)


_MAKERS: Final[Mapping[str, Callable[[Wish], Plant]]] = {
    FunnelBreak.key: lambda w: FunnelBreak(start=w.start, days=w.days, device=w.device),
    ChannelQuality.key: lambda w: ChannelQuality(start=w.start, days=w.days, channel=w.channel, quality=w.sized()),
    PriceResponse.key: lambda w: PriceResponse(
        start=w.start, days=w.days, sku=w.sku, price_rate=_DEARER, elasticity=w.sized()
    ),
    ChurnWave.key: lambda w: ChurnWave(start=w.start, days=w.days, region=w.region, share=w.sized()),
    FakeRing.key: lambda w: FakeRing(
        start=w.start, days=w.days, sku=w.sku, region=w.region, people=_RING, orders=round(w.sized())
    ),
    StockOut.key: lambda w: StockOut(start=w.start, days=w.days, sku=w.sku),
    PromotionLift.key: lambda w: PromotionLift(
        start=w.start,
        days=w.days,
        category=w.category,
        lift=w.sized(),
        discount_bp=_OFF_BP,
        taken_rate=_TAKEN,
        days_after=w.days,
    ),
    SearchGaps.key: lambda w: SearchGaps(start=w.start, days=w.days, words=_WORDS, share=w.sized()),
    LateParcels.key: lambda w: LateParcels(start=w.start, days=w.days, days_late=round(w.sized())),
    ReturnSpike.key: lambda w: ReturnSpike(start=w.start, days=w.days, sku=w.sku, share=w.sized()),
    CouponLeak.key: lambda w: CouponLeak(
        start=w.start,
        days=w.days,
        sku=w.sku,
        region=w.region,
        people=_LEAKS_TO,
        orders=round(w.sized()),
        offer=_OFFER,
        discount_bp=_COUPON_BP,
    ),
    CouponHeap.key: lambda w: CouponHeap(
        start=w.start,
        days=w.days,
        sku=w.sku,
        quiet_days=w.days // 2,
        orders=round(w.sized()),
        offers=(_OFFER, _SECOND),
        discount_bp=_COUPON_BP,
    ),
    DeadStock.key: lambda w: DeadStock(start=w.start, days=w.days, sku=w.sku),
}
