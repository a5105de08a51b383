"""Keeping rates."""

from __future__ import annotations

from collections.abc import Sequence

from zhanggui.base.operation.actions import operation
from zhanggui.base.rates import models, queries
from zhanggui.base.rates.errors import RateNotAllowed
from zhanggui.base.rates.rules import Rate


@operation
def set_rates(*, rates: Sequence[Rate]) -> None:
    """Know these rates from their day on; a rate of the same day is replaced. Orders keep the rate they were placed at.

    refuses  RateNotAllowed
    """
    for rate in rates:
        if rate.rate <= 0 or rate.base == rate.quote:
            raise RateNotAllowed(base=rate.base, quote=rate.quote)
    models.Rate.objects.bulk_create(
        [models.Rate(base=rate.base, quote=rate.quote, on=rate.on, rate=rate.rate) for rate in rates],
        update_conflicts=True,
        unique_fields=["base", "quote", "on"],
        update_fields=["rate"],
    )
    queries.rate.forget()
    queries.currencies.forget()
