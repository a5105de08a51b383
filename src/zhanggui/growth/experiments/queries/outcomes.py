"""What members brought, counted from the daily tables in one question for all of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from zhanggui.base import clock
from zhanggui.base.shops import queries as shops
from zhanggui.growth.experiments import models
from zhanggui.growth.experiments.queries import costs
from zhanggui.growth.experiments.queries.reading import trial as trial_of
from zhanggui.growth.experiments.rules import Arm, Outcome, Sample, Trial
from zhanggui.growth.experiments.rules.judging import Counted, judged
from zhanggui.growth.experiments.rules.statistics import Paired, Ratio
from zhanggui.insight.lake import queries as lake
from zhanggui.insight.lake.queries import engine, relations

_DAY: Final = timedelta(days=1)

# Whoever turned out to be the same person under two ids counts once, on the side they joined first.
# An order belongs to the moment at which it was paid, and what was paid back of it is taken off there: of those before
# joining only until then, or the treatment would reach into the past.
# The cost of what an order kept: its goods at what they cost before discounts. Sums are whole numbers, so that the same
# rows give the same figures in whichever order they are read.
_COUNT: Final = """
with asked as (
    select unnest(?::varchar[]) as id, unnest(?::boolean[]) as is_treated, unnest(?::bigint[]) as since_us
), known as (
    select coalesce(walked.person, asked.id) as person, is_treated, since_us, id from asked
    left join {walked} walked on walked.alias = asked.id and walked.until_us is null
), member as (
    select person, arg_min(is_treated, (since_us, id)) as is_treated, min(since_us) as since_us
    from known group by person
), counted as (
    select row_number() over (order by member.person) as place, number, is_treated, since_us
    from member left join {people} numbers using (person)
), told as (select * from {orders} where ts_us < ?
), paid as (
    select order_number, any_value(place) as place, min(since_us) as since_us, min(told.ts_us) as paid_us,
        sum(amount_minor)::bigint as minor, sum(goods_minor)::bigint as goods_minor
    from told join counted on counted.number = told.person
    where kind in ('paid', 'balance') group by order_number
), windowed as (
    select *, paid_us >= since_us as is_after from paid where paid_us >= since_us - (? - since_us)
), back as (
    select order_number, sum(amount_minor)::bigint as minor
    from told join windowed using (order_number)
    where kind = 'refunded' and (is_after or told.ts_us < since_us) group by order_number
), given as (
    select order_number, sum(case what when 'used' then amount_minor else -amount_minor end)::bigint as minor
    from {offers} semi join windowed using (order_number)
    where kind = 'promotion' and what in ('used', 'undone') group by order_number
), kept as (
    select place, is_after, windowed.minor as paid, coalesce(back.minor, 0) as back,
        windowed.minor - coalesce(back.minor, 0) as net,
        round((goods_minor - (goods_minor + greatest(coalesce(given.minor, 0), 0)) * ?::double)
            * if(windowed.minor > 0, greatest(1 - coalesce(back.minor, 0) / windowed.minor, 0), 0))::bigint as margin
    from windowed left join back using (order_number) left join given using (order_number)
), brought as (
    select place,
        count(*) filter (is_after) as orders, count(*) filter (not is_after) as orders_before,
        sum(kept.paid) filter (is_after) as paid, sum(kept.back) filter (is_after) as back,
        sum(kept.net) filter (is_after) as net, sum(kept.net) filter (not is_after) as net_before,
        sum(kept.margin) filter (is_after) as margin, sum(kept.margin) filter (not is_after) as margin_before
    from kept group by place
)
select is_treated, count(*), sum(greatest(? - since_us, 0))::double / 86_400_000_000,
    count(*) filter (orders > 0), {refunds},
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


