"""Asking why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from zhanggui.base import clock
from zhanggui.base.money import Money
from zhanggui.base.shops import queries as shops
from zhanggui.insight.lake import queries as lake
from zhanggui.insight.metrics import queries as metrics
from zhanggui.insight.metrics.errors import CutRefused
from zhanggui.insight.metrics.queries.asking import where_sql
from zhanggui.insight.metrics.rules import EVERYTHING, Crowd, Filters, Lack, Period, Question
from zhanggui.insight.metrics.rules.answers import day_and_rest
from zhanggui.insight.tree import rules
from zhanggui.insight.tree.errors import ComparisonMissing
from zhanggui.insight.tree.rules import Branch, By, Chains, Side, Split, Why

# Span, cut and cell -> the chains counted there; the whole stands under the cut "".
Counted = dict[tuple[bool, str, str], Chains]

_PEOPLE_CUTS: Final = (By.CHANNEL, By.CAMPAIGN, By.REGION, By.DEVICE, By.BUYERS)
_GOODS_CUTS: Final = (By.CHANNEL, By.CATEGORY, By.REGION, By.DEVICE, By.SKU)
_AMONG: Final = {Side.IN: "in", Side.OUT: "not in"}
_kept = metrics.keeper(Why, most=64)

# One row per span, person and mark: who came, and who paid how much. A person is new until the day after the first
# paid order, so in a period everybody who had paid before it began is returning.
_PEOPLE = """
with known as materialized ({first_days}),
crowd as materialized (select distinct person from ({crowd})),
came as materialized (
    select is_now, person, channel, campaign, region, device,
        case when first_day < start then 'returning' else 'new' end as buyers,
        case when person in (select person from crowd) then 'in' else 'out' end as segment
    from ({visits}) left join known using (person)
),
paid as materialized (
    select is_now, person, channel, campaign, region, device, orders, minor,
        case when person = 0 then '' when first_day < start then 'returning' else 'new' end as buyers,
        case when person = 0 then '' when person in (select person from crowd) then 'in' else 'out' end as segment
    from ({orders}) left join known using (person)
),
payers as materialized (select distinct is_now, person from paid where person <> 0)
{counts}
"""

# A buyer is seen in a cell if a visit of the same days stands in it, so no more people buy in a cell than came to it.
_COUNTS = """
select is_now, '{cut}' as cut, cell, sum(visitors) as visitors, sum(seen_buyers) as seen_buyers,
    sum(seen_orders) as seen_orders, sum(seen_minor) as seen_minor, sum(unseen_buyers) as unseen_buyers,
    sum(unseen_orders) as unseen_orders, sum(unseen_minor) as unseen_minor, sum(nobody_orders) as nobody_orders,
    sum(nobody_minor) as nobody_minor
from (
    select is_now, {cell} as cell, count(distinct person) as visitors from came group by all
    union all by name
    select is_now, cell, count_if(seen and orders > 0) as seen_buyers, sum(orders) filter (seen) as seen_orders,
        sum(minor) filter (seen) as seen_minor, count_if(not seen and person <> 0 and orders > 0) as unseen_buyers,
        sum(orders) filter (not seen and person <> 0) as unseen_orders,
        sum(minor) filter (not seen and person <> 0) as unseen_minor,
        sum(orders) filter (person = 0) as nobody_orders, sum(minor) filter (person = 0) as nobody_minor
    from (
        select p.is_now, p.cell, p.person, p.orders, p.minor, c.person is not null as seen
        from (
            select is_now, {cell} as cell, person, sum(orders) as orders, sum(minor) as minor from paid group by all
        ) p
        left join (
            select distinct is_now, {cell} as cell, person from came semi join payers using (is_now, person)
        ) c using (is_now, cell, person)
    ) group by all
) group by all
"""

_GOODS = """
with sold as materialized ({sold})
{counts}
"""
_GOODS_COUNTS = """
select is_now, '{cut}' as cut, {cell} as cell, sum(units) as units, sum(minor) as minor from sold group by all
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """One of the two periods, as far as it is counted.

    until  the first day that is not counted whole, and the moment up to which it still is; None if all of it counts
    """

    is_now: bool
    period: Period
    until: tuple[date, int | None] | None = None


