"""What can be planted into a simulated shop, so that it is known what insight has to find.

A plant changes what came of the same chances: the simulator draws everybody's life first, as if nothing were planted,
and a plant then takes orders away, adds some, or changes what they cost. What is left is the same to the second.
Days are counted from 0, the plan's first day.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from zhanggui.doors.rehearsal.catalogue import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Plant:
    """Something that is wrong, or new, from a day on.

    key    what a command calls it;  name what a reader does
    start  its first day;  days how many it lasts
    """

    key: ClassVar[str]
    name: ClassVar[Words]

    start: int
    days: int

    def __post_init__(self) -> None:
        if self.start < 0 or self.days < 1:
            raise ValueError("a plant begins on a day of the plan and lasts at least one")

    @property
    def end(self) -> int:
        """The day after its last one."""
        return self.start + self.days


@dataclass(frozen=True, slots=True, kw_only=True)
class FunnelBreak(Plant):
    """On one kind of device nobody gets past the beginning of the checkout.

    device  one of `spine.sightings.rules.visits.DEVICES` but bots
    """

    key: ClassVar[str] = "funnel-break"
    name: ClassVar[Words] = Words(zh="某类设备结账中断", en="Checkout broken on one device")

    device: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelQuality(Plant):
    """A channel sends as many visitors as ever, but worse ones.

    quality  of its visits that would have ended with an order, so many still do, 0 to 1; the others leave at the till
    """

    key: ClassVar[str] = "channel-quality"
    name: ClassVar[Words] = Words(zh="渠道质量下滑", en="A channel's quality falls")

    channel: str
    quality: float

    def __post_init__(self) -> None:
        Plant.__post_init__(self)
        _share(self.quality)


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceResponse(Plant):
    """A SKU costs more, and fewer buy it.

    price_rate  the new price over the old one, above 1
    elasticity  below 0: demand becomes price_rate ** elasticity times what it was
    """

    key: ClassVar[str] = "price-response"
    name: ClassVar[Words] = Words(zh="涨价与需求弹性", en="Demand answers a price")

    sku: str
    price_rate: float
    elasticity: float

    def __post_init__(self) -> None:
        Plant.__post_init__(self)
        if self.price_rate <= 1 or self.elasticity > 0:
            raise ValueError("a price rises, and no more is bought for it: elasticity is 0 or below")

    @property
    def demand_rate(self) -> float:
        """Demand at the new price over demand at the old one."""
        return float(self.price_rate**self.elasticity)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChurnWave(Plant):
    """Some of a region's customers, who bought before, do not come any more.

    region  as the simulator's provinces are called;  share of them, 0 to 1
    """

    key: ClassVar[str] = "churn-wave"
    name: ClassVar[Words] = Words(zh="客户流失潮", en="A wave of churn")

    region: str
    share: float

    def __post_init__(self) -> None:
        Plant.__post_init__(self)
        _share(self.share)


@dataclass(frozen=True, slots=True, kw_only=True)
class FakeRing(Plant):
    """A few people in one place buy one SKU again and again, to make it look wanted; all of it is paid.

    people  how many there are;  orders how many they place together
    """

    key: ClassVar[str] = "fake-ring"
    name: ClassVar[Words] = Words(zh="刷单团伙", en="A ring of fake trade")

    sku: str
    region: str
    people: int
    orders: int

    def __post_init__(self) -> None:
        Plant.__post_init__(self)
        if self.people < 1 or self.orders < self.people:
            raise ValueError("everybody in a ring orders at least once")


@dataclass(frozen=True, slots=True, kw_only=True)
class StockOut(Plant):
    """A SKU's stock is lost in the first hour of a day, and it cannot be bought until the last day is over."""

    key: ClassVar[str] = "stock-out"
    name: ClassVar[Words] = Words(zh="断货", en="Out of stock")

    sku: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PromotionLift(Plant):
    """A category is sold cheaper for some days: more is bought, and some of that would have been bought later.

    lift         extra orders over those that would have come anyway
    discount_bp  what is taken off, in 1/10,000
    taken_rate   of the extra orders, so many are taken from the days after, 0 to 1
    days_after   how many days these are
    """

    key: ClassVar[str] = "promotion-lift"
    name: ClassVar[Words] = Words(zh="促销的真实增量", en="A promotion's true lift")

    category: str
    lift: float
    discount_bp: int
    taken_rate: float
    days_after: int

    def __post_init__(self) -> None:
        Plant.__post_init__(self)
        _share(self.taken_rate)
        if self.lift < 0 or self.days_after < 1:
            raise ValueError("a promotion lifts by 0 or more, and there is a day after it")

    @property
    def payback_end(self) -> int:
        """The day after the last one from which orders were taken."""
        return self.end + self.days_after


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchGaps(Plant):
    """Some of those who search look for what the shop does not have, find nothing and leave.

    words  what they look for;  share of all searches, 0 to 1
    """

    key: ClassVar[str] = "search-gaps"
    name: ClassVar[Words] = Words(zh="搜索缺口", en="Searches that find nothing")

    words: tuple[str, ...]
    share: float

    def __post_init__(self) -> None:
        Plant.__post_init__(self)
        _share(self.share)


