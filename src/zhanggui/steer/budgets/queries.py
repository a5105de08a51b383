"""Budgets as they stand, what was booked on them, and what a guard says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from django.db import connection

from zhanggui.base import clock
from zhanggui.base.money import Money
from zhanggui.base.shops import queries as shops
from zhanggui.insight.metrics import queries as metrics
from zhanggui.insight.metrics.rules import Period
from zhanggui.steer.budgets import models, rules
from zhanggui.steer.budgets.errors import NoSuchBudget
from zhanggui.steer.budgets.rules import Area, Budget, Kind, Line, Move, Posting, Reason, Say, Verdict

# By area: what is spent, from the sums of the days; what is promised and open, less what is booked for it since.
# Indexes steer_budgets_day_pkey, steer_budgets_promised, steer_budgets_for.
_USED: Final = """
select area, sum(spent)::bigint, sum(promised)::bigint from (
    select area, amount_minor as spent, 0 as promised from steer_budgets_day
    where shop = %(shop)s and "on" >= %(start)s and "on" < %(end)s
    union all
    select p.area, 0, greatest(0, p.amount_minor - greatest(0, coalesce((
        select sum(b.amount_minor) from steer_budgets_posting b
        where b.shop = p.shop and b.reference = p.reference and b.area = p.area
          and b."on" >= %(start)s and b."on" < %(end)s), 0)))
    from steer_budgets_promise p
    where p.shop = %(shop)s and p.ended_at is null and p."on" >= %(start)s and p."on" < %(end)s
) t group by area
"""

_DISAGREE: Final = """
with added as (
    select shop, "on", area, kind, sum(amount_minor)::bigint as minor from steer_budgets_posting group by 1, 2, 3, 4
)
select coalesce(d.shop, a.shop), coalesce(d."on", a."on")::text || ' ' || coalesce(d.kind, a.kind),
    coalesce(d.amount_minor, 0), coalesce(a.minor, 0)
from steer_budgets_day d full join added a using (shop, "on", area, kind)
where coalesce(d.amount_minor, 0) <> coalesce(a.minor, 0)
union all
select b.shop, b.id::text, b.total_minor, sum(l.planned_minor)::bigint
from steer_budgets_budget b left join steer_budgets_line l on l.budget_id = b.id
group by b.id having b.total_minor <> coalesce(sum(l.planned_minor), 0)
order by 1, 2
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """A sum that its parts do not come to, in minor units: a day's postings, or a budget's lines."""

    shop: str
    what: str
    says: int
    should_say: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Marketing:
    """What marketing cost of the revenue.

    rate     spent over revenue; None without revenue
    is_over  whether that is more than MOST_MARKETING
    """

    spent: Money
    revenue: Money
    rate: Decimal | None
    is_over: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Booked:
    """A posting, with its area."""

    area: Area
    posting: Posting


def budget(shop: str, on: date) -> Budget | None:
    """The budget of a day; None if there is none. Constraint steer_budgets_no_overlap: at most one."""
    row = models.Budget.objects.filter(shop=shop, start__lte=on, end__gt=on).first()
    return _value(row) if row else None


def budgets(shop: str) -> tuple[Budget, ...]:
    """All budgets of a shop, the latest first."""
    return tuple(_value(row) for row in models.Budget.objects.filter(shop=shop).order_by("-start"))


def budget_of(shop: str, id: UUID) -> Budget:
    """A budget.

    refuses  NoSuchBudget
    """
    row = models.Budget.objects.filter(shop=shop, pk=id).first()
    if row is None:
        raise NoSuchBudget(id=str(id))
    return _value(row)


def books(shop: str, period: Period, *, at: datetime | None = None) -> tuple[Line, ...]:
    """What was planned and used by area: of the budget that has the period's first day, in the budget's own days.

    Without a budget nothing is planned, and what was spent in the period itself is told. Three statements.

    at       what is due is counted up to this moment's day; now if not given
    refuses  NoSuchShop
    """
    found = budget(shop, period.start)
    return lines(shop, found, period=found.period if found else period, at=at or clock.now())


def lines(shop: str, found: Budget | None, *, period: Period, at: datetime) -> tuple[Line, ...]:
    """The areas of a budget, or of no budget, in their order. Two statements."""
    own = shops.shop(shop)
    today = clock.day_of(at, own.zone)
    planned = _planned(found)
    used = _used(shop, period)
    none = Money.zero(own.currency)
    return tuple(
        Line(
            area=area,
            planned=Money(planned.get(area, 0), own.currency),
            spent=Money(used.get(area, (0, 0))[0], own.currency),
            promised=Money(used.get(area, (0, 0))[1], own.currency),
            due=rules.due(Money(planned.get(area, 0), own.currency), period, today) if found else none,
        )
        for area in Area
    )


