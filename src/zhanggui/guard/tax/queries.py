"""Reading tax rates."""

from __future__ import annotations

from zhanggui.base.kept import kept
from zhanggui.guard.tax import models
from zhanggui.guard.tax.rules import Rate


@kept(seconds=30)
def rates(shop: str) -> tuple[Rate, ...]:
    """All rates of a shop, past and to come; `rules.rate_for` picks one. At most one statement.

    Kept for half a minute: a rate is known before its day. Index guard_tax_rate_once.
    """
    rows = models.Rate.objects.filter(shop=shop).order_by("country", "region", "tax_class", "from_on")
    return tuple(
        Rate(
            country=row.country,
            region=row.region,
            tax_class=row.tax_class,
            rate=row.rate.normalize(),
            is_included=row.is_included,
            from_on=row.from_on,
        )
        for row in rows
    )
