"""The tables that numbers are counted from, as sources for DuckDB: daily tables, some of them joined.

Each has a row for whatever is counted, on the day it counts for, in the columns that its Base speaks of.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from zhanggui.base import clock
from zhanggui.insight.lake import queries as lake
from zhanggui.insight.metrics.rules.answers import Question
from zhanggui.insight.metrics.rules.periods import Period, after

RIPE_DAYS: Final = 30
# What they say of a period that is over may still change with time alone.
RIPENING: Final = frozenset({"shipped_cohorts"})

_RIPE_US: Final = RIPE_DAYS * 86_400_000_000
_WHO: Final = "person, region, channel, campaign, device"
_VISIT_NAMES: Final = "'Page', 'Product Viewed', 'Product Added', 'Checkout Started'"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Of which shop and days a table is wanted, and what today is there.

    rollup  gives a daily table on some days, or on all
    """

    question: Question
    period: Period
    rollup: Callable[..., object] = lake.rollup

    @property
    def shop(self) -> str:
        """The shop."""
        return self.question.shop

    @property
    def today(self) -> date:
        """The business day of the moment of asking."""
        return clock.day_of(self.question.at, self.question.zone)

    def daily(self, name: str) -> str:
        """A daily table on these days."""
        return str(self.rollup(self.shop, name, (self.period.start, self.period.end)))

    def since(self, name: str) -> str:
        """The same from the first of these days on."""
        return str(self.rollup(self.shop, name, (self.period.start, date.max)))

    def until(self, name: str) -> str:
        """The same on all days up to the last of these."""
        return str(self.rollup(self.shop, name, (date.min, self.period.end)))

    def ever(self, name: str) -> str:
        """The same on all days."""
        return str(self.rollup(self.shop, name))


def table(name: str, question: Question, period: Period) -> str:
    """A table of that name on the days of a period, to be written behind `from`."""
    asked = Asked(question=question, period=period)
    joined = _JOINED.get(name)
    return f"({joined(asked)})" if joined else asked.daily(name)


def made_of(name: str, question: Question) -> tuple[str, ...]:
    """The daily tables that a table of that name is made of."""
    joined = _JOINED.get(name)
    if joined is None:
        return (name,)
    met: dict[str, None] = {}

    def note(_shop: str, table: str, *_days: object) -> str:
        met[table] = None
        return table

    joined(Asked(question=question, period=question.period, rollup=note))
    return tuple(met)


def _genuine_orders(asked: Asked) -> str:
    fakes = f"select order_number from {asked.ever('orders')} where kind = 'fake'"
    return f"select * from {asked.daily('orders')} where order_number not in ({fakes})"


def _order_cohorts(asked: Asked) -> str:
    """Payments with all that went back of their order until now; a deposit's refund is one of the finished order."""
    told = asked.ever("tellings")
    return f"""
        with finished as (
            select deposit.order_number as deposit_order, balance.order_number as order_number
            from {told} deposit join {told} balance using (subject)
            where deposit.name = 'growth.deposit_paid' and balance.name = 'growth.balance_paid'
        ), back as (
            select coalesce(finished.order_number, refund.order_number) as order_number,
                sum(amount_minor) as refunded_minor
            from {asked.since("orders")} refund left join finished on finished.deposit_order = refund.order_number
            where kind = 'refunded' group by all
        )
        select day, ts_us, {_WHO}, amount_minor,
            case kind when 'paid' then coalesce(back.refunded_minor, 0) else 0 end as refunded_minor
        from {asked.daily("orders")} left join back using (order_number) where kind in ('paid', 'balance')"""


def _member_orders(asked: Asked) -> str:
    return f"""
        select day, ts_us, {_WHO}, amount_minor, coalesce(registered_us <= ts_us, false) as is_member
        from {asked.daily("orders")} left join ({_registered(asked)}) using (person)
        where kind in ('paid', 'balance')"""


def _registered(asked: Asked) -> str:
    return f"""select person, min(ts_us) as registered_us, min(day) as registered_on from {asked.until("tellings")}
        where name = 'shop.customer_registered' and person <> 0 group by person"""