def guard(shop: str, *, area: Area, amount: Money, on: date) -> Verdict:
    """What is to be said of money that somebody wants to spend on a day. Writes nothing, holds nothing: `commit` does.

    STOP beyond the plan, WARN from 80 % of it on; without a budget nothing is stopped. Three statements.
    """
    found = budget(shop, on)
    if found is None:
        none = Money.zero(amount.currency)
        return Verdict(say=Say.OK, reason=Reason.NO_BUDGET, area=area, planned=none, used=none, left=none)
    planned = Money(_planned(found).get(area, 0), found.total.currency)
    spent, promised = _used(shop, found.period).get(area, (0, 0))
    used = Money(spent + promised, found.total.currency)
    return rules.verdict(area=area, planned=planned, used=used, amount=amount)


def marketing(shop: str, period: Period, *, at: datetime) -> Marketing:
    """What marketing cost of the revenue of a period: advertising, creators, discounts, messages, commissions over
    money paid less refunds. One statement, and one question to the metrics.

    source   12.00 booked on 100.00 of net sales is 12 %, the most there should be
    """
    used = _used(shop, period)
    spent = sum(used.get(area, (0, 0))[0] for area in rules.MARKETING)
    figure = metrics.query(shop, ["gmv_net"], period, at=at).whole.of("gmv_net")
    rate = Decimal(spent) / Decimal(figure.numerator) if figure.numerator > 0 else None
    return Marketing(
        spent=Money(spent, figure.currency),
        revenue=Money(figure.numerator, figure.currency),
        rate=rate,
        is_over=rate is not None and rate > rules.MOST_MARKETING,
    )


def by_kind(shop: str, period: Period) -> dict[Kind, int]:
    """What was spent in a period by kind, in minor units. One statement."""
    rows = models.Day.objects.filter(shop=shop, on__gte=period.start, on__lt=period.end)
    found: dict[Kind, int] = {}
    for kind, minor in rows.values_list("kind", "amount_minor"):
        found[Kind(kind)] = found.get(Kind(kind), 0) + minor
    return found


def postings(
    shop: str, period: Period, *, area: Area | None = None, limit: int = 50, offset: int = 0
) -> tuple[tuple[Booked, ...], int]:
    """What was booked in a period, the latest day first, and how many there are. Index steer_budgets_latest."""
    rows = models.Posting.objects.filter(shop=shop, on__gte=period.start, on__lt=period.end)
    rows = rows.filter(area=area) if area else rows
    found = rows.order_by("-on", "-fact")[offset : offset + limit]
    return tuple(Booked(area=Area(row.area), posting=_posting(row)) for row in found), rows.count()


def moves(id: UUID) -> tuple[Move, ...]:
    """What was moved within a budget, the latest first."""
    rows = models.Move.objects.filter(budget=id).select_related("budget").order_by("-id")
    return tuple(
        Move(
            at=row.at,
            by=row.by,
            source=Area(row.source),
            target=Area(row.target),
            amount=Money(row.amount_minor, row.budget.currency),
        )
        for row in rows
    )


def audit() -> tuple[Disagreement, ...]:
    """Add every posting up again, and hold it against the sums of the days and the totals; none if all is right."""
    return tuple(_disagreements())


def used_of(shop: str, area: Area, period: Period) -> int:
    """What is spent and promised of an area in a period, in minor units."""
    spent, promised = _used(shop, period).get(area, (0, 0))
    return spent + promised


def _disagreements() -> Iterator[Disagreement]:
    with connection.cursor() as cursor:
        cursor.execute(_DISAGREE)
        for shop, what, says, should_say in cursor.fetchall():
            yield Disagreement(shop=shop, what=what, says=int(says), should_say=int(should_say or 0))


def _planned(found: Budget | None) -> dict[str, int]:
    if found is None:
        return {}
    return dict(models.Line.objects.filter(budget=found.id).values_list("area", "planned_minor"))


def _used(shop: str, period: Period) -> dict[str, tuple[int, int]]:
    """By area: minor units that were spent, and that are promised."""
    with connection.cursor() as cursor:
        cursor.execute(_USED, {"shop": shop, "start": period.start, "end": period.end})
        return {area: (int(spent), int(promised)) for area, spent, promised in cursor.fetchall()}


def _value(row: models.Budget) -> Budget:
    return Budget(
        id=row.id,
        shop=row.shop,
        period=Period(row.start, row.end),
        total=Money(row.total_minor, row.currency),
    )


def _posting(row: models.Posting) -> Posting:
    return Posting(
        fact=row.fact,
        on=row.on,
        kind=Kind(row.kind),
        amount=Money(row.amount_minor, row.currency),
        channel=row.channel,
        campaign=row.campaign,
        reference=row.reference,
        order_number=row.order_number,
        units=row.units,
    )
