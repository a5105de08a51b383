"""What went back to shoppers, for whoever adds it up in another place."""

from __future__ import annotations

from datetime import datetime

from zhanggui.base.money import Money
from zhanggui.shop.payments import models
from zhanggui.shop.payments.rules import RefundState


def given_back(shop: str, *, since: datetime, until: datetime) -> tuple[tuple[str, Money], ...]:
    """Order and amount of every refund that ended in a time, in the currency of the order; money that no order took is
    left out. One statement, for the night.
    """
    rows = models.Refund.objects.filter(
        shop=shop, state=RefundState.DONE, is_stray=False, ended_at__gte=since, ended_at__lt=until
    ).order_by("order_number", "id")
    return tuple(
        (number, Money(minor, currency))
        for number, minor, currency in rows.values_list("order_number", "amount_minor", "currency")
    )