def outcome(trial_id: UUID, *, at: datetime, is_final: bool) -> Outcome:
    """What a trial brought until a moment, of all its members, whether the treatment reached them or not.

    Orders, and money that was paid less what was paid back of the same orders, postage included, since each joined
    (from the trial's first day on), less what as many days before let expect of them.

    is_final  whether this is the one look at its end; if not, the intervals stay true at any number of looks
    refuses   NoSuchTrial
    """
    trial = trial_of(trial_id)
    shop = shops.shop(trial.shop)
    end = min(clock.span_of(trial.end, shop.zone)[0], at)
    looked_on = max(clock.day_of(end - timedelta(microseconds=1), shop.zone), trial.starts_on - _DAY)
    cost = costs.cost_of(trial.shop, start=trial.starts_on, end=looked_on + _DAY)
    return judged(
        trial,
        _counted(trial, shop.zone, end=end, cost_rate=cost.rate if cost else None),
        looked_on=looked_on,
        is_final=is_final,
        currency=shop.currency,
        costing=cost.costing if cost else None,
    )


def _counted(trial: Trial, zone: str, *, end: datetime, cost_rate: float | None) -> Mapping[Arm, Counted]:
    """What each side brought; one statement to PostgreSQL for the members, one question to the lake."""
    first_us = clock.micros(clock.span_of(trial.starts_on, zone)[0])
    rows = models.Member.objects.filter(trial_id=trial.id).order_by("person").values_list("person", "arm", "joined_at")
    asked = [(person, arm == Arm.TREATED, max(clock.micros(at), first_us)) for person, arm, at in rows]
    end_us = clock.micros(end)
    sides = dict.fromkeys(Arm, _NOBODY)
    if not asked:
        return sides
    last = clock.day_of(end, zone) + _DAY
    first = clock.day_of(clock.from_micros(2 * min(since for *_, since in asked) - end_us), zone)
    people, on_treated, since_us = (list(column) for column in zip(*asked, strict=True))
    walked = relations.people_path(trial.shop)
    statement = _COUNT.format(
        walked=engine.reading([walked]) if walked else _ALL_ALONE,
        people=lake.people(trial.shop),
        orders=lake.rollup(trial.shop, "orders", (min(first, last - _DAY), last)),
        offers=lake.rollup(trial.shop, "offers", (min(first, last - _DAY), last)),
        refunds=", ".join(f"coalesce(sum({each}), 0)::double" for each in _REFUNDS),
        sums=",\n    ".join(
            ", ".join(f"coalesce({sum.format(figure)}, 0)::double" for sum in _SUMS) for figure in _FIGURES
        ),
    )
    params = [people, on_treated, since_us, end_us, end_us, cost_rate or 0.0, end_us]
    for is_treated, n, days, buyers, *sums in engine.ask(statement, params):
        side = _side(n, sums, days=days, buyers=buyers, has_cost=cost_rate is not None)
        sides[Arm.TREATED if is_treated else Arm.HELD_OUT] = side
    return sides


def _side(n: int, sums: list[float], *, days: float, buyers: int, has_cost: bool) -> Counted:
    back, squares, paid, squares_paid, products = sums[: len(_REFUNDS)]
    orders, net, margin = (
        _paired(n, sums[place : place + len(_SUMS)]) for place in range(len(_REFUNDS), len(sums), len(_SUMS))
    )
    refunds = Ratio(
        above=Sample(n=n, total=back, squares=squares),
        below=Sample(n=n, total=paid, squares=squares_paid),
        products=products,
    )
    margin_known = margin if has_cost else None
    return Counted(people=n, days=days, orders=orders, gmv=net, margin=margin_known, buyers=buyers, refunds=refunds)


def _paired(n: int, sums: list[float]) -> Paired:
    total, squares, total_before, squares_before, products = sums
    return Paired(
        after=Sample(n=n, total=total, squares=squares),
        before=Sample(n=n, total=total_before, squares=squares_before),
        products=products,
    )


_NOBODY: Final = _side(0, [0.0] * (len(_REFUNDS) + len(_SUMS) * len(_FIGURES)), days=0.0, buyers=0, has_cost=False)
_ALL_ALONE: Final = "(select '' as alias, '' as person, null::bigint as until_us where false)"
