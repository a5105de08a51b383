"""Keeping tax rates."""

from __future__ import annotations

from collections.abc import Sequence

from zhanggui.base.operation.actions import operation
from zhanggui.guard.tax import models, queries
from zhanggui.guard.tax.errors import RateNotAllowed
from zhanggui.guard.tax.rules import Rate


@operation
def set_rates(*, shop: str, rates: Sequence[Rate]) -> None:
    """Know these rates; one for the same place, kind of goods and day is replaced. Orders keep what they were taxed.

    refuses  RateNotAllowed below 0 or from 1 on, or for a region without a country
    """
    for rate in rates:
        if not 0 <= rate.rate < 1 or (rate.region and not rate.country):
            raise RateNotAllowed(country=rate.country, rate=str(rate.rate))
    models.Rate.objects.bulk_create(
        [
            models.Rate(
                shop=shop,
                country=rate.country,
                region=rate.region,
                tax_class=rate.tax_class,
                rate=rate.rate,
                is_included=rate.is_included,
                from_on=rate.from_on,
            )
            for rate in rates
        ],
        update_conflicts=True,
        unique_fields=["shop", "country", "region", "tax_class", "from_on"],
        update_fields=["rate", "is_included"],
    )
    queries.rates.forget()
