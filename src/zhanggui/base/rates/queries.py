"""Reading rates."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db.models import Q

from zhanggui.base.kept import kept
from zhanggui.base.rates import models
from zhanggui.base.rates.errors import NoRate
from zhanggui.base.rates.rules import Rate


@kept(seconds=30)
def rate(base: str, quote: str, on: date) -> Rate:
    """The newest rate of that day or before; the other direction is turned round. At most one statement.

    Index base_rates_rate_once.

    refuses  NoRate
    """
    if base == quote:
        return Rate(base=base, quote=quote, rate=Decimal(1), on=on)
    either_way = Q(base=base, quote=quote) | Q(base=quote, quote=base)
    row = models.Rate.objects.filter(either_way, on__lte=on).order_by("-on", "pk").first()
    if row is None:
        raise NoRate(base=base, quote=quote, on=on)
    found = Rate(base=row.base, quote=row.quote, rate=row.rate.normalize(), on=row.on)
    return found if row.base == base else found.turned


def known(currency: str, *, limit: int = 60) -> tuple[Rate, ...]:
    """The rates of a currency with any other, the newest first, those to come included. One statement."""
    either = Q(base=currency) | Q(quote=currency)
    rows = models.Rate.objects.filter(either).order_by("-on", "base", "quote")[:limit]
    return tuple(Rate(base=row.base, quote=row.quote, rate=row.rate.normalize(), on=row.on) for row in rows)


@kept(seconds=30)
def currencies(base: str, on: date) -> tuple[str, ...]:
    """The currencies that a shop which keeps its books in `base` can be paid in, its own first. One statement."""
    rows = models.Rate.objects.filter(Q(base=base) | Q(quote=base), on__lte=on).values_list("base", "quote")
    others = {currency for pair in rows for currency in pair} - {base}
    return (base, *sorted(others))
