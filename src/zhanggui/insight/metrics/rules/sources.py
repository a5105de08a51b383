"""What numbers are counted from: the daily tables, and the whole numbers that they give, of all rows or of people."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeVar

from zhanggui.insight.metrics.rules.periods import Step

T = TypeVar("T")


class Cut(StrEnum):
    """How a number can be split."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    REGION = "region"
    CATEGORY = "category"
    SKU = "sku"
    CHANNEL = "channel"
    DEVICE = "device"

    @property
    def step(self) -> Step | None:
        """The length of its cells if it cuts time."""
        return Step(self) if self in (Cut.DAY, Cut.WEEK, Cut.MONTH) else None


class Lack(StrEnum):
    """Why a number cannot be split: what its table is kept without."""

    ORDERS_WITHOUT_GOODS = "orders_without_goods"
    VISITS_WITHOUT_GOODS = "visits_without_goods"


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """A daily table and what of it can be counted.

    sums     name and DuckDB aggregate over all rows of a cell
    own      the same over the rows of one person in a cell; `Source.sql` speaks of both by name, and of `person`
    distinct name, condition and column of what is counted once however often it happened
    columns  by which its rows can be split and filtered
    moment   the column that says when in the day, so that a running period is held against the same hours; empty if
             the table cannot say
    lack     why it can be split by no other column
    """

    rollup: str
    sums: dict[str, str]
    own: dict[str, str]
    distinct: dict[str, tuple[str, str]]
    columns: frozenset[Cut]
    moment: str
    lack: Lack

    def spoken(self, measures: Sequence[Measure], aggregates: dict[str, T]) -> dict[str, T]:
        """Those of the aggregates that the measures speak of."""
        words = {word for one in measures for word in re.findall(r"\w+", one.source_in(self.rollup).sql)}
        return {name: sql for name, sql in aggregates.items() if name in words}

    def asks_for_people(self, measures: Sequence[Measure]) -> bool:
        """Whether any of the measures has to look at people one by one."""
        return any("person" in one.source_in(self.rollup).sql for one in measures)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One way to a number: an aggregate over the folded rows of a daily table."""

    rollup: str
    sql: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A whole number, the numerator or denominator of metrics.

    sources   the first one that can be split as asked is taken; all of them give the same number
    needs     columns joined to the folded rows: `first_day`, a person's first day with a paid order
    is_timed  whether it can be counted up to a moment within a day
    """

    key: str
    sources: tuple[Source, ...]
    needs: str = ""
    is_timed: bool = True

    def source_in(self, rollup: str) -> Source:
        """How it is counted from that table."""
        return next(source for source in self.sources if source.rollup == rollup)


_PLACES: Final = frozenset({Cut.REGION, Cut.CHANNEL, Cut.DEVICE})

# A fact of placing or paying is told once per order, so those are counted; refunds of an order may be several.
BASES: Final = {
    base.rollup: base
    for base in (
        Base(
            rollup="orders",
            sums={
                "placed_orders": "count_if(kind = 'placed')",
                "paid_orders": "count_if(kind = 'paid')",
                "placed_minor": "sum(goods_minor) filter (kind = 'placed')",
                "paid_minor": "sum(amount_minor) filter (kind = 'paid')",
                "goods_minor": "sum(goods_minor) filter (kind = 'paid')",
                "refunded_minor": "sum(amount_minor) filter (kind = 'refunded')",
                "net_minor": "sum(case kind when 'paid' then amount_minor when 'refunded' then -amount_minor end)",
                "paid_units": "sum(units) filter (kind = 'paid')",
            },
            own={
                "own_placed_orders": "count_if(kind = 'placed')",
                "own_paid_orders": "count_if(kind = 'paid')",
                "own_paid_minor": "sum(amount_minor) filter (kind = 'paid')",
            },
            distinct={"refunded_orders": ("kind = 'refunded'", "order_number")},
            columns=_PLACES,
            moment="ts_us",
            lack=Lack.ORDERS_WITHOUT_GOODS,
        ),
        Base(
            rollup="sku_days",
            sums={
                "placed_minor": "sum(amount_minor) filter (kind = 'placed')",
                "goods_minor": "sum(amount_minor) filter (kind = 'paid')",
                "paid_units": "sum(units) filter (kind = 'paid')",
            },
            own={},
            distinct={},
            columns=_PLACES | {Cut.SKU, Cut.CATEGORY},
            moment="",
            lack=Lack.ORDERS_WITHOUT_GOODS,
        ),
        Base(
            rollup="visits",
            sums={"pv": "sum(pv)"},
            own={"own_product_views": "sum(product_views)", "own_adds": "sum(adds)"},
            distinct={},
            columns=_PLACES,
            moment="first_ts_us",
            lack=Lack.VISITS_WITHOUT_GOODS,
        ),
    )
}

