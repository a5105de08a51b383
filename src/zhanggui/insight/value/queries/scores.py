"""Counting what buyers are worth."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final

from zhanggui.base.money import Money
from zhanggui.base.shops import queries as shops
from zhanggui.insight.lake import queries as lake
from zhanggui.insight.metrics import queries as metrics
from zhanggui.insight.metrics.rules import Cut, Period, Step
from zhanggui.insight.value.queries.ranking import ranked
from zhanggui.insight.value.rules import BUYER_METRICS, Band, Buyers, Cell, Scale, Table, buyers_in

_kept_tables = metrics.keeper(Table, most=64)

# The scores of rules.Cell, of every buyer: rank() - 1 is how many are strictly worse. A balance is money of an order
# that is counted already.
SCORED: Final = """
with buyers as (
    select person, date '{as_of}' - max(day) filter (kind = 'paid') as days,
        count_if(kind = 'paid') as orders,
        sum(case kind when 'refunded' then -amount_minor else amount_minor end) as minor
    from {orders} where person <> 0 and kind in ('paid', 'balance', 'refunded') group by person having orders > 0
)
select person, days, orders, minor,
    1 + {most} * (rank() over (order by days desc) - 1) // count(*) over () as r,
    1 + {most} * (rank() over (order by orders) - 1) // count(*) over () as f,
    1 + {most} * (rank() over (order by minor) - 1) // count(*) over () as m
from buyers
"""
_RFM = """
with scored as (select * exclude (person) from ({scored}))
select r, f, m, count(*), sum(minor), min(days), max(days), min(orders), max(orders), min(minor), max(minor)
from scored group by grouping sets ((r, f, m), (r), (f), (m))
order by r desc nulls last, f desc nulls last, m desc nulls last
"""


def rfm(shop: str, *, as_of: date, since: date | None = None, scale: Scale = Scale.QUINTILES) -> Table:
    """Recency, frequency and money of everybody who paid an order before a day.

    as_of    the day after the last one that counts
    since    the first day that counts; all before as_of if not given
    refuses  NoSuchShop
    """
    key = ("rfm", shop, as_of, since, scale)
    return _kept_tables.get(shop, key, lambda: _rfm(shop, as_of, since or date.min, scale))


def new_and_returning(shop: str, period: Period, *, step: Step, at: datetime | None = None) -> tuple[Buyers, ...]:
    """New against returning buyers in each cell of a period, oldest first and without gaps.

    at       the moment of asking, for cells that are not over
    refuses  NoSuchShop
    """
    return buyers_in(metrics.query(shop, BUYER_METRICS, period, by=Cut(step), at=at))


def _rfm(shop: str, as_of: date, since: date, scale: Scale) -> Table:
    currency = shops.shop(shop).currency
    rows = _ranked(shop, as_of, since, scale)
    return Table(
        as_of=as_of,
        currency=currency,
        scale=scale,
        cells=tuple(
            Cell(recency=r, frequency=f, money=m, people=people, amount=Money(int(minor), currency))
            for r, f, m, people, minor, *_ in rows
            if None not in (r, f, m)
        ),
        recency=_bands(rows, 0),
        frequency=_bands(rows, 1),
        money=_bands(rows, 2),
    )


def _ranked(shop: str, as_of: date, since: date, scale: Scale) -> Sequence[tuple[Any, ...]]:
    found = ranked(shop, as_of=as_of, since=since, most=scale.most) if lake.answers_itself() else None
    if found is not None:
        return found
    orders = lake.rollup(shop, "orders", (since, as_of))
    return lake.ask(_RFM.format(scored=SCORED.format(as_of=as_of, orders=orders, most=scale.most)))


def _bands(rows: Sequence[tuple[Any, ...]], place: int) -> tuple[Band, ...]:
    """The rows that are grouped by one score alone, the best first."""
    alone = (row for row in rows if row[place] is not None and row[:3].count(None) == 2)
    ends = 5 + 2 * place
    return tuple(Band(score=row[place], people=row[3], least=int(row[ends]), most=int(row[ends + 1])) for row in alone)
