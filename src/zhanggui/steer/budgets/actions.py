"""Setting a budget up, moving its money, promising some of it, and booking what was spent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from zhanggui.base import clock, ids
from zhanggui.base.money import CurrencyMismatch, Money
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor
from zhanggui.base.shops import queries as shops
from zhanggui.insight.metrics.rules import Period
from zhanggui.spine.facts.budgets import BudgetMoved, BudgetSet
from zhanggui.spine.log.actions import record
from zhanggui.spine.log.rules import Trail
from zhanggui.steer.budgets import models, queries, rules
from zhanggui.steer.budgets.errors import BudgetOverlaps, BudgetSpent, BudgetUnfit, MoveTooLarge, NoSuchBudget
from zhanggui.steer.budgets.rules import AREA_OF, LONGEST_PERIOD_DAYS, LONGEST_REFERENCE, USUAL, Area, Posting, Undone

_COLUMNS: Final = (
    'fact, shop, "on", area, kind, amount_minor, currency, channel, campaign, reference, order_number, units'
)

# Constraint steer_budgets_posting_pkey: a fact is booked once, and the days grow by what was booked now alone.
_ADDED: Final = """
insert into steer_budgets_day (shop, "on", area, kind, amount_minor)
select shop, "on", area, kind, sum(amount_minor) from booked group by 1, 2, 3, 4 order by 1, 2, 3, 4
on conflict (shop, "on", area, kind) do update
set amount_minor = steer_budgets_day.amount_minor + excluded.amount_minor
"""
_BOOK: Final = f"""
with booked as (
    insert into steer_budgets_posting ({_COLUMNS})
    select f.fact, %s, f.on_day, f.area, f.kind, f.minor, f.currency, f.channel, f.campaign, f.reference, f.number,
        f.units
    from unnest(%s::uuid[], %s::date[], %s::text[], %s::text[], %s::bigint[], %s::text[], %s::text[], %s::text[],
        %s::text[], %s::text[], %s::int[])
        f(fact, on_day, area, kind, minor, currency, channel, campaign, reference, number, units)
    order by f.fact on conflict (fact) do nothing
    returning shop, "on", area, kind, amount_minor
)
{_ADDED}
"""
# What was booked for the same order and promotion, the other way round. Index steer_budgets_order.
_BOOK_BACK: Final = f"""
with booked as (
    insert into steer_budgets_posting ({_COLUMNS})
    select f.fact, p.shop, f.on_day, p.area, p.kind, -p.amount_minor, p.currency, p.channel, p.campaign, p.reference,
        p.order_number, p.units
    from unnest(%s::uuid[], %s::date[], %s::text[], %s::text[]) f(fact, on_day, number, reference)
    join steer_budgets_posting p on p.order_number = f.number and p.reference = f.reference
    where p.shop = %s and p.order_number <> '' and p.amount_minor > 0
    order by f.fact on conflict (fact) do nothing
    returning shop, "on", area, kind, amount_minor
)
{_ADDED}
"""
# The same of savings, which are booked with their pieces: of one order or of all under a reference, whole or in part.
# Index steer_budgets_for.
_BOOK_PART: Final = f"""
with booked as (
    insert into steer_budgets_posting ({_COLUMNS})
    select f.fact, p.shop, f.on_day, p.area, p.kind,
        -sum(case when f.units is null then p.amount_minor else p.amount_minor * least(f.units, p.units) / p.units end),
        p.currency, '', '', f.reference, f.number, null
    from unnest(%s::uuid[], %s::date[], %s::text[], %s::text[], %s::int[]) f(fact, on_day, number, reference, units)
    join steer_budgets_posting p on p.reference = f.reference and (f.number = '' or p.order_number = f.number)
    where p.shop = %s and p.reference <> '' and p.amount_minor > 0 and p.units > 0
    group by f.fact, p.shop, f.on_day, p.area, p.kind, p.currency, f.reference, f.number
    order by f.fact on conflict (fact) do nothing
    returning shop, "on", area, kind, amount_minor
)
{_ADDED}
"""


@operation
def set_budget(
    *, shop: str, period: Period, total: Money, shares: Mapping[Area, int] = USUAL, trail: Trail, by: Actor
) -> UUID:
    """Say what may be spent in a period, and of it in each area; the budget's id.

    What was booked in these days before counts in it.

    shares   weights of the areas; 40, 25, 15 and 20 if not given
    tells    steer.budget_set
    refuses  BudgetUnfit, BudgetOverlaps; CurrencyMismatch if it is not the money of the shop's books
    """
    planned = rules.planned(total, shares)
    if period.days > LONGEST_PERIOD_DAYS:
        raise BudgetUnfit(field="period")
    own = shops.shop(shop)
    if total.currency != own.currency:
        raise CurrencyMismatch(left=total.currency, right=own.currency)
    id = ids.uuid7()
    row = models.Budget(
        id=id,
        shop=shop,
        start=period.start,
        end=period.end,
        total_minor=total.minor,
        currency=total.currency,
        set_at=clock.now(),
        set_by=str(by),
        told=record(_set(id, period, total, planned), by=by, trail=trail, subject=f"budget:{id}"),
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as taken:
        raise BudgetOverlaps(shop=shop, start=str(period.start), end=str(period.end)) from taken
    models.Line.objects.bulk_create(
        [models.Line(budget=row, area=area, planned_minor=money.minor) for area, money in planned.items()]
    )
    return id


def _set(id: UUID, period: Period, total: Money, planned: Mapping[Area, Money]) -> BudgetSet:
    return BudgetSet(
        budget_id=str(id),
        start=period.start.isoformat(),
        end=period.end.isoformat(),
        **{f"{area}_minor": money.minor for area, money in planned.items()},
        amount_minor=total.minor,
        currency=total.currency,
    )


@operation
def move(*, shop: str, id: UUID, source: Area, target: Area, amount: Money, trail: Trail, by: Actor) -> None:
    """Move planned money from one area of a budget to another; what it comes to stays the same.

    tells    steer.budget_moved
    refuses  NoSuchBudget, MoveTooLarge if less than that is left; BudgetUnfit for nothing, or to the same area
    """
    if amount.minor <= 0 or source is target:
        raise BudgetUnfit(field="amount" if amount.minor <= 0 else "areas")
    rows = _held(id, shop)
    budget = queries.budget_of(shop, id)
    if amount.currency != budget.total.currency:
        raise CurrencyMismatch(left=amount.currency, right=budget.total.currency)
    left = rows[source].planned_minor - max(0, queries.used_of(shop, source, budget.period))
    if amount.minor > left:
        raise MoveTooLarge(area=source, asked_minor=amount.minor, left_minor=max(0, left), currency=amount.currency)
    for area, more in ((source, -amount.minor), (target, amount.minor)):
        models.Line.objects.filter(pk=rows[area].pk).update(planned_minor=rows[area].planned_minor + more)
    models.Move.objects.create(
        id=ids.uuid7(),
        budget_id=id,
        source=source,
        target=target,
        amount_minor=amount.minor,
        at=clock.now(),
        by=str(by),
    )
    fact = BudgetMoved(
        budget_id=str(id), source=source, target=target, amount_minor=amount.minor, currency=amount.currency
    )
    record(fact, by=by, trail=trail, subject=f"budget:{id}")


@operation
def commit(*, shop: str, area: Area, amount: Money, reference: str, on: date, trail: Trail, by: Actor) -> None:
    """Promise money of an area to something that will cost it, such as a play's messages and coupons.

    What facts book under the same reference (a campaign, a promotion's id) in the same area is taken off the promise,
    so it is not counted twice. A second promise under one reference takes the place of the first. Without a budget for
    the day nothing is refused. Of two at once the second sees the first.

    refuses  BudgetSpent if less than that is left; nothing is written then. BudgetUnfit for nothing, or no reference
    """
    if amount.minor <= 0 or not reference or len(reference) > LONGEST_REFERENCE:
        raise BudgetUnfit(field="amount" if amount.minor <= 0 else "reference")
    budget = queries.budget(shop, on)
    if budget is not None:
        _held(budget.id, shop, area)
    given = {
        "on": on,
        "amount_minor": amount.minor,
        "currency": amount.currency,
        "at": clock.now(),
        "by": str(by),
        "cause": trail.cause,
        "ended_at": None,
    }
    places = {"shop": shop, "area": area, "reference": reference}
    models.Promise.objects.update_or_create(**places, defaults=given, create_defaults={"id": ids.uuid7(), **given})
    if budget is None:
        return
    said = queries.guard(shop, area=area, amount=Money.zero(amount.currency), on=on)
    if said.used > said.planned:
        left = max(0, said.left.minor + amount.minor)
        raise BudgetSpent(area=area, asked_minor=amount.minor, left_minor=left, currency=amount.currency)


@operation
def release(*, shop: str, reference: str) -> int:
    """Let a promise go: what it did not spend is free again; how many there were, in all areas."""
    rows = models.Promise.objects.filter(shop=shop, reference=reference, ended_at=None)
    return rows.update(ended_at=clock.now())


@operation
def book(*, shop: str, postings: Sequence[Posting]) -> None:
    """Book what facts say was spent; a fact that is booked already changes nothing. One statement."""
    if not postings:
        return
    columns = (
        [one.fact for one in postings],
        [one.on for one in postings],
        [str(AREA_OF[one.kind]) for one in postings],
        [str(one.kind) for one in postings],
        [one.amount.minor for one in postings],
        [one.amount.currency for one in postings],
        [one.channel for one in postings],
        [one.campaign for one in postings],
        [one.reference for one in postings],
        [one.order_number for one in postings],
        [one.units for one in postings],
    )
    with connection.cursor() as cursor:
        cursor.execute(_BOOK, [shop, *columns])


@operation
def book_back(*, shop: str, undone: Sequence[Undone]) -> None:
    """Book discounts back that were not given after all; what others paid for was never booked. One statement."""
    if not undone:
        return
    columns = (
        [one.fact for one in undone],
        [one.on for one in undone],
        [one.order_number for one in undone],
        [one.reference for one in undone],
    )
    with connection.cursor() as cursor:
        cursor.execute(_BOOK_BACK, [*columns, shop])


@operation
def book_part_back(*, shop: str, undone: Sequence[Undone]) -> None:
    """Book back what pieces were saved that nobody has after all; what was never booked is not. One statement."""
    if not undone:
        return
    columns = (
        [one.fact for one in undone],
        [one.on for one in undone],
        [one.order_number for one in undone],
        [one.reference for one in undone],
        [one.units for one in undone],
    )
    with connection.cursor() as cursor:
        cursor.execute(_BOOK_PART, [*columns, shop])


def _held(id: UUID, shop: str, area: Area | None = None) -> dict[Area, models.Line]:
    """The lines of a budget, or one of them, held until the transaction ends, in one order.

    refuses  NoSuchBudget
    """
    rows = models.Line.objects.select_for_update(of=("self",)).filter(budget=id, budget__shop=shop)
    rows = rows.filter(area=area) if area else rows
    found = {Area(row.area): row for row in rows.order_by("id")}
    if not found:
        raise NoSuchBudget(id=str(id))
    return found