def _costs(asked: Asked) -> str:
    """What a SKU cost on average, as a sum over pieces; of SKUs whose receipts say it."""
    return f"""select sku, sum(cost_minor) as cost_sum, sum(costed_units) as cost_units from {asked.until("stock_days")}
        group by sku having sum(costed_units) > 0"""


def _cost_of(units: str) -> str:
    """So many pieces at their average cost, half a minor unit up."""
    return f"(2 * {units} * cost_sum + cost_units) // (2 * cost_units)"


def _costed_goods(asked: Asked) -> str:
    return f"""
        select day, sku, category, region, channel, device,
            case kind when 'paid' then amount_minor else -amount_minor end as amount_minor,
            case kind when 'paid' then 1 else -1 end * ({_cost_of("units")}) as cost_minor
        from {asked.daily("sku_days")} join ({_costs(asked)}) using (sku) where kind in ('paid', 'refunded')"""


def _stock(asked: Asked) -> str:
    """Each SKU on each day that has come: what was there at its end, and what was sold on it, at cost."""
    end = min(asked.period.end, asked.today + timedelta(days=1))
    return f"""
        with levels as (
            select sku, day as since, sum(on_hand_change) over past as on_hand,
                sum(on_hand_change - held_change) over past as free_units,
                last_value(is_listed ignore nulls) over past as is_listed,
                max(abs(on_hand_change) + abs(held_change)) over past > 0 as is_counted
            from {asked.until("stock_days")} window past as (partition by sku order by day)
        ), skus as (
            select sku, arg_max(category, ts_us) as category from {asked.ever("listings")} group by sku
        ), sold as (
            select day, sku, sum(units) as units from {asked.daily("sku_days")} where kind = 'paid' group by all
        ), days as (
            select unnest(generate_series(date '{asked.period.start}', date '{end}' - 1, interval 1 day))::date as day
        ), wanted as (
            select day, sku from days cross join (select distinct sku from levels)
        )
        select wanted.day as day, wanted.sku as sku, coalesce(category, '') as category,
            is_counted and coalesce(is_listed, false) as is_on_sale, free_units,
            coalesce({_cost_of("greatest(on_hand, 0)")}, 0) as cost_minor,
            coalesce({_cost_of("coalesce(sold.units, 0)")}, 0) as sold_cost_minor
        from wanted asof join levels on levels.sku = wanted.sku and levels.since <= wanted.day
        left join skus on skus.sku = wanted.sku
        left join ({_costs(asked)}) costs on costs.sku = wanted.sku
        left join sold on sold.sku = wanted.sku and sold.day = wanted.day"""


def _sightings(asked: Asked) -> str:
    return f"select day, ts_us, {_WHO}, step from {asked.daily('steps')} where step in ({_VISIT_NAMES})"


def _goods_sightings(asked: Asked) -> str:
    return f"""select day, ts_us, {_WHO}, step, sku, category from {asked.daily("steps")}
        where step in ('Product Viewed', 'Product Added')"""


def _active_people(asked: Asked) -> str:
    return f"""select day, {_WHO} from {asked.daily("visits")} where person <> 0
        union all by name select day, {_WHO} from {asked.daily("orders")} where kind = 'paid' and person <> 0"""


def _members(asked: Asked) -> str:
    """Everybody who had registered before a cell of time ended, on its first day, and whether they did anything in it;
    the whole period is one cell if it is not cut by time.
    """
    step = next((cut.step for cut in asked.question.cuts if cut.step), None)
    cells = asked.period.cells(step) if step else (asked.period.start,)
    ends = [after(cell, step) if step else asked.period.end for cell in cells]
    spans = [(max(cell, asked.period.start), min(end, asked.period.end)) for cell, end in zip(cells, ends, strict=True)]
    values = ", ".join(f"(date '{start}', date '{end}')" for start, end in spans)
    return f"""
        with cells as (select * from (values {values}) cells(first_day, end_day)),
        acts as (
            select distinct person, first_day from ({_active_people(asked)})
            join cells on day >= first_day and day < end_day
        )
        select cells.first_day as day, member.person as person, acts.person is not null as is_active
        from cells join ({_registered(asked)}) member on member.registered_on < cells.end_day
        left join acts on acts.person = member.person and acts.first_day = cells.first_day"""


