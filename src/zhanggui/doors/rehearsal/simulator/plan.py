"""What to simulate."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
import numpy.typing as npt

from zhanggui.doors.rehearsal.catalogue import Category, Goods

Ints = npt.NDArray[np.int64]
Small = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

ZONE: Final = "Asia/Shanghai"
CURRENCY: Final = "CNY"
SECOND_US: Final = 1_000_000
DAY_US: Final = 86_400 * SECOND_US
# The shop's clocks have stood eight hours before UTC, summer and winter, since 1991.
OFFSET_US: Final = 8 * 3_600 * SECOND_US
SHIPPING_MINOR: Final = 1000
FREE_FROM_MINOR: Final = 9900
# A visit that ends with an order takes about this many sightings.
SIGHTINGS_PER_ORDER: Final = 13

_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A stretch of a shop's life.

    shop       its code
    goods      what it sells, categories in one piece each
    last_day   the last simulated business day
    sightings  how many in all, met within a few per cent; at least 14 per order
    orders     how many are placed, met exactly
    growth     how much busier the end is than the beginning
    """

    shop: str
    goods: tuple[Goods, ...]
    last_day: date
    days: int
    sightings: int
    orders: int
    growth: float = 1.7

    def __post_init__(self) -> None:
        if self.days < 1 or self.orders < 1:
            raise ValueError("a plan has at least one day and one order")
        if self.sightings < (SIGHTINGS_PER_ORDER + 1) * self.orders:
            raise ValueError(f"{self.orders} orders need at least {(SIGHTINGS_PER_ORDER + 1) * self.orders} sightings")

    @property
    def first_day(self) -> date:
        """The first simulated business day."""
        return self.last_day - timedelta(days=self.days - 1)

    @property
    def calendar(self) -> tuple[date, ...]:
        """All business days, oldest first."""
        return tuple(self.first_day + timedelta(days=step) for step in range(self.days))

    @property
    def start_us(self) -> int:
        """When the first business day begins, microseconds since 1970, UTC."""
        return (self.first_day - _EPOCH).days * DAY_US - OFFSET_US

    @property
    def end_us(self) -> int:
        """When the last business day ends; nothing happens from here on."""
        return self.start_us + self.days * DAY_US

    def months(self) -> Iterator[tuple[date, int, int]]:
        """Each calendar month's first day, and the half open range of its days, counted from 0."""
        calendar = self.calendar
        starts = [at for at, day in enumerate(calendar) if at == 0 or day.day == 1]
        for start, end in zip(starts, [*starts[1:], self.days], strict=True):
            yield calendar[start].replace(day=1), start, end

    def month_of_day(self) -> Small:
        """The calendar month, 0 to 11, of each day."""
        return np.array([day.month - 1 for day in self.calendar], np.int32)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """The plan's goods as columns, in the order of the plan.

    category  index into `categories`
    starts    where each category begins, and the end of the last
    """

    categories: tuple[Category, ...]
    category: Small
    starts: Small
    price_minor: Ints
    return_rate: Floats


def shelf_of(goods: tuple[Goods, ...]) -> Shelf:
    """The goods as columns.

    refuses  ValueError if the goods of a category do not stand together
    """
    categories = tuple({item.category.key: item.category for item in goods}.values())
    keys = [category.key for category in categories]
    index = np.array([keys.index(item.category.key) for item in goods], np.int32)
    if np.any(np.diff(index) < 0):
        raise ValueError("the goods of a category must stand together")
    return Shelf(
        categories=categories,
        category=index,
        starts=np.searchsorted(index, np.arange(len(keys) + 1)).astype(np.int32),
        price_minor=np.array([item.price_minor for item in goods], np.int64),
        return_rate=np.array([item.category.return_rate for item in goods], np.float64),
    )
