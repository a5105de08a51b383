"""The models of buyers as they are kept, and what they say of the buyers of a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa

from zhanggui.base.money import Money
from zhanggui.base.shops import queries as shops
from zhanggui.insight.lake import queries as lake
from zhanggui.insight.metrics import queries as metrics
from zhanggui.insight.value import models
from zhanggui.insight.value.rules import Bin, Buyer, Fit, Inputs, Lack, Ordering, Spending, Worth, foretold
from zhanggui.insight.value.rules.special import Floats

_kept_worths = metrics.keeper(tuple[Worth, ...], most=16)

# Days of one buyer are one order each: the models know no two orders at a time. What was paid beside an order (the
# deposit of a presale, the difference of an exchange) and what was given back, up to the day of asking, is the order's
# own. The channel is that of the first paid order.
_BUYERS = """
with paid as (
    select person, day, ts_us, order_number, channel, amount_minor from {orders} where kind = 'paid' and person <> 0
), beside as (
    select order_number, sum(case kind when 'refunded' then -amount_minor else amount_minor end) as minor
    from {orders} where kind in ('balance', 'refunded') group by order_number
), net as (
    select paid.*, amount_minor + coalesce(minor, 0) as net_minor from paid left join beside using (order_number)
), days as (
    select person, day, sum(net_minor) as net_minor, min((ts_us, order_number, channel)) as first_order
    from net group by person, day
), buyers as (
    select person, min(day) as first_day, max(day) as last_day, count(*) - 1 as repeats,
        sum(net_minor) as net_minor, min(first_order) as first_order,
        sum(net_minor) - arg_min(net_minor, day) as repeat_net_minor
    from days group by person
)
select person, repeats, last_day - first_day as recency_days, date '{as_of}' - first_day as age_days,
    net_minor::double as net_minor, repeat_net_minor::double as repeat_net_minor,
    date_trunc('month', first_day)::date as cohort, first_order[3] as channel
from buyers order by person
"""
_CAME = """
with before as (
    select person, min(day) as first_day from {orders}
    where kind = 'paid' and person <> 0 group by person having first_day < date '{start}'
)
select person, count(distinct day) filter (day >= date '{start}') as came
from before join {orders} using (person) where kind = 'paid' group by person order by person
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Buyers before a day, in the order of their numbers.

    cohorts   the first day of the month of the first paid order
    channels  of the first paid order
    """

    as_of: date
    first_day: date | None
    people: tuple[int, ...]
    buyers: Buyer
    cohorts: pa.Array
    channels: pa.Array

    @property
    def inputs(self) -> Inputs:
        """The same in numbers."""
        return Inputs(
            as_of=self.as_of,
            buyers=len(self.buyers.repeats),
            repeat_buyers=int(np.count_nonzero(self.buyers.repeats)),
            order_days=int(np.sum(self.buyers.repeats + 1)),
            first_day=self.first_day,
        )


def fit(shop: str) -> Fit | None:
    """The shop's latest fit, be it one that was refused; None if there was none yet. Index insight_value_fit_once."""
    row = models.Fit.objects.filter(shop=shop).order_by("-as_of").first()
    return _fit(row) if row else None


def fits(shop: str, *, most: int = 26) -> tuple[Fit, ...]:
    """The shop's fits, the latest first. Index insight_value_fit_once."""
    return tuple(_fit(row) for row in models.Fit.objects.filter(shop=shop).order_by("-as_of")[:most])


def margin_rate(shop: str) -> Decimal | None:
    """What is left of a shop's revenue after the goods; None if nobody has said it."""
    return models.Margin.objects.filter(pk=shop).values_list("rate", flat=True).first()


def worths(shop: str, *, as_of: date) -> tuple[Worth, ...]:
    """What the buyers before a day paid and are expected to pay, by cohort and channel; empty without a fit.

    Rounded half to even to the minor unit in each cohort and channel; every other sum is of these.
    Cohorts the latest first, channels in the order of their names.

    refuses  NoSuchShop
    """
    found = fit(shop)
    if found is None or found.lack is not None:
        return ()
    return _kept_worths.get(shop, ("worths", shop, as_of, found.made_at), lambda: _worths(shop, as_of, found))


