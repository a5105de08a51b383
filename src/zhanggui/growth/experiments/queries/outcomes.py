"""What members brought, counted from the daily tables in one question for all of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from zhanggui.base import clock
from zhanggui.base.shops import queries as shops
from zhanggui.growth.experiments.queries import costs
from zhanggui.growth.experiments.queries.bounces import bounces
from zhanggui.growth.experiments.queries.members import members_of
from zhanggui.growth.experiments.queries.reading import trial as trial_of
from zhanggui.growth.experiments.rules import Arm, Costing, Outcome, Sample, Trial
from zhanggui.growth.experiments.rules.judging import Counted, judged
from zhanggui.growth.experiments.rules.statistics import Paired, Ratio
from zhanggui.insight.lake import queries as lake
from zhanggui.insight.lake.queries import engine
from zhanggui.shop.orders import queries as orders

_DAY: Final = timedelta(days=1)

# An order belongs to the moment at which it was paid.
_THEIRS: Final = """{who}, told as (select * from {orders} where ts_us < ?
), paid as (
    select order_number, any_value(place) as place, min(since_us) as since_us, min(told.ts_us) as paid_us,
        sum(amount_minor)::bigint as minor, sum(goods_minor)::bigint as goods_minor
    from told join counted on counted.number = told.person
    where kind in ('paid', 'balance') group by order_number
), windowed as (
    select *, paid_us >= since_us as is_after from paid where paid_us >= since_us - (? - since_us)
)"""
_NUMBERS: Final = "{theirs} select order_number from windowed order by order_number"
# What was paid back of an order is taken off there: of those before joining only until then, or the treatment would
# reach into the past. What its goods cost is what they cost when they were sold; of an order that does not know it, the
# share of its undiscounted goods that all goods cost, or that those of the orders here did that know it. What went back
# takes as large a part of the margin along. Sums are whole numbers, so that the same rows give the same figures in
# whichever order they are read.
_COUNT: Final = """{theirs}, back as (
    select order_number, sum(amount_minor)::bigint as minor
    from told join windowed using (order_number)
    where kind = 'refunded' and (is_after or told.ts_us < since_us) group by order_number
), taken as (
    select order_number, max(funded_by) as funded_by,
        greatest(sum(case what when 'used' then amount_minor else -amount_minor end), 0)::bigint as minor
    from {offers} semi join windowed using (order_number)
    where kind = 'promotion' and what in ('used', 'undone') group by order_number, offer
), given as (
    select order_number, sum(minor)::bigint as minor,
        coalesce(sum(minor) filter (funded_by not in ('', 'shop')), 0)::bigint as others_minor
    from taken group by order_number
), costed as (
    select unnest(?::varchar[]) as order_number, unnest(?::bigint[]) as cost_minor
), priced as (
    select windowed.*, coalesce(given.minor, 0) as given_minor, coalesce(given.others_minor, 0) as others_minor,
        cost_minor, coalesce(back.minor, 0) as back_minor
    from windowed left join back using (order_number) left join given using (order_number)
    left join costed using (order_number)
), usual as (
    select coalesce(?::double, sum(cost_minor)
        / nullif(sum(goods_minor + given_minor) filter (cost_minor is not null), 0)) as rate
    from priced
), kept as (
    select place, is_after, cost_minor, minor as paid, back_minor as back, minor - back_minor as net,
        round((goods_minor + others_minor - coalesce(cost_minor, (goods_minor + given_minor) * rate))
            * if(minor > 0, greatest(1 - back_minor / minor, 0), 0))::bigint as margin
    from priced cross join usual
), brought as (
    select place,
        count(*) filter (is_after) as orders, count(*) filter (not is_after) as orders_before,
        count(cost_minor) filter (is_after) as costed,
        sum(kept.paid) filter (is_after) as paid, sum(kept.back) filter (is_after) as back,
        sum(kept.net) filter (is_after) as net, sum(kept.net) filter (not is_after) as net_before,
        sum(kept.margin) filter (is_after) as margin, sum(kept.margin) filter (not is_after) as margin_before
    from kept group by place
)
select is_treated, count(*), sum(greatest(? - since_us, 0))::double / 86_400_000_000,
    count(*) filter (orders > 0), coalesce(sum(costed), 0)::bigint, {refunds},
    {sums}