@dataclass(frozen=True, slots=True, kw_only=True)
class LateParcels(Plant):
    """What is paid on these days leaves the house so many days later than it would have."""

    key: ClassVar[str] = "late-parcels"
    name: ClassVar[Words] = Words(zh="发货延误", en="Parcels leave late")

    days_late: int

    def __post_init__(self) -> None:
        Plant.__post_init__(self)
        if self.days_late < 1:
            raise ValueError("what is late is late by a day at least")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnSpike(Plant):
    """Of the orders of these days that hold a SKU, and would have kept it, some send it back.

    share  of them, 0 to 1
    """

    key: ClassVar[str] = "return-spike"
    name: ClassVar[Words] = Words(zh="退货激增", en="A product is sent back")

    sku: str
    share: float

    def __post_init__(self) -> None:
        Plant.__post_init__(self)
        _share(self.share)


@dataclass(frozen=True, slots=True, kw_only=True)
class CouponLeak(FakeRing):
    """A few people found out that a coupon can be used again and again, and do so.

    offer        the promotion's id;  discount_bp what it takes off, in 1/10,000
    """

    key: ClassVar[str] = "coupon-leak"
    name: ClassVar[Words] = Words(zh="优惠券泄漏", en="A coupon leaks")

    offer: str
    discount_bp: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CouponHeap(Plant):
    """A coupon that people use once each; later a second one takes off as much again from the same orders.

    quiet_days   for so many days there is the first one alone
    orders       on each day, of that SKU, each by somebody who was not there before
    offers       the two promotions' ids;  discount_bp what each takes off, in 1/10,000
    """

    key: ClassVar[str] = "coupon-heap"
    name: ClassVar[Words] = Words(zh="优惠叠加", en="Discounts heap up")

    sku: str
    quiet_days: int
    orders: int
    offers: tuple[str, str]
    discount_bp: int

    def __post_init__(self) -> None:
        Plant.__post_init__(self)
        if not (0 < self.quiet_days < self.days and self.orders > 0):
            raise ValueError("the first coupon has some days for itself, and so have both")

    @property
    def heaps_from(self) -> int:
        """The first day on which both are used."""
        return self.start + self.quiet_days


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadStock(Plant):
    """Nobody buys a SKU any more, though it lies there and more of it comes in."""

    key: ClassVar[str] = "dead-stock"
    name: ClassVar[Words] = Words(zh="商品滞销", en="Nobody buys it any more")

    sku: str


KINDS: tuple[type[Plant], ...] = (
    *(FunnelBreak, ChannelQuality, PriceResponse, ChurnWave),
    *(FakeRing, StockOut, PromotionLift, SearchGaps),
    *(LateParcels, ReturnSpike, CouponLeak, CouponHeap, DeadStock),
)


def _share(said: float) -> None:
    if not 0 <= said <= 1:
        raise ValueError(f"{said} is no share: it lies between 0 and 1")