MEASURES: Final = {
    measure.key: measure
    for measure in (
        Measure(key="pv", sources=(Source(rollup="visits", sql="sum(pv)"),), is_timed=False),
        Measure(key="visitors", sources=(Source(rollup="visits", sql="count_if(person <> '')"),)),
        Measure(
            key="viewers",
            sources=(Source(rollup="visits", sql="count_if(person <> '' and own_product_views > 0)"),),
            is_timed=False,
        ),
        Measure(
            key="adders",
            sources=(Source(rollup="visits", sql="count_if(person <> '' and own_adds > 0)"),),
            is_timed=False,
        ),
        Measure(key="placed_orders", sources=(Source(rollup="orders", sql="sum(placed_orders)"),)),
        Measure(key="paid_orders", sources=(Source(rollup="orders", sql="sum(paid_orders)"),)),
        Measure(key="refunded_orders", sources=(Source(rollup="orders", sql="sum(refunded_orders)"),)),
        Measure(
            key="ordering_buyers",
            sources=(Source(rollup="orders", sql="count_if(person <> '' and own_placed_orders > 0)"),),
        ),
        Measure(key="buyers", sources=(Source(rollup="orders", sql="count_if(person <> '' and own_paid_orders > 0)"),)),
        Measure(
            key="repeat_buyers",
            sources=(Source(rollup="orders", sql="count_if(person <> '' and own_paid_orders > 1)"),),
        ),
        Measure(
            key="new_buyers",
            sources=(
                Source(
                    rollup="orders", sql="count_if(person <> '' and own_paid_orders > 0 and first_day >= cell_start)"
                ),
            ),
            needs="first_day",
        ),
        Measure(
            key="returning_buyers",
            sources=(
                Source(
                    rollup="orders", sql="count_if(person <> '' and own_paid_orders > 0 and first_day < cell_start)"
                ),
            ),
            needs="first_day",
        ),
        Measure(
            key="new_minor",
            sources=(
                Source(rollup="orders", sql="sum(own_paid_minor) filter (person <> '' and first_day >= cell_start)"),
            ),
            needs="first_day",
        ),
        Measure(
            key="returning_minor",
            sources=(
                Source(rollup="orders", sql="sum(own_paid_minor) filter (person <> '' and first_day < cell_start)"),
            ),
            needs="first_day",
        ),
        Measure(
            key="placed_minor",
            sources=(
                Source(rollup="orders", sql="sum(placed_minor)"),
                Source(rollup="sku_days", sql="sum(placed_minor)"),
            ),
        ),
        Measure(
            key="goods_minor",
            sources=(
                Source(rollup="orders", sql="sum(goods_minor)"),
                Source(rollup="sku_days", sql="sum(goods_minor)"),
            ),
        ),
        Measure(
            key="units",
            sources=(
                Source(rollup="orders", sql="sum(paid_units)"),
                Source(rollup="sku_days", sql="sum(paid_units)"),
            ),
        ),
        Measure(key="paid_minor", sources=(Source(rollup="orders", sql="sum(paid_minor)"),)),
        Measure(key="refunded_minor", sources=(Source(rollup="orders", sql="sum(refunded_minor)"),)),
        Measure(
            key="net_minor",
            sources=(Source(rollup="orders", sql="sum(net_minor)"),),
        ),
    )
}