from counted left join brought using (place) group by is_treated
"""
_FIGURES: Final = ("orders", "net", "margin")
_SUMS: Final = (
    "sum({0})",
    "sum({0}::hugeint * {0})",
    "sum({0}_before)",
    "sum({0}_before::hugeint * {0}_before)",
    "sum({0}::hugeint * coalesce({0}_before, 0))",
)
# What went back, what was paid, and the products.
_REFUNDS: Final = ("back", "back::hugeint * back", "paid", "paid::hugeint * paid", "back::hugeint * paid")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sides:
    """What each side brought.

    costing  where the cost of goods comes from for orders that do not know it; None where nobody knows any
    """

    counted: Mapping[Arm, Counted]
    costing: Costing | None


def outcome(trial_id: UUID, *, at: datetime, is_final: bool) -> Outcome:
    """What a trial brought until a moment, of all its members, whether the treatment reached them or not.

    Orders, and money that was paid less what was paid back of the same orders, postage included, since each joined
    (from the trial's first day on), less what as many days before let expect of them. The margin is of the goods alone:
    what was paid for them, and what others than the shop gave to it, less what they had cost when they were sold.
    Payment fees and carriage are told by no fact, so nobody takes them off.

    is_final  whether this is the one look at its end; if not, the intervals stay true at any number of looks
    refuses   NoSuchTrial
    source    our own; two pieces that cost 30.00 each sold for 90.00 after 10.00 off, of which a brand paid 4.00; half
              of the money went back: (90 + 4 - 60) / 2 -> a margin of 17.00
    """
    trial = trial_of(trial_id)
    shop = shops.shop(trial.shop)
    end = min(clock.span_of(trial.end, shop.zone)[0], at)
    looked_on = max(clock.day_of(end - timedelta(microseconds=1), shop.zone), trial.starts_on - _DAY)
    sides = _sides(trial, shop.zone, end=end, looked_on=looked_on)
    return judged(
        trial,
        sides.counted,
        looked_on=looked_on,
        is_final=is_final,
        currency=shop.currency,
        costing=sides.costing,
    )


def _sides(trial: Trial, zone: str, *, end: datetime, looked_on: date) -> _Sides:
    """One statement to PostgreSQL for the members and one for what their orders had cost; two questions to the lake,
    and one more where the trial is about a page.
    """
    members = members_of(trial, zone=zone)
    if members is None:
        return _Sides(counted=dict.fromkeys(Arm, _NOBODY), costing=None)
    end_us = clock.micros(end)
    last = clock.day_of(end, zone) + _DAY
    first = clock.day_of(clock.from_micros(2 * members.first_us - end_us), zone)
    days = (min(first, last - _DAY), last)
    theirs = _THEIRS.format(who=members.sql, orders=lake.rollup(trial.shop, "orders", days))
    params = [*members.params, end_us, end_us]
    numbers = [number for (number,) in engine.ask(_NUMBERS.format(theirs=theirs), params)]
    known = orders.goods_costs(trial.shop, numbers)
    cost = costs.cost_of(trial.shop, start=trial.starts_on, end=looked_on + _DAY, is_known_of_some=bool(known))
    sql = _COUNT.format(
        theirs=theirs,
        offers=lake.rollup(trial.shop, "offers", days),
        refunds=", ".join(f"coalesce(sum({each}), 0)::double" for each in _REFUNDS),
        sums=",\n    ".join(
            ", ".join(f"coalesce({sum.format(figure)}, 0)::double" for sum in _SUMS) for figure in _FIGURES
        ),
    )
    asked = [*params, list(known), list(known.values()), cost.rate if cost else None, end_us]
    left = bounces(trial, members, zone=zone, end=end)
    sides = dict.fromkeys(Arm, _NOBODY)
    for is_treated, n, spent_days, buyers, costed, *sums in engine.ask(sql, asked):
        arm = Arm.TREATED if is_treated else Arm.HELD_OUT
        side = _side(n, sums, days=spent_days, buyers=buyers, costed=costed, has_cost=cost is not None)
        sides[arm] = replace(side, bounces=left[arm] if left else None)
    return _Sides(counted=sides, costing=cost.costing if cost else None)


def _side(n: int, sums: list[float], *, days: float, buyers: int, costed: int, has_cost: bool) -> Counted:
    back, squares, paid, squares_paid, products = sums[: len(_REFUNDS)]
    orders_paid, net, margin = (
        _paired(n, sums[place : place + len(_SUMS)]) for place in range(len(_REFUNDS), len(sums), len(_SUMS))
    )
    refunds = Ratio(
        above=Sample(n=n, total=back, squares=squares),
        below=Sample(n=n, total=paid, squares=squares_paid),
        products=products,
    )
    return Counted(
        people=n,
        days=days,
        orders=orders_paid,
        gmv=net,
        margin=margin if has_cost else None,
        buyers=buyers,
        refunds=refunds,
        costed=costed,
    )


def _paired(n: int, sums: list[float]) -> Paired:
    total, squares, total_before, squares_before, products = sums
    return Paired(
        after=Sample(n=n, total=total, squares=squares),
        before=Sample(n=n, total=total_before, squares=squares_before),
        products=products,
    )


_NO_SUMS: Final = [0.0] * (len(_REFUNDS) + len(_SUMS) * len(_FIGURES))
_NOBODY: Final = _side(0, _NO_SUMS, days=0.0, buyers=0, costed=0, has_cost=False)
