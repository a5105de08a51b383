"""What budgets tell."""

from __future__ import annotations

from zhanggui.spine.facts.registry import fact


@fact(name="steer.budget_set")
class BudgetSet:
    """A period has a budget, split by area. Told when it is set up, not when money moves between its areas.

    start, end     first day of the period, and the day after its last
    amount_minor   the whole; the areas sum to it
    """

    budget_id: str
    start: str
    end: str
    traffic_minor: int
    content_minor: int
    members_minor: int
    supply_minor: int
    amount_minor: int
    currency: str


@fact(name="steer.budget_moved")
class BudgetMoved:
    """Planned money went from one area of a budget to another; what the budget comes to is the same. Above zero."""

    budget_id: str
    source: str
    target: str
    amount_minor: int
    currency: str
