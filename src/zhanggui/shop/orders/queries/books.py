"""What orders are worth in the books, for whoever adds them up in another place."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from zhanggui.base.money import Money
from zhanggui.shop.orders import models, rules


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """An order in the currency of the books, as its facts tell it.

    total  all that is to be paid
    """

    number: str
    placed_at: datetime
    paid_at: datetime | None
    total: Money
    booked: rules.Booked


def worths(shop: str, *, since: datetime, until: datetime) -> tuple[Worth, ...]:
    """The orders that were placed or paid in a time, by number. One statement, for the night."""
    times = {"gte": since, "lt": until}
    placed, paid = (Q(**{f"{name}__{how}": at for how, at in times.items()}) for name in ("placed_at", "paid_at"))
    return _worths(placed | paid, shop)


def worths_of(shop: str, numbers: Collection[str]) -> tuple[Worth, ...]:
    """The same of these orders, as far as there are any. Primary key."""
    return _worths(Q(pk__in=list(numbers)), shop)


def _worths(which: Q, shop: str) -> tuple[Worth, ...]:
    return tuple(_worth(row) for row in models.Order.objects.filter(which, shop=shop).order_by("number"))


def _worth(row: models.Order) -> Worth:
    booked = rules.Booked(currency=row.book_currency, rate=row.book_rate, rate_on=row.book_rate_on)
    return Worth(
        number=row.number,
        placed_at=row.placed_at,
        paid_at=row.paid_at,
        total=rules.in_books(Money(row.total_minor, row.currency), booked),
        booked=booked,
    )