def why(
    shop: str,
    period: Period,
    *,
    compare: Period | None,
    where: Filters = EVERYTHING,
    crowd: Crowd | None = None,
    side: Side | None = None,
    at: datetime | None = None,
) -> Why:
    """Why the money of a period is more or less than that of another; all parts sum to the change.

    compare  the other period; while the period runs, only as much of it counts as the period has had yet
    where    with products or categories in it, goods are asked about and not payments: an order may hold several; goods
             are not kept by campaign
    crowd    people by whom the change is split as well: those among them, those not, and who is not known
    side     only those among them, or only the others; nothing is then said of goods, which nobody's are
    at       the moment of asking, to the minute
    refuses  NoSuchShop, ComparisonMissing; CutRefused for goods of a campaign or of one side
    """
    if compare is None:
        raise ComparisonMissing(shop=shop)
    books = shops.shop(shop)
    moment = (at or clock.now()).replace(second=0, microsecond=0)
    question = Question(
        shop=shop,
        zone=books.zone,
        currency=books.currency,
        metrics=("gmv_paid",),
        period=period,
        where=where,
        compare=compare,
        at=min(moment, clock.span_of(period.end, books.zone)[0]),
    )
    return _kept.get(shop, ("why", question, crowd, side), lambda: _why(question, compare, crowd, side))


def _why(question: Question, compare: Period, crowd: Crowd | None, side: Side | None) -> Why:
    is_of_goods = bool(question.where.sku or question.where.category)
    if is_of_goods and (question.where.campaign or side):
        lacking = "campaign" if question.where.campaign else "segment"
        raise CutRefused(metric="goods_paid", cut=lacking, reason=Lack.ORDERS_WITHOUT_GOODS)
    sides = _sides(question, compare)
    counted = _goods(question, sides) if is_of_goods else _people(question, sides, crowd, side)
    now, then = counted.get((True, "", ""), {}), counted.get((False, "", ""), {})
    limbs = rules.limbs(now, then, question.currency)
    currency = question.currency
    money = (Money.total((x.now for x in limbs), currency), Money.total((x.then for x in limbs), currency))
    splits = [_split(counted, by, money) for by in (_GOODS_CUTS if is_of_goods else _people_cuts(crowd, side))]
    if not is_of_goods and not question.where.campaign and not side:
        goods = _goods(question, _whole_days(question, sides))
        splits += [_split(goods, by, money) for by in (By.CATEGORY, By.SKU)]
    return Why(
        shop=question.shop,
        metric="goods_paid" if is_of_goods else "gmv_paid",
        period=question.period,
        compare=compare,
        where=question.where,
        at=question.at,
        is_complete=question.period.end <= clock.day_of(question.at, question.zone),
        now=money[0],
        then=money[1],
        limbs=limbs,
        splits=tuple(sorted(splits, key=lambda one: list(By).index(one.by))),
    )


def _sides(question: Question, compare: Period) -> tuple[Span, Span]:
    now = Span(is_now=True, period=question.period)
    today = clock.day_of(question.at, question.zone)
    short = day_and_rest(question, today)
    if short is None:
        return now, Span(is_now=False, period=compare)
    day, is_partial = short
    until_us = None
    if is_partial:
        passed = question.at - clock.span_of(today, question.zone)[0]
        until_us = clock.micros(clock.span_of(day, question.zone)[0] + passed)
    return now, Span(is_now=False, period=compare, until=(day, until_us))


def _whole_days(question: Question, sides: tuple[Span, Span]) -> tuple[Span, Span]:
    """The same without the day that is not over, of which the tables of goods know no hour."""
    now, then = sides
    today = clock.day_of(question.at, question.zone)
    if then.until is None or then.until[1] is None:
        return sides
    return Span(is_now=True, period=now.period, until=(today, None)), Span(
        is_now=False, period=then.period, until=(then.until[0], None)
    )


def _people_cuts(crowd: Crowd | None, side: Side | None) -> tuple[By, ...]:
    """By what people are told apart; those of one side of a segment no longer by it."""
    return (*_PEOPLE_CUTS, By.SEGMENT) if crowd and side is None else _PEOPLE_CUTS


