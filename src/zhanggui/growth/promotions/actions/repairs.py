"""Setting the books of promotions right when they disagree."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Sum

from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor
from zhanggui.growth.promotions import models, queries
from zhanggui.growth.promotions.errors import NoSuchPromotion, SpentMore
from zhanggui.growth.promotions.rules import Kept
from zhanggui.spine.facts.promotions import BudgetRepaired
from zhanggui.spine.log.actions import record
from zhanggui.spine.log.rules import Trail


@operation
def repair(*, promotion_id: str, trail: Trail, by: Actor) -> bool:
    """Set what a promotion gave of its budget to what the orders that hold took off; False if it was right.

    The uses are believed, the sum is not.

    refuses  NoSuchPromotion; SpentMore if the uses come to more than the budget: end it, or call orders off first
    tells    growth.budget_repaired
    """
    row = models.Promotion.objects.select_for_update().filter(pk=UUID(promotion_id), shop=trail.shop).first()
    if row is None:
        raise NoSuchPromotion(id=promotion_id)
    holding = models.Redemption.objects.filter(promotion=row, state=Kept.HOLDS)
    given = 0 if row.budget_minor is None else holding.aggregate(minor=Sum("amount_minor"))["minor"] or 0
    was = row.given_minor
    if given == was:
        return False
    if row.budget_minor is not None and given > row.budget_minor:
        raise SpentMore(promotion=promotion_id, given_minor=given, budget_minor=row.budget_minor)
    models.Promotion.objects.filter(pk=row.pk).update(given_minor=given)
    fact = BudgetRepaired(promotion_id=promotion_id, given_minor=given, was_given_minor=was, currency=row.currency)
    record(fact, by=by, trail=trail, subject=f"promotion:{promotion_id}")
    queries.forget()
    return True
