"""Paid membership (付费会员): what was bought runs one after the other, and money back ends its part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from zhanggui.base.money import Money
from zhanggui.growth.membership.errors import PlanNotAllowed

LONGEST_DAYS: Final = 3650


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A service on sale that makes its buyer a member of a tier for some days.

    price  what it costs now; None where it is not known
    """

    sku: str
    tier: str
    days: int
    price: Money | None = None
    is_sold: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One bought stretch of membership, half open; line: position in the order that paid for it."""

    order_number: str
    line: int
    tier: str
    units: int
    days: int
    starts_at: datetime
    ends_at: datetime


def checked(plan: Plan) -> Plan:
    """The plan itself.

    refuses  PlanNotAllowed
    """
    faults = {"sku": not plan.sku, "days": not 0 < plan.days <= LONGEST_DAYS, "tier": not plan.tier}
    if wrong := [field for field, is_wrong in faults.items() if is_wrong]:
        raise PlanNotAllowed(field=wrong[0])
    return plan


def next_start(terms: Sequence[Term], *, at: datetime) -> datetime:
    """When what is bought now begins: at once, or when what was bought before ends."""
    return max([at, *(term.ends_at for term in terms)])


def shortened(terms: Sequence[Term], *, order_number: str, line: int, units: int, at: datetime) -> tuple[Term, ...]:
    """All terms after one of them has fewer units; those behind it move up by what it loses.

    What has passed stays passed: no term ends before it started, and none that runs begins later.

    units   of the term that are still paid for, 0 to its units
    source  two terms of 30 days bought today, the first goes back today -> the second begins today
    """
    lost = timedelta()
    moved = []
    for term in sorted(terms, key=lambda term: (term.starts_at, term.order_number, term.line)):
        if (term.order_number, term.line) == (order_number, line):
            end = max(term.starts_at + timedelta(days=term.days * units), min(at, term.ends_at), term.starts_at)
            end = min(end, term.ends_at)
            lost += term.ends_at - end
            moved.append(replace(term, units=units, ends_at=end))
        else:
            earlier = lost if term.starts_at > at else timedelta()
            moved.append(replace(term, starts_at=term.starts_at - earlier, ends_at=term.ends_at - earlier))
    return tuple(moved)


def floor_of(terms: Sequence[Term], *, at: datetime) -> tuple[str, datetime | None]:
    """The tier that is paid for at a moment, and until when without a gap; empty and None if none is.

    source  gold until May, then gold until July -> gold until July; then silver -> gold until May
    """
    running = [term for term in terms if term.starts_at <= at < term.ends_at]
    if not running:
        return "", None
    tier, end = running[0].tier, running[0].ends_at
    for term in sorted(terms, key=lambda term: term.starts_at):
        if term.tier == tier and term.starts_at <= end < term.ends_at:
            end = term.ends_at
    return tier, end