def _people(question: Question, sides: tuple[Span, Span], crowd: Crowd | None, side: Side | None) -> Counted:
    """Visitors, buyers, orders and money of the whole and of each cell."""
    among = crowd.sql if crowd else "select 0 as person where false"
    only = "" if side is None else f" and person <> 0 and person {_AMONG[side]} (select person from crowd)"
    visits = "person, channel, campaign, region, device"
    orders = f"{visits}, count_if(kind = 'paid') as orders, sum(amount_minor) as minor"
    came, came_values = _picked(question, sides, "visits", visits, f"person <> 0{only}", moment="first_ts_us")
    ended = f"kind in ('paid', 'balance'){only}"
    paid, paid_values = _picked(question, sides, "orders", orders, ended, moment="ts_us")
    cuts = {"": "''", **{by.value: by.value for by in _people_cuts(crowd, side)}}
    counts = " union all ".join(_COUNTS.format(cut=cut, cell=cell) for cut, cell in cuts.items())
    first_days = metrics.first_days_sql(question.shop)
    sql = _PEOPLE.format(first_days=first_days, crowd=among, visits=came, orders=paid, counts=counts)
    return {(row[0], row[1], row[2]): _chains(row[3:]) for row in lake.ask(sql, [*came_values, *paid_values])}


def _chains(numbers: tuple[int | None, ...]) -> Chains:
    counts = tuple(int(number or 0) for number in numbers)
    branches = {Branch.SEEN: counts[:4], Branch.UNSEEN: counts[4:7], Branch.NOBODY: counts[7:]}
    return {branch: rules.standing(chain) for branch, chain in branches.items()}


def _goods(question: Question, sides: tuple[Span, Span]) -> Counted:
    """Pieces and their money, of the whole and of each cell."""
    columns = "channel, region, device, sku, category, sum(units) as units, sum(amount_minor) as minor"
    sold, values = _picked(question, sides, "sku_days", columns, "kind = 'paid'", moment="")
    cuts = {"": "''", **{by.value: by.value for by in _GOODS_CUTS}}
    counts = " union all ".join(_GOODS_COUNTS.format(cut=cut, cell=cell) for cut, cell in cuts.items())
    rows = lake.ask(_GOODS.format(sold=sold, counts=counts), values)
    return {
        (row[0], row[1], row[2]): {Branch.GOODS: rules.standing((int(row[3] or 0), int(row[4] or 0)))} for row in rows
    }


def _picked(
    question: Question, sides: tuple[Span, Span], table: str, columns: str, condition: str, *, moment: str
) -> tuple[str, list[object]]:
    """Both sides' rows of a daily table, folded by what stands in the columns without an aggregate."""
    where, values = where_sql(question.where)
    parts, params = [], list[object]()
    for side in sides:
        relation = lake.rollup(question.shop, table, (side.period.start, side.period.end))
        parts.append(
            f"select {side.is_now} as is_now, date '{side.period.start}' as start, {columns} from {relation} "
            f"where {condition} and {where} and {_until(side, moment)} group by all"
        )
        params += values
    return " union all ".join(parts), params


def _until(side: Span, moment: str) -> str:
    if side.until is None:
        return "true"
    day, until_us = side.until
    if until_us is None or not moment:
        return f"day < date '{day}'"
    return f"(day < date '{day}' or (day = date '{day}' and {moment} < {until_us:d}))"


def _split(counted: Counted, by: By, money: tuple[Money, Money]) -> Split:
    """A cut of what was counted; what its cells do not hold of the money stands beside them."""
    currency = money[0].currency
    keys = sorted({key for _side, cut, key in counted if cut == by.value})
    wholes = _size(counted.get((True, "", ""), {})), _size(counted.get((False, "", ""), {}))
    cells = [one for key in keys if (one := _cell(counted, by, key, wholes, currency)).now or one.then]
    told = Money.total((x.now for x in cells), currency), Money.total((x.then for x in cells), currency)
    return Split(by=by, cells=rules.ranked(cells), count=len(cells), rest=(money[0] - told[0], money[1] - told[1]))


def _cell(counted: Counted, by: By, key: str, wholes: tuple[int, int], currency: str) -> rules.Cell:
    now, then = counted.get((True, by.value, key), {}), counted.get((False, by.value, key), {})
    return rules.cell(key, now, then, wholes=wholes, currency=currency)


def _size(chains: Mapping[Branch, tuple[int, ...]]) -> int:
    """Visitors, or pieces, of the whole."""
    return next((chains[branch][0] for branch in (Branch.SEEN, Branch.GOODS) if branch in chains), 0)