def _deliveries(asked: Asked) -> str:
    presold = f"select order_number from {asked.ever('tellings')} where name = 'growth.balance_paid'"
    return f"""
        select parcel.day as day, parcel.ts_us as ts_us, {_WHO}, (parcel.ts_us - paid_us) // 1000000 as waited_s
        from {asked.daily("parcels")} parcel join ({_paid(asked.until("orders"))}) using (order_number)
        where kind = 'delivered' and order_number not in ({presold})"""


def _paid(orders: str) -> str:
    """When each order was paid, and by whom from where."""
    return f"""select order_number, ts_us as paid_us, day as paid_on, {_WHO} from {orders} where kind = 'paid'
        qualify row_number() over (partition by order_number order by ts_us) = 1"""


def _shipped_cohorts(asked: Asked) -> str:
    ripe_on = asked.today - timedelta(days=RIPE_DAYS)
    return f"""
        select paid_on as day, paid_us as ts_us, {_WHO},
            case kind when 'shipped' then units else 0 end as shipped_units,
            case when kind = 'returned' and ts_us - paid_us < {_RIPE_US} then units else 0 end as returned_units
        from {asked.since("parcels")} join ({_paid(asked.daily("orders"))}) using (order_number)
        where paid_on <= date '{ripe_on}' and kind in ('shipped', 'returned')"""


def _screened_orders(asked: Asked) -> str:
    told = asked.since("tellings")
    return f"""
        with held as (select distinct order_number from {told} where name = 'guard.order_held'),
        cleared as (select distinct order_number from {told} where name = 'guard.order_cleared')
        select day, ts_us, {_WHO}, order_number in (from held) as is_held, order_number in (from cleared) as is_cleared
        from {asked.daily("orders")} where kind = 'placed'"""


def _deposits(asked: Asked) -> str:
    finished = f"select subject from {asked.since('tellings')} where name = 'growth.balance_paid'"
    return f"""select day, ts_us, {_WHO}, subject in ({finished}) as is_balance_paid from {asked.daily("tellings")}
        where name = 'growth.deposit_paid'"""


def _waited(asked: Asked, name: str) -> str:
    """The seconds from the opening of a talk to what happened in it."""
    return f"""
        select told.day as day, told.ts_us as ts_us, {", ".join(f"told.{one} as {one}" for one in _WHO.split(", "))},
            (told.ts_us - opened.ts_us) // 1000000 as waited_s
        from {asked.daily("tellings")} told join {asked.until("tellings")} opened using (subject)
        where told.name = '{name}' and opened.name = 'care.conversation_opened'"""


def _spend(asked: Asked) -> str:
    return f"""select day, ts_us, channel, campaign, amount_minor from {asked.daily("tellings")}
        where name = 'insight.spend_recorded'"""


def _first_orders(asked: Asked) -> str:
    """The first paid order of each known buyer, if it lies on these days."""
    return f"""
        select * from (
            select day, ts_us, {_WHO} from {asked.until("orders")} where kind = 'paid' and person <> 0
            qualify row_number() over (partition by person order by ts_us, order_number) = 1
        ) where day >= date '{asked.period.start}'"""


_JOINED: Final[dict[str, Callable[[Asked], str]]] = {
    "genuine_orders": _genuine_orders,
    "order_cohorts": _order_cohorts,
    "member_orders": _member_orders,
    "costed_goods": _costed_goods,
    "stock": _stock,
    "sightings": _sightings,
    "goods_sightings": _goods_sightings,
    "active_people": _active_people,
    "members": _members,
    "deliveries": _deliveries,
    "shipped_cohorts": _shipped_cohorts,
    "spend": _spend,
    "first_orders": _first_orders,
    "screened_orders": _screened_orders,
    "deposits": _deposits,
    "first_replies": lambda asked: _waited(asked, "care.first_reply_sent"),
    "resolutions": lambda asked: _waited(asked, "care.conversation_resolved"),
}
