"""Refusals of budgets."""

from __future__ import annotations

from zhanggui.base.errors import Refused


class BudgetUnfit(Refused):
    """Something about a budget cannot be so: `field` is total, shares, period, amount or areas."""

    field: str


class BudgetOverlaps(Refused):
    """The shop has a budget for some of these days already."""

    shop: str
    start: str
    end: str


class NoSuchBudget(Refused):
    """The shop has no budget of that id."""

    id: str


class MoveTooLarge(Refused):
    """An area has less left than is to be moved out of it."""

    area: str
    asked_minor: int
    left_minor: int
    currency: str


class BudgetSpent(Refused):
    """An area has less left than is asked for, so nothing may be started that costs it."""

    area: str
    asked_minor: int
    left_minor: int
    currency: str