def buyers_as_of(shop: str, as_of: date) -> Known:
    """Buyers by the orders before a day."""
    orders = lake.rollup(shop, "orders", (date.min, as_of))
    table = lake.ask_table(_BUYERS.format(orders=orders, as_of=as_of))
    ages = table.column("age_days")
    return Known(
        as_of=as_of,
        first_day=date.fromordinal(as_of.toordinal() - max(ages.to_pylist())) if len(table) else None,
        people=tuple(table.column("person").to_pylist()),
        buyers=Buyer(
            repeats=_floats(table, "repeats"),
            recency_days=_floats(table, "recency_days"),
            age_days=_floats(table, "age_days"),
            net_minor=_floats(table, "net_minor"),
            repeat_net_minor=_floats(table, "repeat_net_minor"),
        ),
        cohorts=table.column("cohort").combine_chunks(),
        channels=table.column("channel").combine_chunks(),
    )


def order_days_from(shop: str, start: date, end: date) -> Floats:
    """Order days from one day to before another of all who had ordered before them, in the order of `buyers_as_of`."""
    orders = lake.rollup(shop, "orders", (date.min, end))
    return _floats(lake.ask_table(_CAME.format(orders=orders, start=start)), "came")


def _worths(shop: str, as_of: date, found: Fit) -> tuple[Worth, ...]:
    known = buyers_as_of(shop, as_of)
    currency = shops.shop(shop).currency
    alive, orders, ahead = foretold(found, known.buyers)
    keys = pa.table({"cohort": known.cohorts, "channel": known.channels})
    summed = (
        keys.append_column("people", pa.array(np.ones(len(alive), dtype=np.int64)))
        .append_column("history", pa.array(known.buyers.net_minor.astype(np.int64)))
        .append_column("ahead", pa.array(ahead))
        .append_column("alive", pa.array(alive))
        .append_column("orders", pa.array(orders))
        .group_by(["cohort", "channel"], use_threads=False)
        .aggregate([(name, "sum") for name in ("people", "history", "ahead", "alive", "orders")])
    )
    cells = [
        Worth(
            cohort=row["cohort"],
            channel=row["channel"],
            people=row["people_sum"],
            history=Money(row["history_sum"], currency),
            ahead=Money(round(row["ahead_sum"]), currency),
            alive_tenths=round(10 * row["alive_sum"]),
            orders_tenths=round(10 * row["orders_sum"]),
        )
        for row in summed.to_pylist()
    ]
    return tuple(sorted(cells, key=lambda cell: (-cell.cohort.toordinal(), cell.channel)))


def _floats(table: pa.Table, name: str) -> Floats:
    found: Floats = table.column(name).to_numpy().astype(np.float64)
    return found


def _fit(row: models.Fit) -> Fit:
    inputs = Inputs(
        as_of=row.as_of,
        buyers=row.buyers,
        repeat_buyers=row.repeat_buyers,
        order_days=row.order_days,
        first_day=row.first_day,
    )
    if row.lack:
        return Fit(inputs=inputs, made_at=row.made_at, lack=Lack(row.lack))
    fitted: dict[str, Any] = {
        "ordering": Ordering(
            r=row.r or 0, alpha=row.alpha_weeks or 0, a=row.a or 0, b=row.b or 0, log_likelihood=row.orders_ll or 0
        ),
        "spending": Spending(p=row.p or 0, q=row.q or 0, v=row.v_minor or 0, log_likelihood=row.spending_ll or 0),
    }
    bins = tuple(
        Bin(repeats=repeats, people=people, expected_tenths=expected, came=came)
        for repeats, people, expected, came in row.bins
    )
    return Fit(inputs=inputs, made_at=row.made_at, held_from=row.held_from, bins=bins, **fitted)
